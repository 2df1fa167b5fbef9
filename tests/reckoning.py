# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times reckoned anew, by another road: every home and every door becomes a junction of its own, and scipy finds the paths."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from knopenkaart.policy import Policy


def times_by_scipy(table: pd.DataFrame, homes: pd.DataFrame, doors: pd.DataFrame, *, mode: str, policy: Policy, limit_s: float) -> Any:
    """Seconds from each home (column) to each door (row), infinite beyond the limit.

    `homes` and `doors` have `edge`, `at_m`, `snap_m`. Edges are split at every spot, so that there is nothing special about their own edge.
    """
    walk_mps = policy.walk_kmh / 3.6
    junctions = int(max(table["start"].max(), table["end"].max())) + 1
    spots = pd.concat([homes[["edge", "at_m", "snap_m"]], doors[["edge", "at_m", "snap_m"]]], ignore_index=True)
    spots["on"] = junctions + np.arange(len(spots))
    beside = junctions + len(spots)
    by_edge = dict(tuple(spots[spots["edge"].notna()].groupby("edge")))
    arcs: list[tuple[int, int, float]] = []
    for row in table.itertuples():
        length = float(row.length_m)
        here = by_edge.get(row.edge)
        along = [(0.0, int(row.start)), (length, int(row.end))]
        along += (
            [] if here is None else [(min(max(float(at), 0.0), length), int(on)) for at, on in zip(here["at_m"], here["on"], strict=True)]
        )
        along.sort()
        forth, back = both_ways(row, mode, policy)
        for (a, one), (b, other) in pairwise(along):
            share = (b - a) / length if length else 0.0
            # Two spots at the same point of a one-way street are one spot.
            if share == 0 or forth is not None:
                arcs.append((one, other, share * (forth or 0.0)))
            if share == 0 or back is not None:
                arcs.append((other, one, share * (back or 0.0)))
    for number, spot in enumerate(spots.itertuples()):
        if not pd.isna(spot.edge):
            away = float(spot.snap_m) / walk_mps
            arcs += [(int(spot.on), beside + number, away), (beside + number, int(spot.on), away)]
    tail, head, cost = (np.array(part) for part in zip(*arcs, strict=True))
    # Of two arcs between the same spots only the shorter may count: a sparse matrix would add them up.
    best = pd.DataFrame({"tail": tail, "head": head, "cost": np.maximum(cost, 1e-12)}).groupby(["tail", "head"], as_index=False).min()
    size = beside + len(spots)
    matrix = coo_array((best["cost"], (best["head"], best["tail"])), shape=(size, size)).tocsr()
    first_door = beside + len(homes)
    found = dijkstra(matrix, directed=True, indices=np.arange(first_door, size), limit=limit_s)
    return found[:, beside:first_door]


def both_ways(row: Any, mode: str, policy: Policy) -> tuple[float | None, float | None]:
    """Seconds along an edge and back, as the rules say it; None where one may not go."""
    kmh = policy.steps_kmh if row.highway == "steps" else {"walk": policy.walk_kmh, "cycle": policy.cycle_kmh}[mode]
    seconds = float(row.length_m) / kmh * 3.6
    if row.highway == "ferry":
        seconds = policy.ferry_wait_min * 60 + float(row.length_m) / policy.ferry_kmh * 3.6
    if mode == "walk":
        return (seconds, seconds) if row.walk else (None, None)
    return (seconds if row.cycle in ("both", "forward") else None, seconds if row.cycle in ("both", "backward") else None)


def dense(blocks: Any, shape: tuple[int, int]) -> Any:
    """The blocks of a matrix of travel times as one array, infinite where nothing stands."""
    result = np.full(shape, np.inf)
    for begin, matrix in blocks:
        found = matrix.tocoo()
        result[begin + found.coords[0], found.coords[1]] = found.data
    return result
