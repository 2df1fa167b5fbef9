# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The kinds of work: what each does, inside the bounded child process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.progress import Progress
from knopenkaart.publish.meeting_file import MeetingFile
from knopenkaart_web.cards import waves
from knopenkaart_web.monitor.own_queries import basis_of
from knopenkaart_web.operation import importing as booking_import
from knopenkaart_web.places import actions, queries, words
from knopenkaart_web.places.actions import figures
from knopenkaart_web.places.models import ImportDraft
from knopenkaart_web.places.queries import figures as figure_queries
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.runs import same
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.own_tables import own_table_input
from knopenkaart_web.runs.results import result_folder, results_root
from knopenkaart_web.runs.rounds import round_input, wave_input
from knopenkaart_web.visits import queries as visits
from knopenkaart_web.visits import released, releasing

# Work that leaves out what it has no time for, and the part of its time that is for reckoning: the rest is for writing it down.
WITHIN, PART = frozenset({"meeting"}), 0.85


def work(run_id: UUID, *, progress: Progress | None = None, limited: bool = False) -> None:
    """Do a run and write down how it ended. What is refused is told with its code; what breaks is raised.

    `progress` is told how far it is, besides those who wait. `limited`: it is broken off at its time, so work that can do with less keeps
    within it.
    """
    run = Run.objects.select_related("study").get(pk=run_id)
    target = result_folder(run)
    target.mkdir(parents=True, exist_ok=True)
    try:
        within = {"seconds": PART * same.seconds(run.kind)} if limited and run.kind in WITHIN else {}
        result = KINDS[run.kind](run, target, _progress(run, progress), **within)
    except (KnopenkaartError, PermissionDenied) as error:
        code = error.code if isinstance(error, KnopenkaartError) else "run.forbidden"
        end(run.pk, "failed", code=code, error=str(error))
        shutil.rmtree(target, ignore_errors=True)
        return
    end(run.pk, "done", result_path=str(result.relative_to(results_root())) if result else "")


_UNDER_WAY = ("waiting", "running")


def end(run_id: UUID, state: str, *, code: str = "", error: str = "", result_path: str = "") -> None:
    """Write down how a run ended, unless it has ended already (somebody cancelled it)."""
    ended = Run.objects.filter(pk=run_id, state__in=_UNDER_WAY).update(
        state=state, error_code=code, error=error[:2000], result_path=result_path, ended=timezone.now(), share=1.0
    )
    if ended and state == "failed":
        _leave_no_file_waiting(Run.objects.select_related("study").get(pk=run_id), code)


def _leave_no_file_waiting(run: Run, code: str) -> None:
    """A file that nobody reads any more says why: its page would tell for ever that it is being read."""
    if run.kind != "read_figures":
        return
    others = Run.objects.filter(kind=run.kind, study=run.study, state__in=_UNDER_WAY, params__file=run.params["file"])
    if not others.exists():
        figures.refuse_reading(run.study.slug, run.params["file"], code)


def _poster(run: Run, target: Path, progress: Progress) -> Path:
    """The poster, from the rows as people have corrected them."""
    from knopenkaart_web import engine

    if not run.study.folder:
        raise InputError("The folder of this study is not known.", code="run.no_folder", remedy="Load the study again.")
    progress("poster", 0.1)
    paper, language = str(run.params["paper"]), str(run.params["language"])
    result = target / f"poster-{paper}.pdf"
    places = queries.export_places(run.study.slug, PlaceFilter(status=("open",), neighbours=False))
    counting = queries.counting_kinds(run.study.slug)
    engine.write_poster(result, Path(run.study.folder), places, counting=counting, paper=paper, language=language, title=run.study.name)
    return result


def _geopackage(run: Run, target: Path, progress: Progress) -> Path:
    """The places of a filter as GeoPackage."""
    from knopenkaart_web import engine

    progress("geopackage", 0.1)
    wanted = PlaceFilter.from_query(QueryDict(str(run.params.get("query", ""))))
    result = target / "places.gpkg"
    engine.write_geopackage(result, queries.export_places(run.study.slug, wanted, now=timezone.now()))
    return result


def _read_list(run: Run, target: Path, progress: Progress) -> None:
    """A sent list, read and put in its draft for whoever sent it to look at."""
    from knopenkaart_web import engine

    slug = run.study.slug
    draft = ImportDraft.objects.filter(study=run.study, pk=int(run.params["draft"])).first()
    if draft is None:
        raise InputError("This list is gone.", code="draft.unknown")
    preview = engine.read_list(
        bytes(draft.content),
        draft.filename,
        mapping=run.params.get("mapping") or None,
        vocabulary=words.vocabulary(),
        folder=Path(run.study.folder) if run.study.folder else None,
        bounds=_study_bounds(run),
        existing=queries.all_records(slug),
        confidential=bool(run.params.get("confidential")),
        progress=progress,
    )
    actor = run.requested_by
    actions.import_preview(
        actor,
        slug,
        draft.pk,
        mapping=preview.mapping,
        columns=preview.columns,
        rows=preview.rows,
        faults=preview.faults,
        source=preview.source,
    )


def _reach(run: Run, target: Path, progress: Progress) -> Path:
    """Who can reach what, with the places and the selection of kinds as they are now."""
    from knopenkaart_web import engine

    if not run.study.folder:
        raise InputError("The folder of this study is not known.", code="run.no_folder", remedy="Load the study again.")
    places = queries.export_places(run.study.slug, PlaceFilter())
    counting = queries.counting_kinds(run.study.slug)
    return engine.write_reach(target, Path(run.study.folder), places, counting=counting, progress=progress)


