# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reports of a whole municipality in one archive: the municipality itself and each of its wijken, made in the background."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart.progress import Progress
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor.report import compose, pdf

KIND, NAME, FAILED = "reports", "rapporten.zip", "niet-gelukt.txt"
logger = logging.getLogger(__name__)


def areas_of(code: str) -> list[AreaRef]:
    """The municipality and its wijken; nothing where it is not in the monitor."""
    ref = queries.area(code)
    return [ref, *queries.children(ref, level="wijk")] if ref is not None and ref.level == "municipality" else []


def make(run: Any, target: Path, progress: Progress) -> Path:
    """The work of a run: a PDF for each area, beside the municipality or the country. An area that fails is named
    in a text beside the others. Raises InputError where there is no such municipality, or not one report could be made."""
    refs, language = areas_of(str(run.params["municipality"])), str(run.params["language"])
    if not refs:
        raise InputError("The monitor has no such municipality.", code="monitor.no_area", remedy="Load figures that hold it.")
    result = target / NAME
    failed: list[AreaRef] = []
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as archive:
        for place, ref in enumerate(refs):
            progress(ref.name, place / len(refs))
            content = _report(ref, language)
            if content is None:
                failed.append(ref)
            else:
                archive.writestr(f"{ref.code}-{slugify(ref.name)}.pdf", content)
        if len(failed) == len(refs):
            raise InputError("Not one report could be made.", code="run.broken", remedy="Try again, or look in the log of the server.")
        if failed:
            archive.writestr(FAILED, _told(failed, language))
    return result


def _report(ref: AreaRef, language: str) -> bytes | None:
    """The paper of one area; None where it cannot be made, for one of many must not cost the others."""
    try:
        report = compose(ref.code, "", language)
        return None if report is None else pdf(report)
    except Exception:
        logger.exception("The report of %s could not be made.", ref.code)
        return None


def _told(failed: Sequence[AreaRef], language: str) -> str:
    with translation.override(language):
        lines = [_("The report of these areas could not be made. Try again, or ask who manages this installation."), ""]
        return "\n".join([*lines, *(f"{ref.code} {ref.name}" for ref in failed), ""])
