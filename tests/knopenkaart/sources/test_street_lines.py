# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A layer of lines without tags becomes streets that meet where they were drawn to meet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import toytown
from shapely import LineString, MultiLineString, Point

from knopenkaart.errors import InputError
from knopenkaart.network.graph import edges
from knopenkaart.policy import Policy
from knopenkaart.sources.street_lines import StreetLines, read_street_lines


def read(folder: Path, lines: Sequence[Any], *, crs: int | None = 28992, name: str = "straten.gpkg") -> StreetLines:
    path = folder / name
    gpd.GeoDataFrame({"naam": ["x"] * len(lines)}, geometry=list(lines), crs=crs).to_file(path)
    return read_street_lines(path)


def line(*spots: toytown.Spot) -> LineString:
    return LineString([(x + toytown.X, y + toytown.Y) for x, y in spots])


def built(found: StreetLines) -> pd.DataFrame:
    return edges(found.streets, toytown.points(), policy=Policy())[0]


def test_everybody_may_go_along_every_line(tmp_path: Path) -> None:
    found = read(tmp_path, [line((0, 0), (400, 0))])
    row = found.streets.iloc[0]
    assert (row["highway"], row["walk"], row["cycle"]) == ("plain", True, "both")
    assert built(found).iloc[0]["length_m"] == pytest.approx(400, abs=0.05)
    assert found.source.title == "straten.gpkg"


def test_ends_that_nearly_meet_do(tmp_path: Path) -> None:
    found = read(tmp_path, [line((0, 0), (400, 0)), line((400.3, 0.2), (400, 400)), line((399.8, 0), (800, 0))])
    table = built(found)
    assert len(set(table["start"]) | set(table["end"])) == 4


def test_an_end_that_comes_to_the_middle_of_a_line_cuts_it(tmp_path: Path) -> None:
    table = built(read(tmp_path, [line((0, 0), (400, 0)), line((150, 0.3), (150, 200))]))
    assert sorted(table["length_m"].round().astype(int)) == [150, 200, 250]
    assert len(set(table["start"]) | set(table["end"])) == 4


def test_an_end_that_stops_short_does_not(tmp_path: Path) -> None:
    assert len(built(read(tmp_path, [line((0, 0), (400, 0)), line((150, 2), (150, 200))]))) == 2


def test_lines_that_cross_in_the_middle_do_not_meet_and_are_told_of(tmp_path: Path) -> None:
    found = read(tmp_path, [line((0, 0), (400, 0)), line((200, -100), (200, 100))])
    assert len(built(found)) == 2
    assert found.notices.iloc[0]["code"] == "streets.crossings"
    assert found.notices.iloc[0]["details"]["count"] == 1


def test_lines_that_cross_at_a_shared_vertex_meet(tmp_path: Path) -> None:
    found = read(tmp_path, [line((0, 0), (200, 0), (400, 0)), line((200, -100), (200, 0), (200, 100))])
    assert len(built(found)) == 4
    assert len(found.notices) == 0


def test_a_bundle_of_lines_is_taken_apart_and_points_are_left_out(tmp_path: Path) -> None:
    bundle = MultiLineString([line((0, 0), (100, 0)), line((100, 0), (100, 100))])
    point = Point(toytown.X, toytown.Y)
    assert len(read(tmp_path, [bundle, point], name="straten.geojson").streets) == 2


@pytest.mark.parametrize(
    ("shapes", "crs", "code"),
    [([Point(toytown.X, toytown.Y)], 28992, "streets.no_lines"), ([LineString([(0, 0), (1, 1)])], None, "streets.no_crs")],
)
def test_what_is_no_layer_of_streets_is_refused(tmp_path: Path, shapes: list[Any], crs: int | None, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, shapes, crs=crs)
    assert caught.value.code == code


def test_metres_in_a_file_that_must_be_in_degrees_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "straten.geojson"
    rows = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[84_000, 445_000], [84_400, 445_000]]}}
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_street_lines(path)
    assert caught.value.code == "streets.bad_coordinates"
    assert "no degrees" in str(caught.value)
    assert "GeoPackage with EPSG:28992" in caught.value.remedy


def test_a_file_that_is_absent_or_no_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_street_lines(tmp_path / "none.gpkg")
    assert caught.value.code == "streets.absent"
    text = tmp_path / "text.gpkg"
    text.write_text("no map")
    with pytest.raises(InputError) as caught:
        read_street_lines(text)
    assert caught.value.code == "streets.unreadable"
