# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Chances of enough encounters, beside independent reckonings by convolution and scipy."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters import _noticing as noticing
from knopenkaart.encounters.expected import rule
from knopenkaart.encounters.town import Convention

chances = st.floats(0.0, 1.0)


def convolved(parts: list[float]) -> np.ndarray:
    return functools.reduce(np.convolve, [np.array([1 - p, p]) for p in parts], np.ones(1))


@settings(deadline=None, max_examples=300)
@given(st.integers(1, 8), st.integers(8, 520), st.one_of(chances, st.floats(1e-9, 1e-3)))
def test_at_least_so_many_weeks_is_the_tail_of_a_binomial_number(times: int, weeks: int, chance: float) -> None:
    found = kernels.at_least(times, weeks, chance, rule(Convention(times, weeks)).steps)
    assert found == pytest.approx(stats.binom.sf(times - 1, weeks, chance), rel=1e-6, abs=1e-13)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 5), st.integers(5, 60), st.lists(chances, min_size=1, max_size=4))
def test_encounters_of_all_weeks_are_those_of_one_week_convolved(times: int, weeks: int, each: list[float]) -> None:
    week = np.zeros(times + 6)
    one = convolved(each)
    week[: len(one)] = one
    whole = functools.reduce(np.convolve, [one] * weeks)
    assert kernels.at_least_in_all(times, weeks, week, np.zeros(times + 6)) == pytest.approx(whole[times:].sum(), rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(st.tuples(*(chances for _ in range(8))))
def test_a_week_without_a_meeting_is_that_of_all_sixteen_ways(p: tuple[float, ...]) -> None:
    a, b, d, e, rr, rc, cr, cc = p
    total = 0.0
    for i, u, j, w in itertools.product((0, 1), repeat=4):
        weight = np.prod([x if y else 1 - x for x, y in ((a, i), (b, u), (d, j), (e, w))])
        total += weight * (1 - rr * i * j) * (1 - rc * i * w) * (1 - cr * u * j) * (1 - cc * u * w)
    assert kernels.no_meeting(*p) == pytest.approx(total, abs=1e-12)
    room = np.zeros((4, 9))
    kernels.meetings(*p, room)
    assert room[0, 0] == pytest.approx(total, abs=1e-12)
    assert room[0].sum() == pytest.approx(1)


@settings(deadline=None)
@given(st.lists(chances, max_size=30))
def test_a_crowd_is_counted_as_by_convolution(parts: list[float]) -> None:
    assert noticing.count_chances(np.array(parts)) == pytest.approx(convolved(parts), abs=1e-12)


@settings(deadline=None)
@given(st.lists(chances, min_size=1, max_size=30))
def test_a_crowd_without_one_is_that_of_the_others(parts: list[float]) -> None:
    assert noticing.without(convolved(parts), parts[0])[: len(parts)] == pytest.approx(convolved(parts[1:]), abs=1e-9)


@settings(deadline=None)
@given(st.lists(chances, min_size=2, max_size=noticing.SMALL), st.integers(0, 2**31))
def test_a_crowd_without_each_in_turn_is_that_without_one(parts: list[float], seed: int) -> None:
    """All at once, beside one after the other; with chances of 0, of 1 and of one half."""
    each = np.array(parts)
    seen = np.random.default_rng(seed).random(len(parts) + 1)
    room = np.full((2, noticing.SMALL), np.nan)
    noticing.without_each(convolved(parts), seen, each, room)
    exact = [convolved([*parts[:n], *parts[n + 1 :]]) @ seen[: len(parts)] for n in range(len(parts))]
    assert room[0, : len(parts)] == pytest.approx(exact, abs=1e-9)


def test_a_large_crowd_is_cut_off_where_nobody_is_counted() -> None:
    found = noticing.count_chances(np.full(5000, 0.02))
    assert len(found) < 300
    assert found == pytest.approx(stats.binom.pmf(np.arange(len(found)), 5000, 0.02), abs=1e-12)
    for mean in (0.0, 0.3, 50.0, 2000.0):
        poisson = noticing.poisson(mean)
        assert poisson.sum() == pytest.approx(1)
        assert poisson == pytest.approx(stats.poisson.pmf(np.arange(len(poisson)), mean), abs=1e-12)


@pytest.mark.parametrize("notices", [2.0, 8.0, 30.0])
def test_what_two_of_a_crowd_notice_is_without_themselves(notices: float) -> None:
    """A crowd of sixty with small chances: the correction of the second order is the exact crowd without both."""
    parts = list(np.random.default_rng(1).uniform(0, 0.4, 60))
    numbers = np.zeros(3)
    noticing.noticed(convolved(parts), 0.0, 0.0, notices, numbers)
    p, q = parts[:2]
    rest = convolved(parts[2:])
    exact = rest @ np.minimum(1, notices / (1 + np.arange(len(rest))))
    assert numbers[0] + (p + q) * numbers[1] + (p * p + p * q + q * q) * numbers[2] == pytest.approx(exact, rel=0.003)
    # The same as a Poisson number with its correction.
    noticing.noticed(np.ones(1), sum(parts), sum(x * x for x in parts), notices, numbers)
    assert numbers[0] + (p + q) * numbers[1] + (p * p + p * q + q * q) * numbers[2] == pytest.approx(exact, rel=0.01)
