# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a run needs to know to read a municipality's own table of indicators."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac

from knopenkaart.errors import InputError
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.own_queries import known_areas, shown_before

# Whoever reads the figures must not know by which lot they were hidden.
_SALT = "knopenkaart.own_tables"


def own_table_input(slug: str) -> dict[str, Any]:
    """Areas, catalogue, secret and what was shown before (engine.read_own_table). Raises InputError (`own.no_monitor`)."""
    areas = known_areas(slug)
    if not areas:
        remedy = "Load a Wijkmonitor with the areas of this municipality first."
        raise InputError("The Wijkmonitor does not know this municipality.", code="own.no_monitor", remedy=remedy)
    secret = salted_hmac(_SALT, slug, algorithm="sha256").hexdigest()
    return {"areas": areas, "catalogue": catalogue(), "secret": secret, "before": shown_before(slug)}
