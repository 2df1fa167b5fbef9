# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who runs a place, the links that were mailed to them, what people say is wrong, and what an operator writes beside it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from knopenkaart_web.places.models import Place, Study

LANGUAGES = ("nl", "en")
NAME_LENGTH = 120
TEXT_LENGTH = 2000


class Operator(models.Model):
    """Somebody who was asked to look after what is written about a place. Who accepted has an account and a row in accounts_ownership."""

    class State(models.TextChoices):
        INVITED = "invited", "invited"
        ACTIVE = "active", "active"
        ENDED = "ended", "ended"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="operators")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="operators")
    email = models.CharField(max_length=254, blank=True, db_index=True)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    language = models.CharField(max_length=2, default="nl")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # No more reminders: asked for by the operator, or because the address does not take our mail.
    no_mail_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "email"], condition=~models.Q(state="ended"), name="operator_once_per_place"),
            models.CheckConstraint(condition=models.Q(state__in=["invited", "active", "ended"]), name="known_operator_state"),
        ]
        indexes = [models.Index(fields=["study", "place", "state"], name="operator_of_place")]

    def __str__(self) -> str:
        return f"operator {self.pk} {self.state}"


class MailLink(models.Model):
    """A link that was mailed and works once: to accept an invitation, or to log in. Of its secret only the digest is kept."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", "invitation"
        LOG_IN = "log_in", "log_in"

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, null=True, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Reminder(models.Model):
    """A mail that asked an operator whether a place is still right; each of its three answers can be given once."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="reminders")
    digest = models.CharField(max_length=64, unique=True)
    sent = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    right_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class Reaction(models.Model):
    """What somebody says is wrong with a place. `proposed` holds what an operator wants changed that only an editor may change."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        REJECTED = "rejected", "rejected"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="reactions")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="reactions")
    topic = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    proposed = models.JSONField(default=dict)
    # Kept until the reaction is decided on.
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="nl")
    by_operator = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["study", "state"], name="reaction_in_queue")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=["open", "accepted", "rejected"]), name="known_reaction_state")]

    def __str__(self) -> str:
        return f"reaction {self.pk} {self.topic} {self.state}"


class Reply(models.Model):
    """What the operator of a place writes beside what is known about it; one per place, that others may hide with a reason."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="replies")
    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="reply")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    visible = models.BooleanField(default=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Knock(models.Model):
    """A knock at a door that anybody may use; kept for an hour to see who knocks too often. Of the address only a digest of that day."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"knock {self.at:%Y-%m-%d %H:%M}"
