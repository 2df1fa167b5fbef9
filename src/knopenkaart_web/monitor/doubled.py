# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which figures of an own table about everybody stand beside published ones, so that pages do not show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from knopenkaart.monitor.records import ALL
from knopenkaart_web.monitor import figures
from knopenkaart_web.monitor.models import FigureSource, MonitorArea
from knopenkaart_web.monitor.reading import REF_COLUMNS, portions, to_ref


def doubled(rows: Iterable[Sequence[Any]]) -> dict[tuple[str, int], int]:
    """By indicator and year: how many figures about everybody a publisher has as well, of the same area.

    `rows` begin with area, year of the division, indicator, group, year and value, as a read table has them.
    """
    mine = {(code, at, name, year) for code, at, name, group, year, value, *_ in rows if group == ALL and value is not None}
    divisions: dict[int, set[str]] = defaultdict(set)
    for code, at, _name, _year in mine:
        divisions[at].add(code)
    found: dict[tuple[str, int], int] = defaultdict(int)
    names = {name for _, _, name, _ in mine}
    for at, codes in divisions.items():
        there = _published(at, sorted(codes), names)
        for code, of, name, year in mine:
            found[name, year] += of == at and (code, name, year) in there
    return {key: many for key, many in sorted(found.items()) if many}


def _published(division: int, codes: Sequence[str], indicators: set[str]) -> set[tuple[str, str, int]]:
    publishers = set(FigureSource.objects.filter(study=None).values_list("source_id", flat=True))
    refs = [
        to_ref(row)
        for some in portions(codes)
        for row in MonitorArea.objects.filter(code__in=some, year=division).values_list(*REF_COLUMNS)
    ]
    return {
        (code, value.indicator, value.year)
        for code, area in figures.values(refs, indicators=indicators).items()
        for value in area.values
        if value.group == ALL and value.value is not None and value.source in publishers
    }
