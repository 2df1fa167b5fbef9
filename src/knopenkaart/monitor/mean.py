# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mean of the figures of several areas, to compare one area with those that are most like it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from knopenkaart.monitor.estimates import NO_MARGIN, Estimate, estimate
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator

# With fewer of the areas the mean would be of others than those that were chosen.
LEAST_SHARE = 2 / 3


def mean_of(areas: Sequence[AreaValues], catalogue: Catalogue, *, code: str, name: str) -> AreaValues:
    """An area that has the mean figure of several areas, each of them as heavy, in the unit in which figures are compared (a count of
    people as a share in percent).

    It is of the latest year of which two thirds of the areas have a figure, and is left out where there is none, or where the figures came
    about in different ways. The margin is that of a mean of independent figures; where that of all is rounding only, so is that of the
    mean, as wide as if all were rounded the same way. Where one of them has no margin the mean has none. Raises ValueError without areas.
    """
    if not areas:
        raise ValueError("a mean needs areas")
    asked = dict.fromkeys((item.indicator, item.group) for area in areas for item in area.values)
    found = [
        value
        for indicator, group in asked
        if indicator in catalogue.indicators and (value := _mean(areas, catalogue.indicators[indicator], group)) is not None
    ]
    return AreaValues(code=code, year=areas[0].year, level=areas[0].level, name=name, values=tuple(found))


def _mean(areas: Sequence[AreaValues], indicator: Indicator, group: str) -> Value | None:
    years = Counter(year for area in areas for year in _years(area, indicator, group))
    year = max((year for year, many in years.items() if many >= LEAST_SHARE * len(areas)), default=None)
    if year is None:
        return None
    found = [item for item in (estimate(area, indicator, group=group, year=year) for area in areas) if item.value is not None]
    if len(found) < LEAST_SHARE * len(areas) or len({(item.unit, item.nature) for item in found}) != 1:
        return None
    middle = sum(item.value or 0.0 for item in found) / len(found)
    first = found[0]
    mean = Value(indicator.id, year, middle, first.unit, first.source, first.nature, group=group)
    if not all(item.bounded for item in found):
        # Else one would be reckoned from the households of the mean.
        return replace(mean, reason=NO_MARGIN)
    if all(item.basis == "rounding" for item in found):
        half = sum(item.rounding for item in found) / len(found)
        return replace(mean, low=middle - half, high=middle + half, only_rounding=True)
    low, high = _margin(found, middle)
    return replace(mean, low=low, high=high)


def _years(area: AreaValues, indicator: Indicator, group: str) -> set[int]:
    return {item.year for item in area.values if (item.indicator, item.group) == (indicator.id, group) and item.value is not None}


def _margin(found: Sequence[Estimate], middle: float) -> tuple[float, float]:
    """Half the width of a mean is the root of the sum of squares of the halves, over their number."""
    below = math.sqrt(sum(((item.value or 0.0) - (item.low or 0.0)) ** 2 for item in found)) / len(found)
    above = math.sqrt(sum(((item.high or 0.0) - (item.value or 0.0)) ** 2 for item in found)) / len(found)
    return middle - below, middle + above
