# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings as an application of Django, so that its checks are run."""

from __future__ import annotations

from django.apps import AppConfig


class ConfConfig(AppConfig):
    """Registers the checks of the settings."""

    name = "knopenkaart_web.conf"

    def ready(self) -> None:
        from knopenkaart_web.conf import checks  # noqa: F401
