# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How full: used hours of available hours, per room, per daypart and of a whole place, from bookings or from a rough week."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from knopenkaart.errors import Fault, InputError
from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.records import Booking, RoomHours
from knopenkaart.vocabulary import Slot

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# Hours that differ by less are the same: sums of parts of hours.
_SAME_H = 1e-9


@dataclass(frozen=True, slots=True)
class Use:
    """Hours per week. `known`: the available hours of which the use is known; `used` of these; `beyond`: used outside what is available."""

    available: float = 0.0
    known: float = 0.0
    used: float = 0.0
    beyond: float = 0.0

    @property
    def share(self) -> float | None:
        """Part of the hours that is in use, 0 to 1; None where no use is known."""
        return self.used / self.known if self.known > 0 else None

    @property
    def known_share(self) -> float:
        """Of which part of the available hours the use is known."""
        return self.known / self.available if self.available > 0 else 0.0

    @property
    def free(self) -> float:
        """Hours in which something more could happen, as far as the use is known."""
        return self.known - self.used

    def __add__(self, other: Use) -> Use:
        return Use(self.available + other.available, self.known + other.known, self.used + other.used, self.beyond + other.beyond)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: a stable code, the room and daypart, and the hours used and available."""

    code: Literal["use.beyond", "use.outside"]
    room: str
    slot: str
    used: float
    available: float


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The use of one place: whole, by room, by daypart (in order of the week), by both; peaks, quiet dayparts, and what does not fit.

    `by_bookings`: part of the known hours that comes from bookings, the rest from a rough week.
    """

    whole: Use
    rooms: Mapping[str, Use]
    slots: Mapping[str, Use]
    cells: Mapping[tuple[str, str], Use]
    by_bookings: float
    peaks: tuple[str, ...]
    quiet: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def used_daypart_share(self) -> float | None:
        """Of the dayparts in which it could be used and of which the use is known: the part in which something happens."""
        known = [use for use in self.slots.values() if use.known > 0]
        return sum(use.used > 0 for use in known) / len(known) if known else None


def occupancy(rows: Iterable[RoomHours], week: Sequence[Slot], *, conventions: Conventions = DEFAULT) -> Occupancy:
    """The use of the rooms of one place. `week`: the dayparts in order.

    A room can be used for no more hours than are available: what is used beyond these is kept apart and told as a finding, and no share
    is above 1. Raises InputError with every row that cannot be: hours below zero, or more than the daypart has, an unknown daypart, a
    room and daypart twice.
    """
    rows = tuple(rows)
    _check(rows, {slot.id: slot for slot in week})
    cells = {(row.room, row.slot): _use(row) for row in rows}
    rooms = {name: _sum(use for (room, _), use in cells.items() if room == name) for name in dict.fromkeys(row.room for row in rows)}
    used_slots = {row.slot for row in rows}
    slots = {slot.id: _sum(use for (_, other), use in cells.items() if other == slot.id) for slot in week if slot.id in used_slots}
    whole = _sum(cells.values())
    booked = sum(cells[row.room, row.slot].known for row in rows if row.basis == "bookings")
    shares = {slot: use.share for slot, use in slots.items() if use.share is not None}
    return Occupancy(
        whole=whole,
        rooms=rooms,
        slots=slots,
        cells=cells,
        by_bookings=booked / whole.known if whole.known > 0 else 0.0,
        peaks=tuple(slot for slot, share in shares.items() if share >= conventions.busy_share),
        quiet=tuple(slot for slot, share in shares.items() if share <= conventions.quiet_share),
        findings=tuple(_findings(rows)),
    )


def _use(row: RoomHours) -> Use:
    if row.used is None:
        return Use(row.available)
    used = min(row.used, row.available)
    return Use(row.available, row.available, used, row.used - used)


def _sum(uses: Iterable[Use]) -> Use:
    return sum(uses, Use())


def _findings(rows: Sequence[RoomHours]) -> Iterable[Finding]:
    for row in rows:
        if row.used is not None and row.used > row.available + _SAME_H:
            code: Literal["use.beyond", "use.outside"] = "use.beyond" if row.available > 0 else "use.outside"
            yield Finding(code, row.room, row.slot, row.used, row.available)


def _check(rows: Sequence[RoomHours], slots: Mapping[str, Slot]) -> None:
    faults = [fault for number, row in enumerate(rows) for fault in _faults(number, row, slots)]
    twice = [key for key, times in Counter((row.room, row.slot) for row in rows).items() if times > 1]
    faults += [Fault("use.hours_twice", f"room {room} has the daypart {slot} more than once", column="slot") for room, slot in twice]
    if faults:
        raise InputError("The hours of these rooms cannot be.", code="use.hours", remedy="Correct what is named.", faults=faults)


