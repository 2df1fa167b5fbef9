# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A plain layer of street lines without tags, made to meet where it was drawn to meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from knopenkaart.checksum import checksum
from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.records import Source
from knopenkaart.sources.described import described
from knopenkaart.tables import NOTICES, STREETS

# Ends that are nearer to each other, or to another line, than this were meant to meet: drawing by hand is no more exact.
JOIN_M = 0.5
PLAIN = "plain"
Lines = npt.NDArray[Any]


@dataclass(frozen=True)
class StreetLines:
    """Streets of a plain layer, where they come from, and what to know about them."""

    streets: pd.DataFrame
    source: Source
    notices: pd.DataFrame


def read_street_lines(path: Path) -> StreetLines:
    """STREETS from the lines of a GeoPackage, GeoJSON or shapefile: everybody may walk and cycle along each of them, both ways.

    Nothing tells a bridge from a crossing: lines meet where an end comes within `JOIN_M` metres of another line, not where they cross in
    the middle. How many cross so is a notice (`streets.crossings`). Raises InputError for a file without lines or coordinate system, or
    with coordinates that are not of the system that it names.
    """
    lines = _read(path)
    crs = metric_crs_of(lines)
    joined = _meeting(lines.to_crs(crs).to_numpy())
    streets = STREETS.frame(
        {"source_id": f"line/{number}", "highway": PLAIN, "walk": True, "cycle": "both", "tags": {}, "geometry": shape}
        for number, shape in enumerate(gpd.GeoSeries(joined, crs=crs).to_crs(CRS84), start=1)
    )
    source = Source(
        id="streets", title=path.name, date=None, licence="not stated", attribution=path.name, file=path.name, sha256=checksum(path)
    )
    return StreetLines(streets, described(path, source), NOTICES.frame(_notices(joined, path.name)))


def _read(path: Path) -> gpd.GeoSeries:
    if not path.is_file():
        raise InputError(f"{path.name} does not exist.", code="streets.absent", remedy="Check the path of the file with streets.")
    try:
        layers = [pyogrio.read_dataframe(path, layer=name, columns=[]) for name, geometry in pyogrio.list_layers(path) if geometry]
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read as a map of streets: {error}",
            code="streets.unreadable",
            remedy="Give a GeoPackage, GeoJSON or shapefile with lines.",
        ) from error
    if any(layer.crs is None for layer in layers):
        raise InputError(f"{path.name} does not say its coordinate system.", code="streets.no_crs", remedy="Save it with one (EPSG:28992).")
    parts = [layer.geometry.to_crs(CRS84).explode(ignore_index=True) for layer in layers]
    shapes = shapely.force_2d(np.concatenate([part.to_numpy() for part in parts])) if parts else np.empty(0, dtype=object)
    lines = shapes[(shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(shapes)]
    if len(lines) == 0:
        raise InputError(f"{path.name} holds no lines.", code="streets.no_lines", remedy="Give the layer with the axes of streets.")
    if (np.abs(shapely.get_coordinates(lines)) > (180, 90)).any():
        raise InputError(
            f"{path.name}: its coordinates are no degrees of longitude and latitude, though it says so.",
            code="streets.bad_coordinates",
            remedy="GeoJSON always is in degrees. Save metres in RD as a GeoPackage with EPSG:28992.",
        )
    return gpd.GeoSeries(lines, crs=CRS84)


def _meeting(lines: Lines) -> Lines:
    """Lines (metres) with their ends moved onto one another, and a vertex wherever an end comes to a line."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, position)) for position in (0, -1)])
    together = _one_spot(ends)
    moved = [_between(line, first, last) for line, first, last in zip(lines, *np.split(together, 2), strict=True)]
    spots = np.unique(together, axis=0)
    tree = shapely.STRtree([shapely.Point(spot) for spot in spots])
    which, spot = tree.query(np.array(moved, dtype=object), predicate="dwithin", distance=JOIN_M)
    for line in np.unique(which).tolist():
        moved[line] = _through(moved[line], spots[spot[which == line]])
    return np.array(moved, dtype=object)


def _one_spot(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Every end, moved to the middle of the ends that are close to it."""
    pairs = cKDTree(ends).query_pairs(JOIN_M, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    count, part = connected_components(links, directed=False)
    middles = np.column_stack([np.bincount(part, weights=ends[:, axis], minlength=count) for axis in (0, 1)])
    moved: npt.NDArray[np.float64] = (middles / np.bincount(part, minlength=count)[:, None])[part]
    return moved


def _between(line: shapely.LineString, first: Any, last: Any) -> shapely.LineString:
    return shapely.LineString([first, *shapely.get_coordinates(line)[1:-1], last])


def _through(line: shapely.LineString, spots: npt.NDArray[np.float64]) -> shapely.LineString:
    """The line with a vertex at each spot near it that it does not have yet."""
    own = shapely.get_coordinates(line)
    new = spots[~(spots[:, None, :] == own[None, :, :]).all(axis=2).any(axis=1)]
    if len(new) == 0:
        return line
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(own, axis=0).T))])
    order = np.argsort(np.concatenate([steps, shapely.line_locate_point(line, shapely.points(new))]), kind="stable")
    return shapely.LineString(np.concatenate([own, new])[order])


def _notices(lines: Lines, file: str) -> list[dict[str, Any]]:
    """Lines that cross in the middle and do not meet there."""
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    pairs = one < other
    crossing = shapely.intersection(lines[one[pairs]], lines[other[pairs]])
    shared = [set(map(tuple, shapely.get_coordinates(line))) for line in lines]
    count = sum(
        any(tuple(spot) not in shared[a] & shared[b] for spot in shapely.get_coordinates(point))
        for a, b, point in zip(one[pairs], other[pairs], crossing, strict=True)
    )
    if not count:
        return []
    message = f"{count} times two streets of {file} cross without an end there; they are taken not to meet, as on a bridge."
    return [{"code": "streets.crossings", "subject": file, "message": message, "details": {"count": count, "file": file}}]
