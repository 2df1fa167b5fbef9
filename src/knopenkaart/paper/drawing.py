# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all pictures of the monitor share: text that fits, axes, and one frame with title, description and source line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape
from zlib import crc32

Language = Literal["nl", "en"]
Anchor = Literal["start", "middle", "end"]

INK, SOFT, LINE, GROUND = "#14262a", "#42565a", "#c3cbca", "#ffffff"
FONTS = "Source Sans 3 Variable, Source Sans 3, Segoe UI, Arial, Helvetica, sans-serif"
MARGIN = 12.0
# Stands in a drawing for the name that makes its ids its own; it cannot come from a text, because `clean` drops it.
ID = "\x00"
# Widths of DejaVu Sans, the widest face that may stand in, in parts of the size: what fits by this measure fits.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]/ \u00a0\u202f"), frozenset("mwMWGOQ%@&+=<>−")
# What XML 1.0 forbids in a text.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` laid between `start` and `end` of the drawing; `ticks` are the round values in between."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """The place of a value; a value outside stands on the edge."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def clean(text: str) -> str:
    """A text as it may stand in XML."""
    return escape(_FORBIDDEN.sub("", text), {'"': "&quot;"})


def num(value: float) -> str:
    """A coordinate, a tenth of a pixel precise."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0", 1) if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line of text is, rather too wide than too narrow."""
    units = sum(0.35 if char in _NARROW else 0.92 if char in _WIDE else 0.7 if char.isupper() else 0.61 for char in text)
    return units * size * (1.11 if bold else 1.0)


