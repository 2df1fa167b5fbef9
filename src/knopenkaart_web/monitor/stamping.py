# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stamp of what is loaded: another after each write, so that nobody is shown what was kept in memory before it."""

from __future__ import annotations

import uuid

from knopenkaart_web.monitor.models import Edition


def renew() -> None:
    """Let every worker read the monitor anew; inside the transaction of a write of figures (an own table, a study that goes)."""
    Edition.objects.update(stamp=uuid.uuid4())


def stamp() -> str:
    """The stamp as it stands; empty where nothing was ever loaded."""
    found = Edition.objects.values_list("stamp", flat=True).first()
    return str(found or "")
