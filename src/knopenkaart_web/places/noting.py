# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame of writes about a place that leave the inventory as it is: permission, one transaction, exactly one event.

Unlike `writing` it locks no study and makes no new revision: what phones and visitors send must not wait for one another, nor make every
page of the map anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from knopenkaart_web.accounts.permissions import Actor, Role, actor_name, require, require_at
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.places.one_event import OneEvent, place_key


@dataclass
class Note(OneEvent):
    """A write that is going on, at a place or, without one, in the study as a whole."""

    place: Place | None
    quiet: bool = False

    def leave_no_event(self) -> None:
        """Let this write stand without an event: one of many small ones, whose clock times would tell who came when (decision 0018)."""
        self.quiet = True


@contextmanager
def noting(actor: Actor, slug: str, place_id: object | None, wanted: Role = "operator") -> Iterator[Note]:
    """Begin a write by somebody with a role at a place, or in the study where `place_id` is None. Raises UnknownError, PermissionDenied."""
    key = None if place_id is None else place_key(place_id)
    found = require(actor, slug, wanted) if key is None else require_at(actor, slug, key, wanted)
    with _note(actor_name(actor), found, slug, key) as note:
        yield note


@contextmanager
def noting_by_link(link: str, slug: str, place_id: object | None) -> Iterator[Note]:
    """Begin a write by whoever holds a link that the caller has checked; `link` names it in the trail, never its secret."""
    with _note(link, "visitor", slug, None if place_id is None else place_key(place_id)) as note:
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
