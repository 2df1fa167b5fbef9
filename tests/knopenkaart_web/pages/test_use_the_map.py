# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor opens the map, with and without JavaScript, and the map fetches its data."""

from __future__ import annotations

import json

from django.test import Client

from knopenkaart_web.pages.map_texts import map_texts
from knopenkaart_web.pages.written import percent
from knopenkaart_web.places.models import Study

from .reading import factories, reached, read

KEYS = frozenset(
    [
        "label",
        "loading",
        "failed",
        "failed_data",
        "count_none",
        "count_one",
        "count_many",
        "zoom_in",
        "zoom_out",
        "whole",
        "cluster",
        "close",
        "more",
        "unnamed",
        "neighbour",
        "small_spot",
        "not_counted",
        "open_now",
        "closed_now",
        "wheelchair_yes",
        "wheelchair_limited",
        "wheelchair_no",
        "status_planned",
        "status_open",
        "status_vacant",
        "status_closed",
        "legend",
        "legend_nodes",
        "legend_per1000",
        "legend_function",
        "legend_classes",
        "legend_range",
        "legend_least",
        "at_least",
        "legend_unknown",
        "legend_shapes",
        "legend_neighbour",
        "legend_outline",
        "filters_on",
        "function_eat",
        "function_meet",
        "told_part",
        *(f"failed_{what}" for what in ("areas", "measure", "homes", "ground", "part")),
        *(f"level_{level}" for level in ("municipality", "wijk", "buurt")),
        *(f"{kind}_{measure}" for kind in ("measure", "about") for measure in ("minuten", "zonder", "keuze", "perplek", "open")),
        *(f"measure_{what}" for what in ("who", "how", "areas")),
        *(f"legend_{what}" for what in ("most", "more", "made", "sources", "stale", "failed", "ring", "ring_unknown")),
        *(f"why_{why}" for why in ("few", "nobody", "absent", "partial")),
        *("almost_nobody", "almost_everybody", "no_place", "at_most", "percent"),
    ]
)


def test_the_map_component_is_told_where_everything_is(client: Client, study: Study) -> None:
    element = read(client.get("/kleindorp/kaart")).one("knoop-map")
    assert element["places-url"] == "/kleindorp/data/places.json"
    assert element["areas-url"] == "/kleindorp/data/areas.json"
    assert element["bounds"] == "5.000000,52.000000,5.060000,52.020000"
    assert element["lang"] == "nl"
    assert "tiles-url" not in element.attributes


def test_the_attribution_stands_on_the_map_page(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/kaart"))
    assert "© OpenStreetMap-bijdragers" in page.one("knoop-map")["attribution"]
    assert "© OpenStreetMap-bijdragers" in page.text


def test_the_component_gets_all_its_texts_in_the_language_of_the_page(client: Client, study: Study) -> None:
    for path, open_now in (("/kleindorp/kaart", "Nu open"), ("/en/kleindorp/kaart", "Open now")):
        script = read(client.get(path)).one("script", id="map-texts")
        texts = json.loads(script.text)
        assert texts.keys() >= KEYS
        assert texts["open_now"] == open_now
        assert all(texts.values())


def test_placeholders_survive_translation(study: Study) -> None:
    texts = map_texts()
    assert "{count}" in texts["count_many"]
    assert "{function}" in texts["legend_function"]
    assert "{from}" in texts["legend_range"]
    assert "{to}" in texts["legend_range"]
    assert "{number}" in texts["at_least"]


def test_without_javascript_there_is_a_form_and_a_way_to_the_list(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/kaart?functie=eat&q=caf%C3%A9"))
    assert page.one("form", id="filters")["method"] == "get"
    assert page.one("input", name="functie", value="eat").attributes.get("checked", "absent") != "absent"
    assert "/kleindorp/plekken?functie=eat&q=caf%C3%A9" in page.links()


def test_the_places_come_with_fields_and_kinds(client: Client, study: Study) -> None:
    data = client.get("/kleindorp/data/places.json").json()
    ids = {row[data["fields"].index("id")] for row in data["places"]}
    assert factories.LIBRARY in ids
    assert factories.PLATFORM not in ids
    assert data["kinds"]["library"]["label"] == "bibliotheek"
    assert client.get("/en/kleindorp/data/places.json").json()["kinds"]["library"]["label"] == "library"


def test_the_areas_come_as_geojson_with_the_address_of_their_page(client: Client, study: Study) -> None:
    areas = client.get("/en/kleindorp/data/areas.json").json()
    noord = next(item["properties"] for item in areas["features"] if item["id"] == factories.NOORD)
    assert noord["url"] == f"/en/kleindorp/wijk/{factories.NOORD}"
    assert noord["nodes"] == 3


def test_buurten_come_alone_where_they_are_asked_for(client: Client, study: Study) -> None:
    areas = client.get("/kleindorp/data/areas.json?niveau=buurt").json()
    assert {item["properties"]["level"] for item in areas["features"]} == {"buurt"}
    assert [item["id"] for item in areas["features"]] == [factories.MOLENKWARTIER]


def test_form_offers_buurten_only_where_there_are_any(client: Client, study: Study) -> None:
    assert read(client.get("/kleindorp/kaart")).one("select", name="niveau")
    study.areas.filter(level="buurt").delete()
    factories.touch(study)
    assert 'name="niveau"' not in client.get("/kleindorp/kaart").text


def test_form_offers_measures_of_reach_only_where_it_was_reckoned(client: Client, study: Study) -> None:
    page = client.get("/kleindorp/kaart").text
    assert 'value="aantal"' in page
    for absent in ('value="keuze"', 'name="groep"', "measures-url", "zonder:"):
        assert absent not in page


def test_form_offers_every_group_daypart_and_way_to_go_with_the_usual_chosen(client: Client, study: Study) -> None:
    reached(study)
    answer = client.get("/kleindorp/kaart")
    page = read(answer)
    assert page.one("knoop-map")["measures-url"] == "/kleindorp/data/bereik.json"
    chosen = {"groep": "all", "hoe": "walk", "minuten": "10"}
    for name, value in chosen.items():
        assert f'<option value="{value}" selected' in answer.text.split(f'id="{name}"')[1].split("</select>")[0]
    texts = json.loads(page.one("script", id="map-texts").text)
    assert texts["group_all"] == "iedereen"
    assert texts["slot_mo_morning"] == "maandagochtend"


def test_percents_are_written_as_in_tables(study: Study) -> None:
    assert map_texts()["percent"].replace("{number}", "42") == percent(0.42)


def test_what_has_not_changed_is_not_sent_again(client: Client, study: Study) -> None:
    first = client.get("/kleindorp/data/areas.json")
    assert client.get("/kleindorp/data/areas.json", headers={"If-None-Match": first["ETag"]}).status_code == 304
    factories.touch(study)
    assert client.get("/kleindorp/data/areas.json", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_data_of_no_study_are_not_found(client: Client, db: None) -> None:
    assert client.get("/nergens/data/places.json").status_code == 404
    assert client.get("/nergens/data/areas.json").status_code == 404
    assert client.get("/nergens/tegels.pmtiles").status_code == 404
