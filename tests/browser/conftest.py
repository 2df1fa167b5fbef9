# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Chromium against a served application: pages, phones, axe, and the watch that no request leaves the host."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright
from turns import of_the_run

from . import chromium
from .loading import COMMAND, Loaded, load_once, run
from .map_harness.server import serve_town
from .serving import copy_site, serve
from .site import Site, describe, log_in, upload

ROOT = Path(__file__).resolve().parents[2]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCAL_SCHEMES = {"data", "blob", "about"}
# What a page does is waited for, however busy the machine; a page that never does it fails all the same.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that drives Chromium carries the marker `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def absent(what: str) -> NoReturn:
    """Skip on somebody's own machine; in continuous integration a test that silently does not run is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} (in continuous integration this may not be skipped)", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = chromium.find()
    if found is None:
        absent("no Chromium: set KNOPENKAART_CHROMIUM, or let npm or apt-get fetch one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(chromium.ARGUMENTS), headless=True)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, to be evaluated in a page, which a content security policy does not stop."""
    modules = chromium.install_tools()
    if modules is None:
        absent("axe-core is not there and npm cannot fetch it")
    return (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Watch:
    """Keeps what a page did that it should not: requests to another host, errors in scripts, refused content."""

    def __init__(self, page: Page) -> None:
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.failed: list[str] = []
        self._own = ""
        page.on("request", lambda request: self._ask(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("response", lambda response: self.failed.append(f"{response.status} {response.url}") if response.status >= 500 else None)

    def _ask(self, url: str) -> None:
        parts = urlsplit(url)
        self._own = self._own or parts.netloc
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc != self._own:
            self.foreign.append(url)


def _watched(browser: Browser, **options: Any) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam", **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch = Watch(page)
    page.watch = watch  # type: ignore[attr-defined]
    yield page
    context.close()
    assert watch.foreign == [], "requests left the host"
    assert watch.failed == [], "the server failed"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at desktop size; afterwards no request may have left the host."""
    yield from _watched(browser, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone of 390 px."""
    yield from _watched(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """A page of 320 px, where nothing may need scrolling sideways (WCAG 1.4.10)."""
    yield from _watched(browser, viewport={"width": 320, "height": 640})


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page: one line per rule and element."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe_source)
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]]

    return run


@pytest.fixture(scope="session")
def town() -> Iterator[str]:
    """The address of the map page alone, with 300 invented places."""
    with serve_town(places=300) as address:
        yield address


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of the served application: a database and files of its own."""
    folder = tmp_path_factory.mktemp("served")
    return {
        "DJANGO_SETTINGS_MODULE": "knopenkaart_web.conf.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "KNOPENKAART_DATA_DIR": str(folder),
        "KNOPENKAART_SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
        "KNOPENKAART_DEBUG": "false",
        "KNOPENKAART_ALLOWED_HOSTS": "127.0.0.1",
    }


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example's files and study are made: one folder for all processes of a run."""
    return of_the_run(tmp_path_factory) / "example"


@pytest.fixture(scope="session")
def example_files(example_folder: Path, loaded_example: Loaded) -> Path:
    """The files of which the example was built: OSM XML, areas, figures and the list with faults."""
    return example_folder / "files"


@pytest.fixture(scope="session")
def loaded_example(environment: dict[str, str], example_folder: Path) -> Loaded:
    """The example municipality in the served application's database."""
    shared = environment | {"KNOPENKAART_DATA_DIR": str(example_folder / "data")}
    loaded = load_once(example_folder, shared)
    copy_site(shared, Path(environment["KNOPENKAART_DATA_DIR"]))
    return loaded


@pytest.fixture(scope="session")
def live_url(environment: dict[str, str], loaded_example: Loaded) -> Iterator[str]:
    """The address of the application, served as in production, on a free port."""
    with serve(environment) as address:
        yield address


@pytest.fixture(scope="session")
def site(environment: dict[str, str], loaded_example: Loaded, live_url: str) -> Site:
    """The served example with places of every sort; for tests that change nothing."""
    return describe(live_url, loaded_example, environment)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> StorageState:
    """The cookies of somebody who may everything."""
    context = browser.new_context(locale="nl-NL")
    log_in(context.new_page(), site)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def editor(browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    """A page of somebody who has logged in, at desktop size."""
    yield from _watched(browser, viewport={"width": 1280, "height": 800}, storage_state=signed_in)


@pytest.fixture(scope="session")
def draft(browser: Browser, site: Site, signed_in: StorageState, example_files: Path) -> str:
    """The number of a list that was sent and waits for confirmation: the example's own, with its faults."""
    context = browser.new_context(locale="nl-NL", storage_state=signed_in)
    page = context.new_page()
    upload(page, site, next(example_files.glob("*.xlsx")))
    number = page.url.rsplit("/", 1)[1].split("?")[0]
    context.close()
    return number


@pytest.fixture(scope="module")
def own_environment(environment: dict[str, str], site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a copy of the site, for the tests of one file that change things."""
    return copy_site(environment, tmp_path_factory.mktemp("own") / "data")


@pytest.fixture(scope="module")
def own_site(own_environment: dict[str, str], site: Site) -> Iterator[Site]:
    """A site of one's own, to change as one likes."""
    with serve(own_environment) as address:
        yield replace(site, url=address)


@pytest.fixture(scope="module")
def delft(site: Site, environment: dict[str, str], real_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """South-east Delft on the served site: five wijken that the extract touches, eight that it does not."""
    extract, wijken, municipalities = map(real_data, ("osm/delft_tudelft.osm.pbf", "cbs/wijken_2022.gpkg", "cbs/gemeenten_2022.gpkg"))
    study = tmp_path_factory.mktemp("delft") / "delft"
    run(
        environment, *COMMAND, "build", str(study), "--osm", str(extract), "--areas", str(wijken), "--areas", str(municipalities),
        "--year", "2022", "--municipality", "GM0503",
    )  # fmt: skip
    run(environment, *COMMAND, "load", str(study))
    return replace(site, slug="delft")
