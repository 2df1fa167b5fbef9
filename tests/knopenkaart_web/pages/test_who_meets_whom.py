# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who meets whom, how many places, what was measured, and what this is not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.places.models import Study

from .reading import factories, met

SLUG = factories.SLUG


@pytest.fixture
def reckoned(study: Study) -> Study:
    """Kleindorp of which it was reckoned who meets whom."""
    met.attach(study)
    return study


def text(client: Client, name: str, *args: object, lang: str = "nl", **query: str) -> str:
    response = client.get(reverse(name, args=[SLUG, *args]), query, headers={"accept-language": lang})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", ["meeting", "curve", "sceptic", "measured"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_opens_with_and_without_a_reckoning(client: Client, study: Study, name: str, lang: str) -> None:
    assert "<h1" in text(client, name, lang=lang)
    met.attach(study)
    assert "<h1" in text(client, name, lang=lang)
