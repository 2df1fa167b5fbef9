# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of residents: arrays in, arrays out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

from knopenkaart.encounters import _pairs as pairs
from knopenkaart.encounters._pairs import bounded, no_meeting

Array = Any
# Pairs of whom it is less likely that they recognise one another are left out: of those who share a place, and of strangers, who are many.
NEGLIGIBLE, RARE = 1e-6, 1e-9
# So many others are put beside one resident at a time: what is reckoned of them stays at hand.
CHUNK = 2048

__all__ = ["bounded", "no_meeting"]


class Who(NamedTuple):
    """Residents, side by side in memory: group, row of `choice` (rows, V), column of `by_place` (V, rows), zone (row of `casual` in Where);
    per nest the regular and casual chance, the own place (-1: none), its slot, their turn (`seat`) in its session (-1: never), and the
    chance `own` that a casual visit is to the own place; per nest and group the chance that a casual visitor to that place is noticed
    (`noticed`), and what it `grows` by per unit of the chance of the visitor to come."""

    group: Array
    row: Array
    column: Array
    zone: Array
    regular: Array
    casual: Array
    home: Array
    slot: Array
    seat: Array
    own: Array
    noticed: Array
    grows: Array
    choice: Array
    by_place: Array


class Where(NamedTuple):
    """Places: which slot follows a slot (-1: none); the tables of knopenkaart.encounters.crowd (`notice`; those of its `pairs`; `casual` of
    `casual_pairs`; `met`, `grown` of `met`) and its number of regulars per session; `nest`. `profile` (V, G, T) of casual visitors, and
    the chance `together` (V, G, G) that two of them choose one slot."""

    follows: Array
    notice: Array
    at: Array
    at_next: Array
    both: Array
    regulars: Array
    casual: Array
    met: Array
    grown: Array
    nest: Array
    profile: Array
    together: Array


class Members(NamedTuple):
    """Who has which own place: the residents of place v are `person[first[v]:first[v + 1]]`. Work is in blocks that are much alike: places
    `order[starts[b]:starts[b + 1]]` are block b."""

    first: Array
    person: Array
    order: Array
    starts: Array


class Rule(NamedTuple):
    """So many times in so many weeks, counting weeks or every encounter; `least`: with fewer expected encounters in a week than this two
    residents are strangers. `steps`: (weeks - i) / (i + 1), by which binomial coefficients grow."""

    times: int
    weeks: int
    by_weeks: bool
    least: float
    steps: Array


@njit(cache=True, error_model="numpy")
def noticed(numbers: Array, p: float, q: float) -> float:
    """The chance that two regulars, who come with chances p and q, notice one another in a crowd that holds them."""
    return bounded(numbers[0] + (p + q) * numbers[1] + (p * p + p * q + q * q) * numbers[2])


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


@njit(cache=True, error_model="numpy")
def convolve(one: Array, other: Array, room: Array) -> None:
    """The distribution of a sum, in place of the first; what is above its end is lost."""
    for n in range(len(one)):
        total = 0.0
        for m in range(n + 1):
            total += one[m] * other[n - m]
        room[n] = total
    one[:] = room


@njit(cache=True, error_model="numpy")
def recognise(
    regular: Array, casual: Array, rule: Rule, i: int, begin: int, others: Array, chances: Array, none: Array, known: Array, room: Array
) -> None:
    """Fill in the chance that a resident and each of some others, counted from `begin`, recognise one another. `none`: the chance of a week
    without a meeting; `chances` (nests, 4, others); `room` (4, times + 6) is for reckoning."""
    if rule.by_weeks:
        times, weeks, steps = rule.times, rule.weeks, rule.steps
        for m in range(len(others)):
            known[m] = at_least(times, weeks, 1.0 - none[others[m]], steps)
        return
    week = room[2]
    for m in range(len(others)):
        n = others[m]
        j = begin + n
        week[:] = 0.0
        week[0] = 1.0
        for c in range(len(chances)):
            a, b, d, e = regular[c, i], casual[c, i], regular[c, j], casual[c, j]
            meetings(a, b, d, e, chances[c, 0, n], chances[c, 1, n], chances[c, 2, n], chances[c, 3, n], room)
            convolve(week, room[0], room[1])
        known[m] = at_least_in_all(rule.times, rule.weeks, week, room[3])


