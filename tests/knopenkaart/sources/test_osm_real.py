# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The real extracts: a Dutch town in part, a whole small country, and a sample whose references are broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import osmium
import pytest
import shapely

from knopenkaart.sources.osm import OsmExtract, read_extract
from knopenkaart.vocabulary.rules import TagRule

RULES = tuple(TagRule(((key, ()),)) for key in ("amenity", "shop", "leisure"))
KEYS = [key for rule in RULES for key, _ in rule.conditions]
Find = Callable[[str], Path]


@pytest.fixture(scope="module")
def liechtenstein(real_data: Find) -> OsmExtract:
    return read_extract(real_data("osm/liechtenstein_valhalla.osm.pbf"), rules=RULES)


@pytest.fixture(scope="module")
def delft(real_data: Find) -> OsmExtract:
    return read_extract(real_data("osm/delft_tudelft.osm.pbf"), rules=RULES)


def by_osmium(path: Path) -> Counter[str]:
    """The matching elements per kind, counted by another reader."""
    return Counter(element.type_str() for element in osmium.FileProcessor(str(path)).with_filter(osmium.filter.KeyFilter(*KEYS)))


@pytest.mark.parametrize("file", ["liechtenstein_valhalla.osm.pbf", "delft_tudelft.osm.pbf", "amsterdam_overamstel_valhalla.osm.pbf"])
def test_every_matching_element_is_a_feature_or_a_notice(real_data: Find, file: str) -> None:
    path = real_data(f"osm/{file}")
    extract = read_extract(path, rules=RULES, parts={"features"})
    listed = extract.notices.loc[extract.notices["code"] == "osm.no_geometry", "subject"]
    found = Counter(source_id[0] for source_id in [*extract.features["source_id"], *listed])
    assert found == by_osmium(path)


def test_liechtenstein_has_eleven_complete_named_municipalities(liechtenstein: OsmExtract) -> None:
    level = liechtenstein.boundaries[liechtenstein.boundaries["admin_level"] == 8]
    whole = level[level["complete"] & level["name"].notna()]
    assert len(whole) == 11
    assert {"Vaduz", "Schaan", "Triesenberg"} <= set(whole["name"])
    assert shapely.is_valid(whole["geometry"].to_numpy()).all()
    assert int((~level["complete"]).sum()) == 11
    assert int(level["name"].isna().sum()) == 4


def test_the_municipalities_of_liechtenstein_make_up_the_country(liechtenstein: OsmExtract) -> None:
    rows = liechtenstein.boundaries
    country = rows[(rows["admin_level"] == 2) & rows["complete"]].iloc[0]["geometry"]
    parts = rows[(rows["admin_level"] == 8) & rows["complete"] & rows["name"].notna()]["geometry"].to_numpy()
    assert shapely.area(parts).sum() == pytest.approx(country.area, rel=1e-6)


def test_the_date_is_that_of_the_header(liechtenstein: OsmExtract) -> None:
    assert liechtenstein.source.date == date(2015, 7, 27)


def test_without_a_date_in_the_header_the_newest_edit_of_a_place_counts(delft: OsmExtract) -> None:
    assert delft.source.date == max(delft.features["date"])
    assert delft.source.date.year == 2025


def test_every_feature_has_the_date_of_its_last_edit(liechtenstein: OsmExtract) -> None:
    assert liechtenstein.features["date"].notna().all()


def test_all_named_amenities_of_liechtenstein_are_there(liechtenstein: OsmExtract) -> None:
    amenities = [tags for tags in liechtenstein.features["tags"] if "amenity" in tags]
    assert len(amenities) == 489
    assert sum("name" in tags for tags in amenities) == 171


def test_delft_has_the_addresses_of_the_register(delft: OsmExtract) -> None:
    # 8,932 address nodes, of which a few repeat an address at a shop.
    assert 8850 <= len(delft.addresses) <= 8932
    assert delft.addresses["postcode"].str.fullmatch(r"26\d\d ?[A-Z]{2}").mean() > 0.99


def test_shapes_lie_where_the_extract_lies(delft: OsmExtract) -> None:
    west, south, east, north = delft.features.total_bounds
    assert 4.1 < west < east < 4.7
    assert 51.8 < south < north < 52.2


def test_a_sample_with_broken_references_is_read_and_counted(real_data: Find) -> None:
    extract = read_extract(real_data("osm/nieuwegein_steekproef_1op10.osm.gz"), rules=RULES)
    missing = extract.notices[extract.notices["code"] == "osm.missing_nodes"].iloc[0]["details"]
    assert missing["ways"] / missing["total"] > 0.98
    assert len(extract.addresses) > 5000
    assert set(extract.features.geom_type) == {"Point"}
    assert len(extract.streets) < 10
