# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over who is near which places: arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = Any


@njit(cache=True)
def gains(weight: Array, near: Array, first: Array, row: Array, distance: Array) -> Array:
    """By how much each place brings everybody nearer: those near place v are `row[first[v]:first[v + 1]]`."""
    found = np.zeros(len(first) - 1)
    for v in range(len(found)):
        for at in range(first[v], first[v + 1]):
            found[v] += weight[row[at]] * max(0.0, near[row[at]] - distance[at])
    return found


@njit(cache=True)
def two_nearest(first: Array, place: Array, distance: Array, none: Array, kept: Array) -> tuple[Array, Array, Array]:
    """Per demand the number of the nearest open place (-1: none near), how far it is, and how far the second is; `kept`: the number of each
    place (-1: not open)."""
    nearest, one, two = np.full(len(none), -1), none.copy(), none.copy()
    for d in range(len(none)):
        for at in range(first[d], first[d + 1]):
            if kept[place[at]] < 0:
                continue
            if distance[at] < one[d]:
                nearest[d], one[d], two[d] = kept[place[at]], distance[at], one[d]
            elif distance[at] < two[d]:
                two[d] = distance[at]
    return nearest, one, two


@njit(cache=True)
def profits(weight: Array, first: Array, place: Array, distance: Array, none: Array, kept: Array, number: int) -> Array:
    """What the exchange of each of `number` open places for each place gains (number, V); to one that is open: nothing.

    Who loses the nearest place goes to the second, or to the one that comes; only who is nearer to that one than to the second tells of it.
    """
    nearest, one, two = two_nearest(first, place, distance, none, kept)
    gain, loss = np.zeros(len(kept)), np.zeros(number)
    saved = np.zeros((number, len(kept)))
    for d in range(len(none)):
        if nearest[d] >= 0:
            loss[nearest[d]] += weight[d] * (two[d] - one[d])
        for at in range(first[d], first[d + 1]):
            if kept[place[at]] >= 0 or distance[at] >= two[d]:
                continue
            gain[place[at]] += weight[d] * max(0.0, one[d] - distance[at])
            if nearest[d] >= 0:
                saved[nearest[d], place[at]] += weight[d] * (two[d] - max(one[d], distance[at]))
    for k in range(number):
        for v in range(len(kept)):
            saved[k, v] = gain[v] - loss[k] + saved[k, v] if kept[v] < 0 else -np.inf
    return saved
