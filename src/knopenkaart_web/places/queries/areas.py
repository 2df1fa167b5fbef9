# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading areas: their counts against the municipality, their figures, and how far the sources cover them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from knopenkaart.text import fold
from knopenkaart_web.places import models, words
from knopenkaart_web.places.labels import indicator_label
from knopenkaart_web.places.queries.index import AreaItem, Index, index
from knopenkaart_web.places.queries.rows import area_row, area_values, per_1000
from knopenkaart_web.places.queries.studies import notices
from knopenkaart_web.places.views_data import (
    AreaRow,
    AreaView,
    CoverageRow,
    FigureRow,
    FunctionCount,
    KindCount,
    MunicipalityView,
    SelectionRow,
)

MIN_POPULATION = 100
_UPPER_LEVELS = ("municipality", "wijk")
_CHILD_LEVEL = {"municipality": "wijk", "wijk": "buurt"}


def area(slug: str, code: str, *, lang: str) -> AreaView | None:
    """A municipality, wijk or buurt, or None."""
    held = index(slug)
    found = held.areas.get(code) if held else None
    return AreaView(**_area_values(held, found, lang)) if held and found else None


def municipality(slug: str, code: str | None, *, lang: str) -> MunicipalityView | None:
    """A municipality with its selection of kinds; without a code the only one of the study (None where there are several)."""
    held = index(slug)
    if held is None:
        return None
    candidates = [item for item in held.of_level("municipality") if code in (None, item.code)]
    if len(candidates) != 1:
        return None
    found = candidates[0]
    return MunicipalityView(
        **_area_values(held, found, lang),
        population_rounded=_rounded(found.population),
        osm_date=held.study.osm_date,
        selection=_selection(held, held.listed.get(found.code, {}), lang),
        wijken=[area_row(held, item) for item in held.of_level("wijk") if item.municipality_code == found.code],
    )


def selection(slug: str, *, lang: str) -> list[SelectionRow]:
    """Which kinds count in a study, with the open places of each kind in all its municipalities together."""
    held = index(slug)
    return _selection(held, sum(held.listed.values(), Counter()), lang) if held else []


def has_buurten(slug: str) -> bool:
    """Whether a study has buurten."""
    held = index(slug)
    return held is not None and any(item.level == "buurt" for item in held.areas.values())


def map_areas(
    slug: str, *, lang: str, url: Callable[[str, str], str] | None = None, levels: Sequence[str] = _UPPER_LEVELS
) -> dict[str, Any] | None:
    """The areas of some levels with their counts as GeoJSON (docs/reference/map-data.md). `url(code, level)` gives the page of an area.

    Buurten are left out unless asked for: there are many, and the map shades wijken, or municipalities where there are none.
    """
    held = index(slug)
    if held is None:
        return None
    rows = models.Area.objects.filter(study=held.study, level__in=levels).exclude(geojson="").values_list("code", "geojson")
    outlines = dict(rows)
    shown = [item for level in levels for item in held.of_level(level) if item.code in outlines]
    return {"type": "FeatureCollection", "features": [_feature(held, item, outlines[item.code], url) for item in shown]}


def outlines(slug: str, level: str) -> dict[str, str]:
    """The outlines of the areas of one level as GeoJSON text, by code."""
    rows = models.Area.objects.filter(study__slug=slug, level=level).exclude(geojson="").order_by("code")
    return dict(rows.values_list("code", "geojson"))


def area_outline(slug: str, code: str) -> dict[str, Any] | None:
    """The outline of one area as a GeoJSON geometry (CRS84)."""
    text = models.Area.objects.filter(study__slug=slug, code=code).values_list("geojson", flat=True).first()
    return json.loads(text) if text else None


