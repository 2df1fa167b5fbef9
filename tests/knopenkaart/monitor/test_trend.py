# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series is one line only as far as its years can be compared."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.trend import Trend, trend

from .invented import plain, share


def years(found: Trend) -> list[list[int]]:
    return [[year for year, _ in part] for part in found.parts]


def test_years_without_a_break_are_one_run() -> None:
    found = trend([(2022, share(20, 900)), (2024, share(22, 900)), (2023, share(21, 900))], {})
    assert (years(found), found.breaks, found.missing) == ([[2022, 2023, 2024]], (), ())


def test_a_run_ends_where_the_area_or_the_definition_changes() -> None:
    found = trend([(year, share(20, 900)) for year in (2020, 2021, 2022, 2023)], {2022: "division_redrawn"})
    assert (years(found), found.breaks) == ([[2020, 2021], [2022, 2023]], ((2022, "division_redrawn"),))


def test_a_break_between_two_years_stands_at_the_later_one() -> None:
    found = trend([(2012, share(20, 900)), (2016, share(20, 900))], {2014: "other_question"})
    assert (years(found), found.breaks) == ([[2012], [2016]], ((2016, "other_question"),))


def test_a_break_before_or_after_all_figures_breaks_nothing() -> None:
    points = [(2020, share(20, 900)), (2021, share(20, 900))]
    for breaks in ({2019: "x"}, {2020: "x"}, {2022: "x"}):
        found = trend(points, breaks)
        assert (years(found), found.breaks) == ([[2020, 2021]], ())


def test_a_year_without_a_figure_is_a_gap_and_never_nought() -> None:
    hidden = replace(plain(None, None, None), reason="suppressed")
    found = trend([(2020, share(20, 900)), (2021, hidden), (2022, share(21, 900))], {})
    assert (years(found), found.missing, found.breaks) == ([[2020], [2022]], ((2021, "suppressed"),), ())


def test_a_break_in_a_year_without_a_figure_is_told_at_the_next() -> None:
    found = trend([(2020, share(20, 900)), (2021, plain(None, None, None)), (2022, share(21, 900))], {2021: "changed"})
    assert (years(found), found.breaks) == ([[2020], [2022]], ((2022, "changed"),))


def test_another_unit_or_another_kind_of_figure_begins_a_new_run() -> None:
    found = trend([(2020, plain(1, 0, 2, unit="km")), (2021, plain(20, 19, 21)), (2022, replace(plain(20, 19, 21), nature="model"))], {})
    assert (years(found), found.breaks) == ([[2020], [2021], [2022]], ((2021, "unit"), (2022, "nature")))


def test_the_change_is_told_within_the_last_run_only() -> None:
    points = [(2019, share(60, 900)), (2020, share(20, 900)), (2021, share(25, 900)), (2022, share(30, 900))]
    found = trend(points, {2020: "changed"}).change
    assert (found.value, found.verdict) == (10, "higher")
    assert trend(points, {2022: "changed"}).change.verdict == "unknown"


def test_a_change_within_the_margins_is_no_change() -> None:
    assert trend([(2020, share(20, 100)), (2021, share(24, 100))], {}).change.verdict == "same"


def test_without_figures_there_is_nothing() -> None:
    assert trend([], {2020: "changed"}) == trend([], {})
    assert trend([], {}).parts == ()


@given(
    st.lists(st.tuples(st.integers(2000, 2030), st.one_of(st.none(), st.floats(0, 100))), unique_by=lambda point: point[0]),
    st.sets(st.integers(2000, 2030)),
)
def test_every_figure_stands_in_one_run_in_order_and_no_run_crosses_a_break(
    points: list[tuple[int, float | None]], broken: set[int]
) -> None:
    made: list[tuple[int, Estimate]] = [(year, plain(value, value, value)) for year, value in points]
    found = trend(made, dict.fromkeys(broken, "changed"))
    flat = [year for part in years(found) for year in part]
    assert flat == sorted(year for year, value in points if value is not None)
    assert sorted([*flat, *(year for year, _ in found.missing)]) == sorted(year for year, _ in points)
    for part in years(found):
        assert not any(part[0] < year <= part[-1] for year in broken)
