# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map page of the application: filters, address bar, search, shading, popups; the list says the same as the map."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .site import Site, number_in, read_json, settle

COUNT = ".kk-map-count"


def open_map(page: Page, site: Site, query: str = "", language: str = "nl") -> None:
    page.goto(site.address("/{study}/kaart", language) + query)
    settle(page)


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def listed(site: Site, query: str) -> list[dict[str, object]]:
    """Places with a point that the server lists for a query."""
    features = read_json(f"{site.url}/{site.slug}/download/places.geojson?{query}")["features"]
    return [item["properties"] for item in features if item["geometry"]]


def test_untouched_map_and_list_start_from_everything(page: Page, site: Site) -> None:
    open_map(page, site)
    for box in ("open", "rolstoel", "plekjes", "buren"):
        assert not page.locator(f"[name={box}]").is_checked(), box
    assert set(query_of(page)) <= {"z", "lat", "lon"}


def test_filter_changes_the_count_the_address_bar_and_the_link_to_the_list(page: Page, site: Site) -> None:
    open_map(page, site)
    before = number_in(page.locator(COUNT).inner_text())
    page.locator("[name=functie][value=learn]").check()
    expect(page.locator(COUNT)).not_to_contain_text(str(before))
    assert query_of(page)["functie"] == ["learn"]
    assert number_in(page.locator(COUNT).inner_text()) == len(listed(site, "functie=learn"))


def test_reload_brings_filters_shading_and_position_back(page: Page, site: Site) -> None:
    open_map(page, site)
    page.locator("#soort").select_option("cafe")
    page.locator("#vlak").select_option("aantal")
    page.locator(".maplibregl-ctrl-zoom-in").click()
    page.wait_for_timeout(800)
    text, address = page.locator(COUNT).inner_text(), page.url
    page.reload()
    settle(page)
    expect(page.locator(COUNT)).to_have_text(text)
    assert page.url == address
    assert page.locator("#soort").input_value() == "cafe"
    assert page.locator("#vlak").input_value() == "aantal"


def test_form_works_at_once_and_has_no_buttons_to_send_it(page: Page, site: Site) -> None:
    open_map(page, site)
    expect(page.locator("form#filters button:visible")).to_have_count(0)


def test_back_button_returns_to_the_same_map(page: Page, site: Site) -> None:
    open_map(page, site)
    page.locator("#soort").select_option("library")
    text = page.locator(COUNT).inner_text()
    page.locator("main a[data-kk-same-filters]").click()
    page.wait_for_url("**/plekken?soort=library**")
    page.go_back()
    settle(page)
    expect(page.locator(COUNT)).to_have_text(text)
    assert page.locator("#soort").input_value() == "library"


def test_search_needs_no_accents_on_the_map_nor_in_the_list(page: Page, site: Site) -> None:
    open_map(page, site)
    page.locator("#q").fill("CAFE de")
    expect(page.locator(COUNT)).not_to_have_text("")
    page.wait_for_url("**q=CAFE**")
    found = number_in(page.locator(COUNT).inner_text())
    names = [str(place["name"]) for place in listed(site, "q=cafe+de")]
    assert found == len(names)
    assert len([name for name in names if name.startswith("Café De")]) >= 5


@pytest.mark.parametrize(
    "query",
    ["", "functie=eat", "functie=eat&functie=learn", "soort=cafe&soort=library", "rolstoel=ja", "open=nu", "plekjes=ja", "buren=nee"],
)
def test_map_and_list_hold_the_same_places(page: Page, site: Site, query: str) -> None:
    open_map(page, site, f"?{query}")
    assert number_in(page.locator(COUNT).inner_text()) == len(listed(site, query))


def test_map_and_list_agree_on_a_wijk_and_on_what_is_closed(page: Page, site: Site) -> None:
    for query in (f"wijk={site.wijk}", "status=closed", "status=vacant", "archetype=living_room"):
        open_map(page, site, f"?{query}")
        assert number_in(page.locator(COUNT).inner_text()) == len(listed(site, query)) > 0, query


