# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places serve the same people: two-step floating catchments, plain and enhanced, per function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.access import _kernels
from knopenkaart.access.complete import Grounds
from knopenkaart.access.setting import People, Places
from knopenkaart.access.slots import Week
from knopenkaart.access.tally import Tally, Times, nodes_of, over_pairs, over_rows, seconds_of
from knopenkaart.policy import Policy
from knopenkaart.tables import COMPETITION, SUPPLY

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Catchments:
    """Per place what it has to `offer`, and per function the persons in its catchment `divided` over the places that they can reach, and
    the number of its `rivals`; per home the `supply`."""

    offer: _kernels.Offer
    supply: _kernels.Supply
    divided: Floats
    rivals: npt.NDArray[np.int32]


def floating_catchments(
    times: Callable[[], Times], found: Tally, who: People, where: Places, when: Week, *, grounds: Grounds, policy: Policy
) -> Catchments:
    """Two-step floating catchment (Luo and Wang 2003) and its enhanced form (Luo and Qi 2009). A node is one unit of supply; of one whose
    ground (`grounds`: on foot within the longest of the minutes) lies partly across the border, the part that lies in the study.

    Step 1: persons within the longest of the minutes of each node, those of a farther band weighing less in the enhanced form. Step 2: per
    home the sum over the nodes in reach of unit / persons, with the same weights. `times` gives the travel times once more.
    """
    everybody = found.people[:, :, 0]
    demand = everybody[:, -1]
    rings = np.diff(everybody, axis=1, prepend=0.0)
    weights = np.array(policy.zone_weights)
    homes, shape = len(who.leaf), (len(where.ids), len(where.names))
    offer = _kernels.Offer(
        demand=demand,
        weighted=rings @ weights,
        unit=grounds.inside,
        complete=grounds.complete,
        border=grounds.border,
    )
    made = Catchments(offer, _nothing(found.near.nodes[:, -1], shape[1]), divided=np.zeros(shape), rivals=np.zeros(shape, dtype=np.int32))
    nodes, bands = nodes_of(where, when), seconds_of(policy)

    def look_around(pairs: _kernels.Pairs, low: int, high: int) -> None:
        _kernels.offer(pairs, nodes, bands, weights, offer, low, high, made.supply)

    over_pairs(times(), homes, look_around)
    residents = who.per_home

    def divide(pairs: _kernels.Pairs, low: int, high: int) -> None:
        seen = np.full(len(where.ids), -1, dtype=np.int32)
        _kernels.divide(pairs, nodes, residents, made.supply, low, high, seen, made.divided, made.rivals)

    over_rows(times(), divide)
    return made


def _nothing(nodes: npt.NDArray[np.uint16], functions: int) -> _kernels.Supply:
    """Room for what each home has in reach, of which it has so many nodes."""
    homes, first = len(nodes), np.concatenate([[0], np.cumsum(nodes, dtype=np.int64)])
    return _kernels.Supply(
        plain=np.zeros((homes, functions), dtype=np.float32),
        weighted=np.zeros((homes, functions), dtype=np.float32),
        choices=np.zeros((homes, functions), dtype=np.uint16),
        doubtful=np.zeros(homes, dtype=np.uint32),
        across=np.zeros(homes, dtype=np.uint32),
        first=first,
        filled=np.zeros(homes, dtype=np.int32),
        place=np.empty(first[-1], dtype=np.int32),
    )


def competition(made: Catchments, where: Places, *, basis: str) -> pd.DataFrame:
    """COMPETITION: per node and function its persons, how they divide themselves, and its rivals."""
    place, function = np.nonzero(where.node[:, None] & ((where.functions[:, None] >> np.arange(len(where.names))) & 1).astype(bool))
    return COMPETITION.check(
        pd.DataFrame(
            {
                "place_id": where.ids[place],
                "function": np.array(where.names, dtype=object)[function],
                "rivals": made.rivals[place, function],
                "people": made.offer.demand[place],
                "people_weighted": made.offer.weighted[place],
                "people_divided": made.divided[place, function],
                "basis": basis,
                "complete": made.offer.complete[place],
                "border": made.offer.border[place],
            }
        )
    )


def supply(made: Catchments, who: People, where: Places, *, policy: Policy) -> pd.DataFrame:
    """SUPPLY: the mean over the residents of each area and group of the places per 1,000 persons that they can reach, per function."""
    offered = made.supply
    ends = who.sure_s("walk", policy) < policy.limit_s
    each = range(len(where.names))
    plain, enhanced = (_per_leaf((values[:, f] for f in each), who) for values in (offered.plain, offered.weighted))
    reached = _per_leaf((offered.choices[:, f] > 0 for f in each), who)
    complete = who.sure_of(_per_leaf((ends | _has(offered.doubtful, f) for f in each), who))
    placed = who.placed
    crosses = who.member @ (_per_leaf((_has(offered.across, f) for f in each), who) > 0)
    rows = []
    for area, code, basis in who.inhabited():
        leaves = who.leaves_of(area)
        rate = who.rate[leaves]
        people, able, *supplied = (rate.T @ values[leaves] for values in (placed, reached, plain, enhanced))
        rows += [
            {"area_code": code, "group": who.groups[g], "function": name, "people": people[g], "reached": able[g, f], "basis": basis}
            | {column: _per_1000(total[g, f], people[g]) for column, total in zip(("per_1000", "per_1000_weighted"), supplied, strict=True)}
            | {"complete": complete[area, f], "border": crosses[area, f]}
            for g in np.flatnonzero(who.told[area]).tolist()
            for f, name in enumerate(where.names)
        ]
    return SUPPLY.frame(rows)


def _per_leaf(per_function: Iterable[npt.NDArray[Any]], who: People) -> Floats:
    """Per leaf and function the sum of the values of the homes over their dwellings."""
    placed = who.leaf >= 0
    leaf, dwellings = who.leaf[placed], who.dwellings[placed]
    columns = [np.bincount(leaf, weights=values[placed] * dwellings, minlength=len(who.size)) for values in per_function]
    return np.column_stack(columns) if columns else np.zeros((len(who.size), 0))


def _has(masks: npt.NDArray[np.uint32], function: int) -> npt.NDArray[np.bool_]:
    return ((masks >> np.uint32(function)) & np.uint32(1)).astype(bool)


def _per_1000(total: float, people: float) -> float | None:
    return 1000 * float(total) / float(people) if people > 0 else None
