# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in a browser: axe finds nothing, nothing scrolls sideways, and sliders draw the lines anew, by keyboard too."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from knopenkaart.publish.meeting_file import NAME
from tests.knopenkaart_web import met

from .loading import run
from .serving import copy_site, serve
from .site import Site
from .test_keyboard import tab_until

RECORD = """
import django, sys
django.setup()
from django.utils import timezone
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.same import key
study = Study.objects.get(slug=sys.argv[1])
told = {"key": key("meeting", {}, study), "revision": study.revision, "state": "done", "ended": timezone.now()}
Run.objects.create(pk=sys.argv[2], study=study, kind="meeting", result_path=sys.argv[3], **told)
from datetime import date
from knopenkaart_web.visits.models import Release, Round
asked = Round.objects.create(place_id=sys.argv[4], name="Najaar", starts=date(2023, 10, 2), ends=date(2023, 10, 29), state="closed")
answers = [{"answer": "1_2", "cards": 20}, {"answer": "3_5", "cards": 30}, {"answer": "6_10", "cards": None}]
figures = {"cards": {"cards": 60, "questions": {"recognise": answers}}}
Release.objects.create(place_id=sys.argv[4], round=asked, figures=figures, state="public")
"""
PAGES = {
    "who meets whom": "/{study}/ontmoeting?groep=age_65_plus&tabel=ratio",
    "one place": "/{study}/plek/{library}/ontmoeting",
    "how many places": "/{study}/ontmoeting/kromme?frequentie=1.5&keer=5&aantal=1&programma=fixed",
    "what it is not": "/{study}/ontmoeting/twijfel",
    "measured": "/{study}/ontmoeting/gemeten",
    "how it is reckoned": "/{study}/ontmoeting/uitleg",
}


