# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The numbers nearest to published ones that add up, each within its rounding."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, coo_array, csr_array, eye_array, hstack, kron

Floats = NDArray[np.float64]
# Bounds no farther apart are those of a number that counts whole persons and was not rounded.
PERSON = 1.0
# Exact up to what sums of totals that were fitted themselves may be off, in persons.
HAIR = 1e-6
# No rounding explains more; it only ends the search.
MOST = 1e7
_HALVINGS = 60
_NARROW = 1e-9
_LEAST_SCALE = 1e-3
_ROUNDS = 5_000
# The projection has been found when sums are off by less than this (persons), and the point by less than the root of that (half roundings).
_OFF = 5e-6
_GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Upper:
    """Sums over rows that have bounds of their own: `members` (sums x rows) of 0 and 1, and value, low and high (sums x columns).

    No row is in two sums of one Upper: each level of areas is one. A sum that nobody published has low -inf and high inf.
    """

    members: Floats
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted values with the bounds that they kept, of cells and of sums.

    `factor` and `row_factors`: by how much the rounding of everything, and of the cells of single rows, had to be widened; 1 is not at all.
    """

    values: Floats
    low: Floats
    high: Floats
    uppers: tuple[Upper, ...]
    factor: float
    row_factors: Floats


def fit(value: Floats, low: Floats, high: Floats, *, totals: Floats | None = None, uppers: Sequence[Upper] = ()) -> Fitted:
    """The one point nearest to `value` (rows x columns) within `low` and `high`, with rows that sum to `totals` and sums within `uppers`.

    Nearest: least squares, each cell in units of half its rounding, (high - low) / 2. Numbers of whole persons (bounds within one) are
    exact where that is possible. Where the cells of a row cannot sum to its total, their distances to their bounds are multiplied by the
    smallest factor with which they can; where all of it cannot hold together, all distances. Factors are rounded up to a hundredth; no
    bound becomes negative. Method: alternating projections (Boyle and Dykstra 1986), which end in the projection on the intersection; the
    common factor by linear programming. Raises ValueError where a total is negative, a value lies outside its bounds, or bounds that have
    no width contradict one another.

    Example: 5, 10, 5, 10 and 0 people, each rounded to 5, of 35 together, become 6.25, 11.25, 6.25, 11.25 and 0.
    """
    if ((value < low) | (value > high)).any() or (totals is not None and (totals < 0).any()):
        raise ValueError("A value lies outside its bounds, or a total is negative.")
    if value.size == 0:
        return Fitted(value, low, high, tuple(uppers), 1.0, np.ones(len(value)))
    hair = 0.0 if totals is None else HAIR
    cells = _exact(value, low, high, hair)
    sums = [Upper(item.members, item.value, *_exact(item.value, item.low, item.high, hair)) for item in uppers]
    rows, common = _factors(value, *cells, totals, sums)
    if common > 1.0:
        cells, sums = (low, high), list(uppers)
        rows, common = _factors(value, low, high, totals, sums)
    if math.isinf(common):
        raise ValueError("Bounds without width contradict one another.")
    least, most = widened(value, *cells, rows[:, None] * common)
    wide = [Upper(item.members, item.value, *widened(item.value, item.low, item.high, common)) for item in sums]
    scale = np.maximum((high - low) / 2, _LEAST_SCALE)
    return Fitted(_project(value, scale**2, least, most, totals, wide), least, most, tuple(wide), common, rows)


def _factors(value: Floats, low: Floats, high: Floats, totals: Floats | None, uppers: Sequence[Upper]) -> tuple[Floats, float]:
    """By what single rows, and then everything, must be widened."""
    rows = _row_factors(value, low, high, totals)
    if not np.isfinite(rows).all():
        return rows, math.inf
    return rows, _common_factor(value, *widened(value, low, high, rows[:, None]), totals, uppers)


def widened(value: Floats, low: Floats, high: Floats, factor: float | Floats) -> tuple[Floats, Floats]:
    """The bounds with their distance to the value multiplied; never below zero, and unchanged by a factor of 1."""
    same = np.broadcast_to(factor, value.shape) == 1.0
    known = np.isfinite(low) & np.isfinite(high)
    below = np.where(known, value - low, 0.0) * factor
    above = np.where(known, high - value, 0.0) * factor
    return np.where(same | ~known, low, np.maximum(0.0, value - below)), np.where(same | ~known, high, value + above)


def _exact(value: Floats, low: Floats, high: Floats, hair: float) -> tuple[Floats, Floats]:
    whole = high - low <= PERSON
    return np.where(whole, np.maximum(low, value - hair), low), np.where(whole, np.minimum(high, value + hair), high)


def _row_factors(value: Floats, low: Floats, high: Floats, totals: Floats | None) -> Floats:
    """Per row the smallest factor with which its cells can sum to its total; infinite where they have no rounding to widen."""
    if totals is None:
        return np.ones(len(value))

    def reaches(factor: Floats) -> NDArray[np.bool_]:
        least, most = widened(value, low, high, factor[:, None])
        slack = _NARROW * (1 + totals)
        reached: NDArray[np.bool_] = (least.sum(axis=1) <= totals + slack) & (most.sum(axis=1) >= totals - slack)
        return reached

    short = np.ones(len(value))
    enough = np.full(len(value), MOST)
    for _ in range(_HALVINGS):
        middle = (short + enough) / 2
        inside = reaches(middle)
        short, enough = np.where(inside, short, middle), np.where(inside, middle, enough)
    found = np.where(reaches(np.ones(len(value))), 1.0, np.floor(enough * 100 + 1) / 100)
    return np.where(reaches(found), found, math.inf)


def _project(value: Floats, variance: Floats, low: Floats, high: Floats, totals: Floats | None, uppers: Sequence[Upper]) -> Floats:
    """The weighted projection of `value`; the last step of a round is the one on cells and totals, so that these hold exactly."""
    steps: list[Callable[[Floats], Floats]] = [_onto_sums(item, variance) for item in uppers]
    steps.append(_onto_rows(variance, low, high, totals))
    if len(steps) == 1:
        return steps[0](value)
    point, moves, points = value, [np.zeros_like(value) for _ in steps], [value for _ in steps]
    for _ in range(_ROUNDS):
        for number, step in enumerate(steps):
            from_here = point + moves[number]
            point = points[number] = step(from_here)
            moves[number] = from_here - point
        # value - point is the sum of the moves, each at right angles to its set: what they gain together bounds the square of the distance
        # to the projection. Where sums say the same thing twice the moves never come to rest, so that is no reason to go on.
        off = max(float(np.abs(other - point).max()) for other in points)
        gap = sum(float((move * (other - point) / variance).sum()) for move, other in zip(moves, points, strict=True))
        if off < _OFF and gap < _GAP:
            break
    return point


def _onto_sums(upper: Upper, variance: Floats) -> Callable[[Floats], Floats]:
    share = np.maximum(upper.members @ variance, _NARROW**2)

    def step(point: Floats) -> Floats:
        sums = upper.members @ point
        lacking = np.clip(sums, upper.low, upper.high) - sums
        nearer: Floats = point + variance * (upper.members.T @ (lacking / share))
        return nearer

    return step


def _onto_rows(variance: Floats, low: Floats, high: Floats, totals: Floats | None) -> Callable[[Floats], Floats]:
    if totals is None:
        return lambda point: np.clip(point, low, high)
    wanted = np.clip(totals, low.sum(axis=1), high.sum(axis=1))

    def step(point: Floats) -> Floats:
        # The nearest point is clip(point - price * variance) for one price per row; its sum falls in straight pieces between the prices at
        # which a cell meets a bound.
        bends = np.sort(np.concatenate([(point - low) / variance, (point - high) / variance], axis=1), axis=1)
        cells = np.clip(point[:, None, :] - bends[:, :, None] * variance[:, None, :], low[:, None, :], high[:, None, :])
        sums = cells.sum(axis=2)
        before = np.clip((sums >= wanted[:, None]).sum(axis=1) - 1, 0, bends.shape[1] - 2)
        rows = np.arange(len(point))
        start, end = cells[rows, before], cells[rows, before + 1]
        drop = sums[rows, before] - sums[rows, before + 1]
        part = np.divide(sums[rows, before] - wanted, drop, out=np.zeros_like(drop), where=drop > 0)
        nearest: Floats = start + np.clip(part, 0.0, 1.0)[:, None] * (end - start)
        return nearest

    return step


def _common_factor(value: Floats, low: Floats, high: Floats, totals: Floats | None, uppers: Sequence[Upper]) -> float:
    """The smallest factor of at least 1 with which a point exists; infinite where none helps."""
    rows, columns = value.shape
    cells = eye_array(rows * columns, format="csr")
    bounded = [(cells, value.ravel(), low.ravel(), high.ravel())]
    for item in uppers:
        sums = csr_array(kron(coo_array(item.members), eye_array(columns)))
        known = np.isfinite(item.low.ravel()) & np.isfinite(item.high.ravel())
        bounded.append((sums[known], item.value.ravel()[known], item.low.ravel()[known], item.high.ravel()[known]))
    matrix: Any = block_array(
        [
            [side * sums, coo_array(-np.abs(middle - bound)[:, None])]
            for sums, middle, lower, upper in bounded
            for side, bound in ((-1.0, lower), (1.0, upper))
            if len(middle)
        ]
    )
    limits = np.concatenate([side * middle for _, middle, _, _ in bounded for side in (-1.0, 1.0) if len(middle)])
    exact: Any = None if totals is None else hstack([kron(eye_array(rows), np.ones((1, columns))), coo_array((rows, 1))])
    solution = linprog(
        np.append(np.zeros(rows * columns), 1.0),
        A_ub=matrix,
        b_ub=limits,
        A_eq=exact,
        b_eq=totals,
        bounds=[*((0, None) for _ in range(rows * columns)), (1, None)],
        method="highs",
    )
    if solution.x is None:
        return math.inf
    factor = float(solution.x[-1])
    return 1.0 if factor < 1.0 + 1e-7 else math.floor(factor * 100 + 1) / 100
