# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Elements become places: one decision each, one place where several elements are one, and nothing made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.inventory.classify import OUTCOMES, Inventory, accounting, classify, shapeless
from knopenkaart.inventory.identity import place_id
from knopenkaart.sources.areas import areas_from_boundaries, read_areas
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import AREAS, NOTICES
from knopenkaart.vocabulary import load_vocabulary


def the_place(inventory: Inventory) -> Any:
    assert len(inventory.places) == 1
    return inventory.places.iloc[0]


# ------------------------------------------------------------------------------------------ one element


def test_a_library_is_present_in_its_wijk_with_all_that_its_tags_say(hand_made: Any) -> None:
    hand_made.node(
        1,
        500,
        500,
        day=date(2024, 5, 1),
        amenity="library",
        name="De Bieb",
        addr__street="Dorpsstraat",
        addr__housenumber="1a",
        addr__postcode="1234 AB",
        addr__city="Dorp",
        contact__phone="+31 15 1234567",
        website="https://bieb.example",
        opening_hours="Mo-Fr 09:00-17:00",
        wheelchair="designated",
        operator="Stichting Boek",
        description="Books",
        description__nl="Boeken",
    )
    place = the_place(hand_made.inventory())
    assert (place["kind"], place["status"], place["name"]) == ("library", "open", "De Bieb")
    assert (place["street"], place["housenumber"], place["postcode"], place["city"]) == ("Dorpsstraat", "1a", "1234 AB", "Dorp")
    assert (place["phone"], place["website"]) == ("+31 15 1234567", "https://bieb.example")
    assert (place["opening_hours"], place["wheelchair"], place["operator"]) == ("Mo-Fr 09:00-17:00", "yes", "Stichting Boek")
    assert place["description"] == "Boeken"
    assert (place["wijk_code"], place["buurt_code"], place["area_year"]) == ("WK000101", "BU00010101", 2022)
    assert place["functions"] == ["learn", "culture", "meet", "work"]
    assert place["archetype_assumed"]
    assert place["id"] == place_id("osm", "node/1")
    assert place["last_verified"] == date(2024, 5, 1)


def test_every_value_of_a_place_has_its_source_and_date(hand_made: Any) -> None:
    hand_made.node(
        1,
        500,
        500,
        day=date(2024, 5, 1),
        amenity="cafe",
        name="De Hoek",
        opening_hours="24/7",
        check_date="2024-07-01",
        check_date__opening_hours="2024-08-02",
    )
    rows = hand_made.inventory().attributes
    assert set(rows["name"]) == {"name", "opening_hours", "kind", "status", "location"}
    assert rows["source_id"].unique().tolist() == ["node/1"]
    assert rows.set_index("name")["date"].to_dict() == {
        "name": date(2024, 7, 1),
        "kind": date(2024, 7, 1),
        "status": date(2024, 7, 1),
        "location": date(2024, 7, 1),
        "opening_hours": date(2024, 8, 2),
    }


@pytest.mark.parametrize(
    ("written", "expected"), [("2023-02-01", date(2023, 2, 1)), ("vorig jaar", date(2020, 1, 1)), ("2023", date(2020, 1, 1))]
)
def test_last_verified_is_the_day_somebody_wrote_else_the_day_of_the_last_edit(hand_made: Any, written: str, expected: date) -> None:
    hand_made.node(1, 500, 500, day=date(2020, 1, 1), amenity="cafe", survey__date=written)
    assert the_place(hand_made.inventory())["last_verified"] == expected


def test_an_element_without_any_date_has_no_last_verified(hand_made: Any) -> None:
    hand_made.node(1, 500, 500, amenity="cafe")
    assert the_place(hand_made.inventory())["last_verified"] is None


def test_a_place_without_a_name_is_kept_without_inventing_one(hand_made: Any) -> None:
    hand_made.node(1, 500, 500, leisure="playground")
    assert pd.isna(the_place(hand_made.inventory())["name"])


def test_a_park_without_a_name_is_a_patch_of_grass(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 50, 50), leisure="park")
    hand_made.block(2, (100, 0, 150, 50), leisure="park", name="Wilhelminapark")
    assert hand_made.outcomes() == {"way/1": ("excluded", "kind.unnamed"), "way/2": ("present", "area.inside")}


