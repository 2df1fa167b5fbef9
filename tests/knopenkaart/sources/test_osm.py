# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is read from an extract that fits on this page, where every coordinate can be checked by hand."""

from __future__ import annotations

import bz2
import gzip
from datetime import date
from pathlib import Path

import osmium
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon

from knopenkaart.sources.osm import OsmExtract, read_extract
from knopenkaart.tables import ADDRESSES, BASEMAP, BOUNDARIES, FEATURES, STREETS
from knopenkaart.vocabulary.rules import TagRule

RULES = (
    TagRule((("amenity", ()),)),
    TagRule((("leisure", ("park", "track")),)),
    TagRule((("building", ("church",)), ("religion", ()))),
)


def node(number: int, lon: float, lat: float, **tags: str) -> str:
    return f'<node id="{number}" lon="{lon}" lat="{lat}" version="1" timestamp="2024-05-06T07:08:09Z">{_tags(tags)}</node>'


def way(number: int, refs: list[int], **tags: str) -> str:
    inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="1" timestamp="2023-02-01T00:00:00Z">{inside}{_tags(tags)}</way>'


def relation(number: int, members: list[tuple[str, int, str]], **tags: str) -> str:
    inside = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
    return f'<relation id="{number}" version="1" timestamp="2022-01-01T00:00:00Z">{inside}{_tags(tags)}</relation>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())


# Two squares of nodes: 1-4 from (5, 52) to (5.04, 52.04), and 5-8 inside it from (5.01, 52.01) to (5.02, 52.02).
SQUARES = [
    node(1, 5.0, 52.0),
    node(2, 5.04, 52.0),
    node(3, 5.04, 52.04),
    node(4, 5.0, 52.04),
    node(5, 5.01, 52.01),
    node(6, 5.02, 52.01),
    node(7, 5.02, 52.02),
    node(8, 5.01, 52.02),
]
OUTER, INNER = [1, 2, 3, 4, 1], [5, 6, 7, 8, 5]


def document(*elements: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n' + "\n".join([*SQUARES, *elements]) + "\n</osm>\n"
    )


@pytest.fixture
def read(tmp_path: Path):
    def _read(*elements: str, rules: tuple[TagRule, ...] = RULES) -> OsmExtract:
        path = tmp_path / "small.osm"
        path.write_text(document(*elements), encoding="utf-8")
        return read_extract(path, rules=rules)

    return _read


def shapes(frame: pd.DataFrame) -> dict[str, shapely.Geometry]:
    return dict(zip(frame["source_id"], frame["geometry"], strict=True))


def codes(extract: OsmExtract) -> list[str]:
    return list(extract.notices["code"])


def test_a_node_is_a_point_with_its_tags_and_the_date_of_its_last_edit(read) -> None:
    extract = read(node(10, 5.0123456, 52.0654321, amenity="library", name="Bieb"))
    row = extract.features.iloc[0]
    assert row["source_id"] == "node/10"
    assert row["tags"] == {"amenity": "library", "name": "Bieb"}
    assert row["date"] == date(2024, 5, 6)
    assert row["geometry"].equals(Point(5.0123456, 52.0654321))


def test_a_closed_way_of_a_place_is_an_outline_and_an_open_one_a_line(read) -> None:
    found = shapes(read(way(20, OUTER, amenity="school"), way(21, [1, 2, 3], amenity="bench")).features)
    assert found["way/20"].equals(Polygon([(5, 52), (5.04, 52), (5.04, 52.04), (5, 52.04)]))
    assert found["way/21"].equals(LineString([(5, 52), (5.04, 52), (5.04, 52.04)]))


@pytest.mark.parametrize("tags", [{"amenity": "parking", "area": "no"}, {"leisure": "track"}])
def test_a_closed_way_that_is_a_line_by_its_tags_stays_a_line(read, tags: dict[str, str]) -> None:
    assert shapes(read(way(20, OUTER, **tags)).features)["way/20"].geom_type == "LineString"


def test_a_multipolygon_has_its_hole(read) -> None:
    members = [("way", 20, "outer"), ("way", 21, "inner")]
    extract = read(way(20, OUTER), way(21, INNER), relation(30, members, type="multipolygon", leisure="park", name="Park"))
    park = shapes(extract.features)["relation/30"]
    assert park.area == pytest.approx(0.04 * 0.04 - 0.01 * 0.01)
    assert not park.contains(Point(5.015, 52.015))
    assert extract.notices.empty


