# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The legend of the map, and what the vocabulary says about characters, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import Facet


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A kind with the symbol that stands for it; `family` is its main function, which gives shape and colour."""

    label: str
    symbol_path: str
    family: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A word of the vocabulary and what it means."""

    id: str
    label: str
    explanation: str


def legend(kinds: Sequence[Facet]) -> list[LegendRow]:
    """The kinds that a study has, with their symbols."""
    known = words.vocabulary().kinds
    return [
        LegendRow(facet.label, f"build/symbols/{kind.symbol}.svg", kind.functions[0] if kind.functions else "")
        for facet in kinds
        if (kind := known.get(facet.value)) is not None
    ]


def archetypes(language: str) -> list[Explained]:
    """The characters that a place may have, explained."""
    return [Explained(row.id, row.name(language), row.explanation(language)) for row in words.vocabulary().archetypes.values()]


def archetype_explanation(archetype: str, language: str) -> str:
    """What one character means; empty for one that the vocabulary does not have."""
    return next((row.explanation for row in archetypes(language) if row.id == archetype), "")
