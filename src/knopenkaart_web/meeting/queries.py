# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the model gives per area, per place and per pair of groups."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from knopenkaart_web.meeting.opening import ALL, Opened, Row, opened
from knopenkaart_web.meeting.views_data import (
    NO_BAND,
    AreaMeeting,
    Badge,
    Band,
    Contribution,
    Driver,
    Pair,
    PlaceMeeting,
    Settling,
    SlotMeeting,
    Verdict,
)

# From this part of its residents an area is more than an edge.
WHOLE_FROM = 0.5


def areas(found: Opened) -> list[AreaMeeting]:
    """Every area and group, as they were written."""
    rows = found.file.rows("meeting_areas")
    edges = {row["area_code"] for row in rows if row["group"] == ALL and _is_edge(found, row)}
    return [_area(row, edge=row["area_code"] in edges) for row in rows]


def _is_edge(found: Opened, row: Row) -> bool:
    """Whether fewer than half of the residents of an area are in the study; without their number what the sources cover tells it."""
    item = found.held.areas.get(row["area_code"])
    if item is None:
        return False
    if item.population and row["people"] is not None:
        return bool(row["people"] < item.population * WHOLE_FROM)
    return item.coverage_status == "marginal"


def area(found: Opened, code: str = ALL, *, group: str = ALL) -> AreaMeeting | None:
    """One group of one area; None where it was not reckoned."""
    rows = found.file.rows("meeting_areas", area_code=code, group=group)
    return _area(rows[0]) if rows else None


def _area(row: Row, *, edge: bool = False) -> AreaMeeting:
    return AreaMeeting(
        code=row["area_code"],
        level=row["level"],
        group=row["group"],
        people=row["people"],
        visits=row["visits"],
        encounters=row["encounters"],
        familiar=Band.of(row, "faces"),
        across=Band.of(row, "faces_across"),
        visits_between=Band.of(row, "visits"),
        encounters_between=Band.of(row, "encounters"),
        covered_between=Band.of(row, "reached"),
        covered_across_between=Band.of(row, "reached_across"),
        covered=row["reached"],
        covered_across=row["reached_across"],
        above=row.get("above"),
        edge=edge,
    )


def places(found: Opened) -> list[PlaceMeeting]:
    """The places of the study that are public still, as are the counts of them that were used."""
    rows = found.file.rows("meeting_places", group=ALL)
    shares = _shares(found)
    return [_place(row, shares) for row in rows if public(found, row["place_id"]) and not found.held.places[row["place_id"]].neighbour]


def place(found: Opened, place_id: str) -> PlaceMeeting | None:
    """One place; None where it was not reckoned with, is not public any more, or is closed since."""
    rows = found.file.rows("meeting_places", place_id=place_id, group=ALL)
    return _place(rows[0], _shares(found)) if rows and public(found, place_id) else None


def visits_badge(found: Opened) -> Badge:
    """What visits of all places together rest on: estimated where at least half of them are at places that the data tell of."""
    rows = found.file.rows("meeting_places", group=ALL)
    whole = sum(row["visits"] or 0 for row in rows)
    known = sum(row["visits"] or 0 for row in rows if row["badge"] != Badge.ASSUMED)
    return Badge.ESTIMATED if whole and known >= whole / 2 else Badge.ASSUMED


def groups_badge(found: Opened, place_id: str) -> Badge:
    """What is reckoned of the groups of a place rests on: that of its groups which is known least; it is never measured."""
    rows = [row for row in found.file.rows("meeting_places", place_id=place_id) if row["group"] != ALL]
    return Badge.ESTIMATED if rows and all(row["badge"] != Badge.ASSUMED for row in rows) else Badge.ASSUMED


def reckoned(slug: str, place_id: str) -> bool:
    """Whether it was reckoned who meets whom at a place."""
    found = opened(slug)
    return found is not None and place(found, place_id) is not None


def public(found: Opened, place_id: str) -> bool:
    """Whether a place may be told of: everybody sees it still, and also the counts of it that were used."""
    held = found.held.places.get(place_id)
    withheld = place_id in found.state.taken_back and place_id in found.document.get("counted", ())
    return held is not None and held.status != "closed" and not withheld


