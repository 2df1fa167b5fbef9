# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Costs by hand: per visit, per hour of visit, per square metre; intervals from the visits; what is missing is named and no zero."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.operation import Building, Costs, Estimate, Money, PlaceFacts, costs, exactly, money_years
from knopenkaart.operation.costs import ratio
from knopenkaart.vocabulary import load_vocabulary

CATEGORIES = load_vocabulary().money
# Costs 46,000 euro; own income 16,000, gifts 1,000, subsidy 26,000.
LINES = {
    "rent": 12_000.0,
    "energy": 8_000.0,
    "maintenance": 3_000.0,
    "staff": 15_000.0,
    "cleaning": 2_500.0,
    "insurance": 1_500.0,
    "programme": 4_000.0,
    "room_hire": 9_000.0,
    "bar": 5_000.0,
    "contributions": 2_000.0,
    "subsidy": 26_000.0,
    "gifts": 1_000.0,
    "free_rent": 10_000.0,
}
VISITS = Estimate(250.0, 200.0, 320.0)


def money(lines: dict[str, float], year: int = 2025) -> tuple[Money, ...]:
    return tuple(Money("p", year, category, amount) for category, amount in lines.items())


def facts(lines: dict[str, float] = LINES, **other: object) -> PlaceFacts:
    given: dict[str, object] = {"visits": VISITS, "weeks_open": 40.0, "dwell_hours": 2.0, "building": Building(m2=400.0)}
    return PlaceFacts("p", "village_square", date(2026, 6, 1), money=money(lines), **(given | other))  # type: ignore[arg-type]


def of(found: Costs, name: str) -> Estimate:
    estimate = found.figures[name].estimate
    assert estimate is not None
    return estimate


def near(value: float, low: float, high: float) -> object:
    """An estimate up to rounding, as `numbers` gives it."""
    return pytest.approx((value, low, high))


def numbers(found: Costs, name: str) -> tuple[float | None, ...]:
    return of(found, name).value, of(found, name).low, of(found, name).high


def test_a_year_is_added_up() -> None:
    [year] = money_years(money(LINES), CATEGORIES)
    assert (year.costs, year.income, year.own_income, year.subsidy, year.in_kind) == (46_000, 43_000, 16_000, 26_000, 10_000)
    assert year.balance == -3_000
    assert year.net == 46_000 - 17_000
    assert year.missing == ()


def test_figures_by_hand() -> None:
    # 250 visits a week in 40 weeks are 10,000 visits, 8,000 to 12,800 of them; two hours each.
    found = costs(facts(), CATEGORIES)
    assert numbers(found, "cost_per_visit") == near(4.6, 46_000 / 12_800, 5.75)
    assert of(found, "full_cost_per_visit").value == pytest.approx(5.6)
    assert numbers(found, "net_per_visit") == near(2.9, 29_000 / 12_800, 3.625)
    assert of(found, "subsidy_per_visit").value == pytest.approx(2.6)
    assert numbers(found, "cost_per_visit_hour") == near(2.3, 46_000 / 25_600, 2.875)
    assert of(found, "net_per_visit_hour").value == pytest.approx(1.45)
    assert of(found, "cost_per_m2") == exactly(115.0)
    assert {figure.assumed for figure in found.figures.values()} == {()}
    assert {figure.missing for figure in found.figures.values()} == {()}


def test_what_has_to_be_assumed_is_named_and_widens_the_interval() -> None:
    found = costs(facts(weeks_open=None, dwell_hours=None), CATEGORIES)
    # 46 weeks (40 to 52), an hour and a half (one to two and a half).
    assert numbers(found, "cost_per_visit") == near(4.0, 46_000 / (320 * 52), 46_000 / (200 * 40))
    assert of(found, "cost_per_visit_hour").high == pytest.approx(46_000 / (200 * 40 * 1.0))
    assert found.figures["cost_per_visit"].assumed == ("weeks_open",)
    assert found.figures["cost_per_visit_hour"].assumed == ("weeks_open", "dwell_hours")
    assert found.figures["cost_per_m2"].assumed == ()


def test_what_was_not_filled_in_is_named_and_no_zero() -> None:
    found = costs(facts({name: amount for name, amount in LINES.items() if name not in ("energy", "bar", "subsidy")}), CATEGORIES)
    assert found.figures["cost_per_visit"].missing == ("energy",)
    assert found.figures["net_per_visit"].missing == ("energy", "bar", "subsidy")
    assert found.figures["subsidy_per_visit"].estimate is None
    assert found.figures["subsidy_per_visit"].missing == ("subsidy",)
    assert of(found, "cost_per_visit").value == pytest.approx(3.8), "at least this much"


