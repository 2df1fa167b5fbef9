# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""By how much weeks of one place differ beyond chance, from weeks of the same place only."""

from __future__ import annotations

import numpy as np
import scipy.optimize as so
from scipy.special import gammaln

from knopenkaart.visits._likelihood import sizes
from knopenkaart.visits._pairs import Floats, Longs
from knopenkaart.visits.observed import Counts

# How far from what was believed the dispersion is looked for, in sds; and the step by which its curvature is told.
FAR = 6.0
STEP = 0.05


def dispersion_of(counts: Counts, believed: tuple[float, float]) -> tuple[float, float]:
    """The dispersion (square of the coefficient of variation), and what is left of the sd of its logarithm: 1 where nothing is told.

    Each place with several sheets has a mean of its own here, whatever the model expects of it. In one search with the attractiveness of
    places, weeks that differ wildly would explain any place that is not as was believed, and it would not be reproduced. As each mean
    follows its counts, half the logarithm of the information on it is taken off, or the dispersion would come out too low.
    """
    visits, weeks, place = _sheets(counts)
    several = np.bincount(place, minlength=1)[place] > 1
    visits, weeks, place = visits[several], weeks[several], place[several]
    mean = weeks * (np.bincount(place, weights=visits) / np.maximum(np.bincount(place, weights=weeks), 1e-12))[place]
    some = mean > 0
    visits, weeks, place, mean = visits[some], weeks[some], place[some], mean[some]
    start, sd = np.log(believed[0]), believed[1]
    if sd == 0 or not len(visits):
        return believed[0], 1.0

    def cost(log: float) -> float:
        size = sizes(weeks, float(np.exp(log)))
        value = gammaln(visits + size) - gammaln(size) + size * np.log(size / (size + mean)) - visits * np.log(size + mean)
        sure = np.bincount(place, weights=1 / (1 / mean + 1 / size))
        return float(0.5 * ((log - start) / sd) ** 2 - value.sum() + 0.5 * np.log(sure[sure > 0]).sum())

    best = float(so.minimize_scalar(cost, bounds=(start - FAR * sd, start + FAR * sd), method="bounded").x)
    curvature = (cost(best + STEP) - 2 * cost(best) + cost(best - STEP)) / STEP**2
    return float(np.exp(best)), float(min(1.0, 1 / (sd * np.sqrt(max(curvature, 1e-12)))))


def _sheets(counts: Counts) -> tuple[Floats, Floats, Longs]:
    """Per sheet its visits, weeks and a number that is the same for the same place, period and groups."""
    sheet = counts.sheet if len(counts.sheet) else np.arange(len(counts.place))
    numbers, own = np.unique(sheet, return_inverse=True)
    size = len(numbers)
    weeks, place, period = np.zeros(size), np.zeros(size), np.zeros(size)
    for values, of in ((weeks, counts.weeks), (place, counts.place), (period, counts.period)):
        np.maximum.at(values, own, of)
    groups = np.bincount(own, weights=2.0 ** (counts.group + 1), minlength=size)
    _, same = np.unique(np.column_stack([place, period, groups]), axis=0, return_inverse=True)
    visits = np.asarray(np.bincount(own, weights=counts.visits, minlength=size), dtype=np.float64)
    return visits, np.asarray(weeks, dtype=np.float64), np.asarray(same, dtype=np.int64)
