# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place is entered by its doors on the street; one that was moved, or that has none, from its own point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import accesstown
import numpy as np
import pandas as pd
import pytest
import shapely
import toytown

from knopenkaart.example.osm_file import OsmFile
from knopenkaart.inventory.entrances import entrances
from knopenkaart.network.distances import doors_on, homes_on, travel_times
from knopenkaart.network.doors import doors
from knopenkaart.network.graph import edges, graph
from knopenkaart.network.snap import snap_homes
from knopenkaart.policy import Mode, Policy
from knopenkaart.sources.osm import read_extract
from knopenkaart.tables import ENTRANCES
from knopenkaart.vocabulary.rules import TagRule

POLICY = Policy()
# A town hall between the streets y=0 and y=400: its point is nearer to the one in the south.
HALL: toytown.Spot = (200, 150)
# Half a metre keeps a place where it is, two metres (in degrees of latitude) are a move.
HARDLY, MOVED = 4e-6, 2e-5


def place(spot: toytown.Spot, *, source_id: str = "way/1", **more: Any) -> dict[str, Any]:
    lon, lat = toytown.lonlat([spot])
    return {"id": source_id, "source_id": source_id, "lon": lon[0], "lat": lat[0]} | more


def ways_in(*spots: toytown.Spot, of: toytown.Spot = HALL, source_id: str = "way/1", source: str = "osm") -> pd.DataFrame:
    """ENTRANCES at spots, of a place that its source has at `of`."""
    own_lon, own_lat = toytown.lonlat([of])
    return ENTRANCES.frame(
        {
            "source": source,
            "source_id": source_id,
            "lon": lon,
            "lat": lat,
            "via": "entrance",
            "place_lon": own_lon[0],
            "place_lat": own_lat[0],
        }
        for lon, lat in zip(*toytown.lonlat(spots), strict=True)
    )


def entered(
    places: list[dict[str, Any]], known: pd.DataFrame, *, mode: Mode = "walk", **streets: Any
) -> list[tuple[int, float, float, float]]:
    """Place (row), the spot on the street where one enters it, and the metres from there to it."""
    network = edges(toytown.streets(*streets.get("more", ())), toytown.points(), policy=POLICY)[0]
    found = doors(accesstown.place_rows(*places), known, network, mode=mode, policy=POLICY)
    lines = toytown.metres(network.geometry)
    spots = [shapely.line_interpolate_point(lines[int(edge)], at) for edge, at in zip(found["edge"], found["at_m"], strict=True)]
    rows = zip(found["place"], spots, found["snap_m"], strict=True)
    return sorted((int(number), round(spot.x), round(spot.y), round(float(away))) for number, spot, away in rows)


def test_a_place_without_doors_is_entered_from_the_street_nearest_to_its_point() -> None:
    assert entered([place(HALL)], ENTRANCES.empty()) == [(0, 200, 0, 150)]


def test_a_place_with_doors_is_entered_by_every_one_of_them_and_not_from_its_point() -> None:
    assert entered([place(HALL)], ways_in((200, 370), (30, 200))) == [(0, 0, 200, 30), (0, 200, 400, 30)]


@pytest.mark.parametrize(("by", "way_in"), [(HARDLY, (0, 200, 400, 30)), (MOVED, (0, 200, 0, 148))])
def test_a_place_that_somebody_moved_is_entered_from_where_it_stands_now(by: float, way_in: tuple[int, int, int, int]) -> None:
    row = place(HALL)
    assert entered([row | {"lat": row["lat"] - by}], ways_in((200, 370))) == [way_in]


def test_a_place_of_which_no_door_comes_near_a_street_is_entered_from_its_point() -> None:
    assert entered([place(HALL)], ways_in((200, 5000))) == [(0, 200, 0, 150)]


def test_a_door_too_far_from_any_street_does_not_count_beside_one_that_is_not() -> None:
    assert entered([place(HALL)], ways_in((200, 370), (200, 5000))) == [(0, 200, 400, 30)]


def test_a_place_far_from_every_street_has_no_door() -> None:
    assert entered([place((200, -260)), place(HALL, source_id="way/2")], ENTRANCES.empty()) == [(1, 200, 0, 150)]


def test_doors_belong_to_the_place_of_their_own_source() -> None:
    both = pd.concat([ways_in((200, 370)), ways_in((30, 200), source="list_a")], ignore_index=True)
    assert entered([place(HALL), place(HALL, source_id="row/1", source="list_b")], both) == [(0, 200, 400, 30), (1, 200, 0, 150)]


def test_a_door_on_a_path_for_cyclists_is_one_for_cyclists_only() -> None:
    track = [toytown.street([(0, 0), (200, 200)], walk=False), toytown.street([(200, 200), (400, 400)], walk=False)]
    known = ways_in((200, 200))
    assert entered([place(HALL)], known, mode="cycle", more=track) == [(0, 200, 200, 0)]
    [(_, x, y, away)] = entered([place(HALL)], known, more=track)
    assert away == 200
    assert (x, y) != (200, 200)


