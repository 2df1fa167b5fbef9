# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is reckoned by cohorts is reckoned once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.encounters import mean_field
from knopenkaart.encounters.town import Convention
from knopenkaart.meeting.cohorts import Case, by_cohorts, cohorts, each_by_cohorts
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


def _without(number: int) -> Case:
    setting = GROUND.setting.with_open(np.arange(6) != number)
    today = choose(GROUND.setting, OF.parameters)
    return Case(setting, choose(setting, OF.parameters, today=today), WHERE)


NOW = Case(GROUND.setting, choose(GROUND.setting, OF.parameters), WHERE)
CLOSED = int(np.flatnonzero(LIBRARIES)[0])


def test_places_of_a_function_in_which_nothing_closes_are_not_reckoned_again(reckoned: list[int]) -> None:
    _, left = each_by_cohorts([NOW, _without(CLOSED)], OF.parameters, OF.habits)
    # All six, and then the two libraries that are left: the three centres have the same visitors as before, and nobody comes to the third.
    assert reckoned == [8]
    assert left.due[CLOSED] == left.encounters[CLOSED] == left.visits[CLOSED] == 0.0


def test_the_same_plan_is_reckoned_once(reckoned: list[int]) -> None:
    one, other = each_by_cohorts([NOW, NOW], OF.parameters, OF.habits)
    assert reckoned == [6]
    assert np.array_equal(one.due_by_group, other.due_by_group)


def test_plans_together_are_as_each_by_itself() -> None:
    together = each_by_cohorts([NOW, _without(CLOSED), _without(0)], OF.parameters, OF.habits)
    alone = [by_cohorts(case.setting, OF.parameters, case.choice, case.where, OF.habits) for case in (NOW, _without(CLOSED), _without(0))]
    for one, other in zip(together, alone, strict=True):
        assert (one.per_resident, one.mean, one.mean_across) == (other.per_resident, other.mean, other.mean_across)
        assert np.array_equal(one.due_by_group, other.due_by_group)


def test_dayparts_that_are_alike_are_as_dayparts_that_nearly_are() -> None:
    """Alike ones are reckoned once: the slightest difference makes each be reckoned by itself."""
    of = cohorts(GROUND.setting, OF.parameters, choose(GROUND.setting, OF.parameters), OF.habits)
    jitter = WHERE.profile * (1 + 1e-9 * np.random.default_rng(2).random(WHERE.profile.shape))
    apart = replace(WHERE, profile=jitter / jitter.sum(axis=2, keepdims=True))
    one, other = (mean_field.mean_field(where, of, Convention(2, 12), residents=1440.0) for where in (WHERE, apart))
    assert one.by_group == pytest.approx(other.by_group, rel=1e-6)
    assert one.encounters == pytest.approx(other.encounters, rel=1e-6)
    assert one.by_group == pytest.approx(one.by_group.T)
