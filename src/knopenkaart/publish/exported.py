# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables that may leave a study as files; named here because neither `--help` nor a page waits for pandas."""

from __future__ import annotations

from typing import Literal, get_args

TableName = Literal[
    "places",
    "areas",
    "coverage",
    "duplicates",
    "edges",
    "homes",
    "residents",
    "reach_places",
    "reach_homes",
    "reach_counts",
    "reach_areas",
    "gaps",
    "overlaps",
    "competition",
    "supply",
    "place_slots",
    "reach_open",
    "isochrones",
]
TABLES: tuple[TableName, ...] = get_args(TableName)
# With a row per home: large, and of use to few. Pages do not offer them, and `knopenkaart access --tables` does not write them.
A_ROW_PER_HOME: tuple[TableName, ...] = ("homes", "reach_homes", "reach_counts")
# Tables of reach and of residents, beside the isochrones, which are a map.
_NOT_THESE = (*A_ROW_PER_HOME, "isochrones")
REACH_FILES: tuple[TableName, ...] = tuple(name for name in TABLES[TABLES.index("residents") :] if name not in _NOT_THESE)
