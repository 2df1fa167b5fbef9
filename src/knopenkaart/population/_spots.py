# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which municipality, wijk and buurt many points lie."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from knopenkaart.geo import CRS84
from knopenkaart.population._division import LEVELS

# Published polygons are simplified level by level: a point of a municipality may fall in the seam between two of its wijken.
SEAM_M = 100.0
# Spots whose coordinates are the same to so many decimals (1 cm) are one, with more dwellings.
DECIMALS = 7
CODES = ["municipality_code", "wijk_code", "buurt_code"]
Points = NDArray[np.object_]


def located(points: pd.DataFrame, areas: gpd.GeoDataFrame, *, crs: Any) -> pd.DataFrame:
    """The points (lon, lat in degrees) that lie in an area, with the codes of the areas around them; the others are left out.

    The lowest level decides and the higher codes follow from it. A point of a municipality in the seam between two of its wijken, or of a
    wijk between two of its buurten, gets the nearest. A point on a border falls in the first area by code, whatever the order of the rows.
    """
    spots = gpd.GeoSeries(gpd.points_from_xy(points["lon"].astype(float), points["lat"].astype(float)), crs=CRS84).to_crs(crs).to_numpy()
    shapes = areas.to_crs(crs).sort_values("code")
    layers = {level: shapes[shapes["level"] == level] for level in LEVELS}
    codes = {name: np.full(len(points), None, dtype=object) for name in CODES}
    tree = shapely.STRtree(spots)
    for level in LEVELS:
        _fill(codes, layers[level], level, *_containing(tree, layers[level], len(points)))
    for level, upper in (("wijk", "municipality_code"), ("buurt", "wijk_code")):
        lacking = np.flatnonzero(pd.notna(codes[upper]) & pd.isna(codes[f"{level}_code"]))
        which, rows = _nearest(spots[lacking], layers[level], upper, codes[upper][lacking])
        _fill(codes, layers[level], level, lacking[which], rows)
    result = points.assign(**codes)
    return result[pd.notna(result["municipality_code"])].reset_index(drop=True)


def merged(lon: pd.Series[Any], lat: pd.Series[Any], weights: pd.Series[Any]) -> pd.DataFrame:
    """One row per spot: lon, lat (degrees) and the sum of its weights (`dwellings`)."""
    rows = pd.DataFrame({"lon": lon.astype(float).round(DECIMALS), "lat": lat.astype(float).round(DECIMALS), "dwellings": weights})
    return rows.groupby(["lon", "lat"], as_index=False).agg({"dwellings": "sum"})


def _containing(tree: shapely.STRtree, layer: gpd.GeoDataFrame, count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Points, and the row of the first area that holds each."""
    if len(layer) == 0 or count == 0:
        return np.array([], dtype=np.intp), np.array([], dtype=np.intp)
    rows, which = tree.query(layer.geometry.to_numpy(), predicate="intersects")
    first = np.full(count, len(layer), dtype=np.intp)
    np.minimum.at(first, which, rows)
    inside = np.flatnonzero(first < len(layer))
    return inside, first[inside]


def _nearest(spots: Points, layer: gpd.GeoDataFrame, upper: str, wanted: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Points, and the row of the nearest area that lies in the wanted one, no farther than a seam is wide."""
    shapes = layer.geometry.to_numpy()
    which, rows = shapely.STRtree(shapes).query(spots, predicate="dwithin", distance=SEAM_M)
    same = layer[upper].to_numpy(dtype=object)[rows] == wanted[which]
    which, rows = which[same], rows[same]
    order = np.lexsort((rows, shapely.distance(spots[which], shapes[rows]), which))
    which, rows = which[order], rows[order]
    first = np.unique(which, return_index=True)[1]
    return which[first], rows[first]


def _fill(codes: dict[str, NDArray[Any]], layer: gpd.GeoDataFrame, level: str, which: NDArray[np.intp], rows: NDArray[np.intp]) -> None:
    """Write the codes of the areas of one level, and those that they say they lie in, at the points."""
    for name in CODES[: LEVELS.index(level) + 1]:
        column = "code" if name == f"{level}_code" else name
        told = layer[column].to_numpy(dtype=object)[rows]
        filled = pd.notna(told)
        codes[name][which[filled]] = told[filled]
