# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the parts of an area add up to, beside what is published of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.monitor.aggregate import Total, total, within
from knopenkaart.monitor.records import ALL, AreaValues, Value
from knopenkaart.monitoring.contents import to_plain
from knopenkaart.store import Stored
from knopenkaart.vocabulary.catalogue import LEVELS, Catalogue, Indicator, load_catalogue

_PARENT = {"country": None, "municipality": "municipality_code", "wijk": "wijk_code"}


@dataclass(frozen=True, slots=True)
class Beside:
    """A total of parts of one level, and the published figure of the whole (None where there is none).

    `verdict`: equal, rounding (they differ by no more than rounding allows), differs, or empty where that cannot be said.
    """

    level: str
    total: Total
    published: Value | None
    verdict: str


def totals(
    stored: Stored, code: str, *, year: int | None = None, indicators: Sequence[str] = (), catalogue: Catalogue | None = None
) -> tuple[AreaValues, list[Beside]]:
    """An area and, per level below it, the total of its parts for each indicator (default: all that the parts or the area have).

    `year` is that of the division; without it the last that has the area. Raises InputError for an area or indicator that is not there.
    """
    known = catalogue or load_catalogue()
    areas = pd.DataFrame(stored.table("monitor_areas").drop(columns="geometry"))
    whole_row = _row(areas, code, year)
    below = _below(areas, whole_row)
    figures = stored.table("monitor_figures")
    of_year = figures[(figures["area_year"] == whole_row["year"]) & (figures["group"] == ALL)]
    whole = next(iter(area_values([whole_row], of_year)))
    found: list[Beside] = []
    for level in [level for level in LEVELS if (below["level"] == level).any()]:
        parts = list(area_values(to_plain(below[below["level"] == level]), of_year))
        found += [_beside(whole, parts, item, known) for item in _wanted(indicators, [whole, *parts], known)]
    return whole, found


def area_values(areas: Iterable[dict[str, Any]], figures: pd.DataFrame) -> list[AreaValues]:
    """Rows of MONITOR_AREAS with their figures (MONITOR_FIGURES of their year)."""
    rows = list(areas)
    mine = figures[figures["area_code"].isin([row["code"] for row in rows])]
    values: dict[str, list[Value]] = {}
    names = [name for name in Value.__dataclass_fields__ if name in mine.columns]
    for item in to_plain(mine):
        values.setdefault(str(item["area_code"]), []).append(
            Value(**{name: item[name] for name in names} | {"reason": item["reason"] or ""})
        )
    return [
        AreaValues(
            row["code"], int(row["year"]), row["level"], row["name"], row["municipality_code"] or "", row["wijk_code"] or "",
            tuple(values.get(row["code"], ())),
        )
        for row in rows
    ]  # fmt: skip


def _row(areas: pd.DataFrame, code: str, year: int | None) -> dict[str, Any]:
    rows = areas[(areas["code"] == code) & (areas["year"].eq(year) if year is not None else True)]
    if rows.empty:
        years = sorted({int(item) for item in areas["year"]})
        raise InputError(
            f"There is no area {code}{f' of {year}' if year is not None else ''} in the monitor.",
            code="monitor.no_area",
            remedy=f"Give the code of an area (GM0503); the monitor has divisions of {', '.join(map(str, years))}.",
        )
    return to_plain(rows.sort_values("year").tail(1))[0]


def _below(areas: pd.DataFrame, whole: dict[str, Any]) -> pd.DataFrame:
    """All areas of the same year that lie in an area."""
    same: pd.DataFrame = areas[(areas["year"] == whole["year"]) & (areas["code"] != whole["code"])]
    column = _PARENT.get(whole["level"], "")
    if column is None:
        return same
    below: pd.DataFrame = same[same[column] == whole["code"]] if column else same.iloc[:0]
    return below


def _wanted(indicators: Sequence[str], areas: Sequence[AreaValues], catalogue: Catalogue) -> list[Indicator]:
    unknown = [name for name in indicators if name not in catalogue.indicators]
    if unknown:
        raise InputError(
            f"There is no indicator {', '.join(unknown)}.", code="monitor.no_indicator", remedy="docs/reference/indicators.md lists them."
        )
    present = {value.indicator for area in areas for value in area.values}
    return [item for name, item in catalogue.indicators.items() if name in (indicators or present)]


def _beside(whole: AreaValues, parts: Sequence[AreaValues], indicator: Indicator, catalogue: Catalogue) -> Beside:
    made = total(parts, indicator, catalogue)
    published = whole.value(indicator.id, year=made.year)
    return Beside(parts[0].level, made, published, _verdict(made, published, indicator, whole.level))


def _verdict(made: Total, published: Value | None, indicator: Indicator, level: str) -> str:
    if published is None or published.value is None or made.value is None:
        return ""
    if made.unit == published.unit and made.value == published.value:
        return "equal"
    agrees = within(made, published, indicator, level)
    return "" if agrees is None else "rounding" if agrees else "differs"
