# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Chromium against a served application: pages, phones, axe, and the watch that no request leaves the host."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from . import chromium
from .loading import Loaded, load_example
from .map_harness.server import serve_town

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 60
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCAL_SCHEMES = {"data", "blob", "about"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that drives Chromium carries the marker `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = chromium.find()
    if found is None:
        pytest.skip("no Chromium: set KNOPENKAART_CHROMIUM, or let npm or apt-get fetch one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(chromium.ARGUMENTS), headless=True)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, to be evaluated in a page, which a content security policy does not stop."""
    modules = chromium.install_tools()
    if modules is None:
        pytest.skip("axe-core is not there and npm cannot fetch it")
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
    context.set_default_timeout(15_000)
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
def loaded_example(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The example municipality in the served application's database."""
    return load_example(tmp_path_factory.mktemp("example"), environment)


@pytest.fixture(scope="session")
def live_url(environment: dict[str, str], loaded_example: Loaded) -> Iterator[str]:
    """The address of the application, served as in production, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "knopenkaart_web.conf.wsgi:application"]
    log = Path(environment["KNOPENKAART_DATA_DIR"]) / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await(f"http://127.0.0.1:{port}/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The application did not start:\n{log.read_text()[-3000:]}")
