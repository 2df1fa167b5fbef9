# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Records that are surely one place become one place; every value keeps its source, and every merge can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from knopenkaart.tables import ATTRIBUTES, DECISIONS, DUPLICATES, PLACES

RANKS: Mapping[str, int] = {"human": 3, "list": 2, "harvest": 1, "assumed": 0}
# Columns that only make sense together: a street of one source with the house number of another is an address that does not exist.
SINGLE = ("name", "status", "phone", "email", "website", "opening_hours", "wheelchair", "operator", "description")
ADDRESS = ("street", "housenumber", "postcode", "city")
GROUPS = (("kind", "functions", "archetype", "archetype_assumed", "small_spot"), ADDRESS, *((name,) for name in SINGLE))
RECORDED = ("kind", *ADDRESS, *SINGLE)
# A record that is not listed as a candidate of every member of a group, with at least this score, does not join the group.
CHAIN_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class Originals:
    """The tables as they were before the merge, so that it can be undone to the letter."""

    places: pd.DataFrame
    attributes: pd.DataFrame
    decisions: pd.DataFrame
    duplicates: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Merged:
    """The tables after the merge.

    In `duplicates` exactly the pairs that became one place are marked as merged (those that the guard against chains refused are not);
    the other pairs, which are for a human, name only places that still exist.
    """

    places: pd.DataFrame
    attributes: pd.DataFrame
    decisions: pd.DataFrame
    duplicates: pd.DataFrame
    kept: Mapping[str, str]
    originals: Originals


def merge(places: pd.DataFrame, attributes: pd.DataFrame, decisions: pd.DataFrame, duplicates: pd.DataFrame) -> Merged:
    """Make one place of each group of records that `duplicates` marks as sure.

    The place that stays keeps its identifier, location and source. Each other property comes from the record whose value ranks
    highest (human over list over harvest, then the newest); an address and a kind are taken whole. All attributes of all records
    stay, each with its own source and source_id. `kept` says for each record that is gone into which place it went.
    """
    places, attributes, decisions, duplicates = (
        table.check(frame)
        for table, frame in ((PLACES, places), (ATTRIBUTES, attributes), (DECISIONS, decisions), (DUPLICATES, duplicates))
    )
    kept = _groups(duplicates, places)
    rows = {str(row["id"]): row for row in _rows(places)}
    known = _by_place(attributes)
    members = defaultdict(list)
    for place_id in rows:
        members[kept.get(place_id, place_id)].append(place_id)
    together = {stays: sorted(ids, key=lambda item: (item != stays, item)) for stays, ids in members.items() if len(ids) > 1}
    added = [row for ids in together.values() for place_id in ids for row in _unrecorded(rows[place_id], known[place_id])]
    for stays, ids in together.items():
        rows[stays] = _one(stays, [rows[place_id] for place_id in ids], known)
    result = [{**row, "part_of": _new_parent(row, kept)} for place_id, row in rows.items() if place_id not in kept]
    return Merged(
        places=PLACES.frame(result),
        attributes=ATTRIBUTES.frame(
            {**row, "place_id": kept.get(str(row["place_id"]), row["place_id"])} for row in [*_rows(attributes), *added]
        ),
        decisions=_decided(decisions, kept),
        duplicates=_marked(duplicates, kept),
        kept=kept,
        originals=Originals(places, attributes, decisions, duplicates),
    )


def unmerge(merged: Merged, *, kept_ids: Iterable[str] | None = None) -> Merged:
    """Undo merges: all, or only those into the places `kept_ids`. Undoing all restores every table to the letter."""
    undone = set(merged.kept.values()) if kept_ids is None else set(kept_ids)
    original = merged.originals
    joined = _joined(original.duplicates, {gone: stays for gone, stays in merged.kept.items() if stays not in undone})
    sure = original.duplicates["merged"].astype(bool)
    return merge(original.places, original.attributes, original.decisions, original.duplicates.assign(merged=sure & joined))


def _groups(duplicates: pd.DataFrame, places: pd.DataFrame) -> dict[str, str]:
    """Which record goes into which place. Sure pairs are joined transitively, unless two members of the group contradict one another."""
    source = dict(zip(places["id"], places["source"], strict=True))
    rows = list(zip(duplicates["place_a"], duplicates["place_b"], duplicates["score"], duplicates["merged"], strict=True))
    scores = {frozenset((a, b)): (float(score), bool(sure)) for a, b, score, sure in rows}
    group: dict[str, set[str]] = {}
    stays: dict[str, str] = {}
    for a, b, _, sure in sorted(rows, key=lambda row: (-float(row[2]), row[0], row[1])):
        if not sure or a not in source or b not in source:
            continue
        first, second = group.setdefault(a, {a}), group.setdefault(b, {b})
        if first is second or not all(_agree(scores.get(frozenset((x, y))), source[x] == source[y]) for x in first for y in second):
            continue
        winner = stays.get(a, a)
        first |= second
        for member in first:
            group[member], stays[member] = first, winner
    return {member: winner for member, winner in stays.items() if member != winner}


