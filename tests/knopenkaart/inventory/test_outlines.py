# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Several elements that are one place, parts of a ground, and the canteen that stays tied to its club."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from knopenkaart.inventory.classify import Inventory


def the_place(inventory: Inventory) -> Any:
    assert len(inventory.places) == 1
    return inventory.places.iloc[0]


def by_name(inventory: Inventory, name: str) -> Any:
    found = inventory.places[inventory.places["name"] == name]
    assert len(found) == 1
    return found.iloc[0]


# ------------------------------------------------------------------------------- several elements, one place


def test_the_node_inside_its_own_outline_is_one_place(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 40, 40), amenity="library", name="Bibliotheek Dorp", website="https://way.example")
    hand_made.node(2, 20, 20, amenity="library", name="Bibliotheek Dorp", phone="0151234567", website="https://node.example")
    place = the_place(hand_made.inventory())
    assert place["source_id"] == "way/1"
    assert (place["phone"], place["website"]) == ("0151234567", "https://way.example")
    assert hand_made.outcomes()["node/2"] == ("merged", "outline.same_kind")


@pytest.mark.parametrize(("outline", "node"), [({}, {"name": "De Hoek"}), ({"name": "De Hoek"}, {}), ({}, {})])
def test_a_name_on_one_of_the_two_is_enough(hand_made: Any, outline: dict[str, str], node: dict[str, str]) -> None:
    hand_made.block(1, (0, 0, 40, 40), amenity="cafe", **outline)
    hand_made.node(2, 20, 20, amenity="cafe", **node)
    place = the_place(hand_made.inventory())
    assert (None if pd.isna(place["name"]) else place["name"]) == (outline | node).get("name")


def test_two_cafes_with_their_own_names_in_one_outline_stay_two(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 40, 40), amenity="cafe", name="De Hoek")
    hand_made.node(2, 20, 20, amenity="cafe", name="De Punt")
    assert sorted(hand_made.inventory().places["name"]) == ["De Hoek", "De Punt"]


def test_the_words_of_the_kind_do_not_make_another_name(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 40, 40), amenity="school", name="OBS De Horizon", **{"isced:level": "1"})
    hand_made.node(2, 20, 20, amenity="school", name="Basisschool Horizon")
    assert the_place(hand_made.inventory())["name"] == "OBS De Horizon"


def test_a_node_of_another_kind_with_the_very_name_of_the_outline_is_that_place(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 80, 80), leisure="sports_centre", name="X")
    hand_made.node(2, 20, 20, amenity="arts_centre", name="X")
    place = the_place(hand_made.inventory())
    assert place["kind"] == "sports_centre"
    assert set(place["functions"]) == {"sport", "meet", "culture", "learn"}
    assert hand_made.outcomes()["node/2"] == ("merged", "outline.same_name")


def test_a_school_of_five_buildings_is_one_school(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 200, 100), amenity="school", name="De Regenboog")
    hand_made.block(2, (10, 10, 40, 40), amenity="school")
    hand_made.block(3, (50, 10, 80, 40), amenity="school", name="De Regenboog")
    hand_made.block(4, (210, 10, 240, 40), amenity="school")
    hand_made.node(5, 300, 20, amenity="school", name="De Regenboog")
    place = the_place(hand_made.inventory())
    assert place["source_id"] == "way/1"
    assert hand_made.outcomes() == {
        "way/1": ("present", "area.inside"),
        "way/2": ("merged", "outline.same_kind"),
        "way/3": ("merged", "outline.same_kind"),
        "way/4": ("merged", "campus.adjacent"),
        "node/5": ("merged", "campus.same_name"),
    }


def test_five_school_buildings_without_any_name_are_one_school(hand_made: Any) -> None:
    for number in range(5):
        hand_made.block(number + 1, (number * 40, 0, number * 40 + 20 + number, 20), amenity="school")
    assert len(hand_made.inventory().places) == 1


def test_schools_with_the_same_name_far_apart_stay_two(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 50, 50), amenity="school", name="De Regenboog")
    hand_made.block(2, (400, 0, 450, 50), amenity="school", name="De Regenboog")
    assert len(hand_made.inventory().places) == 2


def test_a_ground_without_a_name_that_two_schools_share_is_no_third_school(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 200, 100), amenity="school")
    hand_made.node(2, 50, 50, amenity="school", name="De Regenboog")
    hand_made.node(3, 150, 50, amenity="school", name="Het Kompas")
    inventory = hand_made.inventory()
    assert sorted(inventory.places["name"]) == ["De Regenboog", "Het Kompas"]
    assert hand_made.outcomes()["way/1"] == ("excluded", "campus.shared_ground")
    assert inventory.notices["subject"].tolist() == ["way/1"]


def test_an_unnamed_building_between_two_schools_joins_the_nearest_and_never_ties_them(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 50, 50), amenity="school", name="De Regenboog")
    hand_made.block(2, (60, 0, 80, 50), amenity="school")
    hand_made.block(3, (95, 0, 150, 50), amenity="school", name="Het Kompas")
    inventory = hand_made.inventory()
    assert sorted(inventory.places["name"]) == ["De Regenboog", "Het Kompas"]
    assert inventory.decisions.set_index("source_id").loc["way/2", "place_id"] == by_name(inventory, "De Regenboog")["id"]


