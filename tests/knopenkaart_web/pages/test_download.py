# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor takes the data along: GeoJSON, CSV with its description, GeoPackage, posters, and the tiles of the map."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knopenkaart.errors import InputError
from knopenkaart_web.pages import background
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.views_data import RunView
from knopenkaart_web.runs import actions as run_actions
from knopenkaart_web.runs import queries as run_queries
from knopenkaart_web.runs.models import Run

from .reading import factories, read

AT = "/kleindorp/download/"


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8"))))


def test_the_page_offers_every_file_with_licence_and_attribution(client: Client, study: Study) -> None:
    page = read(client.get("/kleindorp/downloads"))
    for name in ("places.geojson", "places.csv", "places.csv-metadata.json"):
        assert f"{AT}{name}" in page.links()
    for name, title in (("places.gpkg", "Plekken als GeoPackage"), ("poster-a1.pdf", "Poster A1"), ("poster-a3.pdf", "Poster A3")):
        form = page.one("form", action=f"{AT}{name}")
        assert form["method"] == "post"
        assert form.text == f"Maken en downloaden ({title})", "no two buttons have one name"
    assert "OpenStreetMap 1 mei 2024 ODbL-1.0 © OpenStreetMap-bijdragers" in page.text
    assert "Interne lijst" not in page.text


def test_geojson_has_points_sources_and_names_of_areas(client: Client, study: Study) -> None:
    response = client.get(f"{AT}places.geojson")
    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="kleindorp-places.geojson"'
    document = json.loads(response.content)
    library = next(feature for feature in document["features"] if feature["id"] == factories.LIBRARY)
    assert library["geometry"]["coordinates"] == [5.005, 52.005]
    assert library["properties"]["municipality"] == "Kleindorp"
    assert library["properties"]["wijk"] == "Noord"
    assert "OpenStreetMap" in document["attribution"]


def test_a_download_has_the_filter_of_the_list(client: Client, study: Study) -> None:
    assert {row["name"] for row in rows(client.get(f"{AT}places.csv?soort=church"))} == {"Sint-Jan"}


def test_confidential_values_are_never_in_a_download(client: Client, study: Study) -> None:
    factories.confidential_phone(study)
    for name in ("places.csv", "places.geojson", "places.csv-metadata.json"):
        content = client.get(f"{AT}{name}").content.decode()
        assert "99887766" not in content
        assert "Interne lijst" not in content


def test_the_csv_points_to_its_description_and_the_description_to_the_csv(client: Client, study: Study) -> None:
    response = client.get(f"{AT}places.csv")
    assert 'rel="describedby"' in response.headers["Link"]
    description = json.loads(client.get(f"{AT}places.csv-metadata.json").content)
    assert description["url"] == "places.csv"
    names = [column["name"] for column in description["tableSchema"]["columns"]]
    assert names == list(rows(response)[0])


@pytest.mark.parametrize("name", ["places.exe", "../settings.py", "poster-a9.pdf"])
def test_a_file_that_is_not_offered_is_not_there(client: Client, study: Study, name: str) -> None:
    assert client.get(f"{AT}{name}").status_code == 404


