# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sheets of counts, turnstiles and yearly reports are read with what is wrong or doubtful in them told, and nothing counted twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from knopenkaart.errors import InputError
from knopenkaart.sources._moments import to_day, to_moment, to_period, to_time
from knopenkaart.sources.counters import Columns, CountFile, SeriesFile, guess_counts, guess_series, read_counts, read_series
from knopenkaart.vocabulary import Vocabulary

# 2 March 2026 is a Monday.
MONDAY = date(2026, 3, 2)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def workbook(*rows: list[Any], title: str = "Blad1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def counted(content: bytes, vocabulary: Vocabulary, *, day: date | None = None, **words: str) -> CountFile:
    columns = guess_counts(content, vocabulary=vocabulary, file_name="telling.csv", day=day).with_words(**words)
    return read_counts(content, columns=columns, vocabulary=vocabulary, place_id="p", file_name="telling.csv")


def numbers(found: CountFile) -> dict[tuple[str, str, str], int]:
    frame = found.counts
    return {(d.isoformat(), s, g): p for d, s, g, p in zip(frame["date"], frame["slot"], frame["group"], frame["people"], strict=True)}


def codes(found: CountFile | SeriesFile) -> list[str]:
    return [fault.code for fault in found.faults] + found.notices["code"].tolist()


# --- days and times -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2026-03-02", "2-3-2026", "02/03/2026", "2.3.2026", "2 maart 2026", "2 mrt. 2026"])
def test_a_day_is_read_as_it_is_written_here(text: str) -> None:
    assert to_day(text) == MONDAY


@pytest.mark.parametrize("text", ["31-2-2026", "2026", "3-2", "13-13-2026", "1-1-26", ""])
def test_what_is_no_day_is_none(text: str) -> None:
    assert to_day(text) is None


@pytest.mark.parametrize("text", ["9:30", "09.30", "9u30", "09:30:00", "9:30-10:30", "9:30 tot 11:00"])
def test_a_time_is_read_and_of_a_range_its_beginning(text: str) -> None:
    found = to_time(text)
    assert found is not None
    assert found.strftime("%H:%M") == "09:30"


@pytest.mark.parametrize("text", ["25:00", "ochtend", "9:75", ""])
def test_what_is_no_time_is_none(text: str) -> None:
    assert to_time(text) is None


def test_a_moment_keeps_the_clock_on_the_wall_and_its_zone() -> None:
    for text, clock, zone in (("2015-01-01T13:00+1100", "2015-01-01T13:00:00", "+1100"), ("2-3-2026 09:15", "2026-03-02T09:15:00", "")):
        found = to_moment(text)
        assert found is not None
        assert (found[0].isoformat(), found[1]) == (clock, zone)
    assert to_moment("2-3-2026") is None


@pytest.mark.parametrize(
    ("text", "start", "grain"),
    [
        ("2026-03", date(2026, 3, 1), "month"),
        ("maart 2026", date(2026, 3, 1), "month"),
        ("3-2026", date(2026, 3, 1), "month"),
        ("2026-Q2", date(2026, 4, 1), "quarter"),
        ("2026KW2", date(2026, 4, 1), "quarter"),
        ("2e kwartaal 2026", date(2026, 4, 1), "quarter"),
        ("2026-W10", MONDAY, "week"),
        ("week 10 2026", MONDAY, "week"),
    ],
)
def test_a_period_is_known_by_its_first_day(text: str, start: date, grain: str) -> None:
    found = to_period(text)
    assert found is not None
    assert (found.start, found.grain) == (start, grain)


# --- sheets of counts ---------------------------------------------------------------------------------------------------


def test_a_long_sheet_gives_a_session_per_day_and_daypart(vocabulary: Vocabulary) -> None:
    found = counted(
        csv("Datum;Dagdeel;Leeftijd;Aantal", "2-3-2026;ochtend;0-14;12", "2-3-2026;ochtend;65+;30", "3-3-2026;avond;onbekend;0"), vocabulary
    )
    assert numbers(found) == {
        ("2026-03-02", "mo_morning", "age_0_14"): 12,
        ("2026-03-02", "mo_morning", "age_65_plus"): 30,
        ("2026-03-03", "tu_evening", "unknown"): 0,
    }
    assert found.counts["session"].nunique() == 2
    assert codes(found) == []


@pytest.mark.parametrize("word", ["15 t/m 24 jaar", "15-24", "15 tot 25 jaar", "15 to 24 years", "age_15_24"])
def test_an_age_is_known_however_it_is_written(word: str, vocabulary: Vocabulary) -> None:
    found = counted(csv("datum;dagdeel;groep;aantal", f"2-3-2026;ochtend;{word};4"), vocabulary)
    assert found.counts["group"].tolist() == ["age_15_24"]


def test_times_are_added_up_per_daypart(vocabulary: Vocabulary) -> None:
    found = counted(csv("Datum;Tijd;Aantal", "2-3-2026;9:00;4", "2-3-2026;10:30;6", "2-3-2026;13:00;5", "2-3-2026;3:00;5"), vocabulary)
    assert numbers(found) == {("2026-03-02", "mo_morning", "all"): 10, ("2026-03-02", "mo_afternoon", "all"): 5}
    assert codes(found) == ["counts.slot"], "three at night is in no daypart"


def test_minutes_say_which_part_of_a_daypart_was_counted(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Tijd;Aantal;Minuten", "2-3-2026;9:00;4;60", "2-3-2026;10:00;6;60", "3-3-2026;9:00;5;999", "4-3-2026;9:00;5;0")
    found = counted(content, vocabulary)
    assert found.counts["exposure"].tolist() == [0.5, 1.0], "two of the four hours of a morning"
    assert codes(found) == ["counts.minutes"]


def test_a_square_of_days_and_groups(vocabulary: Vocabulary) -> None:
    content = workbook(
        ["Telling van de bibliotheek"],
        ["datum", "dagdeel", "0-14", "65+", "onbekend", "totaal"],
        [MONDAY, "ochtend", 12, 30, 1, 43],
        [MONDAY, "middag", 5, None, 0, 6],
        ["Totaal", None, 17, 30, 1, 49],
    )
    found = counted(content, vocabulary)
    assert numbers(found) == {
        ("2026-03-02", "mo_morning", "age_0_14"): 12,
        ("2026-03-02", "mo_morning", "age_65_plus"): 30,
        ("2026-03-02", "mo_morning", "unknown"): 1,
        ("2026-03-02", "mo_afternoon", "age_0_14"): 5,
        ("2026-03-02", "mo_afternoon", "unknown"): 0,
    }, "an empty cell is no count, and totals are none"
    (fault,) = found.faults
    assert (fault.code, fault.row, fault.column, fault.value) == ("counts.total", 4, "totaal", "6")


def test_a_square_of_dayparts_and_weekdays_of_a_week_in_the_title(vocabulary: Vocabulary) -> None:
    content = workbook(["", "ma", "di", "zo"], ["ochtend", 4, 5, 0], ["avond", 20, 21, 22], title="week 10 2026")
    columns = guess_counts(content, vocabulary=vocabulary, file_name="t.xlsx")
    assert columns.week == MONDAY
    found = read_counts(content, columns=columns, vocabulary=vocabulary, place_id="p")
    assert numbers(found)["2026-03-08", "su_evening", "all"] == 22
    assert len(found.counts) == 6


def test_a_square_of_times_and_weekdays(vocabulary: Vocabulary) -> None:
    found = counted(csv("uur;maandag;dinsdag", "9:00-10:00;4;5", "10:00-11:00;6;0"), vocabulary, day=date(2026, 3, 4))
    assert numbers(found) == {("2026-03-02", "mo_morning", "all"): 10, ("2026-03-03", "tu_morning", "all"): 5}


def test_a_square_of_groups_and_days(vocabulary: Vocabulary) -> None:
    found = counted(csv("dagdeel;groep;2-3-2026;3-3-2026", "ochtend;0-14;4;5", "ochtend;65+;6;0"), vocabulary)
    assert numbers(found)["2026-03-03", "tu_morning", "age_0_14"] == 5
    assert len(found.counts) == 4


def test_a_sheet_without_any_day_asks_for_the_week(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError, match="which days") as refused:
        counted(csv("dagdeel;maandag;dinsdag", "ochtend;4;5"), vocabulary)
    assert refused.value.code == "counts.no_week"


def test_all_faults_of_a_sheet_are_told_with_their_places(vocabulary: Vocabulary) -> None:
    content = csv(
        "Datum;Dagdeel;Groep;Aantal",
        "31-2-2026;ochtend;65+;3",
        "2-3-2026;nacht;65+;3",
        "2-3-2026;ochtend;reuzen;3",
        "2-3-2026;ochtend;65+;veel",
        "2-3-2026;ochtend;65+;-1",
        "2-3-2026;ochtend;65+;2,5",
        "2-3-2026;ochtend;65+;99999",
        "2-3-2026;dinsdagochtend;65+;3",
        "2-3-2026;middag;65+;7",
    )
    found = counted(content, vocabulary)
    assert [(fault.code, fault.row) for fault in found.faults] == [
        ("counts.date", 2), ("counts.slot", 3), ("counts.group", 4), ("counts.number", 5), ("counts.number", 6), ("counts.number", 7),
        ("counts.too_many", 8), ("counts.slot", 9),
    ]  # fmt: skip
    assert len(found.counts) == 1, "the sound row is usable"
    assert all(fault.file == "telling.csv" and fault.column for fault in found.faults)


def test_what_stands_twice_counts_once_and_what_differs_is_a_fault(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Aantal", "2-3-2026;ochtend;3", "2-3-2026;ochtend;3", "2-3-2026;ochtend;4")
    found = counted(content, vocabulary)
    assert numbers(found) == {("2026-03-02", "mo_morning", "all"): 3}
    assert codes(found) == ["counts.twice", "counts.double"]


def test_a_count_of_all_beside_groups_is_left_out(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Groep;Aantal", "2-3-2026;ochtend;0-14;3", "2-3-2026;ochtend;totaal;9", "2-3-2026;middag;totaal;9")
    found = counted(content, vocabulary)
    assert numbers(found) == {("2026-03-02", "mo_morning", "age_0_14"): 3, ("2026-03-02", "mo_afternoon", "all"): 9}
    assert codes(found) == ["counts.all_and_groups"]


def test_own_words_of_a_sheet_are_explained_or_left_out(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Groep;Aantal", "2-3-2026;ochtend;jeugd;3", "2-3-2026;ochtend;personeel;2")
    assert codes(counted(content, vocabulary)) == ["counts.group", "counts.group"]
    found = counted(content, vocabulary, jeugd="age_0_14", personeel="")
    assert codes(found) == []
    assert numbers(found) == {("2026-03-02", "mo_morning", "age_0_14"): 3}


def test_doors_are_sessions_of_their_own(vocabulary: Vocabulary) -> None:
    found = counted(csv("Datum;Dagdeel;Ingang;Aantal", "2-3-2026;ochtend;voor;3", "2-3-2026;ochtend;achter;4"), vocabulary)
    assert sorted(found.counts["session"]) == ["p/2026-03-02/mo_morning/achter", "p/2026-03-02/mo_morning/voor"]


def test_a_guess_can_be_corrected_and_kept(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Binnen;Iets", "2-3-2026;ochtend;3;8")
    guess = guess_counts(content, vocabulary=vocabulary)
    columns = Columns.from_dict(guess.with_field("Binnen", None).with_field("Iets", "people").to_dict())
    found = read_counts(content, columns=columns, vocabulary=vocabulary, place_id="p")
    assert found.counts["people"].tolist() == [8]
    with pytest.raises(InputError, match="no column"):
        guess.with_field("Weg", "people")


def test_columns_that_do_not_fit_are_refused(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Aantal", "2-3-2026;ochtend;3")
    wrong = guess_counts(content, vocabulary=vocabulary).with_field("Dagdeel", "colour")
    with pytest.raises(InputError) as refused:
        read_counts(content, columns=wrong, vocabulary=vocabulary, place_id="p")
    assert [fault.code for fault in refused.value.faults] == ["mapping.field"]
    other = csv("Dag;Deel;Aantal", "2-3-2026;ochtend;3")
    with pytest.raises(InputError, match="does not fit"):
        read_counts(other, columns=guess_counts(content, vocabulary=vocabulary), vocabulary=vocabulary, place_id="p")
    with pytest.raises(InputError, match="not a mapping"):
        Columns.from_dict({"columns": 3})


def test_a_sheet_without_numbers_is_refused(vocabulary: Vocabulary) -> None:
    content = csv("Datum;Dagdeel;Wie", "2-3-2026;ochtend;Jan")
    with pytest.raises(InputError) as refused:
        counted(content, vocabulary)
    assert refused.value.code == "counts.no_numbers"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02 no text", b"PK\x03\x04broken", b"\x1f\x8bbroken"])
def test_what_is_no_sheet_is_refused_in_words(content: bytes, vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError):
        guess_counts(content, vocabulary=vocabulary)


# --- series -------------------------------------------------------------------------------------------------------------


def series(content: bytes | Path, **options: Any) -> SeriesFile:
    words = options.pop("words", {})
    columns = guess_series(content).with_words(**words)
    return read_series(content, columns=columns, places=options.pop("places", {"p": "De Plek"}), **({"place_id": "p"} | options))


def days(found: SeriesFile) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in found.series["visits"]]


def test_a_list_of_months_is_a_series_of_its_place() -> None:
    found = series(csv("maand;bezoeken", "2026-01;1200", "2026-02;n.b.", "2026-03;0"))
    assert days(found) == [1200.0, None, 0.0]
    assert found.series["grain"].tolist() == ["month"] * 3
    assert found.series["start"].tolist() == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_hours_become_days_and_a_day_with_too_few_has_no_number() -> None:
    lines = [f"{day}-3-2026 {hour}:00;{hour - 8}" for day in (2, 3, 4, 6) for hour in range(8, 18) if not (day == 3 and hour > 11)]
    found = series(csv("datum tijd;bezoekers", *lines))
    assert days(found) == [45.0, None, 45.0, None, 45.0]
    (notice,) = found.notices.to_dict("records")
    assert notice["code"] == "series.days"
    assert (notice["details"]["thin"], notice["details"]["absent"]) == (1, 1)


def test_hours_in_a_column_of_their_own() -> None:
    assert days(series(csv("datum;uur;bezoekers", "2-3-2026;9;4", "2-3-2026;10;5"))) == [9.0]


def test_who_comes_in_is_taken_where_in_and_out_stand_beside_each_other() -> None:
    found = series(csv("datum;in;uit", "2-3-2026;40;41", "3-3-2026;50;20"))
    assert days(found) == [40.0, 50.0]
    assert codes(found) == ["series.in_and_out"]
    assert codes(series(csv("datum;in;uit", "2-3-2026;40;41"))) == []


def test_half_of_a_counter_of_both_ways_is_taken() -> None:
    found = series(csv("datum;passages", "2-3-2026;81", "3-3-2026;20"))
    assert days(found) == [40.5, 10.0]
    assert codes(found) == ["series.both_ways"]


def test_readings_become_visits_and_a_reset_is_told() -> None:
    found = series(csv("datum;tellerstand", "2-3-2026;1000", "3-3-2026;1040", "4-3-2026;25", "5-3-2026;60"))
    assert days(found) == [None, 40.0, 25.0, 35.0]
    assert codes(found) == ["series.reset"]


def test_visits_of_days_without_a_reading_are_of_no_day() -> None:
    found = series(csv("datum;tellerstand", "2-3-2026;1000", "3-3-2026;1040", "9-3-2026;1300", "10-3-2026;1310"))
    assert days(found) == [None, 40.0, None, 10.0]
    assert codes(found) == ["series.gap"]


def test_numbers_that_never_fall_are_readings() -> None:
    total, lines = 5000, []
    for number in range(40):
        total += 20 + number % 7
        lines.append(f"{(MONDAY + timedelta(days=number)).isoformat()};{total}")
    assert guess_series(csv("datum;bezoekers", *lines)).has("reading")
    assert days(series(csv("datum;bezoekers", *lines)))[1:4] == [21.0, 22.0, 23.0]
    falling = [f"{(MONDAY + timedelta(days=number)).isoformat()};{100 + number % 9}" for number in range(40)]
    assert not guess_series(csv("datum;bezoekers", *falling)).has("reading")


def test_rows_that_stand_twice_count_once_and_the_hour_of_october_twice() -> None:
    found = series(csv("tijdstempel;in", "2-3-2026 09:00;4", "2-3-2026 09:00;4", "2-3-2026 10:00;5", "2-3-2026 10:00;6"))
    assert days(found) == [9.0]
    assert codes(found) == ["series.twice", "series.double"]
    autumn = series(csv("tijdstempel;in", "25-10-2026 01:00;1", "25-10-2026 02:00;4", "25-10-2026 02:00;4", "25-10-2026 03:00;2"))
    assert days(autumn) == [11.0]
    assert codes(autumn) == []


def test_faults_of_a_series_are_told_with_their_places() -> None:
    found = series(csv("datum;bezoekers", "2-3-2026;4", "gisteren;5", "4-3-2026;veel", "5-3-2026;-3", "2026-04;100"))
    assert [(fault.code, fault.row) for fault in found.faults] == [
        ("series.date", 3), ("series.number", 4), ("series.number", 5), ("series.grain", 6),
    ]  # fmt: skip
    assert days(found) == [4.0]


def test_names_are_matched_and_doubtful_ones_left_out_until_somebody_says() -> None:
    content = csv("locatie;maand;bezoeken", "Noord;2026-01;5", "De Brugg;2026-01;7", "Zwembad;2026-01;9")
    places = {"n": "Bibliotheek Noord", "b": "De Brug", "z": "Bibliotheek Zuid"}
    found = series(content, places=places, place_id=None)
    assert dict(zip(found.series["place_id"], found.series["visits"], strict=True)) == {"n": 5.0}
    assert codes(found) == ["series.doubtful_place", "series.unknown_place"]
    assert [match.near for match in found.matches][1] == ("b",)
    told = series(content, places=places, place_id=None, words={"De Brugg": "b", "Zwembad": ""})
    assert dict(zip(told.series["place_id"], told.series["visits"], strict=True)) == {"n": 5.0, "b": 7.0}
    assert codes(told) == []


def test_two_names_of_one_place_are_not_added() -> None:
    content = csv("locatie;maand;bezoeken", "Noord;2026-01;5", "Bibliotheek Noord;2026-01;7")
    found = series(content, places={"n": "Bibliotheek Noord"}, place_id=None)
    assert days(found) == [5.0]
    assert codes(found) == ["series.same_place"]


def test_a_series_without_a_place_or_a_number_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        series(csv("maand;bezoeken", "2026-01;5"), place_id=None)
    assert refused.value.code == "series.no_place"
    with pytest.raises(InputError) as refused:
        series(csv("maand;weer", "2026-01;zon"))
    assert refused.value.code == "series.no_columns"


# --- real files ---------------------------------------------------------------------------------------------------------


def test_the_libraries_of_newcastle_are_read_and_their_names_matched(real_data: Callable[[str], Path]) -> None:
    import csv as reader

    with real_data("bezoek/newcastle_vloeroppervlak.csv").open(encoding="utf-8") as stream:
        places = {row["venue"]: row["venue"] for row in reader.DictReader(stream)}
    path = real_data("bezoek/newcastle_bibliotheekbezoek_maand_2008_2013.csv")
    found = series(path, places=places, place_id=None)
    assert len(found.matches) == 19
    assert {match.name for match in found.matches if not match.sure} == {"Mobile", "West End"}, (
        "West End is not in that list; East End is another"
    )
    told = series(path, places=places | {"west": "West End Library"}, place_id=None, words={"Mobile": "City Mobile"})
    assert told.series["place_id"].nunique() == 19
    assert not told.faults
    assert set(told.series["grain"]) == {"month"}
    assert told.series["start"].min() == date(2008, 4, 1)


def test_a_year_of_a_real_counter_per_hour_becomes_days(real_data: Callable[[str], Path]) -> None:
    path = real_data("bezoek/melbourne_voetgangers_2015.csv.gz")
    found = series(path, places={"bm": "Birrarung Marr"}, place_id=None)
    assert len(found.series) == 365
    assert found.series["visits"].iloc[0] == 8950
    assert not found.faults
    assert found.notices["code"].tolist().count("series.unknown_place") == 3
