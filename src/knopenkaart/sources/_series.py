# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Series of turnstiles, door counters and yearly reports: per hour, day, week, month or quarter; counts or readings; one place or many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
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
from knopenkaart.sources._moments import clocks_go_back, to_moment, to_period, to_time
from knopenkaart.sources._names import NameMatch, match_names
from knopenkaart.sources._rows import Sheet
from knopenkaart.sources.mapping import to_number
from knopenkaart.tables import NOTICES, SERIES

SERIES_FIELDS = ("place", "moment", "hour", "in", "out", "both", "reading", "people")
_VALUES = ("reading", "in", "people", "both", "out")
# Numbers that (nearly) never fall are those of a counter that goes on counting.
RISING_SHARE, RISING_LEAST = 0.98, 20
# Who comes in goes out again: a difference above this share means that a sensor misses people.
IN_OUT_SHARE = 0.1
# A day counts when it has this share of the readings that a day of this counter usually has.
USUAL_SHARE = 0.9
_NOTHING = frozenset({"-", "--", ".", "n.b.", "nb", "n/a", "na", "nan", "null", "none", "onbekend", "unknown", "?", "x"})


@dataclass(frozen=True)
class SeriesFile:
    """What a series gives: SERIES of the places that are known, how each name was understood, every fault, and what to know of it."""

    series: pd.DataFrame
    matches: tuple[NameMatch, ...]
    faults: tuple[Fault, ...]
    notices: pd.DataFrame
    file: str
    sha256: str


@dataclass(frozen=True)
class _Reading:
    row: int
    at: datetime
    zone: str
    grain: str
    values: Mapping[str, float | None]


@dataclass
class _Told:
    file: str
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def fault(self, code: str, message: str, row: int, column: str, value: str) -> None:
        self.faults.append(Fault(code, message, self.file, row, column, value[:100]))

    def notice(self, code: str, subject: str, message: str, **details: Any) -> None:
        self.notices.append({"code": code, "subject": subject, "message": message, "details": details})


def guess_series(content: Path | bytes, *, file_name: str | None = None, sheet: str | None = None) -> Columns:
    """The most likely way to read a series: columns by their headers, then by what stands in them.

    Numbers that hardly ever fall are taken for the readings of a counter that goes on counting. Raises InputError when it cannot be read.
    """
    table = open_table(content, file_name=file_name, sheet=sheet)
    header_row = header_of(table, [word for words in words_of("series").values() for word in words])
    header = table.rows[header_row - 1]
    found = by_header(header, "series")
    cells = {i: cells_below(table, header_row, i) for i in range(len(header))}
    when = {i for i, texts in cells.items() if texts and sum(_moment(text) is not None for text in texts) >= 0.7 * len(texts)}
    if when and not any(found.get(i, ("", ""))[0] == "moment" for i in when):
        found = {i: item for i, item in found.items() if item[0] != "moment"} | {min(when): ("moment", "cells")}
    if not {name for name, _ in found.values()} & set(_VALUES):
        numbers = [i for i, texts in cells.items() if i not in found and texts and all(_number(text)[0] for text in texts)]
        found |= dict.fromkeys(numbers[:1], ("people", "cells"))
    for i, (name, _) in list(found.items()):
        if name == "people" and "reading" not in {used for used, _ in found.values()} and _rises(cells[i]):
            found[i] = ("reading", "cells")
    return Columns(to_columns(header, found), header_row, table.name)


def read_series(
    content: Path | bytes, *, columns: Columns, places: Mapping[str, str], place_id: str | None = None, file_name: str | None = None
) -> SeriesFile:
    """SERIES out of the export of a counter or a list of visits per period.

    `places` are the places that a name may mean (id -> name); where the file has no column of places all of it is of `place_id`. A name
    that is not surely one place is told with what it may be and left out, until `columns.words` says (name -> id, "" leaves it out).
    Readings per hour or finer become days; a day with too few of them has no number. Raises InputError when the file as a whole cannot be
    read, `columns` do not fit it, or it has no column for the place and `place_id` is not given.
    """
    table = open_table(content, file_name=file_name, sheet=columns.sheet)
    checked(columns, table, SERIES_FIELDS)
    if not columns.has("moment") or not columns.has(*_VALUES):
        remedy = "Say which column holds the date, day or month, and which the number."
        raise InputError(f"{table.file} is no series.", code="series.no_columns", remedy=remedy)
    if not columns.has("place") and place_id is None:
        raise InputError(f"{table.file} does not say which place it is of.", code="series.no_place", remedy="Choose the place.")
    told = _Told(table.file)
    readings = _readings(table, columns, told)
    matches = match_names(readings, places, columns.words) if columns.has("place") else {}
    for name, match in matches.items():
        _tell_match(told, name, match, len(readings[name]))
    rows: list[dict[str, Any]] = []
    taken: dict[str, str] = {}
    for name, found in readings.items():
        key = place_id if not columns.has("place") else matches[name].id if matches[name].sure else None
        if key is None:
            continue
        if key in taken:
            told.notice(
                "series.same_place",
                name,
                f"{name} and {taken[key]} are both taken for {key}; only {taken[key]} was read.",
                other=taken[key],
            )
            continue
        taken[key] = name
        rows += [{"place_id": key, **row} for row in _of_place(name or table.file, found, columns, told)]
    return SeriesFile(
        SERIES.frame(rows), tuple(matches.values()), tuple(told.faults), NOTICES.frame(told.notices), table.file, table.sha256
    )


