# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page on paper: without what only a screen can do, with where the data come from."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .site import Site

PAGES = [
    "/{study}/",
    "/{study}/plekken",
    "/{study}/plek/{library}",
    "/{study}/wijk/{wijk}",
    "/{study}/bereik",
    "/{study}/nabij?woning=1",
    "/{study}/over",
    "/wijkmonitor/{wijk}",
    "/wijkmonitor/GM9999/kaart?wat=own_unemployment&naast=groepen",
]

#: Pages with pictures of the Wijkmonitor.
PICTURED = PAGES[-2:]

#: Pages on which details of reach are folded.
FOLDED = ["/{study}/wijk/{wijk}", "/{study}/plek/{library}"]


@pytest.mark.parametrize("path", PAGES)
def test_paper_has_the_content_and_the_sources_and_no_menu(page: Page, site: Site, path: str) -> None:
    page.emulate_media(media="print")
    page.goto(site.address(path))
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".kk-nav")).to_be_hidden()
    expect(page.locator(".kk-lang")).to_be_hidden()
    expect(page.locator(".kk-attribution").first).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_paper_loses_nothing_at_the_edge(page: Page, site: Site, path: str) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    page.goto(site.address(path))
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    clipped = page.evaluate(
        "() => [...document.querySelectorAll('.kk-table-scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
    )
    assert clipped == []
    assert page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize("path", PICTURED)
def test_a_picture_is_not_cut_by_the_end_of_a_sheet(page: Page, site: Site, path: str) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    page.goto(site.address(path))
    heights = page.locator("svg.kk-picture").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert heights != []
    assert max(heights) < 900, "with its heading and legend on one A4"


def still_folded(page: Page) -> list[str]:
    """The summaries whose content does not show."""
    summaries: list[str] = page.locator(".kk-main .kk-details").evaluate_all(
        """all => all.filter(details => ![...details.children].slice(1).some(child => child.checkVisibility() && child.offsetHeight > 0))
                      .map(details => details.firstElementChild.textContent)"""
    )
    return summaries


@pytest.mark.parametrize("path", FOLDED)
def test_paper_shows_what_is_folded_on_the_screen(page: Page, site: Site, path: str) -> None:
    page.goto(site.address(path))
    assert still_folded(page) != []
    page.emulate_media(media="print")
    assert still_folded(page) == []


def test_printing_opens_what_is_folded_where_the_style_sheet_cannot_and_closes_it_afterwards(page: Page, site: Site) -> None:
    page.goto(site.address(FOLDED[0]))
    folded = page.locator(".kk-main .kk-details:not([open])")
    before = folded.count()
    assert before > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).to_have_count(before)


def test_filters_stay_off_the_paper_and_the_list_stays_on(page: Page, site: Site) -> None:
    page.emulate_media(media="print")
    page.goto(site.address("/{study}/plekken?functie=eat"))
    expect(page.locator("#filters")).to_be_hidden()
    assert page.locator("tbody tr:visible").count() > 5
