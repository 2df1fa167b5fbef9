# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""On the map: click a place and see who can come, click a home and see what is near; the panel says what the page says."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from shapely.geometry import shape

from .site import Site, read_json, settle

PANEL = "#map-side"
EARTH_M = 40_075_016.7
TILE_PX = 512
#: How many pixels of a picture are tinted by the ground within reach.
PURPLE = """async text => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at + 1] < Math.min(data[at], data[at + 2]) - 4) count += 1;
  return count;
}"""
#: The colours of the swatches in a table of so many bands.
SWATCHES = """(table, bands) => {
  const body = table.tBodies[0];
  const row = body.rows[0];
  body.replaceChildren(...Array.from({length: bands}, () => row.cloneNode(true)));
  return [...body.querySelectorAll(".kk-band")].map(swatch => getComputedStyle(swatch).backgroundColor);
}"""


def cells(table: Locator) -> list[str]:
    """The cells of a table as they are read."""
    return [" ".join(text.split()) for text in table.locator("th, td").all_inner_texts()]


def open_library(page: Page, site: Site, language: str = "nl") -> None:
    """Open the map of libraries and choose the first by keyboard."""
    page.goto(site.address("/{study}/kaart?soort=library", language))
    settle(page)
    page.locator(".kk-map-places button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{PANEL} .kk-bands-table")).to_have_count(1)


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


def without_basemap(page: Page) -> None:
    """Serve the map page without its tiles, so that nothing but the ground within reach is purple."""

    def strip(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("tiles-url=", "data-no-tiles="))

    page.route("**/kaart?*", strip)


def stand_still(page: Page) -> None:
    """Wait until the map does not move any more."""
    before = ""
    while before != page.url:
        before = page.url
        page.wait_for_timeout(700)


def drawn_m2(page: Page) -> float:
    """How much ground is drawn on the screen as within reach, from the pixels in which green is the weakest; nothing may lie over it."""
    page.locator(".kk-map-legend, .kk-map-count, .maplibregl-control-container").evaluate_all(
        "all => all.forEach(one => one.hidden = true)"
    )
    picture = page.locator("knoop-map .maplibregl-canvas").screenshot()
    pixels = page.evaluate(PURPLE, base64.b64encode(picture).decode())
    place = {name: float(values[0]) for name, values in parse_qs(urlsplit(page.url).query).items() if name in ("z", "lat")}
    metres = EARTH_M * math.cos(math.radians(place["lat"])) / (TILE_PX * 2 ** place["z"])
    return float(pixels) * metres**2


def told_m2(site: Site, place: str, mode: str) -> float:
    """The largest ground that the server gives."""
    features = read_json(f"{site.url}/{site.slug}/data/bereik/{place}.json")["features"]
    largest = shape(next(item["geometry"] for item in features if item["properties"]["mode"] == mode))
    degree = EARTH_M / 360
    return float(largest.area) * degree**2 * math.cos(math.radians(largest.centroid.y))


def test_ground_within_reach_is_drawn_and_bicycles_come_from_farther(page: Page, site: Site) -> None:
    without_basemap(page)
    open_library(page, site)
    place = page.locator("knoop-map[data-reach]").get_attribute("data-reach") or ""
    stand_still(page)
    on_foot = drawn_m2(page)
    assert on_foot == pytest.approx(told_m2(site, place, "walk"), rel=0.12)
    page.get_by_label("met de fiets").check()
    stand_still(page)
    by_bicycle = drawn_m2(page)
    assert by_bicycle == pytest.approx(told_m2(site, place, "cycle"), rel=0.12)
    assert by_bicycle > 2 * on_foot
    assert page.watch.errors == []  # type: ignore[attr-defined]


def failing(page: Page, address: str, status: int | None) -> None:
    page.route(address, lambda route: route.fulfill(status=status, body="{}") if status else route.abort())


def faults(page: Page) -> list[str]:
    """What went wrong in scripts; that something could not be fetched is what the test itself did."""
    page.watch.failed.clear()  # type: ignore[attr-defined]
    return [text for text in page.watch.errors if "Failed to load resource" not in text]  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [500, None])
def test_panel_says_that_the_ground_could_not_be_fetched(page: Page, site: Site, status: int | None) -> None:
    failing(page, "**/data/bereik/*.json", status)
    open_library(page, site)
    expect(page.locator(f"{PANEL} [role=alert]")).to_contain_text("Het gebied kon niet worden opgehaald")
    expect(page.locator(f"{PANEL} .kk-bands-table")).to_be_visible()
    assert page.locator("knoop-map[data-reach]").count() == 0
    assert faults(page) == []


@pytest.mark.parametrize("status", [500, None])
def test_panel_says_that_what_is_near_could_not_be_fetched(page: Page, site: Site, status: int | None) -> None:
    failing(page, "**/nabij?*deel*", status)
    click_ground(page, site)
    expect(page.locator(f"{PANEL} [role=alert]")).to_contain_text("Dit kon niet worden opgehaald")
    assert faults(page) == []


