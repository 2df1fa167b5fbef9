# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of reach and residents in every format: the same rows, people in tens and never a few, nothing confidential."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest

from knopenkaart import store
from knopenkaart.export import DATATYPES, Format, export_table, public_sources, write_reach
from knopenkaart.policy import Policy
from knopenkaart.privacy import shown
from knopenkaart.publish.exported import REACH_FILES, TABLES, TableName
from knopenkaart.study import Study, build, recount
from knopenkaart.tables import ALL

from .hamlet import EAST, TOWN, WEST, Hamlet

# What another test exports (test_export.py).
OLDER = ("places", "areas", "coverage", "duplicates")
NEW: tuple[TableName, ...] = tuple(table for table in TABLES if table not in OLDER)
FORMATS: tuple[Format, ...] = ("geojson", "csv", "gpkg")
COUNTS: Mapping[str, list[str]] = {
    table: [name for name, column in ALL[table].columns.items() if column.kind == "people"]
    for table in NEW
    if any(column.kind == "people" for column in ALL[table].columns.values())
}
GEOMETRIES = {
    "edges": {"LineString"},
    "homes": {"Point"},
    "reach_homes": {"Point"},
    "reach_counts": {"Point"},
    "reach_places": {"Point"},
    "competition": {"Point"},
    "place_slots": {"Point"},
    "overlaps": {"Point"},
    "isochrones": {"MultiPolygon", "Polygon"},
    "residents": {"MultiPolygon", "Polygon"},
    "reach_areas": {"MultiPolygon", "Polygon"},
    "gaps": {"MultiPolygon", "Polygon"},
    "supply": {"MultiPolygon", "Polygon"},
    "reach_open": {"MultiPolygon", "Polygon"},
}
Exported = Callable[[str, str], Path]
Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The hamlet with 4.3 people per home in the west and 5.2 in the east, of whom five live alone: many counts are below ten.

    Near is 15 minutes, so that its two places serve the same people.
    """
    folder = tmp_path_factory.mktemp("few")
    hamlet = Hamlet(folder / "files")
    figures = hamlet.figures(people={TOWN: 69, WEST: 43, EAST: 26}, alone={TOWN: 5, WEST: 3, EAST: 2})
    return recount(build(folder / "study", hamlet.request(figures=(figures,))), policy=Policy(near_min=15))


@pytest.fixture(scope="module")
def exported(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Each table in each format, written when it is first asked for."""
    folder = tmp_path_factory.mktemp("exported")

    def find(table: str, to: str) -> Path:
        path = folder / f"{table}.{to}"
        if not path.exists():
            assert export_table(study, table, to, path) == len(study.table(table))  # type: ignore[arg-type]
        return path

    return find


def csv_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(stream)]


def geojson_rows(path: Path) -> list[Row]:
    return [feature["properties"] for feature in json.loads(path.read_text(encoding="utf-8"))["features"]]