def _meeting(run: Run, target: Path, progress: Progress, *, seconds: float | None = None) -> Path:
    """Who meets whom, with the places as they are now and what was counted at them and released; within so many seconds, or whole."""
    from knopenkaart_web import engine

    if not run.study.folder:
        raise InputError("The folder of this study is not known.", code="run.no_folder", remedy="Load the study again.")
    slug = run.study.slug
    places = queries.export_places(slug, PlaceFilter())
    latest = released.latest_per_place(slug)
    # What is taken back later must be known by what was made with it.
    params: dict[str, Any] = {"released": {place: row.id for place, row in latest.items()}}
    Run.objects.filter(pk=run.pk).update(params=params)
    observed = {place: dict(row.figures) for place, row in latest.items()}
    counting = queries.counting_kinds(slug)
    known: dict[str, Any] = {"counting": counting, "observed": observed, "seconds": seconds}
    result = engine.write_meeting(target, Path(run.study.folder), places, **known, progress=progress)
    left = MeetingFile(result).about()["left_out"]
    if left["wijken"] or left["closings"]:
        Run.objects.filter(pk=run.pk).update(params=params | {"left_out": True})
    return result


def _study_bounds(run: Run) -> tuple[float, float, float, float] | None:
    view = queries.study(run.study.slug)
    return view.bounds if view else None


def _progress(run: Run, too: Progress | None) -> Progress:
    def tell(step: str, share: float) -> None:
        told = {"step": step[:60], "share": max(0.0, min(1.0, share)), "alive": timezone.now()}
        Run.objects.filter(pk=run.pk, state="running").update(**told)
        if too is not None:
            too(step, share)

    return tell


def _visitors(run: Run, target: Path, progress: Progress) -> None:
    """Who comes at a place in one round, released once."""
    from knopenkaart_web import engine

    progress("visitors", 0.1)
    asked = round_input(run.study, str(run.params["round"]))
    found = engine.visitor_figures(**asked.known)
    if found is None:
        raise InputError("Too little changed to release new figures.", code="release.unchanged")
    releasing.record_release(run.study.slug, asked.place_id, asked.round_id, counts=found.exact, figures=found.document)


def _read_figures(run: Run, target: Path, progress: Progress) -> None:
    """A sent file with counts, a series, bookings or indicators, read for whoever sent it to look at; why it cannot be is kept with it."""
    from knopenkaart_web import engine

    progress("reading", 0.1)
    slug, held = run.study.slug, figure_queries.content_of(run.study.slug, run.params["file"])
    if held is None:
        raise InputError("This file is gone.", code="file.unknown")
    file, content = held
    try:
        found = _figures(engine, slug, file, content)
    except InputError as error:
        figures.keep_reading(slug, file.id, columns=file.columns, found={}, faults=[], notices=[], refusal=error.code)
        return
    read = {name: getattr(found, name) for name in ("columns", "found", "faults", "notices", "refusal", "content")}
    figures.keep_reading(slug, file.id, **read)


def _figures(engine: Any, slug: str, file: figure_queries.FigureFileView, content: bytes) -> Any:
    known: dict[str, Any] = {"columns": file.columns}
    if file.kind == "indicators":
        asked = own_table_input(slug)
        read = engine.read_own_table(content, file.filename, **asked, **known)
        return replace(read, found={**read.found, "basis": basis_of(asked["before"])})
    if file.kind == "series":
        places = figure_queries.names_of_places(slug, file.place_id)
        return engine.read_series(content, file.filename, places=places, place_id=file.place_id, **known)
    known |= {"vocabulary": words.vocabulary(), "place_id": file.place_id}
    if file.kind == "counts":
        return engine.read_counts(content, file.filename, week=file.week, how=file.how, **known)
    rooms, available = booking_import.rooms_of(slug, file.place_id), booking_import.available_in(slug, file.place_id)
    return engine.read_bookings(content, file.filename, rooms=rooms, available=available, **known)


def _series(run: Run, target: Path, progress: Progress) -> None:
    """Visits per month of a place, released as they stand."""
    from knopenkaart_web import engine

    progress("series", 0.1)
    slug, place_id = run.study.slug, str(run.params["place"])
    rows = visits.series_of(slug, place_id)
    figures = engine.series_figures(rows, before=released.series_shown(place_id))
    releasing.record_release(slug, place_id, None, counts=released.series_state(place_id), figures=figures)


def _residents(run: Run, target: Path, progress: Progress) -> None:
    """What residents answered in a wave, released once."""
    from knopenkaart_web import engine

    progress("residents", 0.1)
    first, last = (date.fromisoformat(str(run.params[name])) for name in ("first", "last"))
    document = engine.resident_figures(**wave_input(run.study, first, last))
    if document is None:
        raise waves.too_few()
    waves.record_wave(run.study.slug, first, last, document)


Work = Callable[..., Path | None]
KINDS: dict[str, Work] = {
    "poster": _poster,
    "geopackage": _geopackage,
    "read_list": _read_list,
    "reach": _reach,
    "meeting": _meeting,
    "visitors": _visitors,
    "series": _series,
    "read_figures": _read_figures,
    "residents": _residents,
}


def register(kind: str, done_by: Work) -> None:
    """Have a kind of work done by a layer above this one, which this one cannot know: pages compose reports."""
    KINDS[kind] = done_by
