# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command operation: how full places are, what they cost and what to talk about, from files of rooms, money and facts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import Fault, InputError

if TYPE_CHECKING:
    from knopenkaart.operation import CostFigure, PlaceOperation
    from knopenkaart.operation.as_tables import FactsRow
    from knopenkaart.operation.wording import Language
    from knopenkaart.vocabulary import Vocabulary

    Results = Sequence[tuple[PlaceOperation, FactsRow]]

COLUMNS = ("place", "hours in use", "of which known", "cost per visit", "net per visit", "assumed", "not filled in")


def register(commands: Any) -> None:
    """Add the command."""
    operation = commands.add_parser("operation", help="use and money of places: how full, what it costs, what to talk about")
    operation.add_argument("folder", type=Path, help="folder with place_facts.csv, room_hours.csv and money.csv, or some of them")
    operation.add_argument("--today", type=date.fromisoformat, metavar="DATE", help="as if it were this day (default: today)")
    operation.add_argument(
        "--kinds", type=Path, metavar="FILE", help="own categories, rules and thresholds, on top of the vocabulary (TOML)"
    )
    operation.add_argument("--language", choices=("nl", "en"), default="nl", help="of the reasons")
    operation.add_argument("--tables", type=Path, metavar="FOLDER", help="write the results as CSV in a folder")
    operation.set_defaults(run=run_operation)


def run_operation(options: argparse.Namespace, console: Console) -> int:
    """Reckon every place of a folder, and tell the outcome."""
    from knopenkaart.operation.as_tables import as_tables, facts_of
    from knopenkaart.operation.files import read_tables, write_tables
    from knopenkaart.vocabulary import load_vocabulary

    vocabulary = load_vocabulary(options.kinds)
    today = options.today or date.today()  # noqa: DTZ011 - the day where the command runs
    results = _reckoned(facts_of(read_tables(options.folder), vocabulary, today=today), vocabulary)
    tables = as_tables(results)
    files = write_tables(tables, options.tables) if options.tables else []
    console.table("Use and costs", COLUMNS, [_row(found, row) for found, row in results])
    for found, row in results:
        _tell(found, row, options.language, console)
    if files:
        console.say(f"{len(files)} files written to {options.tables.name}.")
    told = {name: frame.astype(object).where(frame.notna(), None).to_dict("records") for name, frame in tables.items()}
    console.result({"today": today.isoformat(), "files": files} | told)
    return 0


def _reckoned(places: Sequence[tuple[Any, FactsRow]], vocabulary: Vocabulary) -> Results:
    """Every place, or the faults of all of them together."""
    from knopenkaart.operation import operation_of

    results: list[tuple[PlaceOperation, FactsRow]] = []
    faults: list[Fault] = []
    for facts, row in places:
        try:
            results.append((operation_of(facts, vocabulary), row))
        except InputError as error:
            found = error.faults or (Fault(error.code, error.message),)
            # Rows count within the place here, not in the file.
            faults += [replace(fault, row=None, message=f"{_name(row)}: {fault.message}") for fault in found]
    if faults:
        raise InputError("These hours or amounts cannot be.", code="use.files", remedy="Correct what is named.", faults=faults)
    return results


def _name(row: FactsRow) -> str:
    return row.name or row.place_id


def _row(found: PlaceOperation, row: FactsRow) -> tuple[object, ...]:
    share, figures = found.use.whole.share, found.costs.figures
    cost = figures.get("cost_per_visit")
    return (
        _name(row),
        None if share is None else f"{share:.0%}",
        f"{found.use.whole.known_share:.0%}" if found.use.cells else None,
        _euros(cost),
        _euros(figures.get("net_per_visit")),
        ", ".join(cost.assumed) if cost else None,
        ", ".join(cost.missing) if cost else None,
    )


def _euros(figure: CostFigure | None) -> str | None:
    """A figure with its interval; `at least` where costs are missing."""
    if figure is None or figure.estimate is None:
        return None
    low, high = (f"{bound:.2f}" if bound is not None else "..." for bound in (figure.estimate.low, figure.estimate.high))
    return f"{figure.estimate.value:.2f} ({low}-{high})" + (" incomplete" if figure.missing else "")


def _tell(found: PlaceOperation, row: FactsRow, language: Language, console: Console) -> None:
    name, warning, dutch = _name(row), found.warning, language == "nl"
    for number, item in enumerate(warning.raised):
        reason, talk, source = (
            (item.reason_nl, item.signal.talk_nl, item.signal.source_nl)
            if dutch
            else (item.reason_en, item.signal.talk_en, item.signal.source_en)
        )
        if number == 0:
            console.say(f"What to talk about: {name} ({warning.archetype})")
        console.say(f"  {item.signal.level}: {reason} {talk} [{source}]")
    for finding in found.use.findings:
        console.say(f"{name}: room {finding.room} is used {finding.used:g} of {finding.available:g} hours in {finding.slot}.")
    unknown = [item.signal.nl if dutch else item.signal.en for item in warning.unknown]
    if unknown:
        console.say(f"{name}: not enough is known for {len(unknown)} rule(s): {'; '.join(unknown)}.")
    if not warning.archetype:
        console.say(f"{name}: without an archetype in place_facts.csv no rule is tried.")
