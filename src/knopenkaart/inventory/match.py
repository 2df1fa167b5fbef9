# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which records may be one place: duplicates between sources, and the places of an older build in a newer one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from knopenkaart.geo import metric_crs_of
from knopenkaart.inventory.evidence import Corpus, Subject, Verdict, compare
from knopenkaart.inventory.names import likeness, quick_likeness, words
from knopenkaart.records import Place
from knopenkaart.tables import DUPLICATES, PLACES, to_records
from knopenkaart.vocabulary.reader import Vocabulary

# How far apart two records of one place are looked for; lists that were located by postcode lie up to some 200 m off.
BLOCK_METRES = 250.0
# The same telephone number, page, address or rare name is followed further than that.
KEY_METRES = 2000.0
UNNAMED_METRES = 30.0
# A key that more places share does not single out a place (a municipality's telephone number, "Speeltuin").
LARGEST_BLOCK = 12
# First impressions (0-100) below this are not weighed: on 2,700 true pairs that costs one of them and saves three quarters of the time.
QUICK_OTHER_SOURCE, QUICK_SAME_SOURCE = 40.0, 85.0
CANDIDATE_SCORE = 0.3

LINK_METRES = 100.0
LINK_UNNAMED_METRES = 15.0
LINK_SCORE, LINK_UNNAMED_SCORE, SAME_NAME = 0.7, 0.4, 0.7
_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Link:
    """A place of an older build and the same place in a newer one."""

    old_id: str
    new_id: str
    how: Literal["same_source_id", "matched"]
    score: float


@dataclass(frozen=True, slots=True)
class _Pair:
    a: int
    b: int
    verdict: Verdict


def candidates(places: pd.DataFrame, *, vocabulary: Vocabulary) -> pd.DataFrame:
    """Pairs of places that may be one, with their score and reasons; `merged` marks those that are sure without a human.

    `places` is PLACES; returns DUPLICATES, most alike first, in which `place_a` (of the larger source) stays when the two are merged.
    The result does not depend on the order of the rows. Method: docs/method/duplicates.md.
    """
    records = sorted(to_records(PLACES.check(places), Place), key=lambda place: place.id)
    corpus = Corpus.of(records, vocabulary)
    subjects = [corpus.subject(place) for place in records]
    positions = _positions(records)
    weighed = []
    for a, b in sorted(set(_near(subjects, positions)) | set(_keyed(subjects, positions))):
        if _comparable(subjects[a].place, subjects[b].place):
            verdict = compare(subjects[a], subjects[b], corpus, distance_m=_distance(positions, a, b))
            if verdict.score >= CANDIDATE_SCORE:
                weighed.append(_Pair(a, b, verdict))
    sure = _unambiguous(weighed, records)
    sizes = Counter(place.source for place in records)
    rows = [_row(pair, records, sizes, merged=(pair.a, pair.b) in sure) for pair in weighed]
    return DUPLICATES.frame(sorted(rows, key=lambda row: (-float(str(row["score"])), str(row["place_a"]), str(row["place_b"]))))


def link(old: Sequence[Place], new: Sequence[Place], *, vocabulary: Vocabulary) -> list[Link]:
    """Which place of an older build is which place of a newer one: at most one each, independent of order.

    First the same identifier at the same source with much the same name; then, best score first, records that were given another
    identifier (OpenStreetMap made an outline of a node, a row was put into a list); then the same identifier at much the same spot
    (renamed). What has no link vanished, or is new: that is for a human.
    """
    corpus = Corpus.of([*old, *new], vocabulary)
    links = _same_identifier(old, new, lambda a, b: _same_name(a, b, corpus))
    left, right = _unlinked(old, new, links)
    links += _matched(left, right, corpus)
    left, right = _unlinked(old, new, links)
    links += _same_identifier(left, right, _same_spot)
    return sorted(links, key=lambda item: (item.old_id, item.new_id))


def _unlinked(old: Sequence[Place], new: Sequence[Place], links: Sequence[Link]) -> tuple[list[Place], list[Place]]:
    gone, come = {item.old_id for item in links}, {item.new_id for item in links}
    left = sorted((place for place in old if place.id not in gone), key=lambda place: place.id)
    return left, sorted((place for place in new if place.id not in come), key=lambda place: place.id)


def _same_identifier(old: Sequence[Place], new: Sequence[Place], plausible: Callable[[Place, Place], bool]) -> list[Link]:
    by_key = {(place.source, place.source_id): place for place in sorted(new, key=lambda place: place.id, reverse=True)}
    links = []
    for place in sorted(old, key=lambda place: place.id):
        found = by_key.get((place.source, place.source_id))
        if found is not None and plausible(place, found):
            links.append(Link(place.id, found.id, "same_source_id", 1.0))
            del by_key[place.source, place.source_id]
    return links


def _same_name(a: Place, b: Place, corpus: Corpus) -> bool:
    """Row 3 of a list is another place once a row was put in above it: an identifier alone is not believed."""
    first, second = words(a.name), words(b.name)
    if not first or not second:
        return not first and not second and a.kind == b.kind and _same_spot(a, b)
    alike = likeness(first, second, corpus.wording)
    return alike.score >= SAME_NAME and not alike.contradicted


def _same_spot(a: Place, b: Place) -> bool:
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return a.lon == b.lon and a.lat == b.lat
    return float(_EARTH.inv(a.lon, a.lat, b.lon, b.lat)[2]) <= LINK_METRES


