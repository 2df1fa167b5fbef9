# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading which studies there are, from which sources, and what a reader of them should know."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from knopenkaart.text import fold
from knopenkaart_web.places import models
from knopenkaart_web.places.queries.index import Index, bounds_of, index, index_of
from knopenkaart_web.places.queries.rows import area_row
from knopenkaart_web.places.views_data import NoticeRow, SourceRow, StudyRow, StudyView
from knopenkaart_web.places.words import vocabulary

KEPT_COUNTS = 2000
_counts: dict[UUID, int | None] = {}


def studies() -> list[StudyRow]:
    """All studies, by name."""
    rows = [StudyRow(slug=row.slug, name=row.name, invented=row.invented, node_count=_count_of(row)) for row in models.Study.objects.all()]
    return sorted(rows, key=lambda row: (fold(row.name), row.slug))


def study(slug: str) -> StudyView | None:
    """A study with its sources and municipalities, or None."""
    held = index(slug)
    if held is None:
        return None
    row = held.study
    return StudyView(
        slug=row.slug,
        name=row.name,
        area_year=row.area_year,
        osm_date=row.osm_date,
        built_at=row.built_at,
        loaded_at=row.loaded_at,
        engine_version=row.engine_version,
        bounds=bounds_of(row),
        invented=row.invented,
        revision=row.revision,
        sources=sources(slug),
        municipalities=[area_row(held, area) for area in held.of_level("municipality")],
        has_tiles=bool(row.tiles_path) and Path(row.tiles_path).is_file(),
    )


def sources(slug: str) -> list[SourceRow]:
    """The open sources of a study, in the order of its build; a confidential one is not named."""
    rows = models.Source.objects.filter(study__slug=slug, confidential=False).order_by("pk")
    return [
        SourceRow(id=row.source_id, title=row.title, date=row.date, licence=row.licence, attribution=row.attribution, url=row.url or None)
        for row in rows
    ]


def tiles_file(slug: str) -> Path | None:
    """The vector tiles of a study's base map, or None where it has none."""
    path = models.Study.objects.filter(slug=slug).values_list("tiles_path", flat=True).first()
    return Path(path) if path and Path(path).is_file() else None


def notices(slug: str, subject: str | None = None) -> list[NoticeRow]:
    """The notices of a study, or those about one subject (the code of an area)."""
    rows = models.Notice.objects.filter(study__slug=slug).order_by("pk")
    if subject is not None:
        rows = rows.filter(subject=subject)
    return [NoticeRow(code=row.code, subject=row.subject, message=row.message, details=row.details) for row in rows]


def _count_of(row: models.Study) -> int | None:
    """The count of a study in the list of studies: kept by itself, for an installation may have more studies than fit in memory."""
    if row.stamp not in _counts:
        if len(_counts) >= KEPT_COUNTS:
            _counts.clear()
        _counts[row.stamp] = _node_count(index_of(row))
    return _counts[row.stamp]


def node_count(slug: str) -> int | None:
    """How many nodes a study counts; None where no municipality of it is covered well enough."""
    held = index(slug)
    return _node_count(held) if held else None


def counting_kinds(slug: str) -> frozenset[str]:
    """The kinds that count as a social node in a study: the municipality's own choice over the default of the vocabulary."""
    held = index(slug)
    return frozenset(kind for kind in vocabulary().kinds if held.kind_counts(kind)) if held else frozenset()


def _node_count(held: Index) -> int | None:
    """The nodes of the municipalities that are covered; None where none of them is."""
    known = [area.code for area in held.of_level("municipality") if held.known(area.code)]
    return sum(held.tally(code).nodes for code in known) if known else None
