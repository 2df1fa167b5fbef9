# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money of one place as its pages tell them: what was written down goes to the engine, what comes back is put in words.

Whoever calls this has asked who may see it; `public_money` is for everybody and reckons with released years only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from knopenkaart.operation import (
    Board,
    Building,
    Conventions,
    CostFigure,
    Estimate,
    Money,
    PlaceFacts,
    PlaceOperation,
    Raised,
    RoomHours,
    SheetLine,
    Unknown,
    Use,
    operation_of,
)
from knopenkaart.vocabulary import Signal, SocialLine
from knopenkaart_web.operation.models import today
from knopenkaart_web.operation.queries import released_years_of
from knopenkaart_web.operation.views_data import ComparisonRow, Known, PracticeRow, RoomRow, YearRow
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.visits.figures import NOTHING, VisitFigures, of_one, visit_figures
from knopenkaart_web.pages.written import number, percent
from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import PlaceRow

# Lower bounds of the shades of a table of use; the number always stands in the cell.
_SHADES = (0.0, 0.2, 0.4, 0.6, 0.8)
_BOARD = frozenset({"seats", "vacant", "ages", "successors", "volunteer_hours", "board"})
_BUILDING = frozenset({"condition", "postponed", "investment", "covered", "m2", "building"})
_VISITORS = frozenset({"visits", "groups", "cards", "series", "no_visits"})
_COST_ORDER = ("cost_per_visit", "full_cost_per_visit", "net_per_visit", "subsidy_per_visit", "cost_per_visit_hour", "cost_per_m2")
COMPARED = ("cost_per_visit", "net_per_visit", "cost_per_m2")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is known, in words, and where one fills it in."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class UseCell:
    """The use of one daypart; `shade` is 1 to 5 or 0 where nobody knows, and never tells more than the text."""

    use: Use | None
    shade: int
    peak: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class UseDay:
    """A day of the week with a cell for each pair of hours."""

    weekday: int
    cells: list[UseCell]


@dataclass(frozen=True, slots=True)
class UseTable:
    """A week of one room, or of all together."""

    columns: list[str]
    days: list[UseDay]


@dataclass(frozen=True, slots=True)
class CostRow:
    """A figure in euro with its interval, in words; `missing` was not filled in, `assumed` taken for granted."""

    name: str
    label: str
    estimate: Estimate | None
    missing: list[Part]
    assumed: list[str]
    compared: ComparedRow | None = None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """The distribution of comparable places, from the comparison that was made in a year."""

    year: int
    n: int
    p25: float | None
    p50: float | None
    p75: float | None
    position: str
    reason: str
    size: str


