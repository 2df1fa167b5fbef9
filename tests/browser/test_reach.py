# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""On the map: click a place and see who can come, click a home and see what is near; the panel says what the page says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .site import Site, read_json, settle

PANEL = "#map-side"


def cells(table: Locator) -> list[str]:
    """The cells of a table as they are read."""
    return [" ".join(text.split()) for text in table.locator("th, td").all_inner_texts()]


def open_library(page: Page, site: Site, language: str = "nl") -> None:
    """Open the map of libraries and choose the first by keyboard."""
    page.goto(site.address("/{study}/kaart?soort=library", language))
    settle(page)
    page.locator(".kk-map-places button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{PANEL} table")).to_have_count(1)


def click_ground(page: Page, site: Site, query: str = "") -> None:
    """Click in the middle of the map, on the first home of the study."""
    lon, lat = read_json(f"{site.url}/{site.slug}/data/woningen.json")["rows"][0][:2]
    page.goto(site.address(f"/{{study}}/kaart?z=18&lat={lat}&lon={lon}{query}"))
    settle(page)
    page.locator(".maplibregl-canvas").click()
    page.locator(f"{PANEL}:not([hidden])").wait_for()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_place_on_the_map_tells_who_can_come_as_its_page_does(page: Page, site: Site, language: str) -> None:
    open_library(page, site, language)
    beside = cells(page.locator(f"{PANEL} .kk-bands-table"))
    page.locator(f"{PANEL} .kk-popup-more").click()
    page.wait_for_url("**/plek/**")
    assert cells(page.locator(".kk-main .kk-bands-table")) == beside
    assert len(beside) == 3 + 3 * 3


def test_ground_within_reach_is_drawn_and_bicycles_come_from_farther(page: Page, site: Site) -> None:
    open_library(page, site)
    page.wait_for_selector("knoop-map[data-reach]")
    before = page.url
    page.get_by_label("met de fiets").check()
    page.wait_for_function("before => location.href !== before", arg=before)
    assert page.watch.errors == []  # type: ignore[attr-defined]


def test_panel_is_reached_and_left_by_keyboard(page: Page, site: Site) -> None:
    open_library(page, site)
    assert page.evaluate(f"document.activeElement.matches('{PANEL}')")
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('.kk-map-places') !== null"), "the focus goes back to the place"
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator(PANEL)).to_be_visible()


def test_home_on_the_map_tells_what_is_near(page: Page, site: Site) -> None:
    click_ground(page, site)
    expect(page.locator(f"{PANEL} [data-kk-home]")).to_be_visible()
    expect(page.locator(f"{PANEL} table caption")).to_have_text("De dichtstbijzijnde plek van elke soort")
    place = page.locator(f"{PANEL} [data-kk-place]").first
    place.click()
    page.wait_for_url("**/plek/**")


def test_shaded_wijk_tells_its_figure_and_what_is_near(page: Page, site: Site) -> None:
    click_ground(page, site, "&vlak=minuten:any")
    expect(page.locator(f"{PANEL} .kk-popup")).to_contain_text("min")
    expect(page.locator(f"{PANEL} [data-kk-home]")).to_be_visible()


@pytest.mark.parametrize(
    ("shading", "title"), [("minuten:eat", "De helft van de bewoners heeft dit binnen"), ("zonder:work", "niet binnen 10 minuten lopen")]
)
def test_wijken_are_shaded_by_how_far_people_walk(page: Page, site: Site, shading: str, title: str) -> None:
    page.goto(site.address("/{study}/kaart"))
    settle(page)
    page.locator("#vlak").select_option(shading)
    expect(page.locator(".kk-map-legend")).to_contain_text(title)
    assert page.locator(".kk-map-legend .kk-swatch").count() >= 2


def test_homes_are_coloured_and_a_reload_keeps_them(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/kaart"))
    settle(page)
    page.locator("#woningen").select_option("culture")
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text("Minuten lopen vanaf de woningen: cultuur")
    page.reload()
    settle(page)
    expect(legend).to_contain_text("Minuten lopen vanaf de woningen: cultuur")
    page.locator("#woningen").select_option("")
    expect(legend).not_to_contain_text("Minuten lopen")


def test_wijk_that_the_sources_hold_partly_is_hatched_and_says_at_most(page: Page, delft: Site) -> None:
    page.goto(f"{delft.url}/delft/kaart?vlak=zonder:worship")
    settle(page)
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text("hoogstens dit")
    expect(legend.locator(".kk-swatch-bound")).to_have_count(1)


def test_panel_is_right_for_axe(page: Page, site: Site, axe: Callable[[Page], list[str]]) -> None:
    open_library(page, site)
    assert axe(page) == []


def test_on_a_phone_the_panel_leaves_the_map_in_sight(phone: Page, site: Site, axe: Callable[[Page], list[str]]) -> None:
    open_library(phone, site)
    panel, canvas = (phone.locator(name).bounding_box() for name in (PANEL, "knoop-map"))
    assert panel is not None
    assert canvas is not None
    assert panel["y"] - canvas["y"] > canvas["height"] / 3, "a third of the map or more stays in sight"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(phone) == []
    phone.locator(f"{PANEL} [data-kk-close]").click()
    expect(phone.locator(PANEL)).to_be_hidden()


def test_address_leads_to_a_map_of_what_is_near(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/nabij?woning=1"))
    settle(page)
    expect(page.locator(".kk-reach-table")).to_be_visible()
    assert page.watch.errors == []  # type: ignore[attr-defined]
