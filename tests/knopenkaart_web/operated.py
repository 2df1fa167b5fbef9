# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""People who run places of Kleindorp, and what was mailed to them."""

from __future__ import annotations

import re
from datetime import date

from django.core import mail

from knopenkaart_web.accounts.models import User
from knopenkaart_web.freshness import actions
from knopenkaart_web.freshness.models import Operator
from knopenkaart_web.places.models import Place

from .factories import CENTRE, SLUG

DORA = "dora@buurthuis.example"
EVERT = "evert@bieb.example"


def invite(place: str = CENTRE, email: str = DORA, **more: str) -> Operator:
    """Somebody who was invited; the mail is in the outbox."""
    return Operator.objects.get(pk=actions.invite_operator(None, SLUG, place, email=email, **more))


def runs(place: str = CENTRE, email: str = DORA) -> User:
    """Somebody who accepted the invitation for a place; the outbox is empty afterwards."""
    invite(place, email)
    user = actions.accept_invitation(secret_in(links()[0]))
    mail.outbox.clear()
    return user


def links(number: int = -1) -> list[str]:
    """The paths of the links in a mail of the outbox (the last one)."""
    return re.findall(r"http://localhost:8000(\S+)", str(mail.outbox[number].body))


def secret_in(path: str) -> str:
    """The secret in a path: the longest part."""
    return max(path.split("/"), key=len)


def looked_at(place: str, day: date | None) -> None:
    """When a place was last looked at, by hand."""
    Place.objects.filter(pk=place).update(last_verified=day)
