# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What who runs a place, or manages a study, does with cards: links, cards from paper, texts, and what may be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from knopenkaart.errors import InputError
from knopenkaart.vocabulary.questionnaire import LANGUAGES, Questionnaire, load_questionnaire
from knopenkaart_web.cards import actions, waves
from knopenkaart_web.cards import queries as cards
from knopenkaart_web.cards.views_data import Choice, TextRow
from knopenkaart_web.pages import background
from knopenkaart_web.pages.forms.cards import LinkForm, PaperCardForm, ResidentLinkForm, SwitchesForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.qr import qr_svg
from knopenkaart_web.pages.views.cards import UNPROCESSABLE, address, form_view
from knopenkaart_web.pages.views.common import Crumb, find_study, named_areas, page, posted, refusals_told, study_crumb
from knopenkaart_web.pages.views.guard import for_editors, for_managers, for_operators
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import PlaceView, StudyView


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was made just now: shown this once, for its secret is kept nowhere."""

    url: str
    code: SafeString
    paper: list[tuple[Questionnaire, str]]


@form_view
@for_operators
def place_cards(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """The cards of a place: links, progress, texts. A new link is shown in the answer itself, for nobody can look it up later."""
    study, place, form = find_study(slug), _place(slug, place_id), LinkForm(posted(request))
    secret = _made(form, lambda: actions.make_card_link(request.user, slug, place.id, **form.cleaned_data))
    context = _about(study, place) | {
        "form": LinkForm(None) if secret else form,
        "made": _new_card_link(secret) if secret else None,
        "links": cards.card_links(slug, place.id),
        "progress": cards.card_count_words(slug, place.id),
        "aim": cards.AIM,
        "texts": _texts(slug, place.id),
    }
    return page(request, study, "pages/cards/place_cards.html", **context, status=_status(form, secret))


@require_POST
@for_operators
def card_link_revoke(request: HttpRequest, slug: str, place_id: UUID, link_id: UUID) -> HttpResponseBase:
    """Close a link for good."""
    _or_absent(lambda: actions.revoke_card_link(request.user, slug, place_id, link_id))
    messages.success(request, _("The link was closed. Cards that came in by it stay."))
    return redirect("place_cards", slug, place_id)


@require_POST
@for_operators
def card_text_remove(request: HttpRequest, slug: str, place_id: UUID, text_id: UUID) -> HttpResponseBase:
    """Remove a text for good."""
    _or_absent(lambda: actions.remove_text(request.user, slug, text_id, place_id=place_id))
    messages.success(request, _("The text was removed."))
    return redirect("place_cards", slug, place_id)


@form_view
@for_operators
def paper_cards(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Type over cards from paper, one after the other."""
    study, place, door = find_study(slug), _place(slug, place_id), cards.paper_door(slug, place_id)
    if door is None:
        raise Http404
    form = PaperCardForm(posted(request), door=door, questions=load_questionnaire(language()))
    if form.is_bound and form.is_valid():
        try:
            actions.enter_paper_card(request.user, slug, place.id, form.nonce, form.answers(), day=form.cleaned_data["day"])
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The card was saved. You can type over the next one."))
            return redirect("paper_cards", slug, place.id)
    context = _about(study, place, _("Type over a paper card")) | {"form": form, "door": door, "q": form.q}
    return page(request, study, "pages/cards/paper_entry.html", **context, status=UNPROCESSABLE if form.is_bound else 200)


