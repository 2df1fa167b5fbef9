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
FILES = {file.name: file for file in (*DATA_FILES, *PAPER_FILES)}


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
