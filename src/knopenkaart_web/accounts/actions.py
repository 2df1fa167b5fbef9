# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Giving people accounts and roles."""

from __future__ import annotations

import re
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import ALL_STUDIES, LoginAttempt, Membership, User, name_digest
from knopenkaart_web.accounts.permissions import Actor, actor_name, require
from knopenkaart_web.audit import log

_NAME = re.compile(r"^[\w.@+-]{1,150}$")
_SLUG = re.compile(r"^[-\w]{1,80}$")
_WORDS_IN_PASSWORD = 4


def add_user(actor: Actor, name: str, role: str, study: str) -> str:
    """Make an account with a role in a study (`*`: all), and give its password, which is kept nowhere. Needs the role of manager there.

    Raises InputError (`user.name`, `user.exists`, `user.role`, `user.study`).
    """
    found = require(actor, study, "manager")
    _check(name, role, study)
    password = _password()
    with transaction.atomic():
        if User.objects.filter(username__iexact=name).exists():
            raise InputError(f"There is a {name} already.", code="user.exists", remedy="Use: knopenkaart user role, or user password.")
        user = User.objects.create_user(username=name, password=password)
        Membership.objects.create(user=user, study_slug=study, role=role)
        log.write(
            "add_user",
            actor=actor_name(actor),
            role=found,
            study=study,
            object_type="user",
            object_id=user.pk,
            after={"username": name, "role": role, "study": study},
        )
    return password


def set_role(actor: Actor, name: str, role: str | None, study: str) -> None:
    """Give an account another role in a study, or none (None). Needs the role of manager there."""
    found = require(actor, study, "manager")
    if role is not None:
        _check(name, role, study)
    with transaction.atomic():
        user = _user(name)
        row = Membership.objects.filter(user=user, study_slug=study).first()
        before = row.role if row else None
        if role is None:
            Membership.objects.filter(user=user, study_slug=study).delete()
        else:
            Membership.objects.update_or_create(user=user, study_slug=study, defaults={"role": role})
        log.write(
            "set_role",
            actor=actor_name(actor),
            role=found,
            study=study,
            object_type="user",
            object_id=user.pk,
            before={"role": before},
            after={"role": role},
        )


def renew_password(actor: Actor, name: str, password: str | None = None) -> str:
    """Give an account a new password: a generated one, or one that the installation's rules allow. Needs the role of manager everywhere.

    Its pause after wrong attempts ends. Raises InputError (`user.unknown`, `user.password`).
    """
    found = require(actor, ALL_STUDIES, "manager")
    with transaction.atomic():
        user = _user(name)
        new = password or _password()
        _set_password(user, new)
        LoginAttempt.objects.filter(name_digest=name_digest(name)).delete()
        log.write("renew_password", actor=actor_name(actor), role=found, study=ALL_STUDIES, object_type="user", object_id=user.pk, after={})
    return new


def change_own_password(user: User, password: str) -> None:
    """Give somebody the password of the own choice. Raises PermissionDenied where nobody is logged in, InputError (`user.password`)."""
    if not user.is_authenticated or not user.is_active:
        raise PermissionDenied("Log in first.")
    with transaction.atomic():
        _set_password(user, password)
        log.write("change_password", actor=actor_name(user), role="", study=ALL_STUDIES, object_type="user", object_id=user.pk)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InputError(" ".join(error.messages), code="user.password") from error
    user.set_password(password)
    user.save(update_fields=["password"])


def close_account(actor: Actor, name: str) -> None:
    """Let an account log in no more; what it did stays. Needs the role of manager everywhere."""
    found = require(actor, ALL_STUDIES, "manager")
    with transaction.atomic():
        user = _user(name)
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        log.write("close_account", actor=actor_name(actor), role=found, study=ALL_STUDIES, object_type="user", object_id=user.pk, after={})


def _user(name: str) -> User:
    user = User.objects.filter(username__iexact=name).first()
    if user is None:
        raise InputError(f"There is no {name}.", code="user.unknown")
    return user


def _check(name: str, role: str, study: str) -> None:
    if not _NAME.match(name):
        raise InputError("A name has letters, digits and . @ + - _ only.", code="user.name")
    if role not in Membership.Role.values:
        raise InputError(f"A role is one of {', '.join(Membership.Role.values)}.", code="user.role")
    if study != ALL_STUDIES and not _SLUG.match(study):
        raise InputError("Name a study by its slug, or * for all.", code="user.study")


def _password() -> str:
    """Four groups of five letters and digits that nobody confuses: 99 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(_WORDS_IN_PASSWORD))
