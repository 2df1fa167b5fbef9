# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places on a plain map: where they lie, as large as their class, of a shape that tells on what it rests, and none outside."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.paper.rendering import check_picture
from knopenkaart.paper.spots import RADII, Spot, spots

from .pictures import NASTY, every, size, texts, titles

GROUND = json.dumps({"type": "Polygon", "coordinates": [[[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]]})
SIZES = ("weinig", "meer", "veel", "heel veel")


def draw(*places: Spot, **more: Any) -> str:
    given = {"sizes": SIZES, "forms": [(0, "geteld"), (2, "aangenomen")], "untold": "niet verteld", "title": "Kaart", "description": "x"}
    return spots(places, [GROUND], **(given | more))


def discs(svg: str) -> list[tuple[float, float, float]]:
    """Middle and radius of the discs of the map, without those of the legend."""
    found = [tuple(float(item.attrib[name]) for name in ("cx", "cy", "r")) for item in every(svg, "circle")]
    return found[: len(found) - len(SIZES) - 1]  # type: ignore[return-value]


def test_a_place_lies_where_it_is_and_is_as_large_as_its_class() -> None:
    """A quarter from the west, three quarters from the south: of a square of degrees the same parts of the map."""
    svg = draw(Spot(5.025, 52.075, "hier", 3, 0))
    border = every(svg, "path")[0].attrib["d"]
    assert border.startswith("M")
    ((x, y, radius),) = discs(svg)
    across = math.cos(math.radians(52.05))
    assert y == pytest.approx(560 / 4, abs=0.2)
    assert x == pytest.approx(560 * across / 4, abs=0.2)
    assert radius == RADII[3]


def test_small_spots_lie_over_large_ones() -> None:
    svg = draw(Spot(5.05, 52.05, "klein", 0, 0), Spot(5.05, 52.05, "groot", 3, 0))
    assert titles(svg)[1:] == ["groot", "klein"]
    assert [radius for _x, _y, radius in discs(svg)] == [RADII[3], RADII[0]]


def test_what_it_rests_on_is_a_shape_and_no_colour_alone() -> None:
    one, other = draw(Spot(5.05, 52.05, "a", 1, 0)), draw(Spot(5.05, 52.05, "a", 1, 2))
    assert len(every(one, "circle")) == len(every(other, "circle")) + 1
    assert len(every(other, "rect")) == len(every(one, "rect")) + 1


def test_of_a_place_that_is_not_told_there_is_a_cross_and_a_word() -> None:
    assert "niet verteld" in texts(draw(Spot(5.05, 52.05, "a", None, 0)))
    assert "niet verteld" not in texts(draw(Spot(5.05, 52.05, "a", 0, 0)))


@given(st.lists(st.tuples(st.floats(4.9, 5.2), st.floats(51.9, 52.2)), min_size=1, max_size=8), st.sampled_from([320.0, 640.0]))
def test_no_place_falls_outside_the_picture(at: list[tuple[float, float]], width: float) -> None:
    svg = draw(*(Spot(lon, lat, "a", 0, 0) for lon, lat in at), width=width)
    across, down = size(svg)
    assert across == width
    shift = float(every(svg, "g")[0].attrib["transform"].split("(")[1].split(" ")[0])
    assert all(0 <= x + shift <= across and 0 <= y + 8 <= down for x, y, _radius in discs(svg))


def test_words_stay_within_a_narrow_picture() -> None:
    svg = draw(Spot(5.05, 52.05, "a", 0, 0), width=320)
    assert all(float(item.attrib["x"]) < 300 for item in every(svg, "text"))


def test_names_cannot_break_out() -> None:
    svg = draw(Spot(5.05, 52.05, NASTY, 1, 0), untold=NASTY)
    check_picture(svg)
    assert "<script>" not in svg


def test_without_places_there_is_a_map_without_spots() -> None:
    assert titles(draw())[1:] == []


def test_a_point_is_no_outline() -> None:
    with pytest.raises(InputError) as caught:
        spots([], ['{"type": "Point", "coordinates": [5, 52]}'], sizes=SIZES, forms=[], untold="", title="Kaart", description="x")
    assert caught.value.code == "picture.geometry"
