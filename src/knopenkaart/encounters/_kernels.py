# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of residents: arrays in, arrays out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

Array = Any
# Pairs of whom it is less likely that they recognise one another count as strangers: of those who share a place, and of the many others.
NEGLIGIBLE, NEGLIGIBLE_ELSEWHERE = 1e-7, 1e-9
# Bounds are of the second order; in small sessions the exact chance may be larger.
SPARE = 1.5


class Who(NamedTuple):
    """Residents: group, row of `choice`, zone (row of `casual` in Where); per nest the regular and casual chance, the own place (-1: none),
    its slot, their turn (`seat`) in its session (-1: never); the chance that a casual visitor of each group to that place is noticed
    (`noticed`), and what it `grows` by per unit of the chance of the visitor to come; the chance `own` that a casual visit is to the own
    place, and a bound of the chance that such a visit takes place and is noticed (`comes`)."""

    group: Array
    row: Array
    zone: Array
    regular: Array
    casual: Array
    home: Array
    slot: Array
    seat: Array
    noticed: Array
    grows: Array
    own: Array
    comes: Array
    choice: Array


class Where(NamedTuple):
    """Places: which slot follows a slot (-1: none); the tables of knopenkaart.encounters.crowd (`notice`, `meets`; those of its `pairs`;
    `casual` of `casual_pairs`) and its number of regulars per session. `reach` (V) bounds the chance that a casual visit ends at a place
    and is noticed there, `most` (nests) that of two."""

    follows: Array
    notice: Array
    meets: Array
    at: Array
    at_next: Array
    both: Array
    regulars: Array
    casual: Array
    reach: Array
    most: Array


class Members(NamedTuple):
    """Who has which own place: the residents of place v are `person[first[v]:first[v + 1]]`, in rising order; `order`: places from large to
    small."""

    first: Array
    person: Array
    order: Array


class Rule(NamedTuple):
    """So many times in so many weeks, counting weeks or every encounter; `least`: with fewer expected encounters in a week than this two
    residents are strangers. `steps`: (weeks - i) / (i + 1), by which binomial coefficients grow."""

    times: int
    weeks: int
    by_weeks: bool
    least: float
    steps: Array


@njit(cache=True, error_model="numpy", inline="always")
def bounded(chance: float) -> float:
    """A chance that rounding, or a correction of the second order, put outside 0 to 1."""
    return min(1.0, max(0.0, chance))


@njit(cache=True, error_model="numpy")
def noticed(chance: float, once: float, twice: float, p: float, q: float) -> float:
    """The chance that two regulars, who come with chances p and q, notice one another in a crowd that holds them."""
    return bounded(chance + (p + q) * once + (p * p + p * q + q * q) * twice)


@njit(cache=True, error_model="numpy")
def power(base: float, times: int) -> float:
    """A whole power, without the general routine."""
    result = 1.0
    while times > 0:
        if times & 1:
            result *= base
        base *= base
        times >>= 1
    return result


@njit(cache=True, error_model="numpy")
def at_least(times: int, weeks: int, chance: float, steps: Array) -> float:
    """The chance of at least so many of so many weeks, each with the same chance."""
    if chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return 1.0
    ratio = chance / (1.0 - chance)
    term = power(1.0 - chance, weeks)
    total = 0.0
    if weeks * chance < 0.02:
        # The first terms themselves: one minus nearly one has no digits left.
        for i in range(times):
            term *= ratio * steps[i]
        for i in range(times, len(steps)):
            total += term
            term *= ratio * steps[i]
        return total
    for i in range(times):
        total += term
        term *= ratio * steps[i]
    return max(0.0, 1.0 - total)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def multiply(week: Array, chance: float) -> None:
    """Multiply a distribution of encounters, in place, with that of one more that happens with a chance; what is above its end is lost."""
    for n in range(len(week) - 1, 0, -1):
        week[n] += chance * (week[n - 1] - week[n])
    week[0] *= 1.0 - chance


