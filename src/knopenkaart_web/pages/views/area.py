# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of areas: all studies, a study, a municipality, a wijk or buurt; and how all of it was counted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.legend import archetypes
from knopenkaart_web.pages.map_texts import map_texts
from knopenkaart_web.pages.views.common import Crumb, bounds_text, find_places, find_study, page, study_crumb
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import AreaView, MunicipalityView, PlaceFilter, StudyView
from knopenkaart_web.reach import areas as reach
from knopenkaart_web.reach import opening
from knopenkaart_web.reach.views_data import AreaReach


@require_safe
def studies_page(request: HttpRequest) -> HttpResponse:
    """All studies; where there is one, that study."""
    rows = queries.studies()
    if len(rows) == 1:
        return redirect("study", rows[0].slug)
    return render(request, "pages/studies.html", {"studies": rows})


@require_safe
def study_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The municipality of a study, or the list of its municipalities."""
    study = find_study(slug)
    if len(study.municipalities) == 1:
        found = _municipality(slug, study.municipalities[0].code)
        return page(request, study, "pages/municipality.html", m=found, reach=_reach(request, slug, found.code))
    return page(request, study, "pages/study.html")


@require_safe
def municipality_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One municipality of a study that has several."""
    study, found = find_study(slug), _municipality(slug, code)
    if len(study.municipalities) == 1:
        return redirect("study", slug)
    crumbs = [study_crumb(study), Crumb(found.name)]
    return page(request, study, "pages/municipality.html", m=found, crumbs=crumbs, reach=_reach(request, slug, code))


@require_safe
def area_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A wijk or buurt: its nodes against the municipality, how far it is covered, and its places."""
    study, area = find_study(slug), queries.area(slug, code, lang=language())
    if area is None:
        raise Http404
    if area.level == "municipality":
        return redirect("municipality", slug, code)
    places = find_places(slug, PlaceFilter(area=(code,)))
    context = {"area": area, "page": places, "map_texts": map_texts(), "crumbs": _crumbs(study, area), "reach": _reach(request, slug, code)}
    return page(request, study, "pages/area.html", **context, map_bounds=bounds_text(area.bounds or study.bounds))


@require_safe
def about_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Sources and their dates, what counts, the method, and what could not be done."""
    study = find_study(slug)
    context = {
        "selection": queries.selection(slug, lang=language()),
        "archetypes": archetypes(language()),
        "notices": queries.notices(slug),
        "reach_about": opening.about(slug),
    }
    return page(request, study, "pages/about.html", **context)


def _reach(request: HttpRequest, slug: str, code: str) -> AreaReach | None:
    """What the residents have near; `wat` in the address is what the groups are told of."""
    return reach.area(slug, code, lang=language(), what=request.GET.get("wat", ""))


def _municipality(slug: str, code: str) -> MunicipalityView:
    found = queries.municipality(slug, code, lang=language())
    if found is None:
        raise Http404
    return found


def _crumbs(study: StudyView, area: AreaView) -> list[Crumb]:
    crumbs = [study_crumb(study)]
    if area.municipality and len(study.municipalities) > 1:
        crumbs.append(Crumb(area.municipality.name, reverse("municipality", args=[study.slug, area.municipality.code])))
    if area.wijk:
        crumbs.append(Crumb(area.wijk.name, reverse("area", args=[study.slug, area.wijk.code])))
    return [*crumbs, Crumb(area.name)]
