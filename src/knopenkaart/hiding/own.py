# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of an own table as they may be shown, and what to keep of it for the next time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.hiding.alike import Sums, divisions, earlier_of, families
from knopenkaart.hiding.deciding import Deciding
from knopenkaart.hiding.people import HIDDEN, OWN, AreaLike, Before, Cell, People, Tree, all_together, exact_of
from knopenkaart.privacy import THRESHOLD
from knopenkaart.vocabulary.reader import EVERYBODY

_EMPTIED = ("value", "n", "low", "high")
# Of these one lies inside the other in a way that nobody tells: what is left of a group beyond its countries may be a few people.
INSIDE_ONE_ANOTHER = frozenset({"origin", "origin_country"})


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
    several figures is hidden beside a small one; it must be known to nobody who sees the figures. `before` is what was shown of these
    areas by any study: of one indicator and year several may be given, the own one last.
    Raises InputError: `own.changed` where a figure that was shown before changed by fewer than ten people, `own.inside` where one is told
    by origin and by country of origin in the same year.
    """
    tree = Tree(areas)
    sums = Sums(tree, dimensions)
    exact, before = exact_of(figures), all_together(before)
    _refuse_inside(exact, before, dimensions)
    _refuse_small_changes(exact, before)
    shown: dict[tuple[str, int], set[Cell]] = {}
    for year in sorted({year for _, year in exact}):
        tables = {name: cells for (name, of), cells in exact.items() if of == year}
        of_year = [item for item in before if item.year == year]
        told: dict[str, set[Cell]] = {}
        known: dict[str, Mapping[Cell, tuple[People, bool]]] = {}
        same = families(tables, sums)
        for family in same:
            earlier = earlier_of(family, of_year, sums)
            found = _shown(family.cells, tree, dimensions, f"{secret}/{year}", earlier, names=family.members)
            told |= {name: found & set(cells) for name, cells in family.members.items()}
            known |= dict.fromkeys(family.members, earlier)
        for names in divisions(tables):
            parts = {name: tables[name] for name in names}
            for name, gone in _hidden_among(parts, told, tree, dimensions, f"{secret}/{year}", known).items():
                for alike in next(family.members for family in same if name in family.members):
                    told[alike] = told[alike] - gone
        shown |= {(name, year): cells for name, cells in told.items()}
    return _result(figures, exact, shown, before)


def _shown(
    cells: Mapping[Cell, People],
    tree: Tree,
    dimensions: Mapping[str, str],
    secret: str,
    earlier: Mapping[Cell, tuple[People, bool]],
    *,
    names: Iterable[str],
    wholes: Sequence[Sequence[Cell]] = (),
) -> set[Cell]:
    """What may be shown to three readers: who knows nothing else, who knows what is published of everybody, and of each group as well.

    Each by itself: what the last one knows without the table must still be kept from the others. Of indicators (`names`) that are the
    municipality's own nothing is published.
    """
    readers = [frozenset[str]()]
    if not all(name.startswith(OWN) for name in names):
        readers += [frozenset({EVERYBODY}), frozenset({EVERYBODY, *dimensions})]
    found = set(cells)
    for published in readers:
        hidden = {cell: (people, False) for cell, people in cells.items() if cell not in found}
        found = Deciding(cells, tree, dimensions, secret, {**earlier, **hidden}, published, wholes).shown()
    return found


def _hidden_among(
    tables: Mapping[str, Mapping[Cell, People]],
    shown: Mapping[str, set[Cell]],
    tree: Tree,
    dimensions: Mapping[str, str],
    secret: str,
    before: Mapping[str, Mapping[Cell, tuple[People, bool]]],
) -> dict[str, set[Cell]]:
    """What else of indicators that divide the same people is hidden: how many these are is known, in each area and group.

    Each indicator has the areas to itself (`area\\0indicator`): so they are decided together, with all that adds up in each of them.
    """
    inside = Tree([])
    inside.above = {f"{area}\0{name}": f"{above}\0{name}" for name in tables for area, above in tree.above.items()}
    cells: dict[Cell, People] = {}
    earlier: dict[Cell, tuple[People, bool]] = {}
    for name, of_name in tables.items():
        said = {cell: was for cell, was in before[name].items() if cell in of_name}
        said |= {cell: (people, False) for cell, people in of_name.items() if cell not in shown[name]}
        cells |= {(f"{area}\0{name}", group): people for (area, group), people in of_name.items()}
        earlier |= {(f"{area}\0{name}", group): was for (area, group), was in said.items()}
    common = sorted(set.intersection(*(set(of_name) for of_name in tables.values())))
    wholes = [[(f"{area}\0{name}", group) for name in tables] for area, group in common]
    large = [whole for whole in wholes if sum(cells[cell].count for cell in whole) >= THRESHOLD]
    found = _shown(cells, inside, dimensions, secret, earlier, names=tables, wholes=large)
    return {name: {(area, group) for area, group in of_name if (f"{area}\0{name}", group) not in found} for name, of_name in tables.items()}


def _refuse_inside(exact: Mapping[tuple[str, int], Mapping[Cell, People]], before: Sequence[Before], dimensions: Mapping[str, str]) -> None:
    """A country lies in one of the groups of origin: the group less its countries would tell of the others, however few they are."""
    told = [((name, year), cells) for (name, year), cells in exact.items()] + [((item.indicator, item.year), item.cells) for item in before]
    by: dict[tuple[str, int], set[str]] = {}
    for key, cells in told:
        by.setdefault(key, set()).update(dimensions.get(group, "") for _, group in cells)
    faults = [
        Fault("own.inside", f"{year}: by origin and by country of origin", value=name)
        for (name, year), found in by.items()
        if found >= INSIDE_ONE_ANOTHER and (name, year) in exact
    ]
    if faults:
        raise InputError(
            f"{len(faults)} indicator(s) are told by origin and by country of origin: one less the other would tell of few people.",
            code="own.inside",
            remedy="Bring in the figures by origin, or those by country, of one year; not both.",
            faults=faults,
        )


def _refuse_small_changes(exact: Mapping[tuple[str, int], Mapping[Cell, People]], before: Sequence[Before]) -> None:
    faults = []
    for item in before:
        now = exact.get((item.indicator, item.year), {})
        for cell, people, shown in item.rows():
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
    """What is known now, with what was known before: whatever was ever shown stays known."""
    earlier = {(item.indicator, item.year): item for item in before}
    for key, cells in sorted(exact.items()):
        now = ((cell, people, cell in shown[key]) for cell, people in cells.items())
        yield earlier.get(key, Before(*key, {})).then(now)
