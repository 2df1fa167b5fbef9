# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known of the use and the money of one place, as frozen records of the standard library: what a page view can afford."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RoomHours:
    """Hours per week of one room in one daypart; a row of the table `room_hours`. `used` is None where nobody says."""

    place_id: str
    room: str
    slot: str
    available: float
    used: float | None = None
    basis: str = "grid"


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking of one room, from `start` to `end` in local time, without a zone."""

    room: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Money:
    """Euro of one category in one calendar year; a row of the table `money`."""

    place_id: str
    year: int
    category: str
    amount: float


@dataclass(frozen=True, slots=True)
class Board:
    """Who runs a place. `ages`: the age group (of the vocabulary) of most members. `successors`: somebody is in sight to follow them up."""

    seats: int | None = None
    vacant: int | None = None
    ages: str | None = None
    successors: bool | None = None
    volunteer_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """The building: floor area, condition (NEN 2767, 1 to 6), and what must be paid for it, in euro; None is not known, 0 is nothing."""

    m2: float | None = None
    condition: int | None = None
    postponed_eur: float | None = None
    investment_eur: float | None = None
    investment_year: int | None = None
    covered_eur: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; a bound is None where there is none. A number that was written down has no width."""

    value: float
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if (self.low is not None and not self.low <= self.value) or (self.high is not None and not self.value <= self.high):
            raise ValueError(f"{self.value} does not lie from {self.low} to {self.high}")


def exactly(value: float) -> Estimate:
    """A number that was written down, without width."""
    return Estimate(value, value, value)


@dataclass(frozen=True, slots=True)
class VisitMonth:
    """Visits in one month, as a series has them; None where the source has none."""

    year: int
    month: int
    visits: float | None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Everything that the room asks of one place; whatever is None or empty is not known and is told so.

    `visits` per week; `group_visits` per age group and week, as they may be shown; `regular_share` of the visitors (0 to 1); `weeks_open`
    per year; `dwell_hours` per visit; `subsidy_until` the last day of the subsidy promised; `checked` when the figures were last checked.
    Years that are not over by `today` are not judged.
    `sources`: part of the facts (rooms, money, board, building, visits, groups, series, cards) -> what the web links to.
    """

    place_id: str
    archetype: str
    today: date
    rooms: tuple[RoomHours, ...] = ()
    money: tuple[Money, ...] = ()
    board: Board = field(default_factory=Board)
    building: Building = field(default_factory=Building)
    visits: Estimate | None = None
    group_visits: Mapping[str, float | None] = field(default_factory=dict)
    regular_share: float | None = None
    months: tuple[VisitMonth, ...] = ()
    weeks_open: float | None = None
    dwell_hours: float | None = None
    subsidy_until: date | None = None
    checked: date | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
