# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who adds and subtracts all that is released: python benchmarks/suppression_attack.py [--tables 10000] [--seed 1].

Random tables (one to three dimensions with random trees, areas of places, combinations that do not exist, estimates with weights),
random releases over time and random sequences of questions. The attacker knows the trees, which combinations exist, which counts changed
and whether they only rose, and solves programmes in whole numbers for every count below ten. Nothing of the attacker comes from the code
that it attacks. SYNTHETIC.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp

from knopenkaart.privacy import Cell, Dimension, Figures, Release, answer
from knopenkaart.suppress import Past, release, replacement

Array = np.ndarray[Any, Any]
SMALL = 10
SHAPES = ("one", "cross", "week", "areas")


# --- tables -------------------------------------------------------------------------------------------------------------


def random_tree(rng: random.Random, name: str, *, widest: int, deepest: int) -> Dimension:
    parents: dict[str, str | None] = {f"{name}": None}
    level = [name]
    for _ in range(rng.randint(1, deepest)):
        below = [(f"{above}.{i}", above) for above in level for i in range(rng.randint(2, widest)) if rng.random() < 0.9 or above == name]
        parents |= dict(below)
        level = [node for node, _ in below]
    return Dimension(name, parents)


def random_figures(rng: random.Random) -> Figures:
    shape = rng.choice(SHAPES)
    dimensions = {
        "one": lambda: (random_tree(rng, "slot", widest=6, deepest=2),),
        "cross": lambda: (random_tree(rng, "slot", widest=5, deepest=1), random_tree(rng, "group", widest=5, deepest=1)),
        "week": lambda: (random_tree(rng, "slot", widest=4, deepest=2), random_tree(rng, "group", widest=4, deepest=1)),
        "areas": lambda: (
            random_tree(rng, "place", widest=3, deepest=2),
            random_tree(rng, "slot", widest=3, deepest=1),
            random_tree(rng, "group", widest=3, deepest=1),
        ),
    }[shape]()
    smallest = list(product(*(sorted(dimension.leaves[dimension.top]) for dimension in dimensions)))
    exist = [cell for cell in smallest if rng.random() < 0.93] or smallest
    mean = math.exp(rng.uniform(math.log(0.5), math.log(40)))
    busy = {node: rng.gammavariate(1.5, 1 / 1.5) for dimension in dimensions for node in dimension.parents}
    weights = {cell: rng.choice((0.25, 0.5, 1.0, 2.0, 3.5)) for cell in exist} if rng.random() < 0.15 else {}
    counts = {}
    for cell in exist:
        people = poisson(rng, mean * math.prod(busy[node] for node in cell))
        counts[cell] = math.floor(people * weights.get(cell, 1.0) + 0.5)
    return Figures(dimensions, counts, weights)


def poisson(rng: random.Random, mean: float) -> int:
    # Knuth's product, in pieces: the exponential of a large mean is zero.
    count, left = 0, mean
    while left > 0:
        piece, product_ = min(left, 50.0), rng.random()
        while product_ > math.exp(-piece):
            count, product_ = count + 1, product_ * rng.random()
        left -= piece
    return count


