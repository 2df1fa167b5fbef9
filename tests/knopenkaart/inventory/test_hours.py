# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A broken value of opening hours is kept, and told of once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from knopenkaart.inventory.hours import broken_hours


def test_each_place_with_hours_that_cannot_be_read_is_reported_once(hand_made: Any) -> None:
    hand_made.node(1, 10, 10, amenity="library", name="Bieb", opening_hours="doordeweeks meestal")
    hand_made.node(2, 500, 10, amenity="cafe", name="De Hoek", opening_hours="Mo-Fr 09:00-17:00")
    hand_made.node(3, 900, 10, amenity="cafe", opening_hours="Mo-Fr 9 tot 5 uur ofzo")
    hand_made.node(4, 900, 900, amenity="cafe", name="De Punt")
    inventory = hand_made.inventory()
    found = broken_hours(inventory.places, inventory.attributes)
    assert list(found["code"].unique()) == ["opening_hours.broken"]
    assert {row["source_id"]: (row["name"], row["value"]) for row in found["details"]} == {
        "node/1": ("Bieb", "doordeweeks meestal"),
        "node/3": (None, "Mo-Fr 9 tot 5 uur ofzo"),
    }
    assert all(row["value"] in message for row, message in zip(found["details"], found["message"], strict=True))


def test_broken_hours_stay_on_their_place(hand_made: Any) -> None:
    hand_made.node(1, 10, 10, amenity="library", name="Bieb", opening_hours="doordeweeks meestal")
    inventory = hand_made.inventory()
    places = inventory.places
    before = places.copy(deep=True)
    broken_hours(places, inventory.attributes)
    pd.testing.assert_frame_equal(places, before)


def test_hours_that_can_be_read_and_places_without_hours_give_no_notice(hand_made: Any) -> None:
    hand_made.node(1, 10, 10, amenity="cafe", name="De Hoek", opening_hours="We 18:00+; PH off")
    hand_made.node(2, 500, 10, amenity="cafe", name="De Punt")
    inventory = hand_made.inventory()
    assert broken_hours(inventory.places, inventory.attributes).empty


def test_the_source_that_gave_the_hours_is_named_and_not_that_of_the_place(hand_made: Any) -> None:
    hand_made.node(1, 10, 10, amenity="library", name="Bieb", opening_hours="doordeweeks meestal")
    inventory = hand_made.inventory()
    of_a_list = inventory.attributes.assign(source="list_own", source_id="row-1")
    details = broken_hours(inventory.places, of_a_list)["details"].iloc[0]
    assert (details["source"], details["source_id"]) == ("list_own", "row-1")
