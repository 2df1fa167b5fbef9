# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outlines of areas for a map: of their own division, else of another year in which the area is known to be the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.reading import link_views
from knopenkaart_web.monitor.views_data import AreaRef


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outlines by code; `years` are those of other divisions from which some were taken."""

    shapes: Mapping[str, str]
    years: tuple[int, ...] = ()


def outlines_of(refs: Sequence[AreaRef]) -> Outlines:
    """The outlines of areas, as far as any are loaded."""
    shapes = queries.outlines(refs)
    absent = {ref.code: ref for ref in refs if ref.code not in shapes}
    if not absent:
        return Outlines(shapes)
    same: dict[int, list[AreaRef]] = {}
    for link in link_views(absent):
        ref = absent[link.code]
        if link.verdict == "same" and ref.year in (link.from_year, link.to_year):
            same.setdefault(link.from_year + link.to_year - ref.year, []).append(ref)
    years = []
    for year in sorted(same, reverse=True):
        found = queries.outlines([replace(ref, year=year) for ref in same[year] if ref.code not in shapes])
        shapes = {**shapes, **found}
        years += [year] if found else []
    return Outlines(shapes, tuple(sorted(years)))
