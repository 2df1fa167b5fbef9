# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files with counts, series, bookings or indicators that somebody sent: read, looked at, brought in, and taken back."""
# ruff: noqa: D106, RUF012 - Django reads these inner classes

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from knopenkaart_web.places.models.place import Place
from knopenkaart_web.places.models.study import Study


class FigureFile(models.Model):
    """One such file, of one place, or of a study where `place` is empty (a series of several places, or indicators of its areas).

    `content` is kept until the file is brought in or thrown away; of bookings without what it says of persons, once it was read. `found` is
    what was read, `brought` by what an import is known again when it is taken back.
    """

    class Kind(models.TextChoices):
        COUNTS = "counts", "counts"
        SERIES = "series", "series"
        BOOKINGS = "bookings", "bookings"
        INDICATORS = "indicators", "indicators"

    class State(models.TextChoices):
        SENT = "sent", "sent"
        READ = "read", "read"
        REFUSED = "refused", "refused"
        IN = "in", "in"
        UNDONE = "undone", "undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="figure_files")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="figure_files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    week = models.DateField(null=True)
    how = models.CharField(max_length=8, default="entering")
    columns = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    refusal = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.SENT)
    brought = models.JSONField(default=dict)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["study", "place", "state"], name="figure_file_of_place")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["counts", "series", "bookings", "indicators"]), name="known_figure_file_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["sent", "read", "refused", "in", "undone"]), name="known_figure_file_state"
            ),
        ]

    def __str__(self) -> str:
        return self.filename
