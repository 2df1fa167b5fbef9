# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where people live: addresses, else squares, else along the streets; each spot in the smallest area with figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from knopenkaart.policy import Policy
from knopenkaart.population.assumed import Assumed
from knopenkaart.population.homes import homes
from knopenkaart.population.residents import residents
from knopenkaart.tables import ADDRESSES, AREAS, CELLS, FIGURES, HOMES, STREETS

PEOPLE = {"GM0001": 1000.0, "WK000101": 600.0, "WK000102": 400.0, "BU00010101": 400.0, "BU00010102": 200.0, "BU00010201": 400.0}


def made(town: Any, **given: Any) -> pd.DataFrame:
    defaults: dict[str, Any] = {
        "areas": town.areas(),
        "figures": town.figures(population=PEOPLE),
        "coverage": town.coverage(),
        "addresses": ADDRESSES.empty(),
        "streets": STREETS.empty(),
        "cells": CELLS.empty(),
        "assumed": {},
        "policy": Policy(),
    }
    chosen = defaults | given
    return homes(chosen.pop("areas"), chosen.pop("figures"), **chosen)


def per_area(found: pd.DataFrame) -> dict[str, tuple[str, int, float]]:
    """Area -> basis, homes, dwellings."""
    grouped = found.groupby("area_code")
    return {code: (rows["basis"].iloc[0], len(rows), round(float(rows["dwellings"].sum()), 3)) for code, rows in grouped}


# --- areas --------------------------------------------------------------------------------------------------------------


def test_a_home_lies_in_the_smallest_area_whose_people_are_known(town: Any) -> None:
    spots = town.addresses((500, 500), (500, 1500), (1500, 500))
    found = made(town, addresses=spots)
    assert found["area_code"].tolist() == [town.south, town.north, town.single]
    assert found["home"].tolist() == [0, 1, 2]
    row = found.iloc[1]
    assert (row["municipality_code"], row["wijk_code"], row["buurt_code"]) == (town.gm, town.west, town.north)
    assert found[[name for name in HOMES.columns if name.startswith(("walk_", "cycle_"))]].isna().all().all()


def test_without_figures_of_buurten_the_wijk_is_the_smallest(town: Any) -> None:
    of_wijken = {code: value for code, value in PEOPLE.items() if not code.startswith("BU")}
    found = made(town, addresses=town.addresses((500, 500), (1500, 500)), figures=town.figures(population=of_wijken))
    assert found["area_code"].tolist() == [town.west, town.east]
    assert found["buurt_code"].tolist() == [town.south, town.single], "the buurt is known all the same"


def test_without_any_figure_the_municipality_is(town: Any) -> None:
    found = made(town, addresses=town.addresses((500, 500), (1500, 500)), figures=FIGURES.empty())
    assert found["area_code"].tolist() == [town.gm, town.gm]


def test_one_known_buurt_divides_its_wijk_and_not_the_other(town: Any) -> None:
    figures = town.figures(population={town.gm: 1000, town.west: 600, town.east: 400, town.south: 400, town.north: None})
    found = made(town, addresses=town.addresses((500, 500), (500, 1500), (1500, 500)), figures=figures)
    assert found["area_code"].tolist() == [town.south, town.north, town.east]


def test_a_spot_outside_every_area_is_no_home(town: Any) -> None:
    assert len(made(town, addresses=town.addresses((2100, 500), (500, -10)))) == 0


def test_a_spot_in_the_seam_between_two_buurten_belongs_to_the_nearest(town: Any) -> None:
    areas = town.areas(shapes={town.north: box(0, 1060, 1000, 2000)})
    found = made(town, addresses=town.addresses((500, 1020), (500, 1045)), areas=areas)
    assert sorted(found["area_code"]) == [town.south, town.north]


def test_a_hole_wider_than_a_seam_holds_no_homes(town: Any) -> None:
    areas = town.areas(shapes={town.north: box(0, 1500, 1000, 2000)})
    assert len(made(town, addresses=town.addresses((500, 1250)), areas=areas)) == 0