@njit(cache=True, error_model="numpy")
def likely(home: Array, i: int, begin: int, nest: int, none: Array, least: float, found: Array) -> int:
    """Of the others from `begin`, those who are met often enough to be recognised some day, and with whom no own place is shared in a nest
    before `nest`: each pair is looked at once. Gives how many; `found` is filled with which."""
    number = 0
    for n in range(len(none)):
        found[number] = n
        number += 1.0 - none[n] >= least
    for c in range(nest):
        v, kept = home[c, i], 0
        if v >= 0:
            for m in range(number):
                found[kept] = found[m]
                kept += home[c, begin + found[m]] != v
            number = kept
    return number


@njit(cache=True, error_model="numpy")
def of_place(who: Who, people: Array) -> Who:
    """Some residents, side by side in memory."""
    return Who(
        who.group[people],
        who.row[people],
        who.column[people],
        who.zone[people],
        who.regular[:, people],
        who.casual[:, people],
        who.home[:, people],
        who.slot[:, people],
        who.seat[:, people],
        who.own[:, people],
        who.noticed[:, :, people],
        who.grows[:, :, people],
        who.choice,
        who.by_place,
    )


@njit(cache=True, error_model="numpy")
def regular_with_regular(who: Who, where: Where, i: int, begin: int, c: int, chance: Array) -> None:
    """Fill in the chance that regular visits of a resident and of each other, in one nest, lead to a noticed encounter."""
    home, slot, seat, regular = who.home[c], who.slot[c], who.seat[c], who.regular[c]
    follows, notice, both, regulars = where.follows, where.notice, where.both, where.regulars
    v, mine, a, p = home[i], slot[i], seat[i], regular[i]
    chance[:] = 0.0
    if v < 0 or a < 0:
        return
    for n in range(len(chance)):
        j = begin + n
        yours, b = slot[j], seat[j]
        if home[j] != v or b < 0:
            continue
        if mine == yours:
            at = where.at[v * len(follows) + mine]
            chance[n] = both[at + a * regulars[v, mine] + b] if at >= 0 else noticed(notice[v, mine, 0], p, regular[j])
        elif follows[mine] == yours:
            at = where.at_next[v * len(follows) + mine]
            chance[n] = both[at + a * regulars[v, yours] + b] if at >= 0 else noticed(notice[v, mine, 1], p, regular[j])
        elif follows[yours] == mine:
            at = where.at_next[v * len(follows) + yours]
            chance[n] = both[at + b * regulars[v, mine] + a] if at >= 0 else noticed(notice[v, yours, 1], p, regular[j])


@njit(cache=True, error_model="numpy")
def beside(who: Who, where: Where, i: int, begin: int, casually: Array, at: Array, chances: Array, none: Array) -> None:
    """Of a resident and of others side by side, the first of them `begin`: fill in the chances of a noticed encounter per nest, of the
    regular visit with a casual one of theirs (1), of the casual visit with their regular one (2) and of both casual visits (3); and from
    these and that of both regular visits (0, filled in before) the chance of no meeting in a week. `casually[c, at]` is the chance of (3)
    for an other who hardly goes out."""
    number = len(none)
    end = begin + number
    group, zone, column = who.group[begin:end], who.zone[begin:end], who.column[begin:end]
    choice, mine = who.choice[who.row[i]], who.group[i]
    none[:] = 1.0
    for c in range(len(chances)):
        v, a, b = who.home[c, i], who.regular[c, i], who.casual[c, i]
        regular, casual, home = who.regular[c, begin:end], who.casual[c, begin:end], who.home[c, begin:end]
        # Sliced here and not before: rows of a part of a table do not lie side by side.
        rr, rc, cr, cc = chances[c, 0, :number], chances[c, 1, :number], chances[c, 2, :number], chances[c, 3, :number]
        if v >= 0:
            pairs.regular_with_casual(rc, who.by_place[v], column, casual, group, who.noticed[c, :, i].copy(), who.grows[c, :, i].copy())
        else:
            rc[:] = 0.0
        pairs.casual_with_regular(cr, choice, home, b, who.noticed[c, mine, begin:end], who.grows[c, mine, begin:end])
        pairs.casual_with_casual(cc, casually[c], at[begin:end], where.casual[c, 2, who.zone[i]], zone, casual)
        pairs.without_meeting(none, a, b, regular, casual, rr, rc, cr, cc)


