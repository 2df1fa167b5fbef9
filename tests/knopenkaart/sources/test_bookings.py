# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exports of booking systems become hours per room and daypart: who booked is never read in, and no hour counts twice."""

from __future__ import annotations

from datetime import date

import pytest

from knopenkaart.errors import InputError
from knopenkaart.sources.bookings import BookingFile, guess_bookings, read_bookings
from knopenkaart.vocabulary import Vocabulary

HEADER = "Zaal;Huurder;Begin;Einde;Activiteit;Aantal personen;Status"


def booked(vocabulary: Vocabulary, *lines: str, header: str = HEADER, **options: object) -> BookingFile:
    content = "\n".join([header, *lines]).encode()
    columns = guess_bookings(content).with_words(**options.pop("words", {}))  # type: ignore[arg-type]
    return read_bookings(content, columns=columns, vocabulary=vocabulary, place_id="p", file_name="export.csv", **options)  # type: ignore[arg-type]


def used(found: BookingFile) -> dict[tuple[str, str], float]:
    frame = found.hours
    return {(room, slot): hours for room, slot, hours in zip(frame["room"], frame["slot"], frame["used"], strict=True) if hours}


def codes(found: BookingFile) -> list[str]:
    return [fault.code for fault in found.faults] + found.notices["code"].tolist()


def test_bookings_become_hours_per_week_and_daypart(vocabulary: Vocabulary) -> None:
    found = booked(
        vocabulary,
        "Grote zaal;Koor;2-3-2026 10:00;2-3-2026 13:00;zang;20;definitief",
        "Grote zaal;Koor;9-3-2026 10:00;9-3-2026 12:00;zang;20;definitief",
        "Kleine zaal;Jan;3-3-2026 19:00;3-3-2026 22:30;;;",
    )
    assert found.weeks == 2
    assert used(found) == {("Grote zaal", "mo_morning"): 2.0, ("Grote zaal", "mo_afternoon"): 0.5, ("Kleine zaal", "tu_evening"): 1.75}
    assert len(found.hours) == 42, "each room has every daypart, also those in which it stands empty"
    assert found.bookings[0].attendees == 20
    assert codes(found) == []


def test_who_booked_is_never_read_in(vocabulary: Vocabulary) -> None:
    found = booked(vocabulary, "Grote zaal;Jan Jansen;2-3-2026 10:00;2-3-2026 12:00;yoga;5;ok")
    assert "Jansen" not in repr(found)
    content = f"{HEADER}\nGrote zaal;Jan Jansen;2-3-2026 10:00;2-3-2026 12:00;yoga;5;ok".encode()
    asked = guess_bookings(content).with_field("Activiteit", None).with_field("Huurder", "activity")
    with pytest.raises(InputError) as refused:
        read_bookings(content, columns=asked, vocabulary=vocabulary, place_id="p")
    assert [fault.code for fault in refused.value.faults] == ["bookings.person"]


@pytest.mark.parametrize(
    "header", ["Naam", "Contactpersoon", "E-mail", "Gereserveerd door", "Opmerkingen", "Naam huurder", "Telefoon mobiel"]
)
def test_columns_about_persons_are_left_out_whatever_they_are_called(header: str) -> None:
    columns = guess_bookings(f"Ruimte;Start;Eind;{header}\na;2-3-2026 10:00;2-3-2026 11:00;x".encode())
    assert columns.columns[3].field is None


def test_a_date_with_two_times(vocabulary: Vocabulary) -> None:
    found = booked(vocabulary, "2-3-2026;A;20:00;00:30", "3-3-2026;A;9:00;10:00", header="Datum;Ruimte;Van;Tot")
    assert (found.bookings[0].start.isoformat(), found.bookings[0].end.isoformat()) == ("2026-03-02T20:00:00", "2026-03-03T00:30:00")
    assert used(found) == {("A", "mo_evening"): 3.0, ("A", "tu_morning"): 1.0}
    assert codes(found) == ["bookings.outside"], "after eleven is in no daypart"


