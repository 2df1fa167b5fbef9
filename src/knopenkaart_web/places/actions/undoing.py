# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Undoing what an event did, as a new event: history is never edited."""

from __future__ import annotations

from uuid import UUID

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.audit import queries as audit
from knopenkaart_web.places.changes import Ledger, restore
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.models import PlaceAttribute, PlaceSource
from knopenkaart_web.places.queries.review import UNDOABLE
from knopenkaart_web.places.values import reason_text
from knopenkaart_web.places.writing import Write, writing


def undo(actor: Actor, slug: str, event_id: int, reason: str) -> None:
    """Put back what one event changed, if nothing of it was changed since. Needs the role of editor.

    Raises ConflictError (`undo.changed_since`, `undo.done`), InputError (`undo.never`) for what cannot be undone.
    """
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        event = audit.event(event_id)
        if event is None or event.study != slug:
            raise unknown("event")
        if event.action not in UNDOABLE:
            raise InputError("This cannot be undone.", code="undo.never")
        earlier = audit.events(study=slug, object_type="place", object_id=event.object_id)
        if any(other.action == "undo" and other.after.get("undone") == event.id for other in earlier):
            raise ConflictError("This was undone already.", code="undo.done")
        ledger = Ledger()
        restore(write.study, event.before, event.after, ledger)
        _sources(write, event.before.get("sources", {}))
        before, after = ledger.save()
        after["undone"] = event.id
        write.log("undo", object_type="place", object_id=event.object_id, reason=why, before=before, after=after)


def _sources(write: Write, sources: dict[str, str]) -> None:
    """Records that a split took along, with what they say, go back to their place."""
    for key, place_id in sources.items():
        source, _, source_id = key.partition("|")
        record = PlaceSource.objects.get(study=write.study, source=source, source_id=source_id)
        rows = PlaceAttribute.objects.filter(place_id=record.place_id, source=source, source_id=source_id).exclude(origin="human")
        rows.update(place_id=UUID(place_id))
        PlaceSource.objects.filter(pk=record.pk).update(place_id=UUID(place_id))
