# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The secret of a link, and the number of a form by which it is stored once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, TimestampSigner

_SALT = "knopenkaart.cards.form"
_BYTES = 16
# A page that stood open for longer gets another number; what was typed stays.
FORM_LASTS = timedelta(hours=12)


def new_secret() -> str:
    """What a link ends in: 128 random bits, short enough for a code that an old phone reads."""
    return secrets.token_urlsafe(_BYTES)


def new_nonce() -> str:
    """The number of a new form, signed: without it nothing is taken, so that no other site can send for a visitor."""
    return TimestampSigner(salt=_SALT).sign(uuid4().hex)


def read_nonce(text: str) -> UUID | None:
    """The number of a form that we made not long ago; None for anything else."""
    try:
        return UUID(TimestampSigner(salt=_SALT).unsign(text, max_age=FORM_LASTS))
    except (BadSignature, ValueError):
        return None
