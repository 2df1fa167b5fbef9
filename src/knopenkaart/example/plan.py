# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The land of the invented municipality in metres: outline, river, wijken, buurten, streets, homes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from knopenkaart.rng import stream

WIDTH_M, HEIGHT_M = 5200.0, 4400.0
RIVER_Y_M, RIVER_WIDTH_M = 1750.0, 80.0
TOWN_RADIUS_M = 1500.0
STREET_SPACING_M = 85.0
FIELD_ROAD_SPACING_M = 380.0
HOME_SETBACK_M = 12.0
PLOT_M = 6.0
AROUND_M = 900.0
Shape = BaseGeometry


@dataclass(frozen=True, slots=True)
class Street:
    """A street line with its name and class (OpenStreetMap's highway value)."""

    name: str
    highway: str
    line: LineString
    buurt: str


@dataclass(frozen=True, slots=True)
class Home:
    """An address where people live."""

    street: str
    number: int
    postcode: str
    point: Point
    buurt: str


@dataclass(frozen=True, slots=True)
class Buurt:
    """A buurt with its codes, shape and the number of homes in it."""

    code: str
    name: str
    wijk_code: str
    wijk_name: str
    shape: Shape
    homes: int
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole land. All shapes in metres from the south-west corner of the municipality."""

    outline: Polygon
    river: Polygon
    town: Shape
    buurten: tuple[Buurt, ...]
    streets: tuple[Street, ...]
    homes: tuple[Home, ...]


def lay_out(recipe: Mapping[str, Any], *, seed: int) -> Plan:
    """The land that a recipe and a seed give; the same in every run."""
    outline = _outline(stream(seed, "outline"))
    centre_line, river = _river(stream(seed, "river"))
    town = affinity.scale(Point(WIDTH_M * 0.5, RIVER_Y_M + 420).buffer(TOWN_RADIUS_M, quad_segs=24), 1.12, 0.92)
    buurten = _buurten(recipe, outline, centre_line, town, seed=seed)
    streets: list[Street] = []
    homes: list[Home] = []
    for number, buurt in enumerate(buurten):
        ground = buurt.shape.difference(river.buffer(25))
        found = _streets(buurt, ground, town, recipe["words"]["street_endings"], stream(seed, f"streets {buurt.code}"))
        streets += found
        homes += _homes(buurt, found, postcode=8900 + number)
    streets += [*_bridges(centre_line, town, recipe["river"]), *_roads_around(outline)]
    return Plan(outline, river, town.difference(river), tuple(buurten), tuple(_crossing(streets)), tuple(homes))


def _outline(rng: np.random.Generator) -> Polygon:
    """A rounded rectangle with a wavering edge."""
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    square = np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))) ** 0.55
    waver = 1 + 0.03 * np.interp(angles, np.linspace(0, 2 * np.pi, 13), np.append(w := rng.standard_normal(12), w[0]))
    x = WIDTH_M / 2 * (1 + np.cos(angles) / square * waver)
    y = HEIGHT_M / 2 * (1 + np.sin(angles) / square * waver)
    return Polygon(np.column_stack([x, y]))


def _river(rng: np.random.Generator) -> tuple[LineString, Polygon]:
    x = np.linspace(-600, WIDTH_M + 600, 90)
    y = RIVER_Y_M + 230 * np.sin(x / 900 + rng.uniform(0, 1)) + 60 * np.sin(x / 310 + rng.uniform(0, 6))
    line = LineString(np.column_stack([x, y]))
    return line, line.buffer(RIVER_WIDTH_M / 2, cap_style="flat")


def _buurten(recipe: Mapping[str, Any], outline: Polygon, river: LineString, town: Shape, *, seed: int) -> list[Buurt]:
    """Wijken are cut by the river and by lines across; each wijk is cut into its buurten the same way."""
    rng = stream(seed, "areas")
    below, above = sorted(_parts(split(outline, river)), key=lambda part: float(part.centroid.y))
    north = _cut(above, 3, town, axis=0, rng=rng)
    south = _cut(below, 2, town, axis=0, rng=rng)
    # The first wijk of the recipe is the centre: the middle one of the north bank.
    shapes = [north[1], north[0], north[2], south[0], south[1]]
    code = str(recipe["municipality_code"])[2:]
    total = recipe["inhabitants"] / recipe["persons_per_dwelling"]
    buurten: list[Buurt] = []
    for index, (wijk, shape) in enumerate(zip(recipe["wijk"], shapes, strict=True)):
        names = wijk["buurten"]
        for part, (name, piece) in enumerate(zip(names, _cut(shape, len(names), town, axis=1 if index < 3 else 0, rng=rng), strict=True)):
            homes = round(total * wijk["share"] / len(names) * (1.15 - 0.15 * part))
            wijk_code = f"WK{code}{index + 1:02}"
            buurten.append(
                Buurt(f"BU{code}{index + 1:02}{part + 1:02}", name, wijk_code, wijk["name"], piece, homes, tuple(wijk["streets"]))
            )
    return buurten


def _cut(shape: Shape, pieces: int, town: Shape, *, axis: int, rng: np.random.Generator) -> list[Shape]:
    """The shape in pieces from low to high along an axis (0 = x, 1 = y), by crooked lines that share the built-up part between them."""
    _, _, east, north = shape.bounds
    west_built, south_built, east_built, north_built = shape.intersection(town).bounds
    low, high = (west_built, east_built) if axis == 0 else (south_built, north_built)
    rest, found = shape, []
    for piece in range(1, pieces):
        at = low + (high - low) * (piece / pieces + rng.uniform(-0.04, 0.04))
        along = np.linspace(-200, (north if axis == 0 else east) + 200, 7)
        across = at + rng.uniform(-60, 60, len(along))
        line = LineString(np.column_stack([across, along] if axis == 0 else [along, across]))
        sides = _parts(split(rest, line))
        lower = [side for side in sides if (side.representative_point().x, side.representative_point().y)[axis] < at]
        found.append(shapely.union_all(lower))
        rest = shapely.union_all([side for side in sides if side not in lower])
    return [*found, rest]


def _parts(shapes: Any) -> list[Polygon]:
    return [part for part in shapes.geoms if part.area > 100.0]


def _streets(buurt: Buurt, ground: Shape, town: Shape, endings: Sequence[str], rng: np.random.Generator) -> list[Street]:
    """A turned grid, dense in the town and wide in the fields, with names from the wijk's words, and a road around."""
    angle = float(rng.uniform(-20, 20))
    names = iter([f"{word}{ending}" for ending in rng.permutation(endings) for word in rng.permutation(buurt.streets)])
    built, fields = ground.intersection(town), ground.difference(town)
    lines = [("residential", line) for line in _grid(built, STREET_SPACING_M, angle)]
    lines += [("unclassified", line) for line in _grid(fields, FIELD_ROAD_SPACING_M, angle)]
    lines += [("tertiary", line) for line in _lines(shapely.line_merge(built.boundary))]
    return [Street(next(names, f"{buurt.name}pad"), highway, line, buurt.code) for highway, line in lines]


