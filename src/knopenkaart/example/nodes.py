# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places the invented municipality has, where, under which name, and in which of OpenStreetMap's forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from shapely import Point, Polygon, affinity, box

from knopenkaart.example.plan import Home, Plan
from knopenkaart.rng import stream

# Half the width and height of grounds and buildings, in metres.
SIZES = {"building": (14.0, 9.0), "outline": (55.0, 38.0), "campus": (45.0, 35.0), "club": (95.0, 70.0)}
APART_M = 45.0


@dataclass(frozen=True, slots=True)
class Node:
    """One place: its name, tags, address (a home that gave way), and its shape in metres where it is more than a point."""

    name: str
    tags: Mapping[str, str]
    form: str
    point: Point
    address: Home
    shape: Polygon | None = None


def place_nodes(plan: Plan, recipe: Mapping[str, Any], *, seed: int) -> list[Node]:
    """The places that the extract holds, each at an address of its own."""
    rng = stream(seed, "places")
    sites = _sites(plan, stream(seed, "sites"))
    namer = Namer(recipe, rng)
    nodes = []
    for entry in recipe["place"]:
        for _ in range(entry["count"]):
            home = next(sites)
            shape = _shape(entry["form"], home.point, rng)
            nodes.append(Node(namer.name(entry["name"], home), entry["tags"], entry["form"], home.point, home, shape))
    return nodes + _canteens(nodes, recipe["canteen"])


def listed_sites(plan: Plan, *, seed: int, skip: int) -> Iterator[Home]:
    """Addresses for places that stand only on the list; the first `skip` sites belong to the extract."""
    sites = _sites(plan, stream(seed, "sites"))
    for _ in range(skip):
        next(sites)
    return sites


class Namer:
    """Fills name patterns; no name is given twice."""

    def __init__(self, recipe: Mapping[str, Any], rng: np.random.Generator) -> None:
        self._words = recipe["words"]
        self._town = recipe["town"]
        self._wijken = {f"BU{recipe['municipality_code'][2:]}{index + 1:02}": item["name"] for index, item in enumerate(recipe["wijk"])}
        self._rng = rng
        self._given: set[str] = set()

    def name(self, pattern: str, home: Home) -> str:
        """A name after the pattern for a place at this address."""
        for attempt in range(60):
            name = pattern.format(
                town=self._town,
                wijk=self._wijken[home.buurt[:8]],
                street=home.street,
                bird=self._rng.choice(self._words["birds"]),
                flower=self._rng.choice(self._words["flowers"]),
                thing=self._rng.choice(self._words["things"]),
            )
            name = name if attempt < 30 else f"{name} {home.street}"
            if name not in self._given:
                self._given.add(name)
                return name
        return f"{name} {home.number}"


def _sites(plan: Plan, rng: np.random.Generator) -> Iterator[Home]:
    """Homes in random order, spread over the buurten by their size, none near an earlier one."""
    taken: list[Point] = []
    for index in rng.permutation(len(plan.homes)):
        home = plan.homes[index]
        if all(home.point.distance(other) > APART_M for other in taken):
            taken.append(home.point)
            yield home


def _shape(form: str, point: Point, rng: np.random.Generator) -> Polygon | None:
    if form not in SIZES:
        return None
    width, height = SIZES[form]
    factor = rng.uniform(0.8, 1.2)
    ground = box(point.x - width * factor, point.y - height * factor, point.x + width * factor, point.y + height * factor)
    return affinity.rotate(ground, float(rng.uniform(-30, 30)))


def _canteens(nodes: list[Node], entry: Mapping[str, Any]) -> list[Node]:
    """The canteens that are mapped, each a point on the grounds of its club."""
    clubs = [node for node in nodes if node.name.startswith(entry["of"])]
    return [
        replace(
            club,
            name=entry["name"].format(club=club.name),
            tags=entry["tags"],
            form="point",
            shape=None,
            point=Point(club.point.x + 20, club.point.y + 15),
        )
        for club in clubs[: entry["count"]]
    ]


def small_spots(plan: Plan, counts: Mapping[str, int], *, seed: int) -> list[tuple[Mapping[str, str], Point]]:
    """Benches and the like, at random homes' corners."""
    tags = {"bench": {"amenity": "bench"}, "picnic_table": {"leisure": "picnic_table"}, "dog_park": {"leisure": "dog_park"}}
    rng = stream(seed, "small spots")
    spots: list[tuple[Mapping[str, str], Point]] = []
    for kind, count in counts.items():
        for index in rng.choice(len(plan.homes), count, replace=False):
            home = plan.homes[index].point
            spots.append((tags[kind], Point(home.x + rng.uniform(-6, 6), home.y + rng.uniform(-6, 6))))
    return spots
