# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""GeoJSON by the rules of RFC 7946, and nothing confidential in it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.publish.confidential import without_confidential
from knopenkaart.publish.geojson import dumps, feature, feature_collection, to_place
from knopenkaart.records import Area, Attribute, Place, Source

OSM = Source(
    "osm", "OpenStreetMap", date(2025, 1, 2), "ODbL 1.0", "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"
)
SECRET = Source("list_1", "List of the municipality", date(2025, 3, 4), "none", "Alice", confidential=True)
BRON = Place(
    id="8c0a1e3e-6f0e-5a57-9d38-7d8f3b3f3a11",
    name="De Bron",
    kind="community_centre",
    status="open",
    lon=4.123456789,
    lat=52.000000049,
    source="osm",
    source_id="node/1",
    archetype="living_room",
    functions=("meet", "learn"),
    municipality_code="GM0503",
    wijk_code="WK050328",
    buurt_code="BU05032800",
    area_year=2022,
    street="Dorpsstraat",
    housenumber="1",
    phone="015-2123456",
    opening_hours="Mo 10:00-12:00",
    website="https://debron.nl",
    wheelchair="yes",
    last_verified=date(2025, 1, 1),
)
WANTED = [
    "id", "name", "kind", "functions", "archetype", "status", "municipalityCode", "wijkCode", "buurtCode", "areaYear", "source", "sourceId",
    "lastVerified", "openingHours", "website", "wheelchair", "smallSpot",
]  # fmt: skip


def collection(*places: Place) -> dict[str, object]:
    return feature_collection(places, sources=[OSM, SECRET], generated=date(2025, 6, 1), title="Delft")


@pytest.mark.parametrize("name", WANTED)
def test_a_feature_has_the_promised_property(name: str) -> None:
    assert name in feature(BRON)["properties"]


def test_longitude_stands_first_with_seven_decimals() -> None:
    assert feature(BRON)["geometry"] == {"type": "Point", "coordinates": [4.1234568, 52.0]}


def test_the_identifier_is_text_and_stands_on_the_feature() -> None:
    assert feature(BRON)["id"] == BRON.id == feature(BRON)["properties"]["id"]


def test_a_digital_place_has_no_geometry_and_no_part_in_the_bounding_box() -> None:
    digital = replace(BRON, id="d", digital=True, lon=None, lat=None)
    assert feature(digital)["geometry"] is None
    assert collection(BRON, digital)["bbox"] == [4.1234568, 52.0, 4.1234568, 52.0]
    assert "bbox" not in collection(digital)


def test_there_is_no_crs_member() -> None:
    assert "crs" not in dumps(collection(BRON))


def test_attribution_licence_and_date_are_foreign_members_and_a_confidential_source_is_not_named() -> None:
    made = collection(BRON)
    assert (made["attribution"], made["licence"], made["generated"]) == ("© OpenStreetMap contributors", "ODbL 1.0", "2025-06-01")
    assert "Alice" not in dumps(made)


def test_names_of_areas_stand_beside_their_codes_where_they_are_known() -> None:
    areas = {"GM0503": Area("GM0503", 2022, "municipality", "Delft")}
    properties = feature(BRON, areas=areas)["properties"]
    assert (properties["municipality"], properties["municipalityCode"], properties["wijk"]) == ("Delft", "GM0503", None)


def test_the_text_is_json_with_a_feature_a_line() -> None:
    text = dumps(collection(BRON, replace(BRON, id="2", name='Café\n"\'t <Hoekje>"')))
    assert [item["id"] for item in json.loads(text)["features"]] == [BRON.id, "2"]
    assert len(text.strip().splitlines()) == 4
    assert json.loads(dumps(collection()))["features"] == []


TEXTS = st.none() | st.text(st.characters(codec="utf-8"), max_size=12)


PLACES = st.builds(
    Place,
    id=st.uuids().map(str),
    name=TEXTS,
    kind=st.just("cafe"),
    status=st.sampled_from(["open", "vacant"]),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    source=st.just("osm"),
    source_id=st.just("node/1"),
    archetype=st.just("living_room"),
    functions=st.lists(st.sampled_from(["meet", "eat"]), max_size=2).map(tuple),
    small_spot=st.booleans(),
    opening_hours=TEXTS,
    last_verified=st.none() | st.dates(),
)


