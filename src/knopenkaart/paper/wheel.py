# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The profile wheel: a ring per theme, a segment per figure, and a sign in every segment so that nothing hangs on colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knopenkaart.paper.drawing import (
    GROUND,
    INK,
    MARGIN,
    SOFT,
    document,
    hatch,
    lines_of_text,
    num,
    reference,
    text,
    text_width,
    titled,
    wrap,
)

# The quarter at the upper left stays free for the names of the rings.
SWEEP = 270.0
OUTER, MIDDLE, RING_GAP, SIDE = 288.0, 56.0, 3.0, 600.0
LABEL_SIZE, LABEL_LEAST, LEGEND_SIZE, KEY_SIZE, KEY_MOST, SIGN_MOST = 21.0, 13.0, 19.0, 15.0, 20.0, 22.0
# A ring without any figure is a thin line of its name; what that leaves is for the others.
THIN, THIN_LABEL, RING_MOST = 21.0, 16.0, 62.0
# However many figures a ring lacks, those that are there have at least half of it.
MOST_ABSENT = 0.5
LIST_SIZE, LIST_ROW, LIST_INDENT = 13.0, 17.0, 26.0
SEGMENT_GAP = 2.4
# Every colour stands out at least 3:1 from the white between segments, and from the white sign in it; in grey they go from dark to light.
TONES: Mapping[str, str] = {
    "better": "#0b4a8f",
    "worse": "#c44e04",
    "more": "#0a7a6c",
    "less": "#6a3d9a",
    "same": "#878f94",
    "unknown": "",
    "absent": "",
}
# A number in these is white; text needs 4.5:1, a sign 3:1.
ON_DARK = frozenset({"better", "worse", "more", "less"})
EDGE = "#5a6b6d"


@dataclass(frozen=True, slots=True)
class WheelSegment:
    """One indicator: its name, how it stands against the comparison (a tone), and the figures in words.

    `key` is a short number that is written in the segment where it fits, to find it in the table beside; `short` is what the list of a
    wheel without its table says of it.
    """

    label: str
    tone: str
    value: str = ""
    key: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class WheelRing:
    """One theme with its indicators."""

    label: str
    segments: Sequence[WheelSegment]


def wheel(
    rings: Sequence[WheelRing],
    *,
    title: str,
    description: str,
    legend: Sequence[tuple[str, str]] = (),
    listed: bool = False,
    source: str = "",
    prefix: str = "",
) -> str:
    """The wheel as SVG, 600 wide, the first ring outermost; it reads from 280 pixels up. What a ring has no figure of is one open part at
    its end, and a ring without figures is thin: an open part for each hid the few figures that there are of a group.

    `legend` explains tones below the wheel, and `listed` writes below that what the number in each segment stands for: for a wheel
    without its table. `source` makes the picture stand alone, with its title inside (see drawing.document).
    A tone that is not in `TONES` is drawn as unknown.
    """
    drawn, outer = "", OUTER
    for ring, pitch in zip(rings, _pitches(rings), strict=True):
        drawn += _ring(ring, outer, pitch - RING_GAP)
        outer -= pitch
    keys, height = _legend(legend, SIDE)
    patterns = (
        hatch("unknown", step=9, stroke=1.6) if any(_tone(item.tone) == "unknown" for ring in rings for item in ring.segments) else ""
    )
    if not patterns and any(_tone(tone) == "unknown" for tone, _ in legend):
        patterns = hatch("unknown", step=9, stroke=1.6)
    names, more = _list(rings, SIDE + height + 16) if listed else ("", 0.0)
    body, full = patterns + drawn + keys + names, SIDE + height + more
    return document(body, width=SIDE, height=full, title=title, description=description, source=source, prefix=prefix)


def _tone(tone: str) -> str:
    return tone if tone in TONES else "unknown"


def _pitches(rings: Sequence[WheelRing]) -> list[float]:
    """How much of the radius each ring takes: those without figures little, where others have some."""
    room, told = OUTER - MIDDLE, [any(item.tone != "absent" for item in ring.segments) for ring in rings]
    thin = min(THIN, room / max(len(rings), 1)) if any(told) else min(room / max(len(rings), 1), RING_MOST)
    full = min((room - thin * told.count(False)) / max(told.count(True), 1), RING_MOST)
    return [full if there else thin for there in told]


