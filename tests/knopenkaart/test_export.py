# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table in every format, opened again by another program; what is confidential stays home."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import shape

from knopenkaart import store
from knopenkaart.export import Format, export_poster, export_table, public_places, public_sources
from knopenkaart.publish.csvw import unescape
from knopenkaart.publish.exported import TableName
from knopenkaart.study import Request, Study, build
from knopenkaart.tables import ALL

TABLES: tuple[TableName, ...] = ("places", "areas", "coverage", "duplicates")
FORMATS: tuple[Format, ...] = ("geojson", "csv", "gpkg")
SECRET_PHONE = "+31-SECRET"


@pytest.fixture(scope="module")
def exported(example_study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[Path, int]]:
    folder = tmp_path_factory.mktemp("exports")
    files = {(table, to): folder / f"{table}.{to}" for table in TABLES for to in FORMATS}
    return {(table, to): (path, export_table(example_study, table, to, path)) for (table, to), path in files.items()}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def secret_study(example_study: Study, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The example with its list made confidential as a whole; a library has its telephone number from that list."""
    tables = {name: example_study.table(name) for name in example_study.stored.files if name in ALL}
    places, attributes, sources = tables["places"], tables["attributes"], tables["sources"]
    library = places[places["kind"] == "library"]["id"].iloc[0]
    attributes.loc[attributes["source"].str.startswith("list_"), "confidential"] = True
    attributes.loc[(attributes["place_id"] == library) & (attributes["name"] == "phone"), "value"] = SECRET_PHONE
    places.loc[places["id"] == library, "phone"] = SECRET_PHONE
    sources.loc[sources["id"].str.startswith("list_"), "confidential"] = True
    listed = places[places["source"].str.startswith("list_") & ~places["digital"]]["id"].iloc[0]
    pair = {"place_a": listed, "place_b": library, "score": 0.5, "reasons": ["same_phone"], "merged": False}
    other = {"place_a": library, "place_b": places["id"].iloc[3], "score": 0.5, "reasons": ["near"], "merged": False}
    tables["duplicates"] = ALL["duplicates"].frame([*tables["duplicates"].to_dict("records"), pair, other])
    folder = tmp_path_factory.mktemp("secret") / "study"
    return Study(store.write(folder, tables, {"tiles": example_study.tiles}, example_study.manifest))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_format_has_as_many_rows_as_it_says_and_as_the_study(
    table: TableName, example_study: Study, exported: dict[tuple[str, str], tuple[Path, int]]
) -> None:
    expected = len(example_study.table(table))
    assert expected > 0
    for to in FORMATS:
        path, said = exported[table, to]
        read = {"geojson": features, "csv": rows, "gpkg": lambda file: pyogrio.read_dataframe(file).index}[to](path)  # type: ignore[operator]
        assert len(read) == said == expected, to


@pytest.mark.parametrize("table", TABLES)
def test_geojson_is_longitude_and_latitude_by_the_right_hand_rule_without_crs(
    table: TableName, exported: dict[tuple[str, str], tuple[Path, int]]
) -> None:
    document = json.loads(exported[table, "geojson"][0].read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    for feature in document["features"]:
        geometry = feature["geometry"]
        if geometry is not None:
            assert all(3 < x < 8 and 50 < y < 54 for x, y in _positions(geometry["coordinates"])), feature["properties"]
            for polygon in _polygons(geometry):
                assert polygon.exterior.is_ccw
                assert not any(ring.is_ccw for ring in polygon.interiors)


@pytest.mark.parametrize("table", TABLES)
def test_geojson_carries_attribution_and_licence_each_once(
    table: TableName, example_study: Study, exported: dict[tuple[str, str], tuple[Path, int]]
) -> None:
    document = json.loads(exported[table, "geojson"][0].read_text(encoding="utf-8"))
    sources = public_sources(example_study)
    assert document["attribution"].split("; ") == list(dict.fromkeys(source.attribution for source in sources))
    assert document["licence"].split("; ") == list(dict.fromkeys(source.licence for source in sources))


def test_geojson_of_places_has_the_promised_properties(exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    promised = {"id", "name", "kind", "functions", "archetype", "status", "source", "sourceId", "lastVerified", "openingHours"}
    promised |= {"website", "wheelchair", "smallSpot", "municipalityCode", "wijkCode", "buurtCode", "areaYear"}
    for feature in features(exported["places", "geojson"][0]):
        assert promised <= feature["properties"].keys()


@pytest.mark.parametrize("table", TABLES)
def test_a_geopackage_has_one_layer_of_its_name_in_metres(table: TableName, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    path = exported[table, "gpkg"][0]
    assert [name for name, _ in pyogrio.list_layers(path)] == [table]
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 28992
    west, south, east, north = frame.total_bounds
    assert 0 < west < east < 300_000
    assert 300_000 < south < north < 650_000


def test_a_point_in_metres_is_the_same_spot_as_in_degrees(exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    metres = pyogrio.read_dataframe(exported["places", "gpkg"][0]).set_index("id")
    back = metres.geometry.to_crs("EPSG:4326")
    degrees = {feature["properties"]["id"]: feature["geometry"] for feature in features(exported["places", "geojson"][0])}
    checked = 0
    for key, geometry in degrees.items():
        if geometry is not None:
            assert back[key].distance(shape(geometry)) < 1e-6
            checked += 1
    assert checked > 200


def test_a_digital_place_stands_in_every_format_without_a_point(exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    (first, *_) = [feature for feature in features(exported["places", "geojson"][0]) if feature["properties"]["digital"]]
    key = first["properties"]["id"]
    assert first["geometry"] is None
    assert pyogrio.read_dataframe(exported["places", "gpkg"][0]).set_index("id").geometry[key] is None
    assert next(row for row in rows(exported["places", "csv"][0]) if row["id"] == key)["lon"] == ""


@pytest.mark.parametrize("table", TABLES)
def test_a_csv_is_what_its_description_says(table: TableName, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    path = exported[table, "csv"][0]
    described = json.loads(path.with_name(f"{table}-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == path.name
    columns = described["tableSchema"]["columns"]
    content = rows(path)
    assert list(content[0]) == [column["name"] for column in columns]
    for column in columns:
        values = [row[column["name"]] for row in content]
        assert not column["required"] or all(values), column["name"]
        for value in filter(None, values):
            assert _fits(value, column["datatype"]), (column["name"], value)


@pytest.mark.parametrize("table", TABLES)
def test_lines_of_a_csv_end_as_rfc_4180_wants(table: TableName, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    content = exported[table, "csv"][0].read_bytes()
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_every_column_of_a_table_is_in_its_csv(exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    for table in ("areas", "coverage", "duplicates"):
        expected = [name for name, column in ALL[table].columns.items() if column.kind != "geometry"]
        assert list(rows(exported[table, "csv"][0])[0]) == expected


def test_values_survive_the_csv(example_study: Study, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    names = {row["id"]: unescape(row["name"]) for row in rows(exported["places", "csv"][0])}
    places = example_study.table("places")
    assert names == {key: "" if pd.isna(name) else name for key, name in zip(places["id"], places["name"], strict=True)}


def test_a_share_that_is_unknown_is_empty_and_not_zero(example_study: Study, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    unknown = set(example_study.table("coverage").query("street_share.isna()")["area_code"])
    assert unknown
    assert {row["area_code"] for row in rows(exported["coverage", "csv"][0]) if row["street_share"] == ""} == unknown
    none = {f["properties"]["area_code"] for f in features(exported["coverage", "geojson"][0]) if f["properties"]["street_share"] is None}
    assert none == unknown


def test_areas_keep_their_shape_to_some_centimetres(example_study: Study, exported: dict[tuple[str, str], tuple[Path, int]]) -> None:
    frame = gpd.read_file(exported["areas", "geojson"][0]).set_index("code")
    original = example_study.table("areas").set_index("code")
    for code in original.index:
        assert frame.geometry[code].symmetric_difference(original.geometry[code]).area < 2e-4 * original.geometry[code].area


@pytest.mark.parametrize("to", FORMATS)
def test_a_confidential_value_leaves_in_no_format(to: Format, secret_study: Study, tmp_path: Path) -> None:
    target = tmp_path / f"places.{to}"
    export_table(secret_study, "places", to, target)
    assert SECRET_PHONE.encode() not in target.read_bytes()
    assert SECRET_PHONE in set(secret_study.table("places")["phone"].dropna())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("to", FORMATS)
def test_a_place_that_only_a_confidential_list_knows_leaves_in_no_table(
    table: TableName, to: Format, secret_study: Study, tmp_path: Path
) -> None:
    secret = secret_study.table("attributes").groupby("place_id")["confidential"].all()
    hidden = set(secret[secret].index)
    # Those that stand only on the list: four, two digital ones, and the three that a human must decide about.
    assert len(hidden) == 9
    target = tmp_path / f"{table}.{to}"
    export_table(secret_study, table, to, target)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [key for key in hidden if key.encode() in content] == []
    assert b"list_waterlinde" not in content
    assert not hidden & {place.id for place in public_places(secret_study)}


def test_pairs_with_a_record_of_a_confidential_list_stay_home_and_other_pairs_do_not(secret_study: Study, tmp_path: Path) -> None:
    assert len(secret_study.table("duplicates")) > 10
    assert export_table(secret_study, "duplicates", "csv", tmp_path / "d.csv") == 1


def test_a_confidential_source_is_not_named(secret_study: Study, example_study: Study) -> None:
    hidden = {source.id for source in public_sources(example_study)} - {source.id for source in public_sources(secret_study)}
    assert len(hidden) == 1


def test_an_export_replaces_its_file_in_one_step_and_leaves_nothing_else(example_study: Study, tmp_path: Path) -> None:
    target = tmp_path / "areas.gpkg"
    target.write_text("something else")
    export_table(example_study, "areas", "gpkg", target)
    assert [path.name for path in tmp_path.iterdir()] == ["areas.gpkg"]
    assert len(pyogrio.read_dataframe(target)) == 20


def test_a_study_without_pairs_exports_an_empty_table(liechtenstein_study: Study, tmp_path: Path) -> None:
    empty = {name: liechtenstein_study.table(name) for name in liechtenstein_study.stored.files if name in ALL}
    empty["duplicates"] = ALL["duplicates"].empty()
    study = Study(store.write(tmp_path / "study", empty, {"tiles": liechtenstein_study.tiles}, liechtenstein_study.manifest))
    for to in FORMATS:
        assert export_table(study, "duplicates", to, tmp_path / f"d.{to}") == 0
    assert (tmp_path / "d.csv").read_text(encoding="utf-8").splitlines() == ["place_a,place_b,score,reasons,merged"]


def test_a_study_carries_its_own_kinds_into_counts_and_poster(example_files: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.kinds.toml"
    own.write_text("[kinds.bench]\nsmall_spot = false\ncounts = true\n", encoding="utf-8")
    request = Request(osm=example_files.osm, areas=example_files.areas, figures=example_files.figures, vocabulary=own, invented=True)
    study = build(tmp_path / "study", request)
    own.unlink()
    assert study.vocabulary.kinds["bench"].counts
    assert not study.stored.verify()
    from knopenkaart.summary import summarise

    assert summarise(study).per_kind["bench"] == 140
    export_poster(study, tmp_path / "p.pdf", paper="a3", language="nl")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF-")


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], (int, float)):
        yield coordinates[0], coordinates[1]
    else:
        for part in coordinates:
            yield from _positions(part)


def _polygons(geometry: dict[str, Any]) -> list[Any]:
    found = shape(geometry)
    return [part for part in getattr(found, "geoms", [found]) if part.geom_type == "Polygon"]


def _fits(value: str, datatype: str) -> bool:
    readers: dict[str, Any] = {"integer": int, "double": float, "date": date.fromisoformat, "string": str, "anyURI": str}
    if datatype == "boolean":
        return value in ("true", "false")
    try:
        readers[datatype](value)
    except ValueError:
        return False
    return True
