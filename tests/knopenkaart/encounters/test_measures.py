# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures of who meets whom, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.encounters import measures

# Of 10 encounters of the first group 8 are among themselves; of 10 of the second 8 as well.
APART = [[8.0, 2.0], [2.0, 8.0]]


def test_exposure_is_the_part_of_encounters_with_each_group() -> None:
    assert measures.exposure([[6.0, 2.0], [2.0, 0.0]]).tolist() == [[0.75, 0.25], [1.0, 0.0]]
    assert np.isnan(measures.exposure([[0.0, 0.0], [0.0, 1.0]])[0]).all()


def test_mixing_is_one_where_people_meet_in_proportion() -> None:
    assert measures.mixing(APART, [50, 50]).tolist() == [[1.6, 0.4], [0.4, 1.6]]
    assert measures.mixing(np.outer([3, 1], [3, 1]), [300, 100]) == pytest.approx(np.ones((2, 2)))
    assert np.isnan(measures.mixing(APART, [10, 0])[:, 1]).all()


def test_assortativity_is_zero_by_chance_and_one_where_groups_never_meet() -> None:
    assert measures.assortativity(np.outer([3, 1], [3, 1])) == pytest.approx(0)
    assert measures.assortativity([[4, 0], [0, 1]]) == 1
    assert measures.assortativity(APART) == pytest.approx(0.6)
    assert measures.assortativity([[0, 4], [4, 0]]) == -1
    assert np.isnan(measures.assortativity([[0.0]]))
    assert np.isnan(measures.assortativity([[3.0]]))


def test_a_place_is_as_segregated_as_its_visitors_are_far_from_those_expected() -> None:
    assert measures.segregation([5, 5], [1, 1]) == 0
    assert measures.segregation([9, 0, 0], [1, 1, 1]) == pytest.approx(1)
    # Of 10 visitors 7 in place of 5: off by 2 + 2 of 10, and at most by 1: .4 / (2 * .5).
    assert measures.segregation([7, 3], [1, 1]) == pytest.approx(0.4)
    # Only the smallest of two unequal groups comes.
    assert measures.segregation([0, 4], [3, 1]) == 1
    assert measures.dissimilarity([7, 3], [1, 1]) == pytest.approx(0.2)
    assert np.isnan(measures.segregation([0, 0], [1, 1]))
    assert np.isnan(measures.segregation([3], [3]))


def test_quotients_and_divergence_compare_shares() -> None:
    assert measures.quotients([7, 3], [1, 1]) == pytest.approx([1.4, 0.6])
    assert np.isnan(measures.quotients([7, 3], [1, 0])[1])
    assert measures.divergence([1, 1], [1, 3]) == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert measures.divergence([1, 0], [1, 1]) == pytest.approx(np.log(2))
    assert measures.divergence([1, 1], [1, 0]) == np.inf
    assert np.isnan(measures.divergence([0, 0], [1, 0]))


def test_someone_who_goes_to_two_one_sided_places_is_not_segregated() -> None:
    assert measures.individual([1, 1], [[1, 0], [0, 1]], [1, 1]) == 0
    assert measures.individual([3, 1], [[1, 0], [0, 1]], [1, 1]) == pytest.approx(0.5)


def test_even_a_place_as_its_catchment_shows_some_segregation() -> None:
    # Six equal groups, 100 people counted: each share is off by sqrt(2 / pi) times its standard error of .037.
    draws = np.random.default_rng(1).multinomial(100, np.full(6, 1 / 6), size=4000) / 100
    assert np.abs(draws - 1 / 6).sum(axis=1).mean() / 2 == pytest.approx(3 * np.sqrt(2 / np.pi * 5 / 3600), abs=0.002)
    band = measures.sided(np.full(6, 1.0), np.full(6, 1.0), counted=100, seed=1)
    assert band.value == 0
    assert not band.beyond_chance
    # D / (1 - 1/6): the band of D itself.
    assert (band.low * 5 / 6, band.high * 5 / 6) == pytest.approx((0.04, 0.15), abs=0.01)


def test_few_counted_people_tell_less() -> None:
    few, many = (measures.sided([3, 1], [1, 1], counted=counted, seed=1) for counted in (10, 200))
    assert few.value == many.value == 0.5
    assert not few.beyond_chance
    assert many.beyond_chance
    assert np.isnan(measures.sided([3, 1], [1, 1], counted=0, seed=1).value)


def test_the_band_of_a_place_is_its_own_and_always_the_same() -> None:
    one, again, other = (measures.sided([3, 1, 1], [1, 2, 3], counted=537, seed=1, name=name) for name in "aab")
    assert one == again
    assert one != other


numbers = st.lists(st.floats(0.1, 100), min_size=3, max_size=3)


@given(numbers, numbers)
def test_measures_do_not_depend_on_the_order_or_the_scale(visitors: list[float], expected: list[float]) -> None:
    order = [2, 0, 1]
    for measure in (measures.segregation, measures.dissimilarity, measures.divergence):
        found = measure(visitors, expected)
        assert measure([visitors[n] for n in order], [expected[n] for n in order]) == pytest.approx(found, abs=1e-9)
        assert measure([7 * number for number in visitors], expected) == pytest.approx(found, abs=1e-9)
    assert 0 <= measures.dissimilarity(visitors, expected) <= measures.segregation(visitors, expected) <= 1 + 1e-9
