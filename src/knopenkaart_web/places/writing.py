# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame of every write: permission, one transaction in which the study is locked, exactly one event, a new revision."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from knopenkaart_web.accounts.permissions import Actor, Role, actor_name, require, require_at
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.places.one_event import OneEvent, place_key


@dataclass
class Write(OneEvent):
    """A write that is going on."""

    actor: Actor

    def place(self, place_id: object) -> Place:
        """A place of the study, to be changed. Raises UnknownError."""
        found = Place.objects.filter(study=self.study, pk=place_key(place_id)).first()
        if found is None:
            raise unknown("place")
        return found


@contextmanager
def writing(actor: Actor, slug: str, wanted: Role, *, at: object | None = None) -> Iterator[Write]:
    """Begin a write on a study: checks the role first, then locks. Writes on one study wait for one another.

    With `at`, a place, who runs that place has the role of operator; only then may `wanted` be that role.
    """
    found = require(actor, slug, wanted) if at is None else require_at(actor, slug, place_key(at), wanted)
    with transaction.atomic():
        study = Study.objects.select_for_update().filter(slug=slug).first()
        if study is None:
            raise unknown("study")
        write = Write(actor_name(actor), found, study, actor)
        yield write
        finish(write)


def finish(write: Write) -> None:
    """End a write: it must have told what it did; from now on the reads make their index anew."""
    if write.event is None:
        raise RuntimeError("A write without an event.")
    write.study.revision += 1
    write.study.stamp = uuid.uuid4()
    write.study.save(update_fields=["revision", "stamp"])
