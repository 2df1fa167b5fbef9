# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an editor does to a place: add, correct, close or reopen, merge, split; and what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.freshness import queries as freshness
from knopenkaart_web.pages.forms.place import CorrectPlaceForm, MergeForm, NewPlaceForm, ReasonForm, SplitForm, StatusForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import Crumb, find_places, find_study, page, posted, study_crumb
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.places import actions, queries
from knopenkaart_web.places.views_data import PlaceFilter, PlaceRow, PlaceView, StudyView

UNPROCESSABLE = 422
SEARCH_RESULTS = 20
form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
@for_editors
def place_new(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Add a place that no source knows."""
    study, form = find_study(slug), NewPlaceForm(posted(request))
    made: list[str] = []

    def add() -> None:
        data = form.cleaned_data
        made.append(actions.add_place(request.user, slug, form.values(), data["reason"], status=data["status"]))

    if _done(form, add):
        messages.success(request, _("The place was added."))
        return redirect("place", slug, made[0])
    crumbs = [study_crumb(study), Crumb(_("Add a place"))]
    return page(request, study, "pages/edit/place_form.html", form=form, heading=_("Add a place"), crumbs=crumbs, status=_status(form))


@form_view
@for_editors
def place_edit(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Correct what is known about a place."""
    study, place = find_study(slug), _place(slug, place_id)
    form = CorrectPlaceForm.of(place, posted(request), freshness.proposed(slug, place.id, request.GET.get("reactie", "")))

    def correct() -> None:
        data = form.cleaned_data
        actions.correct_place(request.user, slug, place.id, form.changed_values(), data["reason"], version=data["version"])

    if _done(form, correct):
        messages.success(request, _("The correction was saved."))
        return redirect("place", slug, place.id)
    context = _about(study, place, _("Correct this place")) | {"form": form, "status": _status(form)}
    return page(request, study, "pages/edit/place_form.html", **context)


@form_view
@for_editors
def place_status(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """The next step in the life of a place."""
    study, place = find_study(slug), _place(slug, place_id)
    form = StatusForm(posted(request), current=place.status, initial={"status": request.GET.get("status", "")})
    if _done(form, lambda: actions.change_status(request.user, slug, place.id, form.cleaned_data["status"], form.cleaned_data["reason"])):
        messages.success(request, _("The status was changed."))
        return redirect("place", slug, place.id)
    explanation = _("The status is now: %(status)s.") % {"status": place.status_label}
    context = _about(study, place, _("Close or reopen")) | {"explanation": explanation, "button": _("Change the status")}
    return page(request, study, "pages/edit/simple_form.html", **context, form=form, status=_status(form))


@form_view
@for_editors
def place_merge(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Make one place of two."""
    study, place = find_study(slug), _place(slug, place_id)
    found = _candidates(slug, place, request.GET.get("q", ""))
    form = MergeForm(posted(request), candidates=found)
    if _done(form, lambda: actions.merge_places(request.user, slug, place.id, form.cleaned_data["other"], form.cleaned_data["reason"])):
        messages.success(request, _("The places were merged."))
        return redirect("place", slug, place.id)
    words = {"explanation": _("Two entries for the same place? Make them one. This can be undone."), "button": _("Merge")}
    context = _about(study, place, _("Merge")) | words | {"search_action": True, "query": request.GET.get("q", "")}
    context["impossible"] = "" if found else _("No other place was found. Search by name or address.")
    return page(request, study, "pages/edit/simple_form.html", **context, form=form, status=_status(form))


@form_view
@for_editors
def place_split(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Make two places of one: a record of a source leaves it."""
    study, place = find_study(slug), _place(slug, place_id)
    records = queries.place_sources(slug, place.id)
    form = SplitForm(posted(request), records=records)
    if _done(form, lambda: actions.split_place(request.user, slug, place.id, *form.chosen(), form.cleaned_data["reason"])):
        messages.success(request, _("The place was split."))
        return redirect("place", slug, place.id)
    words = {"explanation": _("Is this really more than one place? Choose what does not belong here."), "button": _("Split")}
    context = _about(study, place, _("Split")) | words
    context["impossible"] = _("This place has one record only. There is nothing to split.") if len(records) < 2 else ""
    return page(request, study, "pages/edit/simple_form.html", **context, form=form, status=_status(form))


@require_safe
@for_editors
def place_history(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """All that was done to a place, with a way back."""
    study, place = find_study(slug), _place(slug, place_id, gone=True)
    context = _about(study, place, _("History")) | {"events": queries.history(slug, place.id)}
    return page(request, study, "pages/edit/history.html", **context)


def _done(form: ReasonForm | Form, write: Callable[[], object]) -> bool:
    """Whether the form was sent, is right, and the action took it; otherwise the form shows everything that is wrong."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        write()
    except InputError as error:
        if not isinstance(form, ReasonForm):
            raise
        form.refuse(error)
        return False
    return True


def _status(form: Form) -> int:
    return UNPROCESSABLE if form.is_bound else 200


def _place(slug: str, place_id: UUID, *, gone: bool = False) -> PlaceView:
    found = queries.place_for_editor(slug, str(place_id), lang=language(), now=timezone.now())
    if found is None or (not gone and (found.merged_into or found.removed)):
        raise Http404
    return found


def _about(study: StudyView, place: PlaceView, heading: str) -> dict[str, object]:
    at_place = Crumb(place.label, reverse("place", args=[study.slug, place.id]))
    return {"place": place, "heading": f"{heading}: {place.label}", "crumbs": [study_crumb(study), at_place, Crumb(heading)]}


def _candidates(slug: str, place: PlaceView, words: str) -> list[PlaceRow]:
    """Places that might be the same: those nearby, and those that a search finds."""
    found = find_places(slug, PlaceFilter(q=words, small_spots=True)).items if words.strip() else []
    rows = [*found[:SEARCH_RESULTS], *(near.place for near in place.nearby)]
    return [row for row in {row.id: row for row in rows}.values() if row.id != place.id]
