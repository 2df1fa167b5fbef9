# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures over the years: a line per series with its margin, no line over a gap, and every break drawn and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.paper.drawing import (
    GROUND,
    INK,
    LINE,
    MARGIN,
    SOFT,
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

# Year, value, and the margin where it is known.
Point = tuple[int, float, float | None, float | None]
# Colour, dashes and mark differ together, so that a line is known without its colour.
STYLES = (
    ("#005f6b", "", "disc"),
    ("#b3470a", "7 4", "square"),
    ("#5d3f8f", "2 3", "triangle"),
    ("#46566a", "9 3 2 3", "diamond"),
    ("#8d2b6c", "4 4", "ring"),
    ("#806000", "12 4", "box"),
)
MOST_SERIES = len(STYLES)
SIZE, NAME_SIZE = 12.0, 13.0


@dataclass(frozen=True, slots=True)
class LineSeries:
    """One area or group: runs of years that may be joined; between two runs no line is drawn."""

    label: str
    parts: Sequence[Sequence[Point]]


def lines(
    series: Sequence[LineSeries],
    *,
    title: str,
    description: str,
    unit: str,
    breaks: Sequence[tuple[int, str]] = (),
    language: Language = "nl",
    width: float = 640,
    height: float = 340,
    source: str = "",
    prefix: str = "",
) -> str:
    """Series over years; `unit` stands above the axis, and each break is a dashed line before its year, lettered and explained below.

    More than six series share styles: draw several pictures instead.
    """
    points = [point for item in series for part in item.parts for point in part]
    told = _told(breaks)
    values = [value for point in points for value in point[1:] if value is not None]
    names_width = min(max((text_width(item.label, NAME_SIZE) for item in series), default=0.0) + 36, width * 0.32)
    beside = width >= 480
    top = 34.0 if beside else 34.0 + 20.0 * len(series)
    # There is no class between 6 and 7.
    whole = all(float(value).is_integer() for value in values)
    upright = scale(values, top + height - 70, top + 8, count=5, least=1.0 if whole else 0.0)
    left = MARGIN + max(text_width(number(tick, language, step=_step(upright)), SIZE) for tick in upright.ticks) + 10
    years = _years(points, left + 12, width - (names_width + MARGIN if beside else MARGIN + 16))
    bottom = upright.start
    drawn = [
        text(unit, MARGIN, 18, size=SIZE, fill=SOFT),
        _grid(upright, years, points, language, (left, years.end + 12)),
        _breaks(told, years, top, bottom),
        *(_series(item, index, years, upright, language) for index, item in enumerate(series)),
        _names_beside(series, years, upright, width) if beside else _names_above(series, width),
    ]
    notes, used = _notes(told, width, bottom + 44)
    return document("".join([*drawn, notes]), width=width, height=used, title=title, description=description, source=source, prefix=prefix)


def _step(axis: Scale) -> float:
    return axis.ticks[1] - axis.ticks[0]


def _years(points: Sequence[Point], start: float, end: float) -> Scale:
    found = [point[0] for point in points] or [0]
    first, last = min(found), max(found)
    if first == last:
        first, last = first - 1, last + 1
    return Scale(first, last, start, end, tuple(range(first, last + 1)))


