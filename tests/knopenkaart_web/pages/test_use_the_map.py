# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor opens the map, with and without JavaScript, and the map fetches its data."""

from __future__ import annotations

import json

from django.test import Client

from knopenkaart_web.pages.map_texts import map_texts
from knopenkaart_web.places.models import Study

from .reading import factories, read

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


def test_what_has_not_changed_is_not_sent_again(client: Client, study: Study) -> None:
    first = client.get("/kleindorp/data/areas.json")
    assert client.get("/kleindorp/data/areas.json", headers={"If-None-Match": first["ETag"]}).status_code == 304
    factories.touch(study)
    assert client.get("/kleindorp/data/areas.json", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_data_of_no_study_are_not_found(client: Client, db: None) -> None:
    assert client.get("/nergens/data/places.json").status_code == 404
    assert client.get("/nergens/data/areas.json").status_code == 404
    assert client.get("/nergens/tegels.pmtiles").status_code == 404
