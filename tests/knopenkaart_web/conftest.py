# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kleindorp and its people, for every test of the web; on SQLite, or on PostgreSQL with KNOPENKAART_TEST_DATABASE=postgres."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from knopenkaart_web.accounts.models import User
from knopenkaart_web.places.models import Study

from . import factories


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
