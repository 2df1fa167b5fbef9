# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The filter that map, list and download share, and how it stands in the address bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlencode

SORTS: tuple[str, ...] = ("naam", "soort", "wijk", "status", "gecontroleerd")
PAGE_SIZE = 50
MAX_SEARCH_LENGTH = 100


class Query(Protocol):
    """What a filter needs of a query string; Django's QueryDict is one."""

    def getlist(self, key: str) -> list[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFilter:
    """The filter that map, list and download share. A tuple of several values means: any of these; an empty one: all.

    `area` holds codes of a municipality, wijk or buurt. Names in the query string: q, functie, soort, archetype, wijk, status,
    open=nu, rolstoel=ja, plekjes=ja, buren=nee, sorteer, pagina. An empty status means: everything but closed.
    """

    q: str = ""
    function: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    archetype: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    open_now: bool = False
    wheelchair: bool = False
    small_spots: bool = False
    neighbours: bool = True
    sort: str = "naam"
    page: int = 1

    @classmethod
    def from_query(cls, query: Query) -> PlaceFilter:
        """The filter in a query string. Values nobody knows simply match nothing; a broken page number is page 1."""
        page, sort = _last(query, "pagina"), _last(query, "sorteer")
        return cls(
            q=_last(query, "q").strip()[:MAX_SEARCH_LENGTH],
            function=_all(query, "functie"),
            kind=_all(query, "soort"),
            archetype=_all(query, "archetype"),
            area=_all(query, "wijk"),
            status=_all(query, "status"),
            open_now=_last(query, "open") == "nu",
            wheelchair=_last(query, "rolstoel") == "ja",
            small_spots=_last(query, "plekjes") == "ja",
            neighbours=_last(query, "buren") != "nee",
            sort=sort if sort in SORTS else "naam",
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 and int(page) > 0 else 1,
        )

    def to_query(self) -> str:
        """The filter as a query string without `?`; what has its default value is left out."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        for name, values in self._lists():
            pairs += [(name, value) for value in values]
        flags = (("open", "nu", self.open_now), ("rolstoel", "ja", self.wheelchair), ("plekjes", "ja", self.small_spots))
        pairs += [(name, value) for name, value, on in (*flags, ("buren", "nee", not self.neighbours)) if on]
        pairs += [("sorteer", self.sort)] if self.sort != "naam" else []
        pairs += [("pagina", str(self.page))] if self.page > 1 else []
        return urlencode(pairs)

    def at_page(self, page: int) -> PlaceFilter:
        """The same filter on another page of the list."""
        return replace(self, page=page)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered (order and page do not count)."""
        return replace(self, sort="naam", page=1) == PlaceFilter()

    def _lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (
            ("functie", self.function),
            ("soort", self.kind),
            ("archetype", self.archetype),
            ("wijk", self.area),
            ("status", self.status),
        )


def _all(query: Query, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in query.getlist(key) if value))


def _last(query: Query, key: str) -> str:
    values = query.getlist(key)
    return str(values[-1]) if values else ""
