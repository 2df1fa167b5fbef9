# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two figures differ where their interval says so, by Newcombe's worked examples, by hand, and in ten thousand draws."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import Estimate, difference, estimate, share_inside

from .invented import ROUNDED, bounds, figure, indicator, municipality, plain, share, wijk

OLD = indicator("old", of="population", rounding=ROUNDED)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_is_the_one_that_newcombe_published(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    """Newcombe (1998), table II, method 10."""
    found = difference(share(100 * one[0] / one[1], one[1]), share(100 * other[0] / other[1], other[1]))
    assert bounds(found) == (pytest.approx(100 * low, abs=0.01), pytest.approx(100 * high, abs=0.01))


def test_a_verdict_needs_an_interval_without_nothing_in_it() -> None:
    assert difference(share(30, 1000), share(20, 1000)).verdict == "higher"
    assert difference(share(20, 1000), share(30, 1000)).verdict == "lower"
    assert difference(share(30, 50), share(20, 50)).verdict == "same"


def test_without_a_margin_there_is_a_difference_but_no_verdict() -> None:
    found = difference(plain(40, None, None), plain(30, 29, 31))
    assert (found.value, found.low, found.high, found.verdict) == (10, None, None, "unknown")


def test_what_is_absent_or_in_another_unit_is_not_compared() -> None:
    assert difference(plain(None, None, None), plain(30, 29, 31)).verdict == "unknown"
    assert difference(plain(1, 0, 2, unit="km"), plain(30, 29, 31)).value is None


def test_margins_of_rounding_add_up_plainly() -> None:
    value = indicator("value", unit="eur_1000", aggregate="mean")
    one, other = (estimate(wijk(figure("value", amount, "eur_1000")), value) for amount in (353.0, 351.0))
    found = difference(one, other)
    assert (found.value, found.low, found.high, found.verdict) == (2, 1, 3, "higher")
    assert difference(one, replace(one, value=352.0, low=351.5, high=352.5)).verdict == "same"


def test_margins_of_chance_add_up_in_squares() -> None:
    found = difference(plain(40, 37, 43), plain(30, 26, 34))
    assert (found.low, found.high) == (10 - 5, 10 + 5)


def test_nobody_rounds_below_nothing_or_above_all() -> None:
    """Of 20 people none, in a municipality with a quarter: rounding may have hidden two here, not added any: at most a quarter fewer."""
    nobody = estimate(wijk(figure("old", 0), figure("population", 20)), OLD)
    all_ = estimate(wijk(figure("old", 20), figure("population", 20)), OLD)
    assert nobody.rounding > 12
    low, high = bounds(difference(nobody, share(25, 40000)))
    assert low == pytest.approx(-25.43, abs=0.01), "no more than the margin of the municipality beyond 25"
    assert high > 0
    low, high = bounds(difference(all_, share(75, 40000)))
    assert high == pytest.approx(25.43, abs=0.01)


@given(st.integers(1, 400), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.9), st.floats(1.96, 5))
def test_a_wider_interval_holds_the_narrower(people: int, mine: float, theirs: float, inside: float, z: float) -> None:
    one = estimate(wijk(figure("old", 5 * round(people * mine / 5)), figure("population", people)), OLD)
    found = difference(one, share(100 * theirs, 9000), inside=inside)
    if found.low is not None and found.high is not None:
        low, high = found.at(z)
        assert low <= found.low + 1e-9
        assert high >= found.high - 1e-9


def test_rounding_comes_on_top_of_chance() -> None:
    areas = [wijk(figure("old", count), figure("population", 1000)) for count in (240, 200)]
    rounded = difference(*(estimate(area, OLD) for area in areas))
    exact = difference(share(24, 1000), share(20, 1000))
    extra = sum(estimate(area, OLD).rounding for area in areas)
    assert bounds(exact)[0] - bounds(rounded)[0] == pytest.approx(extra)


def test_a_wijk_is_compared_with_the_rest_of_its_municipality_and_scaled_back() -> None:
    """400 of 1,000 against 1,300 of 5,000: the rest is 900 of 4,000, 22.5 %; four fifths of the difference is 14 points."""
    found = difference(share(40, 1000), share(26, 5000), inside=0.2)
    rest = difference(share(40, 1000), share(22.5, 4000))
    assert found.value == pytest.approx(14)
    low, high = bounds(rest)
    assert bounds(found) == (pytest.approx(0.8 * low), pytest.approx(0.8 * high))


def test_of_a_group_the_part_inside_is_that_of_the_group_also_in_a_table_of_the_municipality() -> None:
    """20 of the group of 1,000 live in a wijk with 30 % of all inhabitants: compared is with the other 980, not with 700."""
    mine, theirs = replace(share(40, 20), nature="own"), replace(share(20, 1000), nature="own")
    found = difference(mine, theirs, inside=0.3)
    wanted = difference(mine, theirs, inside=0.02)
    assert bounds(found) == bounds(wanted)


def test_answers_of_a_survey_are_no_people_and_a_stand_in_is_no_number_to_divide_by() -> None:
    asked = replace(share(40, 20), nature="survey"), replace(share(20, 1000), nature="survey")
    assert bounds(difference(*asked, inside=0.3)) != bounds(difference(*asked, inside=0.02))
    stand_in = replace(share(40, 20), assumed=True)
    assert bounds(difference(stand_in, share(20, 1000), inside=0.3)) != bounds(difference(share(40, 20), share(20, 1000), inside=0.3))


