# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Series, report and pictures of the Wijkmonitor in a browser: without a mouse, on paper, without scripts, and in a frame elsewhere."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .site import Site
from .test_keyboard import tab_until


def test_another_figure_is_chosen_by_keyboard(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/trend"))
    tab_until(page, "here.id === 'wat'")
    page.keyboard.press("ArrowDown")
    tab_until(page, "here.matches('.kk-monitor-form button')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trend?wat=*")
    expect(page.locator("main svg[role=img]")).to_have_count(1)


def test_the_tabs_lead_from_page_to_page(page: Page, site: Site) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}"))
    for end in ("trend", "vergelijkbaar", "beleving", "rapport"):
        page.locator(f".kk-monitor-tabs a[href$='/{end}']").click()
        page.wait_for_url(f"**/{end}")
        expect(page.locator(".kk-monitor-tabs [aria-current=page]")).to_have_attribute("href", re.compile(f"{end}$"))


def test_the_report_is_fetched_as_pdf(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto(site.address("/wijkmonitor/{wijk}/rapport"))
    with page.expect_download() as begun:
        page.locator("a[href*='rapport.pdf']").click()
    begun.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/trend", "/rapport", "/beleving"])
def test_without_scripts_pictures_and_tables_are_there(browser: Browser, site: Site, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address(f"/wijkmonitor/{{wijk}}{path}"))
    expect(page.locator("main table").first).to_be_visible()
    context.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another site: its address, and the folder that it serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()


def test_only_a_page_to_embed_is_shown_in_a_frame_of_another_site(browser: Browser, site: Site, elsewhere: tuple[str, Path]) -> None:
    """In a page of its own: that of the fixture may not ask two hosts."""
    address, folder = elsewhere
    embed, report = site.address("/wijkmonitor/{wijk}/inbed/wiel"), site.address("/wijkmonitor/{wijk}/rapport")
    frames = f'<iframe name="may" src="{embed}" width="600" height="600"></iframe><iframe name="may-not" src="{report}"></iframe>'
    (folder / "index.html").write_text(f"<!doctype html><title>Elders</title>{frames}", encoding="utf-8")
    page = browser.new_page()
    page.goto(address)
    expect(page.frame_locator("[name=may]").locator("svg[role=img]")).to_be_visible()
    expect(page.frame_locator("[name=may-not]").locator("main")).to_have_count(0)
    page.close()
