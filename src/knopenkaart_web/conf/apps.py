# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings as an application of Django, so that its checks are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig

from knopenkaart.progress import Progress


class ConfConfig(AppConfig):
    """Registers the checks of the settings, and the work that pages do in the background."""

    name = "knopenkaart_web.conf"

    def ready(self) -> None:
        from knopenkaart_web.conf import checks  # noqa: F401
        from knopenkaart_web.runs import work

        work.register("reports", _reports)


def _reports(run: Any, target: Path, progress: Progress) -> Path | None:
    """Pages are loaded when there is something to do only: they need all apps to be ready."""
    from knopenkaart_web.pages.monitor.batch import make

    return make(run, target, progress)
