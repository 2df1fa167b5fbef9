# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A correlation over areas has an interval that holds, and warnings that are due."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from knopenkaart.monitor.correlate import Correlation, Interval, Pair, correlate, student


def _pairs(x: np.ndarray, y: np.ndarray, clusters: list[str]) -> list[Pair]:
    return [
        Pair(f"BU{place:08}", float(one), float(other), name) for place, (one, other, name) in enumerate(zip(x, y, clusters, strict=True))
    ]


def _town(seed: int, *, rho: float, shared: float, clusters: int = 26, size: int = 20, sizes: list[int] | None = None) -> list[Pair]:
    """Areas in municipalities (of one size, or of `sizes`) that share a part of both figures, with a known correlation between the two."""
    draw = np.random.default_rng(seed)
    cov = [[1.0, rho], [rho, 1.0]]
    sizes = sizes or [size] * clusters
    common = np.repeat(draw.multivariate_normal([0, 0], cov, size=len(sizes)), sizes, axis=0)
    own = draw.multivariate_normal([0, 0], cov, size=sum(sizes))
    both = math.sqrt(shared) * common + math.sqrt(1 - shared) * own
    return _pairs(both[:, 0], both[:, 1], np.repeat([f"GM{place:04}" for place in range(len(sizes))], sizes).tolist())


def _by_hand(pairs: list[Pair]) -> tuple[float, float]:
    """The jackknife over municipalities, one correlation of scipy for each that is left out."""

    def scaled(of: list[Pair]) -> float:
        return math.atanh(stats.pearsonr([pair.x for pair in of], [pair.y for pair in of]).statistic)

    names = {pair.cluster for pair in pairs}
    middle = scaled(pairs)
    moves = [scaled([pair for pair in pairs if pair.cluster != name]) - middle for name in names]
    numbers = [sum(pair.cluster == name for pair in pairs) for name in names]
    worth = sum(numbers) ** 2 / sum(number**2 for number in numbers)
    half = stats.t.ppf(0.975, worth - 1) * math.sqrt((len(names) - 1) / len(names) * sum(move**2 for move in moves))
    return math.tanh(middle - half), math.tanh(middle + half)


def _found(pairs: list[Pair], *, same_model: bool = False) -> Correlation:
    found = correlate(pairs, same_model=same_model)
    assert found is not None
    return found


def test_the_values_are_those_of_an_independent_computation() -> None:
    pairs = _town(1, rho=0.4, shared=0.3)
    found = _found(pairs)
    x, y = [pair.x for pair in pairs], [pair.y for pair in pairs]
    assert found.pearson.value == pytest.approx(stats.pearsonr(x, y).statistic)
    assert found.spearman.value == pytest.approx(stats.spearmanr(x, y).statistic)


def test_areas_that_stand_on_their_own_get_the_interval_of_fisher() -> None:
    pairs = _town(2, rho=0.5, shared=0.0, clusters=4, size=30)
    found = _found(pairs)
    wanted = stats.pearsonr([pair.x for pair in pairs], [pair.y for pair in pairs]).confidence_interval(0.95)
    assert (found.pearson.low, found.pearson.high) == pytest.approx((wanted.low, wanted.high))
    assert found.method == "areas"
    assert "few_municipalities" in found.warnings


def test_equal_values_share_the_middle_of_their_ranks() -> None:
    x = [1, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 8]
    y = [3, 1, 2, 2, 5, 4, 6, 6, 9, 7, 8, 8]
    found = _found([Pair(str(place), a, b, "GM0001") for place, (a, b) in enumerate(zip(x, y, strict=True))])
    assert found.spearman.value == pytest.approx(stats.spearmanr(x, y).statistic)


def test_the_interval_of_whole_municipalities_holds_where_that_of_separate_areas_does_not() -> None:
    """Buurten that share most with their municipality: 60 towns without any true correlation."""
    held = naive = 0
    for seed in range(60):
        pairs = _town(seed, rho=0.0, shared=0.6)
        found = _found(pairs)
        held += found.pearson.low <= 0 <= found.pearson.high
        half = 1.96 / math.sqrt(len(pairs) - 3)
        naive += abs(math.atanh(found.pearson.value)) <= half
    assert held >= 55
    assert naive <= 40


@pytest.mark.parametrize(("shared", "rho"), [(0.1, 0.7), (0.6, 0.0)])
def test_also_with_few_municipalities_of_which_one_has_a_quarter_of_all_areas_it_holds_as_often_as_it_says(
    shared: float, rho: float
) -> None:
    """95 % of 200 provinces, give or take; drawing whole municipalities again held in nine of ten."""
    sizes = [60, *np.random.default_rng(4).integers(3, 25, 13).tolist()]
    held = sum(
        found.pearson.low <= rho <= found.pearson.high
        for seed in range(200)
        for found in (_found(_town(seed, rho=rho, shared=shared, sizes=sizes)),)
    )
    assert held >= 184


def test_the_interval_is_that_of_leaving_out_each_municipality() -> None:
    pairs = _town(8, rho=0.5, shared=0.4, sizes=[40, 5, 8, 13, 21, 3, 9, 9, 17, 30, 12])
    found = _found(pairs).pearson
    assert (found.low, found.high) == pytest.approx(_by_hand(pairs))


def test_where_all_hangs_on_one_municipality_the_correlation_may_be_anything() -> None:
    """Only the first differs in anything."""
    pairs = [
        Pair(f"{town}-{place}", float(place * (town == 0)), float(place * (town == 0)), f"GM{town}")
        for town in range(10)
        for place in range(3)
    ]
    assert _found(pairs).pearson == Interval(pytest.approx(1.0), -1.0, 1.0)


