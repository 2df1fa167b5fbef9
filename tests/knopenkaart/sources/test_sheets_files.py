# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of own lists, sound and broken: every one gives a place or one clear error, and none breaks the reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.sources import _rows
from knopenkaart.sources.addresses import read_addresses
from knopenkaart.sources.sheets import guess_mapping, read_list
from knopenkaart.vocabulary.reader import Vocabulary, load_vocabulary

from .lists import HEADER, csv_of, read, the_fault, xlsx_of


@pytest.mark.parametrize(
    "content",
    [
        csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], encoding="utf-8-sig"),
        csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], encoding="cp1252"),
        csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], encoding="utf-16"),
        csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], delimiter=","),
        csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], delimiter="\t"),
        b"sep=|\n" + csv_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", "5", "52"], delimiter="|"),
        xlsx_of(["naam", "soort", "lon", "lat"], ["Café Zoë", "park", 5, 52]),
    ],
)
def test_every_encoding_and_delimiter_gives_the_same_place(vocabulary: Vocabulary, content: bytes) -> None:
    place = read(content, vocabulary).places.iloc[0]
    assert (place["name"], place["lon"], place["lat"]) == ("Café Zoë", 5.0, 52.0)


def test_a_delimiter_inside_quotes_does_not_cut(vocabulary: Vocabulary) -> None:
    content = b'naam;soort;lon;lat;omschrijving\n"A; B";park;5;52;"regel een\nregel twee"\nC;prak;5;52;\n'
    result = read(content, vocabulary)
    assert list(result.places["name"]) == ["A; B"]
    assert result.places["description"].iloc[0] == "regel een regel twee"
    assert the_fault(result, "list.unknown_kind").row == 3


def test_a_formula_is_never_evaluated(vocabulary: Vocabulary) -> None:
    content = xlsx_of(["naam", "soort", "lon", "lat", "omschrijving"], ["A", "park", 5, 52, '=HYPERLINK("http://evil.example","klik")'])
    assert read(content, vocabulary).places["description"].isna().all()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"  \n", "file.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "list.old_excel"),
        (b"PK\x03\x04 cut off", "file.damaged"),
        (xlsx_of(["naam"])[:-200], "file.damaged"),
        (b"naam\x00soort\x00", "list.not_text"),
    ],
)
def test_a_file_that_is_no_list_is_one_clear_error(vocabulary: Vocabulary, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        guess_mapping(content, vocabulary=vocabulary, file_name="lijst.xlsx")
    assert caught.value.code == code
    assert "lijst.xlsx" in caught.value.message


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def test_another_zip_is_not_a_workbook(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError) as caught:
        guess_mapping(packed(content__xml=b"<office/>", mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), vocabulary=vocabulary)
    assert caught.value.code == "list.foreign"


def test_a_zip_bomb_is_refused_unread(vocabulary: Vocabulary) -> None:
    bomb = packed(**{"[Content_Types]__xml": b"<Types/>", "xl": b"\0" * (_rows.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(InputError) as caught:
        guess_mapping(bomb, vocabulary=vocabulary)
    assert caught.value.code == "file.too_large"


def test_a_workbook_with_entities_is_refused(vocabulary: Vocabulary) -> None:
    bomb = packed(**{"[Content_Types]__xml": b"<Types/>", "xl__xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'})
    with pytest.raises(InputError) as caught:
        guess_mapping(bomb, vocabulary=vocabulary)
    assert caught.value.code == "list.foreign"


def test_rows_and_columns_are_bounded(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError) as caught:
        guess_mapping(b"naam;soort\n" * (_rows.MAX_ROWS + 1), vocabulary=vocabulary)
    assert caught.value.code == "list.too_long"
    with pytest.raises(InputError) as caught:
        guess_mapping(b";".join([b"a"] * (_rows.MAX_COLUMNS + 1)), vocabulary=vocabulary)
    assert caught.value.code == "list.too_wide"


def test_the_size_is_bounded(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rows, "MAX_FILE_BYTES", 10)
    with pytest.raises(InputError) as caught:
        guess_mapping(b"naam;soort;lon;lat", vocabulary=vocabulary)
    assert caught.value.code == "file.too_large"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    vocabulary = load_vocabulary()
    try:
        mapping = guess_mapping(content, vocabulary=vocabulary)
        read_list(content, mapping=mapping, vocabulary=vocabulary)
    except InputError:
        return


def test_the_path_and_the_bytes_of_a_file_give_the_same(vocabulary: Vocabulary, tmp_path: Path) -> None:
    content = csv_of(["naam", "soort", "lon", "lat"], ["A", "park", "5", "52"])
    path = tmp_path / "lijst.csv"
    path.write_bytes(content)
    by_path = read_list(path, mapping=guess_mapping(path, vocabulary=vocabulary), vocabulary=vocabulary)
    by_bytes = read(content, vocabulary)
    assert by_path.places.equals(by_bytes.places)
    assert by_path.source == by_bytes.source
    assert [item.name for item in tmp_path.iterdir()] == ["lijst.csv"]


def test_real_addresses_locate_a_list(vocabulary: Vocabulary, real_data: Callable[[str], Path]) -> None:
    addresses = read_addresses(real_data("bag/otterlo_adressen_28992.gpkg"))[0]
    rows = [[f"Plek {i}", "park", f"{street} {number}", "", city] for i, (street, number, city) in
            enumerate(addresses[["street", "housenumber", "city"]].itertuples(index=False))]  # fmt: skip
    result = read(csv_of(HEADER, *rows), vocabulary, addresses=addresses)
    assert len(result.places) == 2479
    assert {fault.code for fault in result.faults} == {"list.address_ambiguous"}
    assert len(result.decisions) == 2481


def test_a_page_of_text_in_the_cell_of_a_name_is_a_fault_with_its_beginning(vocabulary: Vocabulary) -> None:
    content = csv_of(["naam", "soort", "lon", "lat"], ["x" * 30_000, "park", "5.1", "52.1"], ["Goed", "park", "5.1", "52.1"])
    result = read(content, vocabulary)
    fault = the_fault(result, "list.too_much_text")
    assert (fault.row, fault.column, len(fault.value or "")) == (2, "naam", 200)
    assert list(result.places["name"]) == ["Goed"]


def test_headers_without_rows_are_no_list(vocabulary: Vocabulary) -> None:
    with pytest.raises(InputError) as caught:
        read(csv_of(["naam", "soort", "lon", "lat"]), vocabulary)
    assert caught.value.code == "file.empty"


def test_two_places_with_one_identifier_are_told_apart_from_a_place_that_stands_twice(vocabulary: Vocabulary) -> None:
    content = csv_of(["id", "naam", "soort", "lon", "lat"], ["7", "Aa", "park", "5.1", "52.1"], ["7", "Bb", "park", "5.2", "52.2"])
    fault = the_fault(read(content, vocabulary), "list.double_row")
    assert fault.column == "id"
    assert "identifier" in fault.message
    assert "row 2" in fault.message