def _grid(upright: Scale, years: Scale, points: Sequence[Point], language: Language, sides: tuple[float, float]) -> str:
    parts = []
    for tick in upright.ticks:
        y = upright.at(tick)
        colour = SOFT if tick == upright.low else LINE
        parts.append(f'<path d="M{num(sides[0])} {num(y)}H{num(sides[1])}" stroke="{colour}" stroke-width="1"/>')
        parts.append(text(number(tick, language, step=_step(upright)), sides[0] - 7, y + 4, size=SIZE, anchor="end", fill=SOFT))
    every = max(1, -(-len(years.ticks) * 38 // max(1, int(years.end - years.start))))
    shown = {point[0] for point in points}
    for year in years.ticks:
        if year not in shown and (not points or every > 1):
            continue
        if (int(years.high) - int(year)) % every == 0:
            x = years.at(year)
            parts.append(f'<path d="M{num(x)} {num(upright.start)}v5" stroke="{SOFT}" stroke-width="1"/>')
            parts.append(text(str(int(year)), x, upright.start + 20, size=SIZE, anchor="middle", fill=SOFT))
    return "".join(parts)


def _letter(index: int) -> str:
    return chr(ord("A") + index % 26)


def _told(breaks: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """One entry per year, in the order given: what broke in the same year stands together."""
    years = dict.fromkeys(year for year, _ in breaks)
    return [(year, "; ".join(dict.fromkeys(reason for other, reason in breaks if other == year))) for year in years]


def _breaks(breaks: Sequence[tuple[int, str]], years: Scale, top: float, bottom: float) -> str:
    parts = []
    for index, (year, reason) in enumerate(breaks):
        if not years.low < year <= years.high:
            continue
        x = years.at(year - 0.5)
        line = f'<path d="M{num(x)} {num(top - 2)}V{num(bottom)}" stroke="{INK}" stroke-width="1.5" stroke-dasharray="5 4"/>'
        disc = f'<circle cx="{num(x)}" cy="{num(top - 10)}" r="9" fill="{INK}"/>'
        letter = text(_letter(index), x, top - 5.8, size=12, anchor="middle", fill=GROUND, bold=True)
        parts.append(titled(line + disc + letter, f"{year}: {reason}"))
    return "".join(parts)


def _notes(breaks: Sequence[tuple[int, str]], width: float, y: float) -> tuple[str, float]:
    """What each break is, below the picture; and how high the picture has become."""
    parts = []
    for index, (year, reason) in enumerate(breaks):
        told = wrap(f"{year}: {reason}", width - 2 * MARGIN - 28, SIZE)
        parts.append(f'<circle cx="{num(MARGIN + 9)}" cy="{num(y - 4)}" r="9" fill="{INK}"/>')
        parts.append(text(_letter(index), MARGIN + 9, y + 0.2, size=12, anchor="middle", fill=GROUND, bold=True))
        parts.append(lines_of_text(told, MARGIN + 26, y, size=SIZE, fill=INK))
        y += len(told) * SIZE * 1.25 + 8
    return "".join(parts), y - 8 if breaks else y - 14


def _series(item: LineSeries, index: int, years: Scale, upright: Scale, language: Language) -> str:
    colour, dash, shape = STYLES[index % MOST_SERIES]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    bands, paths, marks = [], [], []
    for part in item.parts:
        bands.append(_band(part, years, upright, colour))
        if len(part) > 1:
            spots = "L".join(f"{num(years.at(point[0]))} {num(upright.at(point[1]))}" for point in part)
            paths.append(f'<path d="M{spots}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linejoin="round"{dashes}/>')
        for year, value, low, high in part:
            x = years.at(year)
            whisker = "" if low is None or high is None or len(part) > 1 else _whisker(x, upright.at(low), upright.at(high), colour)
            told = f"{item.label}, {year}: {number(value, language, step=_decimals(value))}"
            marks.append(titled(whisker + _mark(shape, x, upright.at(value), colour), told))
    return "".join([*bands, *paths, *marks])


def _decimals(value: float) -> float:
    return 1.0 if value == round(value) else 0.1 if value == round(value, 1) else 0.01


def _band(part: Sequence[Point], years: Scale, upright: Scale, colour: str) -> str:
    """The margin of a run as a light band over the years that have one."""
    known = [(years.at(year), upright.at(low), upright.at(high)) for year, _, low, high in part if low is not None and high is not None]
    if len(known) < 2 or len(known) < len(part):
        return "".join(_whisker(x, low, high, colour) for x, low, high in known) if len(part) > 1 else ""
    upper = "L".join(f"{num(x)} {num(high)}" for x, _, high in known)
    lower = "L".join(f"{num(x)} {num(low)}" for x, low, _ in reversed(known))
    return f'<path d="M{upper}L{lower}Z" fill="{colour}" fill-opacity="0.15"/>'


def _whisker(x: float, low: float, high: float, colour: str) -> str:
    path = f"M{num(x)} {num(low)}V{num(high)}M{num(x - 4)} {num(low)}h8M{num(x - 4)} {num(high)}h8"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def _mark(shape: str, x: float, y: float, colour: str) -> str:
    filled = f'fill="{colour}" stroke="{GROUND}" stroke-width="1.2"'
    hollow = f'fill="{GROUND}" stroke="{colour}" stroke-width="2"'
    if shape in ("disc", "ring"):
        return f'<circle cx="{num(x)}" cy="{num(y)}" r="4.6" {filled if shape == "disc" else hollow}/>'
    paths = {
        "square": "m-4.4-4.4h8.8v8.8h-8.8Z",
        "triangle": "m0-5.6l5.4 9.6h-10.8Z",
        "diamond": "m0-6l6 6l-6 6l-6-6Z",
        "box": "m-4-4h8v8h-8Z",
    }
    return f'<path d="M{num(x)} {num(y)}{paths[shape]}" {hollow if shape == "box" else filled}/>'


def _names_beside(series: Sequence[LineSeries], years: Scale, upright: Scale, width: float) -> str:
    """The name of each line where it ends, moved apart where two would overlap."""
    ends = [(upright.at(last[1]), index) for index, item in enumerate(series) if (last := _last(item)) is not None]
    x, room = years.end + 16, width - MARGIN - years.end - 34
    blocks = [(y, index, wrap(series[index].label, room, NAME_SIZE)) for y, index in sorted(ends)]
    tops = _apart([(y, len(block) * NAME_SIZE * 1.2 + 4) for y, _, block in blocks], upright.end - 14, upright.start + 12)
    parts = []
    for (_, index, block), top in zip(blocks, tops, strict=True):
        colour, _, shape = STYLES[index % MOST_SERIES]
        parts.append(_mark(shape, x + 4, top + NAME_SIZE * 0.62, colour))
        parts.append(lines_of_text(block, x + 16, top + NAME_SIZE, size=NAME_SIZE, leading=1.2))
    return "".join(parts)


def _names_above(series: Sequence[LineSeries], width: float) -> str:
    parts = []
    for index, item in enumerate(series):
        colour, _, shape = STYLES[index % MOST_SERIES]
        y = 38 + 20.0 * index
        label = wrap(item.label, width - 2 * MARGIN - 18, NAME_SIZE, most=1)
        parts.append(_mark(shape, MARGIN + 5, y - 4, colour) + lines_of_text(label, MARGIN + 18, y, size=NAME_SIZE))
    return "".join(parts)


def _last(item: LineSeries) -> Point | None:
    return max((point for part in item.parts for point in part), default=None, key=lambda point: point[0])


def _apart(blocks: Sequence[tuple[float, float]], low: float, high: float) -> list[float]:
    """The upper edges of blocks (middle, height), in order and none over another; where they fit, all between `low` and `high`."""
    tops: list[float] = []
    floor = low
    for middle, size in blocks:
        floor = max(floor, middle - size / 2)
        tops.append(floor)
        floor += size
    ceiling = high
    for index in range(len(tops) - 1, -1, -1):
        tops[index] = max(min(tops[index], ceiling - blocks[index][1]), low) if index else min(tops[index], ceiling - blocks[index][1])
        ceiling = tops[index]
    return tops
