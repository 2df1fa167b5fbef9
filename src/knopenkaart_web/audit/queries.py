# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knopenkaart_web.audit.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """One event as it was written."""

    id: int
    at: datetime
    actor: str
    role: str
    action: str
    study: str
    object_type: str
    object_id: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


def events(*, study: str, object_type: str | None = None, object_id: str | None = None, limit: int = 500) -> list[EventRecord]:
    """The events of a study (or of one thing in it), newest first."""
    found = Event.objects.filter(study=study).order_by("-id")
    if object_type is not None:
        found = found.filter(object_type=object_type)
    if object_id is not None:
        found = found.filter(object_id=object_id)
    return [_record(event) for event in found[:limit]]


def event(event_id: int) -> EventRecord | None:
    """One event, or None."""
    found = Event.objects.filter(pk=event_id).first()
    return _record(found) if found else None


def _record(row: Event) -> EventRecord:
    return EventRecord(
        id=row.pk,
        at=row.at,
        actor=row.actor,
        role=row.role,
        action=row.action,
        study=row.study,
        object_type=row.object_type,
        object_id=row.object_id,
        reason=row.reason,
        before=row.before,
        after=row.after,
    )
