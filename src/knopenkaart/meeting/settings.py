# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What settings make of the curve: a grid of how often people come, whom they notice, the foyer, and what is called recognising."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from knopenkaart.meeting.assumed import Habits, data
from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.curve import DEMANDS, Plan
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed
from knopenkaart.progress import Progress, silent
from knopenkaart.tables.meeting import CURVE_GRID
from knopenkaart.visits.choice import Choice, Parameters, choose

# Factors of what is taken; the foyer is a part, its middle value is put in from what is taken.
NOTICES, FREQUENCY, FOYER = (0.5, 1.0, 2.0), (0.5, 1.0, 1.5), (0.0, 0.5)
# A grid of all plans of a long curve would take minutes: every so-manieth, with the first and the last.
PLANS = 7


@dataclass(frozen=True)
class Setting:
    """One point of the grid."""

    times: int
    weeks: int
    notices: float
    frequency: float
    foyer: float

    def habits(self, taken: Habits) -> Habits:
        """What is taken, with these settings."""
        return replace(taken, times=self.times, weeks=self.weeks, notices=taken.notices * self.notices, foyer=self.foyer)


def settings_of(taken: Habits) -> list[Setting]:
    """Every point of the grid; what is taken is one of them."""
    known = data()["convention"]
    foyer = sorted({*FOYER, taken.foyer})
    points = product(known["grid_times"], known["grid_weeks"], NOTICES, FREQUENCY, foyer)
    return [Setting(*point) for point in points]


def plans_of_grid(plans: Sequence[Plan], most: int = PLANS) -> list[Plan]:
    """At most so many of the plans, evenly spread, with the first and the last."""
    if len(plans) <= most:
        return list(plans)
    return [plans[round(step * (len(plans) - 1) / (most - 1))] for step in range(most)]


def settings_grid(ground: Ground, of: Believed, plans: Sequence[Plan], *, area: str = "all", progress: Progress = silent) -> pd.DataFrame:
    """CURVE_GRID: encounters and recognition per plan for every setting, each place with its own programme, by cohorts.

    Parameters: ground, what is believed of it, the plans of its curve, what the ground is called, progress. Source: docs/method/curve.md.
    """
    settings, taken = settings_of(of.habits), of.habits
    chosen = plans_of_grid(plans)
    rows = []
    for number, plan in enumerate(chosen):
        progress("settings", number / len(chosen))
        for demand, frequency in product(DEMANDS, FREQUENCY):
            own, choice = _chosen(ground, of.parameters, plan, demand, frequency)
            known = {"area_code": area, "demand": demand, "places": plan.places}
            rows += [known | _row(ground, own, choice, item, taken) for item in settings if item.frequency == frequency]
    return CURVE_GRID.frame(rows)


def _chosen(ground: Ground, parameters: Parameters, plan: Plan, demand: str, frequency: float) -> tuple[Parameters, Choice]:
    """What residents choose where they come so many times as often as is taken."""
    own = replace(parameters, rate=parameters.rate * frequency)
    today = choose(ground.setting, own)
    return own, choose(ground.setting.with_open(plan.opened), own, elastic=demand == "elastic", today=today)


def _row(ground: Ground, parameters: Parameters, choice: Choice, setting: Setting, taken: Habits) -> dict[str, float | int | str]:
    habits = setting.habits(taken)
    found = by_cohorts(ground.setting, parameters, choice, where_of(ground, habits), habits)
    told: dict[str, float | int | str] = {name: getattr(setting, name) for name in ("times", "weeks", "notices", "frequency", "foyer")}
    return told | {"encounters": found.per_resident, "faces": found.mean, "faces_across": found.mean_across}
