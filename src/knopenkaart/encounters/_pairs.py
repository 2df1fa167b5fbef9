# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The loops over all others beside one resident, each so plain that the processor takes several others at a time."""

from __future__ import annotations

from typing import Any

from numba import njit

Array = Any


@njit(cache=True, error_model="numpy", inline="always")
def bounded(chance: float) -> float:
    """A chance that rounding, or a correction of the second order, put outside 0 to 1."""
    return min(1.0, max(0.0, chance))


@njit(cache=True, error_model="numpy")
def regular_with_casual(result: Array, chosen: Array, at: Array, casual: Array, group: Array, seen: Array, grows: Array) -> None:
    """The chance that a casual visit of each other is noticed by one at the own place, where `chosen[at]` is their choice of it."""
    for n in range(len(result)):
        own = float(chosen[at[n]])
        result[n] = bounded(own * (seen[group[n]] + casual[n] * own * grows[group[n]]))


@njit(cache=True, error_model="numpy")
def casual_with_regular(result: Array, chosen: Array, home: Array, casual: float, seen: Array, grows: Array) -> None:
    """The chance that a casual visit of one is noticed by each other at theirs; `seen` is zero for those without an own place."""
    for n in range(len(result)):
        own = float(chosen[max(0, home[n])])
        result[n] = bounded(own * (seen[n] + casual * own * grows[n]))


@njit(cache=True, error_model="numpy")
def casual_with_casual(result: Array, one: Array, at: Array, other: Array, zone: Array, casual: Array) -> None:
    """The chance that casual visits of one and each other lead to a noticed encounter, and what it grows by with the other going out."""
    for n in range(len(result)):
        result[n] = bounded(one[at[n]] + casual[n] * other[zone[n]])


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
def without_meeting(none: Array, a: float, b: float, regular: Array, casual: Array, rr: Array, rc: Array, cr: Array, cc: Array) -> None:
    """Multiply with the chance of no meeting in one nest."""
    for n in range(len(none)):
        none[n] *= no_meeting(a, b, regular[n], casual[n], rr[n], rc[n], cr[n], cc[n])


@njit(cache=True, error_model="numpy")
def add(result: Array, each: float, parts: Array) -> None:
    """Add so much of each part."""
    for n in range(len(result)):
        result[n] += each * parts[n]
