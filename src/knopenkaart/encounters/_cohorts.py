# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of cohorts, of which only the expected numbers are known: arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

from knopenkaart.encounters._kernels import Rule, at_least, bounded, no_meeting

Array = Any


@njit(cache=True, parallel=True, error_model="numpy")
def recognised(
    members: Array, regular: Array, casual: Array, own: Array, profile: Array, follows: Array, notice: Array, meets: Array, rule: Rule
) -> Array:
    """Per place and pair of groups the faces recognised, from the side of the first (V, G, G).

    Pairs of own slots are of three kinds: the same, one after the other, and all others, which are taken together with the mean over slots.
    """
    places, groups, classes = members.shape
    found = np.zeros((places, groups, groups))
    for v in prange(places):
        others, mean = other_slots(profile[v], follows, meets[v])
        for g in range(groups):
            for h in range(groups):
                for r in range(classes):
                    for q in range(classes):
                        people = members[v, g, r] * members[v, h, q]
                        if people > 0.0:
                            one = (regular[v, g, r], casual[v, g, r], own[v, g, r])
                            other = (regular[v, h, q], casual[v, h, q], own[v, h, q])
                            chance = others[g, h] * known(one, other, 0.0, mean[g], mean[h], rule)
                            chance += in_slots(one, other, profile[v, g], profile[v, h], follows, notice[v], meets[v, g], meets[v, h], rule)
                            found[v, g, h] += people * chance
    return found


@njit(cache=True, error_model="numpy")
def in_slots(
    one: tuple[float, float, float],
    other: tuple[float, float, float],
    mine: Array,
    yours: Array,
    follows: Array,
    notice: Array,
    meets_mine: Array,
    meets_yours: Array,
    rule: Rule,
) -> float:
    """The part of `recognised` of pairs whose own slots are the same, or next to one another."""
    total = 0.0
    for t in range(len(follows)):
        after = follows[t]
        if mine[t] * yours[t] > 0.0:
            total += (
                mine[t] * yours[t] * known(one, other, chance_of(notice[t, 0], one[0], other[0]), meets_mine[t, 0], meets_yours[t, 0], rule)
            )
        if after >= 0:
            both = chance_of(notice[t, 1], one[0], other[0])
            if mine[t] * yours[after] > 0.0:
                total += mine[t] * yours[after] * known(one, other, both, meets_mine[after, 0], meets_yours[t, 0], rule)
            if mine[after] * yours[t] > 0.0:
                total += mine[after] * yours[t] * known(one, other, both, meets_mine[t, 0], meets_yours[after, 0], rule)
    return total


@njit(cache=True, error_model="numpy")
def chance_of(numbers: Array, p: float, q: float) -> float:
    """The chance that two regulars notice one another."""
    return bounded(numbers[0] + (p + q) * numbers[1] + (p * p + p * q + q * q) * numbers[2])


@njit(cache=True, error_model="numpy")
def known(
    one: tuple[float, float, float], other: tuple[float, float, float], rr: float, goes_one: float, goes_other: float, rule: Rule
) -> float:
    """The chance that two recognise one another: each (regular, casual, chance that a casual visit is to the own place); and the chances
    that such a visit of one, and of the other, is noticed by the other one as a regular."""
    a, b, mine = one
    d, e, yours = other
    rc, cr = bounded(yours * goes_other), bounded(mine * goes_one)
    if a * d * rr + a * e * rc + b * d * cr < rule.least:
        return 0.0
    # Encounters are counted by weeks: the fast evaluator does not tell two in one week apart.
    return at_least(rule.times, rule.weeks, 1.0 - no_meeting(a, b, d, e, rr, rc, cr, 0.0), rule.steps)


@njit(cache=True)
def other_slots(profile: Array, follows: Array, meets: Array) -> tuple[Array, Array]:
    """Per pair of groups the part of pairs whose own slots are not next to one another, and per group the chance that a casual visitor is
    noticed by a regular of the mean own slot."""
    groups, slots = profile.shape
    others, mean = np.ones((groups, groups)), np.zeros(groups)
    everybody = profile.sum(axis=0)
    for g in range(groups):
        for t in range(slots):
            mean[g] += everybody[t] * meets[g, t, 0]
        mean[g] /= max(everybody.sum(), 1e-300)
        for h in range(groups):
            for t in range(slots):
                others[g, h] -= profile[g, t] * profile[h, t]
                if follows[t] >= 0:
                    others[g, h] -= profile[g, t] * profile[h, follows[t]] + profile[g, follows[t]] * profile[h, t]
            others[g, h] = max(0.0, others[g, h])
    return others, mean