@given(st.floats(2, 500))
def test_students_t_is_that_of_scipy(freedom: float) -> None:
    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-5)


def test_students_t_has_at_least_one_degree_of_freedom() -> None:
    assert student(1) == pytest.approx(12.7062, abs=1e-4)
    with pytest.raises(ValueError, match="one degree"):
        student(0.5)


def test_a_figure_of_a_model_beside_one_that_was_counted_is_warned_for() -> None:
    pairs = _town(3, rho=0.5, shared=0.2)
    mixed, both = correlate(pairs, one_model=True), correlate(pairs, one_model=True, same_model=True)
    assert mixed is not None
    assert both is not None
    assert "one_model" in mixed.warnings
    assert "same_model" in both.warnings
    assert "one_model" not in both.warnings, "that one model gave both says it already"


def test_a_fall_in_everything_but_the_number_of_areas_is_not_told() -> None:
    assert correlate([Pair(str(n), n, n * n, "GM0001") for n in range(9)]) is None
    assert correlate([Pair(str(n), 1.0, n, "GM0001") for n in range(20)]) is None


def test_two_figures_of_one_model_are_warned_for() -> None:
    pairs = _town(3, rho=0.5, shared=0.2)
    assert "same_model" in _found(pairs, same_model=True).warnings
    assert _found(pairs).warnings[:2] == ("no_cause", "areas_not_people")
    assert "same_model" not in _found(pairs).warnings


def test_another_sign_over_larger_areas_is_warned_for() -> None:
    """Inside each wijk both rise together; from wijk to wijk one falls while the other rises."""
    pairs = [
        Pair(f"BU{wijk:02}{buurt:02}", 3 * buurt + wijk, 3 * buurt - wijk, f"GM{wijk:04}", coarse=f"WK{wijk:02}", people=1000.0)
        for wijk in range(12)
        for buurt in range(8)
    ]
    found = _found(pairs)
    assert found.pearson.value > 0
    assert found.coarse is not None
    assert found.coarse.value == pytest.approx(-1.0)
    assert "other_borders_other_sign" in found.warnings
    assert found.within is not None
    assert found.within.value == pytest.approx(1.0)


def test_larger_areas_weigh_their_parts_by_inhabitants() -> None:
    pairs = []
    for wijk in range(10):
        pairs.append(Pair(f"{wijk}a", wijk, wijk, "GM0001", coarse=f"WK{wijk}", people=900.0))
        pairs.append(Pair(f"{wijk}b", 100.0 - 20 * wijk, 5.0, "GM0001", coarse=f"WK{wijk}", people=100.0))
    found = _found(pairs)
    x = [0.9 * wijk + 0.1 * (100 - 20 * wijk) for wijk in range(10)]
    y = [0.9 * wijk + 0.5 for wijk in range(10)]
    assert found.coarse is not None
    assert found.coarse.value == pytest.approx(stats.pearsonr(x, y).statistic)


def test_a_third_figure_behind_both_is_taken_out() -> None:
    """Both follow how built-up it is, and nothing else ties them; scipy's regressions leave the same."""
    draw = np.random.default_rng(11)
    third = draw.normal(size=300)
    x, y = third + draw.normal(size=300), -third + draw.normal(size=300)
    names = [f"GM{place // 15:04}" for place in range(300)]
    pairs = [
        Pair(pair.code, pair.x, pair.y, pair.cluster, third=float(other)) for pair, other in zip(_pairs(x, y, names), third, strict=True)
    ]
    found = _found(pairs)
    assert found.pearson.high < -0.25
    assert found.beside is not None
    assert found.beside_areas == 300
    left = [values - np.polyval(np.polyfit(third, values, 1), third) for values in (x, y)]
    assert found.beside.value == pytest.approx(stats.pearsonr(*left).statistic)
    assert not found.beside.sure
    assert _found(_pairs(x, y, names)).beside is None


def test_one_municipality_that_carries_all_is_named() -> None:
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=240), draw.normal(size=240)
    x[:12] += 30
    y[:12] += 30
    found = _found(_pairs(x, y, [f"GM{place // 12:04}" for place in range(240)]))
    assert found.pearson.value > 0.9
    assert not found.pearson.sure, "one municipality is no proof"
    assert "one_municipality_carries_it" in found.warnings
    rest = _found(_pairs(x[12:], y[12:], [f"GM{place // 12:04}" for place in range(228)]))
    assert "one_municipality_carries_it" not in rest.warnings


def test_the_same_pairs_always_give_the_same_interval() -> None:
    pairs = _town(7, rho=0.3, shared=0.3)
    assert _found(pairs) == _found(list(pairs))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=10, max_size=40), st.floats(0.5, 3), st.floats(-100, 100))
def test_another_unit_or_a_swap_changes_nothing(values: list[tuple[float, float]], factor: float, offset: float) -> None:
    rounded = [(round(x, 1), round(y, 1)) for x, y in values]
    pairs = [Pair(str(place), x, y, "GM0001") for place, (x, y) in enumerate(rounded)]
    found = correlate(pairs)
    if found is None:
        return
    assert -1 <= found.pearson.low <= found.pearson.value <= found.pearson.high <= 1
    swapped = _found([Pair(pair.code, pair.y, pair.x, pair.cluster) for pair in pairs])
    assert swapped.pearson.value == pytest.approx(found.pearson.value, abs=1e-6)
    scaled = correlate([Pair(pair.code, pair.x * factor + offset, pair.y, pair.cluster) for pair in pairs])
    if scaled is not None:
        assert scaled.pearson.value == pytest.approx(found.pearson.value, abs=1e-4)
