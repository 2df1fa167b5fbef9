# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What browser tests know of the served example: which place is which, how to log in, how to wait for a map."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from .loading import Loaded, run

READY = "knoop-map[data-ready]"
MAP_TIMEOUT_MS = 40_000
READ_TIMEOUT_S = 60
EMPTY = "leegdorp"
#: A study without anything, a place of every state and a queue: what the example, of which all is open and sure, does not have.
PREPARE = """
import django, json, sys
django.setup()
from knopenkaart_web.accounts.models import User
from knopenkaart_web.places import actions
from knopenkaart_web.places.models import Place, ReviewItem, Study
slug, editor = sys.argv[1], User.objects.get(username=sys.argv[2])
chosen = {}
open_places = Place.objects.filter(study__slug=slug, status="open", kind__in=["restaurant", "supermarket"]).order_by("name")
for status, place in zip(("closed", "vacant"), list(open_places)):
    actions.change_status(editor, slug, str(place.id), status, "Vanwege de proef")
    chosen[status] = str(place.id)
pairs = list(Place.objects.filter(study__slug=slug, kind__in=["pub", "playground"], status="open").order_by("name"))
for place, other in zip(pairs[0::2], pairs[1::2]):
    details = {"score": 0.8, "reasons": ["distance"]}
    ReviewItem.objects.create(study=place.study, topic="duplicate", place=place, other=other, details=details)
Study.objects.create(slug=sys.argv[3], name="Leegdorp")
print(json.dumps(chosen))
"""


@dataclass(frozen=True)
class Site:
    """A served example: its address, and the identifiers of places that a test needs."""

    url: str
    slug: str
    editor: str
    password: str
    places: Mapping[str, str]
    wijk: str
    buurt: str

    def address(self, path: str, language: str = "nl") -> str:
        """The address of a page in the study; `{library}` and the like stand for the identifier of such a place."""
        filled = path.format(study=self.slug, wijk=self.wijk, buurt=self.buurt, empty=EMPTY, **self.places)
        return f"{self.url}{'/en' if language == 'en' else ''}{filled}"


def describe(url: str, loaded: Loaded, environment: Mapping[str, str]) -> Site:
    """Prepare the example that is served there, and find the places that tests ask for."""
    chosen = dict(json.loads(run(environment, "-c", PREPARE, loaded.slug, loaded.editor, EMPTY)))
    features = read_json(f"{url}/{loaded.slug}/download/places.geojson?plekjes=ja")["features"]
    for name, wanted in SORTS.items():
        chosen[name] = next(item["id"] for item in features if item["id"] not in chosen.values() and wanted(item["properties"]))
    chosen["counted"] = read_csv(f"{url}/{loaded.slug}/bezoek.csv")[0]["place_id"]
    areas = read_json(f"{url}/{loaded.slug}/data/areas.json")["features"]
    wijk = next(item["properties"]["code"] for item in areas if item["properties"]["level"] == "wijk")
    buurt = re.search(r"/wijk/(BU\w+)", fetch(f"{url}/{loaded.slug}/wijk/{wijk}")[1].decode())
    assert buurt is not None
    return Site(url, loaded.slug, loaded.editor, loaded.password, chosen, wijk, buurt.group(1))


SORTS = {
    "library": lambda place: place["kind"] == "library",
    "digital": lambda place: place["digital"],
    "broken": lambda place: place["openingHours"] == "dagelijks, zie website",
    "small": lambda place: place["smallSpot"],
    "cafe": lambda place: place["kind"] == "cafe",
}


def read_json(url: str) -> Any:
    """What a served address gives as JSON."""
    return json.loads(fetch(url)[1])


def read_csv(url: str) -> list[dict[str, str]]:
    """The rows of a served CSV."""
    return list(csv.DictReader(io.StringIO(fetch(url)[1].decode("utf-8-sig"))))


def fetch(url: str, headers: Mapping[str, str] | None = None) -> tuple[Mapping[str, str], bytes]:
    """Headers and content of a served address."""
    with urlopen(Request(url, headers=dict(headers or {})), timeout=60) as answer:
        return dict(answer.headers.items()), answer.read()


def log_in(page: Page, site: Site, *, editor: str = "") -> None:
    """Log in by hand."""
    page.goto(site.address("/inloggen"))
    page.locator("#id_username").fill(editor or site.editor)
    page.locator("#id_password").fill(site.password)
    page.locator("main form button").click()
    page.locator(".kk-logout").wait_for()


def settle(page: Page) -> None:
    """Wait until every map of the page is drawn."""
    for index in range(page.locator("knoop-map").count()):
        page.locator("knoop-map").nth(index).scroll_into_view_if_needed()
    if page.locator("knoop-map").count():
        page.wait_for_selector(READY, timeout=MAP_TIMEOUT_MS)


def number_in(text: str) -> int:
    """The first number of a sentence, with the points and commas of thousands."""
    found = re.search(r"\d[\d.,]*", text)
    return int(re.sub(r"\D", "", found.group())) if found else 0


def upload(page: Page, site: Site, path: Path) -> None:
    """Send a list and wait until it is read, or refused."""
    page.goto(site.address("/{study}/beheer/import"))
    page.locator("input[type=file]").set_input_files(path)
    page.locator("main form button").first.click()
    page.wait_for_selector("#columns, .utrecht-alert--error, .kk-main .kk-actions a")
    for _ in range(READ_TIMEOUT_S):
        if page.locator("#columns, .utrecht-alert--error").count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"the list was not read in {READ_TIMEOUT_S} seconds")
