# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The people of every area and group, those who got a home, and those who could not be placed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.population._division import Division
from knopenkaart.population._groups import Spread, spread
from knopenkaart.population._people import Count, People, count_people
from knopenkaart.population._placement import Ground, Homes, grounds, of_homes
from knopenkaart.population._published import Published
from knopenkaart.population.assumed import Assumed, unknown_notice
from knopenkaart.tables import NOTICES, RESIDENTS
from knopenkaart.vocabulary import EVERYBODY, Group

# As many areas as a notice can name.
FEW = 10
_PARTS = ("people", "placed", "not_covered", "no_home", "no_street")


@dataclass(frozen=True, slots=True)
class _Place:
    """What becomes of the people of one leaf: the shares (0-1) of the four outcomes, and the homes among which they were spread."""

    not_covered: float
    no_home: float
    no_street: float
    homes: Homes

    @classmethod
    def of(cls, ground: Ground, homes: Homes) -> _Place:
        share = ground.share(homes.basis)
        if homes.dwellings <= 0:
            return cls(1.0 - share, share, 0.0, homes)
        return cls(1.0 - share, 0.0, share * (1.0 - homes.reached / homes.dwellings), homes)

    def row(self, people: float) -> dict[str, Any]:
        """The columns for so many people; the parts sum to them exactly."""
        unplaced = {name: people * float(getattr(self, name)) for name in ("not_covered", "no_home", "no_street")}
        covered = people - unplaced["not_covered"]
        return unplaced | {
            "people": people,
            "placed": max(0.0, people - sum(unplaced.values())),
            "homes": self.homes.homes,
            "dwellings": self.homes.dwellings,
            "per_dwelling": covered / self.homes.dwellings if self.homes.dwellings > 0 else None,
        }


