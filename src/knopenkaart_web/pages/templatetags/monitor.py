# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of the monitor in templates: their words, their signs, and the ways between the monitor and the map of places."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from knopenkaart.monitor.estimates import Estimate
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor.difference import SIGNS
from knopenkaart_web.pages.monitor.words import estimate_text, level_label, licence_text, margin_text, unbroken_text
from knopenkaart_web.places.views_data import AreaRow, StudyView

register = template.Library()


@register.filter
def unbroken(text: str) -> str:
    """A sentence of which no line ends between a number and its unit."""
    return unbroken_text(text)


@register.filter
def licence_told(licence: str) -> str:
    """A licence by its name, or that nobody told it."""
    return licence_text(licence)


@register.filter
def monitor_level(level: str) -> str:
    """What kind of area it is."""
    return level_label(level)


@register.filter
def estimate_told(found: Estimate | None) -> str:
    """A figure with its unit, or why there is none."""
    return "" if found is None else estimate_text(found)


@register.filter
def estimate_margin(found: Estimate | None) -> str:
    """Between what a figure lies."""
    return "" if found is None else margin_text(found)


@register.filter
def tone_sign(tone: str) -> str:
    """The sign of a tone, as in the wheel."""
    return SIGNS.get(tone, "")


@register.simple_tag
def monitor_home(study: StudyView | None) -> str:
    """Where the menu leads to the monitor: the profile of the one municipality of a study, else the entry; empty without figures."""
    if queries.edition() is None:
        return ""
    only = study.municipalities[0].code if study and len(study.municipalities) == 1 else ""
    return reverse("monitor_area", args=[only]) if only and queries.area(only) else reverse("monitor")


@register.simple_tag(takes_context=True)
def in_monitor(context: Context) -> bool:
    """Whether this page is one of the monitor."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    return bool(match and (match.url_name or "").startswith("monitor"))


@register.simple_tag
def monitor_profile_url(row: AreaRow) -> str:
    """The profile of an area of the map; empty where the monitor does not know it."""
    return reverse("monitor_area", args=[row.code]) if queries.edition() is not None and queries.area(row.code) else ""


@register.simple_tag
def monitor_places(study: StudyView, area: AreaRef) -> str:
    """The page of the map about an area of the monitor."""
    if area.level == "country" or (area.level == "municipality" and len(study.municipalities) == 1):
        return reverse("study", args=[study.slug])
    return reverse("municipality" if area.level == "municipality" else "area", args=[study.slug, area.code])
