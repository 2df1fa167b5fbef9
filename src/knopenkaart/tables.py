# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables that travel between rooms: their columns, units and keys, one check, and the way to and from records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, TypeVar

import geopandas as gpd
import pandas as pd

from knopenkaart.errors import StoreError

# `people` are counts of modelled residents, or of the dwellings that stand for them, and `share` is a part of such a count: they leave the
# house through knopenkaart.privacy only.
Kind = Literal["text", "int", "float", "people", "share", "bool", "date", "json", "geometry"]
Record = TypeVar("Record")

_DTYPES: Mapping[str, Any] = {
    "text": "string",
    "int": "Int64",
    "float": "Float64",
    "people": "Float64",
    "share": "Float64",
    "bool": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind, whether a value is required, what it means (with its unit)."""

    kind: Kind
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A named set of columns with a key. Geometry is CRS84 (EPSG:4326, lon lat) in every table."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def geometry(self) -> str | None:
        return next((name for name, column in self.columns.items() if column.kind == "geometry"), None)

    def empty(self) -> pd.DataFrame:
        """The table without rows, with the right types."""
        return self.frame([])

    def frame(self, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        """Rows (mappings; absent columns become missing) as a checked frame; a GeoDataFrame where the table has geometry."""
        data = list(rows)
        columns = {name: [row.get(name) for row in data] for name in self.columns}
        return self.check(pd.DataFrame(columns, columns=list(self.columns), dtype=object))

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly these columns, in order and type. Raises StoreError naming the column and row that break the table."""
        absent = [name for name in self.columns if name not in frame.columns]
        if absent:
            raise StoreError(f"Table {self.name} lacks the column(s) {', '.join(absent)}.", code="table.columns")
        result = pd.DataFrame(index=range(len(frame)))
        for name, column in self.columns.items():
            result[name] = self._cast(name, column, frame[name].reset_index(drop=True))
        duplicated = result.duplicated(list(self.key)) if self.key else pd.Series(False, index=result.index)
        if duplicated.any():
            row = int(duplicated.to_numpy().argmax())
            raise StoreError(f"Table {self.name}: row {row} repeats the key {tuple(result.loc[row, list(self.key)])}.", code="table.key")
        return gpd.GeoDataFrame(result, geometry=self.geometry, crs="EPSG:4326") if self.geometry else result

    def _cast(self, name: str, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
        missing = values.isna()
        if column.required and missing.any():
            raise StoreError(f"Table {self.name}: column {name} is empty in row {int(missing.to_numpy().argmax())}.", code="table.missing")
        if column.kind == "geometry":
            located: pd.Series[Any] = gpd.GeoSeries(values, crs="EPSG:4326")
            return located
        if column.kind in ("date", "json"):
            return values.astype(object).where(~missing, None)
        if values.dtype == _DTYPES[column.kind]:
            # Already so: tables of millions of rows are not made anew at every door.
            return values
        try:
            return values.astype(object).where(~missing, pd.NA).astype(_DTYPES[column.kind])
        except (TypeError, ValueError) as error:
            raise StoreError(f"Table {self.name}: column {name} is not {column.kind}: {error}", code="table.type") from error


def _table(name: str, key: tuple[str, ...], /, **columns: tuple[Kind, bool, str]) -> Table:
    return Table(name, key, {column: Column(*spec) for column, spec in columns.items()})


PLACES = _table(
    "places",
    ("id",),
    id=("text", True, "stable identifier (UUID)"),
    name=("text", False, "name as the source gives it"),
    kind=("text", True, "kind, from the vocabulary"),
    functions=("json", True, "list of functions"),
    archetype=("text", True, "living_room, village_square or hotspot"),
    archetype_assumed=("bool", True, "the archetype is the default of the kind"),
    status=("text", True, "planned, open, vacant or closed"),
    small_spot=("bool", True, "a bench or the like: never in the count of nodes"),
    digital=("bool", True, "has no location"),
    neighbour=("bool", True, "just across the border: reachable, not counted"),
    lon=("float", False, "degrees, CRS84; empty for a digital place"),
    lat=("float", False, "degrees, CRS84"),
    street=("text", False, "street"),
    housenumber=("text", False, "house number with letter and addition"),
    postcode=("text", False, "postcode"),
    city=("text", False, "town"),
    phone=("text", False, "telephone, as the source gives it"),
    email=("text", False, "general address of the place"),
    website=("text", False, "URL"),
    opening_hours=("text", False, "opening hours, OpenStreetMap syntax; a broken value is kept as text"),
    wheelchair=("text", False, "yes, limited, no"),
    operator=("text", False, "who runs it"),
    description=("text", False, "one or two sentences"),
    part_of=("text", False, "id of the place it belongs to (a canteen of its club)"),
    municipality_code=("text", False, "municipality"),
    wijk_code=("text", False, "wijk"),
    buurt_code=("text", False, "buurt"),
    area_year=("int", False, "year of the three codes"),
    source=("text", True, "source whose location and kind stand here"),
    source_id=("text", True, "identifier at that source (node/1, way/2, row/3)"),
    last_verified=("date", False, "date on which the source last confirmed the place"),
)

ATTRIBUTES = _table(
    "attributes",
    (),
    place_id=("text", True, "place"),
    name=("text", True, "attribute: a column of places"),
    value=("text", True, "the value as text"),
    source=("text", True, "source"),
    source_id=("text", True, "identifier at the source"),
    date=("date", False, "date of the value at the source"),
    origin=("text", True, "harvest, list, human or assumed"),
    confidential=("bool", True, "may not leave the municipality"),
)

DECISIONS = _table(
    "decisions",
    ("source", "source_id"),
    source=("text", True, "source"),
    source_id=("text", True, "element or row that matches the table of kinds"),
    tag=("text", True, "the tag or the kind that matched (amenity=library)"),
    name=("text", False, "its name"),
    kind=("text", False, "kind that was given"),
    outcome=("text", True, "present, merged, neighbour or excluded"),
    reason=("text", True, "stable code of the reason"),
    place_id=("text", False, "place in which it ended up"),
)

DUPLICATES = _table(
    "duplicates",
    ("place_a", "place_b"),
    place_a=("text", True, "place (kept, where merged)"),
    place_b=("text", True, "place (gone into place_a, where merged)"),
    score=("float", True, "0-1"),
    reasons=("json", True, "list of reasons"),
    merged=("bool", True, "sure enough to merge without a human"),
)

AREAS = _table(
    "areas",
    ("code", "year"),
    code=("text", True, "code (GM0503, WK050328, BU05032800; relation/n outside CBS)"),
    year=("int", True, "year of the division in areas"),
    level=("text", True, "municipality, wijk or buurt"),
    name=("text", True, "name"),
    municipality_code=("text", False, "municipality it lies in"),
    wijk_code=("text", False, "wijk it lies in"),
    source=("text", True, "source of the polygon"),
    geometry=("geometry", True, "multipolygon"),
)

FIGURES = _table(
    "figures",
    ("area_code", "area_year", "indicator", "year", "source"),
    area_code=("text", True, "area of the study"),
    area_year=("int", True, "year of that area"),
    indicator=("text", True, "population, dwellings, pop_0_14 ... as named in docs/reference"),
    value=("float", False, "the published value; empty where the source suppresses it"),
    unit=("text", True, "count, percent, km2, eur_1000 ..."),
    year=("int", True, "year of the figure"),
    source=("text", True, "source"),
    joined=("bool", True, "the area is known to be the same in both years"),
    reason=("text", False, "why it was not joined"),
)

COVERAGE = _table(
    "coverage",
    ("area_code",),
    area_code=("text", True, "area"),
    level=("text", True, "municipality, wijk or buurt"),
    area_share=("float", False, "share of the surface inside the extract"),
    street_share=("float", False, "share of the surface's built-up cells with streets in the extract, or empty"),
    address_share=("float", False, "residential addresses in the extract / dwellings in the figures; over 1 is unusable"),
    addresses=("int", True, "residential addresses found"),
    dwellings=("int", False, "dwellings according to the figures"),
    believed_share=("float", False, "the lowest of the usable shares"),
    status=("text", True, "covered, partial, marginal, unknown or unusable"),
    reason=("text", True, "stable code of the reason"),
)

ADDRESSES = _table(
    "addresses",
    (),
    street=("text", False, "street"),
    housenumber=("text", False, "house number with letter and addition"),
    postcode=("text", False, "postcode"),
    city=("text", False, "town"),
    residential=("bool", False, "known to be (or not to be) a dwelling; empty where unknown"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    source=("text", True, "source"),
)

BASEMAP = _table(
    "basemap",
    (),
    layer=("text", True, "water, green, building, road, rail, boundary or label"),
    cls=("text", True, "class within the layer (motorway, residential, park, town ...)"),
    name=("text", False, "name to write on the map"),
    rank=("int", True, "0 = most important; decides the zoom from which it is drawn"),
    geometry=("geometry", True, "point, line or polygon"),
)

FEATURES = _table(
    "features",
    ("source_id",),
    source_id=("text", True, "node/1, way/2 or relation/3"),
    tags=("json", True, "mapping of all tags"),
    date=("date", False, "date of the last edit of the element, where the extract has it"),
    geometry=("geometry", True, "point, line or (multi)polygon"),
)

STREETS = _table(
    "streets",
    ("source_id",),
    source_id=("text", True, "way/2"),
    highway=("text", True, "value of the highway tag; ferry, platform or pier for what is no street and yet a way to go"),
    walk=("bool", True, "one may go there on foot"),
    cycle=("text", True, "by bicycle: both, forward, backward (against the direction of the line) or no"),
    tags=("json", True, "mapping of all tags"),
    geometry=("geometry", True, "line"),
)

POINTS = _table(
    "points",
    ("source_id", "role"),
    source_id=("text", True, "node/1"),
    role=("text", True, "entrance, barrier or settlement"),
    walk=("bool", False, "a barrier that lets walkers through; empty for what is no barrier"),
    cycle=("bool", False, "the same for bicycles"),
    tags=("json", True, "mapping of all tags"),
    geometry=("geometry", True, "point"),
)

BOUNDARIES = _table(
    "boundaries",
    ("source_id",),
    source_id=("text", True, "relation/3 or way/2"),
    admin_level=("int", True, "admin_level"),
    name=("text", False, "name"),
    code=("text", False, "official code, where tagged (ref:gemeentecode and the like)"),
    complete=("bool", True, "every member is in the extract and the ring closes"),
    geometry=("geometry", False, "multipolygon, where it could be made"),
)

SOURCES = _table(
    "sources",
    ("id",),
    id=("text", True, "short identifier (osm, cbs_areas_2022, list_buurthuizen)"),
    title=("text", True, "what it is"),
    date=("date", False, "date of the content"),
    licence=("text", True, "licence"),
    attribution=("text", True, "the line that must stand on map, paper and download"),
    url=("text", False, "address of the publisher"),
    file=("text", False, "file name"),
    sha256=("text", False, "checksum of the file"),
    confidential=("bool", True, "may not leave the municipality"),
)

NOTICES = _table(
    "notices",
    (),
    code=("text", True, "stable code"),
    subject=("text", True, "area, place, file or element it is about"),
    message=("text", True, "English sentence"),
    details=("json", True, "mapping that fills the translated text"),
)

ENTRANCES = _table(
    "entrances",
    (),
    source=("text", True, "source of the place that one enters"),
    source_id=("text", True, "its identifier there"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    via=("text", True, "entrance (a mapped door), or grounds (where a street meets the outline)"),
    place_lon=("float", True, "degrees: where the source has the place; one that somebody moved has other doors"),
    place_lat=("float", True, "degrees"),
)

EDGES = _table(
    "edges",
    ("edge",),
    edge=("int", True, "number, from 0"),
    start=("int", True, "junction where the line begins, from 0"),
    end=("int", True, "junction where it ends"),
    highway=("text", True, "as in streets; plain for a layer of lines without tags; barrier leads past a gate, without length"),
    length_m=("float", True, "metres along the line"),
    walk=("bool", True, "one may go there on foot"),
    cycle=("text", True, "by bicycle: both, forward (from start to end), backward or no"),
    walk_island=("bool", True, "cut off from the other streets on foot: nothing is snapped to it"),
    cycle_island=("bool", True, "the same by bicycle"),
    geometry=("geometry", True, "line"),
)

HOMES = _table(
    "homes",
    ("home",),
    home=("int", True, "number, from 0"),
    lon=("float", True, "degrees"),
    lat=("float", True, "degrees"),
    basis=("text", True, "what tells that people live here: address, cell (100 m square) or street"),
    dwellings=("float", True, "how many dwellings it stands for; a weight where the basis is no address"),
    area_code=("text", True, "smallest area with figures: its people are spread over its homes"),
    municipality_code=("text", True, "municipality"),
    wijk_code=("text", False, "wijk"),
    buurt_code=("text", False, "buurt"),
    walk_edge=("int", False, "edge that is nearest on foot; empty where there is none near enough"),
    walk_at_m=("float", False, "metres from the start of that edge"),
    walk_snap_m=("float", False, "metres to it, in a straight line"),
    cycle_edge=("int", False, "edge that is nearest by bicycle"),
    cycle_at_m=("float", False, "metres from the start of that edge"),
    cycle_snap_m=("float", False, "metres to it"),
    sure_m=("float", False, "metres to the nearest ground of the study that the extract does not cover, 0 on it; empty: it covers all"),
)

CELLS = _table(
    "cells",
    ("code",),
    code=("text", True, "square of 100 m, as CBS names it (E0955N4319)"),
    lon=("float", True, "degrees, middle of the square"),
    lat=("float", True, "degrees"),
    people=("float", False, "inhabitants; empty where the source suppresses it"),
    dwellings=("float", False, "dwellings; empty where the source suppresses it"),
    source=("text", True, "source"),
)

RESIDENTS = _table(
    "residents",
    ("area_code", "group"),
    area_code=("text", True, "area"),
    level=("text", True, "municipality, wijk or buurt"),
    group=("text", True, "all, or a group of the vocabulary"),
    basis=("text", True, "published, inherited (the shares of the area around it) or assumed"),
    people=("people", True, "people of the group in the area: the published figure, fitted within its rounding"),
    low=("people", True, "least that the rounding of the figure allows"),
    high=("people", True, "most that it allows"),
    placed=("people", True, "people who got a home"),
    not_covered=("people", True, "unplaced: the extract does not hold their part of the area"),
    no_home=("people", True, "unplaced: nothing tells where in the area they live"),
    no_street=("people", True, "unplaced: their home has no street near enough"),
    homes=("int", True, "homes among which they were spread"),
    dwellings=("float", True, "dwellings of those homes"),
    per_dwelling=("float", False, "people of the group per dwelling, where this is the smallest area with figures"),
    year=("int", False, "year of the figure"),
    source=("text", False, "source of the figure"),
)

REACH_PLACES = _table(
    "reach_places",
    ("place_id", "mode", "minutes", "group"),
    place_id=("text", True, "place"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    group=("text", True, "all, or a group of the vocabulary"),
    people=("people", True, "residents who can be there in time"),
    low=("people", True, "least, 95 % margin of the spread of people over homes"),
    high=("people", True, "most"),
    homes=("people", True, "dwellings in reach: what the figure rests on"),
    basis=("text", True, "estimated (spread from published figures) or assumed"),
    complete=("bool", True, "all ground within reach is covered, and people of the group are known there; if not, it is at least so many"),
    border=("bool", True, "its reach crosses the border of the study: people there are not counted"),
)

REACH_HOMES = _table(
    "reach_homes",
    ("home", "mode", "what"),
    home=("int", True, "home"),
    mode=("text", True, "walk or cycle"),
    what=("text", True, "any (the nearest node), a function, or third_living_room"),
    place_id=("text", True, "the nearest place of that kind, or the third nearest living room"),
    minutes=("float", True, "minutes to it"),
    complete=("bool", True, "all ground that is nearer is covered: no place that nobody knows can be nearer"),
)

REACH_COUNTS = _table(
    "reach_counts",
    ("home", "mode", "minutes"),
    home=("int", True, "home"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    nodes=("int", True, "nodes in reach"),
    functions=("int", True, "different functions among them"),
)

REACH_AREAS = _table(
    "reach_areas",
    ("area_code", "mode", "group", "what"),
    area_code=("text", True, "area"),
    mode=("text", True, "walk or cycle"),
    group=("text", True, "all, or a group of the vocabulary"),
    what=("text", True, "any, a function or third_living_room (minutes); nodes or functions (number within near_min minutes)"),
    people=("people", True, "placed residents that it is about"),
    p10=("float", False, "a tenth of them has less; empty: more than the longest time, or (in exports) too few people to tell"),
    p25=("float", False, "a quarter"),
    p50=("float", False, "half: the median"),
    p75=("float", False, "three quarters"),
    p90=("float", False, "nine tenths"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "as in gaps: no place that we do not know can be nearer than what was found, or add to what is near"),
)

GAPS = _table(
    "gaps",
    ("area_code", "mode", "group", "what", "minutes"),
    area_code=("text", True, "area"),
    mode=("text", True, "walk or cycle"),
    group=("text", True, "all, or a group of the vocabulary"),
    what=("text", True, "any, a function or third_living_room"),
    minutes=("int", True, "within so many minutes"),
    people=("people", True, "placed residents that it is about"),
    without=("people", True, "those who have none in reach"),
    share=("share", False, "without / people"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "the area is covered, and so is what lies near enough to hold a place that we do not know"),
)

OVERLAPS = _table(
    "overlaps",
    ("place_a", "place_b"),
    place_a=("text", True, "place"),
    place_b=("text", True, "place"),
    minutes=("int", True, "catchments on foot within so many minutes"),
    people_a=("people", True, "people in reach of place_a"),
    people_b=("people", True, "people in reach of place_b"),
    shared=("people", True, "people in reach of both"),
    share_a=("share", True, "shared / people_a"),
    share_b=("share", True, "shared / people_b"),
    functions=("json", True, "list of functions that both have"),
    cluster=("int", False, "places of one cluster share most of their people, each with each"),
    complete=("bool", True, "every area within reach of either is covered by the extract"),
    border=("bool", True, "the reach of either crosses the border of the study: people there are not counted"),
)

COMPETITION = _table(
    "competition",
    ("place_id", "function"),
    place_id=("text", True, "place"),
    function=("text", True, "function that it competes in"),
    rivals=("int", True, "other nodes with that function that somebody in its catchment can reach as well"),
    people=("people", True, "people in its catchment: two-step floating catchment, first step"),
    people_weighted=("people", True, "the same, those farther away counting less (enhanced)"),
    people_divided=("people", True, "the same people, divided over the places with that function that they can reach"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "all ground within reach is covered, and all who live there are known"),
    border=("bool", True, "its reach crosses the border of the study: people there are not counted"),
)

SUPPLY = _table(
    "supply",
    ("area_code", "group", "function"),
    area_code=("text", True, "area"),
    group=("text", True, "all, or a group of the vocabulary"),
    function=("text", True, "function"),
    people=("people", True, "placed residents that it is about"),
    reached=("people", True, "those with any place of the function in reach, within the longest of the minutes"),
    per_1000=("float", False, "places per 1,000 persons in reach: two-step floating catchment, mean over the residents"),
    per_1000_weighted=("float", False, "the same, enhanced: nearer places count more"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "as in gaps, and all who can be at the places in reach are known"),
    border=("bool", True, "the reach of a place in it crosses the border of the study: only a part of it is counted as supply"),
)

PLACE_SLOTS = _table(
    "place_slots",
    ("place_id", "slot"),
    place_id=("text", True, "node"),
    slot=("text", True, "daypart of the vocabulary"),
    open=("bool", False, "open in it; empty where no hours are known"),
)

REACH_OPEN = _table(
    "reach_open",
    ("area_code", "what", "slot"),
    area_code=("text", True, "area"),
    what=("text", True, "any, or a function"),
    slot=("text", True, "daypart"),
    people=("people", True, "placed residents that it is about"),
    reached=("people", True, "those with a node in reach that is known to be open then"),
    reached_most=("people", True, "the same, if every node without known hours were open"),
    share=("share", False, "reached / people"),
    share_most=("share", False, "reached_most / people"),
    basis=("text", True, "estimated or assumed"),
    complete=("bool", True, "the area is covered, and so is all that is near its residents"),
)

ISOCHRONES = _table(
    "isochrones",
    ("place_id", "mode", "minutes"),
    place_id=("text", True, "place"),
    mode=("text", True, "walk or cycle"),
    minutes=("int", True, "within so many minutes"),
    complete=("bool", True, "the extract covers all ground of the study in it"),
    border=("bool", True, "it crosses the border of the study"),
    geometry=("geometry", True, "multipolygon around the streets from which one is there in time"),
)

ALL: Mapping[str, Table] = {
    table.name: table
    for table in (
        PLACES,
        ATTRIBUTES,
        DECISIONS,
        DUPLICATES,
        AREAS,
        FIGURES,
        COVERAGE,
        ADDRESSES,
        FEATURES,
        STREETS,
        POINTS,
        BOUNDARIES,
        BASEMAP,
        SOURCES,
        NOTICES,
        ENTRANCES,
        EDGES,
        CELLS,
        HOMES,
        RESIDENTS,
        REACH_PLACES,
        REACH_HOMES,
        REACH_COUNTS,
        REACH_AREAS,
        GAPS,
        OVERLAPS,
        COMPETITION,
        SUPPLY,
        PLACE_SLOTS,
        REACH_OPEN,
        ISOCHRONES,
    )
}


def to_records(frame: pd.DataFrame, record: type[Record]) -> list[Record]:
    """The rows of a frame as records of one dataclass: missing becomes None, lists become tuples; columns the record lacks are left out."""
    names = [item.name for item in fields(record) if item.name in frame.columns]  # type: ignore[arg-type]
    columns = [_plain(frame[name]) for name in names]
    return [record(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def from_records(records: Iterable[Any], table: Table) -> pd.DataFrame:
    """Records as a checked frame of `table`; columns that the record lacks stay empty."""
    return table.frame({name: getattr(record, name, None) for name in table.columns} for record in records)


def _plain(values: pd.Series[Any]) -> list[Any]:
    return [_plain_value(value) for value in values.astype(object)]


def _plain_value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(value)
    if isinstance(value, (dict, date)):
        return value
    return None if pd.isna(value) else value


def encode_json(value: Any) -> str:
    """A JSON cell as it is written to a file."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
