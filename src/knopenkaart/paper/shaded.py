# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas shaded by class on a plain map, what is not known hatched; one map, or several with one legend."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from knopenkaart.errors import InputError
from knopenkaart.paper.drawing import (
    GROUND,
    ID,
    INK,
    MARGIN,
    SOFT,
    clean,
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

# A polygon in degrees, and in tenths of a pixel: its outer ring, then its holes.
Outline = list[list[list[float]]]
Ring = list[tuple[int, int]]
Polygon = list[Ring]

# From light to dark in one hue, evenly in lightness, so that the order stays in grey print and for colour-blind readers.
RAMP = ("#e3f0f1", "#b5d9dc", "#7fbac0", "#45929b", "#1b6d78", "#0a4a55", "#03282f")
DARK_TEXT_UNTIL = 0.45
# How far up the ramp the highest class reaches, by how many there are: two in black and white shout of what may be a small difference.
REACH = {1: 3.5, 2: 3.6, 3: 4.6}
EDGE, MARKED = "#ffffff", "#14262a"
KM_PER_DEGREE = 111.32
# Tenths of a pixel: whole numbers keep a map of the country small.
TENTHS = 10
LEGEND_SIZE, LEGEND_ROW, KEY = 13.0, 25.0, 20.0
HEAD, GUTTER = 15.0, 18.0
# Names stand on at most three lines; where they may stand is looked for at so many heights of an area.
NAME_SIZES, NAME_HEIGHTS, NAME_AIR = (14.0, 11.5), 12, 8.0


@dataclass(frozen=True, slots=True)
class ShadedShape:
    """One area: a Polygon or MultiPolygon as GeoJSON text in degrees, what it says when pointed at, its class from 0 (None: not known).

    `name` is written in it where it fits; `code` is what a page knows it by.
    """

    geojson: str
    label: str
    shade: int | None
    emphasis: bool = False
    name: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ShadedMap:
    """One of several maps: its own title and the same or other areas."""

    title: str
    shapes: Sequence[ShadedShape]


@dataclass(frozen=True, slots=True)
class View:
    """How degrees become tenths of a pixel."""

    west: float
    north: float
    along: float
    per_degree: float
    width: float
    height: float

    def km(self, length: float) -> float:
        """How many pixels a number of kilometres is."""
        return length / KM_PER_DEGREE * self.per_degree / TENTHS


@dataclass(frozen=True, slots=True)
class _Place:
    """Which map it is, and where it stands."""

    index: int
    x: float
    y: float


def shaded(
    shapes: Sequence[ShadedShape],
    *,
    shades: int,
    title: str,
    description: str,
    legend: Sequence[tuple[int | None, str]] = (),
    width: float = 640,
    height: float = 560,
    numbers: bool = False,
    source: str = "",
    prefix: str = "",
) -> str:
    """One map, as large as `width` and `height` allow. `numbers` writes the class in areas where it fits, counted from 1 as in the legend.

    Raises InputError `picture.geometry` where a geometry is not a Polygon or MultiPolygon in degrees.
    """
    one = [ShadedMap("", shapes)]
    return _sheet(one, 1, shades, legend, (width, height), numbers, title=title, description=description, source=source, prefix=prefix)


def small_multiples(
    maps: Sequence[ShadedMap],
    *,
    columns: int,
    shades: int,
    title: str,
    description: str,
    legend: Sequence[tuple[int | None, str]] = (),
    width: float = 640,
    height: float = 260,
    source: str = "",
    prefix: str = "",
) -> str:
    """Several maps on one scale and with one legend, `columns` beside each other, each at most `height` high; an area is drawn once.

    Raises InputError `picture.geometry`.
    """
    across = max(1, min(columns, len(maps)))
    return _sheet(maps, across, shades, legend, (width, height), False, title=title, description=description, source=source, prefix=prefix)


def _sheet(
    maps: Sequence[ShadedMap],
    columns: int,
    shades: int,
    legend: Sequence[tuple[int | None, str]],
    size: tuple[float, float],
    numbers: bool,
    *,
    title: str,
    description: str,
    source: str,
    prefix: str,
) -> str:
    parsed = {item.geojson: polygons_of(item) for one in maps for item in one.shapes}
    cell = (size[0] - 2 * MARGIN - GUTTER * (columns - 1)) / columns
    view = view_of(parsed.values(), cell, size[1])
    if columns == 1:
        cell = max(cell, view.width)
    drawn = {text_: scaled(polygons, view) for text_, polygons in parsed.items()}
    shared, names = _shared(maps, drawn)
    body, y = [hatch("unknown", step=7, stroke=1.3), hatch("far", step=70, stroke=13), shared], 8.0
    for first in range(0, len(maps), columns):
        row = maps[first : first + columns]
        heads = [wrap(one.title, cell, HEAD, bold=True) if one.title else [] for one in row]
        top = y + max((len(head) for head in heads), default=0) * HEAD * 1.25 + (4 if any(heads) else 0)
        for index, (one, head) in enumerate(zip(row, heads, strict=True)):
            x = MARGIN + index * (cell + GUTTER)
            body.append(lines_of_text(head, x, y + HEAD, size=HEAD, bold=True))
            place = _Place(first + index, x + (cell - view.width) / 2, top)
            body.append(_map(one, drawn, names, place, shades, numbers))
        y = top + view.height + 14
    bar, used = scale_bar(view, y)
    keys, low = _legend(legend, shades, MARGIN + used + (22 if used else 0), y, size[0], numbers)
    return document(
        "".join([*body, bar, keys]),
        width=size[0],
        height=max(low, y + (26 if used else 0)),
        title=title,
        description=description,
        source=source,
        prefix=prefix,
    )


def polygons_of(item: ShadedShape) -> list[Outline]:
    """The polygons of an area. Numbers are looked at through their sum and extremes, because a country has many."""
    try:
        shape: Any = json.loads(item.geojson)
        polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}[shape["type"]]
        xs = [spot[0] for polygon in polygons for ring in polygon for spot in ring]
        ys = [spot[1] for polygon in polygons for ring in polygon for spot in ring]
        if not (math.isfinite(sum(xs) + sum(ys)) and -180 <= min(xs) <= max(xs) <= 180 and -90 <= min(ys) <= max(ys) <= 90):
            raise ValueError("not degrees")
        if not all(polygon and polygon[0] for polygon in polygons):
            raise ValueError("no points")
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"The outline of {item.label} cannot be drawn: it is not a Polygon or MultiPolygon in degrees.",
            code="picture.geometry",
            remedy="Give GeoJSON geometries in longitude and latitude.",
        ) from error
    return list(polygons)


