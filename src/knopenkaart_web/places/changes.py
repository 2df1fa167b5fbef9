# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a write changes in places: taken down before and after, so that every event can be shown and undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from knopenkaart_web.places import words
from knopenkaart_web.places.errors import ConflictError
from knopenkaart_web.places.geometry import contains
from knopenkaart_web.places.models import Area, Place, PlaceAttribute, ReviewItem, Study
from knopenkaart_web.places.values import EDITABLE, decode, encode

HUMAN_SOURCE = "human"
# Where the human runs the place.
OPERATOR_SOURCE = "operator"
TRACKED: tuple[str, ...] = (
    *EDITABLE,
    "status",
    "archetype_assumed",
    "small_spot",
    "digital",
    "neighbour",
    "municipality_code",
    "wijk_code",
    "buurt_code",
    "area_year",
    "last_verified",
    "merged_into_id",
    "removed",
    "missing",
)
# Columns whose database type is not that of JSON.
_UUIDS = frozenset({"part_of", "merged_into_id"})

State = dict[str, dict[str, Any]]


@dataclass
class Ledger:
    """The places and review items that a write touches, as they were when it began to touch them."""

    states: dict[str, State] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    def watch(self, *places: Place) -> None:
        """Take down places before they are changed."""
        for place in places:
            self.places.setdefault(str(place.pk), place)
            self.states.setdefault(str(place.pk), state_of(place))

    def born(self, place: Place) -> None:
        """A place that this write makes: before it, it was removed."""
        self.places[str(place.pk)] = place
        self.states[str(place.pk)] = {"columns": {"removed": True}, "human": {}}

    def close(self, items: Iterable[ReviewItem], state: str, *, actor: Any, reason: str) -> None:
        """Decide items of the queue as part of this write."""
        for item in items:
            self.items.setdefault(str(item.pk), item.state)
            item.state = state
            item.decided_by = actor
            item.decided_at = timezone.now()
            item.reason = reason
            item.save(update_fields=["state", "decided_by", "decided_at", "reason"])

    def save(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Store the places with a higher version, and give what differs, before and after, for the event."""
        before: dict[str, Any] = {"places": {}}
        after: dict[str, Any] = {"places": {}}
        for key, place in self.places.items():
            old, new = self.states[key], state_of(place)
            if old["columns"].get("removed") and len(old["columns"]) == 1:
                before["places"][key], after["places"][key] = old, {"columns": {"removed": False}, "human": {}}
                continue
            changed = {part: _differing(old[part], new[part]) for part in ("columns", "human")}
            if any(changed.values()):
                place.version += 1
                place.save()
                before["places"][key] = {part: {name: old[part].get(name) for name in names} for part, names in changed.items()}
                after["places"][key] = {part: {name: new[part].get(name) for name in names} for part, names in changed.items()}
        if self.items:
            states = dict(ReviewItem.objects.filter(pk__in=self.items).values_list("pk", "state"))
            before["items"], after["items"] = dict(self.items), {str(key): state for key, state in states.items()}
        return before, after


def state_of(place: Place) -> State:
    """The tracked columns of a place and its current human values, as JSON."""
    columns = {name: _plain(getattr(place, name)) for name in TRACKED}
    rows = PlaceAttribute.objects.filter(place=place, origin="human", current=True)
    human = {row.name: {"value": row.value, "by": row.by_id, "date": _plain(row.date), "reason": row.reason} for row in rows}
    return {"columns": columns, "human": human}


def correct(place: Place, values: Mapping[str, Any], *, actor: Any, reason: str, source: str = HUMAN_SOURCE) -> None:
    """Give columns human values: they outrank every source until a human decides otherwise. The caller stores the place."""
    for name, value in values.items():
        keep_source_value(place, name)
        PlaceAttribute.objects.filter(place=place, name=name, current=True).update(current=False)
        PlaceAttribute.objects.create(
            place=place,
            name=name,
            value=encode(name, value),
            source=source,
            date=timezone.localdate(),
            origin="human",
            by=actor,
            reason=reason,
            current=True,
        )
        setattr(place, name, value)
    place.last_verified = timezone.localdate()


def keep_source_value(place: Place, name: str) -> None:
    """Before a first correction: what the source said is kept, to show it and to see whether the source changes later."""
    value = encode(name, getattr(place, name))
    if value and not PlaceAttribute.objects.filter(place=place, name=name).exists():
        PlaceAttribute.objects.create(
            place=place,
            name=name,
            value=value,
            source=place.source,
            source_id=place.source_id,
            date=place.last_verified,
            origin="assumed" if name == "archetype" and place.archetype_assumed else "harvest",
        )


def drop_correction(place: Place, name: str, value: Any) -> None:
    """Let the source's value of a column hold again. The caller stores the place."""
    rows = PlaceAttribute.objects.filter(place=place, name=name)
    rows.filter(current=True).update(current=False)
    row = rows.exclude(origin="human").filter(value=encode(name, value)).first() or rows.exclude(origin="human").first()
    if row is not None:
        row.current = True
        row.save(update_fields=["current"])
    setattr(place, name, value)


def follow_kind(place: Place, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new kind brings along where nobody said otherwise: functions, archetype, whether it is small or digital."""
    kind = words.kind(place.kind)
    if kind is None:
        return {}
    implied = {"functions": list(kind.functions), "archetype": kind.archetype}
    place.small_spot, place.digital = kind.small_spot, kind.digital
    return {name: value for name, value in implied.items() if name not in given}


def assign_areas(place: Place, study: Study) -> None:
    """The areas around a place that was given a point by hand; outside all of them it is a neighbour."""
    if place.lon is None or place.lat is None:
        place.digital = True
        return
    place.digital = False
    around = Area.objects.filter(study=study, west__lte=place.lon, east__gte=place.lon, south__lte=place.lat, north__gte=place.lat)
    codes = {area.level: area.code for area in around if contains(area.geojson, place.lon, place.lat)}
    place.municipality_code, place.wijk_code, place.buurt_code = (codes.get(level) for level in ("municipality", "wijk", "buurt"))
    place.area_year = study.area_year
    place.neighbour = not codes


def restore(write_study: Study, before: Mapping[str, Any], after: Mapping[str, Any], ledger: Ledger) -> None:
    """Put places and items back as they were before an event. Raises ConflictError where something changed since."""
    for key, new in after.get("places", {}).items():
        place = Place.objects.get(study=write_study, pk=UUID(key))
        ledger.watch(place)
        present = ledger.states[key]
        for part in ("columns", "human"):
            stale = [name for name, value in new[part].items() if present[part].get(name) != value]
            if stale:
                raise ConflictError(f"{', '.join(stale)} changed since.", code="undo.changed_since", remedy="Correct the place instead.")
        old = before["places"][key]
        for name, value in old["columns"].items():
            setattr(place, name, _unplain(name, value))
        for name, value in old["human"].items():
            _restore_human(place, name, value)
    for key, state in before.get("items", {}).items():
        item = ReviewItem.objects.get(study=write_study, pk=int(key))
        ledger.items.setdefault(key, item.state)
        item.state, item.decided_by, item.decided_at, item.reason = state, None, None, ""
        item.save()


def _restore_human(place: Place, name: str, value: Mapping[str, Any] | None) -> None:
    rows = PlaceAttribute.objects.filter(place=place, name=name)
    rows.filter(current=True).update(current=False)
    wanted = rows.filter(origin="human", value=value["value"]) if value else rows.exclude(origin="human")
    text = encode(name, getattr(place, name))
    row = wanted.order_by("-pk").first() if value else wanted.filter(value=text).first() or wanted.first()
    if row is not None:
        row.current = True
        row.save(update_fields=["current"])


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _unplain(name: str, value: Any) -> Any:
    if name in _UUIDS:
        return UUID(value) if value else None
    if name == "last_verified" and value:
        return date.fromisoformat(value)
    return value


def decoded(row: PlaceAttribute) -> Any:
    """The value of an attribute as its column holds it."""
    return decode(row.name, row.value)