@njit(cache=True, error_model="numpy", inline="always")
def channels(who: Who, where: Where, i: int, j: int, c: int) -> tuple[float, float, float, float]:
    """Of two residents in one nest the chances of a noticed encounter given their visits: regular-regular, regular of i with casual of j,
    casual of i with regular of j, casual-casual.

    One function, with single numbers: to hand all tables to another, or to take a part of one, costs more than all the rest (the holders of
    each array are counted).
    """
    hi, hj = who.home[i, c], who.home[j, c]
    rr = rc = cr = 0.0
    if hi == hj and hi >= 0:
        one, other, a, b = who.slot[i, c], who.slot[j, c], who.seat[i, c], who.seat[j, c]
        apart, at = 0, -1
        if one != other:
            apart = 1
            if where.follows[one] != other:
                one, other, a, b = other, one, b, a
        if a >= 0 and b >= 0 and (apart == 0 or where.follows[one] == other):
            at = where.at[hi * len(where.follows) + one] if apart == 0 else where.at_next[hi * len(where.follows) + one]
            if at >= 0:
                rr = where.both[at + a * where.regulars[hi, other] + b]
            else:
                numbers = where.notice[hi, one, apart, 0], where.notice[hi, one, apart, 1], where.notice[hi, one, apart, 2]
                rr = noticed(*numbers, who.regular[i, c], who.regular[j, c])
        rc = comes_by(who, where, j, i, c, who.own[j, c])
        cr = comes_by(who, where, i, j, c, who.own[i, c])
    else:
        if hi >= 0:
            rc = comes_by(who, where, j, i, c, who.choice[who.row[j], hi])
        if hj >= 0:
            cr = comes_by(who, where, i, j, c, who.choice[who.row[i], hj])
    one, other = who.zone[i], who.zone[j]
    cc = where.casual[c, one, other, 0] + who.casual[i, c] * where.casual[c, one, other, 1]
    return rr, rc, cr, bounded(cc + who.casual[j, c] * where.casual[c, one, other, 2])


@njit(cache=True, error_model="numpy", inline="always")
def comes_by(who: Who, where: Where, visitor: int, regular: int, c: int, chosen: float) -> float:
    """The chance that a casual visit of somebody is to the own place of another (`chosen`) and that they notice one another there."""
    return bounded(
        chosen * (who.noticed[regular, c, who.group[visitor]] + who.casual[visitor, c] * chosen * who.grows[regular, c, who.group[visitor]])
    )


@njit(cache=True, error_model="numpy", inline="always")
def at_most(who: Who, where: Where, i: int, j: int) -> float:
    """At least as many as the encounters per week that two residents can expect; soon reckoned."""
    bound = 0.0
    for c in range(who.home.shape[1]):
        a, b, d, e = who.regular[i, c], who.casual[i, c], who.regular[j, c], who.casual[j, c]
        hi, hj = who.home[i, c], who.home[j, c]
        bound += b * e * where.most[c]
        if hi == hj and hi >= 0:
            bound += a * who.comes[j, c] + d * who.comes[i, c]
            if near(where.follows, who.slot[i, c], who.slot[j, c]):
                bound += a * d
            continue
        if hi >= 0:
            bound += a * e * where.reach[hi]
        if hj >= 0:
            bound += b * d * where.reach[hj]
    return bound


@njit(cache=True, error_model="numpy", inline="always")
def near(follows: Array, one: int, other: int) -> bool:
    """Whether two slots are the same, or one follows the other."""
    return one == other or follows[one] == other or follows[other] == one


