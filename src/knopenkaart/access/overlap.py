# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pairs and clusters of places that share most of their people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array, csr_array, diags_array, vstack
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from knopenkaart.access.complete import Grounds
from knopenkaart.access.setting import People, Places
from knopenkaart.access.tally import Times
from knopenkaart.policy import Policy
from knopenkaart.tables import OVERLAPS

Floats = npt.NDArray[np.float64]
_BLOCK = 512
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
    found = []
    transposed = near.T.tocsr()
    for begin in range(0, len(where.ids), _BLOCK):
        both = coo_array((near[begin : begin + _BLOCK] @ diags_array(residents)) @ transposed)
        one, other, people = both.coords[0] + begin, both.coords[1], both.data
        most = np.maximum(alone[one], alone[other])
        kept = (one < other) & (people >= policy.overlap_share * most) & (most > 0)
        found.append((one[kept], other[kept], people[kept]))
    nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0)
    one, other, people = (np.concatenate(part) for part in zip(nothing, *found, strict=True))
    # Added up in another order a sum differs in its last digits: who shares all would share a little less, and nobody shares more than all.
    all_of = np.minimum(alone[one], alone[other])
    people = np.where(people >= all_of * (1 - _DIGITS), all_of, people)
    return Shared(one, other, people, alone)


def _near(times: Iterable[tuple[int, csr_array]], where: Places, homes: int, limit_s: float) -> csr_array:
    """A one for every node and every home within the limit; places that are no node have none."""
    blocks = []
    for begin, matrix in times:
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        kept = (matrix.data <= limit_s) & where.node[begin + row]
        ones = np.ones(int(kept.sum()))
        blocks.append(csr_array((ones, (row[kept], matrix.indices[kept])), shape=matrix.shape))
    near = csr_array(vstack(blocks)) if blocks else csr_array((len(where.ids), homes))
    # In one order, so that who has the same people near has the same sum.
    near.sort_indices()
    return near


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
