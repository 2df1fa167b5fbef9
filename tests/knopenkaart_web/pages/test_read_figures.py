# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever runs a place sends counts, a counter's series or bookings, looks at what was read, brings it in, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.operation import importing as bookings
from knopenkaart_web.operation.models import Booking, Room, RoomHours
from knopenkaart_web.places.actions import figures as actions
from knopenkaart_web.places.models import FigureFile, Study
from knopenkaart_web.visits import importing as visits
from knopenkaart_web.visits.models import Release, Round, SeriesPoint, Session, SessionCount

from .reading import factories, operated, read

SLUG, CENTRE, LIBRARY = factories.SLUG, factories.CENTRE, factories.LIBRARY
AT = f"/{SLUG}/plek/{CENTRE}/cijfers"
OF_ALL = f"/{SLUG}/beheer/cijfers"
COUNTS = "Datum;Dagdeel;Leeftijd;Aantal\n2-3-2026;ochtend;0-14;12\n2-3-2026;ochtend;65+;3\n3-3-2026;avond;0-14;0\n4-3-2026;nacht;65+;5\n"
SERIES = "maand;bezoeken\n2026-01;1200\n2026-02;1100\n"
BOOKED = "Zaal;Huurder;Begin;Einde\nGrote zaal;Jan Jansen;2-3-2026 09:00;2-3-2026 11:00\nKeuken;P. Pieters;3-3-2026 19:00;3-3-2026 21:00\n"


@pytest.fixture(autouse=True)
def at_once(runs_at_once: list[Any]) -> Iterator[None]:
    """Background work is done before the page answers."""
    yield
    assert set(runs_at_once) <= {None}, "who runs a place has no role in the study: the system reads for them"


@pytest.fixture
def dora(study: Study) -> User:
    """Who runs the community centre."""
    return operated.runs()


@pytest.fixture
def runner(client: Client, dora: User) -> Client:
    client.force_login(dora)
    return client


def send(client: Client, text: str, kind: str = "counts", *, at: str = AT, name: str = "telling.csv", **more: str) -> FigureFile:
    answer = client.post(at, {"kind": kind, "file": SimpleUploadedFile(name, text.encode()), **more})
    assert answer.status_code == 302, read(answer).text
    return FigureFile.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def step(client: Client, file: FigureFile, action: str, *, at: str = AT, **more: str) -> Any:
    return client.post(f"{at}/{file.pk}", {"action": action, **more})


# --- counts -------------------------------------------------------------------------------------------------------------


def test_counts_are_read_shown_with_their_faults_and_brought_in_as_a_round(runner: Client) -> None:
    file = send(runner, COUNTS)
    page = read(runner.get(f"{AT}/{file.pk}"))
    assert "3 cijfers kunnen mee. Er is 1 fout gevonden." in page.text
    assert "Dit is geen dagdeel van die dag." in page.text
    assert not Session.objects.exists(), "nothing changed yet"
    assert step(runner, file, "bring_in").status_code == 302
    made = Round.objects.get()
    assert (made.name, made.starts.isoformat(), made.ends.isoformat()) == ("telling", "2026-03-02", "2026-03-03")
    assert (made.dimension, made.slots, made.state) == ("age", ["mo_morning", "tu_evening"], "counting")
    told = SessionCount.objects.order_by("session__date", "group").values_list("group", "people")
    assert list(told) == [("age_0_14", 12), ("age_65_plus", 3), ("age_0_14", 0)]
    file.refresh_from_db()
    assert (bytes(file.content), file.found, file.state) == (b"", {}, "in")


def test_the_same_file_and_the_same_counts_come_in_once(runner: Client) -> None:
    step(runner, send(runner, COUNTS), "bring_in")
    again = runner.post(AT, {"kind": "counts", "file": SimpleUploadedFile("andere-naam.csv", COUNTS.encode())})
    assert again.status_code == 422
    assert "Dit bestand is al ingelezen." in read(again).text
    more = send(runner, COUNTS + "5-3-2026;ochtend;65+;8\n", name="meer.csv")
    step(runner, more, "bring_in")
    assert Session.objects.count() == 3
    assert SessionCount.objects.count() == 4
    third = send(runner, COUNTS + "\n", name="derde.csv")
    assert "Er staat niets in dit bestand" in read(step(runner, third, "bring_in")).text


