# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the engine: build, check, access, export, mapping, example, poster."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError, StoreError
from knopenkaart.publish.exported import TABLES

if TYPE_CHECKING:
    from knopenkaart.example import ExampleFiles
    from knopenkaart.policy import Policy
    from knopenkaart.progress import Progress
    from knopenkaart.sources.online import OnlineSources
    from knopenkaart.study import Study


def register(commands: Any) -> None:
    """Add the engine's commands. Heavy imports wait until a command runs, so that --help answers at once."""
    build = commands.add_parser("build", help="make a study from an OpenStreetMap extract, areas, figures and own lists")
    build.add_argument("study", type=Path, help="folder of the study")
    build.add_argument("--osm", type=Path, metavar="FILE", help="extract (.osm.pbf, .osm, .osm.gz); without it, it is fetched")
    build.add_argument("--areas", type=Path, action="append", default=[], metavar="FILE", help="municipalities, wijken, buurten")
    build.add_argument("--figures", type=Path, action="append", default=[], metavar="FILE", help="figures per area")
    build.add_argument("--addresses", type=Path, action="append", default=[], metavar="FILE", help="addresses with coordinates")
    build.add_argument("--cells", type=Path, action="append", default=[], metavar="FILE", help="squares of 100 m with inhabitants (CBS)")
    build.add_argument("--streets", type=Path, metavar="FILE", help="plain street lines to go along, instead of those of the extract")
    build.add_argument("--list", type=Path, action="append", default=[], metavar="FILE", dest="lists", help="own list (XLSX, CSV)")
    build.add_argument("--mapping", type=Path, action="append", default=[], metavar="FILE", help="saved mapping, one per --list")
    build.add_argument("--year", type=int, help="year of areas or figures that do not say it themselves")
    build.add_argument("--municipality", nargs="+", default=[], metavar="NAME-OR-CODE", help="which municipality or municipalities")
    build.add_argument("--name", default="", help="name of the study (default: its municipalities, or the folder's name)")
    build.add_argument("--kinds", type=Path, metavar="FILE", help="own kinds and selection, on top of the vocabulary (TOML)")
    build.add_argument("--cache", type=Path, default=Path("var/cache"), metavar="FOLDER", help="where fetched sources are kept")
    build.add_argument(
        "--contact",
        default=os.environ.get("KNOPENKAART_CONTACT", ""),
        help="address that public sources see when they are asked (default: KNOPENKAART_CONTACT)",
    )
    build.set_defaults(run=run_build)

    check = commands.add_parser("check", help="verify a study and tell what is in it and what is not known")
    check.add_argument("study", type=Path)
    check.set_defaults(run=run_check)

    export = commands.add_parser("export", help="write a table of a study as GeoJSON, CSV or GeoPackage")
    export.add_argument("study", type=Path)
    export.add_argument("--table", choices=TABLES, required=True, metavar="TABLE", help=", ".join(TABLES))
    export.add_argument("--to", choices=("geojson", "csv", "gpkg"), required=True)
    export.add_argument("file", type=Path)
    export.set_defaults(run=run_export)

    access = commands.add_parser("access", help="who can reach what: reckon the tables of a study anew, and write them as files")
    access.add_argument("study", type=Path)
    access.add_argument("--walk-kmh", type=float, metavar="KMH", help="walking speed (default: that of the study, 4.8)")
    access.add_argument("--cycle-kmh", type=float, metavar="KMH", help="cycling speed (default: that of the study, 15)")
    access.add_argument("--minutes", type=int, nargs=3, metavar="MIN", help="within how many minutes to count (default: 5 10 15)")
    access.add_argument("--near", type=int, metavar="MIN", help="which of these minutes is near (default: 10)")
    access.add_argument(
        "--tables",
        type=Path,
        metavar="FOLDER",
        help="write the tables (but not those with a row per home) as CSV, and the isochrones as GeoJSON, in a folder",
    )
    access.set_defaults(run=run_access)

    mapping = commands.add_parser("mapping", help="guess which column of an own list means what; correct and save it")
    mapping.add_argument("file", type=Path)
    mapping.add_argument("--save", type=Path, metavar="FILE", help="write the mapping, to be corrected and used with build --mapping")
    mapping.set_defaults(run=run_mapping)

    _register_example(commands)

    poster = commands.add_parser("poster", help="the whole map with legend and list as a PDF to hang on the wall")
    poster.add_argument("study", type=Path)
    poster.add_argument("file", type=Path)
    poster.add_argument("--format", choices=("a1", "a3"), default="a1")
    poster.add_argument("--language", choices=("nl", "en"), default="nl")
    poster.set_defaults(run=run_poster)


