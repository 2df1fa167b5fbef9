# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of residents: arrays in, arrays out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

Array = Any
# Pairs of whom it is less likely that they recognise one another are left out: in a town of 100,000 a hundred-thousandth of all faces.
NEGLIGIBLE = 1e-7
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
    and is noticed there, `most` (nests) that of two. `profile` (V, G, T) of casual visitors, and the chance `together` (V, G, G) that two
    of them choose one slot."""

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
    profile: Array
    together: Array


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
def meet_as_regulars(who: Who, where: Where, i: int, others: Array, c: int, chance: Array) -> None:
    """Fill in the chance that regular visits of a resident and of each of the others, in one nest, lead to a noticed encounter.

    Tables are taken out first: to reach for them by name costs more, pair by pair, than all the rest.
    """
    home, slot, seat, regular = who.home, who.slot, who.seat, who.regular
    follows, notice, at_same, at_next, both, regulars = where.follows, where.notice, where.at, where.at_next, where.both, where.regulars
    v, mine, a, p = home[i, c], slot[i, c], seat[i, c], regular[i, c]
    for n in range(len(others)):
        j = others[n]
        chance[n] = 0.0
        yours, b = slot[j, c], seat[j, c]
        if v < 0 or home[j, c] != v or a < 0 or b < 0:
            continue
        if mine == yours:
            at = at_same[v * len(follows) + mine]
            chance[n] = both[at + a * regulars[v, mine] + b] if at >= 0 else noticed(notice[v, mine, 0], p, regular[j, c])
        elif follows[mine] == yours:
            at = at_next[v * len(follows) + mine]
            chance[n] = both[at + a * regulars[v, yours] + b] if at >= 0 else noticed(notice[v, mine, 1], p, regular[j, c])
        elif follows[yours] == mine:
            at = at_next[v * len(follows) + yours]
            chance[n] = both[at + b * regulars[v, mine] + a] if at >= 0 else noticed(notice[v, yours, 1], p, regular[j, c])


@njit(cache=True, error_model="numpy")
def meet_as_visitors(who: Who, where: Where, i: int, others: Array, c: int, chances: Array) -> None:
    """Fill in the chances of a noticed encounter in one nest of a resident with each of the others: of the regular visit with a casual one
    of theirs (1), of the casual visit with their regular one (2), and of both casual visits (3)."""
    home, zone, row, group, casual = who.home, who.zone, who.row, who.group, who.casual
    seen, grows, choice, pairs = who.noticed, who.grows, who.choice, where.casual
    v, b, my_zone, my_row, my_group = home[i, c], casual[i, c], zone[i], row[i], group[i]
    for n in range(len(others)):
        j = others[n]
        e, w = casual[j, c], home[j, c]
        chances[1, n] = chances[2, n] = 0.0
        if v >= 0:
            chosen = choice[row[j], v]
            chances[1, n] = bounded(chosen * (seen[i, c, group[j]] + e * chosen * grows[i, c, group[j]]))
        if w >= 0:
            chosen = choice[my_row, w]
            chances[2, n] = bounded(chosen * (seen[j, c, my_group] + b * chosen * grows[j, c, my_group]))
        together = pairs[c, my_zone, zone[j], 0] + b * pairs[c, my_zone, zone[j], 1] + e * pairs[c, my_zone, zone[j], 2]
        chances[3, n] = bounded(together)


@njit(cache=True, error_model="numpy")
def candidates(who: Who, where: Where, rule: Rule, i: int, nest: int, found: Array) -> int:
    """The residents after `i` who may well recognise them, with whom no own place is shared in a nest before `nest`; how many."""
    home, slot, regular, casual, comes = who.home, who.slot, who.regular, who.casual, who.comes
    follows, reach, most, least = where.follows, where.reach, where.most, rule.least
    number = 0
    for j in range(i + 1, len(home)):
        bound = 0.0
        before = False
        for c in range(home.shape[1]):
            a, b, d, e = regular[i, c], casual[i, c], regular[j, c], casual[j, c]
            v, w = home[i, c], home[j, c]
            bound += b * e * most[c]
            if v == w and v >= 0:
                before |= c < nest
                bound += a * comes[j, c] + d * comes[i, c]
                if near(follows, slot[i, c], slot[j, c]):
                    bound += a * d
                continue
            if v >= 0:
                bound += a * e * reach[v]
            if w >= 0:
                bound += b * d * reach[w]
        if bound >= least and not before:
            found[number] = j
            number += 1
    return number


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


@njit(cache=True, error_model="numpy")
def expect(regular: Array, casual: Array, i: int, j: int, chances: Array, n: int, parts: Array) -> float:
    """The encounters per week that two residents expect; `parts` (nests, 2) is filled with what of them stands to the account of the own
    place of the first and of the second. `chances` (nests, 4, others) are those of the n-th other."""
    whole = 0.0
    for c in range(len(parts)):
        a, b, d, e = regular[i, c], casual[i, c], regular[j, c], casual[j, c]
        parts[c, 0] = a * d * chances[c, 0, n] + a * e * chances[c, 1, n] + b * e * chances[c, 3, n]
        parts[c, 1] = b * d * chances[c, 2, n]
        whole += parts[c, 0] + parts[c, 1]
    return whole


@njit(cache=True, error_model="numpy")
def recognise(regular: Array, casual: Array, rule: Rule, i: int, j: int, chances: Array, n: int, room: Array) -> float:
    """The chance that two residents recognise one another; `room` (4, times + 6) is for reckoning."""
    if rule.by_weeks:
        none = 1.0
        for c in range(len(chances)):
            a, b, d, e = regular[i, c], casual[i, c], regular[j, c], casual[j, c]
            none *= no_meeting(a, b, d, e, chances[c, 0, n], chances[c, 1, n], chances[c, 2, n], chances[c, 3, n])
        return at_least(rule.times, rule.weeks, 1.0 - none, rule.steps)
    week = room[2]
    week[:] = 0.0
    week[0] = 1.0
    for c in range(len(chances)):
        a, b, d, e = regular[i, c], casual[i, c], regular[j, c], casual[j, c]
        meetings(a, b, d, e, chances[c, 0, n], chances[c, 1, n], chances[c, 2, n], chances[c, 3, n], room)
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
def cohorts(who: Who, where: Where, members: Members, rule: Rule, groups: int, blocks: int) -> tuple[Array, Array, Array]:
    """All pairs that share an own place; places are divided over so many blocks, side by side, whatever the number of threads.

    Gives the expected faces of each member of each place, of all and of another group, among those of whom it is the first place that they
    share (members, 2); per place and pair of groups, from the side of the first, the faces that its encounters account for (V, G, G); and
    what `see` adds up (V, G).
    """
    places = len(members.first) - 1
    found = np.zeros((len(members.person), 2))
    due, seen = np.zeros((blocks, places, groups, groups)), np.zeros((blocks, places, groups))
    for block in prange(blocks):
        for at in range(block, places, blocks):
            v = members.order[at]
            begin, end = members.first[v], members.first[v + 1]
            if end - begin > 1:
                cohort(of_place(who, members.person[begin:end]), where, rule, v, found[begin:end], due[block], seen[block])
    return found, due.sum(axis=0), seen.sum(axis=0)


@njit(cache=True, error_model="numpy")
def cohort(who: Who, where: Where, rule: Rule, v: int, found: Array, due: Array, seen: Array) -> None:
    """All pairs of the residents who have place v as an own place: add to `found`, `due` and `seen`."""
    people, nests = who.home.shape
    group, home, regular, casual = who.group, who.home, who.regular, who.casual
    room, parts = np.zeros((4, rule.times + 6)), np.zeros((nests, 2))
    others, chances, known = np.empty(people, np.int64), np.empty((nests, 4, people)), np.empty(people)
    nest = 0
    while home[0, nest] != v:
        nest += 1
    for i in range(people):
        number = candidates(who, where, rule, i, nest, others)
        for c in range(nests):
            meet_as_regulars(who, where, i, others[:number], c, chances[c, 0])
            meet_as_visitors(who, where, i, others[:number], c, chances[c])
        for n in range(number):
            j = others[n]
            whole = expect(regular, casual, i, j, chances, n, parts)
            known[n] = 0.0
            if whole < rule.least:
                continue
            chance = recognise(regular, casual, rule, i, j, chances, n, room)
            found[i, 0] += chance
            found[j, 0] += chance
            if group[i] != group[j]:
                found[i, 1] += chance
                found[j, 1] += chance
            divide(due, group, home, i, j, chance / whole, parts)
            known[n] = chance
        for c in range(nests):
            see(seen, who, where, i, others[:number], c, known)


@njit(cache=True, error_model="numpy")
def see(seen: Array, who: Who, where: Where, i: int, others: Array, c: int, known: Array) -> None:
    """Add, per place and group of the visitor, the visits in a nest during which a recognised other one is there too, from both sides.

    At the own place of either: two regulars of one session, a regular and a casual visitor, two casual ones. `known`: the chance that each
    is recognised. Tables are taken out first, as above.
    """
    group, home, slot, regular, casual, row, own = who.group, who.home, who.slot, who.regular, who.casual, who.row, who.own
    choice, profile, together = who.choice, where.profile, where.together
    v, mine, a, b, one = home[i, c], slot[i, c], regular[i, c], casual[i, c], group[i]
    for n in range(len(others)):
        j = others[n]
        if known[n] == 0.0:
            continue
        w, d, e, other = home[j, c], regular[j, c], casual[j, c], group[j]
        if v >= 0:
            goes = e * (own[j, c] if v == w else choice[row[j], v])
            both = goes * (a * profile[v, other, mine] + b * own[i, c] * together[v, one, other])
            if v == w and slot[j, c] == mine:
                both += a * d
            seen[v, one] += known[n] * both
            seen[v, other] += known[n] * both
        if w >= 0:
            both = d * profile[w, one, slot[j, c]]
            if v != w:
                both += e * own[j, c] * together[w, one, other]
            both *= known[n] * b * (own[i, c] if v == w else choice[row[i], w])
            seen[w, one] += both
            seen[w, other] += both


@njit(cache=True, error_model="numpy")
def divide(due: Array, group: Array, home: Array, i: int, j: int, each: float, parts: Array) -> None:
    """Divide a recognised pair, from both sides, over the places where they meet, so much for each encounter there."""
    one, other = group[i], group[j]
    for c in range(len(parts)):
        # Without an own place in the nest their encounters are casual ones: no place accounts for them.
        first, second = home[i, c] if home[i, c] >= 0 else home[j, c], home[j, c]
        if first >= 0:
            due[first, one, other] += each * parts[c, 0]
            due[first, other, one] += each * parts[c, 0]
        if second >= 0:
            due[second, one, other] += each * parts[c, 1]
            due[second, other, one] += each * parts[c, 1]


@njit(cache=True, parallel=True, error_model="numpy")
def strangers(who: Who, where: Where, egos: Array, casually: Array, rule: Rule, groups: int) -> tuple[Array, Array]:
    """Of some residents the faces per group among all who share no own place with them (egos, G), and their visits to each place times the
    number of these who are there too (egos, V); `casually` (egos, nests, rows): the chance that casual visits of theirs and of somebody of
    each row of `choice` lead to a noticed encounter."""
    by_group, seen = np.zeros((len(egos), groups)), np.zeros((len(egos), len(where.reach)))
    for at in prange(len(egos)):
        stranger(who, where, egos[at], casually[at], rule, by_group[at], seen[at])
    return by_group, seen


@njit(cache=True, error_model="numpy")
def stranger(who: Who, where: Where, i: int, casually: Array, rule: Rule, by_group: Array, seen: Array) -> None:
    """The faces of one resident, per group, among all who share no own place, and during their visits to each place."""
    people, nests = who.home.shape
    group, regular, casual, row, zone, pairs = who.group, who.regular, who.casual, who.row, who.zone, where.casual
    others = np.empty(people, np.int64)
    number = elsewhere(who, where, i, casually, rule, others)
    room, parts, chances, known = np.zeros((4, rule.times + 6)), np.zeros((nests, 2)), np.zeros((nests, 4, number)), np.zeros(number)
    for c in range(nests):
        meet_as_visitors(who, where, i, others[:number], c, chances[c])
        for n in range(number):
            j = others[n]
            chances[c, 3, n] = bounded(casually[c, row[j]] + casual[j, c] * pairs[c, zone[i], zone[j], 2])
    for n in range(number):
        j = others[n]
        if expect(regular, casual, i, j, chances, n, parts) >= rule.least:
            chance = recognise(regular, casual, rule, i, j, chances, n, room)
            by_group[group[j]] += chance
            known[n] = chance
    for c in range(nests):
        see_strangers(seen, who, where, i, others[:number], c, known)


@njit(cache=True, error_model="numpy")
def see_strangers(seen: Array, who: Who, where: Where, i: int, others: Array, c: int, known: Array) -> None:
    """As `see`, from one side only and of those who share no own place: add to each place (V)."""
    group, home, slot, regular, casual, row, own = who.group, who.home, who.slot, who.regular, who.casual, who.row, who.own
    choice, profile, together = who.choice, where.profile, where.together
    v, mine, a, b, one = home[i, c], slot[i, c], regular[i, c], casual[i, c], group[i]
    for n in range(len(others)):
        j = others[n]
        w, other = home[j, c], group[j]
        if v >= 0:
            both = a * profile[v, other, mine] + b * own[i, c] * together[v, one, other]
            seen[v] += known[n] * casual[j, c] * choice[row[j], v] * both
        if w >= 0:
            both = regular[j, c] * profile[w, one, slot[j, c]] + casual[j, c] * own[j, c] * together[w, one, other]
            seen[w] += known[n] * b * choice[row[i], w] * both


@njit(cache=True, error_model="numpy")
def elsewhere(who: Who, where: Where, i: int, casually: Array, rule: Rule, found: Array) -> int:
    """The residents who may well recognise one of them, and share no own place; how many."""
    comes, goes = around(who, where, i)
    row, home, regular, casual = who.row, who.home, who.regular, who.casual
    number, least = 0, rule.least
    for j in range(len(home)):
        bound = 0.0
        for c in range(home.shape[1]):
            # The last of `goes` is zero: for those without an own place.
            bound += casual[j, c] * (comes[c, row[j]] + casual[i, c] * casually[c, row[j]]) + regular[j, c] * goes[c, home[j, c]]
        if bound >= least and j != i and not met_before(home, i, j, home.shape[1]):
            found[number] = j
            number += 1
    return number


@njit(cache=True, error_model="numpy")
def around(who: Who, where: Where, i: int) -> tuple[Array, Array]:
    """Of a resident, per nest, bounds of the chance that a casual visitor of each row of `choice` comes to the own place and is noticed,
    and that the resident goes casually to each place and is noticed."""
    nests, groups = who.home.shape[1], where.meets.shape[1]
    comes, goes = np.zeros((nests, len(who.choice))), np.zeros((nests, len(where.reach) + 1))
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
    return comes, goes


@njit(cache=True, error_model="numpy")
def ceiling(meets: Array) -> float:
    """The most that a chance of `meets` can be, whatever the chances of both to be there."""
    return bounded(SPARE * (meets[0] + abs(meets[1]) + abs(meets[2]) + abs(meets[3])))
