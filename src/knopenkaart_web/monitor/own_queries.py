# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what municipalities brought in of their own: the indicators that they made, and what was shown of them before."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import Q

from knopenkaart.vocabulary.catalogue import Column, Indicator
from knopenkaart_web.monitor.models import MonitorArea, OwnIndicator, OwnRelease
from knopenkaart_web.places.models import Area

_FIELDS = ("nl", "en", "explanation_nl", "explanation_en", "theme", "unit", "aggregate", "nature", "direction")


def own_rows() -> tuple[tuple[str, ...], ...]:
    """The own indicators as plain values, identifier first: what is merged is kept in memory under them."""
    return tuple(OwnIndicator.objects.order_by("indicator").values_list("indicator", *_FIELDS))


def own_indicators(rows: tuple[tuple[str, ...], ...] | None = None) -> tuple[Indicator, ...]:
    """The indicators that municipalities made for tables of their own, in the order of their names."""
    return tuple(_indicator(*row) for row in (own_rows() if rows is None else rows))


def _indicator(id_: str, *values: str) -> Indicator:
    nl, en, explanation_nl, explanation_en, theme, unit, aggregate, nature, direction = values
    # It stands in its own table under its own name: what has no column anywhere would not be shown.
    columns = (Column(unit, (id_,)),)
    return Indicator(id_, nl, en, explanation_nl, explanation_en, theme, unit, aggregate, nature, direction, wheel=True, columns=columns)


def shown_before(slug: str) -> list[dict[str, Any]]:
    """What was ever shown of own tables of the municipalities of a study, with the exact numbers: for the run that decides what may be
    shown next. What other studies show of them is known to the same readers; what the study itself does stands last."""
    studies = Area.objects.filter(level="municipality", code__in=_homes(slug)).values("study")
    rows = list(OwnRelease.objects.filter(study__in=studies).order_by("study", "indicator", "year").select_related("study"))
    rows.sort(key=lambda row: row.study.slug == slug)
    return [{"indicator": row.indicator, "year": row.year, "exact": row.exact} for row in rows]


def basis_of(before: list[dict[str, Any]]) -> str:
    """What tells apart what was shown: a table that was read by another basis must be read again."""
    return hashlib.sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()


def known_areas(slug: str) -> list[tuple[str, str, str, int, str, str]]:
    """The areas that an own table of a study may speak of, of all years: code, name, level, year, wijk, municipality."""
    home = _homes(slug)
    rows = MonitorArea.objects.filter(Q(code__in=home) | Q(municipality_code__in=home)).exclude(level="country")
    return list(rows.order_by("year", "code").values_list("code", "name", "level", "year", "wijk_code", "municipality_code"))


def _homes(slug: str) -> list[str]:
    return list(Area.objects.filter(study__slug=slug, level="municipality").values_list("code", flat=True))
