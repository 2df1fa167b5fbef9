# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cutting street lines where they meet, and where a barrier stops who goes along them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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

    A `connector` has no length: it leads past a barrier that lets walkers through.
    """

    street: Ints
    start: Ints
    end: Ints
    shapes: npt.NDArray[Any]
    connector: Bools


def cut(lines: npt.NDArray[Any], barriers: pd.DataFrame) -> Pieces:
    """Cut lines (CRS84 degrees) at every coordinate that two of them share or that one passes twice, and at barriers (POINTS).

    At a barrier every street gets a junction of its own, so that nobody passes; where it stops bicycles only, connectors join them.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    spot = _keys(xy)
    fresh = np.r_[True, (spot[1:] != spot[:-1]) | (owner[1:] != owner[:-1])] if len(spot) else np.zeros(0, dtype=bool)
    xy, owner, spot = xy[fresh], owner[fresh], spot[fresh]
    node, known = pd.factorize(spot)
    blocked, walkers_pass = _blocked(known, barriers)
    ends = np.zeros(len(spot), dtype=bool)
    if len(spot):
        border = owner[1:] != owner[:-1]
        ends = np.r_[True, border] | np.r_[border, True]
    at = np.flatnonzero(ends | (np.bincount(node, minlength=len(known)) > 1)[node] | blocked[node])
    whole = owner[at[:-1]] == owner[at[1:]]
    begin, stop = at[:-1][whole], at[1:][whole]
    number = pd.factorize(np.concatenate([node[begin], node[stop]]))[0].astype(np.int64)
    start, end = number[: len(begin)], number[len(begin) :]
    pieces = Pieces(owner[begin], start, end, _lines(xy, begin, stop), np.zeros(len(begin), dtype=bool))
    return _held_apart(pieces, blocked[node[begin]], blocked[node[stop]], walkers_pass[node[begin]], walkers_pass[node[stop]])


def _keys(xy: npt.NDArray[np.float64]) -> Ints:
    """One whole number per coordinate pair."""
    fixed = np.rint(xy * _PER_DEGREE).astype(np.int64)
    return (fixed[:, 0] << 32) ^ (fixed[:, 1] & 0xFFFFFFFF)


def _blocked(known: Ints, barriers: pd.DataFrame) -> tuple[Bools, Bools]:
    """Which spots hold a barrier, and which of those stop only who cycles."""
    blocked, walkers_pass = np.zeros(len(known), dtype=bool), np.zeros(len(known), dtype=bool)
    if len(barriers) == 0 or len(known) == 0:
        return blocked, walkers_pass
    keys = _keys(shapely.get_coordinates(barriers.geometry.to_numpy()))
    passing = barriers["walk"].fillna(False).to_numpy(bool)
    row = pd.Index(known).get_indexer(pd.Index(keys))
    blocked[row[row >= 0]] = True
    walkers_pass[row[(row >= 0) & passing]] = True
    return blocked, walkers_pass


def _lines(xy: npt.NDArray[np.float64], begin: Ints, stop: Ints) -> npt.NDArray[Any]:
    """A line for each stretch of coordinates, both ends included."""
    sizes = stop - begin + 1
    offsets = np.cumsum(sizes) - sizes
    position = np.arange(sizes.sum()) + np.repeat(begin - offsets, sizes)
    lines: npt.NDArray[Any] = shapely.linestrings(xy[position], indices=np.repeat(np.arange(len(begin)), sizes))
    return lines


def _held_apart(pieces: Pieces, start_blocked: Bools, end_blocked: Bools, start_passes: Bools, end_passes: Bools) -> Pieces:
    """Every piece that ends at a barrier gets a junction of its own there; connectors join those between which walkers pass."""
    start, end = pieces.start.copy(), pieces.end.copy()
    fresh = int(max(start.max(initial=-1), end.max(initial=-1))) + 1
    shared: dict[int, list[tuple[int, int, Any]]] = {}
    for junctions, blocked, passes, position in ((start, start_blocked, start_passes, 0), (end, end_blocked, end_passes, -1)):
        for row in np.flatnonzero(blocked).tolist():
            old, junctions[row] = int(junctions[row]), fresh
            if passes[row]:
                shared.setdefault(old, []).append((fresh, row, shapely.get_point(pieces.shapes[row], position)))
            fresh += 1
    joints = [(one[0], other[0], one[1], one[2]) for found in shared.values() for one, other in pairwise(found)]
    if not joints:
        return Pieces(pieces.street, start, end, pieces.shapes, pieces.connector)
    spots = [shapely.LineString([(point.x, point.y), (point.x, point.y)]) for *_, point in joints]
    return Pieces(
        street=np.concatenate([pieces.street, [pieces.street[row] for _, _, row, _ in joints]]),
        start=np.concatenate([start, [one for one, *_ in joints]]),
        end=np.concatenate([end, [other for _, other, *_ in joints]]),
        shapes=np.concatenate([pieces.shapes, np.array(spots, dtype=object)]),
        connector=np.concatenate([pieces.connector, np.ones(len(joints), dtype=bool)]),
    )
