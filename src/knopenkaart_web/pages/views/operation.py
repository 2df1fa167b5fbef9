# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a place is doing: its use, its costs, what to talk about, what it gives; and the same of all places for editors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from knopenkaart_web.accounts import permissions
from knopenkaart_web.operation import actions, queries
from knopenkaart_web.pages import operation as told
from knopenkaart_web.pages import operation_study as study_told
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import Crumb, attached, find_study, named_areas, page, place_crumb, refusals_told, study_crumb
from knopenkaart_web.pages.views.freshness import present_place
from knopenkaart_web.pages.views.guard import for_editors, for_operators
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import PlaceView, StudyView


def about(study: StudyView, place: PlaceView, heading: str) -> dict[str, Any]:
    """What every page of use and money of a place shows."""
    first = Crumb(_("Use and money"), reverse("operation", args=[study.slug, place.id]))
    here = [first, Crumb(heading)] if heading != _("How is it going here?") else [Crumb(_("Use and money"))]
    return {"place": place, "heading": heading, "crumbs": [study_crumb(study), place_crumb(study, place), *here]}


@require_safe
@for_operators
def place_operation(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """How full, what it costs, what to talk about, what nobody knows."""
    study, place = find_study(slug), present_place(slug, place_id)
    known = queries.of_place(slug, place.id)
    found = told.of_place(slug, known, place)
    context = about(study, place, _("How is it going here?")) | {
        "known": known,
        "found": found,
        "costs": told.cost_rows(slug, found, queries.comparison(slug)),
        "week": told.use_table(found.use.slots, peaks=found.use.peaks, quiet=found.use.quiet),
        "signals": told.signal_rows(slug, found, language()),
        "unknown": told.unknown_rows(slug, found, language()),
        "quiet": told.titles(found.warning.quiet, language()),
        "years": told.year_rows(known.years),
    }
    return page(request, study, "pages/operation/place.html", **context)


@require_safe
@for_operators
def social_value(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """What a place gives, line by line, each with its source."""
    study, place = find_study(slug), present_place(slug, place_id)
    found = told.of_place(slug, queries.of_place(slug, place.id), place)
    context = about(study, place, _("Social value")) | {"lines": told.sheet_rows(slug, found, language()), "today": found.facts.today}
    return page(request, study, "pages/operation/social_value.html", **context)


@require_safe
@for_editors
def study_operation(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All places of which anything was written down, those to talk about first."""
    study = find_study(slug)
    wanted = {name: request.GET.get(name, "") for name in ("wijk", "archetype", "sorteer")}
    sort = wanted["sorteer"] if wanted["sorteer"] in study_told.SORTS else "signals"
    rows = study_told.study_rows(slug, language(), wijk=wanted["wijk"], archetype=wanted["archetype"], sort=sort)
    context = {
        "rows": rows,
        "wanted": wanted,
        "sort": sort,
        "wijken": [area for area in named_areas(study) if area.level == "wijk"],
        "archetypes": [(name, words.archetype_label(name, language())) for name in words.vocabulary().archetypes],
        "comparison": queries.comparison(slug),
        "crumbs": [study_crumb(study), Crumb(_("Use and money"))],
    }
    return page(request, study, "pages/operation/study.html", **context)


@require_POST
@for_editors
def comparison_make(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Compare the money of all places, once in a calendar year."""
    with refusals_told(request):
        actions.make_comparison(request.user, slug, study_told.compared_places(slug))
        messages.success(request, _("The places were compared."))
    return redirect("study_operation", slug)


@require_safe
@never_cache
def money_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The money of all places as whoever asks may see it: everybody what was released."""
    find_study(slug)
    editor = permissions.allowed(request.user, slug, "editor")
    text = study_told.money_table(slug, editor=editor, own=queries.own_places(request.user, slug))
    return attached(text, f"{slug}-geld.csv")
