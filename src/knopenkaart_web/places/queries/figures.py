# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading the files with counts, series and bookings that were sent, and what a run needs to read one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from knopenkaart_web.places.models import FigureFile, Place


@dataclass(frozen=True, slots=True)
class FigureFileView:
    """A file that was sent, with what was read of it; its content is for the run that reads it."""

    id: str
    place_id: str | None
    kind: str
    filename: str
    state: str
    refusal: str
    week: date | None
    how: str
    columns: dict[str, Any]
    found: dict[str, Any]
    faults: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    brought: dict[str, Any]
    created: datetime


def figure_files(slug: str, place_id: object | None) -> list[FigureFileView]:
    """The files of a place, or those of several places where `place_id` is None; newest first."""
    rows = _mine(slug, place_id).defer("content")
    return [_view(row) for row in rows.order_by("-created")]


def figure_file(slug: str, place_id: object | None, file_id: object) -> FigureFileView | None:
    """One of them, or None."""
    rows = _mine(slug, place_id).filter(pk=UUID(str(file_id))).defer("content")
    row = rows.first()
    return _view(row) if row else None


def content_of(slug: str, file_id: object) -> tuple[FigureFileView, bytes] | None:
    """A file that waits to be read, with its content; None where it is gone or was read."""
    row = FigureFile.objects.filter(study__slug=slug, pk=UUID(str(file_id)), state="sent").first()
    return (_view(row), bytes(row.content)) if row else None


def names_of_places(slug: str, place_id: str | None = None) -> dict[str, str]:
    """The places of a study that have a name, or one of them: id -> name."""
    rows = Place.objects.filter(study__slug=slug, merged_into=None, removed=False).exclude(name=None)
    rows = rows.filter(pk=UUID(place_id)) if place_id else rows
    return {str(pk): str(name) for pk, name in rows.order_by("pk").values_list("pk", "name")}


def _mine(slug: str, place_id: object | None) -> QuerySet[FigureFile]:
    rows = FigureFile.objects.filter(study__slug=slug)
    return rows.filter(place=None) if place_id is None else rows.filter(place_id=UUID(str(place_id)))


def _view(row: FigureFile) -> FigureFileView:
    return FigureFileView(
        id=str(row.pk), place_id=str(row.place_id) if row.place_id else None, kind=row.kind, filename=row.filename, state=row.state,
        refusal=row.refusal, week=row.week, how=row.how, columns=row.columns, found=row.found, faults=row.faults, notices=row.notices,
        brought=row.brought, created=row.created,
    )  # fmt: skip
