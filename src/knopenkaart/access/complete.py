# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether everybody within reach of a place is known: the areas there are covered, and none lies across the border."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from knopenkaart.geo import metric_crs_of

# Less than a hundredth of the ground within reach is a seam between polygons, or the corner of a field.
SEAM_SHARE = 0.01
_LEVELS = ("buurt", "wijk", "municipality")


def within(isochrones: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Per ISOCHRONES (place_id, mode, minutes): `complete` (the extract covers all the ground of the study in it) and `border` (it crosses
    the border of AREAS). A place without ground (no street near it) is not complete: nothing is known of who can come."""
    result = pd.DataFrame(isochrones[["place_id", "mode", "minutes"]]).assign(complete=False, border=False)
    if isochrones.empty or areas.empty:
        return result
    crs = metric_crs_of(areas.geometry)
    grounds = isochrones.geometry.to_crs(crs).to_numpy()
    smallest = _smallest(areas)
    doubtful = smallest[smallest["code"].isin(coverage.loc[coverage["status"] != "covered", "area_code"])]
    some = shapely.area(grounds) > 0
    inside = _share_in(grounds, areas[areas["level"] == "municipality"], crs)
    unsure = _share_in(grounds, doubtful, crs)
    return result.assign(complete=some & (unsure < SEAM_SHARE), border=some & (inside < 1 - SEAM_SHARE))


def _smallest(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The areas that no other area of the study lies in."""
    parents = set(areas.loc[areas["level"] == "buurt", "wijk_code"]) | set(areas.loc[areas["level"] != "municipality", "municipality_code"])
    return areas[~areas["code"].isin(parents)]


def _share_in(grounds: Any, areas: gpd.GeoDataFrame, crs: Any) -> npt.NDArray[np.float64]:
    """Which part of each ground lies in any of some areas, which do not overlap."""
    shapes = areas.geometry.to_crs(crs).to_numpy()
    which, area = shapely.STRtree(shapes).query(grounds, predicate="intersects")
    pieces = shapely.area(shapely.intersection(grounds[which], shapes[area]))
    size = shapely.area(grounds)
    share: npt.NDArray[np.float64] = np.bincount(which, weights=pieces, minlength=len(grounds)) / np.where(size > 0, size, 1.0)
    return share
