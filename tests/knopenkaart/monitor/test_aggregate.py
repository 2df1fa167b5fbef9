# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts add up as far as the catalogue allows; what one part lacks the whole lacks, and never becomes zero."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.aggregate import Total, total, within
from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator, load_catalogue

STEPS = {"count": {"buurt": 5.0}, "percent": {"buurt": 1.0, "municipality": 1.0}}


def indicator(name: str, unit: str, aggregate: str, of: str = "", *, rounded: bool = True) -> Indicator:
    made = Indicator(name, name, name, name, name, "population", unit, aggregate, "register", of=of)
    return replace(made, rounding=STEPS if rounded else {})


PEOPLE = indicator("population", "count", "count")
OLD = indicator("old", "count", "count", "population")
OWNED = indicator("owned", "percent", "share", "dwellings")
HOMES = indicator("dwellings", "count", "count")
WORTH = indicator("worth", "eur_1000", "mean", "dwellings", rounded=False)
URBAN = indicator("urban", "class", "none")
CATALOGUE = Catalogue({}, {item.id: item for item in (PEOPLE, OLD, OWNED, HOMES, WORTH, URBAN)}, {}, {})


def figure(name: str, value: float | None, unit: str = "count", **rest: object) -> Value:
    reason = "" if value is not None else "missing"
    return replace(Value(name, 2024, value, unit, "cbs", "register", reason=reason), **rest)  # type: ignore[arg-type]


def buurt(*values: Value, code: str = "BU1") -> AreaValues:
    return AreaValues(code, 2024, "buurt", "Buurt", "GM1", "WK1", values)


def added(parts: list[AreaValues], item: Indicator) -> Total:
    return total(parts, item, CATALOGUE)


# --- counts -----------------------------------------------------------------------------------------------------------


def test_counts_add_and_each_part_may_be_half_a_rounding_step_off() -> None:
    found = added([buurt(figure("population", 100)), buurt(figure("population", 45))], PEOPLE)
    assert (found.value, found.low, found.high) == (145, 140, 150)
    assert (found.parts, found.known, found.reason) == (2, 2, "")


def test_a_part_of_nobody_cannot_be_less_than_nobody() -> None:
    found = added([buurt(figure("population", 0)), buurt(figure("population", 10))], PEOPLE)
    assert (found.low, found.high) == (7.5, 15.0)


@pytest.mark.parametrize(("reason", "told"), [("missing", "missing"), ("suppressed", "suppressed"), ("hidden", "hidden"), ("", "missing")])
def test_a_part_without_a_figure_leaves_the_whole_without_one_and_says_why(reason: str, told: str) -> None:
    found = added([buurt(figure("population", 100)), buurt(figure("population", None, reason=reason))], PEOPLE)
    assert (found.value, found.reason, found.known) == (None, told, 1)
    assert (found.low, found.high) == (97.5, None), "what is known is the least; there is no most"


def test_a_part_of_which_the_file_says_nothing_counts_as_missing() -> None:
    assert added([buurt(figure("population", 100)), buurt()], PEOPLE).reason == "missing"


def test_without_a_single_figure_there_is_not_even_a_least() -> None:
    found = added([buurt(figure("population", None))], PEOPLE)
    assert (found.value, found.low, found.high) == (None, None, None)


def test_figures_of_another_year_are_not_added() -> None:
    old = replace(figure("population", 100), year=2022)
    found = added([buurt(figure("population", 100)), buurt(old)], PEOPLE)
    assert (found.value, found.year, found.known) == (None, 2024, 1)


# --- shares and means -------------------------------------------------------------------------------------------------


def test_a_share_is_weighted_by_what_it_is_a_share_of() -> None:
    parts = [
        buurt(figure("owned", 50, "percent"), figure("dwellings", 100)),
        buurt(figure("owned", 20, "percent"), figure("dwellings", 300)),
    ]
    found = added(parts, OWNED)
    assert found.value == pytest.approx((50 * 100 + 20 * 300) / 400)
    assert found.unit == "percent"


def test_the_bounds_of_a_share_hold_for_the_worst_that_rounding_allows() -> None:
    parts = [
        buurt(figure("owned", 50, "percent"), figure("dwellings", 10)),
        buurt(figure("owned", 20, "percent"), figure("dwellings", 20)),
    ]
    found = added(parts, OWNED)
    # Lowest: the low shares 49.5 and 19.5, the fewest dwellings where it is high (7.5), the most where it is low (22.5).
    assert found.low == pytest.approx((49.5 * 7.5 + 19.5 * 22.5) / 30)
    assert found.high == pytest.approx((50.5 * 12.5 + 20.5 * 17.5) / 30)


def test_a_count_that_was_published_as_a_percentage_is_weighted_and_not_added() -> None:
    parts = [
        buurt(figure("old", 10, "percent"), figure("population", 100)),
        buurt(figure("old", 30, "percent"), figure("population", 100)),
    ]
    assert added(parts, OLD).value == pytest.approx(20)


def test_a_mean_is_weighted_and_without_rounding_lies_within_its_parts() -> None:
    parts = [
        buurt(figure("worth", 200, "eur_1000"), figure("dwellings", 100)),
        buurt(figure("worth", 400, "eur_1000"), figure("dwellings", 100)),
    ]
    found = added(parts, WORTH)
    assert found.value == 300
    assert found.low is not None
    assert found.high is not None
    assert 200 < found.low < 300 < found.high < 400