def test_cancelled_and_double_bookings_do_not_count_and_overlaps_count_once(vocabulary: Vocabulary) -> None:
    found = booked(
        vocabulary,
        "A;x;2-3-2026 09:00;2-3-2026 11:00;;;ok",
        "A;x;2-3-2026 09:00;2-3-2026 11:00;;;ok",
        "A;y;2-3-2026 10:00;2-3-2026 12:00;;;ok",
        "A;z;2-3-2026 09:00;2-3-2026 12:00;;;Geannuleerd",
        "B;z;2-3-2026 10:00;2-3-2026 11:00;;;ok",
    )
    assert used(found) == {("A", "mo_morning"): 3.0, ("B", "mo_morning"): 1.0}
    assert codes(found) == ["bookings.cancelled", "bookings.double", "bookings.overlap"]
    assert found.notices["details"].iloc[2]["rows"] == [[2, 4]]


def test_bookings_that_follow_each_other_do_not_overlap(vocabulary: Vocabulary) -> None:
    found = booked(vocabulary, "A;x;2-3-2026 09:00;2-3-2026 10:00;;;", "A;y;2-3-2026 10:00;2-3-2026 12:00;;;")
    assert codes(found) == []
    assert used(found) == {("A", "mo_morning"): 3.0}


def test_all_faults_are_told_with_their_places(vocabulary: Vocabulary) -> None:
    found = booked(
        vocabulary,
        "A;x;gisteren;2-3-2026 11:00;;;",
        "A;x;2-3-2026 11:00;2-3-2026 10:00;;;",
        "A;x;2-3-2026 11:00;5-3-2026 10:00;;;",
        ";x;2-3-2026 11:00;2-3-2026 12:00;;;",
        "A;x;2-3-2026 11:00;2-3-2026 12:00;;veel;",
    )
    assert [(fault.code, fault.row, fault.column) for fault in found.faults] == [
        ("bookings.moment", 2, "Begin"), ("bookings.end", 3, "Einde"), ("bookings.long", 4, "Einde"), ("bookings.room", 5, "Zaal"),
        ("bookings.attendees", 6, "Aantal personen"),
    ]  # fmt: skip
    assert len(found.bookings) == 1


def test_rooms_are_known_by_name_and_doubtful_ones_left_out(vocabulary: Vocabulary) -> None:
    lines = ["Grote zaal;x;2-3-2026 09:00;2-3-2026 10:00;;;", "Gr. zaal;x;3-3-2026 09:00;3-3-2026 10:00;;;"]
    rooms = {"r1": "Grote Zaal", "r2": "Keuken"}
    found = booked(vocabulary, *lines, rooms=rooms)
    assert used(found) == {("r1", "mo_morning"): 1.0}
    assert codes(found) == ["bookings.unknown_room"]
    assert set(found.hours["room"]) == {"r1", "r2"}, "the kitchen stands empty"
    assert used(booked(vocabulary, *lines, rooms=rooms, words={"Gr. zaal": "r1"})) == {("r1", "mo_morning"): 1.0, ("r1", "tu_morning"): 1.0}


def test_hours_that_a_room_can_be_used_are_those_that_are_given(vocabulary: Vocabulary) -> None:
    line = "A;x;2-3-2026 09:00;2-3-2026 10:00;;;"
    assert booked(vocabulary, line).hours["available"].iloc[0] == 4.0
    found = booked(vocabulary, line, rooms={"A": "A"}, available={("A", "mo_morning"): 3.0, ("A", "tu_morning"): 3.0})
    assert found.hours[["slot", "available", "used"]].to_numpy().tolist() == [["mo_morning", 3.0, 1.0], ["tu_morning", 3.0, 0.0]]


def test_a_longer_period_makes_hours_per_week_fewer(vocabulary: Vocabulary) -> None:
    found = booked(vocabulary, "A;x;2-3-2026 09:00;2-3-2026 11:00;;;", first=date(2026, 3, 2), last=date(2026, 3, 29))
    assert found.weeks == 4
    assert used(found) == {("A", "mo_morning"): 0.5}


def test_an_export_without_a_sound_row_gives_nothing(vocabulary: Vocabulary) -> None:
    found = booked(vocabulary, "A;x;gisteren;vandaag;;;")
    assert (found.weeks, found.first, len(found.hours)) == (0, None, 0)


def test_a_file_without_rooms_or_times_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError) as refused:
        booked(vocabulary, "2-3-2026;3", header="Datum;Aantal")
    assert [fault.code for fault in refused.value.faults] == ["bookings.columns", "bookings.columns"]
