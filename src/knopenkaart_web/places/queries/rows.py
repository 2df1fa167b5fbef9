# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From records to the rows that a page shows, in one language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from knopenkaart import opening_hours
from knopenkaart.publish.rates import rate_per_1000
from knopenkaart.records import Place
from knopenkaart_web.places import words
from knopenkaart_web.places.queries.index import AreaItem, Index, address
from knopenkaart_web.places.views_data import AreaRow, PlaceRow


def is_open(place: Place, now: datetime | None) -> bool | None:
    """Whether a place is open now; None where nobody knows. A place that is not in use is not open."""
    if now is None:
        return None
    if place.status in {"closed", "vacant", "planned"}:
        return False
    return opening_hours.is_open(place.opening_hours, now, lon=place.lon, lat=place.lat)


def place_values(held: Index, place: Place, lang: str, now: datetime | None) -> dict[str, Any]:
    """The fields of a PlaceRow."""
    kind_label = words.kind_label(place.kind, lang)
    wijk, buurt, municipality = (
        held.areas.get(code) if code else None for code in (place.wijk_code, place.buurt_code, place.municipality_code)
    )
    return {
        "id": place.id,
        "name": place.name,
        "label": place.name or kind_label[:1].upper() + kind_label[1:],
        "kind": place.kind,
        "kind_label": kind_label,
        "symbol": words.symbol(place.kind),
        "functions": place.functions,
        "function_labels": tuple(words.function_label(item, lang) for item in place.functions),
        "archetype": place.archetype,
        "archetype_label": words.archetype_label(place.archetype, lang),
        "archetype_assumed": place.archetype_assumed,
        "status": place.status,
        "status_label": words.status_label(place.status, lang),
        "address": address(place),
        "wijk_code": place.wijk_code,
        "wijk_name": wijk.name if wijk else None,
        "buurt_code": place.buurt_code,
        "buurt_name": buurt.name if buurt else None,
        "municipality_code": place.municipality_code,
        "municipality_name": municipality.name if municipality else None,
        "lon": place.lon,
        "lat": place.lat,
        "open_now": is_open(place, now),
        "wheelchair": place.wheelchair,
        "small_spot": place.small_spot,
        "digital": place.digital,
        "neighbour": place.neighbour,
        "counts": held.counts(place),
        "website": place.website,
        "last_verified": place.last_verified,
    }


def place_row(held: Index, place: Place, lang: str, now: datetime | None) -> PlaceRow:
    """A place in a list."""
    return PlaceRow(**place_values(held, place, lang, now))


def area_values(held: Index, area: AreaItem) -> dict[str, Any]:
    """The fields of an AreaRow: the count is None where the area is not covered."""
    tally = held.tally(area.code)
    nodes = tally.nodes if held.known(area.code) else None
    return {
        "code": area.code,
        "year": area.year,
        "level": area.level,
        "name": area.name,
        "nodes": nodes,
        "nodes_found": tally.nodes,
        "per_1000": per_1000(nodes, area),
        "population": area.population,
        "coverage_status": area.coverage_status,
        "digital": tally.digital,
    }


def area_row(held: Index, area: AreaItem) -> AreaRow:
    """An area in a list."""
    return AreaRow(**area_values(held, area))


def per_1000(count: int | None, area: AreaItem) -> float | None:
    """Per 1,000 inhabitants; None where count or population is unknown, or where too few people live for a rate."""
    return None if count is None else rate_per_1000(count, area.population, area.coverage_status)  # type: ignore[arg-type]
