# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which role somebody has in a study, and the one check that every write begins with."""

from __future__ import annotations

from typing import Any, Literal

from django.core.exceptions import PermissionDenied

from knopenkaart_web.accounts.models import ALL_STUDIES, Membership, Ownership

Role = Literal["visitor", "operator", "editor", "manager", "system"]
_RANK: dict[str, int] = {"visitor": 0, "operator": 1, "editor": 2, "manager": 3, "system": 4}

# A user, Django's AnonymousUser, or None: the system itself (the command line).
Actor = Any


def role(actor: Actor, study_slug: str) -> Role:
    """The highest role of somebody in a study. None is the system; whoever is not logged in, or no longer active, is a visitor."""
    if actor is None:
        return "system"
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return "visitor"
    if actor.is_superuser:
        return "manager"
    roles = Membership.objects.filter(user_id=actor.pk, study_slug__in=[study_slug, ALL_STUDIES]).values_list("role", flat=True)
    held = set(roles)
    return "manager" if "manager" in held else "editor" if "editor" in held else "visitor"


def allowed(actor: Actor, study_slug: str, wanted: Role) -> bool:
    """Whether somebody has a role, or a higher one, in a study."""
    return _RANK[role(actor, study_slug)] >= _RANK[wanted]


def require(actor: Actor, study_slug: str, wanted: Role) -> Role:
    """The role of somebody in a study. Raises PermissionDenied where it is lower than the wanted one."""
    found = role(actor, study_slug)
    if _RANK[found] < _RANK[wanted]:
        raise PermissionDenied(f"This needs the role {wanted} in {study_slug}.")
    return found


def role_at(actor: Actor, study_slug: str, place_id: object) -> Role:
    """The role of somebody at one place: as in its study, or `operator` for who runs the place and is otherwise a visitor."""
    found = role(actor, study_slug)
    if found != "visitor" or not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return found
    owns = Ownership.objects.filter(user_id=actor.pk, study_slug=study_slug, place_id=str(place_id)).exists()
    return "operator" if owns else "visitor"


def allowed_at(actor: Actor, study_slug: str, place_id: object, wanted: Role = "operator") -> bool:
    """Whether somebody has a role, or a higher one, at one place."""
    return _RANK[role_at(actor, study_slug, place_id)] >= _RANK[wanted]


def require_at(actor: Actor, study_slug: str, place_id: object, wanted: Role = "operator") -> Role:
    """The role of somebody at one place. Raises PermissionDenied where it is lower than the wanted one."""
    found = role_at(actor, study_slug, place_id)
    if _RANK[found] < _RANK[wanted]:
        raise PermissionDenied(f"This needs the role {wanted} at this place.")
    return found


def actor_name(actor: Actor) -> str:
    """How an actor stands in the audit trail."""
    if actor is None:
        return "system"
    return actor.get_username() if getattr(actor, "is_authenticated", False) else "visitor"