def _bridges(river: LineString, town: Shape, name: str) -> list[Street]:
    """Three bridges, straight across the river where it runs through the town."""
    inside = river.intersection(town)
    bridges = []
    for number, share in enumerate((0.2, 0.5, 0.8), start=1):
        at = inside.interpolate(share, normalized=True)
        bridges.append(Street(f"{name} {number}", "tertiary", LineString([(at.x, at.y - 140), (at.x, at.y + 140)]), ""))
    return bridges


def _roads_around(outline: Polygon) -> list[Street]:
    """Roads of the neighbours: an extract is cut wider than the municipality."""
    ring = outline.buffer(AROUND_M).difference(outline)
    return [Street("Overmeerseweg", "unclassified", line, "") for line in _grid(ring, FIELD_ROAD_SPACING_M, 12.0)]


def _crossing(streets: Sequence[Street]) -> list[Street]:
    """The streets with a shared point wherever two of them meet, as streets are drawn in OpenStreetMap."""
    lines = np.array([street.line for street in streets])
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    pairs = first < second
    shared = shapely.intersection(lines[first[pairs]], lines[second[pairs]])
    points: dict[int, list[Point]] = {}
    for one, other, meeting in zip(first[pairs], second[pairs], shared, strict=True):
        found = [part for part in shapely.get_parts(meeting) if isinstance(part, Point)]
        points.setdefault(int(one), []).extend(found)
        points.setdefault(int(other), []).extend(found)
    return [replace(street, line=_with_points(street.line, points.get(index, []))) for index, street in enumerate(streets)]


