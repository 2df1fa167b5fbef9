# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes: the figures of a place as they were released, and all places that were counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knopenkaart_web.accounts import permissions
from knopenkaart_web.cards import queries as cards
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import Crumb, attached, find_place, find_study, page, refusals_told, study_crumb
from knopenkaart_web.pages.views.guard import for_operators
from knopenkaart_web.pages.visits.answers import card_answers
from knopenkaart_web.pages.visits.series import month_series
from knopenkaart_web.pages.visits.visitors import overview, visitors, visits_table
from knopenkaart_web.pages.visits.waves import chosen_wave
from knopenkaart_web.visits import released, releasing


@require_safe
def place_visitors(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """Who comes at a place, per round, as it was released; who runs it and editors see it first."""
    study, place = find_study(slug), find_place(slug, place_id)
    runs = permissions.allowed_at(request.user, slug, place_id)
    rows = released.of_place(slug, place.id, first_look=runs)
    wanted = request.GET.get("ronde", "")
    chosen = next((row for row in rows if row.id == wanted), rows[0] if rows else None)
    context = {
        "place": place,
        "runs": runs,
        "releases": rows,
        "chosen": visitors(chosen, language()) if chosen else None,
        "months_of_year": [date_format(date(2024, month, 1), "M") for month in range(1, 13)],
        "answers": card_answers(slug, chosen.figures, language()) if chosen else None,
        "series": month_series(released.series_of_place(slug, place.id, first_look=runs)),
        "crumbs": [study_crumb(study), Crumb(place.label, reverse("place", args=[slug, place.id])), Crumb(_("Who comes here?"))],
    }
    return page(request, study, "pages/visitors/place.html", **context)


@require_safe
def visits_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All places that were counted, with their visits per week; and what residents answered."""
    study = find_study(slug)
    may_edit = permissions.allowed(request.user, slug, "editor")
    rows = overview(slug, released.latest_per_place(slug, first_look=may_edit), language())
    told = cards.waves(slug)
    context = {
        "rows": rows,
        "waves": told,
        "wave": chosen_wave(slug, told, request.GET.get("peiling", ""), language()),
        "crumbs": [study_crumb(study), Crumb(_("Who comes where?"))],
    }
    return page(request, study, "pages/visitors/study.html", **context)


@require_safe
def visits_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The visits of all places as everybody may see them."""
    find_study(slug)
    return attached(visits_table(slug, released.latest_per_place(slug)), f"{slug}-bezoek.csv")


@require_POST
@for_operators
def release_step(request: HttpRequest, slug: str, place_id: UUID, release_id: UUID, step: str) -> HttpResponseBase:
    """Show figures to everybody, take them back, or reply to them."""
    if step not in _STEPS:
        raise Http404
    with refusals_told(request):
        _STEPS[step](request, slug, str(place_id), str(release_id))
        messages.success(request, _said(step))
    return redirect("visitors", slug, place_id)


def _said(step: str) -> str:
    return {"toon": _("Everybody sees these figures now."), "trek-in": _("The figures were taken back.")}.get(
        step, _("Your reply was saved.")
    )


def _show(request: HttpRequest, slug: str, place_id: str, release_id: str) -> None:
    releasing.show_release(request.user, slug, place_id, release_id)


def _withdraw(request: HttpRequest, slug: str, place_id: str, release_id: str) -> None:
    releasing.withdraw_release(request.user, slug, place_id, release_id, request.POST.get("reason", ""))


def _reply(request: HttpRequest, slug: str, place_id: str, release_id: str) -> None:
    releasing.reply_to_release(request.user, slug, place_id, release_id, request.POST.get("reply", ""))


_STEPS: Mapping[str, Callable[[HttpRequest, str, str, str], None]] = {"toon": _show, "trek-in": _withdraw, "antwoord": _reply}
