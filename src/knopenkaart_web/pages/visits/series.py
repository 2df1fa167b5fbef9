# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A released series as a page tells it: a line through the months, the same as a table, and what stands out in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart_web.pages.written import month as month_words
from knopenkaart_web.pages.written import number, percent
from knopenkaart_web.visits.released import ReleaseRow

WIDTH, HEIGHT = 600, 160
MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month: its visits, or why they are not there."""

    visits: int | None
    state: str
    basis: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """The twelve months of a year; a month outside the series is None."""

    year: int
    months: list[MonthCell | None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """The last month that is foreseen, with its prediction interval."""

    month: date
    visits: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Series:
    """A series of months: the line as points for a drawing of WIDTH by HEIGHT, the rows of the table, and sentences on what stands out."""

    release: ReleaseRow
    lines: list[str]
    top: int
    first: date
    last: date
    years: list[YearRow]
    notes: list[str]
    ahead: Ahead | None
    known: int


def month_series(release: ReleaseRow | None) -> Series | None:
    """The series of a place in the language of the page; None where none was released."""
    rows: Sequence[Mapping[str, Any]] = (release.figures.get("months") or []) if release else []
    if release is None or not rows:
        return None
    months = [(date.fromisoformat(row["month"]), row) for row in rows]
    top = max((row["visits"] or 0 for row in rows), default=0)
    return Series(
        release=release,
        lines=_lines([row["visits"] for row in rows], top),
        top=top,
        first=months[0][0],
        last=months[-1][0],
        years=_years(months),
        notes=[_note(row) for row in release.figures.get("findings", [])],
        ahead=_ahead(release.figures.get("forecast", [])),
        known=sum(row["visits"] is not None for row in rows),
    )


def _lines(visits: Sequence[int | None], top: int) -> list[str]:
    """Unbroken stretches as the points of polylines; a month without visits breaks the line."""
    stretches: list[list[str]] = [[]]
    for index, value in enumerate(visits):
        if value is None:
            stretches.append([])
            continue
        x, y = WIDTH * index / max(1, len(visits) - 1), HEIGHT * (1 - value / top)
        # As text: a template would write a decimal comma in Dutch, which is no number in SVG.
        stretches[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(points if len(points) > 1 else points * 2) for points in stretches if points]


def _years(months: Sequence[tuple[date, Mapping[str, Any]]]) -> list[YearRow]:
    years: dict[int, list[MonthCell | None]] = {}
    for month, row in months:
        years.setdefault(month.year, [None] * MONTHS)[month.month - 1] = MonthCell(row["visits"], row["state"], row["basis"])
    return [YearRow(year, cells) for year, cells in sorted(years.items())]


def _ahead(rows: Sequence[Mapping[str, Any]]) -> Ahead | None:
    told = [row for row in rows if row["enough"] and None not in (row["visits"], row["low"], row["high"])]
    if not told:
        return None
    row = told[-1]
    return Ahead(date.fromisoformat(row["month"]), round(row["visits"]), round(row["low"]), round(row["high"]))


def _jump(change: str, *, up: bool) -> str:
    if not change:
        return _("From %(start)s on: another level than before. Do you know why?")
    if up:
        return _("From %(start)s on: %(change)s more visits than before. Do you know why?")
    return _("From %(start)s on: %(change)s fewer visits than before. Do you know why?")


def _note(row: Mapping[str, Any]) -> str:
    """What stands out, as a sentence."""
    start, end = (month_words(date.fromisoformat(row[name])) for name in ("start", "end"))
    period = start if start == end else _("%(start)s to %(end)s") % {"start": start, "end": end}
    change = percent(abs(row["change"])) if row.get("change") is not None else ""
    up = (row.get("change") or 0) > 0
    return {
        "gap": _("%(period)s: the source has no number."),
        "zero": _("%(period)s: nobody came. Was it closed, or was the counter broken?"),
        "ended": _("%(period)s: the series stops before that of other places."),
        "repeat": _("%(period)s: the same number each month. It was probably counted per quarter."),
        "jump": _jump(change, up=up),
        "outlier": _("%(period)s: much more than the months around it.") if up else _("%(period)s: much less than the months around it."),
    }[row["what"]] % {"period": period, "start": start, "change": change, "value": number(row.get("value"))}
