# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The keys of the review queue: at most two an item, never in a field, and to be switched off."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from .map_harness.page import BUILD

ITEM = """<article class="kk-queue-item" tabindex="-1" data-review-item><h2>Item {number}</h2>
<button type="button" data-key="a" name="{number} accept">Goed</button>
<button type="button" data-key="r" name="{number} reject">Weg</button>
<input aria-label="Reden {number}"></article>"""


@pytest.fixture
def queue(page: Page, town: str) -> Page:
    """A queue of three items that notes every button that was pressed."""
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    items = "".join(ITEM.format(number=number) for number in (1, 2, 3))
    html = f"""<!doctype html><html lang="nl"><title>Rij</title><body class="kk-page kk-theme"><div class="kk-queue" data-review>
<label><input type="checkbox" data-review-switch checked> Sneltoetsen aan</label>{items}</div>
<button type="button" data-key="u" name="undo">Terug</button>
<script type="module" src="/static/build/{manifest["src/review.ts"]["file"]}"></script></body></html>"""
    page.route("**/rij", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{town}/rij")
    page.wait_for_selector("[data-current]")
    page.evaluate(
        "() => { window.pressed = []; document.addEventListener('click', e => e.target.name && window.pressed.push(e.target.name)); }"
    )
    return page


def pressed(page: Page) -> list[str]:
    return list(page.evaluate("() => window.pressed"))


def test_one_key_accepts_the_current_item_and_another_moves_on(queue: Page) -> None:
    for key in ("a", "j", "r"):
        queue.keyboard.press(key)
    assert pressed(queue) == ["1 accept", "2 reject"]


def test_arrows_move_as_j_and_k_do_and_stay_within_the_queue(queue: Page) -> None:
    for key in ("k", "ArrowDown", "ArrowDown", "ArrowDown", "a", "ArrowUp", "a"):
        queue.keyboard.press(key)
    assert pressed(queue) == ["3 accept", "2 accept"]


def test_undo_works_from_anywhere(queue: Page) -> None:
    queue.keyboard.press("u")
    assert pressed(queue) == ["undo"]


def test_keys_belong_to_a_field_while_one_types(queue: Page) -> None:
    queue.get_by_label("Reden 2").focus()
    queue.keyboard.type("raar")
    assert pressed(queue) == []
    assert queue.get_by_label("Reden 2").input_value() == "raar"


def test_keys_of_the_browser_stay_with_the_browser(queue: Page) -> None:
    queue.keyboard.press("Control+a")
    assert pressed(queue) == []


def test_keys_are_shown_and_the_switch_takes_them_away_and_is_remembered(queue: Page) -> None:
    expect(queue.locator("[data-key=a] kbd").first).to_have_text("a")
    assert queue.locator("[data-key=a]").first.get_attribute("aria-keyshortcuts") == "a"
    queue.get_by_label("Sneltoetsen aan").uncheck()
    expect(queue.locator("kbd")).to_have_count(0)
    queue.keyboard.press("a")
    assert pressed(queue) == []
    queue.reload()
    expect(queue.get_by_label("Sneltoetsen aan")).not_to_be_checked()
