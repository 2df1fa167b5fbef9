# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending a file with figures, keeping what was read from it, and throwing it away; bringing it in is of its own app."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor, Role
from knopenkaart_web.places.actions.place import user_of
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import FigureFile
from knopenkaart_web.places.noting import Note, noting

SUFFIXES = (".csv", ".xlsx", ".txt", ".gz")
# A file that nobody brought in does not stay.
FILE_DAYS = 30
# What a file may hold that is about one place, and one that is about a study.
OF_A_PLACE = ("counts", "series", "bookings")
OF_A_STUDY = ("series", "indicators")


def send_file(
    actor: Actor,
    slug: str,
    place_id: object | None,
    *,
    kind: str,
    filename: str,
    content: bytes,
    week: date | None = None,
    how: str = "entering",
) -> str:
    """Keep a sent file until it was read; gives its number. For who runs the place; without a place (OF_A_STUDY) for editors.

    Raises InputError (`import.type`, `import.size`, `figures.kind`, `figures.same`) for another type, a size over the limit, or a file
    that was brought in already.
    """
    with noting(actor, slug, place_id, wanted(place_id)) as note:
        name = PurePath(filename.replace("\\", "/")).name[:200]
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise InputError("Send XLSX or CSV.", code="import.type")
        if not content or len(content) > settings.UPLOAD_MAX_BYTES:
            raise InputError("This file is empty or too big.", code="import.size")
        if kind not in FigureFile.Kind.values or kind not in (OF_A_STUDY if note.place is None else OF_A_PLACE):
            raise InputError("Say what the file holds.", code="figures.kind")
        sha256 = hashlib.sha256(content).hexdigest()
        mine = FigureFile.objects.filter(study=note.study, place=note.place)
        if mine.filter(kind=kind, sha256=sha256, state="in").exists():
            raise InputError("This file was brought in already.", code="figures.same")
        old = timezone.now() - timedelta(days=FILE_DAYS)
        FigureFile.objects.filter(study=note.study, created__lt=old).exclude(state="in").delete()
        row = FigureFile.objects.create(
            study=note.study, place=note.place, kind=kind, filename=name, sha256=sha256, content=content, week=week,
            how="present" if how == "present" else "entering", sent_by=user_of(actor),
        )  # fmt: skip
        after = {"kind": kind, "filename": name, "bytes": len(content), "place": str(note.place.pk) if note.place else ""}
        note.log("send_figures", object_type="figure_file", object_id=row.pk, after=after)
    return str(row.pk)


def correct_columns(actor: Actor, slug: str, place_id: object | None, file_id: object, columns: Mapping[str, Any]) -> None:
    """Say what the columns and words of a file mean, so that it is read again."""
    with noting(actor, slug, place_id, wanted(place_id)) as note:
        row = waiting_file(note, file_id)
        row.columns, row.state = dict(columns), "sent"
        row.save(update_fields=["columns", "state"])
        note.log("correct_columns", object_type="figure_file", object_id=row.pk)


def keep_reading(
    slug: str,
    file_id: object,
    *,
    columns: Mapping[str, Any],
    found: Mapping[str, Any],
    faults: Sequence[Mapping[str, Any]],
    notices: Sequence[Mapping[str, Any]],
    refusal: str = "",
    content: bytes | None = None,
) -> None:
    """What a run read in a file, or why it could not; the system's own work. `content` replaces what was sent, without persons."""
    row = FigureFile.objects.filter(study__slug=slug, pk=_key(file_id), state="sent").first()
    if row is None:
        raise unknown("file")
    with noting(None, slug, row.place_id, "system") as note:
        row.columns, row.found, row.faults, row.notices = dict(columns), dict(found), list(faults), list(notices)
        row.refusal, row.state = refusal[:60], "refused" if refusal else "read"
        row.content = content if content is not None else row.content
        row.save()
        note.log("read_figures", object_type="figure_file", object_id=row.pk, after={"faults": len(row.faults), "state": row.state})


def refuse_reading(slug: str, file_id: object, code: str) -> None:
    """Say why a file that still waits to be read was not, where its run broke off; the system's own work."""
    row = FigureFile.objects.filter(study__slug=slug, pk=_key(file_id), state="sent").first()
    if row is None:
        return
    with noting(None, slug, row.place_id, "system") as note:
        row.refusal, row.state = code[:60], "refused"
        row.save(update_fields=["refusal", "state"])
        note.log("read_figures", object_type="figure_file", object_id=row.pk, after={"faults": 0, "state": row.state})


def discard_file(actor: Actor, slug: str, place_id: object | None, file_id: object) -> None:
    """Throw away a file that was not brought in."""
    with noting(actor, slug, place_id, wanted(place_id)) as note:
        row = waiting_file(note, file_id)
        key, name = row.pk, row.filename
        row.delete()
        note.log("discard_figures", object_type="figure_file", object_id=key, before={"filename": name})


def wanted(place_id: object | None) -> Role:
    """The role that files of one place need, or those of several places."""
    return "editor" if place_id is None else "operator"


def waiting_file(note: Note, file_id: object) -> FigureFile:
    """A file of the place that is written about that was not brought in, locked. Raises UnknownError, InputError (`figures.state`)."""
    return _file(note, file_id, states=("sent", "read", "refused", "undone"))


def read_file_of(note: Note, file_id: object, kind: str) -> FigureFile:
    """A file of a kind that was read and can be brought in, locked. Raises UnknownError, InputError (`figures.state`)."""
    return _file(note, file_id, states=("read",), kind=kind)


def brought_file(note: Note, file_id: object, kind: str) -> FigureFile:
    """A file of a kind that was brought in, locked. Raises UnknownError, InputError (`figures.state`)."""
    return _file(note, file_id, states=("in",), kind=kind)


def settle(row: FigureFile, state: str, brought: Mapping[str, Any]) -> None:
    """A file was brought in or taken back: its content and what was read of it are not needed any more."""
    row.state, row.brought, row.content, row.found = state, dict(brought), b"", {}
    row.save()


def _file(note: Note, file_id: object, *, states: Sequence[str], kind: str | None = None) -> FigureFile:
    row = FigureFile.objects.select_for_update().filter(study=note.study, place=note.place, pk=_key(file_id)).first()
    if row is None or (kind is not None and row.kind != kind):
        raise unknown("file")
    if row.state not in states:
        raise InputError("This was done already.", code="figures.state", remedy="Load the page again.")
    return row


def _key(file_id: object) -> UUID:
    try:
        return UUID(str(file_id))
    except ValueError:
        raise unknown("file") from None