def _register_example(commands: Any) -> None:
    example = commands.add_parser("example", help="invent a municipality of 25,000 inhabitants: extract, areas, figures and a list")
    example.add_argument("folder", type=Path)
    example.add_argument("--seed", type=int, default=2012)
    example.add_argument("--build", type=Path, metavar="STUDY", help="build its study as well")
    example.add_argument("--monitor", type=Path, metavar="MONITOR", help="build its Wijkmonitor as well")
    example.set_defaults(run=run_example)


def run_build(options: argparse.Namespace, console: Console) -> int:
    """Build a study; offline from files, or online where no extract is given."""
    from knopenkaart.sources.mapping import Mapping
    from knopenkaart.study import Request, build

    if options.mapping and len(options.mapping) != len(options.lists):
        raise InputError(
            f"{len(options.lists)} lists but {len(options.mapping)} mappings.",
            code="cli.mapping",
            remedy="Give one --mapping per --list, in the same order.",
        )
    saved: list[Mapping | None] = [Mapping.from_text(_text(path)) for path in options.mapping]
    mappings = saved or [None] * len(options.lists)
    with console.progress() as progress:
        online = _fetched(options, progress) if options.osm is None else None
        request = Request(
            osm=online.osm if online else options.osm,
            areas=(*options.areas, *(online.areas if online else ())),
            figures=(*options.figures, *(online.figures if online else ())),
            addresses=tuple(options.addresses),
            cells=tuple(options.cells),
            streets=options.streets,
            lists=tuple(zip(options.lists, mappings, strict=True)),
            municipalities=(online.municipality_code,) if online else tuple(options.municipality),
            year=online.year if online else options.year,
            vocabulary=options.kinds,
            name=options.name,
            online=online,
        )
        study = build(options.study, request, progress=progress)
    _report(study, console)
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", code="cli.unreadable") from error


def _fetched(options: argparse.Namespace, progress: Progress) -> OnlineSources:
    from knopenkaart.sources.online import fetch_municipality

    if len(options.municipality) != 1:
        raise InputError(
            "Without --osm, name exactly one municipality.",
            code="cli.online",
            remedy="For example: knopenkaart build STUDY --municipality Delft",
        )
    name = options.municipality[0]
    return fetch_municipality(name, cache=options.cache, year=options.year, progress=progress, contact=options.contact)


def run_check(options: argparse.Namespace, console: Console) -> int:
    """Verify checksums, print the accounting per tag, the coverage and the notices."""
    from knopenkaart.study import Study

    study = Study.open(options.study)
    damaged = study.stored.verify()
    if damaged:
        raise StoreError(
            f"Damaged or absent in {options.study.name}: {', '.join(damaged)}.", code="store.damaged", remedy="Build it again."
        )
    _report(study, console)
    return 0


def run_export(options: argparse.Namespace, console: Console) -> int:
    """Write one table to one file, in one step."""
    from knopenkaart.export import export_table
    from knopenkaart.study import Study

    rows = export_table(Study.open(options.study), options.table, options.to, options.file)
    console.say(f"{rows} rows of {options.table} written to {options.file.name}.")
    console.result({"table": options.table, "rows": rows, "file": options.file.name})
    return 0


def run_access(options: argparse.Namespace, console: Console) -> int:
    """Reckon the reach of a study anew with the given choices, and tell the outcome."""
    from knopenkaart.export import write_reach
    from knopenkaart.study import Study, keep, recount
    from knopenkaart.summary import summarise_reach

    study = Study.open(options.study)
    with console.progress() as progress:
        study = recount(study, policy=_policy(study, options), progress=progress)
        # The study is changed last: files that cannot be written leave it as it was.
        files = write_reach(study, options.tables, progress=progress) if options.tables else []
        study = keep(study)
    found = summarise_reach(study)
    for sentence in found.sentences:
        console.say(sentence)
    console.table(found.title, found.columns, found.rows)
    if files:
        console.say(f"{len(files)} files written to {options.tables.name}.")
    console.result(found.as_json() | {"files": files})
    return 0


