# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file with figures or areas as it was published: its rows, and what each row says of itself (code, name, municipality, outline)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84
from knopenkaart.records import Source
from knopenkaart.sources._figure_table import TABULAR, read_table
from knopenkaart.sources.area_codes import file_source, made_by_cbs, one_year, split_code, years_in
from knopenkaart.sources.described import described
from knopenkaart.sources.figure_columns import holds_figures, publication_of, series_of_columns, simplify, whole_rows, years_of_columns

COUNTRY = re.compile(r"NL\d\d")
_CODE = (
    "codering",
    "gwbcode10",
    "gwbcode",
    "code",
    "regiocodegemeentewijkbuurt",
    "regiocode",
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
_YEAR = ("jaar", "year", "perioden")
# The number of its layer, beside each row of a map file.
_LAYER = "\0layer"


@dataclass(frozen=True)
class RawFile:
    """The rows of one file of one division. `codes` holds the code of each row (NL00 for the country), None where a row has none.

    `year` is that of the division, and of the figures in columns that do not say theirs; of those that do, `column_years` are read.
    """

    frame: pd.DataFrame
    codes: pd.Series[Any]
    shapes: gpd.GeoSeries | None
    source: Source
    year: int
    by_name: Mapping[str, Any]
    column_years: tuple[int, ...] = ()

    @cached_property
    def coded(self) -> pd.Series[bool]:
        """The rows that are an area: with a code, the first of each code."""
        return self.codes.notna() & ~self.codes.duplicated()

    @property
    def names(self) -> pd.Series[Any]:
        return _texts(self.frame, self.by_name, _NAME)

    @property
    def municipalities(self) -> pd.Series[Any]:
        return _texts(self.frame, self.by_name, _MUNICIPALITY)

    @property
    def changed(self) -> pd.Series[Any]:
        return _texts(self.frame, self.by_name, _CHANGE)

    @property
    def no_codes(self) -> list[str]:
        """What stands in the column of codes of rows whose code is that of no area."""
        texts = _texts(self.frame, self.by_name, _CODE)[self.codes.isna()]
        return [text for text in texts.dropna() if text]


def read_raw(path: Path, *, year: int | None, figures: bool = True) -> RawFile:
    """A StatLine export, a KWB workbook (XLSX), a table with plain columns, or a map file; `figures`: refuse it without known figures.

    Of a table whose rows are about several years, `year` chooses. Columns that say their year (KL02 ... KL16) are read all, or only those
    of `year`; their areas are those of the last of these years, unless the file or a `year` without a column says otherwise.

    Raises InputError for a file that cannot be read, that holds no known figures, or no or contradicting years.
    """
    if not path.exists():
        raise InputError(f"{path.name} does not exist.", code="figures.absent_file", remedy="Check the path of the file with figures.")
    tabular = path.name.casefold().endswith(TABULAR)
    frame, shapes = (whole_rows(read_table(path), subject=path.name), None) if tabular else _read_map(path)
    frame, shapes = _of_year(frame, shapes, year)
    by_name = _by_name(frame)
    if figures and not holds_figures(frame):
        columns = [str(column) for column in frame.columns if column != _LAYER]
        raise InputError(
            f"{path.name} holds no figures that Knopenkaart knows. Columns: {', '.join(columns[:12])}.",
            code="figures.no_columns",
            remedy="docs/reference/indicators.md lists the columns that are recognised.",
        )
    parsed = [_split(value) for value in _texts(frame, by_name, _CODE)]
    found = {item[1] for item in parsed if item and item[1]} | _years(frame, by_name)
    codes = pd.Series([item[0] if item else None for item in parsed], index=frame.index, dtype=object)
    dated = years_of_columns(frame)
    of_year = _division(path, found, dated, given=year)
    official = made_by_cbs(path, frame.columns, of_figures=True) and (not set(_CODE) & set(by_name) or bool(codes.notna().any()))
    source = described(path, _source(path, frame, of_year, figures=figures, official=official))
    return RawFile(frame, codes, shapes, source, of_year, by_name, tuple([year] if year in dated else dated))


def _source(path: Path, frame: pd.DataFrame, year: int, *, figures: bool, official: bool) -> Source:
    """The source record of a file. An export of StatLine (`official`) need not be of CBS: there RIVM and the police publish too."""
    if not figures:
        return file_source(path, prefix="areas", title="CBS Wijken en Buurten", year=year, official=official)
    of = publication_of(frame)
    title = f"{of.publisher} {of.nl}"
    source = file_source(path, prefix="figures", title=title, year=year, official=official and of.publisher == "CBS")
    if (series := series_of_columns(frame)) and years_of_columns(frame):
        told = f"{series} ({path.name})"
        return replace(source, title=told, attribution=told)
    if official and of.publisher != "CBS":
        return replace(source, title=f"{title} {year} ({path.name})", attribution=of.publisher)
    return source


def is_country(code: object) -> bool:
    """Whether a code stands for a whole country (NL00)."""
    return bool(COUNTRY.fullmatch(str(code)))


def _division(path: Path, found: set[int], dated: Sequence[int], *, given: int | None) -> int:
    """The year of the areas: as their rows say (`found`), else the name of the file, else somebody (`given`).

    `dated` are the years of columns that say theirs: one of them chooses a column, not a division. A publisher tells earlier years of the
    areas of its last one.
    """
    if not dated:
        return one_year(found or _years_of_name(path, given), given=given, subject=path.name, code="figures")
    given = None if given in dated else given
    told = found or (years_in(path.name) - set(dated)) or ({dated[-1]} if given is None else set())
    return one_year(told, given=given, subject=path.name, code="figures")


def _years_of_name(path: Path, given: int | None) -> set[int]:
    """The years in the name of a file; of several the one that was asked for."""
    years = years_in(path.name)
    return {given} if given is not None and given in years else years


def _split(value: object) -> tuple[str, int | None] | None:
    text = str(value).strip().upper()
    return (text, None) if is_country(text) else split_code(text)


def _read_map(path: Path) -> tuple[pd.DataFrame, gpd.GeoSeries | None]:
    """All layers of a map file under one another; shapes in CRS84, where the file says its coordinate system."""
    try:
        layers = [pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)]
    except (DataSourceError, ValueError) as error:
        why = str(error).split("; It might help")[0].replace(str(path), path.name)
        raise InputError(
            f"{path.name} cannot be read as figures: {why}",
            code="figures.unreadable",
            remedy="Give CSV, XLSX, or a map file (GeoPackage, GeoJSON, shapefile) with columns of figures.",
        ) from error
    plain_layers = [pd.DataFrame(layer).drop(columns="geometry", errors="ignore").assign(**{_LAYER: i}) for i, layer in enumerate(layers)]
    shapes = [_shapes(layer) for layer in layers]
    together = pd.concat(plain_layers, ignore_index=True)
    return together, None if any(shape is None for shape in shapes) else gpd.GeoSeries(pd.concat(shapes, ignore_index=True), crs=CRS84)


