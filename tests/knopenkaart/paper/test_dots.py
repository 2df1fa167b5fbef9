# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas in rows with their values and margins: what is known is drawn where it belongs, what is not known is only said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.paper.dots import OTHER, TINT, DotRow, dots
from knopenkaart.paper.rendering import check_picture

from .pictures import NASTY, every, numbers, size, texts, titles, tree

WHOLE = DotRow("Blijdorp", 20, 10, 30, "20 % (10 tot 30)")
OPEN = DotRow("Bergpolder", 40, None, None, "40 %, marge onbekend")
NONE = DotRow("Nesselande", None, None, None, "geheim")


def draw(*rows: DotRow, width: float = 640, reference: tuple[float, str] | None = None) -> str:
    return dots(rows, title="Huishoudens", description="x", unit="procent", width=width, reference=reference)


def circles(svg: str) -> list[tuple[float, str]]:
    """Where the dots stand, and how they are filled."""
    return [(float(item.attrib["cx"]), item.attrib["fill"]) for item in every(svg, "circle")]


def ticks(svg: str) -> dict[str, float]:
    return {item.text or "": float(item.attrib["x"]) for item in every(svg, "text") if item.attrib["font-size"] == "12"}


@pytest.mark.parametrize("width", [320, 640])
def test_a_dot_stands_at_its_value_on_the_axis(width: float) -> None:
    svg = draw(WHOLE, OPEN, width=width)
    assert [x for x, _ in circles(svg)] == pytest.approx([ticks(svg)["20"], ticks(svg)["40"]], abs=0.11)


def test_the_margin_reaches_from_its_low_to_its_high_end() -> None:
    svg = draw(WHOLE, OPEN)
    bar = next(numbers(item.attrib["d"]) for item in every(svg, "path") if item.attrib.get("stroke-width") == "2")
    assert (bar[0], bar[2]) == pytest.approx((ticks(svg)["10"], ticks(svg)["30"]), abs=0.11)


def test_an_open_dot_says_that_the_margin_is_not_known() -> None:
    svg = draw(WHOLE, OPEN)
    assert [fill for _, fill in circles(svg)] == ["#1c7a85", "#fff"]


def test_a_row_without_a_value_has_words_and_no_dot() -> None:
    svg = draw(NONE)
    assert circles(svg) == []
    assert {"Nesselande", "geheim"} <= set(texts(svg))
    assert "Nesselande: geheim" in titles(svg)


@pytest.mark.parametrize("width", [320, 640])
def test_the_line_to_compare_with_has_its_name_and_place(width: float) -> None:
    svg = draw(WHOLE, OPEN, reference=(30, "Rotterdam 30 %"), width=width)
    line = next(numbers(item.attrib["d"]) for item in every(svg, "path") if "stroke-dasharray" in item.attrib)
    assert line[0] == pytest.approx(ticks(svg)["30"], abs=0.11)
    assert "Rotterdam 30 %" in texts(svg)


def test_the_line_to_compare_with_breaks_off_where_names_stand_above_their_dots() -> None:
    long = DotRow("Hoe trouw mensen zijn aan hun eigen plek en dagdeel", 20, 10, 30, "10 – 30")
    for width, pieces in ((640, 1), (320, 3)):
        svg = draw(long, WHOLE, reference=(22, "nu"), width=width)
        line = next(numbers(item.attrib["d"]) for item in every(svg, "path") if "stroke-dasharray" in item.attrib)
        ends = list(zip(line[1::3], line[2::3], strict=True))
        assert len(ends) == pieces
    words = [float(item.attrib["y"]) for item in every(svg, "text") if item.attrib["font-size"] == "14"]
    # A letter reaches some ten above its baseline and four below.
    assert not any(high < word + 4 and low > word - 10 for word in words for high, low in ends)
    assert all(any(high < float(item.attrib["cy"]) < low for high, low in ends) for item in every(svg, "circle"))


def test_the_name_of_the_line_stays_inside_where_the_line_is_at_the_edge() -> None:
    svg = draw(
        DotRow("Blijdorp", 0, text="0 %"),
        DotRow("Witte Dorp", 10, text="10 %"),
        reference=(10, "een heel lange naam van een gemeente"),
        width=320,
    )
    spot = next(float(item.attrib["x"]) for item in every(svg, "text") if item.text == "een heel lange naam van een gemeente")
    assert 120 < spot < 200


def test_the_chosen_area_is_marked_by_more_than_colour() -> None:
    plain, chosen = draw(WHOLE), draw(DotRow("Blijdorp", 20, 10, 30, "20 %", emphasis=True))
    assert not [item for item in every(plain, "rect") if item.attrib["fill"] == TINT]
    assert [item for item in every(chosen, "rect") if item.attrib["fill"] == TINT]
    assert circles(chosen) == []
    assert next(item for item in every(chosen, "text") if item.text == "Blijdorp").attrib["font-weight"] == "600"


@pytest.mark.parametrize("width", [320, 640])
def test_what_something_else_gives_is_a_triangle_on_the_same_axis(width: float) -> None:
    svg = draw(DotRow("Blijdorp", 20, 10, 30, "20 %", other=40), OPEN, width=width)
    triangles = [numbers(item.attrib["d"]) for item in every(svg, "path") if item.attrib.get("stroke") == OTHER]
    assert [points[0] for points in triangles] == [pytest.approx(ticks(svg)["40"], abs=0.11)]


def test_a_long_name_takes_more_lines_and_a_higher_row() -> None:
    long = DotRow("Bedrijventerrein Noord-West en omgeving van de Spaanse Polder tot de Schie", 20, text="20 %")
    assert size(draw(long))[1] > size(draw(DotRow("Kort", 20, text="20 %")))[1]
    assert "Bedrijventerrein Noord-West" in " ".join(texts(draw(long)))


def test_rows_keep_the_order_in_which_they_were_given() -> None:
    svg = draw(OPEN, WHOLE, NONE)
    assert [item for item in texts(svg) if item in ("Blijdorp", "Bergpolder", "Nesselande")] == ["Bergpolder", "Blijdorp", "Nesselande"]


def test_no_rows_and_only_empty_rows_are_pictures_too() -> None:
    assert check_picture(draw())
    assert check_picture(draw(NONE, NONE))


def test_words_cannot_break_out() -> None:
    svg = dots(
        [DotRow(NASTY, 1, 0, 2, NASTY)], title=NASTY, description=NASTY, unit=NASTY, reference=(1, NASTY), source=NASTY, prefix=NASTY
    )
    assert check_picture(svg)


NUMBERS = st.one_of(st.none(), st.floats(-1e6, 1e6))
ROWS = st.builds(DotRow, st.text(max_size=60), NUMBERS, NUMBERS, NUMBERS, st.text(max_size=60), st.booleans(), NUMBERS)


@given(st.lists(ROWS, max_size=12), st.sampled_from([320.0, 400.0, 640.0, 900.0]))
def test_any_rows_are_drawn_once_each_and_inside_the_picture(rows: list[DotRow], width: float) -> None:
    svg = draw(*rows, width=width)
    high = check_picture(svg)[1]
    assert len(titles(svg)) == 1 + len(rows)
    for item in tree(svg).iter():
        for name in ("cx", "x"):
            assert 0 <= float(item.attrib.get(name, 0)) <= width
        for name in ("cy", "y"):
            assert 0 <= float(item.attrib.get(name, 0)) <= high
