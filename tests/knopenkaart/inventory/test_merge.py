# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sure duplicates become one place with the best value of each property, and can be taken apart to the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.inventory.merge import Merged, merge, unmerge
from knopenkaart.tables import ATTRIBUTES, DECISIONS, DUPLICATES, PLACES

BASE: dict[str, Any] = {
    "kind": "community_centre", "functions": ["meet"], "archetype": "living_room", "archetype_assumed": True, "status": "open",
    "small_spot": False, "digital": False, "neighbour": False, "lon": 4.36, "lat": 52.0, "source": "osm",
}  # fmt: skip


def place(key: str, **values: Any) -> dict[str, Any]:
    source = values.get("source", "osm")
    return {**BASE, "id": f"{source}/{key}", "source_id": key, "name": f"Name {key}", **values}


def attribute(row: dict[str, Any], name: str, value: str, **more: Any) -> dict[str, Any]:
    base = {"place_id": row["id"], "source": row["source"], "source_id": row["source_id"], "origin": "harvest", "confidential": False}
    return {**base, "name": name, "value": value, **more}


def decision(row: dict[str, Any]) -> dict[str, Any]:
    base = {"source": row["source"], "source_id": row["source_id"], "tag": "x=y", "outcome": "present", "reason": "kind"}
    return {**base, "place_id": row["id"]}


def pair(a: dict[str, Any], b: dict[str, Any], *, score: float = 0.99, merged: bool = True) -> dict[str, Any]:
    return {"place_a": a["id"], "place_b": b["id"], "score": score, "reasons": ["name=1.00"], "merged": merged}


def run(places: list[dict[str, Any]], attributes: list[dict[str, Any]], duplicates: list[dict[str, Any]]) -> Merged:
    decisions = DECISIONS.frame([decision(row) for row in places])
    return merge(PLACES.frame(places), ATTRIBUTES.frame(attributes), decisions, DUPLICATES.frame(duplicates))


def only(merged: Merged) -> dict[str, Any]:
    assert len(merged.places) == 1
    return {str(name): value for name, value in merged.places.astype(object).iloc[0].items()}


OSM = place("node/1", phone="015-1", opening_hours="Mo 10:00-12:00", street="Oudestraat", housenumber="1", last_verified=date(2024, 1, 1))
LIST = place("row/1", source="list", phone="015-2", street="Nieuwestraat", lon=4.37, kind="library", functions=["learn"])
LIST["last_verified"] = date(2025, 6, 1)
LISTED = [attribute(LIST, name, str(LIST[name]), origin="list", date=date(2025, 6, 1)) for name in ("name", "phone", "street", "kind")]
HARVESTED = [attribute(OSM, name, str(OSM[name]), date=date(2025, 12, 31)) for name in ("name", "phone", "opening_hours", "street", "kind")]


def test_nothing_sure_changes_nothing() -> None:
    merged = run([OSM, LIST], LISTED + HARVESTED, [pair(OSM, LIST, score=0.6, merged=False)])
    assert list(merged.places["id"]) == ["osm/node/1", "list/row/1"]
    assert set(merged.decisions["outcome"]) == {"present"}
    assert len(merged.attributes) == len(LISTED + HARVESTED)
    assert merged.kept == {}


def test_the_place_that_stays_keeps_its_identifier_location_and_source() -> None:
    row = only(run([OSM, LIST], LISTED + HARVESTED, [pair(OSM, LIST)]))
    assert (row["id"], row["lon"], row["source"], row["source_id"]) == ("osm/node/1", 4.36, "osm", "node/1")


def test_a_list_outranks_a_newer_harvest_and_what_the_list_lacks_stays() -> None:
    row = only(run([OSM, LIST], LISTED + HARVESTED, [pair(OSM, LIST)]))
    assert row["phone"] == "015-2"
    assert row["opening_hours"] == "Mo 10:00-12:00"
    assert (row["kind"], list(row["functions"])) == ("library", ["learn"])
    assert row["last_verified"] == date(2025, 6, 1)


