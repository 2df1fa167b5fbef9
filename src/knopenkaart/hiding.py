# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a municipality's own table may be shown: none that rests on fewer than ten people, nor any from which one follows.

The reader is taken to know how many people each figure is about (registers are public), every figure that is shown, all that was shown
before, and which areas and groups add up to which. For each hidden small number there must be another table that looks the same to such a
reader, in which ten or more people are meant, or everybody that the figure is about (docs/method/own-tables.md).
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Protocol

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.privacy import THRESHOLD
from knopenkaart.suppress.witness import Row, System
from knopenkaart.vocabulary.reader import EVERYBODY

# An area and a group.
Cell = tuple[str, str]
# Targets by name, with the cells that keep them from being met (None: any of those shown may).
Blamed = dict[tuple[Any, ...], frozenset[tuple[str, ...]] | None]
HIDDEN = "hidden"
# Identifiers of indicators that a municipality made itself begin so.
OWN = "own_"
# So many indicators of the same people are tried together, so many of them as the parts of a whole.
MOST_ALIKE, MOST_PARTS = 12, 6
_EMPTIED = ("value", "n", "low", "high")
_TOP = 2**64


class AreaLike(Protocol):
    """What must be known of an area: where it lies."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def wijk_code(self) -> str: ...
    @property
    def municipality_code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class People:
    """The people behind a figure: those it counts, and those it is about (None where that is not told)."""

    count: int
    of: int | None = None

    @property
    def small(self) -> bool:
        """Whether fewer than ten people have it, or fewer than ten do not."""
        return self.count < THRESHOLD or (self.of is not None and self.of - self.count < THRESHOLD)


@dataclass(frozen=True)
class Before:
    """What was shown of an indicator and a year before, with the exact numbers: cell -> (people, whether it was shown)."""

    indicator: str
    year: int
    cells: Mapping[Cell, tuple[People, bool]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be kept; they are exact: never to be sent or shown."""
        exact = [[*cell, people.count, people.of, shown] for cell, (people, shown) in sorted(self.cells.items())]
        return {"indicator": self.indicator, "year": self.year, "exact": exact}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Before:
        """From plain values."""
        cells = {(str(area), str(group)): (People(count, of), bool(shown)) for area, group, count, of, shown in data["exact"]}
        return cls(str(data["indicator"]), int(data["year"]), cells)


@dataclass(frozen=True)
class Hidden:
    """Own figures as they may be shown (MONITOR_FIGURES), how many are hidden because they are `small` or `beside` a small one, and what
    to keep of it for the next time."""

    figures: pd.DataFrame
    small: int
    beside: int
    released: tuple[Before, ...]


def hide_own(
    figures: pd.DataFrame,
    *,
    areas: Iterable[AreaLike],
    dimensions: Mapping[str, str],
    secret: str,
    before: Sequence[Before] = (),
) -> Hidden:
    """Own figures (exact MONITOR_FIGURES) as they may be shown: a hidden one has no value, no n, and the reason `hidden`.

    `dimensions` names the dimension of each group; groups of one dimension are taken to share nobody. `secret` decides by lot which of
    several figures is hidden beside a small one; it must be known to nobody who sees the figures. `before` is what was shown of the study.
    Raises InputError (`own.changed`) where a figure that was shown before changed by fewer than ten people.
    """
    tree = _Tree(areas)
    exact = _exact(figures)
    _refuse_small_changes(exact, before)
    shown: dict[tuple[str, int], set[Cell]] = {}
    for year in sorted({year for _, year in exact}):
        tables = {name: cells for (name, of), cells in exact.items() if of == year}
        of_year = [item for item in before if item.year == year]
        for family in _families(tables):
            earlier = _earlier(family, of_year)
            found = _Deciding(family.cells, tree, dimensions, f"{secret}/{year}", earlier).shown()
            found -= _hidden_by_published(family, dimensions, earlier, f"{secret}/{year}")
            shown |= {(name, year): found & set(cells) for name, cells in family.members.items()}
        for names in _divisions(tables):
            for name, gone in _hidden_among(names, tables, of_year, f"{secret}/{year}").items():
                shown[name, year] -= gone
    return _result(figures, exact, shown, before)


