# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""With which places a place competes, and from where its visits come, as it was reckoned."""

from __future__ import annotations

from dataclasses import dataclass

from knopenkaart_web.meeting.opening import Opened, Row
from knopenkaart_web.meeting.queries import public
from knopenkaart_web.meeting.views_data import SURE, Badge, Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """From how far visits come (metres), and which part of them would stay at home if the place closed; `draws`: of so many towns bounds
    are."""

    half: Band
    most: Band
    home_elastic: Band
    home_fixed: Band
    draws: int
    badge_origins: Badge
    badge_moved: Badge


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another place: the part of the visits that would go there if the place closed, and by which part it would have more then."""

    place_id: str
    position: int
    goes_elastic: Band
    goes_fixed: Band
    more_elastic: Band
    more_fixed: Band
    ahead: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An area from which ten or more visits a week come, and what part of the visits these are."""

    code: str
    level: str
    share: Band


def pull(found: Opened, place_id: str) -> Pull | None:
    """From how far visits come and how many would stay at home; None where that may not be told or was not reckoned."""
    rows = found.file.rows("meeting_pull", place_id=place_id)
    if not rows or not public(found, place_id):
        return None
    row = rows[0]
    return Pull(
        half=Band.of(row, "half_m"),
        most=Band.of(row, "most_m"),
        home_elastic=Band.of(row, "home_elastic"),
        home_fixed=Band.of(row, "home_fixed"),
        draws=row["draws"],
        badge_origins=Badge(row["badge_origins"]),
        badge_moved=Badge(row["badge_moved"]),
    )


def rivals(found: Opened, place_id: str) -> list[Rival]:
    """The places that would get most and may be told of, that with most first."""
    rows = found.file.rows("meeting_rivals", place_id=place_id) if public(found, place_id) else []
    return sorted((_rival(row) for row in rows if public(found, row["rival_id"])), key=lambda item: item.position)


def in_order(items: list[Rival]) -> bool:
    """Whether each surely gets more than the next one, and the last more than any that is left out: only then their order tells."""
    sure = [item.ahead is not None and item.ahead >= SURE for item in items[:-1]]
    last = not items or items[-1].ahead is None or items[-1].ahead >= SURE
    return all(sure) and last and [item.position for item in items] == list(range(1, len(items) + 1))


def origins(found: Opened, place_id: str) -> list[Origin]:
    """The areas from which ten or more visits come."""
    rows = found.file.rows("meeting_origins", place_id=place_id) if public(found, place_id) else []
    return [Origin(code=row["area_code"], level=row["level"], share=Band.of(row, "share")) for row in rows]


def _rival(row: Row) -> Rival:
    parts = ("goes_elastic", "goes_fixed", "more_elastic", "more_fixed")
    return Rival(place_id=row["rival_id"], position=row["position"], ahead=row["ahead"], **{name: Band.of(row, name) for name in parts})
