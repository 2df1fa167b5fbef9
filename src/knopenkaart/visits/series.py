# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visits per month from counters, booking systems and yearly reports: what is known, what stands out, and which months are busy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from knopenkaart.tables import MONTHS, SEASON, SERIES, SERIES_FINDINGS

Floats = npt.NDArray[np.float64]
YEAR = 12
QUARTER = 3
# Of a month at least this part of the days must be known, to gross it up to a whole one.
LEAST_COVERED = 0.8
# A level is told by so many months on either side; a change of it is a jump from so much on, and beyond so many times its own noise.
WINDOW = 6
LEAST_WINDOW = 3
JUMP = float(np.log(1.3))
OUTLIER = float(np.log(1.5))
NOISES = 4.0
# Median absolute deviation to standard deviation, of a normal distribution.
_MAD = 1.4826
_LEVEL = 0.975
_GRAIN_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Line:
    """The months of one place without a hole: number of the first (`month_number`), visits (nan: not known), and whether they repeat."""

    place_id: str
    first: int
    visits: Floats
    spread: npt.NDArray[np.bool_]

    @property
    def calendar(self) -> npt.NDArray[np.int64]:
        """Of each month its number in the year, from 0."""
        return np.asarray((self.first + np.arange(len(self.visits))) % YEAR)

    def day(self, at: int) -> date:
        """The first day of a month of the line."""
        return month_day(self.first + at)


