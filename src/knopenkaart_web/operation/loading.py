# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money of many places at once, from rows of a file: read with every fault together, stored in one transaction, twice the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils import timezone

from knopenkaart.errors import Fault, InputError
from knopenkaart.text import fold
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.operation import checking
from knopenkaart_web.operation.models import Board, Building, MoneyLine, MoneyYear, Practice, Room, RoomHours, Volunteers, today
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PeopleRow, PracticeRow
from knopenkaart_web.places import words
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import Place
from knopenkaart_web.places.noting import noting

# Heading in a file -> name here; a heading may also be the name itself.
HEADINGS: Mapping[str, str] = {
    "Locatie": "place",
    "Zaal": "room",
    "Oppervlakte m2": "m2",
    "Dagdeel": "slot",
    "Beschikbare uren": "available",
    "Gebruikte uren": "used",
    "Jaar": "year",
    "Post": "category",
    "Bedrag": "amount",
    "Bestuursplekken": "seats",
    "Vacatures": "vacancies",
    "Leeftijd meeste bestuursleden": "ages",
    "Opvolging in beeld": "succession",
    "Vrijwilligersuren per week": "hours_per_week",
    "Weken open per jaar": "weeks_open",
    "Uren per bezoek": "dwell_hours",
    "Conditie gebouw": "condition",
    "Achterstallig onderhoud": "postponed",
    "Geplande investering": "investment",
    "Jaar investering": "investment_year",
    "Gedekt": "covered",
    "Subsidie tot": "subsidy_until",
    "Nagekeken op": "checked",
}
_ANSWERS = {"ja": "yes", "yes": "yes", "nee": "no", "no": "no", "": "unknown", "onbekend": "unknown", "unknown": "unknown"}


@dataclass(slots=True)
class RoomLoad:
    """A room of a place with its week."""

    name: str
    m2: float | None = None
    week: dict[str, Hours] = field(default_factory=dict)


@dataclass(slots=True)
class PlaceLoad:
    """All that the files say of one place; what they do not name stays as it is."""

    rooms: dict[str, RoomLoad] = field(default_factory=dict)
    money: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    people: PeopleRow | None = None
    practice: PracticeRow | None = None
    building: BuildingRow | None = None
    checked: date | None = None


Loads = dict[str, PlaceLoad]


class _Cells:
    """A row of a file: its cells by name, and the faults that are found in it."""

    def __init__(self, row: Mapping[str, Any], number: int, file: str, faults: list[Fault]) -> None:
        self.cells = {HEADINGS.get(str(name), str(name)): str("" if value is None else value).strip() for name, value in row.items()}
        self.number, self.file, self.faults = number, file, faults

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    def amount(self, name: str) -> Decimal | None:
        """A number with a comma or a point; None for nothing."""
        text = self.text(name)
        try:
            found = Decimal(text.replace(",", ".")) if text else None
        except InvalidOperation:
            found = None
            self.fault(name, "is no number")
        if found is not None and not found.is_finite():
            self.fault(name, "is no number")
            return None
        return found

    def number_of(self, name: str) -> float | None:
        found = self.amount(name)
        return None if found is None else float(found)

    def whole(self, name: str) -> int | None:
        found = self.amount(name)
        if found is not None and found != found.to_integral_value():
            self.fault(name, "is no whole number")
            return None
        return None if found is None else int(found)

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(name, "is no day (2025-12-31)")
            return None

    def one_of(self, name: str, known: Mapping[str, str]) -> str:
        """The identifier of a word in either language, or the identifier itself."""
        found = known.get(fold(self.text(name)))
        if found is None:
            self.fault(name, "is not known")
        return found or ""

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault("use.value", message, self.file, self.number, name, self.text(name) or None))


