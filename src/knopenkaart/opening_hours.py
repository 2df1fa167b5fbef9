# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours in OpenStreetMap's syntax: whether they can be read, whether a place is open, and the table of a week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import opening_hours as library

DEFAULT_TIMEZONE = ZoneInfo("Europe/Amsterdam")
DEFAULT_COUNTRY = "NL"
# An evening that ends before this hour of the next day still belongs to the day on which it began ("Fr 20:00-02:00").
END_OF_NIGHT = time(6, 0)
# Boxes (west, south, east, north) without a metre of foreign land, in which four of five inhabitants of the Netherlands live. To look a
# time zone and a country up by coordinates the library loads 107 MiB; a worker of the web pays that only for places outside these boxes.
SURELY_DUTCH = ((4.5, 52.45, 6.65, 53.4), (4.0, 51.95, 6.4, 52.45), (3.7, 51.52, 5.9, 51.95))
_MIDNIGHT = time(0, 0)
_UTC = ZoneInfo("UTC")

HoursState = Literal["open", "unknown"]


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of a day. `start` and `end` are hh:mm; midnight at the end is 24:00; an end before the start is on the next day."""

    start: str
    end: str
    state: HoursState = "open"
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DayHours:
    """What one day of a week has; `weekday` is 1 (Monday) to 7 (Sunday); no intervals means closed."""

    weekday: int
    day: date
    intervals: tuple[Interval, ...]


def is_valid(text: str | None) -> bool:
    """Whether the text can be read as opening hours. A text that cannot is kept and shown as it stands."""
    return bool(text and text.strip()) and bool(library.validate(str(text).strip()))


def is_open(text: str | None, at: datetime, *, lon: float | None = None, lat: float | None = None) -> bool | None:
    """Whether a place is open at a moment.

    `at` with a time zone is converted to that of the place; without one it is taken as the local time of the place.
    `lon` and `lat` (degrees) give the time zone, the public holidays and the sun; without them those of Amsterdam and the Netherlands hold.
    Returns None where nobody knows: no hours, hours that cannot be read, or hours that say so ("unknown").
    """
    hours = _parse(text, lon, lat)
    if hours is None:
        return None
    # The library knows named time zones only, and datetime.UTC has no name.
    state, _ = hours.state(at if at.tzinfo is None else at.astimezone(_UTC))
    return None if state == library.State.UNKNOWN else bool(state == library.State.OPEN)


def weekly(
    text: str | None, *, week: date | None = None, lon: float | None = None, lat: float | None = None, holidays: bool = True
) -> tuple[DayHours, ...]:
    """The hours of each day, Monday to Sunday, of the week that holds the date `week` (default: today).

    With `holidays` False the days are taken as ordinary ones, which is what a standing table ("Mondays 9-17") means.
    Returns seven days, or nothing where the text is absent or cannot be read.
    """
    hours = _parse(text, lon, lat, holidays)
    if hours is None:
        return ()
    today = week or datetime.now(DEFAULT_TIMEZONE).date()
    monday = today - timedelta(days=today.weekday())
    days: dict[date, list[Interval]] = {monday + timedelta(days=offset): [] for offset in range(7)}
    for start, end, state, comment in _stretches(hours, monday):
        for day, interval in _by_day(start, end, state, comment):
            if day in days:
                days[day].append(interval)
    return tuple(DayHours(day.isoweekday(), day, tuple(found)) for day, found in days.items())


def same_every_week(text: str | None, *, year: int, lon: float | None = None, lat: float | None = None) -> bool:
    """Whether an ordinary week (without holidays) has the same hours all through a year; False for hours that cannot be read."""
    first: tuple[tuple[Interval, ...], ...] | None = None
    for number in range(1, 53):
        rows = tuple(day.intervals for day in weekly(text, week=date.fromisocalendar(year, number, 1), lon=lon, lat=lat, holidays=False))
        if not rows or (first is not None and rows != first):
            return False
        first = rows
    return True


def _stretches(hours: library.OpeningHours, monday: date) -> Iterator[tuple[datetime, datetime, HoursState, str]]:
    # A day of margin on both sides: the night of Sunday runs into Monday, and belongs to Sunday.
    begin = datetime.combine(monday - timedelta(days=1), _MIDNIGHT)
    until = datetime.combine(monday + timedelta(days=8), _MIDNIGHT)
    for start, end, state, comment in hours.intervals(begin, until):
        if state != library.State.CLOSED:
            known: HoursState = "open" if state == library.State.OPEN else "unknown"
            yield start.replace(tzinfo=None), end.replace(tzinfo=None), known, comment


def _by_day(start: datetime, end: datetime, state: HoursState, comment: str) -> Iterator[tuple[date, Interval]]:
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), _MIDNIGHT)
        night = midnight < end <= datetime.combine(midnight.date(), END_OF_NIGHT) and start.time() != _MIDNIGHT
        stop = end if night else min(end, midnight)
        yield start.date(), Interval(f"{start:%H:%M}", "24:00" if stop == midnight else f"{stop:%H:%M}", state, comment)
        start = stop


@lru_cache(maxsize=8192)
def _parse(text: str | None, lon: float | None, lat: float | None, holidays: bool = True) -> library.OpeningHours | None:
    if not is_valid(text):
        return None
    expression = str(text).strip()
    country = DEFAULT_COUNTRY if holidays else None
    # A coordinate that is no place on earth (NaN included: it compares false) must not cost us the hours.
    if lon is not None and lat is not None and -180 <= lon <= 180 and -90 <= lat <= 90:
        if any(west <= lon <= east and south <= lat <= north for west, south, east, north in SURELY_DUTCH):
            return library.OpeningHours(expression, DEFAULT_TIMEZONE, country, (lat, lon), auto_country=False)
        return library.OpeningHours(expression, coords=(lat, lon), auto_country=holidays)
    return library.OpeningHours(expression, timezone=DEFAULT_TIMEZONE, country=country)
