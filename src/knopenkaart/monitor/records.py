# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An area with its figures, as records of the standard library: what analyses of the monitor take, in pages as in the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

# The group that stands for everybody.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Value:
    """One figure about one area and group. `value` is empty where there is none, and `reason` says why.

    `n` is the number of people, households or answers that it rests on; `low` and `high` the margin that the source gives; `area_year` the
    division in which it was published (another than that of the area: it was joined, or bridged where `bridged`). `only_rounding`: the
    margin is what rounding allows, and no chance is in it.
    """

    indicator: str
    year: int
    value: float | None
    unit: str
    source: str
    nature: str
    group: str = ALL
    n: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    area_year: int | None = None
    bridged: bool = False
    only_rounding: bool = False


@dataclass(frozen=True, slots=True)
class AreaValues:
    """An area of one division (country, municipality, wijk or buurt) and all figures that are known to be about it."""

    code: str
    year: int
    level: str
    name: str
    municipality_code: str = ""
    wijk_code: str = ""
    values: tuple[Value, ...] = field(default=())

    def value(self, indicator: str, *, group: str = ALL, year: int | None = None, source: str = "") -> Value | None:
        """The figure of a year; without a year the latest that has a value, else the latest. If possible that of a `source`."""
        found = [item for item in self.values if item.indicator == indicator and item.group == group and year in (None, item.year)]
        return max(found, key=lambda item: (item.value is not None, item.year, item.source == source), default=None)

    def groups(self, indicator: str) -> tuple[str, ...]:
        """The groups that an indicator is told of, everybody included."""
        return tuple(dict.fromkeys(item.group for item in self.values if item.indicator == indicator))

    def years(self, indicator: str, *, group: str = ALL) -> tuple[int, ...]:
        """The years of which there is a figure, oldest first."""
        return tuple(sorted({item.year for item in self.values if item.indicator == indicator and item.group == group}))
