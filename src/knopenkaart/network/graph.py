# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From streets to edges between junctions, and from edges to the graph of one way of going."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from knopenkaart.geo import metric_crs_of
from knopenkaart.network._kernels import Arcs, Edges
from knopenkaart.network.cutting import cut
from knopenkaart.policy import MODES, Mode, Policy
from knopenkaart.tables import EDGES, NOTICES

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
BARRIER = "barrier"


def edges(streets: pd.DataFrame, points: pd.DataFrame, *, policy: Policy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """EDGES between junctions from STREETS, and NOTICES about islands.

    Streets meet where they share a coordinate (7 decimals: a node of OpenStreetMap); a bridge shares none with what lies below it. POINTS
    with the role of barrier cut a street for whom they stop. Lengths are metres in the metric CRS of the streets; an island is smaller than
    `policy.island_m`. Junctions are numbered along a curve that fills the plane: what lies near each other is near in memory.
    """
    pieces = cut(streets.geometry.to_numpy(), points[points["role"] == BARRIER])
    if len(pieces.shapes) == 0:
        return EDGES.empty(), NOTICES.empty()
    metric = gpd.GeoSeries(pieces.shapes, crs="EPSG:4326")
    length = metric.to_crs(metric_crs_of(metric)).length.to_numpy()
    own = streets.iloc[pieces.street]
    table = pd.DataFrame(
        {
            "start": pieces.start,
            "end": pieces.end,
            "highway": np.where(pieces.connector, BARRIER, own["highway"].to_numpy(dtype=object)),
            "length_m": length,
            # Who passes a barrier passes it from every street to every other, whoever may use the one that was read first.
            "walk": np.where(pieces.connector, pieces.walk, own["walk"].to_numpy(bool)),
            "cycle": np.where(pieces.connector, np.where(pieces.cycle, "both", "no"), own["cycle"].to_numpy(dtype=object)),
            "geometry": pieces.shapes,
        }
    )
    table = _in_order(table)
    for mode in MODES:
        table[f"{mode}_island"] = _islands(graph(table, mode, policy=policy), policy.island_m)
    return EDGES.check(table.assign(edge=range(len(table)))), _notices(table)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Junctions numbered along a Hilbert curve, edges by their first junction."""
    count = int(max(table["start"].max(), table["end"].max())) + 1
    corner = np.zeros((count, 2))
    shapes = table["geometry"].to_numpy()
    for column, position in (("start", 0), ("end", -1)):
        corner[table[column].to_numpy()] = shapely.get_coordinates(shapely.get_point(shapes, position))
    along = gpd.GeoSeries(shapely.points(corner)).hilbert_distance().to_numpy()
    number = np.empty(count, dtype=np.int64)
    number[np.lexsort((np.arange(count), along))] = np.arange(count)
    renamed = table.assign(start=number[table["start"].to_numpy()], end=number[table["end"].to_numpy()])
    return renamed.sort_values(["start", "end", "length_m"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Graph:
    """The graph of one way of going: `arcs` by which one comes to each junction, `edges`, and the metres of each edge."""

    arcs: Arcs
    edges: Edges
    length_m: Floats

    @property
    def junctions(self) -> int:
        """How many junctions there are."""
        return len(self.arcs.first) - 1


def graph(table: pd.DataFrame, mode: Mode, *, policy: Policy) -> Graph:
    """The graph of EDGES for going on foot (`walk`, the same both ways) or by bicycle (`cycle`), in seconds by the speeds of `policy`."""
    seconds = _seconds(table, mode, policy)
    forth, back = (np.where(allowed, seconds, np.inf) for allowed in _allowed(table, mode))
    start, end = (table[name].to_numpy(np.int32) for name in ("start", "end"))
    return of_arrays(Edges(start, end, forth, back), table["length_m"].to_numpy(float))


def _allowed(table: pd.DataFrame, mode: Mode) -> tuple[Bools, Bools]:
    """Whether one may go from start to end, and back."""
    if mode == "walk":
        walk = table["walk"].to_numpy(bool)
        return walk, walk
    cycle = table["cycle"].to_numpy(dtype=object)
    return np.isin(cycle, ("both", "forward")), np.isin(cycle, ("both", "backward"))


def _seconds(table: pd.DataFrame, mode: Mode, policy: Policy) -> Floats:
    length, highway = table["length_m"].to_numpy(float), table["highway"].to_numpy(dtype=object)
    # Nobody rides on steps: the bicycle is pushed or carried there.
    speed = np.where(highway == "steps", policy.steps_kmh, policy.cycle_kmh if mode == "cycle" else policy.walk_kmh)
    crossing = policy.ferry_wait_min * 60 + length / (policy.ferry_kmh / 3.6)
    seconds: Floats = np.where(highway == "ferry", crossing, length / (speed / 3.6))
    return seconds


def of_arrays(edges: Edges, length_m: Floats) -> Graph:
    """The graph of edges given as arrays."""
    count = int(max(edges.start.max(initial=-1), edges.end.max(initial=-1))) + 1
    usable = np.flatnonzero(np.isfinite(edges.cost) | np.isfinite(edges.back)).astype(np.int32)
    tail = np.concatenate([edges.start[usable], edges.end[usable]])
    order = np.argsort(tail, kind="stable")
    first = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=count), out=first[1:])
    arcs = Arcs(
        first=first,
        head=np.concatenate([edges.end[usable], edges.start[usable]])[order],
        edge=np.concatenate([usable, usable])[order],
        forward=np.repeat([True, False], len(usable))[order],
        # At its start one comes from the end, and goes back along it.
        cost=np.concatenate([edges.back[usable], edges.cost[usable]])[order],
    )
    return Graph(arcs, edges, length_m)


def _islands(of: Graph, island_m: float) -> Bools:
    """Which edges hang together, there and back, with fewer than `island_m` metres of others; the largest part is never an island."""
    arcs, edges = of.arcs, of.edges
    open_to = np.isfinite(arcs.cost)
    tail = np.repeat(np.arange(of.junctions), np.diff(arcs.first))[open_to]
    matrix = coo_array((np.ones(len(tail), dtype=np.int8), (tail, arcs.head[open_to])), shape=(of.junctions, of.junctions))
    _, part = connected_components(matrix, directed=True, connection="strong")
    inside = (part[edges.start] == part[edges.end]) & (np.isfinite(edges.cost) | np.isfinite(edges.back))
    metres = np.bincount(part[edges.start[inside]], weights=of.length_m[inside], minlength=int(part.max(initial=-1)) + 1)
    large = metres >= min(island_m, float(metres.max(initial=0.0)))
    cut_off: Bools = ~(inside & large[part[edges.start]])
    return cut_off


def _notices(table: pd.DataFrame) -> pd.DataFrame:
    # A barrier has no length, and no street is cut off with it.
    usable = table["walk"] & (table["length_m"] > 0)
    cut_off = usable & table["walk_island"]
    if not cut_off.any():
        return NOTICES.empty()
    km, total = (float(table.loc[rows, "length_m"].sum()) / 1000 for rows in (cut_off, usable))
    message = f"{km:.1f} of {total:.1f} km of streets are cut off from the others; no place and no home is taken to lie on them."
    details = {"edges": int(cut_off.sum()), "km": round(km, 1), "total_km": round(total, 1)}
    return NOTICES.frame([{"code": "network.islands", "subject": "streets", "message": message, "details": details}])
