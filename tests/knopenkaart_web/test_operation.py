# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money as it is kept: who may write, what is never zero, what others see, files that load twice the same, and forgetting."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.operation import actions, loading, queries
from knopenkaart_web.operation.forgetting import forget_old
from knopenkaart_web.operation.models import Board, Booking, Building, Comparison, MoneyLine, MoneyYear, Room, RoomHours, Volunteers, today
from knopenkaart_web.operation.retention import RETENTION
from knopenkaart_web.operation.views_data import BuildingRow, Hours, PeopleRow, PracticeRow, RoomValues
from knopenkaart_web.places.errors import ConflictError, UnknownError
from knopenkaart_web.places.keeping import months_before
from knopenkaart_web.places.models import Place, Study

from . import factories

CAFE, CENTRE, LIBRARY, SLUG = factories.CAFE, factories.CENTRE, factories.LIBRARY, factories.SLUG
HALL = RoomValues("Grote zaal", 120.0, 80)
WEEK = {"mo_morning": Hours(4.0, 1.0), "mo_afternoon": Hours(6.0, 6.0), "we_evening": Hours(5.0)}
AMOUNTS = {"rent": Decimal(0), "energy": Decimal("4321.99"), "room_hire": Decimal(1000), "staff": None}


@pytest.fixture
def dora(study: Study) -> User:
    """Who runs the community centre, and nothing else."""
    user: User = User.objects.create_user("dora")
    Ownership.objects.create(user=user, study_slug=SLUG, place_id=CENTRE)
    return user


def hall(actor: Any) -> int:
    return actions.add_room(actor, SLUG, CENTRE, HALL)


def money(actor: Any, year: int = 2024, amounts: dict[str, Decimal | None] = AMOUNTS, version: int = 0) -> None:  # type: ignore[assignment]
    actions.write_money(actor, SLUG, CENTRE, year, amounts, version=version, practice=None)


WRITES: dict[str, Callable[[Any], object]] = {
    "room": hall,
    "money": money,
    "board": lambda actor: actions.write_people(actor, SLUG, CENTRE, PeopleRow(date=today(), seats=5)),
    "building": lambda actor: actions.write_building(actor, SLUG, CENTRE, BuildingRow(condition=3)),
}


@pytest.mark.parametrize("write", WRITES)
def test_who_runs_a_place_and_editors_write_and_nobody_else(
    dora: User, bob: User, charlie: User, visitor: Any, write: str, study: Study
) -> None:
    elsewhere = User.objects.create_user("evert")
    Ownership.objects.create(user=elsewhere, study_slug=SLUG, place_id=LIBRARY)
    for nobody in (visitor, charlie, elsewhere):
        with pytest.raises(PermissionDenied):
            WRITES[write](nobody)
    assert queries.of_place(SLUG, CENTRE).empty
    WRITES[write](dora)
    assert not queries.of_place(SLUG, CENTRE).empty
    assert Event.objects.filter(study=SLUG).count() == 1


def test_the_trail_holds_no_amount_and_no_number_of_people(dora: User) -> None:
    for write in WRITES.values():
        write(dora)
    texts = [json.dumps([event.before, event.after]) for event in Event.objects.filter(study=SLUG)]
    assert len(texts) == len(WRITES)
    assert not [text for text in texts if "4321" in text or "1000" in text or "seats" in text]


def test_who_was_later_overwrites_nothing_unseen(dora: User) -> None:
    room = hall(dora)
    actions.write_grid(dora, SLUG, CENTRE, room, WEEK, version=1)
    money(dora)
    actions.write_building(dora, SLUG, CENTRE, BuildingRow(m2=200.0))
    for write in (
        lambda: actions.write_grid(dora, SLUG, CENTRE, room, {}, version=1),
        lambda: actions.change_room(dora, SLUG, CENTRE, room, HALL, version=1),
        lambda: actions.remove_room(dora, SLUG, CENTRE, room, version=1),
        lambda: money(dora, amounts={"energy": Decimal(1)}),
        lambda: actions.write_building(dora, SLUG, CENTRE, BuildingRow(m2=1.0)),
    ):
        with pytest.raises(ConflictError):
            write()
    known = queries.of_place(SLUG, CENTRE)
    assert (known.rooms[0].hours["mo_morning"].used, known.years[0].lines["energy"], known.building.m2) == (1.0, Decimal("4321.99"), 200.0)