def residents(
    areas: pd.DataFrame,
    figures: pd.DataFrame,
    *,
    coverage: pd.DataFrame,
    homes: pd.DataFrame,
    groups: Mapping[str, Group],
    assumed: Mapping[str, Assumed],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """RESIDENTS of every area in AREAS, for all of them and for each of the `groups` of the vocabulary, and NOTICES about them.

    The smallest areas with a joined number of inhabitants are the leaves; what is above them is their sum. Published numbers are moved as
    little as makes groups and areas add up, each within its rounding (population.fit). A group is told of an area where FIGURES give its
    dimension for that area (`published`) or for one around it (`inherited`). Of the people of a leaf the share that COVERAGE believes is
    divided over its dwellings in HOMES (snapped: a home without `walk_edge` has no street); the rest is unplaced:
    placed + not_covered + no_home + no_street = people, in every row. `assumed` (assumed_people) stands in for municipalities without a
    figure. Areas of which nothing is known have no rows. Formulas and limits: docs/method/residents.md.

    Notices: `residents.unknown`, `residents.do_not_add`, `residents.widened`.
    """
    division = Division.of(areas)
    dimensions = _dimensions(groups.values())
    published = Published(figures, levels=division.levels, indicators=[group.indicator for group in groups.values() if group.indicator])
    here, cover = of_homes(homes), grounds(coverage)
    weights = _weights(division, published, here)
    people = count_people(division, published, assumed=assumed, dimensions=dimensions, weights=weights)
    nothing = Ground("unknown", None, None, None)
    places = {leaf: _Place.of(cover.get(leaf, nothing), here.get(leaf, Homes())) for leaf in people.leaves}
    leaf_rows = [_leaf_row(division, leaf, EVERYBODY, count, places[leaf]) for leaf, count in people.leaves.items()]
    upper_rows = _upper_rows(division, published, people, leaf_rows)
    notices = _notices(division, people, upper_rows)
    below = Counter(upper for leaf in people.leaves for upper in division.chain(leaf))
    for root in people.of:
        for dimension, members in dimensions.items():
            found = spread(division, published, people, root=root, groups=members)
            if found is None:
                continue
            rows = _group_rows(division, people, found, places)
            leaf_rows += rows
            upper_rows += _upper_group_rows(division, found, rows, expected=below)
            notices += _widened(division, root, dimension, found)
    return _table(division, [*leaf_rows, *upper_rows], [EVERYBODY, *groups]), NOTICES.frame(notices)


def _dimensions(groups: Iterable[Group]) -> Mapping[str, Sequence[Group]]:
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[group.dimension].append(group)
    return found


def _weights(division: Division, published: Published, homes: Mapping[str, Homes]) -> Mapping[str, float]:
    """By what areas without a number of inhabitants share what is left: published dwellings, else those of their homes."""
    return {code: published.dwellings(code) or homes.get(code, Homes()).dwellings for code in division.codes}


def _leaf_row(division: Division, leaf: str, group: str, count: Count, place: _Place) -> dict[str, Any]:
    bounds = {"low": min(count.low, count.value), "high": max(count.high, count.value)}
    origin = {"basis": count.basis, "year": count.year, "source": count.source}
    return {"area_code": leaf, "level": division.levels[leaf], "group": group} | origin | bounds | place.row(count.value)


def _group_rows(division: Division, people: People, found: Spread, places: Mapping[str, _Place]) -> list[dict[str, Any]]:
    rows = []
    for line, leaf in enumerate(found.leaves):
        count = people.leaves[leaf]
        for column, group in enumerate(found.groups):
            number = found.origins[leaf][column]
            told = Count(
                float(found.values[line, column]),
                float(found.low[line, column]),
                float(found.high[line, column]),
                "published" if found.published[line, column] else "inherited",
                number.year if number else count.year,
                number.source if number else count.source,
            )
            rows.append(_leaf_row(division, leaf, group, told, places[leaf]))
    return rows


def _upper_rows(division: Division, published: Published, people: People, leaf_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The areas around the leaves: sums, with the bounds of their own figure where the parts add up to it."""
    rows = []
    for code, below in _around(division, leaf_rows).items():
        row = _summed(division, code, EVERYBODY, below)
        own = published.people(code)
        if own is not None and code in people.around:
            row |= _own(row, *people.around[code]) | {"basis": "published", "year": own.year, "source": own.source}
        rows.append(row)
    return rows


def _upper_group_rows(
    division: Division, found: Spread, leaf_rows: Sequence[dict[str, Any]], *, expected: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The same for the groups; only of areas all of whose leaves have the group, else the sum would say too little."""
    rows = []
    for code, below in _around(division, leaf_rows).items():
        for column, group in enumerate(found.groups):
            parts = [row for row in below if row["group"] == group]
            if len(parts) < expected[code]:
                continue
            row = _summed(division, code, group, parts)
            bound = found.uppers.get(code)
            number = bound.numbers[column] if bound else None
            if bound and number is not None:
                row |= _own(row, float(bound.low[column]), float(bound.high[column]))
                row |= {"basis": "published", "year": number.year, "source": number.source}
            rows.append(row)
    return rows


def _around(division: Division, leaf_rows: Sequence[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in leaf_rows:
        for upper in division.chain(row["area_code"])[1:]:
            found[upper].append(row)
    return found


def _summed(division: Division, code: str, group: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    sums = {name: sum(part[name] for part in parts) for name in (*_PARTS, "low", "high", "homes", "dwellings")}
    bases = {part["basis"] for part in parts}
    same = {name: parts[0][name] if len({part[name] for part in parts}) == 1 else None for name in ("year", "source")}
    basis = bases.pop() if len(bases) == 1 else "inherited"
    return {"area_code": code, "level": division.levels[code], "group": group, "basis": basis, "per_dwelling": None} | sums | same


def _own(row: Mapping[str, Any], low: float, high: float) -> dict[str, Any]:
    return {"low": min(low, row["people"]), "high": max(high, row["people"])}


def _table(division: Division, rows: Sequence[dict[str, Any]], groups: Sequence[str]) -> pd.DataFrame:
    """The rows in the order of the division and of the vocabulary."""
    order = {code: number for number, code in enumerate(division.codes)}
    rank = {group: number for number, group in enumerate(groups)}
    return RESIDENTS.frame(sorted(rows, key=lambda row: (order[row["area_code"]], rank[row["group"]])))


def _notices(division: Division, people: People, upper_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    sums = {row["area_code"]: row["people"] for row in upper_rows}
    # Of a municipality as a whole the settlements have told it already (assumed_people).
    lacking = [leaf for leaf in people.unknown if leaf in division.parents]
    unknown = [unknown_notice(leaf, division.names[leaf], division.levels[leaf]) for leaf in lacking]
    return unknown + [
        {
            "code": "residents.do_not_add",
            "subject": code,
            "message": f"The inhabitants of the areas in {division.names[code]} ({code}) do not add up to its own figure, {figure:.0f}, "
            f"whatever the rounding. Together they have {sums[code]:.0f}; the areas are kept.",
            "details": {"name": division.names[code], "sum": round(sums[code]), "figure": round(figure)},
        }
        for code, figure in people.apart.items()
    ]


def _widened(division: Division, root: str, dimension: str, found: Spread) -> list[dict[str, Any]]:
    """That published numbers contradict one another by more than their rounding: those of single areas, or of the municipality."""
    if found.factor == 1.0:
        return []
    name = division.names[root]
    few = [division.names[leaf] for leaf in found.widened[:FEW]] or [name]
    where = ", ".join(few) + (f" and {len(found.widened) - FEW} more" if len(found.widened) > FEW else "")
    return [
        {
            "code": "residents.widened",
            "subject": root,
            "message": f"{name} ({root}): the groups by {dimension} in {where} add up to the inhabitants only if numbers may lie up to "
            f"{found.factor:g} times their rounding away from what was published.",
            "details": {"name": name, "dimension": dimension, "factor": found.factor, "areas": where, "count": len(found.widened) or 1},
        }
    ]
