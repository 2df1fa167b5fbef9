# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Accounts of people who run a place: made without a password, known by their e-mail address. For the actions of freshness, which tell."""

from __future__ import annotations

import secrets
from uuid import UUID

from knopenkaart_web.accounts.models import Membership, Ownership, User

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def account_of(email: str) -> User | None:
    """The account that a mailed link may open for an address: one that runs places. Never one of an editor or a manager."""
    found = User.objects.filter(email__iexact=email, is_active=True, is_superuser=False).exclude(email="")
    return found.exclude(pk__in=Membership.objects.values("user_id")).order_by("pk").first()


def make_account(email: str) -> User:
    """An account without a password. Its name tells nothing of the person: names stay in the audit trail."""
    name = "beheerder-" + "".join(secrets.choice(_LETTERS) for _ in range(8))
    user = User(username=name, email=email)
    user.set_unusable_password()
    user.save()
    return user


def give_place(user: User, study_slug: str, place_id: UUID) -> None:
    """From now on somebody runs a place."""
    Ownership.objects.get_or_create(user=user, study_slug=study_slug, place_id=place_id)


def take_place(user: User, study_slug: str, place_id: UUID) -> None:
    """From now on somebody runs a place no more."""
    Ownership.objects.filter(user=user, study_slug=study_slug, place_id=place_id).delete()


def forget_account(user: User) -> None:
    """Of somebody who runs nothing any more only a name without meaning stays."""
    if Ownership.objects.filter(user=user).exists() or Membership.objects.filter(user=user).exists() or user.is_superuser:
        return
    User.objects.filter(pk=user.pk).update(email="", first_name="", last_name="", is_active=False)
