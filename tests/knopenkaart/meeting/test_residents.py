# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Residents drawn one by one come as often, and where, as was chosen for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.encounters.crowd import crowd
from knopenkaart.meeting.assumed import habits
from knopenkaart.meeting.residents import MOST_VISITS, frequencies, people_of, town_of
from knopenkaart.visits.choice import choose

from .grounds import assumed, town

GROUND = town(people=300.0)
OF = assumed(GROUND).parameters


@given(st.floats(0.0, MOST_VISITS))
def test_classes_of_residents_make_the_visits_that_were_chosen(mean: float) -> None:
    share, often = frequencies(OF, 0, np.array([mean]))
    assert (share >= 0).all()
    assert share.sum() == pytest.approx(1.0)
    assert (share * often).sum() == pytest.approx(mean, rel=5e-3, abs=1e-9)
    assert often.max() <= MOST_VISITS
    assert often[0, -1] == 0.0


def test_where_residents_are_few_visits_come_from_few_and_where_they_are_many_from_everybody() -> None:
    share, _ = frequencies(OF, 0, np.array([0.05, 1.5]))
    assert share[0, -1] > 0.9
    assert share[1, -1] == pytest.approx(0.0)


def test_there_are_whole_residents_and_as_many_as_live_there() -> None:
    cell, group = people_of(GROUND)
    assert len(cell) == GROUND.setting.people.sum()
    assert (np.bincount(cell * 2 + group) == 300).all()


def test_drawn_residents_visit_places_as_expected() -> None:
    choice = choose(GROUND.setting, OF)
    drawn = crowd(town_of(GROUND, OF, habits(), choice=choice)).visits.sum(axis=(1, 2))
    # Some 60 visits a week by 7,200 residents: four standard deviations of the number of regulars.
    assert drawn == pytest.approx(choice.visits.sum(axis=1), rel=0.4)
    assert drawn.sum() == pytest.approx(choice.visits.sum(), rel=0.1)


def test_the_same_seed_gives_the_same_town_and_another_does_not() -> None:
    one, same, other = (town_of(GROUND, OF, habits(), seed=seed).residents for seed in (1, 1, 2))
    assert np.array_equal(one.home, same.home)
    assert np.array_equal(one.slot, same.slot)
    assert not np.array_equal(one.home, other.home)


def test_where_a_place_closes_only_those_who_had_it_as_their_own_take_another() -> None:
    today = choose(GROUND.setting, OF)
    opened = np.ones(6, dtype=bool)
    opened[2] = False
    closed = choose(GROUND.setting.with_open(opened), OF, elastic=False, today=today)
    before = town_of(GROUND, OF, habits(), choice=today).residents
    after = town_of(GROUND, OF, habits(), choice=closed, everywhere=today).residents
    had = before.home[:, 0] == 2
    assert had.any()
    assert not (after.home == 2).any()
    assert np.array_equal(before.home[~had], after.home[~had])
    assert (after.home[had] >= 0).all()


def test_own_places_of_a_closing_are_shared_out_as_the_choice_says() -> None:
    busy = town(people=8000.0, cells=2, places=3)
    of = assumed(busy).parameters
    today = choose(busy.setting, of)
    closed = choose(busy.setting.with_open(np.array([True, False, True])), of, elastic=False, today=today)
    drawn = town_of(busy, of, habits(), choice=closed, everywhere=today).residents
    regulars = np.bincount(drawn.home[drawn.home >= 0], minlength=3) / (drawn.home >= 0).sum()
    expected = closed.visits.sum(axis=1) / closed.visits.sum()
    assert regulars == pytest.approx(expected, abs=0.06)


def test_nobody_has_an_own_daypart_in_which_the_place_is_closed() -> None:
    half = town(slots=5, people=200.0)
    drawn = town_of(half, assumed(half).parameters, habits()).residents
    assert drawn.slot[drawn.home >= 0].max() < 5
