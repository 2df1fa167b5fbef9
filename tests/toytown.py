# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Toytown: three by three streets, 400 metres apart, where every distance can be reckoned by heart.

At 4.8 km/h one walks 80 metres a minute: from crossing to crossing takes five minutes. Coordinates are metres from its south-west corner.

    y=800  6---7---8
           |   |   |
    y=400  3---4---5
           |   |   |
    y=0    0---1---2
          x=0 400 800
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from knopenkaart.tables import POINTS, STREETS

X, Y = 84_000.0, 445_000.0
CORNER = np.array([X, Y])
BLOCK_M = 400.0
WALK_M_PER_MIN = 80.0
Spot = tuple[float, float]


def degrees(shapes: Iterable[Any]) -> list[Any]:
    """Shapes in Toytown's metres as longitude and latitude."""
    moved = shapely.transform(np.array(list(shapes), dtype=object), lambda xy: xy + CORNER)
    return list(gpd.GeoSeries(moved, crs=28992).to_crs(4326))


def lonlat(spots: Sequence[Spot]) -> tuple[Any, Any]:
    """Longitudes and latitudes of spots in metres."""
    points = degrees([shapely.Point(spot) for spot in spots])
    return np.array([point.x for point in points]), np.array([point.y for point in points])


def metres(shapes: Iterable[Any]) -> list[Any]:
    """Shapes in longitude and latitude as Toytown's metres."""
    rd = gpd.GeoSeries(list(shapes), crs=4326).to_crs(28992).to_numpy()
    return list(shapely.transform(rd, lambda xy: xy - CORNER))


def crossing(number: int) -> Spot:
    """Where crossing 0 to 8 lies."""
    return (number % 3 * BLOCK_M, number // 3 * BLOCK_M)


BLOCKS = [(a, a + 1) for a in (0, 1, 3, 4, 6, 7)] + [(a, a + 3) for a in range(6)]


def street(line: Sequence[Spot], *, number: int = 0, **use: Any) -> dict[str, Any]:
    """A row of STREETS along spots."""
    return {
        "source_id": f"way/{number}",
        "highway": "residential",
        "walk": True,
        "cycle": "both",
        "tags": {},
        "geometry": degrees([shapely.LineString(line)])[0],
    } | use


def streets(*more: dict[str, Any], without: Sequence[tuple[int, int]] = ()) -> pd.DataFrame:
    """The twelve streets of Toytown, without some, with others."""
    rows = [street([crossing(a), crossing(b)], number=10 * a + b) for a, b in BLOCKS if (a, b) not in without]
    return STREETS.frame([*rows, *({**row, "source_id": f"way/{1000 + i}"} for i, row in enumerate(more))])


def points(*rows: tuple[str, Spot, dict[str, Any]]) -> pd.DataFrame:
    """POINTS: role, spot, further columns."""
    return POINTS.frame(
        {"source_id": f"node/{number}", "role": role, "tags": {}, "geometry": degrees([shapely.Point(spot)])[0]} | more
        for number, (role, spot, more) in enumerate(rows)
    )
