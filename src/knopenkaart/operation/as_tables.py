# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""From tables to facts of places, and from results to tables: for files and background work. The one heavy part of the room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault, InputError
from knopenkaart.operation.comparison import Compared, Comparison, compare
from knopenkaart.operation.conventions import DEFAULT, Conventions
from knopenkaart.operation.occupancy import Use
from knopenkaart.operation.place import PlaceOperation
from knopenkaart.operation.records import Board, Building, Estimate, Money, PlaceFacts, RoomHours
from knopenkaart.tables import (
    COMPARISONS,
    COST_FIGURES,
    MONEY,
    OCCUPANCY,
    PLACE_FACTS,
    ROOM_HOURS,
    SIGNALS,
    SOCIAL_VALUE,
    Table,
    to_records,
)
from knopenkaart.vocabulary import Vocabulary

# What places are compared on.
COMPARED = ("cost_per_visit", "net_per_visit", "cost_per_m2")
ALL = "all"
_MANY = 1e9
_RANGES: Mapping[str, tuple[float, float]] = {
    "m2": (1, _MANY),
    "visits": (0, _MANY),
    "visits_low": (0, _MANY),
    "regular_share": (0, 1),
    "weeks_open": (1, 53),
    "dwell_hours": (0.01, 24),
    "seats": (0, 1000),
    "vacant": (0, 1000),
    "volunteer_hours": (0, _MANY),
    "condition": (1, 6),
    "postponed_eur": (0, _MANY),
    "investment_eur": (0, _MANY),
    "covered_eur": (0, _MANY),
}


@dataclass(frozen=True, slots=True)
class FactsRow:
    """A row of `place_facts`."""

    place_id: str
    archetype: str
    name: str | None = None
    m2: float | None = None
    visits: float | None = None
    visits_low: float | None = None
    visits_high: float | None = None
    regular_share: float | None = None
    weeks_open: float | None = None
    dwell_hours: float | None = None
    seats: int | None = None
    vacant: int | None = None
    ages: str | None = None
    successors: bool | None = None
    volunteer_hours: float | None = None
    condition: int | None = None
    postponed_eur: float | None = None
    investment_eur: float | None = None
    investment_year: int | None = None
    covered_eur: float | None = None
    subsidy_until: date | None = None
    checked: date | None = None
    operator: str | None = None
    released: bool | None = None


def facts_of(tables: Mapping[str, pd.DataFrame], vocabulary: Vocabulary, *, today: date) -> list[tuple[PlaceFacts, FactsRow]]:
    """The places of the tables `place_facts`, `room_hours` and `money` (each may be absent), in the order in which they first appear.

    A place without a row of facts has no archetype, and no rule of the early warning holds for it. Raises InputError with every fact that
    cannot be.
    """
    described = {row.place_id: row for row in to_records(tables.get(PLACE_FACTS.name, PLACE_FACTS.empty()), FactsRow)}
    faults = [fault for row in described.values() for fault in _faults(row, vocabulary)]
    if faults:
        raise InputError("These facts cannot be.", code="use.files", remedy="Correct what is named.", faults=faults)
    rooms = to_records(tables.get(ROOM_HOURS.name, ROOM_HOURS.empty()), RoomHours)
    money = to_records(tables.get(MONEY.name, MONEY.empty()), Money)
    names = dict.fromkeys([*described, *(row.place_id for row in rooms), *(row.place_id for row in money)])
    return [
        (
            _facts(
                row,
                tuple(hours for hours in rooms if hours.place_id == name),
                tuple(line for line in money if line.place_id == name),
                today,
            ),
            row,
        )
        for name, row in ((name, described.get(name, FactsRow(name, ""))) for name in names)
    ]


