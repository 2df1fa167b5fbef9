# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What strangers may send to the Wijkmonitor, in an address, a folder or a table, does nothing on its pages, pictures and files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client

from knopenkaart.paper import area_report
from knopenkaart_web.monitor import stamping
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure, OwnIndicator
from knopenkaart_web.pages.monitor import compare
from knopenkaart_web.pages.monitor import report as monitor_report
from knopenkaart_web.places.models import Study

from .reading import factories, monitored, read

AT = f"/wijkmonitor/{factories.NOORD}"
# Markup of a page, of a picture and of a paper, and the beginning of a formula.
HOSTILE = "=1+1</title></text><script>alert(1)</script><img src=x onerror=alert(1)>\"'&#x3c; #panic() $x$ *b* `c`"
PAGES = ("", "?groep=origin_netherlands", "/kaart", "/vergelijk", "/trend", "/vergelijkbaar", "/beleving", "/rapport", "/inbed/wiel")
FILES = ("/cijfers.csv", "/vergelijk.csv", "/vergelijkbaar.csv", "/beleving.csv")
PICTURES = ("wiel", "kaart", "groepen", "rangorde", "trend")


@pytest.fixture
def loaded(study: Study) -> Study:
    """The monitor with hostile names of areas, indicators and sources."""
    monitored.wijkmonitor(study)
    OwnIndicator.objects.create(
        study=study, indicator="own_x", nl=HOSTILE[:120], en=HOSTILE[:120], explanation_nl=HOSTILE, explanation_en=HOSTILE, unit="percent",
        theme="income", direction="worse", aggregate="none", nature="own",
    )  # fmt: skip
    own = FigureSource.objects.get(study=study)
    areas = list(MonitorArea.objects.filter(code__in=(factories.NOORD, factories.POLDER, factories.MUNICIPALITY), year=2024))
    MonitorFigure.objects.bulk_create(
        MonitorFigure(area=area, source=own, indicator="own_x", group=group, year=2024, value=20.0, unit="percent", n=500, nature="own")
        for area in areas
        for group in ("all", "origin_netherlands")
    )
    MonitorArea.objects.update(name=HOSTILE)
    FigureSource.objects.update(title=HOSTILE, attribution=HOSTILE, licence=HOSTILE, url="javascript:alert(1)")
    stamping.renew()
    return study


def answers(client: Client, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for kind in kinds:
        for wanted in ("", "wat=own_x"):
            answer = client.get(f"{AT}{kind}{'&' if '?' in kind else '?'}{wanted}")
            assert answer.status_code == 200, kind
            yield kind, answer.content.decode()


def test_a_name_is_text_on_every_page(client: Client, loaded: Study) -> None:
    for kind, text in answers(client, PAGES):
        assert "<script>alert" not in text, kind
        assert "<img src=x" not in text, kind
        page = read(client.get(f"{AT}{kind}"))
        assert not [element for element in page.elements if element["href"].startswith("javascript:")], kind


def test_a_name_is_text_in_every_picture(client: Client, loaded: Study) -> None:
    drawn = 0
    for what in PICTURES:
        for code in (factories.NOORD, factories.MUNICIPALITY):
            answer = client.get(f"/wijkmonitor/{code}/beeld/{what}.svg?wat=own_x&groep=origin_netherlands")
            if answer.status_code == 200:
                drawn += 1
                tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(answer.content).iter()}
                assert not tags & {"script", "img", "image", "foreignObject", "a"}, what
    assert drawn >= len(PICTURES)


def test_a_name_is_text_in_every_file(client: Client, loaded: Study) -> None:
    for kind, text in answers(client, FILES):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], kind


def test_a_name_is_text_on_paper(loaded: Study) -> None:
    report = monitor_report.compose(factories.NOORD, "", "nl")
    assert report is not None
    assert monitor_report.pdf(report).startswith(b"%PDF")
    assert area_report.printable("#panic()") == "#panic()", "the paper takes it as text, from a file beside it"


@pytest.mark.parametrize(
    "address",
    [
        f"{AT}%00",
        f"{AT}?met=%00",
        f"{AT}/kaart?wat=%00",
        f"{AT}/vergelijk?gebied=%00&zoek=x",
        "/wijkmonitor/?q=a%00b",
        "/kleindorp/plekken?q=%00",
    ],
)
def test_an_address_with_nul_is_of_nothing(client: Client, loaded: Study, address: str) -> None:
    """PostgreSQL takes no text with this character: it would be an error of the server."""
    assert client.get(address).status_code == 404


def test_an_address_of_a_comparison_asks_for_so_much_at_the_most() -> None:
    words = [("groep", str(number)) for number in range(20)] + [("gebied", str(number)) for number in range(410)]
    words += [("jaar", year) for year in ("2024", "x", "²²²²", "20240", "-123", *map(str, range(1900, 1920)))]
    asked = compare.asked_of(QueryDict(urlencode([*words, ("groep", ""), ("wat", "w" * 999), ("zoek", "z" * 999)])))
    assert (len(asked.groups), len(asked.areas), len(asked.indicator), len(asked.search)) == (12, 400, 100, 100)
    assert asked.years == (2024, *range(1900, 1907)), "of the first twelve those that are years"
    assert compare.asked_of(QueryDict("groep=")).groups == ("all",)


def test_a_picture_is_of_what_its_page_shows(client: Client, loaded: Study) -> None:
    query = "?wat=own_x&groep=origin_netherlands&groep=&alles=ja"
    page, picture = (client.get(f"{AT}/{kind}{query}").content.decode() for kind in ("vergelijk", "beeld/rangorde.svg"))
    told = set(re.findall(r"<title>([^<]*20[^<]*)</title>", picture))
    assert told
    assert all(f"<title>{title}</title>" in page for title in told)


@pytest.mark.parametrize("name", ["met", "groep", "andere", "wat", "niveau", "gebied", "jaar", "zoek", "alles", "naast", "schatting"])
def test_whatever_an_address_asks_a_page_answers(client: Client, loaded: Study, name: str) -> None:
    kinds = ("", "/kaart", "/vergelijk", "/trend", "/rapport")
    for kind, value in product(kinds, ("9" * 3000, "<script>alert(1)</script>", "²", "-1", "a\u0301", "%")):
        answer = client.get(f"{AT}{kind}", {name: value})
        assert answer.status_code == 200, (kind, name)
        assert "<script>alert" not in answer.content.decode()