def _shapes(layer: pd.DataFrame) -> gpd.GeoSeries | None:
    if not isinstance(layer, gpd.GeoDataFrame) or layer.crs is None:
        return None
    shapes: gpd.GeoSeries = layer.geometry.to_crs(CRS84).make_valid()
    return shapes


def _texts(frame: pd.DataFrame, by_name: Mapping[str, Any], names: Sequence[str]) -> pd.Series[Any]:
    """The texts under the first of the names that says something: layer by layer, where a map has buurten under wijken under municipalities
    and each has also the columns of those above it."""
    columns = [by_name[name] for name in names if name in by_name]
    texts = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    layers = [frame] if _LAYER not in frame.columns else [rows for _, rows in frame.groupby(_LAYER, sort=False)]
    for rows in layers:
        column = next((column for column in columns if rows[column].notna().any()), None)
        if column is not None:
            texts[rows.index] = [None if pd.isna(value) else str(value).strip().removesuffix(".0") for value in rows[column]]
    return texts


def years_of_rows(path: Path) -> list[int]:
    """The years that the rows of a table say that they are about, earliest first. Raises InputError for a file that cannot be read."""
    frame = read_table(path) if path.name.casefold().endswith(TABULAR) else _read_map(path)[0]
    return sorted(_years(frame, _by_name(frame)))


def _by_name(frame: pd.DataFrame) -> dict[str, Any]:
    return {simplify(str(column)): column for column in reversed(list(frame.columns))}


def _of_year(frame: pd.DataFrame, shapes: gpd.GeoSeries | None, year: int | None) -> tuple[pd.DataFrame, gpd.GeoSeries | None]:
    """Of a table of several years the rows of the year that is asked for."""
    years = _row_years(frame, _by_name(frame))
    if year is None or years is None or not (years == year).any() or (years.dropna() == year).all():
        return frame, shapes
    rows = (years == year).to_numpy()
    return frame[rows].reset_index(drop=True), None if shapes is None else shapes[rows].reset_index(drop=True)


def _years(frame: pd.DataFrame, by_name: Mapping[str, Any]) -> set[int]:
    values = _row_years(frame, by_name)
    return set() if values is None else {int(value) for value in values.dropna()}


def _row_years(frame: pd.DataFrame, by_name: Mapping[str, Any]) -> pd.Series[Any] | None:
    """The year of each row, where a column tells it; StatLine writes 2019JJ00 for a whole year."""
    column = next((by_name[name] for name in _YEAR if name in by_name), None)
    if column is None:
        return None
    values = pd.to_numeric(frame[column].astype("string").str.removesuffix("JJ00"), errors="coerce")
    years: pd.Series[Any] = values.where(values.between(1980, 2100))
    return years
