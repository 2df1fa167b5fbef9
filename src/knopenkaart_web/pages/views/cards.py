# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The visitor card and the questions for residents, for whoever has the link: in six languages, without account, cookie or script.

These pages set no cookie, so the forgery check of Django has nothing to compare: each form carries a signed number of its own instead,
without which nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from knopenkaart.errors import InputError
from knopenkaart.vocabulary.questionnaire import LANGUAGES, Questionnaire, load_questionnaire
from knopenkaart_web.accounts.backends import client_address
from knopenkaart_web.cards import actions, queries
from knopenkaart_web.cards.views_data import Door
from knopenkaart_web.pages.forms.cards import CardForm, QuestionForm, ResidentForm
from knopenkaart_web.pages.qr import qr_svg

UNPROCESSABLE, NOT_FOUND = 422, 404
form_view = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@never_cache
@form_view
def card(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The card of the place that a link leads to."""
    door, q = queries.card_door(secret), questions(request)
    if door is None:
        return _closed(request, q)
    form = CardForm(_posted(request), door=door, questions=q)
    if _sent(form, lambda: actions.fill_in_card(secret, form.nonce, form.answers(), address=client_address(request))):
        return redirect(_in(reverse("card_thanks", args=[secret]), q))
    return _bare(request, q, "pages/cards/card.html", door=door, form=form, title=q.texts["card_title"])


@never_cache
@require_safe
def card_thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody sees who sent a card; also when the link was closed meanwhile."""
    return _thanks(request, queries.card_door(secret))


@never_cache
@require_safe
def card_paper(request: HttpRequest, secret: str) -> HttpResponse:
    """The card to print, with the code of its link."""
    door, q = queries.card_door(secret), questions(request)
    if door is None:
        return _closed(request, q)
    form = CardForm(None, door=door, questions=q)
    code = qr_svg(_in(address("card", secret), q), q.texts["paper_scan"])
    return _bare(request, q, "pages/cards/paper.html", door=door, form=form, title=q.texts["card_title"], code=code)


@csrf_exempt
@never_cache
@form_view
def resident(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The questions for residents, for whoever has a link."""
    return _residents(request, queries.resident_door(secret), secret, reverse("resident_thanks", args=[secret]))


@never_cache
@require_safe
def resident_thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """What a resident sees who sent answers by a link."""
    return _thanks(request, queries.resident_door(secret))


@csrf_exempt
@never_cache
@form_view
def residents(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The questions for residents, for everybody: where a manager switched that on."""
    return _residents(request, queries.open_door(slug), "", reverse("residents_thanks", args=[slug]))


@never_cache
@require_safe
def residents_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What a resident sees who sent answers on the open page."""
    return _thanks(request, queries.open_door(slug))


def questions(request: HttpRequest) -> Questionnaire:
    """The questions in the language that was chosen, else in the first that the browser asks for, else in Dutch."""
    wanted = [
        request.GET.get("taal", ""),
        *(name for name, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))),
    ]
    found = (name.partition("-")[0] for name in wanted)
    return load_questionnaire(next((name for name in found if name in LANGUAGES), LANGUAGES[0]))


def address(name: str, *arguments: object) -> str:
    """The full address of a page for a code: without a language in front, for the page finds its own."""
    with translation.override("nl"):
        return settings.BASE_URL + reverse(name, args=arguments)


def _residents(request: HttpRequest, door: Door | None, secret: str, thanks: str) -> HttpResponseBase:
    q = questions(request)
    if door is None:
        return _closed(request, q)
    form = ResidentForm(_posted(request), door=door, questions=q)
    sender = client_address(request)
    if _sent(form, lambda: actions.answer_as_resident(door.slug, secret, form.nonce, form.answers(), address=sender)):
        return redirect(_in(thanks, q))
    return _bare(request, q, "pages/cards/residents.html", door=door, form=form, title=q.texts["home_title"])


def _sent(form: QuestionForm, write: Callable[[], object]) -> bool:
    """Whether the form was sent and taken. What a machine sends who fell into the trap is thanked for, and left."""
    if not form.is_bound:
        return False
    if form.is_trapped:
        return True
    if not form.is_valid():
        return False
    try:
        write()
    except InputError as error:
        form.refuse(error)
        return False
    return True


def _bare(request: HttpRequest, q: Questionnaire, template: str, **more: Any) -> HttpResponse:
    """A page without the header of the site, in the language of the questions."""
    form = more.get("form")
    status = more.pop("status", UNPROCESSABLE if form is not None and form.is_bound else 200)
    first = load_questionnaire(LANGUAGES[0])
    languages = [load_questionnaire(name) for name in LANGUAGES]
    answer = render(request, template, {"q": q, "first": first, "languages": languages, **more}, status=status)
    answer.headers["Content-Language"] = q.language
    return answer


def _closed(request: HttpRequest, q: Questionnaire) -> HttpResponse:
    return _bare(request, q, "pages/cards/closed.html", status=NOT_FOUND, title=q.texts["closed_title"])


def _thanks(request: HttpRequest, door: Door | None) -> HttpResponse:
    q = questions(request)
    return _bare(request, q, "pages/cards/thanks.html", door=door, title=q.texts["thanks_title"])


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _in(path: str, q: Questionnaire) -> str:
    return f"{path}?taal={q.language}"