# --- the people behind the figures ---------------------------------------------------------------------------------------


def _exact(figures: pd.DataFrame) -> dict[tuple[str, int], dict[Cell, People]]:
    """Per indicator and year the people behind each figure that has a value."""
    found: dict[tuple[str, int], dict[Cell, People]] = {}
    columns = ("indicator", "year", "area_code", "group", "value", "n", "unit")
    for name, year, area, group, value, n, unit in figures.loc[:, columns].itertuples(index=False, name=None):
        if not pd.isna(value):
            found.setdefault((name, int(year)), {})[area, group] = people_behind(float(value), None if pd.isna(n) else int(n), unit)
    return found


def people_behind(value: float, n: int | None, unit: str) -> People:
    """The people behind a figure. Of a mean it is only told how many it rests on.

    >>> people_behind(12.5, 80, "percent"), people_behind(7.1, 33, "score"), people_behind(40, None, "count")
    (People(count=10, of=80), People(count=33, of=None), People(count=40, of=None))
    """
    if unit == "count":
        return People(round(value), n)
    if n is None:
        return People(0)
    return People(min(n, max(0, round(value * n / 100))), n) if unit == "percent" else People(n)


@dataclass
class _Family:
    """Indicators that tell the same of the same people (a count and its share, a share and its rest): decided as one."""

    cells: dict[Cell, People]
    members: dict[str, Mapping[Cell, People]]


def _families(tables: Mapping[str, Mapping[Cell, People]]) -> list[_Family]:
    found: list[_Family] = []
    # Those that tell of how many they are a part go first: others may have only the count.
    for name in sorted(tables, key=lambda name: (all(people.of is None for people in tables[name].values()), name)):
        cells = tables[name]
        for family in found:
            alike = _alike(cells, family.cells)
            if alike is not None:
                family.cells |= {cell: people for cell, people in alike.items() if cell not in family.cells}
                family.members[name] = cells
                break
        else:
            found.append(_Family(dict(cells), {name: cells}))
    return found


def _alike(cells: Mapping[Cell, People], others: Mapping[Cell, People]) -> Mapping[Cell, People] | None:
    """The people of a table in the terms of another one that tells the same, or the rest of it; None where it does not."""
    common = [cell for cell in cells if cell in others]
    if len(common) < min(2, len(cells)):
        return None
    turned = {cell: People(one.of - one.count, one.of) for cell, one in cells.items() if one.of is not None}
    for form in (cells, turned):
        if common and len(form) == len(cells) and all(abs(form[cell].count - others[cell].count) <= 1 for cell in common):
            return form
    return None


def _earlier(family: _Family, before: Sequence[Before]) -> dict[Cell, tuple[People, bool]]:
    """What was shown before of what a family tells, under whatever name."""
    found: dict[Cell, tuple[People, bool]] = {}
    for item in before:
        cells = {cell: people for cell, (people, _) in item.cells.items()}
        form = _alike(cells, family.cells) or (cells if item.indicator in family.members else {})
        for cell, people in form.items():
            was = item.cells[cell][1]
            if was or cell not in found:
                found[cell] = (people, was)
    return found