@njit(cache=True, error_model="numpy")
def no_meeting(a: float, b: float, d: float, e: float, rr: float, rc: float, cr: float, cc: float) -> float:
    """The chance of a week without a noticed encounter in one nest; a, b: regular and casual of one, d, e: of the other.

    All sixteen ways in which the four visits may happen or not: whoever comes may meet the other twice.
    """
    without = (1 - b) * (1 - e)
    both = b * e * (1 - cc)
    only_i, only_j = b * (1 - e), (1 - b) * e
    neither = without + only_i + only_j + both
    mine = without + only_i + (only_j + both) * (1 - rc)
    other = without + only_j + (only_i + both) * (1 - cr)
    each = without + only_i * (1 - cr) + only_j * (1 - rc) + both * (1 - rc) * (1 - cr)
    return (1 - a) * (1 - d) * neither + a * (1 - d) * mine + (1 - a) * d * other + a * d * (1 - rr) * each


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy", inline="always")
def recognise(who: Who, where: Where, rule: Rule, i: int, j: int, room: Array, parts: Array) -> float:
    """The chance that two residents recognise one another.

    `room` (4, times + 6) is for reckoning; `parts` (nests, 6) is filled with the four channels, and with the expected encounters per week
    that stand to the account of the own place of i and of that of j.
    """
    whole = 0.0
    none = 1.0
    for c in range(who.home.shape[1]):
        rr, rc, cr, cc = channels(who, where, i, j, c)
        a, b, d, e = who.regular[i, c], who.casual[i, c], who.regular[j, c], who.casual[j, c]
        parts[c, 0], parts[c, 1], parts[c, 2], parts[c, 3] = rr, rc, cr, cc
        parts[c, 4] = a * d * rr + a * e * rc + b * e * cc
        parts[c, 5] = b * d * cr
        whole += parts[c, 4] + parts[c, 5]
        if rule.by_weeks:
            none *= no_meeting(a, b, d, e, rr, rc, cr, cc)
    if whole < rule.least:
        return 0.0
    if rule.by_weeks:
        return at_least(rule.times, rule.weeks, 1.0 - none, rule.steps)
    return tail(who.regular, who.casual, i, j, rule, room, parts)


@njit(cache=True, error_model="numpy")
def tail(regular: Array, casual: Array, i: int, j: int, rule: Rule, room: Array, parts: Array) -> float:
    """The chance of enough encounters where every one counts, from `parts` (nests, 6; the first four are those of `channels`)."""
    week = room[2]
    week[:] = 0.0
    week[0] = 1.0
    for c in range(len(parts)):
        rr, rc, cr, cc = parts[c, 0], parts[c, 1], parts[c, 2], parts[c, 3]
        if rr == 0.0 and rc == 0.0 and cr == 0.0 and cc == 0.0:
            continue
        meetings(regular[i, c], casual[i, c], regular[j, c], casual[j, c], rr, rc, cr, cc, room)
        convolve(week, room[0], room[1])
    return at_least_in_all(rule.times, rule.weeks, week, room[3])


@njit(cache=True, error_model="numpy")
def convolve(one: Array, other: Array, room: Array) -> None:
    """The distribution of a sum, in place of the first; what is above its end is lost."""
    for n in range(len(one)):
        total = 0.0
        for m in range(n + 1):
            total += one[m] * other[n - m]
        room[n] = total
    one[:] = room


@njit(cache=True, error_model="numpy", inline="always")
def met_before(home: Array, i: int, j: int, c: int) -> bool:
    """Whether two residents share an own place in a nest before `c`: each pair is looked at once."""
    for earlier in range(c):  # noqa: SIM110  # a generator is slower here
        if home[i, earlier] >= 0 and home[i, earlier] == home[j, earlier]:
            return True
    return False


@njit(cache=True, error_model="numpy")
def of_place(who: Who, people: Array) -> Who:
    """Some residents, side by side in memory."""
    return Who(
        who.group[people],
        who.row[people],
        who.zone[people],
        who.regular[people],
        who.casual[people],
        who.home[people],
        who.slot[people],
        who.seat[people],
        who.noticed[people],
        who.grows[people],
        who.own[people],
        who.comes[people],
        who.choice,
    )


@njit(cache=True, parallel=True, error_model="numpy")
def cohorts(who: Who, where: Where, members: Members, rule: Rule, groups: int, blocks: int) -> tuple[Array, Array]:
    """All pairs that share an own place; places are divided over so many blocks, side by side, whatever the number of threads.

    Gives the expected faces of each member of each place, of all and of another group, among those of whom it is the first place that they
    share (members, 2); and per place and pair of groups, from the side of the first, the faces that its encounters account for (V, G, G).
    """
    places, nests = len(members.first) - 1, who.home.shape[1]
    found = np.zeros((len(members.person), 2))
    due = np.zeros((blocks, places, groups, groups))
    for block in prange(blocks):
        room, parts = np.zeros((4, rule.times + 6)), np.zeros((nests, 6))
        for at in range(block, places, blocks):
            v = members.order[at]
            begin, end = members.first[v], members.first[v + 1]
            if end - begin > 1:
                cohort(of_place(who, members.person[begin:end]), where, rule, v, found[begin:end], due[block], room, parts)
    return found, due.sum(axis=0)


