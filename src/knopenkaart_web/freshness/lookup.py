# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows that both reads and writes look for."""

from __future__ import annotations

from knopenkaart_web.freshness import links
from knopenkaart_web.freshness.models import Operator, Reminder


def find(secret: str) -> Reminder | None:
    """The reminder of a secret, however old."""
    rows = Reminder.objects.select_related("operator__study", "operator__user")
    return rows.filter(digest=links.digest_of(secret) or "").first()


def unanswered(row: Operator) -> int:
    """How many reminders somebody got since the last answer."""
    answered = row.reminders.exclude(right_at=None, edited_at=None, gone_at=None).order_by("-sent").first()
    sent = row.reminders.filter(sent__gt=answered.sent) if answered else row.reminders
    return sent.count()
