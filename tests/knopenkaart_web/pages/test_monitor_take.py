# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is taken from the Wijkmonitor elsewhere: files for Excel, pictures that say what they are, and the code for a frame."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.test import Client

from knopenkaart_web.monitor import queries
from knopenkaart_web.pages.monitor import compare
from knopenkaart_web.places.models import Study

from .reading import factories, monitored, read

NOORD, MUNICIPALITY, SLUG = factories.NOORD, factories.MUNICIPALITY, factories.SLUG


@pytest.fixture
def loaded(study: Study) -> Study:
    monitored.wijkmonitor(study)
    return study


def words_of(svg: str) -> str:
    return " ".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg))


@pytest.mark.parametrize(("prefix", "separator", "decimal"), [("", ";", ","), ("/en", ",", ".")])
def test_a_file_for_excel_opens_as_that_of_the_language_does(
    client: Client, loaded: Study, prefix: str, separator: str, decimal: str
) -> None:
    address = f"{prefix}/wijkmonitor/{NOORD}/cijfers.csv"
    plain, excel = client.get(address).content.decode(), client.get(address, {"vorm": "excel"})
    text = excel.content.decode()
    assert text.startswith("\ufeff")
    assert excel["Content-Disposition"] == f'attachment; filename="{NOORD}-cijfers-excel.csv"'
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))
    told = list(csv.reader(io.StringIO(plain)))
    assert [len(row) for row in rows] == [len(row) for row in told]
    place = told[0].index("value")
    values = [row[place] for row in rows[1:] if row[place]]
    assert values
    assert values == [row[place].replace(".", decimal) for row in told[1:] if row[place]]
    assert rows[1][told[0].index("source_date")] == told[1][told[0].index("source_date")]


@pytest.mark.parametrize(
    "address",
    [
        f"/wijkmonitor/{NOORD}/vergelijk",
        f"/wijkmonitor/{NOORD}/vergelijkbaar",
        f"/wijkmonitor/{NOORD}/beleving",
        f"/wijkmonitor/{NOORD}/rapport",
        f"/wijkmonitor/{NOORD}/kaart?wat=pop_0_14",
        f"/wijkmonitor/{NOORD}/trend?wat=pop_0_14",
        f"/wijkmonitor/{NOORD}",
        f"/{SLUG}/wie-mist-een-plek?alles=ja",
    ],
)
def test_every_file_is_there_for_excel_too(client: Client, loaded: Study, address: str) -> None:
    links = [link for link in read(client.get(address)).links() if ".csv" in link]
    excel = [link for link in links if "vorm=excel" in link]
    assert excel
    assert 2 * len(excel) == len(links)
    for link in excel:
        assert client.get(link).content.startswith(b"\xef\xbb\xbf"), link


@pytest.mark.parametrize("name", ["wiel", "kaart", "rangorde", "trend"])
def test_a_picture_of_an_example_says_so_wherever_it_goes(
    client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    edition = queries.edition()
    assert edition is not None
    addresses = [f"/wijkmonitor/{MUNICIPALITY}/{form}" for form in (f"beeld/{name}.svg", f"inbed/{name}")]
    for invented, said in ((True, True), (False, False)):
        monkeypatch.setattr(queries, "edition", partial(replace, edition, invented=invented))
        svg, page = (client.get(address, {"wat": "pop_0_14"}).content.decode() for address in addresses)
        assert ("Voorbeeld: alles hierin is verzonnen" in words_of(svg)) is said
        assert ("zijn verzonnen om te laten zien" in page) is said


def test_a_ranking_with_a_part_of_the_areas_says_how_many_there_are(client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/wijkmonitor/{NOORD}/beeld/rangorde.svg?wat=pop_0_14"
    assert "Getoond:" not in words_of(client.get(address).content.decode())
    monkeypatch.setattr(compare, "MOST_ROWS", 2)
    assert "Getoond: 2 van 3" in words_of(client.get(address).content.decode())


def test_the_code_for_a_frame_can_be_copied(client: Client, loaded: Study, settings: Any) -> None:
    settings.BASE_URL = "https://knopen.example"
    [code] = [item.text for item in read(client.get(f"/wijkmonitor/{NOORD}/trend?wat=pop_0_14")).all("code")]
    [address] = re.findall(r'^<iframe src="https://knopen\.example([^"]+)" title="Wijkmonitor: Noord" width="100%"', code)
    page = client.get(html.unescape(address))
    assert page.status_code == 200
    assert "frame-ancestors *" in page["Content-Security-Policy"]
