# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""People and minutes in words: what is hidden, what is at least so many, and what is too far."""

from __future__ import annotations

import math

from django import template
from django.utils.translation import gettext as _

from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.pages.written import number, percent
from knopenkaart_web.reach.views_data import EVERYBODY, HIDDEN, NOBODY, Share

register = template.Library()


@register.filter
def people(value: int | None) -> str:
    """A protected count of people: "fewer than 10" where it is hidden."""
    return _("fewer than %(number)s") % {"number": THRESHOLD} if value is None else number(value)


@register.filter
def at_least_people(value: int | None, complete: bool) -> str:
    """The same; where an area is not complete there are at least so many, and of none or few nothing is known."""
    if complete:
        return people(value)
    return _("at least %(number)s") % {"number": number(value)} if value else _("unknown")


@register.filter
def walk_minutes(value: float | None, most: int) -> str:
    """Minutes, no more exact than a clock: rounded up; more than the longest time that was looked at; a dash where they are not told."""
    if value == HIDDEN:
        return "–"
    if value is None:
        return _("more than %(number)s min") % {"number": number(most)}
    return _("%(number)s min") % {"number": number(math.ceil(value - 1e-6))}


@register.filter
def nearest_minutes(value: int | None, sure: bool) -> str:
    """Minutes to the nearest place, or nothing for one that is too far. Where they are not sure one that nobody knows may be nearer, and
    where none was found nothing is known."""
    if value is None:
        return "" if sure else _("unknown")
    minutes = _("%(number)s min") % {"number": number(value)}
    return minutes if sure else _("at most %(number)s") % {"number": minutes}


@register.filter
def people_share(value: Share) -> str:
    """A share of people in whole percents, or in words where a few are on one of its sides; a dash where nothing is known."""
    words = {NOBODY: _("almost nobody"), EVERYBODY: _("almost everybody"), None: "–"}
    return percent(value) if isinstance(value, float | int) else words[value]


@register.filter
def per_place(per_1000: float | None) -> str:
    """Persons for each place, from places per 1,000 persons."""
    return _("none") if not per_1000 else number(round(1000 / per_1000, -1))
