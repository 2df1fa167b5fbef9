# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of a study as files for others: GeoJSON, CSV with its description, GeoPackage, poster."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import shapely

from knopenkaart import store
from knopenkaart.paper.poster import Facts, Language, Paper, make_poster
from knopenkaart.progress import Progress, silent
from knopenkaart.protect import PER_HOME, protected
from knopenkaart.publish import csvw, geojson
from knopenkaart.publish.columns import PLACE_COLUMNS, Column
from knopenkaart.publish.exported import A_ROW_PER_HOME, REACH_FILES, TableName
from knopenkaart.records import Area, Place, Source, place_id
from knopenkaart.study import Study, open_places
from knopenkaart.summary import study_population
from knopenkaart.tables import ALL, to_records
from knopenkaart.vocabulary import Vocabulary

Format = Literal["geojson", "csv", "gpkg"]
DATATYPES = {
    "text": "string",
    "int": "integer",
    "float": "double",
    "people": "integer",
    "share": "double",
    "bool": "boolean",
    "date": "date",
    "json": "string",
}
# Counts of people that may not be shown are empty.
HIDEABLE = ("people", "share")


def export_table(study: Study, table: TableName, to: Format, target: Path) -> int:
    """Write one table to a file, replaced in one step. Confidential attributes and sources are left out, and people are protected
    (knopenkaart.protect). Returns the number of rows.

    Raises StoreError where the study is damaged. A CSV gets its description beside it (`NAME-metadata.json`, CSV on the Web).
    """
    if table == "places":
        return _export_places(study, to, target)
    frame = _with_shapes(study, table, protected(study.table(table), ALL[table]))
    if to == "gpkg":
        store.write_geopackage(target, {table: frame})
    elif to == "geojson":
        store.write_text(target, _feature_collection(frame, public_sources(study), _provenance(study, table)))
    else:
        _write_csv(target, pd.DataFrame(frame.drop(columns="geometry")), _columns(table), study, _provenance(study, table))
    return len(frame)


def write_reach(study: Study, folder: Path, *, progress: Progress = silent) -> list[str]:
    """Write the tables of reach as CSV with their descriptions, and the isochrones as GeoJSON, into a folder; gives the files' names."""
    names = [*(f"{table}.csv" for table in REACH_FILES), "isochrones.geojson"]
    for number, name in enumerate(names):
        table, _, suffix = name.partition(".")
        export_table(study, table, suffix, folder / name)  # type: ignore[arg-type]
        progress("files", (number + 1) / len(names))
    return names


def public_places(study: Study) -> list[Place]:
    """The places of a study without what is confidential."""
    return to_records(open_places(study.table("places"), study.table("attributes")), Place)


def public_sources(study: Study) -> list[Source]:
    """The sources of a study that may be named outside."""
    return [source for source in to_records(study.table("sources"), Source) if not source.confidential]


def write_places_geopackage(target: Path, places: Sequence[Place]) -> None:
    """Places as one GeoPackage layer `places` in metres; digital places stand in it without a point."""
    rows = [{column.name: _flat(getattr(place, column.field)) for column in PLACE_COLUMNS} for place in places]
    frame = pd.DataFrame(rows, columns=[column.name for column in PLACE_COLUMNS])
    points = gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float))
    located = gpd.GeoSeries(points, crs="EPSG:4326").where(frame["lon"].notna())
    store.write_geopackage(target, {"places": gpd.GeoDataFrame(frame, geometry=located, crs="EPSG:4326")})


def export_poster(
    study: Study,
    target: Path,
    *,
    paper: Paper,
    language: Language,
    places: Sequence[Place] | None = None,
    counting: Collection[str] | None = None,
    title: str = "",
) -> None:
    """Write the poster of a study as PDF.

    `places` and `counting` (the kinds that count) replace the study's own, where people corrected or chose since.
    """
    vocabulary = study.vocabulary
    chosen = frozenset(kind.id for kind in vocabulary.kinds.values() if kind.counts) if counting is None else frozenset(counting)
    shown = [_drawable(place) for place in (public_places(study) if places is None else places) if _on_paper(place, vocabulary)]
    pdf = make_poster(
        study.table("basemap"),
        study.table("areas"),
        shown,
        facts=_facts(study, shown, chosen, title),
        sources=public_sources(study),
        vocabulary=vocabulary,
        paper=paper,
        language=language,
    )
    store.write_bytes(target, pdf)


def _on_paper(place: Place, vocabulary: Vocabulary) -> bool:
    return place.status == "open" and not place.small_spot and place.kind in vocabulary.kinds


def _facts(study: Study, shown: Sequence[Place], counting: frozenset[str], title: str) -> Facts:
    coverage, areas, figures = study.table("coverage"), study.table("areas"), study.table("figures")
    years = figures.loc[(figures["indicator"] == "population") & figures["joined"], "year"]
    level = "wijk" if (areas["level"] == "wijk").any() else "municipality"
    doubtful = tuple(coverage[(coverage["level"] == level) & (coverage["status"] != "covered")]["area_code"])
    osm_date = study.manifest["osm_date"]
    return Facts(
        title=title or str(study.manifest["name"]),
        counted=sum(place.kind in counting and not place.neighbour and not place.digital for place in shown),
        counting=counting,
        inhabitants=study_population(study),
        figures_year=int(years.max()) if len(years) else None,
        data_date=date.fromisoformat(osm_date) if osm_date else None,
        made_on=_today(),
        invented=bool(study.manifest["invented"]),
        incomplete=doubtful,
        complete=bool((coverage.loc[coverage["level"] == "municipality", "status"] == "covered").all()),
    )


