# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every read of use and money. Who may see the result is for the page to ask; `released_years` is what everybody may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from knopenkaart_web.accounts.models import Ownership
from knopenkaart_web.operation.models import Board, Booking, Building, Comparison, MoneyYear, Practice, Room, Volunteers
from knopenkaart_web.operation.views_data import (
    BookingsRow,
    BuildingRow,
    ComparisonRow,
    Hours,
    Known,
    PeopleRow,
    PracticeRow,
    RoomRow,
    YearRow,
)

Row = TypeVar("Row")
_SECONDS_PER_HOUR = 3600


def of_place(slug: str, place_id: str) -> Known:
    """All that was written down of one place."""
    return _known(slug, _key(place_id)).get(place_id, Known(place_id))


def of_study(slug: str) -> dict[str, Known]:
    """The same of every place of a study of which anything was written down."""
    return _known(slug, None)


def room(slug: str, place_id: str, room_id: int) -> RoomRow | None:
    """One room of a place."""
    rows = Room.objects.filter(place__study__slug=slug, place_id=_key(place_id), pk=room_id).prefetch_related("hours")
    return next((_room(row) for row in rows), None)


def released_years(slug: str) -> dict[str, tuple[YearRow, ...]]:
    """Per place the years of which everybody may see the money, the newest first; no confidential places."""
    rows = _present(MoneyYear.objects.filter(released_at__isnull=False, place__confidential=False), slug)
    return _grouped((str(row.place_id), _year(row)) for row in rows.prefetch_related("lines"))


def released_years_of(slug: str, place_id: str) -> tuple[YearRow, ...]:
    """The same of one place."""
    rows = _present(MoneyYear.objects.filter(released_at__isnull=False, place_id=_key(place_id), place__confidential=False), slug)
    return tuple(_year(row) for row in rows.prefetch_related("lines"))


def bookings(slug: str, place_id: str) -> list[BookingsRow]:
    """The bookings of each room together; of single ones nothing."""
    totals: dict[int, float] = defaultdict(float)
    mine = Booking.objects.filter(room__place__study__slug=slug, room__place_id=_key(place_id))
    for room_id, starts, ends in mine.values_list("room_id", "starts", "ends").iterator():
        totals[room_id] += (ends - starts).total_seconds() / _SECONDS_PER_HOUR
    rows = mine.values("room_id", "room__name").annotate(number=Count("pk"), first=Min("starts"), last=Max("starts")).order_by("room_id")
    return [
        BookingsRow(
            row["room__name"], row["number"], timezone.localdate(row["first"]), timezone.localdate(row["last"]), totals[row["room_id"]]
        )
        for row in rows
    ]


def comparison(slug: str) -> ComparisonRow | None:
    """The last comparison of a study."""
    row = Comparison.objects.filter(study__slug=slug).first()
    return ComparisonRow(row.year, row.made, row.places) if row else None


def operators(slug: str) -> dict[str, str]:
    """Place -> a name for whoever runs it. Places that share one operator, also by way of a third place, have the same name."""
    people: dict[str, list[int]] = defaultdict(list)
    for place_id, user_id in Ownership.objects.filter(study_slug=slug).order_by("user_id").values_list("place_id", "user_id"):
        people[str(place_id)].append(user_id)
    name = {user: user for users in people.values() for user in users}
    for users in people.values():
        joined = {name[user] for user in users}
        name = {user: min(joined) if old in joined else old for user, old in name.items()}
    return {place_id: str(name[users[0]]) for place_id, users in people.items()}


def runs(user: Any, slug: str, place_id: str) -> bool:
    """Whether somebody is who runs a place, whatever else they may do here."""
    mine = getattr(user, "is_authenticated", False) and user.is_active
    return bool(mine) and Ownership.objects.filter(user_id=user.pk, study_slug=slug, place_id=place_id).exists()


def own_places(user: Any, slug: str) -> set[str]:
    """The places that somebody runs."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return set()
    return {str(key) for key in Ownership.objects.filter(user_id=user.pk, study_slug=slug).values_list("place_id", flat=True)}


def _known(slug: str, key: UUID | None) -> dict[str, Known]:
    def mine(rows: QuerySet[Any]) -> QuerySet[Any]:
        return _present(rows if key is None else rows.filter(place_id=key), slug)

    rooms = _grouped(
        (str(row.place_id), _room(row)) for row in mine(Room.objects.annotate(booked=Count("bookings"))).prefetch_related("hours")
    )
    years = _grouped((str(row.place_id), _year(row)) for row in mine(MoneyYear.objects.all()).prefetch_related("lines"))
    practice = {str(row.place_id): _practice(row) for row in mine(Practice.objects.all())}
    buildings = {str(row.place_id): _building(row) for row in mine(Building.objects.all())}
    boards = _grouped((str(row.place_id), row) for row in mine(Board.objects.all()))
    volunteers = _grouped((str(row.place_id), row) for row in mine(Volunteers.objects.all()))
    names = dict.fromkeys([*rooms, *years, *practice, *buildings, *boards, *volunteers])
    return {
        name: Known(
            name,
            rooms.get(name, ()),
            years.get(name, ()),
            practice.get(name, PracticeRow()),
            _people(boards.get(name, ()), volunteers.get(name, ())),
            buildings.get(name, BuildingRow()),
        )
        for name in names
    }


def _present(rows: QuerySet[Any], slug: str) -> QuerySet[Any]:
    return rows.filter(place__study__slug=slug, place__merged_into=None, place__removed=False)


def _grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for name, row in pairs:
        found[name].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _room(row: Room) -> RoomRow:
    week: Mapping[str, Hours] = {item.slot: Hours(item.available, item.used, item.basis, item.as_of) for item in row.hours.all()}
    return RoomRow(
        row.pk, row.name, row.m2, row.capacity, row.equipment, row.accessible, row.version, week, bookings=getattr(row, "booked", 0)
    )


def _year(row: MoneyYear) -> YearRow:
    lines = list(row.lines.all())
    return YearRow(
        row.year,
        {line.category: line.amount for line in lines},
        row.version,
        row.released_at,
        max((line.at for line in lines), default=None),
    )


def _practice(row: Practice) -> PracticeRow:
    return PracticeRow(row.weeks_open, row.dwell_hours, row.subsidy_until, row.version)


def _people(boards: tuple[Board, ...], volunteers: tuple[Volunteers, ...]) -> PeopleRow:
    version = sum(row.version for row in boards) + sum(row.version for row in volunteers)
    board = boards[0] if boards else Board()
    year = volunteers[0] if volunteers else None
    return PeopleRow(
        date=board.date if boards else None,
        seats=board.seats,
        vacancies=board.vacancies,
        ages=board.ages,
        succession=board.succession,
        year=year.year if year else None,
        hours_per_week=year.hours_per_week if year else None,
        number=year.number if year else "",
        version=version,
    )


def _building(row: Building) -> BuildingRow:
    names = ("m2", "condition", "inspected", "postponed", "investment", "investment_year", "covered", "owner", "note", "version")
    return BuildingRow(**{name: getattr(row, name) for name in names})


def _key(place_id: object) -> UUID:
    return place_id if isinstance(place_id, UUID) else UUID(str(place_id))
