# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notices in plain words, those of one kind together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart_web.pages.templatetags.labels import figure_reason
from knopenkaart_web.places.views_data import NoticeRow

register = template.Library()

SHOWN = 50
TITLES: dict[str, str | Promise] = {
    "figures.not_joined": gettext_lazy("Figures that are missing, because the area was another one in that year:"),
    "figures.unidentified": gettext_lazy("Figures of areas that we could not find:"),
    "osm.no_geometry": gettext_lazy("Places on OpenStreetMap that we could not put on the map:"),
}
OTHER = gettext_lazy("Other notices of the computer:")


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """Notices of one kind: what they have in common, the first of them, and how many more there are."""

    title: str
    items: list[str]
    count: int
    left_out: int


@register.filter
def grouped(notices: Iterable[NoticeRow] | None) -> list[NoticeGroup]:
    """The notices by kind, in the order in which the kinds come first."""
    by_title: dict[str, list[str]] = defaultdict(list)
    for notice in notices or ():
        by_title[str(TITLES.get(notice.code, OTHER))].append(text(notice))
    return [NoticeGroup(title, items[:SHOWN], len(items), max(0, len(items) - SHOWN)) for title, items in by_title.items()]


def text(notice: NoticeRow) -> str:
    """What one notice adds to the title of its kind."""
    if notice.code == "figures.not_joined":
        name, year = notice.details.get("name") or notice.subject, notice.details.get("year")
        reason = figure_reason(str(notice.details.get("reason") or ""))
        return _("%(name)s (%(code)s), figures of %(year)s. %(reason)s") % {
            "name": name,
            "code": notice.subject,
            "year": year,
            "reason": reason,
        }
    return notice.subject if notice.code in TITLES and notice.subject else notice.message
