# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the catalogue of indicators: list it, compare it with its publishers, and fetch its tables."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.vocabulary.catalogue import THEMES, Indicator, load_catalogue

if TYPE_CHECKING:
    from knopenkaart.sources.catalogue_online import Change, FetchedTable, LiveTable

SAID = {
    "table_gone": "the table is gone",
    "measure_gone": "the measure is gone",
    "title": "the title changed",
    "unit": "the unit changed",
    "newer_year": "there is a newer year",
    "no_figures": "it has no figures yet",
}


def register(commands: Any) -> None:
    """Add the group of commands."""
    catalogue = commands.add_parser("catalogue", help="the indicators: list them, compare them with their publishers, fetch their tables")
    deeper = catalogue.add_subparsers(dest="catalogue_command", required=True, metavar="COMMAND")

    shown = deeper.add_parser("list", help="every indicator: what it is, how it came about, where it is published")
    shown.add_argument("--theme", choices=THEMES, help="those of one theme")
    shown.set_defaults(run=run_list)

    verify = deeper.add_parser("verify", help="compare the catalogue with what publishers say of their tables now, and tell what changed")
    verify.add_argument("--cache", type=Path, metavar="FOLDER", help="keep answers here for a day, so that a broken-off comparison goes on")
    _reach(verify)
    verify.set_defaults(run=run_verify)

    fetch = deeper.add_parser("fetch", help="fetch tables of the catalogue for the whole country, as files for knopenkaart monitor build")
    fetch.add_argument("folder", type=Path, help="where the files are written")
    fetch.add_argument("--year", type=int, required=True, metavar="YEAR", help="year of the tables")
    fetch.add_argument("--table", default="", metavar="TABLE", help="one table by its number (default: all of the year)")
    _reach(fetch)
    fetch.set_defaults(run=run_fetch)


def _reach(command: argparse.ArgumentParser) -> None:
    command.add_argument("--endpoints", type=Path, metavar="FILE", help="addresses of a mirror (default: the public ones)")
    command.add_argument(
        "--contact",
        default=os.environ.get("KNOPENKAART_CONTACT", ""),
        help="address that public sources see when they are asked (default: KNOPENKAART_CONTACT)",
    )


def run_list(options: argparse.Namespace, console: Console) -> int:
    """A table of the indicators; what is unverified is listed and never shown elsewhere."""
    found = [item for item in load_catalogue().indicators.values() if options.theme in (None, item.theme)]
    rows = [(item.id, item.en, item.theme, item.unit, item.nature, ", ".join(_sources(item)), _state(item)) for item in found]
    console.table("Indicators", ("code", "name", "theme", "unit", "nature", "sources", "state"), rows)
    active = sum(item.active for item in found)
    console.say(f"{len(found)} indicators: {active} active, {len(found) - active} unverified.")
    console.result({"indicators": [_described(item) for item in found]})
    return 0


def _sources(item: Indicator) -> list[str]:
    """The tables that it is published in, those of one publisher together."""
    tables: dict[str, list[str]] = {}
    for one in item.published:
        tables.setdefault(one.publisher, []).append(one.table)
    return [" ".join((publisher, *dict.fromkeys(name for name in names if name))) for publisher, names in tables.items()]


def _state(item: Indicator) -> str:
    return "active" if item.active else "unverified"


def _described(item: Indicator) -> dict[str, Any]:
    names = ("id", "nl", "en", "explanation_nl", "explanation_en", "theme", "unit", "aggregate", "of", "nature", "direction", "group")
    told = {name: getattr(item, name) for name in names}
    published = [asdict(one) | {"active": one.active} for one in item.published]
    columns = [name for column in item.columns for name in column.names]
    return told | {"rounding": item.rounding, "columns": columns, "published": published, "active": item.active}


def run_verify(options: argparse.Namespace, console: Console) -> int:
    """What publishers say otherwise than the catalogue. A source that gives nothing usable ends it with exit code 3."""
    from knopenkaart.sources.catalogue_online import verify
    from knopenkaart.sources.online import read_endpoints

    with console.progress() as progress:
        found = verify(cache=options.cache, endpoints=read_endpoints(options.endpoints), contact=options.contact, progress=progress)
    console.table("Compared", ("series", "year", "table", "measures"), [_compared(table) for table in found.tables])
    console.table("Changed", ("table", "year", "indicator", "what", "in the catalogue", "now"), [_changed(one) for one in found.changes])
    if not found.changes:
        console.say("Nothing changed.")
    tables = [{"table": table.table, "year": table.year, "measures": len(table.measures)} for table in found.tables]
    console.result({"tables": tables, "changes": [asdict(change) for change in found.changes]})
    return 0


def _compared(table: LiveTable) -> tuple[str, int, str, int]:
    return table.series.nl, table.year, table.table, len(table.measures)


def _changed(change: Change) -> tuple[object, ...]:
    return change.table, change.year, change.indicator or None, SAID[change.kind], change.expected or None, change.found or None


def run_fetch(options: argparse.Namespace, console: Console) -> int:
    """Fetch tables; what is in stays in when it breaks off, and the next time goes on from there."""
    from knopenkaart.sources.catalogue_online import fetch
    from knopenkaart.sources.online import read_endpoints

    with console.progress() as progress:
        found = fetch(
            options.folder,
            year=options.year,
            table=options.table,
            endpoints=read_endpoints(options.endpoints),
            contact=options.contact,
            progress=progress,
        )
    for one in found:
        _tell(one, console)
    console.result(
        {
            "files": [
                {
                    "file": str(one.path),
                    "table": one.table.table,
                    "year": one.table.year,
                    "areas": one.areas,
                    "indicators": one.measures,
                    "left_out": [asdict(change) for change in one.left_out],
                    "offline": one.offline,
                }
                for one in found
            ]
        }
    )
    return 0


def _tell(one: FetchedTable, console: Console) -> None:
    console.say(f"{one.path}: {one.measures} indicators of {one.areas} areas ({one.table.series.nl} {one.table.year}, {one.table.table}).")
    for change in one.left_out:
        console.say(f"Left out: {change.indicator} ({change.measure}), because {SAID[change.kind]}.")
    if one.offline:
        console.say(f"An older copy was used, because the source did not answer as it should. {one.offline}")
