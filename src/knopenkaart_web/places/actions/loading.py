# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loading a built study: the same place keeps its identifier, what humans said stands, and what needs a human goes to the queue."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from knopenkaart.records import Attribute
from knopenkaart_web.accounts.permissions import Actor, actor_name, require
from knopenkaart_web.places.actions.match import Matching, match
from knopenkaart_web.places.actions.queue import Queue
from knopenkaart_web.places.actions.takeover import Takeover
from knopenkaart_web.places.bundle import LoadBundle, LoadReport
from knopenkaart_web.places.models import (
    AREA_COLUMNS,
    COVERAGE_COLUMNS,
    Area,
    Figure,
    Notice,
    Place,
    PlaceAttribute,
    PlaceSource,
    Source,
    Study,
)
from knopenkaart_web.places.writing import Write, finish

_BATCH = 500


def load(actor: Actor, bundle: LoadBundle) -> LoadReport:
    """Load a study into the database, or a newer build over an older one. Needs the role of manager, or the system (None).

    The first load puts all places there and only possible duplicates in the queue. A later one adds what is new, follows what changed
    where no human said otherwise, and leaves what vanished for a human to decide.
    """
    role = require(actor, bundle.slug, "manager")
    with transaction.atomic():
        study, first = _study(bundle)
        write = Write(actor_name(actor), role, study, actor)
        before = {"revision": study.revision, "osm_date": str(study.osm_date) if study.osm_date else None}
        _describe(study, bundle)
        _sources(study, bundle)
        _areas(study, bundle)
        report = _places(study, bundle, first)
        after = asdict(report) | {"osm_date": str(bundle.osm_date) if bundle.osm_date else None, "engine_version": bundle.engine_version}
        write.log("load", object_type="study", object_id=study.slug, before=before, after=after)
        finish(write)
    return report


def _study(bundle: LoadBundle) -> tuple[Study, bool]:
    Study.objects.get_or_create(slug=bundle.slug, defaults={"name": bundle.name})
    study = Study.objects.select_for_update().get(slug=bundle.slug)
    return study, not Place.objects.filter(study=study).exists()


def _describe(study: Study, bundle: LoadBundle) -> None:
    for name in ("name", "area_year", "osm_date", "built_at", "engine_version", "tiles_path", "folder", "invented"):
        setattr(study, name, getattr(bundle, name))
    study.west, study.south, study.east, study.north = bundle.bounds or (None, None, None, None)
    study.loaded_at = timezone.now()
    study.save()


def _sources(study: Study, bundle: LoadBundle) -> None:
    """The sources of the build; one that only an import of a list brought stays."""
    for source in bundle.sources:
        values = {name: getattr(source, name) or "" for name in ("title", "licence", "attribution", "url")}
        values |= {"date": source.date, "confidential": source.confidential}
        Source.objects.update_or_create(study=study, source_id=source.id, defaults=values)
    used = PlaceSource.objects.filter(study=study).values("source")
    Source.objects.filter(study=study).exclude(source_id__in=[source.id for source in bundle.sources]).exclude(source_id__in=used).delete()
    Notice.objects.filter(study=study).delete()
    Notice.objects.bulk_create(
        [Notice(study=study, code=item.code, subject=item.subject, message=item.message, details=item.details) for item in bundle.notices],
        batch_size=_BATCH,
    )


def _areas(study: Study, bundle: LoadBundle) -> None:
    coverage = {item.area_code: item for item in bundle.coverage}
    Area.objects.filter(study=study).delete()
    rows = []
    for shape in bundle.areas:
        area, covered = shape.area, coverage.get(shape.area.code)
        west, south, east, north = shape.bounds or (None, None, None, None)
        row = Area(
            study=study,
            geojson=shape.geojson,
            west=west,
            south=south,
            east=east,
            north=north,
            **{name: getattr(area, name) for name in AREA_COLUMNS},
        )
        if covered:
            row.coverage_status, row.coverage_reason = covered.status, covered.reason
            for name in COVERAGE_COLUMNS:
                setattr(row, name, getattr(covered, name))
        rows.append(row)
    made = {row.code: row for row in Area.objects.bulk_create(rows, batch_size=_BATCH)}
    Figure.objects.bulk_create(
        [
            Figure(area=made[item.area_code], **{name: getattr(item, name) for name in _FIGURE}, reason=item.reason or "")
            for item in bundle.figures
            if item.area_code in made
        ],
        batch_size=_BATCH,
    )


