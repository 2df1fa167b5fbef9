# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which figures of one family may be shown together: for each small number a reader must be left with a larger one."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from knopenkaart.hiding.people import Cell, People, Tree
from knopenkaart.privacy import THRESHOLD
from knopenkaart.suppress.witness import Row, System
from knopenkaart.vocabulary.reader import EVERYBODY

# Targets by name, with the cells that keep them from being met (None: any of those shown may).
Blamed = dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None]
_TOP = 2**64


@dataclass(frozen=True)
class _Target:
    """What a reader must not be able to exclude: that an unknown is `need` or more."""

    name: tuple[Any, ...]
    parts: Mapping[int, float]
    need: float


@dataclass
class Deciding:
    """One family of figures of one year: which may be shown. Totals of `published` groups that the table lacks can be read elsewhere; of
    each of `wholes`, cells that divide the same people among them, everybody knows how many these are."""

    cells: Mapping[Cell, People]
    tree: Tree
    dimensions: Mapping[str, str]
    secret: str
    earlier: Mapping[Cell, tuple[People, bool]]
    published: frozenset[str] = frozenset()
    wholes: Sequence[Sequence[Cell]] = ()
    truth: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unknowns: dict[Cell, int] = field(default_factory=dict)
    targets: list[_Target] = field(default_factory=list)
    real: frozenset[Cell] = frozenset()
    grid: frozenset[Cell] = frozenset()
    within: dict[str, list[Cell]] = field(default_factory=dict)
    groups: dict[str, list[Cell]] = field(default_factory=dict)

    def shown(self) -> set[Cell]:
        """The cells that may be shown together."""
        earlier = self.earlier
        known = {cell: people for cell, (people, was) in earlier.items() if was and cell not in self.cells}
        whole = self._know({**self.cells, **known})
        elsewhere = self._elsewhere(whole) if self.published else set()
        shown = {cell for cell, people in self.cells.items() if not people.small and self._may_show(people, earlier.get(cell))}
        fixed = set(known) | {cell for cell in shown if (said := earlier.get(cell)) and said == (self.cells[cell], True)}
        left = self.targets
        if elsewhere:
            # What can be told without the table is not told by it.
            hopeless = self._without_witness(left, set(), elsewhere)
            left = [target for target in left if target.name not in hopeless]
        while left:
            blamed = self._without_witness(left, shown, fixed | elsewhere)
            if not blamed:
                break
            hidden = self._next(blamed.values(), shown - fixed)
            if hidden is None:
                # What was shown before tells too much already; nothing is added to it.
                return fixed & shown
            shown -= hidden
            left = [target for target in left if target.name in blamed]
        return shown

    @staticmethod
    def _may_show(people: People, said: tuple[People, bool] | None) -> bool:
        """What was hidden before stays so, unless it became quite another number."""
        return said is None or said[1] or abs(people.count - said[0].count) >= THRESHOLD

    def _next(self, blamed: Iterable[frozenset[tuple[str, ...]] | None], free: set[Cell]) -> set[Cell] | None:
        """Cells to hide next: one of those that keep a number small, for each such number. None: there are none left."""
        hidden: set[Cell] = set()
        for cells in blamed:
            options = {cell for cell in free if cells is None or cell in cells} or free
            if not options:
                return None
            if not options & hidden:
                hidden.add(min(options, key=lambda cell: (self._turn(cell), cell)))
        return hidden

    def _turn(self, cell: Cell) -> float:
        """By lot, small numbers sooner than large ones, as in knopenkaart.suppress."""
        drawn = hmac.new(self.secret.encode(), "\0".join(cell).encode(), hashlib.sha256).digest()[:8]
        return -math.log((int.from_bytes(drawn, "big") + 1) / (_TOP + 1)) * self.cells[cell].count ** 2

    def _without_witness(self, targets: Sequence[_Target], shown: set[Cell], fixed: set[Cell]) -> Blamed:
        """The targets that a reader can exclude. What hangs together only by figures that are told is looked at apart: quicker."""
        told = [self._told(cell, None) for cell in sorted(fixed)] + [self._told(cell, cell) for cell in sorted(shown - fixed)]
        known = {unknown for row in told for unknown in row.parts}
        groups = _Apart(len(self.truth))
        for row in self.rows:
            groups.join([unknown for unknown in row.parts if unknown not in known])
        rows: dict[int, list[Row]] = {}
        for row in self.rows:
            free = next((unknown for unknown in row.parts if unknown not in known), None)
            if free is not None:
                rows.setdefault(groups.of(free), []).append(row)
        by_unknown = {next(iter(row.parts)): row for row in told}
        wanted: dict[int, list[_Target]] = {}
        for target in targets:
            wanted.setdefault(groups.of(next(iter(target.parts))), []).append(target)
        blamed: Blamed = {}
        for group, some in sorted(wanted.items()):
            blamed |= _apart(self.truth, rows.get(group, []), by_unknown, some)
        return blamed

    def _told(self, cell: Cell, tag: Cell | None) -> Row:
        unknown = self.unknowns[cell]
        return Row({unknown: 1.0}, self.truth[unknown], self.truth[unknown], tag)

    # --- what the reader knows ---

    def _know(self, cells: Mapping[Cell, People]) -> dict[Cell, People]:
        """Unknowns, rows and targets of these cells; gives them with the sums that they add up to."""
        for cell, people in sorted(cells.items()):
            self.unknowns[cell] = self._people(("cell", *cell), people)
        self.real = frozenset(cells)
        whole = self._with_totals(cells)
        for total in sorted(self.grid):
            for parts in self._parts(total):
                self._add_up(total, parts, whole)
        for cells_of in self.wholes:
            number = sum(cells[cell].count for cell in cells_of)
            self.rows.append(Row({self.unknowns[cell]: 1.0 for cell in cells_of}, number, number))
        return whole

    def _elsewhere(self, whole: Mapping[Cell, People]) -> set[Cell]:
        """Totals that can be read elsewhere: of areas, and of everybody where all groups of a dimension are told.

        They are taken to be what the table's own figures add up to: areas that it leaves out may well be empty.
        """
        large = {cell for cell in self.grid - self.real if cell[1] in self.published and cell in whole and whole[cell].count >= THRESHOLD}
        found = {cell for cell in large if self._adds_up(cell, whole)}
        for cell in found:
            self.truth[self.unknowns[cell]] = whole[cell].count
        return found

    def _adds_up(self, cell: Cell, whole: Mapping[Cell, People]) -> bool:
        area, group = cell
        inside = {code for code, above in self.tree.above.items() if above == area}
        parts = {code for code in inside if (code, group) in whole}
        if len(parts) > 1 or (parts and parts == inside):
            return True
        there = {other[1] for other in self.groups.get(area, ()) if other in whole} if group == EVERYBODY else set()
        for dimension in {self.dimensions.get(name, name) for name in there}:
            every = {name for name, of in self.dimensions.items() if of == dimension}
            # Everybody else, with whichever groups there are, makes it whole.
            if every <= there or (f"{dimension}_other" in there and len(every & there) > 1):
                return True
        return False

    def _people(self, name: tuple[Any, ...], people: People) -> int:
        """An unknown for those it counts, and one for the others where it is known how many there are; targets for what is small."""
        unknown = self._unknown(people.count)
        if people.of is None:
            if people.count < THRESHOLD:
                self.targets.append(_Target((*name, "count"), {unknown: 1.0}, THRESHOLD))
            return unknown
        rest = self._unknown(people.of - people.count)
        self.rows.append(Row({unknown: 1.0, rest: 1.0}, people.of, people.of))
        need = min(THRESHOLD, people.of)
        for kind, number in (("count", unknown), ("rest", rest)):
            if self.truth[number] < need:
                self.targets.append(_Target((*name, kind), {number: 1.0}, need))
        return unknown

    def _unknown(self, value: int) -> int:
        self.truth.append(value)
        return len(self.truth) - 1

    def _with_totals(self, cells: Mapping[Cell, People]) -> dict[Cell, People]:
        """The cells, and the sums that the table does not have but that its cells add up to: they join what is above and below.

        What the table leaves out altogether is a number that nobody knows, the same wherever it is a part.
        """
        areas = {code for area, _ in cells for code in (area, *self.tree.upwards(area))}
        groups = {group for _, group in cells} | {EVERYBODY}
        self.grid = frozenset((area, group) for area in areas for group in groups)
        for cell in self.grid:
            self.within.setdefault(self.tree.above.get(cell[0], ""), []).append(cell)
            if cell[1] != EVERYBODY:
                self.groups.setdefault(cell[0], []).append(cell)
        whole = dict(cells)
        for cell in sorted(self.grid - self.real, key=self._depth, reverse=True):
            sums = [(all(part in whole for part in parts), _together(parts, whole)) for parts in self._parts(cell)]
            known = [(complete, people) for complete, people in sums if people.parts]
            self.unknowns[cell] = self._unknown(0)
            if known:
                whole[cell] = max(known, key=lambda item: (item[0], item[1].people.count))[1].people
        return whole

    def _depth(self, cell: Cell) -> tuple[int, bool, Cell]:
        return sum(1 for _ in self.tree.upwards(cell[0])), cell[1] != EVERYBODY, cell

    def _parts(self, cell: Cell) -> list[list[Cell]]:
        """The ways in which a cell is made of others: the areas in it, and for everybody the groups of each dimension."""
        area, group = cell
        found = [sorted(other for other in self.within.get(area, ()) if other[1] == group)]
        by_dimension: dict[str, list[Cell]] = {}
        for other in self.groups.get(area, ()) if group == EVERYBODY else ():
            by_dimension.setdefault(self.dimensions.get(other[1], other[1]), []).append(other)
        return [parts for parts in (*found, *(sorted(parts) for _, parts in sorted(by_dimension.items()))) if parts]

    def _add_up(self, total: Cell, parts: Sequence[Cell], cells: Mapping[Cell, People]) -> None:
        """What a total tells of its parts: the people that are in none of them are a number of their own."""
        together, sums = _together(parts, cells), self._sums(total, parts)
        if together.parts == 0 or total not in self.real:
            known = together.parts == len(parts) and total in cells
            difference = cells[total].count - together.people.count if known else 0
            self.rows.append(Row(sums, difference, difference))
            return
        left = _left(cells[total].of, together.people.of, len(parts) + 1)
        difference = cells[total].count - together.people.count
        if len(parts) > 1 and (difference < 0 if left is None else left < 0):
            # Parts that overlap do not add up; what each leaves of the total is known all the same.
            for part in parts:
                self._add_up(total, [part], cells)
            return
        most = max(0, difference) if left is None else max(0, left)
        rest = min(max(0, difference), most)
        if most:
            self._leave(total, parts, cells, People(rest, left))
        else:
            # What is left over is the rounding of shares: it is taken to be known.
            self.rows.append(Row(sums, difference, difference))

    def _leave(self, total: Cell, parts: Sequence[Cell], cells: Mapping[Cell, People], rest: People) -> None:
        """Parts of a total that do not make it whole: the rest is a number too, and what the table leaves out is all of it."""
        there, absent = [part for part in parts if part in cells], [part for part in parts if part not in cells]
        unknown = self._people(("left", *total, *parts[0]), rest)
        difference = cells[total].count - sum(cells[part].count for part in there) - rest.count
        self.rows.append(Row({**self._sums(total, there), unknown: -1.0}, difference, difference))
        if absent:
            self.rows.append(Row({unknown: 1.0} | {self.unknowns[part]: -1.0 for part in absent}, 0, 0))

    def _sums(self, total: Cell, parts: Iterable[Cell]) -> dict[int, float]:
        return {self.unknowns[total]: 1.0} | {self.unknowns[part]: -1.0 for part in parts}


