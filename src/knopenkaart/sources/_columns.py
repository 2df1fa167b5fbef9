# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How to read a file of counts, of a counter, or of bookings: which column is what, guessed and correctable, and the rows by it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.sources._rows import Sheet, read_sheet
from knopenkaart.sources.mapping import HEADER_SEARCH_ROWS, ColumnMapping, plain

# A year of readings per hour of twenty doors.
MAX_READINGS = 200_000


@dataclass(frozen=True, slots=True)
class Columns:
    """How to read one file.

    `columns` say what each column holds (field None: left out); `week` is a day of the week that was counted, for sheets that name
    weekdays only; `words` are the file's own words with the id that each stands for: places, rooms, groups, dayparts ("" leaves them out).
    `sheets` are those that a workbook has, to choose from.
    """

    columns: tuple[ColumnMapping, ...]
    header_row: int = 1
    sheet: str | None = None
    week: date | None = None
    words: MappingOf[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    def of(self, name: str) -> ColumnMapping | None:
        """The first column that holds a field, or None."""
        return next((column for column in self.columns if column.field == name), None)

    def has(self, *names: str) -> bool:
        """Whether one of these fields has a column."""
        return any(self.of(name) for name in names)

    def with_field(self, header: str, name: str | None) -> Columns:
        """The same with one column corrected. Raises InputError for a header that is not there."""
        if header not in {column.header for column in self.columns}:
            known = ", ".join(column.header for column in self.columns)
            raise InputError(f"There is no column {header!r}.", code="mapping.no_column", remedy=f"The columns are: {known}.")
        columns = (replace(column, field=name, why="given") if column.header == header else column for column in self.columns)
        return replace(self, columns=tuple(columns))

    def with_words(self, **words: str) -> Columns:
        """The same with more of the file's own words explained."""
        return replace(self, words={**self.words, **words})

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for the web."""
        return {
            "header_row": self.header_row,
            "sheet": self.sheet or "",
            "week": self.week.isoformat() if self.week else "",
            "words": dict(self.words),
            "sheets": list(self.sheets),
            "columns": [{"header": c.header, "number": c.number, "field": c.field or "", "why": c.why} for c in self.columns],
        }

    @classmethod
    def from_dict(cls, data: MappingOf[str, Any]) -> Columns:
        """From plain values. Raises InputError (`mapping.broken`)."""
        try:
            columns = tuple(
                ColumnMapping(str(c["header"]), int(c["number"]), str(c.get("field") or "") or None, why=str(c.get("why", "given")))
                for c in data["columns"]
            )
            words = {str(key): str(value) for key, value in dict(data.get("words", {})).items()}
            week = date.fromisoformat(str(data["week"])) if data.get("week") else None
            sheets = tuple(str(name) for name in data.get("sheets", ()))
            return cls(columns, int(data.get("header_row", 1)), str(data.get("sheet") or "") or None, week, words, sheets)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"This is not a mapping: {error!r}.", code="mapping.broken", remedy="Start again with the guess.") from error


def open_table(content: Path | bytes, *, file_name: str | None = None, sheet: str | None = None) -> Sheet:
    """The rows of a file of counts or bookings, within bounds. Raises InputError."""
    return read_sheet(content, file_name=file_name, sheet=sheet, max_rows=MAX_READINGS)


def checked(columns: Columns, table: Sheet, allowed: Sequence[str], *, several: Sequence[str] = ()) -> Columns:
    """The columns themselves, where they fit the file. `several` are beginnings of fields that many columns may hold (`group:`).

    Raises InputError (`mapping.misfit`) with every unknown field, field that stands twice, and column that is not there.
    """
    header = table.rows[columns.header_row - 1] if 0 < columns.header_row <= len(table.rows) else ()
    faults, seen = [], set()
    for column in columns.columns:
        if column.field is None:
            continue
        there = header[column.number - 1].strip() if 0 < column.number <= len(header) else None
        if there is None or there not in (column.header, ""):
            faults.append(Fault("list.no_column", f"there is no column {column.header!r}", table.file, columns.header_row, column.header))
        elif column.field not in allowed and not column.field.startswith(tuple(several)):
            faults.append(Fault("mapping.field", f"no field is called {column.field!r}", table.file, None, column.header, column.field))
        elif column.field in seen:
            faults.append(Fault("mapping.twice", f"{column.field} has another column already", table.file, None, column.header))
        seen.add(column.field)
    if faults:
        remedy = f"The fields are: {', '.join(allowed)}."
        raise InputError(f"The mapping does not fit {table.file}.", code="mapping.misfit", remedy=remedy, faults=faults)
    return columns


def rows_by_field(table: Sheet, columns: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row that holds something, by its number in the file, with the filled cells by their fields."""
    used = [(column.field, column.number - 1) for column in columns.columns if column.field]
    for number, row in enumerate(table.rows[columns.header_row :], start=columns.header_row + 1):
        cells = {name: row[i].strip() for name, i in used if i < len(row) and row[i].strip()}
        if cells:
            yield number, cells


def header_of(table: Sheet, known: Sequence[str]) -> int:
    """The number of the row, of the first ones, with most known words; the first of them with as many."""
    words = set(known)

    def score(row: Sequence[str]) -> tuple[int, int]:
        return sum(plain(cell) in words for cell in row if cell), sum(bool(cell) for cell in row)

    best = max(range(min(len(table.rows), HEADER_SEARCH_ROWS)), key=lambda i: (*score(table.rows[i]), -i))
    return best + 1


def cells_below(table: Sheet, header_row: int, column: int) -> list[str]:
    """The filled cells of a column (from 0), of the first rows."""
    return [row[column].strip() for row in table.rows[header_row : header_row + 500] if column < len(row) and row[column].strip()]


@cache
def words_of(section: str) -> dict[str, tuple[str, ...]]:
    """The words by which the columns of such a file are recognised: field -> plain words."""
    text = resources.files("knopenkaart.sources").joinpath("count_columns.toml").read_text(encoding="utf-8")
    return {name: tuple(plain(word) for word in words) for name, words in tomllib.loads(text)[section].items()}


def by_header(header: Sequence[str], section: str) -> dict[int, tuple[str, str]]:
    """Column (from 0) -> (field, why): whole headers first, then headers that hold a word."""
    found: dict[int, tuple[str, str]] = {}
    headers = [plain(text) for text in header]
    for why in ("header", "part of the header"):
        for name, words in words_of(section).items():
            if name in {used for used, _ in found.values()}:
                continue
            at = next((i for i, text in enumerate(headers) if i not in found and text and _named(text, words, whole=why == "header")), None)
            if at is not None:
                found[at] = (name, why)
    return found


def _named(text: str, words: Sequence[str], *, whole: bool) -> bool:
    return text in words if whole else any(len(word) > 3 and f" {word} " in f" {text} " for word in words)


def to_columns(header: Sequence[str], found: MappingOf[int, tuple[str, str]]) -> tuple[ColumnMapping, ...]:
    """Every column that has a header or a field."""
    return tuple(
        ColumnMapping(
            text.strip() or f"column {i + 1}", i + 1, found[i][0] if i in found else None, why=found[i][1] if i in found else "unknown"
        )
        for i, text in enumerate(header)
        if text.strip() or i in found
    )
