# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether two figures go together over areas: a correlation with its interval, and what it cannot say."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, StatisticsError, correlation, linear_regression

# With fewer municipalities it is not known how much they differ.
LEAST_CLUSTERS = 10
LEAST_AREAS = 10
_Z95 = NormalDist().inv_cdf(0.975)
# Of Simpson's rule (even) and of the search for the end: to a millionth, for fewer than some thousands of degrees of freedom.
_STEPS, _HALVINGS = 400, 40
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Pair:
    """Both figures of one area. `cluster` is what neighbouring areas share (their municipality); `coarse` a larger area (wijk), `people`
    its inhabitants, both for the same sum over other borders; `third` a figure that may be behind both (how built-up it is)."""

    code: str
    x: float
    y: float
    cluster: str
    coarse: str = ""
    people: float | None = None
    third: float | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A correlation between -1 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Correlation:
    """How two figures go together. `pearson` is about a straight line, `spearman` about the order only.

    `within` is that of the differences inside municipalities; `coarse` that over larger areas; `beside` what is left where the third figure
    is the same, over `beside_areas` areas (each None: not told, or too few). `method`: municipalities (whole ones were left out in turn) or
    areas (each was taken as on its own: too narrow). `warnings` are codes, see WARNINGS.
    """

    areas: int
    clusters: int
    pearson: Interval
    spearman: Interval
    within: Interval | None
    coarse: Interval | None
    beside: Interval | None
    beside_areas: int
    method: str
    warnings: tuple[str, ...]


# What a reader must know; every correlation has the first two.
WARNINGS = (
    "no_cause",
    "areas_not_people",
    "same_model",
    "one_model",
    "few_municipalities",
    "other_borders_other_sign",
    "one_municipality_carries_it",
)


def correlate(pairs: Sequence[Pair], *, same_model: bool = False, one_model: bool = False) -> Correlation | None:
    """The correlation over areas; None with fewer than ten areas, or where one of the figures is the same everywhere.

    `same_model`: one model of a publisher gave both figures, so that they go together by how they were made; `one_model`: a model gave one
    of them, and what it reckons with may be the other. Buurten of one municipality resemble each other, so that taking each as on its own
    would give too narrow an interval: it is that of leaving out each municipality in turn (jackknife, on Fisher's scale), with Student's t
    of as many as the municipalities are worth. Source: Efron and Tibshirani (1993), chapter 11; Carter, Schnepel and Steigerwald (2017),
    Review of Economics and Statistics 99, 698-709; docs/method/correlation.md.
    """
    if len(pairs) < LEAST_AREAS or len({pair.x for pair in pairs}) < 2 or len({pair.y for pair in pairs}) < 2:
        return None
    clusters = Counter(pair.cluster for pair in pairs)
    grouped = len(clusters) >= LEAST_CLUSTERS
    x, y = [pair.x for pair in pairs], [pair.y for pair in pairs]
    names = [pair.cluster for pair in pairs]
    pearson = _interval(x, y, names if grouped else None)
    if pearson is None:
        return None
    spearman = _interval(_ranks(x), _ranks(y), names if grouped else None) or pearson
    within = _interval(_centred(x, names), _centred(y, names), names) if grouped else None
    coarse = _over_larger(pairs)
    known = [pair for pair in pairs if pair.third is not None]
    told = {
        "no_cause": True,
        "areas_not_people": True,
        "same_model": same_model,
        "one_model": one_model and not same_model,
        "few_municipalities": not grouped,
        "other_borders_other_sign": coarse is not None and coarse.value * pearson.value < 0,
        "one_municipality_carries_it": grouped and _carried_by_one(pairs, pearson),
    }
    return Correlation(
        areas=len(pairs),
        clusters=len(clusters),
        pearson=pearson,
        spearman=spearman,
        within=within,
        coarse=coarse,
        beside=_beside_third(known, grouped=grouped),
        beside_areas=len(known),
        method="municipalities" if grouped else "areas",
        warnings=tuple(name for name in WARNINGS if told[name]),
    )


def _interval(x: Sequence[float], y: Sequence[float], clusters: Sequence[str] | None) -> Interval | None:
    try:
        value = correlation(x, y)
    except StatisticsError:
        return None
    if clusters is None:
        return Interval(value, *_fisher(value, len(x)))
    return _left_out(value, x, y, clusters)


def _fisher(value: float, number: int) -> tuple[float, float]:
    """Fisher's interval, of areas that each stand on their own."""
    return _spread(value, _Z95 / math.sqrt(number - 3))


def _spread(value: float, half: float) -> tuple[float, float]:
    """So much to either side on Fisher's scale."""
    return math.tanh(_scaled(value) - half), math.tanh(_scaled(value) + half)


def _scaled(value: float) -> float:
    return math.atanh(max(min(value, 1 - 1e-12), -1 + 1e-12))


def _left_out(value: float, x: Sequence[float], y: Sequence[float], clusters: Sequence[str]) -> Interval:
    """The interval by how much the correlation moves without each cluster; six sums per cluster are all that this needs.

    Where nothing differs without one of them, all hangs on that one, and it may be anything.
    """
    rest = _without(x, y, clusters)
    moved = [_scaled(other) - _scaled(value) for _number, other in rest if other is not None]
    if len(moved) < len(rest):
        return Interval(value, -1.0, 1.0)
    error = math.sqrt((len(rest) - 1) / len(rest) * sum(move * move for move in moved))
    # A few large municipalities beside many small ones are worth fewer than there are.
    worth = sum(number for number, _other in rest) ** 2 / sum(number**2 for number, _other in rest)
    return Interval(value, *_spread(value, student(max(1.0, worth - 1)) * error))