def test_one_comes_in_by_the_door_that_is_quickest() -> None:
    network = edges(toytown.streets(), toytown.points(), policy=POLICY)[0]
    of = graph(network, "walk", policy=POLICY)
    rows = accesstown.place_rows(place(HALL))
    # Homes at crossings 0 and 3; doors 80 metres from each of them along x=0.
    lon, lat = toytown.lonlat([(0, 0), (0, 400)])
    homes = accesstown.homes(["a", "a"], [1, 1]).assign(lon=lon, lat=lat)
    snapped = snap_homes(homes, network, policy=POLICY)
    found = doors(rows, ways_in((0, 80), (0, 320)), network, mode="walk", policy=POLICY)
    at = doors_on(of, found, places=1, policy=POLICY)
    [(_, times)] = list(travel_times(of, homes_on(of, snapped, mode="walk", policy=POLICY), at, limit_s=900))
    assert times.toarray()[0] == pytest.approx([60, 60], abs=0.5)


# --- from the map to the door -------------------------------------------------------------------------------------------


def on_the_map(
    folder: Path, outline: Any, tags: dict[str, str], *marked: tuple[toytown.Spot, str], moved: float = 0.0
) -> list[tuple[int, int, int]]:
    """The spots on the street, and the metres to the doors, of one outline with `entrance` marks, read from an extract."""
    file = OsmFile((toytown.X, toytown.Y), "2025-01-06")
    for a, b in toytown.BLOCKS:
        file.line(shapely.LineString([toytown.crossing(a), toytown.crossing(b)]), {"highway": "residential"})
    file.area(outline, tags)
    for spot, kind in marked:
        file.point(shapely.Point(spot), {"entrance": kind})
    path = folder / "town.osm"
    file.write(path)
    extract = read_extract(path, rules=[TagRule((("amenity", ()),)), TagRule((("leisure", ()),))], parts={"features", "streets", "points"})
    [source_id] = extract.features["source_id"]
    row = place((outline.centroid.x, outline.centroid.y), source_id=source_id)
    known = entrances(accesstown.place_rows(row), extract.features, streets=extract.streets, points=extract.points)
    network = edges(extract.streets, extract.points, policy=POLICY)[0]
    found = doors(accesstown.place_rows(row | {"lat": row["lat"] + moved}), known, network, mode="walk", policy=POLICY)
    lines = toytown.metres(network.geometry)
    spots = [shapely.line_interpolate_point(lines[int(edge)], at) for edge, at in zip(found["edge"], found["at_m"], strict=True)]
    return sorted((round(spot.x), round(spot.y), round(float(away))) for spot, away in zip(spots, found["snap_m"], strict=True))


HOUSE, HOUSE_TAGS = shapely.box(180, 40, 220, 80), {"building": "yes", "amenity": "community_centre"}


def test_of_a_building_the_main_door_counts_and_neither_the_exits_nor_the_other_doors(tmp_path: Path) -> None:
    marked = [((180, 60), "main"), ((200, 40), "yes"), ((220, 60), "exit"), ((200, 80), "emergency"), ((190, 80), "service")]
    assert on_the_map(tmp_path, HOUSE, HOUSE_TAGS, *marked) == [(180, 0, 60)]


def test_without_a_main_door_the_ordinary_ones_count(tmp_path: Path) -> None:
    marked = [((180, 60), "yes"), ((200, 40), "staircase"), ((220, 60), "exit"), ((210, 80), "garage")]
    assert on_the_map(tmp_path, HOUSE, HOUSE_TAGS, *marked) == [(180, 0, 60), (200, 0, 40)]


@pytest.mark.parametrize("kind", ["exit", "emergency", "service", "garage", "no"])
def test_a_building_that_has_only_ways_out_is_entered_from_its_point(tmp_path: Path, kind: str) -> None:
    assert on_the_map(tmp_path, HOUSE, HOUSE_TAGS, ((220, 60), kind)) == [(200, 0, 60)]


def test_grounds_are_entered_where_streets_cross_their_edge_from_2500_square_metres_on(tmp_path: Path) -> None:
    # Around crossing 4 four streets come in; the smaller outline is a point like any other.
    large, small = shapely.box(375, 375, 425, 425.1), shapely.box(375, 375, 425, 424.9)
    (tmp_path / "small").mkdir()
    assert on_the_map(tmp_path, large, {"leisure": "park"}) == [(375, 400, 0), (400, 375, 0), (400, 425, 0), (425, 400, 0)]
    assert len(on_the_map(tmp_path / "small", small, {"leisure": "park"})) == 1


def test_grounds_that_somebody_moved_are_entered_from_their_new_point(tmp_path: Path) -> None:
    moved = on_the_map(tmp_path, shapely.box(340, 340, 460, 460), {"leisure": "park"}, moved=MOVED)
    assert len(moved) == 1
    assert np.hypot(moved[0][0] - 400, moved[0][1] - 400) < 5


def test_a_building_that_is_as_large_as_grounds_is_a_building(tmp_path: Path) -> None:
    assert on_the_map(tmp_path, shapely.box(120, -40, 280, 60), {"building": "yes", "amenity": "townhall"}) == [(200, 0, 10)]
