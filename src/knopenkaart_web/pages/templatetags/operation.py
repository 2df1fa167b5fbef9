# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Euros, shares of use and how soon to talk, as the pages of use and money write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from knopenkaart.operation import Estimate
from knopenkaart_web.pages.written import number, percent

register = template.Library()


@register.filter
def euro(value: float | Decimal | None, decimals: int = 0) -> str:
    """An amount: € 1.234 in Dutch, €1,234 in English; what nobody filled in is told so, and is not zero."""
    if value is None:
        return _("not filled in")
    amount = number(abs(float(value)), decimals)
    return ("− " if value < 0 else "") + _("€ %(amount)s") % {"amount": amount}


@register.filter
def each(estimate: Estimate | None) -> str:
    """What one visit or metre costs, in cents."""
    return _("not enough data") if estimate is None else euro(estimate.value, 2)


@register.filter
def between(estimate: Estimate | None) -> str:
    """Between which amounts it lies; nothing where it is exact."""
    if estimate is None or estimate.low == estimate.high:
        return ""
    low = euro(estimate.low or 0, 2)
    return _("%(low)s or more") % {"low": low} if estimate.high is None else f"{low} – {euro(estimate.high, 2)}"


@register.filter
def hours(value: float | None) -> str:
    """Hours, with a decimal only where there is one."""
    return "" if value is None else number(value, 0 if float(value).is_integer() else 1)


@register.filter
def use(cell: Any) -> str:
    """The use of a daypart (pages.operation.UseCell) in words and numbers."""
    if cell.use is None or cell.use.available == 0 == cell.use.beyond:
        return _("closed")
    return _("not known") if cell.use.share is None else percent(cell.use.share)


@register.filter
def level(name: str) -> str:
    """How soon to talk about something."""
    return {"soon": _("talk about it soon"), "talk": _("talk about it"), "watch": _("keep an eye on it")}.get(name, name)


@register.filter
def basis(name: str) -> str:
    """Where hours of use come from."""
    return {"grid": _("rough week"), "bookings": _("bookings")}.get(name, name)
