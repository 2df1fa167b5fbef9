# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables: one check, and the way to and from records."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from knopenkaart.errors import StoreError
from knopenkaart.records import Coverage, Place
from knopenkaart.tables import ALL, AREAS, COVERAGE, PLACES, from_records, to_records

PLACE = Place(
    id="a",
    name="Bieb",
    kind="library",
    status="open",
    lon=4.5,
    lat=52.1,
    source="osm",
    source_id="node/1",
    archetype="village_square",
    functions=("learn", "meet"),
    last_verified=date(2024, 1, 31),
)


def test_a_record_survives_the_way_through_a_table() -> None:
    assert to_records(from_records([PLACE], PLACES), Place) == [PLACE]


def test_missing_values_come_back_as_none_and_not_as_nan() -> None:
    record = Coverage("WK1", None, None, None, None, "unknown")
    frame = COVERAGE.frame([{"area_code": "WK1", "level": "wijk", "addresses": 0, "status": "unknown", "reason": ""}])
    assert to_records(frame, Coverage) == [record]


@pytest.mark.parametrize("table", ALL.values(), ids=lambda table: table.name)
def test_every_table_can_be_empty_and_still_passes_its_own_check(table) -> None:
    empty = table.empty()
    assert list(empty.columns) == list(table.columns)
    assert len(table.check(empty)) == 0


def test_an_absent_column_is_named() -> None:
    with pytest.raises(StoreError, match=r"places lacks the column\(s\) lon"):
        PLACES.check(from_records([PLACE], PLACES).drop(columns="lon"))


def test_a_repeated_key_is_refused_with_its_row() -> None:
    twice = pd.concat([from_records([PLACE], PLACES)] * 2)
    with pytest.raises(StoreError, match=r"row 1 repeats the key \('a',\)"):
        PLACES.check(twice)


def test_an_empty_required_value_is_refused_with_its_row() -> None:
    frame = from_records([PLACE], PLACES)
    frame["kind"] = pd.NA
    with pytest.raises(StoreError, match="kind is empty in row 0"):
        PLACES.check(frame)


def test_a_value_of_another_type_is_refused() -> None:
    frame = from_records([PLACE], PLACES).astype(object)
    frame["area_year"] = "last year"
    with pytest.raises(StoreError, match="area_year is not int"):
        PLACES.check(frame)


def test_a_table_with_geometry_is_in_degrees() -> None:
    assert AREAS.empty().crs.to_epsg() == 4326
