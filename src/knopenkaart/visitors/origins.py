# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where those live who can come, in the origins that a visitor may name."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from knopenkaart.geo import metric_crs_of
from knopenkaart.study import Study

# An address tells the postcode of a home within so many metres.
ADDRESS_M = 150.0
_DIGITS = re.compile(r"^\s*(\d{4})")


def modelled_origins(homes: pd.DataFrame, residents: pd.DataFrame, addresses: pd.DataFrame, *, ground: BaseGeometry) -> dict[str, float]:
    """Where the people live who can come: residents in the ground within reach, per origin that a visitor may name.

    Parameters: HOMES, RESIDENTS and ADDRESSES of a study, and the ground (CRS84) from which one is there in time.
    Returns people per code of a buurt and per four digits of a postcode, both in one mapping: a visitor names one of the two. Homes of
    which the buurt or the postcode is not known are left out of that half. Model: docs/method/residents.md.
    """
    rate = residents[(residents["group"] == "all") & residents["per_dwelling"].notna()].set_index("area_code")["per_dwelling"]
    inside = homes[shapely.contains_xy(ground, homes["lon"].to_numpy(float), homes["lat"].to_numpy(float))]
    people = inside["dwellings"].astype(float) * inside["area_code"].map(rate).astype(float).fillna(0.0)
    by_buurt = people.groupby(inside["buurt_code"]).sum()
    by_postcode = people.groupby(_postcodes(inside, addresses)).sum()
    return {str(code): float(sum_) for totals in (by_buurt, by_postcode) for code, sum_ in totals.items() if sum_ > 0}


def study_origins(study: Study, ground: str) -> dict[str, float]:
    """The same for the homes of a study; `ground` is a GeoJSON geometry."""
    tables = (study.table(name) for name in ("homes", "residents", "addresses"))
    return modelled_origins(*tables, ground=shapely.from_geojson(ground))


def _postcodes(homes: pd.DataFrame, addresses: pd.DataFrame) -> pd.Series[str]:
    """Per home the four digits of the postcode of the nearest address; missing where none is near."""
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