def _ring(ring: WheelRing, outer: float, thick: float) -> str:
    """The figures of a theme in their order, and behind them one open part for all that are not there."""
    inner, middle = outer - thick, SIDE / 2
    told = [item for item in ring.segments if item.tone != "absent"]
    absent = [item for item in ring.segments if item.tone == "absent"]
    lacking = SWEEP * min(len(absent) / max(len(ring.segments), 1), MOST_ABSENT if told else 1.0)
    step = (SWEEP - lacking) / max(len(told), 1)
    parts = [_segment(item, index * step, (index + 1) * step, inner, outer) for index, item in enumerate(told)]
    if absent or not told:
        parts.append(_absent(absent, SWEEP - lacking if told else 0.0, inner, outer))
    most = LABEL_SIZE if told else THIN_LABEL
    size = min(most, most * (middle - MARGIN - 4) / max(text_width(ring.label, most), 1))
    fill = INK if told else SOFT
    name = text(ring.label, middle - 10, middle - (inner + outer) / 2 + 0.35 * size, size=max(size, LABEL_LEAST), anchor="end", fill=fill)
    return name + "".join(parts)


def _absent(items: Sequence[WheelSegment], start: float, inner: float, outer: float) -> str:
    """What a ring has no figure of, told by name when it is pointed at; a ring without any figure is a dashed line."""
    radius = (inner + outer) / 2
    shape = _shape("absent", _arc(start, SWEEP, inner, outer)) if start else _line(radius)
    if not items:
        return shape
    place = _at(math.radians((start + SWEEP) / 2), radius)
    return titled(shape + sign("absent", *place, min((outer - inner) * 0.58, SIGN_MOST)), "; ".join(_told(item) for item in items))


def _line(radius: float) -> str:
    (x, y), (to_x, to_y) = _at(0, radius), _at(math.radians(SWEEP), radius)
    path = f"M{num(x)} {num(y)}A{num(radius)} {num(radius)} 0 1 1 {num(to_x)} {num(to_y)}"
    return f'<path d="{path}" fill="none" stroke="{EDGE}" stroke-width="1.2" stroke-dasharray="4 4"/>'


def _segment(item: WheelSegment, start: float, end: float, inner: float, outer: float) -> str:
    tone = _tone(item.tone)
    shape = _shape(tone, _arc(start, end, inner, outer))
    angle, radius = math.radians((start + end) / 2), (inner + outer) / 2
    length = math.radians(end - start) * radius - SEGMENT_GAP
    size = min((outer - inner) * 0.58, length * 0.58, SIGN_MOST)
    tall = min(max(KEY_SIZE, (outer - inner) * 0.4), KEY_MOST)
    wide = text_width(item.key, tall, bold=True)
    key, apart = "", 0.0
    if item.key and outer - inner >= KEY_SIZE and length >= size * 1.3 + wide + 6:
        # Sign and number stand on the arc on both sides of its middle.
        apart = (size * 0.65 + wide / 2 + 5) / 2 / radius
        key = _key(item.key, tone, tall, *_at(angle + apart, radius))
    return titled(shape + sign(tone, *_at(angle - apart, radius), size) + key, _told(item), key=item.key)


def _told(item: WheelSegment) -> str:
    told = f"{item.label}: {item.value}" if item.value else item.label
    return f"{item.key}. {told}" if item.key else told


def _key(key: str, tone: str, size: float, x: float, y: float) -> str:
    fill, halo = (GROUND if tone in ON_DARK else INK), ("" if TONES[tone] else GROUND)
    return text(key, x, y + size * 0.35, size=size, anchor="middle", fill=fill, bold=True, halo=halo)


def _at(angle: float, radius: float) -> tuple[float, float]:
    return SIDE / 2 + radius * math.sin(angle), SIDE / 2 - radius * math.cos(angle)


def _shape(tone: str, path: str) -> str:
    if tone == "absent":
        return f'<path d="{path}" fill="{GROUND}" stroke="{EDGE}" stroke-width="1.2" stroke-dasharray="4 4"/>'
    if tone == "unknown":
        return f'<path d="{path}" fill="{reference("unknown")}" stroke="{EDGE}" stroke-width="1.2"/>'
    return f'<path d="{path}" fill="{TONES[tone]}"/>'


def _arc(start: float, end: float, inner: float, outer: float) -> str:
    """A piece of a ring, angles in degrees clockwise from the top, with the same gap at its inner and outer edge."""
    out, back = (_spot(angle, outer, side) for angle, side in ((start, 1), (end, -1)))
    near, far = (_spot(angle, inner, side) for angle, side in ((end, -1), (start, 1)))
    large = int(end - start > 180)
    return f"M{out}A{num(outer)} {num(outer)} 0 {large} 1 {back}L{near}A{num(inner)} {num(inner)} 0 {large} 0 {far}Z"  # fmt: skip


