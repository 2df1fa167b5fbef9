# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The reckoned table meets both totals, stays within what is possible, and is the one that another method finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from knopenkaart.errors import InputError
from knopenkaart.monitor.raking import Raked, rake

PEOPLE = {("noord", "young"): 400.0, ("noord", "old"): 600.0, ("zuid", "young"): 1600.0, ("zuid", "old"): 400.0}


def _value(found: Raked, area: str, group: str) -> float:
    return next(cell.value for cell in found.cells if (cell.area, cell.group) == (area, group))


def test_totals_that_follow_the_rates_are_left_as_they_are() -> None:
    """Of the young 5 % everywhere, of the old 20 %: 20 + 120 in Noord, 80 + 80 in Zuid."""
    found = rake(PEOPLE, {"noord": 140.0, "zuid": 160.0}, {"young": 100.0, "old": 200.0})
    assert _value(found, "noord", "young") == pytest.approx(20)
    assert _value(found, "noord", "old") == pytest.approx(120)
    assert _value(found, "zuid", "old") == pytest.approx(80)
    assert found.scaled == 1.0


def test_both_totals_come_out() -> None:
    areas, groups = {"noord": 200.0, "zuid": 100.0}, {"young": 120.0, "old": 180.0}
    found = rake(PEOPLE, areas, groups)
    for area, total in areas.items():
        assert sum(_value(found, area, group) for group in groups) == pytest.approx(total, rel=1e-5)
    for group, total in groups.items():
        assert sum(_value(found, area, group) for area in areas) == pytest.approx(total, rel=1e-5)


def test_it_is_the_table_of_least_information_that_an_optimiser_finds() -> None:
    """Iterative fitting minimises the Kullback-Leibler distance to the start: a general optimiser must find the same table."""
    areas, groups = {"noord": 210.0, "zuid": 90.0}, {"young": 110.0, "old": 190.0}
    found = rake(PEOPLE, areas, groups)
    keys = list(PEOPLE)
    living = {group: sum(value for key, value in PEOPLE.items() if key[1] == group) for group in groups}
    start = np.array([PEOPLE[key] * groups[key[1]] / living[key[1]] for key in keys])
    bound = [
        {"type": "eq", "fun": lambda x, a=area: sum(x[i] for i, key in enumerate(keys) if key[0] == a) - areas[a]} for area in areas
    ] + [{"type": "eq", "fun": lambda x: sum(x[i] for i, key in enumerate(keys) if key[1] == "old") - groups["old"]}]
    best = minimize(
        lambda x: float(np.sum(x * np.log(x / start) - x)), start, constraints=bound, bounds=[(1e-6, None)] * 4, options={"ftol": 1e-13}
    )
    assert best.success
    for place, (area, group) in enumerate(keys):
        assert _value(found, area, group) == pytest.approx(best.x[place], rel=1e-3)


def test_nobody_is_counted_who_does_not_live_there() -> None:
    """All 1,000 in Noord: the model would give its 400 young more than there are."""
    found = rake(PEOPLE, {"noord": 950.0, "zuid": 50.0}, {"young": 420.0, "old": 580.0})
    for cell in found.cells:
        assert 0 <= cell.value <= cell.people + 1e-9


def test_the_bounds_are_what_the_totals_of_the_area_allow() -> None:
    """Noord: 700 of 1,000. Of 600 old people at least 300 (the other 400 may all be), at most 600."""
    found = rake(PEOPLE, {"noord": 700.0, "zuid": 100.0}, {"young": 300.0, "old": 500.0})
    cell = next(cell for cell in found.cells if (cell.area, cell.group) == ("noord", "old"))
    assert (cell.low, cell.high) == (300.0, 600.0)
    assert cell.low <= cell.value <= cell.high


def test_totals_of_two_sources_are_brought_together_and_it_is_told() -> None:
    found = rake(PEOPLE, {"noord": 140.0, "zuid": 160.0}, {"young": 98.0, "old": 196.0})
    assert found.scaled == pytest.approx(300 / 294)
    assert sum(cell.value for cell in found.cells) == pytest.approx(300)


@pytest.mark.parametrize(
    ("areas", "groups", "code"),
    [
        ({"noord": 140.0, "zuid": 160.0}, {"young": 100.0, "old": 100.0}, "raking.apart"),
        ({"noord": 1200.0, "zuid": 10.0}, {"young": 600.0, "old": 610.0}, "raking.too_many"),
        ({"noord": 10.0, "west": 10.0}, {"young": 10.0, "old": 10.0}, "raking.absent"),
        ({}, {"young": 10.0}, "raking.absent"),
    ],
)
def test_totals_that_cannot_be_are_refused(areas: dict[str, float], groups: dict[str, float], code: str) -> None:
    with pytest.raises(InputError) as caught:
        rake(PEOPLE, areas, groups)
    assert caught.value.code == code


def test_totals_that_no_table_has_are_refused() -> None:
    """900 in Noord needs 300 young at least; there are to be 100."""
    with pytest.raises(InputError) as caught:
        rake(PEOPLE, {"noord": 900.0, "zuid": 0.0}, {"young": 50.0, "old": 850.0})
    assert caught.value.code == "raking.unrest"


def test_few_people_are_never_shown() -> None:
    people = PEOPLE | {("oost", "young"): 8.0, ("oost", "old"): 300.0}
    found = rake(people, {"noord": 140.0, "zuid": 160.0, "oost": 9.0}, {"young": 101.0, "old": 208.0})
    hidden = {(cell.area, cell.group) for cell in found.cells if cell.hidden}
    assert hidden == {("oost", "young"), ("oost", "old")}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(50, 500), min_size=3, max_size=3), min_size=2, max_size=5),
    st.lists(st.floats(0.05, 0.5), min_size=3, max_size=3),
    st.lists(st.floats(0.7, 1.3), min_size=5, max_size=5),
)
def test_whatever_it_is_given_both_totals_come_out(living: list[list[int]], rates: list[float], tilt: list[float]) -> None:
    truth = {
        (str(area), str(group)): people * rates[group] * tilt[area] for area, line in enumerate(living) for group, people in enumerate(line)
    }
    people = {(str(area), str(group)): float(number) for area, line in enumerate(living) for group, number in enumerate(line)}
    areas = {str(area): sum(truth[str(area), str(group)] for group in range(3)) for area in range(len(living))}
    groups = {str(group): sum(truth[str(area), str(group)] for area in range(len(living))) for group in range(3)}
    found = rake(people, areas, groups)
    for area, total in areas.items():
        assert sum(cell.value for cell in found.cells if cell.area == area) == pytest.approx(total, rel=1e-4)
    assert all(-1e-9 <= cell.value <= cell.people + 1e-9 for cell in found.cells)
    assert all(cell.low - 0.02 <= cell.value <= cell.high + 0.02 for cell in found.cells)
