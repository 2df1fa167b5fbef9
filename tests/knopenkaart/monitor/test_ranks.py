# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""No league table out of noise: areas that cannot be told apart share a rank, and the ranks that they may have hold together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.monitor._margins import z_of
from knopenkaart.monitor.estimates import estimate
from knopenkaart.monitor.ranks import ranks

from .invented import figure, indicator, plain, share, wijk


def test_areas_that_differ_clearly_have_ranks_of_their_own() -> None:
    found = ranks({"a": share(10, 5000), "b": share(50, 5000), "c": share(30, 5000)})
    assert [(item.code, item.rank, item.first, item.last) for item in found] == [("b", 1, 1, 1), ("c", 2, 2, 2), ("a", 3, 3, 3)]


def test_areas_that_cannot_be_told_apart_share_a_rank() -> None:
    found = ranks({"a": share(30, 100), "b": share(33, 100), "c": share(90, 100)})
    assert [(item.code, item.rank, item.first, item.last) for item in found] == [("c", 1, 1, 1), ("a", 2, 2, 3), ("b", 2, 2, 3)]


def test_an_area_may_share_with_two_that_do_not_share_with_each_other() -> None:
    """The middle one is of few people and overlaps both; nothing is demonstrably higher than it or than the highest."""
    found = {item.code: (item.rank, item.last) for item in ranks({"high": share(50, 5000), "few": share(40, 40), "low": share(30, 5000)})}
    assert found == {"high": (1, 2), "few": (1, 3), "low": (2, 3)}


def test_margins_of_rounding_that_just_touch_share_a_rank_whatever_the_last_bits_of_a_float() -> None:
    """0.3 may be 0.35 and 0.4 may be 0.35; in floats 0.4 - 0.05 is a little more than that."""
    cafe = indicator("cafe", unit="km", aggregate="mean", rounding={"km": {"wijk": 0.1}})
    tenths = {str(tenth): estimate(wijk(figure("cafe", tenth / 10, "km")), cafe) for tenth in range(1, 21)}
    spans = {item.code: (item.first, item.last) for item in ranks(tenths)}
    assert spans == {str(tenth): (max(1, 20 - tenth), min(20, 22 - tenth)) for tenth in range(1, 21)}


def test_an_area_without_a_margin_or_a_figure_is_not_ranked_and_holds_no_other_down() -> None:
    found = ranks({"a": share(10, 5000), "model": plain(99, None, None), "none": plain(None, None, None)})
    assert [(item.code, item.rank, item.last) for item in found] == [("a", 1, 1), ("model", None, None), ("none", None, None)]
    assert ranks({}) == []


def test_among_equal_areas_hardly_ever_one_stands_out() -> None:
    """Forty areas that are truly the same, a thousand times: in at most 5 % of them any area gets another rank than 1."""
    rng = np.random.default_rng(7)
    split = 0
    for counts in rng.binomial(500, 0.2, (1000, 40)):
        split += any(item.rank != 1 for item in ranks({str(place): share(count / 5, 500) for place, count in enumerate(counts)}))
    assert split <= 50


def test_the_true_rank_of_every_area_is_within_its_span_in_nearly_all_draws() -> None:
    rng = np.random.default_rng(8)
    true = np.linspace(0.1, 0.4, 20)
    held = 0
    for counts in rng.binomial(800, true, (400, 20)):
        found = ranks({str(place): share(count / 8, 800) for place, count in enumerate(counts)})
        held += all((item.first or 0) <= 20 - int(item.code) <= (item.last or 0) for item in found)
    assert held >= 0.95 * 400


def test_also_of_a_rare_thing_in_areas_of_very_unequal_size_all_spans_hold_together() -> None:
    """Of 0.3 % in areas of 50 to 20,000 people: Wilson is least exact there, and 200 draws miss in at most one of twenty."""
    rng = np.random.default_rng(9)
    people = np.exp(rng.uniform(np.log(50), np.log(20000), 50)).astype(int)
    true = 0.003 * np.exp(rng.normal(0, 0.5, 50))
    missed = 0
    for counts in rng.binomial(people, true, (200, 50)):
        found = ranks({str(place): share(100 * count / n, int(n)) for place, (count, n) in enumerate(zip(counts, people, strict=True))})
        spans = {int(item.code): (item.first or 0, item.last or 0) for item in found}
        missed += any(not first <= 1 + int((true > true[place]).sum()) <= last for place, (first, last) in spans.items())
    assert missed <= 10


def test_clearly_different_areas_are_told_apart_in_nearly_all_draws() -> None:
    rng = np.random.default_rng(9)
    true = np.linspace(0.1, 0.7, 7)
    apart = sum(
        [item.rank for item in ranks({str(place): share(count / 20, 2000) for place, count in enumerate(counts)})] == [1, 2, 3, 4, 5, 6, 7]
        for counts in rng.binomial(2000, true, (200, 7))
    )
    assert apart >= 190


def test_all_wijken_of_the_country_are_ranked() -> None:
    rng = np.random.default_rng(10)
    wijken = {f"WK{place:06}": share(value, 2000) for place, value in enumerate(rng.uniform(5, 40, 3393))}
    found = ranks(wijken)
    assert len(found) == 3393
    assert 1 == found[0].rank < found[-1].rank <= 3393


Figures = st.lists(st.tuples(st.floats(0, 100), st.integers(10, 3000)), min_size=1, max_size=25)


@settings(deadline=None)
@given(Figures)
def test_the_fast_way_gives_what_comparing_every_pair_gives(figures: list[tuple[float, int]]) -> None:
    estimates = {f"{place:02}": share(value, n) for place, (value, n) in enumerate(figures)}
    z = z_of(1 - 0.05 / len(estimates))
    spans = {code: item.at(z) for code, item in estimates.items()}
    for item in ranks(estimates):
        low, high = spans[item.code]
        assert item.rank == item.first == 1 + sum(other[0] > high for other in spans.values())
        assert item.last == len(spans) - sum(other[1] < low for other in spans.values())


@settings(deadline=None)
@given(Figures)
def test_a_higher_rank_is_never_given_to_a_lower_figure_that_can_be_told_apart(figures: list[tuple[float, int]]) -> None:
    found = ranks({f"{place:02}": share(value, n) for place, (value, n) in enumerate(figures)})
    assert min(item.rank or 0 for item in found) == 1
    for one in found:
        for other in found:
            if (one.last or 0) < (other.first or 0):
                assert (one.estimate.value or 0) > (other.estimate.value or 0)


def test_figures_of_another_kind_are_not_ranked_among_the_others() -> None:
    found = ranks({"a": share(10, 5000), "b": share(50, 5000), "own": replace(share(30, 5000), nature="own")})
    assert [(item.code, item.rank, item.last) for item in found] == [("b", 1, 1), ("a", 2, 2), ("own", None, None)]
    assert found[1].last == 2, "nor do they hold another down"
