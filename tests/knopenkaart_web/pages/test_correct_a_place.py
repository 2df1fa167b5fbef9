# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor adds, corrects, closes, reopens, merges and splits a place, sees what was done, and takes it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Place, PlaceSource, Study

from .reading import Page, factories, read

AT = f"/kleindorp/plek/{factories.LIBRARY}"
NEW = "/kleindorp/beheer/plek/nieuw"


def filled(page: Page) -> dict[str, Any]:
    """The form of a page as a browser would send it."""
    data: dict[str, Any] = {}
    for element in page.all("input"):
        if element["name"] and element["type"] not in ("checkbox", "radio", "search"):
            data[element["name"]] = element["value"]
        elif element["name"] and "checked" in element.attributes:
            data.setdefault(element["name"], []).append(element["value"])
    for element in page.all("textarea"):
        data[element["name"]] = element.text
    names = iter(select["name"] for select in page.all("select"))
    for element in page.elements:
        if element.tag == "select":
            data[name := next(names)] = ""
        elif element.tag == "option" and "selected" in element.attributes:
            data[name] = element["value"]
    return data


def test_the_form_shows_what_the_place_has(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(f"{AT}/bewerk")))
    assert data["name"] == "Bibliotheek Noord"
    assert data["kind"] == "library"
    assert sorted(data["functions"]) == ["learn", "meet"]
    assert data["opening_hours"] == "Mo-Fr 10:00-17:00"
    assert float(data["lat"].replace(",", ".")) == 52.005


def test_a_correction_is_saved_with_its_reason_and_seen_at_once(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(f"{AT}/bewerk"))) | {"name": "Bieb", "reason": "nieuw bord"}
    response = editor.post(f"{AT}/bewerk", data, follow=True)
    page = read(response)
    assert page.one("h1").text == "Bieb"
    assert "De verbetering is bewaard." in page.text
    event = Event.objects.get(action="correct_place")
    assert event.reason == "nieuw bord"
    assert Place.objects.get(pk=factories.LIBRARY).opening_hours == "Mo-Fr 10:00-17:00"


def test_in_dutch_a_point_may_be_written_with_a_comma(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(f"{AT}/bewerk"))) | {"lat": "52,0061", "reason": "verkeerde kant van de straat"}
    editor.post(f"{AT}/bewerk", data)
    place = Place.objects.get(pk=factories.LIBRARY)
    assert (place.lon, place.lat) == (5.005, 52.0061)


def test_all_faults_come_at_once_and_nothing_typed_is_lost(editor: Client, study: Study) -> None:
    wrong = {"website": "nergens", "email": "geen", "lat": "", "opening_hours": "als de zon schijnt", "name": "Nieuwe naam", "reason": ""}
    response = editor.post(f"{AT}/bewerk", filled(read(editor.get(f"{AT}/bewerk"))) | wrong)
    page = read(response)
    assert response.status_code == 422
    alert = page.one("div", role="alert")
    assert alert.text.count(":") >= 5
    fields = {link["href"] for link in page.all("a") if link["href"].startswith("#id_")}
    assert fields == {"#id_email", "#id_lat", "#id_opening_hours", "#id_website", "#id_reason"}
    again = filled(page)
    assert again["name"] == "Nieuwe naam"
    assert again["opening_hours"] == "als de zon schijnt"
    assert Place.objects.get(pk=factories.LIBRARY).name == "Bibliotheek Noord"


def test_who_was_overtaken_is_told_and_keeps_what_was_typed(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(f"{AT}/bewerk"))) | {"name": "Bieb", "reason": "bord"}
    Place.objects.filter(pk=factories.LIBRARY).update(version=7)
    factories.touch(study)
    page = read(editor.post(f"{AT}/bewerk", data))
    assert "Iemand anders heeft deze plek veranderd" in page.text
    assert filled(page)["name"] == "Bieb"


def test_changing_nothing_is_said(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(f"{AT}/bewerk"))) | {"reason": "zomaar"}
    assert "U hebt niets veranderd." in read(editor.post(f"{AT}/bewerk", data)).text


def test_a_place_is_added(editor: Client, study: Study) -> None:
    data = filled(read(editor.get(NEW))) | {"kind": "library", "name": "Minibieb", "lat": "52.007", "lon": "5.007", "reason": "gezien"}
    page = read(editor.post(NEW, data, follow=True))
    assert page.one("h1").text == "Minibieb"
    assert "De plek is toegevoegd." in page.text
    assert Place.objects.get(name="Minibieb").wijk_code == factories.NOORD


def test_a_place_without_a_kind_is_not_added(editor: Client, study: Study) -> None:
    response = editor.post(NEW, {"name": "Iets", "reason": "gezien"})
    assert response.status_code == 422
    assert not Place.objects.filter(name="Iets").exists()


