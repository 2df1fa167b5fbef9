# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thesis that more places make fewer encounters: what this town's own figures say of it, and what would settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logit, ndtr

from knopenkaart.encounters.elasticity import threshold
from knopenkaart.encounters.mean_field import crowding, joined
from knopenkaart.meeting.assumed import DRAWN
from knopenkaart.meeting.cohorts import cohorts
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import SEED, where_of
from knopenkaart.meeting.towns import Believed, May, may_be
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Choice, choose, elasticity

Floats = npt.NDArray[np.float64]
DRAWS = 400
# Places of so many towns are reckoned at a time that there are about so many.
AT_ONCE = 2048
# From this probability on the thesis is supported, and below its opposite contradicted.
SUPPORTED, CONTRADICTED = 0.9, 0.1


@dataclass(frozen=True)
class Verdict:
    """What is said of the thesis. `verdict`: supported, contradicted or undecided; `probability` that more places make fewer encounters.

    `elasticity` of visits to places and `threshold`, each as median, lower and upper bound (90 %). `counted`: places with own counts.
    `measure`: measurements, that which settles most first, with how sure the verdict is expected to be after each alone (0.5 to 1).
    """

    verdict: str
    probability: float
    elasticity: tuple[float, float, float]
    threshold: tuple[float, float, float]
    counted: int
    draws: int
    measure: tuple[tuple[str, float], ...]


def verdict(ground: Ground, of: Believed, *, draws: int = DRAWS, seed: int = SEED, progress: Progress = silent) -> Verdict:
    """Whether more places make fewer encounters here: the elasticity eps of visits to places against s / (1 + s), s the slope of noticing.

    Parameters: ground (coarse squares will do); what is believed; how many towns that may be; seed; progress. In each town eps lies between
    0 (fixed demand) and what its choices make it (elastic demand), where its `elastic` says; s is that of the engine, over all encounters.
    Without own counts the verdict is undecided, whatever the probability. Source: docs/method/verdict.md.
    """
    towns = may_be(of, draws, seed=seed, conventions=False)
    rows: list[tuple[float, float, dict[str, float]]] = []
    shape, at_once = profiles(ground), max(1, AT_ONCE // max(1, len(ground.ids)))
    for begin in range(0, draws, at_once):
        progress("verdict", begin / draws)
        rows += _some(ground, towns[begin : begin + at_once], shape)
    eps, limit = (np.array([row[column] for row in rows]) for column in (0, 1))
    probability = float((eps < limit).mean())
    told = {name: np.array([row[2][name] for row in rows]) for name in rows[0][2]}
    counted = int(of.counted.sum())
    return Verdict(
        verdict=decided(probability, counted=counted),
        probability=probability,
        elasticity=_middle(eps),
        threshold=_middle(limit),
        counted=counted,
        draws=draws,
        measure=settling(eps - limit, told),
    )


def decided(probability: float, *, counted: int) -> str:
    """Supported, contradicted, or undecided: between the two, or where nobody counted.

    >>> decided(0.95, counted=3), decided(0.05, counted=3), decided(0.5, counted=3), decided(0.99, counted=0)
    ('supported', 'contradicted', 'undecided', 'undecided')
    """
    if not counted or CONTRADICTED < probability < SUPPORTED:
        return "undecided"
    return "supported" if probability >= SUPPORTED else "contradicted"


def _some(ground: Ground, towns: Sequence[May], shape: Floats) -> list[tuple[float, float, dict[str, float]]]:
    """Elasticity and threshold of each town, and what a measurement would tell of it; encounters of all of them at one go."""
    choices = [choose(ground.setting, town.parameters) for town in towns]
    places = joined([where_of(ground, town.habits, profile=shape) for town in towns])
    who = joined([cohorts(ground.setting, town.parameters, choice, town.habits) for town, choice in zip(towns, choices, strict=True)])
    met, slope = (values.reshape(len(towns), -1) for values in crowding(places, who))
    return [_one(ground, town, choice, shape, met[at], slope[at]) for at, (town, choice) in enumerate(zip(towns, choices, strict=True))]


def _one(ground: Ground, town: May, choice: Choice, shape: Floats, met: Floats, slope: Floats) -> tuple[float, float, dict[str, float]]:
    most, limit = balance(met, slope, _growing(ground, town, choice))
    crowd = np.einsum("vg,vgt->vt", choice.visits, shape)
    present = float((crowd**2).sum() / max(float(crowd.sum()), 1e-12))
    scores = dict(zip(DRAWN, town.scores, strict=True))
    told = {
        "counts": float(np.log(max(present, 1e-9))),
        "origins": float(np.log(town.parameters.beta).mean()),
        "openings": scores["elastic"],
        "residents": float(logit(min(max(town.parameters.theta, 1e-6), 1 - 1e-6))),
        "recognise": scores["notices"],
    }
    return town.habits.elastic * most, limit, told


def _growing(ground: Ground, town: May, choice: Choice) -> Floats:
    """Per place by how many percent its function's visits grow with one percent more places, its own groups as they come (V)."""
    grows = np.nan_to_num(elasticity(ground.setting, town.parameters))[ground.setting.nest]
    visits = choice.visits.sum(axis=1)
    found: Floats = np.divide((choice.visits * grows).sum(axis=1), visits, out=np.zeros_like(visits), where=visits > 0)
    return found


def balance(met: Floats, slope: Floats, grows: Floats) -> tuple[float, float]:
    """Of places with so many encounters, slopes of noticing and elasticities of visits: one elasticity and the threshold of it.

    With n times as many places of each function the encounters of a place become n (n^(eps - 1))^(1 + s) times as many. Added up over
    places they fall just where the elasticity, weighted by encounters times (1 + s), is below that of the weighted slope.

    >>> balance(np.array([1.0, 1.0]), np.array([1.0, 0.0]), np.array([0.3, 0.3]))
    (0.3, 0.3333333333333333)
    """
    whole = float(met.sum())
    if whole <= 0:
        return 0.0, 0.0
    weight = met * (1 + slope)
    return float((weight * grows).sum() / weight.sum()), threshold(float((met * slope).sum() / whole))


def _middle(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(middle), float(low), float(high)


def settling(gap: Floats, told: Mapping[str, Floats]) -> tuple[tuple[str, float], ...]:
    """Measurements by how sure the sign of `gap` is expected to be once each is known, the most telling first.

    What a number tells of the gap is a parabola through the towns; what it leaves is taken as normal (the expected value of partial perfect
    information). Counting settles at most this much: what is measured is never known without error.
    """
    found = []
    for name, values in told.items():
        if np.ptp(values) < 1e-12:
            continue
        scaled = (values - values.mean()) / values.std()
        design = np.column_stack([np.ones(len(gap)), scaled, scaled**2])
        fitted = design @ np.linalg.lstsq(design, gap, rcond=None)[0]
        left = max(float((gap - fitted).std()), 1e-12)
        below = ndtr(-fitted / left)
        found.append((name, float(np.maximum(below, 1 - below).mean())))
    return tuple(sorted(found, key=lambda item: -item[1]))
