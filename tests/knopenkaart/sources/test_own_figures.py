# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own table is read long or wide, with every fault at its row and column, and nothing is guessed in silence."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from knopenkaart.errors import InputError
from knopenkaart.sources import own_figures
from knopenkaart.sources._columns import words_of
from knopenkaart.sources.own_figures import KnownArea, OwnFigures, OwnMapping, guess_own, own_indicator, read_own
from knopenkaart.sources.own_mapping import to_value
from knopenkaart.vocabulary.catalogue import load_catalogue

DEBTS = own_indicator("problematische schulden", en="problem debts", theme="income", direction="more_is_worse")
AREAS = [
    KnownArea("GM9001", "Kleindorp", "municipality", 2024),
    KnownArea("WK900101", "Noord", "wijk", 2024, municipality_code="GM9001"),
    KnownArea("WK900102", "Zuid", "wijk", 2024, municipality_code="GM9001"),
    KnownArea("WK900109", "Zuid", "wijk", 2022, municipality_code="GM9001"),
    KnownArea("BU90010101", "Noord", "buurt", 2024, "WK900101", "GM9001"),
    KnownArea("BU90010102", "Molenkwartier", "buurt", 2024, "WK900101", "GM9001"),
]
LONG = "Gebied;Jaar;Groep;Waarde;Aantal personen\nZuid;2024;65+;12,5;80\nMolenkwartier;2024;herkomst Nederland;20;100\n"


def reading(text: str | bytes, *, indicator: str = DEBTS.id, file: str = "schulden.csv", words: dict[str, str] | None = None) -> OwnFigures:
    content = text.encode() if isinstance(text, str) else text
    guessed = guess_own(content, file_name=file)
    mapping = replace(guessed, indicators=(DEBTS,), indicator=indicator, columns=guessed.columns.with_words(**(words or {})))
    return read_own(content, mapping=mapping, areas=AREAS, file_name=file)


def rows(found: OwnFigures) -> list[tuple[object, ...]]:
    frame = found.figures.astype(object).where(found.figures.notna(), None)
    return list(frame[["area_code", "year", "group", "value", "n"]].itertuples(index=False, name=None))


def codes(found: OwnFigures) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.column) for fault in found.faults]


# --- reading --------------------------------------------------------------------------------------------------------------


def test_a_long_table_is_read_by_its_usual_words() -> None:
    found = reading(LONG)
    assert not found.faults
    assert rows(found) == [("WK900102", 2024, "age_65_plus", 12.5, 80.0), ("BU90010102", 2024, "origin_netherlands", 20.0, 100.0)]
    assert set(found.figures["unit"]) == {"percent"}
    assert found.indicators == (DEBTS,)


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("Turkije", "origin_country_turkey"),
        ("herkomst Turkije", "origin_country_turkey"),
        ("Nederlandse Cariben", "origin_country_dutch_caribbean"),
        ("Oekraïne", "origin_country_ukraine"),
        ("Syrie", "origin_country_syria"),
        ("in een ander land", "origin_country_other"),
        ("Nederland", "origin_netherlands"),
    ],
)
def test_a_country_of_origin_is_read_by_its_name(word: str, group: str) -> None:
    found = reading(f"Wijk;Jaar;Groep;Waarde;n\nZuid;2024;{word};20;100\n")
    assert not found.faults
    assert rows(found) == [("WK900102", 2024, group, 20.0, 100.0)]


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("65 jaar of ouder", "age_65_plus"),
        ("65-plus", "age_65_plus"),
        ("65-plussers", "age_65_plus"),
        ("Europa (exclusief Nederland)", "origin_europe"),
        ("Buiten Europa", "origin_outside_europe"),
        ("Eenpersoonshuishoudens", "living_alone"),
        ("Hoogopgeleid", "education_high"),
        ("hbo, wo", "education_high"),
        ("40% laagste inkomens", "income_lowest_40"),
        ("Alle inwoners", "all"),
    ],
)
def test_a_group_is_known_as_statistics_netherlands_and_municipalities_call_it(word: str, group: str) -> None:
    found = reading(f"Wijk;Jaar;Groep;Waarde;n\nZuid;2024;{word};20;100\n")
    assert not found.faults
    assert rows(found) == [("WK900102", 2024, group, 20.0, 100.0)]


@pytest.mark.parametrize("word", ["Europa", "westers", "niet-westers", "Westerse migratieachtergrond", "ouderen", "50-plus"])
def test_a_word_that_may_mean_another_group_is_never_guessed(word: str) -> None:
    assert codes(reading(f"Wijk;Jaar;Groep;Waarde;n\nZuid;2024;{word};20;100\n")) == [("own.group", 2, "Groep")]


