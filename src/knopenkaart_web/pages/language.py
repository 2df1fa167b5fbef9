# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which language a page is in."""

from __future__ import annotations

from django.utils.translation import get_language


def language() -> str:
    """The language of the page: nl or en."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"