def wrap(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Lines no wider than `width`; a word that is wider is cut. With `most`, the last of so many lines ends in an ellipsis."""
    lines: list[str] = []
    for word in _words(text, width, size, bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if most and len(lines) > most:
        return [*lines[: most - 1], f"{lines[most - 1][: max(1, len(lines[most - 1]) - 1)].rstrip()}…"]
    return lines or [""]


def _words(text: str, width: float, size: float, bold: bool) -> Iterable[str]:
    # A space that does not break, as in 12 %, stays inside its word.
    for word in filter(None, re.split(r"[ \t\r\n]+", text)):
        rest = word
        while len(rest) > 2 and text_width(rest, size, bold=bold) > width:
            part = _head_of(rest, width - text_width("-", size, bold=bold), size, bold)
            yield part if part.endswith(("-", "/")) else f"{part}-"
            rest = rest[len(part) :]
        yield rest


def _head_of(word: str, width: float, size: float, bold: bool) -> str:
    """As much of a word as fits, cut after a hyphen or slash where there is one."""
    count = next((size_ for size_ in range(len(word) - 1, 1, -1) if text_width(word[:size_], size, bold=bold) <= width), 2)
    natural = max(word.rfind("-", 1, count), word.rfind("/", 1, count))
    return word[: natural + 1] if natural > 1 else word[:count]


def text(
    content: str, x: float, y: float, *, size: float = 13, anchor: Anchor = "start", fill: str = INK, bold: bool = False, halo: str = ""
) -> str:
    """One line of text with its baseline at `y`; with an edge of the colour `halo`, where it stands over lines."""
    weight = ' font-weight="600"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    edge = f' stroke="{halo}" stroke-width="{num(size * 0.35)}" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return f'<text x="{num(x)}" y="{num(y)}" font-size="{num(size)}"{place}{weight}{edge} fill="{fill}">{clean(content)}</text>'


def lines_of_text(
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    size: float = 13,
    leading: float = 1.25,
    anchor: Anchor = "start",
    fill: str = INK,
    bold: bool = False,
    halo: str = "",
) -> str:
    """Lines below each other, the first with its baseline at `y`."""
    return "".join(
        text(line, x, y + index * size * leading, size=size, anchor=anchor, fill=fill, bold=bold, halo=halo)
        for index, line in enumerate(lines)
    )


def titled(parts: str, title: str, *, key: str = "") -> str:
    """A part of the drawing that says what it is when it is pointed at; `key` is what a page knows it by."""
    known_by = f' data-key="{clean(key)}"' if key else ""
    return f"<g{known_by}><title>{clean(title)}</title>{parts}</g>"


def hatch(name: str, *, colour: str = "#6b7a7c", step: float = 6, stroke: float = 1.2, slope: int = 45) -> str:
    """Stripes under the id `name`, for what is not known; fill with `url(#...)` of `reference(name)`."""
    size = num(step)
    head = f'<pattern id="{ID}-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" patternTransform="rotate({slope})">'
    ground = f'<rect width="{size}" height="{size}" fill="{GROUND}"/>'
    return f'<defs>{head}{ground}<path d="M{num(step / 2)} 0V{size}" stroke="{colour}" stroke-width="{stroke}"/></pattern></defs>'


def reference(name: str) -> str:
    """The paint of a pattern of this drawing."""
    return f"url(#{ID}-{name})"


def scale(values: Sequence[float], start: float, end: float, *, count: int = 5, least: float = 0.0) -> Scale:
    """A scale with round ticks around `values`, at `least` so far apart.

    It begins at 0 where the values come near it, so that small differences do not look large.
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low >= 0 and low <= 0.4 * high:
        low = 0.0
    # Values that differ by less than can be written are one value.
    if high - low <= 1e-6 * max(abs(low), abs(high), 1e-3):
        low, high = (low - abs(low) * 0.1, high + abs(high) * 0.1) if abs(low) > 1e-9 else (0.0, 1.0)
    step = max(_round_step((high - low) / count), least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(index * step, 10) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def _round_step(width: float) -> float:
    power = 10.0 ** math.floor(math.log10(width))
    return next(part * power for part in (1, 2, 2.5, 5, 10) if part * power >= width * 0.7)


def number(value: float, language: Language, *, step: float = 1.0) -> str:
    """A round number as it is written in Dutch or English, with as many decimals as the step between ticks needs."""
    decimals = next((count for count in range(6) if abs(step * 10**count - round(step * 10**count)) < 1e-6), 6)
    written = f"{value:,.{decimals}f}".replace("-", "−")
    return written.translate(str.maketrans(",.", ".,")) if language == "nl" else written


def stand_alone(body: str, *, width: float, height: float, title: str, source: str) -> tuple[str, float]:
    """A drawing with its title above and its source line below, and how high it then is."""
    head, foot = wrap(title, width - 2 * MARGIN, 17, bold=True), wrap(source, width - 2 * MARGIN, 11)
    top = 12 + 21.0 * len(head)
    words = lines_of_text(head, MARGIN, 25, size=17, bold=True) + lines_of_text(foot, MARGIN, top + height + 16, size=11, fill=SOFT)
    return f'<g transform="translate(0 {num(top)})">{body}</g>{words}', top + height + 8 + 14.0 * len(foot) + 6


def document(body: str, *, width: float, height: float, title: str, description: str, source: str = "", prefix: str = "") -> str:
    """The SVG: a picture with a name and a description. With a source line it carries title and source inside, to stand alone.

    `prefix` begins the ids of the picture; without one it is derived from what is drawn, so that two pictures on a page do not collide.
    """
    inner, full = stand_alone(body, width=width, height=height, title=title, source=source) if source else (body, height)
    named = prefix or f"k{crc32((title + description + inner).encode('utf-8')):08x}"
    size = f'viewBox="0 0 {num(width)} {num(full)}" width="{num(width)}" height="{num(full)}"'
    head_tags = f'role="img" aria-labelledby="{ID}-t {ID}-d" class="kk-picture" font-family="{FONTS}"'
    names = f'<title id="{ID}-t">{clean(title)}</title><desc id="{ID}-d">{clean(description)}</desc>'
    ground = f'<rect width="{num(width)}" height="{num(full)}" fill="{GROUND}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {head_tags}>{names}{ground}{inner}</svg>'
    return svg.replace(ID, clean(re.sub(r"[^\w-]", "", named)))
