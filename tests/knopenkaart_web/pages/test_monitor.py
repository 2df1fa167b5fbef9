# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A policy officer reads the Wijkmonitor: finds an area, sees its profile, a group, a map, and areas beside one another."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.places.models import Study

from .. import monitored  # noqa: TID252
from .reading import read

NOORD, ZUID, MUNICIPALITY, COUNTRY = monitored.NOORD, monitored.ZUID, monitored.MUNICIPALITY, monitored.COUNTRY


@pytest.fixture
def monitor(study: Study) -> Study:
    monitored.wijkmonitor(study)
    return study


def test_without_figures_the_entry_says_so(client: Client, study: Study) -> None:
    assert "nog geen cijfers" in read(client.get("/wijkmonitor/")).text


def test_an_area_is_found_by_its_name(client: Client, monitor: Study) -> None:
    answer = client.get("/wijkmonitor/?q=noord")
    assert (answer.status_code, answer["Location"]) == (302, f"/wijkmonitor/{NOORD}")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("code", [NOORD, ZUID, MUNICIPALITY, COUNTRY, monitored.KADE, monitored.HAVEN])
@pytest.mark.parametrize(
    "rest", ["", "?met=country", "?met=niets", "?groep=origin_outside_europe", "?groep=age_65_plus", "/kaart", "/vergelijk"]
)
def test_every_page_of_every_level_opens(client: Client, monitor: Study, prefix: str, code: str, rest: str) -> None:
    page = read(client.get(f"{prefix}/wijkmonitor/{code}{rest}"))
    assert len(page.all("h1")) == 1
    assert page.unclosed == []
