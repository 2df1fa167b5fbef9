# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Published figures per area, and the honest way to put them beside areas of another year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import CRS84
from knopenkaart.records import Source
from knopenkaart.sources._figure_file import RawFile, is_country, read_raw
from knopenkaart.sources.area_codes import comparable
from knopenkaart.sources.area_identity import AreaYear, Division, group_of, identity
from knopenkaart.sources.figure_cells import figure_frame
from knopenkaart.sources.figure_columns import plain
from knopenkaart.tables import FIGURES, NOTICES


@dataclass(frozen=True)
class FigureFile:
    """Figures as a file publishes them for the areas of one year, with what it says about each area: name, change code, polygon.

    `figures` is raw FIGURES (area_year = `year`; a column that says its year may be about an earlier one). `changed` maps a code to
    CBS's change code against the year before (1 = unchanged). `unidentified` holds the rows without a code: municipality, name,
    indicator, value, unit.
    """

    figures: pd.DataFrame
    changed: Mapping[str, str]
    source: Source
    year: int
    names: Mapping[str, str] = field(default_factory=dict)
    shapes: gpd.GeoSeries | None = None
    unidentified: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_figures(path: Path, *, year: int | None) -> FigureFile:
    """Figures from a StatLine export, a KWB workbook (XLSX), a table with plain columns, or the columns of a map file.

    `year` is needed only where neither the file's name nor a column says it. Cells that CBS leaves out (empty, ".", "x",
    -99999999, -99997) become empty values. Of columns that say their year (KL02 ... KL16) all are read, or those of `year`. A file
    without a column of codes keeps its rows in `unidentified`: join_figures gives them an area only where municipality and name point
    at exactly one.

    Raises InputError for a file that cannot be read, that holds no known figures, or no or contradicting years.
    """
    raw = read_raw(path, year=year)
    kept = raw.coded & ~raw.codes.map(is_country)
    codes, frame = raw.codes[kept], raw.frame[kept]
    return FigureFile(
        figures=_figures(frame, codes, raw),
        changed=_mapping(codes, raw.changed[kept]),
        source=raw.source,
        year=raw.year,
        names=_mapping(codes, raw.names[kept]),
        shapes=None if raw.shapes is None else gpd.GeoSeries(raw.shapes[kept].to_list(), index=codes.to_list(), crs=CRS84),
        unidentified=_unidentified(raw),
    )


def _figures(frame: pd.DataFrame, codes: pd.Series[Any], raw: RawFile) -> pd.DataFrame:
    rows = figure_frame(frame, codes, year=raw.year, of_columns=raw.column_years)
    return FIGURES.check(rows.assign(area_year=raw.year, source=raw.source.id, joined=True, reason=None))


