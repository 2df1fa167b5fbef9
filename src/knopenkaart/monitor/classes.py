# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Classes for the shading of a map: about as many areas in each, readable edges, and no more of them than the margins allow."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, floor, log10

from knopenkaart.monitor.estimates import Estimate, difference

# Fewer areas in a class say more about the edges than about the areas.
LEAST_IN_CLASS = 3
# How far an edge may move from its quantile to become a readable number, as a part of the areas in a class.
SLACK = 0.25
# Two classes stay two when at least this part of the pairs of areas, one of each, can be told apart.
SURE = 0.5
# And at least this part of all areas must be surely in its class: else an edge may run through a bunch of equals.
IN_CLASS = 1 / 3


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes from low to high. A value at an edge belongs to the class above it.

    `edges` are the limits between classes (one fewer than there are classes); `of` the class of each area, 0 for the lowest; areas without
    a figure stand in `missing` and in no class. `method`: "quantiles", "gaps" (too few areas for those: edges where no margin reaches),
    "both" (quantiles, and more edges where no margin reaches), "one" (nothing can be told apart) or "none" (no figures). `apart` is
    the number of areas that are surely in their class, of the `bounded` areas whose margin is known.
    """

    edges: tuple[float, ...]
    of: Mapping[str, int]
    method: str
    apart: int
    bounded: int
    missing: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.edges) + 1 if self.of else 0

    @property
    def even(self) -> bool:
        """Whether the classes were meant to have as many areas each."""
        return self.method in ("quantiles", "both")


def classes(estimates: Mapping[str, Estimate], *, count: int = 5, alone: bool = False) -> Classes:
    """At most `count` classes with about as many areas in each; fewer where areas are few, equal, or cannot be told apart.

    With `alone` a single one that surely lies far from all others has a shade of its own where margins allow few classes: of groups in
    areas that is what one looks for.

    Source: docs/method/comparing-areas.md.
    """
    known = {code: item for code, item in estimates.items() if item.value is not None}
    missing = tuple(sorted(set(estimates) - set(known)))
    bounded = [item for item in known.values() if item.bounded]
    if not known:
        return Classes((), {}, "none", 0, 0, missing)
    values = sorted(item.value for item in known.values() if item.value is not None)
    edges: tuple[float, ...] = ()
    most = min(count, len(values) // LEAST_IN_CLASS)
    for wanted in range(most, 1, -1):
        edges = _edges(values, wanted)
        if edges and _filled(edges, values) and _stand(edges, bounded):
            break
        edges = ()
    method = "quantiles" if edges else "one"
    if len(bounded) == len(known):
        even = edges
        edges = _with_gaps(even, bounded, most, least=1 if alone else LEAST_IN_CLASS) if even else _gaps(bounded)[: count - 1]
        method = ("both" if even else "gaps") if len(edges) > len(even) else method
        edges = tuple(sorted(edges))
    of = {code: bisect_right(edges, item.value) for code, item in known.items() if item.value is not None}
    apart = sum(_surely(item, edges) for item in bounded)
    return Classes(edges, of, method, apart, len(bounded), missing)


def readable(low: float, high: float, aim: float) -> float:
    """The number above `low` and up to `high` with the fewest digits, nearest to `aim`. Raises ValueError where low is not below high."""
    if not low < high:
        raise ValueError("there is no number between these")
    power = ceil(log10(high - low)) + 1 if high - low > 0 else 0
    while True:
        for lead in (5, 2, 1):
            # Negative powers of ten are not exact; dividing by a whole number is.
            step = lead * 10**power if power >= 0 else lead / 10**-power
            first, last = floor(low / step) + 1, floor(high / step)
            if first <= last:
                found = _times(min(max(round(aim / step), first), last), lead, power)
                if low < found <= high:
                    return found
        if power < -12:
            return high
        power -= 1


def _times(number: int, lead: int, power: int) -> float:
    return float(number * lead * 10**power) if power >= 0 else number * lead / 10**-power


def _edges(values: Sequence[float], count: int) -> tuple[float, ...]:
    """Edges near the quantiles; equal values are never divided."""
    n, slack = len(values), max(1, floor(SLACK * len(values) / count))
    edges: list[float] = []
    for index in range(1, count):
        middle = index * n / count
        low, high = values[max(0, round(middle) - slack)], values[min(n - 1, round(middle) - 1 + slack)]
        if low == high:
            # The quantile lies within equal values: the edge moves to their lower end, or where nothing lies below, above them.
            low = max((value for value in values if value < high), default=high)
            high = high if low < high else min((value for value in values if value > high), default=high)
        if low < high:
            edge = readable(low, high, (values[round(middle) - 1] + values[round(middle)]) / 2)
            if values[0] < edge and edge not in edges:
                edges.append(edge)
    return tuple(sorted(edges))


def _gaps(bounded: Sequence[Estimate]) -> tuple[float, ...]:
    """Edges where all below and all above can be told apart, whatever their margins; the widest gap first."""
    ordered = sorted(bounded, key=lambda item: item.value or 0.0)
    below = list(accumulate((item.high or 0.0 for item in ordered), max))
    above = list(accumulate((item.low or 0.0 for item in reversed(ordered)), min))[::-1]
    gaps = [(low, high) for low, high in zip(below, above[1:], strict=False) if low < high]
    return tuple(readable(low, high, (low + high) / 2) for low, high in sorted(gaps, key=lambda gap: gap[0] - gap[1]))


def _with_gaps(edges: tuple[float, ...], bounded: Sequence[Estimate], count: int, *, least: int) -> tuple[float, ...]:
    """Quantiles, and where margins allow no more of these the widest gaps: a few areas that lie far out have a shade of their own."""
    found = edges
    values = [item.value or 0.0 for item in bounded]
    for edge in _gaps(bounded)[: 4 * count]:
        if len(found) + 1 >= count:
            break
        more = tuple(sorted((*found, edge)))
        # One area of many that lies far out is told by the table: for it the others need not lose a shade.
        if _filled(more, values, least=least) and _stand(more, bounded):
            found = more
    return found


def _filled(edges: tuple[float, ...], values: Iterable[float], *, least: int = LEAST_IN_CLASS) -> bool:
    """Whether no class has fewer areas than a class of many should have: a readable edge lies aside of its quantile."""
    members = Counter(bisect_right(edges, value) for value in values)
    return min(members[number] for number in range(len(edges) + 1)) >= least


def _stand(edges: tuple[float, ...], bounded: Sequence[Estimate]) -> bool:
    """Whether all neighbouring classes can be told apart; where no margin is known that cannot be doubted."""
    if sum(_surely(item, edges) for item in bounded) < IN_CLASS * len(bounded):
        return False
    members: list[list[Estimate]] = [[] for _ in range(len(edges) + 1)]
    for item in sorted(bounded, key=lambda item: item.value or 0.0):
        members[bisect_right(edges, item.value or 0.0)].append(item)
    return all(_told_apart(lower, upper) for lower, upper in pairwise(members))


def _told_apart(lower: Sequence[Estimate], upper: Sequence[Estimate]) -> bool:
    """Whether most pairs differ demonstrably: the lowest of the one with the lowest of the other, and so on to the highest of both."""
    count = min(len(lower), len(upper))
    pairs = ((lower[place * len(lower) // count], upper[place * len(upper) // count]) for place in range(count))
    apart = sum(difference(high, low).verdict == "higher" for low, high in pairs)
    return apart >= SURE * count


def _surely(item: Estimate, edges: tuple[float, ...]) -> bool:
    """Whether the whole interval lies in the class of the value."""
    return item.low is not None and item.high is not None and bisect_right(edges, item.low) == bisect_right(edges, item.high)
