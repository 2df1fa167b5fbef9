# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which municipality, wijk and buurt a place lies, and whether it lies just across the border."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.tables import PLACES

# Published polygons are simplified level by level: a point of a municipality may fall in the seam between two of its wijken.
SEAM_M = 100.0
_LEVELS = ("buurt", "wijk", "municipality")
_CODES = ["municipality_code", "wijk_code", "buurt_code", "area_year"]


def assign_areas(places: pd.DataFrame, areas: gpd.GeoDataFrame, *, neighbour_m: float) -> pd.DataFrame:
    """PLACES with the codes of the areas in which they lie, and `neighbour` for those within `neighbour_m` metres outside.

    The lowest level decides and the higher codes follow from it; a place in a seam between two areas gets the nearest area of its own
    municipality. Drops nothing: a digital place, and one farther away than `neighbour_m`, keep no codes and `neighbour` False.
    """
    result = places.copy()
    for column in ("municipality_code", "wijk_code", "buurt_code", "area_year"):
        result[column] = pd.NA
    result["neighbour"] = False
    located = result["lon"].notna() & result["lat"].notna()
    if not located.any() or areas.empty:
        return PLACES.check(result)
    codes, distance_m = locate(result.loc[located, "lon"].to_numpy(float), result.loc[located, "lat"].to_numpy(float), areas)
    for column in codes.columns:
        result.loc[located, column] = codes[column].to_numpy()
    outside = codes["municipality_code"].isna().to_numpy()
    result.loc[located, "neighbour"] = outside & (distance_m <= neighbour_m)
    return PLACES.check(result)


def locate(lon: NDArray[np.float64], lat: NDArray[np.float64], areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Per point (degrees, CRS84) its codes, and its distance in metres to the nearest area (0 inside).

    Returns a frame with municipality_code, wijk_code, buurt_code and area_year in the order of the points, and the distances.
    """
    crs = metric_crs_of(areas.geometry)
    metric = areas.to_crs(crs).sort_values(["code", "year"]).reset_index(drop=True)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=CRS84).to_crs(crs).to_numpy()
    codes = pd.DataFrame({name: [pd.NA] * len(points) for name in _CODES}, dtype=object)
    layers = {level: metric[metric["level"] == level].reset_index(drop=True) for level in _LEVELS}
    for level, layer in layers.items():
        _write(codes, layer, level, _containing(points, layer))
    for level, upper in (("wijk", "municipality_code"), ("buurt", "wijk_code")):
        _write(codes, layers[level], level, _across_seams(points, layers[level], codes, level=level, upper=upper))
    return codes, _distances(points, metric)


def _containing(points: NDArray[np.object_], layer: gpd.GeoDataFrame) -> dict[int, int]:
    """Point -> row of the area that holds it; of two that touch it the first by code, so that a border always falls the same way."""
    which, where = shapely.STRtree(layer.geometry.to_numpy()).query(points, predicate="intersects")
    found: dict[int, int] = {}
    for point, row in sorted(zip(which.tolist(), where.tolist(), strict=True)):
        found.setdefault(point, row)
    return found


def _across_seams(points: NDArray[np.object_], layer: gpd.GeoDataFrame, codes: pd.DataFrame, *, level: str, upper: str) -> dict[int, int]:
    """Point -> row of the nearest area of the same upper area, for points of that upper area that no area of this level holds."""
    lacking = codes.index[codes[upper].notna() & codes[f"{level}_code"].isna()].tolist()
    if layer.empty or not lacking:
        return {}
    tree = shapely.STRtree(layer.geometry.to_numpy())
    found: dict[int, int] = {}
    for point in lacking:
        reach = tree.query(points[point], predicate="dwithin", distance=SEAM_M).tolist()
        near = [row for row in reach if layer[upper][row] == codes[upper][point]]
        if near:
            found[point] = min(near, key=lambda row: (points[point].distance(layer.geometry.iloc[row]), row))
    return found


def _write(codes: pd.DataFrame, layer: gpd.GeoDataFrame, level: str, found: dict[int, int]) -> None:
    """Write the codes of the found areas where no lower level has written yet."""
    names = [name for name in _CODES if name in layer.columns and name != f"{level}_code"]
    for point, row in found.items():
        values = {f"{level}_code": layer["code"][row], "area_year": layer["year"][row], **{name: layer[name][row] for name in names}}
        for name, value in values.items():
            if codes[name].isna()[point] and value is not None and value is not pd.NA:
                codes.at[point, name] = value


def _distances(points: NDArray[np.object_], metric: gpd.GeoDataFrame) -> NDArray[np.float64]:
    (which, _), distances = shapely.STRtree(metric.geometry.to_numpy()).query_nearest(points, return_distance=True, all_matches=False)
    result = np.full(len(points), np.inf)
    result[which] = distances
    return result
