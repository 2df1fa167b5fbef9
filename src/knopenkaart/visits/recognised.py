# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many of those present visitors recognise, from answers in classes; and whether a model gives the same from place to place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, StatisticsError, correlation, fmean

# The answers, each from so many on; the last has no end.
CLASSES: Mapping[str, int] = {"0": 0, "1_2": 1, "3_5": 3, "6_10": 6, "11_20": 11, "over_20": 21}
NO_ANSWER = "no_answer"
# With fewer answers shown than this no shape can be told, and with fewer places nothing of the model.
LEAST_CLASSES, LEAST_PLACES = 2, 10
# What may be, before anybody answered: means from 0.1 to 60, each 5 % above the last, and how unlike visitors are.
MEANS: tuple[float, ...] = tuple(0.1 * 1.05**step for step in range(132))
SHAPES: tuple[float, ...] = (0.35, 0.7, 1.4, 2.8, 5.6, 11.2)
_Z = NormalDist().inv_cdf(0.975)
_CLASS_OF = tuple(sum(start <= number for start in CLASSES.values()) - 1 for number in range(CLASSES["over_20"]))
_STEPS, _ROUNDS, _NEAR, _LEAST = 40, 8, 1e-9, 1e-300
# A line may come near nought; an error does not.
_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class Reported:
    """How many of those present a visitor recognises on average, with what 95 % of the possibilities lie between."""

    value: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """A standard error that gives as wide an interval."""
        return (self.high - self.low) / (2 * _Z)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """A model beside answers, over places. `rank`: rank correlation; `slope`: how much the answers differ between places that differ by one
    in the model; `level`: the answers as a multiple of the model."""

    places: int
    rank: Fitted
    slope: Fitted
    level: Fitted


# --- answers ----------------------------------------------------------------------------------------------------------


def reported(answers: Mapping[str, int | None], cards: int | None) -> Reported | None:
    """The mean behind answers in classes, some of which are hidden; None where fewer than two classes are shown.

    `answers`: cards per answer, None where hidden, `no_answer` among them; `cards`: all cards of the round. The numbers that visitors
    recognise are taken to be negative binomial (a Poisson number around a level that differs between visitors). Every mean from 0.1 to 60
    is as likely beforehand on a scale of ratios; what is hidden may be any of the hidden answers or none. So the interval holds chance, the
    width of the classes and what is hidden; no middle of a class is taken. See docs/method/recognition.md.
    """
    return _reported(tuple(sorted((name, number) for name, number in answers.items() if number is not None)), cards or 0)


@lru_cache(maxsize=2048)
def _reported(answers: tuple[tuple[str, int], ...], cards: int) -> Reported | None:
    """The same; a round that was released does not change, and a page has many."""
    shown = {name: number for name, number in answers if name in CLASSES}
    if len(shown) < LEAST_CLASSES or not sum(shown.values()):
        return None
    said = dict(answers).get(NO_ANSWER)
    unseen = max(0, cards - sum(shown.values()) - (said or 0))
    silent = 0 if said is not None or len(shown) == len(CLASSES) else unseen
    ways = _ways(sum(shown.values()), unseen, silent)
    logs = [[_log_chance(chances, shown, ways) for chances in row] for row in _chances()]
    most = max(max(row) for row in logs)
    return _summed([sum(math.exp(value - most) for value in row) for row in logs])


@lru_cache(maxsize=1)
def _chances() -> tuple[tuple[tuple[float, ...], ...], ...]:
    """The chance of each class, per mean and shape."""
    return tuple(tuple(_of_classes(mean, shape) for shape in SHAPES) for mean in MEANS)


def _of_classes(mean: float, shape: float) -> tuple[float, ...]:
    """The chance of each class for a negative binomial with this mean, and variance mean + mean squared / shape."""
    part, chance = mean / (mean + shape), (shape / (mean + shape)) ** shape
    found = [0.0] * len(CLASSES)
    for number, at in enumerate(_CLASS_OF):
        found[at] += chance
        chance *= part * (number + shape) / (number + 1)
    found[-1] = max(0.0, 1.0 - sum(found))
    return tuple(max(value, _LEAST) for value in found)


def _ways(total: int, unseen: int, silent: int) -> tuple[tuple[int, float], ...]:
    """How many of the hidden cards may have an answer, each with the logarithm of its number of ways.

    How many have none is not known: each number of them is as likely beforehand.
    """
    return tuple((given, math.lgamma(total + given + 1) - math.lgamma(given + 1)) for given in range(unseen - silent, unseen + 1))


def _log_chance(chances: Sequence[float], shown: Mapping[str, int], ways: Sequence[tuple[int, float]]) -> float:
    told = sum(shown[name] * math.log(chance) for name, chance in zip(CLASSES, chances, strict=True) if name in shown)
    lump = math.log(max(1.0 - sum(chance for name, chance in zip(CLASSES, chances, strict=True) if name in shown), _LEAST))
    logs = [way + given * lump for given, way in ways]
    most = max(logs)
    return told + most + math.log(sum(math.exp(value - most) for value in logs))