def _with_points(line: LineString, points: Sequence[Point]) -> LineString:
    vertices = [Point(xy) for xy in line.coords]
    closed = line.is_closed
    ordered = sorted({round(line.project(point), 2): point for point in [*points, *(vertices[:-1] if closed else vertices)]}.items())
    found = [point for _, point in ordered]
    return LineString([*found, found[0]] if closed else found)


def _lines(shape: shapely.Geometry) -> list[LineString]:
    return [line for line in shapely.get_parts(shape) if isinstance(line, LineString) and line.length > 60]


def _grid(ground: Shape, spacing: float, angle: float) -> list[LineString]:
    """Lines both ways across the ground; the cross streets stand twice as far apart, as terraces do."""
    if ground.is_empty:
        return []
    middle = ground.centroid
    reach = max(ground.bounds[2] - ground.bounds[0], ground.bounds[3] - ground.bounds[1])
    offsets = np.arange(-reach, reach, spacing)
    along = [LineString([(middle.x - reach, middle.y + offset), (middle.x + reach, middle.y + offset)]) for offset in offsets]
    across = [LineString([(middle.x + offset, middle.y - reach), (middle.x + offset, middle.y + reach)]) for offset in offsets[::2]]
    turned = affinity.rotate(shapely.MultiLineString([*along, *across]), angle, origin=middle)
    clipped = shapely.get_parts(shapely.intersection(shapely.get_parts(turned), ground))
    return _lines(clipped[shapely.get_dimensions(clipped) == 1])


def _homes(buurt: Buurt, streets: Sequence[Street], *, postcode: int) -> list[Home]:
    """Exactly the buurt's number of homes, evenly along both sides of its residential streets, all inside the buurt."""
    lived_in = [street for street in streets if street.highway == "residential"]
    sites = [(number, point) for number, street in enumerate(lived_in) for point in _sites(street.line)]
    inside = shapely.contains_xy(buurt.shape, [point.x for _, point in sites], [point.y for _, point in sites])
    free = np.flatnonzero(inside)
    if len(free) < buurt.homes:
        raise ValueError(f"{buurt.name} has room for {len(free)} homes, not for {buurt.homes}: lower its share in the recipe.")
    chosen = free[np.linspace(0, len(free) - 1, buurt.homes).round().astype(int)]
    numbers: Counter[int] = Counter()
    homes = []
    for number, point in (sites[index] for index in chosen):
        numbers[number] += 1
        code = f"{postcode}{chr(65 + number // 20 % 26)}{chr(65 + number % 20)}"
        homes.append(Home(lived_in[number].name, numbers[number], code, point, buurt.code))
    return homes


def _sites(line: LineString) -> list[Point]:
    """Building plots from one end of a street to the other, in turn on its left and right."""
    left, right = line.offset_curve(HOME_SETBACK_M), line.offset_curve(-HOME_SETBACK_M)
    shares = np.arange(0.5, line.length / PLOT_M) * PLOT_M / line.length
    return [side.interpolate(share, normalized=True) for share in shares for side in (left, right)]


def fields_of(plan: Plan) -> list[Shape]:
    """The land outside the town, in blocks: farmland on the map."""
    blocks = [box(x, y, x + 650, y + 550) for x in np.arange(0, WIDTH_M, 650.0) for y in np.arange(0, HEIGHT_M, 550.0)]
    land = plan.outline.difference(plan.town.buffer(60)).difference(plan.river.buffer(20))
    return [piece for block in blocks if not (piece := block.buffer(-15).intersection(land)).is_empty and piece.area > 5000]
