# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text as people compare it."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Text without capitals and accents, and with single spaces: how people search, and by what two names are the same.

    Example: fold("  Café  De Hoek ") -> "cafe de hoek".
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())
