# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over crowds and pairs of residents: arrays in, arrays out."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

Array = Any
# Pairs of whom it is less likely that they recognise one another are taken as strangers: a billion of them are one face.
NEGLIGIBLE = 1e-9


class Who(NamedTuple):
    """Residents: group, row of `choice`, zone (row of `elsewhere`); per nest the regular and casual chance, the own place (-1: none) and its
    slot."""

    group: Array
    row: Array
    zone: Array
    regular: Array
    casual: Array
    home: Array
    slot: Array
    choice: Array


class Where(NamedTuple):
    """Places: which slot follows a slot (-1: none), and the tables of knopenkaart.encounters.crowd. `casual` (nests, zones, zones): the chance
    that casual visits of two residents, wherever they go, lead to a noticed encounter; `casual_own`: what it grows by per unit of the
    chance that the first goes out."""

    follows: Array
    base: Array
    own: Array
    meets: Array
    casual: Array
    casual_own: Array


class Members(NamedTuple):
    """Who has which own place: the residents of place v are `person[first[v]:first[v + 1]]`, in rising order."""

    first: Array
    person: Array


@njit(cache=True)
def noticed(mean: Array, second: Array, notices: Array, most: int) -> tuple[Array, Array]:
    """Per place and slot the chance that two people notice one another in a crowd, and what it grows by per unit of own chance.

    The others are a sum of independent chances with `mean` and sum of squares `second`; f(x) = min(1, m / (1 + x)) for x others.
    """
    places, slots = mean.shape
    base, own = np.zeros((places, slots)), np.zeros((places, slots))
    for v in range(places):
        m = notices[v]
        for t in range(slots):
            expected = mean[v, t]
            last = min(most, int(expected + 10.0 * math.sqrt(expected + 1.0) + 30.0))
            chance = math.exp(-expected)
            log_chance = -expected
            q = dq = ddq = 0.0
            for x in range(last):
                if x > 0:
                    log_chance += math.log(expected) - math.log(x) if expected > 0 else -1e9
                    chance = math.exp(log_chance)
                f0, f1, f2 = min(1.0, m / (1 + x)), min(1.0, m / (2 + x)), min(1.0, m / (3 + x))
                q += chance * f0
                dq += chance * (f1 - f0)
                ddq += chance * (f2 - 2 * f1 + f0)
            base[v, t] = min(1.0, max(0.0, q - 0.5 * second[v, t] * ddq))
            own[v, t] = -dq
    return base, own


@njit(cache=True)
def met_casually(profile: Array, follows: Array, base: Array, own: Array) -> Array:
    """Per place, group and slot the chance that a casual visitor of the group is noticed by who is there in that slot (V, G, T, 3).

    The second number is what it grows by per unit of the chance of who is there, the third per unit of that of the visitor.
    """
    places, groups, slots = profile.shape
    meets = np.zeros((places, groups, slots, 3))
    for v in range(places):
        for g in range(groups):
            for t in range(slots):
                add_meeting(meets[v, g, t], profile[v, g, t], base[v, t, 0], own[v, t, 0])
                after = follows[t]
                if after >= 0:
                    add_meeting(meets[v, g, t], profile[v, g, after], base[v, t, 1], own[v, t, 1])
                    add_meeting(meets[v, g, after], profile[v, g, t], base[v, t, 1], own[v, t, 1])
    return meets


@njit(cache=True)
def add_meeting(numbers: Array, part: float, base: float, own: float) -> None:
    """Add the part of a visitor who comes in one slot."""
    numbers[0] += part * base
    numbers[1] += part * own
    numbers[2] += part * part * own


@njit(cache=True)
def bounded(chance: float) -> float:
    """A chance that rounding, or a correction of the second order, put outside 0 to 1."""
    return min(1.0, max(0.0, chance))


@njit(cache=True)
def together(where: Where, v: int, one: int, other: int, chances: float) -> float:
    """The chance that visits in slots `one` and `other` of a place lead to a noticed encounter."""
    if one == other:
        return bounded(where.base[v, one, 0] + chances * where.own[v, one, 0])
    if where.follows[one] == other:
        return bounded(where.base[v, one, 1] + chances * where.own[v, one, 1])
    if where.follows[other] == one:
        return bounded(where.base[v, other, 1] + chances * where.own[v, other, 1])
    return 0.0


