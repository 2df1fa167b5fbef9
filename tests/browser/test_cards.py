# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cards on a phone: six languages and two directions, by keyboard, without scripts; and links made by who runs the place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .loading import run
from .site import Site, log_in
from .test_keyboard import tab_until

LANGUAGES = ("nl", "en", "tr", "ar", "pl", "uk")
languages = pytest.mark.parametrize("language", LANGUAGES)
NARROW = {"width": 320, "height": 640}
#: Links to a card and to the questions for residents, with all that may be asked.
MAKE_LINKS = """
import django, json, sys
django.setup()
from knopenkaart_web.accounts.models import User
from knopenkaart_web.cards import actions
from knopenkaart_web.cards.models import today
actor, slug, place = User.objects.get(username=sys.argv[1]), sys.argv[2], sys.argv[3]
period = {"name": "proef", "first_day": today(), "last_day": today()}
actions.choose_switches(actor, slug, dimensions=["household", "origin", "education"], open_survey=True)
card = actions.make_card_link(actor, slug, place, **period)
home = actions.make_resident_link(actor, slug, wijk_code="", **period)
print(json.dumps([f"/kaartje/{card}", f"/bewoners/{home}"]))
"""
COUNT_CARDS = """
import django
django.setup()
from knopenkaart_web.cards.models import Card
print(Card.objects.count())
"""


@pytest.fixture(scope="module")
def links(own_environment: dict[str, str], own_site: Site) -> list[str]:
    """The addresses of a card and of the questions for residents."""
    return list(json.loads(run(own_environment, "-c", MAKE_LINKS, own_site.editor, own_site.slug, own_site.places["library"])))


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    """A phone in which scripts are off."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def wide(page: Page) -> int:
    """How many pixels a page of 320 px scrolls sideways."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.wait_for_timeout(50)
    return int(page.evaluate("document.documentElement.scrollWidth")) - NARROW["width"]


@languages
@pytest.mark.parametrize("which", ["card", "residents", "paper", "thanks"])
def test_page_is_right_in_every_language(
    phone: Page, own_site: Site, links: list[str], axe: Callable[[Page], list[str]], language: str, which: str
) -> None:
    card, home = links
    path = {"card": card, "residents": home, "paper": f"{card}/papier", "thanks": f"{card}/bedankt"}[which]
    phone.goto(f"{own_site.url}{path}?taal={language}")
    assert axe(phone) == []
    assert phone.watch.errors == []  # type: ignore[attr-defined]
    assert wide(phone) <= 0


@languages
def test_faults_are_right_in_every_language(
    phone: Page, own_site: Site, links: list[str], axe: Callable[[Page], list[str]], language: str
) -> None:
    phone.goto(f"{own_site.url}{links[0]}?taal={language}")
    phone.locator("#id_frequency").fill("40")
    phone.locator("#id_postcode").fill("12")
    phone.locator(".kk-ask-send").click()
    expect(phone.locator("#errors")).to_be_focused()
    expect(phone.locator("#id_frequency")).to_have_value("40")
    assert axe(phone) == []
    assert wide(phone) <= 0


def test_arabic_runs_from_right_to_left(phone: Page, own_site: Site, links: list[str]) -> None:
    left: dict[str, list[float]] = {}
    for language in ("nl", "ar"):
        phone.goto(f"{own_site.url}{links[0]}?taal={language}")
        boxes = [phone.locator(".kk-ask-question--regular .kk-ask-option").nth(number).bounding_box() for number in range(2)]
        left[language] = [box["x"] for box in boxes if box]
    assert left["nl"][0] < left["nl"][1]
    assert left["ar"][0] > left["ar"][1]
    legend = phone.locator(".kk-ask-question legend").first.evaluate("here => getComputedStyle(here).direction")
    assert legend == "rtl"
    ink = phone.locator(".kk-ask-number").first.bounding_box()
    assert ink is not None
    assert ink["x"] > 195, "the number of a question stands at the right"


def test_card_is_filled_in_by_keyboard_alone(page: Page, own_site: Site, own_environment: dict[str, str], links: list[str]) -> None:
    before = int(run(own_environment, "-c", COUNT_CARDS))
    page.goto(f"{own_site.url}{links[0]}?taal=nl")
    tab_until(page, "here.id === 'id_frequency'")
    page.keyboard.type("8")
    tab_until(page, "here.name === 'regular'")
    page.keyboard.press("Space")
    tab_until(page, "here.id === 'id_postcode'")
    page.keyboard.type("2611")
    tab_until(page, "here.name === 'recognise'")
    page.keyboard.press("ArrowDown")
    tab_until(page, "here.id === 'id_avoid'")
    page.keyboard.type("Na tienen")
    tab_until(page, "here.tagName === 'BUTTON'")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Dank u wel")
    assert int(run(own_environment, "-c", COUNT_CARDS)) == before + 1


def test_card_needs_no_script(without_scripts: Page, own_site: Site, links: list[str]) -> None:
    without_scripts.goto(f"{own_site.url}{links[0]}?taal=en")
    without_scripts.locator("#id_frequency").fill("3")
    without_scripts.locator("label", has_text="It varies").click()
    without_scripts.locator(".kk-ask-send").click()
    expect(without_scripts.locator("h1")).to_have_text("Thank you")


def test_language_is_chosen_on_the_card(phone: Page, own_site: Site, links: list[str]) -> None:
    phone.goto(f"{own_site.url}{links[0]}")
    expect(phone.locator("html")).to_have_attribute("lang", "nl")
    phone.get_by_role("link", name="العربية").click()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    phone.locator("#id_frequency").fill("2")
    phone.locator(".kk-ask-send").click()
    expect(phone.locator("h1")).to_have_text("شكرًا لك")


def test_who_runs_a_place_makes_a_link_and_types_over_paper(page: Page, own_site: Site, axe: Callable[[Page], list[str]]) -> None:
    log_in(page, own_site)
    page.goto(own_site.address("/{study}/plek/{library}/kaartjes"))
    page.locator("#id_name").fill("balie")
    page.get_by_role("button", name="Maak een link").click()
    expect(page.locator(".kk-ask-code svg")).to_be_visible()
    assert axe(page) == []
    assert wide(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Papieren kaartjes overtypen").click()
    page.locator("#id_frequency").fill("5")
    assert axe(page) == []
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator(".utrecht-alert--ok")).to_be_visible()
    page.goto(own_site.address("/{study}/beheer/bewoners"))
    assert axe(page) == []
    assert wide(page) <= 0


@pytest.mark.parametrize("language", ["nl", "ar", "pl"])
def test_card_fits_on_two_sheets(page: Page, own_site: Site, links: list[str], language: str, tmp_path: Path) -> None:
    page.goto(f"{own_site.url}{links[0]}/papier?taal={language}")
    printed = page.pdf(format="A4", path=tmp_path / "kaartje.pdf")
    assert 1 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 2
