# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was counted when, and how far a weekly total may be off: strata are dayparts, the repeated unit is the week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LEVEL = 0.95
# Fewer own degrees of freedom than this tell too little of how much weeks differ: then a prior joins in.
OWN_DF = 2.5
# The prior: weeks of one place differ by so much (coefficient of variation), dayparts within a week by so much more; worth so many
# degrees of freedom. docs/method/visits.md says where it comes from and what it does.
PRIOR_WEEK_CV = 0.16
PRIOR_DAYPART_CV = 0.10
PRIOR_DF = 2.0


@dataclass(frozen=True)
class Design:
    """Counted dayparts of one place: of each its stratum `slot` and its `week` (numbers from 0), and its exposure (0 to 1]."""

    slot: Ints
    week: Ints
    exposure: Floats

    @property
    def slots(self) -> int:
        return int(self.slot.max()) + 1 if len(self.slot) else 0

    @property
    def weeks(self) -> int:
        return int(self.week.max()) + 1 if len(self.week) else 0

    @property
    def weight(self) -> Floats:
        """Of each count its part in the mean of its stratum: ratio to exposure."""
        return np.asarray(self.exposure / np.bincount(self.slot, weights=self.exposure)[self.slot])

    def means(self, visits: Floats) -> Floats:
        """Visits per daypart, of each stratum."""
        return np.asarray(np.bincount(self.slot, weights=self.weight * visits, minlength=self.slots), dtype=float)

    def scores(self, visits: Floats) -> Floats:
        """What each week adds to the error of the weekly total (linearised)."""
        left = self.weight * (visits - self.means(visits)[self.slot])
        return np.asarray(np.bincount(self.week, weights=left, minlength=self.weeks), dtype=float)

    def residual_maker(self) -> Floats:
        """From visits to what they differ from the mean of their stratum."""
        same = self.slot[:, None] == self.slot[None, :]
        return np.asarray(np.eye(len(self.slot)) - same * self.weight[None, :])


@dataclass(frozen=True)
class Spread:
    """How much visits vary, relative to their mean and beyond chance (Poisson): `week_var` is shared by a week, `daypart_var` is not."""

    week_var: float
    daypart_var: float

    @property
    def total(self) -> float:
        return self.week_var + self.daypart_var


PRIOR = Spread(PRIOR_WEEK_CV**2, PRIOR_DAYPART_CV**2)


@dataclass(frozen=True)
class Interval:
    """An estimate with its bounds, and how these came about."""

    value: float
    low: float
    high: float
    method: str


def covariance(design: Design, means: Floats, spread: Spread) -> Floats:
    """The covariance of the counts under a working model: chance, a daypart that is good or bad, a week that is."""
    mean = means[design.slot]
    own = mean / design.exposure + spread.daypart_var * mean**2
    same_week = design.week[:, None] == design.week[None, :]
    return np.asarray(np.diag(own) + spread.week_var * same_week * np.outer(mean, mean))


def dispersion(design: Design, visits: Floats) -> float:
    """Squared coefficient of variation beyond chance, pooled over the strata: Pearson's statistic equals its degrees of freedom."""
    counted = np.bincount(design.slot, minlength=design.slots)
    mean = design.means(visits)[design.slot]
    used = (counted[design.slot] > 1) & (mean > 0)
    freedom = int(used.sum()) - len(np.unique(design.slot[used]))
    if freedom <= 0:
        return 0.0
    mean, exposure, left = mean[used], design.exposure[used], (visits[used] - mean[used]) ** 2

    def excess(extra: float) -> float:
        return float(np.sum(left / (mean / exposure + extra * mean**2)) - freedom)

    low, high = 0.0, 16.0
    if excess(low) <= 0:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True)
class WeekVariance:
    """The variance of a weekly total by its weeks, with the degrees of freedom of that variance, and how it divides itself."""

    variance: float
    freedom: float
    spread: Spread
    chance: float


def week_variance(design: Design, visits: Floats) -> WeekVariance:
    """Cluster-robust variance of the weekly total with the bias correction and degrees of freedom of Bell and McCaffrey (2002).

    Scores of the weeks are squared and summed; a working model, itself estimated from the counts, says by how much such a sum is too low
    and how many independent weeks it is worth. Where every daypart was counted every week this is the variance of the weekly totals
    divided by the number of weeks, with one less than that number degrees of freedom, whatever the working model.
    """
    means, scores, weight = design.means(visits), design.scores(visits), design.weight
    by_week = (design.week[None, :] == np.arange(design.weeks)[:, None]) * weight[None, :]
    maker = by_week @ design.residual_maker()

    def parts(spread: Spread, *, chance: bool = True) -> tuple[Floats, float]:
        omega = covariance(design, means, spread)
        if not chance:
            omega = omega - np.diag(means[design.slot] / design.exposure)
        return maker @ omega @ maker.T, float(weight @ omega @ weight)

    spread = _spread(design, visits, float(scores @ scores), parts)
    matrix, wanted = parts(spread)
    _, chance_only = parts(Spread(0.0, 0.0))
    trace = float(np.trace(matrix))
    if trace <= 1e-9 * max(wanted, 1e-300):
        return WeekVariance(0.0, 0.0, spread, chance_only)
    freedom = trace**2 / float(np.sum(matrix * matrix))
    return WeekVariance(float(scores @ scores) * wanted / trace, freedom, spread, chance_only)


