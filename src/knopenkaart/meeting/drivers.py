# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which assumptions drive the answer: each by itself at the low and at the high end of its range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from knopenkaart.meeting.assumed import DRAWN, Habits, data
from knopenkaart.meeting.cohorts import each_by_cohorts
from knopenkaart.meeting.curve import Plan, case_of
from knopenkaart.meeting.ground import Ground, profiles, usual_order
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import Believed, May
from knopenkaart.progress import Progress, silent
from knopenkaart.visits.choice import Parameters, choose
from knopenkaart.visits.priors import WEEKS_PER_YEAR

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# A convention has to be chosen; anything else may be measured.
Kind = Literal["convention", "measurable"]
# Half the width of a 90 % interval in standard deviations.
HALF = 1.6448536269514722
# What is left of recognition is told with so many of the places.
PART = 0.5


@dataclass(frozen=True)
class Driver:
    """One assumption: its low and high value and what is taken (docs/method/curve.md has the units).

    `faces`: recognition per resident with all places open, at both ends; `kept`: which part of that is left with fewer of them;
    `best`: with how many places it is most.
    """

    name: str
    kind: Kind
    low: float
    high: float
    value: float
    faces: tuple[float, float]
    kept: tuple[float, float]
    best: tuple[int, int]
    badge: str


@dataclass(frozen=True)
class Drivers:
    """All assumptions, and what comes of it as they are taken: `faces` with all places, `kept` of that with `places` of them."""

    items: tuple[Driver, ...]
    faces: float
    kept: float
    places: int


@dataclass(frozen=True)
class _End:
    """A town as it is at one end of an assumption."""

    ground: Ground
    town: May
    demand: str = "elastic"


@dataclass(frozen=True)
class _Tried:
    name: str
    kind: Kind
    low: float
    high: float
    value: float
    ends: tuple[_End, _End]
    badge: str = "assumed"


def drivers(ground: Ground, of: Believed, plans: Sequence[Plan], *, progress: Progress = silent) -> Drivers:
    """What each assumption makes of the answer, with elastic demand (unless it is demand that is tried) and the own programme.

    Parameters: ground; what is believed; plans, the last of which has all places open; progress. Returns the drivers, that which changes
    recognition with all places most first. Source: docs/method/curve.md.
    """
    few = int(np.argmin([abs(plan.places - PART * plans[-1].places) for plan in plans]))
    taken = _answer(_End(ground, May(of.parameters, of.habits, ())), plans, few)
    tried, found = list(_tried(ground, of)), []
    for number, item in enumerate(tried):
        progress("drivers", number / len(tried))
        low, high = (_answer(end, plans, few) for end in item.ends)
        faces, kept, best = (low[0], high[0]), (low[1], high[1]), (low[2], high[2])
        found.append(Driver(item.name, item.kind, item.low, item.high, item.value, faces, kept, best, item.badge))
    items = sorted(found, key=lambda driver: -abs(np.log(max(driver.faces[1], 1e-12) / max(driver.faces[0], 1e-12))))
    return Drivers(tuple(items), taken[0], taken[1], plans[few].places)


def _answer(end: _End, plans: Sequence[Plan], few: int) -> tuple[float, float, int]:
    """Recognition with all places, the part of it that is left with few, and the number of places with the most."""
    ground, town = end.ground, end.town
    where, today = where_of(ground, town.habits, profile=profiles(ground)), choose(ground.setting, town.parameters)
    cases = [case_of(ground, town, plan, end.demand, where, today) for plan in plans]
    faces = [found.mean for found in each_by_cohorts(cases, town.parameters, town.habits)]
    return faces[-1], faces[few] / max(faces[-1], 1e-12), plans[int(np.argmax(faces))].places


