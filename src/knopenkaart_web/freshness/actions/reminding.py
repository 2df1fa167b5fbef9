# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking who runs a place whether it is still right, and taking the answer: right, changed, or gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from knopenkaart import opening_hours
from knopenkaart_web.audit import log
from knopenkaart_web.freshness import links, mails
from knopenkaart_web.freshness.actions.entering import LinkError
from knopenkaart_web.freshness.actions.reactions import change_own_place
from knopenkaart_web.freshness.lookup import find, unanswered
from knopenkaart_web.freshness.models import Operator, Reminder
from knopenkaart_web.freshness.views_data import ReminderRow
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.places.noting import noting_by_link

REMINDER_VALID = timedelta(days=60)
# Who leaves so many unanswered is left in peace, until an editor has spoken to them or they log in.
REMINDERS_UNANSWERED = 3


def remind(now: datetime, *, dry_run: bool = False) -> list[ReminderRow]:
    """Mail everybody who runs a place that wants looking at; gives whom (and with `dry_run` only that). The system's own action.

    Each mail is one write with one event. A place that was merged or taken off the map, or is closed, asks nothing.
    """
    return [told for row in _due(now) if (told := _row(row) if dry_run else _remind(row, now)) is not None]


def answer_right(secret: str) -> None:
    """All that is known of the place is right. Raises LinkError, PermissionDenied where they run it no more."""
    row, slug, place_id = _look(secret)
    with transaction.atomic():
        _take(row, "right_at")
        places.confirm_place(row.operator.user, slug, place_id)


def answer_gone(secret: str) -> None:
    """The place is there no more: an editor decides. Raises as answer_right."""
    row, slug, place_id = _look(secret)
    with transaction.atomic():
        _take(row, "gone_at")
        places.report_gone(row.operator.user, slug, place_id)


def answer_edited(secret: str, values: Mapping[str, Any], proposed: Mapping[str, Any], remark: str, *, version: int) -> None:
    """Something of the place changed. Raises as answer_right, and as change_own_place."""
    row, slug, place_id = _look(secret)
    with transaction.atomic():
        _take(row, "edited_at")
        change_own_place(row.operator.user, slug, place_id, values, proposed, remark, version=version)


def stop_reminders(secret: str) -> None:
    """No more reminders about this place. Works however old the mail is."""
    row = find(secret)
    if row is None:
        raise LinkError("There is no such link.", code="link.unknown")
    with noting_by_link(f"reminder {row.pk}", row.operator.study.slug, None) as note:
        Operator.objects.filter(pk=row.operator_id, no_mail_at=None).update(no_mail_at=timezone.now())
        note.log("stop_reminders", object_type="operator", object_id=row.operator_id)


def _due(now: datetime) -> list[Operator]:
    """Who runs a place that was not looked at for too long, was not reminded lately or too often, and takes mail."""
    stale = months_before(timezone.localdate(now), settings.FRESH_MONTHS)
    rows = Operator.objects.select_related("study", "place", "user").filter(state="active", no_mail_at=None, user__is_active=True)
    rows = rows.filter(place__merged_into=None, place__removed=False, place__confidential=False).exclude(place__status="closed")
    quiet_since = now - timedelta(weeks=settings.REMIND_WEEKS)
    return [
        row
        for row in rows.order_by("pk")
        if (row.place.last_verified is None or row.place.last_verified < stale)
        and (row.reminded_at is None or row.reminded_at <= quiet_since)
        and unanswered(row) < REMINDERS_UNANSWERED
    ]


def _remind(row: Operator, now: datetime) -> ReminderRow | None:
    """One mail; None where another process was first, or the mail did not go out."""
    secret, digest = links.new_secret()
    with transaction.atomic():
        if not Operator.objects.filter(pk=row.pk, reminded_at=row.reminded_at).update(reminded_at=now):
            return None
        made = Reminder.objects.create(operator=row, digest=digest, sent=now, expires=now + REMINDER_VALID)
        log.write("remind", actor=log.SYSTEM, role="system", study=row.study.slug, object_type="operator", object_id=row.pk)
    try:
        _mail(row, secret)
    except mails.MailError as error:
        made.delete()
        # An address that does not exist is not tried again; a server that is away is, after the usual weeks.
        gone = {"no_mail_at": now} if error.code == "mail.refused" else {}
        Operator.objects.filter(pk=row.pk).update(mail_failed_at=now, **gone)
        return replace(_row(row), sent=False)
    Operator.objects.filter(pk=row.pk).update(mail_failed_at=None)
    return _row(row)


def _mail(row: Operator, secret: str) -> None:
    urls = {answer: links.address("answer", secret, path, language=row.language) for answer, path in PATHS.items()}
    hours = opening_hours.weekly(row.place.opening_hours, lon=row.place.lon, lat=row.place.lat, holidays=False)
    about = {"place": row.place, "study": row.study, "name": row.name, "hours": hours, "days": REMINDER_VALID.days}
    shown = {f"{name}_url": url for name, url in urls.items()}
    mails.send("reminder", row.email, about | shown, language=row.language, stop_url=urls["stop"])


# The last part of an address, for each answer.
PATHS: Mapping[str, str] = {"right": "klopt", "edit": "aanpassen", "gone": "weg", "stop": "geen-mail"}


def _row(row: Operator) -> ReminderRow:
    return ReminderRow(
        operator=row.pk, study=row.study.slug, place_id=str(row.place_id), place=row.place.name or row.place.kind,
        last_verified=row.place.last_verified, sent=True,
    )  # fmt: skip


def _look(secret: str) -> tuple[Reminder, str, str]:
    row = find(secret)
    if row is None or row.operator.state != "active":
        raise LinkError("There is no such link.", code="link.unknown")
    return row, row.operator.study.slug, str(row.operator.place_id)


def _take(row: Reminder, answer: str) -> None:
    """Each answer once, and in time; of two who press at once one is first."""
    now = timezone.now()
    if row.expires <= now:
        raise LinkError("This link is too old.", code="link.expired")
    if not Reminder.objects.filter(pk=row.pk, **{answer: None}).update(**{answer: now}):
        raise LinkError("This was answered already.", code="link.used")
