# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A figure says how sure it is: by chance, rounding, its publisher, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2

from knopenkaart.monitor._margins import events, wilson, z_of
from knopenkaart.monitor.estimates import estimate, needed
from knopenkaart.vocabulary.catalogue import load_catalogue

from .invented import ROUNDED, bounds, figure, indicator, municipality, share, survey, wijk

OLD = indicator("old", of="population", rounding=ROUNDED)
EXACT = indicator("old", of="population")
POOR = indicator("poor", unit="percent", aggregate="none", rounding=ROUNDED)
VALUE = indicator("value", unit="eur_1000", aggregate="mean", of="dwellings")


def test_a_count_becomes_a_share_of_what_it_is_a_part_of() -> None:
    found = estimate(wijk(figure("old", 240), figure("population", 1000)), OLD)
    assert (found.value, found.unit, found.basis, found.n) == (24.0, "percent", "chance", 1000)


def test_the_interval_of_a_share_is_the_one_that_another_implementation_finds() -> None:
    found = share(24.0, 1000)
    other = binomtest(240, 1000).proportion_ci(method="wilson")
    assert (found.low, found.high) == (pytest.approx(100 * other.low), pytest.approx(100 * other.high))


def test_rounding_to_five_widens_a_share_on_both_sides() -> None:
    """240 may be 237.5 to 242.5 and 1,000 may be 997.5 to 1,002.5: at most 24.3108 %, 0.3108 more."""
    found, exact = estimate(wijk(figure("old", 240), figure("population", 1000)), OLD), share(24.0, 1000)
    assert found.rounding == pytest.approx(100 * 242.5 / 997.5 - 24)
    assert bounds(exact)[0] - bounds(found)[0] == pytest.approx(found.rounding)
    assert bounds(found)[1] - bounds(exact)[1] == pytest.approx(found.rounding)


def test_numbers_of_the_municipality_itself_are_not_rounded_by_the_rule_of_another_source() -> None:
    own = [replace(item, nature="own") for item in (figure("old", 240), figure("population", 1000))]
    assert estimate(wijk(*own), OLD).rounding == 0


def test_a_whole_percentage_beside_others_with_a_decimal_is_rounded_as_these() -> None:
    """5.0 and 5.1 % of 16,001 people in one own table: the 5.0 had a margin of half a percent more on either side."""
    jobless = indicator("jobless", unit="percent", aggregate="none", nature="own")
    whole, tenth = (replace(figure("jobless", part, "percent", nature="own"), n=16001) for part in (5.0, 5.1))
    young = replace(tenth, group="age_15_24")
    assert estimate(wijk(whole, young), jobless).rounding == pytest.approx(0.05)
    assert estimate(wijk(whole), jobless).rounding == pytest.approx(0.5)
    assert estimate(wijk(whole, replace(young, source="another table")), jobless).rounding == pytest.approx(0.5)


def test_a_handful_of_people_has_a_margin_as_wide_as_everything() -> None:
    found = estimate(wijk(figure("old", 5), figure("population", 5)), OLD)
    assert (found.value, found.high) == (100, 100)
    assert bounds(found)[0] < 30


def test_a_part_of_nothing_known_is_no_share() -> None:
    assert estimate(wijk(figure("old", 240)), OLD).reason == "no_denominator"
    assert estimate(wijk(figure("old", 240), figure("population", 0)), OLD).value is None
    assert estimate(wijk(figure("old", 240), figure("population", 1000, year=2023)), OLD).value is None


def test_a_part_of_everybody_is_no_part_of_a_group() -> None:
    """The old of one group are not set against all people."""
    values = figure("old", 40, group="living_alone"), figure("population", 1000)
    assert estimate(wijk(*values), OLD, group="living_alone").reason == "no_denominator"


def test_what_is_missing_stays_missing_and_says_why() -> None:
    hidden = replace(figure("old", None), reason="suppressed")
    assert estimate(wijk(hidden, figure("population", 1000)), OLD).reason == "suppressed"
    assert estimate(wijk(figure("old", None)), OLD).reason == "missing"
    never = estimate(wijk(), OLD)
    assert (never.value, never.low, never.high, never.basis, never.reason) == (None, None, None, "none", "absent")