def test_a_ring_may_be_made_of_several_ways_in_any_direction(read) -> None:
    members = [("way", 20, "outer"), ("way", 21, "outer")]
    extract = read(way(20, [1, 2, 3]), way(21, [1, 4, 3]), relation(30, members, type="multipolygon", leisure="park"))
    assert shapes(extract.features)["relation/30"].equals(Polygon([(5, 52), (5.04, 52), (5.04, 52.04), (5, 52.04)]))


def test_a_way_with_other_tags_serves_the_relation_that_it_bounds_and_is_nothing_itself(read) -> None:
    extract = read(way(20, OUTER, barrier="fence"), relation(30, [("way", 20, "outer")], type="multipolygon", leisure="park"))
    assert shapes(extract.features)["relation/30"].equals(Polygon([(5, 52), (5.04, 52), (5.04, 52.04), (5, 52.04)]))
    assert list(extract.features["source_id"]) == ["relation/30"]


def test_a_way_that_is_not_wanted_is_neither_read_nor_missed(read) -> None:
    extract = read(way(20, [1, 777], highway="proposed"), way(21, [1, 2], highway="residential"))
    assert list(extract.streets["source_id"]) == ["way/21"]
    assert "osm.missing_nodes" not in codes(extract)


def test_positions_keep_all_seven_decimals_to_the_corners_of_the_earth(read) -> None:
    corners = [(-179.9999999, -89.1234567), (0.1000001, 0.3), (179.9999999, 89.7654321)]
    nodes = [node(50 + i, lon, lat) for i, (lon, lat) in enumerate(corners)]
    street = read(*nodes, way(20, [50, 51, 52], highway="path")).streets.iloc[0]["geometry"]
    assert list(street.coords) == corners


def test_roles_that_are_wrong_do_not_make_a_hole_into_an_island(read) -> None:
    members = [("way", 20, ""), ("way", 21, "outer")]
    extract = read(way(20, OUTER), way(21, INNER), relation(30, members, type="multipolygon", leisure="park"))
    assert shapes(extract.features)["relation/30"].area == pytest.approx(0.0015)


def test_two_places_apart_in_one_relation_are_a_multipolygon(read) -> None:
    far = [node(41, 6.0, 52.0), node(42, 6.01, 52.0), node(43, 6.01, 52.01)]
    members = [("way", 20, "outer"), ("way", 21, "outer")]
    extract = read(*far, way(20, INNER), way(21, [41, 42, 43, 41]), relation(30, members, type="multipolygon", amenity="school"))
    assert shapes(extract.features)["relation/30"].geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    "elements",
    [
        (way(20, [1, 2, 999, 1], amenity="school"),),
        (way(20, [1, 2, 3]), relation(30, [("way", 20, "outer")], type="multipolygon", amenity="school")),
        (way(20, OUTER), relation(30, [("way", 20, "outer"), ("way", 888, "outer")], type="multipolygon", amenity="school")),
        (relation(30, [], type="multipolygon", amenity="school"),),
    ],
    ids=["a node is absent", "the ring is open", "a member is absent", "no members"],
)
def test_a_place_whose_shape_cannot_be_made_is_listed_and_not_invented(read, elements: tuple[str, ...]) -> None:
    extract = read(*elements)
    assert extract.features.empty
    subjects = extract.notices.loc[extract.notices["code"] == "osm.no_geometry", "subject"]
    assert list(subjects) == ["way/20" if len(elements) == 1 and "way" in elements[0][:4] else "relation/30"]


def test_ways_that_lack_nodes_are_counted(read) -> None:
    extract = read(way(20, [1, 777], highway="residential"), way(21, [1, 2], highway="residential"))
    notice = extract.notices[extract.notices["code"] == "osm.missing_nodes"].iloc[0]
    assert notice["details"] == {"ways": 1, "total": 2}
    assert list(extract.streets["source_id"]) == ["way/21"]


def test_a_crossed_outline_is_mended_into_a_valid_one(read) -> None:
    shape = shapes(read(way(20, [1, 3, 2, 4, 1], amenity="school")).features)["way/20"]
    assert shape.is_valid
    assert shape.area == pytest.approx(0.04 * 0.04 / 2)


