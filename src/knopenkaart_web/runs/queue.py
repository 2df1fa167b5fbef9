# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the queue does with a run: a child process with bounds, and a word on how it ended."""

from __future__ import annotations

import sys
from uuid import UUID

from django.utils import timezone
from huey.contrib.djhuey import db_task

from knopenkaart_web.runs import same
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.process import Outcome, run_bounded
from knopenkaart_web.runs.work import end

_ERRORS = {
    Outcome.TIMED_OUT: ("run.time", "This took longer than is allowed."),
    Outcome.FAILED: ("run.broken", "This broke off; the log of the server says why."),
    Outcome.STOPPED: ("run.cancelled", "Cancelled."),
    Outcome.FINISHED: ("run.broken", "This ended without a result."),
}


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def execute(run_id: str) -> None:
    """Do a run that still waits."""
    key, now = UUID(run_id), timezone.now()
    if not Run.objects.filter(pk=key, state="waiting").update(state="running", started=now, alive=now):
        return
    run = Run.objects.select_related("study").get(pk=key)
    if run.kind in same.LOOKED_UP:
        # It takes the places as they are now.
        Run.objects.filter(pk=key).update(revision=run.study.revision, key=same.key(run.kind, run.params, run.study))
    command = [sys.executable, "-m", "knopenkaart_web.runs.worker", run_id]
    outcome = run_bounded(command, seconds=same.seconds(run.kind), stopped=lambda: _is_cancelled(key))
    # A child that ended well has written its own end; this holds only for one that could not.
    code, error = _ERRORS[outcome]
    end(key, "failed", code=code, error=error)


def _is_cancelled(key: UUID) -> bool:
    return Run.objects.filter(pk=key, state="cancelled").exists()
