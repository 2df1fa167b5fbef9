# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of use and money: rooms and their hours, costs and income, board and building."""

from __future__ import annotations

from knopenkaart.tables.core import table

ROOM_HOURS = table(
    "room_hours",
    ("room", "slot"),
    place_id=("text", True, "place"),
    room=("text", True, "room"),
    slot=("text", True, "daypart"),
    available=("float", True, "hours per week in which it can be used"),
    used=("float", False, "hours per week in which it is used; empty where nobody says"),
    basis=("text", True, "bookings or grid (a rough week, filled in by the operator)"),
)

MONEY = table(
    "money",
    ("place_id", "year", "category"),
    place_id=("text", True, "place"),
    year=("int", True, "calendar year"),
    category=("text", True, "cost or income of the vocabulary"),
    amount=("float", True, "euro in that year, zero or more"),
)
