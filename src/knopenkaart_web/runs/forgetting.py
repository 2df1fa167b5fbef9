# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forgetting in all apps what was kept long enough: every morning by the worker, or by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from knopenkaart_web.cards import actions as cards
from knopenkaart_web.cards.retention import RETENTION as OF_CARDS
from knopenkaart_web.freshness import actions as freshness
from knopenkaart_web.freshness.retention import RETENTION as OF_FRESHNESS
from knopenkaart_web.operation import forgetting as operation
from knopenkaart_web.operation.retention import RETENTION as OF_OPERATION
from knopenkaart_web.places.keeping import Keep
from knopenkaart_web.visits import forgetting as visits
from knopenkaart_web.visits.retention import RETENTION as OF_VISITS

# Everything that is kept for a while only; docs/operations/retention.md says the same, and a test holds it to that.
ALL: tuple[Keep, ...] = (*OF_VISITS, *OF_CARDS, *OF_OPERATION, *OF_FRESHNESS)


def forget_old(now: datetime, *, dry_run: bool = False) -> dict[str, dict[str, int]]:
    """Forget in every app; gives per app how many rows of what. With `dry_run` everything is put back."""
    with transaction.atomic():
        told = {
            "visits": visits.forget_old(now),
            "cards": cards.forget_old(now),
            "operation": operation.forget_old(now),
            "freshness": freshness.forget_old(now),
        }
        if dry_run:
            transaction.set_rollback(True)
    return told
