# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One layer of a map file, recognised as areas: code, level, name, year and polygon per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84, RD_BOUNDS, RD_NEW
from knopenkaart.records import AreaLevel
from knopenkaart.sources.area_codes import LEVELS, level_of, made_by_cbs, split_code, with_prefix, years_in
from knopenkaart.sources.area_table import notice, polygons
from knopenkaart.sources.figure_columns import simplify

# Column names (simplified) by what they hold, most telling first; a plain `code` or `statcode` is told apart by its prefix.
_CODE_COLUMNS: dict[AreaLevel, tuple[str, ...]] = {
    "buurt": ("buurtcode", "bucode"),
    "wijk": ("wijkcode", "wkcode"),
    "municipality": ("gemeentecode", "gmcode"),
}
_NAME_COLUMNS: dict[AreaLevel, tuple[str, ...]] = {
    "buurt": ("buurtnaam", "bunaam"),
    "wijk": ("wijknaam", "wknaam"),
    "municipality": ("gemeentenaam", "gmnaam"),
}
_ANY_CODE = ("statcode", "gwbcode10", "code", "gebiedscode", "regiocode")
_ANY_NAME = ("statnaam", "regio", "name", "naam", "gebiedsnaam")
_YEAR_CODES = ("jaarstatcode", "jrstatcode")
_YEARS = ("jaar", "year")
# RD New as the Netherlands use it, with some kilometres of margin, in metres: x, y.
_RD_EXTENT = (-10_000.0, 290_000.0, 300_000.0, 640_000.0)


@dataclass
class Layer:
    """One layer of one file, read and recognised: rows with code, name, level, municipality name, geometry in CRS84."""

    path: Path
    name: str
    frame: gpd.GeoDataFrame
    attributes: pd.DataFrame
    years: set[int]
    official: bool
    notices: list[dict[str, Any]] = field(default_factory=list)


def read_file(path: Path) -> list[Layer]:
    """The layers of a file that hold areas. Raises InputError where the file cannot be read or holds none."""
    if not path.exists():
        raise InputError(f"{path.name} does not exist.", code="areas.absent", remedy="Check the path of the file with areas.")
    try:
        names = [(str(name), geometry) for name, geometry in pyogrio.list_layers(path)]
        layers = [_read_layer(path, name) for name, geometry in names if geometry is not None and _may_be_polygons(str(geometry))]
        columns = [str(name) for layer, _ in names for name in pyogrio.read_info(path, layer=layer)["fields"]]
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read as a map of areas: {error}",
            code="areas.unreadable",
            remedy="Give a GeoPackage, GeoJSON or shapefile with polygons (of a shapefile: .shp with its .dbf, .shx and .prj).",
        ) from error
    known = [layer for layer in layers if layer is not None]
    if not known:
        raise InputError(
            f"{path.name} holds no areas: no layer of polygons with a code and a name. "
            f"Columns: {', '.join(dict.fromkeys(columns)) or 'none'}.",
            code="areas.no_areas",
            remedy="Name the columns as CBS does (gemeentecode, wijkcode, buurtcode, wijknaam ...) or plainly `code` and `name`.",
        )
    return known


def _may_be_polygons(geometry: str) -> bool:
    # GeoJSON with polygons and multipolygons side by side has no type of its own.
    return "Polygon" in geometry or geometry in ("Unknown", "GeometryCollection")


