# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""CSV on the Web: a table that describes itself and that a spreadsheet cannot take for a program."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.publish.columns import PLACE_COLUMNS
from knopenkaart.publish.csvw import cell, csv_text, escape, metadata, metadata_text, places_csv, unescape
from knopenkaart.records import Place, Source

OSM = Source(
    "osm", "OpenStreetMap", date(2025, 1, 2), "ODbL 1.0", "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"
)
SECRET = Source("list_1", "Secret list", None, "none", "Alice", confidential=True)
PLACE = Place(
    "p1", 'Café "De, Bron"\nachter', "cafe", "open", -0.12, 52.0, "osm", "node/1", "living_room", functions=("eat", "meet"), area_year=2022
)


def rows(*places: Place) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(places_csv(places).decode("utf-8"), newline="")))


def description(**more: str) -> dict[str, object]:
    return metadata("places.csv", sources=[OSM, SECRET], generated=date(2025, 6, 1), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["=1+1", "+31 15", "-x", "@home", "\tx", "\rx", "=HYPERLINK(A1)"])
def test_text_that_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert unescape(cell(text)) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [("De Bron", "De Bron"), (-0.12, "-0.12"), (-3, "-3"), (True, "true"), (None, ""), ("'s Gravenhage", "'s Gravenhage")],
)
def test_other_values_stand_as_they_are(value: object, expected: str) -> None:
    assert cell(value) == expected


@given(st.text())
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_row_has_its_values_whatever_quotes_and_lines_they_hold() -> None:
    (row,) = rows(replace(PLACE, phone="+31 15 2123456", last_verified=date(2025, 1, 1)))
    assert row["name"] == 'Café "De, Bron"\nachter'
    assert row["functions"] == "eat;meet"
    assert row["phone"] == "'+31 15 2123456"
    assert (row["lon"], row["smallSpot"], row["areaYear"], row["lastVerified"], row["website"]) == (
        "-0.12",
        "false",
        "2022",
        "2025-01-01",
        "",
    )


def test_every_property_of_a_place_has_a_column() -> None:
    assert {column.field for column in PLACE_COLUMNS} == {known.name for known in fields(Place)}
    assert len({column.name for column in PLACE_COLUMNS}) == len(PLACE_COLUMNS)


def test_without_places_there_is_still_a_header() -> None:
    assert csv_text([]) == ",".join(column.name for column in PLACE_COLUMNS) + "\r\n"


def test_the_description_names_the_columns_of_the_file_in_their_order() -> None:
    schema = description()["tableSchema"]
    assert isinstance(schema, dict)
    header = next(csv.reader(io.StringIO(csv_text([PLACE]))))
    assert [column["name"] for column in schema["columns"]] == header
    assert [column["titles"] for column in schema["columns"]] == header
    assert schema["primaryKey"] == "id"


def test_the_description_gives_type_unit_separator_and_meaning_in_two_languages() -> None:
    schema = description()["tableSchema"]
    assert isinstance(schema, dict)
    columns = {column["name"]: column for column in schema["columns"]}
    assert (columns["lon"]["datatype"], columns["lon"]["schema:unitCode"]) == ("double", "DD")
    assert columns["functions"]["separator"] == ";"
    assert (columns["lastVerified"]["datatype"], columns["id"]["required"], columns["name"]["required"]) == ("date", True, False)
    assert {item["@language"] for column in columns.values() for item in column["dc:description"]} == {"nl", "en"}


def test_the_description_gives_licence_attribution_and_date_but_no_confidential_source() -> None:
    made = description(title="Delft")
    assert (made["dc:license"], made["dc:rights"], made["dc:title"]) == (["ODbL 1.0"], ["© OpenStreetMap contributors"], "Delft")
    assert made["dc:created"] == {"@value": "2025-06-01", "@type": "xsd:date"}
    text = metadata_text(made)
    assert json.loads(text) == made
    assert "Alice" not in text
    assert "Secret" not in text


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20), max_size=5))
def test_names_survive_the_way_to_csv_and_back(names: list[str]) -> None:
    places = [replace(PLACE, id=str(index), name=name) for index, name in enumerate(names)]
    assert [unescape(row["name"]) for row in rows(*places)] == names
