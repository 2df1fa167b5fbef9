# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coordinates: metres inside (RD New in the Netherlands, else a local projection), CRS84 at every door."""

from __future__ import annotations

import geopandas as gpd
from pyproj import CRS

CRS84 = CRS.from_epsg(4326)
RD_NEW = CRS.from_epsg(28992)
# The area of use of RD New with a margin of some kilometres for Belgian and German neighbours.
RD_BOUNDS = (3.1, 50.6, 7.4, 53.8)


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
