# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Checking a password, with a pause after too many wrong ones, whichever form or page asks."""

from __future__ import annotations

import ipaddress
import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from knopenkaart_web.accounts.models import ALL_STUDIES, LoginAttempt, User, digest, name_digest
from knopenkaart_web.audit import log

logger = logging.getLogger(__name__)


class LimitedBackend(ModelBackend):
    """Django's own check of a password; refuses without looking when a name or an address has failed too often lately."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        address = client_address(request)
        _refuse_who_is_paused(username, address)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        with transaction.atomic():
            _remember(username, address, failed=user is None)
            _tell("log_in" if user else "log_in_failed", user or User.objects.filter(username=username).first())
        return user


def is_own_password(request: HttpRequest, user: User, password: str) -> bool:
    """Whether somebody who is logged in knows the own password: who sits at an open screen may not guess it either.

    Wrong attempts count with those to log in. Raises PermissionDenied where there were too many.
    """
    name, address = user.get_username(), client_address(request)
    _refuse_who_is_paused(name, address)
    right = user.check_password(password)
    with transaction.atomic():
        _remember(name, address, failed=not right)
        if not right:
            _tell("change_password_failed", user)
    return right


def _refuse_who_is_paused(username: str, address: str) -> None:
    if is_paused(username, address):
        logger.warning("Log-in refused for now: too many wrong attempts, last from %r", address)
        raise PermissionDenied("Too many attempts.")


def _remember(username: str, address: str, *, failed: bool) -> None:
    if failed:
        LoginAttempt.objects.create(name_digest=name_digest(username), address_digest=digest(address))
        logger.warning("Log-in failed, from %r", address)
    else:
        LoginAttempt.objects.filter(name_digest=name_digest(username)).delete()


def _tell(action: str, user: User | None) -> None:
    """An event about an account that exists; a name that nobody has may be a password that was typed in the wrong field."""
    if user is not None:
        log.write(action, actor=user.get_username(), role="", study=ALL_STUDIES, object_type="user", object_id=user.pk)


def is_paused(username: str, address: str) -> bool:
    """Whether a name from an address, a name, or an address has failed so often in the last quarter that it must wait.

    A name from wherever may fail more often than from one address: whoever knows a name must not be able to keep its owner out from one
    place. What is older is forgotten.
    """
    since = timezone.now() - timedelta(minutes=settings.LOGIN_PAUSE_MINUTES)
    LoginAttempt.objects.filter(at__lt=since).delete()
    recent = LoginAttempt.objects.filter(at__gte=since)
    of_name, of_address = recent.filter(name_digest=name_digest(username)), recent.filter(address_digest=digest(address))
    if of_name.filter(address_digest=digest(address)).count() >= settings.LOGIN_ATTEMPTS:
        return True
    if of_name.count() >= settings.LOGIN_ATTEMPTS_PER_NAME:
        return True
    return bool(address) and of_address.count() >= settings.LOGIN_ATTEMPTS_PER_ADDRESS


def client_address(request: HttpRequest | None) -> str:
    """The address of the visitor. What a proxy says is believed only where the proxy is one of TRUSTED_PROXIES."""
    if request is None:
        return ""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if _is_trusted(address):
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        return next((hop for hop in reversed(hops) if not _is_trusted(hop)), address)
    return address


def _is_trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES)
