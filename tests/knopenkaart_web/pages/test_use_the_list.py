# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor searches, filters, sorts and pages through the list."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

from knopenkaart_web.places.models import Study

from .reading import Page, factories, read


def names(page: Page) -> list[str]:
    return [element.text for element in page.all("th", scope="row")]


def test_the_list_has_every_place_that_is_not_closed(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/plekken"))
    assert len(names(page)) == 9
    assert {"Bibliotheek Noord", "Kleindorp Samen", "Sporthal Zuid"} <= set(names(page))
    assert "De Dorst" not in page.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=bieb", set()),
        ("q=cafe+een", {"Café Één"}),
        ("functie=worship", {"Sint-Jan"}),
        ("soort=library&buren=nee", {"Bibliotheek Noord"}),
        ("soort=library", {"Bibliotheek Noord", "Bibliotheek Buren"}),
        ("status=closed", {"De Dorst"}),
        ("rolstoel=ja", {"Bibliotheek Noord"}),
        (f"wijk={factories.ZUID}", {"Sint-Jan", "Sporthal Zuid"}),
        ("functie=worship&functie=sport", {"Sint-Jan", "Sporthal Zuid"}),
    ],
)
def test_a_filter_leaves_what_matches(client: Client, study: Study, query: str, expected: set[str]) -> None:
    assert set(names(read(client.get(f"/kleindorp/plekken?{query}")))) == expected


def test_the_form_remembers_the_filter(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/plekken?soort=library&plekjes=ja&q=noord"))
    assert page.one("input", id="q")["value"] == "noord"
    assert "checked" in page.one("input", name="plekjes").attributes
    assert "selected" in page.one("option", value="library").attributes


def sent(page: Page) -> str:
    """The query string that a browser makes of the filter form as it stands, without scripts."""
    pairs, name, several, first = [], "", False, ""
    for element in page.elements:
        if element.tag == "select":
            name, several, first = element["name"], "multiple" in element.attributes, ""
        elif element.tag == "option" and "selected" in element.attributes:
            pairs = pairs if several or not first else [pair for pair in pairs if pair[0] != name]
            first = element["value"]
            pairs.append((name, first))
        elif element.tag == "input" and element["name"] and (element["type"] != "checkbox" or "checked" in element.attributes):
            pairs.append((element["name"], element["value"]))
    return urlencode([pair for pair in pairs if pair[1]])


@pytest.mark.parametrize(
    "query",
    [
        "soort=library&soort=cafe",
        f"wijk={factories.NOORD}&wijk={factories.ZUID}",
        f"wijk={factories.MOLENKWARTIER}",
        f"wijk={factories.MUNICIPALITY}&wijk={factories.MOLENKWARTIER}",
        "status=closed&status=open&archetype=living_room&archetype=kitchen",
        "functie=eat&functie=sport&soort=library",
        "soort=cafe&soort=onbekend",
        "wijk=WK000000",
        "status=onbekend",
    ],
)
@pytest.mark.parametrize("path", ["/kleindorp/plekken", "/kleindorp/kaart"])
def test_sending_the_form_again_drops_no_value(client: Client, study: Study, path: str, query: str) -> None:
    again = sent(read(client.get(f"{path}?{query}")))
    assert sorted(parse_qsl(again)) == sorted(parse_qsl(query))
    both = [names(read(client.get(f"/kleindorp/plekken?{text}"))) for text in (query, again)]
    assert both[0] == both[1]


def test_a_choice_of_one_stays_a_short_list(client: Client, study: Study) -> None:
    fields = read(client.get("/kleindorp/plekken?soort=library&wijk=a&wijk=b"))
    assert "multiple" not in fields.one("select", id="soort").attributes
    assert "multiple" in fields.one("select", id="wijk").attributes


def test_choices_say_how_many_places_they_would_leave(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/plekken"))
    assert page.one("option", value="community_centre").text == "Buurthuis (2)"


def test_small_spots_stand_in_the_list_when_asked_for(client: Client, study: Study) -> None:
    assert "klein plekje" not in read(client.get("/kleindorp/plekken")).text
    assert "klein plekje" in read(client.get("/kleindorp/plekken?plekjes=ja")).text


def test_a_digital_place_stands_in_the_list_and_says_so(client: Client, study: Study) -> None:
    rows = [row.text for row in read(client.get("/kleindorp/plekken")).all("tr") if "Kleindorp Samen" in row.text]
    assert len(rows) == 1
    assert "digitaal" in rows[0]


def test_sorting_is_a_link_that_keeps_the_filter_and_is_announced(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/plekken?functie=meet&sorteer=soort&pagina=1"))
    sorted_columns = [column.text for column in page.all("th", scope="col") if column["aria-sort"] == "ascending"]
    assert sorted_columns == ["Soort"]
    assert "?functie=meet&sorteer=wijk" in [link.replace("&amp;", "&") for link in page.links()]
    kinds = [cell.text for cell in page.all("td") if cell["data-label"] == "Soort"]
    assert kinds == sorted(kinds)


def test_a_long_list_comes_in_pages_that_keep_the_filter(client: Client, study: Study) -> None:
    factories.add_places(study, [factories.record(100 + number, "cafe", f"Zaak {number:03}", 5.01, 52.01) for number in range(60)])
    first = read(client.get("/kleindorp/plekken?soort=cafe"))
    assert "61 plekken passen bij uw keuze." in first.text
    following = first.one("a", rel="next")["href"]
    assert following == "?soort=cafe&pagina=2"
    second = read(client.get(f"/kleindorp/plekken{following}"))
    assert len(names(second)) == 11
    assert second.one("a", rel="prev")["href"] == "?soort=cafe&pagina=1"
    assert "Pagina 2 van 2" in second.text


def test_a_page_beyond_the_last_is_the_last(client: Client, study: Study) -> None:
    assert client.get("/kleindorp/plekken?pagina=999").status_code == 200


def test_nothing_found_says_what_to_do(client: Client, study: Study) -> None:
    assert "Geen plek past bij uw keuze. Haal een filter weg" in read(client.get("/kleindorp/plekken?q=zzz")).text


def test_what_somebody_types_stays_text(client: Client, study: Study) -> None:
    response = client.get("/kleindorp/plekken", {"q": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in response.content


def test_the_list_leads_to_the_same_places_on_the_map_and_as_a_file(client: Client, study: Study) -> None:
    links = read(client.get("/kleindorp/plekken?soort=library&sorteer=wijk")).links()
    assert "/kleindorp/kaart?soort=library" in links
    assert "/kleindorp/download/places.csv?soort=library&sorteer=wijk" in links
