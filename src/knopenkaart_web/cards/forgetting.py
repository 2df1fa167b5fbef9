# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Carrying out how long things are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from knopenkaart_web.cards import models
from knopenkaart_web.cards.retention import RETENTION
from knopenkaart_web.cards.throttle import hour_of
from knopenkaart_web.places.keeping import Keep, months_before

# The column of each table from which the months count.
_SINCE: dict[type[Model], str] = {
    models.Card: "date",
    models.ResidentAnswer: "date",
    models.ResidentPlace: "answer__date",
    models.ResidentWave: "last",
    models.FreeText: "month",
    models.SelfTally: "quarter",
    models.CardLink: "last_day",
    models.ResidentLink: "last_day",
}
_TABLES = {model._meta.db_table: model for model in _SINCE}


def forget(now: datetime) -> dict[str, int]:
    """Remove or empty all that is older than its time; gives the number of rows of each entry."""
    return {entry.field: _forget(entry, now) for entry in RETENTION}


def _forget(entry: Keep, now: datetime) -> int:
    table, _dot, column = entry.field.partition(".")
    if table == models.Sending._meta.db_table:
        return _deleted(models.Sending.objects.filter(hour__lt=hour_of(now)))
    model = _TABLES[table]
    old = model._default_manager.filter(**{f"{_SINCE[model]}__lt": months_before(timezone.localtime(now).date(), entry.months)})
    return old.exclude(**{column: ""}).update(**{column: ""}) if column else _deleted(old)


def _deleted(rows: QuerySet[Any]) -> int:
    number = rows.count()
    rows.delete()
    return number
