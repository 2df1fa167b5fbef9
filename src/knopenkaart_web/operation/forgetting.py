# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Removing what was kept long enough (retention.RETENTION): the system's own work, in one transaction with one event."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from knopenkaart_web.accounts.models import ALL_STUDIES
from knopenkaart_web.audit import log
from knopenkaart_web.operation import models
from knopenkaart_web.operation.retention import RETENTION
from knopenkaart_web.places.keeping import months_before


def forget_old(now: datetime | None = None) -> dict[str, int]:
    """Remove what was kept long enough; gives the number of rows of each entry."""
    with transaction.atomic():
        rows = {entry.field: _deleted(_old(entry.field, months_before(_day(now), entry.months))) for entry in RETENTION}
        if any(rows.values()):
            log.write(
                "forget_operation",
                actor=log.SYSTEM,
                role="system",
                study=ALL_STUDIES,
                object_type="operation",
                object_id="retention",
                after={"rows": rows},
            )
    return rows


def _day(now: datetime | None) -> date:
    return timezone.localtime(now or timezone.now()).date()


def _old(table: str, before: date) -> QuerySet[Any]:
    """The rows of a table that are older than a day; a year is over when it is. Of boards and volunteers the last one stays."""
    if table == models.Booking._meta.db_table:
        return models.Booking.objects.filter(ends__lt=timezone.make_aware(datetime.combine(before, time())))
    if table == models.MoneyYear._meta.db_table:
        return models.MoneyYear.objects.filter(year__lt=before.year)
    if table == models.Comparison._meta.db_table:
        return models.Comparison.objects.filter(year__lt=before.year)
    if table == models.Board._meta.db_table:
        return _but_last(models.Board.objects.filter(date__lt=before), "date")
    return _but_last(models.Volunteers.objects.filter(year__lt=before.year), "year")


def _but_last(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    last = rows.model._default_manager.values("place_id").annotate(last=Max(column))
    kept = {(row["place_id"], row["last"]) for row in last}
    old = [row.pk for row in rows if (row.place_id, getattr(row, column)) not in kept]
    return rows.filter(pk__in=old)


def _deleted(rows: QuerySet[Any]) -> int:
    number = rows.count()
    rows.delete()
    return number
