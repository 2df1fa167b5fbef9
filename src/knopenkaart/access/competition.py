# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places serve the same people: two-step floating catchments, plain and enhanced, per function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.access import _kernels
from knopenkaart.access.setting import People, Places
from knopenkaart.access.slots import Week
from knopenkaart.access.tally import Tally, Times, nodes_of, over_pairs, pairs_of, seconds_of
from knopenkaart.policy import Policy
from knopenkaart.tables import COMPETITION, SUPPLY

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Catchments:
    """Per place the persons in its catchment (`demand`, and `weighted` by distance) and, per function, those `divided` over its rivals;
    per home and function the places per person (`supply`, `supply_weighted`) and the number of places in reach (`choices`)."""

    demand: Floats
    weighted: Floats
    divided: Floats
    supply: Floats
    supply_weighted: Floats
    choices: npt.NDArray[np.int32]


def floating_catchments(times: Callable[[], Times], found: Tally, who: People, where: Places, when: Week, *, policy: Policy) -> Catchments:
    """Two-step floating catchment (Luo and Wang 2003) and its enhanced form (Luo and Qi 2009), each node one unit of supply.

    Step 1: persons within the longest of the minutes of each node, those of a farther band weighing less in the enhanced form. Step 2: per
    home the sum over the nodes in reach of 1 / persons, with the same weights. `times` gives the travel times once more.
    """
    everybody = found.people[:, :, 0]
    demand = everybody[:, -1]
    rings = np.diff(everybody, axis=1, prepend=0.0)
    weights = np.array(policy.zone_weights)
    weighted = rings @ weights
    homes, functions = len(who.leaf), len(where.names)
    made = Catchments(
        demand=demand,
        weighted=weighted,
        divided=np.zeros((len(where.ids), functions)),
        supply=np.zeros((homes, functions)),
        supply_weighted=np.zeros((homes, functions)),
        choices=np.zeros((homes, functions), dtype=np.int32),
    )
    nodes, bands = nodes_of(where, when), seconds_of(policy)

    def look_around(pairs: _kernels.Pairs, low: int, high: int) -> None:
        _kernels.offer(pairs, nodes, bands, weights, demand, weighted, low, high, made.supply, made.supply_weighted, made.choices)

    over_pairs(times(), homes, look_around)
    residents = who.per_home
    for begin, matrix in times():
        _kernels.divided(pairs_of(begin, matrix), nodes, residents, made.choices, made.divided)
    return made


def competition(
    made: Catchments, rivals: npt.NDArray[np.int64], where: Places, *, within: pd.DataFrame, basis: str, policy: Policy
) -> pd.DataFrame:
    """COMPETITION: per node and function its persons and its `rivals` (places x functions); `within` tells which are complete."""
    place, function = np.nonzero(where.node[:, None] & ((where.functions[:, None] >> np.arange(len(where.names))) & 1).astype(bool))
    longest = within[(within["mode"] == "walk") & (within["minutes"] == policy.minutes[-1])].set_index("place_id")["complete"]
    return COMPETITION.check(
        pd.DataFrame(
            {
                "place_id": where.ids[place],
                "function": np.array(where.names, dtype=object)[function],
                "rivals": rivals[place, function],
                "people": made.demand[place],
                "people_weighted": made.weighted[place],
                "people_divided": made.divided[place, function],
                "basis": basis,
                "complete": longest.reindex(where.ids[place]).to_numpy(),
            }
        )
    )


def supply(made: Catchments, who: People, where: Places) -> pd.DataFrame:
    """SUPPLY: the mean over the residents of each area and group of the places per 1,000 persons that they can reach, per function."""
    placed = who.leaf >= 0
    per_leaf = [_mean_times_dwellings(values, placed, who) for values in (made.supply, made.supply_weighted)]
    everybody = np.bincount(who.leaf[placed], weights=who.dwellings[placed], minlength=len(who.size))
    rows = []
    for area, code in enumerate(who.areas):
        if not who.member[area].any():
            continue
        rate = who.of_area(area)
        people = rate.T @ everybody
        plain, enhanced = (rate.T @ values for values in per_leaf)
        rows += [
            {"area_code": code, "group": group, "function": name, "people": people[g], "basis": who.basis(area)}
            | {"per_1000": _per_1000(plain[g, f], people[g]), "per_1000_weighted": _per_1000(enhanced[g, f], people[g])}
            | {"complete": bool(who.complete[area])}
            for g, group in enumerate(who.groups)
            for f, name in enumerate(where.names)
        ]
    return SUPPLY.frame(rows)


def _mean_times_dwellings(values: Floats, placed: npt.NDArray[np.bool_], who: People) -> Floats:
    """Per leaf and function the sum of the values over its dwellings."""
    columns = [
        np.bincount(who.leaf[placed], weights=values[placed, function] * who.dwellings[placed], minlength=len(who.size))
        for function in range(values.shape[1])
    ]
    return np.column_stack(columns) if columns else np.zeros((len(who.size), 0))


def _per_1000(total: float, people: float) -> float | None:
    return 1000 * float(total) / float(people) if people > 0 else None