def test_a_spot_on_a_border_falls_the_same_way_whatever_the_order_of_the_areas(town: Any) -> None:
    areas, spot = town.areas(), town.addresses((500, 1000))
    one = made(town, addresses=spot, areas=areas)
    other = made(town, addresses=spot, areas=AREAS.check(areas.iloc[::-1]))
    assert one["area_code"].tolist() == other["area_code"].tolist() == [town.south]


def test_no_areas_give_no_homes(town: Any) -> None:
    assert len(made(town, areas=AREAS.empty())) == 0


# --- addresses ----------------------------------------------------------------------------------------------------------


def test_addresses_at_one_spot_are_one_home_with_more_dwellings(town: Any) -> None:
    found = made(town, addresses=town.addresses((500, 500), (500, 500), (500, 500), (600, 500)))
    assert sorted(found["dwellings"]) == [1.0, 3.0]


def test_what_is_known_to_be_no_dwelling_is_no_home(town: Any) -> None:
    shops = town.addresses((500, 500), residential=False)
    unknown, lived_in = town.addresses((510, 500)), town.addresses((520, 500), residential=True)
    found = made(town, addresses=pd.concat([shops, unknown, lived_in], ignore_index=True))
    assert found["dwellings"].sum() == 2


def test_where_nobody_lives_is_no_home(town: Any) -> None:
    figures = town.figures(population=PEOPLE | {town.south: 0.0})
    assert made(town, addresses=town.addresses((500, 500), (500, 1500)), figures=figures)["area_code"].tolist() == [town.north]