def _spot(angle: float, radius: float, side: int) -> str:
    x, y = _at(math.radians(angle) + side * SEGMENT_GAP / 2 / radius, radius)
    return f"{num(x)} {num(y)}"


def sign(tone: str, x: float, y: float, size: float) -> str:
    """The sign of a tone with its middle at (x, y): plus, minus, arrows up and down, equals, question mark, or a small open circle."""
    half = size / 2
    paths = {
        "better": f"M{num(x - half)} {num(y)}H{num(x + half)}M{num(x)} {num(y - half)}V{num(y + half)}",
        "worse": f"M{num(x - half)} {num(y)}H{num(x + half)}",
        "same": f"M{num(x - half)} {num(y - size * 0.22)}H{num(x + half)}M{num(x - half)} {num(y + size * 0.22)}H{num(x + half)}",
    }
    if tone in paths:
        return f'<path d="{paths[tone]}" fill="none" stroke="#fff" stroke-width="{num(max(size * 0.19, 1.2))}"/>'
    if tone in ("more", "less"):
        tip = -half if tone == "more" else half
        return f'<path d="M{num(x)} {num(y + tip)}L{num(x + half)} {num(y - tip * 0.8)}H{num(x - half)}Z" fill="#fff"/>'
    if tone == "absent":
        return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(size * 0.2)}" fill="{GROUND}" stroke="{EDGE}" stroke-width="1.4"/>'
    disc = f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(size * 0.62)}" fill="{GROUND}"/>'
    return disc + text("?", x, y + size * 0.36, size=size * 1.05, anchor="middle", fill=INK, bold=True)


def _legend(legend: Sequence[tuple[str, str]], width: float) -> tuple[str, float]:
    """Keys in columns, read from above to below; and the height that they take."""
    if not legend:
        return "", 0.0
    box, gap, row = 26.0, 22.0, 36.0
    wide = box + 9 + max(text_width(label, LEGEND_SIZE) for _, label in legend) + gap
    columns = max(1, int((width - 2 * MARGIN + gap) / wide))
    rows = -(-len(legend) // columns)
    parts = []
    for index, (tone, label) in enumerate(legend):
        x, y = MARGIN + index // rows * wide, SIDE + 14 + index % rows * row
        known = _tone(tone)
        parts.append(_shape(known, f"M{num(x)} {num(y)}h{num(box)}v{num(box)}h{num(-box)}Z") + sign(known, x + box / 2, y + box / 2, 14))
        lines = wrap(label, width - MARGIN - x - box - 9, LEGEND_SIZE, most=1)
        parts.append(lines_of_text(lines, x + box + 9, y + box / 2 + LEGEND_SIZE * 0.34, size=LEGEND_SIZE))
    return "".join(parts), 14 + rows * row


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the list: a number and the words behind it; without a number it goes on with the line above, or names a ring."""

    key: str
    words: str
    head: bool = False


def _list(rings: Sequence[WheelRing], top: float) -> tuple[str, float]:
    """What the numbers stand for, ring by ring, in two columns that are read from above to below; and the height that they take."""
    wide = (SIDE - 3 * MARGIN) / 2
    lines = [line for ring in rings for line in _lines_of(ring, wide)]
    first = -(-len(lines) // 2)
    while 0 < first < len(lines) and (lines[first - 1].head or not (lines[first].key or lines[first].head)):
        first += 1
    drawn = _column(lines[:first], MARGIN, top) + _column(lines[first:], 2 * MARGIN + wide, top)
    return drawn, 16 + max(first, len(lines) - first) * LIST_ROW if lines else 0.0


def _lines_of(ring: WheelRing, wide: float) -> list[_Line]:
    numbered = [item for item in ring.segments if item.key]
    lines = [_Line("", ring.label, head=True)] if numbered else []
    for item in numbered:
        told = item.short or item.value
        words = wrap(f"{item.label}: {told}" if told else item.label, wide - LIST_INDENT, LIST_SIZE)
        lines += [_Line(item.key if not index else "", part) for index, part in enumerate(words)]
    return lines


def _column(lines: Sequence[_Line], x: float, top: float) -> str:
    parts = []
    for index, line in enumerate(lines):
        y = top + (index + 1) * LIST_ROW - 4
        key = text(line.key, x + LIST_INDENT - 6, y, size=LIST_SIZE, anchor="end", bold=True) if line.key else ""
        parts.append(key + text(line.words, x if line.head else x + LIST_INDENT, y, size=LIST_SIZE, bold=line.head))
    return "".join(parts)
