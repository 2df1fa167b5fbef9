# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which measurement would tell most: by how much the doubt about an answer would shrink with more counts, origins or answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from knopenkaart.visits._data import Data, data_of
from knopenkaart.visits._model import backwards, flow
from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits._vector import unpacked
from knopenkaart.visits.calibrate import Fitted
from knopenkaart.visits.choice import Parameters
from knopenkaart.visits.observed import ALL_GROUPS, Counts, Frequencies, Observed, Origins

# The part of its sd by which a parameter is moved to see what an answer does.
STEP = 0.05
Kind = Literal["counts", "origins", "frequency"]


@dataclass(frozen=True)
class Measurement:
    """Something one could measure at some places (numbers of them), in the places of today.

    `counts`: everybody who comes is counted in `weeks`, per group where `by_group`. `origins`: a part `asked` of the visitors of those
    weeks tells in which area they live. `frequency`: so many visitors in all tell how often they come (`answers`).
    """

    kind: Kind
    places: tuple[int, ...]
    weeks: int = 4
    by_group: bool = False
    asked: float = 0.10
    answers: int = 100

    def __post_init__(self) -> None:
        if not self.places or self.weeks < 1 or not 0 < self.asked <= 1 or self.answers < 1:
            raise ValueError("a measurement has places, at least one week, a part of 0 to 1 asked and at least one answer")


@dataclass(frozen=True)
class Worth:
    """Of one measurement the sd of an answer before and after it, and by what part it shrinks (0 to 1)."""

    measurement: Measurement
    before: float
    after: float
    shrinks: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shrinks", 1 - self.after / self.before if self.before > 0 else 0.0)


def visits_slope(fitted: Fitted, weights: Floats, *, opened: Bools | None = None) -> Floats:
    """The slope over the vector of parameters of a sum of visits per week, each times its weight (V, G), with these places open (elastic).

    The difference of two such slopes is that of the effect of a plan. Exact, and as cheap as one choice.
    """
    setting, slope = fitted.setting, np.zeros(fitted.layout.size)
    habits = unpacked(fitted.layout, fitted.mode, fitted.prior.mean.frequency)
    for group in range(fitted.layout.groups):
        of = flow(setting, habits, group, setting.now if opened is None else opened)
        slope += backwards(setting, fitted.layout, habits, group, of, weights[setting.pairs.place, group])
    return np.asarray(fitted.layout.turning(fitted.mode).T @ slope)


def slope_of(fitted: Fitted, answer: Callable[[Parameters], float]) -> Floats:
    """The slope over the vector of parameters of any answer: two calls for every parameter that is not held."""
    slope = np.zeros(fitted.layout.size)
    for place, sd in zip(*_spread(fitted), strict=True):
        ends = []
        for step in (STEP * sd, -STEP * sd):
            x = fitted.mode.copy()
            x[place] += step
            ends.append(answer(unpacked(fitted.layout, x, fitted.prior.mean.frequency)))
        slope[place] = (ends[0] - ends[1]) / (2 * STEP * sd)
    return slope


def _spread(fitted: Fitted) -> tuple[Longs, Floats]:
    """The parameters that are not held, and the sd of each."""
    rest = fitted.belief.covariance(fitted.rest)
    where = np.concatenate([fitted.at, fitted.rest])
    return where, np.sqrt(np.concatenate([np.diag(fitted.covariance), np.diag(rest)]))


def worth(fitted: Fitted, slope: Floats, measurements: Iterable[Measurement]) -> list[Worth]:
    """By how much each measurement alone is expected to make an answer surer, most first.

    Parameters: what is believed now; the slope of the answer over the vector (`visits_slope`, `slope_of`); what could be measured. The
    information that a measurement would give is that expected at the most likely parameters, so it needs no data. Returns sds in the unit
    of the answer. Raises ValueError where origins are to be asked and no cell has an area. Source: docs/method/choice.md.
    """
    found = [_worth(fitted, slope, measurement) for measurement in measurements]
    return sorted(found, key=lambda one: one.after)


