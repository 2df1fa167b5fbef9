# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""More places, fewer encounters: towns in which it is so, in which it is not, and in which nobody can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from knopenkaart.encounters.elasticity import counted, threshold
from knopenkaart.encounters.mean_field import Cohorts, crowding
from knopenkaart.encounters.town import Places
from knopenkaart.meeting.cohorts import by_cohorts, cohorts
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.verdict import balance, decided, settling, verdict
from knopenkaart.visits.choice import choose

from .grounds import assumed, sure_of, town

# Few people in a session, of whom one notices nearly all.
THIN = town(cells=20, places=20, people=6.0, groups=("age_65_plus",))
# Hundreds in a session, of whom one notices twelve.
CROWDED = town(cells=20, places=3, people=2000.0, groups=("age_65_plus",), slots=6)


def test_thin_places_to_which_everybody_goes_already_support_it() -> None:
    found = verdict(THIN, sure_of(THIN, part=0.97, rate=1.5, theta=0.6, counted=6), draws=60)
    # A few regulars meet in each session, and nobody meets oneself: s is above 1, and hardly anybody is left to be drawn out.
    assert found.threshold[0] > 0.5
    assert found.elasticity[0] < 0.05
    assert found.verdict == "supported"
    assert found.probability >= 0.9


def test_crowded_places_to_which_few_go_contradict_it() -> None:
    found = verdict(CROWDED, sure_of(CROWDED, part=0.15, rate=3.0, theta=0.85, counted=3), draws=60)
    assert found.threshold[0] < 0.05
    assert found.elasticity[0] > 0.2
    assert found.verdict == "contradicted"
    assert found.probability <= 0.1


def test_between_them_it_is_undecided() -> None:
    middle = town(cells=20, places=5, people=200.0, groups=("age_65_plus",))
    found = verdict(middle, sure_of(middle, part=0.4, rate=1.0, theta=0.6, counted=3), draws=60)
    assert found.verdict == "undecided"
    assert 0.1 < found.probability < 0.9
    assert found.measure[0][0] in {"openings", "recognise"}


def test_without_own_counts_it_is_undecided_however_sure_the_model_is() -> None:
    found = verdict(THIN, sure_of(THIN, part=0.97, rate=1.5, theta=0.6, counted=0), draws=40)
    assert found.probability >= 0.9
    assert found.counted == 0
    assert found.verdict == "undecided"
    assert verdict(THIN, assumed(THIN), draws=20).verdict == "undecided"


@pytest.mark.parametrize("people", [15.0, 60.0, 400.0])
def test_the_slope_is_that_of_the_engine_where_all_crowds_are_one_percent_larger(people: float) -> None:
    """From a town in which every encounter is noticed to one in which one notices a few of very many."""
    now = town(cells=20, places=5, people=people, kinds=("community_centre", "library"))
    many = town(cells=20, places=5, people=people * 1.01, kinds=("community_centre", "library"))
    of = sure_of(now, part=0.4, rate=1.0, theta=0.6, counted=0)
    choice, where = choose(now.setting, of.parameters), where_of(now, of.habits)
    met, slope = crowding(where, cohorts(now.setting, of.parameters, choice, of.habits))
    before = by_cohorts(now.setting, of.parameters, choice, where, of.habits).encounters
    after = by_cohorts(many.setting, of.parameters, choose(many.setting, of.parameters), where, of.habits).encounters
    assert met == pytest.approx(before, rel=1e-9)
    assert 1 + (met * slope).sum() / met.sum() == pytest.approx(np.log(after.sum() / before.sum()) / np.log(1.01), abs=1e-3)


@pytest.mark.parametrize("present", [2.0, 8.0, 12.0, 20.0, 60.0])
def test_of_a_crowd_of_casual_visitors_it_is_the_closed_form(present: float) -> None:
    nobody = np.zeros((1, 1, 1))
    where = Places(np.zeros(1, np.int32), np.ones((1, 1, 1)), np.full(1, 12.0), np.ones(1), np.zeros(1), np.array([-1], np.int32))
    met, slope = crowding(where, Cohorts(nobody, nobody, nobody, nobody, np.full((1, 1), present)))
    assert met[0] == pytest.approx(present**2 * counted(present, 12.0).chance, rel=1e-6)
    assert slope[0] == pytest.approx(counted(present, 12.0).slope, abs=0.01)


def test_more_places_of_every_function_change_encounters_as_the_balance_says() -> None:
    """Two functions, one of crowds and one of few, by hand: n (n^(eps - 1))^(1 + s) of each."""
    met, slope, grows = np.array([80.0, 20.0]), np.array([0.1, 0.9]), np.array([0.05, 0.6])
    eps, limit = balance(met, slope, grows)
    more = float((met * 1.001 * 1.001 ** ((grows - 1) * (1 + slope))).sum() / met.sum())
    assert (more > 1) == (eps > limit)
    assert np.log(more) / np.log(1.001) == pytest.approx((eps - limit) * (1 + (met * slope).sum() / met.sum()), abs=1e-3)
    assert balance(np.zeros(1), np.zeros(1), np.zeros(1)) == (0.0, 0.0)


@given(
    arrays(float, 4, elements=st.floats(0.1, 100)), arrays(float, 4, elements=st.floats(0, 1)), arrays(float, 4, elements=st.floats(0, 1))
)
def test_the_balance_lies_within_what_its_places_have(met: Any, slope: Any, grows: Any) -> None:
    eps, limit = balance(met, slope, grows)
    assert grows.min() - 1e-9 <= eps <= grows.max() + 1e-9
    assert threshold(slope.min()) - 1e-9 <= limit <= threshold(slope.max()) + 1e-9


@pytest.mark.parametrize(
    ("probability", "said"), [(1.0, "supported"), (0.9, "supported"), (0.89, "undecided"), (0.11, "undecided"), (0.1, "contradicted")]
)
def test_it_takes_nine_in_ten_to_decide(probability: float, said: str) -> None:
    assert decided(probability, counted=1) == said


def test_the_measurement_of_what_makes_the_gap_settles_most() -> None:
    random = np.random.default_rng(1)
    cause, other = random.normal(size=2000), random.normal(size=2000)
    gap = cause + 0.1 * random.normal(size=2000)
    found = dict(settling(gap, {"other": other, "cause": cause, "known": np.zeros(2000)}))
    assert list(found) == ["cause", "other"]
    assert found["cause"] > 0.95
    assert found["other"] == pytest.approx(0.5, abs=0.03)