@form_view
@for_editors
def residents_manage(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The questions for residents: links, progress, texts, and what a manager has switched on."""
    study = find_study(slug)
    wijken = [Choice(row.code, row.name) for row in named_areas(study) if row.level == "wijk"]
    form, switches = ResidentLinkForm(posted(request), wijken=wijken), cards.switches(slug)
    secret = _made(form, lambda: actions.make_resident_link(request.user, slug, **form.cleaned_data))
    context: dict[str, object] = {
        "form": ResidentLinkForm(None, wijken=wijken) if secret else form,
        "made": _new_resident_link(secret) if secret else None,
        "links": cards.resident_links(slug),
        "progress": cards.resident_count_words(slug),
        "waves": cards.waves(slug),
        "texts": _texts(slug, None),
        "switches": switches,
        "switches_form": SwitchesForm.of(None, switches),
        "crumbs": [study_crumb(study), Crumb(_("Questions for residents"))],
    }
    return page(request, study, "pages/cards/residents_manage.html", **context, status=_status(form, secret))


@require_POST
@for_editors
def resident_wave_make(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Add up what residents answered since the last time."""
    with refusals_told(request):
        first, last = waves.ask_wave(request.user, slug)
        background.start(None, slug, "residents", {"first": first.isoformat(), "last": last.isoformat()})
        messages.success(request, _("The answers are being added up. Within a minute they stand at Who comes where?"))
    return redirect("residents_manage", slug)


@require_POST
@for_managers
def residents_switches(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Choose what people may be asked about themselves, and whether residents need a link."""
    form = SwitchesForm.of(request.POST, cards.switches(slug))
    if not form.is_valid():
        return redirect("residents_manage", slug)
    actions.choose_switches(request.user, slug, **form.cleaned_data)
    messages.success(request, _("Your choice was saved."))
    return redirect("residents_manage", slug)


@require_POST
@for_editors
def resident_link_revoke(request: HttpRequest, slug: str, link_id: UUID) -> HttpResponseBase:
    """Close a link for residents for good."""
    _or_absent(lambda: actions.revoke_resident_link(request.user, slug, link_id))
    messages.success(request, _("The link was closed. Answers that came in by it stay."))
    return redirect("residents_manage", slug)


@require_POST
@for_editors
def resident_text_remove(request: HttpRequest, slug: str, text_id: UUID) -> HttpResponseBase:
    """Remove a text of a resident for good."""
    _or_absent(lambda: actions.remove_text(request.user, slug, text_id, place_id=None))
    messages.success(request, _("The text was removed."))
    return redirect("residents_manage", slug)


def _texts(slug: str, place_id: str | None) -> list[tuple[str, TextRow]]:
    """What was written, each with the question that it answers."""
    asked = load_questionnaire(language()).questions
    return [(asked.get(row.question, row.question), row) for row in cards.texts_of(slug, place_id)]


def _or_absent(write: Callable[[], object]) -> None:
    """Page not found where a write is about what is not there (any more)."""
    try:
        write()
    except InputError as error:
        raise Http404 from error


def _new_card_link(secret: str) -> NewLink:
    url = address("card", secret)
    paper = [(load_questionnaire(name), reverse("card_paper", args=[secret]) + f"?taal={name}") for name in LANGUAGES]
    return NewLink(url, qr_svg(url, _("Code that leads to the card")), paper)


def _new_resident_link(secret: str) -> NewLink:
    url = address("resident", secret)
    return NewLink(url, qr_svg(url, _("Code that leads to the questions")), [])


def _made(form: LinkForm, make: Callable[[], str]) -> str:
    """The secret of the link that was made; nothing where the form was not sent, or not right."""
    if not form.is_bound or not form.is_valid():
        return ""
    try:
        return make()
    except InputError as error:
        form.refuse(error)
        return ""


def _status(form: LinkForm, secret: str) -> int:
    return UNPROCESSABLE if form.is_bound and not secret else 200


def _place(slug: str, place_id: UUID) -> PlaceView:
    found = queries.place_for_editor(slug, str(place_id), lang=language(), now=timezone.now())
    if found is None or found.merged_into or found.removed:
        raise Http404
    return found


def _about(study: StudyView, place: PlaceView, here: str = "") -> dict[str, object]:
    cards_url = reverse("place_cards", args=[study.slug, place.id])
    steps = [Crumb(_("Cards of visitors"), cards_url), Crumb(here)] if here else [Crumb(_("Cards of visitors"))]
    crumbs = [study_crumb(study), Crumb(place.label, reverse("place", args=[study.slug, place.id])), *steps]
    return {"place": place, "crumbs": crumbs}
