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
        often = alike_slots(profile[v], follows, notice[v], meets[v])
        for first in range(groups * classes):
            g, r = first // classes, first % classes
            one = (regular[v, g, r], casual[v, g, r], own[v, g, r])
            for second in range(first, groups * classes):
                h, q = second // classes, second % classes
                people = members[v, g, r] * members[v, h, q]
                if people > 0.0:
                    other = (regular[v, h, q], casual[v, h, q], own[v, h, q])
                    chance = others[g, h] * known(one, other, 0.0, mean[g], mean[h], rule)
                    chance += in_slots(one, other, profile[v, g], profile[v, h], follows, often, notice[v], meets[v, g], meets[v, h], rule)
                    found[v, g, h] += people * chance
                    # Recognising is mutual.
                    if second > first:
                        found[v, h, g] += people * chance
    return found


@njit(cache=True, error_model="numpy")
def in_slots(
    one: tuple[float, float, float],
    other: tuple[float, float, float],
    mine: Array,
    yours: Array,
    follows: Array,
    often: Array,
    notice: Array,
    meets_mine: Array,
    meets_yours: Array,
    rule: Rule,
) -> float:
    """The part of `recognised` of pairs whose own slots are the same, or next to one another; `often` as of `alike_slots`."""
    total = 0.0
    for t in range(len(follows)):
        after = follows[t]
        if often[t, 0] > 0.0 and mine[t] * yours[t] > 0.0:
            rr = chance_of(notice[t, 0], one[0], other[0])
            total += often[t, 0] * mine[t] * yours[t] * known(one, other, rr, meets_mine[t, 0], meets_yours[t, 0], rule)
        if after >= 0 and often[t, 1] > 0.0:
            rr, both = chance_of(notice[t, 1], one[0], other[0]), 0.0
            if mine[t] * yours[after] > 0.0:
                both += mine[t] * yours[after] * known(one, other, rr, meets_mine[after, 0], meets_yours[t, 0], rule)
            if mine[after] * yours[t] > 0.0:
                both += mine[after] * yours[t] * known(one, other, rr, meets_mine[t, 0], meets_yours[after, 0], rule)
            total += often[t, 1] * both
    return total


@njit(cache=True, error_model="numpy")
def alike_slots(profile: Array, follows: Array, notice: Array, meets: Array) -> Array:
    """How many slots of a place are just like a slot (0), and like it together with the next (1): those of an earlier one count there.

    Most dayparts of a place differ in nothing that is expected of them: the afternoons of a week are one.
    """
    slots = len(follows)
    often, first = np.zeros((slots, 2)), np.arange(slots)
    for t in range(slots):
        for u in range(t):
            if (profile[:, u] == profile[:, t]).all() and (meets[:, u] == meets[:, t]).all() and (notice[u, 0] == notice[t, 0]).all():
                first[t] = first[u]
                break
        often[first[t], 0] += 1.0
    for t in range(slots):
        if follows[t] < 0:
            continue
        found = t
        for u in range(t):
            if follows[u] >= 0 and first[u] == first[t] and first[follows[u]] == first[follows[t]] and (notice[u, 1] == notice[t, 1]).all():
                found = u
                break
        often[found, 1] += 1.0
    return often


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
