# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The secrets of mailed links: signed, so that a guess is refused at once; of each only a digest is kept."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

_SALT = "knopenkaart.freshness.links"
_BYTES = 24


def new_secret() -> tuple[str, str]:
    """A secret to mail, and its digest to keep."""
    secret = _signer().sign(secrets.token_urlsafe(_BYTES))
    return secret, _digest(secret)


def digest_of(secret: str) -> str | None:
    """The digest of a secret that we made; None for anything else."""
    try:
        _signer().unsign(secret)
    except BadSignature:
        return None
    return _digest(secret)


def address(name: str, *arguments: object, language: str) -> str:
    """The full address of a page, for a mail in a language."""
    with override(language):
        return settings.BASE_URL + reverse(name, args=arguments)


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")


def _digest(secret: str) -> str:
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()