def test_all_conditions_of_a_rule_must_hold_and_a_value_may_be_one_of_a_list(read) -> None:
    extract = read(
        node(10, 5, 52, building="church"),
        node(11, 5, 52, building="church", religion="christian"),
        node(12, 5, 52, leisure="garden;park"),
        node(13, 5, 52, leisure="garden"),
    )
    assert list(extract.features["source_id"]) == ["node/11", "node/12"]


def test_without_rules_nothing_is_a_place(read) -> None:
    assert read(node(10, 5, 52, amenity="library"), rules=()).features.empty


@pytest.mark.parametrize(
    ("tags", "use"),
    [
        ({"highway": "residential"}, ("residential", True, "both")),
        ({"highway": "motorway"}, None),
        ({"highway": "construction"}, None),
        ({"highway": "trunk", "foot": "yes"}, ("trunk", True, "no")),
        ({"highway": "service", "access": "private"}, None),
        ({"highway": "service", "access": "no", "foot": "designated"}, ("service", True, "no")),
        ({"highway": "cycleway", "foot": "no", "oneway": "yes"}, ("cycleway", False, "forward")),
        ({"highway": "footway", "foot": "private"}, None),
        ({"route": "ferry"}, ("ferry", True, "both")),
        ({"man_made": "pier"}, ("pier", True, "no")),
        ({"railway": "platform"}, ("platform", True, "no")),
        ({"railway": "rail"}, None),
        ({"highway": "services"}, None),
        ({"highway": "rest_area", "foot": "yes"}, None),
        ({"highway": "emergency_bay"}, None),
        ({"highway": "escape"}, None),
        # A bicycle is a vehicle: what is said of vehicles goes before `access`, what is said of bicycles before both.
        ({"highway": "track", "vehicle": "no"}, ("track", True, "no")),
        ({"highway": "track", "vehicle": "private"}, ("track", True, "no")),
        ({"highway": "track", "vehicle": "forestry"}, ("track", True, "no")),
        ({"highway": "track", "vehicle": "destination"}, ("track", True, "both")),
        ({"highway": "track", "vehicle": "no", "bicycle": "yes"}, ("track", True, "both")),
        ({"highway": "track", "motor_vehicle": "no"}, ("track", True, "both")),
        ({"highway": "service", "access": "no", "vehicle": "yes"}, ("service", False, "both")),
        ({"highway": "footway", "vehicle": "yes"}, ("footway", True, "no")),
    ],
)
def test_streets_are_what_one_may_walk_or_cycle_on(read, tags: dict[str, str], use: tuple[str, bool, str] | None) -> None:
    streets = read(way(20, [1, 2], **tags)).streets
    found = [tuple(row) for row in streets[["highway", "walk", "cycle"]].itertuples(index=False)]
    assert found == ([use] if use else [])


@pytest.mark.parametrize(
    ("tags", "role"),
    [
        ({"entrance": "main"}, "entrance"),
        ({"entrance": "emergency"}, None),
        ({"barrier": "gate", "access": "private"}, "barrier"),
        ({"barrier": "bollard"}, None),
        ({"barrier": "kissing_gate"}, "barrier"),
        ({"place": "village", "population": "430"}, "settlement"),
        ({"place": "village"}, None),
        ({"entrance": "yes", "access": "private"}, None),
        ({"entrance": "main", "access": "no"}, None),
        ({"entrance": "yes", "access": "private", "foot": "yes"}, "entrance"),
        ({"entrance": "yes", "access": "customers"}, "entrance"),
        ({"entrance": "yes", "barrier": "gate", "access": "private"}, "barrier"),
        ({"entrance": "exit", "barrier": "kissing_gate"}, "barrier"),
        ({"entrance": "yes", "barrier": "bollard"}, "entrance"),
    ],
)
def test_points_are_doors_barriers_that_stop_somebody_and_settlements_with_inhabitants(
    read, tags: dict[str, str], role: str | None
) -> None:
    assert list(read(node(90, 5.01, 52.01, **tags), way(20, [1, 2], highway="residential")).points["role"]) == ([role] if role else [])


