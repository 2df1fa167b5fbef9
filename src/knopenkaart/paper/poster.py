# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The poster: the whole map with legend and list on A1 or A3, to hang on the wall."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import typst

from knopenkaart.paper.map_svg import Mark, draw_map
from knopenkaart.paper.symbols import mark_drawing
from knopenkaart.paper.texts import format_date, format_number, texts
from knopenkaart.records import Place, Source
from knopenkaart.vocabulary import Kind, Vocabulary

Paper = Literal["a1", "a3"]
Language = Literal["nl", "en"]
# Page, margin, head, one column beside the map, and body text: millimetres and points.
SIZES: Mapping[str, Mapping[str, float]] = {
    "a1": {"width": 841, "height": 594, "margin": 16, "head": 40, "column": 88, "text": 11},
    "a3": {"width": 420, "height": 297, "margin": 10, "head": 24, "column": 50, "text": 7},
}
# What fits in one column beside the map: lines of the legend on A3 and A1, places of the list (each up to two lines) on A1.
LEGEND_LINES: Mapping[str, int] = {"a1": 60, "a3": 42}
LIST_PLACES = 78
# More places than this do not fit beside the map on one A1 sheet; the list then goes on sheets of its own.
LIST_BESIDE_MAP = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What the poster says: whose map it is, what was counted (kinds in `counting`), from when.

    `incomplete` holds the codes of areas that the sources do not cover; `complete` tells whether every municipality is covered.
    """

    title: str
    counted: int
    counting: frozenset[str]
    inhabitants: int | None
    figures_year: int | None
    data_date: date | None
    made_on: date
    invented: bool
    incomplete: tuple[str, ...]
    complete: bool


def make_poster(
    basemap: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    places: Sequence[Place],
    *,
    facts: Facts,
    sources: Sequence[Source],
    vocabulary: Vocabulary,
    paper: Paper,
    language: Language,
) -> bytes:
    """A PDF/UA-1 document: sheet one is the map with its legend, and the list where it fits; else the list follows.

    `places` are drawn and listed as given: leave out what must not be on paper. Digital places are listed without a number on the map.
    """
    size = SIZES[paper]
    ordered = sorted(places, key=lambda place: _order(place, areas, vocabulary))
    marks = [
        Mark(number, vocabulary.kinds[place.kind].symbol, _function(vocabulary.kinds[place.kind]), place.lon, place.lat)
        for number, place in enumerate(ordered, start=1)
        if place.lon is not None and place.lat is not None
    ]
    kinds = Counter(place.kind for place in ordered)
    beside = paper == "a1" and len(ordered) <= LIST_BESIDE_MAP
    columns = max(1, math.ceil(len(kinds) / LEGEND_LINES[paper] + (len(ordered) / LIST_PLACES if beside else 0)))
    width_mm = size["width"] - 2 * size["margin"] - columns * size["column"] - size["margin"] / 2
    height_mm = size["height"] - 2 * size["margin"] - size["head"] - 8
    drawing = draw_map(basemap, areas, marks, width_mm=width_mm, height_mm=height_mm, incomplete=facts.incomplete)
    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        folder = Path(scratch)
        (folder / "map.svg").write_text(drawing.svg, encoding="utf-8")
        for kind in kinds:
            _write_mark(folder, vocabulary.kinds[kind])
        data = {
            "size": size,
            "language": language,
            "map": {"width": width_mm, "height": height_mm, "scale": format_number(drawing.scale, language)},
            "beside": beside,
            "columns": columns,
            "text": _texts(facts, _area_names(areas), sources, drawing.scale, language),
            "legend": _legend(kinds, facts.counting, vocabulary, language),
            "list": _list(ordered, areas, vocabulary, language),
        }
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        shutil.copyfile(str(resources.files("knopenkaart.paper").joinpath("poster.typ")), folder / "poster.typ")
        pdf = typst.compile(folder / "poster.typ", root=folder, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
    return bytes(pdf)


def _function(kind: Kind) -> str:
    return kind.functions[0] if kind.functions else "meet"


def _write_mark(folder: Path, kind: Kind) -> None:
    (folder / f"{kind.id}.svg").write_text(mark_drawing(kind.symbol, _function(kind)), encoding="utf-8")


def _area_names(areas: gpd.GeoDataFrame) -> dict[str, str]:
    return dict(zip(areas["code"], areas["name"], strict=True))


def _order(place: Place, areas: gpd.GeoDataFrame, vocabulary: Vocabulary) -> tuple[Any, ...]:
    """Wijk by wijk, kind by kind in the order of the vocabulary, by name; neighbours and digital places last."""
    kinds = list(vocabulary.kinds)
    return (place.digital, place.neighbour, _group(place) or "~", kinds.index(place.kind), (place.name or "~").casefold(), place.id)


def _group(place: Place) -> str | None:
    return place.wijk_code or place.municipality_code


def _texts(facts: Facts, names: Mapping[str, str], sources: Sequence[Source], scale: int, language: Language) -> dict[str, Any]:
    say = texts(language)
    people = format_number(facts.inhabitants, language) if facts.inhabitants is not None else None
    count = format_number(facts.counted, language)
    sentence = say["sentence" if people else "sentence_without_people"] if facts.complete else say["sentence_incomplete"]
    dates = [
        say["data_date"].format(date=format_date(facts.data_date, language)) if facts.data_date else say["no_date"],
        say["figures_year"].format(year=facts.figures_year) if facts.figures_year else "",
        say["made_on"].format(date=format_date(facts.made_on, language)),
        say["scale"].format(scale=format_number(scale, language)),
    ]
    return {
        "title": say["title"].format(name=facts.title),
        "sentence": sentence.format(people=people, count=count),
        "dates": " · ".join(filter(None, dates)),
        "invented": say["invented"] if facts.invented else "",
        "incomplete": say["incomplete"].format(areas=", ".join(names[code] for code in facts.incomplete)) if facts.incomplete else "",
        "sources": " · ".join(dict.fromkeys(f"{source.attribution} ({source.licence})" for source in sources if not source.confidential)),
        "legend": say["legend"],
        "list": say["list"],
        "alt": say["alt"].format(name=facts.title, count=count),
    }


def _legend(kinds: Counter[str], counting: frozenset[str], vocabulary: Vocabulary, language: Language) -> list[dict[str, Any]]:
    note = texts(language)["not_counted"]
    return [
        {
            "file": f"{kind.id}.svg",
            "label": kind.nl_plural if language == "nl" else kind.en_plural,
            "count": kinds[kind.id],
            "note": "" if kind.id in counting else note,
        }
        for kind in vocabulary.kinds.values()
        if kind.id in kinds
    ]


def _list(ordered: Sequence[Place], areas: gpd.GeoDataFrame, vocabulary: Vocabulary, language: Language) -> list[dict[str, Any]]:
    """The places in groups: wijken (or municipalities), then neighbours, then digital places."""
    say, names = texts(language), _area_names(areas)
    groups: dict[str, list[dict[str, Any]]] = {}
    for number, place in enumerate(ordered, start=1):
        kind = vocabulary.kinds[place.kind]
        title = _group_title(place, names, say)
        address = " ".join(filter(None, [place.street, place.housenumber])) or (place.website or "" if place.digital else "")
        label = kind.name(language)
        # A place without a name is called by its kind, once.
        entry = {"number": number, "name": place.name or label, "kind": label if place.name else "", "address": address}
        groups.setdefault(title, []).append(entry)
    return [{"title": title, "places": entries} for title, entries in groups.items()]


def _group_title(place: Place, names: Mapping[str, str], say: Mapping[str, str]) -> str:
    if place.digital:
        return say["digital"]
    return say["neighbours"] if place.neighbour else names.get(_group(place) or "", say["elsewhere"])
