# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which municipality, wijk and buurt a place lies, and whether it lies just across the border."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.tables import PLACES

# Published polygons are simplified level by level: a point of a municipality may fall in the seam between two of its wijken.
SEAM_M = 100.0
Degrees = NDArray[np.float64]
Points = NDArray[np.object_]
Codes = dict[str, Any]
_LEVELS = ("buurt", "wijk", "municipality")
_CODES = ["municipality_code", "wijk_code", "buurt_code", "area_year"]


def assign_areas(places: pd.DataFrame, areas: gpd.GeoDataFrame, *, neighbour_m: float) -> pd.DataFrame:
    """PLACES with the codes of the areas in which they lie, and `neighbour` for those within `neighbour_m` metres outside.

    The lowest level decides and the higher codes follow from it; a place in a seam between two areas gets the nearest area of its own
    municipality. Drops nothing: a digital place, and one farther away than `neighbour_m`, keep no codes and `neighbour` False.
    """
    result = places.copy()
    for column in _CODES:
        result[column] = pd.NA
    result["neighbour"] = False
    located = result["lon"].notna() & result["lat"].notna()
    if located.any() and not areas.empty:
        lon, lat = (result.loc[located, column].to_numpy(float) for column in ("lon", "lat"))
        codes = _codes(lon, lat, areas)
        for column in _CODES:
            result.loc[located, column] = pd.Series(
                [found.get(column, pd.NA) for found in codes], index=result.index[located], dtype=object
            )
        outside = np.array(["municipality_code" not in found for found in codes])
        result.loc[located, "neighbour"] = outside & (distances_m(lon, lat, areas) <= neighbour_m)
    return PLACES.check(result)


def distances_m(lon: Degrees, lat: Degrees, areas: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """The distance in metres of each point (degrees, CRS84) to the nearest area: 0 inside, infinite where there are no areas."""
    result = np.full(len(lon), np.inf)
    if areas.empty or len(lon) == 0:
        return result
    points, metric = _in_metres(lon, lat, areas)
    (which, _), distances = shapely.STRtree(metric.geometry.to_numpy()).query_nearest(points, return_distance=True, all_matches=False)
    result[which] = distances
    return result


def _in_metres(lon: Degrees, lat: Degrees, areas: gpd.GeoDataFrame) -> tuple[Points, gpd.GeoDataFrame]:
    """The points and the areas in the metric CRS of the areas; the areas in the order of their codes."""
    crs = metric_crs_of(areas.geometry)
    points: Points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=CRS84).to_crs(crs).to_numpy()
    return points, areas.to_crs(crs).sort_values(["code", "year"]).reset_index(drop=True)


def _codes(lon: Degrees, lat: Degrees, areas: gpd.GeoDataFrame) -> list[Codes]:
    """Per point the codes that it has, and the year of its areas."""
    points, metric = _in_metres(lon, lat, areas)
    codes: list[Codes] = [{} for _ in points]
    layers = {level: _Layer(metric[metric["level"] == level], level) for level in _LEVELS}
    for layer in layers.values():
        for point, row in layer.containing(points).items():
            codes[point] = {**layer.rows[row], **codes[point]}
    for level, upper in (("wijk", "municipality_code"), ("buurt", "wijk_code")):
        lacking = [point for point, found in enumerate(codes) if upper in found and f"{level}_code" not in found]
        for point in lacking:
            nearest = layers[level].nearest(points[point], where={upper: codes[point][upper]})
            codes[point] |= layers[level].rows[nearest] if nearest is not None else {}
    return codes


class _Layer:
    """The areas of one level with an index of their shapes; each row holds its own code, those above it and the year."""

    def __init__(self, areas: gpd.GeoDataFrame, level: str) -> None:
        self.shapes = areas.geometry.to_numpy()
        self.tree = shapely.STRtree(self.shapes)
        named = areas.drop(columns=f"{level}_code", errors="ignore").rename(columns={"code": f"{level}_code", "year": "area_year"})
        records = named[[column for column in _CODES if column in named.columns]].to_dict("records")
        self.rows: list[Codes] = [{str(name): value for name, value in record.items() if not pd.isna(value)} for record in records]

    def containing(self, points: Points) -> dict[int, int]:
        """Point -> row of the area that holds it; of two that touch it the first by code, so that a border always falls the same way."""
        which, where = self.tree.query(points, predicate="intersects")
        found: dict[int, int] = {}
        for point, row in sorted(zip(which.tolist(), where.tolist(), strict=True)):
            found.setdefault(point, row)
        return found

    def nearest(self, point: Any, *, where: Codes) -> int | None:
        """The row of the nearest area that has the codes of `where`, no farther than a seam is wide."""
        reach = self.tree.query(point, predicate="dwithin", distance=SEAM_M).tolist()
        near = [row for row in reach if where.items() <= self.rows[row].items()]
        return min(near, key=lambda row: (point.distance(self.shapes[row]), row), default=None)