@njit(cache=True, parallel=True, error_model="numpy")
def cohorts(who: Who, where: Where, members: Members, rule: Rule, groups: int) -> tuple[Array, Array, Array]:
    """All pairs that share an own place, in blocks of places, whatever the number of threads.

    Gives the expected faces of each member of each place, of all and of another group, among those of whom it is the first place that they
    share (members, 2); per place and pair of groups, from the side of the first, the faces that its encounters account for (V, G, G); and
    what `see` adds up (V, G).
    """
    places, blocks = len(members.first) - 1, len(members.starts) - 1
    found = np.zeros((len(members.person), 2))
    due, seen = np.zeros((blocks, places, groups, groups)), np.zeros((blocks, places, groups))
    for block in prange(blocks):
        for at in range(members.starts[block], members.starts[block + 1]):
            v = members.order[at]
            begin, end = members.first[v], members.first[v + 1]
            if end - begin > 1:
                cohort(of_place(who, members.person[begin:end]), where, rule, v, found[begin:end], due[block], seen[block])
    whole = due.sum(axis=0)
    return found, whole + whole.transpose(0, 2, 1), seen.sum(axis=0)


@njit(cache=True, error_model="numpy")
def cohort(who: Who, where: Where, rule: Rule, v: int, found: Array, due: Array, seen: Array) -> None:
    """All pairs of the residents who have place v as an own place: add to `found`, `due` and `seen`."""
    nests, people = who.home.shape
    chances, none, casually = np.empty((nests, 4, people)), np.empty(people), np.empty((nests, where.casual.shape[2]))
    known, others, room = np.empty(people), np.empty(people, np.int64), np.zeros((4, rule.times + 6))
    nest = 0
    while who.home[nest, 0] != v:
        nest += 1
    for i in range(people - 1):
        rest = people - i - 1
        for c in range(nests):
            casually[c] = where.casual[c, 0, who.zone[i]] + who.casual[c, i] * where.casual[c, 1, who.zone[i]]
            regular_with_regular(who, where, i, i + 1, c, chances[c, 0, :rest])
        beside(who, where, i, i + 1, casually, who.zone, chances, none[:rest])
        number = likely(who.home, i, i + 1, nest, none[:rest], rule.least, others)
        recognise(who.regular, who.casual, rule, i, i + 1, others[:number], chances, none, known, room)
        add_faces(found, who.group, i, i + 1, others[:number], known)
        divide(due, who, i, i + 1, others[:number], chances, known)
        see(seen, who, where, i, i + 1, others[:number], known)


@njit(cache=True, error_model="numpy")
def add_faces(found: Array, group: Array, i: int, begin: int, others: Array, known: Array) -> None:
    """Add recognised pairs to both, of all and of another group."""
    for m in range(len(others)):
        j, chance = begin + others[m], known[m]
        found[i, 0] += chance
        found[j, 0] += chance
        if group[i] != group[j]:
            found[i, 1] += chance
            found[j, 1] += chance


@njit(cache=True, error_model="numpy")
def divide(due: Array, who: Who, i: int, begin: int, others: Array, chances: Array, known: Array) -> None:
    """Divide recognised pairs, from the side of the first, over the places where they meet, so much for each encounter there."""
    group, home, regular, casual, nests = who.group, who.home, who.regular, who.casual, len(who.home)
    parts = np.zeros((nests, 2))
    for m in range(len(others)):
        n = others[m]
        j = begin + n
        whole = 0.0
        for c in range(nests):
            a, b, d, e = regular[c, i], casual[c, i], regular[c, j], casual[c, j]
            # To the account of the own place of the first, and of the second.
            parts[c, 0] = a * d * chances[c, 0, n] + a * e * chances[c, 1, n] + b * e * chances[c, 3, n]
            parts[c, 1] = b * d * chances[c, 2, n]
            whole += parts[c, 0] + parts[c, 1]
        one, other, each = group[i], group[j], known[m] / whole
        for c in range(nests):
            # Without an own place in the nest their encounters are casual ones: no place accounts for them.
            first, second = home[c, i] if home[c, i] >= 0 else home[c, j], home[c, j]
            if first >= 0:
                due[first, one, other] += each * parts[c, 0]
            if second >= 0:
                due[second, one, other] += each * parts[c, 1]


@njit(cache=True, error_model="numpy")
def see(seen: Array, who: Who, where: Where, i: int, begin: int, others: Array, known: Array) -> None:
    """Add the visits of one during which a recognised other one is there too: of two regulars of one session, and what `see_there` adds."""
    group, column, home, slot, regular, casual, own = who.group, who.column, who.home, who.slot, who.regular, who.casual, who.own
    profile, together, by_place = where.profile, where.together, who.by_place
    one = group[i]
    for c in range(len(home)):
        v, t, a, b, chosen, place = home[c, i], slot[c, i], regular[c, i], casual[c, i], own[c, i], column[i]
        for m in range(len(others)):
            j, chance = begin + others[m], known[m]
            w, other, d, e = home[c, j], group[j], regular[c, j], casual[c, j]
            if v >= 0:
                # The regular visit of the first, and its casual one to the own place, with a casual one there of the other.
                mine = a * profile[v, other, t] + b * chosen * together[v, one, other]
                both = e * float(by_place[v, column[j]]) * mine
                if w == v and slot[c, j] == t:
                    both += a * d
                seen[v, one] += chance * both
                seen[v, other] += chance * both
            if w >= 0:
                # Two casual ones at a shared place are added already.
                yours = d * profile[w, one, slot[c, j]] + (0.0 if w == v else e * own[c, j] * together[w, one, other])
                both = b * float(by_place[w, place]) * yours
                seen[w, one] += chance * both
                seen[w, other] += chance * both


