# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of the monitor's tables as frozen values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from knopenkaart_web.monitor.models import AreaLink
from knopenkaart_web.monitor.views_data import AreaRef, LinkView

REF_COLUMNS = ("code", "year", "level", "name", "municipality_code", "wijk_code")
_LINK_COLUMNS = ("code", "from_year", "to_year", "verdict", "reason", "parts", "name_from", "people_from", "people_to")
# A statement of SQLite takes 32,766 values, and long lists are slow everywhere.
_PORTION = 900
T = TypeVar("T")


def to_ref(row: Sequence[Any]) -> AreaRef:
    """A row of REF_COLUMNS."""
    return AreaRef(*row)


def portions(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Codes or keys in lists that fit in a statement."""
    for start in range(0, len(keys), _PORTION):
        yield keys[start : start + _PORTION]


def link_views(codes: Collection[str]) -> list[LinkView]:
    """The links of codes."""
    result: list[LinkView] = []
    for some in portions(sorted(codes)):
        result += [LinkView(*row) for row in AreaLink.objects.filter(code__in=some).values_list(*_LINK_COLUMNS)]
    return result


def source_id(published: str, slug: str | None) -> str:
    """How a value names its source: two studies may call their own tables the same."""
    return f"{slug}/{published}" if slug else published
