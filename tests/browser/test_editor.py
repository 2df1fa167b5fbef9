# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor's day, end to end: a duplicate, a correction and its way back, closing, a list with faults, what counts, a newer extract."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from .loading import COMMAND, run
from .site import Site, log_in, number_in, upload

NEW_ROWS = (
    ("Huiskamer De Proef", "Buurthuis", "Kerkplein", 12, "8900 AF", "Waterlinde", None, None, None, "Mo-Fr 09:00-17:00"),
    ("Leestafel De Proef", "Bibliotheek", "Zaaiplein", 18, "8906 AE", "Waterlinde", None, None, None, None),
)
FAULTS_OF_THE_EXAMPLE = {"27": "Soort", "28": None, "29": None, "30": "Postcode"}


@pytest.fixture
def desk(page: Page, own_site: Site) -> Page:
    """A page of somebody who logged in on a site where nobody else works."""
    log_in(page, own_site)
    return page


def statement(page: Page, site: Site) -> int:
    """How many places the sentence on the first page counts."""
    page.goto(site.address("/{study}/"))
    return number_in(page.locator(".kk-statement strong").last.inner_text())


def send(page: Page, reason: str = "") -> None:
    """Fill the reason and press the form's first button."""
    if reason:
        page.locator("#id_reason").fill(reason)
    page.locator("main form:has(#id_reason) button").first.click()


def test_duplicate_is_merged_with_a_reason_and_the_other_address_leads_on(desk: Page, own_site: Site) -> None:
    desk.goto(own_site.address("/{study}/beheer/?onderwerp=duplicate"))
    item = desk.locator("[data-review-item]").first
    addresses = [link.get_attribute("href") for link in item.locator(".kk-compare h3 a").all()]
    item.get_by_label("Reden").fill("Zelfde gebouw, zelfde vereniging")
    item.get_by_role("button", name="Dezelfde plek").click()
    desk.wait_for_url("**terug=**")
    reached = []
    for address in addresses:
        desk.goto(f"{own_site.url}{address}")
        reached.append(desk.url)
    assert len(set(reached)) == 1
    desk.goto(f"{reached[0]}/geschiedenis")
    expect(desk.locator(".kk-timeline")).to_contain_text("Zelfde gebouw, zelfde vereniging")


def test_correction_stands_on_the_page_and_in_the_history_and_can_be_undone(desk: Page, own_site: Site) -> None:
    place = own_site.address("/{study}/plek/{library}")
    desk.goto(place)
    old = desk.locator("h1").inner_text()
    desk.get_by_role("link", name="Verbeter deze plek").click()
    desk.locator("#id_name").fill("Leeszaal Het Boek")
    send(desk, "Nieuwe naam sinds de verbouwing")
    expect(desk.locator("h1")).to_have_text("Leeszaal Het Boek")
    expect(desk.locator(".kk-facts").first).to_contain_text("redacteur", ignore_case=True)
    desk.get_by_role("link", name="Geschiedenis").first.click()
    step = desk.locator(".kk-timeline > li").first
    expect(step).to_contain_text("Nieuwe naam sinds de verbouwing")
    expect(step.locator("ins").first).to_have_text("Leeszaal Het Boek")
    step.get_by_role("button", name="Draai terug").click()
    expect(desk.locator("[role=status]").first).to_contain_text("teruggedraaid")
    desk.goto(place)
    expect(desk.locator("h1")).to_have_text(old)


def test_correction_without_a_reason_is_refused_and_nothing_is_lost(desk: Page, own_site: Site) -> None:
    desk.goto(own_site.address("/{study}/plek/{cafe}/bewerk"))
    desk.locator("#id_description").fill("Koffie voor wie alleen is")
    send(desk)
    expect(desk.locator("#errors")).to_be_focused()
    assert desk.locator("#id_description").input_value() == "Koffie voor wie alleen is"


def test_correction_of_an_older_version_is_refused(desk: Page, own_site: Site) -> None:
    desk.goto(own_site.address("/{study}/plek/{broken}/bewerk"))
    other = desk.context.new_page()
    other.goto(desk.url)
    for page, text in ((other, "De eerste"), (desk, "De tweede")):
        page.locator("#id_opening_hours").fill("Mo-Fr 10:00-12:00")
        page.locator("#id_description").fill(text)
        send(page, "Gebeld")
    expect(other.locator("main")).to_contain_text("De eerste")
    expect(desk.locator("#errors")).to_be_focused()
    assert desk.locator("#id_description").input_value() == "De tweede"


