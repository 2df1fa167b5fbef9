# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a reader of the Wijkmonitor begins: areas that were searched for, and the municipalities that are on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knopenkaart.text import fold
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.places import queries as places

# Without a country there are few municipalities: those are all shown.
MOST_STARTS = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """An area that was found, and the municipality in which it lies."""

    ref: AreaRef
    municipality: str


@dataclass(frozen=True, slots=True)
class Starts:
    """Where one may begin without a search."""

    country: AreaRef | None
    mapped: tuple[AreaRef, ...]
    others: tuple[AreaRef, ...]


def hits(found: Sequence[AreaRef]) -> list[Hit]:
    """Areas with the municipality beside their name: many a wijk is called Centrum."""
    codes = {ref.municipality_code for ref in found if ref.level in ("wijk", "buurt") and ref.municipality_code}
    names = {code: ref.name for code in codes if (ref := queries.area(code)) is not None}
    return [Hit(ref, names.get(ref.municipality_code, "") if ref.level in ("wijk", "buurt") else "") for ref in found]


def starts() -> Starts:
    """The country, and municipalities: those of loaded studies, and the others where they are few."""
    edition = queries.edition()
    if edition is None:
        return Starts(None, (), ())
    codes = [row.code for study in places.studies() if (view := places.study(study.slug)) for row in view.municipalities]
    mapped = [ref for code in dict.fromkeys(codes) if (ref := queries.area(code)) is not None]
    country = next(iter(_level("country")), None)
    known = {ref.code for ref in mapped}
    others = _level("municipality") if edition.areas["municipality"] <= MOST_STARTS else []
    return Starts(country, tuple(mapped), tuple(ref for ref in others if ref.code not in known))


def sources() -> list[SourceView]:
    """What is loaded, each once as a reader sees it: a file of which both outlines and figures were taken is one source."""
    edition = queries.edition()
    told = {(item.title, item.date, item.attribution, item.licence, item.url): item for item in (edition.sources if edition else ())}
    return list(told.values())


def _level(level: str) -> list[AreaRef]:
    """The areas of a level in the newest division, by name."""
    found = queries.level(level, indicators=("population",)).values()
    refs = [AreaRef(item.code, item.year, item.level, item.name, item.municipality_code, item.wijk_code) for item in found]
    return sorted(refs, key=lambda ref: fold(ref.name))
