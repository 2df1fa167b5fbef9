# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be in rooms, hours, money, boards and buildings: every fault of a form at once, each with its column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.operation.models import ANSWERS, CONDITIONS, FIRST_YEAR, NAME_LENGTH, NOTE_LENGTH, OWNERS, VOLUNTEERS, today
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PeopleRow, PracticeRow, RoomValues
from knopenkaart_web.places import words

MOST_M2 = 100_000.0
MOST_PEOPLE = 100_000
MOST_SEATS = 100
MOST_EURO = Decimal("999999999.99")
MOST_HOURS_PER_WEEK = 5_000.0
# A plan for a building looks no further ahead.
MOST_YEARS_AHEAD = 50
MOST_ROOMS = 60


def refuse(faults: Iterable[Fault]) -> None:
    """Raise InputError with all of the faults, where there are any."""
    found = list(faults)
    if found:
        raise InputError("Some of this cannot be.", code="use.invalid", remedy="Correct what is named.", faults=found)


def room(values: RoomValues) -> Iterator[Fault]:
    """What cannot be in a room."""
    if not values.name.strip():
        yield Fault("room.name", "a room has a name", column="name")
    yield from _long("name", values.name, NAME_LENGTH)
    yield from _long("equipment", values.equipment, NOTE_LENGTH)
    yield from _range("m2", values.m2, 1, MOST_M2)
    yield from _range("capacity", values.capacity, 0, MOST_PEOPLE)
    yield from _choice("accessible", values.accessible, ANSWERS)


def hours(week: Mapping[str, Hours]) -> Iterator[Fault]:
    """What cannot be in the week of a room: an unknown daypart, more hours than it has, used hours below zero or above the daypart."""
    slots = {slot.id: slot for slot in words.vocabulary().week()}
    for name, item in week.items():
        if name not in slots:
            yield Fault("use.slot_unknown", "no such daypart", column=name)
            continue
        most = slot_hours(name)
        if not 0 <= item.available <= most:
            yield Fault("use.hours_available", f"a daypart of {most:g} hours", column=f"available_{name}")
        if item.used is not None and not 0 <= item.used <= most:
            yield Fault("use.hours_used_most", f"a daypart of {most:g} hours", column=f"used_{name}")


def slot_hours(slot_id: str) -> float:
    """How many hours a daypart has."""
    slot = next(slot for slot in words.vocabulary().week() if slot.id == slot_id)
    return (_minutes(slot.end) - _minutes(slot.start)) / 60


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)


def money(year: int, amounts: Mapping[str, Decimal | None]) -> Iterator[Fault]:
    """What cannot be in the money of a year."""
    if not FIRST_YEAR <= year <= today().year + 1:
        yield Fault("money.year", f"a year from {FIRST_YEAR} to the next", column="year")
    known = words.vocabulary().money
    for name, amount in amounts.items():
        if name not in known:
            yield Fault("money.category", "no such category", column=name)
        elif amount is not None and not (amount.is_finite() and 0 <= amount <= MOST_EURO):
            yield Fault("money.amount", "zero or more", column=name)


def practice(row: PracticeRow) -> Iterator[Fault]:
    """What cannot be in how a place works."""
    yield from _range("weeks_open", row.weeks_open, 1, 53)
    yield from _range("dwell_hours", row.dwell_hours, 0.1, 24)


def people(row: PeopleRow) -> Iterator[Fault]:
    """What cannot be in board and volunteers."""
    if row.date is None or not date(FIRST_YEAR, 1, 1) <= row.date <= today():
        yield Fault("use.day", "a day that has been", column="date")
    yield from _range("seats", row.seats, 0, MOST_SEATS)
    yield from _range("vacancies", row.vacancies, 0, MOST_SEATS)
    if row.seats is not None and row.vacancies is not None and row.vacancies > row.seats:
        yield Fault("board.vacancies", f"at most {row.seats}", column="vacancies")
    yield from _choice("succession", row.succession, ANSWERS)
    yield from _choice("ages", row.ages, ("", *words.vocabulary().groups))
    yield from _choice("number", row.number, ("", *VOLUNTEERS))
    yield from _range("hours_per_week", row.hours_per_week, 0, MOST_HOURS_PER_WEEK)
    if row.year is not None:
        yield from _range("year", row.year, FIRST_YEAR, today().year)


def building(row: BuildingRow) -> Iterator[Fault]:
    """What cannot be in a building."""
    yield from _range("m2", row.m2, 1, MOST_M2)
    yield from _range("condition", row.condition, *CONDITIONS)
    if row.inspected is not None and not date(FIRST_YEAR, 1, 1) <= row.inspected <= today():
        yield Fault("use.day", "a day that has been", column="inspected")
    for name in ("postponed", "investment", "covered"):
        yield from _range(name, getattr(row, name), 0, float(MOST_EURO))
    yield from _range("investment_year", row.investment_year, FIRST_YEAR, today().year + MOST_YEARS_AHEAD)
    yield from _choice("owner", row.owner, ("", *OWNERS))
    yield from _long("note", row.note, NOTE_LENGTH)


def _range(column: str, value: float | Decimal | None, least: float, most: float) -> Iterator[Fault]:
    if value is not None and not (math.isfinite(value) and least <= value <= most):
        yield Fault("use.range", f"from {least:g} to {most:g}", column=column)


def _long(column: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault("values.long", f"at most {most} characters", column=column)


def _choice(column: str, value: str, known: tuple[str, ...]) -> Iterator[Fault]:
    if value not in known:
        yield Fault("values.choice", "not one of the options", column=column)
