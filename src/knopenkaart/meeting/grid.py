# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The curve for every setting that somebody may choose: what a municipality can influence, and the conventions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from knopenkaart.meeting.assumed import data
from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.curve import DEMANDS, Plan
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import choose

# Fewer numbers of places than the curve itself: there are many settings.
POINTS = 6
FREQUENCY, FOYER = (1.0, 1.5), (0.2, 0.5)


def settings(ground: Ground, of: Believed, plans: Sequence[Plan], *, progress: Progress = silent) -> Iterator[dict[str, Any]]:
    """Rows of CURVE_GRID: by cohorts, for some of the plans, with elastic and fixed demand and the own programme."""
    chosen = [plans[at] for at in np.unique(np.linspace(0, len(plans) - 1, min(POINTS, len(plans))).round().astype(int))]
    known, shape = data()["convention"], profiles(ground)
    choices = list(product(FREQUENCY, DEMANDS, chosen))
    for number, (frequency, demand, plan) in enumerate(choices):
        progress("settings", number / len(choices))
        parameters = replace(of.parameters, rate=of.parameters.rate * frequency)
        setting, today = ground.setting.with_open(plan.opened), choose(ground.setting, parameters)
        choice = choose(setting, parameters, elastic=demand == "elastic", today=today)
        for notices, foyer, times, weeks in product(known["grid_notices"], FOYER, known["grid_times"], known["grid_weeks"]):
            habits = replace(of.habits, notices=of.habits.notices * notices, foyer=foyer, times=times, weeks=weeks)
            where = where_of(ground, habits, profile=shape)
            found = by_cohorts(setting, parameters, choice, where, habits)
            yield {
                "area_code": "all",
                "demand": demand,
                "places": plan.places,
                "times": times,
                "weeks": weeks,
                "notices": notices,
                "frequency": frequency,
                "foyer": foyer,
                "encounters": found.per_resident,
                "faces": found.mean,
                "faces_across": found.mean_across,
            }
