# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What anybody can do about a place: say what is wrong, and use the links that were mailed to who runs it; each asks for a button first.

Looking never changes anything: programs that look at mails follow every link in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.backends import client_address
from knopenkaart_web.freshness import actions, knocks, queries
from knopenkaart_web.freshness.views_data import InvitationView, ReminderView
from knopenkaart_web.pages.forms.freshness import MailLogInForm, OwnPlaceForm, ReactionForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import Crumb, find_place, find_study, page, place_crumb, posted, study_crumb
from knopenkaart_web.pages.views.edit import UNPROCESSABLE, form_view
from knopenkaart_web.places.views_data import PlaceView, StudyView
from knopenkaart_web.runs import tasks

GONE, TOO_MANY_REQUESTS = 410, 429
REACTIONS_PER_HOUR, LOG_INS_PER_HOUR = 10, 10
_TOO_MUCH = frozenset({"reaction.too_often", "reaction.too_many"})


@form_view
@never_cache
def react(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Say what is wrong with a place, without an account."""
    study, place = find_study(slug), present_place(slug, place_id)
    form = ReactionForm(posted(request))
    # A machine is thanked too, so that it learns nothing.
    if (form.is_bound and form.is_machine()) or done(form, lambda: _react(request, slug, place, form)):
        messages.success(request, _("Thank you. An editor of this map looks at it."))
        return redirect("place", slug, place.id)
    crumbs = [study_crumb(study), place_crumb(study, place), Crumb(_("Is something not right?"))]
    return page(request, study, "pages/freshness/react.html", place=place, form=form, crumbs=crumbs, status=http_status(form))


@form_view
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What an invitation to run a place means, and the button to accept it."""
    found = queries.invitation(secret)
    if found.state != "ok":
        return _over(request, found.state)
    if request.method == "POST":
        return _accept(request, secret, found)
    study, place = find_study(found.slug), present_place(found.slug, found.place_id)
    return page(request, study, "pages/freshness/invitation.html", place=place, invitation=found)


@form_view
@never_cache
def mail_login(request: HttpRequest) -> HttpResponseBase:
    """Ask for a mailed link to log in; the answer is the same whether the address is known or not."""
    form, sent = MailLogInForm(posted(request)), False
    if form.is_bound and form.is_valid():
        if knocks.is_too_often("ask to log in", client_address(request), most=LOG_INS_PER_HOUR):
            form.add_error(None, _("You asked this too often. Try again in an hour."))
        else:
            tasks.mail_log_in(form.cleaned_data["email"], language())
            sent = True
    refused = TOO_MANY_REQUESTS if form.is_bound and form.non_field_errors() else UNPROCESSABLE
    return render(request, "pages/freshness/mail_login.html", {"form": form, "sent": sent}, status=refused if form.errors else 200)


@form_view
@never_cache
def mail_login_link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The button that logs in, behind a mailed link."""
    state = queries.log_in_link(secret)
    if state != "ok":
        return _over(request, state)
    if request.method != "POST":
        return render(request, "pages/freshness/mail_login_link.html")
    try:
        user = actions.log_in_by_link(secret)
    except InputError as error:
        return _over(request, error.code.rpartition(".")[2])
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("own_places")


@form_view
@never_cache
def answer(request: HttpRequest, secret: str, answer: str) -> HttpResponseBase:
    """One of the answers to a reminder: a page with a button, or the form in which to change things."""
    handle, found = ANSWERS.get(answer), queries.reminder(secret)
    if handle is None:
        raise Http404
    state = {"klopt": found.right, "aanpassen": found.edit, "weg": found.gone}.get(answer, "ok" if found.slug else "unknown")
    if state != "ok":
        return _over(request, state)
    try:
        return handle(request, secret, found)
    except InputError as error:
        return _over(request, error.code.rpartition(".")[2])


def _right(request: HttpRequest, secret: str, found: ReminderView) -> HttpResponseBase:
    if request.method == "POST":
        actions.answer_right(secret)
        return _thanks(request, found, _("From today everybody can see that you looked at it."))
    words = {"heading": _("Is everything right?"), "button": _("Yes, everything is right")}
    return _ask(request, found, secret=secret, **words, facts=True)


def _gone(request: HttpRequest, secret: str, found: ReminderView) -> HttpResponseBase:
    if request.method == "POST":
        actions.answer_gone(secret)
        return _thanks(request, found, _("An editor of this map looks at it. Until then the place stays on the map."))
    return _ask(request, found, secret=secret, heading=_("Does this place no longer exist?"), button=_("Yes, it no longer exists"))


def _stop(request: HttpRequest, secret: str, found: ReminderView) -> HttpResponseBase:
    if request.method == "POST":
        actions.stop_reminders(secret)
        return _thanks(request, found, _("You get no more reminders about this place."))
    return _ask(request, found, heading=_("No more mails?"), button=_("Send me no more reminders"))


def _edit(request: HttpRequest, secret: str, found: ReminderView) -> HttpResponseBase:
    study, place = find_study(found.slug), present_place(found.slug, found.place_id)
    form = OwnPlaceForm.of(place, posted(request))

    def change() -> None:
        data = form.cleaned_data
        actions.answer_edited(secret, form.own_values(), form.proposed(), data["remark"], version=data["version"])

    if done(form, change):
        return _thanks(request, found, _("What you changed is saved."))
    return page(request, study, "pages/freshness/own_place.html", place=place, form=form, by_link=True, status=http_status(form))


ANSWERS: dict[str, Callable[[HttpRequest, str, ReminderView], HttpResponseBase]] = {
    "klopt": _right,
    "aanpassen": _edit,
    "weg": _gone,
    "geen-mail": _stop,
}


def done(form: Any, write: Callable[[], object]) -> bool:
    """Whether a form was sent, is right, and the action took it; otherwise the form shows everything that is wrong."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        write()
    except InputError as error:
        form.refuse(error)
        form.too_much = error.code in _TOO_MUCH
        return False
    return True


def http_status(form: Any) -> int:
    """The status of a page with a form."""
    if not form.is_bound:
        return 200
    return TOO_MANY_REQUESTS if getattr(form, "too_much", False) else UNPROCESSABLE


def present_place(slug: str, place_id: object) -> PlaceView:
    """A place that is on the map, or page not found."""
    place = find_place(slug, place_id)
    if place.merged_into or place.removed:
        raise Http404
    return place


def _react(request: HttpRequest, slug: str, place: PlaceView, form: ReactionForm) -> None:
    if knocks.is_too_often("react", client_address(request), most=REACTIONS_PER_HOUR):
        raise InputError("Too many reactions from one address.", code="reaction.too_often", remedy="Try again in an hour.")
    data = form.cleaned_data
    actions.react(request.user, slug, place.id, topic=data["topic"], text=data["text"], email=data["email"], language=language())


def _accept(request: HttpRequest, secret: str, found: InvitationView) -> HttpResponseBase:
    try:
        user = actions.accept_invitation(secret)
    except InputError as error:
        return _over(request, error.code.rpartition(".")[2])
    messages.success(request, _("From now on you run this place on the map."))
    if request.user.is_authenticated and request.user.pk != user.pk:
        # An editor who tries the link stays who they are.
        return redirect("place", found.slug, found.place_id)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("own_places")


def _ask(request: HttpRequest, found: ReminderView, **words: Any) -> HttpResponse:
    study, place = find_study(found.slug), present_place(found.slug, found.place_id)
    return page(request, study, "pages/freshness/answer.html", place=place, **words)


def _thanks(request: HttpRequest, found: ReminderView, told: str) -> HttpResponse:
    study: StudyView = find_study(found.slug)
    return page(request, study, "pages/freshness/answered.html", place=present_place(found.slug, found.place_id), told=told)


def _over(request: HttpRequest, state: str) -> HttpResponse:
    """A link that does not work: never was one, was used, or is too old."""
    return render(request, "pages/freshness/link_over.html", {"state": state}, status=404 if state == "unknown" else GONE)
