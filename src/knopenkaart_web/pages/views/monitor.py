# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor: where one begins, the profile of an area, the map around it, and areas beside one another."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from knopenkaart_web.monitor import queries
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import compare as monitor_compare
from knopenkaart_web.pages.monitor import entry as monitor_entry
from knopenkaart_web.pages.monitor import maps as monitor_map
from knopenkaart_web.pages.monitor import profile as monitor_profile
from knopenkaart_web.pages.monitor import reckoned as monitor_reckoned
from knopenkaart_web.pages.monitor import sums as monitor_sum
from knopenkaart_web.pages.monitor import tables as monitor_tables
from knopenkaart_web.pages.views.monitor_common import crumbs_of, find_area, monitor_page
from knopenkaart_web.pages.views.monitor_fresh import if_changed


@require_safe
def monitor_page_all(request: HttpRequest) -> HttpResponse:
    """Search an area, or begin at a municipality that is on the map, or at the country."""
    text = request.GET.get("q", "").strip()[:100]
    found = queries.find(text) if text else []
    if len(found) == 1:
        return redirect("monitor_area", found[0].code)
    context = {"edition": queries.edition(), "text": text, "found": monitor_entry.hits(found), "starts": monitor_entry.starts()}
    return render(request, "pages/monitor/entry.html", context)


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The profile of an area, against a comparison, for a group, or between two groups."""
    ref = find_area(code)
    asked = {"met": "met", "group": "groep", "other_group": "andere"}
    wanted = {name: request.GET.get(key, "")[:60] for name, key in asked.items()}
    profile = monitor_profile.compose(ref, lang=language(), **wanted)
    reckoned = monitor_reckoned.compose(ref, profile.group, asked=request.GET.get("schatting") == "aan", lang=language())
    context = {"profile": profile, "children": queries.children(ref), "sums": monitor_sum.sentences(ref), "reckoned": reckoned}
    return monitor_page(request, ref, "pages/monitor/profile.html", tab="profile", crumbs=crumbs_of(ref), **context)


@require_safe
def area_map(request: HttpRequest, code: str) -> HttpResponse:
    """The areas in or around an area, shaded by a figure."""
    ref = find_area(code)
    level, indicator, group = (request.GET.get(key, "")[:80] for key in ("niveau", "wat", "groep"))
    by_group = request.GET.get("naast") == "groepen"
    found = monitor_map.compose(ref, lang=language(), level=level, indicator=indicator, group=group, by_group=by_group)
    return monitor_page(request, ref, "pages/monitor/map.html", tab="map", shown=found, crumbs=crumbs_of(ref, _("Map")))


@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Areas, groups and years beside one another."""
    ref = find_area(code)
    found = monitor_compare.compose(ref, monitor_compare.asked_of(request.GET), lang=language())
    if added := monitor_compare.with_the_one_found(found, request.GET):
        return redirect(f"{request.path}?{added}")
    return monitor_page(request, ref, "pages/monitor/compare.html", tab="compare", shown=found, crumbs=crumbs_of(ref, _("Compare")))


@require_safe
@if_changed
def compare_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The whole comparison as a file."""
    content = monitor_tables.comparison_csv(find_area(code), replace(monitor_compare.asked_of(request.GET), everything=True))
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-vergelijk.csv"'
    return response
