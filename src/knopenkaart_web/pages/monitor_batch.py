# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reports of a whole municipality in one archive: the municipality itself and each of its wijken, made in the background."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from knopenkaart.errors import InputError
from knopenkaart.progress import Progress
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor_report import compose, pdf

KIND, NAME = "reports", "rapporten.zip"


def areas_of(code: str) -> list[AreaRef]:
    """The municipality and its wijken; nothing where it is not in the monitor."""
    ref = queries.area(code)
    return [ref, *queries.children(ref, level="wijk")] if ref is not None and ref.level == "municipality" else []


def make(run: Any, target: Path, progress: Progress) -> Path:
    """The work of a run: a PDF for each area, beside the municipality or the country. Raises InputError where there is no such area."""
    refs, language = areas_of(str(run.params["municipality"])), str(run.params["language"])
    if not refs:
        raise InputError("The monitor has no such municipality.", code="monitor.no_area", remedy="Load figures that hold it.")
    result = target / NAME
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as archive:
        for place, ref in enumerate(refs):
            progress(ref.name, place / len(refs))
            report = compose(ref.code, "", language)
            if report is not None:
                archive.writestr(f"{ref.code}-{slugify(ref.name)}.pdf", pdf(report))
    return result
