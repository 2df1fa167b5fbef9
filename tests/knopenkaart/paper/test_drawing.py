# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text that fits, round ticks and the frame around every picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.paper.drawing import Language, clean, document, num, number, scale, text, text_width, wrap

from .pictures import NASTY, every, ids, size, texts, titles, tree

WORDS = st.text(alphabet="abcdefghijklmnop-/ WM'é", max_size=80)


@given(WORDS, st.floats(40, 400))
def test_no_line_is_wider_than_its_room(words: str, room: float) -> None:
    assert all(text_width(line, 13) <= room for line in wrap(words, room, 13))


@given(WORDS, st.floats(40, 400))
def test_wrapping_loses_no_letter(words: str, room: float) -> None:
    assert "".join(wrap(words, room, 13)).replace("-", "").replace(" ", "") == words.replace("-", "").replace(" ", "")


def test_a_word_that_is_too_wide_is_cut_at_its_hyphen() -> None:
    assert wrap("Kralingen-Crooswijk", text_width("Kralingen-Croos", 13), 13) == ["Kralingen-", "Crooswijk"]


def test_a_space_that_does_not_break_keeps_a_number_with_its_unit() -> None:
    assert wrap("hoger: 12\u00a0%", text_width("hoger: 12", 13), 13) == ["hoger:", "12\u00a0%"]


def test_more_lines_than_there_is_room_for_end_in_an_ellipsis() -> None:
    lines = wrap("een twee drie vier vijf", text_width("een twee", 13), 13, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_bold_is_wider_and_no_text_is_one_empty_line() -> None:
    assert text_width("Zorg", 13, bold=True) > text_width("Zorg", 13)
    assert wrap("", 100, 13) == [""]


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([13.0, 40.0], (0, 10, 20, 30, 40)),
        ([62.0, 70.5], (62, 64, 66, 68, 70, 72)),
        ([0.0, 1.0], (0, 0.2, 0.4, 0.6, 0.8, 1)),
        ([-4.0, 4.0], (-4, -2, 0, 2, 4)),
        ([], (0, 0.2, 0.4, 0.6, 0.8, 1)),
        ([0.0], (0, 0.2, 0.4, 0.6, 0.8, 1)),
    ],
)
def test_ticks_are_round_and_reach_around_the_values(values: list[float], ticks: tuple[float, ...]) -> None:
    assert scale(values, 0, 100).ticks == ticks


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.integers(2, 9))
def test_every_value_lies_on_the_scale_in_its_order(values: list[float], count: int) -> None:
    axis = scale(values, 10, 110, count=count)
    hair = 1e-6 * max(1e-3, *map(abs, values))
    assert axis.low <= min(values) + hair
    assert axis.high >= max(values) - hair
    places = [axis.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(10 <= place <= 110 for place in places)
    assert 2 <= len(axis.ticks) <= 3 * count


def test_one_value_gets_room_on_both_sides() -> None:
    axis = scale([50.0], 0, 100)
    assert axis.low < 50 < axis.high


@pytest.mark.parametrize(
    ("value", "language", "step", "written"),
    [(1234.5, "nl", 0.5, "1.234,5"), (1234.5, "en", 0.5, "1,234.5"), (-3, "nl", 1, "−3"), (0.25, "nl", 0.05, "0,25"), (10, "nl", 5, "10")],
)
def test_numbers_are_written_as_in_their_language(value: float, language: Language, step: float, written: str) -> None:
    assert number(value, language, step=step) == written


@pytest.mark.parametrize(("value", "written"), [(1.04, "1"), (1.05001, "1.1"), (-0.01, "0"), (0.0, "0"), (-2.26, "-2.3"), (100, "100")])
def test_coordinates_are_a_tenth_precise(value: float, written: str) -> None:
    assert num(value) == written


@given(st.text(max_size=40))
def test_any_text_stays_a_text(words: str) -> None:
    svg = document(text(words, 0, 10), width=100, height=20, title=words, description=words, source=words)
    assert tree(svg) is not None
    assert len(titles(svg)) == 1


def test_what_xml_forbids_is_left_out() -> None:
    assert clean("a\x00b\x1fc\ufffed") == "abcd"
    assert "<script" not in clean(NASTY)


def test_a_picture_is_an_image_with_a_name_and_a_description() -> None:
    svg = document("", width=100, height=20, title="Profiel", description="Vergeleken met Nederland")
    root = tree(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == ids(svg)
    assert titles(svg) == ["Profiel"]
    assert [item.text for item in every(svg, "desc")] == ["Vergeleken met Nederland"]
    assert "style" not in root.attrib


def test_only_a_picture_with_a_source_carries_its_title_inside() -> None:
    bare = document("", width=300, height=20, title="Profiel", description="x")
    alone = document(
        "", width=300, height=20, title="Profiel", description="x", source="Bron: CBS, Kerncijfers wijken en buurten 2024, en RIVM"
    )
    assert texts(bare) == []
    assert texts(alone)[0] == "Profiel"
    assert " ".join(texts(alone)[1:]) == "Bron: CBS, Kerncijfers wijken en buurten 2024, en RIVM"
    assert size(alone)[1] > size(bare)[1] + 40
