# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Elements of a source with what the table of kinds says of them, and their shape in metres."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from knopenkaart.geo import CRS84
from knopenkaart.vocabulary import LIFECYCLE, Kind, NotNode, TagRule, Vocabulary

_ARTICLES = frozenset({"de", "het", "the", "t", "een", "a", "obs", "cbs", "kbs", "rkbs", "pcbs", "rk"})


@dataclass(frozen=True, slots=True)
class Match:
    """What the vocabulary says of an element: the kind, or what it was considered as; and the tag by which it is accounted for."""

    kind: Kind | None
    tag: str
    status: str = "open"
    functions: tuple[str, ...] = ()
    rejected: NotNode | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element that matched. `shape` and `point` are in metres; `lon`, `lat` in degrees; `area_m2` is 0 for a point or line."""

    source_id: str
    tags: Mapping[str, str]
    date: date | None
    match: Match
    name: str | None
    core: str
    shape: Any
    point: Any
    lon: float
    lat: float
    area_m2: float

    @property
    def kind(self) -> Kind:
        if self.match.kind is None:
            raise ValueError(f"{self.source_id} is no place.")
        return self.match.kind

    @property
    def rank(self) -> tuple[Any, ...]:
        """Who stands for a place first: the named element, then the largest outline, then the oldest identifier."""
        prefix, _, number = self.source_id.partition("/")
        return (self.name is None, -self.area_m2, len(number), number, prefix)


class Catalogue:
    """The rules of a vocabulary, found by key and value rather than tried one by one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_tag: dict[tuple[str, str], list[tuple[int, TagRule, Kind | NotNode]]] = {}
        order = 0
        items: list[Kind | NotNode] = [*vocabulary.kinds.values(), *vocabulary.not_nodes.values()]
        for item in items:
            for rule in item.rules:
                key, values = rule.conditions[0]
                for value in values or ("*",):
                    self._by_tag.setdefault((key, value), []).append((order, rule, item))
                order += 1

    def match(self, tags: Mapping[str, str]) -> Match | None:
        """What an element with these tags is; a key in another stage (disused:amenity) speaks only where no kind stands without it."""
        found = self._found(tags)
        if found is not None and found.kind is not None:
            stage = next((stage for stage in ("abandoned", "disused") if tags.get(stage) == "yes"), None)
            return found if stage is None else _staged(found, LIFECYCLE[stage], found.tag)
        for prefix, status in LIFECYCLE.items():
            inner = {key.removeprefix(f"{prefix}:"): value for key, value in tags.items() if key.startswith(f"{prefix}:")}
            staged = self._found({**_without_main_keys(tags), **inner}) if inner else None
            if staged is not None and staged.kind is not None:
                return _staged(staged, status, f"{prefix}:{staged.tag}")
        return found

    def _found(self, tags: Mapping[str, str]) -> Match | None:
        hits: list[tuple[int, TagRule, Kind | NotNode]] = []
        for key, value in tags.items():
            for part in {value, *(item.strip() for item in value.split(";")), "*"}:
                hits += [hit for hit in self._by_tag.get((key, part), ()) if hit[1].matches(tags)]
        if not hits:
            return None
        hits.sort(key=lambda hit: hit[0])
        _, rule, first = hits[0]
        if isinstance(first, NotNode):
            return Match(None, rule.tag(tags), rejected=first)
        # A second key tells of a second function (a library that is a museum too); a second rule on the same key is only less precise.
        key = rule.conditions[0][0]
        others = [item for _, other, item in hits if other.conditions[0][0] != key and isinstance(item, Kind)]
        kinds = [first, *(item for item in others if item.small_spot == first.small_spot)]
        functions = tuple(dict.fromkeys(function for kind in kinds for function in kind.functions))
        return Match(first, rule.tag(tags), functions=functions)


def elements(features: gpd.GeoDataFrame, *, vocabulary: Vocabulary, crs: Any) -> list[Element]:
    """The elements that the vocabulary knows, as a place or as considered and rejected; the others are nobody's business."""
    catalogue = Catalogue(vocabulary)
    matches = [catalogue.match(tags) for tags in features["tags"]]
    chosen = features[[match is not None for match in matches]]
    shapes = chosen.geometry.to_crs(crs)
    points = gpd.GeoSeries([_middle(shape) for shape in shapes], crs=crs)
    degrees = points.to_crs(CRS84)
    known = [match for match in matches if match is not None]
    columns = zip(chosen["source_id"], chosen["tags"], chosen["date"], known, shapes, points, degrees.x, degrees.y, strict=True)
    return [_element(*row) for row in columns]


def _element(source_id: str, tags: Mapping[str, str], day: Any, match: Match, shape: Any, point: Any, lon: float, lat: float) -> Element:
    name = place_name(tags)
    words = (*match.kind.words, match.kind.nl, match.kind.en) if match.kind else ()
    return Element(
        source_id=source_id,
        tags=tags,
        date=None if pd.isna(day) else day,
        match=match,
        name=name,
        core=core_name(name, words=words),
        shape=shape,
        point=point,
        lon=lon,
        lat=lat,
        area_m2=float(shape.area),
    )


def place_name(tags: Mapping[str, str]) -> str | None:
    """The name on the map; where that is absent, the Dutch or the official one."""
    return next((tags[key].strip() for key in ("name", "name:nl", "official_name") if tags.get(key, "").strip()), None)


def core_name(name: str | None, *, words: Iterable[str] = ()) -> str:
    """A name without capitals, accents, punctuation, articles and words of its kind: "OBS De Horizon" becomes "horizon"."""
    if name is None:
        return ""
    plain = unicodedata.normalize("NFKD", name.casefold())
    tokens = re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    dropped = _ARTICLES | {word for word in words if " " not in word}
    return " ".join([token for token in tokens if token not in dropped] or tokens)


def _middle(shape: Any) -> Any:
    """A point that lies on the shape: what a map may point at."""
    if shape.geom_type == "Point":
        return shape
    if shape.geom_type in ("LineString", "LinearRing"):
        return shape.interpolate(0.5, normalized=True)
    return shapely.point_on_surface(shape)


def _staged(match: Match, status: str, tag: str) -> Match:
    return Match(match.kind, tag, status=status, functions=match.functions)


def _without_main_keys(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that describe (name, religion, sport) without those that say what an element is now."""
    return {key: value for key, value in tags.items() if key not in ("amenity", "shop", "leisure", "tourism", "office", "craft", "landuse")}
