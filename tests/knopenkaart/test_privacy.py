# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fewer than ten people are not shown, and whoever adds and subtracts what is shown does not find them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from knopenkaart.privacy import BASE, THRESHOLD, shown, shown_share

COUNTS = st.floats(0, 60).map(lambda value: round(value, 3))


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (0.001, None), (9.999, None), (10, 10), (14.999, 10), (15, 20), (1234.9, 1230), (1e7, 10_000_000)]
)
def test_a_count_is_zero_hidden_or_a_multiple_of_ten(count: float, expected: int | None) -> None:
    assert shown(count) == expected


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf")])
def test_what_is_no_count_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="no count"):
        shown(count)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 50, 0.0),
        (50, 50, 1.0),
        (25, 50, 0.6),
        (20, 50, 0.4),
        (9, 50, None),
        (41, 50, None),
        (0, 9, None),
        (0, 0, None),
        (333, 1000, 0.33),
        (996, 1004, None),
        (1000, 1000, 1.0),
    ],
)
def test_a_share_is_hidden_with_the_people_that_it_is_about(part: float, whole: float, expected: float | None) -> None:
    assert shown_share(part, whole) == expected


@given(COUNTS, COUNTS)
def test_a_larger_count_is_never_shown_as_a_smaller_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    if shown(low) is not None and shown(high) is not None:
        assert shown(low) <= shown(high)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=4), min_size=2, max_size=4))
def test_an_attacker_who_adds_and_subtracts_leaves_every_hidden_count_open(table: list[list[float]]) -> None:
    """Groups (rows) within rising minutes (columns): the attacker knows the rule, every shown cell and that all of it adds up."""
    width = min(len(row) for row in table)
    cells = np.cumsum(np.array([row[:width] for row in table]), axis=1)
    total = cells.sum(axis=0)
    everything = np.vstack([cells, total])
    hidden = [(r, c) for r in range(len(everything)) for c in range(width) if shown(float(everything[r, c])) is None]
    assume(hidden)
    for row, column in hidden[:3]:
        low, high = _bounds(everything, row, column)
        assert high - low >= 4.9


def _bounds(everything: np.ndarray, row: int, column: int) -> tuple[float, float]:  # type: ignore[type-arg]
    """The least and the most that a cell can be, by linear programming over all that the attacker knows."""
    rows, width = everything.shape
    limits = [_range(float(everything[r, c])) for r in range(rows) for c in range(width)]
    adds_up, rises = [], []
    for c in range(width):
        line = np.zeros(rows * width)
        line[[r * width + c for r in range(rows - 1)]] = 1
        line[(rows - 1) * width + c] = -1
        adds_up.append(line)
    for r in range(rows):
        for c in range(width - 1):
            line = np.zeros(rows * width)
            line[r * width + c], line[r * width + c + 1] = 1, -1
            rises.append(line)
    goal = np.zeros(rows * width)
    goal[row * width + column] = 1
    found = [
        linprog(sign * goal, A_ub=np.array(rises) if rises else None, b_ub=np.zeros(len(rises)) if rises else None,
                A_eq=np.array(adds_up), b_eq=np.zeros(len(adds_up)), bounds=limits)
        for sign in (1, -1)
    ]  # fmt: skip
    assert all(result.success for result in found)
    return float(found[0].fun), float(-found[1].fun)


def _range(count: float) -> tuple[float, float]:
    """What the rule tells of one cell."""
    value = shown(count)
    if value == 0:
        return (0.0, 0.0)
    if value is None:
        return (0.0, float(THRESHOLD))
    return (max(float(THRESHOLD), value - BASE / 2), value + BASE / 2)
