# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing in a municipality's own table of indicators, as it may be shown, and taking back what one file brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from knopenkaart.errors import Fault, InputError
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.monitor import stamping
from knopenkaart_web.monitor.doubled import doubled
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure, OwnIndicator, OwnRelease
from knopenkaart_web.monitor.own_queries import basis_of, shown_before
from knopenkaart_web.places.actions import figures
from knopenkaart_web.places.models import FigureFile, Study
from knopenkaart_web.places.noting import noting

_BATCH = 2000
_SOURCE_ID = 90


def bring_in_indicators(actor: Actor, slug: str, place_id: object | None, file_id: object) -> dict[str, int]:
    """Add the figures of a table that are not there yet from another one; gives how many, how many were there, and how many are hidden.

    Needs the role of editor, or the system. Raises InputError (`figures.nothing`, `own.read_again` where other figures came in since it was
    read, `own.indicator_taken`), UnknownError, PermissionDenied.
    """
    with noting(actor, slug, place_id, figures.wanted(place_id)) as note:
        # One at a time: what was shown before decides what may be shown now.
        Study.objects.select_for_update().get(pk=note.study.pk)
        stamping.lock()
        row = figures.read_file_of(note, file_id, "indicators")
        if row.found["basis"] != basis_of(shown_before(slug)):
            raise InputError("Other figures came in since this file was read.", code="own.read_again", remedy="Read the file again.")
        made = _declare(note.study, row.found["indicators"])
        source = _source(note.study, row)
        added, there = _figures(note.study, source, row.found["rows"])
        if not added:
            raise InputError("There is nothing new in this file.", code="figures.nothing")
        _remember(note.study, row.found["released"])
        told = {"added": len(added), "there": there, "hidden": sum(1 for item in added if item.reason == "hidden")}
        told["doubled"] = sum(doubled(row.found["rows"]).values())
        figures.settle(row, "in", {"source": source.pk, "indicators": made, **told})
        stamping.renew()
        after = {**told, "source": source.source_id, "indicators": made}
        note.log("bring_in_indicators", object_type="figure_file", object_id=row.pk, after=after)
    return told


def take_back_indicators(actor: Actor, slug: str, place_id: object | None, file_id: object) -> None:
    """Take back the figures that a file brought, and the new indicators that have none left. What was shown of them stays remembered."""
    with noting(actor, slug, place_id, figures.wanted(place_id)) as note:
        Study.objects.select_for_update().get(pk=note.study.pk)
        stamping.lock()
        row = figures.brought_file(note, file_id, "indicators")
        FigureSource.objects.filter(study=note.study, file_id=row.pk).delete()
        used = MonitorFigure.objects.filter(source__study=note.study).values("indicator")
        OwnIndicator.objects.filter(study=note.study).exclude(indicator__in=used).delete()
        figures.settle(row, "undone", {})
        stamping.renew()
        note.log("take_back_indicators", object_type="figure_file", object_id=row.pk)


def _declare(study: Study, indicators: Sequence[Mapping[str, Any]]) -> list[str]:
    """Make the new indicators, or give those of this study the names that they have now."""
    names = [str(item["id"]) for item in indicators]
    elsewhere = set(OwnIndicator.objects.filter(indicator__in=names).exclude(study=study).values_list("indicator", flat=True))
    if taken := sorted(elsewhere | (set(names) & set(load_catalogue().indicators))):
        faults = [Fault("own.indicator_taken", "another indicator is called so", value=name) for name in taken]
        raise InputError("A new indicator has the name of another one.", code="own.indicator_taken", faults=faults)
    for item in indicators:
        values = {name: str(value) for name, value in item.items() if name != "id"}
        aggregate = "count" if values["unit"] == "count" else "none"
        OwnIndicator.objects.update_or_create(indicator=item["id"], defaults={**values, "aggregate": aggregate, "study": study})
    return names


def _source(study: Study, row: FigureFile) -> FigureSource:
    told = row.found["source"]
    known = set(FigureSource.objects.filter(study=study).values_list("source_id", flat=True))
    first = str(told["id"])[:_SOURCE_ID]
    names = (first, *(f"{first}_{number}" for number in range(2, len(known) + 3)))
    return FigureSource.objects.create(
        study=study,
        source_id=next(name for name in names if name not in known),
        title=told["title"][:300],
        date=date.fromisoformat(told["date"]) if told["date"] else None,
        licence=told["licence"][:200],
        attribution=told["attribution"][:500],
        url=told["url"][:1000],
        file_id=row.pk,
    )


def _figures(study: Study, source: FigureSource, rows: Sequence[Sequence[Any]]) -> tuple[list[MonitorFigure], int]:
    """The figures that the study does not have from another table; and how many it has."""
    areas = {
        (code, year): key
        for key, code, year in MonitorArea.objects.filter(code__in={row[0] for row in rows}).values_list("pk", "code", "year")
    }
    mine = MonitorFigure.objects.filter(source__study=study)
    known = set(mine.values_list("area_id", "indicator", "group", "year"))
    new, there = [], 0
    for code, area_year, indicator, group, year, value, unit, n, low, high, nature, reason in rows:
        area = areas.get((code, area_year))
        if area is None:
            continue
        if (area, indicator, group, year) in known:
            there += 1
            continue
        new.append(
            MonitorFigure(
                area_id=area, source=source, indicator=indicator, group=group, year=year, value=value, unit=unit, n=n, low=low, high=high,
                nature=nature, reason=reason,
            )
        )  # fmt: skip
    return MonitorFigure.objects.bulk_create(new, batch_size=_BATCH), there


def _remember(study: Study, released: Sequence[Mapping[str, Any]]) -> None:
    for item in released:
        key = {"study": study, "indicator": item["indicator"], "year": item["year"]}
        OwnRelease.objects.update_or_create(**key, defaults={"exact": item["exact"]})
