# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who has which role."""

from __future__ import annotations

from dataclasses import dataclass

from knopenkaart_web.accounts.models import Membership, User


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Somebody with a role in a study."""

    username: str
    role: str
    study: str
    active: bool


def members(study: str) -> list[MemberRow]:
    """Who has a role in a study, or in all of them."""
    rows = Membership.objects.select_related("user").filter(study_slug__in=[study, "*"]).order_by("user__username", "study_slug")
    return [MemberRow(username=row.user.get_username(), role=row.role, study=row.study_slug, active=row.user.is_active) for row in rows]


def has_user(name: str) -> bool:
    """Whether there is an account of this name."""
    return User.objects.filter(username__iexact=name).exists()
