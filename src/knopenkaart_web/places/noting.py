# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame of writes about a place that leave the inventory as it is: permission, one transaction, exactly one event.

Unlike `writing` it locks no study and makes no new revision: what phones and visitors send must not wait for one another, nor make every
page of the map anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from knopenkaart_web.accounts.permissions import Actor, Role, actor_name, require, require_at
from knopenkaart_web.audit import log
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place, Study


@dataclass
class Note:
    """A write that is going on, at a place or, without one, in the study as a whole."""

    by: str
    role: str
    study: Study
    place: Place | None
    event: Event | None = None
    quiet: bool = False

    def leave_no_event(self) -> None:
        """Let this write stand without an event: one of many small ones, whose clock times would tell who came when (decision 0018)."""
        self.quiet = True

    def log(
        self,
        action: str,
        *,
        object_type: str,
        object_id: object,
        reason: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> Event:
        """Add the one event of this write. `before` and `after` must hold no count of people and no answer: the trail is for ever."""
        if self.event is not None:
            raise RuntimeError("A write has one event.")
        self.event = log.write(
            action,
            actor=self.by,
            role=self.role,
            study=self.study.slug,
            object_type=object_type,
            object_id=object_id,
            reason=reason,
            before=before,
            after=after,
        )
        return self.event


@contextmanager
def noting(actor: Actor, slug: str, place_id: object | None, wanted: Role = "operator") -> Iterator[Note]:
    """Begin a write by somebody with a role at a place, or in the study where `place_id` is None. Raises UnknownError, PermissionDenied."""
    key = None if place_id is None else _key(place_id)
    found = require(actor, slug, wanted) if key is None else require_at(actor, slug, key, wanted)
    with _note(actor_name(actor), found, slug, key) as note:
        yield note


@contextmanager
def noting_by_link(link: str, slug: str, place_id: object | None) -> Iterator[Note]:
    """Begin a write by whoever holds a link that the caller has checked; `link` names it in the trail, never its secret."""
    with _note(link, "visitor", slug, None if place_id is None else _key(place_id)) as note:
        yield note


@contextmanager
def _note(by: str, role: str, slug: str, key: UUID | None) -> Iterator[Note]:
    with transaction.atomic():
        study = Study.objects.filter(slug=slug).first()
        if study is None:
            raise unknown("study")
        place = None
        if key is not None:
            place = Place.objects.filter(study=study, pk=key, merged_into=None, removed=False).first()
            if place is None:
                raise unknown("place")
        note = Note(by, role, study, place)
        yield note
        if note.event is None and not note.quiet:
            raise RuntimeError("A write without an event.")


def _key(place_id: object) -> UUID:
    try:
        return place_id if isinstance(place_id, UUID) else UUID(str(place_id))
    except ValueError:
        raise unknown("place") from None
