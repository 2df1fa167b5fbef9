# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forgetting what need not be kept, as freshness.retention says."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from knopenkaart_web.accounts import operators as accounts
from knopenkaart_web.accounts.models import ALL_STUDIES, User
from knopenkaart_web.audit import log
from knopenkaart_web.freshness import knocks, retention
from knopenkaart_web.freshness.models import Knock, MailLink, Operator, Reaction, Reminder, Reply
from knopenkaart_web.places.keeping import months_before


def forget_old(now: datetime) -> dict[str, int]:
    """Forget what is older than retention.RETENTION allows; gives how many of what. The system's own action, told in numbers only."""
    with transaction.atomic():
        told = {
            "invitations": _delete(Operator.objects.filter(state="invited", invited_at__lt=_before(now, retention.UNANSWERED))),
            "operators": _operators(_before(now, retention.ENDED)),
            "links": _delete(MailLink.objects.filter(expires__lt=_before(now, retention.LINKS))),
            "reminders": _delete(Reminder.objects.filter(sent__lt=_before(now, retention.REMINDERS))),
            "addresses": _addresses(_before(now, retention.UNDECIDED)),
            "reactions": _delete(Reaction.objects.exclude(state="open").filter(decided_at__lt=_before(now, retention.DECIDED))),
            "replies": _delete(Reply.objects.filter(visible=False, hidden_at__lt=_before(now, retention.HIDDEN))),
            "knocks": _delete(Knock.objects.filter(at__lt=now - knocks.HOUR)),
        }
        if any(told.values()):
            log.write("forget_old", actor=log.SYSTEM, role="system", study=ALL_STUDIES, object_type="freshness", object_id="*", after=told)
    return told


def _before(now: datetime, months: int) -> datetime:
    day: date = months_before(timezone.localdate(now), months)
    return timezone.make_aware(datetime.combine(day, time()))


def _delete(rows: object) -> int:
    _all, by_model = rows.delete()  # type: ignore[attr-defined]
    return int(by_model.get(rows.model._meta.label, 0))  # type: ignore[attr-defined]


def _operators(ended_before: datetime) -> int:
    """Who ran a place; where it was their last one, their account goes with them."""
    rows = Operator.objects.filter(state="ended", ended_at__lt=ended_before)
    users = set(rows.exclude(user=None).values_list("user_id", flat=True))
    count = _delete(rows)
    for user in User.objects.filter(pk__in=users - set(Operator.objects.filter(user__in=users).values_list("user_id", flat=True))):
        accounts.forget_account(user)
    return count


def _addresses(created_before: datetime) -> int:
    """Addresses to answer to: of what nobody decided on in time, and of answers that did not go out."""
    rows = Reaction.objects.exclude(email="").filter(created__lt=created_before)
    return int(rows.update(email=""))
