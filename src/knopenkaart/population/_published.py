# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The published figures of an area, with the rounding that they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

# Statistics Netherlands rounds what it counts in wijken and buurten to fives, and not in municipalities.
FIVE = 5.0
# In a municipality fewer multiples of five than this may be chance: three of them are so once in 125 times.
MANY = 3
PERCENT_STEPS = (1.0, 0.1, 0.01)
_PEOPLE = ("population", "men", "women", "households")
_HOUSEHOLDS = "households"


@dataclass(frozen=True, slots=True)
class Number:
    """A published number, and half the step to which it was rounded: the true one lies within `half` of it."""

    value: float
    half: float
    unit: str
    year: int
    source: str

    @property
    def low(self) -> float:
        return max(0.0, self.value - self.half)

    @property
    def high(self) -> float:
        return self.value + self.half


class Published:
    """Figures that are joined and have a value, per area and indicator.

    How coarsely they are rounded is read off the figures themselves, per level, source and year: counts to fives where all are multiples of
    five, percents to whole ones where all are whole.
    """

    def __init__(self, figures: pd.DataFrame, *, levels: Mapping[str, str], indicators: Iterable[str]) -> None:
        wanted = {*_PEOPLE, *indicators}
        usable = figures[figures["value"].notna() & figures["joined"].fillna(False).astype(bool)]
        usable = usable[usable["indicator"].isin(wanted | {"dwellings"}) & usable["area_code"].isin(list(levels))]
        usable = usable.assign(level=usable["area_code"].map(levels), value=usable["value"].astype(float))
        counted = usable[usable["indicator"] != "dwellings"]
        keys = zip(*(counted[name] for name in ("level", "source", "year", "unit")), strict=True)
        values: dict[tuple[str, str, int, str], list[float]] = defaultdict(list)
        for (level, source, year, unit), value in zip(keys, counted["value"], strict=True):
            values[str(level), str(source), int(year), str(unit)].append(float(value))
        self._steps = {key: _step(key[0], key[3], np.array(found)) for key, found in values.items()}
        self._levels = levels
        self._rows: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
        columns = (usable[name] for name in ("area_code", "indicator", "value", "unit", "year", "source"))
        for code, indicator, value, unit, year, source in zip(*columns, strict=True):
            self._rows[str(code), str(indicator)].append((float(value), str(unit), int(year), str(source)))

    def number(self, code: str, indicator: str, *, year: int | None = None) -> Number | None:
        """The figure of that year where there is one, else of the latest; a count before a percent."""
        rows = self._rows.get((code, indicator))
        if not rows:
            return None
        value, unit, found, source = max(rows, key=lambda row: (row[2] == year, row[2], row[1] == "count", row[3], row[0]))
        return Number(value, self.step(code, unit, found, source) / 2, unit, found, source)

    def people(self, code: str, *, year: int | None = None) -> Number | None:
        """The inhabitants; with a year, only those of that year."""
        found = self.number(code, "population", year=year)
        return found if found is not None and year in (None, found.year) else None

    def dwellings(self, code: str) -> float | None:
        """The number of dwellings, which nobody rounds."""
        found = self.number(code, "dwellings")
        return None if found is None else found.value

    def step(self, code: str, unit: str, year: int, source: str) -> float:
        """To which multiple the numbers of one level, source, year and unit are rounded."""
        return self._steps.get((self._levels[code], source, year, unit), 1.0)

    def members(self, code: str, indicator: str, *, people: float, year: int) -> Number | None:
        """People with a property, as a count of an area with `people` inhabitants in `year`; None where nothing tells.

        A percent is one of the inhabitants; of households (`households_single`) it is one of the households, and counts one person in each.
        Percents were computed from counts that were rounded themselves, so that rounding is added. A count of another year than the
        inhabitants is brought to theirs by the inhabitants of its own year.
        """
        found = self.number(code, indicator, year=year)
        if found is None:
            return None
        counted = self.step(code, "count", found.year, found.source) / 2
        if found.unit == "count":
            return self._of_year(code, found, people=people, year=year)
        if found.unit != "percent":
            return None
        if indicator.startswith(_HOUSEHOLDS):
            base = self.number(code, _HOUSEHOLDS, year=found.year)
            if base is None:
                return None
            share = _shared(found, base.value, counted)
            return self._of_year(code, Number(share.value, share.half, "count", base.year, found.source), people=people, year=year)
        return _shared(found, people, counted)

    def _of_year(self, code: str, found: Number, *, people: float, year: int) -> Number | None:
        if found.year == year:
            return found
        then = self.people(code, year=found.year)
        if then is None or then.value <= 0:
            return None
        return Number(found.value * people / then.value, found.half * people / then.value, "count", found.year, found.source)


def _shared(percent: Number, base: float, counted: float) -> Number:
    return Number(percent.value / 100 * base, percent.half / 100 * base + counted, "count", percent.year, percent.source)


def _step(level: str, unit: str, values: np.ndarray[Any, Any]) -> float:
    if unit == "percent":
        return next((step for step in PERCENT_STEPS if _multiples(values, step)), PERCENT_STEPS[-1])
    filled = values[values != 0]
    enough = len(filled) >= (MANY if level == "municipality" else 1)
    return FIVE if enough and _multiples(filled, FIVE) else 1.0


def _multiples(values: np.ndarray[Any, Any], step: float) -> bool:
    return bool(np.allclose(values / step, np.round(values / step), rtol=0, atol=1e-6))
