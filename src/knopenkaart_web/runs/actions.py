# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Starting and cancelling background work."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.progress import Progress, silent
from knopenkaart_web.accounts.permissions import Actor, Role, actor_name, require
from knopenkaart_web.audit import log
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import same
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.queue import execute
from knopenkaart_web.runs.results import result_folder
from knopenkaart_web.runs.same import MAX_WAITING
from knopenkaart_web.runs.work import end, work
from knopenkaart_web.visits import released

# Who may ask for what. A poster or a GeoPackage is for everybody, and made once per revision.
ROLES: Mapping[str, Role] = {
    "poster": "visitor",
    "geopackage": "visitor",
    "read_list": "editor",
    "reach": "editor",
    "meeting": "editor",
    "visitors": "system",
    "series": "system",
    "read_figures": "system",
    "residents": "system",
    "reports": "editor",
}
# Of the room some stays for editors, whatever visitors ask for; and of what visitors think up, only the latest results are kept.
MAX_WAITING_FOR_VISITORS = 4
KEPT_RESULTS = 40
# Work that broke off through no fault of its own may go well another time.
BROKEN, ATTEMPTS = ("run.lost", "run.broken", "run.time", "run.memory"), 3
LOG = logging.getLogger(__name__)


def start(actor: Actor, slug: str, kind: str, params: Mapping[str, Any]) -> str:
    """Start work on the study as it stands, or find the same work that waits, runs or is done; gives the number of the run.

    poster: {"paper": a1|a3, "language": nl|en}; geopackage: {"query": query string of a filter}; both for everybody.
    read_list: {"draft": number, "mapping": mapping or absent, "confidential": bool}; needs the role of editor.
    reach: {}; needs the role of editor, or the system. meeting: {}; the same.
    visitors: {"round": number}; the system's own, when a round was closed. series: {"place": number}; the same, when a series came in.
    read_figures: {"file": number}; the system's own, when somebody sent a file or corrected its columns.
    residents: {"first": day, "last": day}; the system's own, when an editor asked for a wave.
    reports: {"municipality": code, "language": nl|en}; needs the role of editor.
    Raises InputError (`run.unknown`, `run.params`, `run.busy`).
    """
    if kind not in ROLES:
        raise InputError("There is no such work.", code="run.unknown")
    role = require(actor, slug, ROLES[kind])
    wanted = same.PARAMS[kind](params)
    ready = Study.objects.filter(slug=slug).first()
    made = same.usable(ready, kind, wanted) if ready else None
    if made is not None:
        # Whoever asks again for what is there, or is being made, writes nothing and waits for no lock.
        return str(made.pk)
    with transaction.atomic():
        study = Study.objects.select_for_update().filter(slug=slug).first()
        if study is None:
            raise unknown("study")
        _give_up_lost(study)
        found = same.usable(study, kind, wanted)
        if found is not None:
            return str(found.pk)
        limit = MAX_WAITING_FOR_VISITORS if role == "visitor" else MAX_WAITING
        # Of what pages look up there is one at most: it takes nobody's room, and nobody takes its.
        if kind not in same.LOOKED_UP and _under_way(study).exclude(kind__in=list(same.LOOKED_UP)).count() >= limit:
            raise InputError("There is too much work waiting.", code="run.busy", remedy="Try again in a minute.")
        _forget_old(study)
        user = actor if getattr(actor, "is_authenticated", False) else None
        key = same.key(kind, wanted, study)
        run = Run.objects.create(study=study, kind=kind, params=wanted, key=key, revision=study.revision, requested_by=user)
        if role != "visitor":
            # A file that a visitor fetches changes nothing; the history is never cleared, so nobody from outside may make it grow.
            after = {"kind": kind, "params": {name: value for name, value in wanted.items() if name != "mapping"}}
            log.write("start_run", actor=actor_name(actor), role=role, study=slug, object_type="run", object_id=run.pk, after=after)
        transaction.on_commit(partial(execute, str(run.pk)))
    return str(run.pk)