@dataclass(frozen=True, slots=True)
class SignalRow:
    """Something to talk about: why, and what about."""

    title: str
    level: str
    reason: str
    talk: str
    source: str
    sources: list[Part]


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """A rule that could not be tried, what it needs, and where to fill that in."""

    title: str
    needs: str
    missing: list[Part]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the social value sheet with where its figure comes from."""

    label: str
    explanation: str
    value: str
    interval: str
    source: Part | None


def place_facts(known: Known, place: Any, visits: VisitFigures = NOTHING, *, on: date | None = None) -> PlaceFacts:
    """What was written down of a place, as the engine takes it. `place` has id, archetype and last_verified."""
    people, building, practice = known.people, known.building, known.practice
    return PlaceFacts(
        place_id=known.place_id,
        archetype=place.archetype,
        today=on or today(),
        rooms=tuple(_room_hours(known)),
        money=tuple(Money(known.place_id, row.year, name, float(amount)) for row in known.years for name, amount in _in_use(row)),
        board=Board(people.seats, people.vacancies, people.ages or None, _yes(people.succession), people.hours_per_week),
        building=Building(
            building.m2,
            building.condition,
            _float(building.postponed),
            _float(building.investment),
            building.investment_year,
            _float(building.covered),
        ),
        visits=visits.visits,
        group_visits=visits.groups,
        regular_share=visits.regular_share,
        months=visits.months,
        weeks_open=practice.weeks_open,
        dwell_hours=practice.dwell_hours,
        subsidy_until=practice.subsidy_until,
        checked=place.last_verified,
    )


def reckoned(known: Known, place: Any, visits: VisitFigures = NOTHING) -> PlaceOperation:
    """All results of one place."""
    return operation_of(place_facts(known, place, visits), words.vocabulary(), visits.answers)


def of_place(slug: str, known: Known, place: PlaceRow) -> PlaceOperation:
    """The same with what was released of its visitors, as whoever runs it and editors see them."""
    return reckoned(known, place, of_one(slug, place.id, first_look=True))


def public_money(slug: str, place: PlaceRow) -> dict[str, Any] | None:
    """What everybody may see of the money of a place: the released years and what follows from them; None where there are none."""
    years = released_years_of(slug, place.id)
    if not years:
        return None
    visits = visit_figures(slug, first_look=False).get(place.id, NOTHING)
    found = reckoned(Known(place.id, years=years, practice=PracticeRow()), place, VisitFigures(visits=visits.visits))
    rows = [row for row in cost_rows(slug, found, None) if row.estimate is not None and row.name.endswith("_visit")]
    return {"years": year_rows(years), "costs": rows, "year": found.costs.year.year if found.costs.year else None}


@dataclass(frozen=True, slots=True)
class MoneyYearRow:
    """The sums of a year; None where nothing of the kind was filled in."""

    year: int
    released: bool
    costs: float | None
    income: float | None
    subsidy: float | None
    balance: float | None
    in_kind: float | None
    missing: list[str]


def year_rows(years: Iterable[YearRow]) -> list[MoneyYearRow]:
    """The years with their sums, the newest first."""
    return [_year_row(row) for row in years]


def _year_row(row: YearRow) -> MoneyYearRow:
    known = words.vocabulary().money
    lines = {name: float(amount) for name, amount in _in_use(row)}

    def total(direction: str) -> float | None:
        found = [amount for name, amount in lines.items() if known[name].direction == direction]
        return sum(found) if found else None

    costs, income = total("cost"), total("income")
    missing = [name for name, category in known.items() if category.expected and name not in lines]
    balance = income - costs if costs is not None and income is not None and not missing else None
    return MoneyYearRow(
        row.year, row.released, costs, income, lines.get("subsidy"), balance, total("in_kind"), [category_label(name) for name in missing]
    )


def use_table(uses: Mapping[str, Use], *, peaks: Sequence[str] = (), quiet: Sequence[str] = ()) -> UseTable:
    """Uses per daypart as a week."""
    week = words.vocabulary().week()
    hours = sorted({(slot.start, slot.end) for slot in week})
    at = {(slot.weekday, slot.start, slot.end): slot.id for slot in week}
    days = sorted({slot.weekday for slot in week})

    def cell(slot: str) -> UseCell:
        use = uses.get(slot)
        return UseCell(use, shade(use), slot in peaks, slot in quiet)

    rows = [UseDay(day, [cell(at.get((day, *pair), "")) for pair in hours]) for day in days]
    return UseTable([f"{start}–{end}" for start, end in hours], rows)


def shade(use: Use | None) -> int:
    """The shade of a share of use: 1 (up to a fifth) to 5; 0 where nobody knows."""
    if use is None or use.share is None:
        return 0
    return max(level for level, least in enumerate(_SHADES, start=1) if use.share >= least)


def room_uses(found: PlaceOperation, room: RoomRow) -> dict[str, Use]:
    """The week of one room."""
    return {slot: use for (name, slot), use in found.use.cells.items() if name == room.name}


def findings(found: PlaceOperation) -> list[str]:
    """Hours that do not fit, in words."""
    texts = {
        "use.beyond": _(
            "%(room)s, %(when)s: used for %(used)s hours, and available for %(available)s. Mostly the available hours are too low."
        ),
        "use.outside": _("%(room)s, %(when)s: used for %(used)s hours, and not available at all."),
    }
    return [
        texts[item.code]
        % {"room": item.room, "when": slot_label(item.slot), "used": number(item.used, 1), "available": number(item.available, 1)}
        for item in found.use.findings
    ]


def cost_rows(slug: str, found: PlaceOperation, comparison: ComparisonRow | None) -> list[CostRow]:
    """What a place costs, figure by figure, each with its comparison where there is one."""
    figures = found.costs.figures
    return [_cost_row(slug, found, figures[name], comparison) for name in _COST_ORDER if name in figures]


def _cost_row(slug: str, found: PlaceOperation, figure: CostFigure, comparison: ComparisonRow | None) -> CostRow:
    place_id = found.facts.place_id
    return CostRow(
        figure.id,
        figure_label(figure.id),
        figure.estimate,
        [part(slug, place_id, name) for name in figure.missing],
        [_assumed_texts()[name] for name in figure.assumed],
        _compared(comparison, place_id, figure) if figure.estimate and not figure.missing else None,
    )


def _compared(comparison: ComparisonRow | None, place_id: str, figure: CostFigure) -> ComparedRow | None:
    row = comparison.places.get(place_id, {}).get(figure.id) if comparison else None
    if comparison is None or row is None or figure.estimate is None:
        return None
    p25, p75, own = row["p25"], row["p75"], figure.estimate.value
    position = "" if p25 is None or p75 is None else "lower" if own < p25 else "higher" if own > p75 else "middle"
    return ComparedRow(comparison.year, row["n"], p25, row["p50"], p75, position, row["reason"], _size(row))


def _size(row: Mapping[str, Any]) -> str:
    if not row.get("by"):
        return ""
    low, high = number(row["low"]), number(row["high"]) if row["high"] is not None else ""
    if row["by"] == "m2":
        return _("from %(low)s to %(high)s m²") % {"low": low, "high": high} if high else _("%(low)s m² or more") % {"low": low}
    return (
        _("from %(low)s to %(high)s visits per week") % {"low": low, "high": high}
        if high
        else _("%(low)s visits per week or more") % {"low": low}
    )


def signal_rows(slug: str, found: PlaceOperation, lang: str) -> list[SignalRow]:
    """What to talk about, the soonest first."""
    return [_signal(slug, found.facts.place_id, item, lang) for item in found.warning.raised]


def _signal(slug: str, place_id: str, item: Raised, lang: str) -> SignalRow:
    signal = item.signal
    sources = dict.fromkeys(figure.source for figure in item.figures)
    return SignalRow(
        _in(signal, "", lang),
        signal.level,
        item.reason_en if lang == "en" else item.reason_nl,
        _in(signal, "talk", lang),
        _in(signal, "source", lang),
        [part(slug, place_id, name) for name in sources],
    )


def unknown_rows(slug: str, found: PlaceOperation, lang: str) -> list[UnknownRow]:
    """What could not be looked at, with what would have to be filled in."""
    return [_unknown(slug, found.facts.place_id, item, lang) for item in found.warning.unknown]


def _unknown(slug: str, place_id: str, item: Unknown, lang: str) -> UnknownRow:
    parts = {part.url: part for part in (part(slug, place_id, name) for name in item.missing)}
    return UnknownRow(_in(item.signal, "", lang), _in(item.signal, "needs", lang), list(parts.values()))


def titles(signals: Iterable[Signal], lang: str) -> list[str]:
    """The names of rules."""
    return [_in(signal, "", lang) for signal in signals]


def sheet_rows(slug: str, found: PlaceOperation, lang: str) -> list[SheetRow]:
    """The social value sheet, line by line."""
    return [_sheet_row(slug, found.facts.place_id, line, lang) for line in found.sheet]


def _sheet_row(slug: str, place_id: str, line: SheetLine, lang: str) -> SheetRow:
    about: SocialLine = line.line
    texts = (_in(about, "", lang), _in(about, "explanation", lang))
    if line.found is None:
        return SheetRow(*texts, "", "", part(slug, place_id, _SHEET_PARTS.get(about.id, "visits")))
    estimate = line.found.estimate
    certain = estimate.low == estimate.high
    between = "" if certain else f"{_said(estimate.low or 0, about.unit)} – {_said(estimate.high, about.unit)}"
    return SheetRow(*texts, _said(estimate.value, about.unit), between, part(slug, place_id, line.found.source))


_SHEET_PARTS = {
    "visits": "visits", "regulars": "cards", "recognise": "cards", "greet": "cards", "nowhere_else": "cards", "age_groups": "groups",
    "used_hours": "rooms", "free_hours": "rooms", "volunteer_hours": "board", "in_reach": "reach",
}  # fmt: skip


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return _("unknown")
    return percent(value) if unit == "percent" else number(value, 0 if float(value).is_integer() else 1)


def part(slug: str, place_id: str, name: str) -> Part:
    """Where a part of the facts is filled in, or read."""
    label, view = _part_of(name)
    return Part(label, reverse(view, args=[slug, place_id]))


def _part_of(name: str) -> tuple[str, str]:
    if name in ("rooms", "board", "building", "cards", "groups", "series", "checked"):
        return _part_texts()[name]
    if name in words.vocabulary().money:
        return category_label(name), "money"
    if name in _BOARD:
        return _missing_texts().get(name, name), "board"
    if name in _BUILDING:
        return _missing_texts().get(name, name), "building"
    if name in _VISITORS:
        return _("visits per week"), "visitors"
    if name == "reach":
        return _("who can come on foot"), "place_reach"
    return (_("until when subsidy is promised") if name in ("subsidy", "subsidy_until") else _("costs and income")), "money"


def _part_texts() -> dict[str, tuple[str, str]]:
    return {
        "rooms": (_("rooms and hours"), "rooms"),
        "board": (_("board and volunteers"), "board"),
        "building": (_("the building"), "building"),
        "cards": (_("visitor cards"), "place_cards"),
        "groups": (_("visits per age group"), "visitors"),
        "series": (_("visits per month"), "visitors"),
        "checked": (_("when it was last checked"), "place"),
    }


def _missing_texts() -> dict[str, str]:
    return {
        "seats": _("seats on the board"),
        "vacant": _("vacant seats"),
        "ages": _("age of the board"),
        "successors": _("successors for the board"),
        "volunteer_hours": _("hours of volunteers"),
        "condition": _("condition of the building"),
        "postponed": _("postponed maintenance"),
        "investment": _("planned investment"),
        "covered": _("money for the investment"),
        "m2": _("floor area"),
    }


def _assumed_texts() -> dict[str, str]:
    usual = Conventions()
    return {
        "weeks_open": _("%(number)s weeks open") % {"number": number(usual.weeks_open[0])},
        "dwell_hours": _("%(number)s hours per visit") % {"number": number(usual.dwell_hours[0], 1)},
    }


def figure_label(name: str) -> str:
    """The name of a figure in euro."""
    return {
        "cost_per_visit": _("Costs per visit"),
        "full_cost_per_visit": _("Costs per visit, with the value of free rent"),
        "net_per_visit": _("Per visit, less own income and gifts"),
        "subsidy_per_visit": _("Subsidy per visit"),
        "cost_per_visit_hour": _("Costs per hour of visit"),
        "net_per_visit_hour": _("Per hour of visit, less own income and gifts"),
        "cost_per_m2": _("Costs per m²"),
    }[name]


def category_label(name: str) -> str:
    """The name of a cost or income."""
    return words.vocabulary().money[name].name(language())


def slot_label(name: str) -> str:
    """The name of a daypart."""
    return words.vocabulary().slots[name].name(language())


def _in(entry: Any, name: str, lang: str) -> str:
    language = "en" if lang == "en" else "nl"
    return str(getattr(entry, f"{name}_{language}" if name else language))


def _room_hours(known: Known) -> Iterable[RoomHours]:
    slots = words.vocabulary().slots
    for room in known.rooms:
        for slot, hours in room.hours.items():
            if slot in slots:
                yield RoomHours(known.place_id, room.name, slot, hours.available, hours.used, hours.basis)


def _in_use(row: YearRow) -> Iterable[tuple[str, Any]]:
    """The lines of a year of which the vocabulary still has the category."""
    return ((name, amount) for name, amount in row.lines.items() if name in words.vocabulary().money)


def _yes(answer: str) -> bool | None:
    return {"yes": True, "no": False}.get(answer)


def _float(amount: Any) -> float | None:
    return None if amount is None else float(amount)
