# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people say is wrong with a place: sent by anybody, decided on by an editor, answered by mail where an address was left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.freshness import links, mails
from knopenkaart_web.freshness.models import LANGUAGES, TEXT_LENGTH, Operator, Reaction
from knopenkaart_web.freshness.views_data import PROPOSABLE, TOPICS
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.actions.place import user_of
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.models import Place
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.places.values import FIRST_STATUSES, clean, plain

# What waits at one place, and in one study: beyond that somebody plays, and editors have enough to read.
WAITING_PER_PLACE, WAITING_PER_STUDY = 20, 1000
_STATUSES = (*FIRST_STATUSES, "closed")


def react(actor: Actor, slug: str, place_id: object, *, topic: str, text: str, email: str = "", language: str = "nl") -> int:
    """Say what is wrong with a place; gives the number of the reaction. For everybody.

    Raises InputError (`reaction.invalid`, with a fault per field; `reaction.too_many`).
    """
    with noting(actor, slug, place_id, "visitor") as note:
        place = _open_place(note)
        values = _clean(topic, text, email, language)
        _refuse_too_many(note, place)
        row = Reaction.objects.create(study=note.study, place=place, **values)
        note.log("react", object_type="reaction", object_id=row.pk, after={"place": str(place.pk), "topic": row.topic})
        return row.pk


def propose(actor: Actor, slug: str, place_id: object, proposed: Mapping[str, Any], remark: str = "") -> int:
    """Ask an editor to change what only an editor may change: name, kind, address, status. Needs the role of operator at the place.

    Raises InputError (`reaction.invalid`, `values.invalid`, `reaction.too_many`).
    """
    with noting(actor, slug, place_id) as note:
        place, text = _open_place(note), plain(remark)[:TEXT_LENGTH]
        wanted = _proposed(proposed)
        if not wanted and not text:
            raise InputError("Nothing was asked.", code="reaction.invalid")
        _refuse_too_many(note, place)
        asker = Operator.objects.filter(place=place, user=user_of(actor), state="active").first() if user_of(actor) else None
        answer_to = {"email": asker.email, "language": asker.language} if asker else {}
        asked = {"topic": "proposal", "text": text, "proposed": wanted, "by_operator": True}
        row = Reaction.objects.create(study=note.study, place=place, **asked, **answer_to)
        note.log("propose", object_type="reaction", object_id=row.pk, after={"place": str(place.pk), "fields": sorted(wanted)})
        return row.pk


def change_own_place(
    actor: Actor, slug: str, place_id: str, values: Mapping[str, Any], proposed: Mapping[str, Any], remark: str, *, version: int
) -> None:
    """Two writes that stand or fall together: what who runs a place may change, and what they ask an editor to change.

    Raises InputError (`values.unchanged`) where it is neither, and as places.actions.correct_place and propose.
    """
    if not values and not proposed and not plain(remark):
        raise InputError("Nothing was changed.", code="values.unchanged")
    with transaction.atomic():
        if values:
            places.correct_place(actor, slug, place_id, values, _("Changed by who runs the place"), version=version)
        if proposed or plain(remark):
            propose(actor, slug, place_id, proposed, remark)


def accept_reaction(actor: Actor, slug: str, reaction_id: int, answer: str = "") -> None:
    """What was said is so; the correction itself is another write. Needs the role of editor. Raises ConflictError, MailError."""
    _decide(actor, slug, reaction_id, "accepted", answer)


def reject_reaction(actor: Actor, slug: str, reaction_id: int, answer: str) -> None:
    """What was said is not so; `answer` says why. Needs the role of editor. Raises as accept_reaction, and InputError (`reason.absent`)."""
    _decide(actor, slug, reaction_id, "rejected", answer)


def _decide(actor: Actor, slug: str, reaction_id: int, state: str, answer: str) -> None:
    with noting(actor, slug, None, "editor") as note:
        row = Reaction.objects.select_related("place", "study").filter(study=note.study, pk=reaction_id).first()
        if row is None:
            raise unknown("reaction")
        if row.state != "open":
            raise ConflictError("This was decided already.", code="item.decided")
        said = plain(answer)[:TEXT_LENGTH]
        if state == "rejected" and not said:
            fault = Fault(code="reason.absent", message="Say why.", column="answer")
            raise InputError("Say why.", code="reason.absent", faults=[fault])
        row.state, row.answer, row.decided_by, row.decided_at = state, said, user_of(actor), timezone.now()
        row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        action = "accept_reaction" if state == "accepted" else "reject_reaction"
        note.log(action, object_type="reaction", object_id=row.pk, after={"place": str(row.place_id)})
    if row.email:
        _mail(row)


def _mail(row: Reaction) -> None:
    """The answer; the address goes once it is on its way. Where the mail fails it stays until retention takes it, and an editor is told."""
    url = links.address("place", row.study.slug, row.place_id, language=row.language)
    about = {"place": row.place, "study": row.study, "accepted": row.state == "accepted", "answer": row.answer, "url": url}
    about["by_operator"] = row.by_operator
    mails.send("answer", row.email, about, language=row.language)
    Reaction.objects.filter(pk=row.pk).update(email="")


def _open_place(note: Note) -> Place:
    if note.place is None or note.place.confidential:
        raise unknown("place")
    return note.place


def _refuse_too_many(note: Note, place: Place) -> None:
    waiting = Reaction.objects.filter(study=note.study, state="open")
    if waiting.filter(place=place).count() >= WAITING_PER_PLACE or waiting.count() >= WAITING_PER_STUDY:
        raise InputError("Too much waits for an editor already.", code="reaction.too_many", remedy="Try again later.")


def _clean(topic: str, text: str, email: str, language: str) -> dict[str, Any]:
    said, address = plain(text), plain(email)
    faults = []
    if topic not in TOPICS:
        faults.append(Fault(code="values.choice", message="Choose what is wrong.", column="topic"))
    if len(said) > TEXT_LENGTH:
        faults.append(Fault(code="values.long", message="This text is too long.", column="text"))
    if not said and topic != "closed":
        faults.append(Fault(code="reaction.empty", message="Say what is wrong.", column="text"))
    try:
        if address:
            validate_email(address)
    except ValidationError:
        faults.append(Fault(code="values.email", message="Write an e-mail address.", column="email"))
    if len(address) > 254:
        faults.append(Fault(code="values.long", message="This text is too long.", column="email"))
    if faults:
        raise InputError("Some values cannot be used.", code="reaction.invalid", faults=faults)
    return {"topic": topic, "text": said, "email": address, "language": language if language in LANGUAGES else "nl"}


def _proposed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what may be asked for, checked as a correction is; a status is one of the vocabulary's."""
    strange = [name for name in given if name not in PROPOSABLE]
    if strange or given.get("status") not in (None, *_STATUSES):
        raise InputError("This cannot be asked.", code="reaction.invalid")
    cleaned = clean({name: value for name, value in given.items() if name != "status"})
    return cleaned | ({"status": given["status"]} if given.get("status") else {})