# --- cells --------------------------------------------------------------------------------------------------------------


def _moment(text: str) -> tuple[datetime, str, str] | None:
    """(moment, zone, grain) of a time stamp or a period."""
    if exact := to_moment(text):
        return *exact, "hour"
    period = to_period(text)
    return (datetime.combine(period.start, time()), "", period.grain) if period else None


def _number(text: str) -> tuple[bool, float | None]:
    """(whether the cell can be read, the number or None where the source has none)."""
    if text.casefold() in _NOTHING:
        return True, None
    value = to_number(text)
    return value is not None, value


def _rises(cells: Sequence[str]) -> bool:
    values = [value for text in cells if (value := _number(text)[1]) is not None]
    steps = [later - earlier for earlier, later in pairwise(values)]
    rising = sum(step >= 0 for step in steps)
    return len(set(values)) > RISING_LEAST and rising >= RISING_SHARE * len(steps) and values[-1] > 5 * median(map(abs, steps))


def _readings(table: Sheet, columns: Columns, told: _Told) -> dict[str, list[_Reading]]:
    """Every sound row, per name of a place ("" where the file names none)."""
    found: dict[str, list[_Reading]] = defaultdict(list)
    headers = {column.field: column.header for column in columns.columns if column.field}
    for number, row in rows_by_field(table, columns):
        at = _moment(row.get("moment", ""))
        if at is None:
            told.fault("series.date", "this is no moment, day, week, month or quarter", number, headers["moment"], row.get("moment", ""))
            continue
        moment, zone, grain = at
        if "hour" in row and grain == "day":
            clock = to_time(row["hour"])
            if clock is None:
                told.fault("series.hour", "this is not a time of day", number, headers["hour"], row["hour"])
                continue
            moment, grain = datetime.combine(moment.date(), clock), "hour"
        values = _values(row, number, headers, told)
        if values is not None:
            found[row.get("place", "")].append(_Reading(number, moment, zone, grain, values))
    return found


def _values(row: Mapping[str, str], number: int, headers: Mapping[str, str], told: _Told) -> dict[str, float | None] | None:
    values: dict[str, float | None] = {}
    sound = True
    for name in _VALUES:
        if name not in headers:
            continue
        readable, value = _number(row.get(name, "-"))
        if not readable or (value is not None and value < 0):
            told.fault("series.number", "this is not a number of visits: 0 or more", number, headers[name], row[name])
            sound = False
        values[name] = value
    return values if sound else None


def _tell_match(told: _Told, name: str, match: NameMatch, rows: int) -> None:
    if match.sure:
        return
    if match.id is None:
        told.notice("series.unknown_place", name, f"No place is known as {name!r}: its {rows} rows were left out.", name=name, rows=rows)
    else:
        message = f"{name!r} may be {match.id} (alike for {match.score:.0f} of 100): its {rows} rows were left out until you say so."
        told.notice("series.doubtful_place", name, message, name=name, rows=rows, near=list(match.near), score=round(match.score))


# --- one place ----------------------------------------------------------------------------------------------------------


def _of_place(name: str, readings: Sequence[_Reading], columns: Columns, told: _Told) -> list[dict[str, Any]]:
    grain = Counter(reading.grain for reading in readings).most_common(1)[0][0]
    other = [reading for reading in readings if reading.grain != grain]
    for reading in other:
        told.fault(
            "series.grain", f"the rest of {name} is per {grain}, this is per {reading.grain}", reading.row, "", reading.at.isoformat()
        )
    ordered = _once([reading for reading in readings if reading.grain == grain], name, told)
    _compare_in_and_out(ordered, name, told)
    visits = _from_readings(ordered, name, told) if columns.has("reading") else [(reading, _visits(reading)) for reading in ordered]
    if not columns.has("reading", "in", "people") and columns.has("both"):
        told.notice("series.both_ways", name, f"{name} counts who comes in and who goes out together: half of it was taken as visits.")
    if grain != "hour":
        return [{"start": reading.at.date(), "grain": grain, "visits": value} for reading, value in visits]
    return _days(visits, name, told)