def reckon_now(slug: str, kind: str, progress: Progress = silent) -> bool:
    """Reckon what pages of a study look up (reach, meeting) in this process, for whoever waits; True where it is there now, or was.

    The system's own work; what goes wrong is written down with the run, as for work in the background. What is under way there is
    stopped: it began with the places of before.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().filter(slug=slug).first()
        if study is None:
            raise unknown("study")
        # Without its key: nobody decided that this revision need not be reckoned.
        _under_way(study).filter(kind=kind).update(state="cancelled", ended=timezone.now(), key="")
        found = same.usable(study, kind, {})
        # What a limit of time left out is reckoned now: here there is none.
        if found is not None and not found.params.get("left_out"):
            return True
        _forget_old(study)
        now, key = timezone.now(), same.key(kind, {}, study)
        run = Run.objects.create(study=study, kind=kind, key=key, revision=study.revision, state="running", started=now, alive=now)
        log.write("start_run", actor="system", role="system", study=slug, object_type="run", object_id=run.pk, after={"kind": kind})
    return _work_here(run, progress)


def do_now(slug: str, kind: str, params: Mapping[str, Any]) -> bool:
    """Do work of the system in this process, for whoever loads files; True where it succeeded. What goes wrong is written down with it."""
    wanted, now = same.PARAMS[kind](params), timezone.now()
    with transaction.atomic():
        study = Study.objects.get(slug=slug)
        named = {"study": study, "kind": kind, "key": same.key(kind, wanted, study), "revision": study.revision}
        run = Run.objects.create(**named, params=wanted, state="running", started=now, alive=now)
        log.write("start_run", actor="system", role="system", study=slug, object_type="run", object_id=run.pk, after={"kind": kind})
    return _work_here(run, silent)


def _work_here(run: Run, progress: Progress) -> bool:
    """Do a run in this process; True where it succeeded. What breaks is raised, and nobody need wait for it any longer."""
    try:
        work(run.pk, progress=progress)
    except BaseException:
        end(run.pk, "failed", code="run.broken", error="This broke off; the log of the server says why.")
        raise
    return Run.objects.filter(pk=run.pk, state="done").exists()


def renew_reach() -> list[str]:
    """Have the reach of every study reckoned whose places changed since; gives the studies. One study's trouble is not another's."""
    started = []
    for study in Study.objects.exclude(folder=""):
        try:
            _give_up_lost(study)
            if same.usable(study, "reach", {}) is None and _worth_trying(study):
                start(None, study.slug, "reach", {})
                started.append(study.slug)
        except KnopenkaartError:
            LOG.exception("The reach of %s could not be reckoned anew", study.slug)
    return started


def release_rounds() -> list[str]:
    """Have the figures released of every round that was closed since; gives the rounds. What was refused is not tried again."""
    started = []
    for slug, round_id, closed in released.closed_without_figures():
        tried = Run.objects.filter(study__slug=slug, kind="visitors", params__round=round_id, created__gte=closed)
        broken = tried.filter(state="failed", error_code__in=BROKEN).count()
        if tried.count() - broken or broken >= ATTEMPTS:
            continue
        try:
            start(None, slug, "visitors", {"round": round_id})
            started.append(round_id)
        except KnopenkaartError:
            LOG.exception("Figures of a round in %s could not be released", slug)
    return started


def release_series() -> list[str]:
    """Have the series released of every place of which months came in, or changed, since; gives the places."""
    started = []
    for slug, place_id, state in released.series_without_figures():
        params = {"place": place_id, "state": state}
        if Run.objects.filter(study__slug=slug, kind="series", params=params).exclude(error_code__in=BROKEN).exists():
            continue
        try:
            start(None, slug, "series", params)
            started.append(place_id)
        except KnopenkaartError:
            LOG.exception("The series of a place in %s could not be released", slug)
    return started


def _worth_trying(study: Study) -> bool:
    """Whether to reckon it (again): not what somebody stopped or what was refused, and what broke off a few times at most."""
    before = Run.objects.filter(study=study, key=same.key("reach", {}, study))
    broken = before.filter(state="failed", error_code__in=BROKEN)
    refused = before.filter(Q(state="cancelled") | Q(state="failed") & ~Q(error_code__in=BROKEN))
    return not refused.exists() and broken.count() < ATTEMPTS


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


def _under_way(study: Study) -> QuerySet[Run]:
    return Run.objects.filter(study=study, state__in=["waiting", "running"])


def _give_up_lost(study: Study) -> None:
    Run.objects.filter(same.lost(), study=study).update(state="failed", error_code="run.lost", ended=timezone.now())


def _forget_old(study: Study) -> None:
    """Results of earlier revisions are never asked for again, but for the last that pages look up; of this one the latest are kept."""
    ended = Run.objects.filter(study=study, state__in=["done", "failed", "cancelled"])
    latest = list(ended.filter(revision=study.revision).order_by("-created").values_list("pk", flat=True)[:KEPT_RESULTS])
    # Until the new one is there pages go on showing the old one, and say so; the one before that may still be read by a page.
    done = {kind: ended.filter(kind=kind, state="done").order_by("-created") for kind in same.LOOKED_UP}
    looked_up = [pk for rows in done.values() for pk in rows.values_list("pk", flat=True)[:2]]
    for run in ended.exclude(pk__in=[*latest, *looked_up]):
        shutil.rmtree(result_folder(run), ignore_errors=True)
        run.delete()


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise unknown("run") from None
