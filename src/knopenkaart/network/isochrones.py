# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground around the streets from which one is at a place in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from scipy.ndimage import distance_transform_edt

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.network import _kernels
from knopenkaart.network.distances import scratch
from knopenkaart.network.graph import Graph
from knopenkaart.progress import Progress, silent

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# How far houses stand from the middle of their street, and gardens behind them: half a block of terraces.
AROUND_M = 40.0
# A hole that is smaller than a hectare is a block of houses, not ground that is out of reach.
HOLE_M2 = 10_000.0
# The ground is measured in squares of this size; a large reach (by bicycle) in as many larger ones.
_CELL_M = 10.0
_CELLS = 240


@dataclass(frozen=True)
class Samples:
    """Points along the edges, some metres apart: `first` (edges + 1) points into `at` (share of the edge) and `x`, `y` (metres)."""

    first: Ints
    at: Floats
    x: Floats
    y: Floats
    crs: CRS


def sampled(edges: pd.DataFrame, *, every_m: float = _CELL_M) -> Samples:
    """Points along EDGES, both ends among them."""
    crs = metric_crs_of(edges.geometry) if len(edges) else CRS.from_user_input(CRS84)
    lines = edges.geometry.to_crs(crs).to_numpy()
    many = np.ceil(shapely.length(lines) / every_m).astype(np.int64) + 1
    first = np.concatenate([[0], np.cumsum(many)])
    edge = np.repeat(np.arange(len(lines)), many)
    at = (np.arange(first[-1]) - first[edge]) / np.maximum(many[edge] - 1, 1)
    points = shapely.line_interpolate_point(lines[edge], at, normalized=True)
    return Samples(first, at, shapely.get_x(points), shapely.get_y(points), crs)


def isochrones(
    graph: Graph, samples: Samples, doors: _kernels.Doors, *, minutes: Sequence[int], progress: Progress = silent
) -> Iterator[list[shapely.MultiPolygon]]:
    """For each place the ground from which one is there within each of `minutes` (CRS84), the smallest first.

    The streets within reach with `AROUND_M` metres around them. A place without a door has empty shapes.
    """
    places = len(doors.first) - 1
    room = scratch(graph, 2 * int(np.diff(doors.first).max(initial=0)) + 1)
    many = len(graph.edges.start)
    edge, by_start, by_end = np.empty(many, dtype=np.int32), np.empty(many), np.empty(many)
    for place in range(places):
        count = _kernels.edges_within(graph.arcs, graph.edges, doors, place, minutes[-1] * 60.0, room, edge, by_start, by_end)
        rows, cost = _costs(graph, samples, doors, place, edge[:count], by_start[:count], by_end[:count])
        shapes = [_ground(samples.x[rows[cost <= limit * 60.0]], samples.y[rows[cost <= limit * 60.0]]) for limit in minutes]
        degrees = gpd.GeoSeries(shapes, crs=samples.crs).to_crs(CRS84).set_precision(1e-6, mode="valid_output")
        progress("isochrones", (place + 1) / places)
        yield [_many(shape) for shape in degrees]


def _costs(
    graph: Graph, samples: Samples, doors: _kernels.Doors, place: int, edge: Any, by_start: Floats, by_end: Floats
) -> tuple[Ints, Floats]:
    """The samples of the reached edges, and the seconds from each to the place."""
    sizes = samples.first[edge + 1] - samples.first[edge]
    rows = np.arange(sizes.sum()) + np.repeat(samples.first[edge] - (np.cumsum(sizes) - sizes), sizes)
    own, at = np.repeat(np.arange(len(edge)), sizes), samples.at[rows]
    go, back = graph.edges.cost[edge][own], graph.edges.back[edge][own]
    cost = np.minimum(by_start[own] + _times(at, back), by_end[own] + _times(1.0 - at, go))
    for door in range(doors.first[place], doors.first[place + 1]):
        ahead = doors.at[door] - at
        along = np.where(ahead >= 0, _times(np.maximum(ahead, 0), go), _times(np.maximum(-ahead, 0), back)) + doors.cost[door]
        cost = np.where(edge[own] == doors.edge[door], np.minimum(cost, along), cost)
    return rows, cost


def _times(share: Floats, cost: Floats) -> Floats:
    """Share x cost, where nothing of what one may not go is nothing."""
    return np.where(share > 0, share * np.where(share > 0, cost, 0.0), 0.0)


def _ground(x: Floats, y: Floats) -> Any:
    """The ground within AROUND_M of points (metres), small holes filled."""
    if len(x) == 0:
        return shapely.MultiPolygon()
    wide = max(np.ptp(x), np.ptp(y))
    cell = max(_CELL_M, wide / _CELLS)
    around = AROUND_M + 2 * cell
    west, south = x.min() - around, y.min() - around
    empty = np.ones((int((y.max() + around - south) / cell) + 2, int((x.max() + around - west) / cell) + 2), dtype=bool)
    empty[((y - south) / cell).astype(int), ((x - west) / cell).astype(int)] = False
    away = distance_transform_edt(empty, sampling=cell)
    middles = [start + cell * (np.arange(size) + 0.5) for start, size in ((west, away.shape[1]), (south, away.shape[0]))]
    contours = contourpy.contour_generator(x=middles[0], y=middles[1], z=away, fill_type=contourpy.FillType.OuterOffset)
    filled = contours.filled(-1.0, AROUND_M)
    rings = [_rings(points, offsets) for points, offsets in zip(*filled, strict=True)]
    # Rings that come to touch are mended where the coordinates are rounded.
    return shapely.simplify(shapely.MultiPolygon(rings), cell / 2, preserve_topology=False)


def _rings(points: Any, offsets: Any) -> shapely.Polygon:
    outer, *holes = (points[a:b] for a, b in pairwise(offsets))
    return shapely.Polygon(outer, [hole for hole in holes if shapely.Polygon(hole).area >= HOLE_M2])


def _many(shape: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
