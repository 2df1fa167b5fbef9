# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where homes and doors meet the street: the nearest edge, the spot on it, and the distance to it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.policy import MODES, Mode, Policy
from knopenkaart.tables import HOMES

Floats = npt.NDArray[np.float64]


def snap(edges: pd.DataFrame, lon: Floats, lat: Floats, *, mode: Mode, max_m: float) -> pd.DataFrame:
    """The nearest EDGES for points (degrees) that one may use in `mode` and that are no island, no farther than `max_m` metres.

    One row per point, in order: `edge` (missing where there is none), `at_m` (metres from the start of the edge), `snap_m` (metres to it in
    a straight line). The nearest edge, not the nearest junction: a long street has homes all along it.
    """
    found = pd.DataFrame(
        {
            "edge": pd.array([pd.NA] * len(lon), dtype="Int64"),
            "at_m": np.full(len(lon), np.nan),
            "snap_m": np.full(len(lon), np.nan),
        }
    )
    usable = np.flatnonzero(_usable(edges, mode))
    if len(usable) == 0 or len(lon) == 0:
        return found
    crs = metric_crs_of(edges.geometry)
    lines = gpd.GeoSeries(edges.geometry.to_numpy()[usable], crs=CRS84).to_crs(crs).to_numpy()
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=CRS84).to_crs(crs).to_numpy()
    (which, line), distance = shapely.STRtree(lines).query_nearest(points, max_distance=max_m, return_distance=True, all_matches=False)
    found.loc[which, "edge"] = edges["edge"].to_numpy(np.int64)[usable[line]]
    found.loc[which, "at_m"] = shapely.line_locate_point(lines[line], points[which])
    found.loc[which, "snap_m"] = distance
    return found


def _usable(edges: pd.DataFrame, mode: Mode) -> npt.NDArray[np.bool_]:
    open_to = edges["walk"] if mode == "walk" else edges["cycle"] != "no"
    # A ferry is no street: nobody lives along it.
    usable: npt.NDArray[np.bool_] = (open_to & ~edges[f"{mode}_island"] & (edges["length_m"] > 0) & (edges["highway"] != "ferry")).to_numpy(
        bool
    )
    return usable


def snap_homes(homes: pd.DataFrame, edges: pd.DataFrame, *, policy: Policy) -> pd.DataFrame:
    """HOMES with the nearest edge of each way of going filled in."""
    lon, lat = (homes[name].to_numpy(float) for name in ("lon", "lat"))
    result = homes.copy()
    for mode in MODES:
        found = snap(edges, lon, lat, mode=mode, max_m=policy.snap_m)
        for column in found.columns:
            result[f"{mode}_{column}"] = found[column]
    return HOMES.check(result)
