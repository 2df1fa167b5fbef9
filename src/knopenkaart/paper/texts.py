# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words on paper in Dutch and English, and how each language writes numbers and dates."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources

MONTHS = {
    "nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}


@lru_cache(maxsize=2)
def texts(language: str) -> dict[str, str]:
    """The texts of one language by key. Raises KeyError for a language that the file lacks."""
    content = tomllib.loads(resources.files("knopenkaart.paper").joinpath("texts.toml").read_text(encoding="utf-8"))
    return {key: str(value[language]) for key, value in content.items()}


def format_number(value: int, language: str) -> str:
    """25.000 in Dutch, 25,000 in English."""
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


def format_date(day: date, language: str) -> str:
    """23 november 2026 / 23 November 2026."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"
