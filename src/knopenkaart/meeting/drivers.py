# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which assumptions drive the answer: each by itself at the low and at the high end of its range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import expit, logit

from knopenkaart.meeting.assumed import DRAWN, Habits, data
from knopenkaart.meeting.cohorts import Memory
from knopenkaart.meeting.curve import REMEMBERED, Plan, evaluate
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed, May
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Parameters, choose

# Half the width of a 90 % interval in standard deviations.
HALF = 1.6448536269514722


@dataclass(frozen=True)
class Driver:
    """One assumption: its low and high value, recognition per resident with all places open, and with how many places it is most."""

    name: str
    low: float
    high: float
    faces: tuple[float, float]
    best: tuple[int, int]
    badge: str


def drivers(ground: Ground, of: Believed, plans: list[Plan], *, progress: Progress = silent) -> list[Driver]:
    """Assumptions, that which changes recognition most first, with elastic demand and the own programme."""
    found = []
    tried = list(_tried(of))
    for number, (name, low, high, towns, badge) in enumerate(tried):
        progress("drivers", number / len(tried))
        ends = [_end(ground, town, plans) for town in towns]
        found.append(Driver(name, low, high, (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]), badge))
    return sorted(found, key=lambda driver: -abs(np.log(max(driver.faces[1], 1e-12) / max(driver.faces[0], 1e-12))))


def _end(ground: Ground, town: May, plans: list[Plan]) -> tuple[float, int]:
    where, today = replace(where_of(ground, town.habits), profile=profiles(ground)), choose(ground.setting, town.parameters)
    memory = Memory(REMEMBERED * len(ground.ids))
    faces = [evaluate(ground, town, plan, "elastic", where, today, memory=memory)[0].mean for plan in plans]
    return faces[-1], plans[int(np.argmax(faces))].places


def _tried(of: Believed) -> Iterator[tuple[str, float, float, tuple[May, May], str]]:
    now: Habits = of.habits
    for name in (name for name in DRAWN if name != "elastic"):
        ends = float(data()[name]["low"]), float(data()[name]["high"])
        changed = [_with(now, name, value) for value in ends]
        yield name, *ends, (May(of.parameters, changed[0], ()), May(of.parameters, changed[1], ())), "assumed"
    for name in ("times", "weeks"):
        values = data()["convention"][f"grid_{name}"]
        counts = [_with(now, name, value) for value in (values[0], values[-1])]
        yield name, float(values[0]), float(values[-1]), (May(of.parameters, counts[0], ()), May(of.parameters, counts[1], ())), "assumed"
    for name in ("beta", "theta", "rate"):
        low, high = _of_choice(of, name)
        badge = "estimated" if float(_left(of, name).mean()) <= 0.5**0.5 else "assumed"
        value = [float(np.mean(getattr(parameters, name))) for parameters in (low, high)]
        yield name, value[0], value[1], (May(low, now, ()), May(high, now, ())), badge


def _with(habits: Habits, name: str, value: Any) -> Habits:
    changed: dict[str, Any] = {name: value}
    return replace(habits, **changed)


def _of_choice(of: Believed, name: str) -> tuple[Parameters, Parameters]:
    """The parameters with one of them at both ends of what is left of its range after the data."""
    value, sd = getattr(of.parameters, name), np.asarray(getattr(of.fitted.prior.sd, name)) * _left(of, name)
    if name == "theta":
        ends = [float(expit(logit(value) + sign * HALF * float(sd))) for sign in (-1, 1)]
        return replace(of.parameters, theta=ends[0]), replace(of.parameters, theta=ends[1])
    low, high = value * np.exp(-HALF * sd), value * np.exp(HALF * sd)
    return replace(of.parameters, **{name: low}), replace(of.parameters, **{name: high})


def _left(of: Believed, name: str) -> Any:
    """What is left of the sd of a parameter after the data, in its own shape; of a rate that of the level of visits."""
    told = np.nan_to_num(of.fitted.untold["level" if name == "rate" else name], nan=1.0)
    return told.reshape(np.shape(getattr(of.fitted.prior.sd, name)))
