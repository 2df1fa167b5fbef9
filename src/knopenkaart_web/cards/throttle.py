# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counting from where too much comes, without keeping from where: digests that hold for one hour."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.db.models import F

from knopenkaart.errors import InputError
from knopenkaart_web.cards.models import Sending, digest

# Everybody in a building may share one address, and behind a proxy that we were not told about everybody does.
MOST_PER_HOUR = 120
_HOUR_SECONDS = 3600
_NETWORK_BITS = 64


def count(door: object, address: str, now: datetime) -> None:
    """Count one sending through a door (the id of a link or a study) from an address. Raises InputError (`card.many`)."""
    hour = hour_of(now)
    Sending.objects.filter(hour__lt=hour).delete()
    if not address:
        return
    row, _made = Sending.objects.get_or_create(digest=digest(f"{hour}|{door}|{_of_one(address)}"), defaults={"hour": hour})
    if row.number >= MOST_PER_HOUR:
        raise InputError("Too much came from one address in this hour.", code="card.many", remedy="Try again in an hour.")
    Sending.objects.filter(pk=row.pk).update(number=F("number") + 1)


def hour_of(now: datetime) -> int:
    """The number of the hour since the first of January 1970."""
    return int(now.timestamp()) // _HOUR_SECONDS


def _of_one(address: str) -> str:
    """Whoever has an IPv6 address has a whole network of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False)) if parsed.version == 6 else address
