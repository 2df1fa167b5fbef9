# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is assumed of how residents choose before anything was counted, with its ranges and sources, from vocabulary/choice.toml."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from scipy.special import logit

from knopenkaart.visits._pairs import Floats, chances
from knopenkaart.visits.choice import Parameters, Setting
from knopenkaart.vocabulary import Kind, Vocabulary, load_vocabulary

Tag = Literal["S", "D", "A"]
WEEKS_PER_YEAR = 365.25 / 7
# From the width of a 90 % interval of a normal distribution to its standard deviation.
WIDTH = 2 * 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value that is assumed, with the range believed to hold the truth with 90 %, its tag and its source in both languages."""

    name: str
    value: float
    low: float
    high: float
    tag: Tag
    source: str
    source_en: str


@dataclass(frozen=True)
class Prior:
    """What is believed beforehand: `mean` as parameters, and `sd`.

    `sd` is of ln A, of ln beta, of logit theta; its `outside` is that of the logit of participation at the accessibility ln W = `access`
    (C, G), and its `rate` that of the logarithm of visits per resident there. Where it is 0 the parameter is held at its mean. `alike`: the
    correlation between groups of the same place (of ln A), of the same nest (of the last two) and of beta. `dispersion`: of the weeks of a
    place beyond chance, the square of their coefficient of variation, and the sd of its logarithm. `answers`: how many answers on frequency
    the shares `mean.onsite` are worth; 0 holds them.
    """

    mean: Parameters
    sd: Parameters
    access: Floats
    alike: float = 0.6
    dispersion: tuple[float, float] = (0.0625, 0.8)
    answers: float = 10.0

    def __post_init__(self) -> None:
        for name in ("attract", "beta", "outside", "rate"):
            if getattr(self.mean, name).shape != getattr(self.sd, name).shape or (getattr(self.sd, name) < 0).any():
                raise ValueError(f"the sd of {name} is at least 0 and has the shape of its mean")
        if not np.isfinite(self.mean.outside).all() or (self.mean.rate <= 0).any() or self.access.shape != self.mean.outside.shape:
            raise ValueError("what is believed of staying home is finite, with an accessibility for each, and rates are above 0")
        if (~np.isfinite(self.mean.attract) & (self.sd.attract > 0)).any():
            raise ValueError("an attractiveness that is not finite has sd 0")
        if not 0 <= self.alike < 1 or self.sd.theta < 0 or self.dispersion[0] <= 0:
            raise ValueError("alike is 0 to below 1, the sd of theta at least 0, and the dispersion above 0")


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("knopenkaart.vocabulary").joinpath("choice.toml").read_text(encoding="utf-8"))


def assumptions(nests: Sequence[str]) -> list[Assumption]:
    """What is assumed, for the functions given: what a page shows beside an answer. Rates are visits per resident and year."""
    data = _data()
    return [
        *(_assumption(name, data[name]) for name in ("beta", "theta", "weeks")),
        *(found for nest in nests for found in _of_nest(nest, data["nests"][nest])),
    ]


def _of_nest(nest: str, entry: Mapping[str, Any]) -> Iterator[Assumption]:
    yield _assumption(f"rate.{nest}", entry)
    goes = {"value": entry["goes"], "low": entry["goes_low"], "high": entry["goes_high"], "tag": "A"}
    yield _assumption(f"goes.{nest}", goes | {"source": "aangenomen", "source_en": "assumed"})


def _assumption(name: str, entry: Mapping[str, Any]) -> Assumption:
    return Assumption(name, entry["value"], entry["low"], entry["high"], entry["tag"], entry["source"], entry["source_en"])


def prior_of(
    setting: Setting, *, kinds: Sequence[str], groups: Sequence[str], nests: Sequence[str], vocabulary: Vocabulary | None = None
) -> Prior:
    """What is believed of this town before anything was counted.

    Parameters: the setting; per place its kind, per group and per nest its id (a group that the data do not name is as the mean); the
    vocabulary where a municipality has kinds of its own. The pull of not going is set so that participation is what the data hold for it,
    at the accessibility that residents have today on average. Returns the prior. Raises KeyError for a kind or nest that does not exist,
    ValueError where lengths do not fit. Source: docs/method/choice.md.
    """
    if (len(kinds), len(groups), len(nests)) != (setting.places, setting.groups, setting.nests):
        raise ValueError("there is a kind per place, a name per group and a name per nest")
    data, known = _data(), (vocabulary or load_vocabulary()).kinds
    attract = _attract(setting, [known[kind] for kind in kinds])
    beta = data["beta"]["value"] * _factors(data["beta"], groups)
    nest = [data["nests"][name] for name in nests]
    goes = np.array([entry["goes"] for entry in nest])
    rate = np.array([entry["value"] / entry["goes"] * _factors(entry, groups) for entry in nest]) / WEEKS_PER_YEAR
    theta, theta_sd = data["theta"]["value"], float((logit(data["theta"]["high"]) - logit(data["theta"]["low"])) / WIDTH)
    onsite = np.tile(np.array(data["frequency"]["onsite"]), (setting.nests, 1))
    shape = (setting.nests, setting.groups)
    mean = Parameters(attract, beta, theta, np.zeros(shape), rate.reshape(shape), onsite, np.array(data["frequency"]["rates"]))
    goes_sd = np.array([(logit(entry["goes_high"]) - logit(entry["goes_low"])) / WIDTH for entry in nest])
    spread = Parameters(
        np.where(np.isfinite(attract), 2 * math.log(data["attract"]["spread"]) / WIDTH, 0.0),
        np.full(setting.groups, _log_sd(data["beta"])),
        theta_sd,
        np.broadcast_to(goes_sd[:, None], shape).copy(),
        np.broadcast_to(np.array([_log_sd(entry) for entry in nest])[:, None], shape).copy(),
    )
    access = _today(setting, mean)
    mean = replace(mean, outside=access - (logit(goes) / theta)[:, None])
    dispersion = data["weeks"]["value"] ** 2, 2 * _log_sd(data["weeks"])
    return Prior(mean, spread, access, data["attract"]["alike"], dispersion, data["frequency"]["answers"])


def _attract(setting: Setting, kinds: Sequence[Kind]) -> Floats:
    """(V, G): ln A from kind and archetype, 0 on average within a nest."""
    data = _data()["attract"]
    of_place = np.array([math.log(data["kinds"].get(kind.id, data["archetypes"][kind.archetype])) for kind in kinds])
    size = np.maximum(np.bincount(setting.nest, minlength=setting.nests), 1)
    centre = np.bincount(setting.nest, weights=of_place, minlength=setting.nests) / size
    return np.repeat((of_place - centre[setting.nest])[:, None], setting.groups, axis=1)


def _today(setting: Setting, mean: Parameters) -> Floats:
    """(C, G): the logarithm of accessibility with the places of today, on average over the residents who can reach any."""
    pairs, found = setting.pairs, np.zeros((setting.nests, setting.groups))
    for group in range(setting.groups):
        habits = mean.attract[:, group], float(mean.beta[group]), mean.theta, mean.outside[:, group]
        access = chances(pairs, *habits, opened=setting.now).access
        people = np.where(np.isfinite(access), setting.people[pairs.cell_of, group], 0.0)
        there = np.bincount(pairs.nest_of, weights=people, minlength=setting.nests)
        total = np.bincount(pairs.nest_of, weights=people * np.where(np.isfinite(access), access, 0.0), minlength=setting.nests)
        np.divide(total, there, out=found[:, group], where=there > 0)
    return found


def _factors(entry: Mapping[str, Any], groups: Sequence[str]) -> Floats:
    return np.array([float(entry["groups"].get(group, 1.0)) for group in groups])


def _log_sd(entry: Mapping[str, Any]) -> float:
    return float(math.log(entry["high"] / entry["low"]) / WIDTH)


def activity(parameters: Parameters, nest: int, *, mean: float) -> tuple[Floats, Floats]:
    """How often residents come to a nest who together come `mean` times per week each, on average: (share of residents, visits per week).

    The last of both are those who never come. Who comes often makes many visits, so of the part of the visits by a class the part of the
    residents is that part x mean / visits per week. Where more residents would be needed than there are, everybody comes more often.
    Raises ValueError for a mean below 0, or parameters without classes.

    >>> classes = np.array([[0.5, 0.5]]), np.array([0.5, 1.0])
    >>> habits = Parameters(np.zeros((1, 1)), np.ones(1), 0.5, np.zeros((1, 1)), np.ones((1, 1)), *classes)
    >>> activity(habits, 0, mean=0.1)
    (array([0.1 , 0.05, 0.85]), array([0.5, 1. , 0. ]))
    """
    if mean < 0 or parameters.onsite.size == 0:
        raise ValueError("the mean is at least 0, and the parameters have classes of activity")
    share = parameters.onsite[nest] * mean / parameters.frequency
    busy = max(float(share.sum()), 1.0)
    return np.append(share / busy, max(0.0, 1.0 - float(share.sum()))), np.append(parameters.frequency * busy, 0.0)
