# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How likely counts, origins and answers are beside what is expected: values, slopes and expected information."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.special import digamma, gammaln, polygamma

from knopenkaart.visits._pairs import Floats

WEEKS_ASKED = 4
DAYS_ASKED = 28


def counts_value(visits: Floats, weeks: Floats, mean: Floats, dispersion: float) -> tuple[float, Floats, float]:
    """Negative binomial: the logarithm of the likelihood, its slope over each mean, and over the logarithm of the dispersion."""
    size = sizes(weeks, dispersion)
    both = size + mean
    value = gammaln(visits + size) - gammaln(size) - gammaln(visits + 1) + size * np.log(size / both) + visits * np.log(mean / both)
    on_size = digamma(visits + size) - digamma(size) + np.log(size / both) + (mean - visits) / both
    return float(value.sum()), (visits - mean) * size / (mean * both), float(-(on_size * size).sum())


def sizes(weeks: Floats, dispersion: float) -> Floats:
    """The size of the negative binomial: variance = mean + mean^2 / size. Weeks taken together differ less than one week does."""
    return np.maximum(weeks, 1.0) / dispersion


def bent(weeks: Floats, mean: Floats, spread: Floats, dispersion: float) -> tuple[float, float]:
    """What is to be taken from the logarithm of the likelihood because the means were bent towards the counts, and its slope.

    Means that follow the counts leave too little between them, and the dispersion would come out too low. Taking off half the logarithm of
    the determinant of the information sets that right; over the dispersion, at fixed means and `spread` (the variance of the logarithm of
    each), it is this. The slope is over the logarithm of the dispersion.
    """
    of_row = dispersion / np.maximum(weeks, 1.0)
    certain = 1 / (1 / mean + of_row)
    return float(0.5 * (spread * certain).sum()), float(-0.5 * (spread * certain**2 * of_row).sum())


def dispersion_information(visits: Floats, weeks: Floats, mean: Floats, dispersion: float) -> float:
    """What the counts tell of the logarithm of the dispersion, as observed; never below 0."""
    size = sizes(weeks, dispersion)
    both = size + mean
    on_size = digamma(visits + size) - digamma(size) + np.log(size / both) + (mean - visits) / both
    twice = polygamma(1, visits + size) - polygamma(1, size) + 1 / size - 1 / both - (mean - visits) / both**2
    return max(0.0, float(-(size**2 * twice + size * on_size).sum()))


def origins_value(people: Floats, expected: Floats) -> tuple[float, Floats]:
    """Multinomial, a row per place and group asked, a column per area: the logarithm of the likelihood and its slope over each flow."""
    total, asked = expected.sum(axis=1, keepdims=True), people.sum(axis=1, keepdims=True)
    some = expected > 0
    safe = np.where(some, expected, 1.0)
    value = float((people * np.log(np.where(some, expected / total, 1.0))).sum())
    return value, np.where(some, people / safe, 0.0) - asked / total


def origins_rows(slopes: sp.csr_array, asked: Floats, expected: Floats) -> sp.csr_array:
    """Rows whose squares add up to the information that `asked` people per row of `expected` give; `slopes` of every flow."""
    total = expected.sum(axis=1, keepdims=True)
    some = expected > 0
    own = np.where(some, 1 / np.where(some, expected, 1.0), 0.0).ravel()
    weight = np.sqrt(asked[:, None] * expected / total).ravel()
    rows, areas = expected.shape
    member = sp.csr_array((np.ones(rows * areas), (np.arange(rows * areas), np.repeat(np.arange(rows), areas))), shape=(rows * areas, rows))
    of_all = member @ ((member.T @ slopes) / total)
    return sp.csr_array(sp.dia_array((weight[None, :], [0]), shape=(len(weight), len(weight))) @ (slopes * own[:, None] - of_all))


def chance_of_answer(frequency: Floats) -> Floats:
    """(28, R): the chance of each answer (1 to 28 times in four weeks) of who comes so many times a week and was asked on the spot.

    Who is asked is there; the other times are Poisson. The last answer stands for more too.
    """
    times, rate = np.arange(1, DAYS_ASKED + 1)[:, None], WEEKS_ASKED * frequency[None, :]
    chance = np.exp((times - 1) * np.log(rate) - rate - gammaln(times))
    chance[-1] += np.maximum(1 - chance.sum(axis=0), 0.0)
    return np.asarray(chance)


def answers_value(answers: Floats, onsite: Floats, chance: Floats) -> tuple[float, Floats]:
    """A mixture of classes per nest: `answers` (C, 28) numbers of each answer, `onsite` (C, R). The slope is over the logits (C, R - 1)."""
    mixed = onsite @ chance.T
    on_logits = onsite * ((answers / mixed) @ chance - answers.sum(axis=1, keepdims=True))
    return float((answers * np.log(mixed)).sum()), on_logits[:, :-1]


def answers_information(asked: float, onsite: Floats, chance: Floats) -> Floats:
    """(R - 1, R - 1): what so many answers tell of the logits of one nest, expected."""
    mixed = chance @ onsite
    slopes = (onsite[None, :] * (chance - mixed[:, None]) / mixed[:, None])[:, :-1]
    return np.asarray(asked * (slopes * mixed[:, None]).T @ slopes)
