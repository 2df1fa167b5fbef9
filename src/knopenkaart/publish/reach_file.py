# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file in which a page looks up what is known about reach: protected tables in one SQLite database, written once and only read.

The tables of knopenkaart.tables with people as they may be shown, and besides: `about` (one row), `homes` and `addresses` to find a home,
`near` with what is near each home (places by their number in `places`), and `layers` with what the map draws: docs/reference/reach-file.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from knopenkaart.publish.table_file import TableFile
from knopenkaart.text import fold

# The number goes up with every change of form: a file of another form is not read, and one of this form takes its place.
NAME = "reach-1.sqlite"
# Homes are looked for in squares of so many degrees: some two hundred metres of latitude.
CELL_DEGREES = 0.002
# Columns by which rows are looked up.
INDEXES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "reach_places": (("place_id",), ("group", "mode", "minutes")),
    "reach_areas": (("area_code",), ("what", "group", "mode")),
    "gaps": (("area_code",), ("what", "group", "mode", "minutes")),
    "overlaps": (("place_a",), ("place_b",)),
    "competition": (("place_id",),),
    "supply": (("area_code",), ("function", "group")),
    "place_slots": (("place_id",),),
    "reach_open": (("area_code",), ("what", "slot")),
    "residents": (("area_code",),),
    "isochrones": (("place_id",),),
    "homes": (("cell_x", "cell_y"), ("home",)),
    "near": (("home",),),
    "places": (("number",),),
    "addresses": (("street_key", "number"), ("postcode_key", "number"), ("home",)),
}


def cell(degrees: float) -> int:
    """The square in which a coordinate lies."""
    return int(degrees // CELL_DEGREES)


@dataclass(frozen=True, slots=True)
class ReachFile(TableFile):
    """A written file; every question opens it anew, so that it may be replaced at any time."""

    TABLES: ClassVar[Collection[str]] = INDEXES.keys()

    def about(self) -> dict[str, Any]:
        """When and how it was made: made_at, policy, day, minutes, near_min, groups (with their dimension), functions, slots, sources."""
        return self._about()

    def layer(self, name: str) -> str | None:
        """A layer of the map as JSON text; None where there is none."""
        with self._open() as connection:
            row = connection.execute("SELECT document FROM layers WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def near(self, home: int, mode: str) -> dict[str, Any] | None:
        """What is near a home: `near` (what -> place, minutes), `within` (minutes -> nodes, functions); None for one without a street."""
        with self._open() as connection:
            row = connection.execute("SELECT document FROM near WHERE home = ? AND mode = ?", (home, mode)).fetchone()
            if row is None:
                return None
            document = dict(json.loads(row[0]))
            numbers = {number for number, _ in document["near"].values()}
            marks = ", ".join("?" * len(numbers))
            found = connection.execute(f"SELECT number, place_id FROM places WHERE number IN ({marks})", tuple(numbers))  # noqa: S608
            places = dict(found.fetchall())
        return document | {"near": {what: (places[number], minutes) for what, (number, minutes) in document["near"].items()}}

    def homes_around(self, lon: float, lat: float) -> list[dict[str, Any]]:
        """The homes in the square of a point and the eight around it."""
        x, y = cell(lon), cell(lat)
        query = "SELECT * FROM homes WHERE cell_x BETWEEN ? AND ? AND cell_y BETWEEN ? AND ?"
        with self._open() as connection:
            return [dict(row) for row in connection.execute(query, (x - 1, x + 1, y - 1, y + 1))]

    def addresses(self, *, street: str = "", postcode: str = "", number: int | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Addresses whose street begins with some letters, or of a postcode; of one house number where that is given."""
        conditions, values = [], []
        if street:
            conditions.append("street_key >= ? AND street_key < ?")
            values += [fold(street), fold(street) + "\U0010ffff"]
        if postcode:
            conditions.append("postcode_key = ?")
            values.append(fold(postcode).replace(" ", ""))
        if number is not None:
            conditions.append("number = ?")
            values.append(str(number))
        if not conditions:
            return []
        order = "street_key, CAST(number AS INTEGER), number, label"
        query = f"SELECT * FROM addresses WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT {int(limit)}"  # noqa: S608
        with self._open() as connection:
            return [dict(row) for row in connection.execute(query, tuple(values))]
