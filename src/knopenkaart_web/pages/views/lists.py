# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of places: the same filter as the map, sortable, in pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from knopenkaart_web.pages.views.common import find_places, find_study, page
from knopenkaart_web.places.views_data import PlaceFilter


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list; `sort` is the value of sorteer that sorts by it, empty where one cannot."""

    label: str
    sort: str = ""


@require_safe
def places_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the list."""
    study = find_study(slug)
    chosen = PlaceFilter.from_query(request.GET)
    found = find_places(slug, chosen)
    context = {"filter": chosen, "page": found, "columns": _columns(), "previous_page": found.page - 1, "next_page": found.page + 1}
    return page(request, study, "pages/places.html", **context)


def _columns() -> list[Column]:
    return [
        Column(_("Name"), "naam"),
        Column(_("Kind"), "soort"),
        Column(_("Functions")),
        Column(_("Address")),
        Column(_("District"), "wijk"),
        Column(_("Status"), "status"),
        Column(_("Checked"), "gecontroleerd"),
    ]
