# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The invented municipality as OpenStreetMap XML, written by pyosmium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from osmium.osm import mutable
from pyproj import Transformer
from shapely import LineString, Point, Polygon

from knopenkaart.example.nodes import Node
from knopenkaart.example.plan import Plan, fields_of

HOMES_PER_BLOCK = 8


class OsmFile:
    """Collects nodes and ways in metres, and writes them as one file with ids of its own."""

    def __init__(self, origin_rd: Sequence[float], timestamp: str) -> None:
        self._transformer = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
        self._origin = np.array(origin_rd, dtype=float)
        self._timestamp = f"{timestamp}T06:00:00Z"
        self._points: list[tuple[float, float]] = []
        self._point_tags: dict[int, Mapping[str, str]] = {}
        self._ways: list[tuple[list[int], Mapping[str, str]]] = []
        self._spots: dict[tuple[float, float], int] = {}

    def point(self, point: Point, tags: Mapping[str, str]) -> None:
        """A node with tags."""
        self._point_tags[self._add(point.x, point.y)] = tags

    def area(self, shape: shapely.Geometry | None, tags: Mapping[str, str]) -> None:
        """A closed way for each part of a shape, none for no shape; holes are left out (the generator makes none that matter)."""
        for part in shapely.get_parts(shape) if shape is not None else ():
            if isinstance(part, Polygon) and not part.is_empty:
                refs = [self._add(x, y) for x, y in part.exterior.coords[:-1]]
                self._ways.append(([*refs, refs[0]], tags))

    def line(self, shape: LineString, tags: Mapping[str, str]) -> None:
        """An open way."""
        self._ways.append(([self._shared(x, y) for x, y in shape.coords], tags))

    def write(self, path: Path) -> None:
        """Write everything, nodes first. The file must not exist yet."""
        lonlat = np.column_stack(self._transformer.transform(*(np.array(self._points) + self._origin).T)).round(7)
        with osmium.SimpleWriter(str(path)) as writer:
            for number, (lon, lat) in enumerate(lonlat, start=1):
                writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=self._point_tags.get(number, {}), **self._meta()))
            for number, (refs, tags) in enumerate(self._ways, start=1):
                writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags, **self._meta()))

    def _meta(self) -> dict[str, Any]:
        return {"version": 1, "timestamp": self._timestamp, "visible": True}

    def _add(self, x: float, y: float) -> int:
        self._points.append((x, y))
        return len(self._points)

    def _shared(self, x: float, y: float) -> int:
        """The node at this spot (to the centimetre): streets that meet share it."""
        spot = (round(x, 2), round(y, 2))
        if spot not in self._spots:
            self._spots[spot] = self._add(x, y)
        return self._spots[spot]


def write_osm(
    path: Path, plan: Plan, nodes: Sequence[Node], spots: Sequence[tuple[Mapping[str, str], Point]], recipe: Mapping[str, Any]
) -> None:
    """Write land, streets, homes and places."""
    file = OsmFile(recipe["origin_rd"], recipe["date"])
    _land(file, plan, recipe)
    for street in plan.streets:
        file.line(street.line, {"highway": street.highway, "name": street.name})
    taken = {node.address for node in nodes}
    for home in plan.homes:
        if home not in taken:
            file.point(home.point, _address(home, recipe["town"]))
    for first in range(0, len(plan.homes), HOMES_PER_BLOCK):
        _terrace(file, [home.point for home in plan.homes[first : first + HOMES_PER_BLOCK : 2]])
    for node in nodes:
        _place(file, node, recipe["town"])
    for tags, point in [*spots, *_across_the_border(plan, recipe)]:
        file.point(point, tags)
    file.write(path)


def _across_the_border(plan: Plan, recipe: Mapping[str, Any]) -> list[tuple[Mapping[str, str], Point]]:
    """Places of the neighbours, some hundreds of metres outside: reachable, not counted."""
    border = plan.outline.buffer(400).exterior
    entries = recipe["across_the_border"]
    return [(entry, border.interpolate((index + 0.5) / len(entries), normalized=True)) for index, entry in enumerate(entries)]


def _land(file: OsmFile, plan: Plan, recipe: Mapping[str, Any]) -> None:
    file.area(plan.river, {"natural": "water", "water": "river", "name": recipe["river"]})
    file.area(plan.town, {"landuse": "residential"})
    for number, field in enumerate(fields_of(plan)):
        file.area(field, {"landuse": ("farmland", "meadow", "forest", "farmland", "meadow")[number % 5]})
    centre = plan.town.centroid
    file.point(centre, {"place": "town", "name": recipe["town"]})
    for buurt in plan.buurten:
        file.point(buurt.shape.representative_point(), {"place": "neighbourhood", "name": buurt.name})


def _terrace(file: OsmFile, homes: Sequence[Point]) -> None:
    """One building over a row of homes on the same side; a row that turns a corner gets none."""
    line = shapely.LineString(homes) if len(homes) > 1 else None
    if line is not None and 12 < line.length < 160:
        file.area(line.buffer(4.5, cap_style="square"), {"building": "terrace"})


def _place(file: OsmFile, node: Node, town: str) -> None:
    tags = {"name": node.name, **node.tags}
    if node.form == "point":
        file.point(node.point, tags | _address(node.address, town))
    elif node.form == "building":
        file.area(node.shape, tags | _address(node.address, town) | {"building": "yes"})
    elif node.form == "outline":
        file.area(node.shape, tags)
    else:
        _grounds(file, node, tags | _address(node.address, town))


def _grounds(file: OsmFile, node: Node, tags: Mapping[str, str]) -> None:
    """A school or club: grounds with its tags, buildings on it, and for a school a point within its own outline."""
    file.area(node.shape, tags)
    for dx in (-22.0, 22.0):
        building = shapely.box(node.point.x + dx - 9, node.point.y - 8, node.point.x + dx + 9, node.point.y + 8)
        school = {"building": "school", "amenity": "school", "name": node.name} if node.form == "campus" else {"building": "yes"}
        file.area(building, school)
    if node.form == "campus":
        file.point(node.point, {key: tags[key] for key in ("name", "amenity")})


def _address(home: Any, town: str) -> dict[str, str]:
    return {"addr:street": home.street, "addr:housenumber": str(home.number), "addr:postcode": home.postcode, "addr:city": town}
