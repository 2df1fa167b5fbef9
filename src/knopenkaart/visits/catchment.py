# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where visitors really come from, against where those live who can walk there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from knopenkaart import rng

LEAST_CARDS = 30
DRAWS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginShare:
    """An origin: the part of the visitors from there with its 95 % interval, and the part of the people in reach who live there."""

    origin: str
    share: float
    low: float
    high: float
    modelled: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Catchment:
    """The real catchment beside the modelled one.

    `outside` is the part of the visitors (with its 95 % interval) from origins where nobody lives within reach. `overlap` is the part that
    both have in common, of those within reach (1: alike); `null_low` is what a place shows at least, in 95 % of cases, whose visitors
    are drawn from those in reach. Where `enough` is False there is nothing, and `reason` says why: `few_cards`, `no_model`.
    """

    n: int
    enough: bool
    reason: str | None = None
    origins: tuple[OriginShare, ...] = ()
    outside: tuple[float, float, float] | None = None
    overlap: float | None = None
    null_low: float | None = None


def catchment(cards: Mapping[str, int], modelled: Mapping[str, float], *, seed: int) -> Catchment:
    """Hold the origins that visitors gave against the people in reach.

    Parameters: cards per origin (four digits of a postcode, or codes of buurten: one of both); people in reach per origin, of the same
    sort; the seed. Source: docs/method/representation.md.

    >>> found = catchment({"2611": 45, "2612": 5, "9999": 10}, {"2611": 600.0, "2612": 600.0}, seed=1)
    >>> round(found.outside[0], 3), round(found.overlap, 2), found.overlap < found.null_low
    (0.167, 0.6, True)
    """
    n = sum(cards.values())
    if n < LEAST_CARDS:
        return Catchment(n=n, enough=False, reason="few_cards")
    total = sum(modelled.values())
    if total <= 0:
        return Catchment(n=n, enough=False, reason="no_model")
    inside = [origin for origin in modelled if modelled[origin] > 0]
    near = sum(cards.get(origin, 0) for origin in inside)
    expected = np.array([modelled[origin] for origin in inside]) / total
    overlap, null_low = None, None
    if near >= LEAST_CARDS:
        seen = np.array([cards.get(origin, 0) for origin in inside]) / near
        alike = rng.stream(seed, "visits catchment").multinomial(near, expected, DRAWS) / near
        overlap = float(np.minimum(seen, expected).sum())
        null_low = float(np.quantile(np.minimum(alike, expected).sum(axis=1), 0.05))
    rows = [
        OriginShare(
            origin=origin, **dict(zip(("share", "low", "high"), _share(count, n), strict=True)), modelled=modelled.get(origin, 0) / total
        )
        for origin, count in cards.items()
    ]
    return Catchment(
        n=n,
        enough=True,
        origins=tuple(sorted(rows, key=lambda row: (-row.share, row.origin))),
        outside=_share(n - near, n),
        overlap=overlap,
        null_low=null_low,
    )


def _share(part: int, whole: int) -> tuple[float, float, float]:
    """A share with its exact (Clopper-Pearson) interval."""
    found = binomtest(part, whole).proportion_ci(method="exact")
    return part / whole, float(found.low), float(found.high)
