# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of the Wijkmonitor: the areas that a published file names, its figures, and rows without code beside those of a coded file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84
from knopenkaart.records import Source
from knopenkaart.sources._figure_file import RawFile, read_raw, years_of_rows
from knopenkaart.sources.area_codes import comparable
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.figure_cells import MISSING, figure_frame, impossible
from knopenkaart.sources.figure_columns import plain

__all__ = ["Published", "identified", "level_of_code", "read_published", "years_of_rows"]

_LEVELS = {"NL": "country", "GM": "municipality", "WK": "wijk", "BU": "buurt"}
# What tells one row without a code from another.
_SIGNS = ("municipality", "name", "population")


@dataclass(frozen=True)
class Published:
    """One file, about the areas of one year.

    `areas`: code, name, level, changed, municipality (its name), geometry (or None), in the order of the file. `figures`: area_code,
    indicator, year, unit, value, gap. `signs`: of every row of the file its code (or None), municipality, name and inhabitants, by which
    rows without code are identified; `uncoded` are the figures of those rows, with the row number in area_code.
    """

    source: Source
    year: int
    areas: pd.DataFrame
    figures: pd.DataFrame
    signs: pd.DataFrame
    uncoded: pd.DataFrame
    notices: tuple[dict[str, Any], ...] = ()


def read_published(path: Path, *, year: int | None, figures: bool = True) -> Published:
    """The areas and figures of a file: StatLine export, KWB workbook, table, or map file. `figures`: refuse a file without any.

    `year` is needed only where the file does not say its own, or tells of several. Raises InputError as read_figures does, and where no
    row can be an area.
    """
    raw = read_raw(path, year=year, figures=figures)
    if not raw.codes.notna().any() and (raw.municipalities.isna().all() or raw.names.isna().all()):
        none = ", ".join(raw.no_codes[:3])
        raise InputError(
            f"{path.name} has no code of CBS in its column of codes ({none})."
            if none
            else f"{path.name} has no column with codes of areas.",
            code="figures.no_codes",
            remedy="Give it a column `code` with codes of CBS (GM0503, WK050328, BU05032801).",
        )
    kept = raw.coded
    numbers = pd.Series(np.arange(len(raw.frame)), dtype=object)
    frame = figure_frame(raw.frame, numbers, year=raw.year, of_columns=raw.column_years)
    wrong = impossible(frame)
    told = [*_doubles(raw), *_foreign(raw), *_impossible(raw, frame[wrong])]
    frame = frame.assign(value=frame["value"].mask(wrong), gap=frame["gap"].mask(wrong, MISSING))
    areas = _areas(raw)
    coded = frame["area_code"].isin(np.flatnonzero(kept.to_numpy()))
    codes = raw.codes.to_numpy()
    figures_of = frame[coded].assign(area_code=codes[frame.loc[coded, "area_code"].to_numpy(dtype=int)])
    loose = frame[frame["area_code"].isin(np.flatnonzero(raw.codes.isna().to_numpy()))] if not kept.any() else frame.iloc[:0]
    return Published(raw.source, raw.year, areas, figures_of, _signs(raw, frame), loose, tuple(told))


def identified(file: Published, others: Sequence[Published]) -> Published:
    """A file without codes with the codes of another file of the same year: never by guess.

    Where both files have the same rows in the same order (municipality, name and inhabitants agree in every row) they are exports of one
    table, and its rows have the codes of the other's. Else a row gets a code only where those three occur once in both files.
    What is not identified is left out, with a notice.
    """
    if file.uncoded.empty:
        return file
    known = [other for other in others if other.year == file.year and other.signs["code"].notna().any()]
    codes = pd.Series([None] * len(file.signs), dtype=object)
    for other in known:
        codes = codes.where(codes.notna(), _codes_of(file.signs, other.signs))
    named = codes.to_numpy()[file.uncoded["area_code"].to_numpy(dtype=int)]
    figures = file.uncoded.assign(area_code=named)[pd.notna(named)]
    refused = file.signs.loc[codes.isna(), "name"].dropna().astype(str)
    left_out = [_unidentified(file, refused)] if len(refused) else []
    return replace(file, figures=figures, uncoded=file.uncoded.iloc[:0], notices=(*file.notices, *left_out))


def level_of_code(code: str) -> str:
    """country, municipality, wijk or buurt."""
    return _LEVELS[code[:2]]


