# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts by hand on a sheet (long, or a square of dayparts, days and groups), and series of counters, with every fault and doubt told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.sources._columns import (
    Columns,
    by_header,
    cells_below,
    checked,
    header_of,
    open_table,
    rows_by_field,
    to_columns,
    words_of,
)
from knopenkaart.sources._dayparts import ALL, WEEKDAYS, Words
from knopenkaart.sources._moments import monday_of, to_day, to_time
from knopenkaart.sources._names import NameMatch
from knopenkaart.sources._rows import Sheet
from knopenkaart.sources._series import SERIES_FIELDS, SeriesFile, guess_series, read_series
from knopenkaart.sources.mapping import ColumnMapping, plain, to_number
from knopenkaart.tables import COUNTS, NOTICES
from knopenkaart.vocabulary.reader import Slot, Vocabulary

__all__ = [
    "COUNT_FIELDS", "SERIES_FIELDS", "Columns", "CountFile", "NameMatch", "SeriesFile", "guess_counts", "guess_series", "read_counts",
    "read_series",
]  # fmt: skip

COUNT_FIELDS = ("date", "weekday", "slot", "time", "group", "door", "minutes", "people")
# A column may also be one of these: the numbers below its header are of that group, weekday, day or daypart.
SEVERAL = ("group:", "weekday:", "date:", "slot:")
# What no counter can have seen in one daypart: a slip of the pen, or a sum of a year.
MOST_PEOPLE = 20_000
_WEEK_IN_TITLE = re.compile(r"(?i)\bweek[ _-]*(\d{1,2})\D{1,3}(20\d\d)\b|\b(20\d\d)\D{1,3}week[ _-]*(\d{1,2})\b")


@dataclass(frozen=True)
class CountFile:
    """What a sheet of counts gives: COUNTS of the sound cells, every fault, and what to know of it."""

    counts: pd.DataFrame
    faults: tuple[Fault, ...]
    notices: pd.DataFrame
    file: str
    sha256: str


def guess_counts(
    content: Path | bytes, *, vocabulary: Vocabulary, file_name: str | None = None, sheet: str | None = None, day: date | None = None
) -> Columns:
    """The most likely way to read a sheet of counts.

    A header that is a group, weekday, day or daypart makes its column one of numbers (the square form); else columns are named by the
    usual words (the long form). `day` is a day of the week that was counted, for sheets without dates; else a week in the title of the
    file or sheet ("week 12 2026") is taken. Raises InputError when the file cannot be read.
    """
    table = open_table(content, file_name=file_name, sheet=sheet)
    words = Words(vocabulary)
    known = [word for names in words_of("counts").values() for word in names]
    header_row = header_of(table, [*known, *WEEKDAYS, *ALL, *_labels(vocabulary)])
    header = table.rows[header_row - 1]
    square = {i: name for i, text in enumerate(header) if (name := _square(text, words, cells_below(table, header_row, i)))}
    rest = by_header(["" if i in square else text for i, text in enumerate(header)], "counts")
    found: dict[int, tuple[str, str]] = rest | {i: (name, "header") for i, name in square.items()}
    if not square:
        found = _with_people(found, table, header_row)
    else:
        found = {i: item for i, item in found.items() if item[0] != "people"}
        found |= _first_column(found, table, header_row, words)
    return Columns(to_columns(header, found), header_row, table.name, day or _week_of(f"{table.file} {table.name or ''}"))


def read_counts(
    content: Path | bytes,
    *,
    columns: Columns,
    vocabulary: Vocabulary,
    place_id: str,
    how: str = "entering",
    file_name: str | None = None,
) -> CountFile:
    """COUNTS out of a sheet, long or square.

    One session is one daypart of one day at one door. Rows with a time are added up per daypart. Of a sheet that names weekdays only,
    `columns.week` must be a day of the week that was counted. Cells with a fault are listed and left out; an empty cell is no count, 0 is
    one. Raises InputError when the file as a whole cannot be read or `columns` do not fit it.
    """
    table = open_table(content, file_name=file_name, sheet=columns.sheet)
    checked(columns, table, COUNT_FIELDS, several=SEVERAL)
    reader = _Reader(table, columns, Words(vocabulary, columns.words))
    reader.read()
    rows = reader.rows(place_id, how)
    return CountFile(COUNTS.frame(rows), tuple(reader.faults), NOTICES.frame(reader.notices), table.file, table.sha256)


