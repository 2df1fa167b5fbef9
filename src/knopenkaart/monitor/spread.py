# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which figures the parts of an area, or the groups in it, differ most from each other, told only where it is more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import erfc, sqrt
from typing import TypeVar

from knopenkaart.monitor._margins import Z, z_of
from knopenkaart.monitor.estimates import Difference, Estimate, difference, estimate
from knopenkaart.monitor.findings import FALSE_SHARE, size_of, unlikely
from knopenkaart.monitor.profile import comparable
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.vocabulary.catalogue import Indicator

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator: the area (or group) where it is surely lowest, that where it is surely highest, both figures, and how far they lie
    apart."""

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
    found = {item.id: one for item in indicators if comparable(item) and (one := _between(areas, item)) is not None}
    return _sure(found, dict.fromkeys(found, len(areas)))


def group_spreads(area: AreaValues, indicators: Iterable[Indicator], divisions: Iterable[Sequence[str]]) -> list[Spread]:
    """The same of the groups of one area: each division of people into groups (by age, by origin) by itself, and an indicator once for
    each in which groups surely differ.

    Source: docs/method/comparing-areas.md.
    """
    parts = [tuple(groups) for groups in divisions]
    every = {(item.id, part): _among(area, item, part) for item in indicators if comparable(item) for part in parts}
    found = {key: one for key, one in every.items() if one is not None}
    return _sure(found, {key: len(key[1]) for key in found})


def _sure(found: Mapping[Key, Spread], sizes: Mapping[Key, int]) -> list[Spread]:
    """Those that are more than the chance of having picked the two that lie furthest apart out of so many, with margins as wide as that
    asks; most first."""
    pairs = {key: size * (size - 1) / 2 for key, size in sizes.items()}
    # Also what does not differ was looked at: without it, chance would be reckoned of those only that chance had made differ.
    chances = {key: min(1.0, _chance(one.difference) * pairs[key]) for key, one in found.items() if one.difference.z is not None}
    told = unlikely(chances)
    # As for the findings: the two that lie furthest apart seem further than they are.
    sure = [
        _at(one, z_of(1 - FALSE_SHARE * len(told) / len(chances) / pairs[key]) if told else Z)
        for key, one in found.items()
        if one.difference.verdict == "higher" and (key in told or key not in chances)
    ]
    return sorted(sure, key=lambda one: (-size_of(one.difference, one.low), one.indicator, one.highest))


def _chance(apart: Difference) -> float:
    """The chance of so large a difference where there is none; the one that begins highest may as well be the lower."""
    return erfc(apart.z / sqrt(2)) if apart.z is not None and (apart.value or 0.0) > 0 else 1.0


def _at(one: Spread, z: float) -> Spread:
    low, high = one.difference.at(z)
    return replace(one, difference=replace(one.difference, low=low, high=high))


def _between(areas: Sequence[AreaValues], indicator: Indicator) -> Spread | None:
    """The areas that lie furthest apart."""
    year = usual_year(areas, indicator)
    return _furthest(indicator, year, [(area.code, estimate(area, indicator, year=year)) for area in areas] if year else [])


def _among(area: AreaValues, indicator: Indicator, groups: Sequence[str]) -> Spread | None:
    """The groups of an area that lie furthest apart."""
    told = [item for item in area.values if item.indicator == indicator.id and item.value is not None]
    year = _year({item.year for item in told if item.group == group} for group in groups)
    return _furthest(indicator, year, [(group, estimate(area, indicator, group=group, year=year)) for group in groups] if year else [])


def _furthest(indicator: Indicator, year: int | None, every: Sequence[tuple[str, Estimate]]) -> Spread | None:
    known = [(code, one) for code, one in every if one.bounded]
    if year is None or len(known) < 2 or len({one.nature for _code, one in known}) > 1:
        return None
    highest, high = max(known, key=lambda item: (item[1].low or 0.0, item[0]))
    lowest, low = min(known, key=lambda item: (item[1].high or 0.0, item[0]))
    return Spread(indicator.id, year, lowest, low, highest, high, difference(high, low))


def usual_year(areas: Iterable[AreaValues], indicator: Indicator, groups: Collection[str] = (ALL,)) -> int | None:
    """The last year that at least half as many areas (each with each group) have a figure of as any year has; None where there is none.

    What is laid beside one another is of one year. Source: docs/method/comparing-areas.md.
    """
    return _year(
        {item.year for item in area.values if item.indicator == indicator.id and item.group == group and item.value is not None}
        for area in areas
        for group in groups
    )


def _year(known: Iterable[set[int]]) -> int | None:
    """The last year that at least half as many areas (or groups) have a figure of as any year has."""
    have = Counter(year for years in known for year in years)
    most = max(have.values(), default=0)
    return max((year for year, count in have.items() if 2 * count >= most), default=None)