def test_the_latest_year_with_a_value_is_taken_unless_one_is_asked_for() -> None:
    area = wijk(figure("poor", 30, "percent", year=2022), figure("poor", 31, "percent", year=2023), figure("poor", None, "percent"))
    assert estimate(area, POOR).year == 2023
    assert estimate(area, POOR, year=2022).value == 30
    assert estimate(area, POOR, year=2024).value is None


def test_a_percentage_of_people_rests_on_what_it_is_a_part_of() -> None:
    owned = indicator("owned", unit="percent", aggregate="share", of="dwellings", rounding=ROUNDED)
    found = estimate(wijk(figure("owned", 40, "percent"), figure("dwellings", 500)), owned)
    low, high = wilson(0.4, 500)
    assert (found.basis, found.n) == ("chance", 500)
    assert (found.low, found.high) == (pytest.approx(100 * low - 0.5), pytest.approx(100 * high + 0.5))


def test_a_percentage_of_unknown_people_rests_on_the_households_which_are_few() -> None:
    found = estimate(wijk(figure("poor", 40, "percent"), figure("population", 1000), figure("households", 450)), POOR)
    assert (found.basis, found.n) == ("chance", 450)


def test_where_what_it_is_a_part_of_is_not_known_the_households_stand_in() -> None:
    low = indicator("low", unit="percent", aggregate="share", of="income_recipients", rounding=ROUNDED)
    households = figure("households", 450)
    assert estimate(wijk(figure("low", 40, "percent"), figure("income_recipients", 900), households), low).n == 900
    assert estimate(wijk(figure("low", 40, "percent"), households), low).n == 450
    assert estimate(wijk(figure("low", 40, "percent"), figure("dwellings", 460)), low).n == 460
    assert estimate(wijk(figure("low", 40, "percent"), figure("population", 1000)), low).basis == "none"


@pytest.mark.parametrize("name", list(load_catalogue().indicators))
def test_whoever_reads_what_is_needed_gets_the_same_margin_as_with_everything(name: str) -> None:
    book = load_catalogue()
    area = wijk(
        *(figure(item.id, 1000 if item.unit == "count" else 20, item.unit, nature=item.nature) for item in book.indicators.values())
    )
    little = replace(area, values=tuple(item for item in area.values if item.indicator in needed(book.indicators[name])))
    assert estimate(little, book.indicators[name]) == estimate(area, book.indicators[name])


def test_a_percentage_of_nobody_knows_how_many_has_no_margin() -> None:
    found = estimate(wijk(figure("poor", 40, "percent")), POOR)
    assert (found.value, found.low, found.high, found.basis) == (40, None, None, "none")
    by_group = estimate(wijk(figure("poor", 40, "percent", group="living_alone"), figure("households", 450)), POOR, group="living_alone")
    assert by_group.basis == "none", "the households of everybody are not those of a group"


def test_a_percentage_of_ground_is_no_draw_of_people() -> None:
    green = indicator("green", unit="percent", aggregate="share", of="land_km2")
    found = estimate(wijk(figure("green", 40.0, "percent"), figure("land_km2", 2.0, "km2"), figure("households", 450)), green)
    assert (found.basis, found.low, found.high) == ("rounding", pytest.approx(39.5), pytest.approx(40.5))


def test_the_answers_of_a_survey_are_what_it_rests_on() -> None:
    lonely = indicator("lonely", unit="percent", aggregate="none", nature="survey")
    asked = estimate(wijk(survey("lonely", 40.0, 200), figure("households", 5000)), lonely)
    assert (asked.basis, asked.n) == ("chance", 200)
    assert estimate(wijk(survey("lonely", 40.0, None), figure("households", 5000)), lonely).basis == "none"


def test_a_margin_that_was_published_is_the_margin() -> None:
    lonely = indicator("lonely", unit="percent", aggregate="none", nature="model")
    found = estimate(wijk(replace(figure("lonely", 40.0, "percent", nature="model"), low=33.0, high=48.0)), lonely)
    assert (found.low, found.high, found.basis) == (33, 48, "published")


