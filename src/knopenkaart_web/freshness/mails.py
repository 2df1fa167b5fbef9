# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing and sending a mail: plain text in one language, its first line is the subject."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from knopenkaart.errors import InputError

LOG = logging.getLogger(__name__)


class MailError(InputError):
    """A mail did not go out."""


def send(kind: str, to: str, context: Mapping[str, Any], *, language: str, stop_url: str = "") -> None:
    """Send the mail `mail/{kind}.{language}.txt`. Raises MailError (`mail.refused` where the address is at fault, else `mail.failed`).

    A mail that may be refused for the future names the address to do so in its header too.
    """
    lines = {name: " ".join(value.split()) for name, value in context.items() if isinstance(value, str) and name != "answer"}
    lines["label"] = " ".join(str(getattr(context.get("place"), "name", None) or "").split())
    with override(language):
        text = render_to_string(f"mail/{kind}.{language}.txt", {**context, **lines, "stop_url": stop_url, "contact": settings.CONTACT})
    subject, _, body = text.strip().partition("\n")
    headers = {"Auto-Submitted": "auto-generated"} | ({"List-Unsubscribe": f"<{stop_url}>"} if stop_url else {})
    try:
        EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused:
        LOG.warning("A mail (%s) was refused: the address does not exist", kind)
        raise MailError("The mail server does not know this address.", code="mail.refused") from None
    except (OSError, smtplib.SMTPException) as error:
        # What the error says may hold the address, or the password of the server.
        LOG.warning("A mail (%s) could not be sent: %s", kind, type(error).__name__)
        raise MailError("The mail could not be sent.", code="mail.failed", remedy="Try again later.") from None
