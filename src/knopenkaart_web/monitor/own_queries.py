# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what municipalities brought in of their own: the indicators that they made, and what was shown of them before."""

from __future__ import annotations

from typing import Any

from knopenkaart.vocabulary.catalogue import Indicator
from knopenkaart_web.monitor.models import OwnIndicator, OwnRelease

_FIELDS = ("nl", "en", "explanation_nl", "explanation_en", "theme", "unit", "aggregate", "nature", "direction")


def own_rows() -> tuple[tuple[str, ...], ...]:
    """The own indicators as plain values, identifier first: what is merged is kept in memory under them."""
    return tuple(OwnIndicator.objects.order_by("indicator").values_list("indicator", *_FIELDS))


def own_indicators(rows: tuple[tuple[str, ...], ...] | None = None) -> tuple[Indicator, ...]:
    """The indicators that municipalities made for tables of their own, in the order of their names."""
    return tuple(_indicator(*row) for row in (own_rows() if rows is None else rows))


def _indicator(id_: str, *values: str) -> Indicator:
    nl, en, explanation_nl, explanation_en, theme, unit, aggregate, nature, direction = values
    return Indicator(id_, nl, en, explanation_nl, explanation_en, theme, unit, aggregate, nature, direction, wheel=True)


def shown_before(slug: str) -> list[dict[str, Any]]:
    """What was ever shown of own tables of a study, with the exact numbers: for the run that decides what may be shown next."""
    rows = OwnRelease.objects.filter(study__slug=slug).order_by("indicator", "year").values("indicator", "year", "exact")
    return [dict(row) for row in rows]
