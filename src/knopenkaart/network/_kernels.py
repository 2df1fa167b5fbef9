# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops of travel times: bounded shortest paths on compact arrays, arrays in and arrays out.

The search goes from a place outwards, against the direction of travel: places are far fewer than homes. Costs are seconds (or metres).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

# Four children per node of the heap: half as deep as with two, and the four lie in one line of the cache.
_ARITY = 4
Array = Any


class Arcs(NamedTuple):
    """The arcs of each junction, by which one comes to it: `first` (junctions + 1) points into the others.

    `head`: the junction from which one comes. `forward`: the arc lies at the start of its edge.
    """

    first: Array
    head: Array
    edge: Array
    forward: Array
    cost: Array


class Edges(NamedTuple):
    """Both ends of each edge and the cost of going from `start` to `end`, and `back`; infinite where one may not."""

    start: Array
    end: Array
    cost: Array
    back: Array


class Homes(NamedTuple):
    """Homes in the order of their edges: `first` (edges + 1), `at` (share of the edge from its start), `cost` (from home to edge)."""

    first: Array
    at: Array
    cost: Array


class Doors(NamedTuple):
    """Doors in the order of their places: `first` (places + 1), `edge`, `at` (share of the edge), `cost` (from edge to door)."""

    first: Array
    edge: Array
    at: Array
    cost: Array


class Scratch(NamedTuple):
    """Room to work in, for one thread. `best` (junctions) is infinite between searches; the heap has one more entry than arcs and seeds."""

    best: Array
    keys: Array
    values: Array
    settled: Array
    seeds: Array
    seed_cost: Array


class Found(NamedTuple):
    """Output: how many rows each place has (`count`), and the rows of all places one after another."""

    count: Array
    item: Array
    cost: Array


@njit(nogil=True, cache=True)
def _push(keys, values, size, key, value):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        parent = (at - 1) // _ARITY
        if keys[parent] <= key:
            break
        keys[at], values[at] = keys[parent], values[parent]
        at = parent
    keys[at], values[at] = key, value
    return size + 1


@njit(nogil=True, cache=True)
def _pop(keys, values, size):  # type: ignore[no-untyped-def]
    """Remove the root, which the caller has read; returns the new size."""
    size -= 1
    key, value = keys[size], values[size]
    at = 0
    while True:
        first = _ARITY * at + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + _ARITY, size)):
            if keys[child] < keys[least]:
                least = child
        if keys[least] >= key:
            break
        keys[at], values[at] = keys[least], values[least]
        at = least
    keys[at], values[at] = key, value
    return size


@njit(nogil=True, cache=True)
def _settle(arcs, many, limit, room):  # type: ignore[no-untyped-def]
    """Dijkstra from the first `many` seeds at once, no farther than `limit`; returns how many junctions were settled, nearest first.

    Leaves the costs in `room.best`; whoever calls sets those of the settled back to infinity.
    """
    size = 0
    for i in range(many):
        seed, cost = room.seeds[i], room.seed_cost[i]
        if cost <= limit and cost < room.best[seed]:
            room.best[seed] = cost
            size = _push(room.keys, room.values, size, cost, seed)
    count = 0
    while size > 0:
        here, junction = room.keys[0], room.values[0]
        size = _pop(room.keys, room.values, size)
        if here > room.best[junction]:
            continue
        room.settled[count] = junction
        count += 1
        for arc in range(arcs.first[junction], arcs.first[junction + 1]):
            there = here + arcs.cost[arc]
            if there <= limit and there < room.best[arcs.head[arc]]:
                room.best[arcs.head[arc]] = there
                size = _push(room.keys, room.values, size, there, arcs.head[arc])
    return count


@njit(nogil=True, cache=True)
def junctions_within(arcs, sources, limit, begin, stop, room, found):  # type: ignore[no-untyped-def]
    """Every junction within `limit` of each source, from source `begin` until `stop` or until the output is full.

    Returns (first source not done, rows written).
    """
    rows = 0
    for i in range(begin, stop):
        room.seeds[0], room.seed_cost[0] = sources[i], 0.0
        count = _settle(arcs, 1, limit, room)
        full = rows + count > len(found.item)
        for j in range(count):
            junction = room.settled[j]
            if not full:
                found.item[rows + j], found.cost[rows + j] = junction, room.best[junction]
            room.best[junction] = np.inf
        if full:
            return i, rows
        found.count[i] = count
        rows += count
    return stop, rows


@njit(nogil=True, cache=True)
def _along(edges, edge, at, doors, place):  # type: ignore[no-untyped-def]
    """The cost from `at` straight along an edge to a door of the place on that same edge; infinite without one."""
    least = np.inf
    for i in range(doors.first[place], doors.first[place + 1]):
        if doors.edge[i] == edge:
            cost = 0.0
            if doors.at[i] > at:
                cost = (doors.at[i] - at) * edges.cost[edge]
            elif doors.at[i] < at:
                cost = (at - doors.at[i]) * edges.back[edge]
            least = min(least, cost + doors.cost[i])
    return least


