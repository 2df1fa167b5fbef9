# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sent own table, read and made fit to be shown, as plain values for whoever sent it to look at before it comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.errors import Fault
from knopenkaart.hiding import HIDDEN, Before, Hidden, hide_own
from knopenkaart.records import Notice
from knopenkaart.sources.own_figures import KnownArea, OwnFigures, OwnMapping, read_own
from knopenkaart.tables import to_records
from knopenkaart.vocabulary.catalogue import Catalogue

ROW = ("area_code", "area_year", "indicator", "group", "year", "value", "unit", "n", "low", "high", "nature", "reason")
_WHOLE = frozenset({"area_year", "year"})


@dataclass(frozen=True)
class OwnPreview:
    """What came of a table. `found` holds `rows` (lists in the order of ROW, as they may be shown), `told` (per indicator and year how many
    figures are shown, hidden and missing), how many are hidden because they are `small` or `beside` a small one, the `source`, the new
    `indicators`, and `released` (exact: to be kept, never to be shown)."""

    found: dict[str, Any]
    faults: Sequence[Fault]
    notices: Sequence[Notice]


def preview_own(
    content: bytes,
    *,
    mapping: OwnMapping,
    areas: Sequence[KnownArea],
    catalogue: Catalogue,
    secret: str,
    before: Sequence[Mapping[str, Any]] = (),
    file_name: str,
) -> OwnPreview:
    """Read an own table and hide what may not be shown. Raises InputError (see sources.own_figures and hiding)."""
    read = read_own(content, mapping=mapping, areas=areas, catalogue=catalogue, file_name=file_name)
    hidden = hide_own(
        read.figures,
        areas=areas,
        dimensions=catalogue.dimension_of_groups(),
        secret=secret,
        before=[Before.from_dict(item) for item in before],
    )
    return OwnPreview(_found(read, hidden, mapping), read.faults, to_records(read.notices, Notice))


def _found(read: OwnFigures, hidden: Hidden, mapping: OwnMapping) -> dict[str, Any]:
    source = read.source
    return {
        "rows": [[_plain(name, value) for name, value in zip(ROW, row, strict=True)] for row in _tuples(hidden.figures)],
        "told": _told(hidden.figures),
        "small": hidden.small,
        "beside": hidden.beside,
        "source": {
            "id": source.id, "title": source.title, "date": source.date.isoformat() if source.date else "", "licence": source.licence,
            "attribution": source.attribution, "url": source.url or "",
        },
        "indicators": mapping.declared(read.indicators),
        "released": [item.to_dict() for item in hidden.released],
    }  # fmt: skip


def _tuples(figures: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = figures.loc[:, list(ROW)].astype(object)
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def _plain(name: str, value: Any) -> Any:
    if value is None:
        return "" if name == "reason" else None
    return int(value) if name in _WHOLE else float(value) if name in ("value", "n", "low", "high") else str(value)


def _told(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Per indicator and year: areas, groups, and how many figures are shown, hidden, and not there."""
    told = []
    for (name, year), rows in figures.groupby(["indicator", "year"], sort=True):
        hidden = int((rows["reason"] == HIDDEN).fillna(False).sum())
        shown = int(rows["value"].notna().sum())
        told.append(
            {
                "indicator": str(name), "year": int(str(year)), "areas": int(rows["area_code"].nunique()),
                "groups": int(rows["group"].nunique()), "shown": shown, "hidden": hidden, "missing": len(rows) - shown - hidden,
            }
        )  # fmt: skip
    return told
