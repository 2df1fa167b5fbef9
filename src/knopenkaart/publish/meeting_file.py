# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file in which a page looks up who meets whom: the tables of knopenkaart.tables.meeting in one SQLite database, only read by pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

# The number goes up with every change of form: a file of another form is not read, and one of this form takes its place.
NAME = "meeting-1.sqlite"
# Columns by which rows are looked up.
INDEXES: Mapping[str, tuple[str, ...]] = {
    "meeting_areas": ("area_code",),
    "meeting_matrix": ("place_id", "area_code"),
    "meeting_places": ("place_id",),
    "meeting_slots": ("place_id",),
    "curve_points": ("area_code", "demand", "programme"),
    "curve_plateaus": ("area_code",),
    "curve_grid": ("area_code", "demand", "programme"),
    "verdicts": ("area_code",),
    "tornado": ("area_code",),
}


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """A written file; every question opens it anew, so that it may be replaced at any time."""

    path: Path

    def about(self) -> dict[str, Any]:
        """When and how it was made: made_at, engine_version, day (of the data), seed, draws, times, weeks, badge, dimension, groups, nests,
        slots (id, nl, en), assumed (residents), assumptions (name, value, low, high, tag, source, source_en), sources (title, date)."""
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


def write(target: Path, about: Mapping[str, Any], tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> None:
    """Write the file: `about` as a document, and per table its columns and rows in plain values, people protected before.

    A table of INDEXES that is not given has no rows. Raises KeyError for a table that is not in INDEXES.
    """
    unknown = tables.keys() - INDEXES.keys()
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("CREATE TABLE about (document TEXT)")
        connection.execute("INSERT INTO about VALUES (?)", (json.dumps(about, ensure_ascii=False),))
        for name, indexed in INDEXES.items():
            columns, rows = tables.get(name, (indexed, ()))
            quoted = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({quoted})')
            marks = ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', map(tuple, rows))  # noqa: S608  (our own names)
            by = ", ".join(f'"{column}"' for column in indexed)
            connection.execute(f'CREATE INDEX "{name}_rows" ON "{name}" ({by})')
        connection.commit()
