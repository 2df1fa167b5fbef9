# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The land of the invented municipality in metres: outline, river, wijken, buurten, streets, homes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, affinity, box
from shapely.ops import split

from knopenkaart.rng import stream

WIDTH_M, HEIGHT_M = 5200.0, 4400.0
RIVER_Y_M, RIVER_WIDTH_M = 1750.0, 80.0
TOWN_RADIUS_M = 1500.0
STREET_SPACING_M = 85.0
FIELD_ROAD_SPACING_M = 380.0
HOME_SETBACK_M = 12.0
Shape = Polygon | MultiPolygon


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
    town: Polygon
    buurten: tuple[Buurt, ...]
    streets: tuple[Street, ...]
    homes: tuple[Home, ...]


def lay_out(recipe: Mapping[str, Any], *, seed: int) -> Plan:
    """The land that a recipe and a seed give; the same in every run."""
    outline = _outline(stream(seed, "outline"))
    centre_line, river = _river(stream(seed, "river"))
    town = affinity.scale(Point(WIDTH_M * 0.5, RIVER_Y_M + 420).buffer(TOWN_RADIUS_M, quad_segs=24), 1.12, 0.92)
    buurten = _buurten(recipe, outline, centre_line, seed=seed)
    streets: list[Street] = []
    homes: list[Home] = []
    for number, buurt in enumerate(buurten):
        free = buurt.shape.buffer(-14).difference(river.buffer(25))
        found = _streets(buurt, free, town, recipe["words"]["street_endings"], stream(seed, f"streets {buurt.code}"))
        streets += found
        homes += _homes(buurt, found, free, postcode=8900 + number)
    return Plan(outline, river, town.difference(river), tuple(buurten), tuple(streets), tuple(homes))


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


def _buurten(recipe: Mapping[str, Any], outline: Polygon, river: LineString, *, seed: int) -> list[Buurt]:
    """Wijken are cut by the river and by lines across; each wijk is cut into its buurten the same way."""
    rng = stream(seed, "areas")
    below, above = sorted(_parts(split(outline, river)), key=lambda part: float(part.centroid.y))
    north = _cut(above, 3, axis=0, rng=rng)
    south = _cut(below, 2, axis=0, rng=rng)
    # The first wijk of the recipe is the centre: the middle one of the north bank.
    shapes = [north[1], north[0], north[2], south[0], south[1]]
    code = str(recipe["municipality_code"])[2:]
    total = recipe["inhabitants"] / recipe["persons_per_dwelling"]
    buurten: list[Buurt] = []
    for index, (wijk, shape) in enumerate(zip(recipe["wijk"], shapes, strict=True)):
        names = wijk["buurten"]
        for part, (name, piece) in enumerate(zip(names, _cut(shape, len(names), axis=1 if index < 3 else 0, rng=rng), strict=True)):
            homes = round(total * wijk["share"] / len(names) * (1.15 - 0.15 * part))
            wijk_code = f"WK{code}{index + 1:02}"
            buurten.append(
                Buurt(f"BU{code}{index + 1:02}{part + 1:02}", name, wijk_code, wijk["name"], piece, homes, tuple(wijk["streets"]))
            )
    return buurten


def _cut(shape: Shape, pieces: int, *, axis: int, rng: np.random.Generator) -> list[Shape]:
    """The shape in pieces from low to high along an axis (0 = x, 1 = y), by slightly crooked lines."""
    west, south, east, north = shape.bounds
    low, high = (west, east) if axis == 0 else (south, north)
    rest, found = shape, []
    for piece in range(1, pieces):
        at = low + (high - low) * (piece / pieces + rng.uniform(-0.04, 0.04))
        along = np.linspace(-200, (north if axis == 0 else east) + 200, 7)
        across = at + rng.uniform(-60, 60, len(along))
        line = LineString(np.column_stack([across, along] if axis == 0 else [along, across]))
        sides = _parts(split(rest, line))
        lower = [side for side in sides if (side.representative_point().x, side.representative_point().y)[axis] < at]
        found.append(shapely.union_all(lower))
        rest = rest.difference(found[-1].buffer(1e-7))
    return [*found, rest]


