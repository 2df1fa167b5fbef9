# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Elements of OpenStreetMap become places, and every element that was looked at gets one decision with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from knopenkaart.geo import metric_crs_of
from knopenkaart.inventory import _attributes
from knopenkaart.inventory._elements import Catalogue, Element, elements, place_name
from knopenkaart.inventory._outlines import Grouping, group, hosts
from knopenkaart.inventory.identity import place_id
from knopenkaart.inventory.locate import assign_areas, distances_m
from knopenkaart.records import Source
from knopenkaart.tables import ATTRIBUTES, DECISIONS, NOTICES, PLACES
from knopenkaart.vocabulary import Vocabulary

OUTCOMES = ("present", "merged", "neighbour", "excluded")
NO_GEOMETRY = "osm.no_geometry"


@dataclass(frozen=True)
class Inventory:
    """The tables PLACES, ATTRIBUTES, DECISIONS and NOTICES of one source."""

    places: pd.DataFrame
    attributes: pd.DataFrame
    decisions: pd.DataFrame
    notices: pd.DataFrame


def classify(
    features: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, vocabulary: Vocabulary, source: Source, neighbour_m: float = 2000.0
) -> Inventory:
    """The places among `features` (FEATURES) in `areas` (AREAS), with those within `neighbour_m` metres outside as neighbours.

    Every element that a rule of the vocabulary matches gets one row in DECISIONS: present, merged, neighbour or excluded, with a stable
    reason. Reasons to exclude: `area.far`, `kind.unnamed`, `campus.shared_ground` and those of the vocabulary's not_nodes.
    """
    known: list[Element] = []
    if len(features):
        crs = metric_crs_of(features.geometry if areas.empty else areas.geometry)
        known = elements(features, vocabulary=vocabulary, crs=crs)
    rejected = [element for element in known if element.match.kind is None]
    candidates = [element for element in known if element.match.kind is not None]
    near = _near(candidates, areas, neighbour_m=neighbour_m)
    far = [element for element, is_near in zip(candidates, near, strict=True) if not is_near]
    kept = [element for element, is_near in zip(candidates, near, strict=True) if is_near]

    grouping = group(kept)
    unnamed = _unnamed(kept, grouping)
    places = _places(kept, grouping, unnamed=unnamed, source=source)
    places = assign_areas(places, areas, neighbour_m=neighbour_m)
    decisions = [
        *(_decision(element, source, "excluded", element.match.rejected.reason) for element in rejected if element.match.rejected),
        *(_decision(element, source, "excluded", "area.far") for element in far),
        *_decisions(kept, grouping, unnamed=unnamed, places=places, source=source),
    ]
    return Inventory(
        places=places,
        attributes=ATTRIBUTES.frame(_attribute_rows(kept, grouping, unnamed=unnamed, source=source)),
        decisions=DECISIONS.frame(decisions),
        notices=NOTICES.frame(_notices(kept, grouping)),
    )


def accounting(decisions: pd.DataFrame) -> pd.DataFrame:
    """Per tag how many elements matched and what became of them; matched = present + merged + neighbour + excluded.

    Columns: tag, matched, the four outcomes, and `reasons`, a mapping of reason -> number for what was excluded.
    """
    counts = decisions.groupby(["tag", "outcome"]).size().unstack(fill_value=0).reindex(columns=list(OUTCOMES), fill_value=0)
    excluded = decisions[decisions["outcome"] == "excluded"]
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    for tag, reason in zip(excluded["tag"], excluded["reason"], strict=True):
        reasons[tag][reason] = reasons[tag].get(reason, 0) + 1
    table = counts.astype(int)
    table.insert(0, "matched", table.sum(axis=1))
    table["reasons"] = pd.Series([reasons.get(str(tag), {}) for tag in table.index], index=table.index, dtype=object)
    return table.rename_axis("tag").reset_index().rename_axis(columns=None)


def shapeless(notices: pd.DataFrame, *, vocabulary: Vocabulary, source: Source) -> pd.DataFrame:
    """DECISIONS for the elements that a source could not draw (NOTICES `osm.no_geometry` with their tags): excluded, with that reason."""
    catalogue = Catalogue(vocabulary)
    rows = []
    for notice in notices[notices["code"] == NO_GEOMETRY].to_dict("records"):
        tags = notice["details"].get("tags", {})
        match = catalogue.match(tags)
        if match is not None:
            reason = match.rejected.reason if match.rejected else NO_GEOMETRY
            kind = match.kind.id if match.kind else None
            row = {"source": source.id, "source_id": notice["subject"], "tag": match.tag, "name": place_name(tags), "kind": kind}
            rows.append({**row, "outcome": "excluded", "reason": reason, "place_id": None})
    return DECISIONS.frame(rows)


