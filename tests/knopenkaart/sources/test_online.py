# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fetching one municipality from the public sources, from a local server that speaks their shapes and misbehaves."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.errors import InputError, SourceError
from knopenkaart.sources._http import Edge, EdgeRules
from knopenkaart.sources.areas import read_areas
from knopenkaart.sources.figures import read_figures
from knopenkaart.sources.online import Endpoints, OnlineSources, fetch_municipality, overpass_query, read_endpoints
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import NOTICES, SOURCES
from knopenkaart.vocabulary.reader import TagRule

from . import misbehaving_server as bad


@pytest.fixture
def server() -> Iterator[bad.Server]:
    with bad.serving() as running:
        yield running


def local(server: bad.Server) -> Endpoints:
    real = read_endpoints()
    return replace(
        real,
        hosts=frozenset({"127.0.0.1"}),
        areas={**real.areas, "url": server.base + "/cbs/wijken-en-buurten-{year}/ogc/v1/collections/{collection}/items", "page_size": 2},
        figures={**real.figures, "url": server.base + "/odata/v1/CBS/{table}"},
        osm={**real.osm, "url": server.base + "/api/interpreter"},
        aliases={"den voorbeeld": "'s-Voorbeeldenhage"},
    )


def an_edge(*, days_later: float = 0, **rules: Any) -> Edge:
    settings: dict[str, Any] = {"plain_http": True, "delay_s": 0.0, "backoff_s": 0.0, "timeout_s": 10.0, "deadline_s": 60.0} | rules
    return Edge(
        EdgeRules(frozenset({"127.0.0.1"}), **settings), sleep=lambda _: None, now=lambda: datetime.now(UTC) + timedelta(days=days_later)
    )


def fetch(server: bad.Server, cache: Path, name: str = "Voorbeeldstad", *, edge: Edge | None = None, **more: Any) -> OnlineSources:
    with edge or an_edge() as own:
        return fetch_municipality(name, cache=cache, endpoints=local(server), edge=own, **more)


def test_a_municipality_comes_with_its_areas_figures_and_extract(server: bad.Server, tmp_path: Path) -> None:
    found = fetch(server, tmp_path)
    assert (found.municipality_code, found.municipality_name, found.year) == ("GM9901", "Voorbeeldstad", 2024)
    codes = [[f["properties"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]] for path in found.areas]
    assert [len(features) for features in codes] == [1, 2, 2]
    assert {row["buurtcode"] for row in codes[2]} == {"BU99010000", "BU99010100"}
    assert found.osm.read_bytes() == bad.osm_xml()
    assert len(NOTICES.check(found.notices)) == 0


def test_figures_are_written_as_a_statline_download(server: bad.Server, tmp_path: Path) -> None:
    path = fetch(server, tmp_path).figures[0]
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline=""), delimiter=";"))
    assert [row["Regioaanduiding/Codering (code)"] for row in rows] == ["GM9901", "WK990100", "WK990101", "BU99010000", "BU99010100"]
    assert [row["Bevolking/Aantal inwoners (aantal)"] for row in rows] == ["300", "150", "150", "150", "."]
    assert [row["Bevolking/Geslacht/Mannen (aantal)"] for row in rows] == ["150", "75", "75", "75", "."]
    assert rows[1]["Wijken en buurten"] == "Wijk 00"


def test_the_figures_and_areas_are_read_by_the_readers_of_files(server: bad.Server, tmp_path: Path) -> None:
    found = fetch(server, tmp_path)
    layers = read_areas(found.areas, year=found.year, municipalities=[found.municipality_code])
    assert set(layers.areas["code"]) == {"GM9901", "WK990100", "WK990101", "BU99010000", "BU99010100"}
    table = read_figures(found.figures[0], year=found.year).figures
    people = table[table["indicator"] == "population"].set_index("area_code")["value"]
    assert people["GM9901"] == 300
    assert people["BU99010000"] == 150


def test_the_extract_is_read_by_the_reader_of_extracts(server: bad.Server, tmp_path: Path) -> None:
    extract = read_extract(fetch(server, tmp_path).osm, rules=[TagRule((("amenity", ("library",)),))])
    assert list(extract.features["source_id"]) == ["node/1"]


def test_every_source_has_its_date_licence_and_checksum(server: bad.Server, tmp_path: Path) -> None:
    sources = SOURCES.check(fetch(server, tmp_path).sources).set_index("id")
    assert list(sources.index) == ["cbs_areas_2024", "cbs_kwb_2024", "osm"]
    assert sources.loc["osm", "licence"] == "ODbL 1.0"
    assert sources.loc["osm", "attribution"] == "© OpenStreetMap contributors"
    assert sources.loc["osm", "date"] == date(2024, 6, 1)
    assert sources["sha256"].str.fullmatch("[0-9a-f]{64}").all()


