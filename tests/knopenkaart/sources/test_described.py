# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A description beside a file says what the file is; one that cannot be read is refused, and nothing strange in it does harm."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.records import Source
from knopenkaart.sources.addresses import read_addresses
from knopenkaart.sources.areas import read_areas
from knopenkaart.sources.described import described
from knopenkaart.sources.figures import read_figures
from knopenkaart.tables import to_records

from .test_areas import cbs_file

PLAIN = Source("figures_table", "table.csv (2024)", date(2024, 1, 1), "not stated", "table.csv", None, "table.csv", "abc")
WORDS = {"dc:title": "Woningen 2024", "dc:license": "CC BY 4.0", "dc:publisher": "Gemeente Dorp", "dc:source": "https://dorp.example/data"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("gwb_code,a_inw\nGM0001,100\n", encoding="utf-8")
    return path


def beside(path: Path, document: Any) -> None:
    path.with_name(f"{path.name}-metadata.json").write_text(json.dumps(document), encoding="utf-8")


def of_the_folder(path: Path, document: Any) -> None:
    path.with_name("csv-metadata.json").write_text(json.dumps(document), encoding="utf-8")


def told(source: Source) -> tuple[str, str, str, str | None]:
    return source.title, source.licence, source.attribution, source.url


def test_without_a_description_a_source_stays_as_it_is(table: Path) -> None:
    assert described(table, PLAIN) == PLAIN


def test_a_description_beside_the_file_says_what_it_is(table: Path) -> None:
    beside(table, WORDS)
    found = described(table, PLAIN)
    assert told(found) == ("Woningen 2024", "CC BY 4.0", "Gemeente Dorp", "https://dorp.example/data")
    assert (found.id, found.date, found.file, found.sha256) == (PLAIN.id, PLAIN.date, PLAIN.file, PLAIN.sha256)


def test_a_folder_says_once_what_holds_for_all_its_files(table: Path) -> None:
    tables = [{"url": "other.csv", "dc:title": "Other"}, {"url": "table.csv", "dc:title": "Kerncijfers", "dc:license": "CC0-1.0"}]
    of_the_folder(table, {"dc:title": "A folder", "dc:license": "CC BY 4.0", "dc:publisher": "Gemeente Dorp", "tables": tables})
    assert told(described(table, PLAIN)) == ("Kerncijfers", "CC0-1.0", "Gemeente Dorp", None)


def test_a_file_that_its_folder_does_not_list_stays_as_it_is(table: Path) -> None:
    of_the_folder(table, {"dc:license": "CC0-1.0", "tables": [{"url": "other.csv"}]})
    assert described(table, PLAIN) == PLAIN


def test_the_description_of_the_file_goes_before_that_of_its_folder(table: Path) -> None:
    of_the_folder(table, {"dc:publisher": "Provincie", "tables": [{"url": "table.csv", "dc:title": "Of the folder"}]})
    beside(table, {"dc:title": "Of the file"})
    assert told(described(table, PLAIN))[:3] == ("Of the file", "not stated", "Provincie")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([{"@value": "Woningen", "@language": "nl"}, {"@value": "Dwellings", "@language": "en"}], "Woningen"),
        ({"schema:name": "Gemeente Dorp"}, "Gemeente Dorp"),
        ([], PLAIN.title),
        ([["Nested"]], PLAIN.title),
        (7, PLAIN.title),
        ("  \n ", PLAIN.title),
        ("Two\nlines", "Two lines"),
    ],
)
def test_a_text_may_have_languages_and_nothing_stays_nothing(table: Path, value: Any, text: str) -> None:
    beside(table, {"dc:title": value})
    assert described(table, PLAIN).title == text


def test_another_publisher_has_not_the_page_of_the_one_that_was_recognised(table: Path) -> None:
    known = replace(PLAIN, url="https://publisher.example/")
    beside(table, {"dc:title": "Woningen"})
    assert described(table, known).url == known.url
    beside(table, {"dc:publisher": "Gemeente Dorp"})
    assert described(table, known).url is None


def test_only_a_web_address_is_a_link(table: Path) -> None:
    beside(table, {"dc:source": "javascript:alert(1)"})
    assert described(table, PLAIN).url is None


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '"text"', '{"tables": {}}', "[" * 100_000, '{"dc:title": "' + "x" * 1_000_001 + '"}'])
def test_a_description_that_cannot_be_read_is_refused_by_name(table: Path, text: str) -> None:
    table.with_name("table.csv-metadata.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"table\.csv-metadata\.json") as refused:
        described(table, PLAIN)
    assert refused.value.code == "source.description"
    assert "file-descriptions.md" in refused.value.remedy


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["@value", "dc:title", "url", "tables", "schema:name"]), inner),
)


@given(document=st.dictionaries(st.sampled_from([*WORDS, "dc:rights", "tables", "url"]), ANYTHING))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_it_says_a_source_has_texts_or_is_refused(table: Path, document: dict[str, Any]) -> None:
    of_the_folder(table, document)
    with suppress(InputError):
        assert all(isinstance(text, str) and text for text in told(described(table, PLAIN))[:3])


def test_figures_areas_and_addresses_are_called_as_they_are_described(table: Path, tmp_path: Path) -> None:
    areas = cbs_file(tmp_path)
    homes = tmp_path / "woningen.csv"
    homes.write_text("straat,huisnummer,lon,lat\nKade,1,4.35,52.0\n", encoding="utf-8")
    for path in (table, areas, homes):
        beside(path, WORDS | {"dc:title": f"Described {path.stem}"})
    layers = read_areas([areas], year=None, municipalities=("GM1001",))
    sources = [
        *to_records(layers.sources, Source),
        read_figures(table, year=2024).source,
        read_addresses(homes)[1],
    ]
    assert [(item.title, item.licence) for item in sources] == [
        ("Described wijkenbuurten", "CC BY 4.0"),
        ("Described table", "CC BY 4.0"),
        ("Described woningen", "CC BY 4.0"),
    ]