@pytest.mark.parametrize(
    ("tags", "status", "tag"),
    [
        ({"disused__amenity": "pub"}, "vacant", "disused:amenity=pub"),
        ({"abandoned__amenity": "pub"}, "closed", "abandoned:amenity=pub"),
        ({"construction__amenity": "pub"}, "planned", "construction:amenity=pub"),
        ({"proposed__amenity": "pub"}, "planned", "proposed:amenity=pub"),
        ({"amenity": "pub", "disused": "yes"}, "vacant", "amenity=pub"),
        ({"amenity": "pub", "abandoned": "yes"}, "closed", "amenity=pub"),
        ({"amenity": "pub", "disused__amenity": "library"}, "open", "amenity=pub"),
        ({"shop": "vacant", "disused__amenity": "pub"}, "vacant", "disused:amenity=pub"),
    ],
)
def test_the_stage_of_life_comes_from_the_tags(hand_made: Any, tags: dict[str, str], status: str, tag: str) -> None:
    hand_made.node(1, 500, 500, **tags)
    inventory = hand_made.inventory()
    assert (the_place(inventory)["kind"], the_place(inventory)["status"]) == ("pub", status)
    assert inventory.decisions["tag"].tolist() == [tag]


def test_a_disused_church_is_still_a_church(hand_made: Any) -> None:
    hand_made.node(1, 500, 500, disused__amenity="place_of_worship", religion="christian")
    assert the_place(hand_made.inventory())["kind"] == "church"


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "place_of_worship", "religion": "muslim"}, "mosque"),
        ({"amenity": "place_of_worship"}, "place_of_worship"),
        ({"amenity": "community_centre", "name": "Kulturhus De Spil"}, "multi_use_centre"),
        ({"amenity": "community_centre", "name": "Dorpshuis De Spil"}, "village_hall"),
        ({"amenity": "community_centre", "name": "De Spil"}, "community_centre"),
        ({"amenity": "community_centre", "community_centre": "club_home"}, "clubhouse"),
        ({"amenity": "community_centre", "name": "VerHalenHuis"}, "story_house"),
        ({"amenity": "social_facility", "social_facility": "food_bank"}, "food_bank"),
        ({"amenity": "social_facility", "social_facility": "nursing_home"}, "care_home"),
        ({"amenity": "social_facility"}, "social_facility"),
        ({"amenity": "school", "name": "Brede School West"}, "broad_school"),
        ({"amenity": "school", "isced:level": "1"}, "primary_school"),
        ({"amenity": "school", "name": "Openbaar Lyceum"}, "secondary_school"),
        ({"amenity": "bar", "name": "Kantine VV Bal"}, "sports_canteen"),
        ({"leisure": "sports_centre", "name": "VV De Bal"}, "sports_club"),
        ({"leisure": "sports_centre", "sport": "swimming"}, "swimming_pool"),
        ({"leisure": "sports_centre"}, "sports_centre"),
        ({"leisure": "garden", "garden:type": "community"}, "community_garden"),
        ({"landuse": "allotments"}, "allotments"),
        ({"amenity": "coworking_space"}, "coworking"),
        ({"amenity": "marketplace"}, "market"),
        ({"shop": "second_hand"}, "second_hand"),
    ],
)
def test_the_special_kind_stands_before_the_general(hand_made: Any, tags: dict[str, str], kind: str) -> None:
    hand_made.node(1, 500, 500, **tags)
    assert the_place(hand_made.inventory())["kind"] == kind


def test_a_second_key_adds_its_functions(hand_made: Any) -> None:
    hand_made.node(1, 500, 500, amenity="library", tourism="museum")
    hand_made.node(2, 600, 500, amenity="library", leisure="picnic_table")
    places = hand_made.inventory().places.set_index("source_id")
    assert places.loc["node/1", "functions"] == ["learn", "culture", "meet", "work"]
    assert places.loc["node/2", "functions"] == ["learn", "culture", "meet", "work"]
    hand_made.node(3, 700, 500, amenity="library", leisure="playground")
    assert "play" in hand_made.inventory().places.set_index("source_id").loc["node/3", "functions"]