@dataclass(frozen=True, slots=True)
class _Together:
    """The people of the parts that a table has, and how many parts these are."""

    people: People
    parts: int


def _together(parts: Iterable[Cell], cells: Mapping[Cell, People]) -> _Together:
    found = [cells[part] for part in parts if part in cells]
    ofs = [people.of for people in found if people.of is not None]
    return _Together(People(sum(people.count for people in found), sum(ofs) if len(ofs) == len(found) else None), len(found))


def _left(whole: int | None, parts: int | None, numbers: int) -> int | None:
    """How many people of a total are in none of its parts; None where that is not known. Numbers rounded to fives need not add up."""
    if whole is None or parts is None:
        return None
    rounded = whole % 5 == 0 and parts % 5 == 0 and abs(whole - parts) <= 2.5 * numbers
    return 0 if rounded else whole - parts


class _Apart:
    """Which unknowns hang together."""

    def __init__(self, many: int) -> None:
        self.above = list(range(many))

    def of(self, unknown: int) -> int:
        """The first of those that an unknown hangs together with."""
        while self.above[unknown] != unknown:
            self.above[unknown] = self.above[self.above[unknown]]
            unknown = self.above[unknown]
        return unknown

    def join(self, unknowns: Sequence[int]) -> None:
        """Let these hang together."""
        for other in unknowns[1:]:
            self.above[self.of(other)] = self.of(unknowns[0])


def _apart(truth: Sequence[int], rows: Sequence[Row], told: Mapping[int, Row], targets: Sequence[_Target]) -> Blamed:
    """The targets without a witness among unknowns that hang together, with what is told of them."""
    used = {unknown for row in rows for unknown in row.parts} | {unknown for target in targets for unknown in target.parts}
    at = {unknown: number for number, unknown in enumerate(sorted(used))}
    mine = [*rows, *(told[unknown] for unknown in sorted(used) if unknown in told)]
    moved = [replace(row, parts={at[unknown]: part for unknown, part in row.parts.items()}) for row in mine]
    wanted = [replace(target, parts={at[unknown]: part for unknown, part in target.parts.items()}) for target in targets]
    return System([truth[unknown] for unknown in at], moved).without_witness(wanted)
