# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Accounts, the roles they have in a study, and failed attempts to log in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

ALL_STUDIES = "*"
_SALT = "knopenkaart.accounts.login"


class User(AbstractUser):
    """An account. What it may do follows from its memberships; Django's own permissions are not used."""


class Membership(models.Model):
    """A role in one study, or in all (`*`). By slug: a role may be given before the study is loaded."""

    class Role(models.TextChoices):
        EDITOR = "editor", "editor"
        MANAGER = "manager", "manager"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    study_slug = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "study_slug"], name="one_role_per_study"),
            models.CheckConstraint(condition=models.Q(role__in=["editor", "manager"]), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.study_slug}"


class Ownership(models.Model):
    """Somebody runs a place: the operator, who may change what is written about that one place. By identifier: places come and go."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ownerships")
    study_slug = models.CharField(max_length=80)
    place_id = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "study_slug", "place_id"], name="owned_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.study_slug} {self.place_id}"


def digest(text: str) -> str:
    """What a name or an address is compared by."""
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def name_digest(name: str) -> str:
    """The digest of a name, however it was written."""
    return digest(name.casefold())


class LoginAttempt(models.Model):
    """A failed attempt to log in; kept for as long as it counts. Name and address are digests: a mistyped name may be a password."""

    name_digest = models.CharField(max_length=64, db_index=True)
    address_digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
