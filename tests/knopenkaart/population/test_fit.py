# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Published numbers are moved as little as makes them add up, each within its rounding; two other optimisers find the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from knopenkaart.population.fit import Fitted, Floats, Upper, fit, widened

HALF = 2.5


def around(value: Any, half: float = HALF) -> tuple[Floats, Floats, Floats]:
    """Value, low and high of numbers rounded to 2 x half."""
    numbers = np.array(value, dtype=float)
    return numbers, np.maximum(0.0, numbers - half), numbers + half


def summed(members: Any, value: Any, half: float) -> Upper:
    return Upper(np.array(members, dtype=float), *around(value, half))


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_what_adds_up_stays() -> None:
    found = fit(*around([[5, 10, 20]]), totals=np.array([35.0]))
    assert found.values.tolist() == [[5, 10, 20]]
    assert (found.factor, found.row_factors.tolist()) == (1.0, [1.0])


def test_a_surplus_is_shared_by_all_cells_alike() -> None:
    # 15 + 30 + 60 = 105 people in five-year rounding, 102 inhabitants: each a third of 3 less.
    assert fit(*around([[15, 30, 60]]), totals=np.array([102.0])).values == pytest.approx(np.array([[14, 29, 59]]))


def test_a_coarser_number_moves_more() -> None:
    # Half roundings of 1 and 3: in units of these the distances are 0.1 and 0.3, so in persons 1 to 9.
    value = np.array([[50.0, 50.0]])
    half = np.array([[1.0, 3.0]])
    assert fit(value, value - half, value + half, totals=np.array([101.0])).values == pytest.approx(np.array([[50.1, 50.9]]))


def test_no_cell_leaves_its_rounding_and_the_others_take_what_it_cannot() -> None:
    # Zero cannot become less, so 4 too many come off the other two.
    assert fit(*around([[0, 20, 20]]), totals=np.array([36.0])).values == pytest.approx(np.array([[0, 18, 18]]))


def test_numbers_that_were_not_rounded_do_not_move() -> None:
    value, low, high = around([[7.0, 20.0, 20.0]])
    low[0, 0], high[0, 0] = 6.5, 7.5
    assert fit(value, low, high, totals=np.array([49.0])).values == pytest.approx(np.array([[7, 21, 21]]), abs=1e-5)


def test_whole_persons_give_way_by_half_a_person_where_they_contradict_one_another() -> None:
    # Five exact numbers of 201 people among 200: rounding explains at most half a person each, which is more than enough.
    found = fit(*around([[40, 40, 40, 40, 41]], 0.5), totals=np.array([200.0]))
    assert found.values == pytest.approx(np.array([[39.8, 39.8, 39.8, 39.8, 40.8]]))
    assert found.row_factors.tolist() == [1.0]


def test_rows_also_meet_the_figure_around_them() -> None:
    found = fit(*around([[335], [335], [330]]), uppers=[summed([[1, 1, 1]], [[1003]], 0.5)])
    assert found.values == pytest.approx(np.array([[336], [336], [331]]), abs=1e-5)
    assert found.values.sum() == pytest.approx(1003, abs=1e-5), "a number that was not rounded is met exactly"


def test_the_figure_around_them_may_lie_anywhere_in_its_own_rounding() -> None:
    # 1,000 and a rounded 1,005: the sum needs to come no nearer than 1,002.5.
    found = fit(*around([[500], [500]]), uppers=[summed([[1, 1]], [[1005]], HALF)])
    assert found.values == pytest.approx(np.array([[501.25], [501.25]]), abs=1e-4)


def test_three_levels_are_met_together() -> None:
    # 10 + 15 in a wijk of 30 (at least 27.5), 20 in another, 48 in all: 1.25 more for each of the two, and 0.5 for the third.
    uppers = [summed([[1, 1, 0], [0, 0, 1]], [[30], [20]], HALF), summed([[1, 1, 1]], [[48]], 0.5)]
    found = fit(*around([[10], [15], [20]]), uppers=uppers).values[:, 0]
    assert found.sum() == pytest.approx(48, abs=1e-5)
    assert found == pytest.approx([11.25, 16.25, 20.5], abs=1e-3)