def view_of(shapes: Iterable[list[Outline]], width: float, height: float) -> View:
    """The smallest frame around all shapes; a degree of longitude is as long as it is in the middle of them."""
    outer = [polygon[0] for shape in shapes for polygon in shape if polygon]
    xs = [spot[0] for ring in outer for spot in ring] or [0.0, 1.0]
    ys = [spot[1] for ring in outer for spot in ring] or [0.0, 1.0]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    along = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * along, 1e-6), max(north - south, 1e-6)
    per_degree = min(width / wide, height / high)
    return View(west, north, along, per_degree * TENTHS, wide * per_degree, high * per_degree)


def scaled(polygons: list[Outline], view: View) -> list[Polygon]:
    """Whole tenths of a pixel, without points that fall together and without rings smaller than a pixel."""
    across, up, west, north = view.along * view.per_degree, view.per_degree, view.west, view.north
    found = []
    for polygon in polygons:
        rings = []
        for ring in polygon:
            spots = [(int((spot[0] - west) * across + 0.5), int((north - spot[1]) * up + 0.5)) for spot in ring]
            kept = [spot for index, spot in enumerate(spots) if not index or spot != spots[index - 1]]
            if len(kept) >= 4 and _is_visible(kept):
                rings.append(kept)
            elif not rings:
                break
        if rings:
            found.append(rings)
    # An area may be small as a whole: a spot of a pixel still shows that it is there.
    return found or [_spot(polygons, view)]


def _is_visible(ring: Ring) -> bool:
    xs, ys = [spot[0] for spot in ring], [spot[1] for spot in ring]
    return max(xs) - min(xs) >= TENTHS or max(ys) - min(ys) >= TENTHS


def _spot(polygons: list[Outline], view: View) -> Polygon:
    lon, lat = polygons[0][0][0][:2]
    x, y = round((lon - view.west) * view.along * view.per_degree), round((view.north - lat) * view.per_degree)
    return [[(x, y), (x + TENTHS, y), (x + TENTHS, y + TENTHS), (x, y + TENTHS), (x, y)]]


def path_of(polygons: Sequence[Polygon]) -> str:
    """Steps from point to point, which are shorter to write than places."""
    parts = []
    for polygon in polygons:
        for ring in polygon:
            x, y = ring[0]
            parts.append(f"M{x} {y}l")
            steps = []
            for to_x, to_y in ring[1:-1] if ring[-1] == ring[0] else ring[1:]:
                steps.append(f"{to_x - x} {to_y - y}")
                x, y = to_x, to_y
            parts.append(" ".join(steps).replace(" -", "-") + "Z")
    return "".join(parts)


