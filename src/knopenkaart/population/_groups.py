# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the people of each area fall into the groups of one dimension, so that groups, areas and the areas around them add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knopenkaart.population._division import Division
from knopenkaart.population._people import People
from knopenkaart.population._published import Number, Published
from knopenkaart.population.fit import Floats, Upper, fit
from knopenkaart.vocabulary import Group

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bound:
    """What is published of the groups in an area around others: value, low and high per group (nan where nothing is)."""

    value: Floats
    low: Floats
    high: Floats
    numbers: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """People per leaf (rows) and group (columns), their bounds, and what is published of the areas around them.

    `published` is False where a cell follows from the shares of an area around it; `origins` holds the figures that tell it, of the leaf or
    of that area. `widened` are the leaves whose own rounding had to be widened, and `factor` is by how much at most.
    """

    leaves: tuple[str, ...]
    groups: tuple[str, ...]
    values: Floats
    low: Floats
    high: Floats
    published: Flags
    origins: Mapping[str, tuple[Number | None, ...]]
    uppers: Mapping[str, Bound]
    widened: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class _Row:
    value: Floats
    low: Floats
    high: Floats
    published: Flags
    numbers: tuple[Number | None, ...]
    origins: tuple[Number | None, ...]


def spread(division: Division, published: Published, people: People, *, root: str, groups: Sequence[Group]) -> Spread | None:
    """The groups of one dimension in the leaves of one municipality; None where no figure tells anything of them.

    A leaf whose figures give all groups (one may be what the others leave) has them; another gets what is missing by the shares of the
    nearest area around it that has them; where there is none either, the leaf is left out.
    """
    rest = [number for number, group in enumerate(groups) if not group.indicator]
    if len(rest) > 1:
        return None
    mine = people.of.get(root, ())
    rows: dict[str, _Row] = {}
    for leaf in mine:
        row = _row(division, published, people, leaf, groups)
        if row is not None:
            rows[leaf] = row
    if not any(number is not None for row in rows.values() for number in row.origins):
        return None
    leaves = tuple(rows)
    value, low, high = (np.stack([getattr(row, side) for row in rows.values()]) for side in ("value", "low", "high"))
    totals = np.array([people.leaves[leaf].value for leaf in leaves])
    bounds = _bounds(division, published, people, groups, rows, whole=set(mine))
    layers = division.layers(bounds)
    found = fit(value, low, high, totals=totals, uppers=[_upper(division, leaves, codes, bounds) for codes in layers])
    return Spread(
        leaves,
        tuple(group.id for group in groups),
        found.values,
        found.low,
        np.minimum(found.high, np.maximum(totals[:, None], found.values)),
        np.stack([row.published for row in rows.values()]),
        {leaf: row.origins for leaf, row in rows.items()},
        _kept(bounds, layers, found.uppers),
        tuple(leaf for leaf, factor in zip(leaves, found.row_factors, strict=True) if factor > 1.0),
        round(float(found.row_factors.max()) * found.factor, 2),
    )


def _numbers(published: Published, code: str, groups: Sequence[Group], *, people: float, year: int | None) -> tuple[Number | None, ...]:
    if year is None:
        return tuple(None for _ in groups)
    return tuple(published.members(code, group.indicator, people=people, year=year) if group.indicator else None for group in groups)


