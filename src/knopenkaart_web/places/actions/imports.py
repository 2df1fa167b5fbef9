# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing in a municipality's own list: sent, read by a run, looked at, and then confirmed or refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart.publish.confidential import without_confidential
from knopenkaart.records import Attribute
from knopenkaart.records import Place as Record
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places.actions.place import user_of
from knopenkaart_web.places.changes import assign_areas
from knopenkaart_web.places.errors import unknown
from knopenkaart_web.places.models import ImportDraft, Place, PlaceAttribute, PlaceSource, ReviewItem, SavedMapping, Source
from knopenkaart_web.places.values import encode, reason_text
from knopenkaart_web.places.writing import Write, writing

SUFFIXES = (".csv", ".xlsx", ".txt")
MAX_ROWS = 20_000
# A list may hold personal data: one that nobody confirmed does not stay.
DRAFT_DAYS = 30
_FILLED = tuple(item.name for item in fields(Record) if item.name not in {"id", "part_of"})


def import_upload(actor: Actor, slug: str, filename: str, content: bytes) -> int:
    """Keep a sent list until it was read; gives the number of the draft. Needs the role of editor.

    Raises InputError (`import.type`, `import.size`) for a file of another type or over the limit of the installation.
    """
    with writing(actor, slug, "editor") as write:
        name = PurePath(filename.replace("\\", "/")).name[:200]
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise InputError("Send a list as XLSX or CSV.", code="import.type")
        if not content or len(content) > settings.UPLOAD_MAX_BYTES:
            raise InputError("This file is empty or too big.", code="import.size")
        ImportDraft.objects.filter(study=write.study, created__lt=timezone.now() - timedelta(days=DRAFT_DAYS)).delete()
        draft = ImportDraft.objects.create(study=write.study, user=user_of(actor), filename=name, content=content)
        write.log("import_upload", object_type="import", object_id=draft.pk, after={"filename": name, "bytes": len(content)})
        return draft.pk


def import_preview(
    actor: Actor,
    slug: str,
    draft_id: int,
    *,
    mapping: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    faults: Sequence[Mapping[str, Any]],
    source: Mapping[str, Any],
) -> None:
    """What was read from a draft, with the mapping that was used: to be looked at before anything comes in. Needs the role of editor.

    A row is {"place": columns of a record, "attributes": [...], "duplicates": [{"place", "score", "reasons"}]}; a fault has row and column.
    """
    with writing(actor, slug, "editor") as write:
        draft = _draft(write, draft_id)
        if len(rows) > MAX_ROWS:
            raise InputError(f"A list may hold {MAX_ROWS} rows.", code="import.rows")
        draft.mapping = {"columns": dict(mapping), "source": dict(source)}
        draft.columns, draft.rows, draft.faults, draft.ready = list(columns), list(rows), list(faults), True
        draft.save()
        write.log("import_preview", object_type="import", object_id=draft.pk, after={"rows": len(rows), "faults": len(faults)})


def import_confirm(actor: Actor, slug: str, draft_id: int, reason: str) -> dict[str, int]:
    """Bring in the rows of a draft. Needs the role of editor. Gives how many places were added, updated and may be duplicates.

    A row that an earlier version of the list brought is the same place: the list's values follow where no human said otherwise.
    """
    with writing(actor, slug, "editor") as write:
        why = reason_text(reason)
        draft = _draft(write, draft_id)
        if not draft.ready:
            raise InputError("This list was not read yet.", code="import.unread")
        _source(write, draft.mapping["source"])
        secret = bool(draft.mapping["source"].get("confidential"))
        totals = {"added": 0, "updated": 0, "duplicates": 0}
        for row in draft.rows:
            place, is_new = _bring(write, row, secret=secret)
            totals["added" if is_new else "updated"] += 1
            totals["duplicates"] += _duplicates(write, place, row.get("duplicates", []))
        name = draft.filename
        draft.delete()
        write.log("import_confirm", object_type="import", object_id=draft_id, reason=why, after={"filename": name, **totals})
        return totals


def import_discard(actor: Actor, slug: str, draft_id: int) -> None:
    """Throw a draft away with its content. Needs the role of editor."""
    with writing(actor, slug, "editor") as write:
        draft = _draft(write, draft_id)
        name = draft.filename
        draft.delete()
        write.log("import_discard", object_type="import", object_id=draft_id, before={"filename": name})


def save_mapping(actor: Actor, slug: str, name: str, mapping: Mapping[str, Any]) -> None:
    """Keep which column means what under a name, for the next list of this form. Needs the role of editor."""
    with writing(actor, slug, "editor") as write:
        label = name.strip()[:200]
        if not label:
            raise InputError("Give the mapping a name.", code="mapping.name")
        SavedMapping.objects.update_or_create(study=write.study, name=label, defaults={"mapping": dict(mapping)})
        write.log("save_mapping", object_type="mapping", object_id=label[:80], after={"columns": len(mapping)})