def _shared(maps: Sequence[ShadedMap], drawn: dict[str, list[Polygon]]) -> tuple[str, dict[str, str]]:
    """Areas that stand on several maps, drawn once under a name."""
    if len(maps) < 2:
        return "", {}
    names = {geojson: f"{ID}-a{index}" for index, geojson in enumerate(drawn)}
    paths = "".join(f'<path id="{name}" d="{path_of(drawn[geojson])}"/>' for geojson, name in names.items())
    return f"<defs>{paths}</defs>", names


def _map(one: ShadedMap, drawn: dict[str, list[Polygon]], names: dict[str, str], place: _Place, shades: int, numbers: bool) -> str:
    """The areas of a map; those with emphasis last, so that their edge lies over all others."""
    plain, marked, words = [], [], []
    for item in one.shapes:
        polygons = drawn[item.geojson]
        body = f'<use href="#{names[item.geojson]}"' if names else f'<path d="{path_of(polygons)}"'
        known_by = f' data-code="{clean(item.code)}"' if item.code else ""
        plain.append(titled(f"{body}{_fill(item.shade, shades)}{known_by}/>", item.label))
        if item.emphasis:
            marked.append(_marked(body, thin=bool(names)))
        if numbers and item.shade is not None and (spot := _room(polygons)):
            colour = _ink_on(item.shade, shades)
            words.append(text(str(item.shade + 1), spot[0] / TENTHS, spot[1] / TENTHS + 4, size=11, anchor="middle", fill=colour))
        if item.name:
            words.append(_name(item, polygons, shades))
    # The same areas with a wider dark edge below them: what shows of it is the coast, so that the lightest class ends somewhere.
    name = f"{ID}-m{place.index}"
    coast = f'<g stroke="{SOFT}" stroke-width="15"><use href="#{name}"/></g>'
    areas = f'<g stroke="{EDGE}" stroke-width="7"><g id="{name}">{"".join(plain)}</g></g>'
    group = f'<g transform="scale({1 / TENTHS})" fill-rule="evenodd" stroke-linejoin="round">{coast}{areas}{"".join(marked)}</g>'
    return f'<g transform="translate({num(place.x)} {num(place.y)})">{group}{"".join(words)}</g>'


def _marked(body: str, *, thin: bool) -> str:
    white, dark = (34, 16) if thin else (44, 22)
    return f'{body} fill="none" stroke="{EDGE}" stroke-width="{white}"/>{body} fill="none" stroke="{MARKED}" stroke-width="{dark}"/>'


def _fill(shade: int | None, shades: int) -> str:
    if shade is None:
        return f' fill="{reference("far")}" stroke="{SOFT}" stroke-width="5"'
    return f' fill="{colour_of(shade, shades)}"'


def colour_of(shade: int, shades: int) -> str:
    """The colour of a class from 0, lightest first, evenly spread; the fewer classes, the less dark the last."""
    reach = REACH.get(shades, len(RAMP) - 1.5)
    at = 0.5 + min(max(shade, 0), shades - 1) / (shades - 1) * (reach - 0.5) if shades > 1 else reach
    low = int(at)
    parts = zip(_channels(RAMP[low]), _channels(RAMP[min(low + 1, len(RAMP) - 1)]), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * (at - low)):02x}" for first, second in parts)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _ink_on(shade: int, shades: int) -> str:
    red, green, blue = _channels(colour_of(shade, shades))
    return INK if (0.299 * red + 0.587 * green + 0.114 * blue) / 255 > DARK_TEXT_UNTIL else GROUND


