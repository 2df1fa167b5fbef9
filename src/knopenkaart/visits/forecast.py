# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A year ahead, and how often such a forecast would have held: a rolling hold-out that is told as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from knopenkaart.tables import FORECASTS
from knopenkaart.visits.series import YEAR, Line, findings, lines, month_day, month_number, season_of

Floats = npt.NDArray[np.float64]
LEVEL = 0.95
# The level of today is the mean of so many months, the season taken out.
RECENT = 6


def forecast(months: pd.DataFrame, *, horizon: int = YEAR) -> pd.DataFrame:
    """The months after the last one of each place, with prediction intervals (95 %).

    Parameters: MONTHS; how many months ahead. A level that wanders (random walk), a season that stays, and noise, on logarithms; the two
    variances follow from how much months differ that are one and twelve apart. Returns FORECASTS: visits per month; reasons `two_years`
    (less than two years are known) and `ended` (it stopped before other places did). Source and coverage: docs/method/series.md.
    """
    last = max((month_number(day) for day in months["month"]), default=0)
    rows = []
    for line in lines(months):
        ended = line.first + len(line.visits) - 1 < last
        rows += list(_ahead(line, horizon, "ended" if ended else None))
    return FORECASTS.frame(rows)


def hold_out(months: pd.DataFrame, *, horizon: int = YEAR) -> pd.DataFrame:
    """What earlier forecasts would have been, and what came: every month of each place with two years before it is an origin once.

    Parameters: MONTHS; how many months ahead. Nothing of what came after an origin is used. Returns FORECASTS of the months that are known,
    with `actual`.
    """
    rows = []
    for line in lines(months):
        for known in range(2 * YEAR, len(line.visits)):
            early = replace(line, visits=line.visits[:known], spread=line.spread[:known])
            for row in _ahead(early, min(horizon, len(line.visits) - known), None):
                actual = float(line.visits[known + row["ahead"] - 1])
                if row["enough"] and not np.isnan(actual):
                    rows.append(row | {"actual": actual})
    return FORECASTS.frame(rows)


def coverage(held_out: pd.DataFrame, months: pd.DataFrame, *, ahead: int = YEAR) -> pd.DataFrame:
    """How often prediction intervals held, so many months ahead, and where they did not.

    Parameters: the outcome of `hold_out`; MONTHS; how many months ahead. Returns a row `all`, and one per `case`: `jump` (the level
    jumped between a year before the origin and the month that was forecast), `outlier` (that month stands out by itself), `repeated`
    (it repeats a quarter), `other` (none of these); with forecasts (how many), places, held, above and below (parts in which the truth lay
    within, above and below the interval), level (what was promised), half_width (median, as a part of the forecast).
    """
    chosen = held_out[held_out["ahead"] == ahead].reset_index(drop=True)
    case = pd.Series(_cases(chosen, months), index=chosen.index, dtype=object)
    rows = [_coverage_row("all", chosen)]
    rows += [_coverage_row(name, chosen[case == name]) for name in ("jump", "outlier", "repeated", "other") if (case == name).any()]
    return pd.DataFrame(rows)


def _cases(rows: pd.DataFrame, months: pd.DataFrame) -> list[str]:
    found = findings(months)
    spread = {
        (place, month)
        for place, month, basis in zip(months["place_id"], months["month"], months["basis"], strict=True)
        if basis == "repeated"
    }
    of = {
        what: {(place, month_number(start)) for place, start in zip(own["place_id"], own["start"], strict=True)}
        for what, own in found.groupby("what")
    }
    cases = []
    for place, origin, month in zip(rows["place_id"], rows["origin"], rows["month"], strict=True):
        between = range(month_number(origin) - YEAR + 1, month_number(month) + 1)
        if any((place, number) in of.get("jump", ()) for number in between):
            cases.append("jump")
        elif (place, month_number(month)) in of.get("outlier", ()):
            cases.append("outlier")
        else:
            cases.append("repeated" if (place, month) in spread else "other")
    return cases


def _coverage_row(case: str, rows: pd.DataFrame) -> dict[str, Any]:
    actual, low, high, visits = (rows[name].astype(float) for name in ("actual", "low", "high", "visits"))
    return {
        "case": case,
        "forecasts": len(rows),
        "places": int(rows["place_id"].nunique()),
        "held": float(((low <= actual) & (actual <= high)).mean()),
        "above": float((actual > high).mean()),
        "below": float((actual < low).mean()),
        "level": LEVEL,
        "half_width": float(((high - low) / 2 / visits).median()),
    }


def _ahead(line: Line, horizon: int, refused: str | None) -> Iterator[dict[str, Any]]:
    size, known = len(line.visits), int((~np.isnan(line.visits)).sum())
    base = {"place_id": line.place_id, "origin": line.day(size - 1), "level": LEVEL, "n": known}
    found = None if refused else _model(line)
    for ahead in range(1, horizon + 1):
        number = line.first + size - 1 + ahead
        row = base | {"month": month_day(number), "ahead": ahead}
        if found is None:
            yield row | {"method": "none", "enough": False, "reason": refused or "two_years"}
            continue
        level, factors, noise, walk = found
        middle = level + factors[number % YEAR]
        margin = float(stats.norm.ppf((1 + LEVEL) / 2)) * (noise * (1 + 1 / RECENT) + walk * ahead) ** 0.5
        told = {"visits": np.exp(middle), "low": np.exp(middle - margin), "high": np.exp(middle + margin)}
        yield row | {"method": "seasonal_level", "enough": True, **{name: float(value) for name, value in told.items()}}


def _model(line: Line) -> tuple[float, Floats, float, float] | None:
    """Level, factors of the months, variance of the noise and of the monthly step of the level; None where it is not enough."""
    factors = season_of(line)
    if factors is None:
        return None
    logs = np.log(line.visits) - factors.value[line.calendar]
    recent = logs[~np.isnan(logs)][-RECENT:]
    month, year = (float(np.nanmean((logs[step:] - logs[:-step]) ** 2)) for step in (1, YEAR))
    walk = max(0.0, (year - month) / (YEAR - 1))
    return float(recent.mean()), factors.value, max(0.0, (month - walk) / 2), walk