@njit(cache=True)
def at_least(times: int, weeks: int, chance: float) -> float:
    """The chance of at least so many of so many weeks, each with the same chance."""
    if chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return 1.0
    if weeks * chance < 0.02:
        # The first terms themselves: one minus nearly one has no digits left.
        term = 1.0
        for i in range(times):
            term *= (weeks - i) * chance / ((i + 1) * (1.0 - chance))
        total = 0.0
        for i in range(times, min(weeks, times + 6) + 1):
            total += term
            term *= (weeks - i) * chance / ((i + 1) * (1.0 - chance))
        return total * (1.0 - chance) ** weeks
    term = (1.0 - chance) ** weeks
    total = 0.0
    for i in range(times):
        total += term
        term *= (weeks - i) * chance / ((i + 1) * (1.0 - chance))
    return max(0.0, 1.0 - total)


@njit(cache=True)
def at_least_in_all(times: int, weeks: int, week: Array, powers: Array) -> float:
    """The chance of at least so many encounters in all weeks, from the chances of 0, 1, 2 ... in one week (`week`).

    The first terms of the power series week(z)^weeks, by the recurrence of J. C. P. Miller; `powers` is room for them (times + 6).
    """
    some = 1.0 - week[0]
    if some <= 0.0:
        return 0.0
    powers[0] = week[0] ** weeks
    if powers[0] <= 0.0:
        return 1.0
    for n in range(1, len(powers)):
        total = 0.0
        for m in range(1, min(n, len(week) - 1) + 1):
            total += (m * (weeks + 1) - n) * week[m] * powers[n - m]
        powers[n] = total / (n * week[0])
    if weeks * some < 0.02:
        # The first terms themselves: one minus nearly one has no digits left.
        return bounded(powers[times:].sum())
    return bounded(1.0 - powers[:times].sum())


@njit(cache=True)
def multiply(week: Array, chance: float) -> None:
    """Multiply a distribution of encounters, in place, with that of one more that happens with a chance; what is above its end is lost."""
    for n in range(len(week) - 1, 0, -1):
        week[n] += chance * (week[n - 1] - week[n])
    week[0] *= 1.0 - chance


@njit(cache=True)
def channels(who: Who, where: Where, i: int, j: int, c: int) -> tuple[float, float, float, float]:
    """Of two residents in one nest the chances of a noticed encounter given their visits: regular-regular, regular of i with casual of j,
    casual of i with regular of j, casual-casual."""
    hi, hj = who.home[i, c], who.home[j, c]
    rr = rc = cr = 0.0
    if hi >= 0:
        if hi == hj:
            rr = together(where, hi, who.slot[i, c], who.slot[j, c], who.regular[i, c] + who.regular[j, c])
        rc = comes_by(who, where, j, hi, who.slot[i, c], who.regular[i, c], c)
    if hj >= 0:
        cr = comes_by(who, where, i, hj, who.slot[j, c], who.regular[j, c], c)
    one, other = who.zone[i], who.zone[j]
    cc = (
        where.casual[c, one, other]
        + who.casual[i, c] * where.casual_own[c, one, other]
        + who.casual[j, c] * where.casual_own[c, other, one]
    )
    return rr, rc, cr, cc


@njit(cache=True)
def comes_by(who: Who, where: Where, visitor: int, v: int, slot: int, there: float, c: int) -> float:
    """The chance that a casual visit of somebody is to place v and is noticed by a regular (who is there with chance `there`)."""
    chosen = who.choice[who.row[visitor], v]
    meets = where.meets[v, who.group[visitor], slot]
    return bounded(chosen * (meets[0] + there * meets[1] + who.casual[visitor, c] * chosen * meets[2]))


