# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mean of several areas: each as heavy, with the margin of a mean, and nothing where too few of them have a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import difference, estimate
from knopenkaart.monitor.mean import mean_of
from knopenkaart.monitor.records import AreaValues, Value

from .invented import catalogue, figure, indicator, wijk

PEOPLE = indicator("population")
OLD = indicator("old", of="population")
SCORE = indicator("score", unit="score", aggregate="none")
TOLD = catalogue(PEOPLE, OLD, SCORE)


def mean(*areas: AreaValues) -> AreaValues:
    return mean_of(areas, TOLD, code="similar", name="like it")


def published(value: float, low: float | None = None, high: float | None = None) -> Value:
    return replace(figure("score", value, "score"), low=low, high=high)


def test_a_large_area_weighs_no_more_than_a_small_one() -> None:
    """10 % of 1,000 and 30 % of 100 are 20 %, not the 12 % of all people together."""
    found = mean(wijk(figure("population", 1000), figure("old", 100)), wijk(figure("population", 100), figure("old", 30))).value("old")
    assert found is not None
    assert (found.value, found.unit) == (pytest.approx(20.0), "percent")


def test_the_mean_is_compared_as_it_stands() -> None:
    area = mean(wijk(figure("population", 1000), figure("old", 100)), wijk(figure("population", 100), figure("old", 30)))
    assert estimate(area, OLD).value == pytest.approx(20.0)


def test_the_margin_is_that_of_a_mean_of_independent_figures() -> None:
    """Halves of 3 and 4 make a half of 5 for the sum, and 2.5 for the mean of 15."""
    found = mean(wijk(published(10.0, 7.0, 13.0)), wijk(published(20.0, 16.0, 24.0))).value("score")
    assert found is not None
    assert (found.value, found.low, found.high) == (15.0, 12.5, 17.5)


def test_one_figure_without_a_margin_leaves_the_mean_without_one() -> None:
    modelled = [replace(item, nature="model") for item in (published(10.0, 7.0, 13.0), published(20.0))]
    found = mean(*(wijk(item) for item in modelled)).value("score")
    assert found is not None
    assert (found.value, found.low, found.high) == (15.0, None, None)


def test_where_all_margins_are_of_rounding_so_is_that_of_the_mean() -> None:
    """Values to 2 thousand and to 0.1 km: half a step either way, however many are averaged, and no chance to reckon with."""
    value = replace(indicator("value", unit="eur_1000", aggregate="mean"), rounding={"eur_1000": {"wijk": 2.0}})
    told = catalogue(value)
    areas = [wijk(figure("value", amount, "eur_1000")) for amount in (300.0, 310.0, 320.0)]
    found = estimate(mean_of(areas, told, code="similar", name="like it"), value)
    assert (found.value, found.low, found.high, found.basis, found.rounding) == (310.0, 309.0, 311.0, "rounding", 1.0)
    apart = difference(estimate(wijk(figure("value", 330.0, "eur_1000")), value), found)
    assert (apart.low, apart.high, apart.verdict, apart.z) == (18.0, 22.0, "higher", None)


def test_a_mean_without_a_margin_gets_none_from_the_households_of_the_mean() -> None:
    """Of one of the two nobody knows of how many it is a share."""
    poor, homes = indicator("poor", unit="percent", aggregate="none"), indicator("households")
    told = catalogue(poor, homes)
    areas = [wijk(figure("poor", 10.0, "percent"), figure("households", 900)), wijk(figure("poor", 20.0, "percent"))]
    found = estimate(mean_of(areas, told, code="similar", name="like it"), poor)
    assert (found.value, found.low, found.basis) == (15.0, None, "none")


def test_the_mean_is_of_one_year_the_latest_of_which_enough_areas_have_a_figure() -> None:
    """Of 2024 one of three has a figure, of 2022 all have."""
    old = [replace(published(number), year=2022) for number in (10.0, 20.0, 30.0)]
    found = mean(wijk(old[0], published(90.0)), wijk(old[1]), wijk(old[2])).value("score")
    assert found is not None
    assert (found.value, found.year) == (20.0, 2022)


def test_figures_of_years_that_no_two_thirds_share_have_no_mean() -> None:
    years = [replace(published(10.0), year=year) for year in (2020, 2022, 2024)]
    assert mean(*(wijk(item) for item in years)).value("score") is None


def test_what_was_asked_is_not_averaged_with_what_was_counted() -> None:
    asked = replace(published(10.0), nature="survey")
    assert mean(wijk(asked), wijk(published(20.0))).value("score") is None


def test_a_figure_that_fewer_than_two_thirds_have_is_left_out() -> None:
    two_of_three = mean(wijk(published(10.0)), wijk(published(20.0)), wijk(figure("score", None, "score")))
    assert two_of_three.value("score") is not None
    assert mean(wijk(published(10.0)), wijk(figure("score", None, "score"))).value("score") is None


def test_what_the_catalogue_does_not_know_has_no_mean() -> None:
    assert mean(wijk(figure("unheard_of", 1.0))).values == ()


def test_of_no_areas_there_is_no_mean() -> None:
    with pytest.raises(ValueError, match="needs areas"):
        mean()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_a_mean_lies_between_the_lowest_and_the_highest(values: list[float]) -> None:
    found = mean(*(wijk(published(value)) for value in values)).value("score")
    assert found is not None
    assert found.value is not None
    assert min(values) - 1e-6 <= found.value <= max(values) + 1e-6
