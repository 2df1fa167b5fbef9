# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a source published about an area as one short list, and back: what is the same for every area stands in the source once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from knopenkaart.monitor.records import Value
from knopenkaart_web.monitor.bundle import FigureRow

# Indicator, group, year, unit, nature.
Head = tuple[str, str, int, str, str]
Packed = list[Any]


@dataclass(slots=True)
class Pack:
    """The figures of one source while they are packed."""

    heads: dict[Head, int] = field(default_factory=dict)
    areas: dict[tuple[str, int], list[Packed]] = field(default_factory=dict)

    def add(self, row: FigureRow) -> None:
        """One more figure."""
        head = (row.indicator, row.group, row.year, row.unit, row.nature)
        place = self.heads.setdefault(head, len(self.heads))
        packed = [place, row.value, row.n, row.low, row.high, row.reason or None]
        while packed[-1] is None:
            packed.pop()
        self.areas.setdefault((row.area_code, row.area_year), []).append(packed)


def pack(rows: Iterable[FigureRow]) -> dict[str, Pack]:
    """Figures by source."""
    result: dict[str, Pack] = {}
    for row in rows:
        found = result.get(row.source)
        if found is None:
            found = result[row.source] = Pack()
        found.add(row)
    return result


def places(heads: Sequence[Sequence[Any]], indicators: Collection[str]) -> frozenset[int]:
    """Where the figures of some indicators stand in the heads."""
    return frozenset(place for place, head in enumerate(heads) if head[0] in indicators)


def unpack(
    packed: Iterable[Packed], heads: Sequence[Sequence[Any]], *, source: str, area_year: int, only: Collection[int] | None = None
) -> Iterator[Value]:
    """The figures of one row; with `only` those of some places in the heads."""
    for figure in packed:
        if only is not None and figure[0] not in only:
            continue
        indicator, group, year, unit, nature = heads[figure[0]]
        value, n, low, high, reason = (*figure[1:], None, None, None, None, None)[:5]
        yield Value(indicator, year, value, unit, source, nature, group, n, low, high, reason or "", area_year)
