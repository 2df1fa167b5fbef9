# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map on paper: a municipality of 1,990 by 1,000 metres, drawn where a ruler says it should be."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from knopenkaart.paper.map_svg import Mark, _round_scale, draw_map
from knopenkaart.tables import AREAS, BASEMAP

X, Y = 155_000.0, 463_000.0
HALF_WIDTH, HALF_HEIGHT = 995.0, 500.0
# 1,990 m on 400 mm, with 4 % air on each side: 1,990,000 / 400 x 1.08 = 5,373, and the next round scale is 5,400.
SCALE = 5400


def degrees(shape: object) -> object:
    return gpd.GeoSeries([shape], crs="EPSG:28992").to_crs("EPSG:4326").iloc[0]


def area(code: str, level: str, name: str, shape: Polygon) -> dict[str, object]:
    return {"code": code, "year": 2025, "level": level, "name": name, "source": "cbs", "geometry": degrees(shape)}


def town(name: str = "Klein & <Dorp>") -> gpd.GeoDataFrame:
    whole = box(X - HALF_WIDTH, Y - HALF_HEIGHT, X + HALF_WIDTH, Y + HALF_HEIGHT)
    west = box(X - HALF_WIDTH, Y - HALF_HEIGHT, X, Y + HALF_HEIGHT)
    return AREAS.frame([area("GM1", "municipality", name, whole), area("WK1", "wijk", name, west)])


def ground(*rows: tuple[str, str, str | None, object]) -> gpd.GeoDataFrame:
    columns = ("layer", "cls", "name", "geometry")
    return BASEMAP.frame({**dict(zip(columns, (*row[:3], degrees(row[3])), strict=True)), "rank": 0} for row in rows)


def at(x: float, y: float, number: int = 1) -> Mark:
    point = degrees(Point(x, y))
    return Mark(number, "library", "learn", point.x, point.y)  # type: ignore[attr-defined]


def test_the_scale_is_the_next_round_one() -> None:
    assert draw_map(ground(), town(), [], width_mm=400, height_mm=300).scale == SCALE


def test_a_lower_frame_decides_the_scale_where_the_height_is_the_limit() -> None:
    # 1,000 m on 100 mm x 1.08 = 10,800: two figures are kept, so 11,000.
    assert draw_map(ground(), town(), [], width_mm=400, height_mm=100).scale == 11_000


@given(st.floats(min_value=1000, max_value=1e7, allow_nan=False))
def test_a_round_scale_is_never_larger_on_paper_than_fits_and_at_most_a_tenth_smaller(scale: float) -> None:
    assert scale <= _round_scale(scale) <= scale * 1.1 + 1


def test_a_place_stands_where_a_ruler_finds_it() -> None:
    svg = draw_map(ground(), town(), [at(X, Y), at(X + 540, Y + 270, 2)], width_mm=400, height_mm=300).svg
    marks = [(float(x), float(y)) for x, y in re.findall(r"translate\(([\d.]+) ([\d.]+)\) scale\(0\.", svg)]
    size = 5.6
    # 540 m at 1 : 5,400 is 100 mm to the right, 270 m is 50 mm up; from north to south.
    assert marks == [pytest.approx((300 - size / 2, 100 - size / 2), abs=0.02), pytest.approx((200 - size / 2, 150 - size / 2), abs=0.02)]


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    svg = draw_map(ground(), town(), [], width_mm=400, height_mm=300).svg
    (end,) = re.findall(r"V294\.0H([\d.]+)V", svg)
    assert ">200 m<" in svg
    assert float(end) - 6 == pytest.approx(200_000 / SCALE, abs=0.06)


def test_it_is_xml_whatever_a_name_holds() -> None:
    drawing = draw_map(ground(("label", "town", "A & <B>", Point(X + 1050, Y))), town(), [at(X, Y)], width_mm=400, height_mm=300)
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(drawing.svg).iter() if node.tag.endswith("text")]
    assert "KLEIN & <DORP>" in texts
    assert "1" in texts


def test_what_lies_outside_the_frame_is_not_drawn() -> None:
    far = ("water", "water", None, box(X + 5000, Y, X + 6000, Y + 500))
    near = ("water", "water", None, box(X - 100, Y - 100, X + 100, Y + 100))
    assert "#bcdcec" not in draw_map(ground(far), town(), [], width_mm=400, height_mm=300).svg
    assert "#bcdcec" in draw_map(ground(near), town(), [], width_mm=400, height_mm=300).svg


def test_a_street_across_the_frame_is_cut_at_its_edge() -> None:
    street = ("road", "residential", None, LineString([(X - 50_000, Y), (X + 50_000, Y)]))
    svg = draw_map(ground(street), town(), [], width_mm=400, height_mm=300).svg
    numbers = [float(number) for path in re.findall(r'd="M([^"Z]+)" fill="none" stroke="#fffdf8"', svg) for number in path.split()]
    assert min(numbers) >= 0
    assert max(numbers) <= 400


def test_an_area_that_is_not_covered_looks_different() -> None:
    plain = draw_map(ground(), town(), [], width_mm=400, height_mm=300).svg
    hatched = draw_map(ground(), town(), [], width_mm=400, height_mm=300, incomplete=("WK1",)).svg
    assert hatched != plain


def test_the_same_input_gives_the_same_drawing() -> None:
    marks = [at(X + 10 * number, Y, number) for number in range(20)]
    once = draw_map(ground(), town(), marks, width_mm=400, height_mm=300)
    assert once == draw_map(ground(), town(), marks, width_mm=400, height_mm=300)
    assert once.svg.count("scale(1.2)") == 20


def test_an_empty_ground_is_a_map_too() -> None:
    drawing = draw_map(BASEMAP.empty(), town(), [], width_mm=200, height_mm=200)  # type: ignore[arg-type]
    assert ElementTree.fromstring(drawing.svg).attrib["viewBox"] == "0 0 200.0 200.0"