def _faults(row: FactsRow, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What cannot be in a row of facts: words that do not exist, numbers out of their range, an interval out of order."""
    for name, word, known in (("archetype", row.archetype, vocabulary.archetypes), ("ages", row.ages, vocabulary.groups)):
        if word is not None and word not in known:
            yield _fault(row, name, f"'{word}' does not exist")
    for name, (least, most) in _RANGES.items():
        number = getattr(row, name)
        if number is not None and not least <= number <= most:
            yield _fault(row, name, f"is from {least:g} to {most:g}, not {number:g}")
    if row.visits is not None and not (row.visits_low or 0.0) <= row.visits <= (math.inf if row.visits_high is None else row.visits_high):
        yield _fault(row, "visits", "lies outside its interval")
    if row.seats is not None and row.vacant is not None and row.vacant > row.seats:
        yield _fault(row, "vacant", f"is more than the {row.seats} seats")


def _fault(row: FactsRow, column: str, message: str) -> Fault:
    return Fault("use.fact", f"{row.name or row.place_id}: {message}", f"{PLACE_FACTS.name}.csv", column=column)


def _facts(row: FactsRow, rooms: tuple[RoomHours, ...], money: tuple[Money, ...], today: date) -> PlaceFacts:
    return PlaceFacts(
        row.place_id,
        row.archetype,
        today,
        rooms=rooms,
        money=money,
        board=Board(**_same(row, Board)),
        building=Building(**_same(row, Building)),
        visits=_visits(row),
        **{name: getattr(row, name) for name in ("regular_share", "weeks_open", "dwell_hours", "subsidy_until", "checked")},
    )


def _same(row: FactsRow, record: Any) -> dict[str, Any]:
    """The values of a row that a record has too."""
    return {item.name: getattr(row, item.name) for item in fields(record)}


def _visits(row: FactsRow) -> Estimate | None:
    if row.visits is None:
        return None
    low = row.visits if row.visits_low is None else row.visits_low
    return Estimate(row.visits, low, row.visits if row.visits_high is None else row.visits_high)


def comparisons(
    results: Sequence[tuple[PlaceOperation, FactsRow]], *, conventions: Conventions = DEFAULT
) -> Iterator[tuple[str, str, Comparison]]:
    """Place, figure and comparison, for every figure that is complete and that every place is compared on."""
    for figure in COMPARED:
        known = [_compared(found, row, figure) for found, row in results]
        places = [place for place in known if place is not None]
        yield from ((place.place_id, figure, compare(place, places, conventions=conventions)) for place in places)


def _compared(found: PlaceOperation, row: FactsRow, figure: str) -> Compared | None:
    cost = found.costs.figures.get(figure)
    if cost is None or cost.estimate is None or cost.missing:
        return None
    visits = found.facts.visits.value if found.facts.visits else None
    return Compared(row.place_id, row.archetype, cost.estimate.value, row.m2, visits, row.operator, bool(row.released))


def as_tables(results: Sequence[tuple[PlaceOperation, FactsRow]], *, conventions: Conventions = DEFAULT) -> dict[str, pd.DataFrame]:
    """The results of all places as checked tables, by name."""
    places = [found for found, _ in results]
    made: list[tuple[Table, list[dict[str, Any]]]] = [
        (OCCUPANCY, [row for found in places for row in _occupancy(found)]),
        (COST_FIGURES, [row for found in places for row in _costs(found)]),
        (SIGNALS, [row for found in places for row in _signals(found)]),
        (SOCIAL_VALUE, [row for found in places for row in _sheet(found)]),
        (COMPARISONS, [_comparison(*item) for item in comparisons(results, conventions=conventions)]),
    ]
    return {table.name: table.frame(rows) for table, rows in made}


def _occupancy(found: PlaceOperation) -> Iterable[dict[str, Any]]:
    use = found.use
    whole = [((ALL, ALL), use.whole)] if use.cells else []
    rooms = [((room, ALL), hours) for room, hours in use.rooms.items()]
    slots = [((ALL, slot), hours) for slot, hours in use.slots.items()]
    return [_use(found, *cell, hours) for cell, hours in (*whole, *rooms, *slots, *use.cells.items())]


def _use(found: PlaceOperation, room: str, slot: str, use: Use) -> dict[str, Any]:
    numbers = {"available": use.available, "known": use.known, "used": use.used, "beyond": use.beyond, "share": use.share}
    return {"place_id": found.facts.place_id, "room": room, "slot": slot, **numbers}


def _costs(found: PlaceOperation) -> Iterable[dict[str, Any]]:
    year = found.costs.year
    if year is None:
        return
    for figure in found.costs.figures.values():
        lists = {"missing": list(figure.missing), "assumed": list(figure.assumed)}
        yield {"place_id": found.facts.place_id, "figure": figure.id, "year": year.year, **_numbers(figure.estimate), **lists}


def _numbers(estimate: Estimate | None) -> dict[str, float | None]:
    return {name: getattr(estimate, name, None) for name in ("value", "low", "high")}


def _signals(found: PlaceOperation) -> Iterable[dict[str, Any]]:
    warning = found.warning
    outcomes: list[tuple[Any, str, dict[str, Any]]] = [
        (
            item.signal,
            "raised",
            {
                "value": item.value,
                "reason_nl": item.reason_nl,
                "reason_en": item.reason_en,
                "figures": [{"name": figure.name, "value": figure.value, "source": figure.source} for figure in item.figures],
            },
        )
        for item in warning.raised
    ]
    outcomes += [(signal, "quiet", {}) for signal in warning.quiet]
    outcomes += [(item.signal, "unknown", {"missing": list(item.missing)}) for item in warning.unknown]
    outcomes += [(signal, "not_applicable", {}) for signal in warning.not_applicable]
    for signal, outcome, more in outcomes:
        fixed = {"signal": signal.id, "outcome": outcome, "level": signal.level, "threshold": float(signal.threshold)}
        yield {"place_id": warning.place_id, "figures": [], "missing": [], **fixed, **more}


def _sheet(found: PlaceOperation) -> Iterable[dict[str, Any]]:
    for item in found.sheet:
        numbers = _numbers(item.found.estimate if item.found else None)
        source = item.found.source if item.found else None
        yield {"place_id": found.facts.place_id, "line": item.line.id, **numbers, "unit": item.line.unit, "source": source}


def _comparison(place_id: str, figure: str, found: Comparison) -> dict[str, Any]:
    size = found.size
    of_size = {"by": size.by, "size_low": size.low, "size_high": size.high} if size else {}
    told = {name: getattr(found, name) for name in ("own", "p25", "p50", "p75", "position")}
    return {"place_id": place_id, "figure": figure, "others": found.n, "reason": found.reason or None, **of_size, **told}