_FIGURE = ("indicator", "value", "unit", "year", "source", "joined")


def _places(study: Study, bundle: LoadBundle, first: bool) -> LoadReport:
    existing = {str(place.pk): place for place in Place.objects.filter(study=study)}
    matching = match(study, bundle, existing)
    takeover = Takeover(study, bundle, matching, existing)
    queue = Queue(study, first=first)
    written: list[Place] = []
    added = updated = 0
    for record in matching.records:
        taken = takeover.place(record)
        if taken.is_new:
            added += 1
            queue.new(taken)
        else:
            updated += taken.is_different
            queue.changed(taken)
        if taken.is_new or taken.is_different:
            written.append(taken.place)
    vanished = takeover.vanished()
    returned = takeover.returned()
    absorbed = takeover.absorb(queue)
    _store({place.pk: place for place in (*written, *vanished, *returned, *absorbed)}.values())
    queue.gone([place for place in vanished if place.status != "closed"])
    queue.back(returned)
    _provenance(study, bundle, matching, takeover)
    queue.duplicates(bundle.duplicates, matching, {**existing, **{str(place.pk): place for place in written}})
    queue.store()
    return LoadReport(
        slug=study.slug,
        first=first,
        places=len(matching.records),
        added=added,
        updated=updated,
        unchanged=len(matching.records) - added - updated,
        new=queue.count("new"),
        changed=queue.count("changed"),
        gone=queue.count("gone"),
        duplicates=queue.count("duplicate"),
        contradicted=queue.contradicted,
    )


def _store(places: Iterable[Place]) -> None:
    """One statement per few hundred rows, for new and changed places alike."""
    names = [item.attname for item in Place._meta.concrete_fields if not item.primary_key and item.attname != "study_id"]
    fields = [item.name for item in Place._meta.concrete_fields if item.attname in names]
    Place.objects.bulk_create(list(places), batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _provenance(study: Study, bundle: LoadBundle, matching: Matching, takeover: Takeover) -> None:
    """The records of each place, and what every source says now. What humans said, and what vanished places were, is left alone."""
    PlaceSource.objects.bulk_create(
        [
            PlaceSource(study=study, place_id=uuid.UUID(place_id), source=source, source_id=source_id)
            for (source, source_id), place_id in matching.new_keys.items()
        ],
        batch_size=_BATCH,
    )
    told = PlaceAttribute.objects.filter(source__in=[source.id for source in bundle.sources]).exclude(origin="human")
    there = list(Place.objects.filter(study=study, missing=False).values_list("pk", flat=True))
    # By their numbers: of tables that were just filled PostgreSQL knows no sizes, and joined them row by row for minutes.
    for at in range(0, len(there), _BATCH):
        told.filter(place__in=there[at : at + _BATCH]).delete()
    rows = list(_attribute_rows(bundle.attributes, matching, takeover))
    PlaceAttribute.objects.bulk_create([*rows, *takeover.source_values(rows)], batch_size=_BATCH)


def _attribute_rows(attributes: Sequence[Attribute], matching: Matching, takeover: Takeover) -> Iterable[PlaceAttribute]:
    current: set[tuple[str, str]] = set()
    ranked = sorted(attributes, key=lambda item: not takeover.stands(item))
    for item in ranked:
        owner = matching.owner(item)
        if owner is None:
            continue
        is_current = (owner, item.name) not in current and not takeover.is_human(owner, item.name) and not takeover.is_confidential(item)
        if is_current:
            current.add((owner, item.name))
        yield PlaceAttribute(
            place_id=uuid.UUID(owner),
            name=item.name,
            value=item.value,
            source=item.source,
            source_id=item.source_id,
            date=item.date,
            origin=item.origin,
            confidential=takeover.is_confidential(item),
            current=is_current,
        )
