# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file in which a page looks up who meets whom and how many places: tables in one SQLite database, written once and only read.

The tables of knopenkaart.tables.meeting with people as they may be shown, and `about` (one row): docs/reference/meeting-file.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from knopenkaart.publish.table_file import TableFile

# The number goes up where pages could not read what is there: a file of another form is not read, and one of this form takes its place.
# A column more is no other form: what is not there yet was not reckoned.
NAME = "meeting-3.sqlite"
# Columns by which rows are looked up.
INDEXES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "meeting_places": (("place_id",), ("group",)),
    "meeting_contribution": (("place_id",),),
    "meeting_pull": (("place_id",),),
    "meeting_rivals": (("place_id",),),
    "meeting_origins": (("place_id",),),
    "meeting_slots": (("place_id",),),
    "meeting_areas": (("area_code",), ("level", "group")),
    "meeting_matrix": (("place_id",),),
    "curve_points": (("area_code",),),
    "curve_order": (("area_code",),),
    "curve_open": (("area_code", "places"),),
    "curve_findings": (("area_code",),),
    "curve_grid": (("area_code", "demand"),),
    "thesis": (("area_code",),),
    "meeting_drivers": (("area_code",),),
}


@dataclass(frozen=True, slots=True)
class MeetingFile(TableFile):
    """A written file; every question opens it anew, so that it may be replaced at any time."""

    TABLES: ClassVar[Collection[str]] = INDEXES.keys()

    def about(self) -> dict[str, Any]:
        """When and how it was made: made_at, engine_version, day (of the data), seed, draws, times, weeks, badge, assumed (residents),
        groups, functions, slots (id, nl, en), places, counted (ids), hours_known, convention, habits, assumptions (name, value, low, high,
        tag, source, source_en), sources (title, date)."""
        return self._about()