def test_what_a_file_brought_is_taken_back_and_can_be_sent_again(runner: Client) -> None:
    file = send(runner, COUNTS)
    step(runner, file, "bring_in")
    assert step(runner, file, "take_back").status_code == 302
    assert not Session.objects.exists()
    assert not Round.objects.exists()
    step(runner, send(runner, COUNTS), "bring_in")
    assert Session.objects.count() == 2


def test_counts_of_which_figures_were_released_stay(runner: Client, dora: User) -> None:
    file = send(runner, COUNTS)
    step(runner, file, "bring_in")
    Release.objects.create(place_id=CENTRE, round=Round.objects.get(), state="public")
    with pytest.raises(InputError) as refused:
        visits.take_back_counts(dora, SLUG, CENTRE, file.pk)
    assert refused.value.code == "round.released"
    assert Session.objects.count() == 2


def test_a_sheet_without_days_asks_for_the_week(runner: Client) -> None:
    square = "dagdeel;maandag;dinsdag\nochtend;12;5\n"
    file = send(runner, square)
    assert (file.state, file.refusal) == ("refused", "counts.no_week")
    assert "Stuur het opnieuw, met een dag van de week" in read(runner.get(f"{AT}/{file.pk}")).text
    with_week = send(runner, square, week="2026-03-04")
    assert [row[0] for row in with_week.found["rows"]] == ["2026-03-02", "2026-03-03"]


def test_columns_and_words_are_corrected_and_the_file_is_read_again(runner: Client) -> None:
    file = send(runner, COUNTS.replace("0-14", "jeugd"))
    page = read(runner.get(f"{AT}/{file.pk}"))
    assert "jeugd" in page.text
    assert len(file.found["rows"]) == 1
    fields = {f"column_{column['number']}": column["field"] for column in file.columns["columns"]}
    assert step(runner, file, "read", **fields, word_0="age_0_14").status_code == 302
    file.refresh_from_db()
    assert len(file.found["rows"]) == 3
    wrong = step(runner, file, "read", **(fields | {"column_1": "colour"}))
    assert wrong.status_code == 422, "what is no meaning is refused, and shown again"


def test_groups_that_may_not_be_told_apart_do_not_come_in(runner: Client) -> None:
    file = send(runner, COUNTS.replace("0-14", "herkomst Nederland").replace("65+", "herkomst Nederland"))
    answer = step(runner, file, "bring_in")
    assert answer.status_code == 422
    assert "mogen hier niet uit elkaar worden gehouden" in read(answer).text
    assert not Round.objects.exists()


def test_no_event_holds_a_count_of_people(runner: Client) -> None:
    step(runner, send(runner, COUNTS.replace(";12", ";1234")), "bring_in")
    event = Event.objects.get(action="bring_in_counts")
    assert event.after["added"] == 2
    assert not any("1234" in str(row.after) + str(row.before) for row in Event.objects.all())


# --- series -------------------------------------------------------------------------------------------------------------


def test_a_series_comes_in_once_and_is_taken_back(runner: Client) -> None:
    file = send(runner, SERIES, "series")
    step(runner, file, "bring_in")
    assert [(row.grain, row.visits, row.source) for row in SeriesPoint.objects.order_by("start")] == [
        ("month", 1200.0, "telling.csv"), ("month", 1100.0, "telling.csv"),
    ]  # fmt: skip
    longer = send(runner, SERIES.replace("1100", "9") + "2026-03;1300\n", "series", name="langer.csv")
    step(runner, longer, "bring_in")
    assert list(SeriesPoint.objects.order_by("start").values_list("visits", flat=True)) == [1200.0, 1100.0, 1300.0]
    step(runner, longer, "take_back")
    assert SeriesPoint.objects.count() == 2


