# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Use and money in a browser: the example's own files loaded, every page in both languages, and the rough week by keyboard and thumb."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .loading import run
from .site import Site, log_in
from .test_keyboard import tab_until

NARROW = {"width": 320, "height": 640}
#: The example's rooms, money and boards, as the system loads them; gives a place that has all three, and a room of it.
LOAD = """
import csv, django, json, sys
django.setup()
from pathlib import Path
from knopenkaart_web.operation import loading, queries
from knopenkaart_web.places import queries as places
slug, folder = sys.argv[1], Path(sys.argv[2])
ids = {place.name: place.id for place in places.all_records(slug) if place.name}
def rows(name):
    with (folder / f"waterlinde_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
parts = [loading.rooms_of(rows("zalen"), ids), loading.money_of(rows("exploitatie"), ids), loading.boards_of(rows("bestuur"), ids)]
loading.load_use(None, slug, *parts)
known = queries.of_study(slug)
chosen = next(item for item in known.values() if len(item.rooms) > 1 and item.years and item.people.version)
print(json.dumps([chosen.place_id, chosen.rooms[0].id, len(known)]))
"""
USED = """
import django, sys
django.setup()
from knopenkaart_web.operation.models import RoomHours
print(sorted(RoomHours.objects.filter(room_id=int(sys.argv[1])).values_list("slot", "available", "used"))[:40])
"""
PAGES = {
    "how": "/{study}/plek/{here}/exploitatie",
    "rooms": "/{study}/plek/{here}/zalen",
    "new room": "/{study}/plek/{here}/zalen/nieuw",
    "room": "/{study}/plek/{here}/zalen/{room}",
    "week": "/{study}/plek/{here}/zalen/{room}/week",
    "week in hours": "/{study}/plek/{here}/zalen/{room}/week?uren",
    "money": "/{study}/plek/{here}/geld",
    "year": "/{study}/plek/{here}/geld/2024",
    "board": "/{study}/plek/{here}/bestuur",
    "building": "/{study}/plek/{here}/gebouw",
    "social value": "/{study}/plek/{here}/sociale-waarde",
    "all places": "/{study}/exploitatie?sorteer=cost",
    "place": "/{study}/plek/{here}",
}
languages = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture(scope="module")
def loaded(own_environment: dict[str, str], own_site: Site, example_files: Path) -> dict[str, str]:
    """A place of the example with rooms, money and a board, and its first room."""
    here, room, _number = json.loads(run(own_environment, "-c", LOAD, own_site.slug, str(example_files)))
    return {"here": str(here), "room": str(room)}


@pytest.fixture
def desk(page: Page, own_site: Site) -> Page:
    """A page of an editor."""
    log_in(page, own_site)
    return page


@pytest.fixture
def small_desk(browser: Browser, own_site: Site) -> Iterator[Page]:
    """A page of an editor without scripts, at 320 px."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="nl-NL")  # type: ignore[arg-type]
    page = context.new_page()
    log_in(page, own_site)
    yield page
    context.close()


def opened(page: Page, site: Site, loaded: dict[str, str], name: str, language: str = "nl") -> None:
    filled = PAGES[name].replace("{here}", loaded["here"]).replace("{room}", loaded["room"])
    answer = page.goto(site.address(filled, language))
    assert answer is not None
    assert answer.status == 200


def looked_at(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look: with SCREENSHOTS naming a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"operation-{name}.png", full_page=True)


@languages
@pytest.mark.parametrize("name", PAGES)
def test_page_is_right_in_both_languages(
    desk: Page, own_site: Site, loaded: dict[str, str], axe: Callable[[Page], list[str]], name: str, language: str
) -> None:
    opened(desk, own_site, loaded, name, language)
    looked_at(desk, f"{name}-{language}")
    assert axe(desk) == []
    assert desk.locator("h1").count() == 1
    desk.set_viewport_size({"width": 390, "height": 844})
    looked_at(desk, f"{name}-{language}-phone")
    desk.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.wait_for_timeout(50)
    assert desk.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_week_is_filled_in_by_keyboard_alone(desk: Page, own_site: Site, own_environment: dict[str, str], loaded: dict[str, str]) -> None:
    opened(desk, own_site, loaded, "week")
    tab_until(desk, "here.id === 'id_available_su_evening'", at_most=120)
    desk.keyboard.press("Control+A")
    desk.keyboard.type("4")
    desk.keyboard.press("Tab")
    desk.keyboard.type("driekwart")
    tab_until(desk, "here.tagName === 'BUTTON' && here.value === 'save'")
    desk.keyboard.press("Enter")
    expect(desk.locator(".kk-main")).to_contain_text("De week is opgeslagen.")
    assert "('su_evening', 4.0, 3.0)" in run(own_environment, "-c", USED, loaded["room"])


def test_week_with_a_fault_keeps_what_was_typed_without_scripts(small_desk: Page, own_site: Site, loaded: dict[str, str]) -> None:
    opened(small_desk, own_site, loaded, "week")
    small_desk.locator("#id_available_mo_morning").fill("9")
    small_desk.locator("#id_available_tu_morning").fill("veel")
    small_desk.locator("#id_used_mo_morning").select_option("0.25")
    small_desk.locator("button[value=save]").click()
    expect(small_desk.locator("#errors li")).to_have_count(1)
    small_desk.locator("#id_available_tu_morning").fill("4")
    small_desk.locator("button[value=save]").click()
    expect(small_desk.locator("#errors li")).to_have_count(1)
    expect(small_desk.locator("#id_available_mo_morning")).to_have_value("9")
    expect(small_desk.locator("#id_used_mo_morning")).to_have_value("0.25")
    boxes = [box.bounding_box() for box in small_desk.locator("main form :is(input, select, button):visible").all()]
    assert all(box and box["height"] >= 24 and box["x"] + box["width"] <= NARROW["width"] for box in boxes)


def test_week_of_another_room_is_copied_and_not_saved_yet(small_desk: Page, own_site: Site, loaded: dict[str, str]) -> None:
    opened(small_desk, own_site, loaded, "week")
    for name in ("id_available_mo_afternoon", "id_available_we_afternoon"):
        small_desk.locator(f"#{name}").fill("1")
    small_desk.locator("button[value=copy]").click()
    copied = small_desk.locator("#id_available_we_afternoon").input_value()
    assert copied != "1"
    opened(small_desk, own_site, loaded, "week")
    assert small_desk.locator("button[value=save]").count() == 1


def test_visitor_sees_nothing_of_it(page: Page, own_site: Site, loaded: dict[str, str]) -> None:
    for name, path in PAGES.items():
        if name != "place":
            page.goto(own_site.address(path.replace("{here}", loaded["here"]).replace("{room}", loaded["room"])))
            assert "/inloggen?next=" in page.url
    opened(page, own_site, loaded, "place")
    assert page.locator("#released-money").count() == 0
