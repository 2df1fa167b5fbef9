# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file in which a page looks up what was reckoned: tables in one SQLite database, written once and only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class TableFile:
    """A written file; every question opens it anew, so that it may be replaced at any time. `TABLES`: the tables that may be asked for."""

    TABLES: ClassVar[Collection[str]] = ()

    path: Path

    def rows(self, table: str, **where: str | int) -> list[dict[str, Any]]:
        """The rows of a table with these values in these columns, as they were written; none where the file is older than the table.

        Raises KeyError for another table.
        """
        if table not in self.TABLES:
            raise KeyError(table)
        conditions = " AND ".join(f'"{name}" = ?' for name in where)
        query = f'SELECT * FROM "{table}"' + (f" WHERE {conditions}" if where else "") + " ORDER BY rowid"  # noqa: S608  (our own names)
        with self._open() as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone() is None:
                return []
            return [dict(row) for row in connection.execute(query, tuple(where.values()))]

    def _about(self) -> dict[str, Any]:
        """The one row that tells when and how the file was made."""
        with self._open() as connection:
            row = connection.execute("SELECT document FROM about").fetchone()
        return dict(json.loads(row[0]))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro&immutable=1", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()
