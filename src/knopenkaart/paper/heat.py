# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table of groups against groups, or days against dayparts, in which every cell has its number and a shade that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.paper.drawing import (
    GROUND,
    INK,
    LINE,
    MARGIN,
    SOFT,
    document,
    lines_of_text,
    num,
    text,
    text_width,
    titled,
    wrap,
)
from knopenkaart.paper.shaded import RAMP

SIZE, ROW, ABOVE = 13.0, 40.0, 26.0
NARROW = 480.0
# Without the middle shade: no text has enough contrast on it.
SHADES, LIGHT = (*RAMP[:3], *RAMP[4:6]), 3


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row: its name, and per column the value (None: not told) and how it is written."""

    label: str
    values: Sequence[float | None]
    texts: Sequence[str]


def heat(
    rows: Sequence[HeatRow],
    columns: Sequence[str],
    *,
    title: str,
    description: str,
    across: str,
    same: bool = True,
    width: float = 640,
    source: str = "",
    prefix: str = "",
) -> str:
    """Rows against columns; `across` says above the columns what they are.

    The darkest shade is the highest value of the table. Where rows and columns are the `same` groups a cell on the diagonal has an edge of
    its own, and narrower than 480 the columns have numbers, which the rows have too.
    """
    if any(len(row.values) != len(columns) or len(row.texts) != len(columns) for row in rows):
        raise ValueError("every row has a value and a text per column")
    numbered = same and width < NARROW
    names = [f"{index}. {row.label}" if numbered else row.label for index, row in enumerate(rows, start=1)]
    left = MARGIN + min(max((text_width(name, SIZE) for name in names), default=0.0), width * 0.36) + 12
    step = (width - left - MARGIN) / max(1, len(columns))
    heads = [[str(index)] if numbered else wrap(name, step - 6, SIZE, most=3) for index, name in enumerate(columns, start=1)]
    top = ABOVE + max((len(head) for head in heads), default=1) * SIZE * 1.25 + 12
    most = max((value for row in rows for value in row.values if value is not None), default=0.0)
    body = [text(across, left, 18, size=SIZE, fill=SOFT)]
    for index, head in enumerate(heads):
        body.append(lines_of_text(head, left + (index + 0.5) * step, ABOVE + SIZE + 4, size=SIZE, anchor="middle"))
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = top + index * ROW
        words = wrap(name, left - MARGIN - 10, SIZE, most=2)
        body.append(lines_of_text(words, MARGIN, y + ROW / 2 + SIZE * (0.35 - 0.62 * (len(words) - 1)), size=SIZE))
        body.extend(
            _cell(row, at, columns[at], (left + at * step, y, step), most=most, own=same and at == index) for at in range(len(columns))
        )
    height = top + len(rows) * ROW + 8
    return document("".join(body), width=width, height=height, title=title, description=description, source=source, prefix=prefix)


def _cell(row: HeatRow, at: int, column: str, spot: tuple[float, float, float], *, most: float, own: bool) -> str:
    x, y, step = spot
    value, words = row.values[at], row.texts[at]
    # What is not told has no shade: the lightest one stands for a low number.
    shade = None if value is None else min(len(SHADES) - 1, int(value / most * len(SHADES))) if most > 0 else 0
    fill = GROUND if shade is None else SHADES[shade]
    ink = INK if shade is None or shade < LIGHT else GROUND
    edge = f'stroke="{INK if own else LINE}" stroke-width="{2 if own else 1}"'
    inset, wide, high = 2.0, num(step - 4.0), num(ROW - 4.0)
    box = f'<rect x="{num(x + inset)}" y="{num(y + inset)}" width="{wide}" height="{high}" fill="{fill}" {edge}/>'
    told = text(words, x + step / 2, y + ROW / 2 + SIZE * 0.35, size=SIZE, anchor="middle", fill=ink)
    return titled(box + told, f"{row.label} – {column}: {words}")