# --- guessing -----------------------------------------------------------------------------------------------------------


def _labels(vocabulary: Vocabulary) -> list[str]:
    groups = [(group.id, group.nl, group.en) for group in vocabulary.groups.values()]
    slots = [(slot.id, slot.nl, slot.en) for slot in vocabulary.slots.values()]
    return [plain(text) for names in (*groups, *slots) for text in names]


def _square(text: str, words: Words, cells: Sequence[str]) -> str | None:
    """What the numbers below a header are of, where it is a group, weekday, day or daypart and numbers stand below it."""
    numbers = [cell for cell in cells if to_number(cell) is not None]
    if not text.strip() or len(numbers) < 0.7 * len(cells) or not cells:
        return None
    if day := to_day(text):
        return f"date:{day.isoformat()}"
    if weekday := words.weekday(text):
        return f"weekday:{weekday}"
    if slot := words.slot(text, None):
        return f"slot:{slot.id}"
    group = words.group(text)
    if group == "all" and plain(text) not in ("totaal", "total", "alle", "all"):
        # "Aantal" above numbers is the number itself, not a column beside others.
        return None
    return f"group:{group}" if group else None


def _with_people(found: dict[int, tuple[str, str]], table: Sheet, header_row: int) -> dict[int, tuple[str, str]]:
    """The column of numbers, by what stands in it, where no header says."""
    if "people" in {name for name, _ in found.values()}:
        return found
    free = [i for i in range(len(table.rows[header_row - 1])) if i not in found]
    numbers = [i for i in free if (cells := cells_below(table, header_row, i)) and all(to_number(cell) is not None for cell in cells)]
    return found | dict.fromkeys(numbers[:1], ("people", "cells"))


def _first_column(found: dict[int, tuple[str, str]], table: Sheet, header_row: int, words: Words) -> dict[int, tuple[str, str]]:
    """What stands before the numbers of a square, by its cells where its header says nothing or something else."""
    result: dict[int, tuple[str, str]] = {}
    for i in range(len(table.rows[header_row - 1])):
        cells = cells_below(table, header_row, i)
        if (i in found and found[i][0].startswith(SEVERAL)) or not cells:
            continue
        tests = {
            "date": lambda text: to_day(text) is not None,
            "weekday": lambda text: words.weekday(text) is not None,
            "slot": lambda text: any(words.slot(text, number) for number in (None, *range(1, 8))),
            "group": lambda text: bool(words.group(text)),
            "time": lambda text: to_time(text) is not None,
        }
        taken = {name for j, (name, _) in (found | result).items() if j != i}
        fits = next((name for name, test in tests.items() if name not in taken and sum(map(test, cells)) >= 0.7 * len(cells)), None)
        if fits and (i not in found or found[i][0] != fits):
            result[i] = (fits, "cells")
    return result


def _week_of(title: str) -> date | None:
    match = _WEEK_IN_TITLE.search(title.replace("_", " "))
    if not match:
        return None
    week, year = (int(match[1]), int(match[2])) if match[1] else (int(match[4]), int(match[3]))
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


# --- reading ------------------------------------------------------------------------------------------------------------


@dataclass
class _Cell:
    """One number on a sheet, with all that says what it is of."""

    row: int
    column: str
    people: int
    day: date
    slot: Slot
    group: str
    door: str
    clock: time | None
    exposure: float


