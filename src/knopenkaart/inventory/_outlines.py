# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which elements of one source are one place: a node in its outline, a school of five buildings, a pitch of a sports centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from knopenkaart.inventory._elements import Element

# The buildings of one campus that bear the same name lie within this distance: the length of a large school ground.
CAMPUS_M = 250.0
# A building without a name next to a school belongs to it when no more than a street lies between them.
ADJACENT_M = 25.0
# A node that was put at the door, just outside its own outline.
DOOR_M = 30.0


@dataclass(slots=True)
class Grouping:
    """Index of an element -> the element in which it went up, with the reason; `shared` are grounds that several places share."""

    parent: dict[int, tuple[int, str]] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)

    def join(self, index: int, into: int, reason: str) -> None:
        """Let one element go up in another, unless that would bite its own tail."""
        if index not in self.parent and self.root(into) != index:
            self.parent[index] = (into, reason)

    def root(self, index: int) -> int:
        """The element that stands for the place in which this one ended up."""
        while index in self.parent:
            index = self.parent[index][0]
        return index


class Shapes:
    """The elements with one index of their shapes for all questions about nearness."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = elements
        self._shapes = np.array([element.shape for element in elements], dtype=object)
        self._tree = shapely.STRtree(self._shapes)

    def outlines_around(self, index: int, kinds: Iterable[str]) -> list[int]:
        """Other outlines of these kinds in which the element's point lies, the smallest first."""
        wanted = set(kinds)
        own = self.elements[index]
        hits = self._tree.query(own.point, predicate="intersects").tolist()
        found = [hit for hit in hits if hit != index and self.elements[hit].area_m2 > own.area_m2 and self.elements[hit].kind.id in wanted]
        return sorted(found, key=lambda hit: (self.elements[hit].area_m2, self.elements[hit].source_id))

    def within(self, index: int, distance_m: float, kinds: Iterable[str]) -> list[int]:
        """Other elements of these kinds within a distance in metres, the nearest first."""
        wanted = set(kinds)
        shape = self.elements[index].shape
        hits = self._tree.query(shape, predicate="dwithin", distance=distance_m).tolist()
        found = [hit for hit in hits if hit != index and self.elements[hit].kind.id in wanted]
        return sorted(found, key=lambda hit: (shape.distance(self.elements[hit].shape), self.elements[hit].rank))


def group(elements: Sequence[Element]) -> Grouping:
    """Which elements (all of them of some kind) are one place.

    In this order: parts of a ground (`absorbed_by`), elements of one kind with one name, elements of one kind without a name, and a node
    that bears the name of the outline around it.
    """
    result = Grouping()
    if not elements:
        return result
    shapes = Shapes(elements)
    _absorb(shapes, result)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for index, element in enumerate(elements):
        if index not in result.parent:
            by_kind[element.kind.id].append(index)
    for members in by_kind.values():
        _join_same_name(members, shapes, result)
        _join_unnamed(members, shapes, result)
    _join_name_of_outline(shapes, result)
    return result


def _absorb(shapes: Shapes, result: Grouping) -> None:
    for index, element in enumerate(shapes.elements):
        around = shapes.outlines_around(index, element.kind.absorbed_by) if element.kind.absorbed_by else []
        # A ground that is no place itself (a stadium without a name) must not take a named pitch with it.
        grounds = [hit for hit in around if shapes.elements[hit].name is not None or not shapes.elements[hit].kind.named_only]
        if grounds:
            result.join(index, grounds[0], "part.of_ground")