def test_wheelchair_filter_leaves_only_accessible_places(page: Page, site: Site) -> None:
    open_map(page, site)
    page.locator("[name=rolstoel]").check()
    page.wait_for_url("**rolstoel=ja**")
    places = listed(site, "rolstoel=ja")
    assert {place["wheelchair"] for place in places} == {"yes"}
    assert number_in(page.locator(COUNT).inner_text()) == len(places)


def test_popup_says_what_and_where_and_leads_to_the_page_of_the_place(page: Page, site: Site) -> None:
    open_map(page, site, "?soort=library")
    page.locator(".kk-map-places button").first.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".kk-popup")
    expect(popup).to_contain_text("Bibliotheek", ignore_case=True)
    popup.get_by_role("link").click()
    page.wait_for_url("**/plek/**")
    assert page.locator("h1").inner_text().startswith("Bibliotheek")


@pytest.mark.parametrize(("shading", "title"), [("aantal", "Aantal plekken"), ("per1000", "1.000 inwoners"), ("functie:eat", "functie")])
def test_wijken_are_shaded_and_the_legend_says_by_what(page: Page, site: Site, shading: str, title: str) -> None:
    open_map(page, site)
    page.locator("#vlak").select_option(shading)
    expect(page.locator(".kk-map-legend")).to_contain_text(title)
    assert page.locator(".kk-map-legend .kk-swatch").count() >= 2
    assert query_of(page)["vlak"] == [shading]


def test_map_speaks_english_on_an_english_page(page: Page, site: Site) -> None:
    open_map(page, site, "?vlak=aantal", "en")
    expect(page.locator(COUNT)).to_contain_text("places match these filters")
    expect(page.locator(".kk-map-legend")).to_contain_text("Number of places")
    page.locator(".kk-map-places button").first.wait_for(state="attached")
    assert "/en/" in page.locator("knoop-map").get_attribute("place-url")  # type: ignore[operator]


def test_map_is_in_the_first_screen_of_a_phone(phone: Page, site: Site) -> None:
    open_map(phone, site)
    phone.evaluate("window.scrollTo(0, 0)")
    box = phone.locator("knoop-map").bounding_box()
    assert box is not None
    assert box["y"] < 844 / 2, "the map starts in the upper half of the screen"
    assert min(box["y"] + box["height"], 844) - box["y"] > 844 / 3, "a third of the screen or more is map"


def test_map_of_a_study_without_anything_says_so(page: Page, site: Site) -> None:
    page.goto(site.address("/{empty}/kaart"))
    settle(page)
    expect(page.locator(COUNT)).to_contain_text("Geen plek")


def test_places_across_the_border_can_be_left_out(page: Page, site: Site) -> None:
    open_map(page, site)
    page.locator("[name=buren]").check()
    page.wait_for_url("**buren=nee**")
    assert number_in(page.locator(COUNT).inner_text()) == len(listed(site, "buren=nee"))


def test_wijk_that_the_sources_do_not_cover_is_unknown_and_hatched(page: Page, delft: Site) -> None:
    open_map(page, delft, "?vlak=aantal")
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text("Onbekend")
    expect(legend.locator(".kk-swatch-unknown")).to_have_count(1)
    areas = read_json(f"{delft.url}/delft/data/areas.json")["features"]
    states = [area["properties"]["coverage"] for area in areas if area["properties"]["level"] == "wijk"]
    assert states.count("unknown") == 8
    assert all(area["properties"]["nodes"] is None for area in areas if area["properties"]["coverage"] == "unknown")