def _faults(number: int, row: RoomHours, slots: Mapping[str, Slot]) -> Iterable[Fault]:
    if row.slot not in slots:
        yield Fault("use.slot_unknown", f"'{row.slot}' is no daypart", row=number, column="slot", value=row.slot)
        return
    longest = hours_of(slots[row.slot])
    if not 0 <= row.available <= longest + _SAME_H:
        message = f"the daypart has {longest:g} hours, not {row.available:g}"
        yield Fault("use.hours_available", message, row=number, column="available", value=str(row.available))
    if row.used is not None and not 0 <= row.used < math.inf:
        yield Fault("use.hours_used", "hours are zero or more", row=number, column="used", value=str(row.used))


def hours_of(slot: Slot) -> float:
    """How many hours a daypart has.

    >>> hours_of(Slot("mo_morning", "maandagochtend", "Monday morning", 1, "08:00", "12:00"))
    4.0
    """
    return (_minutes(slot.end) - _minutes(slot.start)) / 60


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


@dataclass(frozen=True, slots=True)
class BookedHours:
    """Hours per week from bookings: rows with `used` filled; booked hours that fall in no daypart (of the whole period); unknown rooms."""

    rows: tuple[RoomHours, ...]
    outside_hours: float
    unknown_rooms: tuple[str, ...]


def hours_from_bookings(
    rooms: Iterable[RoomHours], bookings: Iterable[Booking], week: Sequence[Slot], *, first: date, last: date
) -> BookedHours:
    """Used hours per week from the bookings of a period, `first` and `last` included.

    The used hours of a daypart are the booked hours in it, over the number of such weekdays in the period. Bookings of one room that
    overlap are counted once. Rooms that nobody booked are used for 0 hours. Hours outside the dayparts, and booked rooms that are not
    among `rooms`, are told, not lost; a booked daypart in which a room is not available becomes a row of 0 available hours.
    Raises InputError on a period that holds less than a whole week, and on bookings that end before they begin.
    """
    if last - first < 6 * _DAY:
        raise InputError("A period of bookings is a week or longer.", code="use.period", remedy="Choose a longer period.")
    rooms = tuple(rooms)
    places = {row.room: row.place_id for row in rooms}
    spans = _spans(bookings, datetime.combine(first, time()), datetime.combine(last, time()) + _DAY)
    unknown = tuple(dict.fromkeys(room for room, _, _ in spans if room not in places))
    hours: defaultdict[tuple[str, str], float] = defaultdict(float)
    outside = 0.0
    for room, start, end in (span for span in spans if span[0] in places):
        outside += (end - start) / _HOUR
        for slot, part in _parts(start, end, week):
            hours[room, slot] += part
            outside -= part
    days = Counter((first + number * _DAY).isoweekday() for number in range((last - first).days + 1))
    weekday = {slot.id: slot.weekday for slot in week}
    open_hours = {(row.room, row.slot): row.available for row in rooms if row.slot in weekday}
    rows = tuple(
        RoomHours(places[room], room, slot, open_hours.get((room, slot), 0.0), hours[room, slot] / days[weekday[slot]], "bookings")
        for room, slot in (*open_hours, *(cell for cell in hours if cell not in open_hours))
    )
    return BookedHours(rows, max(0.0, outside), unknown)


def _spans(bookings: Iterable[Booking], begin: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
    """The booked spans of each room within the period, joined where they overlap, in order."""
    joined: list[tuple[str, datetime, datetime]] = []
    for booking in sorted(bookings, key=lambda item: (item.room, item.start)):
        if booking.end < booking.start:
            raise InputError(f"A booking of {booking.room} ends before it begins ({booking.start}).", code="use.booking")
        start, stop = max(booking.start, begin), min(booking.end, end)
        if stop <= start:
            continue
        if joined and joined[-1][0] == booking.room and start <= joined[-1][2]:
            room, earlier, until = joined.pop()
            joined.append((room, earlier, max(until, stop)))
        else:
            joined.append((booking.room, start, stop))
    return joined


def _parts(start: datetime, end: datetime, week: Sequence[Slot]) -> Iterable[tuple[str, float]]:
    """The hours of a span in each daypart that it touches."""
    day = start.date()
    while datetime.combine(day, time()) < end:
        midnight = datetime.combine(day, time())
        for slot in week:
            if slot.weekday == day.isoweekday():
                opens, closes = (midnight + timedelta(minutes=_minutes(clock)) for clock in (slot.start, slot.end))
                hours = (min(end, closes) - max(start, opens)) / _HOUR
                if hours > 0:
                    yield slot.id, hours
        day += _DAY