def _agree(found: tuple[float, bool] | None, one_source: bool) -> bool:
    """Two records of one source are one place only when that very pair is sure; of two sources also when it is likely."""
    return found is not None and (found[1] or (not one_source and found[0] >= CHAIN_SCORE))


def _by_place(attributes: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(attributes):
        found[str(row["place_id"])].append(row)
    return found


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.astype(object).to_dict("records")]


def _unrecorded(place: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Values of a record that no attribute carries yet: without them its part of the merged place could not be taken apart again."""
    named = {row["name"] for row in known}
    origin = max((str(row["origin"]) for row in known), key=lambda item: RANKS.get(item, 0), default="harvest")
    base = {"place_id": place["id"], "source": place["source"], "source_id": place["source_id"], "date": place["last_verified"]}
    confidential = any(bool(row["confidential"]) for row in known)
    return [
        {**base, "name": name, "value": value, "origin": origin, "confidential": confidential}
        for name, value in _values(place)
        if name not in named
    ]


def _values(place: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The attributes of a record as classify writes them: functions follow from the kind, two coordinates are one location."""
    for name in RECORDED:
        if not _missing(place[name]):
            yield name, str(place[name])
    if not place["archetype_assumed"]:
        yield "archetype", str(place["archetype"])
    if not _missing(place["lon"]) and not _missing(place["lat"]):
        yield "location", f"{place['lon']:.7f},{place['lat']:.7f}"


def _one(stays: str, members: Sequence[Mapping[str, Any]], known: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    result = dict(next(row for row in members if row["id"] == stays))
    for columns in GROUPS:
        holders = [row for row in members if any(not _missing(row[name]) for name in columns)]
        if holders:
            # max keeps the first of equals: the place that stays.
            best = max(holders, key=lambda row: _rank(row, columns, known[str(row["id"])]))
            result.update({name: best[name] for name in columns})
    located = next((row for row in members if not _missing(row["lon"])), None)
    if _missing(result["lon"]) and located is not None:
        result.update(
            {name: located[name] for name in ("lon", "lat", "municipality_code", "wijk_code", "buurt_code", "area_year", "neighbour")}
        )
    dates = [row["last_verified"] for row in members if not _missing(row["last_verified"])]
    parents = [row["part_of"] for row in members if not _missing(row["part_of"]) and row["part_of"] != stays]
    return {**result, "last_verified": max(dates, default=None), "part_of": parents[0] if parents else None}


def _rank(row: Mapping[str, Any], columns: Sequence[str], known: Sequence[Mapping[str, Any]]) -> tuple[int, date]:
    found = [(RANKS.get(str(item["origin"]), 0), item["date"] or date.min) for item in known if item["name"] in columns]
    fallback = max((RANKS.get(str(item["origin"]), 0) for item in known), default=RANKS["harvest"])
    return max(found, default=(fallback, row["last_verified"] or date.min))


def _new_parent(row: Mapping[str, Any], kept: Mapping[str, str]) -> Any:
    if _missing(row["part_of"]) or row["part_of"] not in kept:
        return row["part_of"]
    parent = kept[row["part_of"]]
    return None if parent == row["id"] else parent


def _decided(decisions: pd.DataFrame, kept: Mapping[str, str]) -> pd.DataFrame:
    result = decisions.copy()
    gone = result["place_id"].isin(list(kept))
    result.loc[gone, "outcome"] = "merged"
    result.loc[gone, "reason"] = "duplicate"
    result.loc[gone, "place_id"] = result.loc[gone, "place_id"].map(dict(kept))
    return DECISIONS.check(result)


def _joined(duplicates: pd.DataFrame, kept: Mapping[str, str]) -> pd.Series[bool]:
    first, second = (duplicates[name].map(lambda item: kept.get(item, item)) for name in ("place_a", "place_b"))
    return first == second


def _marked(duplicates: pd.DataFrame, kept: Mapping[str, str]) -> pd.DataFrame:
    joined = _joined(duplicates, kept)
    ends = {
        name: duplicates[name].where(joined, duplicates[name].map(lambda item: kept.get(item, item))) for name in ("place_a", "place_b")
    }
    result = duplicates.assign(merged=joined, **ends)
    pairs = pd.Series(
        [frozenset(pair) for pair in zip(result["place_a"], result["place_b"], strict=True)], index=result.index, dtype=object
    )
    # Two records of one place may both resemble a third: the likelier says it once.
    order = result["score"].sort_values(ascending=False, kind="stable").index
    return DUPLICATES.check(result[~pairs.loc[order].duplicated().reindex(result.index)])


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, (list, tuple, dict)) and bool(pd.isna(value)))
