# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A counted week from phone to estimate: offline, two phones, one battery dead; keyboard, 320 px, axe, and under 100 kB."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect

from . import chromium
from .counted import await_sent, begin, end, make_round, stored, tap
from .loading import run
from .site import Site, log_in

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "has_touch": True}
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
MOST_BYTES = 100_000
KEPT = "html[data-kept=yes]"
# A page that a service worker looks after sends past the interception of the test: the answer is lost in the page itself.
LOSE_ANSWERS = """times => {
  const real = window.fetch;
  window.lost = 0;
  window.fetch = async (...what) => {
    const answer = await real(...what);
    if (!String(what[0]).endsWith("/stuur") || window.lost >= times) return answer;
    window.lost += 1;
    throw new TypeError("the answer was lost");
  };
}"""
# What was counted, once more a week earlier, as somebody would enter it from paper; each took its whole
# daypart, and the place is open in no others.
WEEK_BEFORE = """
import django, sys, uuid
django.setup()
from datetime import timedelta
from knopenkaart_web.visits.models import Round, Session, SessionCount
week, row = timedelta(days=7), Round.objects.get(pk=sys.argv[1])
row.sessions.update(exposure=1.0)
# More people on Monday morning: a group of fewer than ten would be hidden, and by lot something beside it, the total perhaps.
monday = row.sessions.get(slot="mo_morning", door="voordeur")
for group, people in (("age_65_plus", 6), ("age_45_64", 12)):
    SessionCount.objects.update_or_create(session=monday, group=group, defaults={"people": people})
Round.objects.filter(pk=row.pk).update(starts=row.starts - week, slots=sorted(set(row.sessions.values_list("slot", flat=True))))
for session in list(row.sessions.all()):
    counts = list(session.counts.all())
    session.pk, session.date, session.source = uuid.uuid4(), session.date - week, "paper"
    session.save(force_insert=True)
    SessionCount.objects.bulk_create(SessionCount(session=session, group=one.group, people=one.people) for one in counts)
"""
RELEASED = """
import django, sys
django.setup()
from knopenkaart_web.visits.models import Release
exact = Release.objects.get(round_id=sys.argv[1]).counts["counted"]["figures"]["counts"]
print(sum(row[-1] for row in exact))
"""
REFUSE = """() => {
  const real = window.fetch;
  const refusal = () => new Response(JSON.stringify({ code: "round.closed", fields: [] }), { status: 409 });
  window.fetch = (...what) => (window.opened || !String(what[0]).endsWith("/stuur") ? real(...what) : Promise.resolve(refusal()));
}"""


@pytest.fixture
def counted(own_environment: dict[str, str], own_site: Site) -> tuple[str, str, date]:
    """A round of this week: its identifier, the address of the phone's page, and its Monday."""
    number, secret, monday = make_round(own_environment, own_site)
    return number, f"{own_site.url}/tel/{secret}", date.fromisoformat(monday)