def test_what_a_model_made_without_a_margin_has_none() -> None:
    lonely = indicator("lonely", unit="percent", aggregate="none", nature="model")
    made = figure("lonely", 40.0, "percent", nature="model")
    assert estimate(wijk(made, figure("households", 5000)), lonely).basis == "none"
    parts = replace(figure("old", 240), nature="model"), figure("population", 1000)
    assert estimate(wijk(*parts), OLD).basis == "none"


def test_a_margin_around_a_number_becomes_one_around_the_share() -> None:
    reckoned = replace(figure("old", 240, nature="model"), low=200, high=300)
    found = estimate(wijk(reckoned, figure("population", 1000)), OLD)
    assert (found.value, found.low, found.high, found.basis) == (24, 20, 30, "published")


def test_a_mean_of_a_register_has_the_margin_of_its_last_decimal() -> None:
    found = estimate(wijk(figure("value", 353.0, "eur_1000"), figure("dwellings", 500)), VALUE)
    assert (found.basis, found.low, found.high) == ("rounding", 352.5, 353.5)
    finer = estimate(wijk(figure("value", 0.7, "km"), figure("dwellings", 500)), VALUE)
    assert (finer.low, finer.high) == (pytest.approx(0.65), pytest.approx(0.75))


def test_a_mean_of_few_has_no_known_margin() -> None:
    found = estimate(wijk(figure("value", 353.0, "eur_1000"), figure("dwellings", 95)), VALUE)
    assert (found.basis, found.reason, found.low) == ("none", "few", None)


def test_a_mean_income_of_few_households_has_no_known_margin() -> None:
    income = indicator("income", unit="eur_1000", aggregate="none")
    assert estimate(wijk(figure("income", 31.2, "eur_1000"), figure("households", 40)), income).basis == "none"
    assert estimate(wijk(figure("income", 31.2, "eur_1000"), figure("households", 400)), income).basis == "rounding"


@pytest.mark.parametrize("name", ["household_size", "gas_use", "electricity_use", "cars_per_household"])
def test_a_mean_over_homes_of_which_only_few_dwellings_are_known_has_no_known_margin(name: str) -> None:
    """In a buurt of four dwellings 2,420 m3 of gas is that of four homes: it is not ranked above a wijk of 2,400 m3."""
    item = load_catalogue().indicators[name]
    few = estimate(wijk(figure(name, 5.5, item.unit), figure("dwellings", 4)), item)
    assert (few.basis, few.reason, few.low, few.told_n) == ("none", "few", None, None)
    assert estimate(wijk(figure(name, 5.5, item.unit), figure("dwellings", 400)), item).basis == "rounding"


def test_own_figures_rest_on_what_they_are_a_part_of_and_not_on_a_guess() -> None:
    reach = indicator("reach", unit="percent", aggregate="share", of="population", nature="own")
    familiar = indicator("familiar", unit="percent", aggregate="none", nature="own")
    area = wijk(
        figure("reach", 80.0, "percent", nature="own"),
        figure("familiar", 60.0, "percent", nature="own"),
        figure("population", 900),
        figure("households", 400),
    )
    assert estimate(area, reach).n == 900
    assert estimate(area, familiar).basis == "none"


def test_a_class_has_no_margin() -> None:
    urban = indicator("urban", unit="class", aggregate="none")
    assert estimate(wijk(figure("urban", 2, "class")), urban).basis == "none"


def test_a_rate_of_events_is_the_more_uncertain_the_fewer_people() -> None:
    theft = indicator("theft", unit="per_1000", aggregate="share", of="population")
    large = estimate(municipality(figure("theft", 4.0, "per_1000"), figure("population", 50000)), theft)
    small = estimate(wijk(figure("theft", 4.0, "per_1000"), figure("population", 500)), theft)
    assert large.basis == small.basis == "chance"
    assert bounds(small)[1] - 4 > 9 * (bounds(large)[1] - 4)


def test_more_events_than_people_are_no_share() -> None:
    cars = indicator("cars", of="households")
    found = estimate(wijk(figure("cars", 600), figure("households", 500)), cars)
    low, high = events(600)
    assert (found.value, found.low, found.high) == (120, pytest.approx(low / 5), pytest.approx(high / 5))


