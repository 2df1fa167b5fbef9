# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of the Wijkmonitor: build it from files, see what is in it, compare its years, and add areas up."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError

if TYPE_CHECKING:
    from knopenkaart.monitor.correlate import Interval
    from knopenkaart.monitoring import Beside

VERDICTS = ("same", "bridged", "doubtful", "broken")
LEVELS = ("municipality", "wijk", "buurt")
# So many doubtful areas are named on a screen; --json names all.
NAMED = 40
AGREES = {"equal": "equal", "rounding": "within rounding", "differs": "differs", "": ""}
WHY = {
    "missing": "not known of every part",
    "suppressed": "left out by the source for a part",
    "hidden": "hidden for a part: fewer than ten people",
    "not_additive": "cannot be added up",
    "no_weight": "no number by which the parts count",
    "units_differ": "not all parts have it in one unit",
    "no_parts": "there are no parts",
}


def register(commands: Any) -> None:
    """Add the command and its own commands."""
    monitor = commands.add_parser("monitor", help="Wijkmonitor: figures of areas through the years")
    own = monitor.add_subparsers(dest="monitor_command", required=True, metavar="COMMAND")
    _register_build(own)
    check = own.add_parser("check", help="what is in a monitor: areas, figures and their gaps, sources, notices")
    check.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the monitor")
    check.set_defaults(run=run_check)
    years = own.add_parser("years", help="which areas of one year are which of another")
    years.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the monitor")
    years.add_argument("from_year", type=int, nargs="?", metavar="FROM", help="earlier year (default: the last but one)")
    years.add_argument("to_year", type=int, nargs="?", metavar="TO", help="later year (default: the last)")
    years.add_argument("--level", choices=LEVELS, help="areas of this level only")
    years.set_defaults(run=run_years)
    add = own.add_parser("total", help="what the parts of an area add up to, beside what is published of the whole")
    add.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the monitor")
    add.add_argument("code", metavar="CODE", help="code of the area (GM0599)")
    add.add_argument("--indicator", nargs="+", default=[], metavar="NAME", help="indicators of the catalogue (default: all)")
    add.add_argument("--year", type=int, metavar="YEAR", help="year of the division (default: the last)")
    add.set_defaults(run=run_total)
    _register_correlate(
        own.add_parser("correlate", help="whether two figures go together over areas, how surely, and what that cannot say")
    )


def _register_correlate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the monitor")
    parser.add_argument("x", metavar="X", help="indicator; or nodes, or nodes_per_1000, with --study")
    parser.add_argument("y", metavar="Y", help="indicator")
    parser.add_argument("--level", choices=LEVELS, default="buurt", help="over areas of this level (default: buurt)")
    parser.add_argument("--within", default="", metavar="CODE", help="areas of this municipality only")
    parser.add_argument("--beside", default="", metavar="NAME", help="indicator that may be behind both: what is left beside it")
    parser.add_argument("--study", type=Path, metavar="STUDY", help="study folder whose nodes are counted")
    parser.set_defaults(run=run_correlate)


def _register_build(own: Any) -> None:
    build = own.add_parser("build", help="read files with figures of areas into a folder")
    build.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the monitor; made anew as a whole")
    several = (
        ("--figures", "files with figures, of any year"),
        ("--areas", "map files with outlines of areas, of any year"),
        ("--own", "a municipality's own tables"),
        ("--mapping", "how to read each own table (default: guessed)"),
        ("--addresses", "points of dwellings, to bridge redrawn areas"),
    )
    for name, meaning in several:
        needed = name == "--figures"
        build.add_argument(name, type=Path, nargs="+", action="extend", required=needed, default=[], metavar="FILE", help=meaning)
    build.add_argument("--year", type=int, metavar="YEAR", help="year of the files that do not say theirs")
    build.add_argument("--name", default="", metavar="NAME", help="name of the monitor (default: that of the folder)")
    build.add_argument("--invented", action="store_true", help="say of these figures that they are made up, as an example")
    build.set_defaults(run=run_build)


def run_build(options: argparse.Namespace, console: Console) -> int:
    """Build a monitor and tell what is in it."""
    from knopenkaart.monitoring import MonitorRequest, build_monitor, contents

    if len(options.mapping) > len(options.own):
        raise InputError(
            f"There are {len(options.mapping)} mappings for {len(options.own)} own tables.",
            code="monitor.mappings",
            remedy="Give one --mapping per table of --own, in the same order.",
        )
    request = MonitorRequest(
        figures=options.figures,
        areas=options.areas,
        addresses=options.addresses,
        own=list(zip_longest(options.own, options.mapping)),
        year=options.year,
        name=options.name,
        invented=options.invented,
    )
    with console.progress() as progress:
        stored = build_monitor(options.folder, request, progress=progress)
    _show(contents(stored), console)
    return 0


def run_check(options: argparse.Namespace, console: Console) -> int:
    """Tell what is in a monitor. Returns 4 where a file of it is damaged."""
    from knopenkaart.monitoring import contents, open_monitor

    stored = open_monitor(options.folder)
    damaged = stored.verify()
    _show({**contents(stored), "damaged": damaged} if not damaged else {"damaged": damaged}, console)
    return 4 if damaged else 0


def _show(found: Mapping[str, Any], console: Console) -> None:
    if found.get("damaged"):
        console.say(f"damaged: {', '.join(found['damaged'])}. Build it again.")
        console.result(found)
        return
    console.table("Areas", ("year", "level", "areas"), [(row["year"], row["level"], row["areas"]) for row in found["areas"]])
    console.table(
        "Figures",
        ("indicator", "group", "year", "figures", "missing", "suppressed", "hidden"),
        [
            (row["indicator"], row["group"], row["year"], row["figures"], row["missing"], row["suppressed"], row["hidden"])
            for row in found["figures"]
        ],
    )
    console.table("Areas of two years", ("years", "level", *VERDICTS), [_years_row(row) for row in found["links"]])
    for source in found["sources"]:
        console.say(f"{source['id']}: {source['title']} ({source['licence']})")
    for item in found["notices"]:
        console.say(f"notice: {item['message']}")
    console.result(found)