def test_an_editor_sends_a_series_of_several_places_and_says_which_is_which(client: Client, study: Study, bob: User) -> None:
    client.force_login(bob)
    text = "locatie;maand;bezoeken\nBibliotheek Noord;2026-01;900\nMolen;2026-01;70\nZwembad;2026-01;5\n"
    file = send(client, text, "series", at=OF_ALL)
    assert {row[0] for row in file.found["rows"]} == {LIBRARY}
    page = read(client.get(f"{OF_ALL}/{file.pk}"))
    assert "Zwembad: Geen plek heet zo." in page.text
    fields = {f"column_{column['number']}": column["field"] for column in file.columns["columns"]}
    unknown = [item["name"] for item in file.found["doubts"]]
    said = {f"word_{number}": {"Molen": CENTRE, "Zwembad": "-"}[name] for number, name in enumerate(unknown)}
    step(client, file, "read", at=OF_ALL, **fields, **said)
    step(client, file, "bring_in", at=OF_ALL)
    assert {(str(row.place_id), row.visits) for row in SeriesPoint.objects.all()} == {(LIBRARY, 900.0), (CENTRE, 70.0)}
    step(client, file, "take_back", at=OF_ALL)
    assert not SeriesPoint.objects.exists()


# --- bookings -----------------------------------------------------------------------------------------------------------


def test_bookings_make_rooms_and_hours_and_nobody_is_named(runner: Client) -> None:
    file = send(runner, BOOKED, "bookings")
    assert b"Jansen" not in bytes(file.content), "who booked is not kept, not even until it is brought in"
    assert "Pieters" not in str(file.found)
    step(runner, file, "bring_in")
    assert sorted(Room.objects.values_list("name", flat=True)) == ["Grote zaal", "Keuken"]
    assert Booking.objects.count() == 2
    hours = RoomHours.objects.get(room__name="Grote zaal", slot="mo_morning")
    assert (hours.used, hours.available, hours.basis) == (2.0, 4.0, "bookings")
    step(runner, file, "take_back")
    assert (Room.objects.count(), Booking.objects.count(), RoomHours.objects.count()) == (0, 0, 0)


def test_bookings_find_the_rooms_that_are_there_and_give_back_what_stood_there(runner: Client, study: Study) -> None:
    room = Room.objects.create(place_id=CENTRE, name="Grote zaal")
    RoomHours.objects.create(room=room, slot="mo_morning", available=3.0, used=1.0)
    file = send(runner, BOOKED, "bookings")
    assert [notice["code"] for notice in file.notices] == ["bookings.unknown_room"]
    step(runner, file, "bring_in")
    assert (Room.objects.count(), Booking.objects.count()) == (1, 1)
    hours = RoomHours.objects.get(room=room, slot="mo_morning")
    assert (hours.used, hours.available) == (2.0, 3.0)
    longer = send(runner, BOOKED + "Grote zaal;x;9-3-2026 09:00;9-3-2026 10:00\n", "bookings", name="later.csv")
    step(runner, longer, "bring_in")
    assert Booking.objects.count() == 2, "what was there is not there twice"
    step(runner, longer, "take_back")
    step(runner, file, "take_back")
    hours.refresh_from_db()
    assert (hours.used, hours.basis, Booking.objects.count()) == (1.0, "grid", 0)


# --- who ----------------------------------------------------------------------------------------------------------------


def test_only_who_runs_a_place_and_editors_send_files_about_it(client: Client, dora: User, bob: User, charlie: User) -> None:
    for user, status in ((dora, 200), (bob, 200), (charlie, 403)):
        client.force_login(user)
        assert client.get(AT).status_code == status
    client.force_login(dora)
    assert client.get(f"/{SLUG}/plek/{LIBRARY}/cijfers").status_code == 403
    assert client.get(OF_ALL).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.send_file(charlie, SLUG, CENTRE, kind="counts", filename="a.csv", content=b"x")


def test_a_file_of_one_place_is_not_seen_or_used_at_another(client: Client, dora: User, bob: User) -> None:
    client.force_login(dora)
    file = send(client, COUNTS)
    client.force_login(bob)
    assert client.get(f"/{SLUG}/plek/{LIBRARY}/cijfers/{file.pk}").status_code == 404
    with pytest.raises(InputError):
        visits.bring_in_counts(bob, SLUG, LIBRARY, file.pk)
    with pytest.raises(InputError):
        bookings.bring_in_bookings(bob, SLUG, CENTRE, file.pk)


def test_a_file_of_another_type_is_refused_and_an_old_one_goes(runner: Client) -> None:
    answer = runner.post(AT, {"kind": "counts", "file": SimpleUploadedFile("a.pdf", b"x")})
    assert answer.status_code == 422
    assert not FigureFile.objects.exists()
    broken = send(runner, "\x00\x01", name="b.csv")
    assert broken.state == "refused"
    assert step(runner, broken, "discard").status_code == 302
    assert not FigureFile.objects.exists()
