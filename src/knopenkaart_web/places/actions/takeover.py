# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking over what a build says of a place: all of it, except what a human said and what is confidential."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from knopenkaart.publish.confidential import without_confidential
from knopenkaart.records import Attribute
from knopenkaart.records import Place as Record
from knopenkaart_web.places import words
from knopenkaart_web.places.actions.match import Matching
from knopenkaart_web.places.actions.place import fill_empty
from knopenkaart_web.places.actions.queue import Queue
from knopenkaart_web.places.actions.taken import Taken
from knopenkaart_web.places.actions.verify import SAID_GONE
from knopenkaart_web.places.bundle import LoadBundle
from knopenkaart_web.places.changes import assign_areas
from knopenkaart_web.places.geometry import distance_m
from knopenkaart_web.places.models import Place, PlaceAttribute, ReviewItem, Study
from knopenkaart_web.places.values import decode, encode

MOVED_M = 50.0
_COLUMNS = tuple(item.name for item in fields(Record) if item.name not in {"id", "part_of", "functions"})
_WATCHED = ("kind", "name", "status")


class Takeover:
    """One load that is going on."""

    def __init__(self, study: Study, bundle: LoadBundle, matching: Matching, existing: dict[str, Place]) -> None:
        self.study = study
        self.bundle = bundle
        self.matching = matching
        self.existing = existing
        self._secret_sources = {source.id for source in bundle.sources if source.confidential}
        self._source_ids = {source.id for source in bundle.sources}
        self._said = _by_place(bundle.attributes)
        self._human = _human_values(study)
        self._earlier = _source_values(study, self._human)
        self._absorbed = _absorbed(existing)
        self._records: dict[str, Record] = {}
        self._values: dict[str, dict[str, Any]] = {}

    def place(self, record: Record) -> Taken:
        """The place that a record is, with the record's values taken over."""
        key = self.matching.target[record.id]
        known = self.existing.get(key)
        place = known or Place(id=uuid.UUID(key), study=self.study)
        taken = Taken(place=place, is_new=known is None)
        old = _snapshot(place) if known else {}
        values = self._open_values(record)
        self._records[key] = record
        self._values[key] = values
        for name, value in values.items():
            setattr(place, name, value)
        self._overlay(taken, key, values, old)
        for absorbed in self._absorbed.get(key, ()):
            fill_empty(place, absorbed)
        place.missing = False
        if known is not None and _snapshot(place) != old:
            taken.is_different = True
            place.version += 1
            taken.changes = _watched_changes(old, place)
        return taken

    def vanished(self) -> list[Place]:
        """Places that this build should have and has not, and that were not missing before."""
        seen = set(self.matching.target.values()) | {self.matching.by_key[key] for key in self.matching.seen_keys}
        expected = {place for (source, _), place in self.matching.by_key.items() if source in self._source_ids}
        result = []
        for key in sorted(expected - seen):
            place = self.existing.get(key)
            if place is not None and not (place.missing or place.removed or place.merged_into_id):
                place.missing = True
                result.append(place)
        return result

    def returned(self) -> list[Place]:
        """Places that stood in the queue as gone and are here after all; what who runs a place says of it no source takes back."""
        waiting = ReviewItem.objects.filter(study=self.study, topic="gone", state="open").values_list("place_id", "details")
        asked = [key for key, details in waiting if SAID_GONE not in details.get("reasons", [])]
        return [self.existing[str(key)] for key in asked if not self.existing[str(key)].missing]

    def absorb(self, queue: Queue) -> list[Place]:
        """Places that the engine is sure are one now: merged, unless a human had a hand in them or said that they are two."""
        result = []
        for pair in self.bundle.duplicates:
            kept, gone = (self._present(item) for item in (pair.place_a, pair.place_b))
            if not pair.merged or kept is None or gone is None or kept is gone:
                continue
            if self._human.get(str(gone.pk)) or queue.is_known(kept, gone) or (kept.confidential and not gone.confidential):
                continue
            gone.merged_into = kept
            gone.missing = False
            fill_empty(kept, gone)
            result += [kept, gone]
        return result

    def stands(self, item: Attribute) -> bool:
        """Whether a value is the one that stands in the column of its place."""
        owner = self.matching.owner(item)
        values = self._values.get(owner or "")
        if values is None:
            return False
        if item.name == "location":
            return item.value == f"{values['lon']:.7f},{values['lat']:.7f}" if values["lon"] is not None else False
        return item.name in values and encode(item.name, values[item.name]) == item.value

    def is_human(self, place_id: str, name: str) -> bool:
        """Whether a human said what a property is."""
        corrected = self._human.get(place_id, {})
        return name in corrected or (name == "location" and "lon" in corrected)

    def is_confidential(self, item: Attribute) -> bool:
        """Whether a value may not leave the municipality."""
        return item.confidential or item.source in self._secret_sources

    def source_values(self, rows: Iterable[PlaceAttribute]) -> list[PlaceAttribute]:
        """Where a human said otherwise and the source tells its value in the column only: that value, to compare the next load with."""
        told = {(str(row.place_id), row.name) for row in rows}
        result = []
        for key, names in self._human.items():
            record = self._records.get(key)
            for name in names:
                if record is None or (key, name) in told or self._values[key].get(name) in (None, []):
                    continue
                result.append(
                    PlaceAttribute(
                        place_id=uuid.UUID(key),
                        name=name,
                        value=encode(name, self._values[key][name]),
                        source=record.source,
                        source_id=record.source_id,
                        date=record.last_verified,
                        origin="harvest",
                    )
                )
        return result

    def _open_values(self, record: Record) -> dict[str, Any]:
        """The columns of a record without what only a confidential source says. Of a place that only such sources know nothing is left
        out: no visitor sees it at all."""
        said = [replace(item, confidential=self.is_confidential(item)) for item in self._said.get(record.id, [])]
        public = without_confidential(record, said) if said or record.source not in self._secret_sources else None
        shown = public or record
        values = {name: getattr(shown, name) for name in _COLUMNS}
        return values | {"functions": list(shown.functions), "part_of": self._part_of(record), "confidential": public is None}

    def _part_of(self, record: Record) -> uuid.UUID | None:
        found = self.matching.target.get(record.part_of or "")
        return uuid.UUID(found) if found else None

    def _overlay(self, taken: Taken, key: str, values: dict[str, Any], old: dict[str, Any]) -> None:
        """Put back what humans said, and note where the source now says something new against it."""
        corrections = self._human.get(key, {})
        # Who looked at a place looked at it, whatever a source says that nobody looked at since.
        dates = [day for day in (old.get("last_verified"), taken.place.last_verified) if day is not None]
        taken.place.last_verified = max(dates, default=None)
        if not corrections:
            return
        for name, value in corrections.items():
            setattr(taken.place, name, value)
            earlier, said = self._earlier.get((key, name)), encode(name, values.get(name))
            if earlier is not None and said and said != earlier and said != encode(name, value):
                taken.contradicted[name] = (value, values.get(name))
        if "archetype" in corrections:
            taken.place.archetype_assumed = bool(old["archetype_assumed"])
        kind = words.kind(taken.place.kind)
        if "kind" in corrections and kind is not None:
            taken.place.small_spot, taken.place.digital = kind.small_spot, kind.digital
        if {"lon", "lat"} & corrections.keys():
            assign_areas(taken.place, self.study)
            if not _far(taken.contradicted, taken.place, values):
                taken.contradicted = {name: pair for name, pair in taken.contradicted.items() if name not in {"lon", "lat"}}

    def _present(self, build_id: str) -> Place | None:
        key = self.matching.target.get(build_id, build_id)
        place = self.existing.get(key)
        return None if place is None or place.removed or place.merged_into_id else place


