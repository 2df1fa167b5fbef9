# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the reads return: frozen, plain values that a page can show and a test can compare; never rows of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knopenkaart_web.places.filters import PAGE_SIZE as PAGE_SIZE  # noqa: PLC0414
from knopenkaart_web.places.filters import SORTS as SORTS  # noqa: PLC0414
from knopenkaart_web.places.filters import PlaceFilter as PlaceFilter  # noqa: PLC0414

TOPICS: tuple[str, ...] = ("new", "changed", "gone", "duplicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """A study in the list of studies; `node_count` None where no municipality of it is covered well enough to count."""

    slug: str
    name: str
    invented: bool
    node_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as it must be named on map, page, paper and download."""

    id: str
    title: str
    date: date | None
    licence: str
    attribution: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """An area with its count. `nodes` None: unknown, the sources do not cover the area; `nodes_found` is what was found all the same."""

    code: str
    year: int
    level: str
    name: str
    nodes: int | None
    nodes_found: int
    per_1000: float | None
    population: int | None
    coverage_status: str
    digital: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyView:
    """A study: one or more municipalities of one build. `bounds` is west, south, east, north in degrees."""

    slug: str
    name: str
    area_year: int | None
    osm_date: date | None
    built_at: datetime | None
    loaded_at: datetime | None
    engine_version: str
    bounds: tuple[float, float, float, float] | None
    invented: bool
    revision: int
    sources: list[SourceRow]
    municipalities: list[AreaRow]
    has_tiles: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place in a list. `label` is its name, or its kind where it has none; `open_now` None: nobody knows."""

    id: str
    name: str | None
    label: str
    kind: str
    kind_label: str
    symbol: str
    functions: tuple[str, ...]
    function_labels: tuple[str, ...]
    archetype: str
    archetype_label: str
    archetype_assumed: bool
    status: str
    status_label: str
    address: str
    wijk_code: str | None
    wijk_name: str | None
    buurt_code: str | None
    buurt_name: str | None
    municipality_code: str | None
    municipality_name: str | None
    lon: float | None
    lat: float | None
    open_now: bool | None
    wheelchair: str | None
    small_spot: bool
    digital: bool
    neighbour: bool
    counts: bool
    website: str | None
    last_verified: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One choice of a filter and how many places it would leave, the other filters kept."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The choices of each filter; areas are wijken, or municipalities where a study has no wijken."""

    kinds: list[Facet]
    functions: list[Facet]
    archetypes: list[Facet]
    areas: list[Facet]
    statuses: list[Facet]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """One page of the list. `page` and `pages` start at 1; `total` counts all pages."""

    items: list[PlaceRow]
    total: int
    page: int
    pages: int
    facets: Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRow:
    """One value of one property with its provenance; `by` is the user name where a human gave it. `label` is English: translate it."""

    name: str
    label: str
    value: str
    source_title: str
    source_id: str
    source_url: str | None
    date: date | None
    origin: str
    by: str | None
    reason: str
    current: bool
    by_operator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyRow:
    """A place near another. `distance_m` is the straight line in metres, not the way one walks: the page must say so."""

    place: PlaceRow
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A day of the week, 1 = Monday; no intervals = closed; an interval is (from, to) as hh:mm."""

    weekday: int
    intervals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView(PlaceRow):
    """A place with all that its own page shows. `version` goes back with a correction: it must still be the same then."""

    version: int
    phone: str | None
    email: str | None
    opening_hours: str | None
    hours_valid: bool
    weekly: list[DayRow]
    operator: str | None
    description: str | None
    street: str | None
    housenumber: str | None
    postcode: str | None
    city: str | None
    part_of: PlaceRow | None
    parts: list[PlaceRow]
    attributes: list[AttributeRow]
    nearby: list[NearbyRow]
    merged_into: str | None
    removed: bool
    schema_org: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A published figure of an area; `value` None where the source does not give it or it could not be joined (`reason` says why)."""

    indicator: str
    label: str
    value: float | None
    unit: str
    year: int
    source_title: str
    joined: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """How far the sources really cover an area; shares 0-1, None where it cannot be known. `reason` is a stable code."""

    status: str
    reason: str
    area_share: float | None
    street_share: float | None
    address_share: float | None
    believed_share: float | None
    addresses: int | None
    dwellings: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCount:
    """How many nodes have a function, against the municipality. A node with two functions counts in both. None: unknown.

    `found` is what was found all the same: at least so many, where `count` is None.
    """

    function: str
    label: str
    count: int | None
    found: int
    per_1000: float | None
    municipality_count: int | None
    municipality_per_1000: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many nodes of a kind were found."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """Something the reader should know: a stable code, the subject, the English message and what fills a translated one."""

    code: str
    subject: str
    message: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView(AreaRow):
    """An area with all that its own page shows. `municipality` and `wijk` are its breadcrumb (None on that level itself)."""

    study: str
    study_name: str
    bounds: tuple[float, float, float, float] | None
    population_year: int | None
    municipality: AreaRow | None
    wijk: AreaRow | None
    children: list[AreaRow]
    figures: list[FigureRow]
    coverage: CoverageRow
    counts: list[FunctionCount]
    kinds: list[KindCount]
    notices: list[NoticeRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRow:
    """Whether a kind counts as a social node here, why, and how many places of it there are."""

    kind: str
    label: str
    counts: bool
    why: str
    count: int
    chosen_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityView(AreaView):
    """A municipality with the parts of the sentence of 2012. `population_rounded` is to be read, `population` is the published figure."""

    population_rounded: int | None
    osm_date: date | None
    selection: list[SelectionRow]
    wijken: list[AreaRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One value that differs: the name of the property, an English label to translate, before and after (empty string = nothing)."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One thing a human should decide. `reasons` are stable codes with `reason_labels` beside them in the asked language."""

    id: int
    topic: str
    place: PlaceRow
    other: PlaceRow | None
    changes: list[ChangeRow]
    reasons: list[str]
    reason_labels: list[str]
    score: float | None
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The open items of a topic (or of all), oldest first, and how many are open per topic."""

    items: list[ReviewRow]
    topic: str | None
    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One step in the history of a place. `action_label` is English: translate it."""

    id: int
    at: datetime
    actor: str
    action: str
    action_label: str
    reason: str
    changes: list[ChangeRow]
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """An import that waits for confirmation: what was guessed, what is wrong, and the rows as they would come in."""

    id: int
    filename: str
    mapping: dict[str, Any]
    columns: list[str]
    faults: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """Background work: state waiting, running, done, failed or cancelled; `share` 0-1 of the step that is done."""

    id: str
    kind: str
    study: str
    state: str
    step: str
    share: float
    error: str
    filename: str
    ready: bool
    ended: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether it waits for its turn or is being done."""
        return self.state in ("waiting", "running")

    @property
    def percent(self) -> int:
        """How much of the step is done."""
        return round(100 * self.share)
