# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The curve for every setting: less as well as more than is taken can be set, and shortcuts stay near what they stand for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.curve import plans_of
from knopenkaart.meeting.grid import FOYER, FREQUENCY, settings
from knopenkaart.meeting.residents import where_of
from knopenkaart.visits.choice import choose

from .grounds import assumed, town

GROUND = town(cells=10, places=6, people=120.0, kinds=("community_centre", "library"))
OF = assumed(GROUND)
PLANS, _ = plans_of(GROUND, OF.parameters, [2, 6])
NAMES = ("demand", "places", "times", "weeks", "notices", "frequency", "foyer")


@cache
def rows() -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in NAMES): row for row in settings(GROUND, OF, PLANS)}


def exactly(places: int, *, times: int, weeks: int, notices: float, frequency: float, foyer: float) -> float:
    """Faces with elastic demand in one setting, reckoned for it."""
    plan = next(plan for plan in PLANS if plan.places == places)
    parameters = replace(OF.parameters, rate=OF.parameters.rate * frequency)
    habits = replace(OF.habits, notices=OF.habits.notices * notices, foyer=foyer, times=times, weeks=weeks)
    setting, today = GROUND.setting.with_open(plan.opened), choose(GROUND.setting, parameters)
    return by_cohorts(setting, parameters, choose(setting, parameters, today=today), where_of(GROUND, habits), habits).mean


def test_every_setting_is_there_once_and_what_is_taken_lies_between_the_ends() -> None:
    assert len(rows()) == 2 * 2 * 3 * 3 * 3 * len(FREQUENCY) * len(FOYER)
    assert FREQUENCY[0] < 1.0 < FREQUENCY[-1]
    assert FOYER[0] < OF.habits.foyer < FOYER[-1]


@pytest.mark.parametrize(("frequency", "foyer"), [(1.0, 0.2), (0.7, 0.2), (1.5, 0.2), (1.0, 0.05), (1.0, 0.5)])
def test_what_differs_in_one_thing_is_reckoned(frequency: float, foyer: float) -> None:
    told = rows()["elastic", 2, 3, 26, 1.0, frequency, foyer]["faces"]
    assert told == pytest.approx(exactly(2, times=3, weeks=26, notices=1.0, frequency=frequency, foyer=foyer), rel=1e-9)


@pytest.mark.parametrize(("frequency", "foyer"), [(0.7, 0.05), (0.7, 0.5), (1.5, 0.05), (1.5, 0.5)])
@pytest.mark.parametrize(("times", "weeks", "notices"), [(3, 26, 1.0), (5, 12, 0.5), (2, 52, 2.0)])
def test_where_two_things_differ_each_does_what_it_does_by_itself(
    frequency: float, foyer: float, times: int, weeks: int, notices: float
) -> None:
    """Within 5 %, or 0.03 faces where there are hardly any."""
    for places in (2, 6):
        told = rows()["elastic", places, times, weeks, notices, frequency, foyer]["faces"]
        wanted = exactly(places, times=times, weeks=weeks, notices=notices, frequency=frequency, foyer=foyer)
        assert told == pytest.approx(wanted, rel=0.05, abs=0.03)
