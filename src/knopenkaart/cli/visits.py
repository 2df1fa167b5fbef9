# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands of visits: plan a count, estimate visits per week from counts, and tell what a series of visits is worth."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from knopenkaart.tables import Table
    from knopenkaart.visits.plan import Plan


def register(commands: Any) -> None:
    """Add the group of commands."""
    visits = commands.add_parser("visits", help="plan a count, estimate visits per week, look into a series")
    deeper = visits.add_subparsers(dest="visits_command", required=True, metavar="COMMAND")

    plan = deeper.add_parser("plan", help="which dayparts to count how often, so that the weekly total is known to a margin")
    plan.add_argument(
        "slots", nargs="+", metavar="SLOT", help="open dayparts, each with the visits that are expected if known: mo_morning=40"
    )
    plan.add_argument("--margin", type=float, metavar="SHARE", help="wanted half-width of the 95 %% interval (default: 0.25)")
    plan.add_argument("--counts", type=int, metavar="N", help="instead of a margin: so many counts, and what one then knows")
    plan.add_argument("--weeks", type=int, default=12, metavar="N", help="most weeks; with --counts the number of weeks (default: 12)")
    plan.add_argument("--mean", type=float, default=15.0, metavar="N", help="visits in a daypart without a number (default: 15)")
    plan.add_argument("--week-cv", type=float, default=0.25, metavar="CV", help="by how much weeks differ (default: 0.25)")
    plan.add_argument("--daypart-cv", type=float, default=0.20, metavar="CV", help="by how much more one daypart does (default: 0.2)")
    plan.add_argument("--first", type=date.fromisoformat, metavar="DATE", help="first day of the period: draws the dates too")
    plan.add_argument("--last", type=date.fromisoformat, metavar="DATE", help="last day of the period")
    plan.add_argument("--closed", type=date.fromisoformat, nargs="*", default=[], metavar="DATE", help="days that are closed")
    plan.add_argument("--seed", type=int, default=1, help="another seed draws other dates (default: 1)")
    plan.set_defaults(run=run_plan)

    estimate = deeper.add_parser("estimate", help="visits per week of each place, daypart and group, from counts")
    estimate.add_argument("counts", type=Path, help="the table counts as CSV")
    estimate.add_argument("--open", type=Path, metavar="FILE", help="which dayparts are open: CSV with place_id and slot")
    estimate.add_argument("--to", type=Path, metavar="FILE", help="write visit_estimates as CSV")
    estimate.set_defaults(run=run_estimate)

    series = deeper.add_parser("series", help="months, gaps, repeated quarters, jumps, seasons, and what a forecast is worth")
    series.add_argument("series", type=Path, help="the table series as CSV")
    series.add_argument("--tables", type=Path, metavar="FOLDER", help="write months, series_findings, season and forecasts as CSV")
    series.set_defaults(run=run_series)


def run_plan(options: argparse.Namespace, console: Console) -> int:
    """Plan a count, and draw its dates where a period is given."""
    from knopenkaart.visits.plan import expect, plan, schedule
    from knopenkaart.vocabulary import load_vocabulary

    slots = load_vocabulary().slots
    means = dict(_expected(text, options.mean) for text in options.slots)
    if unknown := [slot for slot in means if slot not in slots]:
        raise InputError(f"No daypart is called {', '.join(unknown)}.", code="visits.plan", remedy=f"These are: {', '.join(slots)}.")
    spread = {"week_cv": options.week_cv, "daypart_cv": options.daypart_cv, "seed": options.seed}
    try:
        if options.counts is None:
            made = plan(means, margin=0.25 if options.margin is None else options.margin, max_weeks=options.weeks, **spread)
        else:
            made = expect(means, weeks=options.weeks, counts=options.counts, **spread)
        days = {slot: slots[slot].weekday for slot in means}
        period = None if options.first is None or options.last is None else (options.first, options.last)
        drawn = period and schedule(made, weekdays=days, first=period[0], last=period[1], closed=options.closed, seed=options.seed)
    except ValueError as error:
        raise InputError(f"This cannot be planned: {error}.", code="visits.plan", remedy="See knopenkaart visits plan --help.") from error
    _tell_plan(made, console)
    appointments, missing = drawn or ((), ())
    console.table("When", ("date", "daypart"), [(item.date, item.slot) for item in appointments])
    for slot, number in missing:
        console.say(f"{slot}: no open day is left for {number} count(s).")
    console.result(
        {
            "weeks": made.weeks,
            "counts": made.counts,
            "visits": made.visits,
            "margin": made.margin,
            "margin_known": made.margin_known,
            "enough": made.enough,
            "reason": made.reason,
            "dayparts": [{"slot": item.slot, "mean": item.mean, "counts": item.counts} for item in made.dayparts],
            "schedule": [{"date": item.date.isoformat(), "slot": item.slot} for item in appointments],
            "missing": dict(missing),
        }
    )
    return 0


