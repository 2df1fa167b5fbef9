# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading how far background work is, and where its result lies."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from knopenkaart_web.places.views_data import RunView
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import results_root


def run(slug: str, run_id: str) -> RunView | None:
    """A run of a study, or None."""
    row = _row(slug, run_id)
    if row is None:
        return None
    return RunView(
        id=str(row.pk),
        kind=row.kind,
        study=slug,
        state=row.state,
        step=row.step,
        share=row.share,
        error=row.error_code,
        filename=Path(row.result_path).name,
        ready=row.state == "done",
    )


def result_file(slug: str, run_id: str) -> Path | None:
    """The file that a run made, or None while there is none."""
    row = _row(slug, run_id)
    if row is None or row.state != "done" or not row.result_path:
        return None
    path = results_root() / row.result_path
    return path if path.is_file() else None


def _row(slug: str, run_id: str) -> Run | None:
    try:
        return Run.objects.filter(study__slug=slug, pk=UUID(str(run_id))).first()
    except ValueError:
        return None
