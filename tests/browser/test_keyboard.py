# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person does without a mouse: the list, the map, forms with faults, and the queue in two keys an item."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .site import Site, log_in, number_in, settle

COUNT = ".kk-map-count"


def tab_until(page: Page, test: str, *, at_most: int = 60) -> None:
    """Press Tab until the element with the focus passes the test, an expression in JavaScript about `here`."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const here = document.activeElement; return Boolean({test}); }})()"):
            return
    raise AssertionError(f"no element with {test} within {at_most} times Tab")


def test_skip_link_is_seen_first_and_leads_past_the_menu(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/plekken"))
    page.keyboard.press("Tab")
    expect(page.locator(".kk-skip")).to_be_focused()
    expect(page.locator(".kk-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_focus_is_always_seen(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/plekken"))
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => {
              const here = document.activeElement, label = here.closest("label");
              return [here, label, ...(label?.children ?? [])].some(element => {
                const style = element && getComputedStyle(element);
                return style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
              });
            }"""
        )
        assert style, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_list_is_filtered_and_cleared_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/plekken"))
    total = number_in(page.locator(".kk-lead").inner_text())
    tab_until(page, "here.id === 'q'")
    page.keyboard.type("bibliotheek")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bibliotheek**")
    assert 0 < number_in(page.locator(".kk-lead").inner_text()) < total
    tab_until(page, "here.name === 'functie' && here.value === 'learn'")
    page.keyboard.press("Space")
    tab_until(page, "here.hasAttribute('data-kk-reset')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/plekken\??$"))
    assert number_in(page.locator(".kk-lead").inner_text()) == total


def test_list_is_sorted_by_keyboard_and_says_so(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/plekken?functie=eat"))
    page.get_by_role("link", name="Soort", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sorteer=soort**")
    assert "functie=eat" in page.url
    expect(page.locator("th[aria-sort]")).to_have_text("Soort")
    kinds = page.locator("td[data-label=Soort]").all_inner_texts()
    assert kinds == sorted(kinds, key=str.casefold)


def test_place_on_the_map_is_reached_and_opened_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/kaart?soort=library"))
    settle(page)
    page.locator(".kk-map-places button").first.wait_for(state="attached")
    tab_until(page, "here.closest('.kk-map-places')", at_most=80)
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    popup = page.locator(".kk-popup")
    expect(popup.get_by_role("heading")).to_have_text(name.rsplit(",", 1)[0])
    assert page.evaluate("document.activeElement.closest('#map-side') !== null")
    if not page.evaluate("document.activeElement.matches('.kk-popup-more')"):
        tab_until(page, "here.matches('.kk-popup-more')", at_most=4)
    page.keyboard.press("Enter")
    page.wait_for_url("**/plek/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(name.rsplit(",", 1)[0])


def test_map_moves_and_zooms_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/{study}/kaart"))
    settle(page)
    view = "() => ['lat', 'lon', 'z'].map(name => new URLSearchParams(location.search).get(name)).join()"
    tab_until(page, "here.matches('.maplibregl-canvas')", at_most=80)
    for key in ("ArrowUp", "ArrowLeft", "Equal", "Minus"):
        before = page.evaluate(view)
        page.keyboard.press(key)
        page.wait_for_function(f"before => ({view})() !== before", arg=before)
        page.wait_for_timeout(600)


def test_faults_of_a_form_get_the_focus_and_nothing_typed_is_lost(editor: Page, site: Site) -> None:
    editor.goto(site.address("/{study}/beheer/plek/nieuw"))
    typed = {"name": "Huiskamer De Proef", "street": "Kerkplein", "lat": "52,57", "opening_hours": "elke dag", "website": "geen adres"}
    for name, value in typed.items():
        editor.locator(f"#id_{name}").fill(value)
    editor.locator("#id_kind").select_option("community_centre")
    editor.locator("input[name=functions][value=meet]").check()
    editor.locator("#id_reason").focus()
    editor.keyboard.press("Enter")
    expect(editor.locator("#errors")).to_be_focused()
    assert editor.title().startswith("Fout:")
    links = editor.locator("#errors a")
    assert {href.get_attribute("href") for href in links.all()} >= {"#id_opening_hours", "#id_website", "#id_lon", "#id_reason"}
    assert {name: editor.locator(f"#id_{name}").input_value() for name in typed} == typed
    assert editor.locator("#id_kind").input_value() == "community_centre"
    assert editor.locator("input[name=functions][value=meet]").is_checked()
    editor.locator("#errors a[href='#id_opening_hours']").focus()
    editor.keyboard.press("Enter")
    expect(editor.locator("#id_opening_hours")).to_be_focused()


def test_wrong_password_says_so_and_keeps_the_name(page: Page, site: Site) -> None:
    page.goto(site.address("/inloggen"))
    page.locator("#id_username").fill("iemand")
    page.locator("#id_password").fill("verkeerd")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    assert page.locator("#id_username").input_value() == "iemand"
    assert page.locator("#id_password").input_value() == ""


def waiting(page: Page) -> int:
    return number_in(page.locator(".kk-lead").inner_text())


def test_queue_is_worked_with_one_key_an_item_and_one_key_undoes(page: Page, own_site: Site) -> None:
    log_in(page, own_site)
    page.goto(own_site.address("/{study}/beheer/?onderwerp=duplicate"))
    start = waiting(page)
    assert start >= 4
    for step, key in enumerate(("a", "r", "a"), start=1):
        page.keyboard.press(key)
        page.wait_for_url("**terug=**")
        expect(page.locator(".kk-lead")).to_contain_text(str(start - step))
        page.wait_for_load_state()
    assert page.locator("[data-current]").count() == 1
    page.keyboard.press("u")
    expect(page.locator(".kk-lead")).to_contain_text(str(start - 2))
    expect(page.locator("[role=status]", has_text="teruggedraaid")).to_be_visible()


def test_item_is_chosen_with_one_key_and_decided_with_the_next(page: Page, own_site: Site) -> None:
    log_in(page, own_site)
    page.goto(own_site.address("/{study}/beheer/?onderwerp=duplicate"))
    start, second = waiting(page), page.locator("[data-review-item]").nth(1).get_attribute("id")
    page.keyboard.press("j")
    expect(page.locator(f"#{second}")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator(".kk-lead")).to_contain_text(str(start - 1))
    assert page.locator(f"#{second}").count() == 0
