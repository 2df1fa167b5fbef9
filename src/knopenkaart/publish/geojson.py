# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places as GeoJSON (RFC 7946): longitude first, no crs member, identifiers as text, a digital place without geometry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from knopenkaart.publish.columns import PLACE_COLUMNS
from knopenkaart.records import Area, Place, Source

# Seven decimals are a centimetre: finer than any source, and it keeps the file small.
DECIMALS = 7
_FIELDS = {column.name: column.field for column in PLACE_COLUMNS}
_DATES = {"last_verified"}


def feature(place: Place, *, areas: Mapping[str, Area] | None = None) -> dict[str, Any]:
    """A place as a GeoJSON feature; with `areas` (code -> area) the names of its municipality, wijk and buurt stand beside the codes."""
    properties = {column.name: _value(getattr(place, column.field)) for column in PLACE_COLUMNS if column.field not in ("lon", "lat")}
    for level in ("municipality", "wijk", "buurt"):
        area = (areas or {}).get(getattr(place, f"{level}_code") or "")
        properties[level] = area.name if area else None
    return {"type": "Feature", "id": place.id, "geometry": _geometry(place), "properties": properties}


def feature_collection(
    places: Iterable[Place], *, sources: Sequence[Source], generated: date, title: str = "", areas: Mapping[str, Area] | None = None
) -> dict[str, Any]:
    """Places as a FeatureCollection.

    `places` and `sources` are those that may be published (see knopenkaart.publish.confidential); a confidential source is left out.
    Attribution, licence, sources and the date of making are foreign members (RFC 7946, section 6.1).
    """
    features = [feature(place, areas=areas) for place in places]
    shown = [source for source in sources if not source.confidential]
    result: dict[str, Any] = {"type": "FeatureCollection"}
    if title:
        result["title"] = title
    result |= {
        "attribution": "; ".join(dict.fromkeys(source.attribution for source in shown if source.attribution)),
        "licence": "; ".join(dict.fromkeys(source.licence for source in shown if source.licence)),
        "sources": [_source(source) for source in shown],
        "generated": generated.isoformat(),
    }
    points = [item["geometry"]["coordinates"] for item in features if item["geometry"]]
    if points:
        lons, lats = [point[0] for point in points], [point[1] for point in points]
        result["bbox"] = [min(lons), min(lats), max(lons), max(lats)]
    return result | {"features": features}


def dumps(document: Mapping[str, Any]) -> str:
    """The document as text, with one feature a line so that versions of a file can be compared."""
    if "features" not in document:
        return json.dumps(document, ensure_ascii=False, allow_nan=False)
    head = json.dumps({name: value for name, value in document.items() if name != "features"}, ensure_ascii=False, allow_nan=False)
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in document["features"])
    return f'{head[:-1]}, "features": [\n{lines}\n]}}\n'


def to_place(item: Mapping[str, Any]) -> Place:
    """A feature that `feature` made as a record again (coordinates rounded, no names of areas)."""
    values: dict[str, Any] = {}
    for name, attribute in _FIELDS.items():
        if name in item["properties"]:
            values[attribute] = item["properties"][name]
    values |= {attribute: date.fromisoformat(values[attribute]) for attribute in _DATES if values.get(attribute)}
    values["functions"] = tuple(values.get("functions") or ())
    values["lon"], values["lat"] = item["geometry"]["coordinates"] if item["geometry"] else (None, None)
    return Place(**{known.name: values[known.name] for known in fields(Place) if known.name in values})


def _geometry(place: Place) -> dict[str, Any] | None:
    if place.digital or place.lon is None or place.lat is None:
        return None
    return {"type": "Point", "coordinates": [round(place.lon, DECIMALS), round(place.lat, DECIMALS)]}


def _source(source: Source) -> dict[str, Any]:
    known = {"id": source.id, "title": source.title, "date": source.date, "licence": source.licence, "attribution": source.attribution}
    return {name: _value(value) for name, value in {**known, "url": source.url}.items()}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
