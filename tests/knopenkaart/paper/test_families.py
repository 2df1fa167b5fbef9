# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One outline and one colour per function, the same on paper and on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knopenkaart.paper.symbols import BOX, FALLBACK, families, icon_paths, mark
from knopenkaart.vocabulary import load_vocabulary

FRONTEND = Path(__file__).resolve().parents[3] / "frontend" / "src"


def test_every_function_has_an_outline_and_a_colour_of_its_own() -> None:
    assert set(families()) == set(load_vocabulary().functions)
    for key in ("shape", "colour"):
        assert len({family[key] for family in families().values()}) == len(families())


def test_outlines_are_those_of_the_screen() -> None:
    text = (FRONTEND / "lib" / "shapes.ts").read_text(encoding="utf-8")
    (body,) = re.findall(r"SHAPES: Record<string, string> = \{(.*?)\};", text, re.DOTALL)
    assert dict(re.findall(r'(\w+): "([^"]+)"', body)) == {name: family["shape"] for name, family in families().items()}


def test_colours_are_those_of_the_screen() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((FRONTEND / "styles").glob("*.css")))
    found = re.findall(r"--kk-family-(\w+):\s*(#[0-9a-f]{6});", text)
    assert dict(found) == {name: family["colour"] for name, family in families().items()}
    assert len(found) == len(families())


@pytest.mark.parametrize("name", families())
def test_a_white_symbol_stands_out_on_its_colour(name: str) -> None:
    assert _contrast_with_white(families()[name]["colour"]) >= 4.5


def test_every_kind_names_a_symbol_that_is_built_in() -> None:
    without = {kind.symbol for kind in load_vocabulary().kinds.values() if not icon_paths(kind.symbol)}
    assert without == set()


def test_a_mark_has_its_middle_where_it_is_put() -> None:
    drawn = mark("library", "learn", 100.0, 50.0, 8.0)
    assert f"translate(96.00 46.00) scale({8 / BOX:.4f})" in drawn
    assert families()["learn"]["shape"] in drawn


def test_an_unknown_function_or_symbol_is_drawn_as_the_plainest_outline() -> None:
    drawn = mark("no-such-symbol", "no-such-function", 0, 0, 8)
    assert families()[FALLBACK]["shape"] in drawn


def _contrast_with_white(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