def rooms_of(rows: Iterable[Mapping[str, Any]], ids: Mapping[str, str], *, file: str = "rooms") -> Loads:
    """Rooms with their hours, one row per room and daypart; `ids` is name of a place -> its identifier. Raises InputError (`use.files`)."""
    result, faults, slots = Loads(), list[Fault](), _known(words.vocabulary().slots)
    for cells in _all(rows, file, faults):
        load, slot = _place(result, cells, ids), cells.one_of("slot", slots)
        name = cells.text("room")
        if not name:
            cells.fault("room", "is empty")
        room = load.rooms.setdefault(name, RoomLoad(name))
        room.m2 = cells.number_of("m2") or room.m2
        if slot in room.week:
            cells.fault("slot", "stands here twice")
        room.week[slot] = Hours(cells.number_of("available") or 0.0, cells.number_of("used"))
    return _right(result, faults)


def money_of(rows: Iterable[Mapping[str, Any]], ids: Mapping[str, str], *, file: str = "money") -> Loads:
    """Money, one row per place, year and category. Raises InputError (`use.files`)."""
    result, faults, categories = Loads(), list[Fault](), _known(words.vocabulary().money)
    for cells in _all(rows, file, faults):
        load, category = _place(result, cells, ids), cells.one_of("category", categories)
        year, amount = cells.whole("year"), cells.amount("amount")
        if year is None or amount is None:
            cells.fault("year" if year is None else "amount", "is empty")
            continue
        lines = load.money.setdefault(year, {})
        if category in lines:
            cells.fault("category", "stands here twice")
        lines[category] = amount
    return _right(result, faults)


def boards_of(rows: Iterable[Mapping[str, Any]], ids: Mapping[str, str], *, file: str = "boards") -> Loads:
    """Board, volunteers, building and what figures need besides, one row per place. Raises InputError (`use.files`)."""
    result, faults = Loads(), list[Fault]()
    groups = _known(words.vocabulary().groups) | {"": ""}
    for cells in _all(rows, file, faults):
        load = _place(result, cells, ids)
        load.checked = cells.day("checked")
        day = load.checked or today()
        load.people = PeopleRow(
            date=day,
            seats=cells.whole("seats"),
            vacancies=cells.whole("vacancies"),
            ages=cells.one_of("ages", groups),
            succession=cells.one_of("succession", _ANSWERS),
            year=day.year,
            hours_per_week=cells.number_of("hours_per_week"),
        )
        load.practice = PracticeRow(cells.number_of("weeks_open"), cells.number_of("dwell_hours"), cells.day("subsidy_until"))
        load.building = BuildingRow(
            m2=cells.number_of("m2"),
            condition=cells.whole("condition"),
            postponed=cells.amount("postponed"),
            investment=cells.amount("investment"),
            investment_year=cells.whole("investment_year"),
            covered=cells.amount("covered"),
        )
    return _right(result, faults)


def load_use(actor: Actor, slug: str, *parts: Loads) -> dict[str, int]:
    """Store what files say of many places, all or nothing; what stands there already and is the same stays untouched.

    Needs an editor. Gives how many rooms, years and places there were. Raises InputError (`use.files`, `place.unknown`).
    """
    places = _together(parts)
    checking.refuse(fault for load in places.values() for fault in _faults(load))
    with noting(actor, slug, None, "editor") as note:
        mine = Place.objects.filter(study=note.study, merged_into=None, removed=False, pk__in=[UUID(key) for key in places])
        found = {str(place.pk): place for place in mine}
        if len(found) != len(places):
            raise unknown("place")
        for key, load in places.items():
            _store(found[key], load, actor)
        told = {
            "places": len(places),
            "rooms": sum(len(load.rooms) for load in places.values()),
            "years": sum(len(load.money) for load in places.values()),
        }
        note.log("load_use", object_type="study", object_id=note.study.slug, after=told)
    return told


def _all(rows: Iterable[Mapping[str, Any]], file: str, faults: list[Fault]) -> Iterable[_Cells]:
    """The rows with their number in the file; the heading is the first."""
    return (_Cells(row, number, file, faults) for number, row in enumerate(rows, start=2))


