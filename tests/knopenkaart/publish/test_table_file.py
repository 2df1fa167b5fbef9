# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking up in a file of tables: what was asked for, and nothing where the file is older than the table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knopenkaart.publish.meeting_file import MeetingFile


def test_a_file_without_a_table_has_no_rows_of_it(tmp_path: Path) -> None:
    target = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("CREATE TABLE curve_order (area_code, place_id)")
        connection.executemany("INSERT INTO curve_order VALUES (?, ?)", [("all", "a"), ("W1", "a")])
        connection.commit()
    file = MeetingFile(target)
    assert file.rows("curve_order", area_code="all") == [{"area_code": "all", "place_id": "a"}]
    assert file.rows("curve_open", area_code="all") == []
    with pytest.raises(KeyError):
        file.rows("homes")