def _worth(fitted: Fitted, slope: Floats, measurement: Measurement) -> Worth:
    data, at = _imagined(fitted, measurement)
    covariance = np.zeros((len(at), len(at)))
    now, fresh = np.searchsorted(at, fitted.at), np.setdiff1d(at, fitted.at)
    covariance[np.ix_(now, now)] = fitted.covariance
    new = np.searchsorted(at, fresh)
    covariance[np.ix_(new, new)] = fitted.belief.covariance(fresh)
    rest = np.setdiff1d(fitted.rest, fresh)
    beside = float(slope[rest] @ fitted.belief.covariance(rest) @ slope[rest])
    before = float(slope[at] @ covariance @ slope[at])
    told = data.information(fitted.mode, at)
    # (C^-1 + I)^-1 s = C s - C (I^-1 + C)^-1 C s, written so that neither has to be inverted.
    after = float(slope[at] @ np.linalg.solve(np.eye(len(at)) + covariance @ told, covariance @ slope[at]))
    return Worth(measurement, np.sqrt(before + beside), np.sqrt(max(0.0, min(after, before)) + beside))


def _imagined(fitted: Fitted, measurement: Measurement) -> tuple[Data, Longs]:
    """The data that a measurement would give, as the model expects them, and the parameters that are known of or would be told of."""
    setting, places = fitted.setting, np.array(measurement.places, dtype=np.int64)
    habits = unpacked(fitted.layout, fitted.mode, fitted.prior.mean.frequency)
    observed = _observed(fitted, measurement, places)
    data, _ = data_of(setting, fitted.layout, observed, habits)
    nests = set(setting.nest[places].tolist())
    at = set(fitted.at.tolist())
    for block in fitted.belief.blocks:
        if block.nest in nests and (block.name == "onsite") == (measurement.kind == "frequency"):
            at |= set(block.at.tolist())
    return data, np.array(sorted(at), dtype=np.int64)


def _observed(fitted: Fitted, measurement: Measurement, places: Longs) -> Observed:
    setting, visits = fitted.setting, fitted.visits.value
    if measurement.kind == "frequency":
        nest = setting.nest[places].astype(np.int64)
        of = nest[np.arange(measurement.answers) % len(nest)]
        return Observed(frequencies=Frequencies(of, np.ones(len(of), dtype=np.int64)))
    if measurement.kind == "counts":
        groups = range(setting.groups) if measurement.by_group else [ALL_GROUPS]
        place, group = (np.tile(axis.ravel(), measurement.weeks) for axis in np.meshgrid(places, list(groups), indexing="ij"))
        expected = np.where(group == ALL_GROUPS, visits[place], fitted.by_group.value[place, group])
        sheet = place + setting.places * np.repeat(np.arange(measurement.weeks), len(place) // measurement.weeks)
        return Observed(Counts(place, group, expected, np.ones(len(place)), np.zeros(len(place), dtype=np.int64), sheet))
    return _asked(fitted, measurement, places)


def _asked(fitted: Fitted, measurement: Measurement, places: Longs) -> Observed:
    """Where those asked would live, as expected."""
    setting, pairs, area = fitted.setting, fitted.setting.pairs, fitted.area
    if not len(area):
        raise ValueError("where origins are to be asked every cell has an area, and the calibration had none")
    habits = unpacked(fitted.layout, fitted.mode, fitted.prior.mean.frequency)
    visits = np.sum([flow(setting, habits, group, setting.now).visits for group in range(setting.groups)], axis=0)
    rows = []
    for place in places:
        own = (pairs.place == place) & (area[pairs.cell] >= 0)
        there = measurement.asked * measurement.weeks * np.bincount(area[pairs.cell[own]], weights=visits[own])
        rows += [(place, number, people) for number, people in enumerate(there) if people > 0]
    where, areas = (np.array([row[column] for row in rows], dtype=np.int64) for column in (0, 1))
    people = np.array([row[2] for row in rows], dtype=np.float64)
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Observed(origins=Origins(where, nothing + ALL_GROUPS, areas, people, nothing), area=area)
