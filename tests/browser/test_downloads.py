# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that the downloads page offers is really there, opens in another program, and says where it comes from."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.error import HTTPError

import pyogrio
import pytest
from playwright.sync_api import Locator, Page

from .site import Site, fetch

PATIENCE, PAUSE_MS = 60, 1000


def get(page: Page, site: Site, name: str, folder: Path, query: str = "") -> Path:
    """The file behind a link or a button of the downloads page; what is made in the background is looked at again, as the page says."""
    page.goto(site.address("/{study}/downloads"))
    link, button = page.locator(f"main a[href$='/download/{name}']"), page.locator(f"main form[action$='/download/{name}'] button")
    if button.count():
        return made(page, button, name, folder)
    answer = page.request.get(f"{site.url}{link.get_attribute('href')}{query}", timeout=60_000)
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    return written(folder / name, answer.body())


def made(page: Page, button: Locator, name: str, folder: Path) -> Path:
    """The file that a button, pressed with the keyboard, has made."""
    address = str(button.evaluate("button => button.form.action"))
    button.focus()
    with page.expect_response(lambda answer: answer.request.method == "POST") as asked:
        page.keyboard.press("Enter")
    assert asked.value.status == 302
    for _ in range(PATIENCE):
        answer = page.request.get(address, timeout=60_000)
        if answer.status == 200:
            assert answer.headers["content-disposition"].startswith("attachment")
            return written(folder / name, answer.body())
        assert answer.status == 202, answer.text()
        page.wait_for_timeout(PAUSE_MS)
    raise AssertionError(f"{name} was not made")


def written(target: Path, content: bytes) -> Path:
    target.write_bytes(content)
    return target


def test_geojson_has_every_place_with_its_source_and_year(page: Page, site: Site, tmp_path: Path) -> None:
    path = get(page, site, "places.geojson", tmp_path)
    places = json.loads(path.read_text(encoding="utf-8"))
    assert len(places["features"]) >= 112
    assert places["licence"]
    assert places["sources"]
    wanted = {"id", "name", "kind", "functions", "archetype", "status", "source", "sourceId", "lastVerified", "openingHours", "website"}
    assert wanted | {"wheelchair", "smallSpot", "municipalityCode", "wijkCode", "buurtCode", "areaYear"} <= set(
        places["features"][0]["properties"]
    )
    assert len(pyogrio.read_dataframe(path)) == len(places["features"])


def test_csv_is_described_by_its_metadata(page: Page, site: Site, tmp_path: Path) -> None:
    table, metadata = get(page, site, "places.csv", tmp_path), get(page, site, "places.csv-metadata.json", tmp_path)
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    described = json.loads(metadata.read_text(encoding="utf-8"))
    assert described["url"].endswith("places.csv")
    assert [column["name"] for column in described["tableSchema"]["columns"]] == rows[0]
    assert "licence" in json.dumps(described).lower() or "license" in json.dumps(described).lower()


def test_csv_of_a_filtered_list_holds_that_list(page: Page, site: Site, tmp_path: Path) -> None:
    whole, part = get(page, site, "places.csv", tmp_path).read_text(), get(page, site, "places.csv", tmp_path, "?soort=library").read_text()
    assert part.count("\n") < whole.count("\n")
    rows = list(csv.DictReader(part.lstrip("\ufeff").splitlines()))
    assert {row["kind"] for row in rows} == {"library"}


def test_geopackage_opens_and_lies_on_the_dutch_grid(page: Page, site: Site, tmp_path: Path) -> None:
    path = get(page, site, "places.gpkg", tmp_path)
    layers = [name for name, _ in pyogrio.list_layers(path)]
    places = pyogrio.read_dataframe(path, layer=layers[0])
    assert len(places) >= 112
    assert "28992" in str(places.crs.to_epsg())


def test_geopackage_of_a_filtered_list_holds_that_list(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto(site.address("/{study}/plekken?soort=library"))
    page.locator("a[href*='/download/places.gpkg']").click()
    path = made(page, page.locator("main form button"), "places.gpkg", tmp_path)
    assert set(pyogrio.read_dataframe(path)["kind"]) == {"library"}


@pytest.mark.parametrize(("name", "short_mm"), [("poster-a1.pdf", 594), ("poster-a3.pdf", 297)])
def test_poster_is_one_sheet_of_its_size(page: Page, site: Site, tmp_path: Path, name: str, short_mm: int) -> None:
    content = get(page, site, name, tmp_path).read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"%%EOF" in content[-64:]
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", content)
    assert boxes
    assert min(float(side) for side in boxes[0]) == pytest.approx(short_mm / 25.4 * 72, abs=2)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) == len(boxes) <= 2


def test_tiles_answer_a_range_and_refuse_an_impossible_one(site: Site) -> None:
    url = f"{site.url}/{site.slug}/tegels.pmtiles"
    headers, body = fetch(url, {"Range": "bytes=0-126"})
    assert body[:7] == b"PMTiles"
    assert len(body) == 127
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["content-range"].startswith("bytes 0-126/")
    with pytest.raises(HTTPError) as refused:
        fetch(url, {"Range": "bytes=999999999-"})
    assert refused.value.code == 416


def test_unknown_file_is_not_found(site: Site) -> None:
    with pytest.raises(HTTPError) as refused:
        fetch(f"{site.url}/{site.slug}/download/places.exe")
    assert refused.value.code == 404