def gpkg_rows(path: Path) -> list[Row]:
    frame = pyogrio.read_dataframe(path, read_geometry=False)
    return [{str(name): None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")]


READERS: Mapping[str, Callable[[Path], list[Row]]] = {"csv": csv_rows, "geojson": geojson_rows, "gpkg": gpkg_rows}


def numbers(rows: list[Row], name: str) -> list[float | None]:
    return [None if row[name] is None else float(row[name]) for row in rows]


def test_every_table_of_the_exporter_is_looked_at_here_or_elsewhere() -> None:
    assert set(GEOMETRIES) == set(NEW)
    assert set(COUNTS) == {"residents", "reach_places", "reach_areas", "gaps", "overlaps", "competition", "supply", "reach_open"}
    assert set(REACH_FILES) < set(NEW)


@pytest.mark.parametrize("table", NEW)
@pytest.mark.parametrize("to", FORMATS)
def test_every_format_holds_the_rows_of_the_study_in_their_order(table: TableName, to: Format, study: Study, exported: Exported) -> None:
    rows, own = READERS[to](exported(table, to)), study.table(table)
    assert len(rows) == len(own) > 0
    for key in ALL[table].key:
        assert [str(row[key]) for row in rows] == [str(value) for value in own[key]], key


@pytest.mark.parametrize("table", NEW)
@pytest.mark.parametrize("to", FORMATS)
def test_every_column_is_there_under_its_own_name(table: TableName, to: Format, exported: Exported) -> None:
    columns = [name for name, column in ALL[table].columns.items() if column.kind != "geometry"]
    assert list(READERS[to](exported(table, to))[0]) == columns


@pytest.mark.parametrize("table", COUNTS)
@pytest.mark.parametrize("to", FORMATS)
def test_people_are_in_tens_and_never_one_to_nine(table: TableName, to: Format, exported: Exported) -> None:
    rows = READERS[to](exported(table, to))
    for name in COUNTS[table]:
        told = [count for count in numbers(rows, name) if count is not None]
        assert all(count % 10 == 0 for count in told), name


@pytest.mark.parametrize("table", COUNTS)
@pytest.mark.parametrize("to", FORMATS)
def test_a_count_is_shown_where_it_may_be_and_empty_where_it_may_not(
    table: TableName, to: Format, study: Study, exported: Exported
) -> None:
    rows, own = READERS[to](exported(table, to)), study.table(table)
    seen: list[float] = []
    # Margins (low, high) and homes follow from the shown count: knopenkaart.protect.
    for name in set(COUNTS[table]) - {"low", "high", "homes"}:
        exact = own[name].astype(float).tolist()
        assert numbers(rows, name) == [shown(count) for count in exact], name
        seen += exact
    assert any(count % 10 for count in seen), "else nothing would show that it is rounded"
    # Within a quarter of an hour nobody is alone: these tables have no small counts here.
    assert any(0 < count < 10 for count in seen) or table in ("overlaps", "competition", "reach_open")


@pytest.mark.parametrize("table", ["gaps", "overlaps", "reach_open"])
@pytest.mark.parametrize("to", FORMATS)
def test_shares_are_whole_percents_or_empty(table: TableName, to: Format, exported: Exported) -> None:
    rows = READERS[to](exported(table, to))
    names = [name for name, column in ALL[table].columns.items() if column.kind == "share"]
    assert names
    for name in names:
        told = [share for share in numbers(rows, name) if share is not None]
        assert told
        assert all(0 <= share <= 1 and round(share, 2) == share for share in told)


def test_the_margin_of_a_place_follows_from_its_shown_count(exported: Exported) -> None:
    rows = csv_rows(exported("reach_places", "csv"))
    for row in rows:
        assert (row["people"] is None) == (row["low"] is None) == (row["high"] is None)
        if row["people"] is not None:
            assert int(row["low"]) <= int(row["people"]) <= int(row["high"])
            assert int(row["low"]) % 10 == int(row["high"]) % 10 == 0


def test_no_format_tells_more_than_another(exported: Exported) -> None:
    for table, names in COUNTS.items():
        told = {to: [numbers(READERS[to](exported(table, to)), name) for name in names] for to in FORMATS}
        assert told["csv"] == told["geojson"] == told["gpkg"], table


@pytest.mark.parametrize("table", NEW)
def test_geojson_draws_every_row_on_what_it_is_about(table: TableName, study: Study, exported: Exported) -> None:
    document = json.loads(exported(table, "geojson").read_text(encoding="utf-8"))
    assert "crs" not in document
    assert {feature["geometry"]["type"] for feature in document["features"]} <= GEOMETRIES[table]
    assert document["attribution"].split("; ") == list(dict.fromkeys(source.attribution for source in public_sources(study)))


def test_a_row_of_a_place_lies_where_the_place_lies_and_of_a_pair_where_the_first_lies(study: Study, exported: Exported) -> None:
    spots = study.table("places").set_index("id")[["lon", "lat"]].astype(float)
    for table, key in (("reach_places", "place_id"), ("competition", "place_id"), ("overlaps", "place_a")):
        for feature in json.loads(exported(table, "geojson").read_text(encoding="utf-8"))["features"]:
            assert feature["geometry"]["coordinates"] == pytest.approx(spots.loc[feature["properties"][key]].tolist(), abs=1e-6)


@pytest.mark.parametrize("table", NEW)
def test_a_geopackage_has_one_layer_of_its_name_in_metres(table: TableName, exported: Exported) -> None:
    path = exported(table, "gpkg")
    assert [name for name, _ in pyogrio.list_layers(path)] == [table]
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 28992
    west, south, east, north = frame.total_bounds
    assert 83_000 < west <= east < 86_000
    assert 444_000 < south <= north < 447_000


@pytest.mark.parametrize("table", NEW)
def test_a_csv_is_what_its_description_says(table: TableName, exported: Exported) -> None:
    path = exported(table, "csv")
    described = json.loads(path.with_name(f"{table}-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == path.name
    columns, rows = described["tableSchema"]["columns"], csv_rows(path)
    assert [column["name"] for column in columns] == list(rows[0])
    for column in columns:
        values = [row[column["name"]] for row in rows]
        assert not column["required"] or None not in values, column["name"]
        assert all(READS[column["datatype"]](value) for value in values if value is not None), column["name"]
        assert column["name"] not in COUNTS.get(table, ()) or not column["required"], "what is hidden is empty"


def reads(kind: Callable[[str], object], value: str) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


READS: Mapping[str, Callable[[str], bool]] = {
    "string": bool,
    "integer": partial(reads, int),
    "double": partial(reads, float),
    "boolean": {"true", "false"}.__contains__,
}


def test_every_kind_of_column_has_a_datatype() -> None:
    kinds = {column.kind for table in NEW for column in ALL[table].columns.values()} - {"geometry"}
    assert kinds <= set(DATATYPES)
    assert {DATATYPES[kind] for kind in kinds} <= set(READS)


def test_the_files_of_reach_are_written_together_and_progress_ends_at_one(study: Study, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    files = write_reach(study, tmp_path / "reach", progress=lambda step, share: told.append((step, share)))
    assert files == [*(f"{table}.csv" for table in REACH_FILES), "isochrones.geojson"]
    assert {path.name for path in (tmp_path / "reach").iterdir()} == {*files, *(f"{table}-metadata.json" for table in REACH_FILES)}
    assert [step for step, _ in told] == ["files"] * len(files)
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0


# --- what is confidential -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def secret(hamlet_study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Study]:
    """The café, which only a confidential source knows, and the hamlet with its reach reckoned anew."""
    tables = {name: hamlet_study.table(name) for name in hamlet_study.stored.files if name in ALL}
    cafe = str(tables["places"].set_index("name").loc["De Hoek", "id"])
    attributes = tables["attributes"]
    tables["attributes"] = attributes.assign(confidential=attributes["confidential"] | (attributes["place_id"] == cafe))
    folder = tmp_path_factory.mktemp("secret") / "study"
    stored = store.write(folder, tables, {"tiles": hamlet_study.tiles}, hamlet_study.manifest)
    return cafe, recount(Study(stored))


@pytest.mark.parametrize("to", FORMATS)
def test_a_place_that_only_a_confidential_source_knows_is_near_nobody(to: Format, secret: tuple[str, Study], tmp_path: Path) -> None:
    cafe, study = secret
    for table in NEW:
        if len(study.table(table)):
            target = tmp_path / f"{table}.{to}"
            export_table(study, table, to, target)
            assert cafe.encode() not in target.read_bytes(), table
    gaps = study.table("gaps")
    rows = gaps[(gaps["area_code"] == TOWN) & (gaps["mode"] == "walk") & (gaps["group"] == "all") & (gaps["what"] == "eat")]
    assert rows["without"].astype(float).tolist() == pytest.approx([600, 600, 600])


def test_tables_that_still_name_such_a_place_leave_its_rows_out(secret: tuple[str, Study], hamlet_study: Study, tmp_path: Path) -> None:
    cafe, study = secret
    old = replace(study, anew={})
    for table in ("reach_places", "reach_homes", "competition", "place_slots"):
        assert cafe in set(old.table(table)["place_id"])
        rows = export_table(old, table, "csv", tmp_path / f"{table}.csv")
        assert 0 < rows < len(hamlet_study.table(table))
        assert cafe.encode() not in (tmp_path / f"{table}.csv").read_bytes()
