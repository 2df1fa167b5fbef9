# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The people behind figures of an own table, the areas that these are about, and what is kept of what was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from knopenkaart.privacy import THRESHOLD

# An area and a group.
Cell = tuple[str, str]
HIDDEN = "hidden"
# Identifiers of indicators that a municipality made itself begin so.
OWN = "own_"
# Figures of so many in each of these units are numbers of people among those whom the figure is about.
_PER = {"percent": 100, "per_1000": 1000}


class AreaLike(Protocol):
    """What must be known of an area: where it lies."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def wijk_code(self) -> str: ...
    @property
    def municipality_code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class People:
    """The people behind a figure: those it counts, and those it is about (None where that is not told)."""

    count: int
    of: int | None = None

    @property
    def small(self) -> bool:
        """Whether fewer than ten people have it, or fewer than ten do not."""
        return self.count < THRESHOLD or (self.of is not None and self.of - self.count < THRESHOLD)


@dataclass(frozen=True)
class Before:
    """What was shown of an indicator and a year before, with the exact numbers: cell -> (people, whether it was shown).

    `older`: other numbers of the same cells that were shown as well, in an earlier table or in that of another study.
    """

    indicator: str
    year: int
    cells: Mapping[Cell, tuple[People, bool]]
    older: Mapping[Cell, frozenset[People]] = field(default_factory=dict)

    def then(self, rows: Iterable[tuple[Cell, People, bool]]) -> Before:
        """The same after more came in: of each cell the number of now, and every other number of it that was ever shown."""
        cells, older = dict(self.cells), dict(self.older)
        for cell, people, shown in rows:
            was, was_shown = cells.get(cell, (people, shown))
            if was_shown:
                older[cell] = older.get(cell, frozenset()) | {was}
            cells[cell] = people, shown or people in older.get(cell, ())
        older = {cell: rest for cell, some in older.items() if (rest := some - {cells[cell][0]})}
        return Before(self.indicator, self.year, cells, older)

    def rows(self) -> list[tuple[Cell, People, bool]]:
        """All that is kept, the number of now of a cell last: from these rows the same is made again."""
        said = [(cell, people, True) for cell, some in self.older.items() for people in some]
        said.sort(key=lambda row: (row[0], row[1].count, row[1].of or 0))
        return said + [(cell, people, shown) for cell, (people, shown) in sorted(self.cells.items())]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be kept; they are exact: never to be sent or shown."""
        exact = [[*cell, people.count, people.of, shown] for cell, people, shown in self.rows()]
        return {"indicator": self.indicator, "year": self.year, "exact": exact}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Before:
        """From plain values."""
        exact = (((str(area), str(group)), People(count, of), bool(shown)) for area, group, count, of, shown in data["exact"])
        return cls(str(data["indicator"]), int(data["year"]), {}).then(exact)


def all_together(before: Iterable[Before]) -> tuple[Before, ...]:
    """What was shown before, once for each indicator and year: who reads two studies of one municipality knows of both."""
    found: dict[tuple[str, int], Before] = {}
    for item in before:
        key = (item.indicator, item.year)
        found[key] = found[key].then(item.rows()) if key in found else item
    return tuple(found.values())


def exact_of(figures: pd.DataFrame) -> dict[tuple[str, int], dict[Cell, People]]:
    """Per indicator and year the people behind each figure that has a value."""
    found: dict[tuple[str, int], dict[Cell, People]] = {}
    columns = ("indicator", "year", "area_code", "group", "value", "n", "unit")
    for name, year, area, group, value, n, unit in figures.loc[:, columns].itertuples(index=False, name=None):
        if not pd.isna(value):
            found.setdefault((name, int(year)), {})[area, group] = people_behind(float(value), None if pd.isna(n) else int(n), unit)
    return found


def people_behind(value: float, n: int | None, unit: str) -> People:
    """The people behind a figure. Of a mean it is only told how many it rests on.

    >>> people_behind(12.5, 80, "percent"), people_behind(6.0, 500, "per_1000")
    (People(count=10, of=80), People(count=3, of=500))
    >>> people_behind(7.1, 33, "score"), people_behind(40, None, "count")
    (People(count=33, of=None), People(count=40, of=None))
    """
    if unit == "count":
        return People(round(value), n)
    if n is None:
        return People(0)
    return People(min(n, max(0, round(value * n / _PER[unit]))), n) if unit in _PER else People(n)


class Tree:
    """Which area lies in which."""

    def __init__(self, areas: Iterable[AreaLike]) -> None:
        self.above: dict[str, str] = {}
        for area in areas:
            above = area.wijk_code if area.level == "buurt" else area.municipality_code if area.level == "wijk" else ""
            if not above and area.level == "buurt":
                above = area.municipality_code
            if above and above != area.code:
                self.above[area.code] = above

    def upwards(self, code: str) -> Iterator[str]:
        """The areas that an area lies in, the smallest first."""
        seen = {code}
        while (above := self.above.get(code)) and above not in seen:
            seen.add(above)
            yield above
            code = above