def _spread(design: Design, visits: Floats, squares: float, parts: Any) -> Spread:
    """The spread beyond chance divided over what a week shares and what it does not, by moments."""
    total = dispersion(design, visits)
    if total == 0.0:
        return Spread(0.0, 0.0)
    chance = float(np.trace(parts(Spread(0.0, 0.0))[0]))
    shared = float(np.trace(parts(Spread(1.0, 0.0), chance=False)[0]))
    apart = float(np.trace(parts(Spread(0.0, 1.0), chance=False)[0]))
    if shared <= apart * (1 + 1e-9):
        return Spread(0.0, total)
    week = min(total, max(0.0, (squares - chance - total * apart) / (shared - apart)))
    return Spread(week, total - week)


def total_interval(design: Design, visits: Floats, *, prior: Spread = PRIOR) -> Interval:
    """The weekly total over the counted strata with its interval, on the scale of logarithms."""
    means, found = design.means(visits), week_variance(design, visits)
    value = float(means.sum())
    if value <= 0:
        return Interval(0.0, 0.0, _none_seen(design), "poisson")
    variance, freedom, method = found.variance, found.freedom, "weeks"
    if freedom < OWN_DF:
        before = float(design.weight @ covariance(design, means, prior) @ design.weight)
        variance = (PRIOR_DF * before + freedom * variance) / (PRIOR_DF + freedom)
        freedom, method = freedom + PRIOR_DF, "weeks_prior"
    return bounds(value, variance, freedom, chance=found.chance, method=method)


def bounds(value: float, variance: float, freedom: float, *, chance: float, method: str) -> Interval:
    """An interval on the scale of logarithms with quantiles of t."""
    quantile = float(stats.t.ppf((1 + LEVEL) / 2, freedom))
    factor = float(np.exp(quantile * np.sqrt(variance) / value))
    return Interval(value, value / factor, value * factor, method)


def _none_seen(design: Design) -> float:
    """The most that a weekly total may be where nobody was seen: 97.5 % quantile of chance, each stratum alike."""
    exposure = np.bincount(design.slot, weights=design.exposure)
    return float(-np.log((1 - LEVEL) / 2) * len(exposure) / exposure.sum())


def slot_intervals(design: Design, visits: Floats, *, prior: Spread = PRIOR) -> list[Interval]:
    """Visits per daypart of each stratum: negative binomial with a dispersion that all strata share, Poisson where there is none."""
    means, total, freedom, method = design.means(visits), *pooled(design, visits, prior=prior)
    quantile = float(stats.t.ppf((1 + LEVEL) / 2, freedom))
    exposure = np.bincount(design.slot, weights=design.exposure, minlength=design.slots)
    squares = np.bincount(design.slot, weights=design.weight**2, minlength=design.slots)
    return [
        Interval(float(m), *score(float(m), chance=1 / e, extra=total * s, quantile=quantile), method)
        for m, e, s in zip(means, exposure, squares, strict=True)
    ]


def pooled(design: Design, visits: Floats, *, prior: Spread = PRIOR) -> tuple[float, float, str]:
    """The dispersion that all strata share, its degrees of freedom, and the name of the distribution."""
    found = week_variance(design, visits)
    total, freedom = found.spread.total, _freedom(design, visits, found.spread)
    method = "negative_binomial" if total > 0 else "poisson"
    if freedom < OWN_DF:
        return (PRIOR_DF * prior.total + freedom * total) / (PRIOR_DF + freedom), PRIOR_DF + freedom, "negative_binomial_prior"
    # Counts that vary no more than by chance have no dispersion of which one could be unsure.
    return total, np.inf if total == 0 and found.freedom >= OWN_DF else freedom, method


def _freedom(design: Design, visits: Floats, spread: Spread) -> float:
    """Of how many independent counts the pooled dispersion is worth: fewer where weeks are good or bad as a whole."""
    means = design.means(visits)
    mean = np.maximum(means[design.slot], 1e-9)
    scale = np.sqrt(mean / design.exposure + spread.total * mean**2)
    omega = covariance(design, np.maximum(means, 1e-9), spread)
    maker = design.residual_maker() / scale[:, None]
    matrix = maker @ omega @ maker.T
    squares = float(np.sum(matrix * matrix))
    return float(np.trace(matrix)) ** 2 / squares if squares > 1e-12 else 0.0


def score(mean: float, *, chance: float, extra: float, quantile: float) -> tuple[float, float]:
    """The means m with (mean - m)^2 <= quantile^2 (chance m + extra m^2), least and most; the most may be infinite."""
    square = quantile**2
    a, b, c = 1 - square * extra, -(2 * mean + square * chance), mean**2
    root = float(np.sqrt(max(0.0, b * b - 4 * a * c)))
    low = 2 * c / (-b + root)
    return low, ((-b + root) / (2 * a) if a > 0 else float("inf"))
