# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exports of booking systems: which room, from when to when, for what; never by whom."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
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
from knopenkaart.sources._moments import monday_of, to_day, to_moment, to_time
from knopenkaart.sources._names import NameMatch, match_names
from knopenkaart.sources._rows import Sheet
from knopenkaart.sources.mapping import plain, to_number
from knopenkaart.tables import NOTICES, ROOM_HOURS
from knopenkaart.vocabulary.reader import Slot, Vocabulary

__all__ = ["BOOKING_FIELDS", "Booking", "BookingFile", "Columns", "NameMatch", "guess_bookings", "read_bookings", "without_persons"]

BOOKING_FIELDS = ("room", "start", "end", "date", "start_time", "end_time", "activity", "attendees", "status")
# A longer one is a lease, or an end in another month by mistake.
LONGEST_H = 24.0
LONGEST_ACTIVITY = 100
MOST_ATTENDEES = 5_000
_CANCELLED = (
    "geannuleerd",
    "annulering",
    "vervallen",
    "afgezegd",
    "ingetrokken",
    "cancelled",
    "canceled",
    "no show",
    "declined",
    "afgewezen",
)


@dataclass(frozen=True, slots=True)
class Booking:
    """One use of a room; nothing says by whom. `row` is where it stands in the file."""

    row: int
    room: str
    start: datetime
    end: datetime
    activity: str | None = None
    attendees: int | None = None


@dataclass(frozen=True)
class BookingFile:
    """What an export gives: the bookings that took place, ROOM_HOURS of the period, how rooms were understood, faults, things to know."""

    bookings: tuple[Booking, ...]
    hours: pd.DataFrame
    first: date | None
    last: date | None
    weeks: int
    matches: tuple[NameMatch, ...]
    faults: tuple[Fault, ...]
    notices: pd.DataFrame
    file: str
    sha256: str


def guess_bookings(content: Path | bytes, *, file_name: str | None = None, sheet: str | None = None) -> Columns:
    """The most likely way to read an export of bookings, by its headers. Columns about persons are left out, whatever they are called.

    Raises InputError when the file cannot be read.
    """
    table = open_table(content, file_name=file_name, sheet=sheet)
    header_row = header_of(table, [word for words in words_of("bookings").values() for word in words])
    header = table.rows[header_row - 1]
    persons = {i for i, text in enumerate(header) if _about_a_person(text)}
    found = by_header(["" if i in persons else text for i, text in enumerate(header)], "bookings")
    return Columns(to_columns(header, _as_times(found, table, header_row)), header_row, table.name)


