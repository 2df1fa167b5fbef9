# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Homes along streets, where addresses do not tell or do not tell of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from knopenkaart.geo import CRS84
from knopenkaart.population._spots import merged

STREET_STEP_M = 25.0
# Along the first people live; only where an area has none of them, along the next. A plain layer of lines says nothing of what they are.
KINDS = (
    ("residential", "living_street"),
    ("unclassified", "tertiary", "secondary", "primary", "pedestrian", "service"),
    ("plain",),
)
_NO_SERVICE_TO_HOMES = ("parking_aisle", "drive-through", "emergency_access")


def along_streets(
    areas: gpd.GeoDataFrame,
    streets: pd.DataFrame,
    lacking: Mapping[str, float | None],
    addressed: pd.DataFrame,
    *,
    crs: Any,
    placed: Callable[[pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    """Spots every 25 m along the STREETS of the areas that lack homes, weighing together the dwellings that each is `lacking`.

    Where nobody knows how many those are (None) every 25 m weigh one. `addressed` are the spots of addresses (with `area_code` and
    `dwellings`): where they stand as dense as dwellings should, nothing is added. `placed` finds the area in which a spot lies.
    """
    shapes = areas.loc[areas["code"].isin(list(lacking)), "geometry"].to_crs(crs).to_numpy()
    found: list[pd.DataFrame] = []
    done: set[str] = set()
    for kinds in KINDS:
        points = placed(_points(_walked(streets, kinds), shapes, crs))
        points = points[points["area_code"].isin(set(lacking) - done)]
        done |= set(points["area_code"])
        found.append(points)
    beside = dict(list(addressed[addressed["area_code"].isin(done)].groupby("area_code")))
    nothing = addressed.iloc[:0]
    rows = pd.concat(found, ignore_index=True)
    filled = [_filled(own, beside.get(code, nothing), lacking[str(code)], crs) for code, own in rows.groupby("area_code")]
    return pd.concat(filled, ignore_index=True) if filled else rows


def _filled(points: pd.DataFrame, addressed: pd.DataFrame, lacking: float | None, crs: Any) -> pd.DataFrame:
    """The points of one area with the dwellings that stand there without an address.

    All its dwellings spread evenly along its streets, less the addresses nearest to each point, are the gaps; gaps share what is lacking.
    """
    if lacking is None:
        return points
    dwellings = addressed["dwellings"].to_numpy(float)
    metres = points["dwellings"].to_numpy(float)
    _, nearest = cKDTree(_metric(points, crs)).query(_metric(addressed, crs))
    there = np.bincount(nearest.astype(int), weights=dwellings, minlength=len(points))
    gaps = np.maximum(0.0, (lacking + dwellings.sum()) * metres / metres.sum() - there)
    filled: pd.DataFrame = points.assign(dwellings=lacking * gaps / gaps.sum())[gaps > 0]
    return filled


def _metric(spots: pd.DataFrame, crs: Any) -> Any:
    points = gpd.GeoSeries(gpd.points_from_xy(spots["lon"], spots["lat"]), crs=CRS84).to_crs(crs)
    return np.column_stack([points.x, points.y])


def _walked(streets: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    chosen = streets[streets["highway"].isin(kinds) & streets["walk"].astype(bool)]
    aside = [tags.get("service") in _NO_SERVICE_TO_HOMES for tags in chosen["tags"]]
    return chosen[~np.array(aside, dtype=bool)]


def _points(streets: pd.DataFrame, shapes: Any, crs: Any) -> pd.DataFrame:
    """Evenly along every street that meets one of the shapes, a point for each 25 m, weighing the metres it stands for / 25."""
    lines = streets.geometry.to_crs(crs).to_numpy() if len(streets) else np.array([], dtype=object)
    meeting = np.unique(shapely.STRtree(shapes).query(lines, predicate="intersects")[0])
    lines = lines[meeting]
    lengths = shapely.length(lines)
    counts = np.maximum(1, np.round(lengths / STREET_STEP_M)).astype(int)
    line = np.repeat(np.arange(len(lines)), counts)
    number = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    apart = (lengths / counts)[line]
    points = gpd.GeoSeries(shapely.line_interpolate_point(lines[line], (number + 0.5) * apart), crs=crs).to_crs(CRS84)
    return merged(pd.Series(points.x), pd.Series(points.y), pd.Series(apart / STREET_STEP_M))
