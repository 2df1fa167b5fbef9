# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which of the places stay open where only some can: the nearest to everybody together (p-median), by greedy adding and interchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from knopenkaart.siting import _kernels as kernels

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# An exchange that gains less than this part of the total is rounding.
GAIN = 1e-12


@dataclass(frozen=True)
class Demand:
    """Who wants to be near: the `weight` (D) of each demand, its `distance` (D, V) to each place, and `none` (D), what no place costs.

    Infinite distances are those of places that cannot be reached, and cost as much as none.
    """

    weight: Floats
    distance: Floats
    none: Floats

    def __post_init__(self) -> None:
        demands, _ = self.distance.shape
        if self.weight.shape != (demands,) or self.none.shape != (demands,):
            raise ValueError("weight and none have a number per row of distance")
        if (self.weight < 0).any() or np.isnan(self.distance).any() or (self.distance < 0).any() or not np.isfinite(self.none).all():
            raise ValueError("weights and distances are at least 0, and none is finite")

    @property
    def places(self) -> int:
        return int(self.distance.shape[1])

    def capped(self) -> Floats:
        """Distances no larger than what it costs to have no place."""
        return np.minimum(self.distance, self.none[:, None])

    def near(self) -> sp.csr_array:
        """Distances below what it costs to have no place; others are not stored, and 0 is."""
        row, place = np.nonzero(self.distance < self.none[:, None])
        first = np.searchsorted(row, np.arange(len(self.weight) + 1))
        return sp.csr_array((self.distance[row, place].astype(float), place, first), shape=self.distance.shape)

    def total(self, opened: Sequence[int] | Longs) -> float:
        """The weighted distance of everybody to the nearest open place."""
        near = self.capped()[:, np.asarray(opened, dtype=np.int64)].min(axis=1, initial=np.inf)
        return float(self.weight @ np.minimum(near, self.none))


def greedy(demand: Demand) -> tuple[Longs, Floats]:
    """An order in which to keep places: each next one is that which brings everybody together nearest, and by how much it does.

    The order is nested: the first n are a choice of n, at worst (1 - 1/e) as good as the best one. Of equal places the first stays first.
    """
    by_place = sp.csc_array(demand.near())
    near, left = demand.none.astype(float).copy(), np.ones(demand.places, dtype=bool)
    order, gains = np.empty(demand.places, dtype=np.int64), np.empty(demand.places)
    for step in range(demand.places):
        gain = np.where(left, kernels.gains(demand.weight, near, by_place.indptr, by_place.indices, by_place.data), -1.0)
        best = int(gain.argmax())
        order[step], gains[step], left[best] = best, gain[best], False
        own = slice(by_place.indptr[best], by_place.indptr[best + 1])
        near[by_place.indices[own]] = np.minimum(near[by_place.indices[own]], by_place.data[own])
    return order, gains


def interchange(demand: Demand, opened: Sequence[int] | Longs) -> Longs:
    """The open places after exchanges, each the best there is, until none helps (Teitz and Bart 1968, as Resende and Werneck reckon it).

    Returns as many places as came in, in rising order. A local optimum: no proof that there is no better choice.
    """
    near, kept = demand.near(), np.asarray(opened, dtype=np.int64).copy()
    floor = GAIN * max(1.0, float(demand.weight @ demand.none))
    while len(kept) and len(kept) < demand.places:
        number = np.full(demand.places, -1)
        number[kept] = np.arange(len(kept))
        profit = kernels.profits(demand.weight, near.indptr, near.indices, near.data, demand.none, number, len(kept))
        gone, arrived = np.unravel_index(int(profit.argmax()), profit.shape)
        if profit[gone, arrived] <= floor:
            break
        kept[gone] = arrived
    return np.sort(kept)


def choose_places(
    demand: Demand, number: int, *, order: Longs | None = None, starts: int = 0, random: np.random.Generator | None = None
) -> Longs:
    """The places to keep where there can be `number`: exchanges from the greedy choice, and from so many random ones.

    Parameters: demand; number of places; `order` where greedy was reckoned before; `starts` random choices to begin from as well, drawn
    from `random`. Returns the best that was found, in rising order. Raises ValueError for another number than 1 to all places.
    """
    if not 1 <= number <= demand.places:
        raise ValueError(f"{number} of {demand.places} places")
    found = [interchange(demand, (greedy(demand)[0] if order is None else order)[:number])]
    draw = random or np.random.default_rng(0)
    found += [interchange(demand, draw.permutation(demand.places)[:number]) for _ in range(starts)]
    return min(found, key=demand.total)
