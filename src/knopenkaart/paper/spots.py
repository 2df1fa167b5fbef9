# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places on a plain map: how much as the size of a spot, on what it rests as its shape, and a cross where it is not told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.paper.drawing import GROUND, MARGIN, SOFT, document, num, text, text_width, titled
from knopenkaart.paper.shaded import ShadedShape, View, path_of, polygons_of, scale_bar, scaled, view_of

LAND, BORDER = "#eef3f3", "#a9b8ba"
DARK, LIGHT = "#00464f", "#7fbac0"
# Below this width spots are drawn at two thirds.
NARROW = 480.0
RADII = (4.0, 7.0, 11.0, 16.0)
SIZE, ROW = 13.0, 36.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in degrees, what it says when pointed at, its class of size from 0 (None: not told), and its shape: one of FORMS."""

    lon: float
    lat: float
    label: str
    size: int | None
    form: int


def spots(
    places: Sequence[Spot],
    ground: Sequence[str],
    *,
    sizes: Sequence[str],
    forms: Sequence[tuple[int, str]],
    untold: str,
    title: str,
    description: str,
    width: float = 640,
    height: float = 560,
    source: str = "",
    prefix: str = "",
) -> str:
    """The map, large spots below small ones.

    Parameters: the places; `ground`: outlines of areas as GeoJSON in degrees; the words of the classes of size, at most four, of the shapes
    that are used (0 a full disc, 1 a light disc with an edge, 2 an open square) and of a place of which nothing is told. Raises InputError
    `picture.geometry` where an outline is not a Polygon or MultiPolygon in degrees.
    """
    outlines = [polygons_of(ShadedShape(item, title, None)) for item in ground]
    around = [polygons_of(ShadedShape(_box(places), title, None))] if places else []
    view, factor = view_of([*outlines, *around], width - 2 * MARGIN, height), 1.0 if width >= NARROW else 2 / 3
    left = MARGIN + (width - 2 * MARGIN - view.width) / 2
    land = "".join(f'<path d="{path_of(scaled(item, view))}" fill="{LAND}" stroke="{BORDER}" stroke-width="10"/>' for item in outlines)
    drawn = sorted(places, key=lambda spot: -1 if spot.size is None else spot.size, reverse=True)
    marks = "".join(titled(_mark(spot, *_at(spot, view), factor), spot.label) for spot in drawn)
    body = f'<g transform="translate({num(left)} 8)"><g transform="scale(0.1)" fill-rule="evenodd">{land}</g>{marks}</g>'
    y = 8 + view.height + 16
    bar, _wide = scale_bar(view, y)
    keys = [(Spot(0, 0, label, at, 0), label) for at, label in enumerate(sizes)]
    keys += [(Spot(0, 0, label, 1, form), label) for form, label in forms]
    if any(spot.size is None for spot in places):
        keys.append((Spot(0, 0, untold, None, 0), untold))
    legend, low = _legend(keys, y + (34 if bar else 4), width, factor)
    return document(body + bar + legend, width=width, height=low, title=title, description=description, source=source, prefix=prefix)


def _box(places: Sequence[Spot]) -> str:
    """A box around all places, so that none falls outside the map."""
    xs, ys = [spot.lon for spot in places], [spot.lat for spot in places]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _at(spot: Spot, view: View) -> tuple[float, float]:
    """Where a place stands, in pixels of the map."""
    return (spot.lon - view.west) * view.along * view.per_degree / 10, (view.north - spot.lat) * view.per_degree / 10


def _mark(spot: Spot, x: float, y: float, factor: float) -> str:
    if spot.size is None:
        arm = 3.5 * factor
        cross = f"M{num(x - arm)} {num(y - arm)}l{num(2 * arm)} {num(2 * arm)}m0 {num(-2 * arm)}l{num(-2 * arm)} {num(2 * arm)}"
        return f'<path d="{cross}" fill="none" stroke="{DARK}" stroke-width="1.6"/>'
    radius = RADII[min(spot.size, len(RADII) - 1)] * factor
    if spot.form == 2:
        # As large as the disc of its class.
        side = radius * 1.77
        box = f'x="{num(x - side / 2)}" y="{num(y - side / 2)}" width="{num(side)}" height="{num(side)}"'
        return f'<rect {box} fill="{GROUND}" fill-opacity="0.85" stroke="{DARK}" stroke-width="1.4"/>'
    fill, edge = (LIGHT, DARK) if spot.form else (DARK, GROUND)
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="{fill}" fill-opacity="0.9" stroke="{edge}" stroke-width="1.4"/>'


def _legend(keys: Sequence[tuple[Spot, str]], y: float, width: float, factor: float) -> tuple[str, float]:
    """Keys beside each other, wrapping; and where they end."""
    x, parts = MARGIN, []
    middle = y + RADII[-1] * factor
    for spot, label in keys:
        radius = RADII[spot.size if spot.size is not None else 1] * factor
        wide = 2 * radius + 7 + text_width(label, SIZE)
        if x > MARGIN and x + wide > width - MARGIN:
            x, middle = MARGIN, middle + ROW * (1 if factor == 1.0 else 0.75)
        parts.append(_mark(spot, x + radius, middle, factor) + text(label, x + 2 * radius + 7, middle + 4.5, size=SIZE, fill=SOFT))
        x += wide + 18
    return "".join(parts), middle + RADII[-1] * factor + 10
