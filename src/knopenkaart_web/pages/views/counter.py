# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The phone of who counts: its page, the script that opens it without a network, and the door by which counts come in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.pages.templatetags.vite import built_file
from knopenkaart_web.pages.visits.counter import addresses, counter_config, group_buttons
from knopenkaart_web.visits import actions, groups, queries

MOST_BYTES = 64 * 1024
WORKER = "src/counter/worker.ts"
STATUS = {"link.unknown": 403, "round.closed": 409, "snapshot.elsewhere": 409, "link.full": 409, "snapshot.large": 413}


@require_safe
def phone_page(request: HttpRequest, secret: str) -> HttpResponse:
    """The counter; for whoever has the link, and a few words for who has an old one."""
    entrance = queries.entrance(secret)
    if entrance is None:
        return _fresh(render(request, "pages/counting/no_link.html", status=404))
    context = {
        "entrance": entrance,
        "config": counter_config(entrance, secret),
        "buttons": group_buttons(entrance),
        "pages": addresses("count_phone", secret),
        "weather": groups.WEATHER_LABELS.items(),
        "postures": groups.POSTURES.items(),
        "activities": groups.ACTIVITIES.items(),
        "companies": groups.COMPANY.items(),
    }
    return _fresh(render(request, "pages/counting/counter.html", context))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it stands here and not with the other files, because it may only open pages below its own address."""
    del request
    answer = HttpResponse(built_file(WORKER).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


# Without a token against forgery: nothing here comes from a cookie. Whoever can send this has the secret of the link, and needs nobody
# else's browser for it; and a phone that was offline for a day has no fresh token.
@csrf_exempt
@require_POST
def take(request: HttpRequest, secret: str) -> HttpResponse:
    """A snapshot of one count; answered with the number up to which it is stored."""
    try:
        receipt = actions.take_snapshot(secret, _body(request))
    except actions.TooOftenError as error:
        answer = _refusal(error, 429)
        answer["Retry-After"] = "10"
        return answer
    except InputError as error:
        return _refusal(error, STATUS.get(error.code, 422))
    return _fresh(JsonResponse({"id": receipt.id, "seq": receipt.seq}))


def _body(request: HttpRequest) -> Any:
    """What was sent; None where it is no JSON, which is no count either. Raises InputError (`snapshot.large`)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise InputError("This is too large for a count.", code="snapshot.large")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _refusal(error: InputError, status: int) -> HttpResponse:
    fields = sorted({fault.column or "" for fault in error.faults})
    return _fresh(JsonResponse({"code": error.code, "fields": fields}, status=status))


def _fresh(answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
