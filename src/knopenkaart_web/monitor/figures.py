# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas with their figures, as the analyses of knopenkaart.monitor take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart_web.monitor.joining import Ground, by_key, grounds, join
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.monitor.reading import REF_COLUMNS, link_views, portions, source_id
from knopenkaart_web.monitor.stamping import stamp
from knopenkaart_web.monitor.views_data import AreaRef

# In a worker's memory: areas with all their figures (some 5 kB each), and answers about a whole level (up to some MB each).
KEPT_AREAS = 4000
KEPT_LEVELS = 12
_areas = Kept(KEPT_AREAS)
_levels = Kept(KEPT_LEVELS)
_sources = Kept(1)

_COLUMNS = ("area_id", "indicator", "year", "value", "unit", "source_id", "nature", "group", "n", "low", "high", "reason")


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
    return _with(area, tuple(value for value in area.values if value.indicator in indicators))


def _with(ref: AreaRef | AreaValues, found: tuple[Value, ...]) -> AreaValues:
    return AreaValues(ref.code, ref.year, ref.level, ref.name, ref.municipality_code, ref.wijk_code, found)


def _values(refs: Sequence[AreaRef], now: str, indicators: Collection[str] | None) -> dict[str, AreaValues]:
    elsewhere = _elsewhere(refs)
    wanted = {(ref.code, ref.year) for ref in refs}
    wanted |= {(code, ground.year) for found in elsewhere.values() for ground in found for code in ground.parts}
    figures = _figures(wanted, now, indicators)
    return {ref.code: _with(ref, join(ref.code, ref.year, elsewhere.get(ref.code, ()), figures)) for ref in refs}


def _elsewhere(refs: Sequence[AreaRef]) -> dict[str, list[Ground]]:
    """What the areas were in other years; follows bridges to the codes at their other end."""
    codes = {ref.code for ref in refs if ref.level != "country"}
    links = by_key(link_views(codes))
    beyond = {part for link in links.values() for part in link.parts} - codes
    while beyond:
        more = by_key(link_views(beyond))
        links |= more
        codes |= beyond
        beyond = {part for link in more.values() for part in link.parts} - codes
    years = {year for _, earlier, later in links for year in (earlier, later)}
    result = {ref.code: grounds(ref.code, ref.year, links, years) for ref in refs if ref.level != "country"}
    for ref in refs:
        if ref.level == "country":
            known = MonitorArea.objects.filter(code=ref.code).values_list("year", flat=True)
            result[ref.code] = grounds(ref.code, ref.year, links, set(known), country=True)
    return result


def _figures(wanted: Collection[tuple[str, int]], now: str, indicators: Collection[str] | None) -> dict[tuple[str, int], list[Value]]:
    areas: dict[int, tuple[str, int]] = {}
    years = sorted({year for _, year in wanted})
    for codes in portions(sorted({code for code, _ in wanted})):
        rows = MonitorArea.objects.filter(code__in=codes, year__in=years).values_list("pk", "code", "year")
        areas |= {pk: (code, year) for pk, code, year in rows if (code, year) in wanted}
    named = _named_sources(now)
    result: dict[tuple[str, int], list[Value]] = defaultdict(list)
    for some in portions(sorted(areas)):
        figures = MonitorFigure.objects.filter(area__in=some, **_of(indicators))
        for area_id, *columns in figures.order_by("pk").values_list(*_COLUMNS):
            result[areas[area_id]].append(_value(columns, areas[area_id][1], named))
    return result


def _of(indicators: Collection[str] | None) -> dict[str, Any]:
    return {} if indicators is None else {"indicator__in": sorted(indicators)}


def _value(columns: Sequence[Any], area_year: int, named: Mapping[int, str]) -> Value:
    indicator, year, value, unit, source, nature, group, n, low, high, reason = columns
    return Value(indicator, year, value, unit, named[source], nature, group, n, low, high, reason, area_year)


def _named_sources(now: str) -> dict[int, str]:
    def make() -> dict[int, str]:
        rows = FigureSource.objects.values_list("pk", "source_id", "study__slug")
        return {pk: source_id(published, slug) for pk, published, slug in rows}

    return remembered(_sources, now, "sources", make)


def level(level: str, *, within: str = "", year: int | None = None, indicators: Collection[str]) -> dict[str, AreaValues]:
    """All areas of a level with some indicators, by code: of the country, or `within` a municipality or wijk.

    Without a year of the latest division. Only figures of that division: what maps and ranks compare must be of one kind.
    """
    now = stamp()
    key = (level, within, year, tuple(sorted(set(indicators))))
    return remembered(_levels, now, key, lambda: _level(level, within, year, key[3], now))


def _level(level: str, within: str, year: int | None, indicators: tuple[str, ...], now: str) -> dict[str, AreaValues]:
    rows = MonitorArea.objects.filter(level=level)
    if year is None:
        year = rows.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return {}
    rows = rows.filter(year=year)
    if within:
        rows = rows.filter(Q(municipality_code=within) | Q(wijk_code=within))
    areas = {row[0]: AreaRef(*row[1:]) for row in rows.order_by("code").values_list("pk", *REF_COLUMNS)}
    named = _named_sources(now)
    found: dict[int, list[Value]] = defaultdict(list)
    figures = MonitorFigure.objects.filter(area__in=rows.order_by().values("pk"), indicator__in=indicators)
    for area_id, *columns in figures.order_by("pk").values_list(*_COLUMNS):
        found[area_id].append(_value(columns, areas[area_id].year, named))
    return {ref.code: _with(ref, tuple(found.get(pk, ()))) for pk, ref in areas.items()}


def similar(ref: AreaRef, *, count: int = 10) -> list[Any]:
    """The areas of the same level and year whose profiles are nearest, with the reasons, in other municipalities."""
    raise NotImplementedError
