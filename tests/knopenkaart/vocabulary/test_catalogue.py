# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue: what it promises of every indicator, and the page that lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knopenkaart.vocabulary.catalogue import AGGREGATES, DIRECTIONS, NATURES, THEMES, Indicator, load_catalogue

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "indicators.md"
ALL = tuple(load_catalogue().indicators.values())
ACTIVE = tuple(item for item in ALL if item.active)


def rounding(item: Indicator) -> str:
    """Rounding in words: count 5 (wijk, buurt); percent 1 (municipality, wijk, buurt)."""
    said = []
    for unit, levels in item.rounding.items():
        for step in sorted(set(levels.values())):
            said.append(f"{unit} {step:g} ({', '.join(level for level in levels if levels[level] == step)})")
    return "; ".join(said) or "as published"


def row(item: Indicator) -> str:
    """The line of the reference page for an indicator."""
    aggregate = f"{item.aggregate} of `{item.of}`" if item.of else item.aggregate
    names = ", ".join(f"`{name}`" for column in item.columns for name in column.names) or "none"
    cells = (f"`{item.id}`", item.unit, item.en, item.nl, aggregate, item.nature, item.direction.replace("_", " "), rounding(item), names)
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_lists_every_indicator_of_a_theme_as_the_catalogue_has_it(theme: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"\n## {load_catalogue().themes[theme].en}\n", 1)[1].split("\n## ", 1)[0]
    listed = [line for line in section.splitlines() if re.match(r"\| `", line)]
    assert listed == [row(item) for item in ALL if item.theme == theme and item.active]


def test_every_value_is_of_its_list() -> None:
    assert {item.aggregate for item in ALL} <= set(AGGREGATES)
    assert {item.nature for item in ALL} <= set(NATURES)
    assert {item.direction for item in ALL} <= set(DIRECTIONS)
    assert {item.theme for item in ALL} <= set(THEMES)