def _visits(reading: _Reading) -> float | None:
    """Visits by the best column that there is: who came in, the number itself, half of in and out together, who went out."""
    for name in ("in", "people"):
        if reading.values.get(name) is not None:
            return reading.values[name]
    both = reading.values.get("both")
    return both / 2 if both is not None else reading.values.get("out")


def _once(readings: Sequence[_Reading], name: str, told: _Told) -> list[_Reading]:
    """In order of time, each moment once. The hour that the clock shows twice in October is there twice."""
    first: dict[tuple[datetime, str, int], _Reading] = {}
    doubles: list[int] = []
    for reading in readings:
        key = (reading.at, reading.zone, 0)
        if key in first and reading.grain == "hour" and clocks_go_back(reading.at) and (*key[:2], 1) not in first:
            key = (reading.at, reading.zone, 1)
        earlier = first.setdefault(key, reading)
        if earlier is reading:
            continue
        if earlier.values == reading.values:
            doubles.append(reading.row)
        else:
            told.fault(
                "series.twice", f"another number for the same moment stands in row {earlier.row}", reading.row, "", reading.at.isoformat()
            )
    if doubles:
        told.notice("series.double", name, f"{len(doubles)} rows of {name} stand twice: taken once.", count=len(doubles), rows=doubles[:20])
    return [first[key] for key in sorted(first)]


def _compare_in_and_out(readings: Iterable[_Reading], name: str, told: _Told) -> None:
    pairs = [(r.values["in"], r.values["out"]) for r in readings if r.values.get("in") is not None and r.values.get("out") is not None]
    entered, left = (sum(pair[side] or 0.0 for pair in pairs) for side in (0, 1))
    if pairs and abs(entered - left) > IN_OUT_SHARE * max(entered, left):
        message = f"At {name} {entered:,.0f} came in and {left:,.0f} went out: a sensor misses people. Who came in was taken."
        told.notice("series.in_and_out", name, message, entered=entered, left=left)


def _from_readings(readings: Sequence[_Reading], name: str, told: _Told) -> list[tuple[_Reading, float | None]]:
    """Visits between successive readings of a counter that goes on counting; what it shows after a reset was counted since then.

    After days without a reading the visits of all those days come at once: then nobody knows of which day they are.
    """
    found: list[tuple[_Reading, float | None]] = []
    resets, gaps = [], []
    before: tuple[date, float] | None = None
    for reading in readings:
        now, day = reading.values.get("reading"), reading.at.date()
        if now is None or before is None:
            found.append((reading, None))
        elif (day - before[0]).days > 1 and reading.grain in ("hour", "day"):
            gaps.append(reading.row)
            found.append((reading, None))
        elif now < before[1]:
            resets.append(reading.row)
            found.append((reading, now))
        else:
            found.append((reading, now - before[1]))
        before = before if now is None else (day, now)
    if resets:
        message = (
            f"The counter of {name} began again {len(resets)} times; what it counted between the last reading and the reset is not known."
        )
        told.notice("series.reset", name, message, count=len(resets), rows=resets[:20])
    if gaps:
        message = f"The counter of {name} was not read for a day or longer {len(gaps)} times: the visits of those days are left out."
        told.notice("series.gap", name, message, count=len(gaps), rows=gaps[:20])
    return found


def _days(visits: Sequence[tuple[_Reading, float | None]], name: str, told: _Told) -> list[dict[str, Any]]:
    """Days from hours or finer. A counter that also tells of hours in which nobody came must tell of (nearly) all of its usual hours."""
    by_day: dict[date, list[float | None]] = defaultdict(list)
    for reading, value in visits:
        by_day[reading.at.date()].append(value)
    known = {day: [value for value in values if value is not None] for day, values in by_day.items()}
    tells_zero = any(value == 0 for values in known.values() for value in values)
    usual = median(len(values) for values in known.values()) if tells_zero else 0
    first, last = min(by_day), max(by_day)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    thin = [day for day in days if day in by_day and (not known[day] or len(known[day]) < USUAL_SHARE * usual)]
    absent = [day for day in days if day not in by_day]
    if thin or absent:
        message = f"{name}: {len(thin)} days with too few readings and {len(absent)} without any have no number."
        details = {"thin": len(thin), "absent": len(absent), "first": [day.isoformat() for day in sorted([*thin, *absent])[:10]]}
        told.notice("series.days", name, message, **details)
    lost = {*thin, *absent}
    return [{"start": day, "grain": "day", "visits": None if day in lost else float(sum(known[day]))} for day in days]