def test_small_map_without_a_panel_says_that_the_ground_could_not_be_fetched(page: Page, site: Site) -> None:
    failing(page, "**/data/bereik/*.json", None)
    page.goto(site.address("/{study}/plek/{library}"))
    settle(page)
    expect(page.locator("knoop-map [role=alert]")).to_contain_text("Het gebied kon niet worden opgehaald")
    assert faults(page) == []


def test_panel_is_told_in_one_line_and_not_read_out_whole(page: Page, site: Site) -> None:
    open_library(page, site)
    status = page.locator(f"{PANEL} [role=status]")
    expect(status).to_contain_text("de cijfers staan er")
    name = page.locator(f"{PANEL} h2").first.inner_text()
    assert status.inner_text().startswith(name)
    assert page.locator(f"{PANEL} [aria-live]").count() == 0
    assert page.locator(f"{PANEL} [role=status] :is(table, ul, p)").count() == 0


@pytest.mark.parametrize("bands", [1, 2, 3, 4, 5, 6])
def test_swatches_are_as_dark_as_the_ground_for_any_number_of_bands(page: Page, site: Site, bands: int) -> None:
    open_library(page, site)
    shown = page.locator(f"{PANEL} .kk-bands-table").evaluate(SWATCHES, bands)
    red = [float(re.findall(r"[\d.]+", text.removeprefix("color(srgb"))[0]) * (1 if "srgb" in text else 1 / 255) for text in shown]
    stacked = [1 - 0.84 ** (bands - row) for row in range(bands)]
    assert red == pytest.approx([1 - part * (1 - 0x6A / 255) for part in stacked], abs=0.01)


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
    click_ground(page, site, "&vlak=zonder:work&groep=age_65_plus&hoe=cycle")
    for text in ("Bewoners zonder plek dichtbij", "binnen 10 minuten", "65 jaar en ouder", "met de fiets"):
        expect(page.locator(f"{PANEL} .kk-popup")).to_contain_text(text)
    expect(page.locator(f"{PANEL} [data-kk-home]")).to_be_visible()


@pytest.mark.parametrize(
    ("shading", "title"),
    [
        ("minuten:eat", "Minuten naar de dichtstbijzijnde: eten en drinken"),
        ("zonder:work", "Bewoners zonder plek dichtbij: werken en doen"),
        ("keuze", "Aantal plekken dichtbij"),
        ("perplek:eat", "Bewoners per plek: eten en drinken"),
        ("open", "Iets open dichtbij: maandagochtend"),
    ],
)
def test_areas_are_shaded_by_any_measure_of_reach(page: Page, site: Site, shading: str, title: str) -> None:
    page.goto(site.address("/{study}/kaart"))
    settle(page)
    page.locator("#vlak").select_option(shading)
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text(title)
    expect(legend).to_contain_text("Wie: iedereen. Hoe: lopend. Per wijk.")
    expect(legend).to_contain_text("Berekend op")
    expect(legend).to_contain_text("Bronnen: ")
    assert page.locator(".kk-map-legend .kk-swatch").count() >= 2


def test_map_tells_of_the_group_the_minutes_and_the_bicycle_that_were_chosen_and_a_reload_keeps_them(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/kaart"))
    settle(page)
    for name, value in {"vlak": "zonder:culture", "groep": "age_65_plus", "minuten": "5", "hoe": "cycle", "niveau": "buurt"}.items():
        page.locator(f"#{name}").select_option(value)
    told = ["heeft binnen 5 minuten", "Wie: 65 jaar en ouder. Hoe: met de fiets. Per buurt."]
    for _ in range(2):
        for text in told:
            expect(page.locator(".kk-map-legend")).to_contain_text(text)
        page.reload()
        settle(page)


def test_map_says_of_each_wijk_what_the_table_says(page: Page, site: Site) -> None:
    choice = "groep=age_65_plus&minuten=5&hoe=walk"
    page.goto(site.address(f"/{{study}}/bereik?wat=work&{choice}"))
    rows = page.locator("section[aria-labelledby=gaps] tbody tr").all()
    table = {row.locator("a").inner_text(): cells(row) for row in rows}
    areas = read_json(f"{site.url}/{site.slug}/data/bereik.json?meting=zonder&wat=work&{choice}")["areas"]
    shapes = read_json(f"{site.url}/{site.slug}/data/areas.json")["features"]
    for item in shapes:
        told = areas[item["properties"]["code"]]
        if told["value"]:
            assert f"{told['value']} %" in " ".join(table[item["properties"]["name"]]).replace("\xa0", " ")


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
    page.locator("#vlak").select_option("minuten:worship")
    expect(legend).to_contain_text("Minuten naar de dichtstbijzijnde")
    areas = read_json(f"{delft.url}/delft/data/bereik.json?meting=minuten&wat=worship")["areas"]
    bounds = [area for code, area in areas.items() if code.startswith("WK") and not area["complete"] and area["value"] is not None]
    expect(legend.locator(".kk-swatch-bound")).to_have_count(1 if bounds else 0)


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
