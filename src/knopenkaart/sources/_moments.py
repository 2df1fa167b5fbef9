# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Days, times and periods as people and counters write them; the day stands before the month, as in the Netherlands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# Nobody here counted visitors with a machine before that, and nobody did in the future.
FIRST_YEAR, LAST_YEAR = 1980, 2100
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.u](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:u|uur|h)?")
_ZONE = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_LAST = re.compile(r"(\d{1,2})[-/](\d{4})")
_QUARTER = re.compile(r"(?i)(\d{4})[- ]?[kq]w?([1-4])|(?:k|q|kw)([1-4])[- ](\d{4})|([1-4])e kwartaal (\d{4})")
_WEEK = re.compile(r"(?i)(\d{4})[- ]?w(\d{1,2})|week (\d{1,2})[- ,]+(\d{4})")
_MONTHS = (
    ("januari", "jan", "january"), ("februari", "feb", "february"), ("maart", "mrt", "march", "mar"), ("april", "apr"), ("mei", "may"),
    ("juni", "jun", "june"), ("juli", "jul", "july"), ("augustus", "aug", "august"), ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"), ("november", "nov"), ("december", "dec"),
)  # fmt: skip
MONTH_NAMES = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week, month or quarter, by its first day."""

    start: date
    grain: str


def to_day(text: str) -> date | None:
    """A day: 2026-03-02, 2-3-2026, 2 maart 2026."""
    text = " ".join(text.split())
    if match := _ISO_DAY.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    parts = text.casefold().replace(".", "").split(" ")
    if len(parts) == 3 and parts[0].isdigit() and parts[1] in MONTH_NAMES and parts[2].isdigit():
        return _day(int(parts[2]), MONTH_NAMES[parts[1]], int(parts[0]))
    return None


def to_time(text: str) -> time | None:
    """A time of day: 9:30, 09.30, 9u30, 9 uur, 9; of a range (9:00-10:00) its beginning. 24:00 is midnight."""
    start = re.split(r"\s*(?:-|–|t/m|tot)\s*", text.strip(), maxsplit=1)[0]
    match = _CLOCK.fullmatch(start.strip())
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def to_moment(text: str) -> tuple[datetime, str] | None:
    """A day with a time, as the clock on the wall says, and the zone that is written behind it ("" where none is)."""
    zone = _ZONE.search(text)
    bare = text[: zone.start()] if zone and ":" in text[: zone.start()] else text
    day_text, _, time_text = bare.strip().replace("T", " ", 1).rpartition(" ")
    day, clock = to_day(day_text), to_time(time_text) if ":" in time_text or "." in time_text else None
    if day is None or clock is None:
        return None
    return datetime.combine(day, clock), zone[1] if zone and bare != text else ""


def to_period(text: str) -> Period | None:
    """A day, week (2026-W10), month (2026-03, maart 2026) or quarter (2026-Q1, 1e kwartaal 2026)."""
    text = " ".join(text.split())
    if day := to_day(text):
        return Period(day, "day")
    for pattern, grain in ((_MONTH, "month"), (_MONTH_LAST, "month"), (_QUARTER, "quarter"), (_WEEK, "week")):
        match = pattern.fullmatch(text)
        if match and (start := _start(grain, [int(group) for group in match.groups() if group])):
            return Period(start, grain)
    word, _, year = text.casefold().replace(".", "").partition(" ")
    if word in MONTH_NAMES and year.isdigit() and (start := _day(int(year), MONTH_NAMES[word], 1)):
        return Period(start, "month")
    return None


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def clocks_go_back(moment: datetime) -> bool:
    """Whether the clock shows this hour twice: the last Sunday of October, between two and three."""
    return moment.month == 10 and moment.weekday() == 6 and moment.day > 24 and moment.hour == 2


def _start(grain: str, numbers: list[int]) -> date | None:
    year, number = sorted(numbers, reverse=True)
    if grain == "week":
        try:
            return date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
    return _day(year, number if grain == "month" else 3 * number - 2, 1)


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
