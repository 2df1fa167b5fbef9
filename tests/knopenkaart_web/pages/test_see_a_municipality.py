# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor looks at a municipality: the sentence of 2012, what counts, the wijken, and what nobody knows."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.places.models import Area, Study

from .reading import factories, read


def test_the_sentence_gives_inhabitants_and_nodes(client: Client, study: Study) -> None:
    text = read(client.get("/kleindorp/")).text
    assert "In deze gemeente van 2.400 inwoners tellen we 5 plekken met een sociale functie." in text


def test_the_sentence_in_english_has_english_separators(client: Client, study: Study) -> None:
    text = read(client.get("/en/kleindorp/")).text
    assert "In this municipality of 2,400 inhabitants we count 5 places with a social function." in text


def test_the_sentence_has_its_date_its_year_and_the_exact_number(client: Client, study: Study) -> None:
    text = read(client.get("/kleindorp/")).text
    assert "Geteld met de gegevens van 1 mei 2024." in text
    assert "2.400 inwoners in 2024." in text


def test_digital_places_are_counted_apart(client: Client, study: Study) -> None:
    assert "Daarnaast is er 1 digitale plek." in read(client.get("/kleindorp/")).text


def test_every_kind_says_whether_it_counts_and_why(client: Client, study: Study) -> None:
    table = next(table for table in read(client.get("/kleindorp/")).all("table") if "Soorten plekken en of ze meetellen" in table.text)
    assert "Bibliotheken telt mee 1" in table.text
    assert "Kappers telt niet mee 1" in table.text
    assert "Bankjes" not in table.text


def test_the_wijken_stand_in_a_table_with_unknown_where_nothing_is_known(client: Client, study: Study) -> None:
    table = next(table for table in read(client.get("/kleindorp/")).all("table") if "per wijk" in table.text)
    assert "Noord 1.600 3 1,9 Helemaal bekend" in table.text
    assert "Zuid 80 1 onbekend Helemaal bekend" in table.text
    assert "Polder 720 minstens 1 onbekend Bijna niet bekend" in table.text


def test_a_municipality_that_is_not_covered_gets_no_count(client: Client, study: Study) -> None:
    Area.objects.filter(code=factories.MUNICIPALITY).update(coverage_status="unknown")
    factories.touch(study)
    text = read(client.get("/kleindorp/")).text
    assert "tellen we" not in text.split("Hoe goed")[0]
    assert "We vonden 5 plekken met een sociale functie in deze gemeente. Waarschijnlijk zijn er meer" in text


def test_an_invented_municipality_says_so_first(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/"))
    assert "Deze gemeente bestaat niet." in page.one("p", class_="kk-invented").text


def test_a_real_municipality_is_not_called_invented(client: Client, db: None) -> None:
    factories.kleindorp("echt", invented=False)
    assert not read(client.get("/echt/")).all("p", class_="kk-invented")


def test_what_could_not_be_joined_is_told(client: Client, study: Study) -> None:
    text = read(client.get("/kleindorp/over")).text
    assert "Cijfers die ontbreken, omdat het gebied in dat jaar een ander gebied was" in text


def test_one_study_is_the_first_page_and_more_are_a_list(client: Client, study: Study) -> None:
    assert client.get("/").headers["Location"] == "/kleindorp/"
    factories.add_places(Study.objects.create(slug="leeg", name="Leeg"), [])
    page = read(client.get("/"))
    assert {"/kleindorp/", "/leeg/"} <= set(page.links())
    assert "Onbekend hoeveel plekken" in page.text


@pytest.mark.django_db
def test_without_any_study_the_first_page_still_stands(client: Client) -> None:
    assert "Hier is nog geen gemeente." in read(client.get("/")).text


def test_a_study_of_several_municipalities_lists_them(client: Client, study: Study) -> None:
    Area.objects.create(study=study, code="GM9002", year=2024, level="municipality", name="Buren", coverage_status="unknown")
    factories.touch(study)
    page = read(client.get("/kleindorp/"))
    assert {"/kleindorp/gemeente/GM9001", "/kleindorp/gemeente/GM9002"} <= set(page.links())
    assert "2.400 inwoners" in read(client.get("/kleindorp/gemeente/GM9001")).text


def test_the_address_of_the_only_municipality_leads_to_its_study(client: Client, study: Study) -> None:
    assert client.get("/kleindorp/gemeente/GM9001").headers["Location"] == "/kleindorp/"


@pytest.mark.parametrize("path", ["/nergens/", "/kleindorp/gemeente/GM0000", "/kleindorp/wijk/WK000000"])
def test_what_is_not_there_is_not_found(client: Client, study: Study, path: str) -> None:
    assert client.get(path).status_code == 404
