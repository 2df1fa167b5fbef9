# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers of the model in templates: what each rests on, and between what it lies."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from knopenkaart_web.meeting.views_data import Badge, Band
from knopenkaart_web.pages import meeting_words

register = template.Library()
_CLASSES = {Badge.MEASURED: "good", Badge.ESTIMATED: "accent", Badge.ASSUMED: "warn"}


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
def chance(value: float | None) -> str:
    """A probability in per cents."""
    return "–" if value is None else meeting_words.chance_text(value)
