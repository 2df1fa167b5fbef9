# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map component alone: what a person does with mouse, keyboard and address bar."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

READY = "knoop-map[data-ready]"
COUNT = ".kk-map-count"


def open_map(page: Page, town: str, query: str = "") -> None:
    page.goto(f"{town}/kaart{query}")
    page.wait_for_selector(READY)


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_map_draws_without_an_error_and_under_the_content_security_policy(page: Page, town: str) -> None:
    open_map(page, town)
    assert page.watch.errors == []  # type: ignore[attr-defined]
    expect(page.locator(COUNT)).to_contain_text("plekken passen")
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("OpenStreetMap")


def test_axe_finds_nothing_on_the_map(page: Page, town: str, axe: Callable[[Page], list[str]]) -> None:
    open_map(page, town, "?vlak=aantal")
    assert axe(page) == []


def test_axe_finds_nothing_on_a_phone(phone: Page, town: str, axe: Callable[[Page], list[str]]) -> None:
    open_map(phone, town)
    assert axe(phone) == []


def test_nothing_scrolls_sideways_at_320_pixels(narrow: Page, town: str) -> None:
    open_map(narrow, town)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


def test_filter_works_at_once_and_the_address_bar_follows(page: Page, town: str) -> None:
    open_map(page, town)
    before = page.locator(COUNT).inner_text()
    page.get_by_label("Leren").check()
    expect(page.locator(COUNT)).not_to_have_text(before)
    assert query_of(page)["functie"] == ["learn"]
    expect(page.locator("[data-kk-filter-count]")).to_have_text("(1)")
    assert (page.get_by_role("link", name="Dezelfde plekken als lijst").get_attribute("href") or "").endswith("/plekken?functie=learn")


def test_address_bar_brings_the_same_map_back(page: Page, town: str) -> None:
    open_map(page, town)
    page.get_by_label("Nu open").check()
    page.locator("#soort").select_option("library")
    page.locator("#vlak").select_option("per1000")
    expect(page.locator(".kk-map-legend")).to_contain_text("Plekken per 1.000 inwoners")
    text, address = page.locator(COUNT).inner_text(), page.url
    page.goto(f"{town}/kaart")
    page.goto(address)
    page.wait_for_selector(READY)
    expect(page.locator(COUNT)).to_have_text(text)
    assert page.locator("#soort").input_value() == "library"
    assert page.get_by_label("Nu open").is_checked()
    assert page.locator("#vlak").input_value() == "per1000"


def test_search_ignores_accents_and_capitals(page: Page, town: str) -> None:
    open_map(page, town)
    page.get_by_label("Zoek op naam of adres").fill("DE EENHOORN 190 straat 191")
    expect(page.locator(COUNT)).to_have_text("1 plek past bij deze filters.")
    page.get_by_label("Zoek op naam of adres").fill("voorbéeldstraat 191,")
    expect(page.locator(COUNT)).to_have_text("1 plek past bij deze filters.")
    page.get_by_label("Zoek op naam of adres").fill("bestaat niet")
    expect(page.locator(COUNT)).to_have_text("Geen plek past bij deze filters.")


def test_clearing_the_filters_shows_everything_again(page: Page, town: str) -> None:
    open_map(page, town, "?functie=learn&q=bieb")
    page.get_by_role("link", name="Wis filters").click()
    expect(page.locator(COUNT)).to_have_text("276 plekken passen bij deze filters.")
    assert "functie" not in query_of(page)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def test_place_opens_and_closes_by_keyboard_alone(page: Page, town: str) -> None:
    open_map(page, town, "?q=eenhoorn&z=16.5&lat=52.03&lon=4.75")
    page.locator(".kk-map-places button").nth(1).wait_for(state="attached")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Tab")
    first = focused(page)
    page.keyboard.press("ArrowRight")
    name = focused(page)
    assert "Éénhoorn" in name
    assert name != first
    page.keyboard.press("Enter")
    popup = page.locator(".kk-popup")
    expect(popup.get_by_role("heading")).to_have_text(name.rsplit(",", 1)[0])
    assert page.evaluate("document.activeElement.closest('.maplibregl-popup') !== null")
    assert "/plek/" in (popup.get_by_role("link").get_attribute("href") or "")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert focused(page) == name


def test_places_are_one_stop_for_the_tab_key(page: Page, town: str) -> None:
    open_map(page, town)
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Tab")
    assert "zoom in" in focused(page) or "," in focused(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Inzoomen"


def test_cluster_zooms_in_by_keyboard(page: Page, town: str) -> None:
    open_map(page, town)
    cluster = page.locator(".kk-map-places button[aria-label*='dicht bij elkaar']").first
    cluster.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => parseFloat(new URLSearchParams(location.search).get('z')) > 13")


@pytest.mark.parametrize(("key", "name", "sign"), [("ArrowRight", "lon", 1), ("ArrowUp", "lat", 1), ("Equal", "z", 1), ("Minus", "z", -1)])
def test_arrows_and_plus_and_minus_move_the_map(page: Page, town: str, key: str, name: str, sign: int) -> None:
    open_map(page, town, "?z=14&lat=52.03&lon=4.75")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press(key)
    start = {"z": 14, "lat": 52.03, "lon": 4.75}[name]
    page.wait_for_function(
        "([name, start]) => Math.abs(parseFloat(new URLSearchParams(location.search).get(name)) - start) > 1e-4", arg=[name, start]
    )
    page.wait_for_timeout(500)
    assert sign * (float(query_of(page)[name][0]) - start) > 0


def test_unknown_wijk_is_hatched_and_named_in_the_legend(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=aantal")
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text("Onbekend")
    expect(legend.locator(".kk-swatch-unknown")).to_have_count(1)


def test_list_is_offered_where_the_map_cannot_be_drawn(page: Page, town: str) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{town}/kaart")
    expect(page.get_by_role("alert")).to_have_text("De kaart kan niet worden getoond.")


def test_failing_data_is_said(page: Page, town: str) -> None:
    page.route("**/places.json", lambda route: route.fulfill(status=404, body="{}"))
    page.goto(f"{town}/kaart")
    expect(page.get_by_role("alert")).to_have_text("De plekken konden niet worden opgehaald.")
