# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""More places, more or fewer encounters: the closed forms for places that are all alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, poisson


@dataclass(frozen=True)
class Noticing:
    """How likely two people who are in one session notice one another, and `slope`, s = 1 + d ln chance / d ln people present: 1 where
    everybody is noticed, 0 where each notices the same number however many there are."""

    chance: float
    slope: float


def saturating(present: float, notices: float) -> Noticing:
    """Noticing that wears off smoothly: chance and slope are both m / (m + N). The form in which the thesis is usually put."""
    part = notices / (notices + present)
    return Noticing(part, part)


def counted(present: float, notices: float) -> Noticing:
    """Noticing as the engine has it, min(1, m / (N - 1)), for a Poisson crowd: the slope falls from 1 to 0 around N = m."""
    most = int(present + 12 * math.sqrt(present + 1) + 40)
    others = np.arange(most)
    crowd = poisson.pmf(others, present)
    seen = np.minimum(1.0, notices / (1.0 + others))
    one_more = np.minimum(1.0, notices / (2.0 + others))
    chance = float(crowd @ seen)
    return Noticing(chance, 1 + present * float(crowd @ (one_more - seen)) / chance)


def threshold(slope: float) -> float:
    """The elasticity of visits (d ln visits / d ln places) below which more places give fewer encounters: s / (1 + s)."""
    return slope / (1 + slope)


def encounters_elasticity(visits: float, slope: float) -> float:
    """d ln encounters / d ln places, where `visits` is d ln visits / d ln places: eps (1 + s) - s."""
    return visits * (1 + slope) - slope


def repetition(times: int, meetings: float, weeks: int | None = None) -> float:
    """By how many percent the chance of recognising grows where expected encounters grow by one percent.

    `meetings` are expected in the window. As a Poisson number: eta = lambda^k e^-lambda / ((k - 1)! P(K >= k)); with `weeks`, as so many
    weeks that each have one or none. `times` where hardly any are expected, 0 where there are very many.
    """
    law = poisson(meetings) if weeks is None else binom(weeks, min(1.0, meetings / weeks))
    chance = float(law.sf(times - 1)) if meetings > 0 else 0.0
    # So small a tail is its first term.
    if chance < 1e-100:
        return float(times)
    return times * float(law.pmf(times)) / chance


def familiarity_elasticity(visits: float, slope: float, repeated: float) -> float:
    """d ln faces / d ln places: 2 eps - 1 + eta (1 - eps)(1 - s), where more visits are more people who come as often as the others.

    `repeated` is eta: `repetition` of the encounters that two regulars of one session expect in the window.
    """
    return 2 * visits - 1 + repeated * (1 - visits) * (1 - slope)


def best_pool(often: float, notices: float, *, times: int = 3, weeks: int = 26) -> float:
    """How many regulars, who each come with chance `often`, one session would have for the most faces each, with noticing that saturates.

    Where eta (1 - s) = 1; infinite where one encounter is enough: then more people are always more faces.
    """

    def excess(pool: float) -> float:
        noticing = saturating(pool * often, notices)
        return repetition(times, weeks * often**2 * noticing.chance) * (1 - noticing.slope) - 1

    return float(brentq(excess, 1e-6, 1e9)) if times > 1 else math.inf
