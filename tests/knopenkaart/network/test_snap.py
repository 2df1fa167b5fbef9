# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Homes and doors meet the nearest street that one may use, anywhere along it."""

from __future__ import annotations

import pandas as pd
import pytest
import toytown

from knopenkaart.network.graph import edges
from knopenkaart.network.snap import snap, snap_homes
from knopenkaart.policy import Policy
from knopenkaart.tables import EDGES, HOMES, STREETS

POLICY = Policy()


def snapped(table: pd.DataFrame, *spots: toytown.Spot, mode: str = "walk", max_m: float = 250.0) -> list[tuple[float, float] | None]:
    """Distance from crossing 0 along the nearest edge, and to it; None where there is none."""
    lon, lat = toytown.lonlat(spots)
    found = snap(table, lon, lat, mode=mode, max_m=max_m)
    return [None if pd.isna(row.edge) else (round(row.at_m, 1), round(row.snap_m, 1)) for row in found.itertuples()]


@pytest.fixture
def town() -> pd.DataFrame:
    return edges(toytown.streets(), toytown.points(), policy=POLICY)[0]


def test_a_home_meets_the_street_beside_it_not_the_nearest_crossing(town: pd.DataFrame) -> None:
    assert snapped(town, (150, 12), (8, 390)) == [(150.0, 12.0), (390.0, 8.0)]


def test_the_answers_are_in_the_order_of_the_questions(town: pd.DataFrame) -> None:
    assert snapped(town, (150, 12), (5000, 5000), (8, 390)) == [(150.0, 12.0), None, (390.0, 8.0)]


def test_beyond_the_limit_there_is_no_street(town: pd.DataFrame) -> None:
    assert snapped(town, (200, -251)) == [None]
    assert snapped(town, (200, -249)) == [(200.0, 249.0)]


def test_nothing_meets_an_island() -> None:
    far = toytown.street([(100, 100), (300, 100)])
    table = edges(toytown.streets(far), toytown.points(), policy=POLICY)[0]
    assert snapped(table, (200, 90)) == [(200.0, 90.0)]


def test_a_street_for_bicycles_only_is_met_by_bicycle_only() -> None:
    track = [toytown.street([(0, 0), (100, 200)], walk=False), toytown.street([(100, 200), (400, 0)], walk=False)]
    table = edges(toytown.streets(*track), toytown.points(), policy=POLICY)[0]
    assert snapped(table, (100, 199))[0] == (199.0, 100.0)
    assert snapped(table, (100, 199), mode="cycle")[0][1] < 1  # type: ignore[index]


def test_nobody_lives_on_a_ferry() -> None:
    ferry = toytown.street([toytown.crossing(0), toytown.crossing(4)], highway="ferry")
    table = edges(toytown.streets(ferry), toytown.points(), policy=POLICY)[0]
    assert snapped(table, (150, 140)) == [(150.0, 140.0)]


def test_homes_keep_their_rows_and_get_both_ways_of_going() -> None:
    lon, lat = toytown.lonlat([(150, 12), (5000, 5000)])
    rows = [
        {
            "home": number,
            "lon": lon[number],
            "lat": lat[number],
            "basis": "address",
            "dwellings": 1,
            "area_code": "A",
            "municipality_code": "M",
        }
        for number in range(2)
    ]
    table = edges(toytown.streets(), toytown.points(), policy=POLICY)[0]
    homes = snap_homes(HOMES.frame(rows), table, policy=POLICY)
    assert list(homes["home"]) == [0, 1]
    assert homes["walk_snap_m"].tolist()[0] == pytest.approx(12, abs=0.05)
    assert homes["cycle_at_m"].tolist()[0] == pytest.approx(150, abs=0.05)
    assert homes.loc[1, ["walk_edge", "cycle_edge"]].isna().all()


def test_without_streets_nothing_is_met() -> None:
    assert snapped(EDGES.empty(), (0, 0)) == [None]
    only_water = edges(STREETS.frame([toytown.street([(0, 0), (9, 9)], highway="ferry")]), toytown.points(), policy=POLICY)[0]
    assert snapped(only_water, (0, 0)) == [None]
