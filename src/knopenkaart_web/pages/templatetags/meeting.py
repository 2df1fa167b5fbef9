# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers of the model in templates: what each rests on, and between what it lies."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knopenkaart_web.meeting.views_data import Badge, Band
from knopenkaart_web.pages import meeting_words
from knopenkaart_web.pages.templatetags.formats import percent

register = template.Library()
_CLASSES = {Badge.MEASURED: "accent", Badge.ESTIMATED: "accent", Badge.ASSUMED: "warn"}


@register.filter
def rests_on(badge: Badge) -> SafeString:
    """Measured, estimated or assumed, as a badge."""
    name, _ = meeting_words.BADGES[badge]
    return format_html('<span class="kk-badge kk-badge--{}">{}</span>', _CLASSES[badge], name)


@register.filter
def faces(value: float | None) -> str:
    """A number of faces, encounters or visits."""
    return meeting_words.faces(value)


@register.filter
def band(value: Band | None) -> str:
    """Between what a number lies; a dash where no spread was reckoned."""
    return meeting_words.band_text(value) or "–"


@register.filter
def margin(value: Band | None) -> str:
    """Between what a number lies, behind it in a sentence; nothing where no spread was reckoned."""
    return meeting_words.margin_text(meeting_words.band_text(value))


@register.filter
def margin_percent(value: Band | None) -> str:
    """The same of a part in whole per cents."""
    return meeting_words.margin_text(meeting_words.percents_text(value))


@register.filter
def with_band(value: Band | None) -> str:
    """A number with between what it lies in brackets, as a table has it; a dash where it is not told."""
    if value is None or value.value is None:
        return "–"
    between = meeting_words.band_text(value)
    return f"{meeting_words.faces(value.value)} ({between})" if between else meeting_words.faces(value.value)


@register.filter
def percent_with_band(value: Band | None) -> str:
    """A part in whole per cents with between what it lies, as a table has it; a dash where it is not told."""
    if value is None or value.value is None:
        return "–"
    between = meeting_words.percents_text(value)
    return f"{percent(value.value)} ({between})" if between else percent(value.value)


@register.filter
def tried_for(name: str) -> str:
    """For what towns that may be were tried, in words."""
    return meeting_words.word(meeting_words.TOWNS, name)


@register.filter
def chance(value: float | None) -> str:
    """A probability in per cents."""
    return "–" if value is None else meeting_words.chance_text(value)
