# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor reads the page of a wijk or buurt: how many of which function, against the municipality, and how far we know."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.places.models import Area, Study

from .reading import factories, read

NOORD = f"/kleindorp/wijk/{factories.NOORD}"
POLDER = f"/kleindorp/wijk/{factories.POLDER}"


def test_the_wijk_is_counted_against_the_municipality(client: Client, study: Study) -> None:
    text = read(client.get(NOORD)).text
    assert "Hier wonen 1.600 mensen en tellen we 3 plekken met een sociale functie." in text
    assert "Dat is 1,9 per 1.000 inwoners. In de hele gemeente is het 2,1." in text


def test_the_chart_is_a_table_with_the_same_numbers(client: Client, study: Study) -> None:
    table = read(client.get(NOORD)).one("table", class_="kk-bars")
    assert "Eten en drinken 2 1,2" in table.text
    assert "Per 1.000 inwoners" in table.text
    assert "Hele gemeente" in table.text


def test_the_bars_are_drawn_without_style_and_hidden_from_who_hears_the_table(client: Client, study: Study) -> None:
    page = read(client.get(NOORD))
    cells = page.all("td", class_="kk-bar-cell")
    assert cells
    assert all(cell["aria-hidden"] == "true" for cell in cells)
    widths = [float(bar["width"]) for bar in page.all("rect", class_="kk-bar-value")]
    assert max(widths) == 100.0
    assert min(widths) >= 0.0


def test_a_wijk_that_is_not_covered_is_unknown_and_never_zero(client: Client, study: Study) -> None:
    page = read(client.get(POLDER))
    assert "We vonden 1 plek met een sociale functie hier. Waarschijnlijk zijn er meer," in page.text
    assert "De bronnen bevatten alleen een randje van dit gebied." in page.text
    bars = page.one("table", class_="kk-bars")
    assert "Zorg en hulp onbekend" in bars.text
    assert "minstens 1" in bars.text
    assert page.all("rect", class_="kk-bar-unknown")
    assert page.all("rect", class_="kk-bar-least")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("covered", "De bronnen bevatten dit hele gebied."),
        ("partial", "Waarschijnlijk zijn er meer plekken dan we vonden."),
        ("marginal", "Het aantal zegt niets over het hele gebied."),
        ("unknown", "Dat is iets anders dan nul."),
        ("unusable", "De bronnen spreken elkaar hier tegen."),
    ],
)
def test_coverage_is_explained_in_words(client: Client, study: Study, status: str, sentence: str) -> None:
    Area.objects.filter(code=factories.NOORD).update(coverage_status=status)
    factories.touch(study)
    assert sentence in read(client.get(NOORD)).text


def test_few_inhabitants_give_no_rate_and_the_page_says_why(client: Client, study: Study) -> None:
    text = read(client.get(f"/kleindorp/wijk/{factories.ZUID}")).text
    assert "Er is geen aantal per 1.000 inwoners: hier wonen minder dan 100 mensen" in text


def test_figures_have_their_year_and_what_could_not_be_joined_says_so(client: Client, study: Study) -> None:
    table = next(table for table in read(client.get(NOORD)).all("table") if "Gepubliceerde cijfers" in table.text)
    assert "Inwoners 1.600 2024 Kerncijfers" in table.text
    assert "Woningen onbekend andere grenzen 2022 Kerncijfers" in table.text


def test_the_wijk_lists_its_places_and_buurten_and_a_map(client: Client, study: Study) -> None:
    page = read(client.get(NOORD))
    assert f"/kleindorp/plek/{factories.LIBRARY}" in page.links()
    assert f"/kleindorp/wijk/{factories.MOLENKWARTIER}" in page.links()
    assert page.one("knoop-map")["wijk"] == factories.NOORD
    assert page.one("knoop-map")["bounds"] == "5.000000,52.000000,5.020000,52.020000"


def test_a_buurt_knows_its_wijk(client: Client, study: Study) -> None:
    page = read(client.get(f"/kleindorp/wijk/{factories.MOLENKWARTIER}"))
    crumbs = page.one("nav", class_="kk-breadcrumb")
    assert crumbs.text == "Kleindorp Noord Molenkwartier"
    assert "Dit is een buurt van 2024" in page.text


def test_the_code_of_a_municipality_leads_to_its_page(client: Client, study: Study) -> None:
    assert client.get(f"/kleindorp/wijk/{factories.MUNICIPALITY}").headers["Location"] == "/kleindorp/gemeente/GM9001"