def test_a_gate_may_be_a_way_in_and_stop_bicycles_at_once(read) -> None:
    gate = read(node(90, 5.01, 52.01, entrance="yes", barrier="kissing_gate"), way(20, [1, 2], highway="residential")).points
    assert gate["source_id"].tolist() == ["node/90"] * 2
    found = gate.set_index("role")
    assert (bool(found.loc["barrier", "walk"]), bool(found.loc["barrier", "cycle"])) == (True, False)
    assert pd.isna(found.loc["entrance", "walk"])


@pytest.mark.parametrize(
    ("tags", "walk", "cycle"),
    [
        ({"barrier": "gate"}, True, True),
        ({"barrier": "gate", "locked": "no"}, True, True),
        ({"barrier": "gate", "locked": "yes"}, False, False),
        ({"barrier": "gate", "locked": "yes", "access": "yes"}, False, False),
        ({"barrier": "gate", "locked": "yes", "foot": "yes"}, True, False),
        ({"barrier": "gate", "locked": "yes", "foot": "yes", "bicycle": "yes"}, True, True),
        # A post or a bar keeps cars out, locked or not.
        ({"barrier": "bollard", "locked": "yes"}, True, True),
        ({"barrier": "lift_gate", "locked": "yes"}, True, True),
        ({"barrier": "gate", "vehicle": "no"}, True, False),
        ({"barrier": "gate", "access": "agricultural"}, True, False),
        ({"barrier": "gate", "access": "no", "vehicle": "yes"}, False, True),
        ({"barrier": "gate", "access": "no", "bicycle": "yes"}, False, True),
    ],
)
def test_a_barrier_stops_whom_its_tags_stop_and_a_locked_gate_everybody(read, tags: dict[str, str], walk: bool, cycle: bool) -> None:
    points = read(node(90, 5.01, 52.01, **tags), way(20, [1, 2], highway="residential")).points
    expected = [] if walk and cycle else [(walk, cycle)]
    assert [(bool(row.walk), bool(row.cycle)) for row in points.itertuples()] == expected


def test_a_square_is_walked_along_its_edge_and_drawn_as_a_surface(read) -> None:
    extract = read(way(20, OUTER, highway="pedestrian", area="yes"))
    assert extract.streets.iloc[0]["geometry"].geom_type == "LineString"
    drawn = extract.basemap[extract.basemap["cls"] == "square"].iloc[0]
    assert drawn["geometry"].geom_type == "Polygon"


def test_addresses_come_from_nodes_and_buildings_and_a_repeated_one_is_one(read) -> None:
    home = {"addr__street": "Dorpsstraat", "addr__housenumber": "1a", "addr__postcode": "1234 AB", "addr__city": "Dorp"}
    extract = read(
        node(10, 5.0, 52.0, **home),
        node(11, 5.1, 52.0, shop="bakery", **home),
        way(20, OUTER, building="apartments", **(home | {"addr__housenumber": "3"})),
        way(21, INNER, building="retail", **(home | {"addr__housenumber": "5"})),
    )
    rows = extract.addresses
    assert list(rows["housenumber"]) == ["1a", "3", "5"]
    assert [None if pd.isna(value) else bool(value) for value in rows["residential"]] == [None, True, False]
    assert (rows.iloc[1]["lon"], rows.iloc[1]["lat"]) == pytest.approx((5.02, 52.02))


def test_addresses_without_street_and_postcode_are_not_taken_for_one_another(read) -> None:
    assert len(read(node(10, 5.0, 52.0, addr__housenumber="7"), node(11, 5.1, 52.0, addr__housenumber="7")).addresses) == 2


def test_a_flat_is_an_address_of_its_own(read) -> None:
    flat = {"addr__street": "Laan", "addr__housenumber": "2"}
    rows = read(node(10, 5.0, 52.0, addr__unit="A", **flat), node(11, 5.0, 52.0, addr__unit="B", **flat)).addresses
    assert list(rows["housenumber"]) == ["2-A", "2-B"]


def test_a_boundary_is_complete_only_when_it_closes_with_all_its_members(read) -> None:
    level = {"type": "boundary", "boundary": "administrative", "admin_level": "8"}
    extract = read(
        way(20, [1, 2, 3]),
        way(21, [3, 4, 1]),
        way(22, INNER, boundary="administrative", admin_level="8"),
        relation(30, [("way", 20, "outer"), ("way", 21, "outer")], name="Heel", **level),
        relation(31, [("way", 20, "outer"), ("way", 999, "outer")], name="Half", **level),
    )
    rows = extract.boundaries.set_index("source_id")
    assert rows["complete"].to_dict() == {"relation/30": True, "relation/31": False, "way/22": True}
    assert rows.loc["relation/31", "geometry"] is None
    assert pd.isna(rows.loc["way/22", "name"])
    assert rows.loc["relation/30", "geometry"].area == pytest.approx(0.0016)


