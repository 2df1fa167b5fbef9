# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every page of the Wijkmonitor shows: the area, the way to it, the tabs, and whether what is loaded is made up."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import permissions
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.views.common import ALL_COVERAGE, Crumb
from knopenkaart_web.places import queries as places

UNAVAILABLE = 503


def find_area(code: str, *, year: int | None = None) -> AreaRef:
    """The area in the division of a year, without one in the newest that is loaded; or page not found."""
    found = queries.area(code, year=year) if queries.edition() is not None else None
    if found is None:
        raise Http404
    return found


def asked_area(request: HttpRequest, code: str) -> AreaRef:
    """The area in the division that the address asks for (`indeling`, a year), or in the newest; or page not found."""
    asked = request.GET.get("indeling", "")
    return find_area(code, year=int(asked) if re.fullmatch(r"[12][0-9]{3}", asked) else None)


def crumbs_of(area: AreaRef, here: str = "") -> list[Crumb]:
    """The way to an area from the entry of the monitor; `here` names the page where it is not the profile."""
    parents = [Crumb(item.name, reverse("monitor_area", args=[item.code])) for item in queries.parents(area)]
    steps = [Crumb(_("Wijkmonitor"), reverse("monitor")), *parents]
    return [*steps, Crumb(area.name, reverse("monitor_area", args=[area.code])), Crumb(here)] if here else [*steps, Crumb(area.name)]


def monitor_page(request: HttpRequest, area: AreaRef, template: str, **more: Any) -> HttpResponse:
    """Render a page about an area; where a study is loaded that holds it, its menu is there too. `tab` in `more` is the tab."""
    slug = queries.study_of(area)
    study = places.study(slug) if slug else None
    role = permissions.role(request.user, slug) if slug else ""
    newest = queries.area(area.code)
    context = {
        "area": area,
        "division": area.year if newest is not None and newest.year != area.year else 0,
        "edition": queries.edition(),
        "study": study,
        "may_edit": role in ("editor", "manager"),
        "may_manage": role == "manager",
        "coverage_states": ALL_COVERAGE,
        **more,
    }
    status = context.pop("status", 200)
    return render(request, template, context, status=status)


def not_now(error: InputError) -> HttpResponse:
    """Why a file cannot be drawn now, as plain text: who asks for a picture cannot read a page."""
    return HttpResponse(error_text(error.code), status=UNAVAILABLE, content_type="text/plain; charset=utf-8")