def test_place_is_closed_and_opened_again_and_the_count_follows(desk: Page, own_site: Site) -> None:
    before, place = statement(desk, own_site), own_site.address("/{study}/plek/{cafe}")
    desk.goto(f"{place}/status")
    desk.locator("#id_status").select_option("closed")
    send(desk, "De eigenaar is gestopt")
    expect(desk.locator(".kk-lead")).to_contain_text("Gesloten", ignore_case=True)
    assert statement(desk, own_site) == before - 1
    desk.goto(f"{place}/status")
    desk.locator("#id_status").select_option("open")
    send(desk, "Een nieuwe eigenaar")
    assert statement(desk, own_site) == before
    desk.goto(f"{place}/geschiedenis")
    expect(desk.locator(".kk-timeline")).to_contain_text("De eigenaar is gestopt")
    expect(desk.locator(".kk-timeline")).to_contain_text("Een nieuwe eigenaar")


def test_new_place_is_on_the_map_and_in_the_list(desk: Page, own_site: Site) -> None:
    before = statement(desk, own_site)
    desk.goto(own_site.address("/{study}/beheer/plek/nieuw"))
    for name, value in {"name": "Open Tafel", "street": "Kerkplein", "lat": "52,5700", "lon": "5,3700"}.items():
        desk.locator(f"#id_{name}").fill(value)
    desk.locator("#id_kind").select_option("community_centre")
    send(desk, "Geopend door de wethouder")
    expect(desk.locator("h1")).to_have_text("Open Tafel")
    assert statement(desk, own_site) == before + 1
    desk.goto(own_site.address("/{study}/plekken?q=open+tafel"))
    assert desk.get_by_role("link", name="Open Tafel").count() == 1


def test_list_with_faults_shows_rows_and_columns_and_brings_in_the_rest(
    desk: Page, own_site: Site, example_files: Path, tmp_path: Path
) -> None:
    before = statement(desk, own_site)
    upload(desk, own_site, longer_list(example_files, tmp_path))
    faults = {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in fault_rows(desk)}
    assert set(FAULTS_OF_THE_EXAMPLE) <= set(faults)
    assert all(column is None or faults[row] == column for row, column in FAULTS_OF_THE_EXAMPLE.items()), faults
    expect(desk.locator("section[aria-labelledby=rows]")).to_contain_text("Huiskamer De Proef")
    assert statement(desk, own_site) == before, "nothing comes in before it is confirmed"
    desk.go_back()
    confirm = desk.locator("button[name=action][value=confirm]")
    confirm.click()
    expect(desk.locator("#errors")).to_be_focused()
    desk.locator("#id_keep_as").fill("Lijst van de welzijnsstichting")
    desk.locator("#id_reason").fill("De lijst van november")
    confirm.click()
    desk.wait_for_url("**/beheer/")
    expect(desk.locator("[role=status]").first).to_contain_text("plekken")
    assert statement(desk, own_site) >= before + len(NEW_ROWS)
    for name, *_ in NEW_ROWS:
        desk.goto(own_site.address("/{study}/plekken?q=" + name.replace(" ", "+")))
        assert desk.get_by_role("link", name=name).count() == 1
    desk.goto(own_site.address("/{study}/beheer/import"))
    expect(desk.locator("#id_mapping")).to_contain_text("Lijst van de welzijnsstichting")


def longer_list(example_files: Path, folder: Path) -> Path:
    """The example's own list with its faults, and two places more."""
    book = openpyxl.load_workbook(next(example_files.glob("*.xlsx")))
    for row in NEW_ROWS:
        book.active.append(row)
    target = folder / "lijst.xlsx"
    book.save(target)
    return target


def fault_rows(page: Page) -> list:  # type: ignore[type-arg]
    return page.locator("section[aria-labelledby=faults] tbody tr").all()


