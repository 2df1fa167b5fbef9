# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages show of who meets whom: numbers of a model with their bands and badges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# Below this probability nothing is called higher than something else.
SURE = 0.8


class Badge(StrEnum):
    """What a number rests on."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What is taken of something that nobody measured, between what it may lie, and why."""

    name: str
    value: float
    low: float
    high: float
    tag: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Released counts and cards that a reckoning was made with: of how many places and weeks, how many cards of how many places, and in
    which period (None: not known)."""

    counted: int
    weeks: int
    cards: int
    carded: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a limit of time left out: the curves of so many wijken, and the chances of closing a place."""

    wijken: int = 0
    closings: bool = False

    def __bool__(self) -> bool:
        return self.wijken > 0 or self.closings


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """When and how it was reckoned.

    Recognising is having met `times` times in `weeks` weeks. `stale`: places changed since; `busy`: a newer one is being made; `error`: why
    it could not be. `assumed`: the number of residents is. `badge`: what a level of recognition or encounters rests on; `used`: the counts
    and cards that were used. `towns`: how many towns that may be were tried, by what for. `left_out`: what there was no time for.
    """

    made_at: datetime
    day: date | None
    engine_version: str
    seed: int
    draws: int
    times: int
    weeks: int
    badge: Badge
    assumed: bool
    towns: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, date | None], ...]
    used: Used | None
    assumptions: tuple[Assumption, ...]
    stale: bool
    busy: bool
    error: str
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Band:
    """A number of the model; of the towns that may be, 90 % lie between `low` and `high` (None: not reckoned)."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any], name: str) -> Band:
        """A number of a row with its bounds; a file that was made before there were any has none."""
        return cls(row[name], row.get(f"{name}_low"), row.get(f"{name}_high"))


NO_BAND = Band(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMeeting:
    """What the model gives for the residents of an area. `above`: the chance that they recognise more than those of the whole study;
    `edge`: fewer than half of its residents are in the study."""

    code: str
    level: str
    group: str
    people: int | None
    visits: float | None
    encounters: float | None
    familiar: Band
    across: Band
    covered: float | str | None
    covered_across: float | str | None
    above: float | None
    visits_between: Band = NO_BAND
    encounters_between: Band = NO_BAND
    covered_between: Band = NO_BAND
    covered_across_between: Band = NO_BAND
    edge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMeeting:
    """What the model gives for a place: visits and encounters per week (None: fewer than ten), its part of all recognition, and of that the
    part between groups."""

    place_id: str
    function: str
    visits: Band
    encounters: float | None
    share: float | None
    across_share: float | None
    badge: Badge
    share_between: Band = NO_BAND
    across_share_between: Band = NO_BAND

    @property
    def part_badge(self) -> Badge:
        """What its part of all recognition rests on: that is reckoned, also where its visits were counted."""
        return Badge.ASSUMED if self.badge == Badge.ASSUMED else Badge.ESTIMATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """By how much recognition per resident would change if a place closed and everybody chose again, or with another programme.

    And how one-sided its visitors are, beside what chance gives (None: too few come of a group to tell). Of meeting another group nothing
    is told (None) where groups are not told apart. `falls`: in which part of `draws` towns that may be recognition falls, with the middle
    90 % of each change (None: no towns were reckoned).
    """

    attributed: float
    closed_elastic: float
    closed_fixed: float
    across_elastic: float | None
    across_fixed: float | None
    encounters_elastic: float
    encounters_fixed: float
    potential: float
    potential_across: float | None
    change: str
    segregation: float | None
    null_low: float | None
    null_high: float | None
    draws: int | None
    falls_elastic: float | None
    falls_fixed: float | None
    closed_elastic_low: float | None
    closed_elastic_high: float | None
    closed_fixed_low: float | None
    closed_fixed_high: float | None
    across_elastic_low: float | None
    across_elastic_high: float | None
    across_fixed_low: float | None
    across_fixed_high: float | None
    encounters_elastic_low: float | None
    encounters_elastic_high: float | None
    encounters_fixed_low: float | None
    encounters_fixed_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One group with another: encounters per week and familiar faces, of all of the group together; `ratio` is 1 in proportion to sizes."""

    group: str
    other: str
    encounters: float | None
    familiar: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMeeting:
    """A daypart of a place: visits and encounters per week (None: fewer than ten)."""

    slot: str
    visits: float | None
    encounters: float | None
    hours_known: bool
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What something is with so many places open."""

    open: int
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """Between which numbers of places the model makes no difference (None: nothing can be told), and with how few most can be had."""

    now: int
    first: int | None
    last: int | None
    enough: int
    share: float
    sure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Recognition with so many places beside that with all of now: by which part it is more (the median of the towns), and the chance that
    it is more."""

    open: int
    more: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A place of the curve: whether it stays open with the number that was chosen, and the smallest number with which it does."""

    place_id: str
    open: bool
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How a measure changes with the number of places, under one demand."""

    demand: str
    measure: str
    spots: tuple[Spot, ...]
    plateau: Plateau | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One point of the grid: what a municipality can influence, and the conventions."""

    times: int
    weeks: int
    notices: float
    frequency: float
    foyer: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The values of one setting that were reckoned, lowest first, and the one that is taken as long as nobody chooses."""

    name: str
    values: tuple[float, ...]
    taken: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A measurement that would make the answer surer, and how sure it is expected to be then."""

    what: str
    sure: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether more places give fewer encounters here."""

    verdict: str
    chance: float
    elasticity: Band
    threshold: Band
    counted: int
    settle: tuple[Settling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What the answer becomes with an assumption at its lowest and highest: recognition with all places, and `kept`, the part of it that is
    left with `places` of them. `taken`, `as_taken` and `kept`: as it is taken; `convention`: somebody has to choose it."""

    assumption: str
    convention: bool
    low: float
    high: float
    taken: float
    as_taken: float
    at_low: float
    at_high: float
    places: int
    kept: float
    kept_low: float
    kept_high: float
    best_low: int
    best_high: int
    badge: Badge

    @property
    def swing(self) -> float:
        """How much it moves the answer."""
        return abs(self.at_high - self.at_low)
