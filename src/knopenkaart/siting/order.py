# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which of the places stay open where only some can: the nearest to everybody together (p-median), by greedy adding and interchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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

    def total(self, opened: Sequence[int] | Longs) -> float:
        """The weighted distance of everybody to the nearest open place."""
        near = self.capped()[:, np.asarray(opened, dtype=np.int64)].min(axis=1, initial=np.inf)
        return float(self.weight @ np.minimum(near, self.none))


def greedy(demand: Demand) -> tuple[Longs, Floats]:
    """An order in which to keep places: each next one is that which brings everybody together nearest, and by how much it does.

    The order is nested: the first n are a choice of n, at worst (1 - 1/e) as good as the best one. Of equal places the first stays first.
    """
    distance, weight = demand.capped(), demand.weight
    near, left = demand.none.astype(float).copy(), np.ones(demand.places, dtype=bool)
    order, gains = np.empty(demand.places, dtype=np.int64), np.empty(demand.places)
    for step in range(demand.places):
        gain = np.where(left, weight @ np.maximum(near[:, None] - distance, 0.0), -1.0)
        best = int(gain.argmax())
        order[step], gains[step], left[best] = best, gain[best], False
        np.minimum(near, distance[:, best], out=near)
    return order, gains


def interchange(demand: Demand, opened: Sequence[int] | Longs) -> Longs:
    """The open places after exchanges, each the best there is, until none helps (Teitz and Bart 1968, as Resende and Werneck reckon it).

    Returns as many places as came in, in rising order. A local optimum: no proof that there is no better choice.
    """
    distance, kept = demand.capped(), np.asarray(opened, dtype=np.int64).copy()
    floor = GAIN * max(1.0, float(demand.weight @ demand.none))
    while len(kept) and len(kept) < demand.places:
        near, gone, arrived = _best_exchange(demand, distance, kept)
        if near <= floor:
            break
        kept[gone] = arrived
    return np.sort(kept)


def _best_exchange(demand: Demand, distance: Floats, kept: Longs) -> tuple[float, int, int]:
    """What the best exchange gains, which of the kept goes (its number in `kept`) and which place comes."""
    open_now = distance[:, kept]
    order = np.argsort(open_now, axis=1, kind="stable")[:, :2]
    rows, first = np.arange(len(distance)), order[:, 0]
    nearest = open_now[rows, first]
    second = open_now[rows, order[:, 1]] if len(kept) > 1 else demand.none
    others = np.setdiff1d(np.arange(demand.places), kept)
    away = distance[:, others]
    gain = demand.weight @ np.maximum(nearest[:, None] - away, 0.0)
    # Who loses the nearest place goes to the second, or to the one that comes; who would go to that one anyway loses nothing.
    lost = demand.weight[:, None] * np.maximum(np.minimum(second[:, None], np.maximum(away, nearest[:, None])) - nearest[:, None], 0.0)
    loss = np.zeros((len(kept), len(others)))
    np.add.at(loss, first, lost)
    profit = gain[None, :] - loss
    gone, arrived = np.unravel_index(int(profit.argmax()), profit.shape)
    return float(profit[gone, arrived]), int(gone), int(others[arrived])


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