def test_a_usual_word_above_numbers_may_be_an_indicator_and_is_not_taken_for_a_group() -> None:
    guessed = guess_own(b"Wijk;Jaar;Hoogopgeleid;n\nZuid;2024;35;100\n", file_name="wijken.csv")
    assert not [column.field for column in guessed.columns.columns if (column.field or "").startswith("group:")]


def test_every_usual_word_is_of_a_group_that_there_is_and_of_one_only() -> None:
    known = {*load_catalogue().groups, "all"}
    told = words_of("own_groups")
    assert set(told) <= known
    words = [word for words in told.values() for word in words]
    assert len(words) == len(set(words))


def test_a_country_that_is_not_in_the_catalogue_is_a_fault_and_may_be_left_out() -> None:
    text = "Wijk;Jaar;Groep;Waarde;n\nZuid;2024;Atlantis;20;100\n"
    assert codes(reading(text)) == [("own.group", 2, "Groep")]
    assert rows(reading(text, words={"Atlantis": ""})) == []


def test_a_wide_table_has_a_column_for_each_country() -> None:
    found = reading("Wijk;Jaar;Turkije;n Turkije;Marokko;n Marokko\nZuid;2024;20;100;30;90\n")
    assert [row[2:4] for row in rows(found)] == [("origin_country_turkey", 20.0), ("origin_country_morocco", 30.0)]


def test_a_wide_table_has_a_column_for_each_year() -> None:
    found = reading("Wijk;2023;2024;n\nZuid;10;12;100\n")
    assert rows(found) == [("WK900109", 2023, "all", 10.0, 100.0), ("WK900102", 2024, "all", 12.0, 100.0)]


def test_a_wide_table_has_a_column_for_each_group() -> None:
    found = reading("Buurtcode;Jaar;0 tot 15 jaar (%);0 tot 15 jaar aantal;65+;n 65+\nBU90010102;2024;10;80;12;100\n")
    assert [row[2:] for row in rows(found)] == [("age_0_14", 10.0, 80.0), ("age_65_plus", 12.0, 100.0)]


def test_one_number_of_people_for_several_groups_is_refused() -> None:
    """Of 4,000 people, 10 % are not few; of the 90 that the group has they are."""
    with pytest.raises(InputError) as refused:
        reading("Wijk;Jaar;0 tot 15 jaar;65+;n\nZuid;2024;10;10;4000\n")
    assert refused.value.code == "own.one_n"
    one = reading("Wijk;Jaar;65+;n\nZuid;2024;10;400\n")
    assert [row[2:] for row in rows(one)] == [("age_65_plus", 10.0, 400.0)]


def test_a_number_of_people_that_is_empty_is_not_taken_from_another_column() -> None:
    found = reading("Wijk;Jaar;65+;n 65+;n\nZuid;2024;10;;4000\nZuid;2022;10;300;4000\n")
    assert codes(found) == [("own.no_n", 2, "65+")]


def test_years_side_by_side_each_have_their_own_number_of_people() -> None:
    found = reading("Wijk;Groep;2023;n 2023;2024;n 2024\nZuid;65+;10;80;12;100\n")
    assert [row[1:] for row in rows(found)] == [(2023, "age_65_plus", 10.0, 80.0), (2024, "age_65_plus", 12.0, 100.0)]


@pytest.mark.parametrize("header", ["Aandeel 65+", "Percentage 65+", "Aantal 65+", "% 65+"])
def test_how_many_belong_to_a_group_is_not_taken_for_a_figure_about_it(header: str) -> None:
    guessed = guess_own(f"Wijk;Jaar;{header};n\nZuid;2024;35;100\n".encode(), file_name="wijken.csv")
    assert not [column.field for column in guessed.columns.columns if "group" in (column.field or "").partition(":")[0]]