# -------------------------------------------------------------------------------- what is no place


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"amenity": "parking", "name": "P1"}, "kind.transport"),
        ({"amenity": "atm", "name": "Geldautomaat"}, "kind.street_furniture"),
        ({"amenity": "dentist", "name": "Tand"}, "kind.service_counter"),
        ({"amenity": "something_new", "name": "Iets"}, "kind.not_a_node"),
        ({"leisure": "playground", "access": "private"}, "access.private"),
        ({"leisure": "swimming_pool"}, "kind.pool_without_name"),
        ({"leisure": "swimming_pool", "access": "private"}, "access.private"),
        ({"leisure": "pitch", "sport": "soccer"}, "kind.unnamed"),
    ],
)
def test_what_is_no_place_says_why(hand_made: Any, tags: dict[str, str], reason: str) -> None:
    hand_made.node(1, 500, 500, **tags)
    inventory = hand_made.inventory()
    assert inventory.places.empty
    assert hand_made.outcomes() == {"node/1": ("excluded", reason)}


def test_what_no_rule_knows_is_not_accounted_for(hand_made: Any) -> None:
    hand_made.node(1, 500, 500, highway="crossing", name="Zebra")
    hand_made.node(2, 500, 500, amenity="parking")
    assert hand_made.inventory().decisions.empty


# ------------------------------------------------------------------------------------------ borders


def test_places_across_the_border_are_neighbours_and_farther_ones_excluded(hand_made: Any) -> None:
    hand_made.node(1, 1900, 500, amenity="library")
    hand_made.node(2, 2400, 500, amenity="library")
    hand_made.node(3, 2600, 500, amenity="library")
    inventory = hand_made.inventory(neighbour_m=500)
    assert hand_made.outcomes() == {
        "node/1": ("present", "area.inside"),
        "node/2": ("neighbour", "area.neighbour"),
        "node/3": ("excluded", "area.far"),
    }
    assert inventory.places.set_index("source_id")["neighbour"].to_dict() == {"node/1": False, "node/2": True}


# ------------------------------------------------------------------------------------------- accounts


def assert_accounts(inventory: Inventory) -> None:
    table = accounting(inventory.decisions)
    assert (table["matched"] == table[list(OUTCOMES)].sum(axis=1)).all()
    assert table["matched"].sum() == len(inventory.decisions)
    assert [sum(reasons.values()) for reasons in table["reasons"]] == table["excluded"].tolist()
    shown = inventory.decisions[inventory.decisions["outcome"].isin(["present", "neighbour"])]
    assert sorted(shown["place_id"]) == sorted(inventory.places["id"])
    assert set(inventory.decisions.loc[inventory.decisions["outcome"] == "merged", "place_id"]) <= set(inventory.places["id"])
    assert set(inventory.attributes["place_id"]) == set(inventory.places["id"])
    assert set(inventory.places["part_of"].dropna()) <= set(inventory.places["id"])


def test_the_accounts_per_tag_add_up(hand_made: Any) -> None:
    hand_made.block(1, (0, 0, 40, 40), amenity="cafe", name="De Hoek")
    hand_made.node(2, 20, 20, amenity="cafe")
    hand_made.node(3, 2100, 20, amenity="cafe")
    hand_made.node(4, 9000, 20, amenity="cafe")
    hand_made.node(5, 20, 20, amenity="parking", name="P")
    table = accounting(hand_made.inventory().decisions).set_index("tag")
    assert table.loc["amenity=cafe"].to_dict() == {
        "matched": 4,
        "present": 1,
        "merged": 1,
        "neighbour": 1,
        "excluded": 1,
        "reasons": {"area.far": 1},
    }
    assert table.loc["amenity=parking", "reasons"] == {"kind.transport": 1}
    assert_accounts(hand_made.inventory())


def test_an_empty_extract_and_a_town_without_areas_are_no_error(hand_made: Any) -> None:
    assert hand_made.inventory().places.empty
    assert accounting(hand_made.inventory().decisions).empty
    hand_made.node(1, 500, 500, amenity="library")
    nowhere = classify(hand_made.features(), AREAS.empty(), vocabulary=load_vocabulary(), source=hand_made.source)
    assert nowhere.decisions["reason"].tolist() == ["area.far"]


