# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Running a place from invitation to goodbye, and saying what is wrong: by mail, by keyboard, on a small screen, in both languages."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, StorageState, expect

from .loading import COMMAND, run
from .serving import copy_site
from .site import Site, log_in, settle
from .test_every_page import check, foreign_words, languages
from .test_keyboard import tab_until

__all__ = ["foreign_words"]
ADDRESS = "dora@buurthuis.example"
BUTTON = "here.matches('main button') && {test}"
FORGOTTEN = """
import django, sys
django.setup()
from knopenkaart_web.places.models import Place
from knopenkaart_web.freshness.models import Operator
Place.objects.filter(pk=sys.argv[1]).update(last_verified="2020-01-31")
Operator.objects.update(reminded_at=None, language=sys.argv[2])
"""


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the mails of the site go."""
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def own_environment(environment: dict[str, str], site: Site, mails: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the site that writes its mails to a folder."""
    return copy_site(environment, tmp_path_factory.mktemp("fresh") / "data") | {"KNOPENKAART_MAIL_URL": f"file://{mails}"}


def newest_links(mails: Path, site: Site) -> list[str]:
    """The links in the mail that was written last, on the address where the site is served now."""
    path = max(mails.glob("*.log"), key=lambda item: item.stat().st_mtime_ns)
    message = email.message_from_bytes(path.read_bytes())
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    return [site.url + urlsplit(found).path for found in re.findall(r"http://\S+", text.decode())]


def awaited_link(page: Page, mails: Path, site: Site, part: str) -> str:
    """The link in a mail that the worker sends a moment later: a file is there before all of it is written."""
    for _ in range(150):
        found = [link for link in newest_links(mails, site) if part in link]
        if found:
            return found[0]
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail with {part}")


@pytest.fixture(scope="module")
def operator_state(own_site: Site, mails: Path, browser: object) -> StorageState:
    """A browser in which somebody accepted the invitation to run the library."""
    context = browser.new_context(locale="nl-NL")  # type: ignore[attr-defined]
    desk = context.new_page()
    log_in(desk, own_site)
    desk.goto(own_site.address("/{study}/plek/{library}/beheerders"))
    desk.get_by_label("E-mail").fill(ADDRESS)
    desk.get_by_role("button", name="Mail de uitnodiging").click()
    desk.locator(".utrecht-alert--ok").wait_for()
    context.close()
    context = browser.new_context(locale="nl-NL")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(newest_links(mails, own_site)[0])
    page.get_by_role("button", name="Ja, ik beheer deze plek").click()
    page.get_by_role("heading", name="Mijn plekken").wait_for()
    state: StorageState = context.storage_state()
    context.close()
    return state


@pytest.fixture
def operator(page: Page, operator_state: StorageState) -> Page:
    """A page of who runs the library."""
    page.context.add_cookies(operator_state["cookies"])  # type: ignore[arg-type]
    return page


def remind(environment: dict[str, str], site: Site, mails: Path, language: str = "nl") -> dict[str, str]:
    """Who runs the library is reminded anew; the links by their last part."""
    run(environment, "-c", FORGOTTEN, site.places["library"], language)
    run(environment, *COMMAND, "remind")
    return {path.rsplit("/", 1)[1]: path for path in newest_links(mails, site)}


def test_a_visitor_says_by_keyboard_what_is_wrong(page: Page, own_site: Site) -> None:
    page.goto(own_site.address("/{study}/plek/{cafe}"))
    tab_until(page, "here.matches('a') && here.href.endsWith('/reageer')", at_most=120)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reageer")
    tab_until(page, "here.name === 'topic'")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Ook open op zondag")
    page.keyboard.press("Tab")
    page.keyboard.type("wim@thuis.example")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('main button')"), "the field for machines takes no focus"
    page.keyboard.press("Enter")
    expect(page.locator(".utrecht-alert--ok")).to_contain_text("Een redacteur van deze kaart kijkt ernaar.")


def test_a_form_with_faults_says_so_first_and_leads_to_the_field(page: Page, own_site: Site) -> None:
    page.goto(own_site.address("/{study}/plek/{cafe}/reageer"))
    page.get_by_label("Uw e-mailadres").fill("geen adres")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a", has_text="Uw e-mailadres").click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_value("geen adres")


def test_an_editor_answers_and_goes_on_to_correct(page: Page, own_site: Site, mails: Path) -> None:
    page.goto(own_site.address("/{study}/plek/{cafe}/reageer"))
    page.get_by_label("Iets anders").check()
    page.get_by_label("Hoe moet het zijn?").fill("Het heet nu De Kroeg")
    page.get_by_label("Uw e-mailadres").fill("wim@thuis.example")
    page.get_by_role("button", name="Verstuur").click()
    log_in(page, own_site)
    page.goto(own_site.address("/{study}/beheer/reacties"))
    item = page.locator(".kk-queue-item", has_text="Het heet nu De Kroeg")
    item.get_by_role("button", name="Het klopt niet").click()
    expect(page.locator("#errors")).to_be_focused()
    item = page.locator(".kk-queue-item", has_text="Het heet nu De Kroeg")
    item.get_by_label("Uw antwoord").fill("Dank u, dat passen wij aan.")
    item.get_by_role("button", name="Het klopt: verbeter de plek").click()
    page.wait_for_url("**/bewerk?reactie=*")
    assert any("/plek/" in path for path in newest_links(mails, own_site))