def area_bounds(slug: str, code: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of one area in degrees."""
    held = index(slug)
    return held.areas[code].bounds if held and code in held.areas else None


def _feature(held: Index, item: AreaItem, outline: str, url: Callable[[str, str], str] | None) -> dict[str, Any]:
    values = area_values(held, item)
    nodes, found = values["nodes"], values["nodes_found"]
    properties = {
        "code": item.code,
        "name": item.name,
        "level": item.level,
        "nodes": nodes,
        # A zero that nobody can vouch for says nothing: it is left out, so that no map can draw it.
        "found": found if nodes is None and found else None,
        "per1000": values["per_1000"],
        "byFunction": dict(sorted(held.tally(item.code).functions.items())),
        "coverage": item.coverage_status,
        "few": item.population is not None and item.population < MIN_POPULATION,
        "url": url(item.code, item.level) if url else None,
    }
    return {"type": "Feature", "id": item.code, "properties": properties, "geometry": json.loads(outline)}


def _area_values(held: Index, item: AreaItem, lang: str) -> dict[str, Any]:
    whole = held.areas.get(item.municipality_code or "") if item.level != "municipality" else None
    wijk = held.areas.get(item.wijk_code or "") if item.level == "buurt" else None
    return area_values(held, item) | {
        "study": held.study.slug,
        "study_name": held.study.name,
        "bounds": item.bounds,
        "population_year": item.population_year,
        "municipality": area_row(held, whole) if whole else None,
        "wijk": area_row(held, wijk) if wijk else None,
        "children": _children(held, item),
        "figures": _figures(held, item),
        "coverage": _coverage(item),
        "counts": _function_counts(held, item, whole or item, lang),
        "kinds": _kind_counts(held, item, lang),
        "notices": notices(held.study.slug, item.code),
    }


def _children(held: Index, item: AreaItem) -> list[AreaRow]:
    level = _CHILD_LEVEL.get(item.level)
    if level is None:
        return []
    parent = "municipality_code" if level == "wijk" else "wijk_code"
    return [area_row(held, child) for child in held.of_level(level) if getattr(child, parent) == item.code]


def _figures(held: Index, item: AreaItem) -> list[FigureRow]:
    titles = dict(models.Source.objects.filter(study=held.study).values_list("source_id", "title"))
    rows = models.Figure.objects.filter(area_id=item.pk).order_by("pk")
    return [
        FigureRow(
            indicator=row.indicator,
            label=indicator_label(row.indicator),
            value=row.value if row.joined else None,
            unit=row.unit,
            year=row.year,
            source_title=titles.get(row.source, row.source),
            joined=row.joined,
            reason=row.reason or None,
        )
        for row in rows
    ]


def _coverage(item: AreaItem) -> CoverageRow:
    return CoverageRow(
        status=item.coverage_status,
        reason=item.coverage_reason,
        area_share=item.area_share,
        street_share=item.street_share,
        address_share=item.address_share,
        believed_share=item.believed_share,
        addresses=item.addresses,
        dwellings=item.dwellings,
    )


def _function_counts(held: Index, item: AreaItem, whole: AreaItem, lang: str) -> list[FunctionCount]:
    result = []
    for function in words.vocabulary().functions:
        found = held.tally(item.code).functions[function]
        here = found if held.known(item.code) else None
        there = held.tally(whole.code).functions[function] if held.known(whole.code) else None
        result.append(
            FunctionCount(
                function=function,
                label=words.function_label(function, lang),
                count=here,
                found=found,
                per_1000=per_1000(here, item),
                municipality_count=there,
                municipality_per_1000=per_1000(there, whole),
            )
        )
    return result


def _kind_counts(held: Index, item: AreaItem, lang: str) -> list[KindCount]:
    tally = held.tally(item.code).kinds
    rows = [KindCount(kind=kind, label=words.kind_label(kind, lang), count=count) for kind, count in tally.items()]
    return sorted(rows, key=lambda row: (-row.count, fold(row.label)))


def _selection(held: Index, found: Mapping[str, int], lang: str) -> list[SelectionRow]:
    """Every kind of the vocabulary that is a node by itself; a small spot never is and stands in no selection."""
    reasons = dict(models.KindSelection.objects.filter(study=held.study).values_list("kind", "reason"))
    return [
        SelectionRow(
            kind=kind.id,
            label=words.kind_plural(kind.id, lang),
            counts=held.kind_counts(kind.id),
            why=reasons.get(kind.id) or (kind.why_en if lang == "en" else kind.why) or "",
            count=found.get(kind.id, 0),
            chosen_here=kind.id in held.chosen,
        )
        for kind in words.vocabulary().kinds.values()
        if not kind.small_spot
    ]


def _rounded(population: int | None) -> int | None:
    """A number of inhabitants as one says it: to thousands, below 10,000 to hundreds."""
    if population is None:
        return None
    return round(population, -3) if population >= 10_000 else round(population, -2)