def test_a_part_that_was_rounded_to_more_than_the_whole_is_still_a_share() -> None:
    """1,005 of 1,000, both rounded to five, may be 1,002.5 of 1,002.5."""
    found = estimate(wijk(figure("old", 1005), figure("population", 1000)), OLD)
    assert bounds(found)[1] == 100
    assert bounds(found)[0] > 98


def test_the_interval_of_events_is_close_to_the_exact_one() -> None:
    """The exact one is that of Garwood (1936), by chi-square; the score interval is a little narrower."""
    low, high = events(20)
    assert low == pytest.approx(chi2.ppf(0.025, 40) / 2, abs=1)
    assert high == pytest.approx(chi2.ppf(0.975, 42) / 2, abs=1)


def test_an_interval_can_be_asked_at_other_certainty() -> None:
    wide = z_of(0.999)
    found = share(24.0, 1000)
    low, high = wilson(0.24, 1000, wide)
    assert found.at(wide) == (pytest.approx(100 * low), pytest.approx(100 * high))
    mean = estimate(wijk(figure("value", 353.0, "eur_1000")), VALUE)
    assert mean.at(wide) == (352.5, 353.5), "rounding cannot be more than it is"


def test_there_is_no_interval_without_a_margin() -> None:
    with pytest.raises(ValueError, match="without a margin"):
        estimate(wijk(figure("poor", 40, "percent")), POOR).at(2.0)


@given(st.integers(1, 20_000), st.floats(0, 1))
def test_the_margin_always_holds_the_figure_and_stays_a_share(people: int, part: float) -> None:
    count = 5 * round(part * people / 5)
    found = estimate(wijk(figure("old", min(count, people)), figure("population", people)), OLD)
    low, high = bounds(found)
    assert 0 <= low <= (found.value or 0) + 1e-9
    assert (found.value or 0) - 1e-9 <= high <= 100


@given(st.integers(10, 5_000), st.floats(0, 1), st.integers(2, 9))
def test_more_people_never_make_it_less_sure(people: int, part: float, times: int) -> None:
    few, many = bounds(share(100 * part, people)), bounds(share(100 * part, people * times))
    assert many[1] - many[0] <= few[1] - few[0] + 1e-9


@given(st.integers(200, 20_000), st.integers(0, 20_000), st.integers(-2, 2), st.integers(-2, 2))
def test_rounding_never_hides_the_true_share(people: int, part: int, off: int, off_part: int) -> None:
    """Whatever the true numbers were before they were rounded to five, their share lies within the rounding."""
    people, part = 5 * (people // 5), 5 * (min(part, people) // 5)
    found = estimate(wijk(figure("old", part), figure("population", people)), OLD)
    true = 100 * max(0, part + off_part) / (people + off)
    assert abs(true - (found.value or 0)) <= found.rounding + 1e-9


def test_what_only_stands_in_for_a_number_of_people_is_not_told_as_that_number() -> None:
    """Of how many 15 to 74 year olds 60 % are is not published: the 800 households give the margin, and are no n."""
    rate = indicator("rate", unit="percent", aggregate="none")
    area = wijk(figure("rate", 60.0, "percent"), figure("households", 800))
    found = estimate(area, rate)
    assert (found.basis, found.n, found.told_n) == ("chance", 800, None)
    counted = estimate(wijk(replace(figure("rate", 60.0, "percent"), n=1100)), rate)
    assert counted.told_n == 1100


def test_nor_is_what_stands_in_for_the_number_behind_a_mean() -> None:
    """Income per inhabitant is of inhabitants with an income, not of the 800 households that say whether they are few."""
    income = indicator("income", unit="eur_1000", aggregate="none")
    found = estimate(wijk(figure("income", 31.2, "eur_1000"), figure("households", 800)), income)
    assert (found.basis, found.n, found.told_n) == ("rounding", 800, None)


def test_a_share_of_people_who_may_be_fewer_than_the_households_has_no_margin_that_is_too_narrow() -> None:
    """Of the 600 younger than 23 in 800 households 10 % have youth care; how many there are is not published."""
    young = load_catalogue().indicators["youth_care"]
    found = estimate(wijk(figure("youth_care", 10.0, "percent"), figure("households", 800)), young)
    assert (found.value, found.low, found.basis) == (10.0, None, "none")