@njit(cache=True)
def no_meeting(a: float, b: float, d: float, e: float, rr: float, rc: float, cr: float, cc: float) -> float:
    """The chance of a week without a noticed encounter in one nest; a, b: regular and casual of one, d, e: of the other.

    All sixteen ways in which the four visits may happen or not: whoever comes may meet the other twice.
    """
    total = 0.0
    for regular_i in range(2):
        for regular_j in range(2):
            weight = (a if regular_i else 1 - a) * (d if regular_j else 1 - d)
            if weight == 0.0:
                continue
            miss_rc = 1 - rc if regular_i else 1.0
            miss_cr = 1 - cr if regular_j else 1.0
            casual = (1 - b) * (1 - e) + b * (1 - e) * miss_cr + (1 - b) * e * miss_rc + b * e * miss_cr * miss_rc * (1 - cc)
            total += weight * casual * (1 - rr if regular_i and regular_j else 1.0)
    return total


@njit(cache=True)
def meetings(a: float, b: float, d: float, e: float, rr: float, rc: float, cr: float, cc: float, room: Array) -> None:
    """The chances of 0, 1, 2 ... noticed encounters in a week in one nest, as `no_meeting`; room[0] is filled, room[1] is for reckoning."""
    room[0] = 0.0
    for visits in range(16):
        regular_i, regular_j, casual_i, casual_j = visits & 1, visits >> 1 & 1, visits >> 2 & 1, visits >> 3
        weight = (a if regular_i else 1 - a) * (d if regular_j else 1 - d) * (b if casual_i else 1 - b) * (e if casual_j else 1 - e)
        if weight == 0.0:
            continue
        room[1] = 0.0
        room[1, 0] = weight
        if regular_i and regular_j:
            multiply(room[1], rr)
        if regular_i and casual_j:
            multiply(room[1], rc)
        if casual_i and regular_j:
            multiply(room[1], cr)
        if casual_i and casual_j:
            multiply(room[1], cc)
        room[0] += room[1]


@njit(cache=True)
def recognise(who: Who, where: Where, i: int, j: int, times: int, weeks: int, by_weeks: bool, room: Array, parts: Array) -> float:
    """The chance that two residents recognise one another.

    `room` (4, times + 6) is for reckoning; `parts` (nests, 6) is filled with the four channels, and with the expected encounters per week
    that stand to the account of the own place of i and of that of j.
    """
    whole = 0.0
    for c in range(who.home.shape[1]):
        rr, rc, cr, cc = channels(who, where, i, j, c)
        a, b, d, e = who.regular[i, c], who.casual[i, c], who.regular[j, c], who.casual[j, c]
        parts[c, 0], parts[c, 1], parts[c, 2], parts[c, 3] = rr, rc, cr, cc
        parts[c, 4] = a * d * rr + a * e * rc + b * e * cc
        parts[c, 5] = b * d * cr
        whole += parts[c, 4] + parts[c, 5]
    if too_few(times, weeks * whole):
        return 0.0
    return tail(who, i, j, times, weeks, by_weeks, room, parts)


@njit(cache=True)
def too_few(times: int, expected: float) -> bool:
    """Whether so many encounters are as good as impossible where so few are expected."""
    bound = 1.0
    for n in range(1, times + 1):
        bound *= expected / n
    return bound < NEGLIGIBLE


@njit(cache=True)
def tail(who: Who, i: int, j: int, times: int, weeks: int, by_weeks: bool, room: Array, parts: Array) -> float:
    """The chance that two residents recognise one another, from the chances in `parts` (nests, 6; the first four are those of `channels`)."""
    none = 1.0
    week = room[2]
    week[:] = 0.0
    week[0] = 1.0
    for c in range(len(parts)):
        rr, rc, cr, cc = parts[c, 0], parts[c, 1], parts[c, 2], parts[c, 3]
        if rr == 0.0 and rc == 0.0 and cr == 0.0 and cc == 0.0:
            continue
        a, b, d, e = who.regular[i, c], who.casual[i, c], who.regular[j, c], who.casual[j, c]
        if by_weeks:
            none *= no_meeting(a, b, d, e, rr, rc, cr, cc)
        else:
            meetings(a, b, d, e, rr, rc, cr, cc, room)
            convolve(week, room[0], room[1])
    if by_weeks:
        return at_least(times, weeks, 1.0 - none)
    return at_least_in_all(times, weeks, week, room[3])


