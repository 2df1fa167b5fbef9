# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings that can be used and yet do not work together, said by `django check` and when the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def proxy_is_known(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """With https and no proxy that may say so, every request looks like http and is sent to https, for ever."""
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        checks.Warning(
            "The site demands https, and no proxy may say that a visitor came by https: every page redirects to itself.",
            hint="Set KNOPENKAART_TRUSTED_PROXIES to the address of your reverse proxy (127.0.0.1 where it runs on this machine) "
            "and let it send X-Forwarded-Proto. Without a proxy, for a test only, set KNOPENKAART_HTTPS=0. See docs/reference/settings.md.",
            id="knopenkaart.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def mail_arrives(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A public site whose mail goes nowhere, or with an unlikely sender, or with its password in the open."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        return [
            checks.Warning(
                "Mail goes to the console or to a folder: invitations, links to log in and reminders reach nobody.",
                hint="Set KNOPENKAART_MAIL_URL to smtp://user:password@host:port. See docs/reference/settings.md.",
                id="knopenkaart.W002",
            )
        ]
    found: list[checks.CheckMessage] = []
    if not settings.MAIL_FROM:
        hint = "Set KNOPENKAART_MAIL_FROM to an address of yours that people may answer to."
        found.append(checks.Warning("Mail comes from an address that was made up.", hint=hint, id="knopenkaart.W003"))
    if settings.EMAIL_HOST_PASSWORD and not settings.EMAIL_USE_TLS and not settings.EMAIL_USE_SSL:
        hint = "Use tls=starttls or tls=implicit in KNOPENKAART_MAIL_URL."
        found.append(checks.Warning("The password of the mail server travels in the open.", hint=hint, id="knopenkaart.W004"))
    return found