def _room(polygons: Sequence[Polygon]) -> tuple[float, float] | None:
    """A place in the largest part where a number fits: the middle of the widest stretch at half its height."""
    ring = max((polygon[0] for polygon in polygons), key=lambda spots: abs(_twice_area(spots)))
    y = (min(spot[1] for spot in ring) + max(spot[1] for spot in ring)) / 2 + 0.25
    crossings = sorted(
        start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (start[1] > y) != (end[1] > y)
    )
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    left, right = max(stretches, key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
    high = max(spot[1] for spot in ring) - min(spot[1] for spot in ring)
    return ((left + right) / 2, y) if right - left >= 13 * TENTHS and high >= 15 * TENTHS else None


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where the lines of a name fit in an area: their middle, and how much room is left beside them, in pixels."""

    lines: list[str]
    size: float
    x: float
    y: float
    left: float


def _name(item: ShadedShape, polygons: Sequence[Polygon], shades: int) -> str:
    """The name of an area inside it, as large as it fits; nothing where it does not."""
    ring = max((polygon[0] for polygon in polygons), key=lambda spots: abs(_twice_area(spots)))
    rows = _stretches(ring)
    for size in NAME_SIZES:
        full = text_width(item.name, size)
        ways = [wrap(item.name, full * part + 1, size) for part in (1.0, 0.62, 0.45)]
        whole = [lines for lines in ways if len(lines) <= 3 and " ".join(lines) == item.name]
        fits = [fit for lines in whole for y in rows if (fit := _fit(lines, size, y, rows)) is not None]
        if fits:
            middle = (min(rows) + max(rows)) / 2
            best = min(fits, key=lambda fit: (abs(fit.y - middle), -fit.left))
            fill = INK if item.shade is None else _ink_on(item.shade, shades)
            halo = GROUND if item.shade is None else colour_of(item.shade, shades)
            first = best.y - len(best.lines) * size * 1.15 / 2 + size * 0.9
            return lines_of_text(best.lines, best.x, first, size=size, leading=1.15, anchor="middle", fill=fill, halo=halo)
    return ""


def _stretches(ring: Ring) -> dict[float, list[tuple[float, float]]]:
    """From where to where an area reaches at some heights between its top and its bottom, in pixels."""
    top, bottom = min(spot[1] for spot in ring), max(spot[1] for spot in ring)
    found = {}
    for index in range(1, NAME_HEIGHTS):
        # Between two tenths, so that no corner lies on it.
        y = top + (bottom - top) * index // NAME_HEIGHTS + 0.25
        crossings = sorted(
            (start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1])) / TENTHS
            for start, end in zip(ring, [*ring[1:], ring[0]], strict=True)
            if (start[1] > y) != (end[1] > y)
        )
        found[y / TENTHS] = list(zip(crossings[::2], crossings[1::2], strict=False))
    return found


def _fit(lines: list[str], size: float, y: float, rows: dict[float, list[tuple[float, float]]]) -> _Fit | None:
    """Whether lines fit with their middle at a height: inside the area over all of their own height."""
    half, wide = len(lines) * size * 1.15 / 2, max(text_width(line, size) for line in lines)
    if not min(rows) <= y - half * 0.6 <= y + half * 0.6 <= max(rows):
        return None
    left, right = max(rows[y], key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
    for other, pairs in rows.items():
        if abs(other - y) <= half:
            cut = [(max(left, low), min(right, high)) for low, high in pairs]
            left, right = max(cut, key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
    room = right - left - wide - NAME_AIR
    return _Fit(lines, size, (left + right) / 2, y, room) if room >= 0 else None


def _twice_area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def scale_bar(view: View, y: float) -> tuple[str, float]:
    """A bar of a round length, at most a third of the map; and how much room it takes."""
    lengths = [step * 10.0**power for power in range(-2, 4) for step in (1, 2, 5)]
    length = max((item for item in lengths if view.km(item) <= min(view.width / 3, 110)), default=0.0)
    if not length or view.km(length) < 12:
        return "", 0.0
    wide, told = view.km(length), f"{length:g} km" if length >= 1 else f"{length * 1000:g} m"
    bar = f'<path d="M{num(MARGIN)} {num(y + 4)}v6h{num(wide)}v-6" fill="none" stroke="{SOFT}" stroke-width="1.4"/>'
    return bar + text(told, MARGIN, y + 23, size=11, fill=SOFT), max(wide, text_width(told, 11))


def _legend(legend: Sequence[tuple[int | None, str]], shades: int, x: float, y: float, width: float, numbers: bool) -> tuple[str, float]:
    """Keys beside each other, wrapping; and where they end."""
    left, parts = x, []
    for shade, label in legend:
        told = f"{shade + 1}: {label}" if numbers and shade is not None else label
        wide = KEY + 7 + text_width(told, LEGEND_SIZE)
        if x > left and x + wide > width - MARGIN:
            x, y = left, y + LEGEND_ROW
        fill = reference("unknown") if shade is None else colour_of(shade, shades)
        parts.append(f'<rect x="{num(x)}" y="{num(y)}" width="{KEY:g}" height="16" fill="{fill}" stroke="{SOFT}" stroke-width="0.8"/>')
        parts.append(text(told, x + KEY + 7, y + 13, size=LEGEND_SIZE))
        x += wide + 18
    # A page may tell the same beside the picture, in letters that grow with the page.
    return f'<g class="kk-picture-legend">{"".join(parts)}</g>' if parts else "", y + (LEGEND_ROW if legend else 0)
