# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page of the served example, in both languages: accessible, within 320 px, by keyboard, and without leaving the host."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .loading import Loaded

PUBLIC = ("{study}", "{study}kaart", "{study}plekken", "{study}downloads", "{study}over", "inloggen", "toegankelijkheid")
LANGUAGES = {"nl": "", "en": "en/"}
EDITOR_ONLY = ("{study}beheer/", "{study}beheer/plek/nieuw", "{study}beheer/import")
everywhere = pytest.mark.parametrize("path", PUBLIC)
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def visit(page: Page, live_url: str, path: str, loaded: Loaded, language: str = "nl") -> None:
    response = page.goto(f"{live_url}/{LANGUAGES[language]}{path.format(study=loaded.slug + '/')}")
    assert response is not None
    assert response.status == 200, path
    for index in range(page.locator("knoop-map").count()):
        page.locator("knoop-map").nth(index).scroll_into_view_if_needed()
    if page.locator("knoop-map").count():
        page.wait_for_selector("knoop-map[data-ready]")


def first_link(page: Page, live_url: str, start: str, part: str) -> str:
    page.goto(f"{live_url}/{start}")
    return str(page.locator(f"main a[href*='{part}']").first.get_attribute("href"))


def log_in(page: Page, live_url: str, loaded: Loaded) -> None:
    page.goto(f"{live_url}/inloggen")
    page.locator("input[name=username]").fill(loaded.editor)
    page.locator("input[name=password]").fill(loaded.password)
    page.locator("main button[type=submit], main form button").first.click()
    expect(page.locator(".kk-logout")).to_be_visible()


@everywhere
@both_languages
def test_axe_finds_nothing(
    page: Page, live_url: str, loaded_example: Loaded, axe: Callable[[Page], list[str]], path: str, language: str
) -> None:
    visit(page, live_url, path, loaded_example, language)
    assert page.locator("html").get_attribute("lang") == language
    assert axe(page) == []
    assert page.watch.errors == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("part", ["/plek/", "/wijk/"])
@both_languages
def test_axe_finds_nothing_on_a_place_and_a_wijk(
    page: Page, live_url: str, loaded_example: Loaded, axe: Callable[[Page], list[str]], part: str, language: str
) -> None:
    start = f"{loaded_example.slug}/plekken" if part == "/plek/" else f"{loaded_example.slug}/"
    path = first_link(page, live_url, start, part)
    visit(page, live_url, path.lstrip("/"), loaded_example, language)
    assert axe(page) == []


@pytest.mark.parametrize("path", EDITOR_ONLY)
def test_axe_finds_nothing_on_the_pages_of_an_editor(
    page: Page, live_url: str, loaded_example: Loaded, axe: Callable[[Page], list[str]], path: str
) -> None:
    log_in(page, live_url, loaded_example)
    visit(page, live_url, path, loaded_example)
    assert axe(page) == []


@everywhere
def test_nothing_scrolls_sideways_at_320_pixels(narrow: Page, live_url: str, loaded_example: Loaded, path: str) -> None:
    visit(narrow, live_url, path, loaded_example)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("part", ["/plek/", "/wijk/"])
def test_place_and_wijk_fit_in_320_pixels(narrow: Page, live_url: str, loaded_example: Loaded, part: str) -> None:
    start = f"{loaded_example.slug}/plekken" if part == "/plek/" else f"{loaded_example.slug}/"
    visit(narrow, live_url, first_link(narrow, live_url, start, part).lstrip("/"), loaded_example)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


def test_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page, live_url: str, loaded_example: Loaded) -> None:
    visit(page, live_url, "{study}plekken", loaded_example)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_filters_are_closed_on_a_phone_and_open_on_a_desktop(page: Page, phone: Page, live_url: str, loaded_example: Loaded) -> None:
    for seen, stands_open in ((page, True), (phone, False)):
        visit(seen, live_url, "{study}plekken", loaded_example)
        assert seen.locator("details[data-kk-narrow-closed]").evaluate("panel => panel.open") is stands_open


def test_map_and_list_find_the_same_places(page: Page, live_url: str, loaded_example: Loaded) -> None:
    """The list has digital places too, which have no point: a filter on a kind that is never digital compares the two."""
    visit(page, live_url, "{study}kaart?soort=library", loaded_example)
    on_map = page.locator(".kk-map-count").inner_text().split()[0]
    page.locator("main a[data-kk-same-filters]").first.click()
    page.wait_for_url("**/plekken?soort=library*")
    expect(page.locator("main")).to_contain_text(f"{on_map} plek")