def _near(candidates: Sequence[Element], areas: gpd.GeoDataFrame, *, neighbour_m: float) -> list[bool]:
    lon = np.array([element.lon for element in candidates])
    lat = np.array([element.lat for element in candidates])
    return [bool(near) for near in distances_m(lon, lat, areas) <= neighbour_m]


def _unnamed(kept: Sequence[Element], grouping: Grouping) -> set[int]:
    """Elements that stand for a place of a kind that needs a name, and have none."""
    return {
        index for index, element in enumerate(kept) if index not in grouping.parent and element.kind.named_only and element.name is None
    }


def _groups(kept: Sequence[Element], grouping: Grouping, *, unnamed: set[int]) -> dict[int, list[int]]:
    """Element that stands for a place -> all its elements, itself first and then by rank."""
    members: dict[int, list[int]] = defaultdict(list)
    for index in sorted(range(len(kept)), key=lambda index: kept[index].rank):
        root = grouping.root(index)
        if root not in unnamed and root not in grouping.shared:
            members[root].append(index)
    return {root: [root, *(index for index in found if index != root)] for root, found in members.items()}


def _places(kept: Sequence[Element], grouping: Grouping, *, unnamed: set[int], source: Source) -> pd.DataFrame:
    groups = _groups(kept, grouping, unnamed=unnamed)
    tied = hosts(kept, grouping)
    rows = []
    for root, members in groups.items():
        host = tied.get(root)
        part_of = place_id(source, kept[host].source_id) if host is not None and host in groups else None
        rows.append({**_place(kept[root], [kept[index] for index in members], grouping, source), "part_of": part_of})
    return PLACES.frame(rows)


def _place(main: Element, members: Sequence[Element], grouping: Grouping, source: Source) -> dict[str, Any]:
    """A row of PLACES: the main element's own values, completed by those of the same kind that were merged into it."""
    values: dict[str, str] = {}
    for element in members:
        if element.kind.id == main.kind.id or element.name == main.name:
            values = {**_attributes.values(element), **values}
    days = [day for day in (_attributes.verified(element) for element in members) if day is not None]
    functions = dict.fromkeys(function for element in members for function in element.match.functions if not element.kind.small_spot)
    return {
        **values,
        "id": place_id(source, main.source_id),
        "kind": main.kind.id,
        "functions": list(functions or main.match.functions),
        "archetype": main.kind.archetype,
        "archetype_assumed": True,
        "status": main.match.status,
        "small_spot": main.kind.small_spot,
        "digital": False,
        "neighbour": False,
        "lon": main.lon,
        "lat": main.lat,
        "source": source.id,
        "source_id": main.source_id,
        "last_verified": max(days, default=None),
    }


def _decisions(
    kept: Sequence[Element], grouping: Grouping, *, unnamed: set[int], places: pd.DataFrame, source: Source
) -> Iterator[dict[str, Any]]:
    neighbours: Mapping[str, bool] = dict(zip(places["id"], places["neighbour"], strict=True))
    for index, element in enumerate(kept):
        root = grouping.root(index)
        if root in unnamed:
            yield _decision(element, source, "excluded", "kind.unnamed")
        elif root in grouping.shared:
            yield _decision(element, source, "excluded", "campus.shared_ground")
        else:
            place = place_id(source, kept[root].source_id)
            if index in grouping.parent:
                yield _decision(element, source, "merged", grouping.parent[index][1], place=place)
            elif neighbours[place]:
                yield _decision(element, source, "neighbour", "area.neighbour", place=place)
            else:
                yield _decision(element, source, "present", "area.inside", place=place)


def _decision(element: Element, source: Source, outcome: str, reason: str, *, place: str | None = None) -> dict[str, Any]:
    return {
        "source": source.id,
        "source_id": element.source_id,
        "tag": element.match.tag,
        "name": element.name,
        "kind": element.match.kind.id if element.match.kind else None,
        "outcome": outcome,
        "reason": reason,
        "place_id": place,
    }


def _attribute_rows(kept: Sequence[Element], grouping: Grouping, *, unnamed: set[int], source: Source) -> Iterator[dict[str, Any]]:
    for root, members in _groups(kept, grouping, unnamed=unnamed).items():
        place = place_id(source, kept[root].source_id)
        for index in members:
            yield from _attributes.attribute_rows(kept[index], place_id=place, source=source.id)


def _notices(kept: Sequence[Element], grouping: Grouping) -> Iterator[dict[str, Any]]:
    for index in sorted(grouping.shared):
        element = kept[index]
        yield {
            "code": "classify.shared_ground",
            "subject": element.source_id,
            "message": f"{element.source_id} ({element.match.tag}) is a ground without a name that several places share: no place itself.",
            "details": {"source_id": element.source_id, "tag": element.match.tag},
        }
