# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notices in plain words, those of one kind together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart_web.pages.templatetags.labels import figure_reason
from knopenkaart_web.pages.written import number
from knopenkaart_web.places.views_data import NoticeRow, StudyView

register = template.Library()

Details = Mapping[str, object]
SHOWN = 50
TITLES: dict[str, str | Promise] = {
    "figures.not_joined": gettext_lazy("Figures that are missing, because the area was another one in that year:"),
    "figures.unidentified": gettext_lazy("Figures of areas that we could not find:"),
    "osm.no_geometry": gettext_lazy("Places on OpenStreetMap that we could not put on the map:"),
    "osm.missing_nodes": gettext_lazy("The file of OpenStreetMap that we used is not complete. Lines that we could not draw:"),
    "osm.incomplete_relations": gettext_lazy("The file of OpenStreetMap that we used is not complete. Areas that are not whole:"),
    "classify.shared_ground": gettext_lazy("Grounds without a name that several places share; we do not count the ground itself:"),
    "opening_hours.broken": gettext_lazy("Opening hours that we could not read, and show as they are:"),
    "online.offline": gettext_lazy("Sources that could not be reached; we used what was fetched before:"),
    "areas.no_code": gettext_lazy("Areas without a code, which we left out:"),
    "network.islands": gettext_lazy("Streets that are cut off from the others, so that nobody is reckoned to live or go there:"),
    "streets.crossings": gettext_lazy("Streets that cross on the map without meeting, so that one cannot turn there:"),
    "residents.assumed": gettext_lazy(
        "Nobody published how many people live here. We took the number that stands at the town on OpenStreetMap:"
    ),
    "residents.unknown": gettext_lazy("Nothing tells how many people live here:"),
    "residents.do_not_add": gettext_lazy("The parts of this area do not add up to its published number of inhabitants. We kept the parts:"),
    "residents.widened": gettext_lazy(
        "Published numbers of these groups do not add up, even with their rounding. We moved them a little more:"
    ),
}
# Of these the notice is a number.
COUNTED = {
    "osm.missing_nodes": "ways",
    "osm.incomplete_relations": "relations",
    "areas.no_code": "count",
    "figures.unidentified": "count",
    "streets.crossings": "count",
}
DIMENSIONS: dict[str, str | Promise] = {
    "age": gettext_lazy("by age"),
    "origin": gettext_lazy("by origin"),
    "household": gettext_lazy("by household"),
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
    if notice.code == "opening_hours.broken":
        return f"{notice.details.get('name') or notice.details.get('source_id')}: {notice.details.get('value')}"
    if notice.code in IN_WORDS:
        return IN_WORDS[notice.code](notice.details)
    if notice.code in COUNTED:
        return str(notice.details.get(COUNTED[notice.code], ""))
    return notice.subject if notice.code in TITLES and notice.subject else notice.message


def _islands(details: Details) -> str:
    return _("%(km)s of %(total)s km") % {"km": _number(details, "km"), "total": _number(details, "total_km")}


def _assumed(details: Details) -> str:
    return _("%(name)s: %(people)s inhabitants (%(settlements)s)") % {
        "name": details.get("name"),
        "people": _number(details, "people"),
        "settlements": details.get("settlements"),
    }


def _do_not_add(details: Details) -> str:
    return _("%(name)s: published %(figure)s, together %(sum)s") % {
        "name": details.get("name"),
        "figure": _number(details, "figure"),
        "sum": _number(details, "sum"),
    }


def _widened(details: Details) -> str:
    dimension = str(details.get("dimension") or "")
    return f"{details.get('name')}, {DIMENSIONS.get(dimension, dimension)}: {details.get('areas')}"


def _number(details: Details, name: str) -> str:
    value = details.get(name)
    return number(float(value)) if isinstance(value, (int, float)) else ""


IN_WORDS: dict[str, Callable[[Details], str]] = {
    "network.islands": _islands,
    "residents.assumed": _assumed,
    "residents.unknown": lambda details: str(details.get("name") or ""),
    "residents.do_not_add": _do_not_add,
    "residents.widened": _widened,
}


@register.filter
def open_ones(notices: Iterable[NoticeRow] | None, study: StudyView) -> list[NoticeRow]:
    """The notices that anybody may read: of a code that we know, and not about what a confidential list says."""
    known = {source.id for source in study.sources}
    return [notice for notice in notices or () if notice.code in TITLES and notice.details.get("source", next(iter(known), "")) in known]
