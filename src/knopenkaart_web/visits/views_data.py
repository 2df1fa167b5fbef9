# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the visits app tells others: plain records, without a way back to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count of one group in one session: the columns of the engine's table of counts."""

    place_id: str
    session: str
    date: date
    slot: str
    group: str
    people: int
    exposure: float
    how: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """The visits of one period: the columns of the engine's table of series."""

    place_id: str
    start: date
    grain: str
    visits: float | None


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """How many people a session saw in one posture, activity, size of company and age group."""

    session: str
    date: date
    slot: str
    door: str
    posture: str
    activity: str
    group_size: str
    age_group: str
    number: int
    started: datetime | None
    ended: datetime | None
    weather: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round of counting with what was planned; `planned`: how often each daypart is to be counted."""

    id: str
    slug: str
    place_id: str
    name: str
    starts: date
    ends: date
    slots: tuple[str, ...]
    schedule: tuple[tuple[date, str], ...]
    planned: Mapping[str, int]
    dimension: str
    groups: tuple[str, ...]
    how: str
    doors: tuple[str, ...]
    margin: float | None
    expected: int | None
    state: str
    released: bool


@dataclass(frozen=True, slots=True)
class SlotProgress:
    """How often a daypart was counted of how often it should be."""

    slot: str
    counted: int
    planned: int

    @property
    def done(self) -> bool:
        """Whether it was counted as often as planned."""
        return self.counted >= self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session without what was counted: when, where, by which way, and whether it counts."""

    id: str
    date: date
    slot: str
    door: str
    started: datetime | None
    ended: datetime | None
    seen: datetime | None
    weather: str
    remark: str
    source: str
    mode: str
    state: str
    left_out: bool
    link: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link without its secret."""

    id: str
    purpose: str
    name: str
    expires: date
    made: datetime
    usable: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a link opens: the round, the place, and by which link."""

    link: str
    purpose: str
    round: RoundView
    place: str
    study: str
