# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading places: a filtered page of the list, all points of the map, and what an export holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from knopenkaart.records import Place
from knopenkaart.text import fold
from knopenkaart_web.places import models, words
from knopenkaart_web.places.queries.index import AreaItem, Index, address, index, record_columns, to_record
from knopenkaart_web.places.queries.rows import is_open, place_row
from knopenkaart_web.places.views_data import PAGE_SIZE, Facet, Facets, PlaceFilter, PlacePage

SMALL_SPOT_FLAG, NEIGHBOUR_FLAG, NOT_COUNTED_FLAG = 1, 2, 4
MAP_FIELDS = (
    "id",
    "name",
    "kind",
    "lon",
    "lat",
    "flags",
    "status",
    "wijk",
    "buurt",
    "archetype",
    "address",
    "open_now",
    "wheelchair",
    "municipality",
    "functions",
)
_FACETS = ("function", "kind", "archetype", "area", "status")


def places(slug: str, wanted: PlaceFilter, *, lang: str, now: datetime) -> PlacePage | None:
    """One page of the places that match a filter, with the counts of every other choice; None where there is no such study."""
    held = index(slug)
    if held is None:
        return None
    found, tallies = _search(held, wanted, now)
    found.sort(key=_order(held, wanted.sort, lang))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(wanted.page, 1), pages)
    items = [place_row(held, place, lang, now) for place in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    return PlacePage(items=items, total=len(found), page=page, pages=pages, facets=_facets(held, wanted, tallies, lang))


def export_places(slug: str, wanted: PlaceFilter, *, now: datetime | None = None) -> list[Place]:
    """The records that match a filter, in the order of their identifiers; never confidential, merged or removed ones."""
    held = index(slug)
    return [] if held is None else sorted(_search(held, wanted, now)[0], key=lambda place: place.id)


def all_records(slug: str) -> list[Place]:
    """Every place that a newer build may have under another name: confidential ones too, merged and removed ones not."""
    return [to_record(row) for row in _rows(slug).filter(merged_into=None, removed=False)]


def hidden_records(slug: str) -> list[Place]:
    """Places that were merged into another or rejected: a newer build that has them under another name must not bring them back."""
    return [to_record(row) for row in _rows(slug).exclude(merged_into=None, removed=False)]


def _rows(slug: str) -> Any:
    return models.Place.objects.filter(study__slug=slug).order_by("pk").values(*record_columns())


def map_places(slug: str, *, lang: str, now: datetime) -> dict[str, Any] | None:
    """All places with a location, for the map component (docs/reference/map-data.md)."""
    held = index(slug)
    if held is None:
        return None
    shown = [place for place in held.places.values() if place.lon is not None]
    kinds = {kind: _map_kind(kind, lang) for kind in sorted({place.kind for place in shown})}
    return {"kinds": kinds, "fields": list(MAP_FIELDS), "places": [_map_row(held, place, now) for place in shown]}


def _map_kind(kind: str, lang: str) -> dict[str, Any]:
    known = words.kind(kind)
    functions = list(known.functions) if known else []
    family = functions[0] if functions else "meet"
    return {"label": words.kind_label(kind, lang), "symbol": words.symbol(kind), "functions": functions, "family": family}


def _map_row(held: Index, place: Place, now: datetime) -> list[Any]:
    flags = SMALL_SPOT_FLAG * place.small_spot + NEIGHBOUR_FLAG * place.neighbour
    flags += 0 if held.kind_counts(place.kind) else NOT_COUNTED_FLAG
    opened = is_open(place, now)
    return [
        place.id,
        place.name,
        place.kind,
        place.lon,
        place.lat,
        flags,
        place.status,
        place.wijk_code,
        place.buurt_code,
        place.archetype,
        address(place),
        None if opened is None else int(opened),
        place.wheelchair,
        place.municipality_code,
        list(place.functions),
    ]


def _search(held: Index, wanted: PlaceFilter, now: datetime | None) -> tuple[list[Place], dict[str, Counter[str]]]:
    """The places that match, and per facet how many would match if that facet were left open: those that fail nothing else."""
    found: list[Place] = []
    tallies: dict[str, Counter[str]] = {name: Counter() for name in _FACETS}
    tests = _tests(wanted)
    words_wanted = fold(wanted.q).split()
    for place in held.places.values():
        if not _basics(held, place, wanted, words_wanted):
            continue
        failed = [name for name, test in tests if not test(place)]
        if len(failed) > 1 or (wanted.open_now and is_open(place, now) is not True):
            continue
        for name in failed or _FACETS:
            tallies[name].update(_facet_values(name, place))
        if not failed:
            found.append(place)
    return found, tallies


def _basics(held: Index, place: Place, wanted: PlaceFilter, words_wanted: list[str]) -> bool:
    return (
        (wanted.small_spots or not place.small_spot)
        and (wanted.neighbours or not place.neighbour)
        and (not wanted.wheelchair or place.wheelchair == "yes")
        and all(word in held.search[place.id] for word in words_wanted)
    )


def _tests(wanted: PlaceFilter) -> list[tuple[str, Callable[[Place], bool]]]:
    """One test per facet. Without a wanted status a closed place is not shown, for it is no longer a place to go to."""
    return [
        ("function", lambda place: not wanted.function or not set(wanted.function).isdisjoint(place.functions)),
        ("kind", lambda place: not wanted.kind or place.kind in wanted.kind),
        ("archetype", lambda place: not wanted.archetype or place.archetype in wanted.archetype),
        ("area", lambda place: not wanted.area or not set(wanted.area).isdisjoint(_codes(place))),
        ("status", lambda place: place.status in wanted.status if wanted.status else place.status != "closed"),
    ]


def _codes(place: Place) -> set[str]:
    return {code for code in (place.municipality_code, place.wijk_code, place.buurt_code) if code}


def _facet_values(name: str, place: Place) -> Iterable[str]:
    if name == "function":
        return place.functions
    if name == "area":
        return _codes(place)
    return (getattr(place, name),)


def _facets(held: Index, wanted: PlaceFilter, tallies: dict[str, Counter[str]], lang: str) -> Facets:
    vocabulary = words.vocabulary()
    kinds = {kind: words.kind_label(kind, lang) for kind in tallies["kind"].keys() | set(wanted.kind)}
    level = "wijk" if held.of_level("wijk") else "municipality"
    return Facets(
        kinds=_choices(sorted(kinds.items(), key=lambda item: fold(item[1])), tallies["kind"], wanted.kind),
        functions=_choices(
            ((item, words.function_label(item, lang)) for item in vocabulary.functions), tallies["function"], wanted.function
        ),
        archetypes=_choices(
            ((item, words.archetype_label(item, lang)) for item in vocabulary.archetypes), tallies["archetype"], wanted.archetype
        ),
        areas=_choices(((area.code, area.name) for area in _offered(held, level, wanted)), tallies["area"], wanted.area),
        statuses=_choices(((item, words.status_label(item, lang)) for item in vocabulary.statuses), tallies["status"], wanted.status),
    )


def _offered(held: Index, level: str, wanted: PlaceFilter) -> list[AreaItem]:
    """The areas of the level that people choose from, and what is chosen of another level: a link of a buurt's page does that."""
    return held.of_level(level) + [held.areas[code] for code in wanted.area if code in held.areas and held.areas[code].level != level]


def _choices(pairs: Iterable[tuple[str, str]], tally: Counter[str], selected: tuple[str, ...]) -> list[Facet]:
    """What a form offers. A value that nobody knows stays in it too, or sending the form would quietly widen the filter."""
    labels = dict(pairs)
    unknown = {value: value for value in selected if value not in labels}
    return [Facet(value=value, label=label, count=tally[value], selected=value in selected) for value, label in (labels | unknown).items()]


def _order(held: Index, sort: str, lang: str) -> Callable[[Place], tuple[Any, ...]]:
    """By name with the nameless last; other orders have the name as their second key, and the identifier so that pages are stable."""

    def by_name(place: Place) -> tuple[Any, ...]:
        return (place.name is None, fold(place.name or words.kind_label(place.kind, lang)), place.id)

    def wijk(place: Place) -> tuple[Any, ...]:
        area = held.areas.get(place.wijk_code or "") or held.areas.get(place.municipality_code or "")
        return (area is None, fold(area.name) if area else "", *by_name(place))

    orders: dict[str, Callable[[Place], tuple[Any, ...]]] = {
        "naam": by_name,
        "soort": lambda place: (fold(words.kind_label(place.kind, lang)), *by_name(place)),
        "wijk": wijk,
        "status": lambda place: (list(words.vocabulary().statuses).index(place.status), *by_name(place)),
        "gecontroleerd": lambda place: (
            (place.last_verified is not None, place.last_verified, *by_name(place)) if place.last_verified else (False, *by_name(place))
        ),
    }
    return orders.get(sort, by_name)
