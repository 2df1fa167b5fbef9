# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas shaded by class: in their place, of their shade, hatched where nothing is known."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.paper.rendering import check_picture
from knopenkaart.paper.shaded import ShadedMap, ShadedShape, colour_of, shaded, small_multiples

from .pictures import NASTY, contrast, every, ids, luminance, size, texts, titles


def square(west: float, south: float, side: float = 0.1, *, hole: float = 0.0) -> str:
    rings = [_ring(west, south, side)]
    if hole:
        rings.append(_ring(west + hole, south + hole, side - 2 * hole))
    return json.dumps({"type": "Polygon", "coordinates": rings})


def _ring(west: float, south: float, side: float) -> list[list[float]]:
    return [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]


WEST, EAST = ShadedShape(square(5.0, 52.0), "west: 10 %", 0), ShadedShape(square(5.1, 52.0), "oost: 40 %", 4)
UNKNOWN = ShadedShape(square(5.0, 52.1), "noord: geheim", None)


def draw(*shapes: ShadedShape, **given: Any) -> str:
    return shaded(shapes, shades=5, title="Kaart", description="x", **given)


def areas(svg: str) -> list[tuple[str, list[tuple[float, float]]]]:
    """The fill and the corners, in pixels within the map, of every area."""
    found = []
    for item in every(svg, "path"):
        path = item.attrib.get("d", "")
        if "l" in path and item.attrib.get("fill") != "none":
            found.append((item.attrib.get("fill", ""), corners(path)))
    return found


def corners(path: str) -> list[tuple[float, float]]:
    """The points of the first ring."""
    ring = path.split("Z", maxsplit=1)[0].removeprefix("M")
    start, _, steps = ring.partition("l")
    values = [int(item) for item in steps.replace("-", " -").split()]
    x, y = (int(item) for item in start.split())
    spots = [(x / 10, y / 10)]
    for along, down in zip(values[::2], values[1::2], strict=True):
        x, y = x + along, y + down
        spots.append((x / 10, y / 10))
    return spots


def test_each_area_says_what_it_is_and_has_the_colour_of_its_class() -> None:
    svg = draw(WEST, EAST)
    assert titles(svg) == ["Kaart", "west: 10 %", "oost: 40 %"]
    assert [fill for fill, _ in areas(svg)] == [colour_of(0, 5), colour_of(4, 5)]


def test_what_is_not_known_is_hatched_and_never_takes_the_colour_of_a_class() -> None:
    fills = [fill for fill, _ in areas(draw(WEST, UNKNOWN))]
    assert fills[0] == colour_of(0, 5)
    assert fills[1].startswith("url(#")


def test_east_lies_to_the_right_and_north_above() -> None:
    (_, west), (_, east), (_, north) = areas(draw(WEST, EAST, UNKNOWN))
    assert max(x for x, _ in west) == pytest.approx(min(x for x, _ in east), abs=0.11)
    assert max(y for _, y in north) == pytest.approx(min(y for _, y in west), abs=0.11)


def test_a_degree_of_longitude_is_as_much_shorter_as_it_is_on_the_ground() -> None:
    [(_, spots)] = areas(draw(WEST))
    wide, high = (max(item[axis] for item in spots) - min(item[axis] for item in spots) for axis in (0, 1))
    assert wide / high == pytest.approx(math.cos(math.radians(52.05)), abs=0.002)


def test_a_lake_in_an_area_stays_open() -> None:
    svg = draw(ShadedShape(square(5.0, 52.0, hole=0.03), "ring", 1))
    [path] = [item.attrib["d"] for item in every(svg, "path") if item.attrib.get("fill") == colour_of(1, 5)]
    assert path.count("M") == path.count("Z") == 2


def test_parts_smaller_than_a_pixel_are_left_out_but_never_a_whole_area() -> None:
    parts = [json.loads(square(5.0, 52.0, 1.0))["coordinates"], json.loads(square(5.5, 53.5, 0.0001))["coordinates"]]
    svg = draw(
        ShadedShape(json.dumps({"type": "MultiPolygon", "coordinates": parts}), "land", 0),
        ShadedShape(square(5.2, 53.5, 0.0001), "eiland", 1),
    )
    paths = [item.attrib["d"] for item in every(svg, "path") if item.attrib.get("fill") in (colour_of(0, 5), colour_of(1, 5))]
    assert [path.count("M") for path in paths] == [1, 1]


def test_the_chosen_area_has_an_edge_above_all_others() -> None:
    svg = draw(WEST, ShadedShape(EAST.geojson, EAST.label, EAST.shade, emphasis=True), UNKNOWN)
    assert [item.attrib["stroke"] for item in every(svg, "path") if item.attrib.get("fill") == "none" and "l" in item.attrib["d"]] == [
        "#ffffff",
        "#14262a",
    ]


