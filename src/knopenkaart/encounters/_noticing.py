# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over crowds: who is there, and how likely two of them notice one another. Arrays in, arrays out."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

Array = Any


# In sessions with at most so many people told one by one, what a pair notices is reckoned without both of them, exactly.
SMALL = 40


class Sessions(NamedTuple):
    """Who comes to which slot of which place (a session): `chance[first[s]:first[s + 1]]` of those who are told one by one, with `group`;
    the first `regulars[s]` of them have it as their own. `mean`, `second` (V, T): sums of the chances and their squares of all others."""

    first: Array
    chance: Array
    regulars: Array
    group: Array
    mean: Array
    second: Array


class Pairs(NamedTuple):
    """What regulars notice: each of a casual visitor in the same slot, the next and the one before (`alone`, in the order of `chance`, 3);
    and of one another in small sessions (-1: not small): `both[at[s] + a * n + b]`, and from `at_next[s]` with b of the next session."""

    alone: Array
    at: Array
    at_next: Array
    both: Array


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
    """The chances of 0, 1, 2 ... of a Poisson number; what is beyond ten standard deviations from the mean is nothing."""
    last = int(mean + 10.0 * math.sqrt(mean + 1.0)) + 30 if mean > 0.0 else 0
    found = np.zeros(last + 1)
    found[0] = math.exp(-mean)
    for n in range(max(1, int(mean - 10.0 * math.sqrt(mean)) if mean >= 700.0 else 1), last + 1):
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
        if crowd[x] == 0.0:
            continue
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
            alike = same_crowd(sessions, follows, v, t, False)
            if alike >= 0:
                result[v, t, 0] = result[v, alike, 0]
            else:
                noticed(known, sessions.mean[v, t], sessions.second[v, t], notices[v], result[v, t, 0])
                result[v, t, 0] *= overlap[v]
            if after < 0 or foyer[v] == 0.0:
                continue
            alike = same_crowd(sessions, follows, v, t, True)
            if alike >= 0:
                result[v, t, 1] = result[v, alike, 1]
            else:
                then = v * slots + after
                both = convolved(known, count_chances(sessions.chance[sessions.first[then] : sessions.first[then + 1]]))
                mean, second = sessions.mean[v, t] + sessions.mean[v, after], sessions.second[v, t] + sessions.second[v, after]
                noticed(both, mean, second, notices[v], result[v, t, 1])
                result[v, t, 1] *= foyer[v]
    return result


@njit(cache=True)
def same_crowd(sessions: Sessions, follows: Array, v: int, t: int, following: bool) -> int:
    """An earlier slot of a place with a crowd of the same size, with that of the slot after it if `following`; -1: none.

    Only where nobody is told one by one: then crowds of the same numbers are alike, and most dayparts of a place have the same.
    """
    mean, second = sessions.mean[v], sessions.second[v]
    if len(sessions.chance):
        return -1
    for u in range(t):
        if mean[u] == mean[t] and second[u] == second[t]:
            one, other = follows[u], follows[t]
            if not following or (one >= 0 and mean[one] == mean[other] and second[one] == second[other]):
                return u
    return -1


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


@njit(cache=True)
def without(known: Array, p: float) -> Array:
    """The distribution of a number of events without one that has chance p."""
    last = len(known) - 1
    found = np.zeros(max(1, last))
    if p < 0.5:
        before = 0.0
        for n in range(last):
            before = (known[n] - p * before) / (1.0 - p)
            found[n] = before
    else:
        after = 0.0
        for n in range(last, 0, -1):
            after = (known[n] - (1.0 - p) * after) / p
            found[n - 1] = after
    return found


@njit(cache=True)
def seen(most: int, mean: float, second: float, notices: float) -> Array:
    """The chance of noticing with 0, 1, 2 ... known others and a Poisson number of others, with its correction of the second order."""
    others = poisson(mean)
    found = np.zeros(most + 1)
    for n in range(most + 1):
        for x in range(len(others)):
            f0, f1, f2 = min(1.0, notices / (1 + n + x)), min(1.0, notices / (2 + n + x)), min(1.0, notices / (3 + n + x))
            found[n] += others[x] * (f0 - 0.5 * second * (f2 - 2.0 * f1 + f0))
    return found


