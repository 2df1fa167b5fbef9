# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One pass over the pairs of place and home: the people in reach of each place, and what is near each home."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from knopenkaart.access import _kernels
from knopenkaart.access.setting import People, Places
from knopenkaart.access.slots import Week
from knopenkaart.policy import Policy

Floats = npt.NDArray[np.float64]
Times = Iterator[tuple[int, csr_array]]
NOWHERE = -1


@dataclass(frozen=True)
class Tally:
    """People and their variance per place, band of minutes and group, and whether the number of them is `unknown` somewhere in reach;
    dwellings per place and band; what is near each home; and per leaf, thing looked for and daypart the dwellings that have one near that
    is `open`, and that `maybe` have."""

    people: Floats
    variance: Floats
    dwellings: Floats
    unknown: npt.NDArray[np.bool_]
    near: _kernels.Near
    open: Floats
    maybe: Floats


def tally(times: Times, who: People, where: Places, when: Week, *, policy: Policy) -> Tally:
    """Count over travel times (blocks of places x homes, seconds)."""
    bands = seconds_of(policy)
    count, homes, groups = len(where.ids), len(who.leaf), len(who.groups)
    things, slots = len(where.what), len(when.slots)
    result = Tally(
        people=np.zeros((count, len(bands), groups)),
        variance=np.zeros((count, len(bands), groups)),
        dwellings=np.zeros((count, len(bands))),
        unknown=np.zeros((count, len(bands), groups), dtype=bool),
        near=_nothing_near(homes, things, policy),
        open=np.zeros((len(who.size), things, slots)),
        maybe=np.zeros((len(who.size), things, slots)),
    )
    of, nodes = spread_of(who), nodes_of(where, when)
    # These are large, and of use until the dwellings are counted by them.
    masks = _kernels.Masks(*(np.zeros((homes, things), dtype=nodes.open.dtype) for _ in range(2)))
    scratch, touched = np.zeros((len(who.size), len(bands))), np.zeros(len(who.size), dtype=np.int32)
    near_band = policy.minutes.index(policy.near_min)

    def count_people(pairs: _kernels.Pairs) -> None:
        _kernels.people_within(pairs, of, bands, result.people, result.variance, result.dwellings, result.unknown, scratch, touched)

    def look_around(pairs: _kernels.Pairs, low: int, high: int) -> None:
        _kernels.nearest(pairs, nodes, bands, near_band, low, high, result.near, masks)

    over_pairs(times, homes, look_around, count_people)
    with ThreadPoolExecutor() as pool:
        for job in [
            pool.submit(_kernels.open_dwellings, who.leaf, who.dwellings, by_home, slots, by_leaf)
            for by_home, by_leaf in ((masks.open, result.open), (masks.maybe, result.maybe))
        ]:
            job.result()
    return result


def over_pairs(
    times: Times,
    homes: int,
    per_homes: Callable[[_kernels.Pairs, int, int], None],
    per_places: Callable[[_kernels.Pairs], None] | None = None,
) -> None:
    """Hand every block to `per_homes` for ranges of homes in threads, so that no two write to one home; and to `per_places` beside them."""
    threads = os.cpu_count() or 1
    borders = [homes * number // threads for number in range(threads + 1)]
    with ThreadPoolExecutor(threads + 1) as pool:
        for begin, matrix in times:
            pairs = pairs_of(begin, matrix)
            jobs = [pool.submit(per_homes, pairs, low, high) for low, high in pairwise(borders)]
            if per_places is not None:
                jobs.append(pool.submit(per_places, pairs))
            for job in jobs:
                job.result()


def over_rows(times: Times, per_rows: Callable[[_kernels.Pairs, int, int], None]) -> None:
    """Hand every block to `per_rows` for ranges of its places in threads, so that no two write to one place."""
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        for begin, matrix in times:
            pairs, rows = pairs_of(begin, matrix), matrix.shape[0]
            borders = [rows * number // threads for number in range(threads + 1)]
            for job in [pool.submit(per_rows, pairs, low, high) for low, high in pairwise(borders)]:
                job.result()


def pairs_of(begin: int, matrix: csr_array) -> _kernels.Pairs:
    """A block of travel times as the kernels want it."""
    return _kernels.Pairs(begin, matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float32))


def seconds_of(policy: Policy) -> npt.NDArray[np.float32]:
    """The bands of minutes in seconds."""
    return np.array(policy.minutes, dtype=np.float32) * 60


def spread_of(who: People) -> _kernels.Spread:
    """People as the kernels want them."""
    return _kernels.Spread(who.leaf, who.dwellings, who.street, who.size, who.rate, who.spread, who.rounding, who.known)


def nodes_of(where: Places, when: Week) -> _kernels.Nodes:
    """Places as the kernels want them."""
    small = np.uint32 if len(when.slots) <= np.iinfo(np.uint32).bits else np.uint64
    return _kernels.Nodes(where.node, where.functions, where.living_room, when.open.astype(small), when.maybe.astype(small))


def _nothing_near(homes: int, things: int, policy: Policy) -> _kernels.Near:
    bands = len(policy.minutes)
    return _kernels.Near(
        best=np.full((homes, things), np.inf, dtype=np.float32),
        place=np.full((homes, things), NOWHERE, dtype=np.int32),
        third=np.full((homes, policy.third), np.inf, dtype=np.float32),
        third_place=np.full((homes, policy.third), NOWHERE, dtype=np.int32),
        nodes=np.zeros((homes, bands), dtype=np.uint16),
        functions=np.zeros((homes, bands), dtype=np.uint32),
    )
