# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A row per area with its value and margin, against a line to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.paper.drawing import (
    GROUND,
    INK,
    LINE,
    MARGIN,
    SOFT,
    Anchor,
    Language,
    Scale,
    document,
    lines_of_text,
    num,
    number,
    scale,
    text,
    text_width,
    titled,
    wrap,
)

SIZE, NARROW = 14.0, 480.0
ROW = SIZE * 1.25
ACCENT, PLAIN, TINT = "#00464f", "#1c7a85", "#e2f0f1"
DOT = 5.0
OTHER = "#b3470a"


@dataclass(frozen=True, slots=True)
class DotRow:
    """One area and its figure, in words too. `value` is empty where there is none, `low` and `high` where the margin is not known.

    `other` is what something else gives for the same, drawn as an open triangle.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    emphasis: bool = False
    other: float | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The words of a row as they are drawn, where the row begins, how high it is, and the height of its dot."""

    row: DotRow
    words: str
    y: float
    height: float
    middle: float


def dots(
    rows: Sequence[DotRow],
    *,
    title: str,
    description: str,
    unit: str,
    reference: tuple[float, str] | None = None,
    language: Language = "nl",
    width: float = 640,
    source: str = "",
    prefix: str = "",
) -> str:
    """Rows from above to below as given; an open dot stands for a margin that is not known, and only words where there is no value.

    `unit` stands below the axis; `reference` is a value and the name of what it belongs to. Narrower than 480, the names stand above their
    dots.
    """
    left, right = _sides(rows, width)
    values = [value for row in rows for value in (row.value, row.low, row.high, row.other) if value is not None]
    wanted = max(3, int((width - left - right) / 55))
    axis = scale([*values, *([reference[0]] if reference else [])], left + DOT, width - right - DOT, count=wanted)
    top = 30.0 if reference else 8.0
    y, drawn = top, list[_Drawn]()
    for row in rows:
        drawn.append(_stacked(row, width, y) if width < NARROW else _beside(row, left, right, width, y))
        y += drawn[-1].height
    parts = [
        *(_tint(item, width) for item in drawn),
        _axis(axis, top, y, unit, language),
        _reference(reference, axis, _open(drawn, y) if width < NARROW else [(22.0, y)], width),
        *(_whole(item, axis) for item in drawn),
    ]
    return document("".join(parts), width=width, height=y + 46, title=title, description=description, source=source, prefix=prefix)


def _sides(rows: Sequence[DotRow], width: float) -> tuple[float, float]:
    """How wide the names and the figures stand beside the dots."""
    if width < NARROW:
        return MARGIN, MARGIN
    widest = max((text_width(row.label, SIZE, bold=row.emphasis) for row in rows), default=0.0)
    figures = max((text_width(row.text, SIZE, bold=row.emphasis) for row in rows if row.value is not None), default=0.0)
    return MARGIN + min(widest, width * 0.32) + 14, MARGIN + min(figures, width * 0.28) + (12 if figures else 0)


def _beside(row: DotRow, left: float, right: float, width: float, y: float) -> _Drawn:
    """Name, dot and figure next to each other, on one height."""
    names = wrap(row.label, left - MARGIN - 14, SIZE, bold=row.emphasis)
    figures = wrap(row.text, width - MARGIN - left if row.value is None else right - MARGIN, SIZE, bold=row.emphasis)
    height = max(len(names), len(figures)) * ROW + 11
    middle = y + height / 2
    drawn = lines_of_text(names, MARGIN, _first(middle, names), size=SIZE, bold=row.emphasis)
    if row.value is None:
        drawn += lines_of_text(figures, left + DOT, _first(middle, figures), size=SIZE, fill=SOFT, halo=_ground(row))
    else:
        drawn += lines_of_text(figures, width - MARGIN, _first(middle, figures), size=SIZE, anchor="end", bold=row.emphasis)
    return _Drawn(row, drawn, y, height, middle)


