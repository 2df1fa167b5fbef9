# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who looked at a place, what is wrong with it, and what waits: in words, and for menus."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.freshness import queries

register = template.Library()

TOPICS = (
    ("closed", _("This place no longer exists")),
    ("hours", _("The opening hours are wrong")),
    ("contact", _("The telephone number, e-mail address or website is wrong")),
    ("moved", _("This place is somewhere else")),
    ("other", _("Something else")),
)
CHECKED_BY: dict[str, str | Promise] = {
    "open_data": _("by the makers of the open data"),
    "list": _("by the municipality, in its own list"),
    "operator": _("by who runs this place"),
    "editor": _("by an editor of this map"),
    "visitor": _("by an editor of this map, after a visitor told us something"),
}
REACTION_TOPICS: dict[str, str | Promise] = {**dict(TOPICS), "proposal": _("Asked by who runs this place")}


@register.filter
def checked_by(kind: str | None) -> str:
    """Who looked at a place last."""
    return str(CHECKED_BY.get(kind or "", ""))


@register.filter
def reaction_topic(topic: str) -> str:
    """What somebody says is wrong."""
    return str(REACTION_TOPICS.get(topic, topic))


@register.filter
def is_stale(day: date | None) -> bool:
    """Whether a place that was last looked at on a day wants looking at again."""
    return queries.is_stale(day)


@register.simple_tag
def waiting_reactions(slug: str) -> int:
    """How many reactions wait for an editor."""
    return queries.waiting(slug)


@register.simple_tag
def runs_places(user: Any) -> bool:
    """Whether whoever looks at the page runs places."""
    return queries.has_places(user)
