# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every address of the web is in the reference, and so is every name of the filter."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from documented.pages import named, reference

from knopenkaart_web.pages.files import FILES
from knopenkaart_web.pages.urls import urlpatterns
from knopenkaart_web.places.views_data import SORTS, TOPICS, PlaceFilter

NAMES = {"slug": "{study}", "place_id": "{place}", "what": "{name}"} | {
    name: f"{{{name}}}" for name in ("code", "name", "secret", "answer", "step", "form")
}


def written(pattern: str) -> str:
    """An address as the reference writes it: what varies by its meaning, whatever its type; numbers are numbers."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda match: NAMES.get(match[1], "{number}"), pattern)


def test_the_reference_has_exactly_the_addresses_that_are_served() -> None:
    served = {written(str(pattern.pattern)) for pattern in urlpatterns}
    documented = {name for name in named(reference("paths.md")) if name.startswith("/")} - {"/en/"}
    assert documented == served


def test_each_file_to_download_is_named() -> None:
    assert set(FILES) <= named(reference("paths.md"))


def test_each_name_of_the_filter_is_explained() -> None:
    full = PlaceFilter(
        q="a",
        function=("a",),
        kind=("a",),
        archetype=("a",),
        area=("a",),
        status=("a",),
        open_now=True,
        wheelchair=True,
        small_spots=True,
        neighbours=False,
        sort="soort",
        page=2,
    )
    assert {name for name, _ in parse_qsl(full.to_query())} <= named(reference("paths.md"))
    assert set(SORTS) | set(TOPICS) <= named(reference("paths.md"))