def _stacked(row: DotRow, width: float, y: float) -> _Drawn:
    """Name and figure above the dot, beside each other where both fit."""
    room, figure = width - 2 * MARGIN, text_width(row.text, SIZE, bold=row.emphasis) + 12
    below = bool(row.text) and figure >= room * 0.5
    names = wrap(row.label, room if below or not row.text else room - figure, SIZE, bold=row.emphasis)
    figures = wrap(row.text, room, SIZE, bold=row.emphasis)
    first, fill = y + 4 + SIZE, SOFT if row.value is None else INK
    drawn = lines_of_text(names, MARGIN, first, size=SIZE, bold=row.emphasis, halo=_ground(row))
    spot = (MARGIN, first + len(names) * ROW) if below else (width - MARGIN, first)
    anchor: Anchor = "start" if below else "end"
    drawn += lines_of_text(figures, *spot, size=SIZE, anchor=anchor, bold=row.emphasis, fill=fill, halo=_ground(row))
    words = (len(names) + (len(figures) if below else 0)) * ROW
    height = words + (10 if row.value is None else 29)
    return _Drawn(row, drawn, y, height, y + height - 15)


def _first(middle: float, lines: Sequence[str]) -> float:
    """The baseline of the first of lines that have their middle there."""
    return middle - len(lines) * ROW / 2 + SIZE


def _ground(row: DotRow) -> str:
    return TINT if row.emphasis else GROUND


def _tint(item: _Drawn, width: float) -> str:
    if not item.row.emphasis:
        return ""
    return f'<rect x="0" y="{num(item.y)}" width="{num(width)}" height="{num(item.height)}" fill="{TINT}"/>'


def _whole(item: _Drawn, axis: Scale) -> str:
    row = item.row
    mark = "" if row.value is None else _mark(row, row.value, axis, item.middle)
    mark += "" if row.other is None else _other(axis.at(row.other), item.middle)
    return titled(item.words + mark, f"{row.label}: {row.text}" if row.text else row.label)


def _mark(row: DotRow, value: float, axis: Scale, y: float) -> str:
    colour = ACCENT if row.emphasis else PLAIN
    x = axis.at(value)
    if row.low is None or row.high is None:
        return f'<circle cx="{num(x)}" cy="{num(y)}" r="{DOT}" fill="#fff" stroke="{colour}" stroke-width="2"/>'
    low, high = axis.at(row.low), axis.at(row.high)
    bar = f"M{num(low)} {num(y)}H{num(high)}M{num(low)} {num(y - 4)}v8M{num(high)} {num(y - 4)}v8"
    line = f'<path d="{bar}" fill="none" stroke="{colour}" stroke-width="2"/>'
    if row.emphasis:
        size = DOT * 1.5
        return f'{line}<path d="M{num(x - size)} {num(y)}l{size} {-size} {size} {size} {-size} {size}Z" fill="{colour}"/>'
    return f'{line}<circle cx="{num(x)}" cy="{num(y)}" r="{DOT}" fill="{colour}"/>'


def _other(x: float, y: float) -> str:
    return f'<path d="M{num(x)} {num(y - 7)}l6.5 12h-13Z" fill="{GROUND}" stroke="{OTHER}" stroke-width="2"/>'


def _axis(axis: Scale, top: float, bottom: float, unit: str, language: Language) -> str:
    step = axis.ticks[1] - axis.ticks[0]
    parts = []
    for tick in axis.ticks:
        x = num(axis.at(tick))
        parts.append(f'<path d="M{x} {num(top)}V{num(bottom)}" stroke="{LINE}" stroke-width="1"/>')
        parts.append(text(number(tick, language, step=step), axis.at(tick), bottom + 18, size=12, anchor="middle", fill=SOFT))
    return "".join(parts) + text(unit, (axis.start + axis.end) / 2, bottom + 37, size=12, anchor="middle", fill=SOFT)


def _open(drawn: Sequence[_Drawn], bottom: float) -> list[tuple[float, float]]:
    """From where to where a line may run down without words over it: below its name, and beside each dot."""
    spans = [(22.0, 30.0), *((item.middle - 9, item.middle + 12) for item in drawn if item.row.value is not None)]
    return [(high, min(low, bottom)) for high, low in spans]


def _reference(reference: tuple[float, str] | None, axis: Scale, spans: Sequence[tuple[float, float]], width: float) -> str:
    """The line to compare with, in pieces, its name above it and inside the picture."""
    if reference is None:
        return ""
    x, half = axis.at(reference[0]), text_width(reference[1], 13, bold=True) / 2
    spot = max(MARGIN + half, min(x, width - MARGIN - half))
    pieces = "".join(f"M{num(x)} {num(high)}V{num(low)}" for high, low in spans)
    line = f'<path d="{pieces}" fill="none" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3"/>'
    return line + text(reference[1], spot, 16, size=13, anchor="middle", bold=True)
