# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each place in its municipality, wijk and buurt, and the neighbours just across the border."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from knopenkaart.inventory.locate import assign_areas
from knopenkaart.tables import AREAS


def codes(frame: pd.DataFrame, row: int = 0) -> list[Any]:
    values = frame.loc[row, ["municipality_code", "wijk_code", "buurt_code", "area_year"]].tolist()
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ((500, 500), ["GM0001", "WK000101", "BU00010101", 2022]),
        ((500, 1500), ["GM0001", "WK000101", "BU00010102", 2022]),
        ((1500, 500), ["GM0001", "WK000102", None, 2022]),
        ((2100, 500), [None, None, None, None]),
    ],
)
def test_a_place_gets_the_codes_of_where_it_lies(hand_made: Any, position: tuple[float, float], expected: list[Any]) -> None:
    assert codes(assign_areas(hand_made.places(position), hand_made.areas(), neighbour_m=500)) == expected


@pytest.mark.parametrize(("x", "neighbour"), [(1999, False), (2001, True), (2499, True), (2501, False), (9000, False)])
def test_a_neighbour_lies_outside_but_within_reach(hand_made: Any, x: float, neighbour: bool) -> None:
    located = assign_areas(hand_made.places((x, 500)), hand_made.areas(), neighbour_m=500)
    assert bool(located["neighbour"][0]) is neighbour


def test_a_digital_place_keeps_no_codes_and_is_no_neighbour(hand_made: Any) -> None:
    located = assign_areas(hand_made.places(None, (500, 500)), hand_made.areas(), neighbour_m=500)
    assert codes(located) == [None] * 4
    assert not located["neighbour"][0]
    assert codes(located, 1)[0] == "GM0001"


def test_without_buurten_the_wijk_still_gives_the_municipality(hand_made: Any) -> None:
    areas = hand_made.areas()
    wijken = areas[areas["level"] == "wijk"]
    assert codes(assign_areas(hand_made.places((500, 500)), wijken, neighbour_m=500)) == ["GM0001", "WK000101", None, 2022]


def test_without_wijken_the_municipality_stands_alone(hand_made: Any) -> None:
    areas = hand_made.areas()
    towns = areas[areas["level"] == "municipality"]
    assert codes(assign_areas(hand_made.places((500, 500)), towns, neighbour_m=500)) == ["GM0001", None, None, 2022]


def test_a_place_in_the_seam_between_two_wijken_gets_the_nearest(hand_made: Any) -> None:
    areas = hand_made.areas()
    wijken = areas["level"] == "wijk"
    areas.loc[areas["code"] == "WK000101", "geometry"] = hand_made.degrees(box(0, 0, 960, 2000))
    areas = areas[wijken | (areas["level"] == "municipality")]
    located = assign_areas(hand_made.places((970, 500), (995, 500)), areas, neighbour_m=500)
    assert located["wijk_code"].tolist() == ["WK000101", "WK000102"]


def test_a_hole_wider_than_a_seam_stays_without_a_wijk(hand_made: Any) -> None:
    areas = hand_made.areas()
    areas = areas[areas["code"].isin(["GM0001", "WK000102"])]
    assert codes(assign_areas(hand_made.places((500, 500)), areas, neighbour_m=500)) == ["GM0001", None, None, 2022]


def test_a_place_on_the_border_of_two_wijken_always_falls_the_same_way(hand_made: Any) -> None:
    areas = hand_made.areas()
    on_border = hand_made.places((1000, 500))
    assert codes(assign_areas(on_border, areas, neighbour_m=0)) == codes(assign_areas(on_border, areas.iloc[::-1], neighbour_m=0))


def test_old_codes_are_not_kept(hand_made: Any) -> None:
    places = hand_made.places((9000, 9000))
    places["municipality_code"] = "GM9999"
    assert codes(assign_areas(places, hand_made.areas(), neighbour_m=500)) == [None] * 4


def test_no_places_and_no_areas_are_no_error(hand_made: Any) -> None:
    assert assign_areas(hand_made.places(), hand_made.areas(), neighbour_m=500).empty
    assert codes(assign_areas(hand_made.places((500, 500)), AREAS.empty(), neighbour_m=500)) == [None] * 4


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(-3000, 5000), st.floats(-3000, 5000)), min_size=1, max_size=8))
def test_nothing_is_dropped_and_nobody_is_inside_and_neighbour_at_once(hand_made: Any, positions: list[tuple[float, float]]) -> None:
    places = hand_made.places(*positions)
    located = assign_areas(places, hand_made.areas(), neighbour_m=500)
    assert located["id"].tolist() == places["id"].tolist()
    assert not (located["neighbour"] & located["municipality_code"].notna()).any()
    for position, code in zip(positions, located["municipality_code"], strict=True):
        inside = all(1 <= value <= 1999 for value in position)
        assert not inside or code == "GM0001"
