# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds for every page in both languages: one heading, landmarks, labels, no inline code, nothing left untranslated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from knopenkaart_web.accounts.models import User
from knopenkaart_web.places.actions import import_preview, import_upload
from knopenkaart_web.places.models import Study

from .reading import Page, factories, reached, read
from .translatable import all_messages, dutch_of

VISITOR = [
    "/kleindorp/",
    "/kleindorp/kaart",
    "/kleindorp/plekken",
    "/kleindorp/plekken?functie=eat&plekjes=ja&sorteer=wijk",
    "/kleindorp/plekken?q=nietsvandien",
    f"/kleindorp/plek/{factories.LIBRARY}",
    f"/kleindorp/plek/{factories.CAFE}",
    f"/kleindorp/plek/{factories.PLATFORM}",
    f"/kleindorp/plek/{factories.BENCH}",
    f"/kleindorp/plek/{factories.NEIGHBOUR}",
    f"/kleindorp/wijk/{factories.NOORD}",
    f"/kleindorp/wijk/{factories.POLDER}",
    f"/kleindorp/wijk/{factories.MOLENKWARTIER}",
    "/kleindorp/bereik",
    "/kleindorp/bereik?wat=eat&groep=age_65_plus&minuten=5&hoe=cycle&alles=ja",
    "/kleindorp/nabij",
    "/kleindorp/nabij?q=Dorpsstraat+3",
    "/kleindorp/nabij?q=Dorpsstraat",
    "/kleindorp/nabij?q=nietsvandien",
    "/kleindorp/downloads",
    "/kleindorp/over",
    "/toegankelijkheid",
]
MANAGER = [
    "/kleindorp/beheer/",
    "/kleindorp/beheer/?onderwerp=duplicate",
    "/kleindorp/beheer/soorten",
    "/kleindorp/beheer/plek/nieuw",
    "/kleindorp/beheer/import",
    f"/kleindorp/plek/{factories.LIBRARY}/bewerk",
    f"/kleindorp/plek/{factories.LIBRARY}/status",
    f"/kleindorp/plek/{factories.LIBRARY}/samenvoegen",
    f"/kleindorp/plek/{factories.LIBRARY}/splits",
    f"/kleindorp/plek/{factories.LIBRARY}/geschiedenis",
    "/wachtwoord",
]
OUTSIDE = ["/kleindorp/download/poster-a1.pdf", "/inloggen", "/bestaat/niet"]
DRAFT = "/kleindorp/beheer/import/*"
EVERY = [*VISITOR, *MANAGER, *OUTSIDE, DRAFT]
# Words that are the same in both languages, or that stand in a name, an address or a code.
SAME = frozenset({"Poster A1", "Open", "Filters", "Status", "Website", "Postcode", "E-mail", "Wijk", "Buurt", "Contact", "Downloads"})


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Page]]:
    """Every page in both languages, fetched once; Kleindorp has something in every corner and is gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.review_items(reached(factories.kleindorp()))
        alice = factories.user("alice", "manager")
        client, manager = Client(), Client()
        manager.force_login(alice)
        addresses = {path: path for path in EVERY} | {DRAFT: draft(alice)}
        who = {path: manager if path in MANAGER or path == DRAFT else client for path in EVERY}
        yield {prefix + path: read(who[path].get(prefix + addresses[path])) for path in EVERY for prefix in ("", "/en")}
        transaction.set_rollback(True)


def draft(alice: User) -> str:
    """A list that was read, with a fault and a row."""
    number = import_upload(alice, "kleindorp", "lijst.csv", b"naam;soort\nX;Y\n")
    mapping = {"columns": [{"number": 1, "header": "naam", "field": "name"}, {"number": 2, "header": "soort", "field": "kind"}]}
    place = {"name": "X", "kind": "library", "lon": 5.0, "lat": 52.0, "street": "Dorpsstraat"}
    fault = {"code": "list.unknown_kind", "row": 3, "column": "soort", "value": "dinges", "near": ["dorpshuis"]}
    import_preview(
        alice, "kleindorp", number, mapping=mapping, columns=["naam", "soort"], rows=[{"place": place}], faults=[fault], source={"id": "l"}
    )
    return f"/kleindorp/beheer/import/{number}"


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", EVERY)
def test_a_page_is_well_made(pages: dict[str, Page], path: str, prefix: str) -> None:
    page = pages[prefix + path]
    assert not page.unclosed
    assert page.one("html")["lang"] == ("en" if prefix else "nl")
    assert page.one("h1").text
    assert page.one("title").text.endswith("Knopenkaart")
    assert page.one("main")["id"] == "main"
    assert page.one("a", class_="utrecht-skip-link")["href"] == "#main"
    assert len(page.all("header")) == 1
    doubles = [name for name, count in Counter(element["id"] for element in page.elements if element["id"]).items() if count > 1]
    assert not doubles


@pytest.mark.parametrize("path", EVERY)
def test_a_page_holds_no_inline_style_or_script(pages: dict[str, Page], path: str) -> None:
    page = pages[path]
    assert not [element.tag for element in page.elements if "style" in element.attributes]
    assert not [name for element in page.elements for name in element.attributes if name.startswith("on")]
    assert not page.all("style")
    data = {"application/json", "application/ld+json"}
    assert not [script for script in page.all("script") if not script["src"] and script["type"] not in data]


@pytest.mark.parametrize("path", EVERY)
def test_nothing_is_fetched_from_another_host(pages: dict[str, Page], path: str) -> None:
    page = pages[path]
    fetched = [element["src"] or element["href"] for element in page.elements if element.tag in {"script", "img", "link", "iframe"}]
    assert not [address for address in fetched if "//" in address]


@pytest.mark.parametrize("path", EVERY)
def test_every_field_has_a_label_and_every_table_a_caption(pages: dict[str, Page], path: str) -> None:
    page = pages[path]
    labelled = {label["for"] for label in page.all("label")}
    for element in page.elements:
        if element.tag in {"input", "select", "textarea"} and element["type"] != "hidden":
            assert element["id"] in labelled or "label" in element.parents, element.attributes
        if element.tag == "button":
            assert element.text or element["aria-label"], element.attributes
        if element.tag == "a":
            assert element.text, element.attributes
        if element.tag == "img":
            assert "alt" in element.attributes
    assert len(page.all("caption")) == len(page.all("table"))
    regions = [element["aria-label"] for element in page.elements if element["role"] == "region"]
    assert len(regions) == len(set(regions))
    described = {name for element in page.elements for name in (element["aria-describedby"] + " " + element["aria-labelledby"]).split()}
    assert described <= {element["id"] for element in page.elements}


@pytest.mark.parametrize("path", EVERY)
def test_headings_go_down_one_level_at_a_time(pages: dict[str, Page], path: str) -> None:
    levels = [int(element.tag[1]) for element in pages[path].elements if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", EVERY)
def test_no_dutch_page_holds_an_english_sentence_of_ours(pages: dict[str, Page], path: str) -> None:
    page = pages[path]
    said = {
        " ".join(element.text.split()) for element in page.elements if element.tag not in {"script", "title"} and element["lang"] != "en"
    }
    for message in all_messages().values():
        for text in filter(None, (message.msgid, message.plural)):
            if "%(" in text or "{" in text or text in SAME or dutch_of(message) == text:
                continue
            plain = " ".join(re.sub("<[^>]+>", "", text).split())
            assert plain not in said, text
            if len(plain) > 25:
                assert plain not in page.text, text


@pytest.mark.parametrize("path", VISITOR)
def test_the_language_switch_keeps_page_and_query(client: Client, study: Study, path: str) -> None:
    there = read(client.get(path)).one("a", class_="kk-lang")
    assert there["href"] == f"/en{path}"
    assert there["lang"] == there["hreflang"] == "en"
    assert read(client.get(f"/en{path}")).one("a", class_="kk-lang")["href"] == path


def test_a_page_that_is_not_there_switches_to_the_first_page(client: Client, study: Study) -> None:
    assert read(client.get("/bestaat/niet")).one("a", class_="kk-lang")["href"] == "/en/"
    assert read(client.get("/en/bestaat/niet")).one("a", class_="kk-lang")["href"] == "/"


@pytest.mark.parametrize("path", ["/kleindorp/kaart", "/kleindorp/plekken", "/kleindorp/over"])
def test_the_menu_says_where_one_is(client: Client, study: Study, path: str) -> None:
    marked = [link["href"] for link in read(client.get(path)).all("a", aria_current="page")]
    assert marked == [path]


def test_a_name_with_signs_stays_text_everywhere(client: Client, study: Study) -> None:
    name = '<b>Bieb & "co"</b>'
    study.places.filter(pk=factories.LIBRARY).update(name=name)
    study.areas.filter(code=factories.NOORD).update(name=name)
    factories.touch(study)
    for path in ("/kleindorp/", "/kleindorp/plekken", f"/kleindorp/plek/{factories.LIBRARY}", f"/kleindorp/wijk/{factories.NOORD}"):
        content = client.get(path).content.decode()
        assert "<b>Bieb" not in content
        assert escape(name) in content.replace("&#34;", "&quot;")
