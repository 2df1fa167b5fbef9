# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ranks that chance cannot overturn: areas that cannot be told apart share one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from knopenkaart.monitor._margins import COVERAGE, z_of
from knopenkaart.monitor.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Ranked:
    """An area in an order from high to low.

    `rank` is one more than the number of areas that are demonstrably higher; `first` and `last` are the ranks that it may truly have. All
    three are empty where no margin is known, or where the figure came about in another way than most: such an area is not ranked.
    """

    code: str
    estimate: Estimate
    rank: int | None
    first: int | None
    last: int | None


def ranks(estimates: Mapping[str, Estimate]) -> list[Ranked]:
    """Areas by rank, 1 for the highest; within a rank by code, for their order means nothing; those without a rank last.

    The intervals are widened so that all hold together with a chance of at least 95 % (Bonferroni over the areas); an area is demonstrably
    higher when its interval lies wholly above the other's. All `first` to `last` then hold together with that chance too.

    Source: Klein, Wright and Wieczorek (2020), Applied Statistics 69, 589-606; docs/method/comparing-areas.md.
    """
    kinds = Counter(item.nature for item in estimates.values() if item.bounded)
    kind = max(sorted(kinds), key=lambda name: kinds[name], default="")
    known = {code: item for code, item in estimates.items() if item.bounded and item.nature == kind}
    z = z_of(1 - (1 - COVERAGE) / max(1, len(known)))
    spans = {code: item.at(z) for code, item in known.items()}
    lows = sorted(low for low, _ in spans.values())
    highs = sorted(high for _, high in spans.values())
    found = []
    for code, (low, high) in spans.items():
        higher = len(lows) - bisect_right(lows, high)
        lower = bisect_left(highs, low)
        found.append(Ranked(code, known[code], higher + 1, higher + 1, len(known) - lower))
    found.sort(key=lambda item: (item.rank or 0, item.last or 0, item.code))
    return found + [Ranked(code, item, None, None, None) for code, item in sorted(estimates.items()) if code not in known]
