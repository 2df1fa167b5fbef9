# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a load puts before a human, without asking twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from knopenkaart.records import DuplicatePair
from knopenkaart_web.places.actions.match import Matching
from knopenkaart_web.places.actions.taken import Taken
from knopenkaart_web.places.models import Place, ReviewItem, Study

_REASONS = {"name": "name_changed", "kind": "kind_changed", "status": "status_changed", "lon": "moved", "lat": "moved"}
_BATCH = 500


class Queue:
    """The items of one load; stored together at its end."""

    def __init__(self, study: Study, *, first: bool) -> None:
        self.study = study
        self.first = first
        self.contradicted = 0
        self._items: list[ReviewItem] = []
        self._counts: Counter[str] = Counter()
        known = ReviewItem.objects.filter(study=study)
        decided = known.filter(topic="duplicate", other__isnull=False).exclude(state="withdrawn")
        self._pairs = {frozenset(pair) for pair in decided.values_list("place_id", "other_id")}
        self._open_changes = {item.place_id: item for item in known.filter(topic="changed", state="open")}

    def new(self, taken: Taken) -> None:
        """A place that the study did not have; on a first load everything is new and nothing is asked."""
        if not self.first:
            self._add("new", taken.place, {"reasons": ["new_in_source"]})

    def changed(self, taken: Taken) -> None:
        """A place of which something changed that people see, or against which the source now says something new."""
        changes = {**taken.changes, **taken.contradicted}
        if not changes or taken.place.merged_into_id or taken.place.removed:
            return
        reasons = list(dict.fromkeys(_REASONS[name] for name in taken.changes))
        if taken.contradicted:
            self.contradicted += 1
            reasons.append("contradicts_correction")
        details: dict[str, Any] = {"reasons": reasons, "changes": _json(changes), "contradicted": list(taken.contradicted)}
        waiting = self._open_changes.get(taken.place.pk)
        if waiting is None:
            self._add("changed", taken.place, details)
            return
        earlier = waiting.details.get("changes", {})
        for name, pair in details["changes"].items():
            pair[0] = earlier.get(name, pair)[0]
        waiting.details = {
            "reasons": list(dict.fromkeys([*waiting.details.get("reasons", []), *reasons])),
            "changes": {**earlier, **details["changes"]},
            "contradicted": sorted({*waiting.details.get("contradicted", []), *details["contradicted"]}),
        }
        waiting.save(update_fields=["details"])
        self._counts["changed"] += 1

    def gone(self, places: Iterable[Place]) -> None:
        """Places that vanished from their source; they stay as they are until a human decides."""
        for place in places:
            self._add("gone", place, {"reasons": ["not_in_source"]})

    def back(self, places: Iterable[Place]) -> None:
        """Places that are in their source again: there is nothing left to decide."""
        keys = [place.pk for place in places]
        ReviewItem.objects.filter(study=self.study, topic="gone", state="open", place_id__in=keys).update(state="withdrawn")

    def duplicates(self, pairs: Iterable[DuplicatePair], matching: Matching, places: Mapping[str, Place]) -> None:
        """Pairs that may be one place, unless somebody has decided on the pair, or on one of the two."""
        for pair in pairs:
            one, other = (places.get(matching.target.get(key, key)) for key in (pair.place_a, pair.place_b))
            if pair.merged or one is None or other is None or one.pk == other.pk or self.is_known(one, other):
                continue
            if any(place.merged_into_id or place.removed for place in (one, other)):
                continue
            self._pairs.add(frozenset((one.pk, other.pk)))
            self._add("duplicate", one, {"reasons": list(pair.reasons), "score": pair.score}, other)

    def is_known(self, one: Place, other: Place) -> bool:
        """Whether a pair waits already, or was decided on."""
        return frozenset((one.pk, other.pk)) in self._pairs

    def count(self, topic: str) -> int:
        """How many items of a topic this load made."""
        return self._counts[topic]

    def store(self) -> None:
        """Write the items; after the places they are about."""
        ReviewItem.objects.bulk_create(self._items, batch_size=_BATCH)

    def _add(self, topic: str, place: Place, details: dict[str, Any], other: Place | None = None) -> None:
        self._counts[topic] += 1
        other_id: UUID | None = other.pk if other else None
        self._items.append(ReviewItem(study=self.study, topic=topic, place_id=place.pk, other_id=other_id, details=details))


def _json(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    result: dict[str, list[Any]] = json.loads(json.dumps({name: list(pair) for name, pair in changes.items()}, cls=DjangoJSONEncoder))
    return result
