# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people live in each of the smallest areas with figures, so that they add up to the figures of the areas around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from knopenkaart.population._division import Division
from knopenkaart.population._published import Published
from knopenkaart.population.assumed import Assumed
from knopenkaart.population.fit import PERSON, Floats, Upper, fit
from knopenkaart.vocabulary import Group


@dataclass(frozen=True, slots=True)
class Count:
    """The people of one area: published, inherited (what the area around it leaves) or assumed."""

    value: float
    low: float
    high: float
    basis: str
    year: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """The fitted people of every leaf that has a number, the leaves `of` each municipality, and the bounds of the figures `around` them.

    `apart` are the areas whose own figure their parts do not add up to, `unknown` the leaves of which nothing tells how many live there.
    """

    leaves: Mapping[str, Count]
    of: Mapping[str, tuple[str, ...]]
    around: Mapping[str, tuple[float, float]]
    apart: Mapping[str, float] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def count_people(
    division: Division,
    published: Published,
    *,
    assumed: Mapping[str, Assumed],
    dimensions: Mapping[str, Sequence[Group]],
    weights: Mapping[str, float],
) -> People:
    """The people of the leaves of a division.

    A leaf without a figure of its own gets what the others leave of the nearest figure around it, by `weights` (leaf -> dwellings). Then
    all are moved as little as makes them add up to the figures around them, within the rounding of both.
    """
    told = {
        code: Count(found.value, found.low, found.high, "published", found.year, found.source)
        for code in division.codes
        if (found := published.people(code)) is not None
    }
    own = {code: _narrowed(code, published, count, dimensions) for code, count in told.items()}
    leaves = division.leaves(list(own))
    counts = {leaf: own[leaf] for leaf in leaves if leaf in own} | {
        leaf: Count(some.people, max(0.0, some.people - 0.5), some.people + 0.5, "assumed", some.year, some.source)
        for leaf in leaves
        if leaf not in own and (some := assumed.get(leaf)) is not None
    }
    counts |= _remainders(division, own, leaves, weights)
    of: dict[str, list[str]] = defaultdict(list)
    for leaf in leaves:
        if leaf in counts:
            of[division.chain(leaf)[-1]].append(leaf)
    apart: dict[str, float] = {}
    fitted: dict[str, Count] = {}
    around: dict[str, tuple[float, float]] = {}
    for root, mine in of.items():
        free = {leaf: counts[leaf] for leaf in mine}
        bounds, loose = _bounds(division, (own, told), free, root)
        apart |= {code: told[code].value for code in loose}
        # Where the sums come right without them, nobody lives where nobody was counted.
        empty = {leaf: _empty(count) for leaf, count in free.items()}
        bounds_empty, loose_empty = _bounds(division, (own, told), empty, root)
        moved, found_around = _fitted(division, *((empty, bounds_empty) if loose_empty == loose else (free, bounds)))
        fitted |= {
            leaf: replace(count, high=max(count.high, free[leaf].high if count.value == 0 else 0.0)) for leaf, count in moved.items()
        }
        around |= found_around
    unknown = tuple(leaf for leaf in leaves if leaf not in counts)
    return People(fitted, {root: tuple(mine) for root, mine in of.items()}, around, apart, unknown)


def _empty(count: Count) -> Count:
    return replace(count, high=0.0) if count.value == 0 and count.basis == "published" else count


def _narrowed(code: str, published: Published, count: Count, dimensions: Mapping[str, Sequence[Group]]) -> Count:
    """A rounded count with bounds that also let the groups of each dimension add up to it, where there are any such."""
    low, high = count.low, count.high
    if high - low <= PERSON:
        return count
    for groups in dimensions.values():
        found = [published.members(code, group.indicator, people=count.value, year=count.year or 0) for group in groups if group.indicator]
        known = [number for number in found if number is not None]
        if len(known) < len(found) or not known:
            continue
        low = max(low, sum(number.low for number in known))
        if len(known) == len(groups):
            high = min(high, sum(number.high for number in known))
    if low > high:
        return count
    return replace(count, value=min(max(count.value, low), high), low=low, high=high)


