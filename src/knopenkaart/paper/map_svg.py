# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A map as SVG in millimetres: base map, areas and numbered places, at a round scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from knopenkaart.geo import metric_crs_of
from knopenkaart.paper.symbols import mark

# Detail below this size cannot be printed.
DETAIL_MM = 0.12
MARGIN = 0.04
FONT = "Libertinus Serif"
# Layer -> how it is drawn, from below upwards: fill, or stroke and width in mm by class.
FILLS: Mapping[str, str] = {"green": "#dcebd0", "water": "#bcdcec", "building": "#ddd8d0"}
OTHER_ROAD_MM = 0.25
ROADS: Mapping[str, float] = {"motorway": 1.6, "trunk": 1.4, "primary": 1.2, "secondary": 1.0, "tertiary": 0.8, "residential": 0.45}
AREA_LINES = {
    "buurt": 'stroke-width="0.2" stroke-dasharray="1 0.8"',
    "wijk": 'stroke-width="0.5"',
    "municipality": 'stroke-width="1"',
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to draw: its number in the list, symbol, main function, and where (degrees)."""

    number: int
    symbol: str
    function: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG document of `width_mm` by `height_mm`; one millimetre on paper is `scale` millimetres outside."""

    svg: str
    width_mm: float
    height_mm: float
    scale: int


def draw_map(
    basemap: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    marks: Sequence[Mark],
    *,
    width_mm: float,
    height_mm: float,
    incomplete: Collection[str] = (),
) -> Drawing:
    """Draw the municipalities of `areas` as large as the frame allows; areas whose code is in `incomplete` are hatched.

    Tables as in knopenkaart.tables (CRS84).
    """
    outline = areas[areas["level"] == "municipality"]
    crs = metric_crs_of(outline.geometry)
    west, south, east, north = outline.to_crs(crs).total_bounds
    scale = _round_scale(max((east - west) / width_mm, (north - south) / height_mm) * (1 + 2 * MARGIN) * 1000)
    to_paper = _to_paper(((west + east) / 2, (south + north) / 2), scale, width_mm, height_mm)
    mark_mm = _mark_size(len(marks), width_mm)
    ground = basemap.to_crs(crs)
    parts = [
        *_ground(ground, to_paper, width_mm, height_mm),
        *_hatched(areas[areas["code"].isin(list(incomplete))].to_crs(crs), to_paper),
        *_areas(areas.to_crs(crs), to_paper),
        *_marks(marks, crs, to_paper, mark_mm),
        *_labels(ground, areas.to_crs(crs), to_paper, width_mm, height_mm),
        _scale_bar(scale, height_mm),
    ]
    frame = f'width="{width_mm:.1f}mm" height="{height_mm:.1f}mm" viewBox="0 0 {width_mm:.1f} {height_mm:.1f}"'
    body = "\n".join(parts)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {frame}><rect width="100%" height="100%" fill="#f7f5f0"/>\n{body}\n</svg>'
    return Drawing(svg, width_mm, height_mm, scale)


def _round_scale(scale: float) -> int:
    """The next scale that a reader can work with: 1:9,500, 1:13,000, 1:120,000 ..."""
    step = int(10 ** (math.floor(math.log10(scale)) - 1))
    return math.ceil(scale / step) * step


def _to_paper(middle: tuple[float, float], scale: int, width_mm: float, height_mm: float) -> Callable[[Any], Any]:
    factor = 1000 / scale

    def transform(geometry: Any) -> Any:
        x0, y0 = width_mm / 2 - middle[0] * factor, height_mm / 2 + middle[1] * factor
        return affinity.affine_transform(geometry, [factor, 0, 0, -factor, x0, y0])

    return transform


def _mark_size(count: int, width_mm: float) -> float:
    """Marks shrink with their number, between 2.4 mm and 1.4 % of the width."""
    return max(2.4, min(width_mm * 0.014, 0.14 * width_mm / math.sqrt(max(count, 1))))


def _ground(ground: gpd.GeoDataFrame, to_paper: Callable[[Any], Any], width_mm: float, height_mm: float) -> Iterator[str]:
    for layer in ("green", "water", "building"):
        shapes = _visible(ground[ground["layer"] == layer].geometry, to_paper, width_mm, height_mm)
        areas = "".join(_path(shape) for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon"))
        lines = "".join(_path(shape) for shape in shapes if "Line" in shape.geom_type)
        yield f'<path d="{areas}" fill="{FILLS[layer]}" fill-rule="evenodd"/>' if areas else ""
        yield f'<path d="{lines}" fill="none" stroke="{FILLS[layer]}" stroke-width="0.6"/>' if lines else ""
    roads = ground[ground["layer"].isin(["road", "rail"])]
    for cls in reversed(list(dict.fromkeys([*ROADS, *roads["cls"]]))):
        shapes = _visible(roads[roads["cls"] == cls].geometry, to_paper, width_mm, height_mm)
        if lines := "".join(_path(shape) for shape in shapes):
            width = ROADS.get(cls, OTHER_ROAD_MM)
            yield f'<path d="{lines}" fill="none" stroke="#a9a297" stroke-width="{width + 0.16:.2f}" stroke-linecap="round"/>'
            yield f'<path d="{lines}" fill="none" stroke="#fffdf8" stroke-width="{width:.2f}" stroke-linecap="round"/>'


def _visible(shapes: gpd.GeoSeries, to_paper: Callable[[Any], Any], width_mm: float, height_mm: float) -> list[Any]:
    if not len(shapes):
        return []
    placed = np.array([to_paper(shape) for shape in shapes], dtype=object)
    clipped = shapely.simplify(shapely.clip_by_rect(placed, 0, 0, width_mm, height_mm), DETAIL_MM)
    return [shape for shape in clipped if not shape.is_empty]


def _path(shape: Any) -> str:
    """The `d` of lines and polygons, a hundredth of a millimetre precise."""
    rings = []
    for part in shapely.get_parts(shape):
        closed = part.geom_type == "Polygon"
        if not closed and part.geom_type not in ("LineString", "LinearRing"):
            continue
        for ring in [part.exterior, *part.interiors] if closed else [part]:
            points = " ".join(f"{x:.2f} {y:.2f}" for x, y in ring.coords)
            rings.append(f"M{points}{'Z' if closed else ''}")
    return "".join(rings)


def _hatched(areas: gpd.GeoDataFrame, to_paper: Callable[[Any], Any]) -> Iterator[str]:
    """What is not known must not look like an empty place."""
    if shape := "".join(_path(shapely.simplify(to_paper(area), DETAIL_MM)) for area in areas.geometry):
        yield (
            '<defs><pattern id="unknown" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<path d="M0 0V4" stroke="#5b4a6b" stroke-opacity="0.35" stroke-width="0.5"/></pattern></defs>'
            f'<path d="{shape}" fill="url(#unknown)" fill-rule="evenodd"/>'
        )


def _areas(areas: gpd.GeoDataFrame, to_paper: Callable[[Any], Any]) -> Iterator[str]:
    for level, style in AREA_LINES.items():
        lines = "".join(_path(shapely.simplify(to_paper(shape), DETAIL_MM)) for shape in areas[areas["level"] == level].geometry)
        if lines:
            yield f'<path d="{lines}" fill="none" stroke="#5b4a6b" stroke-opacity="0.7" {style}/>'


def _marks(marks: Sequence[Mark], crs: Any, to_paper: Callable[[Any], Any], size_mm: float) -> Iterator[str]:
    if not marks:
        return
    points = gpd.GeoSeries(gpd.points_from_xy([item.lon for item in marks], [item.lat for item in marks]), crs="EPSG:4326").to_crs(crs)
    spots = [to_paper(point) for point in points]
    # From north to south, so that a mark in front overlaps the one behind it.
    for index in sorted(range(len(marks)), key=lambda number: spots[number].y):
        item, spot = marks[index], spots[index]
        yield mark(item.symbol, item.function, spot.x, spot.y, size_mm)
        x, y = spot.x + size_mm * 0.55, spot.y - size_mm * 0.25
        yield _text(str(item.number), x, y, size_mm * 0.7, "#1a1a1a", anchor="start", weight="bold")


def _labels(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, to_paper: Callable[[Any], Any], width_mm: float, height_mm: float
) -> Iterator[str]:
    """Names of wijken (municipalities where there are none), and of towns outside them."""
    named = areas[areas["level"] == ("wijk" if (areas["level"] == "wijk").any() else "municipality")]
    for shape, name in zip(named.geometry, named["name"], strict=True):
        spot = to_paper(shape.representative_point())
        yield _text(str(name).upper(), spot.x, spot.y, width_mm * 0.011, "#5b4a6b", spacing=width_mm * 0.0012, weight="bold")
    towns = ground[(ground["layer"] == "label") & ground["cls"].isin(["city", "town", "village"]) & ground["name"].notna()]
    inside = areas[areas["level"] == "municipality"].union_all()
    for point, name in zip(towns.geometry, towns["name"], strict=True):
        spot = to_paper(point.centroid)
        if not inside.contains(point.centroid) and 10 < spot.x < width_mm - 10 and 4 < spot.y < height_mm - 4:
            yield _text(str(name), spot.x, spot.y, width_mm * 0.009, "#444")


def _scale_bar(scale: int, height_mm: float) -> str:
    """A bar of a round length between 25 and 65 mm."""
    length_m = next(step * 10**power for power in range(1, 7) for step in (1, 2, 5) if step * 10**power * 1000 / scale >= 25)
    width = length_m * 1000 / scale
    text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m} m"
    y = height_mm - 6
    bar = f'<path d="M6 {y - 1.5:.1f}V{y:.1f}H{6 + width:.1f}V{y - 1.5:.1f}" fill="none" stroke="#1a1a1a" stroke-width="0.4"/>'
    return bar + _text(text, 6 + width / 2, y - 2, 3.2, "#1a1a1a")


def _text(
    text: str, x: float, y: float, size: float, colour: str, *, anchor: str = "middle", weight: str = "normal", spacing: float = 0.0
) -> str:
    """A text with a light edge, so that it reads over anything."""
    style = f'font-family="{FONT}" font-size="{size:.2f}" font-weight="{weight}" text-anchor="{anchor}" letter-spacing="{spacing:.2f}"'
    halo = f'<text x="{x:.2f}" y="{y:.2f}" {style} fill="none" stroke="#fff" stroke-opacity="0.85" stroke-width="{size * 0.22:.2f}">'
    return f'{halo}{escape(text)}</text><text x="{x:.2f}" y="{y:.2f}" {style} fill="{colour}">{escape(text)}</text>'
