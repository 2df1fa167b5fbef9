# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking people to look after what is written about a place, and letting them go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts import operators as accounts
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.freshness import links, mails
from knopenkaart_web.freshness.models import LANGUAGES, NAME_LENGTH, MailLink, Operator
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.noting import Note, noting
from knopenkaart_web.places.values import plain, reason_text

INVITATION_VALID = timedelta(days=30)
OPERATORS_PER_PLACE = 20


def invite_operator(actor: Actor, slug: str, place_id: object, *, email: str, name: str = "", language: str = "nl") -> int:
    """Ask somebody by mail to look after a place; gives the number of the invitation. Needs the role of editor.

    Raises InputError (`operator.invalid`, `operator.exists`, `operator.too_many`), MailError where the mail did not go out: the
    invitation is there then, to be sent again.
    """
    with noting(actor, slug, place_id, "editor") as note:
        values = _clean(email, name, language)
        if note.place is None or note.place.confidential:
            raise unknown("place")
        present = Operator.objects.filter(place=note.place).exclude(state="ended")
        if present.filter(email=values["email"]).exists():
            raise InputError("This address was invited already.", code="operator.exists", faults=[_fault("operator.exists", "email")])
        if present.count() >= OPERATORS_PER_PLACE:
            raise InputError("Enough people run this place.", code="operator.too_many")
        row = Operator.objects.create(study=note.study, place=note.place, **values)
        secret = _invitation(row)
        note.log("invite_operator", object_type="operator", object_id=row.pk, after={"place": str(row.place_id)})
    _mail(row, secret)
    return row.pk


def invite_again(actor: Actor, slug: str, operator_id: int) -> None:
    """Send an invitation that was not accepted once more; the earlier link ends. Needs the role of editor. Raises as invite_operator."""
    with noting(actor, slug, None, "editor") as note:
        row = _row(note, operator_id)
        if row.state != "invited":
            raise ConflictError("This invitation was accepted or ended.", code="operator.decided")
        row.links.all().delete()
        row.invited_at, row.mail_failed_at = timezone.now(), None
        row.save(update_fields=["invited_at", "mail_failed_at"])
        secret = _invitation(row)
        note.log("invite_again", object_type="operator", object_id=row.pk)
    _mail(row, secret)


def end_operator(actor: Actor, slug: str, operator_id: int, reason: str) -> None:
    """Somebody runs a place no more, or need not answer the invitation. Needs the role of editor."""
    with noting(actor, slug, None, "editor") as note:
        why = reason_text(reason)
        row = _row(note, operator_id)
        _end(row)
        note.log("end_operator", object_type="operator", object_id=row.pk, reason=why, after={"place": str(row.place_id)})


def give_up_place(actor: Actor, slug: str, place_id: object) -> None:
    """Somebody stops running a place of their own accord. Needs to run it."""
    with noting(actor, slug, place_id) as note:
        row = own_row(actor, note)
        _end(row)
        note.log("give_up_place", object_type="operator", object_id=row.pk, after={"place": str(row.place_id)})


def change_reminders(actor: Actor, slug: str, place_id: object, *, wanted: bool) -> None:
    """Whether who runs a place wants to be reminded by mail. Needs to run it."""
    with noting(actor, slug, place_id) as note:
        row = own_row(actor, note)
        row.no_mail_at, row.mail_failed_at = (None, None) if wanted else (timezone.now(), row.mail_failed_at)
        row.save(update_fields=["no_mail_at", "mail_failed_at"])
        note.log("change_reminders", object_type="operator", object_id=row.pk, after={"wanted": wanted})


def own_row(actor: Actor, note: Note) -> Operator:
    """The row of whoever acts, at the place of a write. Raises PermissionDenied for others, editors too: they run it not."""
    user_id = getattr(actor, "pk", None)
    row = Operator.objects.filter(place=note.place, user_id=user_id, state="active").first() if user_id else None
    if row is None:
        raise PermissionDenied("This is for who runs the place.")
    return row


def _end(row: Operator) -> None:
    if row.state == "ended":
        raise ConflictError("This has ended already.", code="operator.decided")
    if row.user is not None:
        accounts.take_place(row.user, row.study.slug, row.place_id)
    row.links.all().delete()
    row.state, row.ended_at = "ended", timezone.now()
    row.save(update_fields=["state", "ended_at"])


def _row(note: Note, operator_id: int) -> Operator:
    row = Operator.objects.select_related("study", "place", "user").filter(study=note.study, pk=operator_id).first()
    if row is None:
        raise unknown("operator")
    return row


def _invitation(row: Operator) -> str:
    secret, digest = links.new_secret()
    MailLink.objects.create(digest=digest, purpose="invitation", operator=row, expires=timezone.now() + INVITATION_VALID)
    return secret


def _mail(row: Operator, secret: str) -> None:
    url = links.address("invitation", secret, language=row.language)
    about = {"place": row.place, "study": row.study, "name": row.name, "url": url, "days": INVITATION_VALID.days}
    try:
        mails.send("invitation", row.email, about, language=row.language)
    except mails.MailError:
        Operator.objects.filter(pk=row.pk).update(mail_failed_at=timezone.now())
        raise


def _clean(email: str, name: str, language: str) -> dict[str, Any]:
    address, called = plain(email).lower(), plain(name)
    faults = []
    try:
        validate_email(address)
    except ValidationError:
        faults.append(_fault("values.email", "email"))
    if len(address) > 254 or len(called) > NAME_LENGTH:
        faults.append(_fault("values.long", "email" if len(address) > 254 else "name"))
    if language not in LANGUAGES:
        faults.append(_fault("values.choice", "language"))
    if faults:
        raise InputError("Some values cannot be used.", code="operator.invalid", faults=faults)
    return {"email": address, "name": called, "language": language}


def _fault(code: str, column: str) -> Fault:
    return Fault(code=code, message="This cannot be used.", column=column)
