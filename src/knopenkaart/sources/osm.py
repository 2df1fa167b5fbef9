# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading an OpenStreetMap extract: places, streets, points, addresses, boundaries and the basemap, with what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
import pyarrow as pa
import shapely

from knopenkaart.checksum import checksum
from knopenkaart.progress import Progress, silent
from knopenkaart.records import Source
from knopenkaart.sources import _osm_file, _osm_scan, _osm_sql, osm_basemap
from knopenkaart.sources._osm_scan import Scan, bools, chosen, source_ids, tags_of
from knopenkaart.sources.street_use import leads_in, passes, street_use
from knopenkaart.tables import ADDRESSES, BASEMAP, BOUNDARIES, FEATURES, NOTICES, POINTS, STREETS, Table
from knopenkaart.vocabulary.rules import TagRule

SOURCE_ID = "osm"
PARTS = frozenset({"features", "streets", "points", "addresses", "boundaries", "basemap", "dates"})
# The official code of an area, in the order in which a tag is believed.
_CODE_KEYS = ("ref:gemeentecode", "ref:wijkcode", "ref:buurtcode", "ref:CBS", "de:amtlicher_gemeindeschluessel", "ref:INSEE", "ref")
_DWELLINGS = (
    "house",
    "apartments",
    "residential",
    "detached",
    "semidetached_house",
    "terrace",
    "bungalow",
    "houseboat",
    "farm",
    "dormitory",
    "cabin",
)
_ELEMENTS = (osmium.osm.Node, osmium.osm.Way, osmium.osm.Relation)
_BUILDINGS_UNKNOWN = ("yes",)


@dataclass(frozen=True, slots=True)
class OsmExtract:
    """What an extract holds, as tables, and what could not be read (`notices`)."""

    source: Source
    features: pd.DataFrame
    streets: pd.DataFrame
    points: pd.DataFrame
    addresses: pd.DataFrame
    boundaries: pd.DataFrame
    basemap: pd.DataFrame
    notices: pd.DataFrame


def read_extract(path: Path, *, rules: Sequence[TagRule], progress: Progress = silent, parts: Collection[str] = PARTS) -> OsmExtract:
    """Read an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz, .osm.bz2).

    `features` are the elements whose tags match any of `rules`; tables that are not among `parts` stay empty.
    Geometry is CRS84. An element without a geometry (absent nodes, rings that do not close) is a notice `osm.no_geometry`.
    Raises InputError (osm.not_found, osm.empty, osm.zipped, osm.foreign, osm.truncated) when the file cannot be used.
    """
    wanted = frozenset(parts)
    progress("osm.read", 0.0)
    with _osm_file.opened(path) as (pbf, connection):
        selection = _osm_sql.selection(rules)
        scan = _osm_scan.scan(connection, pbf, parts=wanted, chosen=selection)
        progress("osm.read", 0.6)
        features, featureless = _features(scan, rules)
        dates, newest = _dates(pbf, features) if "dates" in wanted else ({}, None)
        features["date"] = [dates.get(source_id) for source_id in features["source_id"]]
        content_date = _osm_file.header_date(pbf) or newest
    progress("osm.read", 0.8)
    made = {part: table.check(make(scan)) if part in wanted else table.empty() for part, (table, make) in _TABLES.items()}
    extract = OsmExtract(
        source=_source(path, content_date),
        features=FEATURES.check(features),
        **made,
        notices=NOTICES.frame(_notices(scan, featureless, path.name)),
    )
    progress("osm.read", 1.0)
    return extract


def _source(path: Path, content_date: date | None) -> Source:
    return Source(
        id=SOURCE_ID,
        title="OpenStreetMap",
        date=content_date,
        licence="ODbL-1.0",
        attribution="© OpenStreetMap contributors",
        url="https://www.openstreetmap.org/copyright",
        file=path.name,
        sha256=checksum(path),
    )


class _Matcher:
    """Whether any rule matches some tags; only the rules that share a key and value with them are asked."""

    def __init__(self, rules: Sequence[TagRule]) -> None:
        self._any: dict[str, list[TagRule]] = {}
        self._values: dict[str, dict[str, list[TagRule]]] = {}
        for rule in rules:
            for key, values in rule.conditions[:1]:
                if not values:
                    self._any.setdefault(key, []).append(rule)
                for value in values:
                    self._values.setdefault(key, {}).setdefault(value, []).append(rule)
        self._keys = frozenset(self._any) | frozenset(self._values)

    def __call__(self, tags: Mapping[str, str]) -> bool:
        return any(rule.matches(tags) for key in self._keys.intersection(tags) for rule in self._candidates(key, tags[key]))

    def _candidates(self, key: str, text: str) -> Iterable[TagRule]:
        values = self._values.get(key, {})
        yield from self._any.get(key, ())
        for value in text.split(";") if ";" in text else (text,):
            yield from values.get(value.strip(), ())