@pytest.fixture(scope="module")
def met_site(environment: dict[str, str], site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The served example of which it was reckoned: the invented numbers of Kleindorp, at places of the example."""
    own = copy_site(environment, tmp_path_factory.mktemp("met") / "data")
    number = str(uuid.uuid4())
    path = f"{site.slug}/{number}/{NAME}"
    target = Path(own["KNOPENKAART_DATA_DIR"]) / "results" / path
    target.parent.mkdir(parents=True)
    met.write(target, met.ABOUT, at_places_of(site))
    run(own, "-c", RECORD, site.slug, number, path, site.places["library"])
    with serve(own) as address:
        yield replace(site, url=address)


def at_places_of(site: Site) -> dict[str, list[dict[str, object]]]:
    """The tables of Kleindorp with places and an area of the example."""
    text = json.dumps(met.tables())
    for old, new in ((met.LIBRARY, "library"), (met.CENTRE, "counted"), (met.CAFE, "cafe")):
        text = text.replace(old, site.places[new])
    found: dict[str, list[dict[str, object]]] = json.loads(text.replace(met.NOORD, site.wijk))
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, met_site: Site, axe: Callable[[Page], list[str]], name: str, language: str) -> None:
    page.goto(met_site.address(PAGES[name], language))
    assert axe(page) == []
    assert page.watch.errors == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_at_320_px(narrow: Page, met_site: Site, name: str) -> None:
    narrow.goto(met_site.address(PAGES[name]))
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


def test_answers_stand_beside_the_model_in_a_picture_for_each_width(page: Page, narrow: Page, met_site: Site) -> None:
    for shown, hidden, at in ((".kk-meeting-wide", ".kk-meeting-narrow", page), (".kk-meeting-narrow", ".kk-meeting-wide", narrow)):
        at.goto(met_site.address(PAGES["measured"]))
        expect(at.locator(f"#beside ~ figure {shown} svg")).to_be_visible()
        expect(at.locator(f"#beside ~ figure {hidden} svg")).to_be_hidden()
        assert "model 3,0" in (at.locator(f"#beside ~ figure {shown} svg").text_content() or "")


def test_the_map_of_places_has_a_drawing_for_each_width(page: Page, narrow: Page, met_site: Site) -> None:
    for shown, hidden, at in ((".kk-meeting-wide", ".kk-meeting-narrow", page), (".kk-meeting-narrow", ".kk-meeting-wide", narrow)):
        at.goto(met_site.address(PAGES["who meets whom"]))
        expect(at.locator(f"#places-map {shown} svg")).to_be_visible()
        expect(at.locator(f"#places-map {hidden} svg")).to_be_hidden()
        sizes = at.locator(f"#places-map {shown} svg text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(sizes) >= 9


def test_a_slider_draws_the_lines_anew_and_keeps_the_address(page: Page, met_site: Site) -> None:
    page.goto(met_site.address("/{study}/ontmoeting/kromme"))
    expect(page.locator("[data-kk-settings-result]")).to_contain_text("Alles staat zoals aangenomen.")
    tab_until(page, "here.id === 'frequentie'")
    page.keyboard.press("End")
    expect(page.locator("output[for=frequentie]")).to_have_text("1,50 keer")
    expect(page.locator("[data-kk-settings-result]")).to_contain_text("Gestreept: met uw standen.")
    assert "frequentie=1.5" in page.url
    assert "deel=" not in page.url
    page.reload()
    expect(page.locator("output[for=frequentie]")).to_have_text("1,50 keer")


def test_a_slider_is_read_out_as_it_is_written(page: Page, met_site: Site) -> None:
    page.goto(met_site.address("/{study}/ontmoeting/kromme"))
    slider = page.locator("#foyer")
    expect(slider).to_have_attribute("aria-valuetext", "20 %")
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "50 %")


@pytest.mark.parametrize("trouble", ["offline", "broken", "another page"])
def test_lines_that_cannot_be_drawn_anew_are_not_left_as_if_they_were(page: Page, met_site: Site, trouble: str) -> None:
    """The sliders say something else by then than the lines of before."""
    answers = {
        "offline": lambda route: route.abort(),
        "broken": lambda route: route.fulfill(status=500, body="broken"),
        "another page": lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Log in</h1>"),
    }
    page.goto(met_site.address("/{study}/ontmoeting/kromme"))
    result, failed = page.locator("[data-kk-settings-result]"), page.locator("[role=status] [data-kk-settings-failed]")
    expect(failed).to_be_hidden()
    page.route(re.compile("deel=1"), answers[trouble])
    page.locator("#frequentie").focus()
    page.keyboard.press("End")
    expect(failed).to_contain_text("De lijnen konden niet opnieuw getekend worden")
    expect(result).to_be_hidden()
    page.unroute(re.compile("deel=1"))
    page.keyboard.press("Home")
    expect(failed).to_be_hidden()
    expect(result).to_contain_text("Gestreept: met uw standen.")
    # It is this test that broke them.
    page.watch.failed.clear()  # type: ignore[attr-defined]


def test_which_places_stay_open_is_on_a_map_for_each_width(page: Page, narrow: Page, met_site: Site) -> None:
    for shown, hidden, at in ((".kk-meeting-wide", ".kk-meeting-narrow", page), (".kk-meeting-narrow", ".kk-meeting-wide", narrow)):
        at.goto(met_site.address("/{study}/ontmoeting/kromme?aantal=1"))
        part = at.locator("section[aria-labelledby=which]")
        expect(part.locator(f"{shown} svg")).to_be_visible()
        expect(part.locator(f"{hidden} svg")).to_be_hidden()


def test_without_scripts_the_button_does_the_same(browser: Browser, met_site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(met_site.address("/{study}/ontmoeting/kromme"))
    page.locator("#keer").select_option("5")
    page.locator("[data-kk-settings] button").click()
    expect(page.locator("[data-kk-settings-result]")).to_contain_text("Gestreept: met uw standen.")
    assert re.search(r"keer=5", page.url)
    context.close()
