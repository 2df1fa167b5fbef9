# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which work is the same work, so that it is done once and found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart.publish import meeting_file, reach_file
from knopenkaart_web.monitor.stamping import stamp
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import results_root
from knopenkaart_web.visits import released

MAX_WAITING = 6
GRACE_SECONDS = 60
FRESH_SECONDS = 300
MAX_CODE = 40
# Work that pages go on looking things up in: the name of its file tells its form. It takes long, and a study has one of each at a time.
LOOKED_UP: Mapping[str, str] = {"reach": reach_file.NAME, "meeting": meeting_file.NAME}


def key(kind: str, params: Mapping[str, Any], study: Study) -> str:
    """What tells work apart: its kind, what it needs to know, the revision of the study, and the form of a file that pages look up.

    Who meets whom is reckoned from what was released of counts too, and that makes no new revision.
    """
    form: list[object] = [LOOKED_UP[kind]] if kind in LOOKED_UP else []
    form += [released.current(study.slug)] if kind == "meeting" else []
    text = json.dumps([kind, params, study.revision, *form], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def usable(study: Study, kind: str, params: Mapping[str, Any]) -> Run | None:
    """The same work, unless it failed, is lost, or its file is gone.

    Of what pages look up, what waits or runs is the same work whatever its revision: it takes the places as they are, and is followed by
    another where they changed meanwhile.
    """
    under_way = Q(state__in=["waiting", "running"])
    same = Q(key=key(kind, params, study)) & (under_way | Q(state="done"))
    wanted = same | (under_way & Q(kind=kind)) if kind in LOOKED_UP else same
    for run in Run.objects.filter(wanted, study=study).exclude(lost()).order_by("-created"):
        if run.state != "done" or (run.result_path and (results_root() / run.result_path).is_file()):
            return run
    return None


def lost() -> Q:
    """Work whose server stopped in the middle never ends by itself; it may not stand in the way of new work.

    Reckoning what pages look up may take long, and in the process of somebody who loads a study as long as it wants: it is lost when it
    is silent.
    """
    now, longest = timezone.now(), timedelta(seconds=settings.RUN_SECONDS + GRACE_SECONDS)
    unheard = ~Q(kind__in=list(LOOKED_UP)) | Q(alive__isnull=True) | Q(alive__lt=now - longest)
    silent = Q(state="running", started__lt=now - longest) & unheard
    queue = MAX_WAITING * longest + timedelta(seconds=settings.REACH_SECONDS)
    return silent | Q(state="waiting", created__lt=now - queue)


def seconds(kind: str) -> int:
    """How long background work of a kind may take."""
    return int(settings.REACH_SECONDS if kind in LOOKED_UP else settings.RUN_SECONDS)


def _poster_params(params: Mapping[str, Any]) -> dict[str, Any]:
    paper, language = str(params.get("paper", "")), str(params.get("language", ""))
    if paper not in {"a1", "a3"} or language not in {"nl", "en"}:
        raise InputError("A poster is a1 or a3, in nl or en.", code="run.params")
    return {"paper": paper, "language": language}


def _geopackage_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The filter in one way of writing, so that the same filter is the same work; order and page do not matter.

    What is open now is another question a while later.
    """
    wanted = replace(PlaceFilter.from_query(QueryDict(str(params.get("query", "")))), page=1, sort="naam")
    period = {"period": int(timezone.now().timestamp()) // FRESH_SECONDS} if wanted.open_now else {}
    return {"query": wanted.to_query(), **period}


def _list_params(params: Mapping[str, Any]) -> dict[str, Any]:
    draft = str(params.get("draft", ""))
    if not draft.isascii() or not draft.isdigit() or len(draft) > 18:
        raise InputError("Say which list.", code="run.params")
    return {"draft": int(draft), "mapping": params.get("mapping") or None, "confidential": bool(params.get("confidential"))}


def _visitors_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The round, and when it was asked: what is counted makes no new revision of the study."""
    try:
        return {"round": str(UUID(str(params.get("round", "")))), "asked": str(params.get("asked") or timezone.now().isoformat())}
    except ValueError:
        raise InputError("Say which round.", code="run.params") from None


def _figures_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The file, and when it was asked: it is read again when its columns were corrected."""
    try:
        return {"file": str(UUID(str(params.get("file", "")))), "asked": str(params.get("asked") or timezone.now().isoformat())}
    except ValueError:
        raise InputError("Say which file.", code="run.params") from None


def _series_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The place, and what stands of its series."""
    try:
        return {"place": str(UUID(str(params.get("place", "")))), "state": params.get("state")}
    except ValueError:
        raise InputError("Say which place.", code="run.params") from None


def _residents_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The first and the last day."""
    try:
        return {name: date.fromisoformat(str(params.get(name, ""))).isoformat() for name in ("first", "last")}
    except ValueError:
        raise InputError("Say which days.", code="run.params") from None


def _reports_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The municipality and the language, and what is loaded: other figures make other reports."""
    code, language = str(params.get("municipality", "")), str(params.get("language", ""))
    if not code or len(code) > MAX_CODE or language not in {"nl", "en"}:
        raise InputError("Say which municipality, and nl or en.", code="run.params")
    return {"municipality": code, "language": language, "stamp": str(params.get("stamp") or stamp())}


PARAMS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "poster": _poster_params,
    "geopackage": _geopackage_params,
    "read_list": _list_params,
    "reach": lambda params: {},
    "meeting": lambda params: {},
    "visitors": _visitors_params,
    "series": _series_params,
    "read_figures": _figures_params,
    "residents": _residents_params,
    "reports": _reports_params,
}
