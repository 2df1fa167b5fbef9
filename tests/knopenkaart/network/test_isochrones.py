# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground within reach: around the streets, as far as one comes in time, and no farther."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import shapely
import toytown

from knopenkaart.network.distances import doors_on
from knopenkaart.network.graph import edges, graph
from knopenkaart.network.isochrones import AROUND_M, isochrones, sampled
from knopenkaart.network.snap import snap
from knopenkaart.policy import Policy
from knopenkaart.tables import STREETS

POLICY = Policy()


def grounds(table: pd.DataFrame, *places: toytown.Spot, minutes: tuple[int, ...] = (2, 5, 15), mode: str = "walk") -> list[list[Any]]:
    """The shapes of each place in Toytown's metres."""
    doors = snap(table, *toytown.lonlat(places), mode=mode, max_m=250).assign(place=range(len(places)))
    of = graph(table, mode, policy=POLICY)
    found = isochrones(of, sampled(table), doors_on(of, doors, places=len(places), policy=POLICY), minutes=minutes)
    return [toytown.metres(shapes) for shapes in found]


@pytest.fixture(scope="module")
def town() -> pd.DataFrame:
    return edges(toytown.streets(), toytown.points(), policy=POLICY)[0]


def test_it_reaches_as_far_along_the_street_as_one_walks_in_the_time(town: pd.DataFrame) -> None:
    # Two minutes are 160 metres, from the middle of a street of 400.
    ground = grounds(town, (200, 0))[0][0]
    west, south, east, north = ground.bounds
    assert (west, east) == pytest.approx((200 - 160 - AROUND_M, 200 + 160 + AROUND_M), abs=15)
    assert (south, north) == pytest.approx((-AROUND_M, AROUND_M), abs=15)


def test_it_goes_round_the_corner(town: pd.DataFrame) -> None:
    ground = grounds(town, (0, 0))[0][0]
    assert ground.covers(shapely.Point(150, 0))
    assert ground.covers(shapely.Point(0, 150))
    assert not ground.covers(shapely.Point(150, 150))


def test_more_minutes_hold_what_fewer_hold(town: pd.DataFrame) -> None:
    two, five, fifteen = grounds(town, (390, 0))[0]
    assert five.buffer(12).covers(two)
    assert fifteen.buffer(12).covers(five)
    assert two.area < five.area < fifteen.area


def test_the_inside_of_a_block_that_is_too_large_to_be_a_block_of_houses_stays_a_hole(town: pd.DataFrame) -> None:
    ground = grounds(town, (400, 400))[0][2]
    assert not ground.covers(shapely.Point(200, 200))
    small = STREETS.frame(
        {**toytown.street([(x, y), (u, v)]), "source_id": f"way/{n}"}
        for n, ((x, y), (u, v)) in enumerate([((0, 0), (150, 0)), ((150, 0), (150, 150)), ((150, 150), (0, 150)), ((0, 150), (0, 0))])
    )
    assert grounds(edges(small, toytown.points(), policy=POLICY)[0], (0, 0))[0][2].covers(shapely.Point(75, 75))


def test_against_a_one_way_street_nobody_comes_by_bicycle() -> None:
    lane = STREETS.frame(
        [toytown.street([(0, 0), (1000, 0)], cycle="forward"), {**toytown.street([(1000, 0), (1000, 300)]), "source_id": "b"}]
    )
    table = edges(lane, toytown.points(), policy=Policy(island_m=0.0))[0].assign(cycle_island=False)
    ground = grounds(table, (500, 0), mode="cycle", minutes=(2,))[0][0]
    west, _, east, _ = ground.bounds
    assert west == pytest.approx(500 - 500 - AROUND_M, abs=15)
    assert east == pytest.approx(500 + AROUND_M, abs=15)


def test_several_places_and_one_without_a_street(town: pd.DataFrame) -> None:
    one, none, other = grounds(town, (0, 0), (9000, 0), (800, 800))
    assert [shape.is_empty for shape in none] == [True, True, True]
    assert one[0].area == pytest.approx(other[0].area, rel=0.02)


def test_every_shape_is_a_valid_multipolygon(town: pd.DataFrame) -> None:
    for shapes in grounds(town, (0, 0), (390, 10), (400, 400)):
        assert all(shape.is_valid and shape.geom_type == "MultiPolygon" for shape in shapes)
