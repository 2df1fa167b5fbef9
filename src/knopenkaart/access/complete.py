# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether everybody within reach of a place is known, and every place within reach of a home: how far the ground around it is covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from knopenkaart.geo import CRS84, metric_crs_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Less than a hundredth of the ground within reach is a seam between polygons, or the corner of a field.
SEAM_SHARE = 0.01


@dataclass(frozen=True)
class Grounds:
    """Per place, of its ground within some minutes: whether it is `complete`, crosses the `border`, and what share of it is `inside`."""

    complete: Bools
    border: Bools
    inside: Floats


def within(isochrones: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Per isochrone (place_id, mode, minutes, geometry): `complete` (the extract covers all the ground of the study in it), `border` (it
    crosses the border of AREAS) and `inside` (0-1, the share of it in AREAS; 1 where it does not cross). A place without ground (no street
    near it) is not complete: nothing is known of who can come."""
    result = pd.DataFrame(isochrones[["place_id", "mode", "minutes"]]).assign(complete=False, border=False, inside=1.0)
    if isochrones.empty or areas.empty:
        return result
    crs = metric_crs_of(areas.geometry)
    grounds = isochrones.geometry.to_crs(crs).to_numpy()
    some = shapely.area(grounds) > 0
    inside = _share_in(grounds, areas[areas["level"] == "municipality"], crs)
    unsure = _share_in(grounds, _doubtful(areas, coverage), crs)
    border = some & (inside < 1 - SEAM_SHARE)
    return result.assign(complete=some & (unsure < SEAM_SHARE), border=border, inside=np.where(border, inside, 1.0))


def on_foot(of: pd.DataFrame, ids: npt.NDArray[Any], *, minutes: int) -> Grounds:
    """What `within` says of the places (in the order of `ids`) within so many minutes on foot."""
    rows = of[(of["mode"] == "walk") & (of["minutes"] == minutes)].set_index("place_id").reindex(ids)
    return Grounds(rows["complete"].to_numpy(bool), rows["border"].to_numpy(bool), rows["inside"].to_numpy(float))


def sure_m(homes: pd.DataFrame, areas: gpd.GeoDataFrame, coverage: pd.DataFrame) -> Floats:
    """Per home (lon, lat) the metres in a straight line to the nearest ground of AREAS that the extract does not cover: 0 on it, nan where
    there is none."""
    doubtful = _doubtful(areas, coverage)
    return _away(homes, doubtful.to_crs(metric_crs_of(areas.geometry)).geometry) if len(doubtful) else np.full(len(homes), np.nan)


def border_m(homes: pd.DataFrame, areas: gpd.GeoDataFrame) -> Floats:
    """Per home (lon, lat) the metres in a straight line to the border of AREAS."""
    towns = areas[areas["level"] == "municipality"].to_crs(metric_crs_of(areas.geometry)).geometry
    return _away(homes, gpd.GeoSeries(shapely.get_parts(shapely.boundary(shapely.union_all(towns.to_numpy()))), crs=towns.crs))


def _away(homes: pd.DataFrame, shapes: gpd.GeoSeries) -> Floats:
    """The metres from each home to the nearest of some shapes (in metres)."""
    metres = np.full(len(homes), np.nan)
    points = gpd.GeoSeries(gpd.points_from_xy(*(homes[name].to_numpy(float) for name in ("lon", "lat"))), crs=CRS84).to_crs(shapes.crs)
    (which, _), distance = shapely.STRtree(shapes.to_numpy()).query_nearest(points.to_numpy(), return_distance=True, all_matches=False)
    metres[which] = distance
    return metres


def _doubtful(areas: gpd.GeoDataFrame, coverage: pd.DataFrame) -> gpd.GeoDataFrame:
    """The smallest areas that the extract does not cover."""
    smallest = _smallest(areas)
    return smallest[smallest["code"].isin(coverage.loc[coverage["status"] != "covered", "area_code"])]


def _smallest(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The areas that no other area of the study lies in."""
    parents = set(areas.loc[areas["level"] == "buurt", "wijk_code"]) | set(areas.loc[areas["level"] != "municipality", "municipality_code"])
    return areas[~areas["code"].isin(parents)]


def _share_in(grounds: Any, areas: gpd.GeoDataFrame, crs: Any) -> Floats:
    """Which part of each ground lies in any of some areas, which do not overlap."""
    shapes = areas.geometry.to_crs(crs).to_numpy()
    which, area = shapely.STRtree(shapes).query(grounds, predicate="intersects")
    pieces = shapely.area(shapely.intersection(grounds[which], shapes[area]))
    size = shapely.area(grounds)
    share: Floats = np.bincount(which, weights=pieces, minlength=len(grounds)) / np.where(size > 0, size, 1.0)
    return share
