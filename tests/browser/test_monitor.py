# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor without a mouse, on a phone, and without scripts: an area is found, a group chosen, a map zoomed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .site import Site
from .test_keyboard import tab_until

GROUP = "origin_outside_europe"


def test_an_area_is_found_and_a_group_chosen_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/"))
    tab_until(page, "here.id === 'q'")
    page.keyboard.type(site.wijk)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/wijkmonitor/{site.wijk}")
    tab_until(page, f"here.href?.endsWith('?groep={GROUP}&andere=all')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**?groep={GROUP}&andere=all")
    expect(page.locator("#groups .kk-group-link[aria-current]")).to_have_count(1)
    expect(page.locator("#group-known")).to_be_visible()


def test_two_groups_are_put_beside_each_other_in_the_form(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}"))
    page.locator("#groep").select_option(GROUP)
    page.locator("#andere").select_option("origin_netherlands")
    page.locator(".kk-monitor-choose button").click()
    page.wait_for_url(f"**groep={GROUP}&andere=origin_netherlands")
    expect(page.locator("#figures")).to_contain_text("naast")


def test_the_wheel_is_a_named_picture_and_its_figures_are_in_tables(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}"))
    wheel = page.locator(".kk-wheel svg[role=img]")
    expect(wheel).to_have_count(1)
    expect(wheel).to_have_accessible_name(re.compile("Profiel van"))
    parts = [title.split(".")[0] for title in wheel.locator("g > title").all_text_contents() if re.match(r"\d+\. ", title)]
    rows = [key.removesuffix(".") for key in page.locator(".kk-monitor-table .kk-wheel-key").all_text_contents()]
    assert parts == rows != []


def test_a_part_of_the_wheel_leads_to_its_row_on_a_phone_too(phone: Page, site: Site) -> None:
    phone.goto(site.address("/wijkmonitor/{wijk}"))
    part = phone.locator(".kk-wheel [data-key]").last
    key = part.get_attribute("data-key")
    part.locator("path").first.dispatch_event("click")
    expect(phone.locator(f"#cijfer-{key}")).to_be_visible()
    expect(phone.locator(f"#cijfer-{key}")).to_be_in_viewport()


def test_one_zooms_from_a_municipality_to_its_buurten_and_back(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/kaart?niveau=wijk"))
    page.locator(".kk-map-table tbody a").first.click()
    page.wait_for_url(re.compile(r"/wijkmonitor/WK\w+/kaart"))
    expect(page.locator(".kk-monitor-map svg[role=img]")).to_have_count(1)
    expect(page.locator(".kk-map-table tbody tr")).not_to_have_count(0)
    page.locator(".kk-breadcrumb a").nth(1).click()
    page.wait_for_url(re.compile(r"/wijkmonitor/GM\w+$"))


def test_a_mouse_zooms_in_on_the_map_itself(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/kaart?niveau=wijk"))
    shape = page.locator(".kk-monitor-map [data-code]").first
    code = shape.get_attribute("data-code")
    shape.dispatch_event("click")
    page.wait_for_url(re.compile(rf"/wijkmonitor/{code}/kaart"))


def test_the_legend_of_the_map_is_told_once_in_letters_of_the_page(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/kaart?niveau=wijk"))
    expect(page.locator(".kk-shade-keys li").first).to_be_visible()
    expect(page.locator(".kk-monitor-map .kk-picture-legend").first).to_be_hidden()


@pytest.mark.parametrize("path", ["/kaart?niveau=wijk", "/vergelijk", "/trend"])
def test_letters_of_pictures_can_be_read_on_a_phone(phone: Page, site: Site, path: str) -> None:
    """As large as they come out on the screen; the smallest are numbers at an axis and at the bar of the scale."""
    phone.goto(site.address(f"/wijkmonitor/{{wijk}}{path}"))
    sizes = phone.eval_on_selector_all(
        "main svg.kk-picture text", "all => all.map(one => one.getBoundingClientRect().height).filter(Boolean)"
    )
    assert min(sizes, default=99) >= 6.5
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_another_area_is_added_to_a_comparison(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/vergelijk"))
    before = page.locator(".kk-map-table tbody tr").count()
    page.locator("#zoek").fill(site.buurt)
    page.locator(".kk-compare-form button").click()
    expect(page.locator(".kk-map-table tbody tr")).to_have_count(before + 1)


def test_one_ticks_the_few_areas_one_wants_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/vergelijk"))
    page.locator(".kk-compare-form summary").press("Enter")
    other = page.locator("input[name=gebied]:not([value='" + site.wijk + "'])").first
    other.press("Space")
    other.press("Enter")
    expect(page.locator(".kk-map-table tbody tr")).to_have_count(2)
    expect(page.locator(".kk-compare-form summary")).to_contain_text("nu 2 van")


def test_on_a_phone_themes_are_folded_and_open_with_a_tap(phone: Page, site: Site) -> None:
    phone.goto(site.address("/wijkmonitor/{wijk}"))
    theme = phone.locator("details.kk-theme-table").first
    expect(theme.locator("table")).to_be_hidden()
    theme.locator("summary").first.click()
    expect(theme.locator("table")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("path", ["", "?groep=" + GROUP, "/kaart", "/vergelijk"])
def test_without_scripts_everything_is_there(browser: Browser, site: Site, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address(f"/wijkmonitor/{{wijk}}{path}"))
    expect(page.locator("main table").first).to_be_visible()
    expect(page.locator("main svg[role=img]").first).to_be_visible()
    context.close()
