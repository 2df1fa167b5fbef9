# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coordinates: metres inside (RD New in the Netherlands, else a local projection), CRS84 at every door."""

from __future__ import annotations

import geopandas as gpd
from pyproj import CRS
from shapely import make_valid
from shapely.geometry.base import BaseGeometry

CRS84 = CRS.from_epsg(4326)
RD_NEW = CRS.from_epsg(28992)
# The area of use of RD New with a margin of some kilometres for Belgian and German neighbours.
RD_BOUNDS = (3.1, 50.6, 7.4, 53.8)
# Maps that were simplified draw one boundary up to some ten metres aside (measured: wijken of Rotterdam, 6 to 14 m on average).
SLIVER_M = 20.0


def metric_crs(lon: float, lat: float) -> CRS:
    """The projected CRS in metres for work around a point: RD New in the Netherlands, elsewhere an azimuthal equidistant one."""
    west, south, east, north = RD_BOUNDS
    if west <= lon <= east and south <= lat <= north:
        return RD_NEW
    return CRS.from_proj4(f"+proj=aeqd +lat_0={round(lat, 1)} +lon_0={round(lon, 1)} +datum=WGS84 +units=m +no_defs")


def metric_crs_of(geometries: gpd.GeoSeries) -> CRS:
    """The metric CRS for the middle of the bounds of geometries in CRS84. Raises ValueError on no geometries."""
    if len(geometries) == 0:
        raise ValueError("No geometries: no middle.")
    west, south, east, north = geometries.total_bounds
    return metric_crs((west + east) / 2, (south + north) / 2)


def apart(one: BaseGeometry, other: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """The ground (metric coordinates) of only the one and of only the other, without strips narrower than 20 m along a boundary that
    both draw: that is how a map was simplified, not where an area ends."""
    wide = (make_valid(one.difference(other)), make_valid(other.difference(one)))
    first, second = (ground.buffer(-SLIVER_M / 2).buffer(SLIVER_M / 2) for ground in wide)
    return first, second
