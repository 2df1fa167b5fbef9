# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a monitor holds, counted: areas, figures with their gaps, links with their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.store import Stored
from knopenkaart.vocabulary.catalogue import LEVELS

VERDICTS = ("same", "bridged", "doubtful", "broken")


def contents(stored: Stored) -> dict[str, Any]:
    """What a monitor holds: areas per year and level, figures per indicator, group and year with how many are empty and why, links per
    verdict, sources and notices."""
    figures = stored.table("monitor_figures")
    return {
        **stored.manifest,
        "areas": _counted(stored.table("monitor_areas"), ["year", "level"], {"areas": lambda rows: rows["code"].notna()}),
        "figures": _counted(
            figures,
            ["indicator", "group", "year"],
            {
                "figures": lambda rows: rows["value"].notna(),
                "missing": lambda rows: rows["reason"].eq("missing"),
                "suppressed": lambda rows: rows["reason"].eq("suppressed"),
                "hidden": lambda rows: rows["reason"].eq("hidden"),
            },
        ),
        "links": _counted(
            stored.table("monitor_links"),
            ["from_year", "to_year", "level"],
            {verdict: partial(_has_verdict, verdict=verdict) for verdict in VERDICTS},
        ),
        "sources": to_plain(stored.table("sources")),
        "notices": to_plain(stored.table("notices")),
    }


def links_between(stored: Stored, first: int, last: int, *, level: str | None = None) -> list[dict[str, Any]]:
    """The links of two years, the earlier first. Raises InputError where the monitor does not hold areas of both."""
    years = [int(year) for year in stored.manifest["years"]]
    if first >= last or not {first, last} <= set(years):
        raise InputError(
            f"The monitor cannot compare {first} with {last}: it holds {', '.join(map(str, years))}.",
            code="monitor.no_years",
            remedy="Give two of these years, the earlier one first.",
        )
    links = stored.table("monitor_links")
    wanted = links["from_year"].eq(first) & links["to_year"].eq(last) & (links["level"].eq(level) if level else True)
    return to_plain(links[wanted])


def _has_verdict(rows: pd.DataFrame, *, verdict: str) -> pd.Series[Any]:
    return rows["verdict"].eq(verdict)


def _counted(frame: pd.DataFrame, by: list[str], told: Mapping[str, Callable[[pd.DataFrame], pd.Series[Any]]]) -> list[dict[str, Any]]:
    """How many rows of each combination answer each question; the first of `by` in the order of the table, the others sorted."""
    marked = frame[by].assign(**{name: ask(frame).fillna(False).astype(int) for name, ask in told.items()})
    counted = marked.groupby(by, sort=False)[list(told)].sum().reset_index()
    rank = {name: number for number, name in enumerate(counted[by[0]].unique())}
    return sorted(to_plain(counted), key=lambda row: (rank[row[by[0]]], *(_order(row[name]) for name in by[1:])))


def _order(value: Any) -> Any:
    return LEVELS.index(value) if value in LEVELS else value


def to_plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings of plain values; missing becomes None."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
