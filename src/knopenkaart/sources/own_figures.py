# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own table of figures per area, group and year (XLSX or CSV, long or wide): every fault at once, the sound rows usable.

What is read here is exact. Which of it may be shown is decided in knopenkaart.hiding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.records import Source
from knopenkaart.sources._columns import checked, open_table, rows_by_field
from knopenkaart.sources._rows import Sheet
from knopenkaart.sources.addresses import slug
from knopenkaart.sources.area_codes import comparable
from knopenkaart.sources.mapping import ColumnMapping, plain
from knopenkaart.sources.own_mapping import (
    OWN_FIELDS,
    SEVERAL,
    Naming,
    OwnMapping,
    guess_own,
    has_points,
    joined,
    own_indicator,
    to_value,
    why_none,
)
from knopenkaart.tables import MONITOR_FIGURES, NOTICES
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator, load_catalogue
from knopenkaart.vocabulary.reader import EVERYBODY

__all__ = ["OWN_FIELDS", "KnownArea", "OwnFigures", "OwnMapping", "guess_own", "own_indicator", "read_own"]

# A table of all buurten of the largest municipality, by group, of ten years, stays below this.
MOST_FIGURES = 200_000
MOST_PEOPLE = 20_000_000
_LEVELS: Mapping[str, str] = {
    **dict.fromkeys(("gemeente", "municipality", "stad", "totaal", "total"), "municipality"),
    **dict.fromkeys(("wijk", "wijken", "district"), "wijk"),
    **dict.fromkeys(("buurt", "buurten", "neighbourhood", "neighborhood"), "buurt"),
}
_WHOLE = frozenset({"gemeente", "hele gemeente", "totaal gemeente", "gemeente totaal", "gemeentetotaal", "municipality", "totaal", "total"})
_CODE = re.compile(r"(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area that a table may speak of, in the division of one year."""

    code: str
    name: str
    level: str
    year: int
    wijk_code: str = ""
    municipality_code: str = ""


@dataclass(frozen=True)
class OwnFigures:
    """What a table gives: MONITOR_FIGURES of the sound cells (exact, not to be shown), its source, the new indicators, every fault."""

    figures: pd.DataFrame
    source: Source
    indicators: tuple[Indicator, ...]
    faults: tuple[Fault, ...]
    notices: pd.DataFrame
    file: str
    sha256: str


def read_own(
    content: Path | bytes,
    *,
    mapping: OwnMapping,
    areas: Sequence[KnownArea],
    catalogue: Catalogue | None = None,
    file_name: str | None = None,
    source_id: str | None = None,
) -> OwnFigures:
    """The figures of an own table.

    A share (percent) and a mean need `n`, the people that they rest on; a count is of people. A figure is put with the division of its own
    year, else with the last before it that has the area, else the first after it. Empty cells are `missing`, signs such as "x" are
    `suppressed`. Rows with a fault are listed and left out. Raises InputError when the file as a whole cannot be read, or the mapping does
    not fit it (`own.no_area`, `own.no_value`, `own.no_year`, `own.no_indicator`, `own.one_n`, `own.too_many`).
    """
    table, _row = joined(open_table(content, file_name=file_name, sheet=mapping.columns.sheet))
    checked(mapping.columns, table, OWN_FIELDS, several=SEVERAL)
    naming = Naming(catalogue or load_catalogue(), mapping.columns.words, mapping.indicators)
    reader = _Reader(table, mapping, naming, _Areas(areas, mapping.columns.words))
    reader.read()
    source = _source(table, mapping, source_id)
    figures = MONITOR_FIGURES.frame([{**row, "source": source.id} for row in reader.rows()])
    used = set(figures["indicator"])
    return OwnFigures(
        figures=figures,
        source=source,
        indicators=tuple(item for item in mapping.indicators if item.id in used),
        faults=tuple(reader.faults),
        notices=NOTICES.frame(reader.notices),
        file=table.file,
        sha256=table.sha256,
    )


def _source(table: Sheet, mapping: OwnMapping, source_id: str | None) -> Source:
    title = mapping.title or Path(table.file).stem
    words = [word for word in slug(title).split("-") if word and not word.isdigit()] or ["table"]
    return Source(
        id=source_id or "_".join(["own", *words])[:90],
        title=title,
        date=mapping.date or table.modified,
        licence=mapping.licence or "not stated",
        attribution=mapping.attribution or title,
        url=mapping.url or None,
        file=table.file,
        sha256=table.sha256,
    )


class _Areas:
    """The areas that a table may speak of, by code and by name."""

    def __init__(self, areas: Iterable[KnownArea], own: Mapping[str, str]) -> None:
        self.by_code: dict[str, dict[int, KnownArea]] = {}
        self.by_name: dict[str, set[str]] = {}
        # "Wippolder" for "Wijk 28 Wippolder".
        self.by_bare_name: dict[str, set[str]] = {}
        self.own = {plain(key): value for key, value in own.items()}
        for area in areas:
            self.by_code.setdefault(area.code, {})[area.year] = area
            self.by_name.setdefault(plain(area.name), set()).add(area.code)
            self.by_bare_name.setdefault(comparable(area.name), set()).add(area.code)
        self.whole = {code for code, years in self.by_code.items() if any(area.level == "municipality" for area in years.values())}

    def find(self, text: str, level: str | None, year: int, *, likely: str | None = None) -> list[KnownArea]:
        """The areas that a cell may mean in a year: one where that is clear, none where it is unknown.

        `level` is what a row says, `likely` what the header of its column does: below "Wijk" a wijk goes before a buurt of that name.
        """
        said = self.own.get(plain(text))
        code = (said or "".join(text.split())).upper()
        match = _CODE.search(code)
        if match and match[1] in self.by_code:
            return [self._of(match[1], year)]
        if code in self.by_code:
            return [self._of(code, year)]
        asked = (level,) if level else None
        for levels in ((likely, "municipality") if likely and not level else asked, asked):
            for named, key in ((self.by_name, plain), (self.by_bare_name, comparable)):
                if found := self._called(key(text), named, key, levels, year):
                    return found
        return []

    def _called(
        self, word: str, named: Mapping[str, set[str]], key: Callable[[str], str], levels: Collection[str] | None, year: int
    ) -> list[KnownArea]:
        """Areas of some levels (None: of any) that are called so in a year, by one way of comparing names."""
        codes = (named.get(word, set()) if word else set()) | (self.whole if word in _WHOLE else set())
        found = [self._of(code, year) for code in sorted(codes)]
        # A name that another area had in another year is not its name in this one.
        now = [area for area in found if (key(area.name) == word or word in _WHOLE) and (levels is None or area.level in levels)]
        # A wijk that got another code stands in two divisions: the one of the year itself is meant.
        nearest = self._of_years({area.year for area in now}, year) if now else year
        return [area for area in now if area.year == nearest]

    def left_out(self, text: str) -> bool:
        return self.own.get(plain(text)) == ""

    def near(self, text: str) -> tuple[str, ...]:
        """Names that begin as this one does."""
        first = plain(text)[:3]
        return tuple(sorted({area.name for name, codes in self.by_name.items() if name.startswith(first) for area in self._all(codes)})[:3])

    def _all(self, codes: Iterable[str]) -> Iterator[KnownArea]:
        for code in codes:
            yield from self.by_code[code].values()

    def _of(self, code: str, year: int) -> KnownArea:
        years = self.by_code[code]
        return years[self._of_years(set(years), year)]

    @staticmethod
    def _of_years(years: set[int], year: int) -> int:
        """The year itself, else the last before it, else the first after it."""
        before = [item for item in years if item <= year]
        return max(before) if before else min(years)


@dataclass
class _Cell:
    """One figure of the table, with all that says what it is of."""

    row: int
    column: str
    area: KnownArea
    year: int
    group: str
    indicator: Indicator
    value: float | None
    n: float | None
    low: float | None
    high: float | None
    reason: str

    @property
    def key(self) -> tuple[str, int, str, str]:
        return self.area.code, self.year, self.group, self.indicator.id


@dataclass
class _Reader:
    table: Sheet
    mapping: OwnMapping
    naming: Naming
    areas: _Areas
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[tuple[str, int, str, str], _Cell] = field(default_factory=dict)
    # Whether 1.234 is 1 and a bit: a workbook keeps numbers, of which the point is ours.
    points: bool = False
    # The level that the header of the areas names.
    likely: str | None = None

    def read(self) -> None:
        values = [column for column in self.mapping.columns.columns if _holds_values(column)]
        self.likely = _level_of(self.mapping.columns.of("area"))
        self._refuse_what_cannot_be_read(values)
        names = {column.field or "" for column in values} | {"low", "high"}
        rows = rows_by_field(self.table, self.mapping.columns)
        self.points = self.table.name is not None or has_points(row[name] for _, row in rows for name in names & set(row))
        for number, row in rows_by_field(self.table, self.mapping.columns):
            for column in values:
                self._one(number, row, column)
            if len(self.cells) > MOST_FIGURES:
                raise InputError(f"{self.table.file} holds more than {MOST_FIGURES:,} figures.", code="own.too_many", remedy="Split it.")
        self._doubt_fractions()

    def rows(self) -> list[dict[str, Any]]:
        """The cells as rows of MONITOR_FIGURES, without a source."""
        return [
            {
                "area_code": cell.area.code, "area_year": cell.area.year, "indicator": cell.indicator.id, "group": cell.group,
                "year": cell.year, "value": cell.value, "unit": cell.indicator.unit, "n": cell.n, "low": cell.low, "high": cell.high,
                "nature": "survey" if cell.indicator.nature == "survey" else "own", "reason": cell.reason or None,
            }
            for cell in self.cells.values()
        ]  # fmt: skip

    def _refuse_what_cannot_be_read(self, values: Sequence[ColumnMapping]) -> None:
        columns, kinds = self.mapping.columns, {(column.field or "").partition(":")[0] for column in values}
        if not columns.has("area"):
            raise self._refusal("does not say of which areas it tells", "own.no_area", "Say which column holds the code or name.")
        if not values:
            raise self._refusal("has no column of figures", "own.no_value", "Say which column holds them.")
        if not (columns.has("period") or "year" in kinds or self.mapping.year):
            raise self._refusal("does not say of which year it tells", "own.no_year", "Say which column holds the year, or give the year.")
        if not (columns.has("indicator") or "indicator" in kinds or self.mapping.indicator):
            raise self._refusal("does not say what the figures are of", "own.no_indicator", "Choose an indicator, or make a new one.")
        groups = [column.field for column in values if (column.field or "").startswith("group:")]
        # A number of people that is taken for another one decides wrongly what is hidden.
        if len(groups) > 1 and columns.has("n") and not all(columns.has(f"n:{name}") for name in groups):
            remedy = "Give each group a column with its own number of people (n 65+), or a row of its own."
            raise self._refusal("has one number of people for several groups", "own.one_n", remedy)

    def _refusal(self, what: str, code: str, remedy: str) -> InputError:
        return InputError(f"{self.table.file} {what}.", code=code, remedy=remedy)

    def _one(self, number: int, row: Mapping[str, str], column: ColumnMapping) -> None:
        kind, _, told = (column.field or "").partition(":")
        keys = {**row, kind: told} if told else dict(row)
        year = self._year(number, keys)
        group = self._group(number, keys)
        indicator = self._indicator(number, keys)
        if year is None or group is None or indicator is None:
            return
        area = self._area(number, keys, year)
        text = row.get(column.field or "", "")
        numbers = self._numbers(number, column, text, keys, indicator) if area else None
        if area is None or numbers is None:
            return
        value, n, low, high = numbers
        reason = "" if value is not None else str(why_none(text))
        self._keep(_Cell(number, column.header, area, year, group, indicator, value, n, low, high, reason))

    def _keep(self, cell: _Cell) -> None:
        first = self.cells.setdefault(cell.key, cell)
        if first is cell:
            return
        if (first.value, first.n) == (cell.value, cell.n):
            message = f"The figure of row {cell.row} stands in row {first.row} as well: taken once."
            self._notice("own.double", message, row=cell.row, first=first.row)
        else:
            message = f"another figure of the same area, year, group and indicator stands in row {first.row}"
            self._fault("own.twice", message, cell.row, cell.column, str(cell.value))

    def _year(self, number: int, keys: Mapping[str, str]) -> int | None:
        text = keys.get("year") or keys.get("period")
        if text is None:
            if self.mapping.year is None:
                self._fault("own.year", "it is not clear which year this is of", number, "period", "")
            return self.mapping.year
        years = set(_YEAR.findall(text))
        if len(years) != 1:
            self._fault("own.year", "this is not a year, such as 2025", number, "period", text)
            return None
        return int(years.pop())

    def _group(self, number: int, keys: Mapping[str, str]) -> str | None:
        text = keys.get("group")
        if text is None:
            return self.mapping.group
        if text in self.naming.catalogue.groups or text == EVERYBODY:
            return text
        group = self.naming.group(text)
        if group is None:
            self._fault("own.group", "this is not a group that is known", number, "group", text, tuple(self.naming.catalogue.groups)[:5])
        # Rows of a group that is left out on purpose are no fault.
        return group or None

    def _indicator(self, number: int, keys: Mapping[str, str]) -> Indicator | None:
        text = keys.get("indicator") or self.mapping.indicator
        if self.naming.own.get(text) == "":
            return None
        found = self.naming.by_id(text) or self.naming.indicator(text)
        if found is None:
            self._fault("own.indicator_unknown", "no indicator is called so", number, "indicator", text)
        return found

    def _area(self, number: int, keys: Mapping[str, str], year: int) -> KnownArea | None:
        text, word = keys.get("area", ""), plain(keys.get("level", ""))
        if not text:
            self._fault("own.area", "the area is empty", number, "area", "")
            return None
        if self.areas.left_out(text):
            return None
        if word and word not in _LEVELS:
            self._fault("own.level", "say gemeente, wijk or buurt", number, "level", keys["level"])
            return None
        found = self.areas.find(text, _LEVELS.get(word), year, likely=self.likely)
        if len(found) == 1:
            return found[0]
        if found:
            codes = tuple(area.code for area in found)
            self._fault("own.area_ambiguous", "more than one area is called so: give its code or its level", number, "area", text, codes)
        else:
            self._fault("own.area", "no area of the municipality is called so", number, "area", text, self.areas.near(text))
        return None

    def _numbers(
        self, number: int, column: ColumnMapping, text: str, keys: Mapping[str, str], indicator: Indicator
    ) -> tuple[float | None, float | None, float | None, float | None] | None:
        """Value, n, low and high of a cell; None where one of them is wrong."""
        faults = len(self.faults)
        if not text and (number, column.number) in self.table.unreckoned:
            self._fault("own.formula", "this is a formula of which the file holds no result", number, column.header, "")
        value = None if why_none(text) else self._number(number, column.header, text)
        n = self._people(number, column, keys, indicator)
        low, high = (self._number(number, name, keys[name]) if keys.get(name) else None for name in ("low", "high"))
        if value is not None and len(self.faults) == faults:
            self._check(number, column.header, text, value, n, indicator)
        return None if len(self.faults) > faults else (value, n, low, high)

    def _number(self, number: int, name: str, text: str) -> float | None:
        value = to_value(text, points=self.points)
        if value is None:
            self._fault("own.number", "this is not a number", number, name, text)
        return value

    def _people(self, number: int, column: ColumnMapping, keys: Mapping[str, str], indicator: Indicator) -> float | None:
        names = (f"n:{column.field}", f"n:{indicator.id}")
        name = next((name for name in names if self.mapping.columns.has(name)), "n")
        text = keys.get(name, "")
        if why_none(text):
            return None
        n = to_value(text, points=self.table.name is not None)
        if n is None or n < 0 or n > MOST_PEOPLE or n != int(n):
            self._fault("own.n", "this is not a number of people: a whole number, 0 or more", number, name, text)
            return None
        return n

    def _check(self, number: int, name: str, text: str, value: float, n: float | None, indicator: Indicator) -> None:
        if indicator.unit == "percent" and not 0 <= value <= 100:
            self._fault("own.percent", "a percent is from 0 to 100", number, name, text)
        elif indicator.unit == "count" and (value < 0 or value > MOST_PEOPLE or value != int(value)):
            self._fault("own.count", "this is not a number of people: a whole number, 0 or more", number, name, text)
        elif indicator.unit == "count" and n is not None and value > n:
            self._fault("own.more_than_n", "this is more than the number of people that it is a part of", number, name, text)
        elif indicator.unit != "count" and n is None:
            self._fault("own.no_n", "without the number of people behind it, this cannot be shown", number, name, text)

    def _doubt_fractions(self) -> None:
        """Shares written as 0.4 where 40 % is meant: nobody can tell for sure, so it is told."""
        shares: dict[str, list[float]] = {}
        for cell in self.cells.values():
            if cell.indicator.unit == "percent" and cell.value is not None:
                shares.setdefault(cell.indicator.id, []).append(cell.value)
        for name, values in sorted(shares.items()):
            if len(values) > 3 and max(values) <= 1 and any(value != int(value) for value in values):
                self._notice("own.fractions", f"No figure of {name} is above 1 %: were fractions meant?", count=len(values))

    def _fault(self, code: str, message: str, number: int, name: str, value: str, near: Sequence[str] = ()) -> None:
        column = self.mapping.columns.of(name)
        fault = Fault(code, message, self.table.file, number, column.header if column else name, value[:100], tuple(near))
        # A bad year counts for a row once, not for each of its figures.
        if fault not in self.faults[-50:]:
            self.faults.append(fault)

    def _notice(self, code: str, message: str, **details: Any) -> None:
        self.notices.append({"code": code, "subject": self.table.file, "message": message, "details": details})


def _holds_values(column: ColumnMapping) -> bool:
    name = column.field or ""
    return name == "value" or (name.startswith(SEVERAL) and not name.startswith("n:"))


def _level_of(column: ColumnMapping | None) -> str | None:
    """Wijk or buurt, where a header names one of them (Wijknaam, buurtcode): in either column the municipality may stand as the total."""
    words = plain(column.header) if column else ""
    named = {level for name, level in _LEVELS.items() if level != "municipality" and name in words}
    return named.pop() if len(named) == 1 else None