def test_two_rows_of_headers_are_read_as_one() -> None:
    """As merged cells come: the text stands in the first of them."""
    for sign in ("%", "(%)", "Percentage"):
        found = reading(f"Wijk;Jaar;Totaal;;65+;\n;;{sign};n;{sign};n\nZuid;2024;12;400;30;90\n")
        assert [row[2:] for row in rows(found)] == [("all", 12.0, 400.0), ("age_65_plus", 30.0, 90.0)]
        assert not found.faults


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        (
            "Gemeentecode;Gemeente;Wijkcode;Wijknaam",
            [("GM9001", "Kleindorp", "WK900101", "Noord"), ("GM9001", "Kleindorp", "WK900102", "Zuid")],
            "Wijkcode",
        ),
        ("Wijknaam;Wijkcode", [("Noord", "WK900101"), ("Zuid", "WK900102")], "Wijkcode"),
        ("Wijk;Buurt", [("Noord", "Molenkwartier"), ("Noord", "Noord")], "Buurt"),
        ("Gemeente;Wijk", [("Kleindorp", "Noord")], "Wijk"),
    ],
)  # fmt: skip
def test_of_several_columns_with_areas_the_finest_is_taken(header: str, cells: list[tuple[str, ...]], column: str) -> None:
    """The municipality of every row would make one area of all of them."""
    lines = [f"{header};Jaar;Waarde;n", *(";".join((*row, "2024", "10", "100")) for row in cells)]
    guessed = guess_own("\n".join(lines).encode(), file_name="wijken.csv")
    assert [item.header for item in guessed.columns.columns if item.field == "area"] == [column]


def test_a_wide_table_has_a_column_for_each_indicator_with_its_own_number_of_people() -> None:
    content = b"Wijk;Jaar;koopwoningen;n koopwoningen;poverty;n poverty\nZuid;2024;60;40;5;90\n"
    guessed = guess_own(content, file_name="wijken.csv")
    assert [c.field for c in guessed.columns.columns][2:] == [
        "indicator:dwelling_ownership", "n:dwelling_ownership", "indicator:poverty", "n:poverty",
    ]  # fmt: skip
    found = read_own(content, mapping=guessed, areas=AREAS, file_name="wijken.csv")
    assert sorted(zip(found.figures["indicator"], found.figures["n"], strict=True)) == [("dwelling_ownership", 40.0), ("poverty", 90.0)]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Wijk;Jaar;Problematische schulden (%);Aantal", ["area", "period", "value", "n"]),
        ("Wijk;Jaar;Aandeel met schulden;Aantal personen", ["area", "period", "value", "n"]),
        ("Wijk;Jaar;Schulden in procent;Respondenten;Aantal", ["area", "period", "value", "n", None]),
        ("Wijk;Jaar;Aantal;Rang", ["area", "period", "value", None]),
        ("Wijk;Jaar;Waarde;Marge (%)", ["area", "period", "value", None]),
        ("Wijk;Jaar;Vaak eenzaam (%);Onveilig (%);Aantal", ["area", "period", None, None, "value"]),
    ],
)
def test_a_share_under_a_name_of_its_own_is_the_figure_and_aantal_how_many(header: str, fields: list[str | None]) -> None:
    """Of two shares nobody can tell which one is meant, and a column called "waarde" is the figure whatever stands beside it."""
    cells = ["Zuid", "2024", *["12,5"] * (len(fields) - 2)]
    guessed = guess_own(f"{header}\n{';'.join(cells)}\n".encode(), file_name="schulden.csv")
    assert [column.field for column in guessed.columns.columns] == fields


def test_a_workbook_is_read_and_its_formulas_are_not_reckoned() -> None:
    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Wijk", "Jaar", "Waarde", "n"], ["Zuid", 2024, "=1+1", 80], ["Zuid", 2022, 12.5, 80]):
        book.active.append(row)
    book.save(target)
    found = reading(target.getvalue(), file="schulden.xlsx")
    assert [row[3] for row in rows(found)] == [12.5]
    assert codes(found) == [("own.formula", 2, "Waarde")], "nobody reckoned it: it is not empty"


def workbook(*rows: list[object], formats: tuple[str, ...] = (), **sheets: list[list[object]]) -> bytes:
    """A workbook with these rows; the third cell of each row below the headers has one of the formats."""
    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for number, shown in enumerate(formats, start=2):
        book.active.cell(number, 3).number_format = shown
    for name, more in sheets.items():
        added = book.create_sheet(name)
        for row in more:
            added.append(row)
    book.save(target)
    return target.getvalue()


def test_a_percent_of_a_workbook_is_what_people_see() -> None:
    """Excel keeps 35.9 % as 0.359: a hundredth of it would be hidden or shown in its place."""
    content = workbook(
        ["Wijk", "Jaar", "Percentage", "n"],
        ["Zuid", 2024, 0.359, 343], ["Zuid", 2023, 1, 343], ["Zuid", 2022, 35.9, 343], ["Zuid", 2021, 0.07, 343],
        formats=("0.0%", "0%", '0.0"%"', "0.00\\ %"),
    )  # fmt: skip
    found = reading(content, file="schulden.xlsx")
    assert [row[3] for row in rows(found)] == [35.9, 100.0, 35.9, 7.0]
    assert not len(found.notices)


