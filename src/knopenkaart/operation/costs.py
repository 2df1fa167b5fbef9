# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a place costs: per year, per visit, per hour of visit and per square metre, with intervals, and with what is missing named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from knopenkaart.errors import Fault, InputError
from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.records import Estimate, Money, PlaceFacts, exactly
from knopenkaart.vocabulary import MoneyCategory

Categories = Mapping[str, MoneyCategory]
_WEEKS_IN_A_YEAR = 53
_HOURS_IN_A_DAY = 24


@dataclass(frozen=True, slots=True)
class YearMoney:
    """The money of one place in one calendar year, in euro: category -> amount, and the expected categories that nobody filled in."""

    year: int
    costs_by: Mapping[str, float]
    income_by: Mapping[str, float]
    in_kind: float
    own_income: float
    missing_costs: tuple[str, ...]
    missing_income: tuple[str, ...]

    @property
    def costs(self) -> float:
        return sum(self.costs_by.values())

    @property
    def income(self) -> float:
        return sum(self.income_by.values())

    @property
    def subsidy(self) -> float | None:
        """None where nobody filled it in; 0 is none."""
        return self.income_by.get("subsidy")

    @property
    def balance(self) -> float:
        """All income less costs: below zero is a loss."""
        return self.income - self.costs

    @property
    def net(self) -> float:
        """What is left of the costs after all income but subsidy: what others must carry."""
        return self.costs - (self.income - (self.subsidy or 0.0))

    @property
    def missing(self) -> tuple[str, ...]:
        return (*self.missing_costs, *self.missing_income)


def money_years(rows: Iterable[Money], categories: Categories) -> tuple[YearMoney, ...]:
    """The years of one place, the latest first. Raises InputError with every row that cannot be: unknown category, amount below zero, a
    category twice in a year."""
    rows = tuple(rows)
    _check(rows, categories)
    years = sorted({row.year for row in rows}, reverse=True)
    return tuple(_year(year, {row.category: row.amount for row in rows if row.year == year}, categories) for year in years)


def _year(year: int, lines: Mapping[str, float], categories: Categories) -> YearMoney:
    def of(direction: str) -> dict[str, float]:
        return {name: lines[name] for name, category in categories.items() if category.direction == direction and name in lines}

    def missing(direction: str) -> tuple[str, ...]:
        expected = (name for name, category in categories.items() if category.direction == direction and category.expected)
        return tuple(name for name in expected if name not in lines)

    income = of("income")
    own = sum(amount for name, amount in income.items() if categories[name].own)
    return YearMoney(year, of("cost"), income, sum(of("in_kind").values()), own, missing("cost"), missing("income"))


def _check(rows: tuple[Money, ...], categories: Categories) -> None:
    faults: list[Fault] = []
    seen: set[tuple[int, str]] = set()
    for number, row in enumerate(rows):
        if row.category not in categories:
            faults.append(Fault("money.category", f"'{row.category}' is no category", row=number, column="category", value=row.category))
        if not 0 <= row.amount < float("inf"):
            faults.append(Fault("money.amount", "an amount is zero or more", row=number, column="amount", value=str(row.amount)))
        if (row.year, row.category) in seen:
            faults.append(Fault("money.twice", f"{row.category} of {row.year} is there twice", row=number, column="category"))
        seen.add((row.year, row.category))
    if faults:
        raise InputError("These amounts cannot be.", code="money.lines", remedy="Correct what is named.", faults=faults)


@dataclass(frozen=True, slots=True)
class CostFigure:
    """One figure in euro. `estimate` is None where it cannot be told; `missing` names what was not filled in (categories, visits, m2,
    no_visits), `assumed` what was assumed (weeks_open, dwell_hours). A figure with missing costs is at least this much."""

    id: str
    estimate: Estimate | None
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one place in its latest whole year with costs: the year, and the figures by their id."""

    year: YearMoney | None
    figures: Mapping[str, CostFigure] = field(default_factory=dict)


def costs(facts: PlaceFacts, categories: Categories, *, conventions: Conventions = DEFAULT) -> Costs:
    """What a place costs per visit and the like; the year is the latest that is over and for which any cost was filled in.

    Money is exact, so the interval of a figure is that of the visits, widened where weeks or hours had to be assumed:
    cost / (visits per week x weeks), from the most visits to the fewest. Raises InputError on money, weeks or hours that cannot be.
    """
    years = (item for item in money_years(facts.money, categories) if item.year < facts.today.year)
    year = next((item for item in years if item.costs_by), None)
    if year is None:
        return Costs(None)
    weeks, weeks_assumed = _given(facts.weeks_open, conventions.weeks_open, "weeks_open", _WEEKS_IN_A_YEAR)
    dwell, dwell_assumed = _given(facts.dwell_hours, conventions.dwell_hours, "dwell_hours", _HOURS_IN_A_DAY)
    visits = _times(facts.visits, weeks) if facts.visits else None
    hours = _times(visits, dwell) if visits else None
    both = weeks_assumed + dwell_assumed
    lacking = year.missing_costs
    m2 = facts.building.m2
    area = exactly(m2) if m2 else None
    found = (
        _figure("cost_per_visit", year.costs, visits, lacking, weeks_assumed),
        _figure("full_cost_per_visit", year.costs + year.in_kind, visits, lacking, weeks_assumed),
        _figure("net_per_visit", year.net, visits, year.missing, weeks_assumed),
        _figure("subsidy_per_visit", year.subsidy, visits, () if year.subsidy is not None else ("subsidy",), weeks_assumed),
        _figure("cost_per_visit_hour", year.costs, hours, lacking, both),
        _figure("net_per_visit_hour", year.net, hours, year.missing, both),
        _figure("cost_per_m2", year.costs, area, lacking, (), of="m2"),
    )
    return Costs(year, {figure.id: figure for figure in found})


def _given(number: float | None, assumed: tuple[float, float, float], name: str, most: float) -> tuple[Estimate, tuple[str, ...]]:
    """The number that was given, or the assumed one with its range and name."""
    if number is None:
        return Estimate(*assumed), (name,)
    if not 0 < number <= most:
        raise InputError(f"{name} is above 0 and at most {most}, not {number:g}.", code="use.number", remedy="Correct it.")
    return exactly(number), ()


def _figure(
    name: str, amount: float | None, per: Estimate | None, missing: tuple[str, ...], assumed: tuple[str, ...], *, of: str = "visits"
) -> CostFigure:
    if per is None:
        return CostFigure(name, None, (*missing, of))
    if per.value <= 0:
        return CostFigure(name, None, (*missing, "no_visits"))
    return CostFigure(name, None if amount is None else ratio(amount, per), missing, assumed)


def _times(one: Estimate, other: Estimate) -> Estimate:
    """The product of two numbers of zero or more."""
    low = (one.low or 0.0) * (other.low or 0.0)
    return Estimate(one.value * other.value, low, None if one.high is None or other.high is None else one.high * other.high)


def ratio(amount: float, per: Estimate) -> Estimate:
    """An exact amount over an uncertain number above zero. Fewer than none cannot be: a lower bound of 0 leaves the ratio unbounded.

    >>> ratio(1200, Estimate(100, 80, 120))
    Estimate(value=12.0, low=10.0, high=15.0)
    """
    near = 0.0 if per.high is None else amount / per.high
    far = amount / per.low if per.low is not None and per.low > 0 else None
    if amount == 0:
        return exactly(0.0)
    low, high = (near, far) if amount > 0 else (far, near)
    return Estimate(amount / per.value, low, high)
