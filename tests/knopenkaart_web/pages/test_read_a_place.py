# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor reads the page of a place: what, where, when, how we know, and what is near."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from knopenkaart_web.pages.templatetags import values
from knopenkaart_web.places.models import Place, PlaceAttribute, Study

from .reading import factories, read


def at(key: str) -> str:
    return f"/kleindorp/plek/{key}"


def test_the_page_says_what_one_can_do_there_and_its_character(client: Client, study: Study) -> None:
    text = read(client.get(at(factories.LIBRARY))).text
    assert "Wat u er kunt doen Leren Ontmoeten" in text
    assert "Karakter: dorpsplein." in text
    assert "afgeleid van de soort plek" in text


def test_opening_hours_stand_in_a_table_of_the_week(client: Client, study: Study) -> None:
    table = read(client.get(at(factories.LIBRARY))).one("table", class_="kk-hours")
    assert "10:00–17:00" in table.text
    assert "Zondag" in table.text
    assert table.text.count("gesloten") == 2


def test_hours_that_nobody_can_read_stand_there_as_they_are(client: Client, study: Study) -> None:
    page = read(client.get(at(factories.CAFE)))
    assert not page.all("table", class_="kk-hours")
    assert page.one("code").text == "op afspraak"


def test_no_hours_are_not_called_closed(client: Client, study: Study) -> None:
    assert "Geen bron geeft openingstijden." in read(client.get(at(factories.CHURCH))).text


def test_every_fact_has_its_source_date_and_origin(client: Client, study: Study) -> None:
    page = read(client.get(at(factories.LIBRARY)))
    facts = page.all("div", class_="kk-fact")
    assert facts
    assert all("OpenStreetMap, 1 mei 2024; uit open gegevens" in fact.text for fact in facts)
    assert "Postcode 9001 AA" in page.text


def test_what_only_a_confidential_list_knows_is_not_shown(client: Client, study: Study) -> None:
    factories.confidential_phone(study)
    content = client.get(at(factories.CENTRE)).content.decode()
    assert "06-99887766" not in content
    assert "Interne lijst" not in content


def test_nearby_is_in_a_straight_line_and_says_so(client: Client, study: Study) -> None:
    text = read(client.get(at(factories.LIBRARY))).text
    assert "Gemeten in een rechte lijn. Lopend is de weg langer." in text
    assert "Buurthuis De Molen" in text
    assert "70 meter" in text


def test_the_data_for_search_engines_are_in_the_page(client: Client, study: Study) -> None:
    document = json.loads(read(client.get(at(factories.LIBRARY))).one("script", type="application/ld+json").text)
    assert document["name"] == "Bibliotheek Noord"
    assert document["@id"].endswith(at(factories.LIBRARY))


def test_a_name_cannot_break_out_of_the_data_block_or_the_page(client: Client, study: Study) -> None:
    Place.objects.filter(pk=factories.LIBRARY).update(name="</script><img src=x onerror=alert(1)>")
    factories.touch(study)
    response = client.get(at(factories.LIBRARY))
    assert b"<img src=x" not in response.content
    assert json.loads(read(response).one("script", type="application/ld+json").text)["name"] == "</script><img src=x onerror=alert(1)>"


def test_a_website_that_is_no_web_address_is_no_link(client: Client, study: Study) -> None:
    PlaceAttribute.objects.filter(place_id=factories.LIBRARY, name="website").update(value="javascript:alert(1)")
    factories.touch(study)
    assert not [link for link in read(client.get(at(factories.LIBRARY))).links() if link.startswith("javascript:")]


def test_a_digital_place_has_a_page_and_no_map(client: Client, study: Study) -> None:
    page = read(client.get(at(factories.PLATFORM)))
    assert "Dit is een digitale plek. Die heeft geen punt op de kaart." in page.text
    assert not page.all("knoop-map")


def test_a_physical_place_is_marked_on_a_small_map(client: Client, study: Study) -> None:
    element = read(client.get(at(factories.LIBRARY))).one("knoop-map")
    assert element["place"] == factories.LIBRARY
    assert "kk-map--small" in element["class"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (factories.BENCH, "Dit is een klein plekje."),
        (factories.NEIGHBOUR, "Deze plek ligt net buiten de gemeente."),
        (factories.HAIRDRESSER, "Deze soort plek telt in deze gemeente niet mee"),
        (factories.PUB, "gesloten"),
        (factories.HALL, "gepland"),
    ],
)
def test_what_does_not_count_says_why(client: Client, study: Study, key: str, sentence: str) -> None:
    assert sentence in read(client.get(at(key))).text


def test_a_merged_place_leads_to_what_it_became(client: Client, study: Study) -> None:
    Place.objects.filter(pk=factories.CAFE).update(merged_into=factories.CENTRE)
    factories.touch(study)
    assert client.get(at(factories.CAFE)).headers["Location"] == at(factories.CENTRE)


def test_a_removed_place_is_gone(client: Client, study: Study) -> None:
    Place.objects.filter(pk=factories.CAFE).update(removed=True)
    factories.touch(study)
    response = client.get(at(factories.CAFE))
    assert response.status_code == 410
    assert "is eraf gehaald" in read(response).text


def test_a_place_of_another_study_is_not_found_here(client: Client, study: Study) -> None:
    Study.objects.create(slug="anders", name="Anders")
    assert client.get(f"/anders/plek/{factories.LIBRARY}").status_code == 404


def test_anybody_can_say_what_is_wrong(client: Client, study: Study) -> None:
    page = read(client.get(at(factories.LIBRARY)))
    assert "Klopt er iets niet? Laat het weten." in page.text
    assert f"{at(factories.LIBRARY)}/reageer" in page.links()


def test_visitors_see_no_buttons_of_editors_nor_their_names(client: Client, study: Study, bob: object) -> None:
    PlaceAttribute.objects.create(
        place_id=factories.CENTRE, name="operator", value="Stichting", source="human", origin="human", by=bob, current=True, reason="gebeld"
    )
    factories.touch(study)
    page = read(client.get(at(factories.CENTRE)))
    assert "de gemeente; verbeterd door een redacteur" in page.text
    assert "bob" not in page.text
    assert not [link for link in page.links() if "bewerk" in link]


@pytest.mark.parametrize(
    ("value", "text"),
    [("5.3876691,52.5609884", "52,56099 noorderbreedte, 5,38767 oosterlengte"), ("ergens", "ergens"), ("1,2,3", "1,2,3")],
)
def test_a_location_is_told_to_the_metre(value: str, text: str) -> None:
    assert values.readable("location", value, "nl") == text
