# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map component alone: what a person does with mouse, keyboard and address bar."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

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


def legend_rows(page: Page) -> list[str]:
    """What the legend says beside each colour or pattern of the areas or homes."""
    return [text.lower() for text in page.locator(".kk-map-legend-body > ul > li").all_inner_texts()]


def visible_details(page: Page) -> set[str | None]:
    """Which further choices the form shows."""
    return {field.get_attribute("data-kk-detail") for field in page.locator("[data-kk-detail]:visible").all()}


@pytest.mark.parametrize(
    ("shading", "shown"),
    [
        ("", set()),
        ("aantal", {"niveau"}),
        ("minuten:eat", {"groep", "hoe", "niveau"}),
        ("zonder:eat", {"groep", "minuten", "hoe", "niveau"}),
        ("keuze", {"groep", "hoe", "niveau"}),
        ("perplek:eat", {"groep", "niveau"}),
        ("open", {"dagdeel", "niveau"}),
    ],
)
def test_form_shows_only_the_choices_that_matter(page: Page, town: str, shading: str, shown: set[str]) -> None:
    open_map(page, town)
    page.locator("#vlak").select_option(shading)
    expect(page.locator("[data-kk-detail]:visible")).to_have_count(len(shown))
    assert visible_details(page) == shown


def test_measure_is_told_fully_with_its_date_and_sources(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=zonder:eat&groep=age_65_plus&minuten=5&hoe=cycle")
    legend = page.locator(".kk-map-legend")
    for text in ("zonder plek dichtbij: Eten", "binnen 5 minuten", "65 jaar en ouder", "met de fiets", "Per wijk"):
        expect(legend).to_contain_text(text)
    expect(legend).to_contain_text("Berekend op 26 november 2026.")
    expect(legend).to_contain_text("Bronnen: Verzonnen (2026).")
    expect(legend).not_to_contain_text("Niet actueel")
    assert visible_details(page) == {"groep", "minuten", "hoe", "niveau"}


def test_what_lies_beyond_the_numbers_has_its_own_row_and_a_bound_is_hatched(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=zonder:eat")
    assert legend_rows(page) == [
        "bijna niemand",
        "7 %",
        "10 %",
        "15 %",
        "bijna iedereen",
        "gestreept: hoogstens dit",
        "onbekend: de bron dekt te weinig, of er wonen te weinig mensen",
    ]
    for name in ("low", "high", "bound", "unknown"):
        expect(page.locator(f".kk-map-legend .kk-swatch-{name}")).to_have_count(1)


def test_bounds_of_what_is_open_are_at_least(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=open:su_evening")
    expect(page.locator(".kk-map-legend")).to_contain_text("Iets open dichtbij: zondagavond")
    assert page.locator("#dagdeel").input_value() == "su_evening"
    assert "gestreept: minstens dit" in legend_rows(page)


def test_choices_stand_in_the_address_only_where_they_matter_and_are_unusual(page: Page, town: str) -> None:
    open_map(page, town)
    page.locator("#vlak").select_option("zonder:eat")
    page.locator("#groep").select_option("age_65_plus")
    page.locator("#minuten").select_option("5")
    page.wait_for_url("**minuten=5**")
    query = query_of(page)
    assert (query["vlak"], query["groep"], query["minuten"]) == (["zonder:eat"], ["age_65_plus"], ["5"])
    assert "hoe" not in query
    page.locator("#vlak").select_option("perplek:eat")
    page.wait_for_url(lambda address: "minuten" not in address)
    assert query_of(page)["groep"] == ["age_65_plus"]
    page.get_by_role("link", name="Wis filters").click()
    page.wait_for_url(lambda address: "vlak" not in address and "groep" not in address)
    assert page.locator("#groep").input_value() == "all"


def test_value_that_is_not_offered_falls_back_on_the_usual(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=zonder:eat&groep=martians&minuten=7&hoe=teleport&niveau=straat")
    assert [page.locator(f"#{name}").input_value() for name in ("groep", "minuten", "hoe", "niveau")] == ["all", "10", "walk", ""]
    expect(page.locator(".kk-map-legend")).to_contain_text("iedereen")


def test_buurten_are_shaded_where_asked_for(page: Page, town: str) -> None:
    open_map(page, town, "?vlak=zonder:eat")
    page.locator("#niveau").select_option("buurt")
    expect(page.locator(".kk-map-legend")).to_contain_text("Per buurt")
    assert query_of(page)["niveau"] == ["buurt"]
    assert legend_rows(page) == ["3 %", "onbekend: de bron dekt te weinig, of er wonen te weinig mensen"]
    page.locator("#vlak").select_option("aantal")
    expect(page.locator(".kk-map-legend")).to_contain_text("Aantal plekken per buurt")


def look_at(page: Page, town: str, query: str, column: float, row: float) -> str:
    """What the map says of its middle: columns from the west and rows from the south, in sixths and quarters of the town."""
    open_map(page, town, f"{query}&z=16&lat={52.00 + 0.06 * row / 4}&lon={4.70 + 0.1 * column / 6}")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    return page.locator(".kk-popup").inner_text().replace("\xa0", " ")


def test_popup_tells_the_figure_whom_it_is_about_and_why_it_is_unknown(page: Page, town: str) -> None:
    query = "?vlak=zonder:eat&q=bestaatniet"
    known = look_at(page, town, query, 0.7, 0.8)
    assert "Bewoners zonder plek dichtbij: Eten en drinken: 10 %" in known
    assert "binnen 10 minuten" in known
    assert "iedereen" in known
    assert "hoogstens 7 %" in look_at(page, town, query, 5.3, 0.8)
    assert "bijna niemand" in look_at(page, town, query, 0.7, 3.2)
    assert "bijna iedereen" in look_at(page, town, query, 2.7, 3.2)
    assert "te weinig mensen" in look_at(page, town, query, 5.3, 3.2)


@pytest.mark.parametrize(
    ("query", "address", "words"),
    [
        ("?vlak=zonder:eat", "**/bereik.json*", "De cijfers konden niet worden opgehaald."),
        ("?vlak=aantal&niveau=buurt", "**/areas.json?niveau=buurt", "De gebieden konden niet worden opgehaald."),
        ("?vlak=aantal", "**/areas.json", "De gebieden konden niet worden opgehaald."),
        ("?woningen=eat", "**/woningen.json", "De woningen konden niet worden opgehaald."),
    ],
)
@pytest.mark.parametrize("status", [404, None])
def test_what_fails_is_said_by_its_name_and_the_places_stay(
    page: Page, town: str, query: str, address: str, words: str, status: int | None
) -> None:
    page.route(address, lambda route: route.fulfill(status=status, body="{}") if status else route.abort())
    open_map(page, town, query)
    expect(page.get_by_role("alert")).to_have_text(words)
    expect(page.locator(COUNT)).to_contain_text("plekken passen")
    assert [text for text in page.watch.errors if "Failed to load" not in text] == []  # type: ignore[attr-defined]


def test_failed_figures_are_fetched_anew_when_chosen_again(page: Page, town: str) -> None:
    page.route("**/bereik.json*", lambda route: route.abort())
    open_map(page, town, "?vlak=zonder:eat")
    expect(page.get_by_role("alert")).to_have_count(1)
    page.unroute("**/bereik.json*")
    page.locator("#vlak").select_option("")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("#vlak").select_option("zonder:eat")
    expect(page.locator(".kk-map-legend")).to_contain_text("Bewoners zonder plek dichtbij")


@pytest.mark.parametrize(("told", "words"), [("stale", "daarna veranderd"), ("failed", "opnieuw berekenen is niet gelukt")])
def test_figures_that_are_not_up_to_date_say_so(page: Page, town: str, told: str, words: str) -> None:
    def change(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), told: True})

    page.route("**/bereik.json*", change)
    open_map(page, town, "?vlak=minuten:eat")
    expect(page.locator(".kk-map-legend")).to_contain_text(words)


def test_homes_of_which_the_sources_lack_something_are_rings(page: Page, town: str) -> None:
    open_map(page, town, "?woningen=eat")
    assert legend_rows(page) == [
        "binnen 5 min",
        "binnen 10 min",
        "binnen 15 min",
        "meer dan 15 min",
        "open rondje: hoogstens zoveel minuten",
        "grijs rondje: onbekend",
    ]
    legend = page.locator(".kk-map-legend")
    expect(legend.locator(".kk-swatch-ring")).to_have_count(2)
    for text in ("Berekend op 25 november 2026.", "Niet actueel", "Bronnen: Adressen (2026)."):
        expect(legend).to_contain_text(text)


@pytest.mark.parametrize("query", ["?vlak=zonder:eat&woningen=eat", "?vlak=open:su_evening&niveau=buurt"])
def test_axe_finds_nothing_on_a_map_of_reach(page: Page, town: str, axe: Callable[[Page], list[str]], query: str) -> None:
    open_map(page, town, query)
    assert axe(page) == []
