# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lines over a number of places: each value where it belongs, bands, plateaus as bars, and the situation of now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.paper.plateau import STYLES, PlateauLine, plateau
from knopenkaart.paper.rendering import check_picture

from .pictures import NASTY, every, numbers, texts, titles

MORE = PlateauLine("Meer", [(1, 2.0, 1.0, 3.0), (2, 4.0, 3.0, 5.0), (3, 6.0, 5.0, 7.0)], (2, 3))
SAME = PlateauLine("Even veel", [(1, 5.0, None, None), (3, 3.0, None, None)])


def draw(*lines: PlateauLine, now: tuple[int, str] | None = (3, "nu")) -> str:
    return plateau(lines, title="Herkenning", description="x", unit="gezichten", along="plekken", now=now)


def ticks(svg: str) -> dict[str, tuple[float, float]]:
    return {
        item.text or "": (float(item.attrib["x"]), float(item.attrib["y"]))
        for item in every(svg, "text")
        if item.attrib["font-size"] == "12"
    }


def paths(svg: str, **wanted: str) -> list[list[float]]:
    found = [item.attrib for item in every(svg, "path")]
    return [numbers(item["d"]) for item in found if all(item.get(name.replace("_", "-")) == value for name, value in wanted.items())]


def test_a_line_goes_through_its_values() -> None:
    svg = draw(MORE)
    line = next(found for found in paths(svg, stroke=STYLES[0][0], fill="none"))
    at = ticks(svg)
    assert line[::2] == pytest.approx([at["1"][0], at["2"][0], at["3"][0]], abs=0.11)
    assert line[1::2] == sorted(line[1::2], reverse=True)


def test_the_upright_axis_begins_at_nothing_so_that_small_differences_do_not_look_large() -> None:
    assert "0" in texts(draw(PlateauLine("Hoog", [(1, 99.0, None, None), (2, 100.0, None, None)])))


def test_a_band_is_drawn_where_one_is_known_only() -> None:
    assert len(paths(draw(MORE), fill_opacity="0.13")) == 1
    assert paths(draw(SAME), fill_opacity="0.13") == []


def test_a_plateau_is_a_bar_between_its_numbers_of_places_and_says_them() -> None:
    svg = draw(MORE, SAME)
    bars = [found for found in paths(svg, stroke=STYLES[0][0]) if len(found) > 4 and found[2] - found[0] > 0]
    assert "Meer: 2 – 3" in titles(svg)
    assert not any(title.startswith("Even veel: ") and " – " in title for title in titles(svg))
    first, last = ticks(svg)["2"][0], ticks(svg)["3"][0]
    assert any(bar[0] == pytest.approx(first, abs=0.11) and bar[2] == pytest.approx(last, abs=0.11) for bar in bars)


def test_now_stands_at_its_number_of_places() -> None:
    svg = draw(MORE)
    dashed = paths(svg, stroke_dasharray="4 3")
    assert [line[0] for line in dashed] == [pytest.approx(ticks(svg)["3"][0], abs=0.11)]
    assert "nu" in texts(svg)
    assert "nu" not in texts(draw(MORE, now=None))


def test_every_spot_says_its_value_and_band() -> None:
    assert "Meer, 2: 4,0 (3,0 – 5,0)" in titles(draw(MORE))
    assert "Even veel, 3: 3,0" in titles(draw(SAME))


def test_lines_differ_by_dashes_and_marks_as_well_as_by_colour() -> None:
    svg = draw(MORE, SAME)
    dashes = {item.attrib.get("stroke-dasharray", "") for item in every(svg, "path") if item.attrib.get("stroke-width") == "2.4"}
    assert dashes == {"", STYLES[1][1]}


def test_more_lines_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="told apart"):
        draw(*[MORE] * 4)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.floats(0, 1e6), st.none(), st.none()), max_size=20, unique_by=lambda spot: spot[0]),
    st.integers(0, 2000),
)
def test_whatever_is_drawn_is_a_sound_picture(spots: list[tuple[int, float, None, None]], now: int) -> None:
    check_picture(draw(PlateauLine(NASTY, sorted(spots), (1, 2)), now=(now, NASTY)))


def test_nothing_is_drawn_across_a_number_of_which_nothing_is_told() -> None:
    spots = [(1, 2.0, None, None), (2, 4.0, None, None), (9, 6.0, None, None)]
    whole, parted = draw(PlateauLine("Meer", spots)), draw(PlateauLine("Meer", spots, breaks=[5, 7]))
    lines = [next(item.attrib["d"] for item in every(svg, "path") if item.get("fill") == "none") for svg in (whole, parted)]
    assert [(line.count("M"), line.count("L")) for line in lines] == [(1, 2), (2, 1)]
