# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers, dates and distances as people read them in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from knopenkaart_web.pages.written import THOUSANDS_OF_EUROS, day, figure, number

# What Python takes from here as well.
__all__ = ["THOUSANDS_OF_EUROS", "day", "figure", "number"]

register = template.Library()
register.filter("number", number)
register.filter("figure", figure)
register.filter("day", day)

METRES_PER_KM = 1000


@register.filter
def capital(text: object) -> str:
    """Text that begins with a capital; the Dutch ij is one letter."""
    words = str(text or "")
    length = 2 if words.startswith("ij") and (get_language() or "nl").startswith("nl") else 1
    return words[:length].upper() + words[length:]


@register.filter
def known(value: float | None, decimals: int = 0) -> str:
    """A number, or the word unknown: what nobody knows is never shown as zero or as nothing."""
    return _("unknown") if value is None else number(value, decimals)


@register.filter
def or_least(value: int | None, found: int) -> str:
    """A count; where it is unknown what was found at least, and the word unknown where nothing was found."""
    return _("at least %(number)s") % {"number": number(found)} if value is None and found else known(value)


@register.filter
def percent(share: float | None) -> str:
    """A share (1 = all) as a whole percentage; a little that is not nothing is never rounded to 0 %."""
    if share is None:
        return ""
    if 0 < share < 0.005:
        return _("less than 1 %")
    if 0.995 <= share < 1:
        return "99 %"
    return f"{number(share * 100)} %"


@register.filter
def month(value: date | None) -> str:
    """A month written out: november 2026."""
    return date_format(value, "F Y") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A date and time, in the local time of the installation: 23 november 2026, 14:05."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {date_format(local, 'H:i')}"


@register.filter
def distance(metres: float | None) -> str:
    """A straight-line distance, no more exact than it deserves: 350 meter, 1,2 kilometer."""
    if metres is None:
        return ""
    if metres < METRES_PER_KM:
        rounded = max(10, round(metres / 10) * 10)
        return ngettext("%(number)s metre", "%(number)s metres", rounded) % {"number": number(rounded)}
    return _("%(number)s kilometres") % {"number": number(metres / METRES_PER_KM, 1)}


@register.filter
def weekday(value: int) -> str:
    """The name of a day of the week; 1 is Monday."""
    # 1 January 2024 was a Monday.
    return date_format(date(2024, 1, int(value)), "l").capitalize() if 1 <= int(value) <= 7 else ""
