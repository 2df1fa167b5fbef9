# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas with their figures, as the analyses of knopenkaart.monitor take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart_web.monitor.joining import Ground, Links, by_key, grounds, join
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure, PublishedFigures
from knopenkaart_web.monitor.packing import places, unpack
from knopenkaart_web.monitor.reading import REF_COLUMNS, link_views, portions, source_id
from knopenkaart_web.monitor.stamping import stamp
from knopenkaart_web.monitor.views_data import AreaRef, LinkView

# In a worker's memory: areas with all their figures (some 5 kB each), and answers about a whole level (up to some MB each).
KEPT_AREAS = 4000
KEPT_LEVELS = 12
# The parts of an area with a single figure: some tens of kB.
KEPT_PARTS = 60
_areas = Kept(KEPT_AREAS)
_levels = Kept(KEPT_LEVELS)
_parts = Kept(KEPT_PARTS)
_kept_sources = Kept(1)

_OWN_COLUMNS = ("year", "value", "unit", "nature", "group", "n", "low", "high", "reason")


@dataclass(frozen=True, slots=True)
class _Source:
    id: str
    own: bool
    heads: Sequence[Sequence[Any]]


def values(refs: Iterable[AreaRef], *, indicators: Collection[str] | None = None) -> dict[str, AreaValues]:
    """Areas with their figures, by code: of their own division, and of others where links say same or bridged.

    Own tables of any study are among them. Without `indicators` all that there are.
    """
    now = stamp()
    wanted = {ref.code: ref for ref in refs}
    result = {code: found for code, ref in wanted.items() if (found := _areas.get(now, (code, ref.year))) is not None}
    absent = [ref for code, ref in wanted.items() if code not in result]
    made = _values(absent, now, indicators) if absent else {}
    if indicators is None:
        for item in made.values():
            _areas.put(now, (item.code, item.year), item)
    result = {code: result.get(code) or made[code] for code in wanted}
    return result if indicators is None else {code: _only(item, indicators) for code, item in result.items()}


def _only(area: AreaValues, indicators: Collection[str]) -> AreaValues:
    return replace(area, values=tuple(value for value in area.values if value.indicator in indicators))


def _values(refs: Sequence[AreaRef], now: str, indicators: Collection[str] | None) -> dict[str, AreaValues]:
    links = _links({ref.code for ref in refs if ref.level != "country"})
    codes = {ref.code for ref in refs} | {code for link in links.values() for code in (link.code, *link.parts)}
    areas: dict[tuple[str, int], int] = {}
    for some in portions(sorted(codes)):
        rows = MonitorArea.objects.filter(code__in=some).values_list("pk", "code", "year")
        areas |= {(code, year): pk for pk, code, year in rows}
    elsewhere = {ref.code: _elsewhere(ref, links, areas) for ref in refs}
    wanted = {(ref.code, ref.year) for ref in refs}
    wanted |= {(code, ground.year) for found in elsewhere.values() for ground in found for code in ground.parts}
    figures = _figures({areas[key]: key for key in wanted if key in areas}, now, indicators)
    return {ref.code: ref.with_values(join(ref.code, ref.year, elsewhere[ref.code], figures)) for ref in refs}


def _links(codes: set[str]) -> dict[tuple[str, int, int], LinkView]:
    """The links of codes, and of the codes at the other end of bridges."""
    links: dict[tuple[str, int, int], LinkView] = {}
    asked: set[str] = set()
    while codes:
        more = by_key(link_views(codes))
        links |= more
        asked |= codes
        codes = {part for link in more.values() for part in link.parts} - asked
    return links


def _elsewhere(ref: AreaRef, links: Links, areas: Iterable[tuple[str, int]]) -> list[Ground]:
    """What an area was in other years."""
    country = ref.level == "country"
    years = {year for code, year in areas if code == ref.code} if country else {year for _, *both in links for year in both}
    return grounds(ref.code, ref.year, links, years, country=country)


