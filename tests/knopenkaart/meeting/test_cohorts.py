# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is reckoned by cohorts is reckoned once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.encounters import mean_field
from knopenkaart.encounters.town import Convention
from knopenkaart.meeting.cohorts import Memory, by_cohorts, cohorts
from knopenkaart.meeting.residents import where_of
from knopenkaart.visits.choice import choose

from .grounds import assumed, town

GROUND = town(cells=12, places=6, people=60.0, kinds=("community_centre", "library"))
OF = assumed(GROUND)
WHERE = where_of(GROUND, OF.habits)
LIBRARIES = GROUND.setting.nest == 1


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many places were reckoned, per call."""
    numbers: list[int] = []
    really = mean_field._reckoned

    def counted(places: object, who: object, convention: Convention) -> object:
        numbers.append(places.count)  # type: ignore[attr-defined]
        return really(places, who, convention)  # type: ignore[arg-type]

    monkeypatch.setattr(mean_field, "_reckoned", counted)
    return numbers


def _without(number: int, memory: Memory | None) -> mean_field.MeanField:
    setting = GROUND.setting.with_open(np.arange(6) != number)
    today = choose(GROUND.setting, OF.parameters)
    return by_cohorts(setting, OF.parameters, choose(setting, OF.parameters, today=today), WHERE, OF.habits, memory=memory)


def test_places_of_a_function_in_which_nothing_closes_are_not_reckoned_again(reckoned: list[int]) -> None:
    memory = Memory(100)
    by_cohorts(GROUND.setting, OF.parameters, choose(GROUND.setting, OF.parameters), WHERE, OF.habits, memory=memory)
    closed = int(np.flatnonzero(LIBRARIES)[0])
    left = _without(closed, memory)
    # All six, and then the three libraries: the three centres have the same visitors as before.
    assert reckoned == [6, 3]
    assert left.mean == pytest.approx(_without(closed, None).mean, rel=1e-12)


def test_the_same_plan_is_reckoned_once_and_other_habits_anew(reckoned: list[int]) -> None:
    memory = Memory(100)
    assert _without(0, memory).mean == _without(0, memory).mean
    assert reckoned == [6]
    _without(0, Memory(100))
    assert reckoned == [6, 6]


def test_a_memory_stays_small_and_what_it_forgot_is_reckoned_again(reckoned: list[int]) -> None:
    memory, fresh = Memory(6), _without(0, None)
    for number in (0, 1, 2, 0):
        found = _without(number, memory)
        assert len(memory) <= 6
    assert found.mean == pytest.approx(fresh.mean, rel=1e-12)
    assert reckoned[-1] > 0


def test_dayparts_that_are_alike_are_as_dayparts_that_nearly_are() -> None:
    """Alike ones are reckoned once: the slightest difference makes each be reckoned by itself."""
    of = cohorts(GROUND.setting, OF.parameters, choose(GROUND.setting, OF.parameters), OF.habits)
    jitter = WHERE.profile * (1 + 1e-9 * np.random.default_rng(2).random(WHERE.profile.shape))
    apart = replace(WHERE, profile=jitter / jitter.sum(axis=2, keepdims=True))
    one, other = (mean_field.mean_field(where, of, Convention(2, 12), residents=1440.0) for where in (WHERE, apart))
    assert one.by_group == pytest.approx(other.by_group, rel=1e-6)
    assert one.encounters == pytest.approx(other.encounters, rel=1e-6)
    assert one.by_group == pytest.approx(one.by_group.T)
