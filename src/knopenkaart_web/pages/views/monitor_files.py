# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one may take along of the Wijkmonitor: figures and tables as CSV, pictures as SVG and PNG, and a picture in any other site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from knopenkaart.errors import InputError
from knopenkaart.paper.rendering import png
from knopenkaart.publish.csvw import for_spreadsheet
from knopenkaart_web.monitor import queries
from knopenkaart_web.pages import turns
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import compare, picture_tables, tables
from knopenkaart_web.pages.monitor.around import around
from knopenkaart_web.pages.monitor.downloads import figures_csv
from knopenkaart_web.pages.monitor.embeds import Picture
from knopenkaart_web.pages.monitor.embeds import picture as make_picture
from knopenkaart_web.pages.views.common import attached, find_study
from knopenkaart_web.pages.views.monitor_common import asked_area, find_area, not_now
from knopenkaart_web.pages.views.monitor_fresh import if_changed


@require_safe
@if_changed
def csv(request: HttpRequest, code: str) -> HttpResponse:
    """Every figure of an area, with what it rests on."""
    return _file(request, figures_csv(around(asked_area(request, code))), f"{code}-cijfers")


def _file(request: HttpRequest, content: str | None, name: str) -> HttpResponse:
    """The file as programs read it, or with `vorm=excel` as a spreadsheet of the language of the page opens it."""
    if content is None:
        raise Http404
    if request.GET.get("vorm") == "excel":
        return attached(for_spreadsheet(content, decimal_comma=language() == "nl"), f"{name}-excel.csv")
    return attached(content, f"{name}.csv")


@require_safe
@if_changed
def compare_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The whole comparison as a file."""
    asked = replace(compare.asked_of(request.GET), everything=True)
    return _file(request, tables.comparison_csv(find_area(code), asked), f"{code}-vergelijk")


@require_safe
@if_changed
def similar_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The figures in which wijken are like this one, and those in which they are not."""
    area = find_area(code)
    return _file(request, tables.similar_csv(area) if area.level == "wijk" else None, f"{code}-vergelijkbaar")


@require_safe
@if_changed
def perception_csv(request: HttpRequest, code: str) -> HttpResponse:
    """What people say of an area beside what was counted."""
    return _file(request, tables.perception_csv(asked_area(request, code)), f"{code}-beleving")


@require_safe
def gap_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All signals of groups and wijken, as the page was asked for them."""
    content = tables.gap_csv(find_study(slug), group=asked_text(request.GET, "groep"), flag=asked_text(request.GET, "let-op"))
    response = _file(request, content, f"{slug}-wie-mist-een-plek")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@if_changed
def picture_csv(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The figures of a picture as a file."""
    return _file(request, picture_tables.picture_csv(asked_area(request, code), what, request.GET), f"{code}-{what}")


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
        return not_now(error)
    return attached(content, f"{code}-{what}.{form}", kind)


def _pixels(make: Callable[[], Picture]) -> bytes:
    # What is drawn is composed inside the turn too: that takes as long.
    with turns.turn():
        return png(make().svg)


FORMS: dict[str, tuple[str, Callable[[Callable[[], Picture]], bytes]]] = {
    "svg": ("image/svg+xml", lambda make: make().svg.encode("utf-8")),
    "png": ("image/png", _pixels),
}


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # it takes any view, whatever its type says
def embed(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """A bare page with a picture for a frame in any other site: the only page that may stand in one."""
    told = {"picture": _picture(request, code, what), "area": asked_area(request, code), "edition": queries.edition()}
    return render(request, "pages/monitor/embed.html", told)
