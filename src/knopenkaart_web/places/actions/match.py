# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which record of a build is which place of the database: by what the sources call it, then by the links of the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from knopenkaart.records import Attribute, Place
from knopenkaart_web.places import models
from knopenkaart_web.places.bundle import LoadBundle

Key = tuple[str, str]
Strings = Mapping[str, str]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Matching:
    """The records of a build with the place each one is. `target` goes from identifiers of the build to those of the database."""

    records: list[Place]
    target: Mapping[str, str]
    by_key: Mapping[Key, str]
    new_keys: Mapping[Key, str]
    seen_keys: frozenset[Key]

    def owner(self, attribute: Attribute) -> str | None:
        """The place that a value belongs to: that of its own record, which a human may have split off, else that of its place."""
        return self.by_key.get((attribute.source, attribute.source_id)) or self.target.get(attribute.place_id)


def match(study: models.Study, bundle: LoadBundle, existing: Mapping[str, models.Place]) -> Matching:
    """Match a build with what the database has. A place is the target of one record at most; a second record is a place of its own."""
    by_key: dict[Key, str] = {
        (source, source_id): str(place)
        for source, source_id, place in models.PlaceSource.objects.filter(study=study).values_list("source", "source_id", "place_id")
    }
    links = {link.new_id: link.old_id for link in bundle.links if link.old_id in existing}
    keys = _keys(bundle)
    target: dict[str, str] = {}
    claimed: set[str] = set()
    # Two rounds: whoever is known by its own name goes before whoever is known through a link or a second record.
    for candidates in (_own, _other):
        for record in bundle.places:
            if record.id in target:
                continue
            found = next((item for item in candidates(record, keys[record.id], by_key, links, existing) if item not in claimed), None)
            if found is not None:
                target[record.id] = found
                claimed.add(found)
    elsewhere = _in_other_studies(study, [record.id for record in bundle.places if record.id not in target])
    for record in bundle.places:
        key = str(uuid5(UUID(record.id), study.slug)) if record.id in elsewhere else record.id
        if record.id not in target and key not in claimed:
            target[record.id] = key
            claimed.add(key)
    records = [record for record in bundle.places if record.id in target]
    new_keys = {key: target[record.id] for record in records for key in keys[record.id] if key not in by_key}
    seen = frozenset(key for record in records for key in keys[record.id])
    return Matching(records, target, {**by_key, **new_keys}, new_keys, seen)


def _in_other_studies(study: models.Study, identifiers: Sequence[str]) -> set[str]:
    """Identifiers that another study uses: neighbouring municipalities see the same places, and each keeps its own record of them."""
    others = models.Place.objects.exclude(study=study)
    parts = (identifiers[start : start + _BATCH] for start in range(0, len(identifiers), _BATCH))
    return {str(found) for part in parts for found in others.filter(pk__in=part).values_list("pk", flat=True)}


def _keys(bundle: LoadBundle) -> dict[str, list[Key]]:
    """What the sources call each record: its own key first, then those of the records that the engine merged into it."""
    result: dict[str, dict[Key, None]] = defaultdict(dict)
    for record in bundle.places:
        result[record.id][(record.source, record.source_id)] = None
    for item in bundle.attributes:
        if item.place_id in result and item.source_id and item.origin != "assumed":
            result[item.place_id][(item.source, item.source_id)] = None
    return {key: list(found) for key, found in result.items()}


def _own(record: Place, keys: list[Key], by_key: Mapping[Key, str], links: Strings, existing: Mapping[str, object]) -> list[str]:
    return [by_key[keys[0]]] if keys[0] in by_key else []


def _other(
    record: Place, keys: list[Key], by_key: Mapping[Key, str], links: Mapping[str, str], existing: Mapping[str, object]
) -> list[str]:
    linked = [links[record.id]] if record.id in links else []
    same = [record.id] if record.id in existing else []
    return [*linked, *same, *(by_key[key] for key in keys[1:] if key in by_key)]
