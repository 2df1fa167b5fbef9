# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many visitors say that they would go nowhere if their place were closed, from answers of which small numbers are hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

NOWHERE, NO_ANSWER = "nowhere", "no_answer"
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Cards, and on how many of them stands nowhere and another place (of the answers that are shown); between what the part of those who
    answered lies that would go nowhere, with 95 % certainty."""

    cards: int
    nowhere: int
    elsewhere: int
    low: float
    high: float


def nowhere(answers: Mapping[str, int | None], cards: int | None) -> Nowhere | None:
    """What the answers tell; None where it is hidden how many said nowhere.

    `answers`: cards per answer, None where hidden (`nowhere`, `no_answer`, and places); `cards`: all of them. On a card that is in no
    answer that is shown stands a place that few named, or nothing: the interval holds both, and chance (Wilson) at either end.
    Source: docs/method/choice.md.

    >>> found = nowhere({"nowhere": 24, "other": 32}, 110)
    >>> found.elsewhere, round(found.low, 2), round(found.high, 2)
    (32, 0.15, 0.56)
    """
    told = answers.get(NOWHERE)
    if told is None or cards is None:
        return None
    others = sum(number or 0 for name, number in answers.items() if name not in (NOWHERE, NO_ANSWER))
    silent = answers.get(NO_ANSWER)
    most = max(told + others, cards - (silent or 0))
    least = most if silent is not None else told + others
    return Nowhere(cards, told, others, _wilson(told, most, -1.0), _wilson(told, least, 1.0))


def _wilson(part: int, whole: int, side: float) -> float:
    """The lower (-1) or upper (1) end of the score interval of a share. Source: Wilson (1927), JASA 22, 209-212."""
    if whole <= 0:
        return 0.0 if side < 0 else 1.0
    share, square = part / whole, _Z**2
    middle, wide = share + square / (2 * whole), _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    return min(1.0, max(0.0, (middle + side * wide) / (1 + square / whole)))
