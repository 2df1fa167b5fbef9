# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A redrawn area is bridged by its dwellings, or not at all: never by its surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pytest
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from knopenkaart.monitor.bridge import Bridge, Dwellings, bridges

# Squares of a kilometre or so around Delft: ten columns of a hundredth of a degree.
LEFT, RIGHT, ALL_OF_IT = box(4.30, 52.0, 4.35, 52.05), box(4.35, 52.0, 4.40, 52.05), box(4.30, 52.0, 4.40, 52.05)


def outlines(shapes: Mapping[str, BaseGeometry]) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes.values()), index=list(shapes), crs="EPSG:4326")


def homes(*points: tuple[float, float]) -> Dwellings:
    return Dwellings(gpd.GeoSeries([Point(point) for point in points], crs="EPSG:4326"), [1.0] * len(points))


def zones(shapes: Sequence[BaseGeometry], numbers: Sequence[float]) -> Dwellings:
    return Dwellings(gpd.GeoSeries(list(shapes), crs="EPSG:4326"), list(numbers))


def bridged(old: Mapping[str, BaseGeometry], new: Mapping[str, BaseGeometry], *dwellings: Dwellings) -> dict[str, Bridge]:
    return bridges(outlines(old), outlines(new), dwellings, wanted=list(new))


def test_half_of_the_surface_with_three_quarters_of_the_dwellings_is_three_quarters() -> None:
    points = homes((4.31, 52.01), (4.32, 52.02), (4.33, 52.03), (4.37, 52.02))
    found = bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, points)
    assert found == {"BU2": Bridge({"BU1": 0.75}, "points"), "BU3": Bridge({"BU1": 0.25}, "points")}


def test_what_was_put_together_takes_the_whole_of_each() -> None:
    found = bridged({"BU1": LEFT, "BU2": RIGHT}, {"BU3": ALL_OF_IT}, homes((4.31, 52.01), (4.37, 52.02)))
    assert found == {"BU3": Bridge({"BU1": 1.0, "BU2": 1.0}, "points")}


def test_the_same_ground_under_another_code_needs_no_dwellings() -> None:
    assert bridged({"BU1": LEFT}, {"BU9": LEFT}) == {"BU9": Bridge({"BU1": 1.0}, "recoded")}


def test_small_ground_under_another_code_may_be_drawn_some_metres_aside() -> None:
    small, aside = box(4.30, 52.0, 4.3043, 52.0027), box(4.3001, 52.0001, 4.3042, 52.0026)
    assert aside.area < 0.9 * small.area
    assert bridged({"BU1": small}, {"BU9": aside}) == {"BU9": Bridge({"BU1": 1.0}, "recoded")}
    assert bridged({"BU1": small}, {"BU9": box(4.3006, 52.0006, 4.3049, 52.0033)}) == {}


def test_without_dwellings_nothing_is_bridged_by_surface() -> None:
    assert bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}) == {}


def test_counts_of_the_later_buurten_say_how_an_earlier_one_was_divided() -> None:
    found = bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, zones([LEFT, RIGHT], [60, 40]))
    assert found["BU2"].parts == pytest.approx({"BU1": 0.6})
    assert found["BU3"].parts == pytest.approx({"BU1": 0.4})
    assert found["BU2"].way == "zones"


def test_a_count_of_the_whole_says_nothing_about_its_halves() -> None:
    assert bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, zones([ALL_OF_IT], [100])) == {}


def test_a_few_dwellings_in_a_zone_that_is_cut_may_be_spread() -> None:
    small = box(4.345, 52.0, 4.355, 52.05)
    rest = [box(4.30, 52.0, 4.345, 52.05), box(4.355, 52.0, 4.40, 52.05)]
    found = bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, zones([*rest, small], [95, 95, 10]))
    assert found["BU2"].parts == pytest.approx({"BU1": 0.5}, abs=1e-3)
    assert bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, zones([*rest, small], [50, 50, 100])) == {}


def test_points_go_before_counts() -> None:
    points = homes((4.31, 52.01), (4.32, 52.02), (4.33, 52.03), (4.37, 52.02))
    found = bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, zones([LEFT, RIGHT], [60, 40]), points)
    assert found["BU2"] == Bridge({"BU1": 0.75}, "points")


def test_an_area_on_ground_that_the_earlier_year_does_not_know_is_left_out() -> None:
    found = bridged({"BU1": LEFT}, {"BU2": ALL_OF_IT}, homes((4.31, 52.01), (4.37, 52.02)))
    assert found == {}


def test_an_area_without_dwellings_is_left_out() -> None:
    found = bridged({"BU1": ALL_OF_IT}, {"BU2": LEFT, "BU3": RIGHT}, homes((4.31, 52.01)))
    assert found == {"BU2": Bridge({"BU1": 1.0}, "points")}


def test_without_outlines_of_both_years_nothing_is_bridged() -> None:
    none = gpd.GeoSeries([], index=[], crs="EPSG:4326")
    assert bridges(none, outlines({"BU2": LEFT}), [homes((4.31, 52.01))], wanted=["BU2"]) == {}
    assert bridges(outlines({"BU1": LEFT}), none, [homes((4.31, 52.01))], wanted=["BU2"]) == {}


def test_only_what_is_wanted_is_told() -> None:
    points = homes((4.31, 52.01), (4.37, 52.02))
    found = bridges(outlines({"BU1": ALL_OF_IT}), outlines({"BU2": LEFT, "BU3": RIGHT}), [points], wanted=["BU3"])
    assert list(found) == ["BU3"]


def test_the_shares_of_an_earlier_area_never_exceed_the_whole() -> None:
    points = homes(*((4.30 + 0.01 * step + 0.004, 52.02) for step in range(10)))
    old = {"BU1": box(4.30, 52.0, 4.36, 52.05), "BU2": box(4.36, 52.0, 4.40, 52.05)}
    new = {"BU3": box(4.30, 52.0, 4.33, 52.05), "BU4": box(4.33, 52.0, 4.38, 52.05), "BU5": box(4.38, 52.0, 4.40, 52.05)}
    found = bridged(old, new, points)
    for code in old:
        assert sum(item.parts.get(code, 0.0) for item in found.values()) == pytest.approx(1.0)