def later(rng: random.Random, figures: Figures) -> Figures:
    """The figures after a late sheet (counts rise), a sheet counted double (they fall), or corrections both ways."""
    sign, size = rng.choice((1, 1, -1, 0)), rng.choice((2, 12, 30))
    counts = dict(figures.counts)
    for cell in rng.sample(sorted(counts), k=rng.randint(1, max(1, len(counts) // 3))):
        counts[cell] = max(0, counts[cell] + (sign or rng.choice((1, -1))) * rng.choice((0, size, rng.randint(1, 3 * size))))
    return Figures(figures.dimensions, counts, figures.weights)


# --- what is asked ------------------------------------------------------------------------------------------------------


def random_selection(rng: random.Random, dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    return {
        dimension.name: rng.sample(sorted(dimension.parents), k=min(rng.choice((1, 1, 1, 2, 3)), len(dimension.parents)))
        for dimension in dimensions
        if rng.random() < 0.8
    }


@dataclass
class Attacker:
    """Collects answers about successive tables of the same people and solves for the counts behind them."""

    dimensions: tuple[Dimension, ...]
    # Per table: which unknown stands for which smallest cell.
    unknowns: list[dict[Cell, int]] = field(default_factory=list)
    size: int = 0
    equal: dict[frozenset[int], int] = field(default_factory=dict)
    # (more, less): the first is known to be no smaller than the second.
    order: list[tuple[int, int]] = field(default_factory=list)
    # Unknown people behind an unknown estimate: (estimate, people, weight).
    rounded: list[tuple[int, int, float]] = field(default_factory=list)
    people: dict[int, tuple[int, float]] = field(default_factory=dict)

    def sees(self, figures: Figures, before: Figures | None) -> None:
        """A new table is out. That it is the same in some cells, and only rose or fell, may be known; its counts are not."""
        known: dict[Cell, int] = {}
        for cell in figures.counts:
            if before is not None and before.counts[cell] == figures.counts[cell]:
                known[cell] = self.unknowns[-1][cell]
                continue
            known[cell] = self._new()
            weight = figures.weights.get(cell, 1.0)
            self.people[known[cell]] = (known[cell], 1 / weight)
            if weight > 1:
                people = self._new()
                self.rounded.append((known[cell], people, weight))
                self.people[known[cell]] = (people, 1.0)
        if before is not None:
            changed = [(cell, figures.counts[cell] - before.counts[cell]) for cell in known if figures.counts[cell] != before.counts[cell]]
            if all(change > 0 for _, change in changed):
                self.order += [(known[cell], self.unknowns[-1][cell]) for cell, _ in changed]
            elif all(change < 0 for _, change in changed):
                self.order += [(self.unknowns[-1][cell], known[cell]) for cell, _ in changed]
        self.unknowns.append(known)

    def _new(self) -> int:
        self.size += 1
        return self.size - 1

    def smallest(self, selection: Mapping[str, Iterable[str]], table: int = -1) -> frozenset[int]:
        """The unknowns that a question adds up: by walking up from each smallest cell."""
        chosen = [set(selection.get(dimension.name, [dimension.top])) for dimension in self.dimensions]

        def under(i: int, node: str | None) -> bool:
            while node is not None:
                if node in chosen[i]:
                    return True
                node = self.dimensions[i].parents[node]
            return False

        return frozenset(unknown for cell, unknown in self.unknowns[table].items() if all(under(i, node) for i, node in enumerate(cell)))

    def hears(self, selection: Mapping[str, Iterable[str]], value: int | None, table: int = -1) -> None:
        if value is not None:
            self.equal[self.smallest(selection, table)] = value

    def ready(self) -> None:
        """All is heard: from here on it is solved for."""
        self.told = np.array([[float(unknown in parts) for unknown in range(self.size)] for parts in self.equal]).reshape(-1, self.size)
        self.values = np.array(list(self.equal.values()), dtype=float)
        self.less, self.at_most = self._inequalities()
        self.possible: list[Array] = []

    def can_be(self, goal: Mapping[int, float], need: float = SMALL) -> bool:
        """Whether a sum of unknowns can be `need` or more, for all that was heard: in fractions first, then in whole numbers."""
        target = np.zeros(self.size)
        for unknown, part in goal.items():
            target[unknown] += part
        if any(target @ table >= need for table in self.possible):
            return True
        told, less = self.told, self.less
        found = linprog(
            -target, A_eq=told if len(told) else None, b_eq=self.values if len(told) else None, A_ub=less if len(less) else None,
            b_ub=self.at_most if len(less) else None, bounds=(0, self.values.sum() + 1000), method="highs",
        )  # fmt: skip
        assert found.success
        if -found.fun < need - 1e-6:
            return False
        if self._keep(np.rint(found.x), target, need):
            return True
        rules = [LinearConstraint(target[None, :], need, np.inf)]
        rules += [LinearConstraint(told, self.values, self.values)] if len(told) else []
        rules += [LinearConstraint(less, -np.inf, self.at_most)] if len(less) else []
        whole = milp(np.zeros(self.size), constraints=rules, integrality=np.ones(self.size, dtype=int))
        return whole.x is not None and self._keep(np.rint(whole.x), target, need)

    def _keep(self, table: Array, target: Array, need: float) -> bool:
        """Whether a table fits all that was heard; then it is kept for the next question."""
        told, less = self.told @ table == self.values, self.less @ table <= self.at_most + 1e-9
        fits = bool(target @ table >= need - 1e-9 and told.all() and less.all())
        if fits:
            self.possible.append(table)
        return fits

    def _inequalities(self) -> tuple[Array, Array]:
        rows, limits = [], []
        for more, less in self.order:
            rows.append({less: 1.0, more: -1.0})
            limits.append(0.0)
        for estimate, people, weight in self.rounded:
            rows += [{people: weight, estimate: -1.0}, {people: -weight, estimate: 1.0}]
            limits += [0.5, 0.5]
        table = np.zeros((len(rows), self.size))
        for number, row in enumerate(rows):
            for unknown, part in row.items():
                table[number, unknown] = part
        return table, np.array(limits)


def derivable(attacker: Attacker, tables: Sequence[Figures]) -> list[tuple[object, ...]]:
    """Every count below ten, of any cell of any table, and every change of fewer than ten, that the attacker can tell is one."""
    attacker.ready()
    goals: dict[frozenset[tuple[int, float]], tuple[object, ...]] = {}
    for number, figures in enumerate(tables):
        at, old = attacker.unknowns[number], attacker.unknowns[number - 1]
        for cell, parts in figures.made_of.items():
            if figures.value(cell) < SMALL:
                goals.setdefault(frozenset((at[base], 1.0) for base in parts), (number, cell))
            if figures.weights and figures.people(cell) < SMALL - 1e-9:
                goals.setdefault(frozenset(attacker.people[at[base]] for base in parts), (number, "people", cell))
            change = figures.value(cell) - tables[number - 1].value(cell) if number else 0
            if 0 < abs(change) < SMALL:
                moved = [base for base in parts if at[base] != old[base]]
                sign = math.copysign(1.0, change)
                both = [(at[base], sign) for base in moved] + [(old[base], -sign) for base in moved]
                goals.setdefault(frozenset(both), (number, "change", cell))
    return [what for goal, what in goals.items() if not attacker.can_be(dict(goal))]


def naive(figures: Figures) -> Release:
    """Only what is small itself is hidden."""
    return Release(figures.dimensions, {cell: figures.value(cell) for cell in figures.made_of if not figures.small(cell)})


def releases_over_time(rng: random.Random, first: Figures, *, secret: str, times: int) -> list[Past]:
    """A release, and what replaced it: corrections that may not be shown leave the last one standing."""
    out = [Past(first, release(first, secret=secret))]
    now = first
    for _ in range(times):
        now = later(rng, now)
        newer = replacement(out, now, secret=secret)
        if newer is not None:
            out.append(Past(now, newer))
    return out


def questioned(rng: random.Random, out: Sequence[Past]) -> Attacker:
    """An attacker after a random sequence of questions and downloads about each release."""
    attacker = Attacker(out[0].figures.dimensions)
    for number, past in enumerate(out):
        attacker.sees(past.figures, out[number - 1].figures if number else None)
        for _ in range(rng.randint(5, 40)):
            selection = random_selection(rng, attacker.dimensions)
            attacker.hears(selection, answer(past.release, **selection))
        if rng.random() < 0.8:
            for cell, value in past.release.shown.items():
                attacker.hears({dimension.name: [node] for dimension, node in zip(attacker.dimensions, cell, strict=True)}, value)
    return attacker


# --- the benchmark ------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What an attacker finds in many tables."""

    tables: int = 0
    derived: int = 0
    tables_derived: int = 0
    small: int = 0
    shown: int = 0
    large: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    def add(self, out: Sequence[Past], found: Sequence[object], took: float) -> None:
        self.tables += 1
        self.derived += len(found)
        self.tables_derived += bool(found)
        self.seconds, self.slowest = self.seconds + took, max(self.slowest, took)
        for past in out:
            cells = past.figures.made_of
            large = sum(not past.figures.small(cell) for cell in cells)
            self.small, self.large, self.shown = self.small + len(cells) - large, self.large + large, self.shown + len(past.release.shown)

    def line(self, label: str) -> str:
        share = self.shown / max(1, self.large)
        return (
            f"{label:28}{self.tables:8d}{self.derived:11d}{self.tables_derived:10d}{self.small:10d}{100 * share:14.1f} %"
            f"{1000 * self.seconds / max(1, self.tables):12.1f}{1000 * self.slowest:10.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    ours, theirs, replaced = Tally(), Tally(), 0
    for number in range(options.tables):
        rng = random.Random(f"{options.seed}/{number}")
        figures = random_figures(rng)
        started = time.perf_counter()
        out = releases_over_time(rng, figures, secret=f"secret {number}", times=rng.choice((0, 0, 1, 2)))
        took = time.perf_counter() - started
        replaced += len(out) - 1
        asked = rng.getrandbits(32)
        ours.add(out, derivable(questioned(random.Random(asked), out), [past.figures for past in out]), took)
        plain = [Past(past.figures, naive(past.figures)) for past in out]
        theirs.add(plain, derivable(questioned(random.Random(asked), plain), [past.figures for past in plain]), 0.0)
        if number % 500 == 499:
            print(f"... {number + 1} tables, {ours.derived} derivable, {theirs.derived} without complementary suppression", flush=True)
    print(f"SYNTHETIC: {options.tables} tables, {replaced} releases replaced by a later one")
    print(f"{'':28}{'tables':>8}{'derivable':>11}{'in tables':>10}{'small':>10}{'of the large':>16}{'ms/table':>12}{'slowest':>10}")
    print(ours.line("released"))
    print(theirs.line("small ones hidden only"))


if __name__ == "__main__":
    main()