def _known(entries: Mapping[str, Any]) -> dict[str, str]:
    """What may be written -> identifier."""
    return {fold(word): name for name, entry in entries.items() for word in (name, entry.nl, entry.en)}


def _place(result: Loads, cells: _Cells, ids: Mapping[str, str]) -> PlaceLoad:
    name = cells.text("place")
    key = cells.text("place_id") or ids.get(name, "")
    if not key:
        cells.fault("place", "is no place of this study")
    return result.setdefault(key, PlaceLoad())


def _right(result: Loads, faults: Sequence[Fault]) -> Loads:
    if faults:
        raise InputError("These rows cannot be used.", code="use.files", remedy="Correct what is named.", faults=faults)
    return result


def _together(parts: Iterable[Loads]) -> Loads:
    result = Loads()
    for part in parts:
        for key, load in part.items():
            into = result.setdefault(key, PlaceLoad())
            into.rooms |= load.rooms
            into.money |= load.money
            for name in ("people", "practice", "building", "checked"):
                setattr(into, name, getattr(load, name) or getattr(into, name))
    return result


def _faults(load: PlaceLoad) -> Iterable[Fault]:
    for room in load.rooms.values():
        yield from checking.hours(room.week)
    for year, lines in load.money.items():
        yield from checking.money(year, lines)
    yield from checking.people(load.people) if load.people else ()
    yield from checking.practice(load.practice) if load.practice else ()
    yield from checking.building(load.building) if load.building else ()


def _store(place: Place, load: PlaceLoad, actor: Actor) -> None:
    day = load.checked or today()
    for room in load.rooms.values():
        _store_room(place, room, day)
    for year, lines in load.money.items():
        _store_year(place, year, lines, actor, timezone.make_aware(datetime.combine(day, time(12))))
    if load.people:
        _same(Board, {"place": place, "date": day}, _of(load.people, "seats", "vacancies", "ages", "succession"))
        if load.people.hours_per_week is not None:
            _same(Volunteers, {"place": place, "year": load.people.year}, _of(load.people, "hours_per_week"))
    if load.practice:
        _same(Practice, {"place": place}, _of(load.practice, "weeks_open", "dwell_hours", "subsidy_until"))
    if load.building:
        names = ("m2", "condition", "postponed", "investment", "investment_year", "covered")
        _same(Building, {"place": place}, _of(load.building, *names))


def _store_room(place: Place, load: RoomLoad, day: date) -> None:
    """The week of a room; use that came from bookings stays where the file is silent about it."""
    row = _same(Room, {"place": place, "name": load.name}, {"m2": load.m2} if load.m2 else {})
    old = {item.slot: item for item in row.hours.all()}
    for slot, hours in load.week.items():
        kept = old.get(slot)
        if kept and (kept.available, kept.used) == (hours.available, hours.used):
            continue
        silent = kept is not None and hours.used is None
        values = {"available": hours.available} if silent else {"available": hours.available, "used": hours.used, "basis": "grid"}
        RoomHours.objects.update_or_create(room=row, slot=slot, defaults=values | ({} if silent else {"as_of": day}))


def _store_year(place: Place, year: int, lines: Mapping[str, Decimal], actor: Actor, at: datetime) -> None:
    row, made = MoneyYear.objects.get_or_create(place=place, year=year)
    kept = {line.category: line.amount for line in row.lines.all()}
    changed = {name: amount for name, amount in lines.items() if kept.get(name) != amount}
    by = actor if getattr(actor, "is_authenticated", False) else None
    for name, amount in changed.items():
        MoneyLine.objects.update_or_create(money_year=row, category=name, defaults={"amount": amount, "by": by, "at": at})
    if changed and not made:
        row.version += 1
        row.save(update_fields=["version"])


def _same(model: type[Any], key: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """The row with these values: made, changed, or left as it is."""
    row = model.objects.filter(**key).first()
    if row is None:
        return model.objects.create(**key, **values)
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    return row


def _of(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