def test_a_human_outranks_a_list() -> None:
    human = attribute(OSM, "phone", "015-1", origin="human", date=date(2020, 1, 1))
    assert only(run([OSM, LIST], [*LISTED, *HARVESTED, human], [pair(OSM, LIST)]))["phone"] == "015-1"


def test_of_two_harvests_the_newest_counts() -> None:
    other = place("way/2", phone="015-3", name="Newer")
    rows = [attribute(OSM, "phone", "015-1", date=date(2020, 1, 1)), attribute(other, "phone", "015-3", date=date(2021, 1, 1))]
    assert only(run([OSM, other], rows, [pair(OSM, other)]))["phone"] == "015-3"


def test_an_address_is_taken_whole() -> None:
    row = only(run([OSM, LIST], LISTED + HARVESTED, [pair(OSM, LIST)]))
    assert row["street"] == "Nieuwestraat"
    assert pd.isna(row["housenumber"])


def test_every_value_stays_with_its_own_source_and_what_had_no_attribute_gets_one() -> None:
    merged = run([OSM, LIST], LISTED + HARVESTED, [pair(OSM, LIST)])
    assert set(merged.attributes["place_id"]) == {"osm/node/1"}
    rows = {(row.name_, row.source, row.source_id): row.value for row in merged.attributes.rename(columns={"name": "name_"}).itertuples()}
    assert rows["phone", "osm", "node/1"] == "015-1"
    assert rows["phone", "list", "row/1"] == "015-2"
    assert rows["location", "list", "row/1"] == "4.3700000,52.0000000"
    assert rows["status", "list", "row/1"] == "open"
    assert rows["housenumber", "osm", "node/1"] == "1"


def test_the_decision_about_what_is_gone_says_where_it_went() -> None:
    merged = run([OSM, LIST], [], [pair(OSM, LIST)])
    rows = merged.decisions.set_index("source_id")
    assert tuple(rows.loc["row/1", ["outcome", "reason", "place_id"]]) == ("merged", "duplicate", "osm/node/1")
    assert tuple(rows.loc["node/1", ["outcome", "place_id"]]) == ("present", "osm/node/1")


def test_a_digital_or_unlocated_place_takes_the_location_of_its_twin() -> None:
    unlocated = place("row/2", source="list", lon=None, lat=None, wijk_code=None)
    located = place("node/2", wijk_code="WK050328", area_year=2022)
    row = only(run([unlocated, located], [], [pair(unlocated, located)]))
    assert (row["id"], row["lon"], row["wijk_code"]) == ("list/row/2", 4.36, "WK050328")


def test_parts_follow_the_place_they_belong_to() -> None:
    canteen = place("node/3", part_of=LIST["id"])
    merged = run([OSM, LIST, canteen], [], [pair(OSM, LIST)])
    assert merged.places.set_index("id").loc["osm/node/3", "part_of"] == "osm/node/1"


def test_three_sources_that_agree_become_one_place() -> None:
    third = place("x/1", source="second_list")
    rows = [pair(OSM, LIST), pair(LIST, third), pair(OSM, third, score=0.7, merged=False)]
    merged = run([OSM, LIST, third], [], rows)
    assert set(merged.kept.items()) == {("list/row/1", "osm/node/1"), ("second_list/x/1", "osm/node/1")}
    assert bool(merged.duplicates["merged"].all())


def test_a_chain_of_likenesses_does_not_join_its_ends() -> None:
    # a ~ b and b ~ c, but nobody ever thought that a and c are one place.
    third = place("x/1", source="second_list")
    merged = run([OSM, LIST, third], [], [pair(OSM, LIST, score=0.99), pair(LIST, third, score=0.98)])
    assert merged.kept == {"list/row/1": "osm/node/1"}
    assert list(merged.duplicates["merged"]) == [True, False]


def test_a_pair_for_a_human_names_the_place_that_still_exists_and_names_it_once() -> None:
    third = place("x/1", source="second_list")
    rows = [pair(OSM, LIST), pair(LIST, third, score=0.8, merged=False), pair(OSM, third, score=0.6, merged=False)]
    left = run([OSM, LIST, third], [], rows).duplicates
    assert list(zip(left["place_a"], left["place_b"], left["score"], left["merged"], strict=True)) == [
        ("osm/node/1", "list/row/1", 0.99, True),
        ("osm/node/1", "second_list/x/1", 0.8, False),
    ]