def test_the_legend_says_each_class_and_what_hatching_means() -> None:
    svg = draw(WEST, UNKNOWN, legend=[(0, "0 tot 10 %"), (4, "30 tot 40 %"), (None, "geen cijfer")], numbers=True)
    assert {"1: 0 tot 10 %", "5: 30 tot 40 %", "geen cijfer"} <= set(texts(svg))
    assert "1" in texts(svg)


def test_a_number_of_a_class_stands_inside_its_area() -> None:
    svg = draw(WEST, EAST, numbers=True)
    spots = {item.text: (float(item.attrib["x"]), float(item.attrib["y"])) for item in every(svg, "text") if item.text in ("1", "5")}
    for (_, outline), mark in zip(areas(svg), ("1", "5"), strict=True):
        for axis in (0, 1):
            assert min(spot[axis] for spot in outline) < spots[mark][axis] < max(spot[axis] for spot in outline)


def test_an_area_too_small_for_a_number_has_none() -> None:
    svg = draw(ShadedShape(square(5.0, 52.0, 1.0), "groot", 0), ShadedShape(square(6.0, 52.0, 0.01), "klein", 4), numbers=True)
    assert {"1", "5"} & set(texts(svg)) == {"1"}


def test_a_name_stands_inside_its_area_in_as_many_lines_as_it_needs() -> None:
    """A square has room for a name on one line; a strip of 60 pixels for a word of it on each of three; a strip of 2 pixels for none."""
    whole = draw(ShadedShape(square(5.0, 52.0), "x", 0, name="Binnenstad"))
    (name,) = [item for item in every(whole, "text") if item.text == "Binnenstad"]
    assert float(name.attrib["font-size"]) == 14
    assert name.attrib["text-anchor"] == "middle"
    narrow = json.dumps({"type": "Polygon", "coordinates": [[[5.2, 52.0], [5.235, 52.0], [5.235, 52.1], [5.2, 52.1], [5.2, 52.0]]]})
    beside = ShadedShape(square(5.0, 52.0, 0.2), "x", 1)
    assert [item for item in texts(draw(beside, ShadedShape(narrow, "y", 0, name="Hof van Delft"))) if "km" not in item] == [
        "Hof",
        "van",
        "Delft",
    ]
    sliver = json.dumps({"type": "Polygon", "coordinates": [[[5.2, 52.0], [5.201, 52.0], [5.201, 52.1], [5.2, 52.1], [5.2, 52.0]]]})
    assert "Sliert" not in texts(draw(beside, ShadedShape(sliver, "y", 0, name="Sliert")))


def test_a_name_may_not_stand_over_a_corner_that_is_not_of_its_area() -> None:
    """Of an L only the foot is wide: the name stands in the foot."""
    ring = [[5.0, 52.0], [5.2, 52.0], [5.2, 52.04], [5.02, 52.04], [5.02, 52.2], [5.0, 52.2], [5.0, 52.0]]
    svg = draw(ShadedShape(json.dumps({"type": "Polygon", "coordinates": [ring]}), "x", 0, name="Een tamelijk lange naam"))
    name = next(item for item in every(svg, "text") if item.text and item.text.startswith("Een"))
    assert float(name.attrib["y"]) > 0.8 * 560 * 0.9


def test_an_area_carries_the_code_that_a_page_knows_it_by() -> None:
    svg = draw(ShadedShape(square(5.0, 52.0), "x", 0, code='WK"1'), ShadedShape(square(5.2, 52.0), "y", 0))
    assert [path.attrib["data-code"] for path in every(svg, "path") if "data-code" in path.attrib] == ['WK"1']


@pytest.mark.parametrize("shades", range(2, 8))
def test_every_next_class_is_darker(shades: int) -> None:
    found = [luminance(colour_of(index, shades)) for index in range(shades)]
    assert found == sorted(found, reverse=True)
    assert all(light > 1.1 * dark for light, dark in itertools.pairwise(found))


def test_the_bar_is_as_long_as_it_says() -> None:
    svg = draw(WEST)
    [(_, spots)] = areas(svg)
    pixels_per_km = (max(y for _, y in spots) - min(y for _, y in spots)) / (0.1 * 111.32)
    told = next(item for item in texts(svg) if item.endswith(" km"))
    bar = next(item.attrib["d"] for item in every(svg, "path") if item.attrib.get("d", "").endswith("v-6"))
    length = float(bar.split("h")[1].split("v")[0])
    assert length == pytest.approx(float(told.removesuffix(" km")) * pixels_per_km, rel=0.01)