def _shares(found: Opened) -> dict[str, tuple[Band, Band]]:
    """The part of all recognition that goes by way of each place of the study of which that may be told, and the bounds of what of it is
    between groups."""
    rows = found.file.rows("meeting_contribution")
    whole = area(found)
    total = whole.familiar.value if whole and whole.familiar.value else sum(row["attributed"] for row in rows)
    if not total:
        return {}
    between = ((row, [row.get(f"{name}_{end}") for name in ("part", "part_across") for end in ("low", "high")]) for row in rows)
    return {row["place_id"]: (Band(min(1.0, row["attributed"] / total), *ends[:2]), Band(None, *ends[2:])) for row, ends in between}


def _place(row: Row, shares: dict[str, tuple[Band, Band]]) -> PlaceMeeting:
    faces, across = row["faces"], row["faces_across"]
    share, ends = shares.get(row["place_id"], (NO_BAND, NO_BAND))
    across_share = across / faces if faces and across is not None else None
    return PlaceMeeting(
        place_id=row["place_id"],
        function=row["function"],
        visits=Band.of(row, "visits"),
        encounters=row["encounters"],
        share=share.value,
        across_share=across_share,
        badge=Badge(row["badge"]),
        share_between=share,
        across_share_between=Band(across_share, ends.low, ends.high),
    )


def contribution(found: Opened, place_id: str) -> Contribution | None:
    """What a place adds; None where that was not reckoned."""
    rows = found.file.rows("meeting_contribution", place_id=place_id)
    if not rows:
        return None
    told: dict[str, Any] = {item.name: rows[0].get(item.name) for item in fields(Contribution)}
    return Contribution(**told)


def recognised(found: Opened) -> dict[str, float]:
    """Per place how many of the others who are there during a visit one recognises: the number that visitors give on a card."""
    rows = found.file.rows("meeting_places", group=ALL)
    return {row["place_id"]: row["present"] for row in rows if row.get("present") is not None}


def pairs(found: Opened, *, place_id: str = ALL) -> list[Pair]:
    """Every group with every group, at a place or at all of them together."""
    rows = found.file.rows("meeting_matrix", place_id=place_id)
    return [
        Pair(group=row["group"], other=row["other"], encounters=row["encounters"], familiar=row["faces"], ratio=row["ratio"])
        for row in rows
    ]


def slots(found: Opened, place_id: str) -> dict[str, SlotMeeting]:
    """The dayparts of a place in which somebody is expected."""
    rows = found.file.rows("meeting_slots", place_id=place_id)
    names = ("slot", "visits", "encounters")
    told = ({name: row[name] for name in names} | {name: bool(row.get(name)) for name in ("hours_known", "counted")} for row in rows)
    return {row["slot"]: SlotMeeting(**row) for row in told}


def verdict(found: Opened, code: str = ALL) -> Verdict | None:
    """Whether more places give fewer encounters; None where it was not reckoned."""
    rows = found.file.rows("thesis", area_code=code)
    if not rows:
        return None
    row = rows[0]
    settle = (Settling(what=row[name], sure=row[f"{name}_sure"]) for name in ("measure_first", "measure_second") if row[name])
    return Verdict(
        verdict=row["verdict"],
        chance=row["probability"],
        elasticity=Band.of(row, "elasticity"),
        threshold=Band.of(row, "threshold"),
        counted=row["counted"],
        settle=tuple(settle),
    )


def drivers(found: Opened, code: str = ALL) -> list[Driver]:
    """What each assumption makes of the answer: what can be measured before conventions, and that which moves it most first."""
    rows = [row for row in found.file.rows("meeting_drivers", area_code=code) if "kept" in row]
    return sorted((_driver(row) for row in rows), key=lambda item: (item.convention, -item.swing, item.assumption))


def _driver(row: Row) -> Driver:
    return Driver(
        assumption=row["name"],
        convention=row["kind"] == "convention",
        low=row["low"],
        high=row["high"],
        taken=row["value"],
        as_taken=row["faces"],
        at_low=row["faces_low"],
        at_high=row["faces_high"],
        places=row["places"],
        kept=row["kept"],
        kept_low=row["kept_low"],
        kept_high=row["kept_high"],
        best_low=row["best_low"],
        best_high=row["best_high"],
        badge=Badge(row["badge"]),
    )