def _remainders(division: Division, own: Mapping[str, Count], leaves: Sequence[str], weights: Mapping[str, float]) -> dict[str, Count]:
    """People of the leaves without a figure: what the figure of the nearest area around them leaves, never below zero."""
    found: dict[str, Count] = {}
    ends = set(leaves)
    for code, whole in own.items():
        known, open_ = ([], []) if code in ends else _parts(division, own, code, ends)
        if not open_:
            continue
        rest = max(0.0, whole.value - sum(count.value for count in known))
        most = max(rest, _limits(whole)[1] - sum(_limits(count)[0] for count in known))
        least = max(0.0, _limits(whole)[0] - sum(_limits(count)[1] for count in known))
        heavy = np.array([weights.get(leaf, 0.0) for leaf in open_])
        shares = heavy / heavy.sum() if heavy.sum() > 0 else np.full(len(open_), 1 / len(open_))
        for leaf, share in zip(open_, shares, strict=True):
            value = float(rest * share)
            found[leaf] = Count(value, min(value, least) if len(open_) == 1 else 0.0, most, "inherited", whole.year, whole.source)
    return found


def _limits(count: Count) -> tuple[float, float]:
    return (count.value, count.value) if count.high - count.low <= PERSON else (count.low, count.high)


def _parts(division: Division, own: Mapping[str, Count], code: str, ends: set[str]) -> tuple[list[Count], list[str]]:
    """Below an area: the nearest figures on the way down, and the leaves that lie under none."""
    known, open_ = [], []
    for child in division.within(code):
        if child in own:
            known.append(own[child])
        elif child in ends:
            open_.append(child)
        else:
            below, under = _parts(division, own, child, ends)
            known += below
            open_ += under
    return known, open_


def _bounds(
    division: Division, figures: Sequence[Mapping[str, Count]], counts: Mapping[str, Count], root: str
) -> tuple[dict[str, Count], list[str]]:
    """The figures of the areas around the leaves that their parts can add up to, and the areas of which they cannot.

    Of the `figures` of an area (narrow ones first) the first that its parts allow counts. Sums over a tree meet all bounds together if and
    only if each one meets, from below, what its parts leave possible.
    """
    bounds: dict[str, Count] = {}
    loose: list[str] = []

    def span(code: str) -> tuple[float, float]:
        if code in counts:
            return counts[code].low, counts[code].high
        parts = [span(child) for child in division.within(code)]
        low, high = sum(part[0] for part in parts), sum(part[1] for part in parts)
        told = [found[code] for found in figures if code in found] if parts else []
        met = next((count for count in told if max(low, count.low) <= min(high, count.high)), None)
        if met is None:
            loose.extend([code] if told else [])
            return low, high
        bounds[code] = met
        return max(low, met.low), min(high, met.high)

    span(root)
    return bounds, loose


def _fitted(
    division: Division, counts: Mapping[str, Count], bounds: Mapping[str, Count]
) -> tuple[dict[str, Count], dict[str, tuple[float, float]]]:
    """The counts of one municipality, moved as little as makes them add up to the figures around them, and the bounds of these."""
    leaves = list(counts)
    layers = division.layers(bounds)
    uppers = [Upper(division.members(codes, leaves), *_columns([bounds[code] for code in codes])) for codes in layers]
    found = fit(*_columns(counts.values()), uppers=uppers)
    columns = [column[:, 0].tolist() for column in (found.values, found.low, found.high)]
    moved = {leaf: replace(counts[leaf], value=value, low=low, high=high) for leaf, value, low, high in zip(leaves, *columns, strict=True)}
    around = {
        code: (float(low[0]), float(high[0]))
        for codes, item in zip(layers, found.uppers, strict=True)
        for code, low, high in zip(codes, item.low, item.high, strict=True)
    }
    return moved, around


def _columns(counts: Iterable[Count]) -> list[Floats]:
    rows = list(counts)
    return [np.array([[getattr(count, side)] for count in rows]) for side in ("value", "low", "high")]