@pytest.mark.parametrize(("n", "part"), [(20, 0.3), (50, 0.5), (400, 0.1)])
def test_in_draws_the_interval_of_a_group_holds_wherever_the_group_lives(n: int, part: float) -> None:
    """A group of 1,000 with 20 % everywhere: 95 % of 2,000 draws, give or take, whatever part of all inhabitants lives in the wijk."""
    rng = np.random.default_rng(10)
    held = 0
    for mine, rest in zip(rng.binomial(n, 0.2, 2000), rng.binomial(1000 - n, 0.2, 2000), strict=True):
        one, all_ = (replace(share(100 * count / people, people), nature="own") for count, people in ((mine, n), (mine + rest, 1000)))
        held += difference(one, all_, inside=part).verdict == "same"
    assert 0.935 <= held / 2000 <= 0.97


def test_the_share_of_a_group_that_lies_inside_is_told_by_the_group() -> None:
    part = wijk(figure("population", 1000), figure("old", 30))
    whole = municipality(figure("population", 5000), figure("old", 1000))
    assert share_inside(part, whole, OLD) == 0.03
    assert share_inside(part, municipality(figure("population", 5000), figure("old", 20, "percent")), OLD) == 0.2, "a share is no number"


def test_at_another_number_of_deviations_only_chance_grows() -> None:
    found = difference(share(24, 1000), share(20, 40000))
    assert found.at(1.959963984540054) == pytest.approx(bounds(found))
    money = indicator("value", unit="eur_1000", aggregate="mean")
    counted = difference(*(estimate(wijk(figure("value", amount, "eur_1000")), money) for amount in (353.0, 351.0)))
    assert counted.at(5.0) == bounds(counted)
    with pytest.raises(ValueError, match="no interval"):
        difference(plain(40, None, None), share(20, 90)).at(1.96)


def test_an_area_does_not_differ_from_itself() -> None:
    assert difference(share(40, 1000), share(40, 1000), inside=1.0).verdict == "same"


def test_the_rest_of_a_survey_is_less_sure_than_the_whole() -> None:
    """A quarter of the people lives here: 20 % elsewhere, and a margin wider by the root of four thirds."""
    found = difference(plain(40, 40, 40), plain(25, 22, 28), inside=0.25)
    assert found.value == 15
    assert found.low == pytest.approx(15 - 0.75 * 3 * sqrt(4 / 3))


def test_the_share_that_lies_inside_is_told_by_the_inhabitants() -> None:
    part, whole = wijk(figure("population", 1000)), municipality(figure("population", 5000))
    assert share_inside(part, whole) == 0.2
    assert share_inside(part, part) == 1.0
    assert share_inside(part, municipality(figure("population", 5000), code="GM0002")) is None
    assert share_inside(wijk(), whole) is None
    assert share_inside(part, replace(whole, code="NL00", level="country")) == 0.2


def test_in_draws_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """A wijk of 400 with 30 % in a municipality of 4,000 whose rest has 20 %: 95 % of 4,000 draws, give or take."""
    rng = np.random.default_rng(2026)
    true = 30 - (0.1 * 30 + 0.9 * 20)
    held = 0
    for mine, rest in zip(rng.binomial(400, 0.3, 4000), rng.binomial(3600, 0.2, 4000), strict=True):
        found = difference(share(mine / 4, 400), share((mine + rest) / 40, 4000), inside=0.1)
        low, high = bounds(found)
        held += low <= true <= high
    assert 0.94 <= held / 4000 <= 0.965


@given(st.integers(20, 3000), st.integers(20, 3000), st.floats(0, 100), st.floats(0, 100))
def test_a_difference_seen_from_the_other_side_is_its_opposite(n: int, other_n: int, value: float, other: float) -> None:
    one, two = share(value, n), share(other, other_n)
    there, back = difference(one, two), difference(two, one)
    low, high = bounds(back)
    assert bounds(there) == (pytest.approx(-high, abs=1e-9), pytest.approx(-low, abs=1e-9))
    assert {there.verdict, back.verdict} in ({"higher", "lower"}, {"same"})


@given(st.floats(1, 99), st.floats(1, 99), st.floats(0.01, 0.9))
def test_the_value_shown_is_always_the_plain_difference(mine: float, theirs: float, inside: float) -> None:
    found = difference(share(mine, 300), share(theirs, 3000), inside=inside)
    assert found.value == pytest.approx(mine - theirs, abs=1e-6)


@pytest.mark.parametrize(("here", "there", "verdict"), [(1.1, 1.0, "same"), (1.1, 0.9, "higher"), (0.3, 0.2, "same"), (0.9, 1.1, "lower")])
def test_distances_that_rounding_lets_touch_are_the_same(here: float, there: float, verdict: str) -> None:
    """1.1 km may be 1.05, and so may 1.0: in floats these differ in their last bits."""
    one, two = (Estimate(km, km - 0.05, km + 0.05, "km", "rounding", "register", 2024, "cbs", None, rounding=0.05) for km in (here, there))
    found = difference(one, two)
    assert found.verdict == verdict
    assert found.low == round(here - there - 0.1, 9)
    assert found.at(2.5) == (found.low, found.high)