def test_another_sheet_or_row_of_headers_may_be_said() -> None:
    head: list[object] = ["Wijk", "Jaar", "Waarde", "n"]
    content = workbook(head, ["Zuid", 2024, 10, 80], Toelichting=[["van", "alles", "en nog", "wat"]] * 5)
    guessed = guess_own(content, file_name="schulden.xlsx")
    assert (guessed.columns.sheet, guessed.columns.sheets) == ("Toelichting", ("Sheet", "Toelichting"))
    asked = OwnMapping.from_dict(guessed.to_dict() | {"sheet": "Sheet", "header_row": 0, "columns": [], "title": "Schulden"})
    again = asked.guessed_again(content, catalogue=load_catalogue(), file_name="schulden.xlsx")
    assert ([column.field for column in again.columns.columns], again.title) == (["area", "period", "value", "n"], "Schulden")
    with pytest.raises(InputError) as refused:
        guess_own(content, file_name="schulden.xlsx", header_row=99)
    assert refused.value.code == "own.no_header"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", 12.5), ("12.5", 12.5), (" 12,5 % ", 12.5), ("1.234", 1234.0),
        ("1.234,5", 1234.5), ("-3", -3.0), ("1e3", None), ("nan", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_here_write_them(text: str, value: float | None) -> None:
    assert to_value(text) == value


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ("<10", "suppressed"), ("< 3", "suppressed"), ("\u2264 10", "suppressed"), ("\u2013", "suppressed"), (".", "suppressed"),
        ("X", "suppressed"), ("n.b.", "missing"), ("Onbekend", "missing"), ("nvt", "missing"),
    ],
)  # fmt: skip
def test_signs_that_there_is_no_figure_are_no_faults(sign: str, reason: str) -> None:
    found = reading(f"Wijk;Jaar;Waarde;n\nZuid;2024;{sign};80\nZuid;2022;12,5;80\n")
    assert not found.faults
    assert found.figures["reason"].fillna("").tolist() == [reason, ""]


def test_what_is_empty_is_missing_and_what_was_left_out_is_suppressed() -> None:
    found = reading("Wijk;Jaar;Groep;Waarde;n\nZuid;2024;65+;;80\nZuid;2024;totaal;x;80\nNoord;2022;65+;;\n", words={"Noord": "WK900101"})
    assert list(found.figures["reason"]) == ["missing", "suppressed", "missing"]
    assert found.figures["value"].isna().all()


# --- areas ----------------------------------------------------------------------------------------------------------------


def test_a_name_is_that_of_the_division_of_the_year() -> None:
    found = reading("Wijk;Jaar;Waarde;n\nZuid;2022;10;80\nZuid;2025;12;80\n")
    assert [row[0] for row in rows(found)] == ["WK900109", "WK900102"]


def test_a_name_of_a_wijk_and_a_buurt_is_asked_about_and_a_level_tells() -> None:
    assert codes(reading("Gebied;Jaar;Waarde;n\nNoord;2024;10;80\n")) == [("own.area_ambiguous", 2, "Gebied")]
    found = reading("Gebied;Soort;Jaar;Waarde;n\nNoord;buurt;2024;10;80\nNoord;Wijk;2024;11;80\n")
    assert [row[0] for row in rows(found)] == ["BU90010101", "WK900101"]


@pytest.mark.parametrize(
    ("header", "area"),
    [("Wijk", "WK900101"), ("Wijknaam", "WK900101"), ("Buurt", "BU90010101"), ("Naam buurt", "BU90010101")],
)
def test_below_a_header_that_names_a_level_a_name_is_of_that_level(header: str, area: str) -> None:
    assert [row[0] for row in rows(reading(f"{header};Jaar;Waarde;n\nNoord;2024;10;80\n"))] == [area]


def named(text: str, *areas: KnownArea) -> list[str]:
    """The area of each row that is read, or the code of its fault, with areas of these names."""
    guessed = guess_own(text.encode(), file_name="schulden.csv")
    mapping = replace(guessed, indicators=(DEBTS,), indicator=DEBTS.id)
    found = read_own(text.encode(), mapping=mapping, areas=areas, file_name="schulden.csv")
    return [str(row[0]) for row in rows(found)] + [fault.code for fault in found.faults]


