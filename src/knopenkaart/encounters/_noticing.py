# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over crowds: who is there, and how likely two of them notice one another. Arrays in, arrays out."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

Array = Any


class Sessions(NamedTuple):
    """Who comes to which slot of which place (a session): `chance[first[s]:first[s + 1]]` of those who are told one by one, and the sums
    of the chances (`mean`) and their squares (`second`) of all others, both (V, T)."""

    first: Array
    chance: Array
    mean: Array
    second: Array


@njit(cache=True)
def count_chances(chances: Array) -> Array:
    """The chances of 0, 1, 2 ... of so many independent events (Poisson binomial); what is beyond ten standard deviations is cut off."""
    mean = chances.sum()
    last = min(len(chances), int(mean + 10.0 * math.sqrt(mean + 1.0)) + 30)
    found = np.zeros(last + 1)
    found[0] = 1.0
    filled = 0
    for p in chances:
        filled = min(last, filled + 1)
        for n in range(filled, 0, -1):
            found[n] += p * (found[n - 1] - found[n])
        found[0] *= 1.0 - p
    return found


@njit(cache=True)
def convolved(one: Array, other: Array) -> Array:
    """The distribution of a sum of two independent numbers."""
    found = np.zeros(len(one) + len(other) - 1)
    for n in range(len(one)):
        for m in range(len(other)):
            found[n + m] += one[n] * other[m]
    return found


@njit(cache=True)
def poisson(mean: float) -> Array:
    """The chances of 0, 1, 2 ... of a Poisson number, up to ten standard deviations."""
    last = int(mean + 10.0 * math.sqrt(mean + 1.0)) + 30 if mean > 0.0 else 0
    found = np.empty(last + 1)
    found[0] = math.exp(-mean)
    for n in range(1, last + 1):
        # Beyond 700 the first chance is zero to the computer: each is then reckoned by itself.
        found[n] = found[n - 1] * mean / n if mean < 700.0 else math.exp(n * math.log(mean) - mean - math.lgamma(n + 1.0))
    return found


@njit(cache=True)
def noticed(known: Array, mean: float, second: float, notices: float, result: Array) -> None:
    """Fill `result` with what two people notice of one another in a crowd: the chance, and what it grows by with their own chances.

    The crowd is those told one by one (`known`: chances of 0, 1, 2 ...) and a sum of many small chances. With f(x) = min(1, m / (1 + x))
    for x others, D its difference and p, q the chances of both, who are in the crowd as well, the chance without them is
    E f - (p + q) E Df + (p^2 + p q + q^2) E DDf, to the second order.
    """
    crowd = convolved(known, poisson(mean))
    chance = first = twice = 0.0
    for x in range(len(crowd)):
        f0, f1, f2 = min(1.0, notices / (1 + x)), min(1.0, notices / (2 + x)), min(1.0, notices / (3 + x))
        chance += crowd[x] * f0
        first += crowd[x] * (f1 - f0)
        twice += crowd[x] * (f2 - 2.0 * f1 + f0)
    result[0] = min(1.0, max(0.0, chance - 0.5 * second * twice))
    result[1] = -first
    result[2] = twice


@njit(cache=True, parallel=True)
def all_noticed(sessions: Sessions, follows: Array, notices: Array, overlap: Array, foyer: Array) -> Array:
    """Per place and slot the three numbers of `noticed`: for two visits in the slot; in the slot and the one that follows (V, T, 2, 3)."""
    places, slots = sessions.mean.shape
    result = np.zeros((places, slots, 2, 3))
    for v in prange(places):
        for t in range(slots):
            at, after = v * slots + t, follows[t]
            if sessions.first[at + 1] == sessions.first[at] and sessions.mean[v, t] == 0.0:
                continue
            known = count_chances(sessions.chance[sessions.first[at] : sessions.first[at + 1]])
            noticed(known, sessions.mean[v, t], sessions.second[v, t], notices[v], result[v, t, 0])
            result[v, t, 0] *= overlap[v]
            if after >= 0 and foyer[v] > 0.0:
                then = v * slots + after
                both = convolved(known, count_chances(sessions.chance[sessions.first[then] : sessions.first[then + 1]]))
                mean, second = sessions.mean[v, t] + sessions.mean[v, after], sessions.second[v, t] + sessions.second[v, after]
                noticed(both, mean, second, notices[v], result[v, t, 1])
                result[v, t, 1] *= foyer[v]
    return result


@njit(cache=True)
def met_casually(profile: Array, follows: Array, notice: Array) -> Array:
    """Per place, group and slot the chance that a casual visitor of the group is noticed by who is there in that slot (V, G, T, 4).

    The second number is what it grows by per unit of the chance of who is there, the third per unit of that of the visitor, the fourth per
    unit of the square of the chance of who is there.
    """
    places, groups, slots = profile.shape
    meets = np.zeros((places, groups, slots, 4))
    for v in range(places):
        for g in range(groups):
            for t in range(slots):
                add_meeting(meets[v, g, t], profile[v, g, t], notice[v, t, 0])
                after = follows[t]
                if after >= 0:
                    add_meeting(meets[v, g, t], profile[v, g, after], notice[v, t, 1])
                    add_meeting(meets[v, g, after], profile[v, g, t], notice[v, t, 1])
    return meets


@njit(cache=True)
def add_meeting(numbers: Array, part: float, notice: Array) -> None:
    """Add the part of a visitor who comes in one slot."""
    numbers[0] += part * notice[0]
    numbers[1] += part * notice[1]
    numbers[2] += part * part * notice[1]
    numbers[3] += part * notice[2]
