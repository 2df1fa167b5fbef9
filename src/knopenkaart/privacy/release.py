# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our own counts as they are released: figures in trees, what of them is shown, and answers that are added up from what is shown only.

What may be shown is decided in `knopenkaart.suppress`; here is what pages need: a release as it was stored, and questions to it.
Method and proof: docs/method/suppression.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from knopenkaart.privacy.rounding import THRESHOLD

# One node per dimension: ("mo_morning", "age_0_14"), ("week", "all").
Cell = tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """One way in which figures are told apart, as a tree: every node with the node above it, the top with None.

    Raises ValueError where that is no tree of one top.
    """

    name: str
    parents: Mapping[str, str | None]

    def __post_init__(self) -> None:
        tops = [node for node, above in self.parents.items() if above is None]
        lost = {above for above in self.parents.values() if above is not None and above not in self.parents}
        if len(tops) != 1 or lost or any(self._loops(node) for node in self.parents):
            raise ValueError(f"{self.name} is no tree: tops {tops}, not there {sorted(lost)}")

    def _loops(self, node: str) -> bool:
        above = self.parents[node]
        for _ in self.parents:
            if above is None:
                return False
            above = self.parents[above]
        return True

    @cached_property
    def top(self) -> str:
        """The node that holds all others."""
        return next(node for node, above in self.parents.items() if above is None)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Per node the nodes right below it, in the order in which they were given."""
        found: dict[str, list[str]] = {node: [] for node in self.parents}
        for node, above in self.parents.items():
            if above is not None:
                found[above].append(node)
        return {node: tuple(below) for node, below in found.items()}

    @cached_property
    def leaves(self) -> Mapping[str, frozenset[str]]:
        """Per node the smallest nodes that it is made of; a smallest node is made of itself."""
        found: dict[str, set[str]] = {node: set() for node in self.parents}
        for node in (node for node, below in self.children.items() if not below):
            above: str | None = node
            while above is not None:
                found[above].add(node)
                above = self.parents[above]
        return {node: frozenset(below) for node, below in found.items()}


def tree(name: str, top: str, below: Mapping[str, Any] | Iterable[str] = ()) -> Dimension:
    """A dimension, written as nested mappings; what stands last may be a plain list.

    >>> tree("slot", "week", {"mo": ["mo_morning", "mo_evening"], "tu": []}).children["week"]
    ('mo', 'tu')
    """
    parents: dict[str, str | None] = {top: None}

    def add(above: str, nodes: Mapping[str, Any] | Iterable[str]) -> None:
        for node in nodes:
            if node in parents:
                raise ValueError(f"{name} has {node} twice")
            parents[node] = above
            add(node, nodes[node] if isinstance(nodes, Mapping) else ())

    add(top, below)
    return Dimension(name, parents)


@dataclass(frozen=True)
class Figures:
    """The exact figures of one place (or the places of an area) and one round, before anything is hidden.

    `counts` has a whole number for every smallest cell that exists (0 where nobody came); a combination that is not there is known not to
    exist by everybody (closed, not counted). `weights` says how many the figure tells per person counted, where it is an estimate:
    visits per week are rounded per smallest cell and added up, and a weight of 4 means that 12 stands for 3 people counted.
    """

    dimensions: tuple[Dimension, ...]
    counts: Mapping[Cell, int]
    weights: Mapping[Cell, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        smallest = set(product(*(dimension.leaves[dimension.top] for dimension in self.dimensions)))
        if strange := sorted(set(self.counts) - smallest):
            raise ValueError(f"no smallest cells: {strange[:3]}")
        if any(not isinstance(count, int) or count < 0 for count in self.counts.values()):
            raise ValueError("counts are whole numbers from zero on")
        if any(not weight > 0 for weight in self.weights.values()):
            raise ValueError("a weight is above zero")

    @cached_property
    def made_of(self) -> Mapping[Cell, frozenset[Cell]]:
        """Every cell, also the sums, with the smallest cells that it is made of."""
        return cells_of(self.dimensions, self.counts)

    def value(self, cell: Cell) -> int:
        """The exact figure of any cell."""
        return sum(self.counts[base] for base in self.made_of[cell])

    def people(self, cell: Cell) -> float:
        """How many people were counted for it."""
        return sum(self.counts[base] / self.weights.get(base, 1.0) for base in self.made_of[cell])

    def small(self, cell: Cell) -> bool:
        """Whether it is too small to be shown: fewer than ten, or of fewer than ten people."""
        return self.value(cell) < THRESHOLD or self.people(cell) < THRESHOLD - 1e-9

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values. They are exact: never to be sent or shown."""
        return {
            "dimensions": _plain_dimensions(self.dimensions),
            "counts": [[*cell, count] for cell, count in sorted(self.counts.items())],
            "weights": [[*cell, weight] for cell, weight in sorted(self.weights.items())],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Figures:
        """The figures from plain values."""
        counts, weights = ({tuple(row[:-1]): row[-1] for row in data[name]} for name in ("counts", "weights"))
        return cls(_dimensions(data), counts, weights)


@dataclass(frozen=True)
class Release:
    """What is shown of the figures of one place and one round, the same everywhere. A cell that is not in it is hidden."""

    dimensions: tuple[Dimension, ...]
    shown: Mapping[Cell, int]

    def to_dict(self) -> dict[str, Any]:
        """The release as plain values, to be stored and sent."""
        return {"dimensions": _plain_dimensions(self.dimensions), "shown": [[*cell, count] for cell, count in sorted(self.shown.items())]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Release:
        """The release from plain values."""
        return cls(_dimensions(data), {tuple(row[:-1]): row[-1] for row in data["shown"]})


def joined(places: Dimension, figures: Mapping[str, Figures]) -> Figures:
    """The figures of several places as one, with the areas above the places as a first dimension: the sums that an area is told by.

    Raises ValueError where the places do not tell the same things apart.
    """
    rest = next(iter(figures.values())).dimensions
    if any(one.dimensions != rest for one in figures.values()):
        raise ValueError("the places tell different things apart")
    counts = {(place, *cell): count for place, one in figures.items() for cell, count in one.counts.items()}
    weights = {(place, *cell): weight for place, one in figures.items() for cell, weight in one.weights.items()}
    return Figures((places, *rest), counts, weights)


def lifted(places: Dimension, releases: Mapping[str, Release]) -> Release:
    """The releases of several places as one, in the cells of `joined`."""
    rest = next(iter(releases.values())).dimensions
    return Release((places, *rest), {(place, *cell): count for place, one in releases.items() for cell, count in one.shown.items()})


def cells_of(dimensions: Sequence[Dimension], smallest: Iterable[Cell]) -> dict[Cell, frozenset[Cell]]:
    """Every cell (a node of each dimension) that is made of at least one of the smallest cells, with those that it is made of."""
    found: dict[Cell, set[Cell]] = {}
    above = [{leaf: _upwards(dimension, leaf) for leaf in dimension.leaves[dimension.top]} for dimension in dimensions]
    for base in smallest:
        for cell in product(*(above[i][leaf] for i, leaf in enumerate(base))):
            found.setdefault(cell, set()).add(base)
    return {cell: frozenset(found[cell]) for cell in sorted(found)}


def answer(release: Release, **selection: str | Iterable[str]) -> int | None:
    """The sum over a selection, of shown cells only; None where it cannot be had from them (hidden).

    A selection gives one node or several per dimension; a dimension that is not named is not selected on. Nodes that overlap count once.
    Raises KeyError for a dimension or a node that is not there.

    >>> ages = tree("group", "all", ["young", "old"])
    >>> found = Release((ages,), {("all",): 30, ("old",): 18})
    >>> answer(found), answer(found, group="old"), answer(found, group=["young"]), answer(found, group=["young", "old"])
    (30, 18, None, 30)
    """
    if unknown := set(selection) - {dimension.name for dimension in release.dimensions}:
        raise KeyError(f"no dimension is called {sorted(unknown)[0]}")
    chosen = [_fewest(dimension, selection.get(dimension.name, dimension.top)) for dimension in release.dimensions]
    known: dict[Cell, int | None] = {}
    return total(_look_up(release, cell, known) for cell in product(*chosen))


def total(answers: Iterable[int | None]) -> int | None:
    """Answers added up (places of an area, rounds of a year); None where one of them is hidden."""
    found = 0
    for value in answers:
        if value is None:
            return None
        found += value
    return found


def shown_estimate(value: float, low: float, high: float) -> tuple[int, int | None, int] | None:
    """An estimate with its interval as it may be shown where its cell is shown; None below ten.

    The lower bound is None where it is below ten ("fewer than 10"); bounds are widened to tens, so that they tell of the variance no more
    than they must.

    >>> shown_estimate(57.3, 41.2, 78.8), shown_estimate(14.0, 6.1, 31.0), shown_estimate(9.9, 2.0, 40.0)
    ((57, 40, 80), (14, None, 40), None)
    """
    if not value >= THRESHOLD:
        return None
    below, above = int(low // THRESHOLD) * THRESHOLD, -int(-high // THRESHOLD) * THRESHOLD
    return round(value), below if below >= THRESHOLD else None, above


def _look_up(release: Release, cell: Cell, known: dict[Cell, int | None]) -> int | None:
    """What is shown of a cell, else what its parts along one dimension add up to."""
    if cell in release.shown:
        return release.shown[cell]
    if cell not in known:
        known[cell] = None
        for i, dimension in enumerate(release.dimensions):
            parts = dimension.children[cell[i]]
            found = total(_look_up(release, (*cell[:i], part, *cell[i + 1 :]), known) for part in parts) if parts else None
            if found is not None:
                known[cell] = found
                break
    return known[cell]


def _fewest(dimension: Dimension, nodes: str | Iterable[str]) -> list[str]:
    """The fewest nodes that hold exactly the same smallest nodes."""
    wanted = frozenset[str]().union(*(dimension.leaves[node] for node in ([nodes] if isinstance(nodes, str) else nodes)))
    whole = {node for node, leaves in dimension.leaves.items() if leaves <= wanted}
    return [node for node in dimension.parents if node in whole and dimension.parents[node] not in whole]


def _upwards(dimension: Dimension, leaf: str) -> list[str]:
    found, above = [leaf], dimension.parents[leaf]
    while above is not None:
        found.append(above)
        above = dimension.parents[above]
    return found


def _plain_dimensions(dimensions: Sequence[Dimension]) -> list[dict[str, Any]]:
    return [{"name": dimension.name, "nodes": [[node, above] for node, above in dimension.parents.items()]} for dimension in dimensions]


def _dimensions(data: Mapping[str, Any]) -> tuple[Dimension, ...]:
    return tuple(Dimension(item["name"], dict(item["nodes"])) for item in data["dimensions"])