def test_a_reminder_is_answered_by_keyboard_without_a_password(
    page: Page, own_site: Site, operator_state: StorageState, own_environment: dict[str, str], mails: Path
) -> None:
    paths = remind(own_environment, own_site, mails)
    page.goto(paths["klopt"])
    tab_until(page, "here.matches('main button')")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Dank u wel")
    page.goto(own_site.address("/{study}/plek/{library}"))
    expect(page.locator("main")).to_contain_text("door de beheerder")
    answer = page.goto(paths["klopt"])
    assert answer is not None
    assert answer.status == 410


def test_who_runs_a_place_changes_it_writes_beside_it_and_logs_in_again_by_mail(operator: Page, own_site: Site, mails: Path) -> None:
    operator.goto(own_site.address("/mijn-plekken"))
    operator.get_by_role("link", name="Aanpassen wat bekend is").click()
    operator.get_by_label("Telefoon").fill("015-7654321")
    operator.get_by_role("button", name="Bewaar").click()
    expect(operator.locator("main")).to_contain_text("015-7654321")
    operator.get_by_role("link", name="Een tekst erbij schrijven").click()
    operator.get_by_label("Uw tekst").fill("Iedereen is welkom.")
    operator.get_by_role("button", name="Zet het op de pagina").click()
    expect(operator.locator("main")).to_contain_text("Wat de beheerder zegt")
    operator.context.clear_cookies()
    operator.goto(own_site.address("/inloggen/post"))
    operator.get_by_label("E-mail").fill(ADDRESS)
    operator.get_by_role("button", name="Mail mij een link").click()
    expect(operator.get_by_role("status")).to_contain_text("Kijk in uw mail")
    operator.goto(awaited_link(operator, mails, own_site, "/inloggen/post/"))
    operator.locator("main button").click()
    expect(operator.locator("h1")).to_have_text("Mijn plekken")


VISITOR = {"react": "/{study}/plek/{library}/reageer", "log in by mail": "/inloggen/post", "link that does not work": "/beheerder/x"}
OPERATOR = {
    "own places": "/mijn-plekken",
    "own place": "/{study}/plek/{library}",
    "change it": "/{study}/plek/{library}/bewerk",
    "reply": "/{study}/plek/{library}/weerwoord",
    "mails and stopping": "/{study}/plek/{library}/stoppen",
}
EDITOR = {
    "operators": "/{study}/plek/{library}/beheerders",
    "reply of the operator": "/{study}/plek/{library}/weerwoord",
    "reactions": "/{study}/beheer/reacties",
}
Axe = Callable[[Page], list[str]]
Words = dict[str, set[str]]


@languages
@pytest.mark.parametrize("name", VISITOR)
def test_page_for_everybody_is_right(page: Page, own_site: Site, axe: Axe, foreign_words: Words, name: str, language: str) -> None:
    page.goto(own_site.address(VISITOR[name], language))
    found = check(page, axe, name="not found" if "work" in name else name, language=language, foreign=foreign_words[language])
    assert found == {}


@languages
@pytest.mark.parametrize("name", OPERATOR)
def test_page_of_an_operator_is_right(operator: Page, own_site: Site, axe: Axe, foreign_words: Words, name: str, language: str) -> None:
    answer = operator.goto(own_site.address(OPERATOR[name], language))
    assert answer is not None
    assert answer.status == 200
    settle(operator)
    assert check(operator, axe, name=name, language=language, foreign=foreign_words[language]) == {}


@languages
@pytest.mark.parametrize("name", EDITOR)
def test_page_of_an_editor_is_right(
    page: Page, own_site: Site, operator_state: StorageState, axe: Axe, foreign_words: Words, name: str, language: str
) -> None:
    log_in(page, own_site)
    page.goto(own_site.address(EDITOR[name], language))
    assert check(page, axe, name=name, language=language, foreign=foreign_words[language]) == {}


@languages
def test_pages_behind_a_reminder_are_right(
    page: Page, own_site: Site, operator_state: StorageState, own_environment: dict[str, str], mails: Path, axe: Axe, foreign_words: Words,
    language: str,
) -> None:  # fmt: skip
    paths = remind(own_environment, own_site, mails, language)
    for name, path in paths.items():
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(path)
        assert check(page, axe, name=name, language=language, foreign=foreign_words[language]) == {}, name
    page.goto(paths["geen-mail"])
    page.locator("main button").click()
    assert check(page, axe, name="thanks", language=language, foreign=foreign_words[language]) == {}
    run(
        own_environment,
        "-c",
        "import django; django.setup()\nfrom knopenkaart_web.freshness.models import Operator\nOperator.objects.update(no_mail_at=None)",
    )