@pytest.mark.parametrize(("addresses", "lacking"), [(0, 200), (9, 190), (99, 90), (101, 200 - 101 / 0.9), (171, 10), (180, 0), (200, 0)])
def test_on_covered_ground_dwellings_without_an_address_stand_along_the_streets(town: Any, addresses: int, lacking: float) -> None:
    street = town.streets([(100, 500), (400, 500)])
    figures = town.figures(population=PEOPLE, dwellings={town.south: 200.0})
    spots = town.addresses(*[(101.5 + 3 * (number % 100), 495 + 10 * (number // 100)) for number in range(addresses)])
    found = made(town, addresses=spots, streets=street, figures=figures).groupby("basis")["dwellings"].sum()
    assert found.get("address", 0.0) == addresses
    assert found.get("street", 0.0) == pytest.approx(lacking)


def test_dwellings_to_expect_follow_from_the_people_where_nobody_counted_them(town: Any) -> None:
    # 400 people, 2.1 each: 190 dwellings, of which 90 addresses are 100 with what is not complete.
    spots = town.addresses(*[(100 + step, 400) for step in range(90)])
    found = made(town, addresses=spots, streets=town.streets([(100, 500), (200, 500)]))
    assert found[found["basis"] == "street"]["dwellings"].sum() == pytest.approx(400 / 2.1 - 100)


def test_the_gaps_between_addresses_are_filled_and_not_the_streets_that_have_them(town: Any) -> None:
    # Of a street with 40 dwellings, ten for each 25 metres, volunteers drew the western half and one house in the east.
    figures = town.figures(population=PEOPLE, dwellings={town.south: 40.0})
    spots = [(100 + 2.5 * (number + 0.5), 495) for number in range(20)] + [(190, 495)]
    found = made(town, addresses=town.addresses(*spots), streets=town.streets([(100, 500), (200, 500)]), figures=figures)
    along = found[found["basis"] == "street"].sort_values("lon")
    east = town.degrees(Point(150, 500)).x
    assert (along["lon"] > east).all()
    # 40 - 21 / 0.9 are lacking: 37.667 with the addresses, 9.417 at each point, of which one is there in the last.
    assert along["dwellings"].tolist() == pytest.approx([16.667 * 9.417 / 17.833, 16.667 * 8.417 / 17.833], rel=1e-3)


def test_adding_addresses_one_by_one_moves_few_people_and_loses_nobody(town: Any) -> None:
    figures = town.figures(population=PEOPLE | {town.south: 210.0}, dwellings={town.south: 100.0})
    street, middle = town.streets([(100, 500), (600, 500)]), town.degrees(Point(350, 500)).x
    before = 105.0
    for number in range(0, 101, 3):
        spots = town.addresses(*[(100 + 5 * (step + 0.5), 495) for step in range(number)])
        share = {"status": "covered" if number >= 90 or not number else "partial", "believed_share": number / 100}
        cover = town.coverage(**{town.south: share})
        found = made(town, addresses=spots, streets=street, figures=figures, coverage=cover)
        found = HOMES.check(found.assign(walk_edge=0))
        people, _ = residents(town.areas(), figures, coverage=cover, homes=found, groups={}, assumed={})
        row = people.set_index("area_code").loc[town.south]
        assert (row["placed"], row["not_covered"]) == (pytest.approx(row["people"]), 0)
        west = found[(found["area_code"] == town.south) & (found["lon"] < middle)]["dwellings"].sum() * row["per_dwelling"]
        assert west == pytest.approx(before, abs=8)
        before = west


def test_few_addresses_on_ground_that_is_not_covered_tell_what_is_there(town: Any) -> None:
    partial = town.coverage("partial", **{town.south: {"area_share": 0.89}})
    found = made(town, addresses=town.addresses((100, 400)), streets=town.streets([(100, 500), (200, 500)]), coverage=partial)
    assert per_area(found)[town.south] == ("address", 1, 1.0)


def test_far_too_few_addresses_are_better_than_nothing(town: Any) -> None:
    assert per_area(made(town, addresses=town.addresses((100, 400)))) == {town.south: ("address", 1, 1.0)}


# --- squares ------------------------------------------------------------------------------------------------------------


def test_squares_weigh_their_dwellings_else_their_people_and_a_secret_one_weighs_one(town: Any) -> None:
    cells = town.cells({(150, 150): (40, 20), (250, 150): (21, None), (350, 150): (None, None), (450, 150): (0, 0), (550, 150): (10, 0)})
    found = made(town, cells=cells).sort_values("lon")
    assert set(found["basis"]) == {"cell"}
    # 21 people / 2.1 per home; the empty square is no home; people without dwellings live in an institution.
    assert found["dwellings"].tolist() == pytest.approx([20, 10, 1, 10 / 2.1])


def test_squares_give_way_to_addresses_and_come_before_streets(town: Any) -> None:
    cells = town.cells({(150, 150): (40, 20), (150, 1150): (40, 20)})
    spots = town.addresses(*[(100 + step, 400) for step in range(190)])
    found = per_area(made(town, addresses=spots, cells=cells, streets=town.streets([(100, 500), (200, 500)], [(1100, 500), (1200, 500)])))
    assert found == {town.south: ("address", 190, 190.0), town.north: ("cell", 1, 20.0), town.single: ("street", 4, pytest.approx(190.476))}


def test_squares_take_the_place_of_far_too_few_addresses_on_covered_ground(town: Any) -> None:
    figures = town.figures(population=PEOPLE, dwellings={town.south: 200.0})
    cells, street = town.cells({(150, 150): (400, 200)}), town.streets([(100, 500), (200, 500)])
    for number, bases in ((99, {"cell"}), (100, {"address", "street"})):
        spots = town.addresses(*[(100 + step, 400) for step in range(number)])
        assert set(made(town, addresses=spots, cells=cells, streets=street, figures=figures)["basis"]) == bases


# --- streets ------------------------------------------------------------------------------------------------------------


def test_along_a_street_stands_a_point_for_each_25_metres(town: Any) -> None:
    figures = town.figures(population=PEOPLE, dwellings={town.south: 200.0})
    found = made(town, streets=town.streets([(100, 500), (400, 500)], [(100, 600), (110, 600)]), figures=figures)
    # 300 m are twelve points, the 10 m one; each weighs by its metres.
    assert per_area(found) == {town.south: ("street", 13, 200.0)}
    assert found["dwellings"].min() == pytest.approx(200 * 10 / 310, rel=1e-4)


def test_only_where_no_street_is_residential_people_live_along_the_others(town: Any) -> None:
    mixed = pd.concat([town.streets([(100, 500), (200, 500)]), town.streets([(100, 600), (500, 600)], highway="tertiary")])
    assert per_area(made(town, streets=STREETS.check(mixed)))[town.south][1] == 4
    assert per_area(made(town, streets=town.streets([(100, 600), (200, 600)], highway="tertiary")))[town.south][1] == 4
    for nobody in ("track", "path", "cycleway", "motorway", "footway"):
        assert len(made(town, streets=town.streets([(100, 600), (200, 600)], highway=nobody))) == 0
    assert len(made(town, streets=town.streets([(100, 600), (200, 600)], highway="service", service="parking_aisle"))) == 0
    assert len(made(town, streets=town.streets([(100, 600), (200, 600)], highway="primary", walk=False))) == 0


def test_along_a_plain_layer_people_live_where_the_extract_has_no_streets_for_them(town: Any) -> None:
    plain = town.streets([(100, 500), (200, 500)], [(100, 1500), (200, 1500)], [(1100, 500), (1200, 500)], highway="plain")
    own = [town.streets([(300, 600), (500, 600)]), town.streets([(300, 1600), (425, 1600)], highway="tertiary")]
    alone = made(town, streets=plain)
    assert {code: (basis, number) for code, (basis, number, _) in per_area(alone).items()} == {
        town.south: ("street", 4),
        town.north: ("street", 4),
        town.single: ("street", 4),
    }
    both = per_area(made(town, streets=STREETS.check(pd.concat([plain, *own], ignore_index=True))))
    assert {code: number for code, (_, number, _) in both.items()} == {town.south: 8, town.north: 5, town.single: 4}


def test_a_street_that_crosses_a_border_gives_each_side_its_points(town: Any) -> None:
    found = per_area(made(town, streets=town.streets([(500, 900), (500, 1100)])))
    assert {code: number for code, (_, number, _) in found.items()} == {town.south: 4, town.north: 4}


def test_of_half_covered_ground_half_the_dwellings_are_expected_along_the_streets(town: Any) -> None:
    half = town.coverage("partial", **{town.south: {"area_share": 0.5, "street_share": 0.8}})
    figures = town.figures(population=PEOPLE, dwellings={town.south: 200.0})
    found = made(town, streets=town.streets([(100, 500), (200, 500)]), coverage=half, figures=figures)
    assert per_area(found)[town.south] == ("street", 4, 100.0)


def test_where_nobody_knows_how_many_dwellings_each_25_metres_weigh_one(town: Any) -> None:
    found = made(town, streets=town.streets([(100, 500), (225, 500)]), figures=FIGURES.empty())
    assert per_area(found) == {town.gm: ("street", 5, 5.0)}


def test_streets_that_stick_out_into_an_unknown_area_are_no_homes(town: Any) -> None:
    unknown = town.coverage("unknown")
    assert len(made(town, streets=town.streets([(100, 500), (200, 500)]), coverage=unknown)) == 0


def test_assumed_people_tell_how_many_dwellings_to_expect(town: Any) -> None:
    told = {town.gm: Assumed(2100.0, None, "osm", ("Name",))}
    found = made(town, streets=town.streets([(100, 500), (200, 500)]), figures=FIGURES.empty(), assumed=told)
    assert per_area(found) == {town.gm: ("street", 4, 1000.0)}


# --- laws ---------------------------------------------------------------------------------------------------------------


@given(spots=st.lists(st.tuples(st.integers(1, 1999), st.integers(1, 1999)), max_size=15), random=st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_every_address_in_the_town_is_a_dwelling_once_whatever_the_order(town: Any, spots: list[tuple[int, int]], random: Any) -> None:
    found = made(town, addresses=town.addresses(*spots))
    assert found["dwellings"].sum() == len(spots)
    assert not found.duplicated(["lon", "lat"]).any()
    shuffled = list(spots)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(made(town, addresses=town.addresses(*shuffled)), found)


def test_of_seventy_thousand_addresses_every_one_in_the_town_is_a_dwelling(town: Any) -> None:
    rng = np.random.default_rng(1)
    spots = town.degrees(box(0, 0, 2000, 2000)).bounds
    many = pd.DataFrame({"lon": rng.uniform(spots[0], spots[2], 70_000), "lat": rng.uniform(spots[1], spots[3], 70_000), "source": "osm"})
    found = made(town, addresses=ADDRESSES.check(many.reindex(columns=list(ADDRESSES.columns))))
    assert found["dwellings"].eq(1).all()
    assert 65_000 < len(found) < 70_000, "some of the square lies outside the town"
