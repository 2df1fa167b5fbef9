# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loading a built monitor: all that was published is replaced in one step, a municipality's own tables stay."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from knopenkaart.records import Source
from knopenkaart.text import fold
from knopenkaart_web.accounts.models import ALL_STUDIES
from knopenkaart_web.accounts.permissions import Actor, actor_name, require
from knopenkaart_web.audit import log
from knopenkaart_web.monitor import stamping
from knopenkaart_web.monitor.bundle import MonitorBundle, MonitorReport
from knopenkaart_web.monitor.models import (
    AreaLink,
    Edition,
    FigureSource,
    LevelFeatures,
    MonitorArea,
    MonitorFigure,
    Outline,
    PublishedFigures,
)
from knopenkaart_web.monitor.packing import Pack, pack
from knopenkaart_web.monitor.similar import level_features

_BATCH = 2000

Areas = Mapping[tuple[str, int], int]


def load(actor: Actor, bundle: MonitorBundle) -> MonitorReport:
    """Put a built monitor in the place of the one before. Needs the role of manager in all studies, or the system (None).

    Figures of own tables are attached again to the areas with the same code and year; those of areas that are no more are lost and counted.
    Until the end everybody sees what was there before. Raises PermissionDenied.
    """
    role = require(actor, ALL_STUDIES, "manager")
    # What takes long is made before the transaction: on SQLite nobody else writes during one.
    packs, features = pack(bundle.figures), level_features(bundle)
    with transaction.atomic():
        edition = stamping.lock() or Edition()
        before = {"years": edition.years, "engine_version": edition.engine_version}
        own = _own_figures()
        _clear()
        areas = _areas(bundle)
        _figures(bundle, packs, areas)
        kept = _attach(own, areas)
        _links(bundle)
        _describe(edition, bundle)
        LevelFeatures.objects.bulk_create(features)
        report = MonitorReport(
            areas=len(areas),
            figures=len(bundle.figures),
            links=len(bundle.links),
            outlines=len(bundle.outlines),
            years=tuple(edition.years),
            own_figures=kept,
            own_lost=len(own) - kept,
        )
        after = asdict(report) | {"engine_version": bundle.engine_version}
        log.write(
            "load_monitor", actor=actor_name(actor), role=role, study="", object_type="monitor", object_id="", before=before, after=after
        )
    return report


def _describe(edition: Edition, bundle: MonitorBundle) -> None:
    for name in ("built_at", "engine_version", "folder_sha256", "invented"):
        setattr(edition, name, getattr(bundle, name))
    edition.years = sorted({area.year for area in bundle.areas})
    edition.loaded_at, edition.stamp = timezone.now(), uuid.uuid4()
    edition.save()
    stamping.forget()


_FIGURE_FIELDS = ("indicator", "group", "year", "value", "unit", "n", "low", "high", "nature", "reason")


def _own_figures() -> list[Sequence[Any]]:
    """Code and year of the area, source and columns of every figure of an own table, in the order in which they came in: that decides."""
    rows = MonitorFigure.objects.filter(source__study__isnull=False).order_by("pk")
    return list(rows.values_list("area__code", "area__year", "source_id", *_FIGURE_FIELDS))


def _clear() -> None:
    """Remove areas, figures and links, and the sources of what was published; children first, so that each is one statement."""
    MonitorFigure.objects.all().delete()
    PublishedFigures.objects.all().delete()
    Outline.objects.all().delete()
    MonitorArea.objects.all().delete()
    AreaLink.objects.all().delete()
    LevelFeatures.objects.all().delete()
    FigureSource.objects.filter(study__isnull=True).delete()


def _areas(bundle: MonitorBundle) -> Areas:
    rows = [MonitorArea(search=fold(area.name), **area._asdict()) for area in bundle.areas]
    made = {(row.code, row.year): row.pk for row in MonitorArea.objects.bulk_create(rows, batch_size=_BATCH)}
    outlines = (Outline(area_id=made[key], geojson=text) for key, text in bundle.outlines.items())
    Outline.objects.bulk_create(outlines, batch_size=_BATCH)
    return made


def _figures(bundle: MonitorBundle, packs: Mapping[str, Pack], areas: Areas) -> None:
    sources = FigureSource.objects.bulk_create(_source(source, packs.get(source.id)) for source in bundle.sources)
    rows = (
        PublishedFigures(area_id=areas[key], source=source, figures=figures)
        for source in sources
        if source.source_id in packs
        for key, figures in packs[source.source_id].areas.items()
    )
    PublishedFigures.objects.bulk_create(rows, batch_size=_BATCH)


def _source(source: Source, packed: Pack | None) -> FigureSource:
    return FigureSource(
        source_id=source.id,
        title=source.title,
        date=source.date,
        licence=source.licence or "",
        attribution=source.attribution or "",
        url=source.url or "",
        heads=[list(head) for head in packed.heads] if packed else [],
    )


def _attach(own: Sequence[Sequence[Any]], areas: Areas) -> int:
    """Own figures to the new rows of their areas; gives how many have one."""
    rows = [MonitorFigure(*(None, areas[code, year], *columns)) for code, year, *columns in own if (code, year) in areas]  # type: ignore[misc]
    MonitorFigure.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _links(bundle: MonitorBundle) -> None:
    rows = [AreaLink(**link._asdict() | {"parts": dict(link.parts)}) for link in bundle.links]
    AreaLink.objects.bulk_create(rows, batch_size=_BATCH)
