# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Official areas: municipality, wijk and buurt polygons of one year, from files or from an extract's own boundaries."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84, RD_BOUNDS, RD_NEW, metric_crs_of
from knopenkaart.records import AreaLevel
from knopenkaart.sources.area_codes import LEVELS, comparable, file_source, level_of, one_year, parents, split_code, with_prefix, years_in
from knopenkaart.sources.figure_columns import figure_rows, plain, simplify
from knopenkaart.tables import AREAS, FIGURES, NOTICES, SOURCES, from_records

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
_TILED_SHARE = 0.95


@dataclass(frozen=True)
class AreaLayers:
    """Areas of one year with the figures of their own file (as published), the sources, and what to know about them."""

    areas: pd.DataFrame
    figures: pd.DataFrame
    sources: pd.DataFrame
    notices: pd.DataFrame


@dataclass
class _Layer:
    """One layer of one file, read and recognised: rows with code, name, level, municipality name, geometry in CRS84."""

    path: Path
    name: str
    frame: gpd.GeoDataFrame
    attributes: pd.DataFrame
    years: set[int]
    official: bool
    notices: list[dict[str, Any]] = field(default_factory=list)


def read_areas(paths: Sequence[Path], *, year: int | None, municipalities: Sequence[str]) -> AreaLayers:
    """Areas of the wanted municipalities (names or codes; none: all) from GeoPackage, GeoJSON or shapefile.

    Every layer with CBS, PDOK or plain (`code`, `name`, optionally `level` and `municipality_code`) columns counts; water
    features (`water` = JA) do not. `year` is needed only where neither columns nor names say it. Figures in the same layers
    become raw FIGURES with area_year = year. Polygons that are not valid are repaired and noticed.

    Raises InputError for a file that cannot be read, holds no areas, lacks or mislabels its CRS, for absent or contradicting
    years, and for an unknown municipality (with near matches).
    """
    layers = [layer for path in paths for layer in _read_file(Path(path))]
    if not layers:
        raise InputError("No file with areas was given.", code="areas.none", remedy="Give a file with --areas.")
    found = {found for layer in layers for found in layer.years}
    division = one_year(found, given=year, subject=", ".join(dict.fromkeys(layer.path.name for layer in layers)), code="areas")
    sources = {
        layer.path: file_source(layer.path, prefix="areas", title="Areas", year=division, official=layer.official) for layer in layers
    }
    rows = _with_municipalities(pd.concat([_rows(layer, sources[layer.path].id, division) for layer in layers], ignore_index=True))
    wanted = _selection(rows, municipalities)
    rows = rows[rows["municipality_code"].isin(wanted)]
    rows, repeated = _once(rows)
    codes = set(rows["code"])
    return AreaLayers(
        areas=AREAS.check(_in_order(rows)),
        figures=_figures(layers, sources, codes, division),
        sources=from_records(sources.values(), SOURCES),
        notices=NOTICES.frame(
            [notice for layer in layers for notice in layer.notices if notice["subject"] in codes | {layer.name}] + repeated
        ),
    )


def areas_from_boundaries(boundaries: pd.DataFrame, *, municipalities: Sequence[str], year: int, source: str) -> pd.DataFrame:
    """AREAS from the administrative boundaries (BOUNDARIES) in an extract: complete and named ones only.

    Municipalities are the relations of level 8, the level of the municipality in the Netherlands and most of Europe; where an
    extract holds no complete one there, the next less detailed level (7, 6, 5, 4) that does. Levels 9 and 10 become wijk and
    buurt where they tile at least 95 % of their municipality: half a division would leave holes that look like zero.

    Raises InputError where there is no complete boundary, or none of a wanted name. Source: OpenStreetMap, boundary=administrative.
    """
    usable = boundaries[
        boundaries["complete"].fillna(False).astype(bool)
        & boundaries["name"].notna()
        & boundaries.geometry.notna()
        & boundaries["source_id"].str.startswith("relation/")
    ]
    level = next((level for level in (8, 7, 6, 5, 4) if (usable["admin_level"] == level).any()), None)
    if level is None:
        raise InputError(
            "The extract holds no complete, named boundary of a municipality.",
            code="areas.no_boundaries",
            remedy="Give the official areas with --areas, or an extract that contains the whole municipality.",
        )
    whole = _boundary_rows(usable[usable["admin_level"] == level], "municipality", year, source)
    wanted = _selection(whole, municipalities)
    whole = whole[whole["code"].isin(wanted)]
    metric = metric_crs_of(gpd.GeoSeries(whole["geometry"], crs=CRS84))
    parts = [_division(usable, detail, whole, metric, year, source) for detail in (9, 10)]
    rows = [whole, *_as_wijk_and_buurt(parts, whole)]
    return AREAS.check(_in_order(pd.concat(rows, ignore_index=True)))


