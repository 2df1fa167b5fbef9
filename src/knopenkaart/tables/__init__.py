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
from knopenkaart.tables.meeting import MEETING
from knopenkaart.tables.monitor import MONITOR_AREAS, MONITOR_FIGURES, MONITOR_LINKS
from knopenkaart.tables.operation import (
    COMPARISONS,
    COST_FIGURES,
    MONEY,
    OCCUPANCY,
    PLACE_FACTS,
    ROOM_HOURS,
    SIGNALS,
    SOCIAL_VALUE,
)
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
from knopenkaart.tables.visits import (
    CARDS,
    COUNTS,
    FORECASTS,
    MONTHS,
    SEASON,
    SERIES,
    SERIES_FINDINGS,
    VISIT_ESTIMATES,
)

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
OBSERVED: Mapping[str, Table] = {
    table.name: table
    for table in (
        COUNTS,
        CARDS,
        SERIES,
        VISIT_ESTIMATES,
        MONTHS,
        SERIES_FINDINGS,
        SEASON,
        FORECASTS,
        ROOM_HOURS,
        MONEY,
        PLACE_FACTS,
        OCCUPANCY,
        COST_FIGURES,
        SIGNALS,
        SOCIAL_VALUE,
        COMPARISONS,
    )
}

# Of the Wijkmonitor: a folder of its own, of a country or of one municipality. It has the tables sources and notices too.
MONITORED: Mapping[str, Table] = {table.name: table for table in (MONITOR_AREAS, MONITOR_FIGURES, MONITOR_LINKS)}

__all__ = [
    "ADDRESSES",
    "ALL",
    "AREAS",
    "ATTRIBUTES",
    "BASEMAP",
    "BOUNDARIES",
    "CARDS",
    "CELLS",
    "COMPARISONS",
    "COMPETITION",
    "COST_FIGURES",
    "COUNTS",
    "COVERAGE",
    "DECISIONS",
    "DUPLICATES",
    "EDGES",
    "ENTRANCES",
    "FEATURES",
    "FIGURES",
    "FORECASTS",
    "GAPS",
    "HOMES",
    "ISOCHRONES",
    "MEETING",
    "MONEY",
    "MONITORED",
    "MONITOR_AREAS",
    "MONITOR_FIGURES",
    "MONITOR_LINKS",
    "MONTHS",
    "NOTICES",
    "OBSERVED",
    "OCCUPANCY",
    "OVERLAPS",
    "PLACES",
    "PLACE_FACTS",
    "PLACE_SLOTS",
    "POINTS",
    "REACH_AREAS",
    "REACH_COUNTS",
    "REACH_HOMES",
    "REACH_OPEN",
    "REACH_PLACES",
    "RESIDENTS",
    "ROOM_HOURS",
    "SEASON",
    "SERIES",
    "SERIES_FINDINGS",
    "SIGNALS",
    "SOCIAL_VALUE",
    "SOURCES",
    "STREETS",
    "SUPPLY",
    "VISIT_ESTIMATES",
    "Column",
    "Kind",
    "Table",
    "encode_json",
    "from_records",
    "to_records",
]
