# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may leave the municipality of a place: never a value that only a confidential source gave, nor what it can be derived from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from knopenkaart.records import Attribute, Place

_RANKS = {"human": 3, "list": 2, "harvest": 1, "assumed": 0}
# Whoever knows one of these knows where the place is: a hidden address with a point on the map is not hidden.
_LOCATION = ("lon", "lat", "street", "housenumber", "postcode")
_DERIVED = ("wijk_code", "buurt_code")
_NEEDED = ("kind", "status", "archetype")
_FLAGS = ("archetype_assumed", "small_spot", "digital", "neighbour")


def without_confidential(place: Place, attributes: Iterable[Attribute]) -> Place | None:
    """The place with its open values only; None where only confidential sources know it, or know what kind of place it is.

    Where the current value is confidential, the best open one (human over list over harvest, then the newest) takes its place.
    """
    own = [item for item in attributes if item.place_id == place.id]
    if own and all(item.confidential for item in own):
        return None
    named: dict[str, list[Attribute]] = defaultdict(list)
    for item in own:
        named[item.name].append(item)
    changes = _open_location(named.get("location", [])) | _open_source(place, own)
    for known in fields(Place):
        given = named.get(known.name, [])
        if any(item.confidential for item in given):
            changes[known.name] = _best_open(known.name, given)
    if any(name in changes and changes[name] is None for name in _NEEDED):
        return None
    if any(name in changes and changes[name] is None for name in _LOCATION):
        changes |= dict.fromkeys((*_LOCATION, *_DERIVED))
    kept = {name: value for name, value in changes.items() if value is not None or name not in (*_FLAGS, "functions")}
    return replace(place, **kept)


def _open_source(place: Place, own: Sequence[Attribute]) -> dict[str, Any]:
    """Where the record that the place is named after is confidential, even its identifier: that of the best open one."""
    mine = [item for item in own if (item.source, item.source_id) == (place.source, place.source_id)]
    best = _best(own)
    if not mine or best is None or not all(item.confidential for item in mine):
        return {}
    return {"source": best.source, "source_id": best.source_id}


def _open_location(given: Sequence[Attribute]) -> dict[str, Any]:
    """The attribute `location` ("lon,lat") stands for two columns."""
    if not any(item.confidential for item in given):
        return {}
    best = _best(given)
    lon, lat = best.value.split(",") if best else (None, None)
    return {"lon": float(lon) if lon else None, "lat": float(lat) if lat else None}


def _best(given: Sequence[Attribute]) -> Attribute | None:
    found = [item for item in given if not item.confidential]
    return max(found, key=lambda item: (_RANKS[item.origin], item.date or date.min)) if found else None


def _best_open(name: str, given: Sequence[Attribute]) -> Any:
    best = _best(given)
    if best is None:
        return None
    if name in _FLAGS:
        return best.value.casefold() in ("true", "yes", "1")
    if name == "functions":
        return tuple(json.loads(best.value)) if best.value.startswith("[") else tuple(best.value.split(";"))
    return date.fromisoformat(best.value) if name == "last_verified" else best.value