def _draft(write: Write, draft_id: int) -> ImportDraft:
    draft = ImportDraft.objects.filter(study=write.study, pk=draft_id).first()
    if draft is None:
        raise unknown("draft")
    return draft


def _source(write: Write, source: Mapping[str, Any]) -> None:
    values = {name: str(source.get(name) or "") for name in ("title", "licence", "attribution", "url")}
    day = source.get("date")
    Source.objects.update_or_create(
        study=write.study,
        source_id=str(source["id"]),
        defaults={**values, "date": date.fromisoformat(day) if day else None, "confidential": bool(source.get("confidential"))},
    )


def _bring(write: Write, row: Mapping[str, Any], *, secret: bool) -> tuple[Place, bool]:
    values, confidential, hidden = _open_values(row, secret=secret)
    key = {"study": write.study, "source": values["source"], "source_id": values["source_id"]}
    record = PlaceSource.objects.select_related("place").filter(**key).first()
    place = record.place if record else Place(id=uuid.UUID(row["place"]["id"]), study=write.study)
    human = set(PlaceAttribute.objects.filter(place_id=place.pk, origin="human", current=True).values_list("name", flat=True))
    was_hidden = place.confidential
    place.confidential = hidden and (record is None or was_hidden or _is_only_source(place, values["source"]))
    kept: set[str] = human | {"source", "source_id"} if record else set()
    if record and hidden and not place.confidential:
        # Visitors see this place: a confidential list adds to what editors know of it, and to nothing else.
        kept |= values.keys()
    if record and not was_hidden:
        own = PlaceAttribute.objects.filter(place=place, current=True, source=values["source"], source_id=values["source_id"])
        kept |= {name for name, value in values.items() if value in (None, [])} - (confidential & set(own.values_list("name", flat=True)))
    # What a place told while it was hidden does not come out because a later, open list leaves it empty: that is emptied too.
    for name in values.keys() - kept:
        setattr(place, name, values[name])
    if not human & {"lon", "lat"}:
        assign_areas(place, write.study)
    place.missing = False
    place.version += 1 if record else 0
    if record:
        place.save()
    else:
        place.save(force_insert=True)
        PlaceSource.objects.create(place=place, **key)
    _attributes(place, row.get("attributes", []), human, secret=secret)
    return place, record is None


def _open_values(row: Mapping[str, Any], *, secret: bool) -> tuple[dict[str, Any], set[str], bool]:
    """The columns of a row as visitors may see them, which of them are confidential, and whether visitors may see the place at all."""
    given = {name: row["place"].get(name) for name in _FILLED}
    given["last_verified"] = date.fromisoformat(given["last_verified"]) if given["last_verified"] else None
    record = Record(id=row["place"]["id"], **given | {"functions": tuple(given["functions"] or ())})
    told = [
        Attribute(record.id, item["name"], item["value"], item["source"], item["source_id"], None, "list", bool(item.get("confidential")))
        for item in row.get("attributes", [])
    ]
    public = None if secret else without_confidential(record, told)
    values = {name: getattr(public or record, name) for name in _FILLED}
    return values | {"functions": list(values["functions"])}, {item.name for item in told if item.confidential}, public is None


def _is_only_source(place: Place, source: str) -> bool:
    """Whether nobody but one list tells of a place: when that list turns confidential, so does the place."""
    return not PlaceSource.objects.filter(place=place).exclude(source=source).exists()


def _attributes(place: Place, attributes: Sequence[Mapping[str, Any]], human: set[str], *, secret: bool) -> None:
    """What the list said before is replaced by what it says now; its values stand where no human said otherwise."""
    for item in attributes:
        rows = PlaceAttribute.objects.filter(place=place, name=item["name"])
        rows.filter(source=item["source"], source_id=item["source_id"]).exclude(origin="human").delete()
        hidden = secret or bool(item.get("confidential"))
        stands = item["name"] not in human and not hidden and item["value"] == encode(item["name"], getattr(place, item["name"], None))
        if stands:
            rows.filter(current=True).update(current=False)
        PlaceAttribute.objects.create(
            place=place,
            name=item["name"],
            value=item["value"],
            source=item["source"],
            source_id=item["source_id"],
            date=date.fromisoformat(item["date"]) if item.get("date") else None,
            origin="list",
            confidential=hidden,
            current=stands,
        )


def _duplicates(write: Write, place: Place, pairs: Sequence[Mapping[str, Any]]) -> int:
    made = 0
    for pair in pairs:
        other = Place.objects.filter(study=write.study, pk=uuid.UUID(pair["place"]), merged_into=None, removed=False).first()
        if other is None or other.pk == place.pk:
            continue
        known = ReviewItem.objects.filter(study=write.study, topic="duplicate").exclude(state="withdrawn")
        if known.filter(place=place, other=other).exists() or known.filter(place=other, other=place).exists():
            continue
        details = {"reasons": list(pair.get("reasons", [])), "score": pair.get("score")}
        ReviewItem.objects.create(study=write.study, topic="duplicate", place=other, other=place, details=details)
        made += 1
    return made
