# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writes on one place: add, correct, another status, merge with another, split again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from knopenkaart.errors import Fault, InputError
from knopenkaart.records import place_id as identifier_of
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places import words
from knopenkaart_web.places.changes import HUMAN_SOURCE, OPERATOR_SOURCE, Ledger, assign_areas, correct, follow_kind
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.models import Place, PlaceAttribute, PlaceSource, ReviewItem
from knopenkaart_web.places.values import FIRST_STATUSES, OPERATED, clean, decode, reason_text
from knopenkaart_web.places.writing import Write, writing


def add_place(actor: Actor, slug: str, values: Mapping[str, Any], reason: str, *, status: str = "open") -> str:
    """Add a place that no source knows; gives its identifier. Needs the role of editor.

    `values` holds properties by the names of places.values.EDITABLE; kind is required, and a point or else the place is digital.
    Its life may begin at any step but the last: a plan, an open place, an empty building.
    Raises InputError (`values.invalid`, `reason.absent`, `status.transition`).
    """
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        if status not in FIRST_STATUSES:
            raise InputError(f"A place cannot begin as {status}.", code="status.transition", remedy=f"Use {', '.join(FIRST_STATUSES)}.")
        given = clean({"kind": "", **values})
        key = uuid.uuid4()
        place = Place(id=key, study=write.study, source=HUMAN_SOURCE, source_id=str(key), kind=given["kind"], status=status)
        given |= follow_kind(place, given)
        place.archetype = given["archetype"]
        place.archetype_assumed = "archetype" not in values
        for name, value in given.items():
            setattr(place, name, value)
        assign_areas(place, write.study)
        place.save()
        PlaceSource.objects.create(study=write.study, place=place, source=HUMAN_SOURCE, source_id=str(key))
        ledger = Ledger()
        ledger.born(place)
        correct(place, {name: value for name, value in given.items() if value not in (None, [])}, actor=user_of(actor), reason=why)
        place.save()
        before, after = ledger.save()
        write.log("add_place", object_type="place", object_id=key, reason=why, before=before, after=after)
        return str(key)


def correct_place(actor: Actor, slug: str, place_id: str, values: Mapping[str, Any], reason: str, *, version: int) -> None:
    """Correct properties of a place; what a human said outranks every later load. Needs the role of editor.

    Who runs the place may correct the properties of places.values.OPERATED. `version` is that of the place as it was shown. Raises
    ConflictError where it was changed since, InputError for values.
    """
    with writing(actor, slug, "operator", at=place_id) as write:
        why = reason_text(reason)
        given = clean(values)
        if write.role == "operator":
            _refuse_what_is_not_theirs(given)
        place = present(write, place_id)
        if place.version != version:
            raise ConflictError("Somebody changed this place in the meantime.", code="place.conflict", remedy="Look again, then correct.")
        ledger = Ledger()
        ledger.watch(place)
        changed = {name: value for name, value in given.items() if getattr(place, name) != value}
        if not changed:
            raise InputError("Nothing was changed.", code="values.unchanged")
        if "kind" in changed:
            place.kind = changed["kind"]
            changed |= follow_kind(place, given)
        if "archetype" in changed:
            place.archetype_assumed = "archetype" not in given
        source = OPERATOR_SOURCE if write.role == "operator" else HUMAN_SOURCE
        correct(place, changed, actor=user_of(actor), reason=why, source=source)
        if {"lon", "lat"} & changed.keys():
            assign_areas(place, write.study)
        before, after = ledger.save()
        write.log("correct_place", object_type="place", object_id=place.pk, reason=why, before=before, after=after)


def change_status(actor: Actor, slug: str, place_id: str, status: str, reason: str) -> None:
    """Take a place to its next step: planned, open, vacant or closed, as the vocabulary lets them follow. Needs the role of editor.

    Raises InputError (`status.transition`) for a step that cannot follow.
    """
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        place = present(write, place_id)
        ledger = Ledger()
        ledger.watch(place)
        take_status(place, status, actor=user_of(actor), reason=why)
        ledger.close(
            _open_items(write, place).filter(topic="gone"),
            "accepted" if status == "closed" else "rejected",
            actor=user_of(actor),
            reason=why,
        )
        before, after = ledger.save()
        write.log("change_status", object_type="place", object_id=place.pk, reason=why, before=before, after=after)


def merge_places(actor: Actor, slug: str, keep: str, gone: str, reason: str) -> None:
    """Two places are one: `gone` goes into `keep`, whose empty properties it fills. Needs the role of editor."""
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        kept, absorbed = present(write, keep), present(write, gone)
        ledger = Ledger()
        merge_into(write, ledger, kept, absorbed, reason=why)
        before, after = ledger.save()
        write.log("merge_places", object_type="place", object_id=kept.pk, reason=why, before=before, after=after)


def split_place(actor: Actor, slug: str, place_id: str, source: str, source_id: str, reason: str) -> str:
    """A record turns out to be a place of its own: it leaves the place it was put in, and the pair never comes back as duplicates.

    `source` and `source_id` name the record (queries.place_sources). Gives the identifier of the place that is loose now.
    Needs the role of editor.
    """
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        place = present(write, place_id)
        record = PlaceSource.objects.filter(
            Q(place=place) | Q(place__merged_into=place), study=write.study, source=source, source_id=source_id
        ).first()
        if record is None:
            raise unknown("record")
        ledger = Ledger()
        ledger.watch(place)
        loose = _loosen(write, ledger, place, record)
        item = ReviewItem.objects.create(study=write.study, topic="duplicate", place=place, other=loose, details={"reasons": []})
        ledger.close([item], "rejected", actor=user_of(actor), reason=why)
        before, after = ledger.save()
        before["sources"] = {f"{source}|{source_id}": str(place.pk)} if record.place_id != loose.pk else {}
        if before["sources"]:
            record.place = loose
            record.save(update_fields=["place"])
        write.log("split_place", object_type="place", object_id=place.pk, reason=why, before=before, after=after)
        return str(loose.pk)


