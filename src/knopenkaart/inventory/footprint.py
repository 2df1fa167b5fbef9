# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground that an extract really covers, told from where its streets meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from knopenkaart.geo import CRS84

CELL_M = 100.0
# Things are counted in a square of 1,100 m around a cell: in mountains paths meet that seldom.
_REACH_CELLS = 5
# A cell is dense with at least 3 % of what usually lies around a point of this extract, and never with less than three.
_SHARE_OF_USUAL = 0.03
_AT_LEAST = 3
# Villages, and the fields between them, belong together up to this distance.
_JOIN_M = 2000.0
_AROUND_M = 5000.0
# Main roads are what bus routes and long ways drag into an extract from afar; local ones come with the ground.
LOCAL_STREETS = frozenset(
    {"residential", "living_street", "unclassified", "service", "pedestrian", "footway", "path", "track", "steps", "cycleway", "bridleway"}
)


@dataclass(frozen=True)
class Local:
    """Local streets (lines) and the points where they meet, near the areas, in metres.

    Addresses do not tell: they stand so much denser in a town than streets meet that the fields around it would seem empty.
    """

    streets: Any
    points: npt.NDArray[np.float64]

    @classmethod
    def of(cls, streets: pd.DataFrame, *, crs: CRS, around: gpd.GeoSeries) -> Local:
        """From STREETS (CRS84) to metric shapes within five kilometres of the bounds of `around` (metric)."""
        west, south, east, north = around.total_bounds
        frame = gpd.GeoSeries([shapely.box(west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)], crs=crs).to_crs(
            CRS84
        )
        w, s, e, n = frame.total_bounds
        lines = streets.geometry[streets["walk"] & streets["highway"].isin(LOCAL_STREETS)].to_numpy()
        lines = lines[shapely.intersects(lines, shapely.box(w, s, e, n))] if len(lines) else lines
        found = junctions(lines)
        metric = gpd.GeoSeries(gpd.points_from_xy(found[:, 0], found[:, 1]), crs=CRS84).to_crs(crs)
        return cls(gpd.GeoSeries(lines, crs=CRS84).to_crs(crs).to_numpy(), np.column_stack([metric.x, metric.y]))


def junctions(lines: Any) -> npt.NDArray[np.float64]:
    """Coordinates (n, 2) where at least three street ends meet; a street that passes counts twice.

    A way that sticks out of an extract has lost the streets that it crosses there, so it makes no junctions.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if len(xy) == 0:
        return np.empty((0, 2))
    border = owner[1:] != owner[:-1]
    end = np.r_[True, border] | np.r_[border, True]
    meeting = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "ends": np.where(end, 1, 2)}).groupby(["x", "y"], as_index=False)["ends"].sum()
    return meeting.loc[meeting["ends"] >= 3, ["x", "y"]].to_numpy(dtype=float)


def footprint(local: Local) -> BaseGeometry:
    """The covered ground (metric): convex hulls of groups of dense cells of 100 m; groups lie over two kilometres apart.

    Extracts are cut along rectangles and simple polygons, so the hull is close to the cut; fields and mountains inside stay in.
    """
    cells = pd.DataFrame(np.floor(local.points / CELL_M).astype(np.int64), columns=["x", "y"]).groupby(["x", "y"]).size()
    if cells.empty:
        return shapely.Polygon()
    around = _around(cells)
    dense = around[around >= max(_AT_LEAST, _SHARE_OF_USUAL * _usual(around, cells))].index.to_frame(index=False).to_numpy() * CELL_M
    squares = shapely.box(dense[:, 0], dense[:, 1], dense[:, 0] + CELL_M, dense[:, 1] + CELL_M)
    together = shapely.union_all(squares)
    groups = shapely.get_parts(shapely.union_all(shapely.buffer(shapely.get_parts(together), _JOIN_M / 2, quad_segs=4)))
    return shapely.union_all([shapely.convex_hull(shapely.intersection(together, group)) for group in groups])


def _usual(around: pd.Series[int], cells: pd.Series[int]) -> float:
    """What the middle one of all points has around it: sparse cells far away do not lower what is usual where most things are."""
    return float(np.median(np.repeat(around.to_numpy(), cells.to_numpy())))


def _around(cells: pd.Series[int]) -> pd.Series[int]:
    """For every occupied cell the number of points in the square of 11 x 11 cells around it."""
    frame = cells.rename("points").reset_index()
    steps = range(-_REACH_CELLS, _REACH_CELLS + 1)
    shifted = pd.concat([frame.assign(x=frame["x"] + dx, y=frame["y"] + dy) for dx in steps for dy in steps])
    return shifted.groupby(["x", "y"])["points"].sum().reindex(cells.index)
