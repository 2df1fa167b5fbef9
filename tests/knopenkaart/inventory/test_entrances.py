# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One enters a building by its doors and grounds from the streets that meet them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import shapely
import toytown

from knopenkaart.inventory.entrances import entrances
from knopenkaart.tables import ENTRANCES, FEATURES, PLACES, STREETS

PARK = shapely.box(100, -50, 300, 150)
HOUSE = shapely.box(100, 20, 120, 40)


def place(shape: Any, *, source_id: str = "way/1", **more: Any) -> dict[str, Any]:
    lon, lat = toytown.lonlat([(shape.centroid.x, shape.centroid.y)])
    row = {"id": source_id, "kind": "park", "functions": [], "archetype": "living_room", "archetype_assumed": True, "status": "open"}
    row |= {"small_spot": False, "digital": False, "neighbour": False, "lon": lon[0], "lat": lat[0], "source": "osm"}
    return row | {"source_id": source_id} | more


def found(shape: Any, *, tags: dict[str, str], streets: pd.DataFrame | None = None, points: pd.DataFrame | None = None, **more: Any) -> Any:
    """How one enters one place: via and spot."""
    features = FEATURES.frame([{"source_id": "way/1", "tags": tags, "geometry": toytown.degrees([shape])[0]}])
    table = entrances(
        PLACES.frame([place(shape, **more)]),
        features,
        streets=toytown.streets() if streets is None else streets,
        points=toytown.points() if points is None else points,
    )
    spots = toytown.metres(shapely.points(table["lon"].astype(float), table["lat"].astype(float)))
    return sorted((via, round(spot.x), round(spot.y)) for via, spot in zip(table["via"], spots, strict=True))


def test_a_park_is_entered_where_streets_cross_its_edge() -> None:
    assert found(PARK, tags={"leisure": "park"}) == [("grounds", 100, 0), ("grounds", 300, 0)]


def test_a_street_that_one_may_not_walk_is_no_way_in() -> None:
    closed = STREETS.frame([toytown.street([(0, 0), (400, 0)], walk=False)])
    assert found(PARK, tags={"leisure": "park"}, streets=closed) == []


def test_grounds_that_no_street_meets_are_entered_from_the_nearest() -> None:
    field = shapely.box(100, 30, 200, 130)
    [(via, _, y)] = found(field, tags={"leisure": "pitch"})
    assert (via, y) == ("grounds", 30)


def test_grounds_far_from_any_street_have_no_way_in() -> None:
    assert found(shapely.box(2000, 2000, 2100, 2100), tags={"leisure": "pitch"}) == []


def test_a_building_is_entered_by_its_main_door() -> None:
    doors = toytown.points(
        ("entrance", (110, 20), {"tags": {"entrance": "main"}}),
        ("entrance", (120, 30), {"tags": {"entrance": "yes"}}),
        ("entrance", (300, 300), {"tags": {"entrance": "main"}}),
    )
    assert found(HOUSE, tags={"building": "yes"}, points=doors) == [("entrance", 110, 20)]


def test_without_a_main_door_every_door_counts() -> None:
    doors = toytown.points(("entrance", (110, 20), {"tags": {"entrance": "yes"}}), ("entrance", (120, 30), {"tags": {"entrance": "yes"}}))
    assert found(HOUSE, tags={"building": "yes"}, points=doors) == [("entrance", 110, 20), ("entrance", 120, 30)]


def test_a_building_without_doors_however_large_is_entered_from_the_street_nearest_to_its_point() -> None:
    assert found(PARK, tags={"building": "yes"}) == []


def test_a_small_outline_that_is_no_building_is_no_ground() -> None:
    assert found(HOUSE, tags={"amenity": "cafe"}) == []


def test_small_spots_points_and_places_of_lists_have_no_entry() -> None:
    assert found(PARK, tags={"leisure": "park"}, small_spot=True) == []
    assert found(PARK, tags={"leisure": "park"}, source="list_a") == []
    lonely = entrances(PLACES.frame([place(PARK)]), FEATURES.empty(), streets=toytown.streets(), points=toytown.points())
    assert list(lonely.columns) == list(ENTRANCES.columns)
    assert len(lonely) == 0


def test_two_streets_that_meet_the_edge_at_one_spot_are_one_way_in() -> None:
    beside = toytown.street([(0, 5), (200, 5)])
    assert found(PARK, tags={"leisure": "park"}, streets=toytown.streets(beside)) == [("grounds", 100, 0), ("grounds", 300, 0)]


def test_it_says_where_the_source_has_the_place() -> None:
    features = FEATURES.frame([{"source_id": "way/1", "tags": {"leisure": "park"}, "geometry": toytown.degrees([PARK])[0]}])
    table = entrances(PLACES.frame([place(PARK)]), features, streets=toytown.streets(), points=toytown.points())
    lon, lat = toytown.lonlat([(200, 50)])
    assert table["place_lon"].astype(float).tolist() == [lon[0]] * 2
    assert table["place_lat"].astype(float).tolist() == [lat[0]] * 2
