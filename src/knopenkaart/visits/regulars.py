# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes often: from "how often here in the last 4 weeks", asked on the spot, where one who comes often is met often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart import rng

Interval = tuple[float, float, float]
Floats = npt.NDArray[np.float64]
# Regular: so often in four weeks or more.
REGULAR = 4
WEEKS = 4
LEAST_CARDS = 30
DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulars:
    """Each as value, lower and upper bound (95 %).

    `of_visits`: part of the visits that is by regulars; `of_visitors`: part of the different visitors that is regular; `first_of_visits`
    and `first_of_visitors`: the same of those who were there for the first time in four weeks; `visitors_per_visit`: different visitors
    in four weeks per visit in four weeks; `met_per_week`: how often per week whom one meets there comes (E[f^2] / E[f]: what repeated
    meeting depends on). Where `enough` is False they are None and `reason` says why: `few_cards`.
    """

    n: int
    enough: bool
    reason: str | None = None
    of_visits: Interval | None = None
    of_visitors: Interval | None = None
    first_of_visits: Interval | None = None
    first_of_visitors: Interval | None = None
    visitors_per_visit: Interval | None = None
    met_per_week: Interval | None = None


def regulars(frequencies: Sequence[int], *, seed: int) -> Regulars:
    """What answers given on the spot tell of those who come.

    Parameters: how often each who answered was there in the last four weeks, this time included (1 to 28); the seed. Who comes f times is
    f times as likely to be asked, so a visit counts once and a visitor 1/f. Raises ValueError for a number below 1.
    Source: docs/method/representation.md.

    >>> found = regulars([1] * 20 + [8] * 40, seed=1)
    >>> [round(found.of_visits[0], 2), round(found.of_visitors[0], 2), round(found.visitors_per_visit[0], 2)]
    [0.67, 0.2, 0.42]
    """
    often = np.asarray(frequencies, dtype=float)
    if (often < 1).any():
        raise ValueError("whoever answers is there: at least once in four weeks")
    if len(often) < LEAST_CARDS:
        return Regulars(n=len(often), enough=False, reason="few_cards")
    drawn = often[rng.stream(seed, "visits regulars").integers(0, len(often), (DRAWS, len(often)))]
    values, draws = _measures(often[None, :])[:, 0], _measures(drawn)
    low, high = np.quantile(draws, [0.025, 0.975], axis=1)
    found = [(float(value), float(least), float(most)) for value, least, most in zip(values, low, high, strict=True)]
    return Regulars(
        n=len(often),
        enough=True,
        of_visits=found[0],
        of_visitors=found[1],
        first_of_visits=found[2],
        first_of_visitors=found[3],
        visitors_per_visit=found[4],
        met_per_week=found[5],
    )


def _measures(often: Floats) -> Floats:
    """One row per measure, one column per sample."""
    person = 1 / often
    persons = person.sum(axis=1)
    regular, first = often >= REGULAR, often == 1
    return np.stack(
        [
            regular.mean(axis=1),
            (person * regular).sum(axis=1) / persons,
            first.mean(axis=1),
            (person * first).sum(axis=1) / persons,
            person.mean(axis=1),
            often.mean(axis=1) / WEEKS,
        ]
    )
