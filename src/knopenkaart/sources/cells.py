# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Squares of 100 m with inhabitants and dwellings, as Statistics Netherlands publishes them."""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import Transformer

from knopenkaart.checksum import checksum
from knopenkaart.errors import Fault, InputError
from knopenkaart.geo import CRS84, RD_NEW
from knopenkaart.records import Source
from knopenkaart.sources._rows import sniff_delimiter
from knopenkaart.sources.addresses import slug
from knopenkaart.sources.area_codes import years_in
from knopenkaart.sources.described import described
from knopenkaart.sources.figure_columns import SENTINEL_BELOW, simplify
from knopenkaart.tables import CELLS

SIDE_M = 100
_TABULAR = (".csv", ".csv.gz", ".txt", ".tsv")
# Only Statistics Netherlands names columns so.
_OWN_CODE = ("crs28992res100m", "c28992r100")
_CODE = (*_OWN_CODE, "vierkant100m", "vierkant", "cell", "cel", "code")
# A year may stand behind the name: INW2014, WON2012.
_PEOPLE = re.compile(r"^(?:aantalinwoners|inwoners?|inw|population|people)((?:19|20)\d\d)?$")
_DWELLINGS = re.compile(r"^(?:aantalwoningen|woning(?:en)?|won|dwellings)((?:19|20)\d\d)?$")
_LARGER = re.compile(r"(?:crs28992res|c28992r|vierkant)(?:500m?|1000m?|1km)$")
# Hectometres (E0955N4319); some files write metres (E095500N431900).
_SQUARE = re.compile(r"^E(\d{4})N(\d{4})$|^E(\d{5,6})N(\d{6})$")
# As StatLine, databases and statistical programs write that there is nothing.
_EMPTY = ("", ".")
_READABLE = re.compile(r"-?\d+(\.\d+)?")
# 1.200 is a thousand and two hundred to one, and little more than one to another.
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
# As many faults as anybody reads.
_SHOWN = 100


def read_cells(path: Path) -> tuple[pd.DataFrame, Source]:
    """The CELLS of a file, and its source.

    `path` is a GeoPackage (or other map file) or a CSV of CBS's Vierkantstatistieken of 100 m: a column with the code of the square
    (E0955N4319: its lower left corner is RD 95,500, 431,900) and inhabitants, dwellings, or both. Of several years the latest counts. What
    CBS keeps secret (-99997 and the like, or nothing) is empty. Raises InputError: absent, damaged, other columns, larger squares, no
    squares; and `cells.invalid` with every cell that is no number or no code, and every square that comes twice with different numbers.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", code="file.absent", remedy="Check the name and the folder.")
    frame, names = _read(path)
    codes = frame[names["code"]].astype("string").str.strip().str.upper()
    parts = codes.str.extract(_SQUARE).astype("Float64")
    corner = pd.DataFrame({"east": parts[0].fillna(parts[2] // SIDE_M), "north": parts[1].fillna(parts[3] // SIDE_M)})
    known = corner.notna().all(axis=1)
    if not known.any():
        raise InputError(
            f"{path.name}: column {names['code']} holds no codes of squares.",
            code="cells.no_squares",
            remedy="A square is named by its lower left corner in RD, in units of 100 m: E0955N4319.",
        )
    numbers = pd.DataFrame({field: _numbers(frame, names.get(field)) for field in ("people", "dwellings")})
    _refuse_faults(path, frame, names, corner, numbers)
    east, north = (corner.loc[known, side].to_numpy(float).astype(int) for side in ("east", "north"))
    lon, lat = Transformer.from_crs(RD_NEW, CRS84, always_xy=True).transform((east + 0.5) * SIDE_M, (north + 0.5) * SIDE_M)
    source = described(path, _source(path, names))
    rows = pd.DataFrame(
        {
            "code": [f"E{x:04}N{y:04}" for x, y in zip(east, north, strict=True)],
            "lon": np.round(lon, 7),
            "lat": np.round(lat, 7),
            "people": _published(numbers["people"])[known].to_numpy(),
            "dwellings": _published(numbers["dwellings"])[known].to_numpy(),
            "source": source.id,
        }
    )
    return CELLS.check(rows.drop_duplicates("code")), source


def _read(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """The columns that matter and nothing else: a national file has a hundred more."""
    try:
        if path.name.casefold().endswith(_TABULAR):
            sep = _delimiter(path)
            header = pd.read_csv(path, sep=sep, nrows=0, encoding="utf-8-sig")
            names = _recognised(list(header.columns), path)
            # Empty lines stay, so that the number of a row is that of its line.
            own = list(names.values())
            return pd.read_csv(path, sep=sep, usecols=own, dtype=str, encoding="utf-8-sig", skip_blank_lines=False), names
        layers = {layer: list(pyogrio.read_info(path, layer=layer)["fields"]) for layer, _ in pyogrio.list_layers(path)}
        layer = next((layer for layer, columns in layers.items() if _named(columns, _CODE)), next(iter(layers), None))
        names = _recognised(layers.get(layer, []), path)
        return pd.DataFrame(pyogrio.read_dataframe(path, layer=layer, columns=list(names.values()), read_geometry=False)), names
    except (DataSourceError, DataLayerError, OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read: {error}.", code="file.damaged", remedy="Fetch or make the file again.") from error


def _delimiter(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as stream:
        return sniff_delimiter("".join(itertools.islice(stream, 30)))


def _recognised(columns: Sequence[str], path: Path) -> dict[str, str]:
    found = {
        "code": _named(columns, _CODE),
        "people": _of_latest_year(columns, _PEOPLE),
        "dwellings": _of_latest_year(columns, _DWELLINGS),
    }
    if found["code"] is None and any(_LARGER.match(simplify(str(column))) for column in columns):
        raise InputError(
            f"{path.name} holds larger squares than those of 100 m.", code="cells.size", remedy="Give the file of 100 m by 100 m."
        )
    shown = ", ".join(map(str, columns[:12]))
    if found["code"] is None:
        raise InputError(
            f"{path.name} has no column with the codes of squares; its columns are {shown}.",
            code="cells.no_code",
            remedy="CBS calls it crs28992res100m, earlier c28992r100.",
        )
    if found["people"] is None and found["dwellings"] is None:
        raise InputError(
            f"{path.name} has neither inhabitants nor dwellings; its columns are {shown}.",
            code="cells.no_figures",
            remedy="CBS calls them aantal_inwoners and aantal_woningen.",
        )
    return {field: name for field, name in found.items() if name is not None}


def _named(columns: Sequence[str], wanted: Sequence[str]) -> str | None:
    by_name = {simplify(str(column)): str(column) for column in reversed(columns)}
    return next((by_name[name] for name in wanted if name in by_name), None)


def _of_latest_year(columns: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    found = [(int(match[1] or 0), str(column)) for column in columns if (match := pattern.match(simplify(str(column))))]
    return max(found, key=lambda item: item[0])[1] if found else None


def _numbers(frame: pd.DataFrame, name: str | None) -> pd.Series[Any]:
    """The numbers of a column: missing where it is empty, not finite (NaN) where it says something that is no number."""
    if name is None:
        return pd.Series(pd.NA, index=frame.index, dtype=object)
    return frame[name].map(_number).astype(object)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return pd.NA if pd.isna(value) else float(value)
    text = value.strip()
    if text in _EMPTY:
        return pd.NA
    return float(text) if _READABLE.fullmatch(text) and not _THOUSANDS.fullmatch(text) else np.nan


def _published(numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers without those that stand for a secret."""
    values = numbers.astype("Float64")
    return values.where(values > SENTINEL_BELOW)


