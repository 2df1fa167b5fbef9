# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of use and money read and write, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours per week of a room in one daypart; `used` is None where nobody says."""

    available: float
    used: float | None = None
    basis: str = "grid"
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class RoomValues:
    """What somebody writes down of a room."""

    name: str
    m2: float | None = None
    capacity: int | None = None
    equipment: str = ""
    accessible: str = "unknown"


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room with its week: {daypart: hours}."""

    id: int
    name: str
    m2: float | None
    capacity: int | None
    equipment: str
    accessible: str
    version: int
    hours: Mapping[str, Hours]
    bookings: int = 0

    @property
    def as_of(self) -> date | None:
        """When its week was last filled in."""
        return max((hours.as_of for hours in self.hours.values() if hours.as_of), default=None)


@dataclass(frozen=True, slots=True)
class BookingsRow:
    """The bookings of a room together: how many, from which day to which, how many hours."""

    room: str
    number: int
    first: date | None
    last: date | None
    hours: float


@dataclass(frozen=True, slots=True)
class YearRow:
    """The money of a year: {category: euro}; a category that is absent was not filled in."""

    year: int
    lines: Mapping[str, Decimal]
    version: int
    released_at: datetime | None
    changed: datetime | None = None

    @property
    def released(self) -> bool:
        return self.released_at is not None


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """Weeks open per year, hours per visit, and until when subsidy is promised."""

    weeks_open: float | None = None
    dwell_hours: float | None = None
    subsidy_until: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """Board and volunteers as they were last written down."""

    date: date | None = None
    seats: int | None = None
    vacancies: int | None = None
    ages: str = ""
    succession: str = "unknown"
    year: int | None = None
    hours_per_week: float | None = None
    number: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """The building of a place."""

    m2: float | None = None
    condition: int | None = None
    inspected: date | None = None
    postponed: Decimal | None = None
    investment: Decimal | None = None
    investment_year: int | None = None
    covered: Decimal | None = None
    owner: str = ""
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """All that was written down of the use and the money of one place."""

    place_id: str
    rooms: tuple[RoomRow, ...] = ()
    years: tuple[YearRow, ...] = ()
    practice: PracticeRow = field(default_factory=PracticeRow)
    people: PeopleRow = field(default_factory=PeopleRow)
    building: BuildingRow = field(default_factory=BuildingRow)

    @property
    def empty(self) -> bool:
        """Nobody wrote down anything."""
        return not (self.rooms or self.years or self.practice.version or self.people.version or self.building.version)


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """The comparison of a study: when it was made, and per place and figure the distribution of the others."""

    year: int
    made: datetime
    places: Mapping[str, Mapping[str, Mapping[str, Any]]]
