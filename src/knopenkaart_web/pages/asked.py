# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an address asks of a page: strangers may write anything in one."""

from __future__ import annotations

from django.http import QueryDict

# No name of an area, a group, an indicator or a place that one looks for is longer.
MOST_TEXT = 100


def asked_text(query: QueryDict, name: str) -> str:
    """What is asked under a name, without spaces around it and cut where it is longer than anything there is; empty where nothing is."""
    return query.get(name, "").strip()[:MOST_TEXT]
