# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What who runs a place does when logged in, and what editors do with operators, reactions and replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import permissions
from knopenkaart_web.freshness import actions, queries
from knopenkaart_web.freshness.views_data import ReactionRow
from knopenkaart_web.pages.asked import whole_number
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.freshness import AnswerForm, EndForm, InviteForm, OwnPlaceForm, ReplyForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.templatetags.values import readable
from knopenkaart_web.pages.views import edit
from knopenkaart_web.pages.views.common import Crumb, find_study, page, place_crumb, posted, refusals_told, study_crumb
from knopenkaart_web.pages.views.edit import UNPROCESSABLE, form_view
from knopenkaart_web.pages.views.freshness import done, http_status, present_place
from knopenkaart_web.pages.views.guard import for_editors, for_operators
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.labels import property_label
from knopenkaart_web.places.values import encode
from knopenkaart_web.places.views_data import PlaceView


@require_safe
@never_cache
@login_required
def own_places(request: HttpRequest) -> HttpResponse:
    """The places that somebody runs, with what needs attention."""
    return render_page(request, "pages/freshness/own_places.html", {"places": queries.own_places(request.user, lang=language())})


@form_view
@for_operators
def place_edit(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Correct a place: an editor all of it, who runs it what is theirs; the rest they ask an editor."""
    if permissions.allowed(request.user, slug, "editor"):
        return edit.place_edit(request, slug, place_id)
    study, place = find_study(slug), present_place(slug, place_id)
    form = OwnPlaceForm.of(place, posted(request))
    if done(form, lambda: _change(request, slug, place, form)):
        asked = form.proposed() or form.cleaned_data["remark"]
        messages.success(request, _("Thank you. An editor of this map looks at it.") if asked else _("What you changed is saved."))
        return redirect("place", slug, place.id)
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Change what is known"))]
    return page(request, study, "pages/freshness/own_place.html", place=place, form=form, crumbs=crumbs, status=http_status(form))


@require_POST
@for_operators
def place_confirm(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """All that is known of a place is right."""
    with refusals_told(request):
        places.confirm_place(request.user, slug, str(place_id))
        messages.success(request, _("From today everybody can see that you looked at it."))
    return redirect("place", slug, place_id)


@form_view
@for_operators
def give_up(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Stop running a place, or being reminded of it."""
    study, place = find_study(slug), present_place(slug, place_id)
    wanted = request.POST.get("action", "")
    if request.method == "POST" and wanted in ("stop", "mail", "no_mail"):
        if wanted == "stop":
            actions.give_up_place(request.user, slug, place.id)
            messages.success(request, _("You no longer run this place on the map."))
            return redirect("place", slug, place.id)
        actions.change_reminders(request.user, slug, place.id, wanted=wanted == "mail")
        return redirect("own_places")
    own = next((row for row in queries.own_places(request.user, lang=language()) if row.place_id == place.id), None)
    if own is None:
        raise PermissionDenied
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Mails, and stopping"))]
    return page(request, study, "pages/freshness/give_up.html", place=place, own=own, crumbs=crumbs)


@form_view
@for_editors
def operators(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Who runs a place: invite, invite again, end."""
    study, place = find_study(slug), present_place(slug, place_id)
    action = request.POST.get("action", "")
    invite, end = InviteForm(posted(request) if action == "invite" else None), EndForm(posted(request) if action == "end" else None)
    if _operators_done(request, slug, place, invite, end):
        return redirect("operators", slug, place.id)
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Operators"))]
    context = {"place": place, "rows": queries.operators(slug, place.id), "form": end if end.is_bound else invite, "crumbs": crumbs}
    return page(request, study, "pages/freshness/operators.html", **context, invite=invite, end=end, status=_refused(request))


@form_view
@for_operators
def reply(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """What who runs a place writes beside it; an editor can hide it."""
    study, place = find_study(slug), present_place(slug, place_id)
    written, may_edit = queries.reply(place.id), permissions.allowed(request.user, slug, "editor")
    form: Any = EndForm(posted(request)) if may_edit else ReplyForm(posted(request), initial={"text": written.text if written else ""})
    if request.method == "POST" and _reply_done(request, slug, place, form, may_edit=may_edit):
        return redirect("place", slug, place.id)
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Reply of who runs it"))]
    context = {"place": place, "reply": written, "form": form, "crumbs": crumbs, "status": http_status(form)}
    return page(request, study, "pages/freshness/reply.html", **context)


@require_safe
@for_editors
def reactions(request: HttpRequest, slug: str) -> HttpResponse:
    """What people say is wrong, oldest first."""
    return _queue(request, slug)


@require_POST
@for_editors
def reaction_decide(request: HttpRequest, slug: str, item_id: int) -> HttpResponseBase:
    """It is so, or it is not; what is so leads to the form in which to correct it."""
    row, form = queries.reaction(slug, item_id, lang=language()), AnswerForm(request.POST, prefix=f"r{item_id}")
    action = {"accept": actions.accept_reaction, "reject": actions.reject_reaction}.get(request.POST.get("action", ""))
    if row is None or action is None:
        raise Http404
    if not form.is_valid():
        return _queue(request, slug, form)
    try:
        action(request.user, slug, item_id, form.cleaned_data["answer"])
    except InputError as error:
        form.refuse(error)
        if error.code == "reason.absent":
            return _queue(request, slug, form)
        messages.error(request, error_text(error.code))
    return redirect(_following(slug, row) if request.POST["action"] == "accept" else reverse("reactions", args=[slug]))


def _queue(request: HttpRequest, slug: str, refused: AnswerForm | None = None) -> HttpResponse:
    study = find_study(slug)
    rows = queries.reactions(slug, lang=language())
    items = [
        (row, _wanted(row), refused if refused and refused.prefix == f"r{row.id}" else AnswerForm(prefix=f"r{row.id}")) for row in rows
    ]
    context = {"items": items, "total": queries.waiting(slug), "form": refused, "status": UNPROCESSABLE if refused else 200}
    return page(request, study, "pages/freshness/reactions.html", **context)


def _wanted(row: ReactionRow) -> list[tuple[str, str]]:
    """What somebody wants changed, in words."""
    return [(_(property_label(name)), readable(name, encode(name, value), language())) for name, value in row.proposed.items()]


def _following(slug: str, row: ReactionRow) -> str:
    """Where an editor goes on after saying that it is so."""
    status = "closed" if row.topic == "closed" else str(row.proposed.get("status", ""))
    if status and not set(row.proposed) - {"status"}:
        return f"{reverse('place_status', args=[slug, row.place_id])}?status={status}"
    return f"{reverse('place_edit', args=[slug, row.place_id])}?reactie={row.id}"


def _change(request: HttpRequest, slug: str, place: PlaceView, form: OwnPlaceForm) -> None:
    data = form.cleaned_data
    own, asked = form.own_values(), form.proposed()
    actions.change_own_place(request.user, slug, place.id, own, asked, data["remark"], version=data["version"])


def _operators_done(request: HttpRequest, slug: str, place: PlaceView, invite: InviteForm, end: EndForm) -> bool:
    """Whether one of the buttons of the page was pressed and did its work; a mail that did not go out is told."""
    action, text = request.POST.get("action", ""), request.POST.get("operator", "")
    number = whole_number(text) or 0
    try:
        if invite.is_bound and invite.is_valid():
            actions.invite_operator(request.user, slug, place.id, **invite.cleaned_data)
            messages.success(request, _("The invitation was mailed."))
            return True
        if end.is_bound and end.is_valid():
            actions.end_operator(request.user, slug, number, end.cleaned_data["reason"])
            return True
        if action == "again":
            actions.invite_again(request.user, slug, number)
            messages.success(request, _("The invitation was mailed."))
            return True
    except InputError as error:
        if invite.is_bound and not error.code.startswith("mail."):
            invite.refuse(error)
            return False
        messages.error(request, error_text(error.code))
        return True
    return False


def _refused(request: HttpRequest) -> int:
    return UNPROCESSABLE if request.method == "POST" else 200


def _reply_done(request: HttpRequest, slug: str, place: PlaceView, form: Any, *, may_edit: bool) -> bool:
    action = request.POST.get("action", "")
    if may_edit:
        write = actions.show_reply if action == "show" else actions.hide_reply
        return done(form, lambda: write(request.user, slug, place.id, form.cleaned_data["reason"]))
    if action == "withdraw":
        if queries.reply(place.id):
            actions.withdraw_reply(request.user, slug, place.id)
        return True
    return done(form, lambda: actions.write_reply(request.user, slug, place.id, form.cleaned_data["text"]))
