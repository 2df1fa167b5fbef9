# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The parts of an area are said to differ only where that is more than the chance of having picked the two furthest apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import difference
from knopenkaart.monitor.records import AreaValues
from knopenkaart.monitor.spread import Spread, group_spreads, spreads

from .invented import bounds, figure, indicator, survey, wijk

OLD, YOUNG = indicator("old", of="population"), indicator("young", of="population")
LONELY = indicator("lonely", unit="percent", aggregate="mean", nature="survey")
PEOPLE = indicator("population")


def area(code: str, people: float, *, old: float | None = None, young: float | None = None, year: int = 2024) -> AreaValues:
    told = [("population", people), ("old", old), ("young", young)]
    return wijk(*(figure(name, value, year=year) for name, value in told if value is not None), code=code)


def names(found: list[Spread]) -> list[tuple[str, str, str]]:
    return [(item.indicator, item.lowest, item.highest) for item in found]


def test_the_largest_sure_difference_comes_first_with_the_lowest_and_the_highest() -> None:
    """Old: 10, 12 and 40 % of 1,000; young: 20, 21 and 28 %."""
    areas = [area("A", 1000, old=100, young=280), area("B", 1000, old=400, young=210), area("C", 1000, old=120, young=200)]
    assert names(spreads(areas, [YOUNG, OLD])) == [("old", "A", "B"), ("young", "C", "A")]


def test_a_handful_of_people_is_not_the_extreme() -> None:
    """Of five people three are old (60 %): its interval begins far below that of 400 of 1,000."""
    areas = [area("A", 1000, old=100), area("B", 1000, old=400), area("TINY", 5, old=3)]
    assert names(spreads(areas, [OLD])) == [("old", "A", "B")]


def test_a_number_that_is_no_part_of_anything_is_not_compared() -> None:
    assert spreads([area("A", 100), area("B", 9000)], [PEOPLE]) == []


def test_without_a_margin_nothing_differs() -> None:
    areas = [wijk(survey("lonely", value, None), code=code) for code, value in (("A", 10.0), ("B", 90.0))]
    assert spreads(areas, [LONELY]) == []


def test_figures_of_several_kinds_are_not_set_against_each_other() -> None:
    areas = [wijk(survey("lonely", 10.0, 500), code="A"), wijk(figure("lonely", 60, "percent"), code="B")]
    assert spreads(areas, [LONELY]) == []


def test_the_last_year_that_half_of_them_have_is_told_of_all() -> None:
    """Of 2025 one of three has a figure: then it is 2024, also of that one."""
    late = area("A", 1000, old=100)
    late = wijk(*late.values, *area("A", 1000, old=900, year=2025).values, code="A")
    (found,) = spreads([late, area("B", 1000, old=400), area("C", 1000, old=400)], [OLD])
    assert (found.year, found.lowest) == (2024, "A")


def test_equal_areas_hardly_ever_differ() -> None:
    """Of 200 municipalities of fourteen wijken with the same share, fewer than one in ten is said to differ: the two furthest apart
    would seem to in nearly all."""
    draw = np.random.default_rng(5)
    told = 0
    for _ in range(200):
        areas = [area(f"W{index:02}", 800, old=float(draw.binomial(800, 0.2))) for index in range(14)]
        told += bool(spreads(areas, [OLD]))
    assert told < 20


def test_two_equal_areas_with_many_figures_hardly_ever_differ() -> None:
    """Thirty figures that are the same in two wijken, in 100 municipalities: one or two seem to differ in most at 95 %, and none is told,
    for thirty were looked at. Reckoned among those one or two only, 78 of 100 were said to differ."""
    draw = np.random.default_rng(5)
    many = [indicator(f"figure{number}", of="population") for number in range(30)]
    told = 0
    for _ in range(100):
        pair = [
            wijk(figure("population", 2000), *(figure(item.id, float(draw.binomial(2000, 0.3))) for item in many), code=code)
            for code in "AB"
        ]
        told += bool(spreads(pair, many))
    assert told <= 10


def test_how_far_the_furthest_lie_apart_is_told_with_a_margin_for_all_pairs() -> None:
    """Of six pairs and one figure: 99.17 %, 2.64 deviations instead of 1.96."""
    areas = [area("A", 1000, old=100), area("B", 1000, old=400), area("C", 1000, old=120), area("D", 1000, old=130)]
    (found,) = spreads(areas, [OLD])
    plainly = difference(found.high, found.low)
    low, high = bounds(found.difference)
    assert (plainly.value or 0) - low == pytest.approx(2.638 / 1.96 * ((plainly.value or 0) - bounds(plainly)[0]), rel=1e-3)
    assert high > bounds(plainly)[1]


@given(st.lists(st.tuples(st.integers(20, 5000), st.floats(0, 1)), min_size=2, max_size=8))
def test_what_is_told_is_always_demonstrable(parts: list[tuple[int, float]]) -> None:
    areas = [area(f"W{index}", people, old=round(people * part)) for index, (people, part) in enumerate(parts)]
    for found in spreads(areas, [OLD]):
        low, _high = bounds(found.difference)
        assert low > 0
        assert (found.high.value or 0) > (found.low.value or 0)


ORIGINS, AGES = ("here", "europe", "far"), ("young", "old")
JOBLESS = indicator("jobless", unit="percent", aggregate="mean", nature="survey")


def test_groups_of_one_area_differ_within_their_own_division_only() -> None:
    """By origin 4 to 11 % of thousands; by age 5.1 and 5.2 %: that is chance. Far is never set against young."""
    shares = {"here": 4.1, "europe": 4.6, "far": 11.1, "young": 5.1, "old": 5.2}
    place = wijk(*(survey("jobless", value, 3000, group=group) for group, value in shares.items()))
    [found] = group_spreads(place, [JOBLESS], [ORIGINS, AGES])
    assert (found.indicator, found.lowest, found.highest, found.year) == ("jobless", "here", "far", 2024)
    alone = difference(found.high, found.low)
    assert (found.difference.low or 0) < (alone.low or 0) < 7 < (alone.high or 0) < (found.difference.high or 0)


def test_one_group_or_a_hidden_one_is_set_against_nothing() -> None:
    hidden = replace(survey("jobless", 11.0, 3000, group="far"), value=None, reason="hidden")
    place = wijk(survey("jobless", 4.0, 3000, group="here"), hidden, survey("jobless", 5.0, 3000))
    assert group_spreads(place, [JOBLESS], [ORIGINS]) == []


def test_figures_of_groups_do_not_choose_the_year_of_areas() -> None:
    """Groups have 2025; everybody has 2024, and of that year the areas are told."""
    areas = [
        wijk(survey("jobless", value, 3000), survey("jobless", value, 3000, year=2025, group="far"), code=code)
        for code, value in (("A", 4.0), ("B", 20.0))
    ]
    assert [item.year for item in spreads(areas, [JOBLESS])] == [2024]