@pytest.mark.parametrize("name", ["Voorbeelddam", "voorbeelddam ", "GM9902", "9902", "gm9902"])
def test_a_municipality_is_found_by_name_or_code(server: bad.Server, tmp_path: Path, name: str) -> None:
    # The service has no areas of this one: the search got so far that it asks for them.
    server.faults["/collections/"] = bad.status(404)
    with pytest.raises(SourceError):
        fetch(server, tmp_path, name)
    assert server.asked("/collections/gemeenten")[0].query["gemeentecode"] == "GM9902"


def test_a_name_of_daily_speech_is_found(server: bad.Server, tmp_path: Path) -> None:
    server.faults["/collections/"] = bad.status(404)
    with pytest.raises(SourceError):
        fetch(server, tmp_path, "Den Voorbeeld")
    assert server.asked("/collections/gemeenten")[0].query["gemeentecode"] == "GM9903"


def test_an_unknown_municipality_names_the_near_ones(server: bad.Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Voorbeeldstad") as caught:
        fetch(server, tmp_path, "Voorbeeldstat")
    assert caught.value.code == "online.no_municipality"


def test_an_unknown_year_names_the_known_ones(server: bad.Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2024") as caught:
        fetch(server, tmp_path, year=1950)
    assert caught.value.code == "online.year"
    assert not server.requests


def test_a_second_fetch_asks_nothing(server: bad.Server, tmp_path: Path) -> None:
    first = fetch(server, tmp_path)
    asked = len(server.requests)
    second = fetch(server, tmp_path)
    assert len(server.requests) == asked
    assert first.sources.equals(second.sources)


@pytest.mark.parametrize("answer", [bad.status(500), bad.status(410), bad.html, bad.cut_off])
def test_when_sources_are_down_older_copies_serve_with_their_date(server: bad.Server, tmp_path: Path, answer: Any) -> None:
    first = fetch(server, tmp_path)
    server.faults["/"] = answer
    later = fetch(server, tmp_path, edge=an_edge(days_later=400))
    assert later.osm.read_bytes() == bad.osm_xml()
    assert later.sources.equals(first.sources)
    assert set(later.notices["code"]) == {"online.offline"}
    assert len(later.notices) == 6
    assert datetime.now(UTC).date().isoformat() in later.notices["message"].iloc[0]


def test_without_a_copy_a_source_that_is_down_is_one_clear_error(server: bad.Server, tmp_path: Path) -> None:
    server.faults["/api/interpreter"] = bad.status(410)
    with pytest.raises(SourceError, match=r"127.0.0.1 has nothing \(any more\)") as caught:
        fetch(server, tmp_path)
    assert caught.value.exit_code == 3
    assert not (tmp_path / "osm_GM9901.osm").exists()


def test_areas_in_metres_are_refused(server: bad.Server, tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"gemeentecode": "GM9901"},
        "geometry": {"type": "Polygon", "coordinates": [[[155000, 463000], [156000, 463000], [156000, 464000], [155000, 463000]]]},
    }
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    server.faults["/collections/"] = lambda handler: bad.reply(handler, body)
    with pytest.raises(SourceError, match="155000") as caught:
        fetch(server, tmp_path)
    assert caught.value.code == "online.wrong_crs"


def test_latitude_before_longitude_is_refused(server: bad.Server, tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"gemeentecode": "GM9901"}, "geometry": {"type": "Point", "coordinates": [52.0, 5.0]}}
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    server.faults["/collections/"] = lambda handler: bad.reply(handler, body)
    with pytest.raises(SourceError, match="longitude and latitude"):
        fetch(server, tmp_path)


@pytest.mark.parametrize(
    ("part", "body", "code"),
    [
        ("/collections/wijken", b'{"type":"FeatureCollection","features":[]}', "online.empty"),
        ("/collections/wijken", b'{"message":"te druk"}', "online.shape"),
        ("/collections/wijken", b'{"features":["a"]}', "online.shape"),
        ("/collections/wijken", b'{"features":[', "http.truncated"),
        ("/MeasureCodes", b'{"value":[{"naam":"x"}]}', "online.shape"),
        ("/MeasureCodes", b"[]", "online.shape"),
        ("/Observations", b'{"value":[]}', "online.empty"),
        ("/WijkenEnBuurtenCodes", b'{"value":[]}', "online.empty"),
    ],
)
def test_data_of_another_shape_is_a_clear_error(server: bad.Server, tmp_path: Path, part: str, body: bytes, code: str) -> None:
    server.faults[part] = lambda handler: bad.reply(handler, body)
    with pytest.raises(SourceError) as caught:
        fetch(server, tmp_path)
    assert caught.value.code == code
    assert caught.value.remedy


