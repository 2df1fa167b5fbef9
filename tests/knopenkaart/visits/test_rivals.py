# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where visits go when a place closes: what choosing again gives, for every place at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.visits.choice import Parameters, Setting, choose, reached
from knopenkaart.visits.rivals import within, without_each


def _town(seed: int, *, cells: int, places: int, nests: int, groups: int) -> tuple[Setting, Parameters]:
    """A town of which some ways are missing, some places closed, and some groups not welcome everywhere."""
    random = np.random.default_rng(seed)
    metres = np.where(random.random((cells, places)) < 0.8, random.uniform(0, 4000, (cells, places)), np.inf)
    nest = (np.arange(places) % nests).astype(np.int32)
    setting = Setting(random.uniform(0, 80, (cells, groups)), reached(metres), nest, nests, random.random(places) < 0.8)
    attract = random.normal(0, 1, (places, groups))
    attract[random.random((places, groups)) < 0.1] = -np.inf
    outside, rate = random.normal(0, 1, (nests, groups)), random.uniform(0, 2, (nests, groups))
    return setting, Parameters(attract, random.uniform(0, 3, groups), float(random.uniform(0.1, 1)), outside, rate)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(1, 6), st.integers(1, 3), st.integers(1, 3))
def test_closing_each_gives_what_choosing_again_without_it_gives(seed: int, cells: int, places: int, nests: int, groups: int) -> None:
    setting, parameters = _town(seed, cells=cells, places=places, nests=nests, groups=groups)
    today = choose(setting, parameters)
    told = without_each(setting, parameters)
    assert sorted(place for of in told for place in of.places) == np.flatnonzero(setting.open).tolist()
    for of in told:
        assert of.visits == pytest.approx(today.visits[of.places].sum(axis=1), abs=1e-9)
        for row, place in enumerate(of.places):
            left = setting.with_open(setting.open & (np.arange(places) != place))
            for elastic, moved in ((True, of.elastic), (False, of.fixed)):
                more = (choose(left, parameters, elastic=elastic).visits - today.visits).sum(axis=1)[of.places]
                more[row] = 0.0
                assert moved[row] == pytest.approx(more, abs=1e-7)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_no_more_visits_move_than_there_were_and_elastic_demand_moves_fewer(seed: int) -> None:
    for of in without_each(*_town(seed, cells=6, places=6, nests=2, groups=2)):
        assert (of.elastic >= -1e-9).all()
        assert (of.elastic <= of.fixed + 1e-9).all()
        assert (of.fixed.sum(axis=1) <= of.visits + 1e-9).all()


def test_of_twins_under_theta_one_half_seven_in_ten_go_to_the_other() -> None:
    """A place pulls as much as staying at home: of 100 people 50 go to one, and root 2 / (1 + root 2) = 58.6 to two, half to each."""
    twins = Setting(np.array([[100.0]]), reached([[0.0, 0.0]]), np.zeros(2, dtype=np.int32), 1, np.array([True, True]))
    habits = Parameters(np.zeros((2, 1)), np.ones(1), 0.5, np.zeros((1, 1)), np.ones((1, 1)))
    found = without_each(twins, habits)[0]
    assert found.visits == pytest.approx([29.289, 29.289], abs=1e-3)
    assert found.elastic[0, 1] == pytest.approx(50 - 29.289, abs=1e-3)
    assert found.fixed[0, 1] == pytest.approx(29.289, abs=1e-3)


def test_the_only_place_that_can_be_reached_leaves_everybody_at_home_also_under_fixed_demand() -> None:
    """The residents of the first square reach one place only; those of the second both, in equal parts."""
    metres = reached([[0.0, np.inf], [0.0, 0.0]])
    town = Setting(np.array([[100.0], [40.0]]), metres, np.zeros(2, dtype=np.int32), 1, np.array([True, True]))
    everybody = Parameters(np.zeros((2, 1)), np.ones(1), 0.5, np.full((1, 1), -np.inf), np.ones((1, 1)))
    found = without_each(town, everybody)[0]
    assert found.visits.tolist() == [120.0, 20.0]
    assert found.fixed[0].tolist() == [0.0, 20.0]
    assert found.elastic[0].tolist() == [0.0, 20.0]
    assert found.fixed[1].tolist() == [20.0, 0.0]


def test_places_of_another_function_get_nothing() -> None:
    town = Setting(np.array([[100.0]]), reached([[0.0, 0.0, 0.0]]), np.array([0, 1, 0], dtype=np.int32), 2, np.full(3, True))
    habits = Parameters(np.zeros((3, 1)), np.ones(1), 0.5, np.zeros((2, 1)), np.ones((2, 1)))
    found = without_each(town, habits)
    assert [of.places.tolist() for of in found] == [[0, 2], [1]]
    assert found[1].fixed.tolist() == [[0.0]]


def test_distances_are_of_visits_and_not_of_squares() -> None:
    """Of ten visits nine come from 100 m; the other place is reached by nobody who goes there."""
    town = Setting(np.ones((2, 1)), reached([[100.0, 300.0], [900.0, 300.0]]), np.zeros(2, dtype=np.int32), 1, np.full(2, True))
    visits = np.array([9.0, 0.0, 1.0, 0.0])
    found = [within(town.pairs, visits, part, places=2) for part in (0.5, 0.9, 0.91)]
    assert [float(km[0]) for km in found] == [0.1, 0.1, 0.9]
    assert all(np.isnan(km[1]) for km in found)