@dataclass
class _Reader:
    table: Sheet
    columns: Columns
    words: Words
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    cells: list[_Cell] = field(default_factory=list)

    def read(self) -> None:
        values = [column for column in self.columns.columns if column.field == "people" or (column.field or "").startswith(SEVERAL)]
        if not values:
            raise InputError(
                f"No column of {self.table.file} holds numbers of people.", code="counts.no_numbers", remedy="Say which column does."
            )
        self._refuse_without_a_day(values)
        totals = [column for column in values if column.field == "group:all"]
        parts = [column for column in values if column not in totals]
        for number, row in rows_by_field(self.table, self.columns):
            if self._is_total(row):
                continue
            for column in parts or totals:
                self._one(number, row, column)
            if parts and totals:
                self._compare(number, row, [column.field or "" for column in parts], totals[0])

    def _refuse_without_a_day(self, values: Sequence[ColumnMapping]) -> None:
        dated = self.columns.has("date") or any((column.field or "").startswith("date:") for column in values)
        if not dated and self.columns.week is None:
            raise InputError(
                f"{self.table.file} does not say on which days was counted.",
                code="counts.no_week",
                remedy="Say which column holds the date, or give a day of the week that was counted.",
            )

    def _is_total(self, row: Mapping[str, str]) -> bool:
        """A last line with sums is no count."""
        keys = [row[name] for name in ("date", "weekday", "slot", "time") if name in row]
        return bool(keys) and any(plain(key) in ("totaal", "total", "som", "sum", "subtotaal") for key in keys)

    def _one(self, number: int, row: Mapping[str, str], column: ColumnMapping) -> None:
        text = row.get(column.field or "")
        if text is None:
            return
        people = self._people(number, column.header, text)
        kind, _, value = (column.field or "").partition(":")
        keys = {**row, kind: value} if value else dict(row)
        day = self._day(number, keys)
        slot, clock = self._slot(number, keys, day)
        group = self._group(number, keys)
        exposure = self._exposure(number, keys, slot)
        if people is None or day is None or slot is None or not group or exposure is None:
            return
        self.cells.append(_Cell(number, column.header, people, day, slot, group, keys.get("door", ""), clock, exposure))

    def _fault(self, code: str, message: str, number: int, name: str, value: str, near: Sequence[str] = ()) -> None:
        column = self.columns.of(name)
        fault = Fault(code, message, self.table.file, number, column.header if column else name, value[:100], tuple(near))
        # A bad date counts for a row once, not for each of its numbers.
        if fault not in self.faults:
            self.faults.append(fault)

    def _people(self, number: int, header: str, text: str) -> int | None:
        value = to_number(text)
        if value is None or value < 0 or value != int(value):
            self._fault("counts.number", "this is not a number of people: a whole number, 0 or more", number, header, text)
            return None
        if value > MOST_PEOPLE:
            self._fault("counts.too_many", f"more than {MOST_PEOPLE:,} people in one daypart cannot be", number, header, text)
            return None
        return int(value)

    def _day(self, number: int, keys: Mapping[str, str]) -> date | None:
        weekday = self._weekday(number, keys)
        if "date" in keys:
            day = to_day(keys["date"].split(" ")[0] if re.match(r"\d{4}-\d\d-\d\d ", keys["date"]) else keys["date"])
            if day is None:
                self._fault("counts.date", "this is not a day, such as 2-3-2026", number, "date", keys["date"])
            elif weekday and weekday != day.isoweekday():
                self._fault("counts.weekday", "this day of the week is not that of the date", number, "weekday", keys["weekday"])
                return None
            return day
        if weekday is None and "slot" in keys and (slot := self.words.slot(keys["slot"], None)):
            weekday = slot.weekday
        if weekday is None:
            if "weekday" not in keys:
                self._fault("counts.date", "it is not clear which day this is", number, "date", keys.get("slot", ""))
            return None
        return monday_of(self.columns.week) + timedelta(days=weekday - 1) if self.columns.week else None

    def _weekday(self, number: int, keys: Mapping[str, str]) -> int | None:
        text = keys.get("weekday", "")
        if not text:
            return None
        weekday = int(text) if text in set("1234567") else self.words.weekday(text)
        if weekday is None:
            self._fault("counts.weekday", "this is not a day of the week", number, "weekday", text)
        return weekday

    def _slot(self, number: int, keys: Mapping[str, str], day: date | None) -> tuple[Slot | None, time | None]:
        if day is None:
            return None, None
        clock = to_time(keys["time"]) if "time" in keys else None
        if "slot" in keys:
            slot = self.words.slot(keys["slot"], day.isoweekday())
            as_time = to_time(keys["slot"]) if slot is None else None
            if slot is None and as_time is not None:
                slot, clock = self.words.slot_at(day, as_time), as_time
            if slot is None:
                names = [item.nl for item in self.words.vocabulary.week() if item.weekday == day.isoweekday()]
                self._fault("counts.slot", "this is not a daypart", number, "slot", keys["slot"], names)
            elif slot.weekday != day.isoweekday():
                self._fault("counts.slot", "this daypart is of another day of the week than the date", number, "slot", keys["slot"])
                slot = None
            return slot, clock
        if clock is None:
            self._fault("counts.slot", "it is not clear which daypart this is", number, "time", keys.get("time", ""))
            return None, None
        slot = self.words.slot_at(day, clock)
        if slot is None:
            self._fault("counts.slot", "this time is in no daypart", number, "time", keys["time"])
        return slot, clock

    def _group(self, number: int, keys: Mapping[str, str]) -> str | None:
        if "group" not in keys:
            return "all"
        group = keys["group"] if keys["group"] in self.words.vocabulary.groups else self.words.group(keys["group"])
        if group is None or (group and group not in (*self.words.vocabulary.groups, "all", "unknown")):
            self._fault("counts.group", "this is not a group", number, "group", keys["group"], tuple(self.words.vocabulary.groups)[:5])
            return None
        return group

    def _exposure(self, number: int, keys: Mapping[str, str], slot: Slot | None) -> float | None:
        if "minutes" not in keys or slot is None:
            return 1.0
        minutes, long = to_number(keys["minutes"]), _minutes(slot)
        if minutes is None or minutes <= 0:
            self._fault("counts.minutes", "this is not a number of minutes above zero", number, "minutes", keys["minutes"])
            return None
        return min(1.0, minutes / long)

    def _compare(self, number: int, row: Mapping[str, str], parts: Sequence[str], total: ColumnMapping) -> None:
        """A column of totals beside its groups is no group: it is compared, and left out."""
        numbers = [to_number(row[name]) for name in parts if name in row]
        told = to_number(row.get("group:all", ""))
        if told is not None and numbers and None not in numbers and sum(value for value in numbers if value is not None) != told:
            self._fault(
                "counts.total", "the total is not the sum of the groups; the groups were taken", number, total.header, row["group:all"]
            )

    def rows(self, place_id: str, how: str) -> list[dict[str, Any]]:
        """Cells as rows of COUNTS: what stands twice is told and taken once, times of one daypart are added up."""
        sums: dict[tuple[date, Slot, str, str], int] = defaultdict(int)
        parts: dict[tuple[date, str, str], dict[time | None, float]] = defaultdict(dict)
        for cell in self._without_mixed_groups(self._without_doubles()):
            sums[cell.day, cell.slot, cell.door, cell.group] += cell.people
            parts[cell.day, cell.slot.id, cell.door][cell.clock] = cell.exposure
        return [
            {
                "place_id": place_id,
                "session": "/".join([place_id, day.isoformat(), slot.id, *([door] if door else [])]),
                "date": day,
                "slot": slot.id,
                "group": group,
                "people": people,
                "exposure": min(1.0, sum(parts[day, slot.id, door].values())),
                "how": how,
            }
            for (day, slot, door, group), people in sorted(sums.items(), key=lambda item: (item[0][0], item[0][1].start, item[0][2:]))
        ]

    def _without_doubles(self) -> list[_Cell]:
        first: dict[tuple[Any, ...], _Cell] = {}
        for cell in self.cells:
            key = (cell.day, cell.slot.id, cell.door, cell.group, cell.clock)
            earlier = first.setdefault(key, cell)
            if earlier is cell:
                continue
            if earlier.people == cell.people:
                what = f"{cell.day.isoformat()}, {cell.slot.id}, {cell.group}"
                message = f"The count of {what} stands in row {cell.row} as in row {earlier.row}: taken once."
                self._notice("counts.double", message, row=cell.row, first=earlier.row)
            else:
                message = f"another number for the same day, daypart and group stands in row {earlier.row}"
                self._fault("counts.twice", message, cell.row, cell.column, str(cell.people))
        return list(first.values())

    def _without_mixed_groups(self, cells: Sequence[_Cell]) -> list[_Cell]:
        """Of a daypart with groups and a count of all together, the groups count: both would count everybody twice."""
        grouped = {(cell.day, cell.slot.id, cell.door) for cell in cells if cell.group != "all"}
        twice = [cell for cell in cells if cell.group == "all" and (cell.day, cell.slot.id, cell.door) in grouped]
        if twice:
            message = f"{len(twice)} dayparts have a count of all beside counts of groups: the groups were taken."
            self._notice("counts.all_and_groups", message, count=len(twice), row=twice[0].row)
        return [cell for cell in cells if not any(cell is other for other in twice)]

    def _notice(self, code: str, message: str, **details: Any) -> None:
        self.notices.append({"code": code, "subject": self.table.file, "message": message, "details": details})


def _minutes(slot: Slot) -> int:
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (slot.start, slot.end))
    return end - start
