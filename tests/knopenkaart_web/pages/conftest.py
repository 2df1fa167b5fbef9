# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages as a browser without JavaScript sees them: clients for each of the people, and a page taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client

from knopenkaart_web.accounts.models import User
from knopenkaart_web.conf.settings import PACKAGE_DIR
from knopenkaart_web.pages import background
from knopenkaart_web.pages.templatetags import vite
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.work import work

PO = PACKAGE_DIR / "locale" / "nl" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="session", autouse=True)
def dutch() -> None:
    """The Dutch texts, compiled anew where the source is newer than what was compiled."""
    compiled = PO.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < PO.stat().st_mtime:
        polib.pofile(str(PO)).save_as_mofile(str(compiled))


@pytest.fixture(scope="session", autouse=True)
def front_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Pages are tested whether the front end is built or not: its manifest is an empty one."""
    manifest = tmp_path_factory.mktemp("build") / "manifest.json"
    names = ("app", "map", "review", "counter", "counter/worker", "meeting")
    entries = ", ".join(f'"src/{name}.ts": {{"file": "{name}.js"}}' for name in names)
    manifest.write_text("{" + entries + "}", encoding="utf-8")
    (manifest.parent / "counter").mkdir()
    (manifest.parent / "counter" / "worker.js").write_text("// the service worker")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vite, "MANIFEST", manifest)
        # Whoever builds the front end meanwhile takes files away that WhiteNoise would look for.
        patch.setattr(settings, "WHITENOISE_USE_FINDERS", False)
        yield


@pytest.fixture
def editor(client: Client, bob: User) -> Client:
    """A browser in which Bob, an editor, is logged in."""
    client.force_login(bob)
    return client


@pytest.fixture
def manager(alice: User) -> Client:
    """A browser in which Alice, the manager, is logged in."""
    browser = Client()
    browser.force_login(alice)
    return browser


@pytest.fixture
def stranger(charlie: User) -> Client:
    """A browser in which Charlie, who has no role here, is logged in."""
    browser = Client()
    browser.force_login(charlie)
    return browser


@pytest.fixture
def runs_at_once(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Background work is done before the page answers, by the engine itself; gives who asked for each run, as they come."""
    asked: list[Any] = []

    def start(actor: Any, slug: str, kind: str, params: dict[str, Any]) -> str:
        asked.append(actor)
        run = Run.objects.create(study=Study.objects.get(slug=slug), kind=kind, params=params, key="x", revision=1, state="running")
        work(run.pk)
        return str(run.pk)

    monkeypatch.setattr(background, "start", start)
    return asked
