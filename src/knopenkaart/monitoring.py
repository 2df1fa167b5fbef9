# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor in a folder: areas of several years, the figures about them, and which area of one year is which of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart import __version__, store
from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.geo import CRS84
from knopenkaart.monitor.records import ALL
from knopenkaart.progress import Progress, silent
from knopenkaart.sources.area_codes import parents
from knopenkaart.sources.area_identity import AreaYear, Division, Verdict, verdicts
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.published import Published, identified, level_of_code, read_published
from knopenkaart.store import Stored
from knopenkaart.tables import MONITOR_AREAS, MONITOR_FIGURES, MONITOR_LINKS, NOTICES, SOURCES, from_records
from knopenkaart.vocabulary.catalogue import LEVELS, Catalogue, load_catalogue

WHAT = "monitor"
VERDICTS = ("same", "bridged", "doubtful", "broken")
LINKED = ("municipality", "wijk", "buurt")


@dataclass(frozen=True)
class MonitorRequest:
    """What a monitor is made of: files with figures, files with outlines of areas, and the year of files that do not say theirs."""

    figures: Sequence[Path]
    areas: Sequence[Path] = ()
    addresses: Sequence[Path] = ()
    year: int | None = None
    name: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Monitor:
    """The tables of a monitor."""

    areas: pd.DataFrame
    figures: pd.DataFrame
    links: pd.DataFrame
    sources: pd.DataFrame
    notices: pd.DataFrame


@dataclass
class _Read:
    files: list[Published] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def build_monitor(folder: Path, request: MonitorRequest, *, progress: Progress = silent) -> Stored:
    """Read the files and write the folder of a monitor; what cannot be read is a notice.

    Raises InputError where not one file could be read, and StoreError where the folder cannot be written or holds a study.
    """
    monitor = make_monitor(request, progress=progress)
    manifest = {
        "what": WHAT,
        "name": request.name or folder.name,
        "years": sorted({int(year) for year in monitor.areas["year"]}),
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": __version__,
        "invented": request.invented,
    }
    progress("write", 0.0)
    tables = {
        "monitor_areas": monitor.areas,
        "monitor_figures": monitor.figures,
        "monitor_links": monitor.links,
        "sources": monitor.sources,
        "notices": monitor.notices,
    }
    return store.write(folder, tables, {}, manifest)


def open_monitor(folder: Path) -> Stored:
    """A monitor that was built. Raises StoreError where there is none, or where the folder holds a study."""
    return store.read(folder, what=WHAT)


def make_monitor(request: MonitorRequest, *, progress: Progress = silent, catalogue: Catalogue | None = None) -> Monitor:
    """The tables of a monitor from its files."""
    read = _read_files(request, progress)
    files = [identified(file, read.files) for file in read.files]
    notices = [*read.notices, *(item for file in files for item in file.notices)]
    areas = _areas(files)
    progress("figures", 0.0)
    figures = _figures(files, catalogue or load_catalogue(), notices)
    progress("years", 0.0)
    links = link_years(areas, figures)
    sources = from_records({file.source.id: file.source for file in files}.values(), SOURCES)
    return Monitor(areas, figures, links, sources, NOTICES.frame(notices))


# --- reading ----------------------------------------------------------------------------------------------------------


def _read_files(request: MonitorRequest, progress: Progress) -> _Read:
    """Every file that can be read, figures first; one that cannot is a notice."""
    read = _Read()
    wanted = [*((path, True) for path in request.figures), *((path, False) for path in request.areas)]
    for number, (path, figures) in enumerate(wanted):
        progress("read", number / len(wanted))
        try:
            file = _read_one(path, request.year, figures=figures)
        except KnopenkaartError as error:
            read.notices.append(notice("monitor.file", path.name, f"{path.name} was left out: {error.message}", {"error": error.code}))
            continue
        read.files.append(file)
    if not read.files:
        raise InputError(
            "Not one of the files could be read: " + " ".join(str(item["message"]) for item in read.notices),
            code="monitor.no_files",
            remedy="Give files with figures of areas with codes of CBS; docs/how-to/build-a-wijkmonitor.md tells which.",
        )
    return read


def _read_one(path: Path, year: int | None, *, figures: bool) -> Published:
    """A file by its own year; `year` counts where it says none, or several."""
    try:
        return read_published(path, year=None, figures=figures)
    except InputError as error:
        if year is None or error.code not in ("figures.no_year", "figures.years_contradict"):
            raise
    return read_published(path, year=year, figures=figures)


# --- tables -----------------------------------------------------------------------------------------------------------


def _areas(files: Sequence[Published]) -> pd.DataFrame:
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
    codes = {"municipality_code": pd.array(municipalities, dtype="string"), "wijk_code": pd.array(wijken, dtype="string")}
    return MONITOR_AREAS.check(rows.assign(**codes))


def _first_known(rows: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Of each area and year the first value of a column that is not empty."""
    known = rows[rows[column].notna()].drop_duplicates(["code", "year"]).set_index(["code", "year"])[column]
    keys = pd.MultiIndex.from_frame(rows[["code", "year"]])
    return pd.Series(known.reindex(keys).to_list(), index=rows.index, dtype=object)


def _figures(files: Sequence[Published], catalogue: Catalogue, notices: list[dict[str, Any]]) -> pd.DataFrame:
    """MONITOR_FIGURES of all files; what stands in several files of a year counts once."""
    parts = [_with_number(file.figures, catalogue).assign(year=file.year, source=file.source.id) for file in files]
    rows = pd.concat(parts, ignore_index=True)
    rows = _once(rows, notices)
    natures = {name: item.nature for name, item in catalogue.indicators.items()}
    return MONITOR_FIGURES.check(
        pd.DataFrame(
            {
                "area_code": rows["area_code"].astype("string"),
                "area_year": rows["year"].astype("Int64"),
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
    key = ["area_code", "year", "indicator"]
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


# --- years ------------------------------------------------------------------------------------------------------------


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


# --- what is in it ----------------------------------------------------------------------------------------------------


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
                "hidden": lambda rows: rows["reason"].isin(["suppressed", "hidden"]),
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


def _has_verdict(rows: pd.DataFrame, *, verdict: str) -> pd.Series[Any]:
    return rows["verdict"].eq(verdict)


def _counted(frame: pd.DataFrame, by: list[str], told: Mapping[str, Callable[[pd.DataFrame], pd.Series[Any]]]) -> list[dict[str, Any]]:
    """How many rows of each combination answer each question, in the order of the table."""
    marked = frame[by].assign(**{name: ask(frame).fillna(False).astype(int) for name, ask in told.items()})
    return to_plain(marked.groupby(by, sort=False)[list(told)].sum().reset_index())


def to_plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings of plain values; missing becomes None."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
