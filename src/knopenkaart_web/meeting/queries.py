# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the model gives per area, per place and per pair of groups."""

from __future__ import annotations

import json
from typing import Any

from knopenkaart_web.meeting.opening import ALL, Opened, Row
from knopenkaart_web.meeting.views_data import AreaMeeting, Badge, Band, Driver, Pair, PlaceMeeting, Settling, SlotMeeting, Verdict

_PLACE = ("encounters", "familiar", "familiar_share", "across_share", "closed_elastic", "closed_fixed", "closed_across", "closed_sure")
_PLACE_MORE = ("potential", "potential_how", "present", "segregation", "segregation_null")


def areas(found: Opened) -> list[AreaMeeting]:
    """Every area and group, the whole study first, as they were written."""
    return [_area(row) for row in found.file.rows("meeting_areas")]


def area(found: Opened, code: str = ALL, *, group: str = ALL) -> AreaMeeting | None:
    """One group of one area; None where it was not reckoned."""
    rows = found.file.rows("meeting_areas", area_code=code, group=group)
    return _area(rows[0]) if rows else None


def _area(row: Row) -> AreaMeeting:
    return AreaMeeting(
        code=row["area_code"],
        level=row["level"],
        group=row["group"],
        people=row["people"],
        visits=row["visits"],
        encounters=row["encounters"],
        familiar=_band(row, "familiar"),
        across=_band(row, "across"),
        covered=row["covered"],
        covered_across=row["covered_across"],
        above=row["above"],
        badge=Badge(row["badge"]),
    )


def _band(row: Row, name: str) -> Band:
    return Band(row[name], row[f"{name}_low"], row[f"{name}_high"])


def places(found: Opened) -> list[PlaceMeeting]:
    """The places that are public still."""
    return [_place(row) for row in found.file.rows("meeting_places") if row["place_id"] in found.held.places]


def place(found: Opened, place_id: str) -> PlaceMeeting | None:
    """One place; None where it was not reckoned with, is not public any more, or is closed since."""
    held = found.held.places.get(place_id)
    rows = found.file.rows("meeting_places", place_id=place_id) if held is not None and held.status != "closed" else []
    return _place(rows[0]) if rows else None


def _place(row: Row) -> PlaceMeeting:
    told = {name: row[name] for name in (*_PLACE, *_PLACE_MORE)}
    return PlaceMeeting(place_id=row["place_id"], nest=row["nest"], visits=_band(row, "visits"), badge=Badge(row["badge"]), **told)


def pairs(found: Opened, *, place_id: str = "", code: str = ALL) -> list[Pair]:
    """Every group with every group, of a place or of all of them together."""
    rows = found.file.rows("meeting_matrix", place_id=place_id, area_code=code)
    return [Pair(**{name: row[name] for name in ("group", "other", "encounters", "familiar", "mixing")}) for row in rows]


def slots(found: Opened, place_id: str) -> list[SlotMeeting]:
    """The dayparts of a place in which anybody comes, per group and of everybody."""
    rows = found.file.rows("meeting_slots", place_id=place_id)
    return [SlotMeeting(**{name: row[name] for name in ("slot", "group", "visits", "encounters")}) for row in rows]


def verdict(found: Opened, code: str = ALL) -> Verdict | None:
    """Whether more places give fewer encounters; None where it was not reckoned."""
    rows = found.file.rows("verdicts", area_code=code)
    if not rows:
        return None
    row = rows[0]
    return Verdict(
        verdict=row["verdict"],
        chance=row["chance"],
        elasticity=_band(row, "elasticity"),
        threshold=_band(row, "threshold"),
        counted=row["counted"],
        settle=tuple(Settling(what=item["what"], gain=item["gain"]) for item in _listed(row["settle"])),
    )


def drivers(found: Opened, code: str = ALL, *, measure: str = "familiar") -> list[Driver]:
    """What each assumption makes of the answer, that which moves it most first."""
    rows = [row for row in found.file.rows("tornado", area_code=code) if row["measure"] == measure]
    names = ("measure", "assumption", "low", "high", "at_low", "base", "at_high")
    return sorted((Driver(**{name: row[name] for name in names}) for row in rows), key=lambda item: (-item.swing, item.assumption))


def _listed(text: str | None) -> list[dict[str, Any]]:
    return list(json.loads(text)) if text else []
