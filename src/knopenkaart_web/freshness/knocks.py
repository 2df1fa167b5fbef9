# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counting who uses a door for everybody too often, without keeping who it was: digests of one day, gone after an hour."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from knopenkaart_web.freshness.models import Knock

HOUR = timedelta(hours=1)
_SALT = "knopenkaart.freshness.knocks"


def is_too_often(door: str, who: str, *, most: int) -> bool:
    """Whether somebody has knocked at a door `most` times in the last hour already; a knock that is let in counts from now on."""
    now = timezone.now()
    Knock.objects.filter(at__lt=now - HOUR).delete()
    digest = salted_hmac(_SALT, f"{door}|{timezone.localdate()}|{who}", algorithm="sha256").hexdigest()
    if Knock.objects.filter(digest=digest).count() >= most:
        return True
    Knock.objects.create(digest=digest, at=now)
    return False
