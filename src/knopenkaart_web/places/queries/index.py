# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A study as it stands, kept in memory until its stamp changes: what every list, map and count is made of.

Filtering and counting in memory keeps all answers equal on every database, and a page to one small query; a study of 3,000 places
takes some megabytes and is read once after each write.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from threading import Lock

from knopenkaart.publish.rates import count_known
from knopenkaart.records import Place
from knopenkaart.text import fold
from knopenkaart_web.places import models, words

# A worker keeps this many studies: some 5 MB each at 3,000 places.
KEPT_STUDIES = 24
_COLUMNS = tuple(item.name for item in fields(Place))
_AREA_COLUMNS = (*models.AREA_COLUMNS, "coverage_status", "coverage_reason", *models.COVERAGE_COLUMNS)
_kept: OrderedDict[int, Index] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class AreaItem:
    """An area without its outline, with its population where a figure of it could be joined."""

    pk: int
    code: str
    year: int
    level: str
    name: str
    municipality_code: str | None
    wijk_code: str | None
    bounds: tuple[float, float, float, float] | None
    coverage_status: str
    coverage_reason: str
    area_share: float | None
    street_share: float | None
    address_share: float | None
    believed_share: float | None
    addresses: int | None
    dwellings: int | None
    population: int | None = None
    population_year: int | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one area: nodes with a location, digital ones, and per function and kind."""

    nodes: int = 0
    digital: int = 0
    functions: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Index:
    """A study in memory: its listed public places, its areas, which kinds count, and the counts per area."""

    study: models.Study
    places: Mapping[str, Place]
    search: Mapping[str, str]
    areas: Mapping[str, AreaItem]
    chosen: Mapping[str, bool]
    tallies: Mapping[str, Tally]
    listed: Mapping[str, Counter[str]]

    def kind_counts(self, kind: str) -> bool:
        """Whether a kind counts as a social node: the municipality's own choice, else the default of the vocabulary."""
        return _kind_counts(self.chosen, kind)

    def counts(self, place: Place) -> bool:
        """Whether a place is in the count of nodes (digital ones are counted apart)."""
        return _counts(self.chosen, place)

    def tally(self, code: str) -> Tally:
        """The counts of an area; of an area without nodes all zero."""
        return self.tallies.get(code) or Tally()

    def known(self, code: str) -> bool:
        """Whether the sources cover an area well enough for a count of it."""
        return count_known(0, self.areas[code].coverage_status) is not None  # type: ignore[arg-type]

    def of_level(self, level: str) -> list[AreaItem]:
        """The areas of one level, by name."""
        return sorted((area for area in self.areas.values() if area.level == level), key=lambda area: (fold(area.name), area.code))


def index(slug: str) -> Index | None:
    """The study as it stands now, or None where there is no such study."""
    study = models.Study.objects.filter(slug=slug).first()
    return index_of(study) if study else None


def index_of(study: models.Study) -> Index:
    """The index of a study row; made when its stamp is not kept yet."""
    with _lock:
        found = _kept.get(study.pk)
        if found is not None and found.study.stamp == study.stamp:
            _kept.move_to_end(study.pk)
            return found
    made = _make(study)
    with _lock:
        # One per study: a busy editor must not push the studies of others out.
        _kept[study.pk] = made
        _kept.move_to_end(study.pk)
        while len(_kept) > KEPT_STUDIES:
            _kept.popitem(last=False)
    return made


def to_record(row: Mapping[str, object]) -> Place:
    """A row of the table (values of the columns of Place) as a record of the engine."""
    values = {name: row[name] for name in _COLUMNS}
    values["id"] = str(row["id"])
    values["part_of"] = str(row["part_of"]) if row["part_of"] else None
    values["functions"] = tuple(row["functions"])  # type: ignore[arg-type]
    return Place(**values)  # type: ignore[arg-type]


def record_columns() -> tuple[str, ...]:
    """The columns of a place that the records of the engine have."""
    return _COLUMNS


def address(place: Place) -> str:
    """Street and number, town: on one line."""
    street = " ".join(part for part in (place.street, place.housenumber) if part)
    return ", ".join(part for part in (street, place.city) if part)


def _make(study: models.Study) -> Index:
    rows = models.Place.objects.filter(study=study, merged_into=None, removed=False, confidential=False).values(*_COLUMNS)
    areas = _areas(study)
    places = {place.id: place for place in map(to_record, rows)}
    chosen = dict(models.KindSelection.objects.filter(study=study).values_list("kind", "counts"))
    return Index(
        study=study,
        places=places,
        search={place.id: _search_text(place) for place in places.values()},
        areas=areas,
        chosen=chosen,
        tallies=_tallies(places, areas, chosen),
        listed=_listed(places),
    )


def _search_text(place: Place) -> str:
    labels = [words.kind_label(place.kind, lang) for lang in ("nl", "en")]
    return fold(" ".join(part for part in (place.name, *labels, address(place), place.postcode, place.operator) if part))


def _areas(study: models.Study) -> dict[str, AreaItem]:
    figures = models.Figure.objects.filter(area__study=study, indicator="population", joined=True, value__isnull=False)
    population = {pk: (round(value or 0), year) for pk, value, year in figures.order_by("year").values_list("area_id", "value", "year")}
    result = {}
    for row in models.Area.objects.filter(study=study).defer("geojson"):
        people, year = population.get(row.pk, (None, None))
        result[row.code] = AreaItem(
            pk=row.pk,
            bounds=bounds_of(row),
            population=people,
            population_year=year,
            **{name: getattr(row, name) for name in _AREA_COLUMNS},
        )
    return result


def bounds_of(row: models.Study | models.Area) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees, or None where they are not known."""
    if row.west is None or row.south is None or row.east is None or row.north is None:
        return None
    return (row.west, row.south, row.east, row.north)


def codes(place: Place, areas: Mapping[str, AreaItem]) -> list[str]:
    """The areas that a place lies in. A digital place without an area belongs to the municipality, where there is only one."""
    found = [code for code in (place.municipality_code, place.wijk_code, place.buurt_code) if code in areas]
    if not found and place.digital:
        municipalities = [area.code for area in areas.values() if area.level == "municipality"]
        return municipalities if len(municipalities) == 1 else []
    return [code for code in found if code is not None]


def _kind_counts(chosen: Mapping[str, bool], kind: str) -> bool:
    known = words.kind(kind)
    return chosen.get(kind, bool(known and known.counts))


def _counts(chosen: Mapping[str, bool], place: Place) -> bool:
    return place.status == "open" and not place.small_spot and not place.neighbour and _kind_counts(chosen, place.kind)


def _tallies(places: Mapping[str, Place], areas: Mapping[str, AreaItem], chosen: Mapping[str, bool]) -> dict[str, Tally]:
    result: dict[str, Tally] = defaultdict(Tally)
    for place in places.values():
        if not _counts(chosen, place):
            continue
        for code in codes(place, areas):
            tally = result[code]
            if place.digital:
                tally.digital += 1
            else:
                tally.nodes += 1
                tally.functions.update(place.functions)
                tally.kinds[place.kind] += 1
    return dict(result)


def _listed(places: Mapping[str, Place]) -> dict[str, Counter[str]]:
    """Open places per kind in each municipality, whether the kind counts or not: what a selection chooses from."""
    result: dict[str, Counter[str]] = defaultdict(Counter)
    for place in places.values():
        if place.status == "open" and not place.neighbour and place.municipality_code:
            result[place.municipality_code][place.kind] += 1
    return dict(result)
