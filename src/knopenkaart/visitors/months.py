# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series of visits per month as it may be shown: what is known, what stands out, the season, and the year ahead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from knopenkaart import __version__
from knopenkaart.privacy import THRESHOLD
from knopenkaart.tables import MONTHS
from knopenkaart.visits.forecast import forecast
from knopenkaart.visits.series import findings, monthly, season

FORMAT = 1
_SILENCES = frozenset({"gap", "zero", "ended"})
_FINDING = ("what", "start", "end", "months", "value", "before", "change")
_SEASON = ("month", "factor", "low", "high", "enough", "reason")
_FORECAST = ("month", "visits", "low", "high", "level", "n", "enough", "reason")
Document = Mapping[str, Any]


def series_document(series: pd.DataFrame, *, before: Sequence[Document] = ()) -> dict[str, Any]:
    """SERIES of one place as plain values.

    Months of fewer than ten visits are hidden, and no sums are told from which they would follow; what stands out, the season and the year
    ahead are reckoned from the months that are shown. `before` is every document that was ever shown, oldest first: a month stays as it
    was told unless it differs by ten visits or more from all that was ever told of it, for the difference would tell of few people.
    """
    months = monthly(series)
    rows = [_month(row, _told(before, row["month"].isoformat())) for row in months.to_dict("records")]
    shown = _as_shown(months, rows)
    hidden = {row["month"] for row in rows if row["state"] == "hidden"}
    return {
        "format": FORMAT,
        "engine_version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "months": rows,
        "findings": [row for row in _findings(shown) if not (row["what"] in _SILENCES and _touches(row, hidden))],
        "season": [_plain(row, _SEASON) for row in season(shown).to_dict("records")],
        "forecast": [_plain(row, _FORECAST, levels=("visits", "low", "high")) for row in forecast(shown).to_dict("records")],
    }


def _told(before: Sequence[Document], month: str) -> list[dict[str, Any]]:
    """What was ever told of a month, with a number, the last one last."""
    return [dict(row) for document in before for row in document.get("months", []) if row["month"] == month and row["visits"] is not None]


def _month(row: Mapping[Any, Any], told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    month, basis = row["month"].isoformat(), str(row["basis"])
    visits = round(float(row["visits"])) if row["enough"] else None
    if told and (visits is None or any(abs(visits - one["visits"]) < THRESHOLD for one in told) or visits < THRESHOLD):
        return told[-1]
    if visits is None:
        return {"month": month, "state": "not_enough", "visits": None, "basis": basis, "reason": str(row["reason"])}
    hidden = visits < THRESHOLD
    return {"month": month, "state": "hidden" if hidden else "shown", "visits": None if hidden else visits, "basis": basis}


def _as_shown(months: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """MONTHS with the visits that are shown; a hidden month is one of which nothing is known."""
    visits = pd.array([row["visits"] for row in rows], dtype="Float64")
    enough = [row["visits"] is not None for row in rows]
    reasons = pd.array([None if known else (row.get("reason") or "gap") for known, row in zip(enough, rows, strict=True)], dtype="string")
    basis = [str(row["basis"]) if known else "none" for known, row in zip(enough, rows, strict=True)]
    return MONTHS.check(months.assign(visits=visits, enough=enough, reason=reasons, basis=basis))


def _findings(months: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [_plain(row, _FINDING, levels=("value", "before")) for row in findings(months).to_dict("records")]
    # A change from or to a level that is hidden would tell that level.
    return [row if None not in (row["value"], row["before"]) else row | {"change": None} for row in rows]


def _touches(finding: Mapping[str, Any], hidden: Collection[str]) -> bool:
    """Whether a silence is one of our own making."""
    return any(finding["start"] <= month <= finding["end"] for month in hidden)


def _plain(row: Mapping[Any, Any], names: Sequence[str], *, levels: Sequence[str] = ()) -> dict[str, Any]:
    """Some columns of a row as plain values; `levels` are numbers of visits, of which small ones are not told."""
    values = {name: _value(row[name]) for name in names}
    return values | {name: None for name in levels if values[name] is not None and values[name] < THRESHOLD}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return value if isinstance(value, str | bool) else int(value)
