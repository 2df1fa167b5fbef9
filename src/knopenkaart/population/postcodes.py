# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The postcode of a home, from the addresses around it."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from knopenkaart.geo import metric_crs_of

# An address tells the postcode of a home within so many metres.
ADDRESS_M = 150.0
_DIGITS = re.compile(r"^\s*(\d{4})")


def postcodes_of(homes: pd.DataFrame, addresses: pd.DataFrame) -> pd.Series[str]:
    """Per home the four digits of the postcode of the nearest address; missing where none is within 150 m.

    Parameters: HOMES and ADDRESSES. Returns text with the index of the homes.
    """
    digits = addresses["postcode"].astype("string").str.extract(_DIGITS, expand=False)
    known = addresses.assign(digits=digits)[digits.notna()]
    found = pd.Series(pd.NA, index=homes.index, dtype="string")
    if len(known) and len(homes):
        near_m, which = cKDTree(_metres(known, homes)).query(_metres(homes, homes), distance_upper_bound=ADDRESS_M)
        hit = np.isfinite(near_m)
        found[hit] = known["digits"].to_numpy()[np.asarray(which)[hit]]
    return found


def _metres(frame: pd.DataFrame, around: pd.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The points of a frame in the metric CRS of the middle of another."""
    points = _points(frame).to_crs(metric_crs_of(_points(around)))
    return np.column_stack([points.x, points.y])


def _points(frame: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float)), crs="EPSG:4326")