def _tried(ground: Ground, of: Believed) -> Iterator[_Tried]:
    now, parameters = of.habits, of.parameters
    for name in (name for name in DRAWN if name != "elastic"):
        yield _habit(ground, of, "measurable", name, (data()[name]["low"], data()[name]["high"]))
    for name in ("times", "weeks"):
        values = data()["convention"][f"grid_{name}"]
        yield _habit(ground, of, "convention", name, (values[0], values[-1]))
    both = May(parameters, now, ())
    # Neither end is what is believed: the truth lies between them.
    yield _Tried("demand", "measurable", 0.0, 1.0, 1.0, (_End(ground, both, "fixed"), _End(ground, both)))
    if not _hours(ground).all():
        known = data()["dayparts"]
        few, many = (_End(_open_in(ground, int(known[end])), both) for end in ("low", "high"))
        yield _Tried("dayparts", "measurable", known["low"], known["high"], known["value"], (few, many))
    for name in ("beta", "theta", "rate"):
        ends = _of_choice(of, name)
        yield _choices(ground, now, name, (*ends, parameters), _badge(_left(of, name)))
    if parameters.onsite.size and of.fitted.prior.answers > 0:
        yield _choices(ground, now, "activity", (*_of_activity(of), parameters), _badge(of.fitted.untold["onsite"]))


def _hours(ground: Ground) -> Bools:
    """At which places it is known in which dayparts people can come (V)."""
    return np.asarray(ground.hours_known | ground.when_counted)


def _open_in(ground: Ground, dayparts: int) -> Ground:
    """The same ground in which places whose hours are not known are open in so many dayparts."""
    usual = np.isin(np.arange(len(ground.slots)), usual_order(ground.slots)[:dayparts])
    return replace(ground, open_in=np.where(_hours(ground)[:, None], ground.open_in, usual[None, :]))


def _habit(ground: Ground, of: Believed, kind: Kind, name: str, ends: tuple[Any, Any]) -> _Tried:
    low, high = (_End(ground, May(of.parameters, _with(of.habits, name, value), ())) for value in ends)
    return _Tried(name, kind, float(ends[0]), float(ends[1]), float(getattr(of.habits, name)), (low, high))


def _choices(ground: Ground, habits: Habits, name: str, tried: tuple[Parameters, Parameters, Parameters], badge: str) -> _Tried:
    low, high = (_End(ground, May(parameters, habits, ())) for parameters in tried[:2])
    least, most, taken = (_told(parameters, name) for parameters in tried)
    return _Tried(name, "measurable", least, most, taken, (low, high), badge)


def _told(parameters: Parameters, name: str) -> float:
    """One number for a parameter that differs by group and function: its mean, of a rate by year, of activity visits a week per visit."""
    if name == "activity":
        return float((parameters.onsite @ parameters.frequency).mean())
    return float(np.mean(getattr(parameters, name))) * (WEEKS_PER_YEAR if name == "rate" else 1.0)


def _badge(left: Any) -> str:
    return "estimated" if float(np.nan_to_num(left, nan=1.0).mean()) <= 0.5**0.5 else "assumed"


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


def _of_activity(of: Believed) -> tuple[Parameters, Parameters]:
    """The parameters with visitors who come less and more often, as far as answers on frequency leave open.

    The classes keep their visits per week. Of the visits so much goes over to the classes that come rarely or often (shares times
    exp(t x visits per week)) that the mean moves by half a 90 % interval: its variance is that among the classes over the answers that the
    prior is worth, and smaller by what answers told.
    """
    shares, often = of.parameters.onsite, of.parameters.frequency
    mean = shares @ often
    among = np.maximum(shares @ often**2 - mean**2, 1e-12)
    left = np.nan_to_num(np.asarray(of.fitted.untold["onsite"]), nan=1.0).reshape(len(shares), -1).mean(axis=1)
    tilt = HALF * left / np.sqrt(of.fitted.prior.answers * among)
    ends = []
    for sign in (-1, 1):
        moved: Floats = shares * np.exp(sign * tilt[:, None] * (often - often.max()))
        ends.append(replace(of.parameters, onsite=moved / moved.sum(axis=1, keepdims=True)))
    return ends[0], ends[1]


def _left(of: Believed, name: str) -> Any:
    """What is left of the sd of a parameter after the data, in its own shape; of a rate that of the level of visits."""
    told = np.nan_to_num(of.fitted.untold["level" if name == "rate" else name], nan=1.0)
    return told.reshape(np.shape(getattr(of.fitted.prior.sd, name)))
