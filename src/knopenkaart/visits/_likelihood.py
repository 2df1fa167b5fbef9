# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How likely counts, origins and answers are beside what is expected: values, slopes and expected information."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.special import digamma, gammaln

from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits.observed import DAYS

WEEKS_ASKED = 4


@dataclass(frozen=True)
class Totals:
    """Which counts were made together: `sheet` per row (0 and up), and per sheet its `weeks`."""

    sheet: Longs
    weeks: Floats

    @cached_property
    def matrix(self) -> sp.csr_array:
        rows = np.arange(len(self.sheet))
        return sp.csr_array((np.ones(len(rows)), (self.sheet, rows)), shape=(len(self.weeks), len(rows)))

    @cached_property
    def shared(self) -> Bools:
        """Per row whether there are others on its sheet."""
        return np.asarray(np.bincount(self.sheet, minlength=len(self.weeks))[self.sheet] > 1)

    def of(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.sheet, weights=values, minlength=len(self.weeks)))


def counts_value(visits: Floats, mean: Floats, totals: Totals, dispersion: float) -> tuple[float, Floats, float]:
    """Counts of which those of one sheet share their week: each sheet in all is negative binomial, its rows share it as their means do.

    Returns the logarithm of the likelihood, its slope over each mean, and over the logarithm of the dispersion.
    """
    size, seen, expected = sizes(totals.weeks, dispersion), totals.of(visits), totals.of(mean)
    both = size + expected
    value = (gammaln(seen + size) - gammaln(size) + size * np.log(size / both) - seen * np.log(both)).sum()
    value += (visits * np.log(mean) - gammaln(visits + 1)).sum()
    on_size = digamma(seen + size) - digamma(size) + np.log(size / both) + (expected - seen) / both
    return float(value), visits / mean - ((seen + size) / both)[totals.sheet], float(-(on_size * size).sum())


def counts_rows(slopes: sp.csr_array, mean: Floats, totals: Totals, dispersion: float) -> list[sp.csr_array]:
    """Rows whose squares add up to the information of counts; `slopes` of every mean."""
    size, expected = sizes(totals.weeks, dispersion), totals.of(mean)
    of_all = totals.matrix @ slopes
    whole = sp.csr_array(of_all * np.sqrt(size / (expected * (size + expected)))[:, None])
    shared = totals.shared
    if not shared.any():
        return [whole]
    root = np.sqrt(mean)
    back = sp.csr_array(totals.matrix.T * root[:, None]) @ sp.csr_array(of_all * (1 / expected)[:, None])
    apart = sp.csr_array(slopes * (1 / root)[:, None]) - back
    return [whole, sp.csr_array(sp.csr_array(apart)[shared])]


def sizes(weeks: Floats, dispersion: float) -> Floats:
    """The size of the negative binomial: variance = mean + mean^2 / size. Weeks taken together differ less than one week does."""
    return np.maximum(weeks, 1.0) / dispersion


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
    times, rate = np.arange(1, DAYS + 1)[:, None], WEEKS_ASKED * frequency[None, :]
    chance = np.exp((times - 1) * np.log(rate) - rate - gammaln(times))
    chance[-1] += np.maximum(1 - chance.sum(axis=0), 0.0)
    return np.asarray(chance)


def answers_value(people: Floats, onsite: Floats, chance: Floats) -> tuple[float, Floats]:
    """A mixture of classes: `people` (P) who gave each of the answers that were told, `onsite` (R), `chance` (P, R) of an answer per class.

    Given that an answer is one of these. The slope is over the logits (R - 1).
    """
    mixed, asked = chance @ onsite, people.sum()
    whole = mixed.sum()
    on_logits = onsite * ((people / mixed) @ chance - asked * chance.sum(axis=0) / whole)
    return float((people * np.log(mixed / whole)).sum()), on_logits[:-1]


def answers_information(asked: float, onsite: Floats, chance: Floats) -> Floats:
    """(R - 1, R - 1): what so many answers tell of the logits, expected; given that they are among those that are told."""
    mixed = chance @ onsite
    part = mixed / mixed.sum()
    slopes = (onsite[None, :] * (chance - mixed[:, None]) / mixed[:, None])[:, :-1]
    apart = slopes - part @ slopes
    return np.asarray(asked * (apart * part[:, None]).T @ apart)