# --- reading a file ---------------------------------------------------------------------------------------------------


def _read_file(path: Path) -> list[_Layer]:
    if not path.exists():
        raise InputError(f"{path.name} does not exist.", code="areas.absent", remedy="Check the path of the file with areas.")
    try:
        names = [(str(name), geometry) for name, geometry in pyogrio.list_layers(path)]
        layers = [_read_layer(path, name) for name, geometry in names if geometry is not None and "Polygon" in str(geometry)]
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
            f"{path.name} holds no areas: no layer of polygons with a code and a name. Columns: {', '.join(dict.fromkeys(columns)) or 'none'}.",
            code="areas.no_areas",
            remedy="Name the columns as CBS does (gemeentecode, wijkcode, buurtcode, wijknaam ...) or plainly `code` and `name`.",
        )
    return known


def _read_layer(path: Path, layer: str) -> _Layer | None:
    raw = pyogrio.read_dataframe(path, layer=layer)
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
        notices.append(_notice("areas.no_code", layer, f"{absent} polygon(s) without a code of an area were left out.", {"count": absent}))
    years |= _years_of(raw, by_name) or years_in(layer) or years_in(path.name)
    official = bool(coded[known].map(lambda code: level_of(str(code)) is not None).all())
    _check_place(path, layer, frame[known], official=official)
    attributes = pd.DataFrame(raw.drop(columns=raw.geometry.name)).assign(**{"\0code": coded})[known]
    return _Layer(path, layer, frame[known & (frame["name"] != "")], attributes, years, official, notices)


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
        parsed = split_code(with_prefix(value, level or _level_by_width(value)))
        codes.append(parsed[0] if parsed else str(value).strip())
        if parsed and parsed[1]:
            years.add(parsed[1])
    return pd.Series(codes, index=values.index, dtype=object), years


def _level_by_width(value: object) -> AreaLevel:
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
            f"{path.name}, layer {layer} is labelled {crs.name}, but its numbers ({west:.6g} {south:.6g} to {east:.6g} {north:.6g}) look like {looks}.",
            code="areas.wrong_crs",
            remedy="Give the layer its true coordinate system (in QGIS: Layer > Set CRS of layer), then export it again.",
        )


def _check_place(path: Path, layer: str, frame: gpd.GeoDataFrame, *, official: bool) -> None:
    if frame.empty or not official:
        return
    west, south, east, north = frame.total_bounds
    if not (RD_BOUNDS[0] <= west and east <= RD_BOUNDS[2] and RD_BOUNDS[1] <= south and north <= RD_BOUNDS[3]):
        raise InputError(
            f"{path.name}, layer {layer} has Dutch codes but lies outside the Netherlands (longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}).",
            code="areas.outside",
            remedy="Longitude and latitude may be exchanged, or the coordinate system is another one than the file says.",
        )


