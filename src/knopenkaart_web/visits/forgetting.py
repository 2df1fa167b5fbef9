# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Removing what was kept long enough (retention.RETENTION): the system's own work, in one transaction with one event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from knopenkaart_web.accounts.models import ALL_STUDIES
from knopenkaart_web.audit import log
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.visits import retention
from knopenkaart_web.visits.models import Link, Release, SeriesPoint, Session


def forget_old(now: datetime) -> dict[str, int]:
    """Remove or empty what was kept long enough; gives the number of rows of each entry."""
    today = timezone.localdate(now)
    before = {months: months_before(today, months) for months in {entry.months for entry in retention.RETENTION}}
    with transaction.atomic():
        timed = Session.objects.filter(date__lt=before[retention.TIMES], started__isnull=False)
        told = {
            "times": timed.update(started=None, ended=None, seen=None),
            "remarks": Session.objects.filter(date__lt=before[retention.REMARKS]).exclude(remark="").update(remark=""),
            "links": _delete(Link.objects.filter(expires__lt=before[retention.LINKS])),
            "sessions": _delete(Session.objects.filter(date__lt=before[retention.COUNTS])),
            "series": _delete(SeriesPoint.objects.filter(start__lt=before[retention.RELEASES])),
            "releases": _delete(Release.objects.filter(made__date__lt=before[retention.RELEASES])),
        }
        if any(told.values()):
            log.write("forget_visits", actor=log.SYSTEM, role="system", study=ALL_STUDIES, object_type="visits", object_id="*", after=told)
    return told


def _delete(rows: QuerySet[Any]) -> int:
    number = rows.count()
    rows.delete()
    return number