def _summed(weights: Sequence[float]) -> Reported:
    total = sum(weights)
    value = sum(mean * weight for mean, weight in zip(MEANS, weights, strict=True)) / total
    low, high = (_share(weights, total * part) for part in (0.025, 0.975))
    return Reported(value, min(low, value), max(high, value))


def _share(weights: Sequence[float], wanted: float) -> float:
    """The mean below which so much weight lies; within a step of the means it is spread evenly on a scale of ratios."""
    before = 0.0
    for mean, weight in zip(MEANS, weights, strict=True):
        if before + weight >= wanted:
            return mean * math.pow(1.05, (wanted - before) / weight - 0.5)
        before += weight
    return MEANS[-1]


# --- a model beside them ----------------------------------------------------------------------------------------------


def agreement(pairs: Sequence[tuple[float, Reported]]) -> Agreement | None:
    """A model beside the answers, each pair of one place; None for fewer than ten, or where one of both is the same everywhere.

    A number of a model is what it expects, so the answers are held against it as it is (calibration slope, Cox 1958): a model that makes
    differences too large has a slope below 1. Weighted least squares: a place has the relative variance of its answers and, for all alike,
    that of what the model misses (Paule and Mandel 1982); intervals by Knapp and Hartung (2003) with Student's t. The rank correlation has
    the variance 1.06 / (n - 3) on Fisher's scale (Fieller, Hartley and Pearson 1957). See docs/method/recognition.md.
    """
    n = len(pairs)
    if n < LEAST_PLACES:
        return None
    model, answers = [pair[0] for pair in pairs], [pair[1].value for pair in pairs]
    try:
        rank = correlation(_ranks(model), _ranks(answers))
    except StatisticsError:
        return None
    width, bent = _Z * math.sqrt(1.06 / (n - 3)), math.atanh(max(-0.9999, min(0.9999, rank)))
    known = [(said.error / said.value) ** 2 for _, said in pairs]
    return Agreement(
        places=n,
        rank=Fitted(rank, math.tanh(bent - width), math.tanh(bent + width)),
        slope=_fitted(model, answers, known, crossing=True),
        level=_fitted(model, answers, known, crossing=False),
    )


def _fitted(x: Sequence[float], y: Sequence[float], known: Sequence[float], *, crossing: bool) -> Fitted:
    """The slope of y on x; `known`: relative variances of y; `crossing`: with a crossing of the axis of its own, and not through nought."""
    left = len(x) - (2 if crossing else 1)
    least = _FLOOR * fmean(y)
    line = _line(x, y, [1.0] * len(x), crossing=crossing)
    for _ in range(_ROUNDS):
        # Errors grow with what is measured: by the line, for by the answers themselves low ones would weigh most.
        scale = [max(line.at(value), least) for value in x]
        missed = _missed(x, y, known, scale, left, crossing=crossing)
        line = _line(x, y, _weights(known, scale, missed), crossing=crossing)
    # Below 1 the places lie closer to the line than their answers explain: luck, that narrows nothing.
    half = _student(left) * math.sqrt(max(1.0, line.rest / left) / line.spread)
    return Fitted(line.slope, line.slope - half, line.slope + half)


def _weights(known: Sequence[float], scale: Sequence[float], missed: float) -> list[float]:
    return [1 / max((variance + missed) * size**2, _NEAR) for variance, size in zip(known, scale, strict=True)]


def _missed(x: Sequence[float], y: Sequence[float], known: Sequence[float], scale: Sequence[float], left: int, *, crossing: bool) -> float:
    """The relative variance beside that of the answers with which the weighted squares add up to the degrees of freedom; 0 where they are
    below already."""

    def beyond(extra: float) -> bool:
        return _line(x, y, _weights(known, scale, extra), crossing=crossing).rest > left

    if not beyond(0.0):
        return 0.0
    low, high = 0.0, 1.0
    while beyond(high):
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A weighted line: its slope, where it crosses the axis, the spread of x, and the squares that are left."""

    slope: float
    crossing: float
    spread: float
    rest: float

    def at(self, x: float) -> float:
        return self.crossing + self.slope * x


def _line(x: Sequence[float], y: Sequence[float], weights: Sequence[float], *, crossing: bool) -> _Line:
    total = sum(weights)
    middle = sum(w * a for w, a in zip(weights, x, strict=True)) / total if crossing else 0.0
    up = sum(w * b for w, b in zip(weights, y, strict=True)) / total if crossing else 0.0
    spread = sum(w * (a - middle) ** 2 for w, a in zip(weights, x, strict=True))
    slope = sum(w * (a - middle) * (b - up) for w, a, b in zip(weights, x, y, strict=True)) / spread
    rest = sum(w * (b - up - slope * (a - middle)) ** 2 for w, a, b in zip(weights, x, y, strict=True))
    return _Line(slope, up - slope * middle, spread, rest)


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's t, from that of the normal (Abramowitz and Stegun 26.7.5); off by less than 0.001 from 8 on."""
    z, v = _Z, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the middle of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]
