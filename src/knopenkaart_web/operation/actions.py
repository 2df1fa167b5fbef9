# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write about use and money: who may, in one transaction, with one event that holds no amount and no number of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.operation import checking, queries
from knopenkaart_web.operation.models import (
    Board,
    Building,
    Comparison,
    MoneyLine,
    MoneyYear,
    Practice,
    Room,
    RoomHours,
    Volunteers,
    today,
)
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PeopleRow, PracticeRow, RoomValues
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.models import Place
from knopenkaart_web.places.noting import Note, noting


def add_room(actor: Actor, slug: str, place_id: str, values: RoomValues) -> int:
    """Add a room to a place. Needs who runs it. Raises InputError (`use.invalid`)."""
    checking.refuse(checking.room(values))
    with _writing(actor, slug, place_id) as (note, place):
        _check_name(place, values.name)
        if Room.objects.filter(place=place).count() >= checking.MOST_ROOMS:
            raise InputError("This place has too many rooms.", code="room.too_many")
        row = Room.objects.create(place=place, **_stripped(values))
        note.log("add_room", object_type="room", object_id=row.pk, after={"name": row.name})
    return int(row.pk)


def change_room(actor: Actor, slug: str, place_id: str, room_id: int, values: RoomValues, *, version: int) -> None:
    """Change what is known of a room. Needs who runs the place. Raises InputError (`use.invalid`), UnknownError, ConflictError."""
    checking.refuse(checking.room(values))
    with _writing(actor, slug, place_id) as (note, place):
        row = _room(place, room_id, version)
        _check_name(place, values.name, but=row.pk)
        before = row.name
        _set(row, _stripped(values))
        note.log("change_room", object_type="room", object_id=row.pk, before={"name": before}, after={"name": row.name})


def remove_room(actor: Actor, slug: str, place_id: str, room_id: int, *, version: int) -> None:
    """Take a room away, with its week and its bookings. Needs who runs the place. Raises UnknownError, ConflictError."""
    with _writing(actor, slug, place_id) as (note, place):
        row = _room(place, room_id, version)
        key, name = row.pk, row.name
        row.delete()
        note.log("remove_room", object_type="room", object_id=key, before={"name": name})


def write_grid(actor: Actor, slug: str, place_id: str, room_id: int, week: Mapping[str, Hours], *, version: int) -> None:
    """Write the rough week of a room: hours available and used per daypart; a daypart that is not there is not available.

    What came from bookings and was not changed stays so. Needs who runs the place. Raises InputError (`use.invalid`), UnknownError,
    ConflictError.
    """
    checking.refuse(checking.hours(week))
    with _writing(actor, slug, place_id) as (note, place):
        row = _room(place, room_id, version)
        old = {item.slot: item for item in row.hours.all()}
        row.hours.exclude(slot__in=list(week)).delete()
        for slot, hours in week.items():
            kept = old.get(slot)
            basis = "bookings" if kept and kept.basis == "bookings" and kept.used == hours.used else "grid"
            day = kept.as_of if kept and basis == "bookings" else today()
            values = {"available": hours.available, "used": hours.used, "basis": basis, "as_of": day}
            RoomHours.objects.update_or_create(room=row, slot=slot, defaults=values)
        _set(row, {})
        note.log("write_week", object_type="room", object_id=row.pk, after={"dayparts": len(week)})


def write_money(
    actor: Actor, slug: str, place_id: str, year: int, amounts: Mapping[str, Decimal | None], *, version: int, practice: PracticeRow | None
) -> None:
    """Write the money of a year: None is not filled in. With `practice` also what the figures need besides.

    `version` is that of the year, 0 for a new one. Needs who runs the place. Raises InputError (`use.invalid`), ConflictError.
    """
    checking.refuse([*checking.money(year, amounts), *(checking.practice(practice) if practice else ())])
    with _writing(actor, slug, place_id) as (note, place):
        row = MoneyYear.objects.filter(place=place, year=year).first()
        _check_version(row.version if row else 0, version)
        row = row or MoneyYear(place=place, year=year, version=0)
        _set(row, {})
        kept = {line.category: line for line in row.lines.all()}
        changed = [name for name, amount in amounts.items() if amount != (kept[name].amount if name in kept else None)]
        for name in changed:
            _write_line(row, name, amounts[name], actor)
        if practice:
            _write_one(Practice, place, asdict(practice), practice.version)
        note.log("write_money", object_type="money", object_id=year, after={"categories": sorted(changed)})