def month_day(number: int) -> date:
    """The first day of the month with this number."""
    return date(number // YEAR, number % YEAR + 1, 1)


def month_number(day: date) -> int:
    """The number of the month in which a day lies: year x 12 + month - 1."""
    return day.year * YEAR + day.month - 1


def monthly(series: pd.DataFrame) -> pd.DataFrame:
    """Visits per month of each place, and of each month how it is known.

    Parameters: SERIES of any grain. Days and weeks (a week spread evenly over its days) are added up, and grossed up to the month where
    at least 80 % of its days are known; a quarter is a third of it per month; a month is as it is. Every month from the first to the last
    of a place has a row. Returns MONTHS: visits per month. `gap`: the source has nothing; `few_days`; `zero`: nobody came in the whole
    month, which is a closed door or a broken counter and no estimate of visits. A value that is the same in three months or more, one
    after another, is a quarter (or a guess) spread over months: basis `repeated`.

    >>> days = [date(2025, month, 1) for month in range(1, 6)]
    >>> series = pd.DataFrame({"place_id": "library", "start": days, "grain": "month", "visits": [900.0, 400, 400, 400, None]})
    >>> monthly(series)["basis"].tolist()
    ['month', 'repeated', 'repeated', 'repeated', 'none']
    """
    rows = [row for place, own in SERIES.check(series).groupby("place_id", sort=True) for row in _months_of(str(place), own)]
    return MONTHS.frame(rows)


def _months_of(place: str, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    found = _per_month(rows)
    numbers = range(min(found), max(found) + 1)
    told = [_month_row(place, number, found.get(number, (None, 0.0, "none"))) for number in numbers]
    values = np.array([np.nan if row["visits"] is None else row["visits"] for row in told])
    for row, repeated in zip(told, _repeats(values), strict=True):
        yield row | ({"basis": "repeated"} if repeated and row["basis"] == "month" else {})


def _per_month(rows: pd.DataFrame) -> dict[int, tuple[float | None, float, str]]:
    """Per month visits, the part of it that is known, and the basis."""
    found: dict[int, tuple[float | None, float, str]] = {}
    days: dict[int, list[float]] = {}
    for start, grain, visits in zip(rows["start"], rows["grain"], rows["visits"], strict=True):
        known = None if pd.isna(visits) else float(visits)
        if grain in _GRAIN_DAYS:
            for offset in range(_GRAIN_DAYS[grain]):
                own = days.setdefault(month_number(start + timedelta(days=offset)), [])
                own += [] if known is None else [known / _GRAIN_DAYS[grain]]
            continue
        parts = QUARTER if grain == "quarter" else 1
        for number in range(month_number(start), month_number(start) + parts):
            found[number] = (None if known is None else known / parts, float(known is not None), str(grain))
    for number, own in days.items():
        length = (month_day(number + 1) - month_day(number)).days
        covered = min(1.0, len(own) / length)
        found.setdefault(number, (sum(own) / covered if own else None, covered, "sum"))
    return found


def _month_row(place: str, number: int, found: tuple[float | None, float, str]) -> dict[str, Any]:
    visits, covered, basis = found
    reason = "gap" if visits is None else "few_days" if covered < LEAST_COVERED else "zero" if visits == 0 else None
    told = {"place_id": place, "month": month_day(number), "covered": covered, "enough": reason is None, "reason": reason}
    return told | {"visits": None if reason else visits, "basis": "none" if visits is None else basis}


def _repeats(values: Floats) -> npt.NDArray[np.bool_]:
    """Which values are the same as those beside them, three or more in a row."""
    repeated = np.zeros(len(values), dtype=bool)
    for start, stop in _runs(values):
        repeated[start:stop] = True
    return repeated


def _runs(values: Floats) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(values) + 1):
        if at == len(values) or values[at] != values[start]:
            if at - start >= QUARTER and not np.isnan(values[start]):
                yield start, at
            start = at


def lines(months: pd.DataFrame) -> Iterator[Line]:
    """The months of each place as arrays."""
    for place, rows in MONTHS.check(months).groupby("place_id", sort=True):
        ordered = rows.sort_values("month")
        visits = np.asarray(ordered["visits"].to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
        yield Line(
            str(place), month_number(ordered["month"].iloc[0]), visits, ordered["basis"].isin(["repeated", "quarter"]).to_numpy(bool)
        )


def findings(months: pd.DataFrame) -> pd.DataFrame:
    """What stands out in the months of each place, to be asked about before anybody reckons with them.

    Parameters: MONTHS. Returns SERIES_FINDINGS: `gap` (no value between the first and the last), `zero` (nobody came), `ended` (it
    stops before the other places do), `repeat` (one value three months or more in a row), `jump` (another level from one month on: the
    medians of up to six months on either side differ by 30 % or more, and by four times the noise) and `outlier` (one month that is 1.5
    times as much, or as little, as the months around it). Months that repeat a value are one observation here; the season is taken out
    where it is known.
    Source: docs/method/series.md.
    """
    last = max((month_number(day) for day in months["month"]), default=0)
    reasons = {
        (str(place), month): reason for place, month, reason in zip(months["place_id"], months["month"], months["reason"], strict=True)
    }
    rows = [row for line in lines(months) for row in _findings_of(line, last, reasons)]
    return SERIES_FINDINGS.frame(sorted(rows, key=lambda row: (row["place_id"], row["start"], row["what"])))


def _findings_of(line: Line, last: int, reasons: dict[tuple[str, date], Any]) -> Iterator[dict[str, Any]]:
    def row(what: str, start: int, stop: int, **more: Any) -> dict[str, Any]:
        told = {"place_id": line.place_id, "what": what, "start": line.day(start), "end": line.day(stop - 1), "months": stop - start}
        return told | more

    size = len(line.visits)
    missing = ["" if pd.isna(reason := reasons[line.place_id, line.day(at)]) else str(reason) for at in range(size)]
    for what, of in (("gap", ("gap", "few_days")), ("zero", ("zero",))):
        flags = np.array([1.0 if reason in of else np.nan for reason in missing])
        for start, stop in _stretches(flags):
            yield row(what, start, stop)
    if line.first + size - 1 < last:
        yield row("ended", size, last - line.first + 1)
    for start, stop in _runs(line.visits):
        yield row("repeat", start, stop, value=float(line.visits[start]))
    jumps, outliers = level_changes(line)
    borders = [*(at for at, _, _ in jumps), size]
    for number, (at, before, after) in enumerate(jumps):
        yield row("jump", at, borders[number + 1], value=after, before=before, change=after / before - 1)
    for at, around in outliers:
        value = float(line.visits[at])
        yield row("outlier", at, at + 1, value=value, before=around, change=value / around - 1)


def _stretches(flags: Floats) -> Iterator[tuple[int, int]]:
    """Runs of whatever length that are not nan."""
    padded = np.concatenate([[False], ~np.isnan(flags), [False]]).astype(int)
    change = np.diff(padded)
    yield from zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True)


def level_changes(line: Line) -> tuple[list[tuple[int, float, float]], list[tuple[int, float]]]:
    """Jumps (month, level before, level after) and outliers (month, what is usual around it) of one place."""
    kept = ~np.isnan(line.visits)
    # Of a value that repeats only the first month is an observation.
    for start, stop in _runs(line.visits):
        kept[start + 1 : stop] = False
    at = np.flatnonzero(kept)
    if len(at) < 2 * LEAST_WINDOW:
        return [], []
    values = np.log(line.visits[at]) - _usual(line)[line.calendar[at]]
    outliers = _outliers(values)
    clean = np.delete(np.arange(len(at)), [number for number, _ in outliers])
    jumps = _jumps(values[clean])
    told = [(int(at[clean[number]]), float(np.exp(before)), float(np.exp(after))) for number, before, after in jumps]
    return told, [(int(at[number]), float(np.exp(around))) for number, around in outliers]


def _usual(line: Line) -> Floats:
    """Logarithms of the factors of twelve months by medians, which a jump does not move; zeros where a season cannot be known."""
    if season_of(line) is None or line.spread.mean() > 1 / QUARTER:
        return np.zeros(YEAR)
    logs, calendar = np.log(line.visits), line.calendar
    ratios = logs - _levels(logs)
    return np.array([float(np.nanmedian(ratios[calendar == month])) for month in range(YEAR)])


def _noise(values: Floats) -> float:
    """What differs from one month to the next by itself."""
    return float(np.median(np.abs(np.diff(values)))) * _MAD / 2**0.5


def _outliers(values: Floats) -> list[tuple[int, float]]:
    found, noise = [], _noise(values)
    for at in range(1, len(values) - 1):
        before, after = values[max(0, at - LEAST_WINDOW) : at], values[at + 1 : at + 1 + LEAST_WINDOW]
        away = [float(values[at] - np.median(side)) for side in (before, after)]
        least = min(abs(value) for value in away)
        if away[0] * away[1] > 0 and least >= max(OUTLIER, NOISES * noise):
            found.append((at, float(np.median(np.concatenate([before, after])))))
    return found


def _jumps(values: Floats) -> list[tuple[int, float, float]]:
    """Where the level changes most, then where it does within what is left, as long as it changes enough."""
    noise = _noise(values)
    sizes = np.zeros(len(values))
    for at in range(LEAST_WINDOW, len(values) - LEAST_WINDOW + 1):
        near = np.median(values[at : at + LEAST_WINDOW]) - np.median(values[at - LEAST_WINDOW : at])
        far = np.median(values[at : at + WINDOW]) - np.median(values[max(0, at - WINDOW) : at])
        # Of a level that slides down slowly, or of one quarter that was busy, one of both is small.
        sizes[at] = min(abs(near), abs(far)) if near * far > 0 else 0.0
    found: list[int] = []
    while sizes.max(initial=0) >= max(JUMP, NOISES * noise / LEAST_WINDOW**0.5):
        best = int(np.flatnonzero(sizes == sizes.max())[0])
        ties = np.flatnonzero(sizes >= 0.9 * sizes.max())
        ties = ties[np.abs(ties - best) <= LEAST_WINDOW]
        # Medians see a change some months around it: it is where two months differ most.
        best = int(ties[np.argmax(np.abs(values[ties] - values[ties - 1]))])
        found.append(best)
        sizes[max(0, best - WINDOW + 1) : best + WINDOW] = 0
    # A level that came back is no other level.
    levels = _level_between(values, found)
    found = [at for at, before, after in zip(sorted(found), levels, levels[1:], strict=False) if abs(after - before) >= JUMP / 2]
    levels = _level_between(values, found)
    return [(at, before, after) for at, before, after in zip(sorted(found), levels, levels[1:], strict=False)]


def _level_between(values: Floats, borders: list[int]) -> list[float]:
    return [float(np.median(part)) for part in np.split(values, sorted(borders))]


def season(months: pd.DataFrame) -> pd.DataFrame:
    """Which months are busy: visits of a month over those of a mean month, where a place has two years or more.

    Parameters: MONTHS. Each value is divided by the mean of the twelve months around it; of each calendar month the geometric mean over
    the years, scaled so that the twelve are 1 on average; interval by t with the spread pooled over the months. Returns SEASON. Reasons:
    `two_years` (less than two years), `repeated` (more than a third of the months repeat a quarter: these know no season of months).
    """
    rows = []
    for line in lines(months):
        factors = season_of(line)
        reason = "two_years" if factors is None else None
        if line.spread.mean() > 1 / QUARTER:
            reason = "repeated"
        for month in range(YEAR):
            row = {"place_id": line.place_id, "month": month + 1, "years": int((~np.isnan(line.visits[line.calendar == month])).sum())}
            if reason or factors is None:
                rows.append(row | {"method": "none", "enough": False, "reason": reason})
                continue
            value, low, high = (float(np.exp(part[month])) for part in (factors.value, factors.low, factors.high))
            rows.append(row | {"factor": value, "low": low, "high": high, "method": "ratio_to_level", "enough": True})
    return SEASON.frame(rows)


@dataclass(frozen=True)
class Season:
    """Logarithms of the factors of twelve months, with their bounds."""

    value: Floats
    low: Floats
    high: Floats


def season_of(line: Line) -> Season | None:
    """The season of one place; None where it has less than two years of values, or a month of the year that never has one."""
    logs = np.log(line.visits)
    ratios, calendar = logs - _levels(logs), line.calendar
    count = np.array([int((~np.isnan(ratios[calendar == month])).sum()) for month in range(YEAR)])
    if (~np.isnan(logs)).sum() < 2 * YEAR or count.min() < 1:
        return None
    means = np.array([np.nanmean(ratios[calendar == month]) for month in range(YEAR)])
    left = ratios - means[calendar]
    freedom = int(count.sum()) - YEAR
    spread = (float(np.nansum(left**2)) / freedom) ** 0.5 if freedom > 0 else np.nan
    margin = float(stats.t.ppf(_LEVEL, freedom)) * spread / np.sqrt(count) if freedom > 0 else np.full(YEAR, np.inf)
    means = means - np.log(np.exp(means).mean())
    return Season(means, means - margin, means + margin)


def _levels(logs: Floats) -> Floats:
    """Of each month the mean of the twelve around it (the first and the last of thirteen count half), where nine of them are known."""
    weights = np.array([0.5, *[1.0] * (YEAR - 1), 0.5])
    padded = np.concatenate([np.full(YEAR // 2, np.nan), logs, np.full(YEAR // 2, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, YEAR + 1)
    known = (~np.isnan(windows)) * weights
    total = known.sum(axis=1)
    sums = np.where(np.isnan(windows), 0.0, windows * weights).sum(axis=1)
    return np.where(total >= 0.75 * YEAR, np.divide(sums, total, out=np.full(len(logs), np.nan), where=total > 0), np.nan)