def test_people_per_km2_are_weighted_by_land_in_its_own_unit() -> None:
    dense, catalogue = load_catalogue().indicators["population_density"], load_catalogue()
    parts = [
        buurt(figure("population_density", 250, "per_km2"), figure("land_km2", 2.0, "km2")),
        buurt(figure("population_density", 167, "per_km2"), figure("land_km2", 3.0, "km2")),
    ]
    found = total(parts, dense, catalogue)
    assert found.value == pytest.approx(200.2)
    assert within(found, figure("population_density", 200, "per_km2"), dense, "municipality")
    assert total([buurt(figure("population_density", 250, "per_km2"))], dense, catalogue).reason == "no_weight"


def test_the_number_that_stands_with_a_figure_weighs_where_the_whole_is_not_told() -> None:
    parts = [buurt(figure("owned", 50, "percent", n=100)), buurt(figure("owned", 20, "percent", n=300))]
    assert added(parts, OWNED).value == pytest.approx(27.5)


def test_the_answers_of_a_survey_are_no_people() -> None:
    parts = [buurt(figure("owned", 50, "percent", n=100, nature="survey")), buurt(figure("owned", 20, "percent", n=300, nature="survey"))]
    assert added(parts, OWNED).reason == "no_weight"


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_what_cannot_be_added_up_is_refused() -> None:
    assert added([buurt(figure("urban", 1, "class"))], URBAN).reason == "not_additive"


def test_parts_in_two_units_are_refused() -> None:
    assert added([buurt(figure("old", 10, "percent")), buurt(figure("old", 10))], OLD).reason == "units_differ"


def test_shares_of_nobody_have_no_mean() -> None:
    assert added([buurt(figure("owned", 50, "percent"), figure("dwellings", 0))], OWNED).reason == "no_weight"


def test_no_parts_add_up_to_nothing_known() -> None:
    assert added([], PEOPLE).reason == "no_parts"


# --- beside the published figure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("published", "agrees"), [(145, True), (150, True), (151, False), (139, False), (140, True)])
def test_a_published_count_agrees_where_rounding_can_explain_it(published: float, agrees: bool) -> None:
    found = added([buurt(figure("population", 100)), buurt(figure("population", 45))], PEOPLE)
    assert within(found, figure("population", published), PEOPLE, "municipality") is agrees


def test_without_a_total_nothing_is_said_about_the_published_figure() -> None:
    found = added([buurt(figure("population", None))], PEOPLE)
    assert within(found, figure("population", 10), PEOPLE, "municipality") is None


# --- laws -------------------------------------------------------------------------------------------------------------

counts = st.integers(0, 200).map(lambda number: number * 5)
gaps = st.sampled_from(["missing", "suppressed", "hidden"])


@given(st.lists(st.one_of(counts, gaps), min_size=1, max_size=12))
def test_one_gap_is_a_gap_in_every_sum(cells: list[int | str]) -> None:
    parts = [buurt(figure("population", None, reason=cell) if isinstance(cell, str) else figure("population", cell)) for cell in cells]
    found = added(parts, PEOPLE)
    known = [cell for cell in cells if not isinstance(cell, str)]
    if len(known) < len(cells):
        assert found.value is None
        assert found.high is None
        assert found.reason in cells
        assert (found.low is None) == (not known)
    else:
        assert found.value == sum(known)


@given(st.lists(st.tuples(st.integers(0, 100), counts, st.booleans()), min_size=1, max_size=12))
def test_one_gap_is_a_gap_in_every_share(cells: list[tuple[int, int, bool]]) -> None:
    parts = [buurt(figure("owned", None if gap else share, "percent"), figure("dwellings", homes)) for share, homes, gap in cells]
    found = added(parts, OWNED)
    if any(gap for _, _, gap in cells):
        assert (found.value, found.low, found.high, found.reason) == (None, None, None, "missing")


@given(st.lists(st.tuples(st.integers(0, 997), st.sampled_from([-2, -1, 0, 1, 2])), min_size=1, max_size=20))
def test_the_truth_behind_rounded_counts_lies_within_the_bounds(cells: list[tuple[int, int]]) -> None:
    parts = [buurt(figure("population", 5 * round(true / 5))) for true, _ in cells]
    found = added(parts, PEOPLE)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= sum(true for true, _ in cells) <= found.high


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(2, 20).map(lambda number: number * 5)), min_size=1, max_size=4))
def test_no_choice_of_unrounded_shares_and_numbers_leaves_the_bounds_and_some_choice_reaches_them(cells: list[tuple[int, int]]) -> None:
    parts = [buurt(figure("owned", share, "percent"), figure("dwellings", homes)) for share, homes in cells]
    found = added(parts, OWNED)
    ends = []
    for signs in product((-1, 1), repeat=2 * len(cells)):
        shares = [share + 0.5 * sign for (share, _), sign in zip(cells, signs, strict=False)]
        homes = [number + 2.5 * sign for (_, number), sign in zip(cells, signs[len(cells) :], strict=True)]
        ends.append(sum(share * number for share, number in zip(shares, homes, strict=True)) / sum(homes))
    assert found.low == pytest.approx(min(ends))
    assert found.high == pytest.approx(max(ends))


@given(st.permutations(range(6)))
def test_the_order_of_the_parts_does_not_matter(order: list[int]) -> None:
    parts = [
        buurt(figure("owned", 10 * number, "percent"), figure("dwellings", 50 + 5 * number), code=f"BU{number}") for number in range(6)
    ]
    one, two = added(parts, OWNED), added([parts[number] for number in order], OWNED)
    assert one.value == pytest.approx(two.value)
    assert (one.low, one.high) == (pytest.approx(two.low), pytest.approx(two.high))


def test_a_group_is_added_up_by_itself() -> None:
    young = figure("population", 40, group="age_0_14")
    found = total([buurt(figure("population", 100), young)], PEOPLE, CATALOGUE, group="age_0_14")
    assert (found.value, found.group) == (40, "age_0_14")
    assert total([buurt(young)], PEOPLE, CATALOGUE, group=ALL).reason == "missing"
