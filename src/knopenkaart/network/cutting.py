# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cutting street lines where they meet, and where a barrier stops who goes along them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
# Coordinates of OpenStreetMap have seven decimals: two that are equal there are one node.
_PER_DEGREE = 10_000_000


@dataclass(frozen=True)
class Pieces:
    """Lines between junctions: the street that each is a piece of (row), its junctions, and its shape.

    A `connector` has no length: it leads past a barrier, for those whom that lets through (`walk`, `cycle`; true of every other piece).
    """

    street: Ints
    start: Ints
    end: Ints
    shapes: npt.NDArray[Any]
    connector: Bools
    walk: Bools
    cycle: Bools


class _Joint(NamedTuple):
    """Where a piece (row) ends at a barrier that lets somebody through."""

    junction: int
    row: int
    spot: Any
    walk: bool
    cycle: bool


def cut(lines: npt.NDArray[Any], barriers: pd.DataFrame) -> Pieces:
    """Cut lines (CRS84 degrees) at every coordinate that two of them share or that one passes twice, and at barriers (POINTS).

    At a barrier every street gets a junction of its own, so that nobody passes; connectors join them all for whom it lets through,
    whoever may use the streets themselves.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    spot = _keys(xy)
    fresh = np.r_[True, (spot[1:] != spot[:-1]) | (owner[1:] != owner[:-1])] if len(spot) else np.zeros(0, dtype=bool)
    xy, owner, spot = xy[fresh], owner[fresh], spot[fresh]
    node, known = pd.factorize(spot)
    blocked, walk, cycle = _blocked(known, barriers)
    ends = np.zeros(len(spot), dtype=bool)
    if len(spot):
        border = owner[1:] != owner[:-1]
        ends = np.r_[True, border] | np.r_[border, True]
    at = np.flatnonzero(ends | (np.bincount(node, minlength=len(known)) > 1)[node] | blocked[node])
    whole = owner[at[:-1]] == owner[at[1:]]
    begin, stop = at[:-1][whole], at[1:][whole]
    number = pd.factorize(np.concatenate([node[begin], node[stop]]))[0].astype(np.int64)
    start, end = number[: len(begin)], number[len(begin) :]
    everybody = np.ones(len(begin), dtype=bool)
    pieces = Pieces(owner[begin], start, end, _lines(xy, begin, stop), ~everybody, everybody, everybody)
    return _held_apart(pieces, *((blocked[node[side]], walk[node[side]], cycle[node[side]]) for side in (begin, stop)))


def _keys(xy: npt.NDArray[np.float64]) -> Ints:
    """One whole number per coordinate pair."""
    fixed = np.rint(xy * _PER_DEGREE).astype(np.int64)
    return (fixed[:, 0] << 32) ^ (fixed[:, 1] & 0xFFFFFFFF)


def _blocked(known: Ints, barriers: pd.DataFrame) -> tuple[Bools, Bools, Bools]:
    """Which spots hold a barrier, and which of those let through who walks, and who cycles."""
    blocked, walk, cycle = (np.zeros(len(known), dtype=bool) for _ in range(3))
    if len(barriers) == 0 or len(known) == 0:
        return blocked, walk, cycle
    keys = _keys(shapely.get_coordinates(barriers.geometry.to_numpy()))
    row = pd.Index(known).get_indexer(pd.Index(keys))
    met = row >= 0
    blocked[row[met]] = True
    for passing, name in ((walk, "walk"), (cycle, "cycle")):
        # Of two barriers at one spot each must let through.
        passing[row[met]] = True
        np.logical_and.at(passing, row[met], barriers[name].fillna(False).to_numpy(bool)[met])
    return blocked, walk, cycle


def _lines(xy: npt.NDArray[np.float64], begin: Ints, stop: Ints) -> npt.NDArray[Any]:
    """A line for each stretch of coordinates, both ends included."""
    sizes = stop - begin + 1
    offsets = np.cumsum(sizes) - sizes
    position = np.arange(sizes.sum()) + np.repeat(begin - offsets, sizes)
    lines: npt.NDArray[Any] = shapely.linestrings(xy[position], indices=np.repeat(np.arange(len(begin)), sizes))
    return lines


def _held_apart(pieces: Pieces, *ends: tuple[Bools, Bools, Bools]) -> Pieces:
    """Every piece that ends at a barrier gets a junction of its own there; connectors join all of those where anybody passes.

    `ends`: for the start and the end of each piece whether a barrier is there, and whether that lets through who walks, and who cycles.
    """
    start, end = pieces.start.copy(), pieces.end.copy()
    fresh = int(max(start.max(initial=-1), end.max(initial=-1))) + 1
    shared: dict[int, list[_Joint]] = {}
    for junctions, (blocked, walk, cycle), position in zip((start, end), ends, (0, -1), strict=True):
        for row in np.flatnonzero(blocked).tolist():
            old, junctions[row] = int(junctions[row]), fresh
            if walk[row] or cycle[row]:
                spot = shapely.get_point(pieces.shapes[row], position)
                shared.setdefault(old, []).append(_Joint(fresh, row, spot, bool(walk[row]), bool(cycle[row])))
            fresh += 1
    joints = [(one, other) for found in shared.values() for one, other in pairwise(found)]
    if not joints:
        return replace(pieces, start=start, end=end)
    spots = [shapely.LineString([(one.spot.x, one.spot.y)] * 2) for one, _ in joints]
    return Pieces(
        street=np.concatenate([pieces.street, [pieces.street[one.row] for one, _ in joints]]),
        start=np.concatenate([start, [one.junction for one, _ in joints]]),
        end=np.concatenate([end, [other.junction for _, other in joints]]),
        shapes=np.concatenate([pieces.shapes, np.array(spots, dtype=object)]),
        connector=np.concatenate([pieces.connector, np.ones(len(joints), dtype=bool)]),
        walk=np.concatenate([pieces.walk, [one.walk for one, _ in joints]]),
        cycle=np.concatenate([pieces.cycle, [one.cycle for one, _ in joints]]),
    )
