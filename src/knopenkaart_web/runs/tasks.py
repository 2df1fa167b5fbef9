# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the worker does of its own accord; it looks for its work in this module."""

from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from knopenkaart_web.freshness import actions as freshness
from knopenkaart_web.runs import actions, forgetting
from knopenkaart_web.runs.queue import execute

__all__ = ["execute", "look_after_freshness", "mail_log_in", "release_rounds", "renew_reach"]


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey has no types
def renew_reach() -> None:
    """Every minute: places that were corrected since are reached otherwise, and a page only shows what was reckoned before."""
    actions.renew_reach()


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # huey has no types
def release_rounds() -> None:
    """Every minute: what was counted in a round that was closed, and series that came in, become figures."""
    actions.release_rounds()
    actions.release_series()


@db_periodic_task(crontab(hour="7", minute="10"))  # type: ignore[untyped-decorator]  # huey has no types
def look_after_freshness() -> None:
    """Every morning: ask who runs a place whether it is still right, and forget what need not be kept."""
    freshness.remind(timezone.now())
    forgetting.forget_old(timezone.now())


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def mail_log_in(email: str, language: str) -> None:
    """Mail a link to log in, where the address is known: nobody who asks may learn that from how long the page takes."""
    freshness.mail_log_in(email, language)
