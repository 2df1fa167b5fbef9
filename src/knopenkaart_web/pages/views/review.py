# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The review queue: deciding item after item, and undoing the last decision."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.pages.asked import whole_number
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import find_study, page, refusals_told
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.places import actions, queries

DECISIONS = {"accept": actions.accept, "reject": actions.reject}


@require_safe
@for_editors
def review_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The open items of a topic; `item` is the one to go on with, `terug` the event that one key undoes."""
    study = find_study(slug)
    queue = queries.review(slug, topic=request.GET.get("onderwerp"), lang=language())
    item, event = (whole_number(request.GET.get(name, "")) for name in ("item", "terug"))
    context = {"queue": queue, "current_item": item, "undo_event": event}
    return page(request, study, "pages/edit/review.html", **context)


@require_POST
@for_editors
def decide(request: HttpRequest, slug: str, item_id: int) -> HttpResponseBase:
    """Accept or reject one item, and go on to the next."""
    topic = request.POST.get("topic", "")
    item, following = queries.review_item(slug, item_id, lang=language()), _following(slug, item_id, topic)
    action = DECISIONS.get(request.POST.get("action", ""))
    if action is None or item is None:
        messages.error(request, error_text("item.unknown"))
        return redirect(_queue(slug, topic, following))
    try:
        action(request.user, slug, item_id, reason=request.POST.get("reason", ""))
    except InputError as error:
        messages.error(request, error_text(error.code))
        return redirect(_queue(slug, topic, following))
    history = queries.history(slug, item.place.id)
    return redirect(_queue(slug, topic, following, history[0].id if history else None))


@require_POST
@for_editors
def undo(request: HttpRequest, slug: str, event_id: int) -> HttpResponseBase:
    """Undo one step; from the queue or from the history of a place, where one then is again."""
    with refusals_told(request):
        actions.undo(request.user, slug, event_id, request.POST.get("reason") or _("Undone by an editor"))
        messages.success(request, _("The step was undone."))
    place = queries.place_for_editor(slug, request.POST.get("place", ""), lang=language(), now=timezone.now())
    return redirect("place_history", slug, place.id) if place else redirect(_queue(slug, request.POST.get("topic", "")))


def _following(slug: str, item_id: int, topic: str) -> int | None:
    """The item after this one, or else the one before it."""
    queue = queries.review(slug, topic=topic or None, lang=language())
    numbers = [item.id for item in queue.items] if queue else []
    later = [number for number in numbers if number > item_id]
    earlier = [number for number in numbers if number < item_id]
    return later[0] if later else (earlier[-1] if earlier else None)


def _queue(slug: str, topic: str, item: int | None = None, event: int | None = None) -> str:
    query = {name: value for name, value in (("onderwerp", topic), ("item", item), ("terug", event)) if value}
    anchor = f"#item-{item}" if item else ""
    return f"{reverse('review', args=[slug])}{'?' + urlencode(query) if query else ''}{anchor}"