def _repaired(geometries: gpd.GeoSeries, codes: pd.Series[Any]) -> tuple[gpd.GeoSeries, list[dict[str, Any]]]:
    broken = geometries.notna() & ~geometries.is_valid
    notices = [
        _notice(
            "areas.repaired",
            str(codes[index]),
            "The polygon crosses itself; it was repaired.",
            {"reason": shapely.is_valid_reason(geometries[index])},
        )
        for index in geometries.index[broken]
    ]
    return geometries.map(lambda shape: _polygons(shape) if shape is not None else None), notices


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """A valid multipolygon; what a repair leaves of lines and points is no area."""
    valid = shapely.force_2d(shape if shape.is_valid else shapely.make_valid(shape))
    parts = [part for part in shapely.get_parts(shapely.get_parts(valid).tolist()) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


# --- one table --------------------------------------------------------------------------------------------------------


def _rows(layer: _Layer, source: str, year: int) -> pd.DataFrame:
    frame = pd.DataFrame(layer.frame).assign(year=year, source=source)
    from_code = [parents(str(code)) for code in frame["code"]]
    frame["municipality_code"] = [
        own if (own := code[0]) is not None else given for code, given in zip(from_code, frame["municipality_code"], strict=True)
    ]
    frame["wijk_code"] = [code[1] if code[1] is not None else given for code, given in zip(from_code, frame["wijk_code"], strict=True)]
    municipal = frame["level"] == "municipality"
    frame.loc[municipal, "municipality_code"] = frame.loc[municipal, "code"]
    frame.loc[municipal, "wijk_code"] = None
    return frame[frame["municipality_code"] != "GM0998"]


def _with_municipalities(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds municipalities that no layer holds: the union of their wijken or buurten, with the name that those carry."""
    present = set(rows.loc[rows["level"] == "municipality", "code"])
    made: list[pd.DataFrame] = []
    for level in ("wijk", "buurt"):
        parts = rows[(rows["level"] == level) & rows["municipality_code"].notna() & ~rows["municipality_code"].isin(present)]
        for code, group in parts.groupby("municipality_code"):
            names = group["municipality_name"].dropna()
            union = shapely.union_all(group["geometry"].dropna().to_numpy())
            first = group.iloc[[0]].assign(
                code=code,
                level="municipality",
                wijk_code=None,
                name=str(names.iloc[0]).strip() if len(names) else code,
                geometry=[_polygons(union)],
            )
            made.append(first)
            present.add(code)
    return pd.concat([rows, *made], ignore_index=True) if made else rows


def _selection(rows: pd.DataFrame, wanted: Sequence[str]) -> set[str]:
    """Codes of the wanted municipalities; none wanted means all."""
    whole = rows[rows["level"] == "municipality"]
    if not wanted:
        return set(whole["code"])
    by_key: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for code, name in zip(whole["code"], whole["name"], strict=True):
        for key in dict.fromkeys((plain(code), plain(code).removeprefix("gm"), plain(name), comparable(name))):
            by_key.setdefault(key, []).append(code)
        labels[name] = code
    chosen: set[str] = set()
    problems: list[str] = []
    for name in wanted:
        codes = list(dict.fromkeys(by_key.get(plain(name)) or by_key.get(comparable(name)) or []))
        if len(codes) == 1:
            chosen.add(codes[0])
        elif codes:
            problems.append(f"{name} is the name of several: {', '.join(codes)}")
        else:
            near = [
                f"{label} ({labels[label]})"
                for label, _, _ in process.extract(name, list(labels), scorer=fuzz.ratio, limit=3, score_cutoff=50, processor=plain)
            ]
            problems.append(f"{name} is not among them" + (f"; near: {', '.join(near)}" if near else ""))
    if problems:
        raise InputError(
            f"The areas hold {len(labels)} municipalities; {'. '.join(problems)}.",
            code="areas.unknown_municipality",
            remedy="Give the name or the code (GM0503) of a municipality as the areas write it.",
        )
    return chosen


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """One row per code: parts of one area in one layer are joined; of two sources the first stands."""
    rows = rows.assign(geometry=rows["geometry"])
    repeated = rows[rows["code"].duplicated(keep=False)]
    notices: list[dict[str, Any]] = []
    for code, group in repeated.groupby("code"):
        first = group[group["source"] == group["source"].iloc[0]]
        joined = _polygons(shapely.union_all(first["geometry"].dropna().to_numpy()))
        rows = rows[(rows["code"] != code) | (rows.index == first.index[0])].copy()
        rows.at[first.index[0], "geometry"] = joined
        notices.append(
            _notice(
                "areas.repeated",
                str(code),
                f"{len(group)} polygons carry this code; {len(first)} of the first file were joined.",
                {"count": len(group)},
            )
        )
    return rows, notices


def _figures(layers: Sequence[_Layer], sources: dict[Path, Any], codes: set[str], year: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for layer in layers:
        chosen = layer.attributes[layer.attributes["\0code"].isin(codes)].drop_duplicates("\0code")
        labels: list[Hashable] = [column for column in chosen.columns if column != "\0code"]
        rows.extend(figure_rows(chosen[labels], chosen["\0code"], year=year, source=sources[layer.path].id))
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(tuple(row[name] for name in FIGURES.key), row)
    return FIGURES.frame(seen.values())


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    rank = rows["level"].map({level: index for index, level in enumerate(LEVELS)})
    return rows.assign(_rank=rank).sort_values(["_rank", "code"]).drop(columns="_rank").reset_index(drop=True)


def _notice(code: str, subject: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "subject": subject, "message": message, "details": details}


# --- boundaries of an extract -----------------------------------------------------------------------------------------


def _boundary_rows(rows: pd.DataFrame, level: AreaLevel, year: int, source: str) -> pd.DataFrame:
    shapes = [_polygons(shape) for shape in rows["geometry"]]
    codes = [_boundary_code(code, source_id, shape) for code, source_id, shape in zip(rows["code"], rows["source_id"], shapes, strict=True)]
    frame = pd.DataFrame(
        {"code": codes, "year": year, "level": level, "name": list(rows["name"]), "source": source, "wijk_code": None, "geometry": shapes}
    )
    return frame.assign(municipality_code=frame["code"] if level == "municipality" else None).drop_duplicates("code")


def _boundary_code(code: Any, source_id: str, shape: BaseGeometry) -> str:
    """The CBS code where a Dutch boundary carries one (ref:gemeentecode = 503), else the identifier of the relation."""
    point = shape.representative_point()
    dutch = RD_BOUNDS[0] <= point.x <= RD_BOUNDS[2] and RD_BOUNDS[1] <= point.y <= RD_BOUNDS[3]
    if dutch and not pd.isna(code):
        parsed = split_code(with_prefix(code, _level_by_width(code)))
        return parsed[0] if parsed else source_id
    return source_id


def _division(usable: pd.DataFrame, detail: int, whole: pd.DataFrame, metric: CRS, year: int, source: str) -> pd.DataFrame:
    """The boundaries of one detailed level inside those municipalities that they tile."""
    rows = _boundary_rows(usable[usable["admin_level"] == detail], "wijk", year, source)
    municipal = gpd.GeoSeries(whole["geometry"].to_list(), index=whole["code"].to_list(), crs=CRS84)
    inside = [
        next((code for code, shape in municipal.items() if shape.contains(part.representative_point())), None) for part in rows["geometry"]
    ]
    rows = rows.assign(municipality_code=inside)
    if rows.empty:
        return rows
    surface = gpd.GeoSeries(rows["geometry"].to_list(), index=rows.index, crs=CRS84).to_crs(metric).area
    covered = surface.groupby(rows["municipality_code"]).sum() / municipal.to_crs(metric).area
    return rows[rows["municipality_code"].isin(covered[covered >= _TILED_SHARE].index)]


def _as_wijk_and_buurt(parts: Sequence[pd.DataFrame], whole: pd.DataFrame) -> list[pd.DataFrame]:
    """Level 9 as wijk and level 10 as buurt; where a municipality has only one of the two, that one is its wijk."""
    coarse, fine = parts
    result = [coarse]
    for code in whole["code"]:
        wijken, buurten = coarse[coarse["municipality_code"] == code], fine[fine["municipality_code"] == code]
        if wijken.empty or buurten.empty:
            result.append(buurten)
            continue
        points = [shape.representative_point() for shape in buurten["geometry"]]
        homes = [
            next((wijk for wijk, shape in zip(wijken["code"], wijken["geometry"], strict=True) if shape.contains(point)), None)
            for point in points
        ]
        result.append(buurten.assign(level="buurt", wijk_code=homes))
    wijk = [frame.assign(wijk_code=frame["wijk_code"].where(frame["level"] == "buurt", frame["code"])) for frame in result]
    return [frame for frame in wijk if len(frame)]