def test_what_nobody_said_is_not_zero(dora: User) -> None:
    room = hall(dora)
    actions.write_grid(dora, SLUG, CENTRE, room, WEEK, version=1)
    money(dora)
    known = queries.of_place(SLUG, CENTRE)
    assert known.rooms[0].hours["we_evening"].used is None
    assert "tu_morning" not in known.rooms[0].hours
    assert known.years[0].lines == {"rent": Decimal(0), "energy": Decimal("4321.99"), "room_hire": Decimal(1000)}
    money(dora, amounts={**AMOUNTS, "energy": None}, version=1)
    assert "energy" not in queries.of_place(SLUG, CENTRE).years[0].lines


def test_every_fault_of_a_form_is_told_at_once_and_nothing_is_kept(dora: User) -> None:
    room = hall(dora)
    with pytest.raises(InputError) as week:
        actions.write_grid(dora, SLUG, CENTRE, room, {"mo_morning": Hours(5.0, 6.0), "su_night": Hours(1.0)}, version=1)
    assert {fault.code for fault in week.value.faults} == {"use.hours_available", "use.hours_used_most", "use.slot_unknown"}
    with pytest.raises(InputError) as year:
        money(dora, year=1999, amounts={"energy": Decimal(-1), "gold": Decimal(1), "rent": Decimal("NaN")})
    assert [fault.code for fault in year.value.faults] == ["money.year", "money.amount", "money.category", "money.amount"]
    with pytest.raises(InputError) as board:
        actions.write_people(dora, SLUG, CENTRE, PeopleRow(date=date(2999, 1, 1), seats=3, vacancies=4, succession="misschien"))
    assert {fault.column for fault in board.value.faults} == {"date", "vacancies", "succession"}
    assert not RoomHours.objects.exists()
    assert not MoneyYear.objects.exists()
    assert not Board.objects.exists()


def test_two_rooms_of_a_place_have_two_names(dora: User) -> None:
    hall(dora)
    with pytest.raises(InputError) as caught:
        actions.add_room(dora, SLUG, CENTRE, RoomValues(" grote ZAAL "))
    assert [fault.code for fault in caught.value.faults] == ["room.exists"]
    actions.add_room(dora, SLUG, CENTRE, RoomValues("Keuken"))
    assert [room.name for room in queries.of_place(SLUG, CENTRE).rooms] == ["Grote zaal", "Keuken"]


def test_a_room_of_another_place_is_not_there(dora: User) -> None:
    room = hall(dora)
    with pytest.raises(UnknownError):
        actions.write_grid(None, SLUG, LIBRARY, room, WEEK, version=1)
    assert queries.room(SLUG, LIBRARY, room) is None


def test_hours_from_bookings_stay_so_until_somebody_changes_them(dora: User) -> None:
    room = hall(dora)
    day = date(2025, 3, 1)
    for slot, used in (("mo_morning", 1.0), ("mo_afternoon", 2.0)):
        RoomHours.objects.create(room_id=room, slot=slot, available=4.0, used=used, basis="bookings", as_of=day)
    actions.write_grid(dora, SLUG, CENTRE, room, {"mo_morning": Hours(4.0, 1.0), "mo_afternoon": Hours(4.0, 3.0)}, version=1)
    found = queries.of_place(SLUG, CENTRE).rooms[0].hours
    assert found["mo_morning"] == Hours(4.0, 1.0, "bookings", day)
    assert found["mo_afternoon"] == Hours(4.0, 3.0, "grid", today())