def test_pages_that_return_to_themselves_end(server: bad.Server, tmp_path: Path) -> None:
    def circular(handler: Any) -> None:
        link = {"rel": "next", "href": f"{server.base}/cbs/wijken-en-buurten-2024/ogc/v1/collections/gemeenten/items?again=1"}
        bad.reply(handler, json.dumps({"features": [], "links": [link]}).encode())

    server.faults["/collections/gemeenten"] = circular
    with pytest.raises(SourceError) as caught:
        fetch(server, tmp_path)
    assert caught.value.code == "online.endless"
    assert len(server.asked("/collections/gemeenten")) == 2


def test_a_next_page_on_another_host_is_not_asked(server: bad.Server, tmp_path: Path) -> None:
    link = {"rel": "next", "href": "http://other.example/items"}
    server.faults["/collections/gemeenten"] = lambda handler: bad.reply(handler, json.dumps({"features": [], "links": [link]}).encode())
    with pytest.raises(SourceError, match=r"other\.example") as caught:
        fetch(server, tmp_path)
    assert caught.value.code == "http.host"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bad.osm_xml().replace(b"</osm>", b"<remark> runtime error: Query timed out </remark></osm>"), "online.overpass"),
        (bad.osm_xml()[:-9], "online.truncated"),
        (b'<?xml version="1.0"?><osm></osm>', "online.empty"),
        (b"<html><body>too many requests</body></html>", "http.not_data"),
    ],
)
def test_an_extract_that_is_not_whole_is_refused(server: bad.Server, tmp_path: Path, body: bytes, code: str) -> None:
    server.faults["/api/interpreter"] = lambda handler: bad.reply(handler, body, "application/osm3s+xml")
    with pytest.raises(SourceError) as caught:
        fetch(server, tmp_path)
    assert caught.value.code == code
    assert not list(tmp_path.glob("*.osm*"))


def test_a_passing_failure_is_overcome(server: bad.Server, tmp_path: Path) -> None:
    server.faults["/collections/wijken"] = bad.in_turn(bad.status(500), bad.status(429, Retry_After="1"), bad.cut_off)
    assert len(fetch(server, tmp_path).areas) == 3
    assert len(server.asked("/collections/wijken")) == 5


def test_the_overpass_box_has_a_margin_of_two_kilometres() -> None:
    query = overpass_query((5.0, 52.0, 5.02, 52.02), margin_m=2000, timeout_s=60, max_bytes=1000)
    south, west, north, east = map(float, query.split("[bbox:")[1].split("]")[0].split(","))
    assert (52.0 - south) * 111_320 == pytest.approx(2000, abs=2)
    assert (north - 52.02) * 111_320 == pytest.approx(2000, abs=2)
    # A degree of longitude at 52 degrees north is 68.5 km.
    assert (5.0 - west) * 68_520 == pytest.approx(2000, abs=5)
    assert (east - 5.02) * 68_520 == pytest.approx(2000, abs=5)
    assert "out meta" in query


def test_the_query_reaches_overpass_with_the_box_of_the_municipality(server: bad.Server, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    query = server.asked("/api/interpreter")[0].query["data"]
    south, west, north, east = map(float, query.split("[bbox:")[1].split("]")[0].split(","))
    assert west < bad.WEST < bad.EAST < east
    assert south < bad.SOUTH < bad.NORTH < north


def test_the_endpoints_of_the_package_are_https_and_within_the_allowed_hosts() -> None:
    endpoints = read_endpoints()
    for part in (endpoints.areas, endpoints.figures, endpoints.osm):
        assert part["url"].startswith("https://")
        assert part["url"].split("/")[2] in endpoints.hosts
        assert part["licence"]
        assert part["attribution"]
    assert str(endpoints.default_year) in endpoints.figures["tables"]


def test_a_broken_file_of_endpoints_is_named(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.toml"
    path.write_text("hosts = [", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_endpoints(path)
    assert caught.value.code == "online.endpoints"


def test_progress_is_told(server: bad.Server, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    fetch(server, tmp_path, progress=lambda step, share: told.append((step, share)))
    assert {step for step, _ in told} == {"online.areas", "online.figures", "online.osm"}
    assert all(0 <= share <= 1 for _, share in told)
    assert told[-1] == ("online.osm", 1.0)