def _read_layer(path: Path, layer: str) -> Layer | None:
    raw = pyogrio.read_dataframe(path, layer=layer)
    raw = raw[raw.geometry.isna() | raw.geometry.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"])]
    if raw.empty:
        return None
    by_name = {simplify(str(column)): column for column in reversed([name for name in raw.columns if name != raw.geometry.name])}
    code_column, level = _code_column(raw, by_name)
    if code_column is None:
        return None
    water = by_name.get("water")
    if water is not None:
        raw = raw[raw[water].astype(str).str.strip().str.upper().isin(["NEE", "NAN", "NONE", ""])]
    raw = raw.reset_index(drop=True)
    _check_crs(path, layer, raw)
    coded, years = _codes(raw[code_column], level)
    levels = _levels(raw, by_name, coded, level)
    known = levels.notna() & coded.notna()
    geometries, notices = _repaired(raw.geometry.to_crs(CRS84), coded)
    names = _names(raw, by_name, coded, levels)
    frame = gpd.GeoDataFrame(
        {
            "code": coded,
            "level": levels,
            "name": names,
            "municipality_code": _column(raw, by_name, ("municipalitycode",)),
            "municipality_name": _column(raw, by_name, _NAME_COLUMNS["municipality"]),
            "wijk_code": _column(raw, by_name, ("wijkcode",) if level is None else ()),
        },
        geometry=geometries,
        crs=CRS84,
    )
    absent = int((~known).sum())
    if absent:
        notices.append(notice("areas.no_code", layer, f"{absent} polygon(s) without a code of an area were left out.", {"count": absent}))
    years |= _years_of(raw, by_name) or years_in(layer) or years_in(path.name)
    official = bool(coded[known].map(lambda code: level_of(str(code)) is not None).all())
    _check_place(path, layer, frame[known], official=official)
    attributes = pd.DataFrame(raw.drop(columns=raw.geometry.name)).assign(**{"\0code": coded})[known]
    by_cbs = official and made_by_cbs(path, raw.columns, of_figures=False)
    return Layer(path, layer, frame[known & (frame["name"] != "")], attributes, years, by_cbs, notices)


def _code_column(raw: pd.DataFrame, by_name: dict[str, str]) -> tuple[str | None, AreaLevel | None]:
    for level, names in _CODE_COLUMNS.items():
        for name in names:
            if name in by_name and raw[by_name[name]].notna().any():
                return by_name[name], level
    column = next((by_name[name] for name in (*_ANY_CODE, *_YEAR_CODES) if name in by_name), None)
    if column is None or not (set(_ANY_NAME) | {"level"}) & set(by_name):
        return None, None
    return column, None


def _codes(values: pd.Series[Any], level: AreaLevel | None) -> tuple[pd.Series[Any], set[int]]:
    """Codes as CBS writes them (others as they are), and the years that stand inside them."""
    codes: list[str | None] = []
    years: set[int] = set()
    for value in values:
        if value is None or pd.isna(value) or not str(value).strip():
            codes.append(None)
            continue
        parsed = split_code(with_prefix(value, level or level_by_width(value)))
        codes.append(parsed[0] if parsed else str(value).strip())
        if parsed and parsed[1]:
            years.add(parsed[1])
    return pd.Series(codes, index=values.index, dtype=object), years


def level_by_width(value: object) -> AreaLevel:
    """The level that a bare number stands for: up to 4 digits a municipality, up to 6 a wijk, else a buurt."""
    width = len(str(value).strip().removesuffix(".0"))
    return "municipality" if width <= 4 else "wijk" if width <= 6 else "buurt"


def _levels(raw: pd.DataFrame, by_name: dict[str, str], codes: pd.Series[Any], level: AreaLevel | None) -> pd.Series[Any]:
    if level is not None:
        return codes.map(lambda code: level if code is not None else None)
    if "level" in by_name:
        return raw[by_name["level"]].map(lambda value: value if value in LEVELS else None)
    return codes.map(lambda code: level_of(code) if code is not None else None)


def _names(raw: pd.DataFrame, by_name: dict[str, str], codes: pd.Series[Any], levels: pd.Series[Any]) -> pd.Series[Any]:
    """The name of each area; where a file has none for its level, the code itself."""
    general = _column(raw, by_name, _ANY_NAME)
    names = pd.Series([None] * len(raw), index=raw.index, dtype=object)
    for level in LEVELS:
        own = _column(raw, by_name, _NAME_COLUMNS[level])
        chosen = levels == level
        names[chosen] = own.where(own.notna(), general)[chosen]
    return names.where(names.notna(), codes).map(lambda name: "" if name is None else str(name).strip())


def _column(raw: pd.DataFrame, by_name: dict[str, str], names: Sequence[str]) -> pd.Series[Any]:
    column = next((by_name[name] for name in names if name in by_name), None)
    if column is None:
        return pd.Series([None] * len(raw), index=raw.index, dtype=object)
    values = raw[column].astype(object)
    return values.where(values.notna(), None)


def _years_of(raw: pd.DataFrame, by_name: dict[str, str]) -> set[int]:
    years: set[int] = set()
    for name in _YEAR_CODES:
        if name in by_name:
            parsed = [split_code(value) for value in raw[by_name[name]].dropna()]
            years |= {item[1] for item in parsed if item and item[1]}
    for name in _YEARS:
        if name in by_name:
            values = pd.to_numeric(raw[by_name[name]], errors="coerce").dropna()
            years |= {int(value) for value in values if 1980 <= value <= 2100}
    return years


# --- what a file must be ----------------------------------------------------------------------------------------------


def _check_crs(path: Path, layer: str, raw: gpd.GeoDataFrame) -> None:
    filled = raw.geometry[raw.geometry.notna() & ~raw.geometry.is_empty]
    if filled.empty:
        raise InputError(
            f"{path.name}, layer {layer}: no polygon has a shape.", code="areas.no_geometry", remedy="Give the file with its geometry."
        )
    west, south, east, north = (float(edge) for edge in filled.total_bounds)
    looks_degrees = abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90
    looks_rd = not looks_degrees and _RD_EXTENT[0] <= west and east <= _RD_EXTENT[2] and _RD_EXTENT[1] <= south and north <= _RD_EXTENT[3]
    looks = "degrees (EPSG:4326)" if looks_degrees else "RD New (EPSG:28992)" if looks_rd else "neither degrees nor RD New"
    crs = CRS.from_user_input(raw.crs) if raw.crs is not None else None
    if crs is None:
        raise InputError(
            f"{path.name}, layer {layer} does not say in which coordinate system it is; the numbers look like {looks}.",
            code="areas.no_crs",
            remedy="Save it again with its coordinate system (in QGIS: Export > Save features as > CRS; of a shapefile, keep the .prj).",
        )
    wrong = crs.is_geographic != looks_degrees or (crs == RD_NEW and not looks_rd)
    if wrong:
        raise InputError(
            f"{path.name}, layer {layer} is labelled {crs.name}, but its numbers "
            f"({west:.6g} {south:.6g} to {east:.6g} {north:.6g}) look like {looks}.",
            code="areas.wrong_crs",
            remedy="Give the layer its true coordinate system (in QGIS: Layer > Set CRS of layer), then export it again.",
        )


def _check_place(path: Path, layer: str, frame: gpd.GeoDataFrame, *, official: bool) -> None:
    if frame.empty or not official:
        return
    west, south, east, north = frame.total_bounds
    if not (RD_BOUNDS[0] <= west and east <= RD_BOUNDS[2] and RD_BOUNDS[1] <= south and north <= RD_BOUNDS[3]):
        raise InputError(
            f"{path.name}, layer {layer} has Dutch codes but lies outside the Netherlands "
            f"(longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}).",
            code="areas.outside",
            remedy="Longitude and latitude may be exchanged, or the coordinate system is another one than the file says.",
        )


def _repaired(geometries: gpd.GeoSeries, codes: pd.Series[Any]) -> tuple[gpd.GeoSeries, list[dict[str, Any]]]:
    broken = geometries.notna() & ~geometries.is_valid
    notices = [
        notice(
            "areas.repaired",
            str(codes[index]),
            "The polygon crosses itself; it was repaired.",
            {"reason": shapely.is_valid_reason(geometries[index])},
        )
        for index in geometries.index[broken]
    ]
    return geometries.map(lambda shape: polygons(shape) if shape is not None else None), notices
