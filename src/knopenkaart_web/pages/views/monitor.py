# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the Wijkmonitor: where one begins, what is told of an area, and which groups lack a place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from knopenkaart_web.monitor import queries
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import compare, entry, gap, maps, perception, profile, reckoned, similar, sums, trend
from knopenkaart_web.pages.monitor.around import around
from knopenkaart_web.pages.views.common import Crumb, find_study, page, study_crumb
from knopenkaart_web.pages.views.monitor_common import asked_area, crumbs_of, find_area, monitor_page


@require_safe
def entry_page(request: HttpRequest) -> HttpResponse:
    """Search an area, or begin at a municipality that is on the map, or at the country."""
    text = asked_text(request.GET, "q")
    found = queries.find(text) if text else []
    if len(found) == 1:
        return redirect("monitor_area", found[0].code)
    told = {"starts": entry.starts(), "sources": entry.sources()}
    return render(request, "pages/monitor/entry.html", {"edition": queries.edition(), "text": text, "found": entry.hits(found), **told})


@require_safe
def profile_page(request: HttpRequest, code: str) -> HttpResponse:
    """The profile of an area, against a comparison, for a group, or between two groups."""
    ref = find_area(code)
    asked = {"met": "met", "group": "groep", "other_group": "andere"}
    wanted = {name: asked_text(request.GET, key) for name, key in asked.items()}
    found = profile.compose(ref, lang=language(), **wanted)
    made = reckoned.compose(ref, found.group, asked=request.GET.get("schatting") == "aan", lang=language())
    context = {"profile": found, "children": queries.children(ref), "sums": sums.sentences(ref), "reckoned": made}
    return monitor_page(request, ref, "pages/monitor/profile.html", tab="profile", crumbs=crumbs_of(ref), **context)


@require_safe
def map_page(request: HttpRequest, code: str) -> HttpResponse:
    """The areas in or around an area, shaded by a figure."""
    ref = find_area(code)
    level, indicator, group = (asked_text(request.GET, key) for key in ("niveau", "wat", "groep"))
    by_group = request.GET.get("naast") == "groepen"
    found = maps.compose(ref, lang=language(), level=level, indicator=indicator, group=group, by_group=by_group)
    return monitor_page(request, ref, "pages/monitor/map.html", tab="map", shown=found, crumbs=crumbs_of(ref, _("Map")))


@require_safe
def compare_page(request: HttpRequest, code: str) -> HttpResponse:
    """Areas, groups and years beside one another."""
    ref = find_area(code)
    found = compare.compose(ref, compare.asked_of(request.GET), lang=language())
    if added := compare.with_the_one_found(found, request.GET):
        return redirect(f"{request.path}?{added}")
    return monitor_page(request, ref, "pages/monitor/compare.html", tab="compare", shown=found, crumbs=crumbs_of(ref, _("Compare")))


@require_safe
def trend_page(request: HttpRequest, code: str) -> HttpResponse:
    """Figures of an area through the years: `wat` is the indicator, `groep` (several) the groups, `indeling` the year of its division."""
    area = asked_area(request, code)
    told = trend.compose(around(area), wanted=asked_text(request.GET, "wat"), groups=request.GET.getlist("groep"))
    return monitor_page(request, area, "pages/monitor/trend.html", t=told, tab="trend", crumbs=crumbs_of(area, _("Trend")))


@require_safe
def similar_page(request: HttpRequest, code: str) -> HttpResponse:
    """Wijken over the country with a profile like this one."""
    area = find_area(code)
    if area.level != "wijk":
        raise Http404
    told = similar.compose(area)
    return monitor_page(request, area, "pages/monitor/similar.html", s=told, tab="similar", crumbs=crumbs_of(area, _("Similar wijken")))


@require_safe
def perception_page(request: HttpRequest, code: str) -> HttpResponse:
    """What people say of an area, and what a model makes of it, beside what was counted."""
    area = asked_area(request, code)
    told = perception.compose(around(area))
    return monitor_page(request, area, "pages/monitor/perception.html", p=told, tab="perception", crumbs=crumbs_of(area, _("Perception")))


@require_safe
def gap_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Which group in which wijk is large or badly off, and has no node that it can reach or uses."""
    study = find_study(slug)
    everything = request.GET.get("alles") == "ja"
    told = gap.compose(study, group=asked_text(request.GET, "groep"), flag=asked_text(request.GET, "let-op"), everything=everything)
    return page(request, study, "pages/monitor/gap.html", g=told, crumbs=[study_crumb(study), Crumb(_("Who lacks a place?"))])
