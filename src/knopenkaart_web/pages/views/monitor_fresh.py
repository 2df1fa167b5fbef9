# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of the monitor that are sent again only where something changed: drawing one costs more than looking whether it must be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import condition

from knopenkaart import __version__
from knopenkaart_web.monitor import queries, stamping
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.monitor_common import find_area
from knopenkaart_web.places import queries as places
from knopenkaart_web.runs.queries import reach_state
from knopenkaart_web.visits import released

View = Callable[..., HttpResponse]
OK, UNCHANGED = 200, 304


def if_changed(view: View) -> View:
    """Let a view of an area answer that nothing changed since it was last asked; what is kept elsewhere is asked for again each time."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        response = condition(etag_func=_etag)(view)(request, *args, **more)
        if response.status_code in (OK, UNCHANGED):
            response["Cache-Control"] = "no-cache"
        else:
            # Whoever was refused must not be told later that this is still so.
            response.headers.pop("ETag", None)
        return response

    return answer


def _etag(request: HttpRequest, code: str, **_more: Any) -> str:
    """What is loaded, what the study that holds the area knows, the language, and the day, which stands in a report."""
    slug = queries.study_of(find_area(code))
    parts = (stamping.stamp(), _known(slug) if slug else "", language(), timezone.localdate().isoformat(), __version__)
    return f'"{"-".join(str(part) for part in parts)}"'


def _known(slug: str) -> str:
    """The places of a study, the reach that was reckoned of them, and what was released of visits: the last two make no new revision."""
    study, reach = places.study(slug), reach_state(slug)
    parts = (study.revision if study else "", reach.ended.isoformat() if reach else "", *released.numbers(slug))
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:20]