def _figures(areas: Mapping[int, tuple[str, int]], now: str, indicators: Collection[str] | None) -> dict[tuple[str, int], list[Value]]:
    result: dict[tuple[str, int], list[Value]] = {}
    for some in portions(sorted(areas)):
        found = _read(Q(area__in=some), {pk: areas[pk][1] for pk in some}, now, indicators)
        result |= {areas[pk]: more for pk, more in found.items()}
    return result


def _read(where: Q, years: Mapping[int, int], now: str, indicators: Collection[str] | None) -> dict[int, list[Value]]:
    """The figures of areas, by their key; `years` are the divisions that the areas belong to. What was published stands first."""
    sources = _sources(now)
    result: dict[int, list[Value]] = defaultdict(list)
    only = {pk: None if indicators is None else places(source.heads, indicators) for pk, source in sources.items()}
    asked = [pk for pk, source in sources.items() if not source.own and (only[pk] is None or only[pk])]
    published = PublishedFigures.objects.filter(where, source__in=asked)
    for area, source, packed in published.order_by("pk").values_list("area_id", "source_id", "figures"):
        known = sources[source]
        result[area] += unpack(packed, known.heads, source=known.id, area_year=years[area], only=only[source])
    brought = [pk for pk, source in sources.items() if source.own]
    if brought:
        own = MonitorFigure.objects.filter(where, source__in=brought)
        if indicators is not None:
            own = own.filter(indicator__in=sorted(indicators))
        for area, source, indicator, *rest in own.order_by("pk").values_list("area_id", "source_id", "indicator", *_OWN_COLUMNS):
            year, value, unit, nature, group, n, low, high, reason = rest
            about = Value(indicator, year, value, unit, sources[source].id, nature, group, n, low, high, reason, years[area])
            result[area].append(about)
    return result


def _sources(now: str) -> dict[int, _Source]:
    def make() -> dict[int, _Source]:
        rows = FigureSource.objects.values_list("pk", "source_id", "study__slug", "heads")
        return {pk: _Source(source_id(published, slug), slug is not None, heads) for pk, published, slug, heads in rows}

    return remembered(_kept_sources, now, "sources", make)


def level(level: str, *, within: str = "", year: int | None = None, indicators: Collection[str]) -> dict[str, AreaValues]:
    """All areas of a level with some indicators, by code: of the country, or `within` a municipality or wijk.

    Without a year of the latest division. Only figures of that division: what maps and ranks compare must be of one kind.
    """
    return _remembered(_levels, level, within, year, indicators)


def parts(level: str, *, within: str, year: int, indicators: Collection[str]) -> dict[str, AreaValues]:
    """As `level`, of a few numbers about the parts of one area: remembered apart, so that they do not push out what maps and ranks need."""
    return _remembered(_parts, level, within, year, indicators)


def _remembered(kept: Kept, level: str, within: str, year: int | None, indicators: Collection[str]) -> dict[str, AreaValues]:
    now, names = stamp(), tuple(sorted(set(indicators)))
    return remembered(kept, now, (level, within, year, names), lambda: read_level(level, within, year, names, now))


def read_level(level: str, within: str, year: int | None, indicators: Collection[str], now: str) -> dict[str, AreaValues]:
    """As `level`, not kept in memory."""
    rows = MonitorArea.objects.filter(level=level)
    if year is None:
        year = rows.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return {}
    rows = rows.filter(year=year)
    if within:
        rows = rows.filter(Q(municipality_code=within) | Q(wijk_code=within))
    areas = {pk: AreaRef(*columns) for pk, *columns in rows.order_by("code").values_list("pk", *REF_COLUMNS)}
    found = _read(Q(area__in=rows.values("pk")), dict.fromkeys(areas, year), now, indicators)
    return {ref.code: ref.with_values(tuple(found.get(pk, ()))) for pk, ref in areas.items()}
