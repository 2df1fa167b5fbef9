# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom: the overview, one place, how many places, what was measured, and what this is not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knopenkaart.visits.recognised import LEAST_PLACES
from knopenkaart_web.cards import queries as cards
from knopenkaart_web.meeting.opening import Opened, opened
from knopenkaart_web.pages import background
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.meeting import curve, doubts, measured, method, overview
from knopenkaart_web.pages.meeting import place as meeting_place
from knopenkaart_web.pages.views.common import Crumb, find_place, find_study, page, place_crumb, refusals_told, study_crumb
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.places.views_data import StudyView
from knopenkaart_web.runs import actions
from knopenkaart_web.runs import queries as runs

KIND = "meeting"


def _page(request: HttpRequest, study: StudyView, template: str, here: str = "", **more: Any) -> HttpResponse:
    first = Crumb(_("Meeting"), reverse("meeting", args=[study.slug]) if here else "")
    crumbs = [study_crumb(study), first, *([Crumb(here)] if here else [])]
    return page(request, study, f"pages/meeting/{template}.html", **({"crumbs": crumbs, "work": _work(study.slug)} | more))


def _work(slug: str) -> dict[str, Any]:
    """How far the reckoning is that somebody asked for."""
    run = runs.latest(slug, KIND, {})
    return {"run": run, "refusal": error_text(run.error) if run is not None and run.error else ""}


@require_safe
def overview_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the model gives of recognition, for everybody, per area and place, and between groups."""
    study, found = find_study(slug), opened(slug)
    asked = {name: asked_text(request.GET, key) for name, key in (("level", "niveau"), ("group", "groep"), ("matrix", "tabel"))}
    told = overview.compose(found, slug, lang=language(), **asked) if found else None
    return _page(request, study, "overview", shown=told, tab="meeting")


@require_safe
def place_page(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """Who meets whom at one place, and what it adds."""
    study, place, found = find_study(slug), find_place(slug, place_id), opened(slug)
    if place.removed or place.merged_into:
        raise Http404
    told = meeting_place.compose(found, str(place_id), lang=language()) if found else None
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Meeting"))]
    return _page(request, study, "place", shown=told, place=place, crumbs=crumbs)


@require_safe
def curve_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How many places; with `deel` only what settings make of it, which a script asks for while one slides."""
    study, found = find_study(slug), opened(slug)
    asked = {name: asked_text(request.GET, name) for name in curve.NAMES}
    told = curve.compose(found, asked, lang=language()) if found else None
    if "deel" in request.GET:
        return _part(request, study, told, found)
    return _page(request, study, "curve", _("How many places"), shown=told, tab="curve", times_text=curve.times_text())


def _part(request: HttpRequest, study: StudyView, told: curve.Curve | None, found: Opened | None) -> HttpResponse:
    if told is None or told.what_if is None:
        raise Http404
    return render(request, "pages/meeting/parts/settings.html", {"study": study, "shown": told, "what_if": told.what_if})


@require_safe
def doubts_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What this is not, and what drives the answer."""
    told = doubts.compose(opened(slug), lang=language())
    return _page(request, find_study(slug), "sceptic", _("What this is not"), shown=told, tab="sceptic")


@require_safe
def measured_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What visitors say of whom they recognise, beside the model."""
    study = find_study(slug)
    told = measured.compose(slug, opened(slug), cards.waves(slug), lang=language())
    return _page(request, study, "measured", _("Measured"), shown=told, least=LEAST_PLACES, tab="measured")


@require_safe
def method_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How each of these pages is reckoned, in plain words."""
    study, found = find_study(slug), opened(slug)
    about = found.about(language()) if found else None
    told = {"about": about, "sections": method.SECTIONS}
    return _page(request, study, "method", _("How it is reckoned"), shown=told, tab="method")


@require_POST
@for_editors
def renew(request: HttpRequest, slug: str) -> HttpResponse:
    """Have it reckoned (anew)."""
    find_study(slug)
    with refusals_told(request):
        background.start(request.user, slug, KIND, {})
    return redirect("meeting", slug)


@require_POST
@for_editors
def stop(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    """Stop the reckoning."""
    with refusals_told(request):
        actions.cancel(request.user, slug, str(run_id))
    return redirect("meeting", slug)
