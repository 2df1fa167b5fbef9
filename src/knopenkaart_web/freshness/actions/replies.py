# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The right of reply: who runs a place writes beside what is said of it; an editor may hide that, with a reason that stays."""

from __future__ import annotations

from django.utils import timezone

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.freshness.actions.operators import own_row
from knopenkaart_web.freshness.models import TEXT_LENGTH, Reply
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.places.values import plain, reason_text


def write_reply(actor: Actor, slug: str, place_id: object, text: str) -> None:
    """Write beside what is known of one's own place; what stood there before goes. Needs to run the place.

    Raises InputError (`reply.invalid`).
    """
    with noting(actor, slug, place_id) as note:
        own_row(actor, note)
        said = plain(text)
        if not said or len(said) > TEXT_LENGTH:
            code = "values.long" if said else "reply.empty"
            raise InputError("Write a text.", code="reply.invalid", faults=[Fault(code=code, message="Write a text.", column="text")])
        values = {"study": note.study, "text": said, "by": actor, "at": timezone.now()}
        fresh = {"visible": True, "hidden_at": None, "hidden_reason": ""}
        row, _made = Reply.objects.update_or_create(place=note.place, defaults=values | fresh)
        note.log("write_reply", object_type="reply", object_id=row.pk, after=_where(note))


def withdraw_reply(actor: Actor, slug: str, place_id: object) -> None:
    """Take one's own reply away. Needs to run the place."""
    with noting(actor, slug, place_id) as note:
        own_row(actor, note)
        row = _row(note)
        note.log("withdraw_reply", object_type="reply", object_id=row.pk, after=_where(note))
        row.delete()


def hide_reply(actor: Actor, slug: str, place_id: object, reason: str) -> None:
    """Show a reply no more; who wrote it sees why. Needs the role of editor. Raises InputError (`reason.absent`)."""
    with noting(actor, slug, place_id, "editor") as note:
        why, row = reason_text(reason), _row(note)
        row.visible, row.hidden_at, row.hidden_reason = False, timezone.now(), why
        row.save(update_fields=["visible", "hidden_at", "hidden_reason"])
        note.log("hide_reply", object_type="reply", object_id=row.pk, reason=why, after=_where(note))


def show_reply(actor: Actor, slug: str, place_id: object, reason: str) -> None:
    """Show a hidden reply again. Needs the role of editor. Raises InputError (`reason.absent`)."""
    with noting(actor, slug, place_id, "editor") as note:
        why, row = reason_text(reason), _row(note)
        row.visible, row.hidden_at, row.hidden_reason = True, None, ""
        row.save(update_fields=["visible", "hidden_at", "hidden_reason"])
        note.log("show_reply", object_type="reply", object_id=row.pk, reason=why, after=_where(note))


def _row(note: Note) -> Reply:
    row = Reply.objects.filter(place=note.place).first()
    if row is None:
        raise unknown("reply")
    return row


def _where(note: Note) -> dict[str, str]:
    return {"place": str(note.place.pk) if note.place else ""}
