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
]


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


def test_filters_stay_off_the_paper_and_the_list_stays_on(page: Page, site: Site) -> None:
    page.emulate_media(media="print")
    page.goto(site.address("/{study}/plekken?functie=eat"))
    expect(page.locator("#filters")).to_be_hidden()
    assert page.locator("tbody tr:visible").count() > 5