def test_a_park_in_two_pieces_is_one_place_on_the_largest(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 50, 50), leisure="park", name="Stadspark")
    hand_made.multipolygon(2, (100, 0, 200, 100), (210, 0, 250, 50), leisure="park", name="Stadspark")
    assert the_place(hand_made.inventory())["source_id"] == "relation/2"


def test_a_supermarket_chain_on_two_corners_stays_two(hand_made: Any) -> None:
    hand_made.node(1, 0, 100, shop="supermarket", name="De Grutter")
    hand_made.node(2, 100, 100, shop="supermarket", name="De Grutter")
    assert len(hand_made.inventory().places) == 2


def test_a_node_at_the_door_of_its_outline_is_the_same_place(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 40, 40), shop="supermarket", name="De Grutter")
    hand_made.node(2, 45, 20, shop="supermarket", name="De Grutter")
    assert hand_made.outcomes()["node/2"] == ("merged", "near.same_name")


@pytest.mark.parametrize("name", [{}, {"name": "Veld 1"}])
def test_a_pitch_on_the_ground_of_a_club_is_part_of_it(hand_made: Any, name: dict[str, str]) -> None:
    hand_made.block(1, (0, 0, 300, 300), leisure="sports_centre", name="Sportpark Zuid")
    hand_made.block(2, (10, 10, 110, 80), leisure="pitch", **name)
    place = the_place(hand_made.inventory())
    assert place["name"] == "Sportpark Zuid"
    assert hand_made.outcomes()["way/2"] == ("merged", "part.of_ground")


def test_the_name_of_a_pitch_does_not_become_the_name_of_its_ground(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 300, 300), leisure="sports_centre")
    hand_made.block(2, (10, 10, 110, 80), leisure="pitch", name="Veld 1")
    assert pd.isna(the_place(hand_made.inventory())["name"])


def test_a_bench_in_a_park_stays_a_small_spot_of_its_own(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 300, 300), leisure="park", name="Stadspark")
    hand_made.node(2, 20, 20, amenity="bench")
    places = hand_made.inventory().places
    assert places.set_index("source_id")["small_spot"].to_dict() == {"way/1": False, "node/2": True}


# -------------------------------------------------------------------------------------------- canteens


def test_a_canteen_on_the_ground_of_its_club_stays_tied_to_it(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 300, 300), club="sport", leisure="sports_centre", name="VV De Bal")
    hand_made.node(2, 100, 100, amenity="bar", name="Kantine De Bal")
    inventory = hand_made.inventory()
    assert by_name(inventory, "Kantine De Bal")["part_of"] == by_name(inventory, "VV De Bal")["id"]


def test_a_canteen_beside_its_club_stays_tied_to_it_but_a_cafe_does_not(hand_made: Any) -> None:
    hand_made.node(1, 0, 100, club="sport", name="VV De Bal")
    hand_made.node(2, 90, 100, amenity="bar", name="Kantine De Bal")
    hand_made.node(3, 50, 100, amenity="cafe", name="De Hoek")
    hand_made.node(4, 500, 100, amenity="bar", name="Kantine Ver Weg")
    inventory = hand_made.inventory()
    assert by_name(inventory, "Kantine De Bal")["part_of"] == by_name(inventory, "VV De Bal")["id"]
    assert pd.isna(by_name(inventory, "De Hoek")["part_of"])
    assert pd.isna(by_name(inventory, "Kantine Ver Weg")["part_of"])


def test_a_canteen_that_nobody_mapped_is_not_made_up(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 300, 300), club="sport", leisure="sports_centre", name="VV De Bal", bar="yes")
    assert hand_made.inventory().places["kind"].tolist() == ["sports_club"]


def test_a_canteen_of_a_merged_ground_is_tied_to_the_place_that_stands(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 300, 300), club="sport")
    hand_made.node(2, 150, 150, club="sport", name="VV De Bal")
    hand_made.node(3, 100, 100, amenity="bar", name="Kantine De Bal")
    inventory = hand_made.inventory()
    assert by_name(inventory, "Kantine De Bal")["part_of"] == by_name(inventory, "VV De Bal")["id"]


def test_a_named_pitch_in_a_stadium_without_a_name_is_a_place(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 200, 200), leisure="stadium")
    hand_made.block(2, (20, 20, 120, 80), leisure="pitch", sport="soccer", name="Rijnweide")
    hand_made.block(3, (20, 100, 120, 160), leisure="pitch", sport="soccer")
    assert the_place(hand_made.inventory())["name"] == "Rijnweide"
    assert hand_made.outcomes()["way/1"] == ("excluded", "kind.unnamed")
    assert hand_made.outcomes()["way/3"] == ("excluded", "kind.unnamed")


def test_the_pools_on_the_grounds_of_a_named_swimming_bath_are_one_place(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 200, 200), leisure="park", sport="swimming", name="Zwembad De Plas")
    hand_made.block(2, (20, 20, 60, 60), leisure="water_park")
    hand_made.block(3, (100, 100, 150, 150), leisure="water_park")
    place = the_place(hand_made.inventory())
    assert (place["kind"], place["name"]) == ("swimming_pool", "Zwembad De Plas")
