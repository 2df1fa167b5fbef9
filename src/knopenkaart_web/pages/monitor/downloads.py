# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every figure of an area as a table to take along: as it was published, with what the monitor makes of its margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from knopenkaart.monitor.estimates import estimate
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.publish.columns import Column
from knopenkaart.publish.csvw import csv_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.around import Around
from knopenkaart_web.pages.monitor.words import group_label, nature_label, why_text


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure. `value` to `high` are as published; `shown` to `margin` are what pages show: a share, with its margin and its basis."""

    area_code: str
    area_year: int
    area_name: str
    level: str
    indicator: str
    label: str
    group: str
    group_label: str
    year: int
    value: float | None
    unit: str
    low: float | None
    high: float | None
    n: float | None
    shown: float | None
    shown_unit: str
    shown_low: float | None
    shown_high: float | None
    margin: str
    nature: str
    kind: str
    reason: str
    why: str
    published_for: int | None
    bridged: bool
    source: str
    source_title: str
    source_date: str
    attribution: str
    licence: str


_COLUMNS = tuple(Column(item.name, item.name, "", "") for item in fields(FigureLine))


def figures_csv(about: Around) -> str:
    """The figures of an area of which the catalogue knows the indicator, or a municipality its own: by theme, group and year."""
    return csv_text(_lines(about), columns=_COLUMNS)


def _lines(about: Around) -> Iterator[FigureLine]:
    order = {name: place for place, name in enumerate(about.catalogue.indicators)}
    for value in sorted(about.own.values, key=lambda item: (order.get(item.indicator, len(order)), item.indicator, item.group, -item.year)):
        yield _line(about, value)


def _alone(area: AreaValues, value: Value) -> AreaValues:
    """The area without what another source says of the same."""
    about = (value.indicator, value.group, value.year)
    return replace(area, values=tuple(one for one in area.values if one is value or (one.indicator, one.group, one.year) != about))


def _line(about: Around, value: Value) -> FigureLine:
    item, source = about.catalogue.indicators.get(value.indicator), about.sources.get(value.source)
    shown = estimate(_alone(about.own, value), item, group=value.group, year=value.year) if item is not None else None
    return FigureLine(
        area_code=about.ref.code,
        area_year=about.ref.year,
        area_name=about.ref.name,
        level=about.ref.level,
        indicator=value.indicator,
        label=value.indicator if item is None else item.name(language()),
        group=value.group,
        group_label=group_label(value.group),
        year=value.year,
        value=value.value,
        unit=value.unit,
        low=value.low,
        high=value.high,
        n=value.n,
        shown=shown.value if shown else None,
        shown_unit=shown.unit if shown else "",
        shown_low=shown.low if shown else None,
        shown_high=shown.high if shown else None,
        margin=shown.basis if shown else "none",
        nature=value.nature,
        kind=nature_label(value.nature, value.indicator),
        reason=value.reason,
        why=why_text(value.reason) if value.value is None else "",
        published_for=value.area_year,
        bridged=value.bridged,
        source=value.source,
        source_title=source.title if source else "",
        source_date=source.date.isoformat() if source and source.date else "",
        attribution=source.attribution if source else "",
        licence=source.licence if source else "",
    )