def test_a_row_that_cannot_add_up_is_widened_alone() -> None:
    # 3 x 5 people of nobody at all: 15 - 7.5 f = 0 at f = 2; the other row keeps its rounding.
    found = fit(*around([[5, 5, 5], [10, 20, 30]]), totals=np.array([0.0, 60.0]))
    assert found.row_factors.tolist() == [2.0, 1.0]
    assert found.values.tolist() == [[0, 0, 0], [10, 20, 30]]
    assert found.high[1].tolist() == [12.5, 22.5, 32.5]


def test_rows_that_cannot_meet_a_sum_are_widened_together() -> None:
    # Two rows of 100 +- 2.5 and a sum of 210 +- 2.5: 10 = (2.5 + 2.5 + 2.5) f.
    found = fit(*around([[100], [100]]), uppers=[summed([[1, 1]], [[210]], HALF)])
    assert found.factor == 1.34
    assert found.values.sum() >= 210 - 1.34 * HALF - 1e-4


def test_bounds_are_widened_from_the_value_and_never_below_zero() -> None:
    low, high = widened(*around([[1, 10]]), 2.0)
    assert low.tolist() == [[0, 5]]
    assert high.tolist() == [[6, 15]]
    same = widened(*around([[1, 10]]), 1.0)
    assert [side.tolist() for side in same] == [[[0, 7.5]], [[3.5, 12.5]]]


def test_nothing_to_fit_is_no_fault() -> None:
    assert fit(*around(np.zeros((0, 3))), totals=np.zeros(0)).values.shape == (0, 3)


def test_what_makes_no_sense_is_refused() -> None:
    value, low, high = around([[5.0]])
    with pytest.raises(ValueError, match="outside"):
        fit(value + 10, low, high)
    with pytest.raises(ValueError, match="negative"):
        fit(value, low, high, totals=np.array([-1.0]))
    with pytest.raises(ValueError, match="without width"):
        fit(value, value, value, totals=np.array([6.0]))