TAGS = [
    {"amenity": "school"},
    {"amenity": "school", "name": "De Regenboog"},
    {"amenity": "school", "name": "Het Kompas"},
    {"amenity": "cafe"},
    {"amenity": "cafe", "name": "De Hoek"},
    {"amenity": "bar", "name": "Kantine"},
    {"leisure": "pitch"},
    {"leisure": "park"},
    {"leisure": "park", "name": "Stadspark"},
    {"club": "sport", "name": "VV"},
    {"leisure": "sports_centre", "sport": "swimming"},
    {"leisure": "swimming_pool", "name": "Bad"},
    {"amenity": "university", "name": "De Hoek"},
    {"amenity": "bench"},
    {"amenity": "parking", "name": "P"},
]
boxes = st.tuples(st.sampled_from(TAGS), st.integers(-600, 2600), st.integers(-600, 2600), st.integers(0, 300))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(boxes, max_size=14), st.randoms(use_true_random=False))
def test_every_element_gets_one_decision_and_the_order_of_elements_is_nothing(hand_made: Any, drawn: list[Any], random: Any) -> None:
    hand_made.rows.clear()
    for number, (tags, x, y, size) in enumerate(drawn):
        if size:
            hand_made.block(number + 1, (x, y, x + size, y + size), **tags)
        else:
            hand_made.node(number + 1, x, y, **tags)
    inventory = hand_made.inventory()
    assert sorted(inventory.decisions["source_id"]) == sorted(row["source_id"] for row in hand_made.rows)
    assert_accounts(inventory)
    random.shuffle(hand_made.rows)
    again = hand_made.inventory()
    assert by_element(again) == by_element(inventory)


def by_element(inventory: Inventory) -> dict[str, Any]:
    columns = ["kind", "outcome", "reason", "place_id"]
    return inventory.decisions.set_index("source_id")[columns].astype(object).fillna("").to_dict("index")


# ------------------------------------------------------------------------------------------- real data


def test_south_east_delft_has_at_least_a_hundred_nodes_each_in_its_wijk(real_data: Callable[[str], Path]) -> None:
    vocabulary = load_vocabulary()
    extract = read_extract(real_data("osm/delft_tudelft.osm.pbf"), rules=vocabulary.rules())
    paths = [real_data("cbs/wijken_2022.gpkg"), real_data("cbs/gemeenten_2022.gpkg")]
    areas = read_areas(paths, year=2022, municipalities=["GM0503"]).areas
    inventory = classify(extract.features, areas, vocabulary=vocabulary, source=extract.source)
    assert_accounts(inventory)
    nodes = inventory.places[~inventory.places["small_spot"] & ~inventory.places["neighbour"]]
    assert len(nodes) >= 100
    assert sum(vocabulary.kinds[kind].counts for kind in nodes["kind"]) >= 100
    assert set(nodes["wijk_code"]) == {"WK050311", "WK050313", "WK050324", "WK050327", "WK050328"}
    assert named_amenities(extract.features) <= set(inventory.decisions["source_id"])


def test_all_171_named_amenities_of_liechtenstein_are_accounted_for(real_data: Callable[[str], Path]) -> None:
    vocabulary = load_vocabulary()
    extract = read_extract(real_data("osm/liechtenstein_valhalla.osm.pbf"), rules=vocabulary.rules())
    areas = areas_from_boundaries(extract.boundaries, municipalities=[], year=2015, source=extract.source.id)
    inventory = classify(extract.features, areas, vocabulary=vocabulary, source=extract.source)
    assert_accounts(inventory)
    named = named_amenities(extract.features)
    assert len(named) == 171
    assert named <= set(inventory.decisions["source_id"])
    nodes = inventory.places[~inventory.places["small_spot"] & ~inventory.places["neighbour"]]
    assert nodes["municipality_code"].nunique() == 11


def named_amenities(features: pd.DataFrame) -> set[str]:
    return {row["source_id"] for row in features.to_dict("records") if "amenity" in row["tags"] and "name" in row["tags"]}


def test_an_element_that_could_not_be_drawn_is_excluded_with_that_reason(hand_made: Any) -> None:
    details = {"file": "x.osm.pbf", "tags": {"amenity": "library", "name": "Bieb"}}
    notices = NOTICES.frame(
        [
            {"code": "osm.no_geometry", "subject": "relation/7", "message": "no shape", "details": details},
            {"code": "osm.no_geometry", "subject": "way/8", "message": "no shape", "details": {"file": "x", "tags": {"barrier": "gate"}}},
            {"code": "osm.incomplete_relations", "subject": "x.osm.pbf", "message": "1 of 2", "details": {}},
        ]
    )
    decisions = shapeless(notices, vocabulary=load_vocabulary(), source=hand_made.source)
    assert decisions[["source_id", "tag", "name", "kind", "outcome", "reason"]].to_numpy().tolist() == [
        ["relation/7", "amenity=library", "Bieb", "library", "excluded", "osm.no_geometry"]
    ]
