# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who can walk where: the overview, what is near an address, and the data that the map asks for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import condition, require_POST, require_safe

from knopenkaart_web.pages import background
from knopenkaart_web.pages.asked import asked_text, whole_number
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.map_texts import map_texts
from knopenkaart_web.pages.views.common import find_place, find_study, page, refusals_told
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.places.views_data import PlaceView
from knopenkaart_web.reach import areas, homes, queries
from knopenkaart_web.reach.views_data import HomeReach
from knopenkaart_web.runs.queries import reach_state

MOST_PLACES = 50


@require_safe
def reach_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has nothing near, per wijk; how many people live near each place; places that serve the same people."""
    study = find_study(slug)
    found = areas.overview(
        slug,
        what=request.GET.get("wat", ""),
        group=request.GET.get("groep", ""),
        minutes=whole_number(request.GET.get("minuten", "")) or 0,
        mode=request.GET.get("hoe", ""),
        lang=language(),
    )
    everything = request.GET.get("alles") == "ja"
    places = found.places if found and everything else found.places[:MOST_PLACES] if found else []
    return page(request, study, "pages/reach.html", reach=found, places=places, everything=everything)


@require_safe
def near_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is near an address, a home or a spot on the map; with `deel` only the part that the map shows beside itself."""
    study = find_study(slug)
    text = asked_text(request.GET, "q")
    choices = homes.find(slug, text)
    found = _asked_for(request, slug)
    if found is None and len(choices) == 1:
        found = homes.home(slug, choices[0].home, lang=language())
    if "deel" in request.GET:
        return render(request, "pages/parts/near_home.html", {"study": study, "home": found, "part": True})
    context = {
        "home": found,
        "choices": choices[: homes.MOST_CHOICES],
        "more": len(choices) > homes.MOST_CHOICES,
        "text": text,
        "known": reach_state(slug) is not None,
        "map_texts": map_texts(),
    }
    return page(request, study, "pages/near.html", **context)


def _asked_for(request: HttpRequest, slug: str) -> HomeReach | None:
    number = whole_number(request.GET.get("woning", ""))
    if number is not None:
        return homes.home(slug, number, lang=language())
    try:
        lon, lat = (float(request.GET.get(name, "")) for name in ("lon", "lat"))
    except ValueError:
        return None
    return homes.at(slug, lon, lat, lang=language()) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


@require_safe
def place_reach(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """The part of a place's page about reach, as the map shows it beside itself; whoever comes here without a map is led to that page."""
    study, place = find_study(slug), _public_place(slug, place_id)
    if "deel" not in request.GET:
        return redirect(f"{reverse('place', args=[slug, place_id])}#reach")
    found = queries.place(slug, str(place_id), lang=language())
    return render(request, "pages/parts/place_reach.html", {"study": study, "place": place, "reach": found, "part": True})


def _public_place(slug: str, place_id: UUID) -> PlaceView:
    """A place that there is still, or page not found."""
    place = find_place(slug, place_id)
    if place.removed or place.merged_into:
        raise Http404
    return place


def _etag(request: HttpRequest, slug: str, **rest: object) -> str:
    state = reach_state(slug)
    reckoned = f"{state.ended.timestamp()}-{state.busy}-{state.error}" if state else "nothing"
    return f'"{find_study(slug).revision}-{reckoned}-{language()}"'


@require_safe
@condition(etag_func=_etag)
def isochrones_json(request: HttpRequest, slug: str, place_id: UUID) -> JsonResponse:
    """The ground within reach of a place, as GeoJSON."""
    _public_place(slug, place_id)
    return _json(queries.isochrones(slug, str(place_id)))


@require_safe
@condition(etag_func=_etag)
def homes_json(request: HttpRequest, slug: str) -> JsonResponse:
    """Squares of homes with the minutes on foot to everything."""
    return _json(queries.homes_layer(slug))


@require_safe
@condition(etag_func=_etag)
def measures_json(request: HttpRequest, slug: str) -> JsonResponse:
    """One figure of every area, by which the map shades them."""
    found = areas.measure(
        slug,
        measure=request.GET.get("meting", ""),
        what=request.GET.get("wat", ""),
        group=request.GET.get("groep", ""),
        minutes=whole_number(request.GET.get("minuten", "")) or 0,
        mode=request.GET.get("hoe", ""),
        slot=request.GET.get("dagdeel", ""),
    )
    return _json(found.document() if found else None)


def _json(content: dict[str, Any] | None) -> JsonResponse:
    if content is None:
        raise Http404
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    response["Cache-Control"] = "no-cache"
    return response


@require_POST
@for_editors
def renew(request: HttpRequest, slug: str) -> HttpResponse:
    """Have reach reckoned anew now, whatever the clock says."""
    find_study(slug)
    with refusals_told(request):
        background.start(request.user, slug, "reach", {})
    return redirect("reach", slug)