def _areas(raw: RawFile) -> pd.DataFrame:
    kept = raw.coded
    codes = raw.codes[kept]
    names = raw.names[kept]
    shapes = [None] * len(codes) if raw.shapes is None else raw.shapes[kept].to_list()
    frame = pd.DataFrame(
        {
            "code": codes.to_numpy(),
            "name": names.where(names.notna(), codes).to_numpy(),
            "named": names.notna().to_numpy(),
            "changed": raw.changed[kept].replace({".": None, "": None}).to_numpy(),
            "level": [level_of_code(code) for code in codes],
        }
    )
    return frame.assign(geometry=gpd.GeoSeries(shapes, index=frame.index, crs=CRS84))


def _signs(raw: RawFile, figures: pd.DataFrame) -> pd.DataFrame:
    people = figures[figures["indicator"] == "population"]
    population = pd.Series(np.nan, index=range(len(raw.frame)))
    population.loc[people["area_code"].to_numpy(dtype=int)] = people["value"].to_numpy(dtype=float, na_value=np.nan)
    return pd.DataFrame(
        {
            "code": raw.codes.to_numpy(),
            "municipality": raw.municipalities.map({name: _key(name) for name in raw.municipalities.unique()}).to_numpy(),
            "name": raw.names.to_numpy(),
            "population": population.to_numpy(),
        }
    )


def _key(name: object) -> str | None:
    return None if name is None else comparable(str(name)) or plain(str(name))


def _codes_of(signs: pd.DataFrame, other: pd.DataFrame) -> pd.Series[Any]:
    mine, theirs = signs[list(_SIGNS)], other[list(_SIGNS)]
    if mine["population"].isna().all():
        # A name alone is not enough: a wijk and its only buurt share it.
        return pd.Series([None] * len(signs), dtype=object)
    if len(mine) == len(theirs) and bool(((mine == theirs) | (mine.isna() & theirs.isna())).all(axis=None)):
        return other["code"].astype(object)
    keys, codes = mine.apply(tuple, axis=1), theirs.apply(tuple, axis=1)
    sure = ~codes.duplicated(keep=False) & other["code"].notna() & theirs.notna().all(axis=1)
    found = dict(zip(codes[sure], other.loc[sure, "code"], strict=True))
    single = ~keys.duplicated(keep=False)
    return keys.map(found).where(single, None).astype(object).where(lambda values: values.notna(), None)


def _unidentified(file: Published, refused: pd.Series[Any]) -> dict[str, Any]:
    return notice(
        "monitor.unidentified",
        file.source.id,
        f"{len(refused)} rows of {file.source.file} have no code and cannot be identified with one area of {file.year}: "
        "their figures were left out.",
        {"count": len(refused), "names": "; ".join(refused.head(20)), "year": file.year, "file": file.source.file},
    )


def _doubles(raw: RawFile) -> list[dict[str, Any]]:
    twice = raw.codes[raw.codes.notna() & raw.codes.duplicated()]
    if twice.empty:
        return []
    return [
        notice(
            "monitor.code_twice",
            raw.source.id,
            f"{len(twice)} rows of {raw.source.file} have a code that stands there already: only the first of each was read.",
            {"count": len(twice), "codes": "; ".join(map(str, twice.head(20))), "file": raw.source.file},
        )
    ]


def _foreign(raw: RawFile) -> list[dict[str, Any]]:
    """Rows that are no area, of a file with rows that are: a province, a mistake in a code."""
    strange = raw.no_codes
    if not strange or not raw.coded.any():
        return []
    return [
        notice(
            "monitor.foreign_code",
            raw.source.id,
            f"{len(strange)} rows of {raw.source.file} have a code of no municipality, wijk or buurt ({', '.join(strange[:3])}): "
            "they were left out.",
            {"count": len(strange), "codes": "; ".join(strange[:20]), "file": raw.source.file},
        )
    ]


def _impossible(raw: RawFile, figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Numbers that cannot be: the file is damaged, or its column is another thing than its name says."""
    return [
        notice(
            "monitor.impossible",
            raw.source.id,
            f"{len(rows)} figures of {indicator} in {raw.source.file} cannot be (below zero, a percent above 100, a count with decimals; "
            f"{rows['value'].iloc[0]:g} is one): they were left out.",
            {"count": len(rows), "indicator": str(indicator), "file": raw.source.file},
        )
        for indicator, rows in figures.groupby("indicator", sort=False)
    ]
