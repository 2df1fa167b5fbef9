# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file in which a page looks up who meets whom and how many places: tables in one SQLite database, written once and only read.

The tables of knopenkaart.tables.meeting with people as they may be shown, and `about` (one row): docs/reference/meeting-file.md.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

# The number goes up with every change of form: a file of another form is not read, and one of this form takes its place.
NAME = "meeting-1.sqlite"
# Columns by which rows are looked up.
INDEXES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "meeting_places": (("place_id",), ("group",)),
    "meeting_contribution": (("place_id",),),
    "meeting_slots": (("place_id",),),
    "meeting_areas": (("area_code",), ("level", "group")),
    "meeting_matrix": (("place_id",),),
    "curve_points": (("area_code",),),
    "curve_order": (("area_code",),),
    "curve_findings": (("area_code",),),
    "curve_grid": (("area_code", "demand"),),
    "thesis": (("area_code",),),
    "meeting_drivers": (("area_code",),),
}


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """A written file; every question opens it anew, so that it may be replaced at any time."""

    path: Path

    def about(self) -> dict[str, Any]:
        """When and how it was made: made_at, engine_version, day (of the data), seed, draws, times, weeks, badge, assumed (residents),
        groups, functions, slots (id, nl, en), places, counted (ids), hours_known, convention, habits, assumptions (name, value, low, high,
        tag, source, source_en), sources (title, date)."""
        with self._open() as connection:
            row = connection.execute("SELECT document FROM about").fetchone()
        return dict(json.loads(row[0]))

    def rows(self, table: str, **where: str | int) -> list[dict[str, Any]]:
        """The rows of a table with these values in these columns, as they were written. Raises KeyError for another table."""
        if table not in INDEXES:
            raise KeyError(table)
        conditions = " AND ".join(f'"{name}" = ?' for name in where)
        query = f'SELECT * FROM "{table}"' + (f" WHERE {conditions}" if where else "") + " ORDER BY rowid"  # noqa: S608  (our own names)
        with self._open() as connection:
            return [dict(row) for row in connection.execute(query, tuple(where.values()))]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro&immutable=1", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()
