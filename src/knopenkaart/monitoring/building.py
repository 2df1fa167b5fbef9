# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A monitor from files of any number of years: read, put in three tables, and written in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart import __version__, store
from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.monitoring.tables import areas_of, figures_of
from knopenkaart.monitoring.years import link_years
from knopenkaart.progress import Progress, silent
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.published import Published, identified, read_published
from knopenkaart.store import Stored
from knopenkaart.tables import NOTICES, SOURCES, from_records
from knopenkaart.vocabulary.catalogue import Catalogue, load_catalogue

WHAT = "monitor"


@dataclass(frozen=True)
class MonitorRequest:
    """What a monitor is made of: files with figures, files with outlines of areas, and the year of files that do not say theirs."""

    figures: Sequence[Path]
    areas: Sequence[Path] = ()
    addresses: Sequence[Path] = ()
    year: int | None = None
    name: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Monitor:
    """The tables of a monitor."""

    areas: pd.DataFrame
    figures: pd.DataFrame
    links: pd.DataFrame
    sources: pd.DataFrame
    notices: pd.DataFrame


@dataclass
class _Read:
    files: list[Published] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def build_monitor(folder: Path, request: MonitorRequest, *, progress: Progress = silent) -> Stored:
    """Read the files and write the folder of a monitor; what cannot be read is a notice.

    Raises InputError where not one file could be read, and StoreError where the folder cannot be written or holds a study.
    """
    monitor = make_monitor(request, progress=progress)
    manifest = {
        "what": WHAT,
        "name": request.name or folder.name,
        "years": sorted({int(year) for year in monitor.areas["year"]}),
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": __version__,
        "invented": request.invented,
    }
    progress("write", 0.0)
    tables = {
        "monitor_areas": monitor.areas,
        "monitor_figures": monitor.figures,
        "monitor_links": monitor.links,
        "sources": monitor.sources,
        "notices": monitor.notices,
    }
    return store.write(folder, tables, {}, manifest)


def open_monitor(folder: Path) -> Stored:
    """A monitor that was built. Raises StoreError where there is none, or where the folder holds a study."""
    return store.read(folder, what=WHAT)


def make_monitor(request: MonitorRequest, *, progress: Progress = silent, catalogue: Catalogue | None = None) -> Monitor:
    """The tables of a monitor from its files."""
    read = _read_files(request, progress)
    files = [identified(file, read.files) for file in read.files]
    notices = [*read.notices, *(item for file in files for item in file.notices)]
    areas = areas_of(files)
    progress("figures", 0.0)
    figures = figures_of(files, catalogue or load_catalogue(), notices)
    progress("years", 0.0)
    links = link_years(areas, figures)
    sources = from_records({file.source.id: file.source for file in files}.values(), SOURCES)
    return Monitor(areas, figures, links, sources, NOTICES.frame(notices))


def _read_files(request: MonitorRequest, progress: Progress) -> _Read:
    """Every file that can be read, figures first; one that cannot is a notice."""
    read = _Read()
    wanted = [*((path, True) for path in request.figures), *((path, False) for path in request.areas)]
    for number, (path, figures) in enumerate(wanted):
        progress("read", number / len(wanted))
        try:
            file = _read_one(path, request.year, figures=figures)
        except KnopenkaartError as error:
            read.notices.append(notice("monitor.file", path.name, f"{path.name} was left out: {error.message}", {"error": error.code}))
            continue
        read.files.append(file)
    if not read.files:
        raise InputError(
            "Not one of the files could be read: " + " ".join(str(item["message"]) for item in read.notices),
            code="monitor.no_files",
            remedy="Give files with figures of areas with codes of CBS; docs/how-to/build-a-wijkmonitor.md tells which.",
        )
    return read


def _read_one(path: Path, year: int | None, *, figures: bool) -> Published:
    """A file by its own year; `year` counts where it says none, or several."""
    try:
        return read_published(path, year=None, figures=figures)
    except InputError as error:
        if year is None or error.code not in ("figures.no_year", "figures.years_contradict"):
            raise
    return read_published(path, year=year, figures=figures)