def _refuse_faults(path: Path, frame: pd.DataFrame, names: Mapping[str, str], corner: pd.DataFrame, numbers: pd.DataFrame) -> None:
    """Every cell that cannot be read, with its place, in one error. Rows are lines of a CSV; of a map file they are numbered from 1."""
    first = 2 if path.name.casefold().endswith(_TABULAR) else 1
    filled = frame[list(names.values())].notna().any(axis=1)

    def faults(code: str, message: str, rows: Any, column: str) -> list[Fault]:
        said = frame[column].astype(object).where(frame[column].notna(), None)
        return [
            Fault(code, message, path.name, int(row) + first, column, None if said.iloc[row] is None else str(said.iloc[row]))
            for row in np.flatnonzero(rows)
        ]

    known = corner.notna().all(axis=1)
    found = faults("cells.code", "this is no code of a square of 100 m (E0955N4319)", filled & ~known, names["code"])
    for field in ("people", "dwellings"):
        if field in names:
            wrong = numbers[field].map(lambda value: value is not pd.NA and not (value >= 0 or value <= SENTINEL_BELOW))
            found += faults("cells.value", "this is no number of people or dwellings; write 1200 or 12.5", wrong, names[field])
    told = pd.concat([corner, numbers.map(lambda value: None if value is pd.NA else value)], axis=1)[known]
    again = told.drop_duplicates().duplicated(["east", "north"]).reindex(frame.index, fill_value=False)
    found += faults("cells.repeated", "this square stood in the file before, with other numbers", again, names["code"])
    if found:
        rest = f" The first {_SHOWN} of them:" if len(found) > _SHOWN else ""
        raise InputError(
            f"{path.name} has {len(found)} cell(s) that cannot be used.{rest}",
            code="cells.invalid",
            remedy="Correct them in the file. What is not known stays empty.",
            faults=sorted(found, key=lambda fault: fault.row or 0)[:_SHOWN],
        )


def _source(path: Path, names: Mapping[str, str]) -> Source:
    of_columns = {int(year) for name in names.values() for year in re.findall(r"(?:19|20)\d\d$", name)}
    years = of_columns or years_in(path.name)
    year = max(years, default=None)
    official = simplify(names["code"]) in _OWN_CODE
    return Source(
        id=f"cells_{slug(path.name.split('.')[0]).replace('-', '_')}",
        title=f"CBS Vierkantstatistieken 100 m{f' {year}' if year else ''} ({path.name})" if official else path.name,
        date=date(year, 1, 1) if year else None,
        licence="CC BY 4.0" if official else "not stated",
        attribution="Centraal Bureau voor de Statistiek (CBS)" if official else path.name,
        url="https://www.cbs.nl/nl-nl/dossier/nederland-regionaal/geografische-data/kaart-van-100-meter-bij-100-meter-met-statistieken"
        if official
        else None,
        file=path.name,
        sha256=checksum(path),
    )
