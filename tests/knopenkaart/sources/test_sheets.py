# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own list: the mapping is guessed and kept, every fault is listed, sound rows become places."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.records import place_id
from knopenkaart.sources.mapping import NEVER_CONFIDENTIAL, ColumnMapping
from knopenkaart.sources.sheets import Mapping, guess_mapping
from knopenkaart.tables import ATTRIBUTES, DECISIONS, NOTICES, PLACES
from knopenkaart.vocabulary.reader import Vocabulary

from .lists import BOUNDS, HEADER, csv_of, fields, read, the_fault, xlsx_of

# --- the mapping -------------------------------------------------------------------------------------------------------------------------


def test_dutch_headers_are_recognised(vocabulary: Vocabulary) -> None:
    header = [
        "Naam locatie",
        "Type voorziening",
        "Straat",
        "Huisnr.",
        "Postcode",
        "Woonplaats",
        "Tel.",
        "E-mail",
        "Website",
        "Openingstijden",
    ]
    mapping = guess_mapping(
        [header, ["A", "bibliotheek", "B", "1", "1234 AB", "C", "010-1234567", "a@b.nl", "b.nl", "x"]], vocabulary=vocabulary
    )
    assert list(fields(mapping).values()) == [
        "name", "kind", "street", "housenumber", "postcode", "city", "phone", "email", "website", "opening_hours",
    ]  # fmt: skip


