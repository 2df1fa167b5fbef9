# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages show of reach. People are as they may be shown: None means fewer than ten, 0 that nobody lives there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

People = int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """When and how reach was reckoned. `stale`: places changed since; `busy`: a newer one is being made; `failed`: it could not be."""

    made_at: datetime
    day: date
    minutes: tuple[int, ...]
    near_min: int
    walk_kmh: float
    cycle_kmh: float
    sources: tuple[str, ...]
    basis: tuple[str, ...]
    stale: bool
    busy: bool
    failed: bool

    @property
    def longest(self) -> int:
        """The most minutes that were looked at."""
        return self.minutes[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a form: an id, its label, and whether it is chosen."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """People in reach of a place within so many minutes, with a 95 % margin, and the dwellings that it rests on."""

    minutes: int
    people: People
    low: People
    high: People
    homes: People
    complete: bool
    border: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBands:
    """People of one group in reach of a place, per number of minutes."""

    group: str
    label: str
    dimension: str
    people: tuple[People, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalRow:
    """One function of a place: how many others people near it have near as well, and its people when they are divided over all of them."""

    function: str
    label: str
    rivals: int
    people: People
    people_divided: People


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRow:
    """A place that serves mostly the same people: which share of this place's people, and of that place's."""

    place_id: str
    label: str
    shared: People
    share_here: float | None
    share_there: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReach:
    """All that is known of the reach of one place."""

    about: About
    assumed: bool
    complete: bool
    border: bool
    walk: list[BandRow]
    cycle: list[BandRow]
    groups: list[GroupBands]
    rivals: list[RivalRow]
    shared: list[SharedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatRow:
    """One thing that residents of an area may look for: shares within the minutes, the median and the ninth decile in minutes (None: more
    than the longest), who goes without, and places per 1,000 persons."""

    what: str
    label: str
    shares: tuple[float | None, ...]
    median: float | None
    p90: float | None
    people: People
    without: People
    share_without: float | None
    per_1000: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of residents of an area: how many were placed, and who of them has none near."""

    group: str
    label: str
    dimension: str
    people: People
    without: People
    share_without: float | None
    median: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotCell:
    """One daypart: the share with something open near, at least and at most."""

    label: str
    share: float | None
    share_most: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """The same hours on every day of the week."""

    hours: str
    cells: list[SlotCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of the residents of an area; they add up to `people`, but for the rounding to tens."""

    people: People
    placed: People
    not_covered: People
    no_home: People
    no_street: People
    homes: int
    basis: str
    year: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaReach:
    """All that is known of what the residents of an area have near."""

    about: About
    complete: bool
    assumed: bool
    placed: Placed | None
    what: list[WhatRow]
    groups_differ: bool
    groups: list[GroupRow]
    group_of: Choice
    week: list[SlotRow]
    weekdays: list[int]
    nodes: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area in the overview of who goes without."""

    code: str
    name: str
    level: str
    complete: bool
    people: People
    without: People
    share: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shading:
    """Per code of an area: `minutes` (median on foot, one more than the longest where it is farther) and `without` (share of the residents
    without one near) per thing looked for, and whether the area is `complete`."""

    near_min: int
    longest: int
    areas: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLink:
    """A place to link to."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place in the overview of how many people live near."""

    place: PlaceLink
    kind_label: str
    people: People
    low: People
    high: People
    complete: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Places that share most of their people, each with each."""

    places: list[PlaceLink]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Who goes without, per area; the places by the people near them; clusters; and the choices that made it so."""

    about: About
    what: list[Choice]
    groups: list[Choice]
    minutes: list[Choice]
    modes: list[Choice]
    chosen: str
    label: str
    areas: list[AreaRow]
    places: list[PlaceRow]
    clusters: list[Cluster]
    pairs: int
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """The nearest place of one kind from a home, on foot and by bicycle; minutes None: more than the longest time."""

    what: str
    label: str
    place: PlaceLink | None
    walk_min: float | None
    cycle_min: float | None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReach:
    """What is near a home."""

    about: About
    home: int
    label: str
    lon: float
    lat: float
    basis: str
    on_street: bool
    complete: bool
    near: list[NearRow]
    nodes: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChoice:
    """A home that an address may mean."""

    home: int
    label: str
