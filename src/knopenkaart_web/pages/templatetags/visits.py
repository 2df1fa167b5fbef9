# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visits with their interval in words: what is hidden, what was not counted, and between which numbers a figure lies."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.pages.visits.visitors import HIDDEN, NOT_ENOUGH, SHOWN, Told
from knopenkaart_web.pages.written import number

register = template.Library()


@register.filter
def visits(told: Told | None) -> str:
    """The figure, or in words why it is not there."""
    if told is None or told.state == NOT_ENOUGH:
        return _("not enough data")
    if told.state == HIDDEN:
        return _("not shown")
    return number(told.value) if told.state == SHOWN else _("not counted")


@register.filter
def interval(told: Told | None) -> str:
    """Between which numbers it lies, 95 % sure; a lower bound below ten is told as such."""
    if told is None or told.state != SHOWN or told.high is None:
        return ""
    low = _("fewer than %(number)s") % {"number": THRESHOLD} if told.low is None else number(told.low)
    return f"{low} – {number(told.high)}"
