# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known of the reach of one place, and of the homes around it: frozen values in the language of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from knopenkaart_web.reach.opening import Opened, Row, choices, opened
from knopenkaart_web.reach.views_data import BandRow, Cells, GroupBands, PlaceReach, RivalRow, SharedRow
from knopenkaart_web.reach.words import ALL, group_label, what_label

__all__ = ["choices", "homes_layer", "isochrones", "place"]


def place(slug: str, place_id: str, *, lang: str) -> PlaceReach | None:
    """The reach of one place; None for one that was not there, or had no location, when it was reckoned, and for a closed one."""
    found = opened(slug)
    if found is None or not _can_be_reached(found, place_id):
        return None
    rows = found.file.rows("reach_places", place_id=place_id)
    if not rows:
        return None
    walk = [row for row in rows if row["mode"] == "walk"]
    longest = max(walk, key=lambda row: row["minutes"], default=rows[0])
    return PlaceReach(
        about=found.about,
        assumed=any(row["basis"] == "assumed" for row in rows),
        complete=bool(longest["complete"]),
        border=bool(longest["border"]),
        bands=_bands([row for row in rows if row["group"] == ALL]),
        groups=_groups_of_place(walk, lang),
        rivals=[_rival(row, lang) for row in found.file.rows("competition", place_id=place_id)],
        shared=_shared(found, place_id, lang),
    )


def _can_be_reached(found: Opened, place_id: str) -> bool:
    """What closed since has no visitors, whatever an older reckoning says."""
    record = found.held.places.get(place_id)
    return record is not None and record.status != "closed"


def _bands(rows: Iterable[Row]) -> list[BandRow]:
    by_minutes: dict[int, dict[str, Cells]] = {}
    for row in rows:
        cells = Cells(people=row["people"], low=row["low"], high=row["high"], complete=bool(row["complete"]))
        by_minutes.setdefault(row["minutes"], {})[row["mode"]] = cells
    return [BandRow(minutes=minutes, walk=found.get("walk"), cycle=found.get("cycle")) for minutes, found in sorted(by_minutes.items())]


def _groups_of_place(rows: Iterable[Row], lang: str) -> list[GroupBands]:
    people: dict[str, dict[int, Cells]] = {}
    for row in rows:
        cells = Cells(people=row["people"], low=row["low"], high=row["high"], complete=bool(row["complete"]))
        people.setdefault(row["group"], {})[row["minutes"]] = cells
    return [
        GroupBands(label=group_label(group, lang), bands=tuple(bands[minutes] for minutes in sorted(bands)))
        for group, bands in people.items()
        if group != ALL
    ]


def _rival(row: Row, lang: str) -> RivalRow:
    return RivalRow(
        label=what_label(row["function"], lang),
        rivals=row["rivals"],
        people=row["people"],
        people_divided=row["people_divided"],
        complete=bool(row["complete"]),
    )


def _shared(found: Opened, place_id: str, lang: str) -> list[SharedRow]:
    """Places that share most of their people with this one, those that share most first."""
    rows = []
    for mine, other in (("a", "b"), ("b", "a")):
        for row in found.file.rows("overlaps", **{f"place_{mine}": place_id}):
            link = found.link(row[f"place_{other}"], lang)
            if link is not None:
                rows.append(SharedRow(place=link, share_here=row[f"share_{mine}"], share_there=row[f"share_{other}"]))
    return sorted(rows, key=lambda row: (-(row.share_here or 0) - (row.share_there or 0), row.place.label))


def isochrones(slug: str, place_id: str) -> dict[str, Any] | None:
    """The ground within reach of a place as GeoJSON, the largest first, empty for a place that has none; None where nothing was
    reckoned."""
    found = opened(slug)
    if found is None:
        return None
    rows = found.file.rows("isochrones", place_id=place_id) if _can_be_reached(found, place_id) else []
    ordered = sorted(rows, key=lambda row: (row["mode"], -row["minutes"]))
    features = [
        {"type": "Feature", "geometry": json.loads(row["geometry"]), "properties": {"mode": row["mode"], "minutes": row["minutes"]}}
        for row in ordered
    ]
    return {"type": "FeatureCollection", "features": features}


def homes_layer(slug: str) -> dict[str, Any] | None:
    """Squares of homes with the minutes to everything, and when they were reckoned; None where nothing was, or where a place is hidden
    since: minutes from all around would tell where it is."""
    found = opened(slug)
    text = found.file.layer("homes") if found and found.only_public else None
    return None if found is None or text is None else {**json.loads(text), **found.about.told()}
