# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The towns that may be: how residents choose and meet, as most likely and drawn from what is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart import rng
from knopenkaart.meeting.assumed import DRAWN, Habits, data, habits, spread
from knopenkaart.meeting.ground import Ground
from knopenkaart.visits.calibrate import Fitted, calibrate, draws
from knopenkaart.visits.choice import Parameters
from knopenkaart.visits.observed import ALL_GROUPS, Counts, Observed
from knopenkaart.visits.priors import prior_of

Bools = npt.NDArray[np.bool_]
SEED = 2012


@dataclass(frozen=True)
class May:
    """One town that may be: parameters of choice, habits of meeting, and the normal scores that the habits were drawn by (DRAWN)."""

    parameters: Parameters
    habits: Habits
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Believed:
    """What is believed of a town. `fitted`: of choices, with a badge per number; `counted` (V): places of which own counts were used."""

    fitted: Fitted
    counted: Bools

    @property
    def parameters(self) -> Parameters:
        return self.fitted.parameters

    @property
    def habits(self) -> Habits:
        return habits()


def believed(ground: Ground, observed: Observed | None = None) -> Believed:
    """What is believed of how residents choose, with what was observed (nothing: all is assumed)."""
    prior = prior_of(ground.setting, kinds=ground.kinds, groups=ground.groups, nests=ground.nests)
    told = observed or Observed()
    counted = np.zeros(len(ground.ids), dtype=bool)
    counted[told.counts.place] = True
    return Believed(calibrate(ground.setting, told, prior), counted)


def observed_of(ground: Ground, estimates: pd.DataFrame) -> Observed:
    """Counts from VISIT_ESTIMATES: visits per week of places of the ground, by group where all groups are told, else of everybody.

    Estimates that are not enough, or are of a part of the week only, tell nothing here.
    """
    number = {place: at for at, place in enumerate(ground.ids)}
    rows = estimates[(estimates["what"] == "visits") & (estimates["slot"] == "all") & estimates["enough"].astype(bool)]
    rows = rows[rows["place_id"].isin(number) & (rows["reason"].fillna("") != "partial")]
    found: list[tuple[int, int, float, float]] = []
    for place, own in rows.groupby("place_id", sort=False):
        told = {group: (float(value), float(weeks)) for group, value, weeks in zip(own["group"], own["value"], own["weeks"], strict=True)}
        groups = [(at, told[name]) for at, name in enumerate(ground.groups) if name in told]
        if len(groups) < len(ground.groups) or ground.groups == ("all",):
            groups = [(ALL_GROUPS, told["all"])] if "all" in told else []
        found += [(number[str(place)], group, value * weeks, weeks) for group, (value, weeks) in groups]
    if not found:
        return Observed()
    place_at, group_at, visits, weeks_of = (np.array(column) for column in zip(*found, strict=True))
    return Observed(Counts(place_at, group_at, visits.astype(float), weeks_of.astype(float), np.zeros(len(found), dtype=np.int64)))


def released_estimates(released: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """What was released of counts, per place a document (knopenkaart.visitors), as rows of VISIT_ESTIMATES; only what may be shown."""
    rows = []
    for place, document in released.items():
        counting = document.get("counting") or {}
        cells = [("all", counting.get("week")), *((cell["group"], cell) for cell in counting.get("groups", ()))]
        for group, cell in cells:
            if counting.get("how") == "visits" and cell and cell["state"] == "shown":
                told = {"value": cell["value"], "weeks": max(1, cell["weeks"]), "reason": cell.get("reason"), "enough": True}
                rows.append({"place_id": place, "what": "visits", "slot": "all", "group": group} | told)
    return pd.DataFrame(rows, columns=["place_id", "what", "slot", "group", "value", "weeks", "reason", "enough"])


def may_be(of: Believed, number: int, *, seed: int = SEED, conventions: bool = True) -> list[May]:
    """So many towns as they may be: choices drawn from what is believed of them, habits from their ranges.

    With `conventions` also what is called recognising is drawn, evenly from the grid of the file. The same seed gives the same towns.
    """
    random = rng.stream(seed, "meeting towns")
    scores = random.standard_normal((number, len(DRAWN)))
    known = data()["convention"]
    grid = [random.choice(known[name], number) for name in ("grid_times", "grid_weeks", "grid_notices")]
    made = []
    for at, parameters in enumerate(draws(of.fitted, number, seed=seed)):
        values: dict[str, Any] = {name: spread(name, float(score)) for name, score in zip(DRAWN, scores[at], strict=True)}
        drawn = replace(of.habits, **values)
        if conventions:
            drawn = replace(drawn, times=int(grid[0][at]), weeks=int(grid[1][at]), notices=drawn.notices * float(grid[2][at]))
        made.append(May(_safe(parameters), drawn, tuple(float(score) for score in scores[at])))
    return made


def _safe(parameters: Parameters) -> Parameters:
    """Shares of activity classes that a draw left outside 0 to 1 are brought back."""
    onsite = np.clip(parameters.onsite, 1e-6, None)
    return replace(parameters, onsite=onsite / onsite.sum(axis=1, keepdims=True))
