# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places on a map by their part of recognition: the same as in the table, also where no area surely differs, and nothing hidden."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.pages.meeting.maps import size_of
from knopenkaart_web.places.models import Study

from .reading import factories, met

SLUG, LIBRARY, CAFE = factories.SLUG, factories.LIBRARY, factories.CAFE


def figure(client: Client, **query: str) -> str:
    page = client.get(reverse("meeting", args=[SLUG]), query, headers={"accept-language": "nl"}).content.decode()
    found = page[page.index('id="places-map"') :]
    return found[: found.index("</figure>")]


def test_the_map_says_of_each_place_what_the_table_says_wide_and_narrow(client: Client, study: Study) -> None:
    """2.5, 1.5 and 1.0 of 5 faces."""
    met.attach(study)
    found = figure(client)
    assert found.count("<title>Bibliotheek Noord: 50 % (geschat uit telling)</title>") == 2
    assert found.count(": 30 % (geschat)</title>") == 2
    assert found.count("<title>Café Één: 20 % (aangenomen)</title>") == 2
    assert re.findall(r'<svg[^>]*viewBox="0 0 (\d+)', found) == ["640", "320"]
    assert "geen volgorde" in found


def test_a_place_of_which_nothing_may_be_told_is_a_cross(client: Client, study: Study) -> None:
    run, rows = met.attach(study), met.tables()
    rows["meeting_contribution"] = [row for row in rows["meeting_contribution"] if row["place_id"] != CAFE]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    found = figure(client)
    assert found.count("<title>Café Één: niet verteld: te weinig bezoeken</title>") == 2
    assert "20 %" not in found


@pytest.mark.parametrize(("share", "size"), [(0.0, 0), (0.004, 0), (0.01, 1), (0.029, 2), (0.03, 2), (0.094, 2), (0.1, 3), (None, None)])
def test_a_size_follows_from_the_whole_per_cents_of_the_table(share: float | None, size: int | None) -> None:
    assert size_of(share) == size
