# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times from homes to places: exact shortest paths over the streets, bounded by a limit, a block of places at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from knopenkaart.network import _kernels
from knopenkaart.network.graph import Graph
from knopenkaart.policy import Mode, Policy
from knopenkaart.progress import Progress, silent

Floats = npt.NDArray[np.float64]
# Places that one thread does at a time: enough that Python does not count, few enough that the answers fit.
_BLOCK = 256
_FIRST_ROWS = 1 << 18
Times = Iterator[tuple[int, csr_array]]
Doors = _kernels.Doors


@dataclass(frozen=True)
class Homes:
    """Where homes lie on the graph: `arrays` in the order of the edges, and `number` (the home of each row there) out of `count`."""

    arrays: _kernels.Homes
    number: npt.NDArray[np.int32]
    count: int


def homes_on(graph: Graph, homes: pd.DataFrame, *, mode: Mode, policy: Policy) -> Homes:
    """Snapped HOMES on a graph; those without an edge are nowhere. From the home to the street one walks, also to cycle on."""
    edge = homes[f"{mode}_edge"]
    rows = np.flatnonzero(edge.notna())
    on = edge.to_numpy(dtype=float, na_value=np.nan)[rows].astype(np.int32)
    order = np.argsort(on, kind="stable")
    first = np.zeros(len(graph.edges.start) + 1, dtype=np.int32)
    np.cumsum(np.bincount(on, minlength=len(graph.edges.start)), out=first[1:])
    at, cost = _on_edge(graph, on, homes.iloc[rows], f"{mode}_", policy)
    return Homes(_kernels.Homes(first, at[order], cost[order]), rows[order].astype(np.int32), len(homes))


def doors_on(graph: Graph, doors: pd.DataFrame, *, places: int, policy: Policy) -> _kernels.Doors:
    """Snapped doors on a graph: columns `place` (row, 0 to `places` - 1), `edge`, `at_m`, `snap_m`; those without an edge are left out."""
    found = doors[doors["edge"].notna()].sort_values("place", kind="stable")
    first = np.zeros(places + 1, dtype=np.int32)
    np.cumsum(np.bincount(found["place"].to_numpy(np.int64), minlength=places), out=first[1:])
    on = found["edge"].to_numpy(np.int32)
    at, cost = _on_edge(graph, on, found, "", policy)
    return _kernels.Doors(first, on, at, cost)


def _on_edge(graph: Graph, edge: Any, snapped: pd.DataFrame, prefix: str, policy: Policy) -> tuple[Floats, Floats]:
    """Share of the edge, and seconds to it."""
    metres, away = (snapped[f"{prefix}{name}"].to_numpy(float) for name in ("at_m", "snap_m"))
    return np.clip(metres / graph.length_m[edge], 0.0, 1.0), away / (policy.walk_kmh / 3.6)


def travel_times(
    graph: Graph, homes: Homes, doors: _kernels.Doors, *, limit_s: float, threads: int | None = None, progress: Progress = silent
) -> Times:
    """Seconds from every home to every place, no more than `limit_s`: blocks of places, as (first place, places x homes).

    The matrix holds what is within the limit and nothing else; a home at the place itself is there with 0 seconds. A place has the time of
    its quickest door. Exact: Dijkstra from each place against the direction of travel. The same numbers for any number of threads.
    """
    places = len(doors.first) - 1

    def block(begin: int, stop: int, room: _kernels.Scratch) -> csr_array:
        count = np.zeros(places, dtype=np.int64)

        def kernel(at: int, found: _kernels.Found) -> tuple[int, int]:
            done: tuple[int, int] = _kernels.homes_within(graph.arcs, graph.edges, homes.arrays, doors, limit_s, at, stop, room, found)
            return done

        item, cost = _grown(kernel, begin, stop, count)
        first = np.concatenate([[0], np.cumsum(count[begin:stop])])
        return csr_array((cost, homes.number[item], first), shape=(stop - begin, homes.count))

    seeds = 2 * int(np.diff(doors.first).max(initial=0)) + 1
    for begin, found in in_blocks(block, places, lambda: scratch(graph, seeds), threads=threads):
        progress("distances", min(1.0, (begin + _BLOCK) / places))
        yield begin, found


def junction_times(graph: Graph, sources: npt.NDArray[np.int32], *, limit: float, threads: int | None = None) -> Times:
    """The cost from every junction to each source junction, no more than `limit`: blocks, as (first source, sources x junctions)."""

    def block(begin: int, stop: int, room: _kernels.Scratch) -> csr_array:
        count = np.zeros(len(sources), dtype=np.int64)

        def kernel(at: int, found: _kernels.Found) -> tuple[int, int]:
            done: tuple[int, int] = _kernels.junctions_within(graph.arcs, sources, limit, at, stop, room, found)
            return done

        item, cost = _grown(kernel, begin, stop, count)
        first = np.concatenate([[0], np.cumsum(count[begin:stop])])
        return csr_array((cost, item, first), shape=(stop - begin, graph.junctions))

    yield from in_blocks(block, len(sources), lambda: scratch(graph, 1), threads=threads)


def scratch(graph: Graph, seeds: int) -> _kernels.Scratch:
    """Room for one thread. Only what is used of it takes memory."""
    entries = len(graph.arcs.head) + seeds + 1
    return _kernels.Scratch(
        best=np.full(graph.junctions, np.inf),
        keys=np.empty(entries),
        values=np.empty(entries, dtype=np.int32),
        settled=np.empty(graph.junctions, dtype=np.int32),
        seeds=np.empty(seeds, dtype=np.int32),
        seed_cost=np.empty(seeds),
    )


def in_blocks(
    work: Callable[[int, int, _kernels.Scratch], csr_array], many: int, room: Callable[[], _kernels.Scratch], *, threads: int | None
) -> Times:
    """Do `many` things in blocks over threads, in order. As many blocks are under way as there are threads: answers do not pile up."""
    count = max(1, min(threads or os.cpu_count() or 1, -(-many // _BLOCK)))
    rooms: SimpleQueue[_kernels.Scratch] = SimpleQueue()
    for _ in range(count):
        rooms.put(room())

    def one(begin: int) -> csr_array:
        mine = rooms.get()
        try:
            return work(begin, min(begin + _BLOCK, many), mine)
        finally:
            rooms.put(mine)

    with ThreadPoolExecutor(count) as pool:
        begins = iter(range(0, many, _BLOCK))
        waiting = deque((begin, pool.submit(one, begin)) for begin in islice(begins, count))
        while waiting:
            begin, coming = waiting.popleft()
            found = coming.result()
            waiting.extend((further, pool.submit(one, further)) for further in islice(begins, 1))
            yield begin, found


def _grown(
    kernel: Callable[[int, _kernels.Found], tuple[int, int]], begin: int, stop: int, count: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Run a kernel until it is done; where its output is full, take that and go on with more room."""
    rows, items, costs = _FIRST_ROWS, [], []
    while begin < stop:
        found = _kernels.Found(count, np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.float32))
        begin, written = kernel(begin, found)
        items.append(found.item[:written])
        costs.append(found.cost[:written])
        rows *= 2
    return np.concatenate(items), np.concatenate(costs)