def _years_row(row: Mapping[str, Any]) -> tuple[object, ...]:
    return (f"{row['from_year']}-{row['to_year']}", row["level"], *(row[verdict] for verdict in VERDICTS))


def run_years(options: argparse.Namespace, console: Console) -> int:
    """Tell of two years how many areas are the same, and of the others why not; name the doubtful ones."""
    from knopenkaart.monitoring import links_between, open_monitor

    stored = open_monitor(options.folder)
    first, last = _two_years(stored.manifest["years"], options.from_year, options.to_year)
    rows = links_between(stored, first, last, level=options.level)
    counted = Counter((str(row["level"]), str(row["verdict"]), str(row["reason"] or "")) for row in rows)
    order = sorted(counted, key=lambda key: (LEVELS.index(key[0]), VERDICTS.index(key[1]), -counted[key]))
    title = f"Areas of {first} in {last}"
    console.table(title, ("level", "verdict", "reason", "areas"), [(*key, counted[key]) for key in order])
    doubtful = [row for row in rows if row["verdict"] == "doubtful"]
    if doubtful:
        shown = [_doubt(row) for row in doubtful[:NAMED]]
        console.table("Doubtful", ("code", "reason", "name then", "name now", "people then", "people now"), shown)
    if len(doubtful) > NAMED:
        console.say(f"and {len(doubtful) - NAMED} more; --json names all.")
    counts = [
        {"level": level, "verdict": verdict, "reason": reason, "areas": counted[level, verdict, reason]} for level, verdict, reason in order
    ]
    console.result({"from_year": first, "to_year": last, "counts": counts, "links": rows})
    return 0


def _two_years(years: Sequence[int], first: int | None, last: int | None) -> tuple[int, int]:
    """The years that were asked for; what was not, is the last two of the monitor."""
    later = years[-1] if last is None else last
    return (next((year for year in reversed(years) if year < later), later) if first is None else first), later


def _doubt(row: Mapping[str, Any]) -> tuple[object, ...]:
    return (row["code"], row["reason"], row["name_from"], row["name_to"], _number(row["people_from"]), _number(row["people_to"]))


def run_total(options: argparse.Namespace, console: Console) -> int:
    """Print what the parts of an area add up to, beside what is published of the whole."""
    from dataclasses import asdict

    from knopenkaart.monitoring import open_monitor, totals

    whole, found = totals(open_monitor(options.folder), options.code, year=options.year, indicators=options.indicator)
    title = f"{whole.name} ({whole.code}, {whole.year})"
    console.table(
        title, ("parts", "indicator", "year", "total", "at least", "at most", "published", ""), [_total_row(item) for item in found]
    )
    if not found:
        console.say(f"{title} has no parts with figures in this monitor.")
    console.result({"code": whole.code, "year": whole.year, "name": whole.name, "totals": [asdict(item) for item in found]})
    return 0


def _total_row(item: Beside) -> tuple[object, ...]:
    made = item.total
    published = None if item.published is None else _number(item.published.value)
    verdict = AGREES[item.verdict] or WHY.get(made.reason, "")
    number = f"{made.parts} x {item.level}" if made.known == made.parts else f"{made.known} of {made.parts} x {item.level}"
    return (number, made.indicator, made.year, _number(made.value), _number(made.low), _number(made.high), published, verdict)


CAUTION = {
    "no_cause": "what goes together need not bring each other about",
    "areas_not_people": "it is about areas, not about the people in them",
    "same_model": "one model of the publisher gave both: they go together by how they were made",
    "one_model": "a model reckoned one of the two from what is known of the areas: the other may be among that, and nobody was asked",
    "few_municipalities": "fewer than ten municipalities: the interval is too narrow",
    "other_borders_other_sign": "over wijken the sign is another: the answer depends on the borders",
    "one_municipality_carries_it": "one municipality carries it",
}


def run_correlate(options: argparse.Namespace, console: Console) -> int:
    """Print how two figures go together, with the interval and the warnings."""
    from dataclasses import asdict

    from knopenkaart.monitoring import open_monitor, together
    from knopenkaart.study import Study

    found = together(
        open_monitor(options.folder),
        options.x,
        options.y,
        level=options.level,
        within=options.within,
        beside=options.beside,
        study=Study.open(options.study) if options.study else None,
    )
    told = found.correlation
    rows = [
        ("along a line", told.pearson, told.areas),
        ("in order", told.spearman, told.areas),
        ("inside municipalities", told.within, told.areas),
        ("over wijken", told.coarse, None),
        (f"beside {options.beside}", told.beside, told.beside_areas),
    ]
    shown = [(name, *_interval(interval), areas) for name, interval, areas in rows if interval is not None]
    console.table(f"{options.x} and {options.y}", ("correlation", "r", "from", "to", "areas"), shown)
    console.say(
        f"{told.areas} of {found.areas} areas ({found.level}) have both, in {told.clusters} municipalities; "
        f"natures: {', '.join(found.natures)}; years: {', '.join(map(str, found.years))}."
    )
    for name in told.warnings:
        console.say(f"warning: {CAUTION[name]}.")
    console.result(asdict(found))
    return 0


def _interval(found: Interval) -> tuple[str, str, str]:
    return f"{found.value:+.2f}", f"{found.low:+.2f}", f"{found.high:+.2f}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")
