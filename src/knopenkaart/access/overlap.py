# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pairs and clusters of places that share most of their people."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from knopenkaart.access import _kernels
from knopenkaart.access.complete import Grounds
from knopenkaart.access.setting import People, Places
from knopenkaart.access.tally import Times
from knopenkaart.policy import Policy
from knopenkaart.tables import OVERLAPS

Floats = npt.NDArray[np.float64]
_BLOCK = 512
_ROOM = 1 << 16
# The part of a sum that its rounding may make out.
_DIGITS = 1e-9


@dataclass(frozen=True)
class Shared:
    """Pairs of nodes (rows `one` < `other`) that share enough of their people, and how many; of each place its people `alone`."""

    one: npt.NDArray[np.integer[Any]]
    other: npt.NDArray[np.integer[Any]]
    people: Floats
    alone: Floats


def shared(times: Times, who: People, where: Places, *, policy: Policy) -> Shared:
    """Residents that two nodes both have within `policy.near_min` minutes: `policy.overlap_share` of those of each, or more."""
    near = _near(times, where, len(who.leaf), policy.near_min * 60.0)
    residents = who.per_home
    alone = near @ residents
    around = near.T.tocsr()
    ends = [arrays.astype(np.int64) for arrays in (near.indptr, around.indptr)]
    by_place, by_home = (ends[0], near.indices), (ends[1], around.indices)

    def work(begin: int) -> list[Any]:
        stop = min(begin + _BLOCK, len(where.ids))
        return list(_shared_by(by_place, by_home, residents, alone, policy.overlap_share, begin, stop))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [part for parts in pool.map(work, range(0, len(where.ids), _BLOCK)) for part in parts]
    nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0)
    one, other, people = (np.concatenate(part) for part in zip(nothing, *found, strict=True))
    # Added up in another order a sum differs in its last digits: who shares all would share a little less, and nobody shares more than all.
    all_of = np.minimum(alone[one], alone[other])
    people = np.where(people >= all_of * (1 - _DIGITS), all_of, people)
    return Shared(one, other, people, alone)


def _shared_by(by_place: Any, by_home: Any, residents: Floats, alone: Floats, least: float, begin: int, stop: int) -> Iterator[Any]:
    """The pairs of some places, as much at a time as there is room for."""
    places = len(alone)
    sums, touched = np.zeros(places), np.empty(places, dtype=np.int32)
    while begin < stop:
        # One place has a pair with each other one at most.
        out = np.empty(places + _ROOM, dtype=np.int32), np.empty(places + _ROOM, dtype=np.int32), np.empty(places + _ROOM)
        # In a sum that is a little less for its last digits enough is enough too.
        begin, written = _kernels.share(by_place, by_home, residents, alone, least * (1 - _DIGITS), begin, stop, sums, touched, out)
        yield tuple(part[:written] for part in out)


def _near(times: Iterable[tuple[int, csr_array]], where: Places, homes: int, limit_s: float) -> csr_array:
    """Every node and every home within the limit (its values are ones); places that are no node have none."""
    blocks = []
    for begin, matrix in times:
        row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
        kept = (matrix.data <= limit_s) & where.node[begin + row]
        first = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=matrix.shape[0]))])
        blocks.append(csr_array((np.ones(int(kept.sum()), dtype=np.float32), matrix.indices[kept], first), shape=matrix.shape))
    near: Any = vstack(blocks, format="csr") if blocks else csr_array((len(where.ids), homes), dtype=np.float32)
    # In one order, so that who has the same people near has the same sum.
    near.sort_indices()
    return csr_array(near)


def overlaps(of: Shared, where: Places, *, grounds: Grounds, policy: Policy) -> pd.DataFrame:
    """OVERLAPS with clusters, in which each place shares that much with each other place; `grounds` on foot within `policy.near_min`."""
    cluster = _clusters(of, len(where.ids), policy)
    both = where.functions[of.one] & where.functions[of.other]
    return OVERLAPS.check(
        pd.DataFrame(
            {
                "place_a": where.ids[of.one],
                "place_b": where.ids[of.other],
                "minutes": policy.near_min,
                "people_a": of.alone[of.one],
                "people_b": of.alone[of.other],
                "shared": of.people,
                "share_a": of.people / of.alone[of.one],
                "share_b": of.people / of.alone[of.other],
                "functions": [_names(mask, where.names) for mask in both.tolist()],
                "cluster": pd.array(np.where(cluster[of.one] == cluster[of.other], cluster[of.one], -1), dtype="Int64"),
                "complete": grounds.complete[of.one] & grounds.complete[of.other],
                "border": grounds.border[of.one] | grounds.border[of.other],
            }
        ).pipe(lambda table: table.assign(cluster=table["cluster"].where(table["cluster"] >= 0)))
    )


def _names(mask: int, names: tuple[str, ...]) -> list[str]:
    return [name for number, name in enumerate(names) if mask >> number & 1]


def _clusters(of: Shared, places: int, policy: Policy) -> npt.NDArray[np.int64]:
    """A number per place: complete linkage, so that no chain of neighbours makes one cluster of a whole town."""
    least = of.people / np.maximum(of.alone[of.one], of.alone[of.other]) if len(of.people) else of.people
    links = coo_array((np.ones(len(of.one)), (of.one, of.other)), shape=(places, places))
    _, part = connected_components(links, directed=False)
    numbers = np.arange(places, dtype=np.int64)
    for group in np.flatnonzero(np.bincount(part, minlength=1) > 2).tolist():
        members = np.flatnonzero(part == group)
        inside = np.isin(of.one, members)
        away = _distances(of.one[inside], of.other[inside], least[inside], members)
        flat = fcluster(linkage(squareform(away), method="complete"), t=1 - policy.overlap_share + 1e-9, criterion="distance")
        numbers[members] = members[np.array([np.flatnonzero(flat == own)[0] for own in flat])]
    for a, b in zip(of.one.tolist(), of.other.tolist(), strict=True):
        if np.count_nonzero(part == part[a]) == 2:
            numbers[b] = a
    return numbers


def _distances(one: Any, other: Any, least: Floats, members: Any) -> Floats:
    """One minus the share that two places have in common, of the larger of both catchments."""
    away = np.ones((len(members), len(members)))
    rows, columns = np.searchsorted(members, one), np.searchsorted(members, other)
    away[rows, columns] = away[columns, rows] = 1 - least
    np.fill_diagonal(away, 0.0)
    return away
