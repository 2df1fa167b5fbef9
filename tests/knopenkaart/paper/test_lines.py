# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Series over years: a line only where years may be joined, and every break drawn and told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.paper.lines import STYLES, LineSeries, Point, lines
from knopenkaart.paper.rendering import check_picture

from .pictures import NASTY, contrast, every, numbers, texts, titles, tree

BROKEN = LineSeries("Druten", [[(2020, 10, None, None), (2021, 20, None, None)], [(2023, 5, None, None)]])
WHOLE = LineSeries("Gelderland", [[(2020, 10, 8, 12), (2021, 11, 9, 13), (2023, 12, 10, 14)]])


def draw(*series: LineSeries, breaks: list[tuple[int, str]] | None = None, width: float = 640) -> str:
    return lines(series, title="Inwoners", description="x", unit="procent", breaks=breaks or [], width=width)


def strokes(svg: str, colour: str = STYLES[0][0]) -> list[str]:
    """The lines of a series."""
    return [item.attrib["d"] for item in every(svg, "path") if item.attrib.get("stroke") == colour and item.attrib["stroke-width"] == "2.4"]


def years(svg: str) -> dict[str, float]:
    return {
        item.text or "": float(item.attrib["x"]) for item in every(svg, "text") if (item.text or "").isdigit() and len(item.text or "") == 4
    }


@pytest.mark.parametrize(("values", "ticks"), [((6, 6), ["7", "6", "5"]), ((6, 7), ["7", "6"]), ((6.5, 6.5), ["6,0", "6,2", "6,4"])])
def test_between_whole_numbers_the_axis_has_none(values: tuple[float, float], ticks: list[str]) -> None:
    svg = draw(LineSeries("Delft", [[(2002, values[0], None, None), (2016, values[1], None, None)]]))
    told = {item.text or "" for item in every(svg, "text") if item.attrib.get("text-anchor") == "end"}
    assert set(ticks) <= told
    assert any("," in text for text in told) == ("," in ticks[0])


def test_no_line_crosses_a_gap_between_two_runs() -> None:
    svg = draw(BROKEN)
    assert len(strokes(svg)) == 1
    found = numbers(strokes(svg)[0])
    assert (found[0], found[2]) == pytest.approx((years(svg)["2020"], years(svg)["2021"]), abs=0.11)
    assert len(found) == 4


def test_every_figure_is_a_mark_that_says_its_year_and_value() -> None:
    assert titles(draw(BROKEN))[1:] == ["Druten, 2020: 10", "Druten, 2021: 20", "Druten, 2023: 5"]


def test_higher_values_stand_higher() -> None:
    marks = [float(item.attrib["cy"]) for item in every(draw(BROKEN), "circle")]
    assert marks[1] < marks[0] < marks[2]


def test_a_break_stands_before_its_year_with_a_letter_that_is_explained() -> None:
    svg = draw(WHOLE, breaks=[(2023, "grens verlegd"), (2021, "andere meting")])
    dashed = [numbers(item.attrib["d"])[0] for item in every(svg, "path") if item.attrib.get("stroke-dasharray") == "5 4"]
    assert dashed[1] == pytest.approx((years(svg)["2020"] + years(svg)["2021"]) / 2, abs=0.2)
    assert years(svg)["2021"] < dashed[0] < years(svg)["2023"]
    assert {"A", "B", "2023: grens verlegd", "2021: andere meting"} <= set(texts(svg))
    assert "2023: grens verlegd" in titles(svg)


def test_breaks_of_the_same_year_share_a_line_and_a_letter() -> None:
    svg = draw(WHOLE, breaks=[(2021, "andere meting"), (2021, "grens verlegd")])
    assert len([item for item in every(svg, "path") if item.attrib.get("stroke-dasharray") == "5 4"]) == 1
    assert "2021: andere meting; grens verlegd" in texts(svg)