def _join_same_name(members: Sequence[int], shapes: Shapes, result: Grouping) -> None:
    """Elements of one kind with the same name, near one another: the first by rank stands for all."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for index in members:
        if shapes.elements[index].core:
            by_name[shapes.elements[index].core].append(index)
    for same in by_name.values():
        reach_m = CAMPUS_M if shapes.elements[same[0]].kind.campus else DOOR_M
        left = sorted(same, key=lambda index: shapes.elements[index].rank)
        while len(left) > 1:
            cluster = _reachable(left, shapes, reach_m)
            for index in cluster[1:]:
                result.join(index, cluster[0], _same_name_reason(shapes.elements[index], shapes.elements[cluster[0]]))
            left = [index for index in left if index not in cluster]


def _reachable(members: Sequence[int], shapes: Shapes, reach_m: float) -> list[int]:
    """The first member and all that can be reached from it in steps of at most `reach_m` metres, in the order of the members."""
    found, fresh = {members[0]}, [members[0]]
    while fresh:
        here = shapes.elements[fresh.pop()].shape
        near = [index for index in members if index not in found and here.dwithin(shapes.elements[index].shape, reach_m)]
        found.update(near)
        fresh += near
    return [index for index in members if index in found]


def _same_name_reason(element: Element, main: Element) -> str:
    if main.shape.intersects(element.point):
        return "outline.same_kind"
    return "campus.same_name" if element.kind.campus else "near.same_name"


def _join_unnamed(members: Sequence[int], shapes: Shapes, result: Grouping) -> None:
    """Elements without a name join the outline around them, the one place inside them, or (on a campus) the nearest neighbour."""
    unnamed = sorted((index for index in members if not shapes.elements[index].core), key=lambda index: shapes.elements[index].rank)
    named = frozenset(index for index in members if shapes.elements[index].core)
    for index in unnamed:
        if not _join_named(index, named, shapes, result):
            _join_one_of_unnamed(index, shapes, result)


def _join_named(index: int, named: frozenset[int], shapes: Shapes, result: Grouping) -> bool:
    element = shapes.elements[index]
    around = [hit for hit in shapes.outlines_around(index, [element.kind.id]) if hit in named]
    if around:
        result.join(index, around[0], "outline.same_kind")
        return True
    inside = _inside(index, named, shapes)
    places = {result.root(hit) for hit in inside}
    if len(places) == 1:
        result.join(index, inside[0], "outline.same_kind")
        return True
    if len(places) > 1:
        result.shared.add(index)
        return True
    near = [hit for hit in shapes.within(index, ADJACENT_M, [element.kind.id]) if shapes.elements[hit].core] if element.kind.campus else []
    if near:
        result.join(index, near[0], "campus.adjacent")
    return bool(near)


def _inside(index: int, named: frozenset[int], shapes: Shapes) -> list[int]:
    outline = shapes.elements[index]
    if not outline.area_m2:
        return []
    near = set(shapes.within(index, 0.0, [outline.kind.id])) & named
    inside = [
        hit for hit in near if shapes.elements[hit].area_m2 < outline.area_m2 and outline.shape.intersects(shapes.elements[hit].point)
    ]
    return sorted(inside, key=lambda hit: shapes.elements[hit].rank)


def _join_one_of_unnamed(index: int, shapes: Shapes, result: Grouping) -> None:
    """Among elements without a name the largest outline stands for all; `index` comes in that order, so it looks only at earlier ones."""
    element = shapes.elements[index]
    around = [hit for hit in shapes.outlines_around(index, [element.kind.id]) if not shapes.elements[hit].core and hit not in result.shared]
    if around:
        result.join(index, around[0], "outline.same_kind")
        return
    near = shapes.within(index, ADJACENT_M, [element.kind.id]) if element.kind.campus else []
    earlier = [
        hit for hit in near if not shapes.elements[hit].core and hit not in result.shared and shapes.elements[hit].rank < element.rank
    ]
    if earlier:
        result.join(index, earlier[0], "campus.adjacent")


def _join_name_of_outline(shapes: Shapes, result: Grouping) -> None:
    """A node that bears the very name of the outline around it is that place, though another kind was written on it."""
    kinds = {element.kind.id for element in shapes.elements if not element.kind.small_spot}
    for index, element in enumerate(shapes.elements):
        if index in result.parent or element.shape.geom_type != "Point" or element.name is None or element.kind.small_spot:
            continue
        same = [hit for hit in shapes.outlines_around(index, kinds) if _same_full_name(element, shapes.elements[hit])]
        if same:
            result.join(index, same[0], "outline.same_name")


def _same_full_name(one: Element, other: Element) -> bool:
    return one.name is not None and other.name is not None and one.name.casefold() == other.name.casefold()


def hosts(elements: Sequence[Element], result: Grouping) -> dict[int, int]:
    """Place -> the place to which it stays tied (a canteen to its club), both as the element that stands for the place."""
    found: dict[int, int] = {}
    shapes = Shapes(elements) if elements else None
    for index, element in enumerate(elements):
        if shapes is None or index in result.parent or not element.kind.belongs_to:
            continue
        around = shapes.outlines_around(index, element.kind.belongs_to)
        near = shapes.within(index, element.kind.belongs_within_m, element.kind.belongs_to) if element.kind.belongs_within_m else []
        root = next((result.root(hit) for hit in [*around, *near] if result.root(hit) != index), None)
        if root is not None and found.get(root) != index:
            found[index] = root
    return found