def _row(division: Division, published: Published, people: People, leaf: str, groups: Sequence[Group]) -> _Row | None:
    count = people.leaves[leaf]
    own = count.basis == "published"
    numbers = _numbers(published, leaf, groups, people=count.value, year=count.year if own else None)
    known = np.array([number is not None for number in numbers])
    value, low, high = (_column(numbers, side, empty=0.0) for side in ("value", "low", "high"))
    open_ = ~known
    left = max(0.0, count.value - float(value.sum()))
    if open_.sum() == 1 and known.any():
        told = [number for number in numbers if number is not None]
        half = sum(number.half for number in told)
        value[open_], low[open_], high[open_] = left, max(0.0, left - half), left + half
        return _Row(value, low, high, np.ones(len(groups), dtype=bool), numbers, tuple(number or told[0] for number in numbers))
    if not open_.any():
        return _Row(value, low, high, known, numbers, numbers)
    around = (_shares(published, upper, groups) for upper in division.chain(leaf)[1:])
    # Where nobody lives every group is known to be empty.
    nobody = (np.ones(len(groups)), tuple(None for _ in groups)) if count.value == 0 else None
    shares, told_around = next((found for found in around if found is not None), nobody) or (None, ())
    if shares is None:
        return None
    among = shares[open_] / shares[open_].sum() if shares[open_].sum() > 0 else np.full(int(open_.sum()), 1 / open_.sum())
    value[open_], high[open_] = left * among, max(left, count.value)
    origins = tuple(number or other for number, other in zip(numbers, told_around, strict=True))
    return _Row(value, low, high, known, numbers, origins)


def _shares(published: Published, code: str, groups: Sequence[Group]) -> tuple[Floats, tuple[Number | None, ...]] | None:
    """The shares of the groups in an area around others, where its figures give them all (one may be what the others leave)."""
    own = published.people(code)
    if own is None:
        return None
    numbers = _numbers(published, code, groups, people=own.value, year=own.year)
    told = [number for number in numbers if number is not None]
    if not told or len(told) < len(numbers) - 1:
        return None
    value = _column(numbers, "value", empty=0.0)
    value[[number is None for number in numbers]] = max(0.0, own.value - float(value.sum()))
    return (value / value.sum(), tuple(number or told[0] for number in numbers)) if value.sum() > 0 else None


def _bounds(
    division: Division, published: Published, people: People, groups: Sequence[Group], rows: Mapping[str, _Row], *, whole: set[str]
) -> dict[str, Bound]:
    """The figures of the areas around the leaves that the leaves must add up to: of the same year, and whose people do add up."""
    bounds: dict[str, Bound] = {}
    for code in dict.fromkeys(upper for leaf in rows for upper in division.chain(leaf)[1:]):
        own = published.people(code)
        below = [leaf for leaf in whole if code in division.chain(leaf)]
        if own is None or code in people.apart or not all(leaf in rows for leaf in below):
            continue
        total = sum(people.leaves[leaf].value for leaf in below)
        numbers = _numbers(published, code, groups, people=total, year=own.year)
        kept = tuple(number if _same_year(number, rows, below, column) else None for column, number in enumerate(numbers))
        if any(number is not None for number in kept):
            value, low, high = (_column(kept, side, empty=np.nan) for side in ("value", "low", "high"))
            bounds[code] = Bound(value, low, high, kept)
    return bounds


def _same_year(number: Number | None, rows: Mapping[str, _Row], leaves: Sequence[str], column: int) -> bool:
    years = {found.year for leaf in leaves if (found := rows[leaf].numbers[column]) is not None}
    return number is not None and years <= {number.year}


def _upper(division: Division, leaves: Sequence[str], codes: Sequence[str], bounds: Mapping[str, Bound]) -> Upper:
    value, low, high = (np.stack([getattr(bounds[code], side) for code in codes]) for side in ("value", "low", "high"))
    unknown = np.isnan(value)
    members = division.members(codes, leaves)
    return Upper(members, np.where(unknown, 0.0, value), np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high))


def _kept(bounds: Mapping[str, Bound], layers: Sequence[Sequence[str]], uppers: Sequence[Upper]) -> dict[str, Bound]:
    """The bounds as the fit kept them."""
    return {
        code: Bound(bounds[code].value, low, high, bounds[code].numbers)
        for codes, item in zip(layers, uppers, strict=True)
        for code, low, high in zip(codes, item.low, item.high, strict=True)
    }


def _column(numbers: Sequence[Number | None], side: str, *, empty: float) -> Floats:
    return np.array([empty if number is None else getattr(number, side) for number in numbers])