def test_a_break_outside_the_years_is_told_and_not_drawn() -> None:
    svg = draw(WHOLE, breaks=[(2031, "grens verlegd")])
    assert not [item for item in every(svg, "path") if item.attrib.get("stroke-dasharray") == "5 4"]
    assert "2031: grens verlegd" in texts(svg)


def test_the_margin_is_a_band_where_all_years_have_one() -> None:
    assert len([item for item in every(draw(WHOLE), "path") if "fill-opacity" in item.attrib]) == 1
    assert not [item for item in every(draw(BROKEN), "path") if "fill-opacity" in item.attrib]


def test_a_margin_of_some_years_is_drawn_at_those_years_only() -> None:
    svg = draw(LineSeries("Druten", [[(2020, 10, 8, 12), (2021, 11, None, None)]]))
    assert not [item for item in every(svg, "path") if "fill-opacity" in item.attrib]
    assert len([item for item in every(svg, "path") if item.attrib.get("stroke-width") == "1.6"]) == 1


def test_lines_differ_in_dashes_and_marks_and_can_be_seen() -> None:
    assert len({dash for _, dash, _ in STYLES}) == len({shape for _, _, shape in STYLES}) == len(STYLES)
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour, _, _ in STYLES)


def test_names_of_lines_that_end_together_stand_apart() -> None:
    svg = draw(*(LineSeries(name, [[(2020, 10, None, None), (2021, 10, None, None)]]) for name in ("Ede", "Tiel", "Elst", "Oss")))
    heights = [float(item.attrib["y"]) for item in every(svg, "text") if item.text in ("Ede", "Tiel", "Elst", "Oss")]
    assert min(abs(one - other) for index, one in enumerate(heights) for other in heights[:index]) >= 13


def test_a_narrow_picture_names_its_lines_above() -> None:
    svg = draw(WHOLE, BROKEN, width=320)
    names = [item for item in every(svg, "text") if item.text in ("Druten", "Gelderland")]
    assert all(float(item.attrib["x"]) < 60 for item in names)


def test_one_year_and_no_series_are_pictures_too() -> None:
    assert check_picture(draw(LineSeries("Druten", [[(2024, 3, None, None)]])))
    assert check_picture(draw())
    assert check_picture(draw(LineSeries("Druten", [])))


def test_words_cannot_break_out() -> None:
    series = [LineSeries(NASTY, [[(2020, 1, 0, 2), (2021, 1, 0, 2)]])]
    svg = lines(series, title=NASTY, description=NASTY, unit=NASTY, breaks=[(2021, NASTY)], source=NASTY, prefix=NASTY)
    assert check_picture(svg)


@st.composite
def a_series(draw_: st.DrawFn) -> LineSeries:
    found = sorted(draw_(st.sets(st.integers(1995, 2030), max_size=12)))
    value = st.floats(-1e6, 1e6)
    points: list[Point] = [(year, draw_(value), *draw_(st.one_of(st.just((None, None)), st.tuples(value, value)))) for year in found]
    cut = draw_(st.integers(0, len(points)))
    return LineSeries(draw_(st.text(max_size=40)), [part for part in (points[:cut], points[cut:]) if part])


@given(
    st.lists(a_series(), max_size=6),
    st.lists(st.tuples(st.integers(1990, 2035), st.text(max_size=80)), max_size=4),
    st.sampled_from([320.0, 640.0]),
)
def test_any_series_are_drawn_inside_the_picture_with_every_figure_once(
    series: list[LineSeries], breaks: list[tuple[int, str]], width: float
) -> None:
    svg = draw(*series, breaks=breaks, width=width)
    high = check_picture(svg)[1]
    told = [title for title in titles(svg)[1:] if not title[:4].isdigit()]
    assert len(told) <= sum(len(part) for item in series for part in item.parts)
    assert "nan" not in svg
    for item in tree(svg).iter():
        assert 0 <= float(item.attrib.get("cx", 0)) <= width
        assert 0 <= float(item.attrib.get("cy", 0)) <= high
