# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coming in by a mailed link: accepting an invitation, and logging in without a password. Each link works once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import operators as accounts
from knopenkaart_web.accounts.models import ALL_STUDIES, User
from knopenkaart_web.audit import log
from knopenkaart_web.freshness import knocks, links, mails
from knopenkaart_web.freshness.models import MailLink, Operator
from knopenkaart_web.places.noting import noting_by_link

LOG_IN_VALID = timedelta(minutes=30)
MAILS_PER_HOUR = 3


class LinkError(InputError):
    """A mailed link does not work (any more)."""


def accept_invitation(secret: str) -> User:
    """Whoever holds the link of an invitation runs the place from now on; gives the account, which is made where there is none.

    Raises LinkError (`link.unknown`, `link.used`, `link.expired`).
    """
    link = _look(secret, "invitation")
    if link.operator is None:
        raise LinkError("There is no such link.", code="link.unknown")
    row = link.operator
    with noting_by_link(f"invitation {link.pk}", row.study.slug, row.place_id) as note:
        _use(link)
        user = accounts.account_of(row.email) or accounts.make_account(row.email)
        accounts.give_place(user, note.study.slug, row.place_id)
        row.state, row.accepted_at, row.user = "active", timezone.now(), user
        row.save(update_fields=["state", "accepted_at", "user"])
        note.log("accept_invitation", object_type="operator", object_id=row.pk, after={"user": user.pk, "place": str(row.place_id)})
    return user


def mail_log_in(email: str, language: str) -> bool:
    """Mail a link to log in to who runs a place; whether it went out is for the log only: nobody may learn who is known here.

    The system's own action, done in the background, so that the page takes as long for every address.
    """
    address = email.strip().lower()
    user = accounts.account_of(address)
    if user is None or knocks.is_too_often("mail log in", address, most=MAILS_PER_HOUR):
        return False
    secret, digest = links.new_secret()
    with transaction.atomic():
        link = MailLink.objects.create(digest=digest, purpose="log_in", user=user, expires=timezone.now() + LOG_IN_VALID)
        log.write("mail_log_in", actor=log.SYSTEM, role="system", study=ALL_STUDIES, object_type="user", object_id=user.pk)
    url = links.address("mail_login_link", secret, language=language)
    try:
        mails.send("log_in", address, {"url": url, "minutes": LOG_IN_VALID.seconds // 60}, language=language)
    except mails.MailError:
        link.delete()
        return False
    return True


def log_in_by_link(secret: str) -> User:
    """The account that a mailed link opens, once. Raises LinkError, also where the account became that of an editor or was closed."""
    link = _look(secret, "log_in")
    with transaction.atomic():
        _use(link)
        user = accounts.account_of(link.user.email) if link.user else None
        if user is None or user.pk != link.user_id:
            raise LinkError("There is no such link.", code="link.unknown")
        log.write("log_in_by_link", actor=user.get_username(), role="", study=ALL_STUDIES, object_type="user", object_id=user.pk)
    return user


def _look(secret: str, purpose: str) -> MailLink:
    link = MailLink.objects.select_related("operator__study", "user").filter(digest=links.digest_of(secret) or "", purpose=purpose).first()
    if link is None:
        raise LinkError("There is no such link.", code="link.unknown")
    if link.used is not None or (link.operator is not None and link.operator.state != Operator.State.INVITED):
        raise LinkError("This link was used already.", code="link.used")
    if link.expires <= timezone.now():
        raise LinkError("This link is too old.", code="link.expired")
    return link


def _use(link: MailLink) -> None:
    """Of two who press at once one is first."""
    now = timezone.now()
    if not MailLink.objects.filter(pk=link.pk, used=None, expires__gt=now).update(used=now):
        raise LinkError("This link was used already.", code="link.used")
