# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Official areas: municipality, wijk and buurt polygons of one year, from files or from an extract's own boundaries."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84, RD_BOUNDS, metric_crs_of
from knopenkaart.records import AreaLevel
from knopenkaart.sources.area_codes import file_source, one_year, parents, split_code, with_prefix
from knopenkaart.sources.area_layers import Layer, level_by_width, read_file
from knopenkaart.sources.area_table import in_order, notice, polygons, selection
from knopenkaart.sources.described import described
from knopenkaart.sources.figure_columns import figure_rows
from knopenkaart.tables import AREAS, FIGURES, NOTICES, SOURCES, from_records

_TILED_SHARE = 0.95


@dataclass(frozen=True)
class AreaLayers:
    """Areas of one year with the figures of their own file (as published), the sources, and what to know about them."""

    areas: pd.DataFrame
    figures: pd.DataFrame
    sources: pd.DataFrame
    notices: pd.DataFrame


def read_areas(paths: Sequence[Path], *, year: int | None, municipalities: Sequence[str]) -> AreaLayers:
    """Areas of the wanted municipalities (names or codes; none: all) from GeoPackage, GeoJSON or shapefile.

    Every layer with CBS, PDOK or plain (`code`, `name`, optionally `level` and `municipality_code`) columns counts; water
    features (`water` = JA) do not. `year` is needed only where neither columns nor names say it. Figures in the same layers
    become raw FIGURES with area_year = year. Polygons that are not valid are repaired and noticed.

    Raises InputError for a file that cannot be read, holds no areas, lacks or mislabels its CRS, for absent or contradicting
    years, and for an unknown municipality (with near matches).
    """
    layers = [layer for path in paths for layer in read_file(Path(path))]
    if not layers:
        raise InputError("No file with areas was given.", code="areas.none", remedy="Give a file with --areas.")
    found = {stated for layer in layers for stated in layer.years}
    division = one_year(found, given=year, subject=", ".join(dict.fromkeys(layer.path.name for layer in layers)), code="areas")
    sources = {
        layer.path: described(
            layer.path, file_source(layer.path, prefix="areas", title="CBS Wijken en Buurten", year=division, official=layer.official)
        )
        for layer in layers
    }
    rows = _with_municipalities(pd.concat([_rows(layer, sources[layer.path].id, division) for layer in layers], ignore_index=True))
    wanted = selection(rows, municipalities)
    rows = rows[rows["municipality_code"].isin(wanted)]
    rows, repeated = _once(rows)
    codes = set(rows["code"])
    return AreaLayers(
        areas=AREAS.check(in_order(rows)),
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
    wanted = selection(whole, municipalities)
    whole = whole[whole["code"].isin(wanted)]
    metric = metric_crs_of(gpd.GeoSeries(whole["geometry"], crs=CRS84))
    parts = [_division(usable, detail, whole, metric, year, source) for detail in (9, 10)]
    rows = [whole, *_as_wijk_and_buurt(parts, whole)]
    return AREAS.check(in_order(pd.concat(rows, ignore_index=True)))


# --- one table --------------------------------------------------------------------------------------------------------


def _rows(layer: Layer, source: str, year: int) -> pd.DataFrame:
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
                geometry=pd.Series([polygons(union)], index=group.index[:1], dtype=object),
            )
            made.append(first)
            present.add(code)
    return pd.concat([rows, *made], ignore_index=True) if made else rows


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """One row per code: parts of one area in one layer are joined; of two sources the first stands."""
    rows = rows.assign(geometry=rows["geometry"])
    repeated = rows[rows["code"].duplicated(keep=False)]
    notices: list[dict[str, Any]] = []
    for code, group in repeated.groupby("code"):
        first = group[group["source"] == group["source"].iloc[0]]
        joined = gpd.GeoSeries([polygons(shapely.union_all(first["geometry"].dropna().to_numpy()))], index=first.index[:1])
        rows = rows[(rows["code"] != code) | (rows.index == first.index[0])].copy()
        rows["geometry"] = rows["geometry"].where(rows.index != first.index[0], joined.iloc[0])
        notices.append(
            notice(
                "areas.repeated",
                str(code),
                f"{len(group)} polygons carry this code; {len(first)} of the first file were joined.",
                {"count": len(group)},
            )
        )
    return rows, notices


def _figures(layers: Sequence[Layer], sources: dict[Path, Any], codes: set[str], year: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for layer in layers:
        chosen = layer.attributes[layer.attributes["\0code"].isin(codes)].drop_duplicates("\0code")
        labels: list[Hashable] = [column for column in chosen.columns if column != "\0code"]
        rows.extend(figure_rows(chosen[labels], chosen["\0code"], year=year, source=sources[layer.path].id))
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(tuple(row[name] for name in FIGURES.key), row)
    return FIGURES.frame(seen.values())


# --- boundaries of an extract -----------------------------------------------------------------------------------------


def _boundary_rows(rows: pd.DataFrame, level: AreaLevel, year: int, source: str) -> pd.DataFrame:
    shapes = [polygons(shape) for shape in rows["geometry"]]
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
        parsed = split_code(with_prefix(code, level_by_width(code)))
        return parsed[0] if parsed else source_id
    return source_id


def _division(usable: pd.DataFrame, detail: int, whole: pd.DataFrame, metric: CRS, year: int, source: str) -> pd.DataFrame:
    """The boundaries of one detailed level inside those municipalities that they tile."""
    rows = _boundary_rows(usable[usable["admin_level"] == detail], "wijk", year, source)
    municipal = gpd.GeoSeries(whole["geometry"].to_list(), index=whole["code"].to_list(), crs=CRS84)
    inside = [
        next((code for code, shape in municipal.items() if shape.contains(part.representative_point())), None) for part in rows["geometry"]
    ]
    rows = rows.assign(municipality_code=pd.Series(inside, index=rows.index, dtype=object))
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
