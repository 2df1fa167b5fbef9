# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which area of one year is which of another: a verdict on every code, with its reason."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import CRS84
from knopenkaart.monitor.records import ALL
from knopenkaart.sources.area_identity import AreaYear, Division, Verdict, verdicts
from knopenkaart.sources.published import level_of_code
from knopenkaart.tables import MONITOR_LINKS

LINKED = ("municipality", "wijk", "buurt")


def link_years(areas: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """MONITOR_LINKS of every code of two years, per level: same, doubtful or broken, and why (docs/method/areas-through-time.md)."""
    spoken = _area_years(areas, figures)
    changed = {year: item.changed for year, item in spoken.items()}
    rows: list[dict[str, Any]] = []
    for first, last in combinations(sorted(spoken), 2):
        before, after = spoken[first], spoken[last]
        division = Division(after.year, after.names, after.shapes, after.population, changed)
        rows += [_link(code, verdict, before, after) for code, verdict in verdicts(division, before).items()]
    return MONITOR_LINKS.frame(rows)


def _area_years(areas: pd.DataFrame, figures: pd.DataFrame) -> dict[int, AreaYear]:
    people = figures[(figures["indicator"] == "population") & (figures["group"] == ALL) & (figures["year"] == figures["area_year"])]
    people = people[people["value"].notna()]
    found: dict[int, AreaYear] = {}
    for year, rows in areas[areas["level"].isin(LINKED)].groupby("year"):
        of_year = people[people["area_year"] == year]
        codes = rows["code"].astype(str).to_list()
        drawn = rows[rows.geometry.notna()]
        told = rows[rows["changed"].notna()]
        found[int(str(year))] = AreaYear(
            year=int(str(year)),
            # A file without names: its codes say nothing about which area is meant.
            names={code: "" if name == code else name for code, name in zip(codes, rows["name"].astype(str), strict=True)},
            changed=dict(zip(told["code"].astype(str), told["changed"].astype(str), strict=True)),
            population=dict(zip(of_year["area_code"].astype(str), of_year["value"].astype(float), strict=True)),
            shapes=gpd.GeoSeries(drawn.geometry.to_list(), index=drawn["code"].astype(str).to_list(), crs=CRS84) if len(drawn) else None,
        )
    return found


def _link(code: str, verdict: Verdict, before: AreaYear, after: AreaYear) -> dict[str, Any]:
    return {
        "code": code,
        "from_year": before.year,
        "to_year": after.year,
        "level": level_of_code(code),
        "verdict": verdict.verdict,
        "reason": verdict.reason or None,
        "name_from": before.names.get(code) or None,
        "name_to": after.names.get(code) or None,
        "people_from": before.population.get(code),
        "people_to": after.population.get(code),
    }