def test_english_headers_are_recognised(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping(
        [["Name", "Category", "Address", "City", "Latitude", "Longitude"], ["A", "library", "B 1", "C", "52", "5"]], vocabulary=vocabulary
    )
    assert list(fields(mapping).values()) == ["name", "kind", "address", "city", "lat", "lon"]


def test_columns_without_a_telling_header_are_known_by_their_cells(vocabulary: Vocabulary) -> None:
    rows = [
        ["A", "B", "C", "D", "E", "F"],
        ["De Aanloop", "buurthuis", "Dorpsstraat 12", "1234 AB", "info@aanloop.example", "Mo-Fr 09:00-17:00"],
        ["De Bron", "bibliotheek", "Kerkplein 1", "1235CD", "bron@bron.example", "Sa 10:00-12:00"],
    ]
    mapping = guess_mapping(rows, vocabulary=vocabulary)
    assert list(fields(mapping).values()) == ["name", "kind", "address", "postcode", "email", "opening_hours"]
    assert {column.why for column in mapping.columns} == {"cells"}


def test_a_number_is_no_telephone(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping([["naam", "osm"], ["A", "1089867226"], ["B", "2848300976"]], vocabulary=vocabulary)
    assert fields(mapping)["osm"] is None


def test_a_header_that_its_cells_contradict_is_not_believed(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping([["naam", "x", "y"], ["A", "ja", "nee"], ["B", "ja", "ja"]], vocabulary=vocabulary)
    assert fields(mapping) == {"naam": "name", "x": None, "y": None}


def test_the_header_may_stand_below_a_title(vocabulary: Vocabulary) -> None:
    content = xlsx_of(["Overzicht accommodaties"], [], HEADER, ["De Aanloop", "buurthuis", "Dorpsstraat 12", "1234 AB", "Boven"])
    assert guess_mapping(content, vocabulary=vocabulary).header_row == 3


def test_the_fullest_sheet_is_taken_and_another_can_be_asked(vocabulary: Vocabulary) -> None:
    content = xlsx_of(["Toelichting"], sheet="Uitleg", more={"Lijst": [HEADER, ["A", "park", "B 1", "1234AB", "C"]]})
    assert guess_mapping(content, vocabulary=vocabulary).sheet == "Lijst"
    assert guess_mapping(content, vocabulary=vocabulary, sheet="Uitleg").sheet == "Uitleg"
    with pytest.raises(InputError, match="Uitleg, Lijst"):
        guess_mapping(content, vocabulary=vocabulary, sheet="Blad9")


def test_a_list_of_one_kind_gets_its_kind_from_the_name_of_the_file(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping(csv_of(["naam", "adres"], ["A", "B 1"]), vocabulary=vocabulary, file_name="Overzicht bibliotheken 2024.csv")
    assert mapping.default_kind == "library"


@pytest.mark.parametrize("header", ["Contactpersoon", "Mobiel privé", "Subsidie 2024", "Vertrouwelijk"])
def test_columns_about_persons_and_money_are_proposed_as_confidential(vocabulary: Vocabulary, header: str) -> None:
    mapping = guess_mapping([["naam", "soort", header], ["A", "park", "B"], ["C", "park", "D"]], vocabulary=vocabulary)
    assert [column.confidential for column in mapping.columns] == [False, False, True]


def test_a_mapping_survives_being_saved_as_json_and_as_toml(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping(xlsx_of(HEADER, ['De "Aanloop"', "huis\\kamer", "B 1", "1234AB", "C"]), vocabulary=vocabulary)
    mapping = replace(mapping, kinds={"zorg é": "care_home", 'aanhaling "x"': ""}, default_kind="library")
    assert Mapping.from_text(mapping.to_json()) == mapping
    assert Mapping.from_text(mapping.to_toml()) == mapping


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5, unique=True), st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_header_survives_being_saved(headers: list[str], kinds: dict[str, str]) -> None:
    mapping = Mapping(tuple(ColumnMapping(header, i + 1, None, i == 1) for i, header in enumerate(headers)), 2, kinds=kinds)
    assert Mapping.from_text(mapping.to_json()) == mapping
    assert Mapping.from_text(mapping.to_toml()) == mapping


def test_a_column_can_be_corrected(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping([["naam", "locatie", "soort"], ["A", "B", "park"]], vocabulary=vocabulary).with_field("locatie", "name")
    assert fields(mapping) == {"naam": None, "locatie": "name", "soort": "kind"}
    with pytest.raises(InputError, match="naam, locatie, soort"):
        mapping.with_field("plaats", "city")


def test_a_mapping_with_faults_names_them_all() -> None:
    columns = [
        {"header": "a", "number": 0, "field": "naam"},
        {"header": "b", "number": 2, "field": "name", "confidential": True},
        {"header": "c", "number": 3, "field": "name"},
    ]
    text = json.dumps({"columns": columns})
    with pytest.raises(InputError) as caught:
        Mapping.from_text(text)
    assert [fault.code for fault in caught.value.faults] == ["mapping.number", "mapping.field", "mapping.confidential", "mapping.twice"]
    assert "name" in caught.value.faults[1].near


@pytest.mark.parametrize("text", ["{", "columns = 3", "[[columns]]\nheader = 1", "= =", "{}"])
def test_text_that_is_no_mapping_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Mapping.from_text(text)
    assert caught.value.code == "mapping.broken"


def test_where_a_place_stands_cannot_be_confidential() -> None:
    assert {"name", "kind", "lon", "lat", "street", "postcode"} <= NEVER_CONFIDENTIAL


# --- reading ------------------------------------------------------------------------------------------------------------------------------


def test_a_sound_row_becomes_a_place(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    result = read(
        csv_of(HEADER, ["De Aanloop", "Buurthuis", "Dorpsstraat 12", "1234 ab", "Boven"]), vocabulary, addresses=addresses, bounds=BOUNDS
    )
    assert result.faults == ()
    place = PLACES.check(result.places).iloc[0]
    assert (place["name"], place["kind"], place["lon"], place["lat"]) == ("De Aanloop", "community_centre", 5.0, 52.0)
    assert (place["street"], place["housenumber"], place["postcode"], place["city"]) == ("Dorpsstraat", "12", "1234AB", "Boven")
    assert (place["status"], place["source"], place["digital"]) == ("open", "list_lijst", False)
    assert tuple(place["functions"]) == vocabulary.kinds["community_centre"].functions
    assert place["id"] == place_id("list_lijst", place["source_id"])


@pytest.mark.parametrize("word", ["library", "Bibliotheek", "bibliotheken", "BIBLIOTHEEK ", "libraries"])
def test_a_kind_is_known_by_every_name_it_has(vocabulary: Vocabulary, word: str) -> None:
    result = read(csv_of(["naam", "soort", "lon", "lat"], ["A", word, "5.0", "52.0"], ["B", word, "5.0", "52.0"]), vocabulary)
    assert list(result.places["kind"]) == ["library", "library"]


def test_every_fault_is_listed_at_once_with_its_row_and_column(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    header = ["Naam", "Soort", "Adres", "Postcode", "Plaats", "E-mail", "Website", "Telefoon", "Rolstoel", "Status", "Peildatum"]
    content = csv_of(
        header,
        ["Goed", "park", "Dorpsstraat 12", "1234AB", "Boven", "a@b.nl", "b.nl", "0101234567", "ja", "open", "31-5-2024"],
        ["", "buurtuis", "Dorpsstraat 14", "12345", "Boven", "a@", "geen site", "x", "misschien", "half", "31-31-2024"],
    )
    result = read(content, vocabulary, addresses=addresses)
    assert {(fault.code, fault.column) for fault in result.faults} == {
        ("list.missing_name", "Naam"), ("list.unknown_kind", "Soort"), ("list.postcode", "Postcode"), ("list.email", "E-mail"),
        ("list.website", "Website"), ("list.phone", "Telefoon"), ("list.wheelchair", "Rolstoel"), ("list.status", "Status"),
        ("list.date", "Peildatum"),
    }  # fmt: skip
    assert {(fault.file, fault.row) for fault in result.faults} == {("lijst.csv", 3)}
    assert list(result.places["name"]) == ["Goed"]
    assert result.places["last_verified"].iloc[0] == date(2024, 5, 31)


def test_the_row_is_that_of_the_file_with_titles_and_empty_rows_counted(vocabulary: Vocabulary) -> None:
    content = xlsx_of(["Titel"], [], ["Naam", "Soort", "lon", "lat"], ["A", "park", 5.0, 52.0], [], ["B", "prak", 5.0, 52.0])
    fault = the_fault(read(content, vocabulary, file_name="l.xlsx"), "list.unknown_kind")
    assert (fault.row, fault.column, fault.value) == (6, "Soort", "prak")


def test_an_unknown_kind_names_the_near_ones(vocabulary: Vocabulary) -> None:
    fault = the_fault(read(csv_of(["naam", "soort", "lon", "lat"], ["A", "buurtuis", "5", "52"]), vocabulary), "list.unknown_kind")
    assert fault.near[0] == "buurthuis"
    assert "buurthuis" in fault.message


@pytest.mark.parametrize(
    ("address", "postcode", "city", "code", "near"),
    [
        ("Dorpsstraat 13", "", "Boven", "list.address_not_found", "Dorpsstraat 12"),
        ("Dorpsstraat", "", "Boven", "list.address_incomplete", "Dorpsstraat"),
        ("Kerkplein 12", "1234AB", "Boven", "list.address_conflict", "Dorpsstraat 12"),
    ],
)
def test_an_address_that_is_not_found_names_the_near_ones(
    vocabulary: Vocabulary, addresses: pd.DataFrame, address: str, postcode: str, city: str, code: str, near: str
) -> None:
    result = read(csv_of(HEADER, ["A", "park", address, postcode, city]), vocabulary, addresses=addresses)
    fault = the_fault(result, code)
    assert any(near in text for text in fault.near)
    assert fault.column == "Adres"
    assert len(result.places) == 0


def test_an_address_in_another_spelling_is_used_and_told(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    result = read(csv_of(HEADER, ["A", "park", "Dorpstraat 14", "", "Boven"]), vocabulary, addresses=addresses)
    assert list(result.places["street"]) == ["Dorpsstraat"]
    assert list(NOTICES.check(result.notices)["code"]) == ["list.address_fuzzy"]


def test_the_number_in_a_whole_address_wins_from_a_column_of_numbers(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    result = read(csv_of(["nummer", "naam", "soort", "adres"], ["1", "A", "park", "Dorpsstraat 14"]), vocabulary, addresses=addresses)
    assert list(result.places["housenumber"]) == ["14"]


def test_the_number_of_a_row_is_no_identifier(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping([["Nr", "Volgnummer", "Naam"], ["1", "2", "A"], ["2", "3", "B"]], vocabulary=vocabulary)
    assert mapping.column_of("id") is None


def test_without_an_address_table_an_address_is_a_fault(vocabulary: Vocabulary) -> None:
    assert the_fault(read(csv_of(HEADER, ["A", "park", "Dorpsstraat 12", "1234AB", "Boven"]), vocabulary), "list.no_address_table").row == 2


def test_a_row_without_any_place_is_a_fault_unless_it_is_digital(vocabulary: Vocabulary) -> None:
    digital = next(kind for kind in vocabulary.kinds.values() if kind.digital)
    result = read(csv_of(["naam", "soort", "website"], ["A", "park", ""], ["B", digital.nl, "https://b.example"]), vocabulary)
    assert the_fault(result, "list.no_location").row == 2
    assert list(result.places["digital"]) == [True]
    assert result.places["lon"].isna().all()


@pytest.mark.parametrize(
    ("header", "x", "y", "code", "message"),
    [
        (("lon", "lat"), "52.0", "5.0", "list.outside_country", "swapped"),
        (("lon", "lat"), "13.4", "52.5", "list.outside_country", "not in the Netherlands"),
        (("lon", "lat"), "6.0", "52.0", "list.outside_municipality", "not in the municipality"),
        (("lon", "lat"), "5.0", "", "list.coordinate", "not a coordinate"),
        (("x_rd", "y_rd"), "200000", "400000", "list.outside_municipality", "not in the municipality"),
    ],
)
def test_coordinates_that_cannot_be_are_a_fault(
    vocabulary: Vocabulary, header: tuple[str, str], x: str, y: str, code: str, message: str
) -> None:
    result = read(csv_of(["naam", "soort", *header], ["A", "park", x, y]), vocabulary, bounds=BOUNDS)
    assert message in the_fault(result, code).message


def test_metres_in_rd_become_degrees(vocabulary: Vocabulary) -> None:
    result = read(csv_of(["naam", "soort", "x", "y"], ["A", "park", "155000", "463000"]), vocabulary)
    assert result.places["lon"].iloc[0] == pytest.approx(5.38721, abs=1e-4)
    assert result.places["lat"].iloc[0] == pytest.approx(52.15517, abs=1e-4)


def test_a_decimal_comma_is_understood(vocabulary: Vocabulary) -> None:
    assert read(csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5,25", "52,5"]), vocabulary).places["lon"].iloc[0] == 5.25


def test_an_address_outside_the_municipality_is_a_fault(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    result = read(csv_of(HEADER, ["A", "park", "Verweg 1", "1299ZZ", "Elders"]), vocabulary, addresses=addresses, bounds=BOUNDS)
    assert the_fault(result, "list.outside_municipality").row == 2


def test_another_country_has_its_own_postcodes_and_bounds(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat", "postcode"], ["A", "park", "9.52", "47.14", "9490"])
    assert read(content, vocabulary, bounds=(9.4, 47.0, 9.7, 47.3)).faults == ()
    assert {fault.code for fault in read(content, vocabulary).faults} == {"list.postcode", "list.outside_country"}


def test_a_double_row_points_at_the_first(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    rows = [
        ["De Aanloop", "buurthuis", "Dorpsstraat 12", "1234AB", "Boven"],
        ["de  aanloop", "buurthuis", "Dorpsstraat 12", "1234 AB", "Boven"],
    ]
    result = read(csv_of(HEADER, *rows), vocabulary, addresses=addresses)
    fault = the_fault(result, "list.double_row")
    assert (fault.row, "row 2" in fault.message) == (3, True)
    assert len(result.places) == 1


def test_broken_opening_hours_are_kept_as_text_and_told(vocabulary: Vocabulary) -> None:
    content = csv_of(
        ["naam", "soort", "lon", "lat", "openingstijden"], ["A", "park", "5", "52", "ma t/m vr overdag"], ["B", "park", "5", "52", "24/7"]
    )
    result = read(content, vocabulary)
    assert list(result.places["opening_hours"]) == ["ma t/m vr overdag", "24/7"]
    assert list(result.notices["code"]) == ["list.opening_hours"]
    assert result.notices["details"].iloc[0]["row"] == 2


def test_a_script_never_becomes_a_link(vocabulary: Vocabulary) -> None:
    header = ["naam", "soort", "lon", "lat", "website"]
    rows = [
        ["A", "park", "5", "52", "javascript:alert(1)"],
        ["B", "park", "5", "52", "data:text/html;x"],
        ["C", "park", "5", "52", "c.example/x"],
    ]
    result = read(csv_of(header, *rows, delimiter=","), vocabulary)
    assert [fault.code for fault in result.faults] == ["list.website", "list.website"]
    assert list(result.places["website"]) == ["https://c.example/x"]


def test_words_of_the_list_are_translated_and_left_out_by_the_mapping(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat"], ["A", "Categorie 7", "5", "52"], ["B", "gemaal", "5", "52"])
    mapping = replace(guess_mapping(content, vocabulary=vocabulary, file_name="lijst.csv"), kinds={"categorie 7": "library", "Gemaal": ""})
    result = read(content, vocabulary, mapping=mapping)
    assert result.faults == ()
    assert list(result.places["kind"]) == ["library"]
    assert list(result.decisions["reason"]) == ["list.row", "list.left_out"]


def test_functions_of_the_list_replace_those_of_the_kind(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat", "functies"], ["A", "park", "5", "52", "ontmoeten, sport, vliegen"])
    result = read(content, vocabulary)
    assert result.places["functions"].iloc[0] == ["meet", "sport"]
    assert "vliegen" in result.notices["message"].iloc[0]


def test_confidential_columns_live_in_the_attributes_only(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat", "telefoon"], ["A", "park", "5", "52", "0612345678"])
    mapping = guess_mapping(content, vocabulary=vocabulary, file_name="lijst.csv").with_field("telefoon", "phone", confidential=True)
    result = read(content, vocabulary, mapping=mapping)
    assert result.places["phone"].isna().all()
    attributes = ATTRIBUTES.check(result.attributes).set_index("name")
    assert (attributes.loc["phone", "value"], bool(attributes.loc["phone", "confidential"])) == ("0612345678", True)
    assert not attributes.loc["name", "confidential"]


def test_a_confidential_list_is_confidential_whole(vocabulary: Vocabulary) -> None:
    result = read(csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5", "52"]), vocabulary, confidential=True)
    assert result.source.confidential
    assert result.attributes["confidential"].all()


def test_every_attribute_has_its_provenance(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    content = csv_of(HEADER, ["A", "park", "Dorpsstraat 12", "1234AB", "Boven"])
    result = read(content, vocabulary, addresses=addresses, list_date=date(2024, 5, 1), source_id="list_parken", licence="CC0 1.0")
    attributes = result.attributes.set_index("name")
    assert set(attributes.index) == {
        "name", "kind", "lon", "lat", "street", "housenumber", "postcode", "city", "last_verified", "archetype",
    }  # fmt: skip
    assert set(attributes["source"]) == {"list_parken"}
    assert attributes.loc["archetype", "origin"] == "assumed"
    assert set(attributes.drop("archetype")["origin"]) == {"list"}
    assert set(attributes["date"]) == {date(2024, 5, 1)}
    assert (result.source.licence, result.source.date) == ("CC0 1.0", date(2024, 5, 1))


def test_every_row_has_a_decision(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5", "52"], ["B", "prak", "5", "52"], ["", "park", "5", "52"])
    decisions = DECISIONS.check(read(content, vocabulary).decisions)
    assert list(decisions["outcome"]) == ["present", "excluded", "excluded"]
    assert list(decisions["reason"]) == ["list.row", "list.unknown_kind", "list.missing_name"]
    assert list(decisions["source_id"])[1:] == ["row/3", "row/4"]


def test_a_place_keeps_its_identifier_when_rows_move_and_other_cells_change(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    one = ["De Aanloop", "buurthuis", "Dorpsstr. 12", "", "Boven"]
    other = ["De Bron", "bibliotheek", "Kerkplein 1", "1235CD", "Boven"]
    first = read(csv_of(HEADER, one, other), vocabulary, addresses=addresses).places.set_index("name")["id"]
    one[1], one[2] = "bibliotheek", "Dorpsstraat 12"
    second = read(csv_of(HEADER, other, one), vocabulary, addresses=addresses).places.set_index("name")["id"]
    assert first.to_dict() == second.to_dict()


def test_a_newer_address_table_does_not_change_an_identifier(vocabulary: Vocabulary, addresses: pd.DataFrame) -> None:
    content = csv_of(HEADER, ["A", "park", "Dorpsstraat 12", "", "Boven"])
    newer = addresses.assign(postcode="9999XX")
    assert list(read(content, vocabulary, addresses=addresses).places["id"]) == list(
        read(content, vocabulary, addresses=newer).places["id"]
    )


def test_an_identifier_of_the_list_itself_is_used(vocabulary: Vocabulary) -> None:
    rows = [["L-1", "A", "park", "5", "52"], ["L-2", "A", "park", "5", "52"], ["L-1", "B", "park", "5", "52"]]
    result = read(csv_of(["Locatienummer", "naam", "soort", "lon", "lat"], *rows), vocabulary)
    assert list(result.places["source_id"]) == ["id/l-1", "id/l-2"]
    assert the_fault(result, "list.double_row").column == "Locatienummer"


def test_a_saved_mapping_fits_a_next_version_with_moved_columns_and_rows(vocabulary: Vocabulary) -> None:
    first = csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5", "52"])
    mapping = guess_mapping(first, vocabulary=vocabulary, file_name="lijst.csv")
    second = csv_of(["Lijst 2025"], ["nieuw", "lat", "lon", "soort", "naam"], ["x", "52", "5", "park", "A"])
    result = read(second, vocabulary, mapping=mapping)
    assert result.faults == ()
    assert list(result.places["id"]) == list(read(first, vocabulary).places["id"])
    broken = csv_of(["Lijst 2025"], ["nieuw", "lat", "lon", "soort", "naam"], ["x", "52", "5", "prak", "A"])
    assert the_fault(read(broken, vocabulary, mapping=mapping), "list.unknown_kind").row == 3


@pytest.mark.parametrize("file", ["Buurthuizen.xlsx", "buurthuizen 2024.csv", "2025-01-31 Buurthuizen.xlsx"])
def test_every_version_of_a_list_is_the_same_source(vocabulary: Vocabulary, file: str) -> None:
    content = csv_of(["naam", "lon", "lat"], ["A", "5", "52"])
    assert read(content, vocabulary, file_name=file).source.id == "list_buurthuizen"


def test_the_source_of_a_saved_mapping_holds_whatever_the_file_is_called(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5", "52"])
    mapping = guess_mapping(content, vocabulary=vocabulary, file_name="parken.csv")
    assert read(content, vocabulary, mapping=mapping, file_name="export (3).csv").source.id == "list_parken"


def test_a_mapping_of_another_file_is_refused_with_every_reason(vocabulary: Vocabulary) -> None:
    mapping = guess_mapping(csv_of(["naam", "soort"], ["A", "park"]), vocabulary=vocabulary)
    with pytest.raises(InputError) as caught:
        read(csv_of(["titel", "type"], ["A", "park"]), vocabulary, mapping=replace(mapping, kinds={"x": "nonsense"}))
    assert [fault.code for fault in caught.value.faults] == ["list.no_column", "list.no_column", "mapping.kind"]


def test_a_mapping_without_name_or_kind_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError) as caught:
        read(csv_of(["a", "b"], ["1", "2"]), vocabulary)
    assert [fault.code for fault in caught.value.faults] == ["mapping.no_name", "mapping.no_kind"]
