# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money of all places of a study: the overview of editors, the comparison of a year, and the table that anybody may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from knopenkaart.operation import Compared, PlaceOperation, compare
from knopenkaart.publish.columns import Column
from knopenkaart.publish.csvw import csv_text
from knopenkaart.records import Place
from knopenkaart.vocabulary import LEVELS
from knopenkaart_web.operation import queries
from knopenkaart_web.operation.views_data import Known, YearRow
from knopenkaart_web.pages.operation import COMPARED, reckoned, titles
from knopenkaart_web.pages.visits.figures import NOTHING, months_of, visit_figures
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words

SORTS = ("signals", "name", "use", "cost")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A place in the overview: what is known, what to talk about, how full, what a visit costs."""

    id: str
    label: str
    kind_label: str
    archetype: str
    archetype_label: str
    wijk: str
    signals: list[str]
    level: str
    unknown: int
    rules: int
    share: float | None
    known_share: float
    cost: float | None
    at_least: bool
    year: int | None
    released: bool


def study_rows(slug: str, lang: str, *, wijk: str = "", archetype: str = "", sort: str = "signals") -> list[StudyRow]:
    """The places of which anything was written down; those to talk about soonest first, unless sorted otherwise. For editors."""
    rows = [_row(place, known, found, lang) for place, known, found in _reckoned(slug)]
    chosen = [row for row in rows if (not wijk or row.wijk == wijk) and (not archetype or row.archetype == archetype)]
    keys: Mapping[str, Callable[[StudyRow], Any]] = {
        "signals": lambda row: (-_urgency(row), -len(row.signals), row.label.casefold()),
        "name": lambda row: row.label.casefold(),
        "use": lambda row: (row.share is None, row.share or 0.0, row.label.casefold()),
        "cost": lambda row: (row.cost is None, -(row.cost or 0.0), row.label.casefold()),
    }
    return sorted(chosen, key=keys.get(sort, keys["signals"]))


def _urgency(row: StudyRow) -> int:
    return LEVELS.index(row.level) if row.level in LEVELS else -1


def _reckoned(slug: str) -> Iterator[tuple[Place, Known, PlaceOperation]]:
    """Every place of which anything was written down, with what follows from it."""
    records = {place.id: place for place in places.all_records(slug)}
    visits = visit_figures(slug, first_look=True)
    for place_id, known in queries.of_study(slug).items():
        if place_id in records and not known.empty:
            place = records[place_id]
            told = replace(visits.get(place_id, NOTHING), months=months_of(slug, place_id, first_look=True))
            yield place, known, reckoned(known, place, told)


def _row(place: Place, known: Known, found: PlaceOperation, lang: str) -> StudyRow:
    warning, cost = found.warning, found.costs.figures.get("cost_per_visit")
    rules = (*warning.raised, *warning.quiet, *warning.unknown, *warning.not_applicable)
    return StudyRow(
        id=place.id,
        label=place.name or words.kind_label(place.kind, lang),
        kind_label=words.kind_label(place.kind, lang),
        archetype=place.archetype,
        archetype_label=words.archetype_label(place.archetype, lang),
        wijk=place.wijk_code or "",
        signals=titles((item.signal for item in warning.raised), lang),
        level=warning.raised[0].signal.level if warning.raised else "",
        unknown=len(warning.unknown),
        rules=len(rules),
        share=found.use.whole.share,
        known_share=found.use.whole.known_share,
        cost=cost.estimate.value if cost and cost.estimate else None,
        at_least=bool(cost and cost.missing),
        year=found.costs.year.year if found.costs.year else None,
        released=any(row.released for row in known.years),
    )


def compared_places(slug: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Per place and figure how the others are spread, for the comparison that is kept for a year."""
    found = [(known, result) for _place, known, result in _reckoned(slug)]
    runners = queries.operators(slug)
    result: dict[str, dict[str, dict[str, Any]]] = {}
    for figure in COMPARED:
        rows = [row for known, operation in found if (row := _compared(known, operation, figure, runners)) is not None]
        for row in rows:
            result.setdefault(row.place_id, {})[figure] = _distribution(row, rows)
    return result


def _compared(known: Known, found: PlaceOperation, figure: str, runners: Mapping[str, str]) -> Compared | None:
    cost, year = found.costs.figures.get(figure), found.costs.year
    if cost is None or cost.estimate is None or cost.missing or year is None:
        return None
    visits = found.facts.visits.value if found.facts.visits else None
    released = any(row.released for row in known.years if row.year == year.year)
    place_id = known.place_id
    return Compared(place_id, found.facts.archetype, cost.estimate.value, found.facts.building.m2, visits, runners.get(place_id), released)


def _distribution(own: Compared, rows: Iterable[Compared]) -> dict[str, Any]:
    """The others of a class; nothing of the place itself, so that the stored row ages no faster than theirs."""
    found = compare(own, rows)
    size = asdict(found.size) if found.size else {"by": "", "low": None, "high": None}
    numbers = {name: getattr(found, name) for name in ("n", "reason", "p25", "p50", "p75")}
    return numbers | {name: size[name] for name in ("by", "low", "high")}


@dataclass(frozen=True, slots=True)
class MoneyTableRow:
    """A line of the table of money: one category of one year of one place, as whoever downloads it may see it."""

    place_id: str
    place: str
    kind: str
    archetype: str
    wijk: str
    year: int
    direction: str
    category: str
    amount_eur: float
    released: bool


_COLUMNS = tuple(Column(item.name, item.name, "", "") for item in fields(MoneyTableRow))


def money_table(slug: str, *, editor: bool, own: set[str]) -> str:
    """The money of all places as CSV: for editors all of it, for whoever runs a place theirs, for others what was released."""
    years: Mapping[str, tuple[YearRow, ...]] = queries.released_years(slug)
    if editor or own:
        mine = {place_id: known.years for place_id, known in queries.of_study(slug).items() if editor or place_id in own}
        years = {**years, **mine}
    lines = [line for place in places.all_records(slug) for row in years.get(place.id, ()) for line in _money_lines(place, row)]
    return csv_text(lines, columns=_COLUMNS)


def _money_lines(place: Place, row: YearRow) -> Iterator[MoneyTableRow]:
    for name, category in words.vocabulary().money.items():
        if name in row.lines:
            yield MoneyTableRow(
                place.id,
                place.name or "",
                place.kind,
                place.archetype,
                place.wijk_code or "",
                row.year,
                category.direction,
                name,
                float(row.lines[name]),
                row.released,
            )


__all__ = ["SORTS", "MoneyTableRow", "StudyRow", "compared_places", "money_table", "study_rows"]
