# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers and dates as people write them in the language of the page; templates have them as filters (templatetags/formats.py)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

UNITS = {"percent": "%", "km2": "km²", "per_km2": "/ km²"}
THOUSANDS_OF_EUROS = "eur_1000"


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the separators of the language: 25.000 and 1,4 in Dutch, 25,000 and 1.4 in English; nothing for None."""
    if value is None:
        return ""
    return number_format(
        round(float(value), decimals) if decimals else round(float(value)), decimal_pos=decimals, use_l10n=True, force_grouping=True
    )


def figure(value: float | None, unit: str = "") -> str:
    """A published figure with its unit; whole numbers without decimals, others with one."""
    if value is None:
        return _("unknown")
    if unit == THOUSANDS_OF_EUROS:
        return f"€ {number(value * 1000)}"
    text = number(value, 0 if float(value).is_integer() else 1)
    return f"{text} {UNITS[unit]}" if unit in UNITS else text


def day(value: date | datetime | str | None) -> str:
    """A date written out: 23 november 2026 in Dutch, 23 November 2026 in English."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, _day_pattern())


def _day_pattern() -> str:
    return "j F Y" if (get_language() or "nl").startswith(("nl", "en")) else "DATE_FORMAT"
