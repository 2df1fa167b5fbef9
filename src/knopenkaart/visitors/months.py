# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series of visits per month as it may be shown: what is known, what stands out, the season, and the year ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from knopenkaart import __version__
from knopenkaart.privacy import THRESHOLD
from knopenkaart.visits.forecast import forecast
from knopenkaart.visits.series import findings, monthly, season

FORMAT = 1
_FINDING = ("what", "start", "end", "months", "value", "before", "change")
_SEASON = ("month", "factor", "low", "high", "enough", "reason")
_FORECAST = ("month", "visits", "low", "high", "level", "n", "enough", "reason")
Document = Mapping[str, Any]


def series_document(series: pd.DataFrame, *, before: Document | None = None) -> dict[str, Any]:
    """SERIES of one place as plain values.

    Months of fewer than ten visits are hidden, and no sums are told from which they would follow. `before` is the document that is out
    already: a month that changed by fewer than ten visits since stays as it was told, for the difference would tell of few people.
    """
    months = monthly(series)
    told = {str(row["month"]): row for row in (before or {}).get("months", [])}
    rows = [_month(row, told) for row in months.to_dict("records")]
    return {
        "format": FORMAT,
        "engine_version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "months": rows,
        "findings": [_plain(row, _FINDING, levels=("value", "before")) for row in findings(months).to_dict("records")],
        "season": [_plain(row, _SEASON) for row in season(months).to_dict("records")],
        "forecast": [_plain(row, _FORECAST, levels=("visits", "low", "high")) for row in forecast(months).to_dict("records")],
    }


def _month(row: Mapping[Any, Any], told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    month = row["month"].isoformat()
    if not row["enough"]:
        return {"month": month, "state": "not_enough", "visits": None, "basis": str(row["basis"]), "reason": str(row["reason"])}
    visits = round(float(row["visits"]))
    earlier = told.get(month)
    if earlier and earlier["visits"] is not None and abs(visits - earlier["visits"]) < THRESHOLD:
        return dict(earlier)
    hidden = visits < THRESHOLD
    return {"month": month, "state": "hidden" if hidden else "shown", "visits": None if hidden else visits, "basis": str(row["basis"])}


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
