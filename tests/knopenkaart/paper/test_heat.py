# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Groups against groups: a number in every cell, a shade that goes with it, and nothing that only a colour tells."""

from __future__ import annotations

import pytest

from knopenkaart.paper.drawing import GROUND, INK
from knopenkaart.paper.heat import SHADES, HeatRow, heat
from knopenkaart.paper.rendering import check_picture

from .pictures import NASTY, contrast, every, size, texts, titles

GROUPS = ("Jong", "Oud")
ROWS = (HeatRow("Jong", (4.0, 1.0), ("4,0", "1,0")), HeatRow("Oud", (None, 2.0), ("–", "2,0")))


def draw(rows: tuple[HeatRow, ...] = ROWS, *, width: float = 640) -> str:
    return heat(rows, GROUPS, title="Wie kent wie", description="x", across="kent uit", width=width)


def cells(svg: str) -> list[dict[str, str]]:
    """The boxes of the cells, row by row; the first box is the ground."""
    return [item.attrib for item in every(svg, "rect")][1:]


def test_every_cell_says_its_number_and_of_whom_it_is() -> None:
    svg = draw()
    assert {"4,0", "1,0", "–", "2,0"} <= set(texts(svg))
    assert {"Jong – Oud: 1,0", "Oud – Jong: –"} <= set(titles(svg))


def test_the_highest_number_has_the_darkest_shade_and_what_is_not_told_has_none() -> None:
    fills = [cell["fill"] for cell in cells(draw())]
    assert fills == [SHADES[-1], SHADES[1], GROUND, SHADES[2]]


def test_only_a_group_with_itself_has_an_edge_of_its_own() -> None:
    assert [cell["stroke"] == INK for cell in cells(draw())] == [True, False, False, True]


def test_days_against_dayparts_have_no_diagonal_and_keep_their_names_when_narrow() -> None:
    svg = heat(ROWS, ("ochtend", "avond"), title="t", description="d", across="dagdeel", same=False, width=320)
    assert {"ochtend", "avond", "Jong"} <= set(texts(svg))
    assert not any(cell["stroke"] == INK for cell in cells(svg))


def test_a_table_of_zeros_has_the_lightest_shade_throughout() -> None:
    zeros = tuple(HeatRow(name, (0.0, 0.0), ("0", "0")) for name in GROUPS)
    assert {cell["fill"] for cell in cells(draw(zeros))} == {SHADES[0]}


def test_every_number_can_be_read_on_its_shade() -> None:
    for number in range(1, len(SHADES) + 1):
        svg = heat([HeatRow("A", (number / len(SHADES) - 0.01, 1.0), ("x", "y"))], ("A", "B"), title="t", description="d", across="a")
        ink = next(item.attrib["fill"] for item in every(svg, "text") if item.text == "x")
        assert contrast(cells(svg)[0]["fill"], ink) >= 4.5


def test_a_narrow_picture_numbers_its_columns_as_its_rows() -> None:
    assert {"1", "2", "1. Jong", "2. Oud"} <= set(texts(draw(width=320)))
    assert size(draw(width=320))[0] == 320


def test_rows_and_columns_must_go_together() -> None:
    with pytest.raises(ValueError, match="per column"):
        draw((HeatRow("Jong", (1.0,), ("1",)),))


def test_names_with_signs_of_markup_stay_names() -> None:
    svg = heat([HeatRow(NASTY, (1.0,), (NASTY,))], (NASTY,), title=NASTY, description=NASTY, across=NASTY)
    check_picture(svg)
    assert "<script" not in svg
