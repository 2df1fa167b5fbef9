# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which figures the parts of an area differ most from each other, told only where it is more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import erfc, sqrt

from knopenkaart.monitor._margins import Z, z_of
from knopenkaart.monitor.estimates import Difference, Estimate, difference, estimate
from knopenkaart.monitor.findings import FALSE_SHARE, size_of, unlikely
from knopenkaart.monitor.profile import comparable
from knopenkaart.monitor.records import AreaValues
from knopenkaart.vocabulary.catalogue import Indicator


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator: the area where it is surely lowest, that where it is surely highest, both figures, and how far they lie apart."""

    indicator: str
    year: int
    lowest: str
    low: Estimate
    highest: str
    high: Estimate
    difference: Difference


def spreads(areas: Sequence[AreaValues], indicators: Iterable[Indicator]) -> list[Spread]:
    """Indicators in which areas differ, those that are surest to differ most first.

    Of each indicator the area whose interval begins highest stands against the area whose interval ends lowest, in the last year that at
    least half of the areas with figures have. They were picked from all pairs, so chance is reckoned for as many pairs; of all indicators
    that are told at most 5 % are expected to be chance, and their margins are as wide as that asks. Figures without a margin, or of
    several kinds, are left out.

    Source: docs/method/comparing-areas.md.
    """
    found = {item.id: one for item in indicators if comparable(item) and (one := _spread(areas, item)) is not None}
    pairs = len(areas) * (len(areas) - 1) / 2
    chances = {name: min(1.0, erfc(one.difference.z / sqrt(2)) * pairs) for name, one in found.items() if one.difference.z is not None}
    told = unlikely(chances)
    # As for the findings: the two that lie furthest apart seem further than they are.
    z = z_of(1 - FALSE_SHARE * len(told) / len(chances) / pairs) if told else Z
    sure = [_at(one, z) for name, one in found.items() if name in told or name not in chances]
    return sorted(sure, key=lambda one: (-size_of(one.difference, one.low), one.indicator))


def _at(one: Spread, z: float) -> Spread:
    low, high = one.difference.at(z)
    return replace(one, difference=replace(one.difference, low=low, high=high))


def _spread(areas: Sequence[AreaValues], indicator: Indicator) -> Spread | None:
    year = _year(areas, indicator.id)
    if year is None:
        return None
    every = [(area.code, estimate(area, indicator, year=year)) for area in areas]
    known = [(code, one) for code, one in every if one.bounded]
    if len(known) < 2 or len({one.nature for _code, one in known}) > 1:
        return None
    highest, high = max(known, key=lambda item: (item[1].low or 0.0, item[0]))
    lowest, low = min(known, key=lambda item: (item[1].high or 0.0, item[0]))
    apart = difference(high, low)
    return Spread(indicator.id, year, lowest, low, highest, high, apart) if apart.verdict == "higher" else None


def _year(areas: Sequence[AreaValues], indicator: str) -> int | None:
    """The last year that at least half as many areas have a figure of as any year has."""
    have = Counter(
        year for area in areas for year in {item.year for item in area.values if item.indicator == indicator and item.value is not None}
    )
    most = max(have.values(), default=0)
    return max((year for year, count in have.items() if 2 * count >= most), default=None)
