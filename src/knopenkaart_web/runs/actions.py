# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Starting and cancelling background work."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor, Role, actor_name, require
from knopenkaart_web.audit import log
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.tasks import execute
from knopenkaart_web.runs.work import result_folder, results_root

# Who may ask for what. A poster or a GeoPackage is for everybody, and made once per revision.
ROLES: Mapping[str, Role] = {"poster": "visitor", "geopackage": "visitor", "read_list": "editor"}
MAX_WAITING = 6
# Some room stays for editors, whatever visitors ask for; and of what visitors think up, only the latest results are kept.
MAX_WAITING_FOR_VISITORS = 4
KEPT_RESULTS = 40
GRACE_SECONDS = 60
FRESH_SECONDS = 300


def start(actor: Actor, slug: str, kind: str, params: Mapping[str, Any]) -> str:
    """Start work on the study as it stands, or find the same work that waits, runs or is done; gives the number of the run.

    poster: {"paper": a1|a3, "language": nl|en}; geopackage: {"query": query string of a filter}; both for everybody.
    read_list: {"draft": number, "mapping": mapping or absent, "confidential": bool}; needs the role of editor.
    Raises InputError (`run.unknown`, `run.params`, `run.busy`).
    """
    if kind not in ROLES:
        raise InputError("There is no such work.", code="run.unknown")
    role = require(actor, slug, ROLES[kind])
    wanted = _PARAMS[kind](params)
    ready = Study.objects.filter(slug=slug).first()
    made = _usable(ready, _key(kind, wanted, ready)) if ready else None
    if made is not None:
        # Whoever looks how far it is, or fetches what is there, writes nothing and waits for no lock.
        return str(made.pk)
    with transaction.atomic():
        study = Study.objects.select_for_update().filter(slug=slug).first()
        if study is None:
            raise unknown("study")
        Run.objects.filter(_lost(), study=study).update(state="failed", error_code="run.lost", ended=timezone.now())
        key = _key(kind, wanted, study)
        found = _usable(study, key)
        if found is not None:
            return str(found.pk)
        limit = MAX_WAITING_FOR_VISITORS if role == "visitor" else MAX_WAITING
        if Run.objects.filter(study=study, state__in=["waiting", "running"]).count() >= limit:
            raise InputError("There is too much work waiting.", code="run.busy", remedy="Try again in a minute.")
        _forget_old(study)
        user = actor if getattr(actor, "is_authenticated", False) else None
        run = Run.objects.create(study=study, kind=kind, params=wanted, key=key, revision=study.revision, requested_by=user)
        if role != "visitor":
            # A file that a visitor fetches changes nothing; the history is never cleared, so nobody from outside may make it grow.
            after = {"kind": kind, "params": {name: value for name, value in wanted.items() if name != "mapping"}}
            log.write("start_run", actor=actor_name(actor), role=role, study=slug, object_type="run", object_id=run.pk, after=after)
        transaction.on_commit(partial(execute, str(run.pk)))
    return str(run.pk)


def cancel(actor: Actor, slug: str, run_id: str) -> None:
    """Stop work that waits or runs. Needs the role of editor: others may be waiting for the same result."""
    role = require(actor, slug, "editor")
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(study__slug=slug, pk=_uuid(run_id)).first()
        if run is None:
            raise unknown("run")
        if run.state not in {"waiting", "running"}:
            raise InputError("This has ended already.", code="run.ended")
        before = {"state": run.state}
        run.state, run.ended = "cancelled", timezone.now()
        run.save(update_fields=["state", "ended"])
        log.write(
            "cancel_run",
            actor=actor_name(actor),
            role=role,
            study=slug,
            object_type="run",
            object_id=run.pk,
            before=before,
            after={"state": "cancelled"},
        )


def _key(kind: str, params: Mapping[str, Any], study: Study) -> str:
    text = json.dumps([kind, params, study.revision], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _usable(study: Study, key: str) -> Run | None:
    """The same work, unless it failed, is lost, or its file is gone."""
    same = Run.objects.filter(study=study, key=key, state__in=["waiting", "running", "done"]).exclude(_lost())
    for run in same.order_by("-created"):
        if run.state != "done" or (run.result_path and (results_root() / run.result_path).is_file()):
            return run
    return None


def _lost() -> Q:
    """Work whose server stopped in the middle never ends by itself; it may not stand in the way of new work."""
    now = timezone.now()
    running = Q(state="running", started__lt=now - timedelta(seconds=settings.RUN_SECONDS + GRACE_SECONDS))
    return running | Q(state="waiting", created__lt=now - timedelta(seconds=MAX_WAITING * (settings.RUN_SECONDS + GRACE_SECONDS)))


def _forget_old(study: Study) -> None:
    """Results of earlier revisions are never asked for again; of this one the latest are kept."""
    ended = Run.objects.filter(study=study, state__in=["done", "failed", "cancelled"])
    latest = list(ended.filter(revision=study.revision).order_by("-created").values_list("pk", flat=True)[:KEPT_RESULTS])
    for run in ended.exclude(pk__in=latest):
        shutil.rmtree(result_folder(run), ignore_errors=True)
        run.delete()


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


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise unknown("run") from None


_PARAMS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "poster": _poster_params,
    "geopackage": _geopackage_params,
    "read_list": _list_params,
}
