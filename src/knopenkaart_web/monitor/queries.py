# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages ask about areas of the Wijkmonitor: which there are, what lies in what, and what they were in other years."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from django.db.models import Case, Count, IntegerField, Max, Q, Value, When

from knopenkaart.text import fold
from knopenkaart_web.monitor.figures import level, parts, values
from knopenkaart_web.monitor.joining import by_key, grounds
from knopenkaart_web.monitor.kept import Kept, remembered
from knopenkaart_web.monitor.models import Edition, FigureSource, MonitorArea, Outline
from knopenkaart_web.monitor.reading import REF_COLUMNS, link_views, portions, source_id, to_ref
from knopenkaart_web.monitor.similar import similar
from knopenkaart_web.monitor.stamping import once, stamp
from knopenkaart_web.monitor.views_data import AreaRef, EditionView, LinkView, SourceView
from knopenkaart_web.places.models import Area

__all__ = [
    "area",
    "children",
    "edition",
    "find",
    "level",
    "links",
    "outlines",
    "parents",
    "parts",
    "similar",
    "sources",
    "stamp",
    "study_of",
    "values",
]

_ORDER = {"country": 0, "municipality": 1, "wijk": 2, "buurt": 3}
_BELOW = {"country": "municipality", "municipality": "wijk", "wijk": "buurt"}
_editions = Kept(1)
_sources = Kept(1)
# Areas and what lies in what: for the whole country some tens of megabytes, which no visitor asks of one worker.
_refs = Kept(10_000)


def edition() -> EditionView | None:
    """What is loaded, or None where nothing is."""
    now = stamp()
    return remembered(_editions, now, "edition", _edition) if now else None


def _edition() -> EditionView | None:
    row = Edition.objects.first()
    if row is None or not row.years:
        return None
    counted = MonitorArea.objects.filter(year=max(row.years)).values_list("level").annotate(Count("pk")).order_by()
    areas = dict(counted)
    return EditionView(
        stamp=str(row.stamp),
        loaded_at=row.loaded_at,
        invented=row.invented,
        years=tuple(sorted(row.years)),
        areas={name: areas.get(name, 0) for name in _ORDER},
        sources=tuple(source for source in sources().values() if not source.own),
    )


def sources(slug: str | None = None) -> dict[str, SourceView]:
    """Where figures come from, by the `source` of a value: what was published, and the own tables of a study (without one: of all)."""
    found = remembered(_sources, stamp(), "sources", _all_sources)
    return {source.id: source for source in found if slug is None or source.own in ("", slug)}


def _all_sources() -> tuple[SourceView, ...]:
    found = (_source(row) for row in FigureSource.objects.select_related("study"))
    return tuple(sorted(found, key=lambda source: (source.own, source.id)))


def _source(row: FigureSource) -> SourceView:
    own = row.study.slug if row.study else ""
    # A folder may come from anybody; pages make a link of it.
    url = row.url if row.url.startswith(("https://", "http://")) else ""
    return SourceView(source_id(row.source_id, own), row.title, row.date, row.licence, row.attribution, url, own)


def area(code: str, *, year: int | None = None) -> AreaRef | None:
    """An area of a year, without a year as it was last; None where there is none."""
    return remembered(_refs, stamp(), ("area", code, year), lambda: _area(code, year))


def _area(code: str, year: int | None) -> AreaRef | None:
    rows = MonitorArea.objects.filter(code=code, **({} if year is None else {"year": year}))
    return next((to_ref(row) for row in rows.order_by("-year").values_list(*REF_COLUMNS)[:1]), None)


def parents(ref: AreaRef) -> list[AreaRef]:
    """In what an area lies, of the same year: country, municipality, wijk, as far as they are there."""
    if ref.level == "country":
        return []
    above = [code for code in (ref.municipality_code, ref.wijk_code) if code and code != ref.code]
    countries = _found("countries", Q(level="country"), ref.year)
    return [*countries, *(_found(("above", *above), Q(code__in=above), ref.year) if above else ())]