WIJK = KnownArea("WK050328", "Wijk 28 Wippolder", "wijk", 2024, municipality_code="GM0503")
BUURT = KnownArea("BU05032801", "Wippolder", "buurt", 2024, "WK050328", "GM0503")
DELFT = KnownArea("GM0503", "Delft", "municipality", 2024)


def test_a_wijk_is_known_without_its_number() -> None:
    row = ";2024;10;80\n"
    assert named(f"Gebied;Jaar;Waarde;n\nWippolder{row}", WIJK, DELFT) == ["WK050328"]
    assert named(f"Gebied;Jaar;Waarde;n\nWijk 28 Wippolder{row}", WIJK, BUURT) == ["WK050328"]
    # A buurt that is called just so goes first, unless the header says wijk.
    assert named(f"Gebied;Jaar;Waarde;n\nWippolder{row}", WIJK, BUURT) == ["BU05032801"]
    assert named(f"Wijk;Jaar;Waarde;n\nWippolder{row}", WIJK, BUURT) == ["WK050328"]
    # Below "Wijk" the municipality may be the total: a wijk that is called as it is asked about.
    assert named(f"Wijk;Jaar;Waarde;n\nDelft{row}", replace(WIJK, name="Delft"), DELFT) == ["own.area_ambiguous"]
    assert named(f"Wijk;Jaar;Waarde;n\nDelft{row}", WIJK, DELFT) == ["GM0503"]
    assert named(f"Wijk;Jaar;Waarde;n\n28{row}", WIJK, DELFT) == ["own.area"]


def test_the_municipality_may_be_called_total() -> None:
    assert rows(reading("Wijk;Jaar;Waarde;n\nGemeente;2024;10;80\n"))[0][0] == "GM9001"


def test_an_own_word_of_the_table_stands_for_what_the_mapping_says() -> None:
    found = reading("Wijk;Jaar;Groep;Waarde;n\n'n Zuid;2024;grijs;10;80\nElders;2024;65+;3;80\n",
                    words={"'n Zuid": "WK900102", "grijs": "age_65_plus", "Elders": ""})  # fmt: skip
    assert not found.faults
    assert rows(found) == [("WK900102", 2024, "age_65_plus", 10.0, 80.0)]


# --- faults ---------------------------------------------------------------------------------------------------------------


def test_every_fault_is_told_at_once_with_its_row_and_column() -> None:
    found = reading(
        "Gebied;Jaar;Groep;Waarde;Aantal personen\n"
        "Atlantis;2024;65+;10;80\nZuid;ooit;65+;10;80\nZuid;2024;Martianen;10;80\nZuid;2024;65+;veel;80\n"
        "Zuid;2024;65+;101;80\nZuid;2024;65+;10;\nZuid;2024;65+;10;7,5\nZuid;2024;totaal;10;80\n"
    )
    assert codes(found) == [
        ("own.area", 2, "Gebied"), ("own.year", 3, "Jaar"), ("own.group", 4, "Groep"), ("own.number", 5, "Waarde"),
        ("own.percent", 6, "Waarde"), ("own.no_n", 7, "Waarde"), ("own.n", 8, "Aantal personen"),
    ]  # fmt: skip
    assert len(rows(found)) == 1, "the sound row is usable"


def test_a_number_of_people_is_whole_and_no_more_than_it_is_a_part_of() -> None:
    count = own_indicator("schuldenaren", unit="count")
    content = b"Wijk;Jaar;Waarde;n\nZuid;2024;12,5;80\nZuid;2023;90;80\nZuid;2022;-3;80\nZuid;2021;40;80\n"
    guessed = guess_own(content, file_name="x.csv")
    found = read_own(content, mapping=replace(guessed, indicators=(count,), indicator=count.id), areas=AREAS, file_name="x.csv")
    assert [fault.code for fault in found.faults] == ["own.count", "own.more_than_n", "own.count"]
    assert list(found.figures["value"]) == [40]


def test_a_level_and_an_indicator_that_nobody_knows_are_faults() -> None:
    found = reading("Gebied;Niveau;Jaar;Waarde;n\nZuid;straat;2024;10;80\n")
    assert [fault.code for fault in found.faults] == ["own.level"]
    found = reading("Gebied;Jaar;Indicator;Waarde;n\nZuid;2024;gelukkige katten;10;80\n", indicator="")
    assert [fault.code for fault in found.faults] == ["own.indicator_unknown"]


def test_a_table_of_more_figures_than_any_municipality_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_figures, "MOST_FIGURES", 1)
    with pytest.raises(InputError) as refused:
        reading(LONG)
    assert refused.value.code == "own.too_many"


