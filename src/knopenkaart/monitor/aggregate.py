# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of parts added up to a whole, as far as the catalogue allows, with the bounds that rounding leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator

# Figures whose n counts the people that they are about; that of a survey counts answers.
_COUNTED = ("register", "own")
# Lower and upper end.
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Total:
    """The figure of a whole, from its `parts`.

    `value` is empty where one part has none, or where the figure cannot be added up; `reason` says why: missing, suppressed, hidden,
    not_additive, no_weight, units_differ or no_parts. `low` and `high` are the bounds that the rounding and the margins of the parts leave;
    of a count with unknown parts `low` alone, the least that it can be. `known` of the parts have a figure.
    """

    indicator: str
    group: str
    year: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    parts: int
    known: int
    reason: str = ""


def total(parts: Sequence[AreaValues], indicator: Indicator, catalogue: Catalogue, *, group: str = ALL, year: int | None = None) -> Total:
    """The figure of the whole that `parts` make up together, without overlap: counts add, shares and means by what they are of.

    `year` is that of the figures; without it the latest that a part has. Whatever one part lacks, the whole lacks: never zero. Method:
    docs/method/aggregation.md.
    """
    at = year if year is not None else max((item for part in parts for item in part.years(indicator.id, group=group)), default=None)
    found = [None if at is None else part.value(indicator.id, group=group, year=at) for part in parts]
    known = [item for item in found if item is not None and item.value is not None]
    units = {item.unit for item in known}

    def told(*, value: float | None = None, low: float | None = None, high: float | None = None, reason: str = "") -> Total:
        unit = units.copy().pop() if len(units) == 1 else indicator.unit
        return Total(indicator.id, group, at, value, low, high, unit, len(parts), len(known), reason)

    if not parts:
        return told(reason="no_parts")
    if indicator.aggregate == "none":
        return told(reason="not_additive")
    if len(units) > 1:
        return told(reason="units_differ")
    adds = indicator.aggregate == "count" and units != {"percent"}
    if len(known) < len(parts):
        # Counts are never negative: what is known is the least that the whole can be.
        least = (
            sum(_range(item, indicator, part.level)[0] for part, item in zip(parts, found, strict=True) if _has(item))
            if adds and known
            else None
        )
        return told(low=least, reason=_gap(found))
    ranges = [_range(item, indicator, part.level) for part, item in zip(parts, known, strict=True)]
    numbers = [float(item.value or 0.0) for item in known]
    if adds:
        return told(value=sum(numbers), low=sum(low for low, _ in ranges), high=sum(high for _, high in ranges))
    weights = [_weight(part, item, indicator, catalogue) for part, item in zip(parts, known, strict=True)]
    sure = [item for item in weights if item is not None]
    if len(sure) < len(weights) or not sum(weight for weight, _ in sure):
        return told(reason="no_weight")
    value = sum(number * weight for number, (weight, _) in zip(numbers, sure, strict=True)) / sum(weight for weight, _ in sure)
    spread = [bounds for _, bounds in sure]
    return told(value=value, low=_least([low for low, _ in ranges], spread), high=-_least([-high for _, high in ranges], spread))


def within(whole: Total, published: Value, indicator: Indicator, level: str) -> bool | None:
    """Whether a published figure of the whole can be the sum of the parts, both as rounded; None where that is unknown."""
    if whole.value is None or published.value is None or whole.low is None or whole.high is None or whole.unit != published.unit:
        return None
    low, high = _range(published, indicator, level)
    # Floating point adds in another order than people do.
    slack = 1e-9 * max(1.0, abs(whole.high))
    return low <= whole.high + slack and high >= whole.low - slack


def _has(item: Value | None) -> bool:
    return item is not None and item.value is not None


def _gap(found: Sequence[Value | None]) -> str:
    """Why the whole has no figure: hidden or suppressed where a part is, else missing."""
    reasons = {item.reason for item in found if item is not None and item.value is None}
    return next((reason for reason in ("hidden", "suppressed") if reason in reasons), "missing")


def _range(item: Value | None, indicator: Indicator, level: str) -> Range:
    """Between what a published figure lies: its own margin, and what was rounded off."""
    if item is None or item.value is None:
        raise ValueError("a figure without a value has no range")
    half = indicator.step(item.unit, level) / 2
    low = (item.value if item.low is None else item.low) - half
    high = (item.value if item.high is None else item.high) + half
    if item.unit == "count" and item.value >= 0:
        low = max(low, 0.0)
    if item.unit == "percent":
        low, high = max(low, min(0.0, item.value)), min(high, max(100.0, item.value))
    return low, high


def _weight(part: AreaValues, item: Value, indicator: Indicator, catalogue: Catalogue) -> tuple[float, Range] | None:
    """How much a part counts, and between what that lies: what the figure is a part of, or is spread over."""
    of = catalogue.indicators.get(indicator.of)
    if of is None:
        return None
    half = of.step(of.unit, part.level) / 2
    counted = part.value(of.id, year=item.year) if item.group == ALL else None
    # In its own unit: people, dwellings, km2 of land. A percent of inhabitants is no weight.
    if counted is not None and counted.value is not None and counted.unit == of.unit:
        number = counted.value
    elif item.n is not None and item.nature in _COUNTED:
        number, half = item.n, half if item.nature == "register" else 0.0
    else:
        return None
    return number, (max(number - half, 0.0), number + half)


def _least(values: Sequence[float], weights: Sequence[Range]) -> float:
    """The smallest weighted mean of `values` when every weight may be anything within its range.

    It is reached where the smaller values have their largest weight and the larger ones their smallest; each such split is tried.
    """
    order = sorted(range(len(values)), key=lambda number: values[number])
    weight = sum(low for low, _ in weights)
    amount = sum(values[number] * weights[number][0] for number in order)
    best = amount / weight if weight else values[order[0]]
    for number in order:
        low, high = weights[number]
        weight += high - low
        amount += values[number] * (high - low)
        if weight:
            best = min(best, amount / weight)
    return best