def _far(contradicted: dict[str, tuple[Any, Any]], place: Place, values: dict[str, Any]) -> bool:
    if not {"lon", "lat"} & contradicted.keys() or place.lon is None or place.lat is None or values["lon"] is None:
        return False
    return distance_m(place.lon, place.lat, values["lon"], values["lat"]) > MOVED_M


def _snapshot(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in (*_COLUMNS, "functions", "part_of", "missing", "confidential")}


def _watched_changes(old: dict[str, Any], place: Place) -> dict[str, tuple[Any, Any]]:
    changes = {name: (old[name], getattr(place, name)) for name in _WATCHED if old[name] != getattr(place, name)}
    both = None not in (old["lon"], old["lat"], place.lon, place.lat)
    if both and distance_m(old["lon"], old["lat"], place.lon or 0.0, place.lat or 0.0) > MOVED_M:
        changes |= {name: (old[name], getattr(place, name)) for name in ("lon", "lat")}
    return changes


def _absorbed(existing: dict[str, Place]) -> dict[str, list[Place]]:
    result: dict[str, list[Place]] = defaultdict(list)
    for place in existing.values():
        if place.merged_into_id:
            result[str(place.merged_into_id)].append(place)
    return dict(result)


def _by_place(attributes: Iterable[Attribute]) -> dict[str, list[Attribute]]:
    result: dict[str, list[Attribute]] = defaultdict(list)
    for item in attributes:
        result[item.place_id].append(item)
    return result


def _human_values(study: Study) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in PlaceAttribute.objects.filter(place__study=study, origin="human", current=True):
        result[str(row.place_id)][row.name] = decode(row.name, row.value)
    return dict(result)


def _source_values(study: Study, human: dict[str, dict[str, Any]]) -> dict[tuple[str, str], str]:
    """What the source said of every corrected property when we last looked."""
    rows = PlaceAttribute.objects.filter(place__study=study, place_id__in=list(human)).exclude(origin="human").order_by("-pk")
    return {(str(row.place_id), row.name): row.value for row in rows if row.name in human[str(row.place_id)]}