def _matched(old: Sequence[Place], new: Sequence[Place], corpus: Corpus) -> Iterator[Link]:
    records = [*old, *new]
    subjects = [corpus.subject(place) for place in records]
    positions = _positions(records)
    scored = []
    for a, b in sorted(set(_within(positions, LINK_METRES)) | set(_keyed(subjects, positions))):
        if a < len(old) <= b and records[a].digital == records[b].digital:
            distance_m = _distance(positions, a, b)
            verdict = compare(subjects[a], subjects[b], corpus, distance_m=distance_m)
            if _is_link(subjects[a], subjects[b], verdict, distance_m):
                scored.append((-verdict.score, 0.0 if distance_m is None else distance_m, records[a].id, records[b].id))
    used: set[tuple[str, str]] = set()
    for negative, _, old_id, new_id in sorted(scored):
        if used.isdisjoint({("old", old_id), ("new", new_id)}):
            used |= {("old", old_id), ("new", new_id)}
            yield Link(old_id, new_id, "matched", -negative)


def _is_link(a: Subject, b: Subject, verdict: Verdict, distance_m: float | None) -> bool:
    if not {"other_number", "contrasting_words", "kind_other"}.isdisjoint(verdict.reasons):
        return False
    if not a.name and not b.name:
        near = distance_m is not None and distance_m <= LINK_UNNAMED_METRES
        return near and a.place.kind == b.place.kind and verdict.score >= LINK_UNNAMED_SCORE
    return verdict.score >= LINK_SCORE


def _positions(records: Sequence[Place]) -> NDArray[np.float64]:
    """x, y in metres; NaN for a place without a location."""
    result = np.full((len(records), 2), np.nan)
    located = [index for index, place in enumerate(records) if place.lon is not None and place.lat is not None and not place.digital]
    if located:
        points = gpd.GeoSeries.from_xy([records[i].lon for i in located], [records[i].lat for i in located], crs="EPSG:4326")
        projected = points.to_crs(metric_crs_of(points))
        result[located] = np.column_stack([projected.x, projected.y])
    return result


def _distance(positions: NDArray[np.float64], a: int, b: int) -> float | None:
    apart = float(np.hypot(*(positions[a] - positions[b])))
    return None if np.isnan(apart) else apart


def _within(positions: NDArray[np.float64], limit_m: float) -> Iterator[tuple[int, int]]:
    located = np.flatnonzero(~np.isnan(positions[:, 0]))
    points = np.asarray(shapely.points(positions[located]), dtype=object)
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=limit_m)
    for i, j in zip(located[first].tolist(), located[second].tolist(), strict=True):
        if i < j:
            yield i, j


def _near(subjects: Sequence[Subject], positions: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Neighbours whose names could be one, or that are of one kind and almost on one another where a name is missing."""
    pairs = list(_within(positions, BLOCK_METRES))
    texts = [" ".join(subject.name) for subject in subjects]
    quick = quick_likeness([texts[a] for a, _ in pairs], [texts[b] for _, b in pairs])
    for (a, b), alike in zip(pairs, quick, strict=True):
        one_source = subjects[a].place.source == subjects[b].place.source
        if texts[a] and texts[b]:
            if alike >= (QUICK_SAME_SOURCE if one_source else QUICK_OTHER_SOURCE):
                yield a, b
        elif not one_source and subjects[a].place.kind == subjects[b].place.kind:
            apart = _distance(positions, a, b)
            if apart is not None and apart <= UNNAMED_METRES:
                yield a, b


def _keyed(subjects: Sequence[Subject], positions: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Pairs of different sources that share a telling key, at some distance or without any location."""
    for key in _KEYS:
        blocks: dict[Hashable, list[int]] = defaultdict(list)
        for index, subject in enumerate(subjects):
            value = key(subject)
            if value:
                blocks[value].append(index)
        for block in blocks.values():
            if len(block) <= LARGEST_BLOCK:
                for a, b in combinations(block, 2):
                    apart = _distance(positions, a, b)
                    if apart is None or apart <= KEY_METRES:
                        yield a, b


_KEYS: tuple[Callable[[Subject], Hashable], ...] = (
    lambda subject: subject.phone,
    lambda subject: subject.website,
    lambda subject: subject.name,
    lambda subject: (subject.postcode, subject.housenumber) if subject.postcode and subject.housenumber else None,
    lambda subject: (subject.street, subject.housenumber) if subject.street and subject.housenumber else None,
)


def _comparable(a: Place, b: Place) -> bool:
    if a.digital != b.digital or b.id == a.part_of or a.id == b.part_of:
        return False
    if a.source != b.source:
        return True
    # One source knows its own places: two of its records are put before a human only when they carry a name.
    return bool(a.name and b.name) and not (a.small_spot or b.small_spot)


def _unambiguous(pairs: Sequence[_Pair], records: Sequence[Place]) -> set[tuple[int, int]]:
    """Sure pairs, but for those in which a place has two sure counterparts in one source that are not one place themselves."""
    sure = {(pair.a, pair.b) for pair in pairs if pair.verdict.sure}
    partners: dict[tuple[int, str], list[int]] = defaultdict(list)
    for a, b in sorted(sure):
        partners[a, records[b].source].append(b)
        partners[b, records[a].source].append(a)

    def alone(place: int, source: str) -> bool:
        return all(pair in sure for pair in combinations(sorted(partners[place, source]), 2))

    return {(a, b) for a, b in sure if alone(a, records[b].source) and alone(b, records[a].source)}


def _row(pair: _Pair, records: Sequence[Place], sizes: Mapping[str, int], *, merged: bool) -> dict[str, object]:
    kept, gone = sorted(
        (records[pair.a], records[pair.b]), key=lambda place: (-sizes[place.source], place.source, place.source_id, place.id)
    )
    return {"place_a": kept.id, "place_b": gone.id, "score": pair.verdict.score, "reasons": list(pair.verdict.reasons), "merged": merged}
