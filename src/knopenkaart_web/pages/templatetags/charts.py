# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables that are charts or lists: bars out of 100 on the rate or else the number, and a selection in two parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.places.views_data import FunctionCount, SelectionRow

register = template.Library()

FULL_OF_LEAST = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """One row with the length of its bar and the place of the municipality's mark; None: unknown. `least`: there may well be more."""

    row: FunctionCount
    width: str | None
    reference: str | None
    least: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars; `rate`: they show places per 1,000 inhabitants; `compare`: with the whole municipality as a mark."""

    bars: list[Bar]
    rate: bool
    compare: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """The kinds of which there are places, and those of which there are none."""

    present: list[SelectionRow]
    absent: list[SelectionRow]


@register.filter
def by_presence(rows: Sequence[SelectionRow]) -> Selection:
    """The kinds that a reader meets here first; the long rest apart."""
    return Selection([row for row in rows if row.count], [row for row in rows if not row.count])


@register.filter
def bars(rows: Sequence[FunctionCount]) -> Chart:
    """A chart of the rows; a municipality beside itself is not compared."""
    rate = any(row.per_1000 is not None for row in rows)
    pairs = [(row.per_1000, row.municipality_per_1000) if rate else (_number(row), row.municipality_count) for row in rows]
    own = all(row.count == row.municipality_count for row in rows)
    compare = not own and (rate or all(row.count is None for row in rows)) and any(reference is not None for _, reference in pairs)
    shown = [value for pair in pairs for value in (pair if compare else pair[:1]) if value is not None]
    largest = max(shown, default=0) or 1
    if any(row.count is None for row in rows):
        # Room behind the longest bar too: there may be more.
        largest /= FULL_OF_LEAST
    return Chart(
        bars=[
            Bar(row, _length(value, largest), _length(reference, largest) if compare else None, row.count is None and row.found > 0)
            for row, (value, reference) in zip(rows, pairs, strict=True)
        ],
        rate=rate,
        compare=compare,
    )


def _number(row: FunctionCount) -> int | None:
    # Nothing found where the sources fall short is not zero, it is unknown.
    return row.count if row.count is not None else row.found or None


def _length(value: float | None, largest: float) -> str | None:
    return None if value is None else bar_width(value, largest)
