# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Checking a password, with a pause after too many wrong ones, whichever form or page asks."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from knopenkaart_web.accounts.models import LoginAttempt, User

_SALT = "knopenkaart.accounts.login"


class LimitedBackend(ModelBackend):
    """Django's own check of a password; refuses without looking when a name or an address has failed too often lately."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        address = client_address(request)
        if is_paused(username, address):
            raise PermissionDenied("Too many attempts.")
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            LoginAttempt.objects.create(name_digest=_digest(username.casefold()), address_digest=_digest(address))
        else:
            LoginAttempt.objects.filter(name_digest=_digest(username.casefold())).delete()
        return user


def is_paused(username: str, address: str) -> bool:
    """Whether a name, or an address, has failed so often in the last quarter that it must wait. What is older is forgotten."""
    since = timezone.now() - timedelta(minutes=settings.LOGIN_PAUSE_MINUTES)
    LoginAttempt.objects.filter(at__lt=since).delete()
    recent = LoginAttempt.objects.filter(at__gte=since)
    if recent.filter(name_digest=_digest(username.casefold())).count() >= settings.LOGIN_ATTEMPTS:
        return True
    return bool(address) and recent.filter(address_digest=_digest(address)).count() >= settings.LOGIN_ATTEMPTS_PER_ADDRESS


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


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest() if text else hashlib.sha256(b"").hexdigest()
