# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place among comparable ones, as a distribution from which the money of no single other place follows."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from knopenkaart.operation.conventions import DEFAULT, Conventions

Reason = Literal["", "no_size", "too_few", "too_alike"]
Position = Literal["lower", "middle", "higher"]
QUARTERS = (0.25, 0.50, 0.75)


@dataclass(frozen=True, slots=True)
class Compared:
    """One place with the figure to compare. `operator` is who runs it (None: somebody of its own); `released` that everybody may see it."""

    place_id: str
    archetype: str
    value: float
    m2: float | None = None
    visits: float | None = None
    operator: str | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Places of one archetype and of about one size: from `low` up to `high`, in square metres or visits per week."""

    archetype: str
    by: Literal["m2", "visits"]
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where a place stands among `n` others of its class. `p25`, `p50`, `p75` are rounded means of a few places around that quarter; all
    are None where `reason` says why nothing is told."""

    size: SizeClass | None
    n: int
    reason: Reason
    own: float
    p25: float | None = None
    p50: float | None = None
    p75: float | None = None
    position: Position | None = None


def size_class(place: Compared, *, conventions: Conventions = DEFAULT) -> SizeClass | None:
    """The class of a place: by floor area, or without one by visits. A place is in one class only, so that no two classes overlap."""
    if place.m2 is not None:
        return _class(place.archetype, "m2", place.m2, conventions.m2_bounds)
    if place.visits is not None:
        return _class(place.archetype, "visits", place.visits, conventions.visits_bounds)
    return None


def _class(archetype: str, by: Literal["m2", "visits"], size: float, bounds: Sequence[float]) -> SizeClass:
    number = bisect_right(bounds, size)
    return SizeClass(archetype, by, bounds[number - 1] if number else 0.0, bounds[number] if number < len(bounds) else None)


def compare(own: Compared, others: Iterable[Compared], *, conventions: Conventions = DEFAULT) -> Comparison:
    """A place among the others of its class that somebody else runs (places of the same operator tell nothing new to who looks).

    Nothing is told of fewer than `fewest_others`. Each quantile is the mean of `together` neighbouring places whose figure is not released,
    with the released ones between them, rounded to `digits` digits. See docs/method/operation.md for what this keeps hidden.
    """
    size = size_class(own, conventions=conventions)
    if size is None:
        return Comparison(None, 0, "no_size", own.value)
    same = [place for place in others if place.place_id != own.place_id and size_class(place, conventions=conventions) == size]
    elsewhere = [place for place in same if place.operator is None or place.operator != own.operator]
    usable = _usable(elsewhere, conventions)
    if len(usable) < conventions.fewest_others:
        return Comparison(size, len(elsewhere), "too_few", own.value)
    p25, p50, p75 = (_rounded(value, conventions.digits) for value in quarters(usable, conventions=conventions))
    if p75 < conventions.spread * p25:
        return Comparison(size, len(usable), "too_alike", own.value)
    position: Position = "lower" if own.value < p25 else "higher" if own.value > p75 else "middle"
    return Comparison(size, len(usable), "", own.value, p25, p50, p75, position)


def _usable(places: list[Compared], conventions: Conventions) -> list[Compared]:
    """All of them, or only the released ones where too few others are left to hide among."""
    hidden = sum(not place.released for place in places)
    chosen = places if hidden >= conventions.fewest_others else [place for place in places if place.released]
    return sorted(chosen, key=lambda place: (place.value, place.place_id))


def quarters(places: Sequence[Compared], *, conventions: Conventions = DEFAULT) -> tuple[float, ...]:
    """The three quarters of places in order of their figure, not rounded yet: means of neighbouring places."""
    return tuple(sum(place.value for place in window) / len(window) for window in windows(places, conventions=conventions))


def windows(places: Sequence[Compared], *, conventions: Conventions = DEFAULT) -> tuple[Sequence[Compared], ...]:
    """Per quarter the neighbouring places whose mean is told, of places in order."""
    anchors = [index for index, place in enumerate(places) if not place.released] or list(range(len(places)))
    return tuple(_window(places, anchors, share, min(conventions.together, len(anchors))) for share in QUARTERS)


def _window(places: Sequence[Compared], anchors: Sequence[int], share: float, together: int) -> Sequence[Compared]:
    """From the first to the last of the `together` neighbouring anchors whose middle lies nearest to the quarter."""
    wanted = share * (len(anchors) - 1) - (together - 1) / 2
    # Between two windows the outer one, so that low and high lie equally far out.
    nearest = math.ceil(wanted - 0.5) if share < 0.5 else math.floor(wanted + 0.5)
    first = min(max(0, nearest), len(anchors) - together)
    return places[anchors[first] : anchors[first + together - 1] + 1]


def _rounded(value: float, digits: int) -> float:
    """A number of so many digits.

    >>> _rounded(12345.6, 2), _rounded(7.849, 2), _rounded(0.0, 2)
    (12000.0, 7.8, 0.0)
    """
    return float(f"{value:.{digits - 1}e}")