def _features(scan: Scan, rules: Sequence[TagRule]) -> tuple[pd.DataFrame, dict[str, Mapping[str, str]]]:
    """The elements that match a rule and have a geometry, and those that match and have none: identifier -> tags."""
    matches = _Matcher(rules)
    frames = []
    groups = (
        ("node", scan.nodes, scan.node_shapes),
        ("way", scan.ways, scan.way_shapes),
        ("relation", scan.relations, scan.relation_shapes),
    )
    for kind, table, shapes in groups:
        rows = chosen(table, bools(table, "is_feature"))
        tags = tags_of(table, rows)
        survives = np.fromiter((matches(item) for item in tags), dtype=bool, count=len(tags))
        frame = pd.DataFrame({"source_id": source_ids(kind, table, rows), "tags": pd.Series(tags, dtype=object), "geometry": shapes[rows]})
        frames.append(frame[survives])
    every = pd.concat(frames, ignore_index=True).drop_duplicates("source_id")
    absent = every["geometry"].isna()
    return every[~absent].reset_index(drop=True), dict(zip(every.loc[absent, "source_id"], every.loc[absent, "tags"], strict=True))


def _dates(pbf: Path, features: pd.DataFrame) -> tuple[dict[str, date], date | None]:
    """The date of the last edit of every feature, and the newest of them; the SQL reader does not give dates, libosmium does."""
    dates: dict[str, date] = {}
    if features.empty:
        return dates, None
    wanted = frozenset(features["source_id"])
    numbers = osmium.filter.IdFilter(int(source_id.partition("/")[2]) for source_id in wanted)
    names = {"n": "node", "w": "way", "r": "relation"}
    for element in osmium.FileProcessor(_osm_file.as_pbf(pbf)).with_filter(numbers):
        source_id = f"{names.get(element.type_str())}/{element.id}"
        # An element without a date carries the beginning of Unix time.
        if isinstance(element, _ELEMENTS) and source_id in wanted and element.timestamp.year > 1970:
            dates[source_id] = element.timestamp.date()
    return dates, max(dates.values(), default=None)


def _streets(scan: Scan) -> pd.DataFrame:
    rows = chosen(scan.ways, bools(scan.ways, "is_street"))
    tags = tags_of(scan.ways, rows)
    uses = [street_use(item) for item in tags]
    open_to = np.array([use is not None for use in uses], dtype=bool)
    rows, tags = rows[open_to], [item for item, use in zip(tags, uses, strict=True) if use is not None]
    squares = np.zeros(len(scan.ways), dtype=bool)
    squares[rows] = bools(scan.ways, "is_area")[rows]
    # One walks along the edge of a square: in this table it is a line.
    shapes = np.where(squares, scan.located.lines(squares), scan.way_shapes)[rows]
    columns = list(zip(*(use for use in uses if use is not None), strict=True)) or [(), (), ()]
    frame = pd.DataFrame(
        {
            "source_id": source_ids("way", scan.ways, rows),
            **dict(zip(("highway", "walk", "cycle"), columns, strict=True)),
            "tags": pd.Series(tags, dtype=object),
            "geometry": shapes,
        }
    )
    return frame[frame["geometry"].notna()].drop_duplicates("source_id")


def _points(scan: Scan) -> pd.DataFrame:
    rows = chosen(scan.nodes, bools(scan.nodes, "is_point"))
    tags = tags_of(scan.nodes, rows)
    roles = [_roles(item) for item in tags]
    # A gate in a wall may be both: a way in, and what stops others.
    repeated = np.repeat(np.arange(len(rows)), [len(found) for found in roles])
    tags = [tags[row] for row in repeated]
    role = [one for found in roles for one in found]
    passing = [passes(item) if one == "barrier" else (None, None) for item, one in zip(tags, role, strict=True)]
    return pd.DataFrame(
        {
            "source_id": source_ids("node", scan.nodes, rows[repeated]),
            "role": pd.Series(role, dtype=object),
            "walk": pd.Series([walk for walk, _ in passing], dtype=object),
            "cycle": pd.Series([cycle for _, cycle in passing], dtype=object),
            "tags": pd.Series(tags, dtype=object),
            "geometry": scan.node_shapes[rows[repeated]],
        }
    )


def _roles(tags: Mapping[str, str]) -> list[str]:
    """What a point is for whoever goes somewhere; an emergency exit is no way in, and a barrier that lets everybody through is none."""
    roles = ["entrance"] if "entrance" in tags and leads_in(tags) else []
    if "barrier" in tags and not all(passes(tags)):
        roles.append("barrier")
    return [*roles, "settlement"] if "place" in tags and "population" in tags else roles


def _addresses(scan: Scan) -> pd.DataFrame:
    """One row per address; an address that several elements repeat (the building, its entrance, the shop in it) is one."""
    frames = []
    for _, table, shapes in scan.groups:
        rows = chosen(table, bools(table, "is_address"))
        middles = shapely.centroid(shapes[rows])
        found = pd.DataFrame(
            [_address(tags) for tags in tags_of(table, rows)], columns=["street", "housenumber", "postcode", "city", "residential"]
        )
        frames.append(found.assign(lon=shapely.get_x(middles), lat=shapely.get_y(middles), source=SOURCE_ID))
    every = pd.concat(frames, ignore_index=True)
    every = every[every["lon"].notna()]
    findable = every["street"].notna() | every["postcode"].notna()
    repeated = every.duplicated(["street", "housenumber", "postcode", "city"]) & findable
    return every.loc[~repeated]