def merge_into(write: Write, ledger: Ledger, kept: Place, absorbed: Place, *, reason: str) -> None:
    """The merging itself, for whoever merges inside a larger write."""
    if kept.pk == absorbed.pk:
        raise InputError("A place cannot be merged into itself.", code="merge.same")
    if kept.confidential and not absorbed.confidential:
        raise InputError("The place that visitors see must be the one that stays.", code="merge.confidential")
    ledger.watch(kept, absorbed)
    chain = list(Place.objects.filter(study=write.study, merged_into=absorbed))
    ledger.watch(*chain)
    for place in (absorbed, *chain):
        place.merged_into = kept
    fill_empty(kept, absorbed)
    for part in Place.objects.filter(study=write.study, part_of=absorbed.pk).exclude(pk=kept.pk):
        ledger.watch(part)
        part.part_of = kept.pk
    waiting = _open_items(write, absorbed)
    pair = waiting.filter(topic="duplicate").filter(Q(place=kept) | Q(other=kept))
    ledger.close(pair, "accepted", actor=user_of(write.actor), reason=reason)
    ledger.close(_open_items(write, absorbed), "withdrawn", actor=user_of(write.actor), reason=reason)


def fill_empty(kept: Place, absorbed: Place) -> None:
    """What only the absorbed place knew, its keeper knows from now on; what only confidential sources know stays with them."""
    if absorbed.confidential and not kept.confidential:
        return
    names = ("name", "phone", "email", "website", "opening_hours", "wheelchair", "operator", "description")
    for name in names:
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(absorbed, name))
    if kept.street is None and absorbed.street is not None:
        for name in ("street", "housenumber", "postcode", "city"):
            setattr(kept, name, getattr(absorbed, name))


def take_status(place: Place, status: str, *, actor: Any, reason: str) -> None:
    """The step itself, for whoever takes it inside a larger write."""
    known = words.vocabulary().statuses
    if status not in known or status not in known[place.status].next:
        raise InputError(f"After {place.status} comes no {status}.", code="status.transition")
    correct(place, {"status": status}, actor=actor, reason=reason)


def _loosen(write: Write, ledger: Ledger, place: Place, record: PlaceSource) -> Place:
    if record.place_id != place.pk:
        loose = write.place(record.place_id)
        ledger.watch(loose)
        loose.merged_into = None
        return loose
    if PlaceSource.objects.filter(place=place).count() < 2:
        raise InputError("This place has one record only.", code="split.single")
    return _from_record(write, ledger, place, record)


def _from_record(write: Write, ledger: Ledger, place: Place, record: PlaceSource) -> Place:
    """A new place out of the values of one record; where the record says nothing, kind and point are those of the place it was in."""
    key = uuid.UUID(identifier_of(record.source, record.source_id))
    if Place.objects.filter(pk=key).exists():
        key = uuid.uuid4()
    rows = list(PlaceAttribute.objects.filter(place=place, source=record.source, source_id=record.source_id).exclude(origin="human"))
    known = {row.name: decode(row.name, row.value) for row in rows if not row.confidential}
    loose = Place(id=key, study=write.study, source=record.source, source_id=record.source_id, kind=known.get("kind") or place.kind)
    loose.archetype, loose.functions = place.archetype, list(known.get("functions") or place.functions)
    columns = {item.name for item in Place._meta.concrete_fields} - {"id", "source", "source_id"}
    for name in ("lon", "lat", "status", "small_spot", "municipality_code", "wijk_code", "buurt_code", "area_year", "last_verified"):
        setattr(loose, name, getattr(place, name))
    for name, value in known.items():
        if name in columns and value is not None:
            setattr(loose, name, value)
    # Nothing open is known of it: it is as hidden as its record.
    loose.confidential = bool(rows) and all(row.confidential for row in rows)
    assign_areas(loose, write.study)
    loose.save()
    PlaceAttribute.objects.filter(pk__in=[row.pk for row in rows]).update(place=loose)
    ledger.born(loose)
    return loose


def _refuse_what_is_not_theirs(given: Mapping[str, Any]) -> None:
    """What a place is and where is for the municipality to say: that decides what is counted, and who can walk there."""
    faults = [
        Fault(code="values.editors_only", message="Only an editor can change this.", column=name) for name in given if name not in OPERATED
    ]
    if faults:
        raise InputError("Only an editor can change this.", code="values.editors_only", faults=faults)


def present(write: Write, place_id: str) -> Place:
    """A place of the study that was not merged into another, nor taken off the map."""
    place = write.place(place_id)
    if place.merged_into_id or place.removed:
        raise ConflictError("This place was merged or removed.", code="place.absent", remedy="Look again.")
    return place


def _open_items(write: Write, place: Place) -> Any:
    return ReviewItem.objects.filter(Q(place=place) | Q(other=place), study=write.study, state="open")


def user_of(actor: Actor) -> Any:
    """The account behind an actor, or None."""
    return actor if getattr(actor, "is_authenticated", False) else None