def _expected(text: str, mean: float) -> tuple[str, float]:
    slot, given, number = text.partition("=")
    try:
        return slot, float(number) if given else mean
    except ValueError as error:
        raise InputError(f"{text} has no number of visits.", code="visits.plan", remedy="Write mo_morning=40.") from error


def _tell_plan(made: Plan, console: Console) -> None:
    console.say(f"{made.counts} counts in {made.weeks} weeks: the weekly total is then known to within about {made.margin:.0%}.")
    if made.reason:
        console.say(f"Not enough: {made.reason}.")
    console.table(
        "What to count", ("daypart", "expected visits", "counts"), [(item.slot, f"{item.mean:g}", item.counts) for item in made.dayparts]
    )


def run_estimate(options: argparse.Namespace, console: Console) -> int:
    """Estimate visits per week, and tell those of whole places."""
    from knopenkaart.tables import COUNTS
    from knopenkaart.visits.counts import ALL_SLOTS, estimate

    counts, opened = _table(options.counts, COUNTS), _columns(options.open, ("place_id", "slot")) if options.open else None
    slots = {} if opened is None else {str(place): set(rows["slot"]) for place, rows in opened.groupby("place_id")}
    found = estimate(counts, slots=slots)
    whole = found[found["slot"] == ALL_SLOTS]
    rows = [_estimate_row(row) for row in whole.to_dict("records")]
    console.table(
        "Visits per week", ("place", "what", "group", "value", "95 % interval", "people", "counts", "weeks", "not enough or note"), rows
    )
    if options.to:
        found.to_csv(options.to, index=False)
        console.say(f"{len(found)} rows written to {options.to.name}.")
    console.result({"visit_estimates": _records(found)})
    return 0


def _estimate_row(row: dict[Any, Any]) -> tuple[object, ...]:
    told = (f"{row['value']:.0f}", f"{row['low']:.0f}-{row['high']:.0f}") if row["enough"] else (None, None)
    reason = row["reason"] if isinstance(row["reason"], str) else None
    return (row["place_id"], row["what"], row["group"], *told, row["people"], row["counts"], row["weeks"], reason)


def run_series(options: argparse.Namespace, console: Console) -> int:
    """Tell what is in a series, and how often forecasts of it would have held."""
    from knopenkaart.tables import SERIES
    from knopenkaart.visits.forecast import coverage, forecast, hold_out
    from knopenkaart.visits.series import findings, monthly, season

    months = monthly(_table(options.series, SERIES))
    found, held_out = findings(months), hold_out(months)
    tables = {"months": months, "series_findings": found, "season": season(months), "forecasts": forecast(months)}
    console.say(f"{months['place_id'].nunique()} places, {int(months['enough'].sum())} months with a value of {len(months)}.")
    rows = [(what, len(own), own["place_id"].nunique(), own["months"].sum()) for what, own in found.groupby("what")]
    console.table("What stands out", ("what", "times", "places", "months"), rows)
    told = coverage(held_out, months) if len(held_out) else None
    if told is None:
        console.say("No place has the two years and more that forecasts a year ahead can be tried on.")
    else:
        shown = [
            (r["case"], r["forecasts"], *(f"{r[c]:.1%}" for c in ("held", "above", "below", "half_width"))) for r in told.to_dict("records")
        ]
        names = ("months with", "forecasts", "held", "more came", "fewer came", "half-width")
        console.table("A year ahead: intervals of 95 % held in", names, shown)
    if options.tables:
        options.tables.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(options.tables / f"{name}.csv", index=False)
        console.say(f"{len(tables)} files written to {options.tables.name}.")
    console.result({name: _records(table) for name, table in tables.items()} | {"coverage": [] if told is None else _records(told)})
    return 0


def _table(path: Path, table: Table) -> pd.DataFrame:
    """A table from a CSV file with its columns; those that are not required may be absent."""
    import pandas as pd

    rows = _columns(path, tuple(name for name, column in table.columns.items() if column.required))
    for name, column in table.columns.items():
        try:
            if name not in rows:
                rows[name] = None
            elif column.kind == "date":
                rows[name] = [date.fromisoformat(text) for text in rows[name]]
            elif column.kind in ("int", "float"):
                rows[name] = pd.to_numeric(rows[name])
        except (TypeError, ValueError) as error:
            raise InputError(f"{path.name}, column {name}: {error}", code="visits.file", remedy="See docs/reference/tables.md.") from error
    return table.check(rows)


def counts_of(path: Path) -> pd.DataFrame:
    """The table counts from a CSV file."""
    from knopenkaart.tables import COUNTS

    return _table(path, COUNTS)


def cards_of(path: Path) -> pd.DataFrame:
    """The table cards from a CSV file."""
    from knopenkaart.tables import CARDS

    return _table(path, CARDS)


def _columns(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        rows = pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", code="visits.file", remedy="Give a CSV file in UTF-8.") from error
    absent = [name for name in wanted if name not in rows]
    if absent:
        raise InputError(
            f"{path.name} lacks the column(s) {', '.join(absent)}.", code="visits.file", remedy="See docs/reference/tables.md."
        )
    return rows


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")
