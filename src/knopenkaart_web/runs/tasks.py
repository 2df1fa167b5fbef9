# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the worker does of its own accord; it looks for its work in this module."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from knopenkaart_web.runs import actions
from knopenkaart_web.runs.queue import execute

__all__ = ["execute", "renew_reach"]


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey has no types
def renew_reach() -> None:
    """Every minute: places that were corrected since are reached otherwise, and a page only shows what was reckoned before."""
    actions.renew_reach()