# --- against other optimisers -------------------------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> tuple[Floats, Floats, Floats, Floats, list[Upper]]:
    """A true table of people, as it is published: cells and the sums of two wijken rounded to fives, totals and the whole exact."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(2, 3))
    true = np.array(draw(st.lists(st.lists(st.integers(0, 60), min_size=columns, max_size=columns), min_size=rows, max_size=rows)), float)
    wijken = np.array([[1.0] * (rows // 2) + [0.0] * (rows - rows // 2), [0.0] * (rows // 2) + [1.0] * (rows - rows // 2)])
    wijken = wijken[wijken.sum(axis=1) > 0]
    whole = np.ones((1, rows))
    uppers = [Upper(wijken, *around(np.round(wijken @ true / 5) * 5)), Upper(whole, *around(whole @ true, 0.5))]
    return *around(np.round(true / 5) * 5), true.sum(axis=1), uppers


def within(found: Fitted, totals: Floats, uppers: list[Upper]) -> None:
    assert found.values.sum(axis=1) == pytest.approx(totals, abs=1e-6)
    assert (found.values >= found.low - 1e-9).all()
    assert (found.values <= found.high + 1e-9).all()
    for upper in uppers:
        sums = upper.members @ found.values
        assert (sums >= upper.low - 1e-4).all()
        assert (sums <= upper.high + 1e-4).all()


@given(tables())
@settings(max_examples=80, deadline=None)
def test_what_was_rounded_from_a_true_table_always_fits_without_widening(table: Any) -> None:
    value, low, high, totals, uppers = table
    found = fit(value, low, high, totals=totals, uppers=uppers)
    assert found.factor == 1.0
    assert (found.row_factors == 1.0).all()
    within(found, totals, uppers)


@given(tables())
@settings(max_examples=40, deadline=None)
def test_no_point_that_meets_the_bounds_is_nearer_than_the_one_found(table: Any) -> None:
    value, low, high, totals, uppers = table
    found = fit(value, low, high, totals=totals, uppers=uppers)
    weights = (((high - low) / 2) ** -2).ravel()
    rows, columns = value.shape
    constraints: list[dict[str, Any]] = [
        {"type": "eq", "fun": lambda x, r=row: x.reshape(rows, columns)[r].sum() - totals[r]} for row in range(rows)
    ]
    for upper in found.uppers:
        for side, bound in ((1, upper.low), (-1, upper.high)):
            constraints.append(
                {
                    "type": "ineq",
                    "fun": lambda x, u=upper, s=side, b=bound: (s * (u.members @ x.reshape(rows, columns) - b)).ravel(),
                }
            )
    other = minimize(
        lambda x: float((weights * (x - value.ravel()) ** 2).sum()),
        found.values.ravel(),
        jac=lambda x: 2 * weights * (x - value.ravel()),
        bounds=list(zip(low.ravel(), high.ravel(), strict=True)),
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    mine = float((weights * (found.values.ravel() - value.ravel()) ** 2).sum())
    assert mine <= other.fun + 1e-3
    if other.success:
        assert found.values.ravel() == pytest.approx(other.x, abs=0.05)


@given(tables(), st.integers(-10, 10), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_the_factor_is_the_smallest_with_which_everything_fits(table: Any, off: int, extra: int) -> None:
    value, low, high, totals, uppers = table
    broken = [Upper(item.members, *around(item.value + (off if number == 0 else 0))) for number, item in enumerate(uppers)]
    broken = [Upper(item.members, *around(np.maximum(0.0, item.value))) for item in broken]
    totals = totals + extra
    found = fit(value, low, high, totals=totals, uppers=broken)
    rows = widened(value, low, high, found.row_factors[:, None])
    assert feasible(value, *rows, totals, broken, found.factor)
    assert found.factor == 1.0 or not feasible(value, *rows, totals, broken, found.factor - 0.02)
    within(found, totals, list(found.uppers))
    for row in np.flatnonzero(found.row_factors > 1.0):
        factor = found.row_factors[row] - 0.02
        least, most = widened(value[row : row + 1], low[row : row + 1], high[row : row + 1], factor)
        assert most.sum() < totals[row] or least.sum() > totals[row]


def feasible(value: Floats, low: Floats, high: Floats, totals: Floats, uppers: list[Upper], factor: float) -> bool:
    """Whether linear programming finds any point within the widened bounds."""
    rows, columns = value.shape
    least, most = widened(value, low, high, factor)
    matrix, limits = [], []
    for upper in uppers:
        for side, bound in zip((-1, 1), widened(upper.value, upper.low, upper.high, factor), strict=True):
            for line, numbers in zip(upper.members, bound, strict=True):
                for column in range(columns):
                    matrix.append(side * np.outer(line, np.eye(columns)[column]).ravel())
                    limits.append(side * numbers[column] + 1e-6)
    exact = np.kron(np.eye(rows), np.ones((1, columns)))
    bounds = list(zip(least.ravel(), most.ravel(), strict=True))
    answer = linprog(np.zeros(rows * columns), A_ub=np.array(matrix), b_ub=limits, A_eq=exact, b_eq=totals, bounds=bounds)
    return bool(answer.status == 0)


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_makes_no_difference(table: Any, random: Any) -> None:
    value, low, high, totals, uppers = table
    order = list(range(len(value)))
    random.shuffle(order)
    moved = [Upper(item.members[:, order], item.value, item.low, item.high) for item in uppers]
    one = fit(value, low, high, totals=totals, uppers=uppers).values
    other = fit(value[order], low[order], high[order], totals=totals[order], uppers=moved).values
    assert other == pytest.approx(one[order], abs=0.01)
