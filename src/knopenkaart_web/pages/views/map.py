# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map page, and the data that the map component fetches."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.legend import legend
from knopenkaart_web.pages.map_texts import map_texts, measure_texts
from knopenkaart_web.pages.views.common import find_places, find_study, page
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.reach.queries import choices

# Whether a place is open changes with the clock: data are as good as new for this long.
FRESH_SECONDS = 300


@require_safe
def map_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The map with the filter form; without JavaScript the form and a link lead to the list."""
    study = find_study(slug)
    chosen = PlaceFilter.from_query(request.GET)
    facets = find_places(slug, chosen).facets
    everything = find_places(slug, PlaceFilter(small_spots=True)).facets
    measures = choices(slug, lang=language())
    context = {
        "filter": chosen,
        "facets": facets,
        "legend": legend(everything.kinds),
        "map_texts": map_texts() | measure_texts(measures),
        "measures": measures,
        "buurten": queries.has_buurten(slug),
    }
    return page(request, study, "pages/map.html", **context)


def _etag(request: HttpRequest, slug: str) -> str:
    period = int(timezone.now().timestamp()) // FRESH_SECONDS
    return f'"{slug}-{find_study(slug).revision}-{language()}-{period}"'


@require_safe
@condition(etag_func=_etag)
def places_json(request: HttpRequest, slug: str) -> JsonResponse:
    """All places of a study in the form that the map component reads."""
    return _data(queries.map_places(slug, lang=language(), now=timezone.now()))


@require_safe
@condition(etag_func=_etag)
def areas_json(request: HttpRequest, slug: str) -> JsonResponse:
    """The areas of a study with their counts, as GeoJSON; its buurten apart, where these are asked for."""
    levels = ("buurt",) if request.GET.get("niveau") == "buurt" else ("municipality", "wijk")
    return _data(queries.map_areas(slug, lang=language(), url=partial(_area_url, slug), levels=levels))


def _area_url(slug: str, code: str, level: str) -> str:
    return reverse("municipality" if level == "municipality" else "area", args=[slug, code])


def _data(content: dict[str, Any] | None) -> JsonResponse:
    if content is None:
        raise Http404
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    response["Cache-Control"] = "no-cache"
    return response