def read_bookings(
    content: Path | bytes,
    *,
    columns: Columns,
    vocabulary: Vocabulary,
    place_id: str,
    rooms: Mapping[str, str] | None = None,
    available: Mapping[tuple[str, str], float] | None = None,
    first: date | None = None,
    last: date | None = None,
    file_name: str | None = None,
) -> BookingFile:
    """Bookings and the hours per week that rooms are used, out of an export.

    `rooms` are the rooms that are known (id -> name): a name that is not surely one of them is told and left out, until `columns.words`
    says; without `rooms` each name is a room. `available` are the hours per week in which a room can be used per daypart; without it those
    of the dayparts. Hours are a mean over the whole weeks from that of `first` to that of `last` (default: of the first and last booking).
    What was cancelled or stands twice is left out, and of bookings that overlap in one room the hours count once: all told. Raises
    InputError when the file as a whole cannot be read, `columns` do not fit it, or a column about persons is asked for.
    """
    table = open_table(content, file_name=file_name, sheet=columns.sheet)
    checked(columns, table, BOOKING_FIELDS)
    _refuse(columns, table)
    reader = _Reader(table, columns)
    found = reader.bookings()
    names = sorted({booking.room for booking in found})
    matches = match_names(names, rooms, columns.words) if rooms is not None else {}
    known = reader.in_known_rooms(found, matches) if rooms is not None else found
    kept = reader.once(known)
    first = first or min((booking.start.date() for booking in kept), default=None)
    last = last or max((booking.start.date() for booking in kept), default=None)
    weeks = ((monday_of(last) - monday_of(first)).days // 7 + 1) if first and last else 0
    hours = reader.hours(kept, vocabulary, weeks, place_id, available or {}, list(rooms) if rooms is not None else names)
    return BookingFile(
        bookings=tuple(kept),
        hours=ROOM_HOURS.frame(hours),
        first=first,
        last=last,
        weeks=weeks,
        matches=tuple(matches.values()),
        faults=tuple(reader.faults),
        notices=NOTICES.frame(reader.notices),
        file=table.file,
        sha256=table.sha256,
    )


def without_persons(content: Path | bytes, *, columns: Columns, file_name: str | None = None) -> bytes:
    """The same table as CSV with nothing in its columns about persons, nor above its headers: what may be kept until somebody looked."""
    table = open_table(content, file_name=file_name, sheet=columns.sheet)
    header = table.rows[columns.header_row - 1]
    persons = {i for i, text in enumerate(header) if _about_a_person(text)}
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    for number, row in enumerate(table.rows, start=1):
        kept = row[: len(header)] if number >= columns.header_row else ()
        writer.writerow(cell if number == columns.header_row or i not in persons else "" for i, cell in enumerate(kept))
    return stream.getvalue().encode()


def _about_a_person(header: str) -> bool:
    words = words_of("persons")["words"]
    rooms = words_of("bookings")["room"]
    return plain(header) not in rooms and any(f" {word} " in f" {plain(header)} " for word in words)


def _as_times(found: Mapping[int, tuple[str, str]], table: Sheet, header_row: int) -> dict[int, tuple[str, str]]:
    """Beginnings and ends that are times of day belong to a column with the date."""
    result = dict(found)
    for i, (name, why) in found.items():
        cells = cells_below(table, header_row, i)
        if name in ("start", "end") and cells and not any(to_moment(cell) for cell in cells) and sum(to_time(c) is not None for c in cells):
            result[i] = (f"{name}_time", why)
    # Of two columns that would hold the same the first one does.
    first = {name: i for i, (name, _) in sorted(result.items(), reverse=True)}
    return {i: item for i, item in result.items() if first[item[0]] == i}


def _refuse(columns: Columns, table: Sheet) -> None:
    """Refuse columns about persons, and a mapping without a room, a beginning or an end."""
    persons = [column for column in columns.columns if column.field and _about_a_person(column.header)]
    faults = [Fault("bookings.person", "who booked is never read in", table.file, None, column.header) for column in persons]
    timed = columns.has("start") and columns.has("end")
    apart = columns.has("date") and columns.has("start_time") and columns.has("end_time")
    if not columns.has("room"):
        faults.append(Fault("bookings.columns", "no column holds the room", table.file))
    if not timed and not apart:
        faults.append(Fault("bookings.columns", "no columns hold from when to when", table.file))
    if faults:
        remedy = "Say which columns hold the room, the beginning and the end (or the date and both times)."
        raise InputError(f"The mapping does not fit {table.file}.", code="mapping.misfit", remedy=remedy, faults=faults)


@dataclass
class _Reader:
    table: Sheet
    columns: Columns
    faults: list[Fault] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def bookings(self) -> list[Booking]:
        """Every sound row that was not cancelled."""
        found, cancelled = [], 0
        for number, row in rows_by_field(self.table, self.columns):
            if any(word in plain(row.get("status", "")) for word in _CANCELLED):
                cancelled += 1
                continue
            period = self._period(number, row)
            if "room" not in row:
                self._fault("bookings.room", "it is not clear which room this is", number, "room", "")
            elif period is not None:
                activity = row.get("activity", "")[:LONGEST_ACTIVITY] or None
                found.append(Booking(number, row["room"], *period, activity, self._attendees(number, row)))
        if cancelled:
            self._notice("bookings.cancelled", f"{cancelled} bookings were cancelled and do not count.", count=cancelled)
        return found

    def _period(self, number: int, row: Mapping[str, str]) -> tuple[datetime, datetime] | None:
        start = self._moment(number, row, "start", None)
        end = self._moment(number, row, "end", start.date() if start else None)
        if start is None or end is None:
            return None
        if end <= start and not self.columns.has("end") and end.time() < start.time():
            # Only times are given: the evening went on past midnight.
            end += timedelta(days=1)
        if end <= start:
            self._fault("bookings.end", "the end is not after the beginning", number, self._column("end"), end.isoformat(" ", "minutes"))
            return None
        if (end - start) / timedelta(hours=1) > LONGEST_H:
            self._fault("bookings.long", f"longer than {LONGEST_H:.0f} hours", number, self._column("end"), end.isoformat(" ", "minutes"))
            return None
        return start, end

    def _column(self, which: str) -> str:
        return which if self.columns.has(which) else f"{which}_time"

    def _moment(self, number: int, row: Mapping[str, str], which: str, day: date | None) -> datetime | None:
        text = row.get(which, "")
        if text and (exact := to_moment(text)):
            return exact[0]
        clock = to_time(row.get(f"{which}_time", text))
        if (only_day := to_day(text)) is not None:
            # A workbook drops the time of midnight.
            return datetime.combine(only_day, clock if clock and f"{which}_time" in row else time())
        on = to_day(row.get("date", "").split(" ")[0] if row.get("date", "")[:4].isdigit() else row.get("date", "")) or day
        if on is None or clock is None:
            name = self._column(which) if on is not None or not self.columns.has("date") else "date"
            self._fault("bookings.moment", "this is not a day with a time", number, name, row.get(name, ""))
            return None
        return datetime.combine(on, clock)

    def _attendees(self, number: int, row: Mapping[str, str]) -> int | None:
        text = row.get("attendees")
        if text is None:
            return None
        value = to_number(text)
        if value is None or value < 0 or value != int(value) or value > MOST_ATTENDEES:
            self._fault("bookings.attendees", "this is not a number of people; the booking was read without it", number, "attendees", text)
            return None
        return int(value)

    def in_known_rooms(self, bookings: Iterable[Booking], matches: Mapping[str, NameMatch]) -> list[Booking]:
        """The bookings of rooms that are surely known, with the id of the room; the others are told per name."""
        left_out: dict[str, int] = defaultdict(int)
        kept = []
        for booking in bookings:
            match = matches[booking.room]
            if match.sure and match.id:
                kept.append(Booking(booking.row, match.id, booking.start, booking.end, booking.activity, booking.attendees))
            elif not match.sure:
                left_out[booking.room] += 1
        for name, count in sorted(left_out.items()):
            message = f"No room is surely meant by {name!r}: its {count} bookings were left out until you say which it is."
            self._notice("bookings.unknown_room", message, name=name, count=count, near=list(matches[name].near))
        return kept

    def once(self, bookings: Sequence[Booking]) -> list[Booking]:
        """Bookings by room and time, without those that stand twice; those that overlap are kept and told."""
        first: dict[tuple[str, datetime, datetime], Booking] = {}
        doubles = [
            booking.row for booking in bookings if first.setdefault((booking.room, booking.start, booking.end), booking) is not booking
        ]
        kept = sorted(first.values(), key=lambda booking: (booking.room, booking.start, booking.end))
        overlaps, latest = [], None
        for booking in kept:
            if latest is not None and booking.room == latest.room and booking.start < latest.end:
                overlaps.append((latest.row, booking.row))
            latest = booking if latest is None or booking.room != latest.room or booking.end > latest.end else latest
        if doubles:
            self._notice("bookings.double", f"{len(doubles)} bookings stand twice: taken once.", count=len(doubles), rows=doubles[:20])
        if overlaps:
            pairs = ", ".join(f"{one} and {other}" for one, other in overlaps[:5])
            message = f"{len(overlaps)} bookings overlap another in the same room (rows {pairs}): the hours count once."
            self._notice("bookings.overlap", message, count=len(overlaps), rows=[list(pair) for pair in overlaps[:20]])
        return kept

    def hours(
        self,
        bookings: Sequence[Booking],
        vocabulary: Vocabulary,
        weeks: int,
        place_id: str,
        available: Mapping[tuple[str, str], float],
        rooms: Sequence[str],
    ) -> list[dict[str, Any]]:
        """ROOM_HOURS: per room and daypart the hours per week that it was used, each hour once."""
        used: dict[tuple[str, str], float] = defaultdict(float)
        outside = 0.0
        for room, start, end in _joined(bookings):
            inside = 0.0
            for slot, hours in _over_dayparts(start, end, vocabulary):
                used[room, slot.id] += hours
                inside += hours
            outside += (end - start) / timedelta(hours=1) - inside
        if outside > 0:
            self._notice("bookings.outside", f"{outside:.1f} booked hours are in no daypart and do not count.", hours=round(outside, 1))
        return [
            {
                "place_id": place_id,
                "room": room,
                "slot": slot.id,
                "available": available.get((room, slot.id), 0.0) if available else _long(slot),
                "used": used[room, slot.id] / weeks,
                "basis": "bookings",
            }
            for room in rooms
            for slot in vocabulary.week()
            if weeks and (not available or (room, slot.id) in available or used[room, slot.id])
        ]

    def _fault(self, code: str, message: str, row: int, name: str, value: str) -> None:
        column = self.columns.of(name)
        self.faults.append(Fault(code, message, self.table.file, row, column.header if column else name, value[:100]))

    def _notice(self, code: str, message: str, **details: Any) -> None:
        self.notices.append({"code": code, "subject": self.table.file, "message": message, "details": details})


def _joined(bookings: Sequence[Booking]) -> list[tuple[str, datetime, datetime]]:
    """The times in which each room is used, those that overlap as one; `bookings` are in order of room and beginning."""
    found: list[tuple[str, datetime, datetime]] = []
    for booking in bookings:
        if found and found[-1][0] == booking.room and booking.start <= found[-1][2]:
            found[-1] = (booking.room, found[-1][1], max(found[-1][2], booking.end))
        else:
            found.append((booking.room, booking.start, booking.end))
    return found


def _over_dayparts(start: datetime, end: datetime, vocabulary: Vocabulary) -> Iterable[tuple[Slot, float]]:
    """The hours of a time that fall in each daypart."""
    day = start.date()
    while day <= end.date():
        for slot in vocabulary.week():
            if slot.weekday == day.isoweekday():
                opens, closes = (datetime.combine(day, time.min) + _since_midnight(text) for text in (slot.start, slot.end))
                hours = (min(end, closes) - max(start, opens)) / timedelta(hours=1)
                if hours > 0:
                    yield slot, hours
        day += timedelta(days=1)


def _since_midnight(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))


def _long(slot: Slot) -> float:
    return (_since_midnight(slot.end) - _since_midnight(slot.start)) / timedelta(hours=1)