def test_file_that_is_no_list_is_refused_in_plain_words(desk: Page, own_site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "lijst.xlsx"
    broken.write_bytes(b"<html>geen rekenblad</html>")
    upload(desk, own_site, broken)
    alert = desk.locator(".utrecht-alert--error")
    expect(alert).to_be_visible()
    assert not re.search(r"Error|Exception|Traceback|\.py|list\.|sheet\.", alert.inner_text())


def test_manager_changes_what_counts_and_every_count_follows(desk: Page, own_site: Site) -> None:
    before = statement(desk, own_site)
    desk.goto(own_site.address("/{study}/beheer/soorten"))
    box = desk.locator("input[name=kinds][value=restaurant]")
    assert box.is_checked()
    here = number_in(desk.locator("label", has=box).inner_text())
    box.uncheck()
    send(desk, "Restaurants tellen hier niet als ontmoetingsplek")
    expect(desk.locator("[role=status]").first).to_be_visible()
    after = statement(desk, own_site)
    assert before - here <= after < before
    desk.goto(own_site.address("/{study}/beheer/soorten"))
    desk.locator("input[name=kinds][value=restaurant]").check()
    send(desk, "Toch wel")
    assert statement(desk, own_site) == before


def test_newer_extract_asks_about_what_is_new_changed_and_gone_and_keeps_corrections(
    desk: Page, own_site: Site, own_environment: dict[str, str], example_files: Path, tmp_path: Path
) -> None:
    corrected = own_site.address("/{study}/plek/{library}")
    desk.goto(f"{corrected}/bewerk")
    desk.locator("#id_phone").fill("0900-1234567")
    send(desk, "Zelf gebeld")
    build_and_load(newer_extract(example_files, tmp_path), example_files, tmp_path / "nieuwer", own_site.slug, own_environment)
    desk.goto(own_site.address("/{study}/beheer/?onderwerp=new"))
    expect(desk.locator("[data-review-item]")).to_contain_text(["Café De Nieuwe Tijd"])
    desk.goto(own_site.address("/{study}/beheer/?onderwerp=changed"))
    expect(desk.locator("[data-review-item]", has_text="Café De Omgedoopte")).to_have_count(1)
    desk.goto(own_site.address("/{study}/beheer/?onderwerp=gone"))
    gone = desk.locator("[data-review-item]", has_text="Café De Spil")
    expect(gone).to_have_count(1)
    gone.get_by_role("button", name="weg").click()
    desk.wait_for_url("**terug=**")
    desk.goto(own_site.address("/{study}/plekken?q=Café+De+Spil"))
    assert desk.get_by_role("link", name="Café De Spil", exact=True).count() == 0
    desk.goto(corrected)
    expect(desk.locator("main")).to_contain_text("0900-1234567")


def newer_extract(example_files: Path, folder: Path) -> Path:
    """The example's extract a while later: one café has gone, one has another name, one is new."""
    text = next(example_files.glob("*.osm")).read_text(encoding="utf-8")
    gone, renamed = node_of(text, "Café De Spil"), node_of(text, "Café De Bron")
    number = max(int(found) for found in re.findall(r'<node id="(\d+)"', text)) + 1
    new = re.sub(r'id="\d+"', f'id="{number}"', gone, count=1).replace("De Spil", "De Nieuwe Tijd")
    new = re.sub(r'<tag k="addr:.*?/>\s*', "", re.sub(r'lat="[\d.]+"', 'lat="52.5721"', new))
    text = text.replace(gone, new).replace(renamed, renamed.replace("Café De Bron", "Café De Omgedoopte"))
    target = folder / "nieuwer.osm"
    target.write_text(text, encoding="utf-8")
    return target


def node_of(text: str, name: str) -> str:
    """The OSM node with that name."""
    found = re.search(rf'<node [^>]*>\s*<tag k="name" v="{name}"/>.*?</node>', text, re.DOTALL)
    assert found is not None
    return found.group()


def build_and_load(extract: Path, files: Path, study: Path, slug: str, environment: dict[str, str]) -> None:
    areas, figures, own = (str(next(files.glob(pattern))) for pattern in ("*gebieden_2025.gpkg", "*kerncijfers_2025.csv", "*locaties.xlsx"))
    run(
        environment, *COMMAND, "build", str(study), "--osm", str(extract), "--areas", areas, "--figures", figures, "--list", own,
        "--year", "2025", "--municipality", "GM9999",
    )  # fmt: skip
    run(environment, *COMMAND, "load", str(study), "--slug", slug)
