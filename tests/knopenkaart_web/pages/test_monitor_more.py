# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Trend, similar wijken and perception of an area, and who lacks a place: as a browser sees the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.places.models import Study

from .reading import factories, monitored, read

NOORD, ZUID, POLDER, MUNICIPALITY, SLUG = factories.NOORD, factories.ZUID, factories.POLDER, factories.MUNICIPALITY, factories.SLUG


@pytest.fixture
def loaded(study: Study) -> Study:
    """Kleindorp with the small monitor, its own table included."""
    monitored.wijkmonitor(study)
    return study


@pytest.mark.parametrize("page", ["trend", "vergelijkbaar", "beleving", "rapport"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("code", [NOORD, ZUID, POLDER, MUNICIPALITY, monitored.COUNTRY, monitored.HAVEN, monitored.KADE])
def test_every_page_about_an_area_is_whole(client: Client, loaded: Study, page: str, language: str, code: str) -> None:
    shown = read(client.get(f"{language}/wijkmonitor/{code}/{page}"))
    assert len(shown.all("h1")) == 1
    assert not shown.unclosed