@pytest.fixture
def phones(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Makes phones, each with a storage of its own."""
    made: list[BrowserContext] = []

    def make() -> Page:
        made.append(browser.new_context(**PHONE))
        made[-1].set_default_timeout(30_000)
        return made[-1].new_page()

    yield make
    for context in made:
        context.close()


def battery_dies(folder: Path) -> None:
    """Kill the browser of a storage folder at once, as an empty battery does: it gets no chance to save anything."""
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if process.name.isdecimal() and f"--user-data-dir={folder}" in (process / "cmdline").read_bytes().decode().split("\0"):
                os.kill(int(process.name), signal.SIGKILL)


def switch_on(browser: Browser, folder: Path) -> BrowserContext:
    """A phone whose storage is in a folder, also after it was off."""
    arguments = [*chromium.ARGUMENTS]
    return browser.browser_type.launch_persistent_context(folder, executable_path=chromium.find(), args=arguments, headless=True, **PHONE)


def test_a_counted_week_arrives_whole_offline_on_two_phones_and_with_a_dead_battery(
    browser: Browser,
    phones: Callable[[], Page],
    counted: tuple[str, str, date],
    own_environment: dict[str, str],
    own_site: Site,
    tmp_path: Path,
) -> None:
    number, address, monday = counted
    wanted: Counter[tuple[str, str, str]] = Counter()

    def note(day: date, slot: str, group: str, people: int) -> None:
        wanted[day.isoformat(), slot, group] += people

    front, back = phones(), phones()
    for phone in (front, back):
        phone.goto(address)
        phone.locator(KEPT).wait_for(state="attached")
    # From Tuesday on the front door has no network; its page is closed and opened again without one.
    for place, code in enumerate(DAYS):
        day, slot = monday + timedelta(days=place), f"{code}_morning"
        if place == 1:
            await_sent(front)
            front.context.set_offline(True)
            front.goto(address)
        begin(front, day.isoformat(), slot, "voordeur")
        tap(front, "age_0_14", place + 1)
        tap(front, "age_65_plus", 2)
        front.get_by_role("button", name="Ongedaan maken").click()
        expect(front.locator("#total")).to_have_text(str(place + 2))
        end(front)
        note(day, slot, "age_0_14", place + 1)
        note(day, slot, "age_65_plus", 1)
    expect(front.locator("#status")).to_contain_text("Geen verbinding. Wacht: 6")
    # Meanwhile somebody counts the other door on Monday, whose answers get lost twice: the phone sends the same again.
    back.evaluate(LOSE_ANSWERS, 2)
    begin(back, monday.isoformat(), "mo_morning", "achterdeur")
    tap(back, "age_25_44", 13)
    end(back)
    note(monday, "mo_morning", "age_25_44", 13)
    await_sent(back)
    assert back.evaluate("window.lost") == 2
    # A third phone dies in the middle of Monday afternoon.
    folder = tmp_path / "phone"
    third = switch_on(browser, folder)
    page = third.pages[0]
    page.goto(address)
    page.locator(KEPT).wait_for(state="attached")
    third.set_offline(True)
    begin(page, monday.isoformat(), "mo_afternoon", "voordeur")
    tap(page, "age_15_24", 17)
    battery_dies(folder)
    with contextlib.suppress(Error):
        third.close()
    third = switch_on(browser, folder)
    page = third.pages[0]
    page.goto(address)
    expect(page.locator("#counting")).to_be_visible()
    expect(page.locator("#total")).to_have_text("17")
    tap(page, "age_15_24", 4)
    end(page)
    note(monday, "mo_afternoon", "age_15_24", 21)
    await_sent(page)
    third.close()
    front.context.set_offline(False)
    await_sent(front)
    rows = stored(own_environment, own_site, number)
    assert Counter({(row["date"], row["slot"], row["group"]): 0 for row in rows}) | found(rows) == Counter(wanted)
    assert len({row["session"] for row in rows}) == 7 + 1 + 1
    after_the_count(browser, own_environment, own_site, number)


def found(rows: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    """The people that are stored, over all doors."""
    result: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row["people"]:
            result[row["date"], row["slot"], row["group"]] += row["people"]
    return result


def after_the_count(browser: Browser, environment: dict[str, str], site: Site, number: str) -> None:
    """The way goes on: the week before was the same, on paper; the round is closed, and everybody sees what is estimated."""
    run(environment, "-c", WEEK_BEFORE, number)
    context = browser.new_context()
    page = context.new_page()
    log_in(page, site)
    page.goto(site.address(f"/{{study}}/plek/{{library}}/tellen/{number}"))
    page.locator("button[name=action][value=close]").click()
    address = site.address("/{study}/plek/{library}/wie-komt-er")
    # What was counted is reckoned in the background.
    for _ in range(60):
        page.goto(address)
        if page.get_by_text("Telweek", exact=False).count():
            break
        page.wait_for_timeout(1000)
    # Twenty-eight and twice twelve at the front door, thirteen at the other, twenty-one on the phone that died; each of the two weeks.
    assert run(environment, "-c", RELEASED, number).strip().endswith("86")
    # By lot even the total may be hidden beside a small number, once in fifty.
    expect(page.locator(".kk-lead")).to_contain_text(re.compile("Ongeveer 86 bezoeken per week|We tonen hier geen getal"))
    shown = [int(text) for text in page.locator(".kk-visits-week strong").all_inner_texts()]
    assert all(number >= 10 for number in shown)
    context.close()


def test_the_counter_loads_in_under_100_kb_and_then_needs_no_network(phones: Callable[[], Page], counted: tuple[str, str, date]) -> None:
    phone, loaded = phones(), []

    def size(request: Request) -> None:
        sizes = request.sizes()
        loaded.append((request.url, sizes["responseBodySize"] + sizes["responseHeadersSize"]))

    phone.context.on("requestfinished", size)
    phone.goto(counted[1])
    phone.locator(KEPT).wait_for(state="attached")
    total = sum(number for _url, number in loaded)
    assert {"worker", "page", "script", "style"} <= {kind(url) for url, _number in loaded}
    assert total < MOST_BYTES, loaded
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("button", name="Begin", exact=True)).to_be_visible()
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("button", name="Begin", exact=True)).to_be_visible()
    assert phone.locator("html").get_attribute("lang") == "en"


def kind(url: str) -> str:
    """What a file of the counter is."""
    ends = {"sw.js": "worker", ".js": "script", ".css": "style"}
    return next((name for end_of, name in ends.items() if url.endswith(end_of)), "page")


def test_a_number_on_the_screen_is_on_the_disk_already(phones: Callable[[], Page], counted: tuple[str, str, date]) -> None:
    phone = phones()
    phone.goto(counted[1])
    begin(phone, counted[2].isoformat(), "mo_morning", "voordeur")
    tap(phone, "unknown", 1)
    # The disk is full from now on: what cannot be kept is not shown as counted.
    phone.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }")
    phone.locator("button[data-group=unknown]").click()
    expect(phone.locator("#problem")).to_contain_text("niet bewaren")
    expect(phone.locator("#total")).to_have_text("1")


def test_a_round_that_closed_meanwhile_loses_nothing(
    phones: Callable[[], Page], counted: tuple[str, str, date], editor: Page, own_site: Site
) -> None:
    phone = phones()
    phone.goto(counted[1])
    phone.locator(KEPT).wait_for(state="attached")
    phone.evaluate(REFUSE)
    begin(phone, counted[2].isoformat(), "mo_morning", "voordeur")
    tap(phone, "unknown", 3)
    end(phone)
    expect(phone.locator("#status")).to_contain_text("telefoon bewaart wat is geteld")
    phone.evaluate("() => { window.opened = true }")
    phone.get_by_role("button", name="Nu versturen").click()
    await_sent(phone)


def test_counting_works_with_a_keyboard_alone(phones: Callable[[], Page], counted: tuple[str, str, date]) -> None:
    phone = phones()
    phone.goto(counted[1])
    phone.get_by_role("button", name="Begin", exact=True).focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#about")).to_be_focused()
    phone.keyboard.press("Tab")
    expect(phone.locator("button[data-group=age_0_14]")).to_be_focused()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Space")
    expect(phone.locator("#total")).to_have_text("2")
    phone.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(phone.locator("#total")).to_have_text("1")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("purpose", ["count", "observe"])
def test_every_screen_of_the_counter_is_accessible_at_320_px(
    browser: Browser, own_environment: dict[str, str], own_site: Site, axe: Callable[[Page], list[str]], language: str, purpose: str
) -> None:
    _number, secret, _monday = make_round(own_environment, own_site, purpose)
    context = browser.new_context(**(PHONE | {"viewport": {"width": 320, "height": 640}}))
    page = context.new_page()
    page.goto(f"{own_site.url}{'/en' if language == 'en' else ''}/tel/{secret}")
    for press in (None, "Begin", "Stoppen" if language == "nl" else "End"):
        if press:
            page.get_by_role("button", name=press, exact=True).click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = page.evaluate(
            "[...document.querySelectorAll('.kc-tap')].filter(b => b.offsetParent).map(b => Math.min(b.offsetHeight, b.offsetWidth))"
        )
        assert all(height >= 64 for height in heights)
    context.close()
