# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of meeting: who meets whom in a study, and how many places."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


_NO_CONTACT = "Recognition (model): no contacts, and nothing about cohesion."


def register(commands: Any) -> None:
    """Add the commands. Heavy imports wait until a command runs."""
    meet = commands.add_parser("meet", help="who meets whom: expected visits, encounters and recognition, per place, area and group")
    meet.add_argument("study", type=Path)
    meet.add_argument("--counts", type=Path, metavar="FILE", help="own counts: the table counts as CSV; without it all is assumed")
    meet.add_argument("--cards", type=Path, metavar="FILE", help="own visitor cards: the table cards as CSV")
    meet.add_argument("--tables", type=Path, metavar="FOLDER", help="write the tables as CSV in a folder")
    meet.add_argument("--seed", type=int, default=2012)
    meet.set_defaults(run=run_meet)

    curve = commands.add_parser("curve", help="how many places: recognition for every number of places, and the verdict on the thesis")
    curve.add_argument("study", type=Path)
    curve.add_argument("--counts", type=Path, metavar="FILE", help="own counts: the table counts as CSV; without it all is assumed")
    curve.add_argument("--cards", type=Path, metavar="FILE", help="own visitor cards: the table cards as CSV")
    curve.add_argument("--draws", type=int, default=100, metavar="N", help="towns that may be, over which the band lies (default: 100)")
    curve.add_argument("--no-wijken", action="store_true", help="only the whole study, no curve per wijk")
    curve.add_argument("--tables", type=Path, metavar="FOLDER", help="write the tables as CSV in a folder")
    curve.add_argument("--language", choices=("nl", "en"), default="nl", help="of the sentence (default: nl)")
    curve.add_argument("--seed", type=int, default=2012)
    curve.set_defaults(run=run_curve)


def _known(options: argparse.Namespace, study: Any) -> Any:
    """What was counted and answered, as the files of the command say."""
    from knopenkaart.cli.visits import cards_of
    from knopenkaart.meeting.observed import told

    return told(_estimates(options.counts, study), cards_of(options.cards) if options.cards else None)


def _estimates(path: Path | None, study: Any) -> pd.DataFrame | None:
    """Visits per week of the places that were counted."""
    if path is None:
        return None
    from knopenkaart.cli.visits import counts_of
    from knopenkaart.visits.counts import estimate

    opened = study.table("place_slots")
    opened = opened[opened["open"].fillna(False).astype(bool)]
    slots = {str(place): set(rows["slot"]) for place, rows in opened.groupby("place_id")}
    return estimate(counts_of(path), slots=slots)


def run_meet(options: argparse.Namespace, console: Console) -> int:
    """Reckon who meets whom, and tell it per area."""
    from knopenkaart.meeting.ground import ground_of
    from knopenkaart.meeting.meet import meet
    from knopenkaart.meeting.observed import observed_of, with_times
    from knopenkaart.meeting.protect import protected
    from knopenkaart.meeting.results import COARSE, write_tables
    from knopenkaart.meeting.towns import believed
    from knopenkaart.study import Study

    study = Study.open(options.study)
    known = _known(options, study)
    with console.progress() as progress:
        ground = with_times(ground_of(study, progress=progress), known)
        coarse = with_times(ground_of(study, cells=COARSE, progress=progress), known)
        of = believed(ground, observed_of(ground, known))
        tables = meet(ground, of, coarse=coarse, seed=options.seed, progress=progress)
    shown = protected(tables, grouped=len(ground.groups) > 1)
    areas = shown["meeting_areas"]
    whole = areas[(areas["group"] == "all") & (areas["level"] != "buurt")]
    columns = ("area_code", "people", "visits", "encounters", "faces", "faces_across", "reached")
    console.say(_told(int(of.counted.sum()), used=of.told))
    console.table("Per resident and week", columns, [_row(row, columns) for row in whole.to_dict("records")])
    files = write_tables(options.tables, shown, sorted(shown)) if options.tables else []
    console.result({"counted": int(of.counted.sum()), "areas": _records(areas), "files": files})
    return 0


def run_curve(options: argparse.Namespace, console: Console) -> int:
    """Reckon the curve and the verdict, and tell them."""
    from knopenkaart.meeting.ground import CELLS, ground_of
    from knopenkaart.meeting.meet import areas_now
    from knopenkaart.meeting.observed import observed_of, with_times
    from knopenkaart.meeting.protect import protected
    from knopenkaart.meeting.results import COARSE, curves, write_tables
    from knopenkaart.meeting.towns import believed
    from knopenkaart.study import Study

    if options.draws < 1:
        raise InputError("A band needs at least one town.", code="meeting.draws", remedy="Give --draws 100.")
    study = Study.open(options.study)
    known = _known(options, study)
    with console.progress() as progress:
        near, ground = (with_times(ground_of(study, cells=most, progress=progress), known) for most in (CELLS, COARSE))
        of = believed(ground, observed_of(ground, known))
        parts = None if options.no_wijken else areas_now(ground, of, seed=options.seed)
        tables = curves(ground, of, near=near, parts=parts, draws=options.draws, seed=options.seed, progress=progress)
    shown = protected(tables, grouped=len(ground.groups) > 1)
    console.say(_told(int(of.counted.sum()), used=of.told))
    columns = ("demand", "programme", "places", "visits", "encounters", "faces", "faces_low", "faces_high", "share", "within", "within_800")
    points = shown["curve_points"]
    console.table("Number of places", columns, [_row(row, columns) for row in points[points["area_code"] == "all"].to_dict("records")])
    for row in tables["curve_findings"].to_dict("records"):
        console.say(f"{row['area_code']}, {row['demand']} demand, {row['programme']} programme: {row[options.language]}")
    told = ("area_code", "verdict", "probability", "elasticity", "threshold", "counted", "measure_first", "measure_second")
    console.table("More places, fewer encounters?", told, [_row(row, told) for row in tables["thesis"].to_dict("records")])
    files = write_tables(options.tables, shown, sorted(shown)) if options.tables else []
    findings = {name: _records(shown[name]) for name in ("curve_points", "curve_findings", "thesis")}
    console.result({"counted": int(of.counted.sum()), **findings, "files": files})
    return 0


def _told(counted: int, *, used: bool) -> str:
    nothing = "Nothing was counted; answers of visitors were used." if used else "Nothing was counted: every number is assumed."
    known = f"Own counts of {counted} places were used." if counted else nothing
    return f"{known} {_NO_CONTACT}"


def _row(row: dict[Any, Any], columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(f"{row[name]:.2f}" if isinstance(row[name], float) else row[name] for name in columns)


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")