def test_wijk_that_the_sources_hold_partly_is_coloured_and_hatched_and_says_at_least(page: Page, delft: Site) -> None:
    areas = read_json(f"{delft.url}/delft/data/areas.json")["features"]
    partial = [area["properties"] for area in areas if area["properties"]["level"] == "wijk" and area["properties"]["found"]]
    assert partial
    assert all(area["nodes"] is None and area["per1000"] is None for area in partial)
    wijk = max(partial, key=lambda area: area["found"])
    open_map(page, delft, f"?vlak=aantal&soort=library&wijk={wijk['code']}")
    legend = page.locator(".kk-map-legend")
    expect(legend).to_contain_text("minstens dit aantal")
    expect(legend.locator(".kk-swatch")).not_to_have_count(0)
    expect(legend.locator(".kk-swatch-bound")).to_have_count(1)
    words = f"minstens {wijk['found']}"
    assert any(words in text for text in popups(page)), words
    page.locator("#vlak").select_option("per1000")
    expect(legend).to_contain_text("Onbekend")
    expect(legend.locator(".kk-swatch-bound")).to_have_count(0)


def popups(page: Page) -> Iterator[str]:
    """What the map says when one clicks here and there."""
    canvas = page.locator("knoop-map canvas")
    box = canvas.bounding_box()
    assert box is not None
    for across, up in ((x / 10, y / 10) for y in range(3, 8) for x in range(4, 9)):
        canvas.click(position={"x": box["width"] * across, "y": box["height"] * up})
        popup = page.locator(".kk-popup")
        if popup.count():
            yield popup.last.inner_text().replace("\xa0", " ")
            page.keyboard.press("Escape")


def test_several_kinds_stand_in_the_form_of_the_map_and_of_the_list(page: Page, site: Site) -> None:
    query = "soort=cafe&soort=library"
    open_map(page, site, f"?{query}")
    selected = "select => [...select.selectedOptions].map(option => option.value)"
    assert sorted(page.locator("#soort").evaluate(selected)) == ["cafe", "library"]
    assert sorted(query_of(page)["soort"]) == ["cafe", "library"]
    page.locator("#soort").select_option(["cafe"])
    expect(page.locator(COUNT)).to_contain_text(str(len(listed(site, "soort=cafe"))))
    page.goto(site.address("/{study}/plekken") + f"?{query}")
    page.locator("form#filters").get_by_role("button").first.click()
    page.wait_for_url("**/plekken?q=&**")
    assert sorted(query_of(page)["soort"]) == ["cafe", "library"]


def test_partly_covered_wijk_says_at_least_and_an_uncovered_one_unknown(page: Page, delft: Site) -> None:
    page.goto(delft.address("/delft/"))
    rows = page.locator("table", has_text="Dekking").locator("tbody tr")
    texts = [text.replace("\xa0", " ") for text in rows.all_inner_texts()]
    partial = [text for text in texts if "deels" in text.lower() or "gedeelte" in text.lower() or "rand" in text.lower()]
    assert partial
    assert any("minstens" in text for text in partial)
    assert len([text for text in texts if "onbekend" in text.lower() and "minstens" not in text]) >= 8
    expect(page.locator(".kk-statement")).to_contain_text("Waarschijnlijk zijn er meer")


@pytest.mark.parametrize("path", ["/{study}/kaart", "/{study}/plekken"])
def test_filters_are_closed_on_a_phone_and_open_on_a_desktop(page: Page, phone: Page, site: Site, path: str) -> None:
    for seen, stands_open in ((page, True), (phone, False)):
        seen.goto(site.address(path))
        expect(seen.locator("#q")).to_be_visible()
        expect(seen.locator("details[data-kk-narrow-closed] #soort")).to_be_visible(visible=stands_open)


def test_link_to_the_list_finds_the_same_places(page: Page, site: Site) -> None:
    """The list has digital places too, which have no point: a filter on a kind that is never digital compares the two."""
    open_map(page, site, "?soort=library")
    on_map = number_in(page.locator(COUNT).inner_text())
    page.locator("main a[data-kk-same-filters]").first.click()
    page.wait_for_url("**/plekken?soort=library*")
    assert number_in(page.locator(".kk-lead").inner_text()) == on_map
