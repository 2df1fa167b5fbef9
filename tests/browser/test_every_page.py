# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page in both languages: axe finds nothing, nothing scrolls sideways at 320 px, one language, one heading, no error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Page

from .site import Site, settle

CATALOGUE = Path(__file__).resolve().parents[2] / "src" / "knopenkaart_web" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
NARROW = {"width": 320, "height": 640}
VISITOR = {
    "studies": "/",
    "overview": "/{study}/",
    "study without anything": "/{empty}/",
    "map": "/{study}/kaart",
    "map of a study without anything": "/{empty}/kaart",
    "shaded map": "/{study}/kaart?vlak=per1000&functie=learn",
    "map shaded by reach": "/{study}/kaart?vlak=zonder:work&woningen=eat",
    "who can walk where": "/{study}/bereik",
    "who can walk where, another choice": "/{study}/bereik?wat=third_living_room&groep=age_65_plus&minuten=5&hoe=cycle&alles=ja",
    "near an address": "/{study}/nabij?woning=1",
    "near an address that is not there": "/{study}/nabij?q=nietsvandien",
    "near nothing yet": "/{study}/nabij",
    "reach of a study without anything": "/{empty}/bereik",
    "list": "/{study}/plekken",
    "filtered list": "/{study}/plekken?functie=eat&sorteer=wijk&plekjes=ja",
    "empty list": "/{study}/plekken?q=nietsvandien",
    "second page of the list": "/{study}/plekken?plekjes=ja&pagina=2",
    "place": "/{study}/plek/{library}",
    "who comes": "/{study}/plek/{counted}/wie-komt-er",
    "who comes where nobody counted": "/{study}/plek/{cafe}/wie-komt-er",
    "all counted places": "/{study}/bezoek",
    "who meets whom": "/{study}/ontmoeting",
    "who meets whom at a place": "/{study}/plek/{library}/ontmoeting",
    "how many places": "/{study}/ontmoeting/kromme",
    "what the model is not": "/{study}/ontmoeting/twijfel",
    "whom visitors recognise": "/{study}/ontmoeting/gemeten",
    "how meeting is reckoned": "/{study}/ontmoeting/uitleg",
    "digital place": "/{study}/plek/{digital}",
    "closed place": "/{study}/plek/{closed}",
    "place with broken hours": "/{study}/plek/{broken}",
    "small spot": "/{study}/plek/{small}",
    "wijk": "/{study}/wijk/{wijk}",
    "buurt": "/{study}/wijk/{buurt}",
    "downloads": "/{study}/downloads",
    "about": "/{study}/over",
    "accessibility": "/toegankelijkheid",
    "file that is not made yet": "/{study}/download/places.gpkg?q=vraagt-niemand",
    "log in": "/inloggen",
    "log in by mail": "/inloggen/post",
    "say what is wrong": "/{study}/plek/{library}/reageer",
    "Wijkmonitor": "/wijkmonitor/?q=e",
    "profile of a wijk": "/wijkmonitor/{wijk}",
    "profile of a buurt beside nothing": "/wijkmonitor/{buurt}?met=niets",
    "profile of a wijk beside nothing, with its buurten": "/wijkmonitor/{wijk}?met=niets",
    "profile of a group beside everybody": "/wijkmonitor/{wijk}?groep=origin_outside_europe&andere=all",
    "profile of a group": "/wijkmonitor/{wijk}?groep=age_65_plus",
    "two groups of a wijk": "/wijkmonitor/{wijk}?groep=origin_outside_europe&andere=origin_netherlands",
    "map of buurten": "/wijkmonitor/{wijk}/kaart?naast=groepen",
    "map of wijken": "/wijkmonitor/{wijk}/kaart?niveau=wijk",
    "wijken beside one another": "/wijkmonitor/{wijk}/vergelijk?zoek=e",
    "wijk through the years": "/wijkmonitor/{wijk}/trend",
    "similar wijken": "/wijkmonitor/{wijk}/vergelijkbaar",
    "what people say": "/wijkmonitor/{wijk}/beleving",
    "report of a wijk": "/wijkmonitor/{wijk}/rapport",
    "wheel to embed": "/wijkmonitor/{wijk}/inbed/wiel",
    "who lacks a place": "/{study}/wie-mist-een-plek?alles=ja",
    "not found": "/{study}/bestaat-niet",
}
EDITOR = {
    "reports of all wijken": "/{study}/beheer/rapporten",
    "review queue": "/{study}/beheer/",
    "empty topic of the queue": "/{study}/beheer/?onderwerp=gone",
    "new place": "/{study}/beheer/plek/nieuw",
    "correct a place": "/{study}/plek/{library}/bewerk",
    "use and money of a counted place": "/{study}/plek/{counted}/exploitatie",
    "social value of a counted place": "/{study}/plek/{counted}/sociale-waarde",
    "cards of a counted place": "/{study}/plek/{counted}/kaartjes",
    "rounds of a counted place": "/{study}/plek/{counted}/tellen",
    "use and money of all places": "/{study}/exploitatie",
    "use and money": "/{study}/plek/{library}/exploitatie",
    "social value": "/{study}/plek/{library}/sociale-waarde",
    "rooms": "/{study}/plek/{library}/zalen",
    "add a room": "/{study}/plek/{library}/zalen/nieuw",
    "money": "/{study}/plek/{library}/geld",
    "money of a year": "/{study}/plek/{library}/geld/2025",
    "board and volunteers": "/{study}/plek/{library}/bestuur",
    "building": "/{study}/plek/{library}/gebouw",
    "correct broken hours": "/{study}/plek/{broken}/bewerk",
    "status": "/{study}/plek/{closed}/status",
    "merge": "/{study}/plek/{cafe}/samenvoegen",
    "split": "/{study}/plek/{library}/splits",
    "history": "/{study}/plek/{closed}/geschiedenis",
    "send a list": "/{study}/beheer/import",
    "preview of a list": "/{study}/beheer/import/{draft}",
    "send figures of several places": "/{study}/beheer/cijfers",
    "send figures of a place": "/{study}/plek/{library}/cijfers",
    "what counts": "/{study}/beheer/soorten",
    "reactions": "/{study}/beheer/reacties",
    "operators": "/{study}/plek/{library}/beheerders",
    "reply": "/{study}/plek/{library}/weerwoord",
    "rounds of counting": "/{study}/plek/{library}/tellen",
    "plan a round of counting": "/{study}/plek/{library}/tellen/nieuw",
    "what is counted": "/{study}/beheer/tellen",
    "cards of visitors": "/{study}/plek/{library}/kaartjes",
    "type over a paper card": "/{study}/plek/{library}/kaartjes/papier",
    "questions for residents": "/{study}/beheer/bewoners",
    "own password": "/wachtwoord",
    "place as an editor sees it": "/{study}/plek/{library}",
}
# Headings of the example's own list, which stand in its preview as they stand in the list.
OF_THE_LIST = {"Huisnummer", "Openingstijden", "Plaats", "Soort", "Straat", "Telefoon"}
# An address that is not there (yet) is itself an error to the console of the browser.
EXPECTED_ERRORS = {"not found": "404", "file that is not made yet": "404"}
# Texts of leaves and labels, without what is marked as another language (the language switch), names from sources and code.
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("[lang]:not(html), script, code, noscript")) texts.push(walker.currentNode.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder]"))
    texts.push(element.getAttribute("aria-label") ?? element.getAttribute("placeholder"));
  return texts.map(text => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
languages = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture(scope="session")
def foreign_words() -> dict[str, set[str]]:
    """For each language the texts that belong to the other one only."""
    pairs = [
        (source, target)
        for entry in polib.pofile(str(CATALOGUE))
        for source, target in [(entry.msgid, entry.msgstr), *zip([entry.msgid_plural] * 2, entry.msgstr_plural.values(), strict=False)]
        if source and target and source != target
    ]
    english, dutch = {source for source, _ in pairs}, {target for _, target in pairs}
    return {"nl": english - dutch, "en": dutch - english}


def check(page: Page, axe: Callable[[Page], list[str]], *, name: str, language: str, foreign: set[str]) -> dict[str, object]:
    """All that is wrong with the page that is open; empty is right."""
    found = {
        "language": [page.locator("html").get_attribute("lang")] if page.locator("html").get_attribute("lang") != language else [],
        "headings of level 1": page.locator("h1").all_inner_texts() if page.locator("h1").count() != 1 else [],
        "untranslated": sorted(set(page.evaluate(TEXTS)) & (foreign - OF_THE_LIST if name == "preview of a list" else foreign)),
        "axe": axe(page),
        "console": [text for text in page.watch.errors if EXPECTED_ERRORS.get(name, "-") not in text],  # type: ignore[attr-defined]
    }
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.wait_for_timeout(50)
    width = page.evaluate("document.documentElement.scrollWidth")
    found["width in a window of 320"] = [width] if width > NARROW["width"] else []
    return {key: value for key, value in found.items() if value}


@languages
@pytest.mark.parametrize("name", VISITOR)
def test_page_of_a_visitor_is_right(
    page: Page, site: Site, axe: Callable[[Page], list[str]], foreign_words: dict[str, set[str]], name: str, language: str
) -> None:
    answer = page.goto(site.address(VISITOR[name], language))
    assert answer is not None
    assert answer.status == (404 if name in EXPECTED_ERRORS else 200)
    settle(page)
    assert check(page, axe, name=name, language=language, foreign=foreign_words[language]) == {}


@languages
@pytest.mark.parametrize("name", EDITOR)
def test_page_of_an_editor_is_right(
    editor: Page, site: Site, draft: str, axe: Callable[[Page], list[str]], foreign_words: dict[str, set[str]], name: str, language: str
) -> None:
    answer = editor.goto(site.address(EDITOR[name].replace("{draft}", draft), language))
    assert answer is not None
    assert answer.status == 200
    settle(editor)
    assert check(editor, axe, name=name, language=language, foreign=foreign_words[language]) == {}


@pytest.mark.parametrize("name", EDITOR)
def test_visitor_gets_no_page_of_an_editor(page: Page, site: Site, draft: str, name: str) -> None:
    if name == "place as an editor sees it":
        page.goto(site.address(EDITOR[name]))
        assert page.get_by_role("link", name="Verbeter deze plek").count() == 0
        return
    page.goto(site.address(EDITOR[name].replace("{draft}", draft)))
    assert "/inloggen?next=" in page.url


@pytest.mark.parametrize("name", ["overview", "map", "list", "place", "wijk", "log in"])
def test_language_switch_keeps_the_page_and_its_query(page: Page, site: Site, name: str) -> None:
    page.goto(site.address(VISITOR[name]) + "?functie=learn")
    settle(page)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/**")
    path = VISITOR[name].format(study=site.slug, wijk=site.wijk, **site.places)
    assert page.url.split("/en", 1)[1].startswith(f"{path}?functie=learn")
    page.get_by_role("link", name="Nederlands").click()
    page.wait_for_url(lambda url: "/en/" not in url)
    assert page.url.removeprefix(site.url).startswith(f"{path}?functie=learn")
