# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stored values of a place in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.templatetags.labels import wheelchair_label
from knopenkaart_web.pages.written import day, number
from knopenkaart_web.places import words

register = template.Library()


@register.filter
def in_words(value: str, name: str) -> str:
    """A stored value of a property in the language of the page; nothing stays nothing."""
    return readable(name, value, language()) if value else ""


def readable(name: str, value: str, language: str) -> str:
    """A stored value in words: codes of the vocabulary become their labels, a list becomes a sentence part."""
    labels = {"kind": words.kind_label, "archetype": words.archetype_label, "status": words.status_label}
    if name == "functions":
        return ", ".join(words.function_label(part.strip(), language) for part in value.replace(";", ",").split(","))
    if name == "wheelchair":
        return wheelchair_label(value)
    if name == "location":
        return _location(value)
    if name == "last_verified":
        return day(value)
    return labels[name](value, language) if name in labels else value


def _location(value: str) -> str:
    """Degrees to the metre; what is no pair of numbers stays as it is."""
    try:
        lon, lat = (number(float(part), 5) for part in value.split(","))
    except ValueError:
        return value
    return _("%(lat)s north, %(lon)s east") % {"lat": lat, "lon": lon}