def test_only_who_runs_a_place_lets_others_see_its_money(dora: User, bob: User, alice: User) -> None:
    money(dora)
    for other in (bob, alice):
        with pytest.raises(PermissionDenied):
            actions.release_money(other, SLUG, CENTRE, 2024, released=True)
    assert queries.released_years_of(SLUG, CENTRE) == ()
    actions.release_money(dora, SLUG, CENTRE, 2024, released=True)
    assert [row.year for row in queries.released_years_of(SLUG, CENTRE)] == [2024]
    actions.release_money(dora, SLUG, CENTRE, 2024, released=False)
    assert queries.released_years(SLUG) == {}
    with pytest.raises(UnknownError):
        actions.release_money(dora, SLUG, CENTRE, 2023, released=True)


def test_what_was_released_is_that_year_alone_and_of_no_confidential_place(dora: User) -> None:
    money(dora, 2023)
    money(dora, 2024)
    actions.release_money(dora, SLUG, CENTRE, 2023, released=True)
    assert {key: [row.year for row in rows] for key, rows in queries.released_years(SLUG).items()} == {CENTRE: [2023]}
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    assert queries.released_years(SLUG) == {}
    assert queries.released_years_of(SLUG, CENTRE) == ()


def test_places_of_one_operator_have_one_name_also_by_way_of_a_third(dora: User) -> None:
    evert = User.objects.create_user("evert")
    for place in (CENTRE, LIBRARY):
        Ownership.objects.create(user=evert, study_slug=SLUG, place_id=place)
    Ownership.objects.create(user=User.objects.create_user("frank"), study_slug=SLUG, place_id=CAFE)
    found = queries.operators(SLUG)
    assert found[CENTRE] == found[LIBRARY] != found[CAFE]


def test_a_comparison_is_made_once_a_year(bob: User, dora: User, study: Study) -> None:
    with pytest.raises(PermissionDenied):
        actions.make_comparison(dora, SLUG, {})
    actions.make_comparison(bob, SLUG, {CENTRE: {"cost_per_visit": {"n": 5}}})
    with pytest.raises(InputError) as caught:
        actions.make_comparison(bob, SLUG, {})
    assert caught.value.code == "comparison.made"
    found = queries.comparison(SLUG)
    assert found is not None
    assert (found.year, found.places[CENTRE]) == (today().year, {"cost_per_visit": {"n": 5}})


ROOMS = [
    {
        "Locatie": "Buurthuis De Molen",
        "Zaal": "Grote zaal",
        "Oppervlakte m2": "120",
        "Dagdeel": "maandagochtend",
        "Beschikbare uren": "4",
        "Gebruikte uren": "1,5",
    },
    {
        "Locatie": "Buurthuis De Molen",
        "Zaal": "Grote zaal",
        "Oppervlakte m2": "120",
        "Dagdeel": "Monday evening",
        "Beschikbare uren": "5",
        "Gebruikte uren": "",
    },
]
MONEY = [
    {"Locatie": "Buurthuis De Molen", "Jaar": "2024", "Post": "energie en water", "Bedrag": "4200"},
    {"Locatie": "Buurthuis De Molen", "Jaar": "2024", "Post": "rent", "Bedrag": "0"},
]
BOARDS = [
    {
        "Locatie": "Buurthuis De Molen",
        "Bestuursplekken": "7",
        "Vacatures": "2",
        "Leeftijd meeste bestuursleden": "",
        "Opvolging in beeld": "nee",
        "Vrijwilligersuren per week": "40",
        "Weken open per jaar": "48",
        "Conditie gebouw": "3",
        "Gedekt": "0",
        "Subsidie tot": "2026-12-31",
        "Nagekeken op": "2025-11-01",
    }
]
IDS = {"Buurthuis De Molen": CENTRE}


def load(actor: Any) -> dict[str, int]:
    return loading.load_use(actor, SLUG, loading.rooms_of(ROOMS, IDS), loading.money_of(MONEY, IDS), loading.boards_of(BOARDS, IDS))


