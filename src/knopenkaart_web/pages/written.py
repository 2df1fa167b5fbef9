# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers, dates and distances as people write them in the language of the page; filters of templates too (templatetags/formats.py)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

UNITS = {"percent": "%", "km2": "km²", "per_km2": "/ km²"}
THOUSANDS_OF_EUROS = "eur_1000"
METRES_PER_KM = 1000


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


def capital(text: object) -> str:
    """Text that begins with a capital; the Dutch ij is one letter."""
    words = str(text or "")
    length = 2 if words.startswith("ij") and (get_language() or "nl").startswith("nl") else 1
    return words[:length].upper() + words[length:]


def known(value: float | None, decimals: int = 0) -> str:
    """A number, or the word unknown: what nobody knows is never shown as zero or as nothing."""
    return _("unknown") if value is None else number(value, decimals)


def or_least(value: int | None, found: int) -> str:
    """A count; where it is unknown what was found at least, and the word unknown where nothing was found."""
    return _("at least %(number)s") % {"number": number(found)} if value is None and found else known(value)


def percent(share: float | None) -> str:
    """A share (1 = all) as a whole percentage; a little that is not nothing is never rounded to 0 %."""
    if share is None:
        return ""
    if 0 < share < 0.005:
        return _("less than 1 %")
    if 0.995 <= share < 1:
        return "99 %"
    return f"{number(share * 100)} %"


def month(value: date | None) -> str:
    """A month written out: november 2026."""
    return date_format(value, "F Y") if value else ""


def moment(value: datetime | None) -> str:
    """A date and time, in the local time of the installation: 23 november 2026, 14:05."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {date_format(local, 'H:i')}"


def distance(metres: float | None) -> str:
    """A straight-line distance, no more exact than it deserves: 350 meter, 1,2 kilometer."""
    if metres is None:
        return ""
    if metres < METRES_PER_KM:
        rounded = max(10, round(metres / 10) * 10)
        return ngettext("%(number)s metre", "%(number)s metres", rounded) % {"number": number(rounded)}
    return _("%(number)s kilometres") % {"number": number(metres / METRES_PER_KM, 1)}


def weekday(value: int) -> str:
    """The name of a day of the week; 1 is Monday."""
    # 1 January 2024 was a Monday.
    return date_format(date(2024, 1, int(value)), "l").capitalize() if 1 <= int(value) <= 7 else ""
