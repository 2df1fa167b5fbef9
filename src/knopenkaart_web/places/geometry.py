# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The little geometry that a page or a correction needs without loading the engine: distance, and the area around a point."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_RADIUS_M = 6_371_008.8


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Metres along the great circle between two points in degrees (haversine)."""
    half_lat, half_lon = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def contains(geojson: str, lon: float, lat: float) -> bool:
    """Whether a (Multi)Polygon in GeoJSON text holds a point: an odd number of crossings over all rings, holes included."""
    return bool(geojson) and sum(_crossings(ring, lon, lat) for ring in _rings(json.loads(geojson))) % 2 == 1


def _rings(geometry: dict[str, Any]) -> Iterable[Sequence[Sequence[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (ring for polygon in polygons for ring in polygon)


def _crossings(ring: Sequence[Sequence[float]], lon: float, lat: float) -> int:
    return sum(
        (start[1] > lat) != (end[1] > lat) and lon < (end[0] - start[0]) * (lat - start[1]) / (end[1] - start[1]) + start[0]
        for start, end in pairwise(ring)
    )
