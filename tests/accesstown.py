# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three places and four homes with every travel time given, so that each figure of reach can be added up by heart.

seconds   home 0   home 1   home 2   home 3        leaf west: homes 0 and 1, of 1 dwelling, 2 people each, of whom 0.5 young
hall         100      400      700        -        leaf east: homes 2 and 3, of 2 dwellings, 3 people each, of whom 1.5 young
cafe           -      200      300      800        hall: meet, a living room; cafe: meet and eat, a living room;
mosque       850        -      299        -        mosque: eat
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from knopenkaart.access.complete import Grounds
from knopenkaart.access.setting import People, Places, people, places
from knopenkaart.access.slots import Week
from knopenkaart.policy import Policy
from knopenkaart.tables import COVERAGE, HOMES, PLACES, RESIDENTS
from knopenkaart.vocabulary import load_vocabulary

FUNCTIONS = ("meet", "eat")
# No margin for rounding and a plain spread, unless a test wants it.
POLICY = Policy()
TIMES = {(0, 0): 100, (0, 1): 400, (0, 2): 700, (1, 1): 200, (1, 2): 300, (1, 3): 800, (2, 0): 850, (2, 2): 299}


def matrix(times: Mapping[tuple[int, int], float], shape: tuple[int, int]) -> csr_array:
    """Seconds of places x homes; what is not named is out of reach."""
    rows, columns = np.array(list(times)).T
    return csr_array((np.array(list(times.values()), dtype=np.float32), (rows, columns)), shape=shape)


def blocks(whole: csr_array, size: int = 2) -> Iterator[tuple[int, csr_array]]:
    """The matrix as it comes: a few places at a time."""
    for begin in range(0, whole.shape[0], size):
        yield begin, whole[begin : begin + size]


def town(size: int = 2) -> Iterator[tuple[int, csr_array]]:
    """The travel times of the town above."""
    return blocks(matrix(TIMES, (3, 4)), size)


def homes(
    leaves: Sequence[str],
    dwellings: Sequence[float],
    *,
    wijk: str = "wijk",
    snapped: Sequence[bool] | None = None,
    sure_m: Sequence[float | None] | None = None,
) -> pd.DataFrame:
    """HOMES in leaves (buurten) of one wijk and municipality."""
    on_street = [True] * len(leaves) if snapped is None else snapped
    sure = [None] * len(leaves) if sure_m is None else sure_m
    return HOMES.frame(
        {
            "home": number,
            "lon": 5.0,
            "lat": 52.0,
            "basis": "address",
            "dwellings": many,
            "area_code": leaf,
            "buurt_code": leaf,
            "wijk_code": wijk,
            "municipality_code": "town",
            "walk_edge": 0 if on else None,
            "sure_m": metres,
        }
        for number, (leaf, many, on, metres) in enumerate(zip(leaves, dwellings, on_street, sure, strict=True))
    )


def residents(leaves: Mapping[str, tuple[float, Mapping[str, float]]], *, basis: str = "published", width: float = 0.0) -> pd.DataFrame:
    """RESIDENTS: per leaf its dwellings and the people per dwelling of each group; the wijk and town above, where all have the group."""
    rows: list[dict[str, Any]] = []
    groups = list(dict.fromkeys(group for _, rates in leaves.values() for group in rates))
    for leaf, (dwellings, rates) in leaves.items():
        for group, rate in rates.items():
            rows.append(_row(leaf, "buurt", group, rate * dwellings, dwellings, basis, width) | {"per_dwelling": rate})
    for code, level in (("wijk", "wijk"), ("town", "municipality")):
        for group in (group for group in groups if all(group in rates for _, rates in leaves.values())):
            total = sum(dwellings * rates[group] for dwellings, rates in leaves.values())
            rows.append(_row(code, level, group, total, sum(dwellings for dwellings, _ in leaves.values()), basis, width))
    return RESIDENTS.frame(rows)


def _row(code: str, level: str, group: str, people_: float, dwellings: float, basis: str, width: float) -> dict[str, Any]:
    row = {"area_code": code, "level": level, "group": group, "basis": basis, "people": people_, "placed": people_}
    row |= {"low": people_ - width / 2, "high": people_ + width / 2, "not_covered": 0, "no_home": 0, "no_street": 0}
    return row | {"homes": 1, "dwellings": dwellings}


def coverage(**status: str) -> pd.DataFrame:
    """COVERAGE: a status per area."""
    return COVERAGE.frame(
        {"area_code": code, "level": "buurt", "addresses": 1, "status": value, "reason": "addresses"} for code, value in status.items()
    )


WEST_EAST = {"west": (2.0, {"all": 2.0, "young": 0.5}), "east": (4.0, {"all": 3.0, "young": 1.5})}


def somebody(*, policy: Policy = POLICY, sure_m: Sequence[float | None] | None = None, **more: Any) -> People:
    """The people of the town above."""
    table = homes(["west", "west", "east", "east"], [1, 1, 2, 2], sure_m=sure_m)
    return people(
        table, residents(WEST_EAST, **more), coverage(west="covered", east="covered", wijk="covered", town="partial"), policy=policy
    )


def place_rows(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """PLACES with what a test says of each, in order."""
    usual = {"kind": "community_centre", "archetype": "living_room", "archetype_assumed": True, "status": "open", "small_spot": False}
    usual |= {"digital": False, "neighbour": False, "lon": 5.0, "lat": 52.0, "source": "osm", "functions": ["meet"]}
    return PLACES.frame(usual | {"id": f"p{number}", "source_id": f"node/{number}"} | dict(row) for number, row in enumerate(rows))


TABLE = place_rows(
    {"id": "hall", "opening_hours": "Mo-Fr 09:00-17:00"},
    {"id": "cafe", "functions": ["meet", "eat"], "opening_hours": "Mo 20:00-22:00"},
    {"id": "mosque", "functions": ["eat"], "archetype": "village_square", "kind": "mosque"},
)


def somewhere(table: pd.DataFrame = TABLE) -> Places:
    """The places of the town above."""
    return places(table, functions=FUNCTIONS, counting={"community_centre", "mosque"})


def whole(where: Places) -> Grounds:
    """All ground within reach is covered and lies in the study."""
    many = len(where.ids)
    return Grounds(complete=np.ones(many, dtype=bool), border=np.zeros(many, dtype=bool), inside=np.ones(many))


def never_known(where: Places) -> Week:
    """Nobody knows when anything is open."""
    slots = load_vocabulary().week()
    nothing = np.zeros(len(where.ids), dtype=np.uint64)
    return Week(slots, nothing, np.full(len(where.ids), (1 << len(slots)) - 1, dtype=np.uint64))
