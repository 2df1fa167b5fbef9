# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing in bookings and the hours per week that follow from them, and taking back what one file brought."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.operation.models import NAME_LENGTH, Booking, Room, RoomHours
from knopenkaart_web.places.actions import figures
from knopenkaart_web.places.models import FigureFile, Place
from knopenkaart_web.places.noting import noting


def rooms_of(slug: str, place_id: object) -> dict[str, str]:
    """The rooms of a place that a name in a file may mean: number -> name."""
    rows = Room.objects.filter(place__study__slug=slug, place_id=str(place_id)).order_by("pk")
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def available_in(slug: str, place_id: object) -> dict[tuple[str, str], float]:
    """Hours per week in which each room of a place can be used, per daypart, as far as somebody wrote them down."""
    rows = RoomHours.objects.filter(room__place__study__slug=slug, room__place_id=str(place_id))
    return {(str(room), slot): hours for room, slot, hours in rows.values_list("room_id", "slot", "available")}


def bring_in_bookings(actor: Actor, slug: str, place_id: object, file_id: object) -> dict[str, int]:
    """Add the bookings of a file that are not there yet, and let the hours in use follow from it; gives how many, and how many were there.

    At a place without rooms the rooms of the file are made. Raises InputError (`figures.nothing`), UnknownError.
    """
    with noting(actor, slug, place_id) as note:
        row = figures.read_file_of(note, file_id, "bookings")
        assert note.place is not None  # noqa: S101 -- bookings are of one place
        Place.objects.select_for_update().get(pk=note.place.pk)
        rooms, made = _rooms(note.place, row.found)
        known = set(Booking.objects.filter(room__in=rooms.values()).values_list("room_id", "starts", "ends"))
        new = [booking for booking in _bookings(row, rooms) if (booking.room_id, booking.starts, booking.ends) not in known]
        if not new:
            raise InputError("There is nothing new in this file.", code="figures.nothing")
        Booking.objects.bulk_create(new)
        before = _write_hours(row.found["hours"], rooms, date.fromisoformat(row.found["last"]))
        told = {"added": len(new), "there": len(row.found["rows"]) - len(new)}
        figures.settle(row, "in", {"rooms": made, "hours": before, "bookings": len(new)})
        note.log("bring_in_bookings", object_type="figure_file", object_id=row.pk, after=told | {"rooms": len(made)})
    return told


def take_back_bookings(actor: Actor, slug: str, place_id: object, file_id: object) -> None:
    """Take back the bookings that a file brought; hours that nobody changed since become what they were, and rooms that it made go."""
    with noting(actor, slug, place_id) as note:
        row = figures.brought_file(note, file_id, "bookings")
        Booking.objects.filter(room__place=note.place, import_ref__startswith=f"{row.pk}:").delete()
        for room, slot, set_to, old in row.brought["hours"]:
            mine = RoomHours.objects.filter(room_id=room, room__place=note.place, slot=slot, basis="bookings", used=set_to)
            if old is None:
                mine.delete()
            else:
                mine.update(used=old["used"], basis=old["basis"], as_of=date.fromisoformat(old["as_of"]))
        Room.objects.filter(pk__in=row.brought["rooms"], place=note.place, version=1, bookings=None, hours=None).delete()
        figures.settle(row, "undone", {})
        note.log("take_back_bookings", object_type="figure_file", object_id=row.pk)


def _rooms(place: Place, found: dict[str, Any]) -> tuple[dict[str, Room], list[int]]:
    """The rooms that the file speaks of, by what it calls them, and which of them were made for it."""
    known = {str(room.pk): room for room in Room.objects.filter(place=place)}
    if known:
        return known, []
    names = sorted({str(line[0]) for line in found["rows"]})
    rooms = {name: Room.objects.create(place=place, name=name[:NAME_LENGTH]) for name in names}
    return rooms, [room.pk for room in rooms.values()]


def _bookings(row: FigureFile, rooms: dict[str, Room]) -> list[Booking]:
    return [
        Booking(
            room=rooms[room],
            starts=timezone.make_aware(datetime.fromisoformat(start)),
            ends=timezone.make_aware(datetime.fromisoformat(end)),
            kind=(activity or "")[:80],
            attendees=attendees,
            import_ref=f"{row.pk}:{number}",
        )
        for number, (room, start, end, activity, attendees) in enumerate(row.found["rows"])
        if room in rooms
    ]


def _write_hours(hours: list[list[Any]], rooms: dict[str, Room], as_of: date) -> list[list[Any]]:
    """Set the hours in use; gives what was set and what stood there before."""
    changed: list[list[Any]] = []
    for name, slot, available, used in hours:
        if name not in rooms:
            continue
        old = RoomHours.objects.filter(room=rooms[name], slot=slot).first()
        was = {"used": old.used, "basis": old.basis, "as_of": old.as_of.isoformat()} if old else None
        values = {"available": max(available, old.available if old else 0.0), "used": used, "basis": "bookings", "as_of": as_of}
        RoomHours.objects.update_or_create(room=rooms[name], slot=slot, defaults=values)
        changed.append([rooms[name].pk, slot, used, was])
    return changed
