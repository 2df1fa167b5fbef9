# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place's identifier: the same today and tomorrow, another for another element."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.inventory.identity import place_id
from knopenkaart.records import Source

OSM = Source("osm", "OpenStreetMap", None, "ODbL 1.0", "OpenStreetMap contributors")


def test_the_identifier_never_changes_between_versions() -> None:
    assert place_id(OSM, "node/1") == "7e5bf6a0-176c-505d-944d-be6432825e46"


def test_a_source_and_its_id_give_the_same_identifier() -> None:
    assert place_id(OSM, "node/1") == place_id("osm", "node/1")


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_element_has_its_own_valid_identifier(one: str, other: str) -> None:
    assert UUID(place_id(OSM, one)).version == 5
    assert (place_id(OSM, one) == place_id(OSM, other)) == (one == other)
