# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Published figures per area, and the honest way to put them beside areas of another year."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84
from knopenkaart.records import Source
from knopenkaart.sources.area_codes import comparable, file_source, made_by_cbs, one_year, split_code, years_in
from knopenkaart.sources.area_identity import AreaYear, Division, group_of, identity
from knopenkaart.sources.figure_columns import figure_columns, figure_rows, plain, simplify
from knopenkaart.tables import FIGURES, NOTICES

_CODE = (
    "codering",
    "gwbcode10",
    "gwbcode",
    "code",
    "statcode",
    "buurtcode",
    "wijkcode",
    "gemeentecode",
    "bucode",
    "wkcode",
    "gmcode",
    "jaarstatcode",
)
_NAME = ("wijkenenbuurten", "regio", "naam", "statnaam", "name", "buurtnaam", "wijknaam", "gemeentenaam", "bunaam", "wknaam", "gmnaam")
_MUNICIPALITY = ("gemeentenaam", "gemeente", "gmnaam")
_CHANGE = ("indelingswijziginggemeentewijkbuurt", "indelingswijzigingwijkenenbuurten", "indelingswijziging", "indwbz", "indwbi")
_KIND = ("soortregio", "soort", "recs")
_YEAR = ("jaar", "year")
_TABULAR = (".csv", ".csv.gz", ".txt", ".tsv", ".xlsx")


@dataclass(frozen=True)
class FigureFile:
    """Figures of one year as a file publishes them, with what it says about each area: name, change code, polygon.

    `figures` is raw FIGURES (area_year = year). `changed` maps a code to CBS's change code against the year before (1 =
    unchanged). `unidentified` holds the rows without a code: municipality, name, indicator, value, unit.
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
    -99999999, -99997) become empty values. A file without a column of codes keeps its rows in `unidentified`: join_figures
    gives them an area only where municipality and name point at exactly one.

    Raises InputError for a file that cannot be read, that holds no known figures, or no or contradicting years.
    """
    if not path.exists():
        raise InputError(f"{path.name} does not exist.", code="figures.absent_file", remedy="Check the path of the file with figures.")
    frame, shapes = (_read_table(path), None) if path.name.casefold().endswith(_TABULAR) else _read_map(path)
    by_name = {simplify(str(column)): column for column in reversed(list(frame.columns))}
    if not figure_columns(frame):
        raise InputError(
            f"{path.name} holds no figures that Knopenkaart knows. Columns: {', '.join(map(str, frame.columns[:12]))}.",
            code="figures.no_columns",
            remedy="docs/reference/indicators.md lists the columns that are recognised.",
        )
    code_column = next((by_name[name] for name in _CODE if name in by_name), None)
    parsed = [split_code(value) for value in frame[code_column]] if code_column is not None else [None] * len(frame)
    found = {item[1] for item in parsed if item and item[1]} | _years(frame, by_name)
    of_year = one_year(found or years_in(path.name), given=year, subject=path.name, code="figures")
    codes = pd.Series([item[0] if item else None for item in parsed], index=frame.index, dtype=object)
    official = made_by_cbs(path, frame.columns, of_figures=True) and (code_column is None or bool(codes.notna().any()))
    source = file_source(path, prefix="figures", title="CBS Kerncijfers wijken en buurten", year=of_year, official=official)
    names = _texts(frame, by_name, _NAME)
    coded = codes.notna() & ~codes.duplicated()
    return FigureFile(
        figures=FIGURES.frame(figure_rows(frame[coded], codes[coded], year=of_year, source=source.id)),
        changed=_mapping(codes[coded], _texts(frame, by_name, _CHANGE)[coded]),
        source=source,
        year=of_year,
        names=_mapping(codes[coded], names[coded]),
        shapes=None if shapes is None else gpd.GeoSeries(shapes[coded].to_list(), index=codes[coded].to_list(), crs=CRS84),
        unidentified=_unidentified(frame, by_name, codes, of_year, source.id),
    )


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