def test_a_zero_that_was_written_down_is_a_zero() -> None:
    found = costs(facts(LINES | {"energy": 0.0, "subsidy": 0.0}), CATEGORIES)
    assert found.figures["cost_per_visit"].missing == ()
    assert of(found, "subsidy_per_visit") == exactly(0.0)


def test_without_visits_or_floor_area_there_is_no_figure() -> None:
    found = costs(facts(visits=None, building=Building()), CATEGORIES)
    assert {name: figure.missing for name, figure in found.figures.items() if figure.estimate is None} == {
        "cost_per_visit": ("visits",),
        "full_cost_per_visit": ("visits",),
        "net_per_visit": ("visits",),
        "subsidy_per_visit": ("visits",),
        "cost_per_visit_hour": ("visits",),
        "net_per_visit_hour": ("visits",),
        "cost_per_m2": ("m2",),
    }


def test_without_a_single_visit_nothing_is_divided() -> None:
    assert costs(facts(visits=exactly(0.0)), CATEGORIES).figures["cost_per_visit"].missing == ("no_visits",)


def test_visits_that_may_be_nearly_none_leave_the_cost_per_visit_without_an_upper_bound() -> None:
    assert of(costs(facts(visits=Estimate(50.0, 0.0, 150.0)), CATEGORIES), "cost_per_visit").high is None


def test_a_surplus_is_below_zero_with_its_bounds_in_order() -> None:
    found = costs(facts(LINES | {"room_hire": 49_000.0}), CATEGORIES)
    assert numbers(found, "net_per_visit") == near(-1.1, -11_000 / 8_000, -11_000 / 12_800)


def test_the_latest_year_that_is_over_counts() -> None:
    lines = money(LINES, 2024) + money({"energy": 9_000.0}, 2026)
    place = PlaceFacts("p", "hotspot", date(2026, 6, 1), money=lines, visits=VISITS, weeks_open=40)
    found = costs(place, CATEGORIES)
    assert found.year is not None
    assert found.year.year == 2024
    assert costs(PlaceFacts("p", "hotspot", date(2026, 6, 1)), CATEGORIES) == Costs(None)


def test_every_line_that_cannot_be_is_refused() -> None:
    wrong = [Money("p", 2025, "rents", 1.0), Money("p", 2025, "rent", -1.0), Money("p", 2025, "rent", 1.0), Money("p", 2024, "rent", 1.0)]
    with pytest.raises(InputError) as caught:
        money_years(wrong, CATEGORIES)
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [
        ("money.category", 0),
        ("money.amount", 1),
        ("money.twice", 2),
    ]


@pytest.mark.parametrize("other", [{"weeks_open": 0.0}, {"weeks_open": 60.0}, {"dwell_hours": -1.0}, {"dwell_hours": float("nan")}])
def test_weeks_and_hours_that_cannot_be_are_refused(other: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        costs(facts(**other), CATEGORIES)
    assert caught.value.code == "use.number"


amounts = st.floats(-1e6, 1e6).filter(lambda amount: amount == 0 or abs(amount) > 1e-3)


@given(amounts, st.floats(1, 1e5), st.floats(0, 1), st.floats(1, 10))
def test_a_ratio_holds_every_value_that_the_visits_may_have(amount: float, value: float, down: float, up: float) -> None:
    found = ratio(amount, Estimate(value, value * down, value * up))
    for per in (value, value * up, max(value * down, 1e-6)):
        slack = 1e-9 * abs(amount / per)
        assert found.low is None or found.low <= amount / per + slack
        assert found.high is None or amount / per <= found.high + slack


@given(st.dictionaries(st.sampled_from(sorted(CATEGORIES)), st.floats(0, 1e6)))
def test_costs_and_income_are_the_sum_of_their_lines(lines: dict[str, float]) -> None:
    for year in money_years(money(lines), CATEGORIES):
        directions = {d: sum(v for name, v in lines.items() if CATEGORIES[name].direction == d) for d in ("cost", "income", "in_kind")}
        assert (year.costs, year.income, year.in_kind) == pytest.approx((directions["cost"], directions["income"], directions["in_kind"]))
        assert year.own_income <= year.income + 1e-6
        expected = {name for name, item in CATEGORIES.items() if item.expected}
        assert set(year.missing) == expected - set(lines)