@njit(nogil=True, cache=True)
def _seed(edges, doors, place, room):  # type: ignore[no-untyped-def]
    """Both ends of every edge with a door, and the cost of coming from there to the door; returns how many."""
    count = 0
    for i in range(doors.first[place], doors.first[place + 1]):
        edge, at = doors.edge[i], doors.at[i]
        # At a door right at the junction nothing is left to go, also where one may not go.
        room.seeds[count] = edges.start[edge]
        room.seed_cost[count] = doors.cost[i] + (at * edges.cost[edge] if at > 0.0 else 0.0)
        room.seeds[count + 1] = edges.end[edge]
        room.seed_cost[count + 1] = doors.cost[i] + ((1.0 - at) * edges.back[edge] if at < 1.0 else 0.0)
        count += 2
    return count


@njit(nogil=True, cache=True)
def _homes_on(edge, edges, homes, doors, place, limit, best, rows, found):  # type: ignore[no-untyped-def]
    """Write the homes of one edge that come in time; returns the new number of rows, or -1 where the output is full."""
    for home in range(homes.first[edge], homes.first[edge + 1]):
        at = homes.at[home]
        by_start = best[edges.start[edge]] + (at * edges.back[edge] if at > 0.0 else 0.0)
        by_end = best[edges.end[edge]] + ((1.0 - at) * edges.cost[edge] if at < 1.0 else 0.0)
        total = homes.cost[home] + min(by_start, by_end, _along(edges, edge, at, doors, place))
        if total <= limit:
            if rows == len(found.item):
                return -1
            found.item[rows], found.cost[rows] = home, total
            rows += 1
    return rows


@njit(nogil=True, cache=True)
def _own_edge(i, edges, doors, place, best):  # type: ignore[no-untyped-def]
    """Whether the edge of door `i` is still to be looked at: neither of its ends is in time, and no earlier door lies on it."""
    edge = doors.edge[i]
    for earlier in range(doors.first[place], i):
        if doors.edge[earlier] == edge:
            return False
    return best[edges.start[edge]] == np.inf and best[edges.end[edge]] == np.inf


@njit(nogil=True, cache=True)
def _homes_of_place(arcs, edges, homes, doors, place, limit, count, room, rows, found):  # type: ignore[no-untyped-def]
    for j in range(count):
        junction = room.settled[j]
        for arc in range(arcs.first[junction], arcs.first[junction + 1]):
            edge = arcs.edge[arc]
            # An edge between two settled junctions is looked at once: from its start.
            if arcs.forward[arc] or room.best[edges.start[edge]] == np.inf:
                rows = _homes_on(edge, edges, homes, doors, place, limit, room.best, rows, found)
                if rows < 0:
                    return rows
    for i in range(doors.first[place], doors.first[place + 1]):
        if _own_edge(i, edges, doors, place, room.best):
            rows = _homes_on(doors.edge[i], edges, homes, doors, place, limit, room.best, rows, found)
            if rows < 0:
                return rows
    return rows


@njit(nogil=True, cache=True)
def homes_within(arcs, edges, homes, doors, limit, begin, stop, room, found):  # type: ignore[no-untyped-def]
    """The homes that can be at each place within `limit`, and their cost; from place `begin` until `stop` or until the output is full.

    Returns (first place not done, rows written).
    """
    rows = 0
    for place in range(begin, stop):
        many = _seed(edges, doors, place, room)
        count = _settle(arcs, many, limit, room)
        after = _homes_of_place(arcs, edges, homes, doors, place, limit, count, room, rows, found)
        for j in range(count):
            room.best[room.settled[j]] = np.inf
        if after < 0:
            return place, rows
        found.count[place] = after - rows
        rows = after
    return stop, rows


@njit(nogil=True, cache=True)
def edges_within(arcs, edges, doors, place, limit, room, out_edge, out_start, out_end):  # type: ignore[no-untyped-def]
    """The edges with a part within `limit` of one place, each once, with the cost from both ends (infinite beyond the limit).

    Returns how many; the output has room for all edges.
    """
    many = _seed(edges, doors, place, room)
    count = _settle(arcs, many, limit, room)
    rows = 0
    for j in range(count):
        junction = room.settled[j]
        for arc in range(arcs.first[junction], arcs.first[junction + 1]):
            edge = arcs.edge[arc]
            if arcs.forward[arc] or room.best[edges.start[edge]] == np.inf:
                out_edge[rows], out_start[rows], out_end[rows] = edge, room.best[edges.start[edge]], room.best[edges.end[edge]]
                rows += 1
    for i in range(doors.first[place], doors.first[place + 1]):
        if _own_edge(i, edges, doors, place, room.best):
            out_edge[rows], out_start[rows], out_end[rows] = doors.edge[i], np.inf, np.inf
            rows += 1
    for j in range(count):
        room.best[room.settled[j]] = np.inf
    return rows
