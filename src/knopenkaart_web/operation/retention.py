# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what was written down of use and money stays, and why; forgetting.forget_old carries it out."""

from __future__ import annotations

from knopenkaart_web.places.keeping import Keep

RETENTION: tuple[Keep, ...] = (
    Keep(field="operation_booking", months=36, why="Occupancy is compared with the years before; the hours per daypart stay."),
    Keep(field="operation_moneyyear", months=120, why="Ten years of accounts show where costs go; the lines of a year go with it."),
    Keep(field="operation_board", months=60, why="Vacancies are told as they changed; the last one that was written down stays."),
    Keep(field="operation_volunteers", months=60, why="As long as the boards beside them."),
    Keep(field="operation_comparison", months=36, why="A comparison is of use until the next ones."),
)
