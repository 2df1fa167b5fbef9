# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading how far background work is, and where its result lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from knopenkaart_web.places.models import Study
from knopenkaart_web.places.views_data import RunView
from knopenkaart_web.runs import same
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.results import results_root
from knopenkaart_web.runs.same import LOOKED_UP
from knopenkaart_web.visits import released

# No more runs of one kind are kept for one revision.
LOOKED_BACK = 50


def run(slug: str, run_id: str) -> RunView | None:
    """A run of a study, or None."""
    row = _row(slug, run_id)
    return _view(row) if row else None


def latest(slug: str, kind: str, params: Mapping[str, Any]) -> RunView | None:
    """The work that was asked for, as far as it is: made, being made, or failed; None where nobody asked for it yet. Starts nothing.

    Raises InputError (`run.params`).
    """
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        return None
    wanted = same.PARAMS[kind](params)
    failed = Run.objects.filter(study=study, key=same.key(kind, wanted, study), state="failed").order_by("-created")
    found = same.usable(study, kind, wanted) or failed.first()
    return _view(found) if found else None


def _view(row: Run) -> RunView:
    return RunView(
        id=str(row.pk),
        kind=row.kind,
        study=row.study.slug,
        state=row.state,
        step=row.step,
        share=row.share,
        error=row.error_code,
        filename=Path(row.result_path).name,
        ready=row.state == "done",
        ended=row.ended,
    )


@dataclass(frozen=True, slots=True)
class ReachState:
    """Where the newest reach of a study lies, or who meets whom in it.

    `stale`: places changed since, or what was released of counts; `busy`: a newer one is being made; `error`: why it is not.
    `taken_back`: places whose counts it was made with, and of which nobody may see those any more; `used`: of each place the release.
    """

    path: Path
    ended: datetime
    stale: bool
    busy: bool
    error: str
    taken_back: frozenset[str] = frozenset()
    used: Mapping[str, str] = field(default_factory=dict)


def reach_state(slug: str) -> ReachState | None:
    """The newest reach that was made for a study, or None where there is none (yet) in the form that pages read."""
    return _state(slug, "reach")


def meeting_state(slug: str) -> ReachState | None:
    """The same of who meets whom."""
    return _state(slug, "meeting")


def _state(slug: str, kind: str) -> ReachState | None:
    runs = list(Run.objects.filter(study__slug=slug, kind=kind).select_related("study").order_by("-created")[:LOOKED_BACK])
    for number, run in enumerate(runs):
        path = results_root() / run.result_path
        if run.state == "done" and run.ended and path.name == LOOKED_UP[kind] and path.is_file():
            newer, used = runs[:number], run.params.get("released", {})
            other_counts = kind == "meeting" and used != released.current(slug)
            return ReachState(
                path=path,
                ended=run.ended,
                stale=other_counts or run.revision != run.study.revision,
                busy=any(other.state in ("waiting", "running") for other in newer),
                error=next((other.error_code for other in newer if other.state == "failed"), ""),
                taken_back=released.taken_back(slug, used),
                used=used,
            )
    return None


def reach_folder_file(slug: str, name: str) -> Path | None:
    """A file that was made with the newest reach, or None."""
    found = reach_state(slug)
    path = found.path.with_name(name) if found else None
    return path if path is not None and path.is_file() else None


def result_file(slug: str, run_id: str) -> Path | None:
    """The file that a run made, or None while there is none."""
    row = _row(slug, run_id)
    if row is None or row.state != "done" or not row.result_path:
        return None
    path = results_root() / row.result_path
    return path if path.is_file() else None


def _row(slug: str, run_id: str) -> Run | None:
    try:
        return Run.objects.select_related("study").filter(study__slug=slug, pk=UUID(str(run_id))).first()
    except ValueError:
        return None