def test_a_boundary_without_a_number_for_its_level_is_left_out(read) -> None:
    assert read(way(20, OUTER, boundary="administrative", admin_level="acht")).boundaries.empty


def test_the_basemap_has_layers_and_names_its_parks_at_a_point(read) -> None:
    extract = read(
        node(10, 5, 52, place="village", name="Dorp"),
        node(11, 5, 52, place="village"),
        way(20, OUTER, leisure="park", name="Park"),
        way(21, INNER, building="yes"),
        way(22, [1, 2], highway="residential", name="Laan"),
        way(23, [1, 2], waterway="canal"),
        way(24, [1, 3], railway="rail"),
    )
    drawn = {
        (row.layer, row.cls, None if pd.isna(row.name_) else row.name_)
        for row in extract.basemap.rename(columns={"name": "name_"}).itertuples()
    }
    assert drawn == {
        ("label", "village", "Dorp"),
        ("green", "park", "Park"),
        ("label", "park", "Park"),
        ("building", "building", None),
        ("road", "residential", "Laan"),
        ("water", "canal", None),
        ("rail", "rail", None),
    }
    assert set(extract.basemap.loc[extract.basemap["layer"] == "label", "geometry"].geom_type) == {"Point"}


def test_a_shared_border_is_drawn_once_at_its_highest_level(read) -> None:
    extract = read(
        way(20, [1, 2]),
        relation(30, [("way", 20, "outer")], type="boundary", boundary="administrative", admin_level="8"),
        relation(31, [("way", 20, "outer")], type="boundary", boundary="administrative", admin_level="4"),
    )
    borders = extract.basemap[extract.basemap["layer"] == "boundary"]
    assert list(borders["cls"]) == ["level_4"]


def test_packed_and_plain_files_give_the_same(tmp_path: Path) -> None:
    text = document(way(20, OUTER, amenity="school", name="'t Nest; &quot;A&amp;B&quot;")).encode()
    (tmp_path / "a.osm").write_bytes(text)
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(text))
    with osmium.SimpleWriter(str(tmp_path / "a[1]*'.osm.pbf")) as writer:
        osmium.apply(str(tmp_path / "a.osm"), writer)
    frames = [read_extract(path, rules=RULES).features for path in sorted(tmp_path.iterdir())]
    assert len(frames) == 4
    for frame in frames:
        pd.testing.assert_frame_equal(frame, frames[0])
    assert frames[0].iloc[0]["tags"]["name"] == '\'t Nest; "A&B"'


def test_every_table_has_its_columns_also_when_nothing_is_found(read) -> None:
    extract = read()
    pairs = (
        (extract.features, FEATURES),
        (extract.streets, STREETS),
        (extract.addresses, ADDRESSES),
        (extract.boundaries, BOUNDARIES),
        (extract.basemap, BASEMAP),
    )
    for frame, table in pairs:
        assert frame.empty
        assert list(frame.columns) == list(table.columns)
    assert extract.source.date is None


def test_the_source_says_whose_data_it_is(read) -> None:
    source = read(node(10, 5, 52, amenity="library"), way(20, OUTER, amenity="school")).source
    assert (source.id, source.licence, source.attribution) == ("osm", "ODbL-1.0", "© OpenStreetMap contributors")
    assert source.date == date(2024, 5, 6)
    assert source.file == "small.osm"
    assert len(source.sha256) == 64


def test_only_the_parts_that_are_asked_for_are_made(tmp_path: Path) -> None:
    path = tmp_path / "small.osm"
    path.write_text(document(node(10, 5, 52, amenity="library"), way(20, [1, 2], highway="residential")), encoding="utf-8")
    extract = read_extract(path, rules=RULES, parts={"streets"})
    assert len(extract.streets) == 1
    assert extract.features.empty
    assert extract.basemap.empty


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    path = tmp_path / "small.osm"
    path.write_text(document(), encoding="utf-8")
    shares: list[float] = []
    read_extract(path, rules=RULES, progress=lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
