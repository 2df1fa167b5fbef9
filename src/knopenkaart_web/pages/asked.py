# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an address asks of a page: strangers may write anything in one."""

from __future__ import annotations

from django.http import QueryDict

# No name of an area, a group, an indicator or a place that one looks for is longer.
MOST_TEXT = 100
# What a database keeps as a whole number has no more digits.
MOST_DIGITS = 18


def asked_text(query: QueryDict, name: str) -> str:
    """What is asked under a name, without spaces around it and cut where it is longer than anything there is; empty where nothing is."""
    return query.get(name, "").strip()[:MOST_TEXT]


def whole_number(text: str) -> int | None:
    """A whole number of zero or more, written in digits only; None for anything else.

    >>> whole_number("12"), whole_number("-1"), whole_number("²"), whole_number("9" * 19)
    (12, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
