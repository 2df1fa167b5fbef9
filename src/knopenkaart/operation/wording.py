# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers in the words of a reason, in Dutch and in English."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
_MONTHS = {
    "nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}
# Unit -> one and several, per language.
_NOUNS = {
    "months": {"nl": ("maand", "maanden"), "en": ("month", "months")},
    "hours": {"nl": ("uur", "uur"), "en": ("hour", "hours")},
    "years": {"nl": ("jaar", "jaar"), "en": ("year", "years")},
}


def said(value: float, unit: str, language: Language) -> str:
    """A number with its unit, rounded as people say it.

    >>> said(0.456, "percent", "nl"), said(12345.6, "euro", "nl"), said(12345.6, "euro", "en"), said(7.5, "hours", "nl")
    ('46%', '€ 12.346', '€12,346', '7,5 uur')
    """
    if unit == "percent":
        return f"{_whole(100 * value)}%"
    if unit == "euro":
        return ("€ " if language == "nl" else "€") + thousands(value, language)
    number = plain(value, language)
    if unit in _NOUNS:
        one, several = _NOUNS[unit][language]
        return f"{number} {one if number == '1' else several}"
    return number


def thousands(value: float, language: Language) -> str:
    """A whole number with its thousands apart."""
    text = f"{_whole(value):,}"
    return text.replace(",", ".") if language == "nl" else text


def plain(value: float, language: Language) -> str:
    """A number of at most one decimal.

    >>> plain(4.0, "nl"), plain(4.25, "nl"), plain(4.25, "en")
    ('4', '4,3', '4.3')
    """
    tenths = _whole(10 * value)
    text = f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else "")
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def dated(day: date, language: Language) -> str:
    """A day as people write it.

    >>> dated(date(2026, 3, 1), "nl"), dated(date(2026, 3, 1), "en")
    ('1 maart 2026', '1 March 2026')
    """
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def _whole(value: float) -> int:
    return math.floor(value + 0.5)
