# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visitors against the population in reach: who comes more or less than one would expect of those who live there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart import rng
from knopenkaart.tables import COUNTS
from knopenkaart.visits.counts import LEAST_KNOWN
from knopenkaart.vocabulary import EVERYBODY

Floats = npt.NDArray[np.float64]
UNKNOWN = "unknown"
# Fewer visitors than this tell nothing of groups: a place that is like its surroundings shows a dissimilarity of .16 then.
LEAST_VISITORS = 30
DRAWS = 4000
# Of a margin of 95 %, in standard deviations.
_WIDE = 2 * 1.96
# What a group of which nobody came is held to be worth, so that "none seen" is not "none there" (Jeffreys).
_PRIOR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuotient:
    """A group: its share among the visitors and among the population, and the location quotient (their ratio) with its 95 % interval."""

    group: str
    share: float
    residents: float
    quotient: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """How much the visitors are like the population.

    `dissimilarity` is half the sum of the differences of shares (0: alike; 1: no group in common), with its 95 % interval. `null_mean` and
    `null_high` are what a place shows, on average and in 95 % of cases at most, that is exactly like the population, with so many visitors:
    below `null_high` no difference was found. `divergence` is Kullback-Leibler's, in nats, with the same null band. `n` is the number of
    visitors that the shares are worth (`effective_people`). Where `enough` is False there are no groups, and `reason` says why:
    `few_visitors`, `few_known`, `few_groups` (fewer than two with a known population).
    """

    n: float
    enough: bool
    reason: str | None = None
    groups: tuple[GroupQuotient, ...] = ()
    dissimilarity: float | None = None
    low: float | None = None
    high: float | None = None
    null_mean: float | None = None
    null_high: float | None = None
    divergence: float | None = None
    divergence_null_high: float | None = None


def effective_people(counts: pd.DataFrame) -> float:
    """How many people drawn at random the shares of groups are worth: COUNTS of one place, corrected for who comes together.

    People of one group come in company and on the same days. Within each daypart the groups are held against being the same in every
    week (Pearson's chi-square over its degrees of freedom, as in the first-order correction of Rao and Scott 1981); that factor, at
    least 1, divides the number of people whose group is known.
    """
    known = COUNTS.check(counts)
    known = known[~known["group"].isin([EVERYBODY, UNKNOWN])]
    people = float(known["people"].sum())
    statistic = freedom = 0.0
    for _, rows in known.groupby("slot"):
        table = rows.pivot_table(index="date", columns="group", values="people", aggfunc="sum", fill_value=0).to_numpy(float)
        table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        if min(table.shape, default=0) < 2:
            continue
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        statistic += float(((table - expected) ** 2 / expected).sum())
        freedom += (table.shape[0] - 1) * (table.shape[1] - 1)
    return people / max(1.0, statistic / freedom) if freedom else people


def representation(
    visitors: Mapping[str, float], population: Mapping[str, tuple[float, float, float]], *, n: float, seed: int, known_share: float = 1.0
) -> Representation:
    """Hold the visitors of each group against the population.

    Parameters: visits per group; people per group with the least and the most of their 95 % margin; how many visitors the shares are
    worth; the seed; the part of the visitors of whom the group is known. Groups without a population are left out on both sides.
    Source: docs/method/representation.md.

    >>> found = representation({"young": 30, "old": 70}, {"young": (500, 480, 520), "old": (500, 480, 520)}, n=100, seed=1)
    >>> [round(row.quotient, 1) for row in found.groups], round(found.dissimilarity, 3), found.dissimilarity > found.null_high
    ([0.6, 1.4], 0.2, True)
    """
    groups = [group for group in visitors if population.get(group, (0, 0, 0))[0] > 0]
    if n < LEAST_VISITORS or known_share < LEAST_KNOWN:
        return Representation(n=n, enough=False, reason="few_visitors" if n < LEAST_VISITORS else "few_known")
    if len(groups) < 2 or sum(visitors[group] for group in groups) <= 0:
        return Representation(n=n, enough=False, reason="few_groups")
    came = np.array([visitors[group] for group in groups], dtype=float)
    share = came / came.sum()
    people, least, most = np.array([population[group] for group in groups], dtype=float).T
    residents = people / people.sum()
    stream = rng.stream(seed, "visits representation")
    shares = stream.dirichlet(share * n + _PRIOR, DRAWS)
    lived = _normalised(np.maximum(stream.normal(people, np.maximum(most - least, 0) / _WIDE, (DRAWS, len(groups))), 0.1))
    alike = stream.multinomial(round(n), residents, DRAWS) / round(n)
    quotients = np.quantile(shares / lived, [0.025, 0.975], axis=0)
    spread = np.quantile(_dissimilarity(shares, lived), [0.025, 0.975])
    null = _dissimilarity(alike, lived)
    return Representation(
        n=n,
        enough=True,
        groups=tuple(
            GroupQuotient(
                group=group,
                share=float(share[i]),
                residents=float(residents[i]),
                quotient=float(share[i] / residents[i]),
                low=float(quotients[0, i]),
                high=float(quotients[1, i]),
            )
            for i, group in enumerate(groups)
        ),
        dissimilarity=float(_dissimilarity(share, residents)),
        low=float(spread[0]),
        high=float(spread[1]),
        null_mean=float(null.mean()),
        null_high=float(np.quantile(null, 0.95)),
        divergence=float(_divergence(share, residents)),
        divergence_null_high=float(np.quantile(_divergence(alike, lived), 0.95)),
    )


def _normalised(rows: Floats) -> Floats:
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def _dissimilarity(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.abs(one - other).sum(axis=-1) / 2)


def _divergence(one: Floats, other: Floats) -> Floats:
    ratio = np.where(one > 0, one, 1) / np.where(one > 0, other, 1)
    return np.asarray((one * np.log(ratio)).sum(axis=-1))
