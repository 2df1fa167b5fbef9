# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every page inside a study shows, and the crumbs of its path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import permissions
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.map_texts import map_attribution
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import AreaRow, PlaceFilter, PlacePage, PlaceRow, PlaceView, StudyView
from knopenkaart_web.runs.queries import reach_state

CSV = "text/csv; charset=utf-8"
ALL_COVERAGE = ("covered", "partial", "marginal", "unknown", "unusable")


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step in the path to a page; without an address it is the page itself."""

    label: str
    url: str = ""


def page(request: HttpRequest, study: StudyView, template: str, **more: Any) -> HttpResponse:
    """Render a page of a study; `status` in `more` is the HTTP status."""
    role = permissions.role(request.user, study.slug)
    status = more.pop("status", 200)
    context = {
        "study": study,
        "may_edit": role in ("editor", "manager"),
        "may_manage": role == "manager",
        "coverage_states": ALL_COVERAGE,
        "map_attribution": map_attribution(study),
        "map_bounds": bounds_text(study.bounds),
        "reachable": reach_state(study.slug) is not None,
        **more,
    }
    return render(request, template, context, status=status)


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Do what a button asks; where it is refused, the next page says why."""
    try:
        yield
    except InputError as error:
        messages.error(request, error_text(error.code))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where it is empty; None on a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def attached(content: str | bytes, name: str, kind: str = CSV) -> HttpResponse:
    """A file to keep under a name, of a kind such as application/pdf."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def bounds_text(bounds: tuple[float, float, float, float] | None) -> str:
    """West, south, east, north with commas, for the map component; a comma in a number would break it, whatever the language."""
    return ",".join(f"{degrees:.6f}" for degrees in bounds) if bounds else ""


def study_crumb(study: StudyView) -> Crumb:
    """The first step of every path in a study."""
    return Crumb(study.name, reverse("study", args=[study.slug]))


def place_crumb(study: StudyView, place: PlaceRow) -> Crumb:
    """The step of a path that is the page of a place."""
    return Crumb(place.label, reverse("place", args=[study.slug, place.id]))


def find_study(slug: str) -> StudyView:
    """The study, or page not found."""
    found = queries.study(slug)
    if found is None:
        raise Http404
    return found


def named_areas(study: StudyView) -> list[AreaRow]:
    """The municipalities and wijken of a study."""
    found = [queries.municipality(study.slug, row.code, lang=language()) for row in study.municipalities]
    return [*study.municipalities, *(wijk for view in found if view is not None for wijk in view.wijken)]


def find_places(slug: str, wanted: PlaceFilter) -> PlacePage:
    """One page of the places that match, or page not found."""
    found = queries.places(slug, wanted, lang=language(), now=timezone.now())
    if found is None:
        raise Http404
    return found


def find_place(slug: str, place_id: object, *, url: str | None = None) -> PlaceView:
    """The place, or page not found."""
    found = queries.place(slug, str(place_id), lang=language(), now=timezone.now(), url=url)
    if found is None:
        raise Http404
    return found
