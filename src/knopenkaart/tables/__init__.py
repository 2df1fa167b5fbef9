# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables that travel between rooms, and those of them that make a study."""

from __future__ import annotations

from collections.abc import Mapping

from knopenkaart.tables.core import Column, Kind, Table, encode_json, from_records, to_records
from knopenkaart.tables.inventory import (
    ADDRESSES,
    AREAS,
    ATTRIBUTES,
    BASEMAP,
    BOUNDARIES,
    COVERAGE,
    DECISIONS,
    DUPLICATES,
    FEATURES,
    FIGURES,
    NOTICES,
    PLACES,
    POINTS,
    SOURCES,
    STREETS,
)
from knopenkaart.tables.operation import MONEY, ROOM_HOURS
from knopenkaart.tables.reach import (
    CELLS,
    COMPETITION,
    EDGES,
    ENTRANCES,
    GAPS,
    HOMES,
    ISOCHRONES,
    OVERLAPS,
    PLACE_SLOTS,
    REACH_AREAS,
    REACH_COUNTS,
    REACH_HOMES,
    REACH_OPEN,
    REACH_PLACES,
    RESIDENTS,
    SUPPLY,
)
from knopenkaart.tables.visits import CARDS, COUNTS, SERIES

# Of a study.
ALL: Mapping[str, Table] = {
    table.name: table
    for table in (
        PLACES,
        ATTRIBUTES,
        DECISIONS,
        DUPLICATES,
        AREAS,
        FIGURES,
        COVERAGE,
        ADDRESSES,
        FEATURES,
        STREETS,
        POINTS,
        BOUNDARIES,
        BASEMAP,
        SOURCES,
        NOTICES,
        ENTRANCES,
        EDGES,
        CELLS,
        HOMES,
        RESIDENTS,
        REACH_PLACES,
        REACH_HOMES,
        REACH_COUNTS,
        REACH_AREAS,
        GAPS,
        OVERLAPS,
        COMPETITION,
        SUPPLY,
        PLACE_SLOTS,
        REACH_OPEN,
        ISOCHRONES,
    )
}

# Of what people counted, answered and wrote down; none of it is in a study.
OBSERVED: Mapping[str, Table] = {table.name: table for table in (COUNTS, CARDS, SERIES, ROOM_HOURS, MONEY)}

__all__ = [
    "ADDRESSES",
    "ALL",
    "AREAS",
    "ATTRIBUTES",
    "BASEMAP",
    "BOUNDARIES",
    "CARDS",
    "CELLS",
    "COMPETITION",
    "COUNTS",
    "COVERAGE",
    "DECISIONS",
    "DUPLICATES",
    "EDGES",
    "ENTRANCES",
    "FEATURES",
    "FIGURES",
    "GAPS",
    "HOMES",
    "ISOCHRONES",
    "MONEY",
    "NOTICES",
    "OBSERVED",
    "OVERLAPS",
    "PLACES",
    "PLACE_SLOTS",
    "POINTS",
    "REACH_AREAS",
    "REACH_COUNTS",
    "REACH_HOMES",
    "REACH_OPEN",
    "REACH_PLACES",
    "RESIDENTS",
    "ROOM_HOURS",
    "SERIES",
    "SOURCES",
    "STREETS",
    "SUPPLY",
    "Column",
    "Kind",
    "Table",
    "encode_json",
    "from_records",
    "to_records",
]