@njit(cache=True)
def dot(one: Array, other: Array) -> float:
    """The sum of products over the shorter of two."""
    total = 0.0
    for n in range(min(len(one), len(other))):
        total += one[n] * other[n]
    return min(1.0, max(0.0, total))


@njit(cache=True, error_model="numpy")
def without_each(known: Array, chances: Array, each: Array, room: Array) -> None:
    """Fill `room[0]` with `dot` of `chances` and the distribution `known` without one event, for each chance of that event in turn.

    As `without`, from the end where nothing is divided by nearly zero, but for all events at once: that is how the processor is fast.
    """
    last, number = len(known) - 1, len(each)
    total, before = room[0, :number], room[1, :number]
    total[:] = 0.0
    before[:] = 0.0
    for n in range(last):
        up, down, first, final = known[n], known[last - n], chances[n], chances[last - 1 - n]
        for b in range(number):
            low = each[b] < 0.5
            p = each[b] if low else 1.0 - each[b]
            before[b] = ((up if low else down) - p * before[b]) / (1.0 - p)
            total[b] += before[b] * (first if low else final)
    for b in range(number):
        total[b] = min(1.0, max(0.0, total[b]))


@njit(cache=True, parallel=True)
def small_sessions(sessions: Sessions, follows: Array, notices: Array, overlap: Array, foyer: Array, notice: Array) -> Pairs:
    """What regulars notice, with themselves out of the crowd: exactly in small sessions, by `notice` in all others."""
    places, slots = sessions.mean.shape
    first, regulars = sessions.first, sessions.regulars
    at, at_next = np.full(places * slots, -1), np.full(places * slots, -1)
    length = 0
    for s in range(places * slots):
        after = follows[s % slots]
        if first[s + 1] - first[s] <= SMALL:
            at[s] = length
            length += regulars[s] ** 2
        if after >= 0 and foyer[s // slots] > 0.0:
            then = s - s % slots + after
            if first[s + 1] - first[s] + first[then + 1] - first[then] <= SMALL:
                at_next[s] = length
                length += regulars[s] * regulars[then]
    found = Pairs(np.zeros((len(sessions.chance), 3)), at, at_next, np.zeros(length))
    for v in prange(places):
        for t in range(slots):
            if regulars[v * slots + t] > 0 or follows[t] >= 0:
                fill_same(sessions, v, t, notices[v], overlap[v], notice, found)
                if follows[t] >= 0 and foyer[v] > 0.0:
                    fill_next(sessions, v, t, follows[t], notices[v], foyer[v], notice, found)
    return found


@njit(cache=True)
def second_order(numbers: Array, p: float) -> float:
    """What a casual visitor and a regular who comes with chance p notice of one another."""
    return min(1.0, max(0.0, float(numbers[0] + p * numbers[1] + p * p * numbers[2])))


@njit(cache=True)
def fill_same(sessions: Sessions, v: int, t: int, notices: float, overlap: float, notice: Array, found: Pairs) -> None:
    """Fill in the regulars of one session."""
    s = v * sessions.mean.shape[1] + t
    begin, count = sessions.first[s], sessions.regulars[s]
    if found.at[s] < 0:
        for a in range(begin, begin + count):
            found.alone[a, 0] = second_order(notice[v, t, 0], sessions.chance[a])
        return
    chance = sessions.chance[begin : sessions.first[s + 1]]
    crowd, chances = count_chances(chance), seen(len(chance), sessions.mean[v, t], sessions.second[v, t], notices)
    room = np.zeros((2, SMALL))
    for a in range(count):
        rest = without(crowd, chance[a])
        found.alone[begin + a, 0] = overlap * dot(rest, chances)
        without_each(rest, chances, chance[:a], room)
        for b in range(a):
            value = overlap * room[0, b]
            found.both[found.at[s] + a * count + b] = value
            found.both[found.at[s] + b * count + a] = value


@njit(cache=True)
def fill_next(sessions: Sessions, v: int, t: int, after: int, notices: float, foyer: float, notice: Array, found: Pairs) -> None:
    """Fill in the regulars of one session and of the one that follows."""
    slots = sessions.mean.shape[1]
    s, then = v * slots + t, v * slots + after
    begin, count, begin_then, count_then = sessions.first[s], sessions.regulars[s], sessions.first[then], sessions.regulars[then]
    if found.at_next[s] < 0:
        for a in range(begin, begin + count):
            found.alone[a, 1] = second_order(notice[v, t, 1], sessions.chance[a])
        for b in range(begin_then, begin_then + count_then):
            found.alone[b, 2] = second_order(notice[v, t, 1], sessions.chance[b])
        return
    here, there = sessions.chance[begin : sessions.first[s + 1]], sessions.chance[begin_then : sessions.first[then + 1]]
    crowd = convolved(count_chances(here), count_chances(there))
    mean, second = sessions.mean[v, t] + sessions.mean[v, after], sessions.second[v, t] + sessions.second[v, after]
    chances = seen(len(here) + len(there), mean, second, notices)
    for b in range(count_then):
        found.alone[begin_then + b, 2] = foyer * dot(without(crowd, there[b]), chances)
    room = np.zeros((2, SMALL))
    for a in range(count):
        rest = without(crowd, here[a])
        found.alone[begin + a, 1] = foyer * dot(rest, chances)
        without_each(rest, chances, there[:count_then], room)
        for b in range(count_then):
            found.both[found.at_next[s] + a * count_then + b] = foyer * room[0, b]


@njit(cache=True)
def corrected(sessions: Sessions, follows: Array, casual: Array, notice: Array, pairs: Pairs, by_slot: Array, by_group: Array) -> None:
    """Add to encounters per place and slot (V, T) and per place and pair of groups (V, G, G), which were summed with `notice`, what small
    sessions differ; `casual` (V, T, G) are the casual visits."""
    places, slots = by_slot.shape
    for v in range(places):
        for t in range(slots):
            s = v * slots + t
            begin, count = sessions.first[s], sessions.regulars[s]
            for a in range(begin, begin + count):
                p, g = sessions.chance[a], sessions.group[a]
                if pairs.at[s] >= 0:
                    visitor = pairs.alone[a, 0] - second_order(notice[v, t, 0], p)
                    meet_visitors(by_slot[v], by_group[v], t, g, p * visitor, casual[v, t])
                    for b in range(begin, a):
                        value = pairs.both[pairs.at[s] + (a - begin) * count + b - begin]
                        meet_regular(by_slot[v], by_group[v], t, g, sessions, p, b, value, notice[v, t, 0])
                after = follows[t]
                if after < 0 or pairs.at_next[s] < 0:
                    continue
                then = v * slots + after
                number = sessions.regulars[then]
                meet_visitors(by_slot[v], by_group[v], t, g, p * (pairs.alone[a, 1] - second_order(notice[v, t, 1], p)), casual[v, after])
                for b in range(number):
                    value = pairs.both[pairs.at_next[s] + (a - begin) * number + b]
                    meet_regular(by_slot[v], by_group[v], t, g, sessions, p, sessions.first[then] + b, value, notice[v, t, 1])
                if a == begin:
                    for b in range(sessions.first[then], sessions.first[then] + number):
                        q = sessions.chance[b]
                        visitor = q * (pairs.alone[b, 2] - second_order(notice[v, t, 1], q))
                        meet_visitors(by_slot[v], by_group[v], t, sessions.group[b], visitor, casual[v, t])


@njit(cache=True)
def meet_visitors(by_slot: Array, by_group: Array, t: int, g: int, chance: float, visitors: Array) -> None:
    """Add what a regular of group g meets of casual visitors (G), from both sides."""
    for h in range(len(visitors)):
        by_slot[t] += 2.0 * chance * visitors[h]
        by_group[g, h] += chance * visitors[h]
        by_group[h, g] += chance * visitors[h]


@njit(cache=True)
def meet_regular(
    by_slot: Array, by_group: Array, t: int, g: int, sessions: Sessions, p: float, b: int, value: float, numbers: Array
) -> None:
    """Add what a regular of group g, who comes with chance p, meets of regular b more than `numbers` say, from both sides."""
    q = sessions.chance[b]
    more = p * q * (value - (numbers[0] + (p + q) * numbers[1] + (p * p + p * q + q * q) * numbers[2]))
    by_slot[t] += 2.0 * more
    by_group[g, sessions.group[b]] += more
    by_group[sessions.group[b], g] += more
