# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the results of work lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from knopenkaart_web.runs.models import Run


def results_root() -> Path:
    """Where the results of all runs lie."""
    return Path(settings.DATA_DIR) / "results"


def result_folder(run: Run) -> Path:
    """Where the result of one run lies."""
    return results_root() / run.study.slug / str(run.pk)