@pytest.mark.parametrize("unit", ["", "aantal", "%", "promille", "persons", "number"])
def test_a_number_of_people_cannot_come_in_as_a_mean(unit: str) -> None:
    """Of a mean only how many it rests on is looked at: three of 80 people would be shown."""
    with pytest.raises(InputError) as refused:
        own_indicator("schuldenaren", unit=unit)
    assert (refused.value.code, refused.value.faults[0].column) == ("own.indicator", "unit")


def test_two_figures_of_the_same_are_a_fault_and_the_same_twice_is_told() -> None:
    found = reading("Wijk;Jaar;Waarde;n\nZuid;2024;10;80\nZuid;2024;11;80\nZuid;2024;10;80\n")
    assert codes(found) == [("own.twice", 3, "Waarde")]
    assert list(found.notices["code"]) == ["own.double"]


def test_fractions_are_asked_about_not_changed() -> None:
    found = reading(
        "Wijk;Jaar;Waarde;n\nZuid;2024;0,4;80\nNoord;2024;0,5;80\nZuid;2022;0,3;80\nGemeente;2024;0,2;80\n", words={"Noord": "WK900101"}
    )
    assert list(found.notices["code"]) == ["own.fractions"]
    assert sorted(found.figures["value"]) == [0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize(
    ("text", "indicator", "code"),
    [
        ("Jaar;Waarde;n\n2024;10;80\n", DEBTS.id, "own.no_area"),
        ("Wijk;Jaar;Iets\nZuid;2024;abc\n", DEBTS.id, "own.no_value"),
        ("Wijk;Waarde;n\nZuid;10;80\n", DEBTS.id, "own.no_year"),
        ("Wijk;Jaar;Waarde;n\nZuid;2024;10;80\n", "", "own.no_indicator"),
    ],
)
def test_a_table_that_does_not_say_enough_is_refused_as_a_whole(text: str, indicator: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        reading(text, indicator=indicator)
    assert refused.value.code == code


# --- mapping --------------------------------------------------------------------------------------------------------------


def test_a_mapping_is_the_same_after_it_was_written_down() -> None:
    mapping = replace(guess_own(LONG.encode(), file_name="x 2024.csv"), indicators=(DEBTS,), indicator=DEBTS.id, licence="CC0-1.0")
    assert OwnMapping.from_dict(mapping.to_dict()) == mapping
    assert OwnMapping.from_text(mapping.to_toml()) == mapping
    assert mapping.year == 2024


def test_a_new_indicator_says_what_is_wrong_with_it_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        own_indicator("x" * 121, theme="weather", direction="up", nature="rumour", unit="", id_="poverty")
    assert [fault.column for fault in refused.value.faults] == ["id", "nl", "en", "theme", "direction", "nature", "unit"]


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4))
def test_what_is_no_mapping_is_refused_and_nothing_else_happens(data: dict[str, str]) -> None:
    with pytest.raises(InputError):
        OwnMapping.from_dict(data)


def test_a_number_of_a_workbook_is_never_a_thousand_times_itself() -> None:
    """7.125 is a mark here: the point is that of the program, nobody typed it."""
    book, target = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["Wijk", "Jaar", "Waarde", "Aantal personen"], ["Zuid", 2024, 7.125, 1234], ["Noord", 2024, 6.5, 80]):
        book.active.append(row)
    book.save(target)
    found = reading(target.getvalue(), file="cijfers.xlsx")
    assert [row[3:] for row in rows(found)] == [(7.125, 1234.0), (6.5, 80.0)]


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (("7.125", "6.8"), [7.125, 6.8]),
        (("7.125", "6,8"), [7125.0, 6.8]),
        (("0.125", "0.250"), [0.125, 0.25]),
        (("1.234", "2.345"), [1234.0, 2345.0]),
    ],
)
def test_a_point_parts_thousands_unless_the_table_has_decimals_behind_one(values: tuple[str, str], read: list[float]) -> None:
    score = own_indicator("cijfer", unit="score")
    content = f"Wijk;Jaar;Waarde;n\nWK900101;2024;{values[0]};80\nWK900102;2024;{values[1]};90\n".encode()
    guessed = replace(guess_own(content, file_name="c.csv"), indicators=(score,), indicator=score.id)
    found = read_own(content, mapping=guessed, areas=AREAS, file_name="c.csv")
    assert not found.faults
    assert [row[3] for row in rows(found)] == read
