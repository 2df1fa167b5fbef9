# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages show of reach. People are as they may be shown: None means fewer than ten, 0 that nobody lives there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

People = int | None
# Minutes that are not told, for too few people; None means more than the longest time.
HIDDEN = -1.0
# A share of people: a part of one, or in words where a few make it up, or all but a few; None where nothing is known.
NOBODY, EVERYBODY = "nobody", "everybody"
Share = float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A source by its title, and its day where that is known."""

    title: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """When, from what and how reach was reckoned. `stale`: places changed since; `busy`: a newer one is being made; `error`: why it could
    not be. `assumed`: the number of residents is, somewhere."""

    made_at: datetime
    day: date
    minutes: tuple[int, ...]
    near_min: int
    walk_kmh: float
    cycle_kmh: float
    sources: tuple[SourceText, ...]
    assumed: bool
    stale: bool
    busy: bool
    error: str

    @property
    def longest(self) -> int:
        """The most minutes that were looked at."""
        return self.minutes[-1]

    @property
    def near_m(self) -> float:
        """Metres on foot within the minutes that count as near."""
        return self.walk_kmh * 1000 / 60 * self.near_min

    @property
    def failed(self) -> bool:
        """Whether places changed since and it could not be reckoned anew."""
        return self.stale and not self.busy and bool(self.error)

    def told(self) -> dict[str, Any]:
        """What goes with figures that are drawn on a map."""
        sources = ", ".join(f"{source.title} ({source.day.year})" if source.day else source.title for source in self.sources)
        return {"made_at": self.made_at.isoformat(), "stale": self.stale, "failed": self.failed, "sources": sources}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a form: an id, its label, and whether it is chosen."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything that there is to choose from: ids with their labels."""

    what: list[tuple[str, str]]
    functions: list[tuple[str, str]]
    groups: list[tuple[str, str]]
    minutes: list[int]
    modes: list[str]
    slots: list[tuple[str, str]]
    near_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLink:
    """A place to link to."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """People, with a 95 % margin; where they are not `complete` there are at least so many."""

    people: People
    low: People
    high: People
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """People in reach of a place within so many minutes, on foot and by bicycle; None where nothing is told of one."""

    minutes: int
    walk: Cells | None
    cycle: Cells | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBands:
    """People of one group in reach of a place on foot, per number of minutes."""

    label: str
    bands: tuple[Cells, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalRow:
    """One function of a place: how many others people near it have near as well, and its people when they are divided over all of them."""

    label: str
    rivals: int
    people: People
    people_divided: People
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRow:
    """A place that serves mostly the same people: which share of this place's people, and of that place's."""

    place: PlaceLink
    share_here: float | None
    share_there: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReach:
    """All that is known of the reach of one place."""

    about: About
    assumed: bool
    complete: bool
    border: bool
    bands: list[BandRow]
    groups: list[GroupBands]
    rivals: list[RivalRow]
    shared: list[SharedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatRow:
    """One thing that residents of an area may look for: shares within the minutes, the median in minutes (None: more than the longest),
    who goes without, and places per 1,000 persons. Where it is not `complete` a place that nobody knows may be nearer."""

    what: str
    label: str
    chosen: bool
    shares: tuple[Share, ...]
    median: float | None
    without: People
    per_1000: float | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of residents of an area: how many were placed, and who of them has none near."""

    label: str
    people: People
    without: People
    share_without: Share
    median: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotCell:
    """One daypart: the share with something open near, at least and at most."""

    share: Share
    share_most: Share


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
    source: str | None


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
    group_of: str
    week: list[SlotRow]
    weekdays: list[int]
    nodes: tuple[float | None, float | None, float | None]

    @property
    def what_choices(self) -> list[Choice]:
        """What the groups can be told of."""
        return [Choice(id=row.what, label=row.label, chosen=row.chosen) for row in self.what]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area in the overview of who goes without; where it is not `complete` a place that nobody knows may be nearer."""

    code: str
    name: str
    level: str
    complete: bool
    people: People
    without: People
    share: Share
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure per area, and what it is of, as the map shades by it; docs/reference/map-data.md."""

    measure: str
    what: str
    group: str
    minutes: int
    mode: str
    slot: str | None
    about: About
    areas: dict[str, dict[str, Any]]

    def document(self) -> dict[str, Any]:
        """The same as JSON."""
        names = ("measure", "what", "group", "minutes", "mode", "slot", "areas")
        return {name: getattr(self, name) for name in names} | {"longest": self.about.longest} | self.about.told()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place in the overview of how many people live near."""

    place: PlaceLink
    kind_label: str
    reached: Cells
    border: bool


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
    title: str
    near: str
    query: str
    areas: list[AreaRow]
    places: list[PlaceRow]
    clusters: list[Cluster]
    pairs: int
    complete: bool
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRow:
    """The nearest place of one kind from a home; minutes, on foot and by bicycle, None: more than the longest time. Where they are not
    `sure` a place that nobody knows may be nearer, and where there are none nothing is known. `hidden`: it is not public any more."""

    label: str
    place: PlaceLink | None
    walk_min: int | None
    walk_sure: bool
    cycle_min: int | None
    cycle_sure: bool
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReach:
    """What is near a home; `nodes`: minutes, places and functions within them, and whether there may be more."""

    about: About
    home: int
    label: str
    lon: float
    lat: float
    basis: str
    on_street: bool
    complete: bool
    near: list[NearRow]
    nodes: tuple[tuple[int, int, int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChoice:
    """A home that an address may mean."""

    home: int
    label: str