def _drawable(place: Place) -> Place:
    return replace(place, lon=None, lat=None) if place.digital else place


def _export_places(study: Study, to: Format, target: Path) -> int:
    places = public_places(study)
    if to == "gpkg":
        write_places_geopackage(target, places)
    elif to == "geojson":
        areas = {area.code: area for area in to_records(study.table("areas"), Area)}
        title = str(study.manifest["name"])
        document = geojson.feature_collection(places, sources=public_sources(study), generated=_today(), title=title, areas=areas)
        store.write_text(target, geojson.dumps(document))
    else:
        store.write_text(target, csvw.csv_text(places))
        _describe(target, PLACE_COLUMNS, study, "")
    return len(places)


def _with_shapes(study: Study, table: TableName, frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Rows on the place, area or home that they are about; a pair of places on the first of the two."""
    if isinstance(frame, gpd.GeoDataFrame):
        return frame
    if table == "duplicates":
        hidden = _confidential_records(study)
        frame = frame[~frame["place_a"].isin(hidden) & ~frame["place_b"].isin(hidden)].reset_index(drop=True)
    if table == "homes":
        return _located(frame, gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float)))
    key = next(name for name in ("area_code", "home", "place_id", "place_a") if name in frame)
    shapes = _shapes_of(study, key)
    named = [name for name in ("place_id", "place_a", "place_b") if name in frame and table != "duplicates"]
    openly = _shapes_of(study, "place_id").index if named else ()
    for name in named:
        frame = frame[frame[name].isin(openly)].reset_index(drop=True)
    return _located(frame, [shapes.get(value) for value in frame[key]])


def _located(frame: pd.DataFrame, shapes: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326", index=frame.index))


def _shapes_of(study: Study, key: str) -> pd.Series[Any]:
    """What the values of a key column are on the map."""
    if key == "area_code":
        return pd.Series(study.table("areas").set_index("code")["geometry"])
    if key == "home":
        homes = study.table("homes")
        return pd.Series(gpd.points_from_xy(homes["lon"].astype(float), homes["lat"].astype(float)), index=homes["home"])
    places = public_places(study)
    spots = {place.id: shapely.Point(place.lon, place.lat) for place in places if place.lon is not None and place.lat is not None}
    return pd.Series(spots, dtype=object)


def _confidential_records(study: Study) -> set[str]:
    """The identifiers of places, merged ones included, of which a source told nothing that may leave the municipality."""
    told = study.table("attributes").groupby(["source", "source_id"])["confidential"].all()
    return {place_id(source, source_id) for source, source_id in told[told].index}


def _columns(table: TableName) -> list[Column]:
    return [
        Column(
            name,
            name,
            column.meaning,
            column.meaning,
            DATATYPES[column.kind],  # type: ignore[arg-type]
            required=column.required and column.kind not in HIDEABLE and name != PER_HOME.get(table),
        )
        for name, column in ALL[table].columns.items()
        if column.kind != "geometry"
    ]


def _provenance(study: Study, table: TableName) -> str:
    """With what choices a table of reach was made."""
    if table not in (*REACH_FILES, *A_ROW_PER_HOME, "isochrones"):
        return ""
    policy = study.policy
    minutes = ", ".join(map(str, policy.minutes))
    weights = ", ".join(map(str, policy.zone_weights))
    return (
        f"Knopenkaart {study.manifest['engine_version']}. On foot {policy.walk_kmh} km/h, by bicycle {policy.cycle_kmh} km/h; "
        f"{minutes} minutes, of which {policy.near_min} is near; weights of these bands in enhanced floating catchments: {weights}; "
        f"opening hours of an ordinary week around {study.day.isoformat()}."
    )


def _write_csv(target: Path, frame: pd.DataFrame, columns: Sequence[Column], study: Study, provenance: str) -> None:
    cells = frame.astype(object).where(frame.notna(), None)
    lines = [",".join(column.name for column in columns)]
    flat = cells.map(lambda value: csvw.cell(_flat(value)))
    body = flat.to_csv(index=False, header=False, lineterminator="\r\n")
    store.write_text(target, "\r\n".join([*lines, body]))
    _describe(target, columns, study, provenance)


def _describe(target: Path, columns: Sequence[Column], study: Study, provenance: str) -> None:
    document = csvw.metadata(target.name, sources=public_sources(study), generated=_today(), columns=columns, provenance=provenance)
    store.write_text(target.with_name(f"{target.stem}-metadata.json"), csvw.metadata_text(document))


def _feature_collection(frame: gpd.GeoDataFrame, sources: Sequence[Source], provenance: str) -> str:
    shapes = gpd.GeoSeries(shapely.orient_polygons(frame.geometry.set_precision(1e-7).to_numpy()), crs=frame.crs)
    document = json.loads(frame.map(_flat).set_geometry(shapes).to_json(drop_id=True))
    document.pop("crs", None)
    document |= {
        "attribution": "; ".join(dict.fromkeys(source.attribution for source in sources)),
        "licence": "; ".join(dict.fromkeys(source.licence for source in sources)),
        "generated": _today().isoformat(),
    }
    if provenance:
        document["provenance"] = provenance
    return geojson.dumps(document)


def _flat(value: Any) -> Any:
    """A cell that every format can hold: lists and mappings become text."""
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _today() -> date:
    return datetime.now(UTC).date()
