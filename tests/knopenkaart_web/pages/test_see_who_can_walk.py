# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor sees who can walk where: on the page of a place, beside the map, per wijk, and from an address."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.places.models import Study
from knopenkaart_web.reach import homes
from knopenkaart_web.runs import actions
from knopenkaart_web.runs.models import Run

from .reading import factories, reached, read

SLUG, LIBRARY, NOORD, POLDER = factories.SLUG, factories.LIBRARY, factories.NOORD, factories.POLDER


@pytest.fixture
def kleindorp(study: Study) -> Study:
    return reached(study)


def table(html: str, caption: str) -> str:
    """The text of the table with a caption, as it stands in the markup."""
    start = html.rindex("<table", 0, html.index(caption))
    return html[start : html.index("</table>", start)]


def test_the_page_of_a_place_tells_who_can_come(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/plek/{LIBRARY}"))
    assert "Bewoners die hier op tijd kunnen zijn" in page.text
    assert "840" in page.text
    assert "Mensen die over de gemeentegrens wonen, tellen niet mee." in page.text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_panel_beside_the_map_is_the_table_of_the_page(client: Client, kleindorp: Study, prefix: str) -> None:
    caption = "Residents who can be here in time" if prefix else "Bewoners die hier op tijd kunnen zijn"
    on_page = client.get(f"{prefix}/{SLUG}/plek/{LIBRARY}").content.decode()
    beside = client.get(f"{prefix}/{SLUG}/plek/{LIBRARY}/bereik?deel").content.decode()
    assert "<html" not in beside
    assert table(beside, caption) == table(on_page, caption)


def test_without_a_map_the_part_leads_to_the_page(client: Client, kleindorp: Study) -> None:
    answer = client.get(f"/{SLUG}/plek/{LIBRARY}/bereik")
    assert (answer.status_code, answer["Location"]) == (302, f"/{SLUG}/plek/{LIBRARY}#reach")


def test_a_place_without_reach_says_so(client: Client, study: Study) -> None:
    assert "nog niet berekend" in read(client.get(f"/{SLUG}/plek/{LIBRARY}")).text


def test_a_wijk_tells_what_its_residents_have_near(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/wijk/{NOORD}"))
    assert "Wat bewoners dichtbij hebben" in page.text
    assert "meer dan 15 min" in page.text
    assert "Over welke bewoners gaan deze cijfers?" in page.text


def test_a_wijk_that_is_not_covered_marks_every_figure(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/wijk/{POLDER}"))
    assert "niet compleet" in page.text
    assert "De echte cijfers kunnen dus beter zijn dan deze." in page.text


def test_the_overview_answers_what_was_chosen(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/bereik?wat=worship&groep=age_65_plus&minuten=10"))
    assert page.one("option", value="worship").attributes.get("selected", "absent") != "absent"
    titles = [caption.text for caption in page.all("caption")]
    assert "Wie heeft dit niet binnen 10 minuten lopend: geloven en bezinnen (65 jaar en ouder)" in titles
    assert "Bewoners binnen 10 minuten lopend van elke plek (65 jaar en ouder)" in titles
    assert f"/{SLUG}/kaart?vlak=zonder%3Aworship&groep=age_65_plus&minuten=10&hoe=walk" in page.links()


def test_an_address_leads_to_what_is_near(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/nabij?q=Dorpsstraat+10"))
    assert "Dorpsstraat 10, 9001AA Kleindorp" in page.text
    assert "Bibliotheek Noord" in page.text
    assert page.one("knoop-map")["spot"].startswith("5.00")


def test_several_addresses_are_a_choice(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/nabij?q=Dorpsstraat"))
    assert "Welk adres bedoelt u?" in page.text
    assert len([link for link in page.links() if "nabij?woning=" in link]) == homes.MOST_CHOICES
    assert "Er zijn er meer. Voeg het huisnummer toe." in page.text


@pytest.mark.parametrize("query", ["q=nietsvandien", "woning=9999", "woning=x", "lon=5.0052", "lon=999&lat=1", "lon=nan&lat=52"])
def test_what_is_not_found_is_no_fault_of_the_page(client: Client, kleindorp: Study, query: str) -> None:
    assert client.get(f"/{SLUG}/nabij?{query}").status_code == 200
    assert client.get(f"/{SLUG}/nabij?{query}&deel").status_code == 200


def test_a_click_on_the_map_is_answered_with_the_home_and_its_places(client: Client, kleindorp: Study) -> None:
    part = client.get(f"/en/{SLUG}/nabij?lon=5.0052&lat=52.0053&deel").content.decode()
    assert 'data-kk-home="5.00' in part
    assert f'data-kk-place="{LIBRARY}"' in part
    assert "We know of no home here." in client.get(f"/en/{SLUG}/nabij?lon=5.0052&lat=52.0153&deel").content.decode()


def test_the_map_is_told_where_reach_is(client: Client, kleindorp: Study) -> None:
    element = read(client.get(f"/{SLUG}/kaart")).one("knoop-map")
    assert element["near-url"] == f"/{SLUG}/nabij"
    assert element["homes-url"] == f"/{SLUG}/data/woningen.json"
    values = {option["value"] for option in read(client.get(f"/{SLUG}/kaart")).all("option")}
    assert {"minuten:any", "zonder:third_living_room", "eat"} <= values


def test_a_map_without_reach_offers_nothing_of_it(client: Client, study: Study) -> None:
    page = read(client.get(f"/{SLUG}/kaart"))
    assert page.one("knoop-map")["near-url"] == ""
    assert "minuten:any" not in {option["value"] for option in page.all("option")}


def test_the_map_is_given_one_figure_of_every_area_with_where_it_came_from(client: Client, kleindorp: Study) -> None:
    found = client.get(f"/{SLUG}/data/bereik.json?meting=zonder&wat=sport&minuten=15&hoe=cycle").json()
    assert (found["measure"], found["what"], found["group"], found["minutes"], found["mode"]) == ("zonder", "sport", "all", 15, "cycle")
    assert found["areas"][NOORD]["value"] == 100
    assert found["areas"][POLDER]["complete"] is False
    assert found["longest"] == 15
    assert (found["stale"], found["failed"]) == (False, False)
    assert found["made_at"].startswith("20")
    assert "OpenStreetMap" in found["sources"]
    assert client.get(f"/{SLUG}/data/bereik.json?meting=niets&minuten=veel").status_code == 200


def test_before_it_was_reckoned_the_map_has_no_figures(client: Client, study: Study) -> None:
    for path in ("data/bereik.json", "data/woningen.json", f"data/bereik/{LIBRARY}.json"):
        assert client.get(f"/{SLUG}/{path}").status_code == 404


def test_what_the_map_draws_is_not_sent_twice(client: Client, kleindorp: Study) -> None:
    for path in (f"data/bereik/{LIBRARY}.json", "data/woningen.json", "data/bereik.json?meting=keuze"):
        first = client.get(f"/{SLUG}/{path}")
        assert first.status_code == 200
        assert client.get(f"/{SLUG}/{path}", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_homes_on_the_map_have_no_people(client: Client, kleindorp: Study) -> None:
    layer = client.get(f"/{SLUG}/data/woningen.json").json()
    assert layer["fields"][:4] == ["lon", "lat", "sure", "any"]
    assert {"made_at", "stale", "sources"} <= set(layer)
    assert "people" not in layer["fields"]
    assert layer["minutes"] == [5, 10, 15]


def test_the_tables_are_downloads_with_their_description(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/downloads"))
    assert f"/{SLUG}/download/gaps.csv" in page.links()
    for name in ("gaps.csv", "gaps-metadata.json", "isochrones.geojson"):
        answer = client.get(f"/{SLUG}/download/{name}")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]


def test_before_it_was_reckoned_there_is_nothing_to_download(client: Client, study: Study) -> None:
    assert client.get(f"/{SLUG}/download/gaps.csv").status_code == 404
    assert f"/{SLUG}/download/gaps.csv" not in read(client.get(f"/{SLUG}/downloads")).links()


def test_an_editor_has_it_reckoned_anew(editor: Client, kleindorp: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(actions, "execute", started.append)
    factories.touch(kleindorp)
    assert "niet actueel" in read(editor.get(f"/{SLUG}/bereik")).text
    assert editor.post(f"/{SLUG}/beheer/bereik")["Location"] == f"/{SLUG}/bereik"


@pytest.mark.parametrize("path", ["bereik", "nabij?woning=1", f"plek/{LIBRARY}", f"wijk/{NOORD}", "downloads"])
def test_every_figure_says_from_what_it_was_reckoned_and_whether_that_still_stands(client: Client, kleindorp: Study, path: str) -> None:
    page = read(client.get(f"/{SLUG}/{path}")).text
    assert "met 4,8 km per uur lopen" in page
    assert "Bronnen: OpenStreetMap" in page
    assert "niet actueel" not in page
    factories.touch(kleindorp)
    assert "niet actueel" in read(client.get(f"/{SLUG}/{path}")).text


def test_an_editor_is_told_why_it_could_not_be_reckoned_anew(editor: Client, kleindorp: Study) -> None:
    factories.touch(kleindorp)
    Run.objects.create(study=kleindorp, kind="reach", key="x", revision=1, state="failed", error_code="run.memory")
    page = read(editor.get(f"/{SLUG}/bereik")).text
    assert "Opnieuw berekenen is niet gelukt." in page
    assert error_text("run.memory") in page


def test_the_groups_of_an_area_are_told_of_what_was_chosen(client: Client, kleindorp: Study) -> None:
    page = read(client.get(f"/{SLUG}/wijk/{NOORD}?wat=worship"))
    assert "Per groep: geloven en bezinnen" in page.text
    assert "Daarbinnen is iedereen gelijk verdeeld" in page.text, "there is nothing to choose in a smallest area"


def test_a_small_spot_says_the_same_on_its_page_and_beside_the_map(client: Client, kleindorp: Study) -> None:
    part = client.get(f"/{SLUG}/plek/{factories.BENCH}/bereik?deel").content.decode()
    assert "Voor een kleine plek als deze berekenen wij niet wie ernaartoe kan lopen." in part
    assert "nog niet berekend" not in read(client.get(f"/{SLUG}/plek/{factories.BENCH}")).text
