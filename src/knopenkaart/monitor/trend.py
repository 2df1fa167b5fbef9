# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series of an area over years, cut where the years cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knopenkaart.monitor.estimates import UNKNOWN, Difference, Estimate, difference

Point = tuple[int, Estimate]


@dataclass(frozen=True, slots=True)
class Trend:
    """A series. `parts` are runs of years that may be compared; `breaks` the years at which a new run begins and why; `missing` the years
    without a figure and why. `change` is the last year of the last run against its first, "unknown" where that run is one year."""

    parts: tuple[tuple[Point, ...], ...]
    breaks: tuple[tuple[int, str], ...]
    missing: tuple[tuple[int, str], ...]
    change: Difference


def trend(points: Sequence[Point], breaks: Mapping[int, str]) -> Trend:
    """The runs of a series. `breaks` are years from which figures are of another area or definition, with the reason.

    A run also ends at a year without a figure, and where the unit or the nature of the figure changes (reason "unit" or "nature"). A break
    in a year without a point stands at the next year that has one.
    """
    parts: list[list[Point]] = []
    found: list[tuple[int, str]] = []
    missing: list[tuple[int, str]] = []
    waiting = sorted(breaks.items())
    last: Point | None = None
    whole = True
    for year, item in sorted(points, key=lambda point: point[0]):
        if item.value is None:
            missing.append((year, item.reason))
            whole = False
            continue
        reasons = [reason for begins, reason in waiting if begins <= year]
        waiting = waiting[len(reasons) :]
        # A break before the first figure parts it from nothing.
        reason = (reasons[-1] if reasons else _other_kind(last[1], item)) if last else ""
        if reason:
            found.append((year, reason))
        if reason or not whole or not parts:
            parts.append([])
        parts[-1].append((year, item))
        last, whole = (year, item), True
    change = difference(parts[-1][-1][1], parts[-1][0][1]) if parts and len(parts[-1]) > 1 else UNKNOWN
    return Trend(tuple(tuple(part) for part in parts), tuple(found), tuple(missing), change)


def _other_kind(before: Estimate, after: Estimate) -> str:
    """Why two figures in a row are not of one series; empty where they are."""
    if before.unit != after.unit:
        return "unit"
    return "nature" if before.nature != after.nature else ""