def _read_table(path: Path) -> pd.DataFrame:
    try:
        if path.name.casefold().endswith(".xlsx"):
            return pd.read_excel(path, engine="openpyxl", dtype=object)
        frame = pd.read_csv(
            path, sep=_separator(path), dtype=str, encoding="utf-8-sig", keep_default_na=False, na_values=[""], skipinitialspace=True
        )
    except (OSError, EOFError, UnicodeDecodeError, ValueError, KeyError, BadZipFile, pd.errors.ParserError) as error:
        raise InputError(
            f"{path.name} cannot be read as a table: {error}",
            code="figures.unreadable",
            remedy="Give the file as StatLine or CBS publishes it: CSV (UTF-8, may be .gz) or XLSX.",
        ) from error
    return frame.map(lambda value: value.strip() if isinstance(value, str) else value)


def _separator(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as stream:
        first = stream.readline()
    try:
        return csv.Sniffer().sniff(first, delimiters=";,\t|").delimiter
    except csv.Error:
        return ";" if ";" in first else ","


def _read_map(path: Path) -> tuple[pd.DataFrame, gpd.GeoSeries | None]:
    """All layers of a map file under one another; shapes in CRS84, where the file says its coordinate system."""
    try:
        layers = [pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)]
    except (DataSourceError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read as figures: {error}",
            code="figures.unreadable",
            remedy="Give CSV, XLSX, or a map file (GeoPackage, GeoJSON, shapefile) with columns of figures.",
        ) from error
    plain_layers = [pd.DataFrame(layer).drop(columns="geometry", errors="ignore") for layer in layers]
    shapes = [_shapes(layer) for layer in layers]
    together = pd.concat(plain_layers, ignore_index=True)
    return together, None if any(shape is None for shape in shapes) else gpd.GeoSeries(pd.concat(shapes, ignore_index=True), crs=CRS84)


def _shapes(layer: pd.DataFrame) -> gpd.GeoSeries | None:
    if not isinstance(layer, gpd.GeoDataFrame) or layer.crs is None:
        return None
    shapes: gpd.GeoSeries = layer.geometry.to_crs(CRS84).make_valid()
    return shapes


def _texts(frame: pd.DataFrame, by_name: Mapping[str, Any], names: Sequence[str]) -> pd.Series[Any]:
    column = next((by_name[name] for name in names if name in by_name), None)
    if column is None:
        return pd.Series([None] * len(frame), index=frame.index, dtype=object)
    texts = [None if pd.isna(value) else str(value).strip().removesuffix(".0") for value in frame[column]]
    return pd.Series(texts, index=frame.index, dtype=object)


def _mapping(codes: pd.Series[Any], values: pd.Series[Any]) -> dict[str, str]:
    return {
        str(code): str(value)
        for code, value in zip(codes, values, strict=True)
        if value is not None and not pd.isna(value) and value not in ("", ".")
    }


def _years(frame: pd.DataFrame, by_name: Mapping[str, Any]) -> set[int]:
    column = next((by_name[name] for name in _YEAR if name in by_name), None)
    values = pd.to_numeric(frame[column], errors="coerce").dropna() if column is not None else []
    return {int(value) for value in values if 1980 <= value <= 2100}


def _unidentified(frame: pd.DataFrame, by_name: Mapping[str, Any], codes: pd.Series[Any], year: int, source: str) -> pd.DataFrame:
    """Rows without a code, as long as there is no code column at all: with one, a row without a code is no area."""
    if codes.notna().any():
        return pd.DataFrame()
    rows = figure_rows(frame, pd.Series(frame.index, index=frame.index), year=year, source=source)
    result = pd.DataFrame(rows).rename(columns={"area_code": "row"})
    result["municipality"] = result["row"].map(_texts(frame, by_name, _MUNICIPALITY))
    result["name"] = result["row"].map(_texts(frame, by_name, _NAME))
    return result


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
    population = file.figures[file.figures["indicator"] == "population"]
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
