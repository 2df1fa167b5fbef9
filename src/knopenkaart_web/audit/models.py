# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of events: one row for each thing that was done. Rows are added, and never changed or removed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnlyError(Exception):
    """Somebody tried to change or remove what happened."""


class EventQuerySet(models.QuerySet["Event"]):
    """Events can be read and added."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Events are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Events are never removed.")


class Event(models.Model):
    """What was done: by whom in which role, to what, why, and the values before and after.

    The actor is kept as a name without a foreign key: an account may go, what it did may not.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    study = models.CharField(max_length=80, blank=True)
    object_type = models.CharField(max_length=30)
    object_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["study", "object_type", "object_id"], name="event_object"),
            models.Index(fields=["study", "action"], name="event_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnlyError("Events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Events are never removed.")
