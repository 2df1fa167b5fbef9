# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the Wijkmonitor about an area through the years, areas like it, and what people say of it; its figures as a file."""

from __future__ import annotations

from collections.abc import Callable

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from knopenkaart.errors import InputError
from knopenkaart.paper.rendering import png
from knopenkaart_web.pages import turns
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.monitor import gap as monitor_gap
from knopenkaart_web.pages.monitor import perception as monitor_perception
from knopenkaart_web.pages.monitor import picture_tables as monitor_picture_tables
from knopenkaart_web.pages.monitor import similar as monitor_similar
from knopenkaart_web.pages.monitor import tables as monitor_tables
from knopenkaart_web.pages.monitor import trend as monitor_trend
from knopenkaart_web.pages.monitor.around import around
from knopenkaart_web.pages.monitor.downloads import figures_csv
from knopenkaart_web.pages.monitor.embeds import Picture
from knopenkaart_web.pages.monitor.embeds import picture as make_picture
from knopenkaart_web.pages.views.common import Crumb, find_study, page, study_crumb
from knopenkaart_web.pages.views.monitor_common import asked_area, crumbs_of, find_area, monitor_page
from knopenkaart_web.pages.views.monitor_fresh import if_changed


@require_safe
def trend_page(request: HttpRequest, code: str) -> HttpResponse:
    """Figures of an area through the years: `wat` is the indicator, `groep` (several) the groups, `indeling` the year of its division."""
    area = asked_area(request, code)
    told = monitor_trend.compose(around(area), wanted=request.GET.get("wat", ""), groups=request.GET.getlist("groep"))
    return monitor_page(request, area, "pages/monitor/trend.html", t=told, tab="trend", crumbs=crumbs_of(area, _("Trend")))


@require_safe
def similar_page(request: HttpRequest, code: str) -> HttpResponse:
    """Wijken over the country with a profile like this one."""
    area = find_area(code)
    if area.level != "wijk":
        raise Http404
    told = monitor_similar.compose(area)
    return monitor_page(request, area, "pages/monitor/similar.html", s=told, tab="similar", crumbs=crumbs_of(area, _("Similar wijken")))


@require_safe
def perception_page(request: HttpRequest, code: str) -> HttpResponse:
    """What people say of an area, and what a model makes of it, beside what was counted."""
    area = asked_area(request, code)
    told = monitor_perception.compose(around(area))
    return monitor_page(request, area, "pages/monitor/perception.html", p=told, tab="perception", crumbs=crumbs_of(area, _("Perception")))


@require_safe
@if_changed
def csv(request: HttpRequest, code: str) -> HttpResponse:
    """Every figure of an area, with what it rests on."""
    return _file(figures_csv(around(asked_area(request, code))), f"{code}-cijfers")


def _file(content: str | None, name: str) -> HttpResponse:
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
@if_changed
def similar_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The figures in which wijken are like this one, and those in which they are not."""
    area = find_area(code)
    return _file(monitor_tables.similar_csv(area) if area.level == "wijk" else None, f"{code}-vergelijkbaar")


@require_safe
@if_changed
def perception_csv(request: HttpRequest, code: str) -> HttpResponse:
    """What people say of an area beside what was counted."""
    return _file(monitor_tables.perception_csv(asked_area(request, code)), f"{code}-beleving")


@require_safe
def gap_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All signals of groups and wijken, as the page was asked for them."""
    content = monitor_tables.gap_csv(find_study(slug), group=request.GET.get("groep", ""), flag=request.GET.get("let-op", ""))
    response = _file(content, f"{slug}-wie-mist-een-plek")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@if_changed
def picture_csv(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The figures of a picture as a file."""
    return _file(monitor_picture_tables.picture_csv(asked_area(request, code), what, request.GET), f"{code}-{what}")


def _picture(request: HttpRequest, code: str, what: str) -> Picture:
    found = make_picture(asked_area(request, code), what, request.GET)
    if found is None:
        raise Http404
    return found


@require_safe
@if_changed
def picture(request: HttpRequest, code: str, what: str, form: str) -> HttpResponse:
    """A picture as a file, with its title and source inside."""
    made = FORMS.get(form)
    if made is None:
        raise Http404
    kind, draw = made
    try:
        content = draw(lambda: _picture(request, code, what))
    except InputError as error:
        return HttpResponse(error_text(error.code), status=UNAVAILABLE, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{code}-{what}.{form}"'
    return response


def _pixels(make: Callable[[], Picture]) -> bytes:
    # What is drawn is composed inside the turn too: that takes as long.
    with turns.turn():
        return png(make().svg)


UNAVAILABLE = 503
FORMS: dict[str, tuple[str, Callable[[Callable[[], Picture]], bytes]]] = {
    "svg": ("image/svg+xml", lambda make: make().svg.encode("utf-8")),
    "png": ("image/png", _pixels),
}


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it takes any view, whatever its type says
def embed(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """A bare page with a picture for a frame in any other site: the only page that may stand in one."""
    return render(request, "pages/monitor/embed.html", {"picture": _picture(request, code, what), "area": asked_area(request, code)})


@require_safe
def gap_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Which group in which wijk is large or badly off, and has no node that it can reach or uses."""
    study = find_study(slug)
    everything = request.GET.get("alles") == "ja"
    told = monitor_gap.compose(study, group=request.GET.get("groep", ""), flag=request.GET.get("let-op", ""), everything=everything)
    return page(request, study, "pages/monitor/gap.html", g=told, crumbs=[study_crumb(study), Crumb(_("Who lacks a place?"))])