def _policy(study: Study, options: argparse.Namespace) -> Policy:
    """The choices of a study with those of the command line."""
    from dataclasses import asdict

    from knopenkaart.policy import Policy

    minutes = tuple(options.minutes or study.policy.minutes)
    # Of other minutes the middle one is near, unless somebody says otherwise.
    usual = study.policy.near_min if study.policy.near_min in minutes else minutes[1]
    near = usual if options.near is None else options.near
    given = {"walk_kmh": options.walk_kmh, "cycle_kmh": options.cycle_kmh, "minutes": minutes, "near_min": near}
    try:
        return Policy(**asdict(study.policy) | {name: value for name, value in given.items() if value is not None})
    except ValueError as error:
        raise InputError(f"These choices cannot be: {error}.", code="cli.policy", remedy="See knopenkaart access --help.") from error


def run_mapping(options: argparse.Namespace, console: Console) -> int:
    """Show the guessed mapping of a list, and save it where asked."""
    from knopenkaart.sources.mapping import guess_mapping
    from knopenkaart.store import write_text
    from knopenkaart.vocabulary import load_vocabulary

    mapping = guess_mapping(options.file, vocabulary=load_vocabulary())
    if options.save:
        write_text(options.save, mapping.to_toml())
        console.say(f"Mapping saved to {options.save.name}; correct it there and use it with build --mapping.")
    console.say(mapping.to_toml())
    console.result(mapping.to_dict())
    return 0


def run_example(options: argparse.Namespace, console: Console) -> int:
    """Invent the example municipality, and build its study where asked."""
    from knopenkaart.example import write_example
    from knopenkaart.study import Request, build

    files = write_example(options.folder, seed=options.seed)
    console.say(f"An invented municipality was written to {options.folder.name} (seed {options.seed}).")
    if options.build:
        with console.progress() as progress:
            request = Request(
                osm=files.osm,
                areas=files.areas,
                figures=files.figures,
                lists=((files.list, None),),
                municipalities=(files.municipality_code,),
                year=files.year,
                invented=True,
            )
            study = build(options.build, request, progress=progress)
        _report(study, console)
    else:
        console.result({"folder": options.folder.name, "seed": options.seed})
    if options.monitor:
        _build_example_monitor(options.monitor, files, console)
    return 0


def _build_example_monitor(folder: Path, files: ExampleFiles, console: Console) -> None:
    """The monitor of the example, without its own tables: an editor brings those in (knopenkaart own-table)."""
    from knopenkaart.monitoring import MonitorRequest, build_monitor

    known = files.monitor
    request = MonitorRequest(
        figures=(*files.figures, *known.figures),
        areas=(*files.areas, *known.areas),
        addresses=(known.dwellings,),
        name="Waterlinde",
        invented=True,
    )
    with console.progress() as progress:
        build_monitor(folder, request, progress=progress)
    console.say(f"Its Wijkmonitor was built in {folder.name}.")


def run_poster(options: argparse.Namespace, console: Console) -> int:
    """Write the poster of a study as PDF."""
    from knopenkaart.export import export_poster
    from knopenkaart.study import Study

    export_poster(Study.open(options.study), options.file, paper=options.format, language=options.language)
    console.say(f"Poster written to {options.file.name}.")
    console.result({"file": options.file.name, "format": options.format, "language": options.language})
    return 0


def _report(study: Study, console: Console) -> None:
    """What a study holds: counts per kind, accounting per tag, coverage, and what is not known."""
    from knopenkaart.summary import summarise

    summary = summarise(study)
    console.say(summary.sentence)
    console.table("Per tag", ("tag", "matched", "present", "merged", "neighbour", "excluded", "why excluded"), summary.tags)
    console.table("Coverage", ("area", "name", "status", "area %", "streets %", "addresses %", "addresses", "dwellings"), summary.coverage)
    for code, count in Counter(notice["code"] for notice in summary.notices).most_common():
        first = next(notice for notice in summary.notices if notice["code"] == code)
        console.say(f"notice {code} ({count}): {first['message']}")
    console.result(summary.as_json())
