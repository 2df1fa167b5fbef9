# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How something changes with a number of places: lines with bands, where it makes no difference as a bar, and how many there are now."""

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

# Colour, dashes and the ends of marks differ together, so that a line is known without its colour.
STYLES = (("#005f6b", ""), ("#b3470a", "7 4"), ("#5d3f8f", "2 3"))
SIZE, NAME_SIZE, PLATEAU = 12.0, 13.0, 9.0

# A number of places, the value there, and the band where there is one.
Spot = tuple[int, float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class PlateauLine:
    """One line: its name, its spots from few places to many, and between which numbers of places it makes no difference.

    `breaks`: numbers of places of which nothing is told; nothing is drawn across them.
    """

    label: str
    spots: Sequence[Spot]
    plateau: tuple[int, int] | None = None
    breaks: Sequence[int] = ()


def plateau(
    lines: Sequence[PlateauLine],
    *,
    title: str,
    description: str,
    unit: str,
    along: str,
    now: tuple[int, str] | None = None,
    language: Language = "nl",
    width: float = 360,
    height: float = 280,
    source: str = "",
    prefix: str = "",
) -> str:
    """Up to three lines over the number of places; `unit` stands above the upright axis, `along` below the other, `now` at its place.

    A plateau is a bar below the lines in the style of its line. Raises ValueError for more lines than there are styles.
    """
    if len(lines) > len(STYLES):
        raise ValueError("no more than three lines can be told apart")
    units = wrap(unit, width - 2 * MARGIN, SIZE)
    top = 12 + 15.0 * len(units) + 20.0 * len(lines) + 14
    bars = PLATEAU * sum(line.plateau is not None for line in lines)
    bottom = top + height
    values = [value for line in lines for spot in line.spots for value in spot[1:] if value is not None]
    upright = scale([0.0, *values], bottom - bars - 6, top + 6, count=4)
    left = MARGIN + max(text_width(_tick(tick, upright, language), SIZE) for tick in upright.ticks) + 10
    level = _level(lines, now, left + 8, width - MARGIN - 10)
    parts = [
        lines_of_text(units, MARGIN, 16, size=SIZE, fill=SOFT),
        *(_name(line, index, 16 + 15.0 * len(units) + 20 * index, width) for index, line in enumerate(lines)),
        _grid(upright, level, language, (left, width - MARGIN), bottom),
        _now(now, level, top, bottom, width),
        *(_band(line, index, level, upright) for index, line in enumerate(lines)),
        *(_line(line, index, level, upright, language) for index, line in enumerate(lines)),
        *_bars(lines, level, bottom),
        text(along, (level.start + level.end) / 2, bottom + 36, size=SIZE, anchor="middle", fill=SOFT),
    ]
    return document("".join(parts), width=width, height=bottom + 46, title=title, description=description, source=source, prefix=prefix)


def _tick(value: float, axis: Scale, language: Language) -> str:
    return number(value, language, step=axis.ticks[1] - axis.ticks[0])


def _level(lines: Sequence[PlateauLine], now: tuple[int, str] | None, start: float, end: float) -> Scale:
    """Numbers of places, as many of them lettered as fit."""
    found = [spot[0] for line in lines for spot in line.spots] + ([now[0]] if now else [])
    low, high = min(found, default=0), max(found, default=1)
    low, high = (low, high) if low < high else (max(0, low - 1), high + 1)
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 10**9) if (high - low) / step <= (end - start) / 34)
    ticks = tuple(float(tick) for tick in range(-(-low // step) * step, high + 1, step))
    return Scale(low, high, start, end, ticks or (float(low),))


def _grid(upright: Scale, level: Scale, language: Language, sides: tuple[float, float], bottom: float) -> str:
    parts = []
    for tick in upright.ticks:
        y = upright.at(tick)
        parts.append(f'<path d="M{num(sides[0])} {num(y)}H{num(sides[1])}" stroke="{LINE}" stroke-width="1"/>')
        parts.append(text(_tick(tick, upright, language), sides[0] - 7, y + 4, size=SIZE, anchor="end", fill=SOFT))
    parts.append(f'<path d="M{num(sides[0])} {num(bottom)}H{num(sides[1])}" stroke="{SOFT}" stroke-width="1"/>')
    for tick in level.ticks:
        x = level.at(tick)
        parts.append(f'<path d="M{num(x)} {num(bottom)}v5" stroke="{SOFT}" stroke-width="1"/>')
        parts.append(text(str(int(tick)), x, bottom + 18, size=SIZE, anchor="middle", fill=SOFT))
    return "".join(parts)


def _now(now: tuple[int, str] | None, level: Scale, top: float, bottom: float, width: float) -> str:
    if now is None:
        return ""
    x, half = level.at(now[0]), text_width(now[1], SIZE, bold=True) / 2
    spot = max(MARGIN + half, min(x, width - MARGIN - half))
    line = f'<path d="M{num(x)} {num(top - 2)}V{num(bottom)}" stroke="{INK}" stroke-width="1.4" stroke-dasharray="4 3"/>'
    return line + text(now[1], spot, top - 6, size=SIZE, anchor="middle", bold=True, halo=GROUND)


def _band(line: PlateauLine, index: int, level: Scale, upright: Scale) -> str:
    known = [
        (level.at(places), upright.at(low), upright.at(high)) for places, _, low, high in line.spots if low is not None and high is not None
    ]
    if len(known) < 2:
        return ""
    upper = "L".join(f"{num(x)} {num(high)}" for x, _, high in known)
    lower = "L".join(f"{num(x)} {num(low)}" for x, low, _ in reversed(known))
    return f'<path d="M{upper}L{lower}Z" fill="{STYLES[index][0]}" fill-opacity="0.13"/>'


def _line(line: PlateauLine, index: int, level: Scale, upright: Scale, language: Language) -> str:
    colour, dash = STYLES[index]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    spots = "".join(f"{move}{num(level.at(spot[0]))} {num(upright.at(spot[1]))}" for move, spot in _moves(line))
    drawn = f'<path d="{spots}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linejoin="round"{dashes}/>'
    marks = [titled(_mark(index, level.at(spot[0]), upright.at(spot[1])), _told(line, spot, language)) for spot in line.spots]
    return (drawn if len(line.spots) > 1 else "") + "".join(marks)


def _moves(line: PlateauLine) -> list[tuple[str, Spot]]:
    """Per spot whether the line begins there (M) or comes from the one before (L)."""
    before = [None, *line.spots[:-1]]
    return [
        ("M" if last is None or any(last[0] < gap < spot[0] for gap in line.breaks) else "L", spot)
        for last, spot in zip(before, line.spots, strict=False)
    ]


def _told(line: PlateauLine, spot: Spot, language: Language) -> str:
    places, value, low, high = spot
    band = f" ({_short(low, language)} – {_short(high, language)})" if low is not None and high is not None else ""
    return f"{line.label}, {places}: {_short(value, language)}{band}"


def _short(value: float, language: Language) -> str:
    return number(value, language, step=1.0 if abs(value) >= 100 else 0.1 if abs(value) >= 1 else 0.01)


def _mark(index: int, x: float, y: float) -> str:
    colour = STYLES[index][0]
    if index == 0:
        return f'<circle cx="{num(x)}" cy="{num(y)}" r="3.4" fill="{colour}" stroke="{GROUND}" stroke-width="1"/>'
    shape = "m-3.4-3.4h6.8v6.8h-6.8Z" if index == 1 else "m0-4.6l4.4 7.6h-8.8Z"
    return f'<path d="M{num(x)} {num(y)}{shape}" fill="{GROUND}" stroke="{colour}" stroke-width="1.8"/>'


def _bars(lines: Sequence[PlateauLine], level: Scale, bottom: float) -> list[str]:
    parts, y = [], bottom - 6
    for index, line in enumerate(lines):
        if line.plateau is None:
            continue
        first, last = level.at(line.plateau[0]), level.at(line.plateau[1])
        colour, dash = STYLES[index]
        ends = f"M{num(first)} {num(y)}H{num(last)}M{num(first)} {num(y - 3.5)}v7M{num(last)} {num(y - 3.5)}v7"
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        bar = f'<path d="{ends}" stroke="{colour}" stroke-width="3.2"{dashes}/>'
        parts.append(titled(bar, f"{line.label}: {line.plateau[0]} – {line.plateau[1]}"))
        y -= PLATEAU
    return parts


def _name(line: PlateauLine, index: int, y: float, width: float) -> str:
    colour, dash = STYLES[index]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    key = f'<path d="M{num(MARGIN)} {num(y + 8)}h26" stroke="{colour}" stroke-width="2.4"{dashes}/>{_mark(index, MARGIN + 13, y + 8)}'
    label = wrap(line.label, width - 2 * MARGIN - 34, NAME_SIZE, most=1)
    return key + lines_of_text(label, MARGIN + 34, y + 12.5, size=NAME_SIZE)