def join_figures(areas: pd.DataFrame, files: Sequence[FigureFile], *, own: pd.DataFrame | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of the files for the areas, and a notice for every area that got none or that could not be joined.

    Same year: by code. Another year: joined only where the area is known to be the same (docs/method/areas-through-time.md);
    elsewhere the figures stay in the table with joined = False and the reason. `own` is the FIGURES of the areas' own file:
    its inhabitants guard the join. Returns (FIGURES, NOTICES). Source: CBS, Kerncijfers wijken en buurten, change of division.
    """
    division = Division.of(areas, own=own, files=[_as_area_year(file) for file in files])
    tables: list[pd.DataFrame] = [FIGURES.empty().astype(object)]
    notices: list[dict[str, Any]] = []
    for file in files:
        other = _as_area_year(file)
        raw = pd.concat([file.figures, _identified(file, areas, notices)], ignore_index=True).astype(object)
        raw = raw[raw["area_code"].isin(division.names)]
        found = set(raw["area_code"])
        verdicts = {str(code): identity(division, str(code), other) for code in sorted(found)}
        notices += [_notice(file, code, division, verdict) for code, verdict in verdicts.items() if verdict]
        absent = [code for code in division.names if code not in found and group_of(code) in other.groups]
        notices += [_notice(file, code, division, "absent") for code in absent]
        reasons = raw["area_code"].map(verdicts)
        tables.append(raw.assign(area_year=division.year, joined=reasons.isna(), reason=reasons))
    together = pd.concat(tables, ignore_index=True).drop_duplicates(list(FIGURES.key))
    return FIGURES.check(together), NOTICES.frame(notices)


# --- reading ----------------------------------------------------------------------------------------------------------


def _mapping(codes: pd.Series[Any], values: pd.Series[Any]) -> dict[str, str]:
    return {
        str(code): str(value)
        for code, value in zip(codes, values, strict=True)
        if value is not None and not pd.isna(value) and value not in ("", ".")
    }


def _unidentified(raw: RawFile) -> pd.DataFrame:
    """Rows without a code, as long as there is no code column at all: with one, a row without a code is no area."""
    if raw.codes.notna().any():
        return pd.DataFrame()
    rows = figure_frame(raw.frame, pd.Series(raw.frame.index, index=raw.frame.index), year=raw.year, of_columns=raw.column_years)
    result = rows.rename(columns={"area_code": "row"})
    named = {"municipality": result["row"].map(raw.municipalities), "name": result["row"].map(raw.names)}
    return result.assign(area_year=raw.year, source=raw.source.id, joined=True, reason=None, **named)


# --- joining ----------------------------------------------------------------------------------------------------------


def _identified(file: FigureFile, areas: pd.DataFrame, notices: list[dict[str, Any]]) -> pd.DataFrame:
    """FIGURES of the rows without a code whose municipality and name point at exactly one area of the same year."""
    municipal = areas[areas["level"] == "municipality"]
    homes = {str(code): comparable(str(name)) for code, name in zip(municipal["code"], municipal["name"], strict=True)}
    rows = file.unidentified
    if rows.empty or (rows := rows[rows["municipality"].map(lambda name: comparable(str(name))).isin(homes.values())]).empty:
        return FIGURES.empty()
    same_year = int(areas["year"].iloc[0]) == file.year
    keys = pd.Series(
        [f"{comparable(str(home))}/{plain(str(name))}" for home, name in zip(rows["municipality"], rows["name"], strict=True)],
        index=rows.index,
    )
    codes: dict[str, list[str]] = {}
    for code, name, home in zip(areas["code"], areas["name"], areas["municipality_code"], strict=True):
        codes.setdefault(f"{homes.get(str(home), '')}/{plain(str(name))}", []).append(str(code))
    in_file = rows["row"].groupby(keys).nunique()
    sure = {key: found[0] for key, found in codes.items() if same_year and len(found) == 1 and in_file.get(key, 0) == 1}
    refused = sorted(set(rows.loc[~keys.isin(list(sure)), "name"].astype(str)))
    if refused:
        notices.append(_refusal(file, refused, same_year=same_year))
    kept = rows.assign(area_code=keys.map(sure), area_year=file.year)
    return FIGURES.check(kept[kept["area_code"].notna()].reindex(columns=list(FIGURES.columns)))


def _refusal(file: FigureFile, refused: Sequence[str], *, same_year: bool) -> dict[str, Any]:
    why = "it has names and no codes" if same_year else "it has names and no codes, and is of another year than the areas"
    return {
        "code": "figures.unidentified",
        "subject": file.source.id,
        "message": f"{len(refused)} names in {file.source.file} cannot be identified with one area: {why}. Their figures were left out.",
        "details": {"count": len(refused), "names": "; ".join(refused[:20]), "year": file.year, "file": file.source.file},
    }


def _as_area_year(file: FigureFile) -> AreaYear:
    population = file.figures[(file.figures["indicator"] == "population") & (file.figures["year"] == file.year)]
    return AreaYear(
        year=file.year,
        names=file.names,
        changed=file.changed,
        population={
            code: float(value) for code, value in zip(population["area_code"], population["value"], strict=True) if not pd.isna(value)
        },
        shapes=file.shapes,
    )


_REASONS = {
    "absent": "the file has no figures for this area",
    "other_name": "the code has another name in that year",
    "name_says_nothing": "the name is only a number, so it cannot show that the area is the same",
    "no_name": "the file has no names, so a code alone would have to show that the area is the same",
    "changed": "CBS says that the area was changed or recoded in between",
    "population_jump": "the number of inhabitants jumped more than the guard allows",
    "not_verifiable": "nothing shows that it is the same area: no change code for a year in between, and nothing to check with",
    "division_redrawn": "the municipality's division got other codes in between, in a year for which there is no change code",
    "other_polygon": "the polygons of both years differ",
}


def _notice(file: FigureFile, code: str, division: Division, reason: str) -> dict[str, Any]:
    return {
        "code": "figures.not_joined",
        "subject": code,
        "message": f"Figures of {file.year} were not joined to {division.names[code]} ({code}, {division.year}): {_REASONS[reason]}.",
        "details": {
            "reason": reason,
            "area_year": division.year,
            "year": file.year,
            "source": file.source.id,
            "name": division.names[code],
            "name_in_file": file.names.get(code),
        },
    }
