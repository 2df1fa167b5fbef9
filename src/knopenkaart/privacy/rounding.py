# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be shown of counts of people: never fewer than ten, and never so exactly that fewer than ten follow from it.

Counts of our own and modelled people are rounded to tens, and what is above zero and below ten is hidden. Whoever adds and subtracts shown
counts (groups of a total, minutes within minutes, areas of an area) is left with bounds that are multiples of five, so that a hidden count
stays open over a range of at least five. Published statistics are not ours to round: they are shown as published, elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

# Fewer people than this are not shown.
THRESHOLD = 10
# Shown counts are multiples of this.
BASE = 10
# Shares of people are whole percents.
_PERCENT = 100
# Less is nobody: what is left of sums that are equal.
_NOBODY = 1e-6
# Of so many people at least (as they are shown) a quantile is told. Ten or more lie on either side of it then, whatever the rounding
# hides: a count that is hidden because it is smaller stays as open as it was.
QUANTILES: Mapping[str, int] = {"p10": 110, "p25": 50, "p50": 30, "p75": 50, "p90": 110}


def shown(count: float) -> int | None:
    """A count of people as it may be shown: 0, or a multiple of ten from ten on; None where it must be hidden (above 0, below 10).

    Halves are rounded up. Raises ValueError for a count below zero or that is no number.

    >>> shown(0), shown(3.2), shown(10), shown(1234.9)
    (0, None, 10, 1230)
    """
    if not count >= 0 or math.isinf(count):
        raise ValueError(f"{count} is no count of people")
    if count < _NOBODY:
        return 0
    return None if count < THRESHOLD else BASE * math.floor(count / BASE + 0.5)


def shown_share(part: float, whole: float) -> float | None:
    """The share of a part in whole percents, of the counts as they are shown; None where the part or the rest must be hidden, or where
    there is nobody at all.

    >>> shown_share(0, 50), shown_share(25, 50), shown_share(3, 50), shown_share(47, 50)
    (0.0, 0.6, None, None)
    """
    rest = max(0.0, whole - part)
    some, everybody = shown(part), shown(whole)
    if not everybody or some is None or shown(rest) is None:
        return None
    return min(1.0, math.floor(_PERCENT * some / everybody + 0.5) / _PERCENT)


def shown_rate(per_1000: float) -> float | None:
    """Places per 1,000 persons, such that the persons per place are a count as it may be shown, of two digits; None for fewer than ten of
    them, and for no number at all.

    >>> shown_rate(0), shown_rate(1000 / 1623), shown_rate(200), shown_rate(math.nan)
    (0.0, 0.625, None, None)
    """
    if not per_1000 > 0:
        return 0.0 if per_1000 == 0 else None
    persons = shown(1000 / per_1000)
    return None if persons is None else round(1000 / float(f"{persons:.1e}"), 4)
