# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money of a place put together from what its apps know: rooms, money, who comes, reach. The engine's light room reckons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from knopenkaart import operation as engine
from knopenkaart.operation import PlaceFacts, PlaceOperation, Sourced, operation_of
from knopenkaart.records import Place
from knopenkaart_web.operation import queries
from knopenkaart_web.operation.views_data import Known
from knopenkaart_web.places import queries as places
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.reach import queries as reach
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

# What places are compared on.
COMPARED = ("cost_per_visit", "net_per_visit", "cost_per_m2")
_IN_REACH_MINUTES = 10
_SUCCESSORS = {"yes": True, "no": False}
# Which page has the data of which part of the facts.
_PAGES = {
    "rooms": "op_rooms",
    "money": "op_money",
    "subsidy": "op_money",
    "board": "op_board",
    "building": "op_building",
    "checked": "op_overview",
    "visits": "visitors",
    "groups": "visitors",
    "series": "visitors",
    "cards": "visitors",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A place with all that is known of its use and money, and what follows from it."""

    place: Place
    known: Known
    found: PlaceOperation


def visits_per_week(slug: str, place_id: str, *, first_look: bool = True) -> engine.Estimate | None:
    """Visits per week as they were released; None where nobody counted, too little was counted, or the number is not shown."""
    rows = released.of_place(slug, place_id, first_look=first_look)
    return week_of(rows[0]) if rows else None


def week_of(release: ReleaseRow | None) -> engine.Estimate | None:
    """The visits per week of a release."""
    week = _counting(release).get("week") or {}
    if week.get("state") != "shown" or week.get("value") is None:
        return None
    return engine.Estimate(float(week["value"]), _number(week.get("low")), _number(week.get("high")))


def of_place(slug: str, place: Place | Any) -> Looked:
    """One place, with all that its pages tell."""
    releases = released.of_place(slug, place.id, first_look=True)
    facts = facts_of(slug, place, queries.of_place(slug, place.id), releases[0] if releases else None)
    found = operation_of(facts, words.vocabulary(), _more(slug, place.id, releases[0] if releases else None))
    return Looked(place, queries.of_place(slug, place.id), found)


def of_study(slug: str) -> list[Looked]:
    """Every place of a study of which something was written down."""
    releases = released.latest_per_place(slug, first_look=True)
    everything = queries.of_study(slug)
    listed = [place for place in places.export_places(slug, PlaceFilter(small_spots=True)) if place.id in everything]
    return [
        Looked(
            place,
            everything[place.id],
            operation_of(facts_of(slug, place, everything[place.id], releases.get(place.id)), words.vocabulary()),
        )
        for place in listed
    ]


def facts_of(slug: str, place: Place | Any, known: Known, release: ReleaseRow | None) -> PlaceFacts:
    """What the engine asks of a place; what nobody wrote down or may be shown is not known."""
    building, people = known.building, known.people
    return PlaceFacts(
        place_id=place.id,
        archetype=place.archetype or "",
        today=timezone.localdate(),
        rooms=tuple(
            engine.RoomHours(place.id, room.name, slot, hours.available, hours.used, hours.basis)
            for room in known.rooms
            for slot, hours in room.hours.items()
        ),
        money=tuple(
            engine.Money(place.id, year.year, category, float(amount)) for year in known.years for category, amount in year.lines.items()
        ),
        board=engine.Board(
            people.seats, people.vacancies, people.ages or None, _SUCCESSORS.get(people.succession), _number(people.hours_per_week)
        ),
        building=engine.Building(
            building.m2 or _floor(known),
            building.condition,
            _number(building.postponed),
            _number(building.investment),
            building.investment_year,
            _number(building.covered),
        ),
        visits=week_of(release),
        group_visits=_groups(release),
        regular_share=_regulars(release),
        months=_months(slug, place.id),
        weeks_open=known.practice.weeks_open,
        dwell_hours=known.practice.dwell_hours,
        subsidy_until=known.practice.subsidy_until,
        checked=checked(known),
        sources=sources(slug, place.id),
    )


def sources(slug: str, place_id: str) -> dict[str, str]:
    """Where the data of each part of the facts stands."""
    return {part: reverse(name, args=[slug, place_id]) for part, name in _PAGES.items()}


def checked(known: Known) -> date | None:
    """When something of the use or the money was last written down."""
    days = [room.as_of for room in known.rooms] + [timezone.localdate(year.changed) for year in known.years if year.changed]
    return max((day for day in (*days, known.people.date) if day), default=None)


def compared(rows: Iterable[Looked], slug: str) -> dict[str, dict[str, Any]]:
    """Place -> figure -> how it lies among the others of its class, for keeping during a year."""
    looked, run_by = list(rows), queries.operators(slug)
    result: dict[str, dict[str, Any]] = {}
    for figure in COMPARED:
        known = [item for item in (_compared(row, figure, run_by) for row in looked) if item is not None]
        for own in known:
            told = engine.compare(own, known)
            result.setdefault(own.place_id, {})[figure] = {
                "n": told.n,
                "reason": told.reason,
                "by": told.size.by if told.size else "",
                "low": told.size.low if told.size else None,
                "high": told.size.high if told.size else None,
                "p25": told.p25,
                "p50": told.p50,
                "p75": told.p75,
            }
    return result


def _compared(row: Looked, figure: str, run_by: Mapping[str, str]) -> engine.Compared | None:
    cost, year = row.found.costs.figures.get(figure), row.found.costs.year
    if year is None or cost is None or cost.estimate is None or cost.missing:
        return None
    facts = row.found.facts
    shown = {item.year for item in row.known.years if item.released}
    return engine.Compared(
        row.place.id,
        row.place.archetype,
        cost.estimate.value,
        facts.building.m2,
        facts.visits.value if facts.visits else None,
        run_by.get(row.place.id),
        year.year in shown,
    )


def _floor(known: Known) -> float | None:
    """The floor area of all rooms together, where every room has one."""
    areas = [room.m2 for room in known.rooms]
    return sum(area for area in areas if area) if areas and all(areas) else None


def _counting(release: ReleaseRow | None) -> Mapping[str, Any]:
    return (release.figures.get("counting") or {}) if release else {}


def _groups(release: ReleaseRow | None) -> dict[str, float | None]:
    rows = _counting(release).get("groups") or []
    return {str(row["group"]): _number(row["value"]) if row["state"] == "shown" else None for row in rows}


def _regulars(release: ReleaseRow | None) -> float | None:
    found = (release.figures.get("regulars") or {}) if release else {}
    told = found.get("of_visitors") if found.get("enough") else None
    return float(told[0]) if told else None


def _months(slug: str, place_id: str) -> tuple[engine.VisitMonth, ...]:
    series = released.series_of_place(slug, place_id, first_look=True)
    rows = ((series.figures.get("series") or {}).get("months") or []) if series else []
    days = [(date.fromisoformat(str(row["month"])[:10].ljust(10, "0").replace("-00", "-01")), row) for row in rows if row.get("month")]
    return tuple(engine.VisitMonth(day.year, day.month, _number(row.get("value"))) for day, row in days)


def _more(slug: str, place_id: str, release: ReleaseRow | None) -> dict[str, Sourced]:
    """What else the sheet of social value tells: answers on cards, and who lives near."""
    answers = ((release.figures.get("cards") or {}).get("questions") or {}) if release else {}
    shares = {
        "recognise": _not_zero(answers.get("recognise")),
        "greet": _not_zero(answers.get("greet")),
        "nowhere_else": _share(answers.get("elsewhere"), "nowhere"),
    }
    cards = reverse("visitors", args=[slug, place_id])
    found = {name: Sourced(engine.exactly(share), cards) for name, share in shares.items() if share is not None}
    near = _in_reach(slug, place_id)
    return found | ({"in_reach": Sourced(near, reverse("place_reach", args=[slug, place_id]))} if near else {})


def _not_zero(rows: list[dict[str, Any]] | None) -> float | None:
    """Part of those who answered that named at least one; None where an answer is not shown."""
    nobody = _share(rows, "0")
    return None if nobody is None else 1 - nobody


def _share(rows: list[dict[str, Any]] | None, answer: str) -> float | None:
    told = {row["answer"]: row["cards"] for row in rows or []}
    number, everybody = told.get(answer), told.get("answered")
    return None if number is None or not everybody else number / everybody


def _in_reach(slug: str, place_id: str) -> engine.Estimate | None:
    found = reach.place(slug, place_id, lang="nl")
    band = next((row.walk for row in found.bands if row.minutes == _IN_REACH_MINUTES), None) if found else None
    numbers = [band.people, band.low, band.high] if band else []
    if not numbers or not all(isinstance(number, (int, float)) for number in numbers):
        return None
    value, low, high = (float(number) for number in numbers)  # type: ignore[arg-type]
    return engine.Estimate(value, min(low, value), max(high, value))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