def _hidden_by_published(
    family: _Family, dimensions: Mapping[str, str], earlier: Mapping[Cell, tuple[People, bool]], secret: str
) -> set[Cell]:
    """What is hidden because everybody can read totals elsewhere: of an indicator that is not the municipality's own they are published.

    What the table tells of all groups of a dimension makes up such a total; it is taken to be known, each area by itself.
    """
    cells: dict[Cell, People] = {}
    known: dict[Cell, tuple[People, bool]] = {}
    for area in {area for area, group in family.cells} if not all(name.startswith(OWN) for name in family.members) else ():
        for dimension in sorted(set(dimensions.values())):
            parts = [(area, group) for group in dimensions if dimensions[group] == dimension]
            counts = {part: People(family.cells[part].count) for part in parts if part in family.cells}
            total = sum(people.count for people in counts.values())
            # Everybody else, with whichever groups there are, makes it whole.
            whole = len(counts) == len(parts) or (len(counts) > 1 and (area, f"{dimension}_other") in counts)
            if whole and (area, EVERYBODY) not in family.cells and total >= THRESHOLD:
                cells |= counts
                known.setdefault((area, EVERYBODY), (People(total), True))
    known |= {cell: (People(people.count), was) for cell, (people, was) in earlier.items() if cell in cells}
    return cells.keys() - _Deciding(cells, _Tree([]), dimensions, secret, known).shown()


def _divisions(tables: Mapping[str, Mapping[Cell, People]]) -> list[tuple[str, ...]]:
    """Indicators that divide the same people among them (low, middle and high): what one leaves out the others tell."""
    alike: list[list[str]] = []
    for name in sorted(tables):
        if any(people.of is None for people in tables[name].values()):
            continue
        others = next((names for names in alike if _of_the_same(tables[name], tables[names[0]])), None)
        others.append(name) if others else alike.append([name])
    return [
        names
        for some in alike
        for many in range(3, min(len(some), MOST_PARTS) + 1)
        for names in combinations(some[:MOST_ALIKE], many)
        if _make_whole([tables[name] for name in names])
    ]


def _of_the_same(one: Mapping[Cell, People], other: Mapping[Cell, People]) -> bool:
    common = one.keys() & other.keys()
    return bool(common) and all(one[cell].of == other[cell].of for cell in common)


def _make_whole(tables: Sequence[Mapping[Cell, People]]) -> bool:
    """Whether the parts add up to everybody wherever all are known, but for the rounding of shares."""
    common = set.intersection(*(set(table) for table in tables))
    return bool(common) and all(
        abs(sum(table[cell].count for table in tables) - (tables[0][cell].of or 0)) <= len(tables) for cell in common
    )


def _hidden_among(
    names: Sequence[str], tables: Mapping[str, Mapping[Cell, People]], before: Sequence[Before], secret: str
) -> dict[str, set[Cell]]:
    """What is hidden of indicators that divide the same people, each area and group by itself: how many these are is known."""
    common = set.intersection(*(set(tables[name]) for name in names))
    cells: dict[Cell, People] = {}
    earlier: dict[Cell, tuple[People, bool]] = {}
    for cell in common:
        counts = {("\0".join(cell), name): People(tables[name][cell].count) for name in names}
        total = sum(people.count for people in counts.values())
        if total >= THRESHOLD:
            cells |= counts
            earlier["\0".join(cell), EVERYBODY] = (People(total), True)
    for item in before:
        if item.indicator in names:
            said = (("\0".join(cell), People(people.count), was) for cell, (people, was) in item.cells.items() if cell in common)
            earlier |= {(key, item.indicator): (people, was) for key, people, was in said}
    found = _Deciding(cells, _Tree([]), dict.fromkeys(names, "division"), secret, earlier).shown()
    return {name: {cell for cell in common if ("\0".join(cell), name) in cells.keys() - found} for name in names}


class _Tree:
    """Which area lies in which."""

    def __init__(self, areas: Iterable[AreaLike]) -> None:
        self.above: dict[str, str] = {}
        for area in areas:
            above = area.wijk_code if area.level == "buurt" else area.municipality_code if area.level == "wijk" else ""
            if not above and area.level == "buurt":
                above = area.municipality_code
            if above and above != area.code:
                self.above[area.code] = above

    def upwards(self, code: str) -> Iterator[str]:
        """The areas that an area lies in, the smallest first."""
        seen = {code}
        while (above := self.above.get(code)) and above not in seen:
            seen.add(above)
            yield above
            code = above