def children(ref: AreaRef, *, level: str | None = None) -> list[AreaRef]:
    """What lies in an area, by name: of the next level (in a country its municipalities), or of a level further down."""
    below = level or _BELOW.get(ref.level)
    if below is None or _ORDER[below] <= _ORDER[ref.level]:
        return []
    inside = {"country": Q(), "municipality": Q(municipality_code=ref.code), "wijk": Q(wijk_code=ref.code)}[ref.level]
    return list(_found(("inside", ref.level, ref.code, below), inside & Q(level=below), ref.year))


def _found(key: Hashable, condition: Q, year: int) -> tuple[AreaRef, ...]:
    return remembered(_refs, stamp(), (key, year), lambda: _refs_of(condition, year))


def _refs_of(condition: Q, year: int) -> tuple[AreaRef, ...]:
    found = (to_ref(row) for row in MonitorArea.objects.filter(condition, year=year).values_list(*REF_COLUMNS))
    return tuple(sorted(found, key=lambda ref: (_ORDER[ref.level], fold(ref.name), ref.code)))


def find(text: str, *, limit: int = 20) -> list[AreaRef]:
    """Areas of the latest year by name or code: names that begin with the text first, large areas before small ones."""
    wanted = fold(text)
    if not wanted:
        return []
    rows = MonitorArea.objects.filter(Q(search__contains=wanted) | Q(code=wanted.upper()))
    latest = MonitorArea.objects.aggregate(latest=Max("year"))["latest"]
    whens = (When(search=wanted, then=Value(0)), When(code=wanted.upper(), then=Value(0)), When(search__startswith=wanted, then=Value(1)))
    size = (When(level=name, then=Value(place)) for name, place in _ORDER.items())
    rows = rows.filter(year=latest).annotate(
        nearness=Case(*whens, default=Value(2), output_field=IntegerField()),
        size=Case(*size, default=Value(9), output_field=IntegerField()),
    )
    return [to_ref(row) for row in rows.order_by("nearness", "size", "search", "code").values_list(*REF_COLUMNS)[:limit]]


def links(code: str) -> list[LinkView]:
    """What is known of the areas that have had a code, oldest first: why a series goes on or breaks."""
    return sorted(link_views([code]), key=lambda link: (link.from_year, link.to_year))


def outlines(refs: Iterable[AreaRef]) -> dict[str, str]:
    """Outlines (GeoJSON geometry, CRS84) by code: of the monitor, else of a loaded study that has the area of the same year."""
    wanted = {(ref.code, ref.year): ref for ref in refs}
    result: dict[str, str] = {}
    for codes in portions([code for code, _ in wanted]):
        rows = Outline.objects.filter(area__code__in=codes).values_list("area__code", "area__year", "geojson")
        result |= {code: text for code, year, text in rows if (code, year) in wanted}
    for codes in portions([code for code, _ in wanted if code not in result]):
        shown = Area.objects.filter(code__in=codes).exclude(geojson="").order_by("-study__loaded_at").values_list("code", "year", "geojson")
        for code, year, text in shown:
            if (code, year) in wanted:
                result.setdefault(code, text)
    return result


def study_of(ref: AreaRef) -> str | None:
    """The slug of a loaded study that holds an area: of the same year, else of a year in which it was the same area.

    Of several, the one that was loaded last.
    """
    if ref.level == "country":
        return None
    return once(("study_of", ref), lambda: _study_of(ref))


def _study_of(ref: AreaRef) -> str | None:
    rows = list(Area.objects.filter(code=ref.code).order_by("-study__loaded_at").values_list("study__slug", "year"))
    exact = next((slug for slug, year in rows if year == ref.year), None)
    if exact is not None or not rows:
        return exact
    years = {year for _, year in rows}
    known = by_key(link_views([ref.code]))
    # Years between may carry the chain.
    between = years | {year for _, earlier, later in known for year in (earlier, later)}
    same = {ground.year for ground in grounds(ref.code, ref.year, known, between) if not ground.bridged}
    return next((slug for slug, year in rows if year in same), None)
