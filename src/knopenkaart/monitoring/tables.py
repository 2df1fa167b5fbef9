# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The areas and figures of several files in one table each: what stands in several files counts once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import CRS84
from knopenkaart.monitor.records import ALL
from knopenkaart.sources.area_codes import parents
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.published import Published
from knopenkaart.tables import MONITOR_AREAS, MONITOR_FIGURES
from knopenkaart.vocabulary.catalogue import LEVELS, Catalogue


def areas_of(files: Sequence[Published]) -> pd.DataFrame:
    """MONITOR_AREAS of all files: of an area that stands in several files of a year the first name, change code and outline."""
    rows = pd.concat([file.areas.assign(year=file.year, source=file.source.id) for file in files], ignore_index=True)
    rows["changed"] = _first_known(rows, "changed")
    rows["geometry"] = _first_known(rows, "geometry")
    rows = rows.sort_values("named", ascending=False, kind="stable").drop_duplicates(["code", "year"]).reset_index(drop=True)
    rank = rows["level"].map({level: number for number, level in enumerate(LEVELS)})
    rows = rows.assign(rank=rank).sort_values(["year", "rank", "code"], ignore_index=True)
    known = set(zip(rows["code"], rows["year"], strict=True))
    above = [parents(code) for code in rows["code"]]
    wijken = [
        wijk if level == "buurt" and (wijk, year) in known else None
        for (_, wijk), level, year in zip(above, rows["level"], rows["year"], strict=True)
    ]
    municipalities = [municipality for municipality, _ in above]
    located = {"municipality_code": pd.array(municipalities, dtype="string"), "wijk_code": pd.array(wijken, dtype="string")}
    return _with_outlines(MONITOR_AREAS.check(rows.assign(**located)))


def _with_outlines(areas: pd.DataFrame) -> pd.DataFrame:
    """Wijken and municipalities without an outline get that of their buurten together, where every buurt of the municipality has one."""
    buurten = areas[areas["level"] == "buurt"]
    drawn = buurten.geometry.notna().groupby([buurten["municipality_code"], buurten["year"]]).all()
    whole = set(drawn[drawn].index)
    complete = [key in whole for key in zip(buurten["municipality_code"], buurten["year"], strict=True)]
    buurten = buurten[pd.Series(complete, index=buurten.index, dtype=bool)]
    made: dict[Any, Any] = {}
    without = areas[areas.geometry.isna()]
    bare = set(zip(without["code"], without["year"], strict=True))
    for column in ("wijk_code", "municipality_code"):
        for key, rows in buurten.groupby([column, "year"]):
            if key in bare:
                made[key] = rows.geometry.union_all()
    if not made:
        return areas
    keys = zip(areas["code"], areas["year"], areas.geometry, strict=True)
    return areas.assign(geometry=gpd.GeoSeries([made.get((code, year), shape) for code, year, shape in keys], index=areas.index, crs=CRS84))


def _first_known(rows: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Of each area and year the first value of a column that is not empty."""
    known = rows[rows[column].notna()].drop_duplicates(["code", "year"]).set_index(["code", "year"])[column]
    keys = pd.MultiIndex.from_frame(rows[["code", "year"]])
    return pd.Series(known.reindex(keys).to_list(), index=rows.index, dtype=object)


def figures_of(files: Sequence[Published], catalogue: Catalogue, notices: list[dict[str, Any]]) -> pd.DataFrame:
    """MONITOR_FIGURES of all files; what stands in several files of a year counts once."""
    parts = [_with_number(file.figures, catalogue).assign(area_year=file.year, source=file.source.id) for file in files]
    rows = pd.concat(parts, ignore_index=True)
    rows = _once(rows, notices)
    natures = {name: item.nature for name, item in catalogue.indicators.items()}
    return MONITOR_FIGURES.check(
        pd.DataFrame(
            {
                "area_code": rows["area_code"].astype("string"),
                "area_year": rows["area_year"].astype("Int64"),
                "indicator": rows["indicator"].astype("string"),
                "group": pd.Series(ALL, index=rows.index, dtype="string"),
                "year": rows["year"].astype("Int64"),
                "value": rows["value"],
                "unit": rows["unit"].astype("string"),
                "n": rows["n"],
                "low": pd.Series(pd.NA, index=rows.index, dtype="Float64"),
                "high": pd.Series(pd.NA, index=rows.index, dtype="Float64"),
                "nature": rows["indicator"].map(natures).astype("string"),
                "reason": rows["gap"].astype("string"),
                "source": rows["source"].astype("string"),
            }
        )
    )


def _with_number(figures: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Figures with the number of people, households or dwellings that they are a part of, where the same file counts those."""
    counts = figures[(figures["unit"] == "count") & figures["value"].notna()]
    of = {name: counts[counts["indicator"] == name].set_index("area_code")["value"] for name in counts["indicator"].unique()}
    number = pd.Series(pd.NA, index=figures.index, dtype="Float64")
    for name in figures["indicator"].unique():
        whole = catalogue.indicators[name].of
        if whole in of:
            rows = figures["indicator"] == name
            number[rows] = figures.loc[rows, "area_code"].map(of[whole]).astype("Float64")
    return figures.assign(n=number)


def _once(rows: pd.DataFrame, notices: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per area, indicator and year: the first file that has a value; where another says something else that is a notice."""
    key = ["area_code", "area_year", "year", "indicator"]
    if not rows.duplicated(key).any():
        return rows
    told = rows[rows["value"].notna() & rows.duplicated(key, keep=False)]
    spread = told.groupby([*key, "unit"], sort=False)["value"].agg(["min", "max"])
    for (year, indicator), clash in spread[spread["min"] != spread["max"]].groupby(level=["year", "indicator"]):
        codes = clash.index.get_level_values("area_code")
        notices.append(
            notice(
                "monitor.contradiction",
                str(indicator),
                f"Two files of {year} say another {indicator} of {len(codes)} areas; the file that was given first counts.",
                {"count": len(codes), "codes": "; ".join(map(str, codes[:20])), "year": int(str(year)), "indicator": str(indicator)},
            )
        )
    order = rows["value"].isna().to_numpy().argsort(kind="stable")
    return rows.iloc[order].drop_duplicates(key).sort_index()