def test_two_places_of_one_source_are_not_joined_through_a_third() -> None:
    twin = place("node/2")
    rows = [pair(OSM, LIST, score=0.99), pair(twin, LIST, score=0.98), pair(OSM, twin, score=0.9, merged=False)]
    assert run([OSM, twin, LIST], [], rows).kept == {"list/row/1": "osm/node/1"}


def test_one_merge_can_be_undone_and_the_other_stays() -> None:
    one, other = place("node/5"), place("row/5", source="list")
    places, rows = [OSM, LIST, one, other], [pair(OSM, LIST), pair(one, other)]
    undone = unmerge(run(places, [], rows), kept_ids=["osm/node/1"])
    assert undone.kept == {"list/row/5": "osm/node/5"}
    expected = run(places, [], [pair(OSM, LIST, merged=False), pair(one, other)])
    pd.testing.assert_frame_equal(undone.places, expected.places)
    pd.testing.assert_frame_equal(undone.attributes, expected.attributes)


Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
TEXT = st.none() | st.sampled_from(["a", "b", "Mo 10:00-12:00"])
ORIGINS = st.sampled_from(["harvest", "list", "human", "assumed"])
DATES = st.none() | st.dates(date(2020, 1, 1), date(2025, 1, 1))


@st.composite
def inventories(draw: st.DrawFn) -> Tables:
    size = draw(st.integers(1, 6))
    rows = []
    for index in range(size):
        source = draw(st.sampled_from(["osm", "list"]))
        lon = draw(st.none() | st.just(4.36))
        parent = draw(st.none() | st.just("osm/0"))
        values = {name: draw(TEXT) for name in ("name", "phone", "street", "opening_hours")}
        rows.append(place(str(index), source=source, lon=lon, lat=lon and 52.0, part_of=parent, last_verified=draw(DATES), **values))
    stated = [(row, name) for row in rows for name in ("name", "phone") if draw(st.booleans())]
    attributes = [attribute(row, name, "a", origin=draw(ORIGINS), date=draw(DATES)) for row, name in stated]
    duplicates = [
        pair(a, b, score=draw(st.sampled_from([0.4, 0.7, 0.99])), merged=draw(st.booleans()))
        for i, a in enumerate(rows)
        for b in rows[i + 1 :]
        if draw(st.booleans())
    ]
    decisions = [decision(row) for row in rows]
    return PLACES.frame(rows), ATTRIBUTES.frame(attributes), DECISIONS.frame(decisions), DUPLICATES.frame(duplicates)


@given(inventories())
@settings(max_examples=30, deadline=None)
def test_unmerging_everything_restores_every_table_to_the_letter(
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> None:
    places, attributes, decisions, duplicates = tables
    restored = unmerge(merge(places, attributes, decisions, duplicates))
    pd.testing.assert_frame_equal(restored.places, places)
    pd.testing.assert_frame_equal(restored.attributes, attributes)
    pd.testing.assert_frame_equal(restored.decisions, decisions)
    assert not restored.duplicates["merged"].any()


@given(inventories())
@settings(max_examples=30, deadline=None)
def test_no_place_and_no_value_is_ever_lost(tables: Tables) -> None:
    places, attributes, _, _ = tables
    merged = merge(*tables)
    assert len(merged.places) + len(merged.kept) == len(places)
    assert set(merged.kept).isdisjoint(merged.places["id"])
    assert set(merged.kept.values()) <= set(merged.places["id"])
    assert set(merged.attributes["place_id"]) <= set(merged.places["id"])
    columns = ["source", "source_id", "name", "value", "origin"]
    before, after = (set(map(tuple, frame[columns].to_numpy())) for frame in (attributes, merged.attributes))
    assert before <= after
    assert set(merged.decisions["place_id"]) <= set(merged.places["id"])