def test_files_load_what_they_say_and_twice_is_the_same(bob: User, study: Study) -> None:
    assert load(bob) == {"places": 1, "rooms": 1, "years": 1}
    first = queries.of_place(SLUG, CENTRE)
    assert first.rooms[0].hours == {
        "mo_morning": Hours(4.0, 1.5, "grid", date(2025, 11, 1)),
        "mo_evening": Hours(5.0, None, "grid", date(2025, 11, 1)),
    }
    assert first.rooms[0].m2 == 120
    assert first.years[0].lines == {"energy": Decimal(4200), "rent": Decimal(0)}
    assert first.people == PeopleRow(date(2025, 11, 1), 7, 2, "", "no", 2025, 40.0, "", first.people.version)
    assert first.practice == PracticeRow(48.0, None, date(2026, 12, 31), 1)
    assert (first.building.condition, first.building.covered, first.building.investment) == (3, Decimal(0), None)
    load(bob)
    assert queries.of_place(SLUG, CENTRE) == first
    assert Event.objects.filter(action="load_use").count() == 2


def test_a_file_that_says_nothing_of_use_leaves_what_bookings_say(bob: User, study: Study) -> None:
    load(bob)
    RoomHours.objects.filter(slot="mo_evening").update(used=2.0, basis="bookings", as_of=date(2025, 12, 1))
    load(bob)
    assert queries.of_place(SLUG, CENTRE).rooms[0].hours["mo_evening"] == Hours(5.0, 2.0, "bookings", date(2025, 12, 1))


def test_files_tell_every_fault_with_its_row_and_store_nothing(bob: User, study: Study) -> None:
    wrong = [ROOMS[0] | {"Locatie": "Nergens"}, ROOMS[1] | {"Dagdeel": "ooit", "Beschikbare uren": "veel"}]
    with pytest.raises(InputError) as caught:
        loading.rooms_of(wrong, IDS, file="zalen.csv")
    assert [(fault.file, fault.row, fault.column) for fault in caught.value.faults] == [
        ("zalen.csv", 2, "place"),
        ("zalen.csv", 3, "slot"),
        ("zalen.csv", 3, "available"),
    ]
    with pytest.raises(InputError):
        loading.load_use(bob, SLUG, loading.rooms_of(ROOMS, IDS), loading.money_of([MONEY[0] | {"Bedrag": "-1"}], IDS))
    with pytest.raises(UnknownError):
        loading.load_use(bob, SLUG, loading.rooms_of(ROOMS, {"Buurthuis De Molen": "8f3b8d2e-0000-4000-8000-000000000000"}))
    assert not Room.objects.exists()


def test_only_editors_load_files(dora: User) -> None:
    with pytest.raises(PermissionDenied):
        load(dora)


def test_what_was_kept_long_enough_goes_and_the_last_board_stays(dora: User, study: Study) -> None:
    room = Room.objects.get(pk=hall(dora))
    now = datetime(2036, 6, 15, 12, tzinfo=UTC)
    for year in (2032, 2034):
        moment = datetime(year, 6, 1, 10, tzinfo=UTC)
        Booking.objects.create(room=room, starts=moment, ends=moment)
    place = Place.objects.get(pk=CENTRE)
    for year in (2020, 2030):
        row = MoneyYear.objects.create(place=place, year=year)
        MoneyLine.objects.create(money_year=row, category="rent", amount=1)
        Board.objects.create(place=place, date=date(year, 1, 1))
        Volunteers.objects.create(place=place, year=year)
        Comparison.objects.create(study=study, year=year)
    gone = forget_old(now)
    assert gone == {
        "operation_booking": 1,
        "operation_moneyyear": 1,
        "operation_board": 1,
        "operation_volunteers": 1,
        "operation_comparison": 2,
    }
    assert list(MoneyLine.objects.values_list("money_year__year", flat=True)) == [2030]
    assert Board.objects.get().date == date(2030, 1, 1)
    assert {entry.field for entry in RETENTION} == gone.keys()
    assert set(forget_old(now).values()) == {0}
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_one_place_is_read_as_all_of_a_study_are(bob: User, dora: User) -> None:
    load(bob)
    assert queries.of_study(SLUG) == {CENTRE: queries.of_place(SLUG, CENTRE)}
    assert replace(queries.of_place(SLUG, CENTRE), place_id=LIBRARY) != queries.of_place(SLUG, LIBRARY)
    assert Building.objects.get().version == 1