@njit(cache=True, error_model="numpy")
def cohort(who: Who, where: Where, rule: Rule, v: int, found: Array, due: Array, room: Array, parts: Array) -> None:
    """All pairs of the residents who have place v as an own place: add to `found` and `due`."""
    nest = 0
    while who.home[0, nest] != v:
        nest += 1
    for i in range(len(found)):
        for j in range(i + 1, len(found)):
            if at_most(who, where, i, j) < rule.least or met_before(who.home, i, j, nest):
                continue
            chance = recognise(who, where, rule, i, j, room, parts)
            if chance == 0.0:
                continue
            found[i, 0] += chance
            found[j, 0] += chance
            if who.group[i] != who.group[j]:
                found[i, 1] += chance
                found[j, 1] += chance
            divide(due, who.group, who.home, i, j, chance, parts)


@njit(cache=True, error_model="numpy")
def divide(due: Array, group: Array, home: Array, i: int, j: int, chance: float, parts: Array) -> None:
    """Divide a recognised pair, from both sides, over the places where they meet, by their encounters there."""
    whole = 0.0
    for c in range(len(parts)):
        whole += parts[c, 4] + parts[c, 5]
    one, other = group[i], group[j]
    for c in range(len(parts)):
        for side in range(2):
            share = chance * parts[c, 4 + side] / whole
            if share > 0.0:
                mine = home[i, c] if side == 0 and home[i, c] >= 0 else home[j, c]
                # Without an own place in the nest their encounters are casual ones: no place accounts for them.
                if mine >= 0:
                    due[mine, one, other] += share
                    due[mine, other, one] += share


@njit(cache=True, parallel=True, error_model="numpy")
def strangers(who: Who, where: Where, egos: Array, rule: Rule, groups: int) -> Array:
    """Of some residents the faces per group among all who share no own place with them (egos, G)."""
    people, nests = who.home.shape
    by_group = np.zeros((len(egos), groups))
    for at in prange(len(egos)):
        i = egos[at]
        room, parts = np.zeros((4, rule.times + 6)), np.zeros((nests, 6))
        comes, goes, meets = around(who, where, i)
        for j in range(people):
            bound = 0.0
            for c in range(nests):
                bound += who.casual[j, c] * (comes[c, who.row[j]] + meets[c, who.zone[j]])
                # The last of `goes` is zero: for those without an own place.
                bound += who.regular[j, c] * goes[c, who.home[j, c]]
            if bound < rule.least or j == i or met_before(who.home, i, j, nests):
                continue
            by_group[at, who.group[j]] += recognise(who, where, rule, i, j, room, parts)
    return by_group


@njit(cache=True, error_model="numpy")
def around(who: Who, where: Where, i: int) -> tuple[Array, Array, Array]:
    """Of a resident, per nest, bounds of the chance that a casual visitor of each row of `choice` comes to the own place and is noticed;
    that the resident goes casually to each place and is noticed; and that they meet a casual visitor of each zone."""
    nests, groups = who.home.shape[1], where.meets.shape[1]
    comes, goes = np.zeros((nests, len(who.choice))), np.zeros((nests, len(where.reach) + 1))
    meets = np.zeros((nests, where.casual.shape[1]))
    for c in range(nests):
        v = who.home[i, c]
        if v >= 0:
            for row in range(len(who.choice)):
                comes[c, row] = who.regular[i, c] * who.choice[row, v] * ceiling(where.meets[v, row % groups, who.slot[i, c]])
        for v in range(len(where.reach)):
            most = 0.0
            for t in range(len(where.follows)):
                most = max(most, ceiling(where.meets[v, who.group[i], t]))
            goes[c, v] = who.casual[i, c] * who.choice[who.row[i], v] * most
        meets[c] = who.casual[i, c] * where.casual[c, who.zone[i], :, 3]
    return comes, goes, meets


@njit(cache=True, error_model="numpy")
def ceiling(meets: Array) -> float:
    """The most that a chance of `meets` can be, whatever the chances of both to be there."""
    return bounded(SPARE * (meets[0] + abs(meets[1]) + abs(meets[2]) + abs(meets[3])))