def _without(x: Sequence[float], y: Sequence[float], clusters: Sequence[str]) -> list[tuple[float, float | None]]:
    """Of each cluster how many areas it has, and the correlation of all others."""
    rows = _sums(x, y, clusters)
    whole = [sum(column) for column in zip(*rows, strict=True)]
    return [(row[0], _of_rest(whole, row)) for row in rows]


def student(freedom: float) -> float:
    """Within so many standard errors 95 % of Student's t lies, for any degrees of freedom from 1 (also broken ones).

    With t = sqrt(f) tan a the density is that of cos(a) to the power f - 1; it is added up by Simpson's rule. Raises ValueError below 1.
    """
    if freedom < 1:
        raise ValueError("Student's t begins at one degree of freedom")

    def mass(end: float) -> float:
        step = end / _STEPS
        heights = [max(0.0, math.cos(place * step)) ** (freedom - 1) for place in range(_STEPS + 1)]
        return float(step / 3 * (heights[0] + 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2]) + heights[-1]))

    wanted = 0.95 * mass(math.pi / 2)
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if mass(middle) < wanted else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _sums(x: Sequence[float], y: Sequence[float], clusters: Sequence[str]) -> list[list[float]]:
    """Number, sums, sums of squares and of products of each cluster."""
    # Around the mean, or the sums of squares lose their digits.
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 6)
    for one, other, name in zip(x, y, clusters, strict=True):
        dx, dy = one - mean_x, other - mean_y
        of_cluster = sums[name]
        for place, term in enumerate((1.0, dx, dy, dx * dx, dy * dy, dx * dy)):
            of_cluster[place] += term
    return [sums[name] for name in sorted(sums)]


def _of_rest(whole: Sequence[float], row: Sequence[float]) -> float | None:
    """The correlation of all but one cluster; None where one of the figures is then the same everywhere."""
    number, x, y, xx, yy, xy = (every - mine for every, mine in zip(whole, row, strict=True))
    spread_x, spread_y = xx - x * x / number, yy - y * y / number
    # What is left of equal figures is the last bit of a float.
    if spread_x <= _NOTHING * whole[3] or spread_y <= _NOTHING * whole[4]:
        return None
    return max(-1.0, min(1.0, (xy - x * y / number) / math.sqrt(spread_x * spread_y)))


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the middle of theirs."""
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), start=1):
        places[value].append(place)
    middle = {value: sum(found) / len(found) for value, found in places.items()}
    return [middle[value] for value in values]


def _centred(values: Sequence[float], clusters: Sequence[str]) -> list[float]:
    """What is left of each value beyond the mean of its cluster."""
    of_cluster: dict[str, list[float]] = defaultdict(list)
    for value, name in zip(values, clusters, strict=True):
        of_cluster[name].append(value)
    means = {name: sum(found) / len(found) for name, found in of_cluster.items()}
    return [value - means[name] for value, name in zip(values, clusters, strict=True)]


def _over_larger(pairs: Sequence[Pair]) -> Interval | None:
    """The same over larger areas, each with the mean of its parts by inhabitants."""
    parts: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.coarse and pair.people:
            parts[pair.coarse].append(pair)
    if len(parts) < LEAST_AREAS:
        return None
    clusters = [found[0].cluster for found in parts.values()]
    x, y = [_mean(found, "x") for found in parts.values()], [_mean(found, "y") for found in parts.values()]
    return _interval(x, y, clusters if len(set(clusters)) >= LEAST_CLUSTERS else None)


def _beside_third(pairs: Sequence[Pair], *, grouped: bool) -> Interval | None:
    """The partial correlation: of what a straight line on the third figure leaves of both."""
    third = [float(pair.third) for pair in pairs if pair.third is not None]
    if len(pairs) < LEAST_AREAS or len(set(third)) < 2:
        return None
    x, y = _residuals([pair.x for pair in pairs], third), _residuals([pair.y for pair in pairs], third)
    return _interval(x, y, [pair.cluster for pair in pairs] if grouped else None)


def _residuals(values: Sequence[float], on: Sequence[float]) -> list[float]:
    slope, intercept = linear_regression(on, values)
    return [value - intercept - slope * other for value, other in zip(values, on, strict=True)]


def _mean(parts: Sequence[Pair], name: str) -> float:
    return float(sum(getattr(pair, name) * (pair.people or 0) for pair in parts) / sum(pair.people or 0 for pair in parts))


def _carried_by_one(pairs: Sequence[Pair], whole: Interval) -> bool:
    """Whether leaving out one municipality turns the sign, or takes away more than half of what there is."""
    # Where one carries it the interval is wide; then it is all the more worth to tell of what would seem sure area by area.
    if not Interval(whole.value, *_fisher(whole.value, len(pairs))).sure:
        return False
    rest = _without([pair.x for pair in pairs], [pair.y for pair in pairs], [pair.cluster for pair in pairs])
    return any(value is None or value * whole.value < 0 or abs(value) < abs(whole.value) / 2 for _number, value in rest)
