# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words about counting: the state of a round, a daypart, when somebody counted, the weather."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from knopenkaart_web.pages.language import language
from knopenkaart_web.visits import groups, weeks
from knopenkaart_web.visits.views_data import SessionView

register = template.Library()


@register.filter
def round_state(state: str) -> str:
    """The state of a round in words."""
    return {"planned": _("not begun"), "counting": _("is being counted"), "closed": _("closed")}.get(state, state)


@register.filter
def slot_name(slot: str) -> str:
    """A daypart."""
    return weeks.slot_label(slot, language())


@register.filter
def weather_name(weather: str) -> str:
    """The weather as a counter chose it; nothing where nobody did."""
    return str(groups.WEATHER_LABELS.get(weather, ""))


@register.filter
def session_times(session: SessionView) -> str:
    """From when until when somebody counted, as far as that is known."""
    if session.started is None:
        return ""
    until = session.ended or session.seen
    return f"{_time(session.started)} – {_time(until)}" if until else _time(session.started)


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
