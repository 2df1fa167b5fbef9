# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents that a service cuts in pages, and the collections of OData v4."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from knopenkaart.errors import SourceError
from knopenkaart.sources._http import LATER, Edge

_MAX_PAGES = 500


def pages(
    edge: Edge, url: str, *, params: Mapping[str, str] | None, following: Callable[[Any], str | None], max_bytes: int
) -> Iterator[Any]:
    """Documents of a service that cuts its answer in pages; a chain of pages that returns to itself is an error."""
    seen: set[str] = set()
    address: str | None = url
    while address:
        if address in seen or len(seen) >= _MAX_PAGES:
            raise wrong("online.endless", f"{url} keeps giving next pages.")
        seen.add(address)
        page = edge.get_json(address, max_bytes=max_bytes, params=params)
        yield page
        address, params = following(page), None


def rows(edge: Edge, url: str, *, params: Mapping[str, str] | None = None, max_bytes: int) -> Iterator[dict[str, Any]]:
    """The rows of every page of an OData v4 collection."""
    for page in pages(edge, url, params=params, following=lambda page: page.get("@odata.nextLink"), max_bytes=max_bytes):
        found = page.get("value") if isinstance(page, dict) else None
        if not isinstance(found, list):
            raise wrong("online.shape", f"{url} gave JSON that is no OData table.")
        yield from found


@contextmanager
def as_documented(url: str) -> Iterator[None]:
    """Turn an answer of another shape than the service documents into a SourceError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise wrong("online.shape", f"{url} gave data of another shape than it documents ({error!r}).") from error


def shaped(make: Callable[[Path], date | None], url: str) -> Callable[[Path], date | None]:
    """What `make` does, with an answer of another shape than the service documents turned into a SourceError."""

    def guarded(fresh: Path) -> date | None:
        with as_documented(url):
            return make(fresh)

    return guarded


def wrong(code: str, message: str) -> SourceError:
    """A failure of a source that asking again at once does not mend."""
    return SourceError(message, code=code, remedy=LATER)
