# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A monitor from files of any number of years: read, put in three tables, and written in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart import __version__, store
from knopenkaart.errors import InputError, KnopenkaartError
from knopenkaart.geo import CRS84
from knopenkaart.monitoring.own import OwnTable, read_own_table
from knopenkaart.monitoring.own_memory import OwnMemory, read_memory, write_memory
from knopenkaart.monitoring.tables import areas_of, figures_of
from knopenkaart.monitoring.years import link_years
from knopenkaart.progress import Progress, silent
from knopenkaart.records import Source
from knopenkaart.sources.addresses import read_addresses
from knopenkaart.sources.area_table import notice
from knopenkaart.sources.published import Published, identified, read_published, years_of_rows
from knopenkaart.store import Stored
from knopenkaart.tables import MONITOR_FIGURES, NOTICES, SOURCES, from_records
from knopenkaart.vocabulary.catalogue import Catalogue, load_catalogue

WHAT = "monitor"


@dataclass(frozen=True)
class MonitorRequest:
    """What a monitor is made of.

    `figures` are files with figures of areas, `areas` map files with outlines, `addresses` points of dwellings, `own` a municipality's own
    tables, each with its mapping (None: guessed). `year` is that of the files that do not say theirs.
    """

    figures: Sequence[Path]
    areas: Sequence[Path] = ()
    addresses: Sequence[Path] = ()
    own: Sequence[tuple[Path, Path | None]] = ()
    year: int | None = None
    name: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Monitor:
    """The tables of a monitor, the indicators that its own tables declare (plain values), and what is to be kept of these (exact)."""

    areas: pd.DataFrame
    figures: pd.DataFrame
    links: pd.DataFrame
    sources: pd.DataFrame
    notices: pd.DataFrame
    indicators: tuple[dict[str, Any], ...] = ()
    memory: OwnMemory = field(default_factory=OwnMemory)


@dataclass
class _Read:
    files: list[Published] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[pd.DataFrame] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def homes(self) -> gpd.GeoSeries | None:
        """The points of all dwellings; an address that is known to be something else is none."""
        if not self.addresses:
            return None
        rows = pd.concat(self.addresses, ignore_index=True)
        rows = rows[rows["residential"].fillna(True).astype(bool)]
        return gpd.GeoSeries(gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float)), crs=CRS84)


def build_monitor(folder: Path, request: MonitorRequest, *, progress: Progress = silent) -> Stored:
    """Read the files and write the folder of a monitor; what cannot be read is a notice.

    What is shown of own tables is kept in a file beside the folder, and counts when it is built again (docs/method/own-tables.md).

    Raises InputError where not one file could be read or (`monitor.memory`) that file cannot, and StoreError where the folder cannot be
    written or holds a study.
    """
    monitor = make_monitor(request, progress=progress, memory=read_memory(folder) if request.own else None)
    manifest = {
        "what": WHAT,
        "name": request.name or folder.name,
        "years": sorted({int(year) for year in monitor.areas["year"]}),
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": __version__,
        "invented": request.invented,
        "indicators": list(monitor.indicators),
    }
    progress("write", 0.0)
    tables = {
        "monitor_areas": monitor.areas,
        "monitor_figures": monitor.figures,
        "monitor_links": monitor.links,
        "sources": monitor.sources,
        "notices": monitor.notices,
    }
    if request.own:
        # First: what is kept too much only hides more.
        write_memory(folder, monitor.memory)
    return store.write(folder, tables, {}, manifest)


def open_monitor(folder: Path) -> Stored:
    """A monitor that was built. Raises StoreError where there is none, or where the folder holds a study."""
    return store.read(folder, what=WHAT)


def make_monitor(
    request: MonitorRequest, *, progress: Progress = silent, catalogue: Catalogue | None = None, memory: OwnMemory | None = None
) -> Monitor:
    """The tables of a monitor from its files; `memory` is what was shown of own tables before."""
    known = catalogue or load_catalogue()
    read = _read_files(request, progress)
    files = [identified(file, read.files) for file in read.files]
    read.notices += [item for file in files for item in file.notices]
    areas = areas_of(files)
    progress("figures", 0.0)
    figures = figures_of(files, known, read.notices)
    own = _read_own(request, areas, known, read, memory or OwnMemory())
    progress("years", 0.0)
    links = link_years(areas, figures, homes=read.homes())
    sources = {source.id: source for source in [*(file.source for file in files), *read.sources, *(item.source for item in own)]}
    return Monitor(
        areas=areas,
        figures=MONITOR_FIGURES.check(pd.concat([figures, *(item.figures for item in own)], ignore_index=True)) if own else figures,
        links=links,
        sources=from_records(sources.values(), SOURCES),
        notices=NOTICES.frame(read.notices),
        indicators=tuple(indicator for item in own for indicator in item.indicators),
        memory=own[-1].memory if own else memory or OwnMemory(),
    )


def _read_files(request: MonitorRequest, progress: Progress) -> _Read:
    """Every file that can be read, figures first; one that cannot is a notice."""
    read = _Read()
    wanted = [*((path, True) for path in request.figures), *((path, False) for path in request.areas)]
    for number, (path, figures) in enumerate(wanted):
        progress("read", number / len(wanted))
        with _noticing(path, read.notices):
            for file in _read_one(path, request.year, figures=figures):
                read.files.append(_by_itself(file, read.files))
    for path in request.addresses:
        with _noticing(path, read.notices):
            rows, source = read_addresses(path)
            read.addresses.append(rows)
            read.sources.append(source)
    if not read.files:
        raise InputError(
            "Not one of the files could be read: " + " ".join(str(item["message"]) for item in read.notices),
            code="monitor.no_files",
            remedy="docs/how-to/build-a-wijkmonitor.md tells which files can be read.",
        )
    return read


def _by_itself(file: Published, others: Sequence[Published]) -> Published:
    """A file as a source of its own: of several years of one table, or of files of one name, each has its own line."""
    taken = {other.source.id for other in others if (other.source.sha256, other.year) != (file.source.sha256, file.year)}
    wanted = (file.source.id, f"{file.source.id}_{file.year}", *(f"{file.source.id}_{number}" for number in range(2, len(others) + 3)))
    return replace(file, source=replace(file.source, id=next(name for name in wanted if name not in taken)))


def _read_own(request: MonitorRequest, areas: pd.DataFrame, catalogue: Catalogue, read: _Read, memory: OwnMemory) -> list[OwnTable]:
    """A municipality's own tables, as they may be shown: each beside those before it."""
    tables: list[OwnTable] = []
    for path, mapping in request.own:
        with _noticing(path, read.notices):
            tables.append(read_own_table(path, mapping, areas, catalogue, memory=memory))
            memory = tables[-1].memory
            read.notices += tables[-1].notices
    return tables


@contextmanager
def _noticing(path: Path, notices: list[dict[str, Any]]) -> Iterator[None]:
    """A file that cannot be read does not stop the others."""
    try:
        yield
    except KnopenkaartError as error:
        message = f"{path.name} was left out: {error.message} {error.remedy}".rstrip()
        notices.append(notice("monitor.file", path.name, message, {"error": error.code}))


def _read_one(path: Path, year: int | None, *, figures: bool) -> list[Published]:
    """A file by its own year, and one whose rows are about several years once for each; `year` counts where it says none."""
    try:
        return [read_published(path, year=None, figures=figures)]
    except InputError as error:
        if error.code not in ("figures.no_year", "figures.years_contradict"):
            raise
        years = years_of_rows(path)
        if len(years) < 2 and year is None:
            raise
    return [read_published(path, year=each, figures=figures) for each in (years if len(years) > 1 else [year])]