def release_money(actor: Actor, slug: str, place_id: str, year: int, *, released: bool) -> None:
    """Let everybody see the money of a year, or no longer. Only whoever runs the place, also where an editor or manager asks.

    Raises PermissionDenied, UnknownError (`money.unknown`).
    """
    with _writing(actor, slug, place_id) as (note, place):
        if actor is not None and not queries.runs(actor, slug, place_id):
            raise PermissionDenied("Only who runs a place releases its money.")
        row = MoneyYear.objects.filter(place=place, year=year).first()
        if row is None:
            raise unknown("money")
        row.released_at = timezone.now() if released else None
        row.released_by = actor if released else None
        row.save(update_fields=["released_at", "released_by"])
        note.log("release_money" if released else "withdraw_money", object_type="money", object_id=year)


def write_people(actor: Actor, slug: str, place_id: str, row: PeopleRow) -> None:
    """Write down board and volunteers; `row.version` is that of what was shown. Needs who runs the place.

    Raises InputError (`use.invalid`), ConflictError.
    """
    checking.refuse(checking.people(row))
    with _writing(actor, slug, place_id) as (note, place):
        _check_version(queries.of_place(slug, place_id).people.version, row.version)
        _bump(Board, {"place": place, "date": row.date}, _some(row, "seats", "vacancies", "ages", "succession"))
        if row.year is not None:
            _bump(Volunteers, {"place": place, "year": row.year}, _some(row, "hours_per_week", "number"))
        note.log("write_board", object_type="place", object_id=place.pk)


def write_building(actor: Actor, slug: str, place_id: str, row: BuildingRow) -> None:
    """Write down the building. Needs who runs the place. Raises InputError (`use.invalid`), ConflictError."""
    checking.refuse(checking.building(row))
    with _writing(actor, slug, place_id) as (note, place):
        _write_one(Building, place, asdict(row), row.version)
        note.log("write_building", object_type="place", object_id=place.pk)


def make_comparison(actor: Actor, slug: str, places: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Keep the comparison of this calendar year, which is made once. Needs an editor. Raises InputError (`comparison.made`)."""
    with noting(actor, slug, None, "editor") as note:
        year = today().year
        if Comparison.objects.filter(study=note.study, year=year).exists():
            raise InputError("This year's comparison was made already.", code="comparison.made")
        by = actor if getattr(actor, "is_authenticated", False) else None
        Comparison.objects.create(study=note.study, year=year, made_by=by, places=places)
        note.log("make_comparison", object_type="study", object_id=note.study.slug, after={"year": year})


@contextmanager
def _writing(actor: Actor, slug: str, place_id: str) -> Iterator[tuple[Note, Place]]:
    """A write about one place; of two at the same moment the second waits."""
    with noting(actor, slug, place_id) as note:
        if note.place is None:
            raise unknown("place")
        Place.objects.select_for_update().get(pk=note.place.pk)
        yield note, note.place


def _room(place: Place, room_id: int, version: int) -> Room:
    row = Room.objects.filter(place=place, pk=room_id).first()
    if row is None:
        raise unknown("room")
    _check_version(row.version, version)
    return row


def _check_name(place: Place, name: str, *, but: int | None = None) -> None:
    taken = {row.name.casefold() for row in Room.objects.filter(place=place) if row.pk != but}
    if name.strip().casefold() in taken:
        checking.refuse([Fault("room.exists", "another room has this name", column="name")])


def _check_version(now: int, shown: int) -> None:
    if now != shown:
        raise ConflictError("Somebody else changed this meanwhile.", code="use.conflict", remedy="Look at it again.")


def _stripped(values: RoomValues) -> dict[str, Any]:
    return asdict(values) | {"name": values.name.strip(), "equipment": values.equipment.strip()}


def _set(row: Any, values: Mapping[str, Any]) -> None:
    """Save a row with these values and the next version."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def _bump(model: type[Any], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    row = model.objects.filter(**key).first() or model(**key, version=0)
    _set(row, values)


def _write_one(model: type[Any], place: Place, values: Mapping[str, Any], version: int) -> None:
    """Write the one row that a place has of a model."""
    row = model.objects.filter(place=place).first() or model(place=place, version=0)
    _check_version(row.version, version)
    _set(row, {name: value for name, value in values.items() if name != "version"})


def _write_line(row: MoneyYear, category: str, amount: Decimal | None, actor: Actor) -> None:
    if amount is None:
        row.lines.filter(category=category).delete()
        return
    by = actor if getattr(actor, "is_authenticated", False) else None
    MoneyLine.objects.update_or_create(money_year=row, category=category, defaults={"amount": amount, "by": by, "at": timezone.now()})


def _some(row: PeopleRow, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