def _parts(shapes: Any) -> list[Polygon]:
    return [part for part in shapes.geoms if part.area > 100.0]


def _streets(buurt: Buurt, free: Shape, town: Polygon, endings: Sequence[str], rng: np.random.Generator) -> list[Street]:
    """A turned grid, dense in the town and wide in the fields, with names from the wijk's words."""
    built = free.intersection(town)
    angle = float(rng.uniform(-20, 20))
    names = iter([f"{word}{ending}" for ending in rng.permutation(endings) for word in rng.permutation(buurt.streets)])
    streets = []
    for spacing, ground, highway in (
        (STREET_SPACING_M, built, "residential"),
        (FIELD_ROAD_SPACING_M, free.difference(town), "unclassified"),
    ):
        if ground.is_empty:
            continue
        for line in _grid(ground, spacing, angle):
            streets.append(Street(next(names, f"{buurt.name}pad"), highway, line, buurt.code))
    return streets


def _grid(ground: Shape, spacing: float, angle: float) -> list[LineString]:
    """Lines both ways across the ground; the cross streets stand twice as far apart, as terraces do."""
    middle = ground.centroid
    reach = max(ground.bounds[2] - ground.bounds[0], ground.bounds[3] - ground.bounds[1])
    offsets = np.arange(-reach, reach, spacing)
    along = [LineString([(middle.x - reach, middle.y + offset), (middle.x + reach, middle.y + offset)]) for offset in offsets]
    across = [LineString([(middle.x + offset, middle.y - reach), (middle.x + offset, middle.y + reach)]) for offset in offsets[::2]]
    turned = affinity.rotate(shapely.MultiLineString([*along, *across]), angle, origin=middle)
    clipped = shapely.get_parts(shapely.intersection(shapely.get_parts(turned), ground))
    lines = shapely.get_parts(clipped[shapely.get_dimensions(clipped) == 1])
    return [line for line in lines if line.length > 60]


def _homes(buurt: Buurt, streets: Sequence[Street], free: Shape, *, postcode: int) -> list[Home]:
    """Exactly the buurt's number of homes, evenly along both sides of its residential streets."""
    lived_in = [street for street in streets if street.highway == "residential"]
    length = sum(street.line.length for street in lived_in)
    pace = 2 * length / buurt.homes
    homes: list[Home] = []
    for number, street in enumerate(lived_in):
        last = number == len(lived_in) - 1
        due = buurt.homes - len(homes) if last else min(round(2 * street.line.length / pace), buurt.homes - len(homes))
        homes += _along(street, due, postcode=f"{postcode}{chr(65 + number // 20 % 26)}{chr(65 + number % 20)}")
    return homes


def _along(street: Street, due: int, *, postcode: str) -> list[Home]:
    left, right = street.line.offset_curve(HOME_SETBACK_M), street.line.offset_curve(-HOME_SETBACK_M)
    homes = []
    for index in range(due):
        side = left if index % 2 else right
        share = (index // 2 + 0.5) / max(1, (due + 1) // 2)
        homes.append(Home(street.name, index + 1, postcode, side.interpolate(share, normalized=True), street.buurt))
    return homes


def fields_of(plan: Plan) -> list[Shape]:
    """The land outside the town, in blocks: farmland on the map."""
    blocks = [box(x, y, x + 650, y + 550) for x in np.arange(0, WIDTH_M, 650.0) for y in np.arange(0, HEIGHT_M, 550.0)]
    land = plan.outline.difference(plan.town.buffer(60)).difference(plan.river.buffer(20))
    return [piece for block in blocks if not (piece := block.buffer(-15).intersection(land)).is_empty and piece.area > 5000]
