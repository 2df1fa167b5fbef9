# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The curve for every setting that somebody may choose: what a municipality can influence, and the conventions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.mean_field import mean_fields
from knopenkaart.encounters.town import Convention
from knopenkaart.meeting.assumed import Habits, data
from knopenkaart.meeting.cohorts import cohorts
from knopenkaart.meeting.curve import DEMANDS, Plan, case_of
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed, May
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Parameters, choose

Floats = npt.NDArray[np.float64]
# Fewer numbers of places than the curve itself: there are many settings.
POINTS = 6
# What is taken lies between: one may set less as well as more.
FREQUENCY, FOYER = (0.7, 1.0, 1.5), (0.05, 0.2, 0.5)
# Notices (relative), times and weeks.
_Point = tuple[float, int, int]


def settings(ground: Ground, of: Believed, plans: Sequence[Plan], *, progress: Progress = silent) -> Iterator[dict[str, Any]]:
    """Rows of CURVE_GRID: by cohorts, for some of the plans, with elastic and fixed demand and the own programme.

    Where frequency and foyer both differ from what is taken, it is taken that each does what it does by itself (docs/method/curve.md): half
    of all settings need not be reckoned then.
    """
    chosen = [plans[at] for at in np.unique(np.linspace(0, len(plans) - 1, min(POINTS, len(plans))).round().astype(int))]
    usual, pairs = of.habits.foyer, _pairs(of.habits)
    alone: dict[tuple[float, float], dict[_Point, Floats]] = {}
    tried = [pair for pair in pairs if pair[0] == 1.0 or pair[1] == usual]
    for number, demand in enumerate(DEMANDS):
        for at, (frequency, foyer) in enumerate(tried):
            progress("settings", (number + at / len(tried)) / len(DEMANDS))
            parameters = replace(of.parameters, rate=of.parameters.rate * frequency)
            alone[frequency, foyer] = _conventions(ground, parameters, replace(of.habits, foyer=foyer), chosen, demand)
        for (frequency, foyer), point in product(pairs, alone[1.0, usual]):
            found = alone[frequency, foyer][point] if (frequency, foyer) in alone else _together(alone, frequency, usual, foyer, point)
            yield from _rows(demand, chosen, (frequency, foyer), point, found)


def _rows(demand: str, plans: Sequence[Plan], pair: tuple[float, float], point: _Point, found: Floats) -> Iterator[dict[str, Any]]:
    frequency, foyer = pair
    notices, times, weeks = point
    for plan, values in zip(plans, found.tolist(), strict=True):
        row = {"area_code": "all", "demand": demand, "places": plan.places, "times": times, "weeks": weeks, "notices": notices}
        yield row | {"frequency": frequency, "foyer": foyer} | dict(zip(("encounters", "faces", "faces_across"), values, strict=True))


def _pairs(habits: Habits) -> list[tuple[float, float]]:
    """Frequency and foyer, with what is taken of the foyer among them."""
    return list(product(FREQUENCY, sorted({*FOYER, habits.foyer})))


def _conventions(ground: Ground, parameters: Parameters, habits: Habits, plans: Sequence[Plan], demand: str) -> dict[_Point, Floats]:
    """Encounters, faces and those across groups of each plan (plans, 3), for every number of people that one takes in (relative), of times
    and of weeks."""
    known, found = data()["convention"], {}
    people, shape = float(ground.setting.people.sum()), profiles(ground)
    town, usual, today = May(parameters, habits, ()), where_of(ground, habits, profile=shape), choose(ground.setting, parameters)
    cases = [case_of(ground, town, plan, demand, usual, today) for plan in plans]
    # Who comes where depends neither on how many one takes in nor on what is called recognising.
    who = [cohorts(case.setting, parameters, case.choice, habits) for case in cases]
    for notices in known["grid_notices"]:
        where = where_of(ground, replace(habits, notices=habits.notices * notices), profile=shape)
        for times, weeks in product(known["grid_times"], known["grid_weeks"]):
            results = mean_fields([(where, own) for own in who], Convention(times, weeks), residents=people)
            found[notices, times, weeks] = np.array([[result.per_resident, result.mean, result.mean_across] for result in results])
    return found


def _together(
    alone: Mapping[tuple[float, float], Mapping[_Point, Floats]], frequency: float, usual: float, foyer: float, point: _Point
) -> Floats:
    base = alone[1.0, usual][point]
    both = alone[frequency, usual][point] * alone[1.0, foyer][point]
    return np.asarray(np.divide(both, base, out=np.zeros_like(base), where=base > 0))