def test_a_place_is_closed_and_reopened_by_the_steps_that_may_follow(editor: Client, study: Study) -> None:
    page = read(editor.get(f"{AT}/status"))
    assert [option["value"] for option in page.all("option")] == ["vacant", "closed"]
    editor.post(f"{AT}/status", {"status": "closed", "reason": "verhuisd"})
    assert Place.objects.get(pk=factories.LIBRARY).status == "closed"
    assert [option["value"] for option in read(editor.get(f"{AT}/status")).all("option")] == ["planned", "open"]
    editor.post(f"{AT}/status", {"status": "open", "reason": "terug"})
    assert Place.objects.get(pk=factories.LIBRARY).status == "open"


def test_a_step_needs_its_reason(editor: Client, study: Study) -> None:
    assert editor.post(f"{AT}/status", {"status": "closed", "reason": " "}).status_code == 422
    assert Place.objects.get(pk=factories.LIBRARY).status == "open"


def test_two_places_are_merged_and_the_old_address_leads_on(editor: Client, study: Study) -> None:
    assert factories.CENTRE in {element["value"] for element in read(editor.get(f"{AT}/samenvoegen")).all("input")}
    editor.post(f"{AT}/samenvoegen", {"other": factories.CENTRE, "reason": "één gebouw"})
    assert editor.get(f"/kleindorp/plek/{factories.CENTRE}").headers["Location"] == AT


def test_a_place_far_away_is_found_by_searching(editor: Client, study: Study) -> None:
    found = {element["value"] for element in read(editor.get(f"{AT}/samenvoegen?q=samen")).all("input", type="radio")}
    assert factories.PLATFORM in found
    assert factories.LIBRARY not in found


def test_a_place_with_one_record_cannot_be_split(editor: Client, study: Study) -> None:
    page = read(editor.get(f"{AT}/splits"))
    assert "Er is niets te splitsen." in page.text
    assert not page.all("input", type="radio")


def test_a_record_leaves_its_place(editor: Client, study: Study) -> None:
    PlaceSource.objects.create(study=study, place_id=factories.LIBRARY, source="osm", source_id="node/99")
    editor.post(f"{AT}/splits", {"record": "1", "reason": "twee ingangen, twee plekken"})
    assert str(PlaceSource.objects.get(source_id="node/99").place_id) != factories.LIBRARY


def test_the_history_tells_who_did_what_and_why_and_takes_it_back(editor: Client, study: Study) -> None:
    editor.post(f"{AT}/status", {"status": "closed", "reason": "verhuisd"})
    page = read(editor.get(f"{AT}/geschiedenis"))
    assert "Status veranderd door bob" in page.text
    assert "verhuisd" in page.text
    undo = next(form["action"] for form in page.all("form") if "terugdraaien" in form["action"])
    back = read(editor.post(undo, {"place": factories.LIBRARY}, follow=True))
    assert back.one("h1").text == "Geschiedenis van Bibliotheek Noord"
    assert Place.objects.get(pk=factories.LIBRARY).status == "open"
    assert "Wijziging teruggedraaid" in back.text


def test_what_was_changed_again_cannot_be_undone_and_says_why(editor: Client, study: Study) -> None:
    editor.post(f"{AT}/status", {"status": "closed", "reason": "verhuisd"})
    first = Event.objects.get(action="change_status").pk
    editor.post(f"{AT}/status", {"status": "open", "reason": "terug"})
    page = read(editor.post(f"/kleindorp/beheer/terugdraaien/{first}", {"place": factories.LIBRARY}, follow=True))
    assert "Draai eerst die stap terug." in page.text


@pytest.mark.parametrize("page", ["bewerk", "status", "samenvoegen", "splits"])
def test_a_place_that_is_not_there_has_no_forms(editor: Client, study: Study, page: str) -> None:
    assert editor.get(f"/kleindorp/plek/00000000-0000-0000-0000-000000000001/{page}").status_code == 404
    Place.objects.filter(pk=factories.LIBRARY).update(removed=True)
    factories.touch(study)
    assert editor.get(f"{AT}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["bewerk", "status", "samenvoegen", "splits"])
def test_a_visitor_changes_nothing(client: Client, study: Study, page: str) -> None:
    assert client.post(f"{AT}/{page}", {"status": "closed", "reason": "x", "other": factories.CENTRE}).status_code == 302
    assert not Event.objects.exists()


def test_history_tells_the_old_and_the_new_in_words(editor: Client, study: Study) -> None:
    editor.post(f"/kleindorp/plek/{factories.LIBRARY}/status", {"status": "closed", "reason": "Gestopt"})
    assert "open → gesloten" in read(editor.get(f"/kleindorp/plek/{factories.LIBRARY}/geschiedenis")).text
    assert "open → closed" in read(editor.get(f"/en/kleindorp/plek/{factories.LIBRARY}/geschiedenis")).text