def _address(tags: Mapping[str, str]) -> dict[str, Any]:
    number = tags["addr:housenumber"] + (f"-{tags['addr:unit']}" if "addr:unit" in tags else "")
    building = tags.get("building")
    known = building is not None and building not in _BUILDINGS_UNKNOWN
    return {
        "street": tags.get("addr:street") or tags.get("addr:place"),
        "housenumber": number,
        "postcode": tags.get("addr:postcode"),
        "city": tags.get("addr:city"),
        "residential": building in _DWELLINGS if known else None,
    }


def _boundaries(scan: Scan) -> pd.DataFrame:
    frames = []
    groups = (
        ("relation", scan.relations, scan.relation_shapes, scan.relation_complete),
        ("way", scan.ways, scan.located.outlines(bools(scan.ways, "is_boundary")), scan.located.complete),
    )
    for kind, table, shapes, complete in groups:
        rows = chosen(table, bools(table, "is_boundary"))
        tags = tags_of(table, rows)
        frame = {
            "source_id": source_ids(kind, table, rows),
            "admin_level": [int(item["admin_level"]) for item in tags],
            "name": [item.get("name") for item in tags],
            "code": [next((item[key] for key in _CODE_KEYS if key in item), None) for item in tags],
            "complete": complete[rows],
            "geometry": [shape if whole else None for shape, whole in zip(shapes[rows], complete[rows], strict=True)],
        }
        frames.append(pd.DataFrame(frame))
    every: pd.DataFrame = pd.concat(frames, ignore_index=True).drop_duplicates("source_id")
    return every.assign(complete=every["complete"].astype(bool) & every["geometry"].notna())


def _basemap(scan: Scan) -> pd.DataFrame:
    frames = []
    for _, table, shapes in scan.groups:
        rows = chosen(table, table.column("layer").is_valid().to_numpy())
        drawn = table.select(["layer", "cls", "name", "rank"]).take(pa.array(rows)).to_pandas()
        frames.append(drawn.assign(geometry=shapes[rows]))
    frames.append(_boundary_lines(scan))
    every: pd.DataFrame = pd.concat(frames, ignore_index=True)
    every = every.loc[every["geometry"].notna() & ~((every["layer"] == "label") & every["name"].isna())]
    labelled: pd.DataFrame = pd.concat([every, osm_basemap.area_labels(every)], ignore_index=True)
    return labelled


def _boundary_lines(scan: Scan) -> pd.DataFrame:
    """The ways of administrative relations as lines, each once, with the highest level that it bounds; an incomplete relation draws too."""
    relation, member = scan.member_relation, scan.member_way
    is_boundary = bools(scan.relations, "is_boundary")
    use = (member >= 0) & is_boundary[relation]
    bounding = np.flatnonzero(is_boundary)
    tags = tags_of(scan.relations, bounding)
    level_of = np.zeros(len(is_boundary), dtype=np.int64)
    level_of[bounding] = [int(item["admin_level"]) for item in tags]
    levels = pd.Series(level_of[relation[use]]).groupby(member[use]).min()
    which = np.zeros(len(scan.located.ids), dtype=bool)
    which[levels.index.to_numpy(dtype=np.int64)] = True
    return pd.DataFrame(
        {
            "layer": "boundary",
            "cls": [f"level_{level}" for level in levels],
            "name": None,
            "rank": [osm_basemap.boundary_rank(int(level)) for level in levels],
            "geometry": scan.located.lines(which)[which],
        }
    )


_TABLES: Mapping[str, tuple[Table, Callable[[Scan], pd.DataFrame]]] = {
    "streets": (STREETS, _streets),
    "points": (POINTS, _points),
    "addresses": (ADDRESSES, _addresses),
    "boundaries": (BOUNDARIES, _boundaries),
    "basemap": (BASEMAP, _basemap),
}


def _notices(scan: Scan, featureless: Mapping[str, Mapping[str, str]], file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    lacking, total = int(scan.located.lacking.sum()), len(scan.located.ids)
    if lacking:
        message = f"{lacking} of the {total} ways that were read refer to nodes that {file} does not have; they could not be drawn."
        rows.append({"code": "osm.missing_nodes", "subject": file, "message": message, "details": {"ways": lacking, "total": total}})
    broken, relations = int((~scan.relation_complete).sum()), len(scan.relations)
    if broken:
        message = f"{broken} of the {relations} relations that were read are not complete in {file}."
        details = {"relations": broken, "total": relations}
        rows.append({"code": "osm.incomplete_relations", "subject": file, "message": message, "details": details})
    for source_id, tags in featureless.items():
        message = f"{source_id} matches the table of kinds, but its geometry could not be made: members or nodes are absent from {file}."
        known = {"file": file, "tags": dict(tags)}
        rows.append({"code": "osm.no_geometry", "subject": source_id, "message": message, "details": known})
    return rows
