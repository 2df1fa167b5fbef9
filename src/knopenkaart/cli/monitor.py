# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the Wijkmonitor: build it from files, see what is in it, compare its years, and add areas up."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from knopenkaart.cli.console import Console


def register(commands: Any) -> None:
    """Add the command and its own commands."""
    monitor = commands.add_parser("monitor", help="Wijkmonitor: figures of areas through the years")
    own = monitor.add_subparsers(dest="monitor_command", required=True, metavar="COMMAND")
    _register_build(own)


def _register_build(own: Any) -> None:
    build = own.add_parser("build", help="read files with figures of areas into a folder")
    build.add_argument("folder", type=Path, help="folder of the monitor; made anew as a whole")
    build.add_argument("--figures", type=Path, nargs="+", required=True, metavar="FILE", help="files with figures, of any year")
    build.add_argument("--areas", type=Path, nargs="+", default=[], metavar="FILE", help="map files with outlines of areas, of any year")
    build.add_argument("--year", type=int, metavar="YEAR", help="year of the files that do not say theirs")
    build.add_argument("--name", default="", metavar="NAME", help="name of the monitor (default: that of the folder)")
    build.set_defaults(run=run_build)


def run_build(options: argparse.Namespace, console: Console) -> int:
    """Build a monitor and tell what is in it."""
    from knopenkaart.monitoring import MonitorRequest, build_monitor, contents

    request = MonitorRequest(figures=options.figures, areas=options.areas, year=options.year, name=options.name)
    with console.progress() as progress:
        stored = build_monitor(options.folder, request, progress=progress)
    found = contents(stored)
    _show(found, console)
    console.result(found)
    return 0


def _show(found: dict[str, Any], console: Console) -> None:
    console.table("Areas", ("year", "level", "areas"), [(row["year"], row["level"], row["areas"]) for row in found["areas"]])
    console.table(
        "Figures",
        ("indicator", "group", "year", "figures", "missing", "suppressed or hidden"),
        [(row["indicator"], row["group"], row["year"], row["figures"], row["missing"], row["hidden"]) for row in found["figures"]],
    )
    console.table("Years", ("years", "level", *VERDICTS), [_years_row(row) for row in found["links"]])
    for source in found["sources"]:
        console.say(f"{source['id']}: {source['title']} ({source['licence']})")
    for item in found["notices"]:
        console.say(f"notice: {item['message']}")


VERDICTS = ("same", "bridged", "doubtful", "broken")


def _years_row(row: dict[str, Any]) -> tuple[object, ...]:
    return (f"{row['from_year']}-{row['to_year']}", row["level"], *(row[verdict] for verdict in VERDICTS))