def test_small_maps_share_scale_legend_and_outlines() -> None:
    maps = [
        ShadedMap(name, [WEST, ShadedShape(EAST.geojson, f"{name}: oost", shade)])
        for name, shade in (("0 tot 15", 1), ("65 of ouder", None), ("allen", 3))
    ]
    svg = small_multiples(maps, columns=2, shades=5, title="Kaarten", description="x", legend=[(0, "weinig"), (4, "veel")])
    assert [name for name in texts(svg) if name in ("0 tot 15", "65 of ouder", "allen")] == ["0 tot 15", "65 of ouder", "allen"]
    assert texts(svg).count("veel") == 1
    outlines = [item for item in every(svg, "path") if "id" in item.attrib]
    assert len(outlines) == 2
    # Two areas on three maps, and each map once more below itself as its coast.
    assert len(every(svg, "use")) == 6 + 3


def test_small_maps_stand_beside_and_below_each_other() -> None:
    maps = [ShadedMap(str(number), [WEST]) for number in range(3)]
    beside, below = (small_multiples(maps, columns=columns, shades=5, title="x", description="x", height=100) for columns in (3, 1))
    assert size(beside)[1] < size(below)[1]


def test_every_reference_of_a_picture_points_into_itself() -> None:
    svg = small_multiples([ShadedMap("a", [WEST, UNKNOWN]), ShadedMap("b", [WEST])], columns=2, shades=5, title="x", description="x")
    pointed = {item.attrib["href"].removeprefix("#") for item in every(svg, "use")}
    assert pointed <= set(ids(svg))
    assert len(ids(svg)) == len(set(ids(svg)))


@pytest.mark.parametrize(
    "geojson",
    [
        "",
        "{",
        "[]",
        '{"type": "Point", "coordinates": [5, 52]}',
        '{"type": "Polygon"}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[]]}',
        '{"type": "Polygon", "coordinates": [[["a", "b"]]]}',
        '{"type": "Polygon", "coordinates": [[[5, 52], [5, "b"]]]}',
        '{"type": "Polygon", "coordinates": [[[5, 52], [NaN, 52], [5, 53]]]}',
        '{"type": "Polygon", "coordinates": [[[90000, 430000], [90001, 430000], [90001, 430001], [90000, 430000]]]}',
    ],
)
def test_an_outline_that_cannot_be_drawn_names_its_area(geojson: str) -> None:
    with pytest.raises(InputError, match="Blijdorp") as error:
        draw(ShadedShape(geojson, "Blijdorp", 0))
    assert error.value.code == "picture.geometry"


def test_no_areas_and_no_maps_are_pictures_too() -> None:
    assert check_picture(draw())
    assert check_picture(small_multiples([], columns=3, shades=5, title="x", description="x"))


def test_words_cannot_break_out() -> None:
    maps = [ShadedMap(NASTY, [ShadedShape(square(5, 52), NASTY, 0)])] * 2
    legend: list[tuple[int | None, str]] = [(0, NASTY), (None, NASTY)]
    svg = small_multiples(maps, columns=2, shades=5, title=NASTY, description=NASTY, legend=legend, source=NASTY, prefix=NASTY)
    assert check_picture(svg)


COUNTRY = [(3.4 + 0.2 * column, 50.8 + 0.13 * row) for column in range(18) for row in range(19)]


def _coast(west: float, south: float, points: int) -> str:
    ring = [
        [west + 0.1 + 0.1 * math.cos(2 * math.pi * step / points), south + 0.06 + 0.06 * math.sin(2 * math.pi * step / points)]
        for step in range(points)
    ]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def test_a_country_of_342_detailed_municipalities_is_smaller_than_a_megabyte() -> None:
    shapes: Sequence[ShadedShape] = [ShadedShape(_coast(west, south, 400), f"{west}", 0) for west, south in COUNTRY]
    assert len(shapes) == 342
    svg = draw(*shapes)
    assert len(svg.encode()) < 1_000_000
    assert len(titles(svg)) == 343


SHADES = st.one_of(st.none(), st.integers(-3, 12))


@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.floats(1e-9, 1), SHADES, st.booleans()), max_size=8),
    st.integers(1, 9),
)
def test_any_squares_are_a_picture_with_one_part_each(squares: list[tuple[float, float, float, int | None, bool]], shades: int) -> None:
    shapes = [ShadedShape(square(west, south, side), "x", shade, marked) for west, south, side, shade, marked in squares]
    svg = shaded(shapes, shades=shades, title="Kaart", description="x", numbers=True)
    width, height = check_picture(svg)
    assert (width, len(titles(svg))) == (640, 1 + len(squares))
    for _, spots in areas(svg):
        assert all(-1.1 <= x <= 640 and -1.1 <= y <= height + 1 for x, y in spots)


@pytest.mark.parametrize("shades", range(2, 7))
def test_the_fewer_classes_the_less_dark_the_last(shades: int) -> None:
    tones = [luminance(colour_of(shade, shades)) for shade in range(shades)]
    assert tones[-1] >= luminance(colour_of(shades, shades + 1))
    assert contrast(colour_of(0, shades), colour_of(shades - 1, shades)) > 3
