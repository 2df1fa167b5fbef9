# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The towns that may be: how residents choose and meet, as most likely and drawn from what is believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.meeting.assumed import DRAWN, Habits, data, habits, spread
from knopenkaart.meeting.ground import Ground
from knopenkaart.visits.calibrate import Fitted, calibrate, draws
from knopenkaart.visits.choice import Parameters
from knopenkaart.visits.observed import Observed
from knopenkaart.visits.priors import prior_of

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
SEED = 2012
# A spread that becomes smaller by less than this part became so by rounding.
NOTHING_LEARNT = 1e-6


@dataclass(frozen=True)
class May:
    """One town that may be: parameters of choice, habits of meeting, and the normal scores that the habits were drawn by (DRAWN)."""

    parameters: Parameters
    habits: Habits
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Believed:
    """What is believed of a town. `fitted`: of choices, with a badge per number; `counted` (V): places of which own counts were used.

    `places`: the numbers of the places of which it is, where that is a part of those of `fitted`.
    """

    fitted: Fitted
    counted: Bools
    places: Longs | None = None

    @property
    def parameters(self) -> Parameters:
        return self.of_part(self.fitted.parameters)

    def of_places(self, places: Longs) -> Believed:
        """The same belief, of some of the places: what was counted there, visitors from everywhere, is not held against a few residents."""
        return replace(self, counted=self.counted[places], places=places)

    def of_part(self, parameters: Parameters) -> Parameters:
        """Parameters of all places, of those that this is of."""
        return parameters if self.places is None else replace(parameters, attract=parameters.attract[self.places])

    @property
    def told(self) -> bool:
        """Whether what was counted or answered made anything surer: if not, every number is assumed."""
        return any(bool((np.asarray(left) < 1 - NOTHING_LEARNT).any()) for left in self.fitted.untold.values())

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


def may_be(of: Believed, number: int, *, seed: int = SEED, conventions: bool = True) -> list[May]:
    """So many towns as they may be: choices drawn from what is believed of them, habits from their ranges.

    With `conventions` also what is called recognising is drawn, evenly from the grid of the file. The same seed gives the same towns.
    """
    random = rng.stream(seed, "meeting towns")
    scores = random.standard_normal((number, len(DRAWN)))
    known = data()["convention"]
    grid = [random.choice(known[name], number) for name in ("grid_times", "grid_weeks", "grid_notices")]
    made = []
    for at, parameters in enumerate(draws(of.fitted, number, seed=seed) if number else ()):
        values: dict[str, Any] = {name: spread(name, float(score)) for name, score in zip(DRAWN, scores[at], strict=True)}
        drawn = replace(of.habits, **values)
        if conventions:
            drawn = replace(drawn, times=int(grid[0][at]), weeks=int(grid[1][at]), notices=drawn.notices * float(grid[2][at]))
        made.append(May(_safe(of.of_part(parameters)), drawn, tuple(float(score) for score in scores[at])))
    return made


def _safe(parameters: Parameters) -> Parameters:
    """Shares of activity classes that a draw left outside 0 to 1 are brought back."""
    onsite = np.clip(parameters.onsite, 1e-6, None)
    return replace(parameters, onsite=onsite / onsite.sum(axis=1, keepdims=True))
