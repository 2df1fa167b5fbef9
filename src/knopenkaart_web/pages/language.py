# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which language a page is in."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import get_language

Language = Literal["nl", "en"]


def language() -> Language:
    """The language of the page: nl or en."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"