@given(PLACES)
def test_a_place_survives_the_way_to_geojson_and_back(place: Place) -> None:
    (back,) = (to_place(item) for item in json.loads(dumps(collection(place)))["features"])
    assert back == replace(place, lon=round(place.lon or 0, 7), lat=round(place.lat or 0, 7))


# ---------------------------------------------------------------------------------------------------- confidential


def value(name: str, text: str, *, secret: bool, origin: str = "list", day: date | None = None) -> Attribute:
    return Attribute(BRON.id, name, text, "list_1" if secret else "osm", "x", day, origin, secret)  # type: ignore[arg-type]


def test_a_value_that_only_a_confidential_source_gave_does_not_leave() -> None:
    shown = without_confidential(BRON, [value("phone", "015-2123456", secret=True), value("name", "De Bron", secret=False)])
    assert shown == replace(BRON, phone=None)


def test_the_best_open_value_takes_the_place_of_a_confidential_one() -> None:
    known = [
        value("phone", "015-2123456", secret=True),
        value("phone", "old", secret=False, day=date(2020, 1, 1)),
        value("phone", "new", secret=False, day=date(2024, 1, 1)),
        value("phone", "harvest", secret=False, origin="harvest", day=date(2025, 1, 1)),
    ]
    shown = without_confidential(BRON, known)
    assert shown is not None
    assert shown.phone == "new"


@pytest.mark.parametrize("name", ["location", "street", "housenumber", "postcode"])
def test_a_confidential_address_takes_the_point_and_the_buurt_with_it(name: str) -> None:
    shown = without_confidential(BRON, [value(name, "4.1,52.0", secret=True), value("name", "De Bron", secret=False)])
    assert shown is not None
    assert {shown.lon, shown.lat, shown.street, shown.housenumber, shown.buurt_code, shown.wijk_code} == {None}
    assert shown.municipality_code == "GM0503"


def test_an_open_location_replaces_a_confidential_one() -> None:
    shown = without_confidential(BRON, [value("location", "4.1,52.0", secret=True), value("location", "4.2000000,52.1", secret=False)])
    assert shown is not None
    assert (shown.lon, shown.lat, shown.street) == (4.2, 52.1, "Dorpsstraat")


def test_a_place_that_only_confidential_sources_know_is_not_published() -> None:
    assert without_confidential(BRON, [value("name", "De Bron", secret=True)]) is None
    assert without_confidential(BRON, [value("kind", "shelter", secret=True), value("name", "De Bron", secret=False)]) is None


def test_a_place_without_confidential_values_stays_as_it_is() -> None:
    assert without_confidential(BRON, []) == BRON
    other = replace(value("phone", "1", secret=True), place_id="another")
    assert without_confidential(BRON, [value("phone", "015-2123456", secret=False), other]) == BRON


@given(
    st.lists(st.sampled_from(["name", "phone", "website", "street", "opening_hours", "location", "description"]), min_size=1, unique=True)
)
def test_no_confidential_value_can_be_read_from_what_is_published(names: list[str]) -> None:
    secrets = {"location": "4.1234568,52.0000000"} | {name: f"SECRET-{name}" for name in names if name != "location"}
    place = replace(BRON, **{name: secrets[name] for name in names if name != "location"})  # type: ignore[arg-type]
    known = [value(name, secrets[name], secret=True) for name in names] + [value("kind", "community_centre", secret=False)]
    shown = without_confidential(place, known)
    assert shown is not None
    text = dumps(collection(shown))
    assert "SECRET" not in text
    if "location" in names or "street" in names:
        assert "4.12345" not in text


def test_publishing_is_light() -> None:
    modules = "geojson, csvw, schema_org, confidential"
    heavy = ("numpy", "pandas", "shapely", "django")
    code = f"import sys; from knopenkaart.publish import {modules}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.stdout.strip() == "[]"
