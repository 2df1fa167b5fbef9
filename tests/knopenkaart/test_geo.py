# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coordinates: the metric system that fits a place."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, box

from knopenkaart.geo import RD_NEW, apart, metric_crs, metric_crs_of


def test_the_netherlands_work_in_rd_new() -> None:
    assert metric_crs(4.36, 52.01) == RD_NEW


def test_elsewhere_a_local_projection_measures_metres() -> None:
    vaduz = gpd.GeoSeries([Point(9.52, 47.14), Point(9.52, 47.15)], crs="EPSG:4326")
    metric = vaduz.to_crs(metric_crs_of(vaduz))
    # A hundredth of a degree of latitude at 47 degrees north is 1,111.8 m on the ellipsoid (WGS84).
    assert metric.iloc[0].distance(metric.iloc[1]) == pytest.approx(1111.8, abs=0.3)


def test_nothing_has_no_middle() -> None:
    with pytest.raises(ValueError, match="no middle"):
        metric_crs_of(gpd.GeoSeries([], crs="EPSG:4326"))


def test_the_tower_of_amersfoort_is_the_origin_of_rd() -> None:
    # RDNAPTRANS: the origin of RD New in ETRS89, which WGS84 follows to within a metre.
    tower = gpd.GeoSeries([Point(155000, 463000)], crs=RD_NEW).to_crs("EPSG:4326").iloc[0]
    assert (tower.x, tower.y) == (pytest.approx(5.387203658, abs=1e-5), pytest.approx(52.155172897, abs=1e-5))


def test_strips_along_a_boundary_are_no_ground_of_their_own_and_wider_ones_are() -> None:
    square = box(0, 0, 300, 300)
    assert [ground.area for ground in apart(square, box(-8, -8, 308, 308))] == [0, 0]
    only_one, only_other = apart(square, box(100, 0, 300, 300))
    assert only_other.is_empty
    assert only_one.area == pytest.approx(30_000, rel=0.01)
    assert [ground.area for ground in apart(square, square)] == [0, 0]
