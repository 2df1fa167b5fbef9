# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed forms for places that are all alike, beside numbers by hand and numerical derivatives of the engine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from knopenkaart.encounters.elasticity import (
    best_pool,
    counted,
    encounters_elasticity,
    familiarity_elasticity,
    repetition,
    saturating,
    threshold,
)
from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.town import Convention, Places, Residents, Town


def test_quiet_places_need_half_as_many_visits_more_and_crowded_ones_none() -> None:
    assert threshold(1.0) == 0.5
    assert threshold(0.0) == 0.0
    assert threshold(0.5) == pytest.approx(1 / 3)
    for slope in (0.1, 0.5, 0.9):
        assert encounters_elasticity(threshold(slope), slope) == pytest.approx(0)
        assert encounters_elasticity(0, slope) == -slope
        assert encounters_elasticity(1, slope) == pytest.approx(1)


def test_the_slope_tells_how_fast_noticing_wears_off() -> None:
    for noticing in (saturating, counted):
        for present in (3.0, 20.0, 60.0):
            up, down = (noticing(present * step, 12).chance for step in (1.001, 1 / 1.001))
            assert noticing(present, 12).slope == pytest.approx(1 + math.log(up / down) / (2 * math.log(1.001)), abs=1e-5)
    assert saturating(12, 12).slope == 0.5
    # The engine's noticing has everybody noticed in a quiet place, and as many people as ever in a crowded one.
    assert counted(2, 12).slope == pytest.approx(1, abs=1e-4)
    assert counted(100, 12).slope == pytest.approx(0, abs=1e-3)


def test_repetition_is_the_derivative_of_the_chance_to_recognise() -> None:
    for times in (1, 2, 3, 5):
        for meetings in (0.01, 0.5, 2.0, 9.0):
            up, down = (stats.poisson.sf(times - 1, meetings * step) for step in (1.0001, 1 / 1.0001))
            assert repetition(times, meetings) == pytest.approx(math.log(up / down) / (2 * math.log(1.0001)), rel=1e-5)
            weekly = [stats.binom.sf(times - 1, 26, meetings / 26 * step) for step in (1.0001, 1 / 1.0001)]
            slope = math.log(weekly[0] / weekly[1]) / (2 * math.log(1.0001))
            assert repetition(times, meetings, 26) == pytest.approx(slope, rel=1e-5)
    assert repetition(3, 0.0) == 3
    assert repetition(3, 1e-40) == 3
    assert repetition(3, 500.0) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("often", "notices", "weeks", "times", "regulars"),
    [(0.5, 12, 26, 3, 45), (0.8, 12, 26, 3, 71), (0.5, 12, 52, 3, 89), (0.5, 25, 52, 3, 184), (0.5, 12, 52, 5, 39), (0.9, 20, 52, 3, 271)],
)
def test_the_best_number_of_regulars_of_a_session(often: float, notices: float, weeks: int, times: int, regulars: int) -> None:
    """The numbers of the design, which were found by trying."""
    assert best_pool(often, notices, times=times, weeks=weeks) == pytest.approx(regulars, abs=1)


def test_where_one_meeting_is_enough_more_people_are_always_more_faces() -> None:
    assert best_pool(0.5, 12, times=1) == math.inf


def _alike(places: int, visits_per_place: float, often: float, notices: float) -> Town:
    """Places with one session each and only regulars."""
    each = round(visits_per_place / often)
    home = np.repeat(np.arange(places), each)[:, None].astype(np.int32)
    people = len(home)
    nothing = np.zeros(people, np.int32)
    where = Places(
        np.zeros(places, np.int32),
        np.ones((places, 1, 1)),
        np.full(places, notices),
        np.ones(places),
        np.zeros(places),
        np.full(1, -1, np.int32),
    )
    choice = np.full((1, places), 1 / places, np.float32)
    return Town(where, Residents(nothing, nothing, np.full((people, 1), often), np.zeros((people, 1)), home, 0 * home, choice, 1))


@pytest.mark.parametrize(("notices", "present"), [(6.0, 40.0), (6.0, 100.0), (25.0, 100.0), (60.0, 40.0)])
@pytest.mark.parametrize("often", [0.25, 0.5])
@pytest.mark.parametrize("visits", [0.0, 0.4, 0.7])
def test_the_closed_forms_are_the_derivatives_of_the_engine(notices: float, present: float, often: float, visits: float) -> None:
    """From 19 places to 21, while more people come, by the elasticity, as often as the others do."""
    numbers = (19, 21)
    towns = [_alike(n, present * (n / 20) ** (visits - 1), often, notices) for n in numbers]
    found = [expected(town, Convention(), egos=0) for town in towns]
    # Whole people only: what really grew.
    width = math.log(numbers[1] / numbers[0])
    grown = math.log(towns[1].residents.count / towns[0].residents.count) / width
    met, faces = ([f(one) for one in found] for f in (lambda one: one.encounters.by_place.sum(), lambda one: one.familiarity.faces.sum()))
    noticing = counted(present, notices)
    eta = repetition(3, 26 * often**2 * noticing.chance, 26)
    assert math.log(met[1] / met[0]) / width == pytest.approx(encounters_elasticity(grown, noticing.slope), abs=0.05)
    assert math.log(faces[1] / faces[0]) / width == pytest.approx(familiarity_elasticity(grown, noticing.slope, eta), abs=0.05)
