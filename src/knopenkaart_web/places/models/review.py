# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a human should decide or has decided: the queue, the selection of kinds, and imports that wait."""
# ruff: noqa: D106, RUF012 - Django reads these inner classes

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from knopenkaart_web.places.models.place import Place
from knopenkaart_web.places.models.study import Study


class ReviewItem(models.Model):
    """One thing to decide. A pair that was rejected as a duplicate stays here, so that it never comes back."""

    class Topic(models.TextChoices):
        NEW = "new", "new"
        CHANGED = "changed", "changed"
        GONE = "gone", "gone"
        DUPLICATE = "duplicate", "duplicate"

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        REJECTED = "rejected", "rejected"
        WITHDRAWN = "withdrawn", "withdrawn"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="review_items")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="review_items")
    other = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["study", "state", "topic"], name="item_in_queue")]

    def __str__(self) -> str:
        return f"{self.topic} {self.place_id} {self.state}"


class KindSelection(models.Model):
    """A municipality's own choice whether a kind counts as a social node; without a row the vocabulary's default holds."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="kind_selections")
    kind = models.CharField(max_length=60)
    counts = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.counts}"


class SavedMapping(models.Model):
    """Which column of a list means what, kept for the next list of the same form."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="saved_mappings")
    name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="one_mapping_per_name")]

    def __str__(self) -> str:
        return self.name


class ImportDraft(models.Model):
    """A list that somebody sent and has not confirmed yet; it goes when it is confirmed or refused."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="import_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    ready = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.filename
