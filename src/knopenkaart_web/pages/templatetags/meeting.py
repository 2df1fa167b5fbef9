# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers of the model in templates: what each rests on, and between what it lies."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knopenkaart_web.meeting.views_data import Badge, Band
from knopenkaart_web.pages.meeting import words
from knopenkaart_web.pages.written import percent

register = template.Library()
_CLASSES = {Badge.MEASURED: "accent", Badge.ESTIMATED: "accent", Badge.ASSUMED: "warn"}


@register.filter
def rests_on(badge: Badge) -> SafeString:
    """Measured, estimated or assumed, as a badge."""
    name, _ = words.BADGES[badge]
    return format_html('<span class="kk-badge kk-badge--{}">{}</span>', _CLASSES[badge], name)


@register.filter
def faces(value: float | None) -> str:
    """A number of faces, encounters or visits."""
    return words.faces(value)


@register.filter
def band(value: Band | None) -> str:
    """Between what a number lies; a dash where no spread was reckoned."""
    return words.band_text(value) or "–"


@register.filter
def margin(value: Band | None) -> str:
    """Between what a number lies, behind it in a sentence; nothing where no spread was reckoned."""
    return words.margin_text(words.band_text(value))


@register.filter
def margin_percent(value: Band | None) -> str:
    """The same of a part in whole per cents."""
    return words.margin_text(words.percents_text(value))


@register.filter
def with_band(value: Band | None) -> str:
    """A number with between what it lies in brackets, as a table has it; a dash where it is not told."""
    if value is None or value.value is None:
        return "–"
    between = words.band_text(value)
    return f"{words.faces(value.value)} ({between})" if between else words.faces(value.value)


@register.filter
def percent_with_band(value: Band | None) -> str:
    """A part in whole per cents with between what it lies, as a table has it; a dash where it is not told."""
    if value is None or value.value is None:
        return "–"
    between = words.percents_text(value)
    return f"{percent(value.value)} ({between})" if between else percent(value.value)


@register.filter
def tried_for(name: str) -> str:
    """For what towns that may be were tried, in words."""
    return words.word(words.TOWNS, name)


@register.filter
def chance(value: float | None) -> str:
    """A probability in per cents."""
    return "–" if value is None else words.chance_text(value)