class Work:
    """Background work in a given state."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, state: str, file: Path | None = None, error: str = "") -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.looked: list[tuple[str, dict[str, str]]] = []
        view = RunView(id="1", kind="", study="kleindorp", state=state, step="", share=0.0, error=error, filename="", ready=state == "done")

        def start(actor: Any, slug: str, kind: str, params: dict[str, str]) -> str:
            self.asked.append((kind, params))
            return "1"

        def latest(slug: str, kind: str, params: dict[str, str]) -> RunView:
            self.looked.append((kind, params))
            return view

        monkeypatch.setattr(run_actions, "start", start)
        monkeypatch.setattr(run_queries, "latest", latest)
        monkeypatch.setattr(run_queries, "run", lambda slug, run_id: view)
        monkeypatch.setattr(run_queries, "result_file", lambda slug, run_id: file)
        monkeypatch.setattr("knopenkaart_web.pages.background.PATIENCE_SECONDS", 0.0)


def test_a_poster_that_is_ready_is_sent(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "poster-a1.pdf").write_bytes(b"%PDF-1.7")
    work = Work(monkeypatch, "done", tmp_path / "poster-a1.pdf")
    response = client.get(f"/en{AT}poster-a1.pdf")
    assert b"".join(response.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/pdf"
    assert work.looked == [("poster", {"paper": "a1", "language": "en"})]
    assert work.asked == []


def test_the_button_has_it_made_and_leads_to_the_file(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(monkeypatch, "waiting")
    response = client.post(f"/en{AT}poster-a3.pdf")
    assert (response.status_code, response["Location"]) == (302, f"/en{AT}poster-a3.pdf")
    assert work.asked == [("poster", {"paper": "a3", "language": "en"})]


def test_a_geopackage_gets_the_filter_of_the_list(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    link = next(link for link in read(client.get("/kleindorp/plekken?soort=library&sorteer=soort")).links() if "places.gpkg" in link)
    assert link == f"{AT}places.gpkg?soort=library"
    form = read(client.get(link)).one("form", action=link)
    assert form["method"] == "post"
    work = Work(monkeypatch, "waiting")
    assert client.post(link)["Location"] == link
    assert work.asked == [("geopackage", {"query": "soort=library"})]


@pytest.mark.parametrize("name", ["places.gpkg", "poster-a1.pdf", "poster-a3.pdf"])
def test_looking_starts_nothing_and_offers_a_button(client: Client, study: Study, name: str) -> None:
    for _ in range(2):
        response = client.get(f"{AT}{name}")
        assert response.status_code == 404, "a program must not take this page for the file"
        page = read(response)
        assert page.one("form", action=f"{AT}{name}")["method"] == "post"
        assert "Maken en downloaden" in [button.text for button in page.all("button")]
    assert not Run.objects.exists()


def test_the_button_needs_the_token_of_the_page(study: Study) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(f"{AT}poster-a3.pdf").status_code == 403
    page = read(browser.get("/kleindorp/downloads"))
    tokens = page.all("input", name="csrfmiddlewaretoken")
    assert len(tokens) == 3
    assert browser.post(f"{AT}poster-a3.pdf", {"csrfmiddlewaretoken": tokens[0]["value"]}).status_code == 302
    assert Run.objects.get().params == {"paper": "a3", "language": "nl"}
    assert browser.get(f"{AT}poster-a3.pdf").status_code == 202


def test_a_page_to_read_gives_a_visitor_no_cookie(client: Client, study: Study) -> None:
    for path in ("/kleindorp/", "/kleindorp/plekken", "/kleindorp/kaart", "/kleindorp/over"):
        assert not client.get(path).cookies


def test_a_file_that_is_made_at_once_takes_no_post(client: Client, study: Study) -> None:
    assert client.post(f"{AT}places.csv").status_code == 405


def test_a_poster_that_takes_longer_says_so_and_holds_no_thread(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    Work(monkeypatch, "running")
    monkeypatch.setattr("knopenkaart_web.pages.background.time.sleep", lambda seconds: pytest.fail("looking may not wait"))
    response = client.get(f"{AT}poster-a3.pdf")
    assert response.status_code == 202
    assert "Uw bestand wordt gemaakt" in read(response).text
    assert f"{AT}poster-a3.pdf" in read(response).links()
    assert "no-store" in response["Cache-Control"]


def test_only_one_at_a_time_waits_for_work(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    Work(monkeypatch, "running")
    naps: list[float] = []
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(background, "PAUSE_SECONDS", 0.02)
    sleep = time.sleep
    monkeypatch.setattr("knopenkaart_web.pages.background.time.sleep", lambda seconds: (naps.append(seconds), sleep(seconds)))
    client.post(f"{AT}poster-a3.pdf")
    assert naps
    naps.clear()
    with background._waiting:
        client.post(f"{AT}poster-a3.pdf")
    assert naps == []


def test_work_that_failed_says_so_with_the_code_for_who_must_mend_it(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    Work(monkeypatch, "failed", error="poster.strange")
    response = client.get(f"{AT}poster-a3.pdf")
    assert response.status_code == 503
    page = read(response)
    assert "(poster.strange)" in page.text
    assert page.one("form", action=f"{AT}poster-a3.pdf")["method"] == "post"


def test_too_much_work_is_refused_in_words(client: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> str:
        raise InputError("too much", code="run.busy")

    monkeypatch.setattr(run_actions, "start", refuse)
    response = client.post(f"{AT}poster-a1.pdf")
    assert response.status_code == 503
    assert "Er wacht te veel werk." in read(response).text


@pytest.fixture
def tiles(study: Study, tmp_path: Path) -> bytes:
    content = bytes(range(256)) * 8
    (tmp_path / "basemap.pmtiles").write_bytes(content)
    study.tiles_path = str(tmp_path / "basemap.pmtiles")
    study.save()
    return content


def test_the_tiles_come_in_ranges(client: Client, tiles: bytes) -> None:
    response = client.get("/kleindorp/tegels.pmtiles", headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == tiles[10:20]  # type: ignore[attr-defined]
    assert response.headers["Content-Range"] == f"bytes 10-19/{len(tiles)}"
    assert "Content-Encoding" not in response.headers


def test_a_range_beyond_the_end_is_refused(client: Client, tiles: bytes) -> None:
    assert client.get("/kleindorp/tegels.pmtiles", headers={"Range": "bytes=9999-"}).status_code == 416


def test_the_tiles_as_a_whole_are_the_file_and_are_known_again(client: Client, tiles: bytes) -> None:
    response = client.get("/kleindorp/tegels.pmtiles", headers={"Accept-Encoding": "gzip"})
    assert b"".join(response.streaming_content) == tiles  # type: ignore[attr-defined]
    again = client.get("/kleindorp/tegels.pmtiles", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_map_uses_the_tiles_that_are_there(client: Client, tiles: bytes) -> None:
    assert read(client.get("/kleindorp/kaart")).one("knoop-map")["tiles-url"] == "/kleindorp/tegels.pmtiles"
