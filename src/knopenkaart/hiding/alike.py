# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which indicators tell the same of the same people, or divide them among them: what one hides the others must not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from knopenkaart.hiding.people import Before, Cell, People, Tree
from knopenkaart.privacy import THRESHOLD
from knopenkaart.vocabulary.reader import EVERYBODY

# So many indicators of the same people are tried together, so many of them as the parts of a whole.
MOST_ALIKE, MOST_PARTS = 12, 6


@dataclass
class Family:
    """Indicators that tell the same of the same people (a count and its share, a share and its rest): decided as one."""

    cells: dict[Cell, People]
    members: dict[str, Mapping[Cell, People]]


@dataclass(frozen=True)
class Sums:
    """Which cells add up to which: areas in areas, and the groups of each dimension."""

    tree: Tree
    dimensions: Mapping[str, str]

    def pairs(self, totals: Mapping[Cell, People], parts: Mapping[Cell, People]) -> Iterator[tuple[People, People]]:
        """Totals of one table beside the sums of what another has of their parts."""
        found: dict[tuple[str, ...], list[People]] = {}
        for (area, group), people in parts.items():
            for above in self.tree.upwards(area):
                found.setdefault((above, group), []).append(people)
                if (above, group) in parts:
                    break
            if group in self.dimensions:
                found.setdefault((area, EVERYBODY, self.dimensions[group]), []).append(people)
        for (area, group, *_), some in found.items():
            if (area, group) in totals:
                ofs = [part.of for part in some if part.of is not None]
                yield totals[area, group], People(sum(part.count for part in some), sum(ofs) if len(ofs) == len(some) else None)


def families(tables: Mapping[str, Mapping[Cell, People]], sums: Sums) -> list[Family]:
    """The indicators of a year, those together that tell the same, or the rest of it, also where one has the sums of the other."""
    found: list[Family] = []
    # Those that tell of how many they are a part go first: others may have only the count.
    for name in sorted(tables, key=lambda name: (all(people.of is None for people in tables[name].values()), name)):
        cells = tables[name]
        for family in found:
            alike = _alike(cells, family.cells) or _adding_up(cells, family.cells, sums)
            if alike is not None:
                family.cells |= {cell: people for cell, people in alike.items() if cell not in family.cells}
                family.members[name] = cells
                break
        else:
            found.append(Family(dict(cells), {name: cells}))
    return found


def _alike(cells: Mapping[Cell, People], others: Mapping[Cell, People]) -> Mapping[Cell, People] | None:
    """The people of a table in the terms of another one that tells the same, or the rest of it; None where it does not."""
    common = [cell for cell in cells if cell in others]
    if len(common) < min(2, len(cells)):
        return None
    for form in (cells, _turned(cells)):
        if common and len(form) == len(cells) and all(abs(form[cell].count - others[cell].count) <= 1 for cell in common):
            return form
    return None


def _adding_up(cells: Mapping[Cell, People], others: Mapping[Cell, People], sums: Sums) -> Mapping[Cell, People] | None:
    """The people of a table in the terms of another one whose sums it has, or whose parts, under another name; None where it has not.

    It is enough that one total lies within ten people of such a sum, and no sum is larger than its total: what is taken to be the same and
    is not hides too much, what is the same and is not seen tells of those few.
    """
    for form in (cells, _turned(cells)):
        common = [cell for cell in form if cell in others]
        if len(form) < len(cells) or any(abs(form[cell].count - others[cell].count) > 1 for cell in common):
            continue
        pairs = [*sums.pairs(form, others), *sums.pairs(others, form)]
        if all(_may_be_part(part, total) for total, part in pairs) and any(_nearly(part, total) for total, part in pairs):
            return form
    return None


def _turned(cells: Mapping[Cell, People]) -> dict[Cell, People]:
    return {cell: People(one.of - one.count, one.of) for cell, one in cells.items() if one.of is not None}


def _may_be_part(part: People, total: People) -> bool:
    fits = total.of is None or part.of is None or part.of < total.of + THRESHOLD
    return fits and part.count < total.count + THRESHOLD


def _nearly(part: People, total: People) -> bool:
    return min(part.count, total.count) >= THRESHOLD > abs(total.count - part.count)


def earlier_of(family: Family, before: Sequence[Before], sums: Sums) -> dict[Cell, tuple[People, bool]]:
    """What was shown before of what a family tells, under whatever name."""
    found: dict[Cell, tuple[People, bool]] = {}
    for item in before:
        cells = {cell: people for cell, (people, _) in item.cells.items()}
        own = cells if item.indicator in family.members else {}
        form = _alike(cells, family.cells) or own or _adding_up(cells, family.cells, sums) or {}
        for cell, people in form.items():
            was = item.cells[cell][1]
            if was or cell not in found:
                found[cell] = (people, was)
    return found


def divisions(tables: Mapping[str, Mapping[Cell, People]]) -> list[tuple[str, ...]]:
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
