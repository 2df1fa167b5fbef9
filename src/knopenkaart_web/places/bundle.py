# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is loaded: a study as plain records, made by the door from a study folder, or by hand in a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from knopenkaart.records import Area, Attribute, DuplicatePair, Notice, Place, Source

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AreaShape:
    """An area with its outline as GeoJSON text (CRS84, simplified for the screen) and its bounds in degrees."""

    area: Area
    geojson: str
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """A figure as published; `value` None where the source suppresses it."""

    area_code: str
    indicator: str
    value: float | None
    unit: str
    year: int
    source: str
    joined: bool = True
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """How far the sources cover an area; shares 0-1."""

    area_code: str
    status: str
    reason: str
    area_share: float | None = None
    street_share: float | None = None
    address_share: float | None = None
    believed_share: float | None = None
    addresses: int | None = None
    dwellings: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A place that stands in the database under `old_id` is the one that the build calls `new_id`."""

    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBundle:
    """A whole study, with the links from what the database has to what the build calls it."""

    slug: str
    name: str
    area_year: int | None
    osm_date: date | None
    built_at: datetime | None
    engine_version: str
    bounds: Bounds | None
    places: Sequence[Place]
    attributes: Sequence[Attribute] = ()
    areas: Sequence[AreaShape] = ()
    figures: Sequence[AreaFigure] = ()
    coverage: Sequence[AreaCoverage] = ()
    duplicates: Sequence[DuplicatePair] = ()
    sources: Sequence[Source] = ()
    notices: Sequence[Notice] = ()
    links: Sequence[PlaceLink] = field(default=())
    tiles_path: str = ""
    folder: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load did; numbers of places, of which `new`, `changed`, `gone` and `duplicates` wait in the queue."""

    slug: str
    first: bool
    places: int
    added: int
    updated: int
    unchanged: int
    new: int
    changed: int
    gone: int
    duplicates: int
    contradicted: int