@njit(cache=True)
def convolve(one: Array, other: Array, room: Array) -> None:
    """The distribution of a sum, in place of the first; what is above its end is lost."""
    for n in range(len(one)):
        total = 0.0
        for m in range(n + 1):
            total += one[m] * other[n - m]
        room[n] = total
    one[:] = room


@njit(cache=True)
def met_before(who: Who, i: int, j: int, c: int) -> bool:
    """Whether two residents share an own place in a nest before `c`: each pair is looked at once."""
    for earlier in range(c):
        if who.home[i, earlier] >= 0 and who.home[i, earlier] == who.home[j, earlier]:
            return True
    return False


@njit(cache=True)
def credit(found: Array, i: int, chance: float, across: bool) -> None:
    """Add a recognised face to a resident: of all, and of those of another group."""
    found[i, 0] += chance
    if across:
        found[i, 1] += chance


@njit(cache=True, parallel=True)
def cohorts(
    who: Who, where: Where, members: Members, times: int, weeks: int, by_weeks: bool, groups: int, blocks: int
) -> tuple[Array, Array, Array]:
    """All pairs that share an own place, in so many blocks side by side; the sum over blocks does not depend on how many threads there are.

    Gives per resident the expected faces, of all and of those of another group (N, 2); per pair of groups the faces, counted from the side
    of the first (G, G); and per place the faces that its encounters account for (V).
    """
    people, places, nests = len(who.group), len(members.first) - 1, who.home.shape[1]
    found = np.zeros((blocks, people, 2))
    matrix = np.zeros((blocks, groups, groups))
    due = np.zeros((blocks, places))
    for block in prange(blocks):
        room, parts = np.zeros((4, times + 6)), np.zeros((nests, 6))
        # Striped, so that every block has its share of the large places.
        for i in range(block, people, blocks):
            for c in range(nests):
                v = who.home[i, c]
                if v < 0:
                    continue
                mine = members.person[members.first[v] : members.first[v + 1]]
                for at in range(np.searchsorted(mine, i, side="right"), len(mine)):
                    j = mine[at]
                    if met_before(who, i, j, c):
                        continue
                    chance = recognise(who, where, i, j, times, weeks, by_weeks, room, parts)
                    across = who.group[i] != who.group[j]
                    credit(found[block], i, chance, across)
                    credit(found[block], j, chance, across)
                    matrix[block, who.group[i], who.group[j]] += chance
                    matrix[block, who.group[j], who.group[i]] += chance
                    divide(due[block], who, i, j, chance, parts)
    return found.sum(axis=0), matrix.sum(axis=0), due.sum(axis=0)


@njit(cache=True)
def divide(due: Array, who: Who, i: int, j: int, chance: float, parts: Array) -> None:
    """Divide a recognised pair, both sides of it, over the places where they meet, by their encounters there."""
    whole = parts[:, 4].sum() + parts[:, 5].sum()
    if whole <= 0.0:
        return
    for c in range(len(parts)):
        if parts[c, 4] > 0.0:
            due[who.home[i, c] if who.home[i, c] >= 0 else who.home[j, c]] += 2.0 * chance * parts[c, 4] / whole
        if parts[c, 5] > 0.0:
            due[who.home[j, c]] += 2.0 * chance * parts[c, 5] / whole


@njit(cache=True, parallel=True)
def strangers(who: Who, where: Where, egos: Array, times: int, weeks: int, by_weeks: bool, groups: int) -> tuple[Array, Array]:
    """Of some residents the faces among all who share no own place with them: as `cohorts`, from their side only; (egos, 2), (egos, G)."""
    people, nests = len(who.group), who.home.shape[1]
    found = np.zeros((len(egos), 2))
    by_group = np.zeros((len(egos), groups))
    for at in prange(len(egos)):
        i = egos[at]
        room, parts = np.zeros((4, times + 6)), np.zeros((nests, 6))
        for j in range(people):
            if j == i or met_before(who, i, j, nests):
                continue
            chance = recognise(who, where, i, j, times, weeks, by_weeks, room, parts)
            credit(found, at, chance, who.group[i] != who.group[j])
            by_group[at, who.group[j]] += chance
    return found, by_group