@njit(cache=True, parallel=True, error_model="numpy")
def faces_of(who: Who, where: Where, egos: Array, rule: Rule, groups: int, strangers: bool) -> tuple[Array, Array]:
    """Of some residents the faces per group (egos, G) among all others, or only among `strangers`: all who share no own place with them.

    And their visits to each place times the number of such strangers who are there too (egos, V)."""
    by_group, seen = np.zeros((len(egos), groups)), np.zeros((len(egos), len(where.nest)))
    for at in prange(len(egos)):
        ego(who, where, egos[at], rule, strangers, by_group[at], seen[at])
    return by_group, seen


@njit(cache=True, error_model="numpy")
def ego(who: Who, where: Where, i: int, rule: Rule, strangers: bool, by_group: Array, seen: Array) -> None:
    """The faces of one resident per group, and during their visits to each place; see `faces_of`."""
    nests, people = who.home.shape
    casually, group = goes_casually(who, where, i), who.group
    # Nobody meets a regular of another place as a regular: of strangers the first of `chances` stays zero.
    chances, none, known = np.zeros((nests, 4, CHUNK)), np.empty(CHUNK), np.empty(CHUNK)
    others, room = np.empty(CHUNK, np.int64), np.zeros((4, rule.times + 6))
    for begin in range(0, people, CHUNK):
        rest = min(CHUNK, people - begin)
        for c in range(0 if strangers else nests):
            regular_with_regular(who, where, i, begin, c, chances[c, 0, :rest])
        beside(who, where, i, begin, casually, who.column, chances, none[:rest])
        if begin <= i < begin + rest:
            none[i - begin] = 1.0
        number = likely(who.home, i, begin, nests if strangers else 0, none[:rest], rule.least, others)
        recognise(who.regular, who.casual, rule, i, begin, others[:number], chances, none, known, room)
        for m in range(number):
            by_group[group[begin + others[m]]] += known[m]
        if strangers:
            see_alone(seen, who, where, i, begin, others[:number], known)


@njit(cache=True, error_model="numpy")
def goes_casually(who: Who, where: Where, i: int) -> Array:
    """Of a resident, per nest and column of `by_place`, the chance that a casual visit and one of somebody of that column lead to a noticed
    encounter. Exact where `casual` of Where is of zones."""
    nests, groups = len(who.home), where.met.shape[1]
    cells = who.by_place.shape[1] // groups
    result = np.zeros((nests, groups * cells))
    for v in range(len(where.nest)):
        c = where.nest[v]
        own = float(who.choice[who.row[i], v])
        if who.casual[c, i] * own > 0.0:
            for g in range(groups):
                each = own * (where.met[v, who.group[i], g] + who.casual[c, i] * own * where.grown[v, who.group[i], g])
                pairs.add(result[c, g * cells : (g + 1) * cells], each, who.by_place[v, g * cells : (g + 1) * cells])
    return result


@njit(cache=True, error_model="numpy")
def see_alone(seen: Array, who: Who, where: Where, i: int, begin: int, others: Array, known: Array) -> None:
    """As `see`, from one side, of those who share no own place: add to each place (V)."""
    group, column, home, slot, regular, casual, own = who.group, who.column, who.home, who.slot, who.regular, who.casual, who.own
    profile, together, by_place = where.profile, where.together, who.by_place
    one, place = group[i], column[i]
    for c in range(len(home)):
        v, t, a, b, chosen = home[c, i], slot[c, i], regular[c, i], casual[c, i], own[c, i]
        for m in range(len(others)):
            j = begin + others[m]
            w, other = home[c, j], group[j]
            if v >= 0:
                mine = a * profile[v, other, t] + b * chosen * together[v, one, other]
                seen[v] += known[m] * casual[c, j] * float(by_place[v, column[j]]) * mine
            if w >= 0:
                yours = regular[c, j] * profile[w, one, slot[c, j]] + casual[c, j] * own[c, j] * together[w, one, other]
                seen[w] += known[m] * b * float(by_place[w, place]) * yours
