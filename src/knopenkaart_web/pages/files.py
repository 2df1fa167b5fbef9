# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The files that one can download, and the light ones made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knopenkaart.publish import csvw, geojson
from knopenkaart.records import Area, Place, Source
from knopenkaart_web.places.views_data import AreaRow, SourceRow, StudyView

CSV_NAME = "places.csv"


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: its name, its type, and words about it."""

    name: str
    content_type: str
    title: str | Promise
    description: str | Promise


DATA_FILES = (
    File(
        "places.geojson",
        "application/geo+json",
        _("Places as GeoJSON"),
        _("For maps and for programmers. All places with their location and source."),
    ),
    File(CSV_NAME, "text/csv; charset=utf-8", _("Places as CSV"), _("For a spreadsheet. One place on a line.")),
    File(
        "places.csv-metadata.json",
        "application/csvm+json",
        _("Description of the CSV"),
        _("What each column of the CSV means (CSV on the Web), with the licence."),
    ),
    File(
        "places.gpkg",
        "application/geopackage+sqlite3",
        _("Places as GeoPackage"),
        _("For a geographical information system, such as QGIS."),
    ),
)
PAPER_FILES = (
    File("poster-a1.pdf", "application/pdf", _("Poster A1"), _("To hang on the wall: 59 by 84 centimetres.")),
    File("poster-a3.pdf", "application/pdf", _("Poster A3"), _("For on the table: 30 by 42 centimetres.")),
)
_CSV, _DESCRIPTION = "text/csv; charset=utf-8", "application/csvm+json"
# Made with the reach of a study, which is done after every change: what is there is given at once.
REACH_FILES = (
    File("reach_places.csv", _CSV, _("People per place"), _("How many residents can be at each place in time, per group.")),
    File("reach_areas.csv", _CSV, _("Minutes per area"), _("How far the residents of each area have to walk, per group.")),
    File("gaps.csv", _CSV, _("Who has nothing near"), _("Residents without a place of each kind in reach, per area and group.")),
    File("overlaps.csv", _CSV, _("Places that share people"), _("Pairs of places with mostly the same people within reach.")),
    File(
        "competition.csv",
        _CSV,
        _("People and other places, per place"),
        _("How many people there are for each place and function, and how many other places they have."),
    ),
    File(
        "supply.csv",
        _CSV,
        _("Places per 1,000 people"),
        _("How many places there are within reach for every 1,000 residents of an area."),
    ),
    File(
        "reach_open.csv", _CSV, _("Open near, per part of the day"), _("Residents with an open place near, per area and part of the day.")
    ),
    File("place_slots.csv", _CSV, _("Open per part of the day"), _("In which parts of the day each place is open.")),
    File(
        "residents.csv", _CSV, _("Residents that were placed"), _("How many residents each area has, and how many got a home on the map.")
    ),
    File(
        "isochrones.geojson",
        "application/geo+json",
        _("Ground within reach"),
        _("For each place the ground from which one is there in time."),
    ),
)
_REACH_DESCRIPTIONS = tuple(
    File(f"{file.name.removesuffix('.csv')}-metadata.json", _DESCRIPTION, file.title, file.description)
    for file in REACH_FILES
    if file.name.endswith(".csv")
)
REACH_NAMES = frozenset(file.name for file in (*REACH_FILES, *_REACH_DESCRIPTIONS))
FILES = {file.name: file for file in (*DATA_FILES, *PAPER_FILES, *REACH_FILES, *_REACH_DESCRIPTIONS)}


@dataclass(frozen=True, slots=True)
class Content:
    """What a light file is made of."""

    study: StudyView
    places: Sequence[Place]
    areas: Sequence[AreaRow]
    today: date
    language: str


def _geojson(content: Content) -> bytes:
    areas = {row.code: Area(row.code, row.year, row.level, row.name) for row in content.areas}  # type: ignore[arg-type]
    document = geojson.feature_collection(
        content.places, sources=_sources(content.study.sources), generated=content.today, title=content.study.name, areas=areas
    )
    return geojson.dumps(document).encode("utf-8")


def _csv(content: Content) -> bytes:
    return csvw.places_csv(content.places)


def _csv_metadata(content: Content) -> bytes:
    document = csvw.metadata(
        CSV_NAME,
        sources=_sources(content.study.sources),
        generated=content.today,
        title=content.study.name,
        language=content.language,
    )
    return csvw.metadata_text(document).encode("utf-8")


LIGHT: dict[str, Callable[[Content], bytes]] = {
    "places.geojson": _geojson,
    CSV_NAME: _csv,
    "places.csv-metadata.json": _csv_metadata,
}


def _sources(rows: Sequence[SourceRow]) -> list[Source]:
    return [Source(row.id, row.title, row.date, row.licence, row.attribution, row.url) for row in rows]


def work_of(name: str, *, query: str, language: str) -> tuple[str, dict[str, str]]:
    """The kind of background work that makes a file, and what it needs to know."""
    if name.startswith("poster-"):
        return "poster", {"paper": name.removeprefix("poster-").removesuffix(".pdf"), "language": language}
    return "geopackage", {"query": query}