# --- deciding -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Target:
    """What a reader must not be able to exclude: that an unknown is `need` or more."""

    name: tuple[Any, ...]
    parts: Mapping[int, float]
    need: float


@dataclass
class _Deciding:
    """One family of figures of one year: which may be shown."""

    cells: Mapping[Cell, People]
    tree: _Tree
    dimensions: Mapping[str, str]
    secret: str
    earlier: Mapping[Cell, tuple[People, bool]]
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
        self._know({**self.cells, **known})
        shown = {cell for cell, people in self.cells.items() if not people.small and self._may_show(people, earlier.get(cell))}
        fixed = set(known) | {cell for cell in shown if (said := earlier.get(cell)) and said == (self.cells[cell], True)}
        left = self.targets
        while left:
            blamed = self._without_witness(left, shown, fixed)
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

    def _without_witness(
        self, targets: Sequence[_Target], shown: set[Cell], fixed: set[Cell]
    ) -> dict[Any, frozenset[tuple[str, ...]] | None]:
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

    def _know(self, cells: Mapping[Cell, People]) -> None:
        for cell, people in sorted(cells.items()):
            self.unknowns[cell] = self._people(("cell", *cell), people)
        self.real = frozenset(cells)
        whole = self._with_totals(cells)
        for total in sorted(self.grid):
            for parts in self._parts(total):
                self._add_up(total, parts, whole)

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


# --- what comes of it -----------------------------------------------------------------------------------------------------


def _refuse_small_changes(exact: Mapping[tuple[str, int], Mapping[Cell, People]], before: Sequence[Before]) -> None:
    faults = []
    for item in before:
        now = exact.get((item.indicator, item.year), {})
        for cell, (people, shown) in item.cells.items():
            if shown and cell in now and now[cell] != people and _little(people, now[cell]):
                faults.append(Fault("own.changed", f"{cell[1]}, {item.year}: fewer than ten people more or fewer", value=cell[0]))
    if faults:
        raise InputError(
            f"{len(faults)} figure(s) that were shown before changed by fewer than ten people: together they would tell of those few.",
            code="own.changed",
            remedy="Keep the figures of these years as they were, or leave these years out.",
            faults=faults,
        )


def _little(old: People, new: People) -> bool:
    """Whether a number of people changed, but by fewer than ten."""
    changes = [new.count - old.count]
    if old.of is not None and new.of is not None:
        changes += [new.of - old.of, (new.of - new.count) - (old.of - old.count)]
    return any(0 < abs(change) < THRESHOLD for change in changes)


def _result(
    figures: pd.DataFrame,
    exact: Mapping[tuple[str, int], Mapping[Cell, People]],
    shown: Mapping[tuple[str, int], set[Cell]],
    before: Sequence[Before],
) -> Hidden:
    result = figures.copy()
    keys = zip(result["indicator"], result["year"].astype(int), result["area_code"], result["group"], strict=True)
    valued = [(name, year, (area, group)) if (area, group) in exact.get((name, year), {}) else None for name, year, area, group in keys]
    gone = pd.Series([key is not None and key[2] not in shown[key[:2]] for key in valued], index=result.index)
    small = sum(1 for key, out in zip(valued, gone, strict=True) if key and out and exact[key[:2]][key[2]].small)
    for name in _EMPTIED:
        result[name] = result[name].where(~gone)
    result["reason"] = result["reason"].astype(object).where(~gone, HIDDEN)
    return Hidden(result, small, int(gone.sum()) - small, tuple(_released(exact, shown, before)))


def _released(
    exact: Mapping[tuple[str, int], Mapping[Cell, People]], shown: Mapping[tuple[str, int], set[Cell]], before: Sequence[Before]
) -> Iterator[Before]:
    """What is known now, with what was known before: a cell that was ever shown stays shown in it."""
    earlier = {(item.indicator, item.year): item.cells for item in before}
    for key, cells in sorted(exact.items()):
        now = {cell: (people, cell in shown[key]) for cell, people in cells.items()}
        yield Before(*key, {**earlier.get(key, {}), **now})
