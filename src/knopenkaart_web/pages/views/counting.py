# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a coordinator does: rounds of counting at a place, links with a QR code, progress, sheets of paper, and what was observed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.counting import CountLinkForm, DimensionsForm, RoundForm, SheetForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.qr import qr_svg
from knopenkaart_web.pages.views.cards import address
from knopenkaart_web.pages.views.common import Crumb, attached, find_place, find_study, page, place_crumb, posted, study_crumb
from knopenkaart_web.pages.views.edit import form_view
from knopenkaart_web.pages.views.freshness import done, http_status
from knopenkaart_web.pages.views.guard import for_managers, for_operators
from knopenkaart_web.pages.visits.paper import count_form
from knopenkaart_web.pages.visits.plan import plan_round
from knopenkaart_web.pages.visits.protocol import protocol_csv
from knopenkaart_web.places.views_data import PlaceView, StudyView
from knopenkaart_web.runs import actions as runs
from knopenkaart_web.visits import actions, groups, queries
from knopenkaart_web.visits.views_data import RoundView


@require_safe
@for_operators
def rounds_page(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """The rounds of a place."""
    study, place = find_study(slug), _place(slug, place_id)
    context = _about(study, place, _("Counts"))
    return page(request, study, "pages/counting/rounds.html", **context, rounds=queries.rounds(slug, place.id))


@form_view
@for_operators
def round_new(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Plan a new round: look at the plan as often as one likes, then make it."""
    study, place = find_study(slug), _place(slug, place_id)
    form = RoundForm(posted(request), allowed=queries.dimensions(slug))
    context = _about(study, place, _("New round"), back=True) | {"form": form, "status": http_status(form)}
    if request.POST.get("action") == "plan" and form.is_valid():
        plan = plan_round(form.values())
        context |= {"plan": plan, "planned_nothing": plan is None, "status": 200}
        return page(request, study, "pages/counting/round_new.html", **context)
    made: list[str] = []
    if done(form, lambda: made.append(_make_round(request, slug, place, form))):
        messages.success(request, _("The round was made. Now make a link for who counts."))
        return redirect("count_round", slug, place.id, made[0])
    return page(request, study, "pages/counting/round_new.html", **context)


def _make_round(request: HttpRequest, slug: str, place: PlaceView, form: RoundForm) -> str:
    plan = plan_round(form.values())
    return actions.make_round(request.user, slug, place.id, form.values(plan.schedule if plan else ()))


@require_safe
@for_operators
def round_page(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponse:
    """How far a round is: how often was counted, never how many people."""
    return _round_page(request, slug, place_id, round_id)


def _round_page(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID, **more: Any) -> HttpResponse:
    study, place = find_study(slug), _place(slug, place_id)
    view, sessions = _round(slug, place, round_id), queries.sessions(slug, round_id)
    context: dict[str, Any] = {
        "round": view,
        "progress": queries.progress(slug, round_id),
        "sessions": sessions,
        "doubles": queries.doubles(sessions),
        "links": queries.links(slug, round_id),
        "link_form": CountLinkForm(),
        "observed": bool(queries.observed(slug, round_id)),
    }
    return page(request, study, "pages/counting/round.html", **_about(study, place, view.name, back=True), **(context | more))


@require_POST
@for_operators
def link_new(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponseBase:
    """Make a link, and show it with its QR code this once: its secret is kept nowhere."""
    study, place = find_study(slug), _place(slug, place_id)
    view, form = _round(slug, place, round_id), CountLinkForm(request.POST)
    made: list[str] = []
    if not done(form, lambda: made.append(actions.make_link(request.user, slug, place.id, view.id, **form.cleaned_data)[1])):
        return _round_page(request, slug, place_id, round_id, link_form=form, status=422)
    url = address("count_phone", made[0])
    context = _about(study, place, _("Link to count by"), round_view=view)
    qr = qr_svg(url, _("QR code of the link"))
    return page(request, study, "pages/counting/link.html", **context, round=view, url=url, qr=qr, purpose=form.cleaned_data["purpose"])


@require_POST
@for_operators
def link_revoke(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID, link_id: UUID) -> HttpResponseBase:
    """Let a link open nothing any more."""
    return _act(request, slug, place_id, round_id, lambda: actions.revoke_link(request.user, slug, place_id, link_id))


@require_POST
@for_operators
def round_state(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponseBase:
    """Close a round, or open it again."""
    act = actions.reopen_round if request.POST.get("action") == "open" else _close
    return _act(request, slug, place_id, round_id, lambda: act(request.user, slug, place_id, round_id))


def _close(actor: Any, slug: str, place_id: UUID, round_id: UUID) -> None:
    """What was counted is reckoned at once; whoever runs the place sees it first."""
    actions.close_round(actor, slug, place_id, round_id)
    runs.release_rounds()


@require_POST
@for_operators
def session_act(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID, session_id: UUID) -> HttpResponseBase:
    """End a count that nobody ended, leave one out, or take it back."""
    who, reason = (request.user, slug, place_id, session_id), request.POST.get("reason", "")[:500]
    acts = {
        "end": lambda: actions.end_session(*who),
        "leave_out": lambda: actions.leave_out(*who, reason),
        "take_back": lambda: actions.take_back(*who),
    }
    act = acts.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    return _act(request, slug, place_id, round_id, act)


@form_view
@for_operators
def sheet_page(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponseBase:
    """Enter what was counted on paper: a week of one door."""
    study, place = find_study(slug), _place(slug, place_id)
    view = _round(slug, place, round_id)
    door, monday = _door(request, view), _monday(request, view)
    entered = queries.sheet(slug, view.id, door, monday, monday + timedelta(days=6))
    form = SheetForm(posted(request), round_view=view, monday=monday, entered=entered)
    if done(form, lambda: actions.enter_sheet(request.user, slug, place.id, view.id, door, form.sheet())):
        messages.success(request, _("What was on paper is stored."))
        return redirect("count_round", slug, place.id, view.id)
    context = _about(study, place, _("Enter paper"), round_view=view) | {"round": view, "form": form, "door": door, "monday": monday}
    return page(request, study, "pages/counting/sheet.html", **context, weeks=_weeks(view), status=http_status(form))


@require_safe
@for_operators
def paper_form(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponse:
    """The form to count on paper, as PDF."""
    study, place = find_study(slug), _place(slug, place_id)
    view = _round(slug, place, round_id)
    return attached(count_form(view, place.label, study.name), f"{slug}-telformulier.pdf", "application/pdf")


@require_safe
@for_operators
def observations_csv(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID) -> HttpResponse:
    """What was observed in a closed round, in the form of the Public Life Data Protocol; fewer than ten people are told with others."""
    study, place = find_study(slug), _place(slug, place_id)
    view = _round(slug, place, round_id)
    kinds = queries.observed(slug, view.id)
    if kinds is None:
        raise Http404
    return attached(protocol_csv(kinds, view, place=place.label, study=study.name), f"{slug}-observations.csv")


@form_view
@for_managers
def dimensions_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """By what visitors may be told apart."""
    study, allowed = find_study(slug), queries.dimensions(slug)
    form = DimensionsForm(posted(request), allowed=allowed)
    if done(form, lambda: actions.set_dimensions(request.user, slug, form.by_dimension(), form.cleaned_data["reason"])):
        messages.success(request, _("The choice was saved."))
        return redirect("count_dimensions", slug)
    special = [groups.dimension_label(item, language()) for item in groups.all_dimensions() if groups.is_special(item)]
    crumbs = [study_crumb(study), Crumb(_("What is counted"))]
    return page(request, study, "pages/counting/dimensions.html", form=form, special=special, crumbs=crumbs, status=http_status(form))


def _act(request: HttpRequest, slug: str, place_id: UUID, round_id: UUID, act: Any) -> HttpResponseBase:
    """Do it, say how it went, and go back to the round."""
    _round(slug, _place(slug, place_id), round_id)
    try:
        act()
    except InputError as error:
        return _round_page(request, slug, place_id, round_id, refusal=error_text(error.code), status=422)
    messages.success(request, _("Done."))
    return redirect("count_round", slug, place_id, round_id)


def _place(slug: str, place_id: UUID) -> PlaceView:
    found = find_place(slug, place_id)
    if found.merged_into or found.removed:
        raise Http404
    return found


def _round(slug: str, place: PlaceView, round_id: UUID) -> RoundView:
    found = queries.round_of(slug, round_id)
    if found is None or found.place_id != str(place.id):
        raise Http404
    return found


def _about(study: StudyView, place: PlaceView, heading: str, *, back: bool = False, round_view: RoundView | None = None) -> dict[str, Any]:
    crumbs = [study_crumb(study), place_crumb(study, place)]
    if back or round_view:
        crumbs.append(Crumb(_("Counts"), reverse("counting", args=[study.slug, place.id])))
    if round_view:
        crumbs.append(Crumb(round_view.name, reverse("count_round", args=[study.slug, place.id, round_view.id])))
    return {"place": place, "heading": heading, "crumbs": [*crumbs, Crumb(heading)]}


def _door(request: HttpRequest, view: RoundView) -> str:
    wanted = request.GET.get("deur", "")
    return wanted if wanted in view.doors else next(iter(view.doors), "")


def _weeks(view: RoundView) -> list[date]:
    """The Mondays of the weeks that a round touches."""
    first = view.starts - timedelta(days=view.starts.weekday())
    return [first + timedelta(days=7 * number) for number in range((view.ends - first).days // 7 + 1)]


def _monday(request: HttpRequest, view: RoundView) -> date:
    """The week that was asked for, or the one that is on now, or the last."""
    mondays = _weeks(view)
    asked = [day for day in mondays if day.isoformat() == request.GET.get("week")]
    past = [day for day in mondays if day <= timezone.localdate()]
    return (asked or past[-1:] or mondays[:1])[0]
