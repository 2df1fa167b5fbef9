# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops of the simulation: arrays and random numbers in, arrays out. Nothing of the expected engine is used here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = Any


@njit(cache=True)
def choose(choice: Array, rows: Array, draws: Array) -> Array:
    """Per draw a column of `choice` by the chances of its row; -1 where the row leaves it open."""
    result = np.full(len(rows), -1, np.int64)
    for at in range(len(rows)):
        left = draws[at]
        for column in range(choice.shape[1]):
            left -= choice[rows[at], column]
            if left < 0.0:
                result[at] = column
                break
        if result[at] < 0 and left < 1e-5:
            # The chances add up to one but for rounding.
            for column in range(choice.shape[1] - 1, -1, -1):
                if choice[rows[at], column] > 0.0:
                    result[at] = column
                    break
    return result


@njit(cache=True)
def slot_of(profile: Array, place: Array, group: Array, draws: Array) -> Array:
    """Per draw a slot by the profile of a place and group; -1 where the group never comes there."""
    result = np.full(len(place), -1, np.int64)
    for at in range(len(place)):
        left = draws[at]
        for t in range(profile.shape[2]):
            chance = profile[place[at], group[at], t]
            left -= chance
            if chance > 0.0:
                result[at] = t
            if left < 0.0:
                break
    return result


@njit(cache=True)
def meet(person: Array, first: Array, follows: Array, notices: Array, overlap: Array, foyer: Array, people: int, seed: int) -> Array:
    """All pairs of one week who noticed one another: within sessions, and of each session with the one that follows it."""
    np.random.seed(seed)
    slots = len(follows)
    found = np.empty(1024, np.int64)
    number = 0
    for session in range(len(first) - 1):
        v, t = session // slots, session % slots
        begin, end = first[session], first[session + 1]
        chance = overlap[v] * min(1.0, notices[v] / max(1, end - begin - 1))
        for a in range(begin, end):
            for b in range(a + 1, end):
                if person[a] != person[b] and np.random.random() < chance:
                    found, number = keep(found, number, person[a], person[b], people)
        if follows[t] < 0 or foyer[v] == 0.0:
            continue
        after = v * slots + follows[t]
        start, stop = first[after], first[after + 1]
        chance = foyer[v] * min(1.0, notices[v] / max(1, end - begin + stop - start - 1))
        for a in range(begin, end):
            for b in range(start, stop):
                if person[a] != person[b] and np.random.random() < chance:
                    found, number = keep(found, number, person[a], person[b], people)
    return found[:number]


@njit(cache=True)
def keep(found: Array, number: int, one: int, other: int, people: int) -> tuple[Array, int]:
    """Add a pair; the array grows twofold where it is full."""
    if number == len(found):
        larger = np.empty(2 * number, np.int64)
        larger[:number] = found
        found = larger
    found[number] = min(one, other) * people + max(one, other)
    return found, number + 1
