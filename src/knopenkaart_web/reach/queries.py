# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every read of reach: frozen values in the language of the page; None where nothing was reckoned for a study (yet)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from knopenkaart.publish.reach_file import ReachFile
from knopenkaart_web.places.queries.index import Index, index
from knopenkaart_web.places.words import kind_label
from knopenkaart_web.reach.views_data import (
    About,
    AreaReach,
    AreaRow,
    BandRow,
    Choice,
    Cluster,
    GroupBands,
    GroupRow,
    Overview,
    Placed,
    PlaceLink,
    PlaceReach,
    PlaceRow,
    RivalRow,
    Shading,
    SharedRow,
    SlotCell,
    SlotRow,
    WhatRow,
)
from knopenkaart_web.reach.words import ALL, ANY, THIRD, dimension_label, group_label, what_label
from knopenkaart_web.runs.queries import ReachState, reach_state

Row = Mapping[str, Any]


def opened(slug: str) -> tuple[ReachFile, About] | None:
    """The file of a study and when it was made, or None."""
    state = reach_state(slug)
    if state is None:
        return None
    file = ReachFile(state.path)
    return file, about(file, state)


def about(file: ReachFile, state: ReachState) -> About:
    """When and how a file was made."""
    told = file.about()
    return About(
        made_at=datetime.fromisoformat(told["made_at"]),
        day=date.fromisoformat(told["day"]),
        minutes=tuple(told["minutes"]),
        near_min=told["near_min"],
        walk_kmh=told["policy"]["walk_kmh"],
        cycle_kmh=told["policy"]["cycle_kmh"],
        sources=tuple(told["sources"]),
        basis=tuple(told["basis"]),
        stale=state.stale,
        busy=state.busy,
        failed=state.failed,
    )


# --- one place --------------------------------------------------------------------------------------------------------


def place(slug: str, place_id: str, *, lang: str) -> PlaceReach | None:
    """The reach of one place; None for one that was not there, or had no location, when it was reckoned."""
    found, held = opened(slug), index(slug)
    if found is None or held is None:
        return None
    file, told = found
    rows = file.rows("reach_places", place_id=place_id)
    if not rows:
        return None
    walk = [row for row in rows if row["mode"] == "walk"]
    longest = max(walk, key=lambda row: row["minutes"], default=rows[0])
    return PlaceReach(
        about=told,
        assumed=any(row["basis"] == "assumed" for row in rows),
        complete=bool(longest["complete"]),
        border=bool(longest["border"]),
        walk=_bands(walk),
        cycle=_bands(row for row in rows if row["mode"] == "cycle"),
        groups=_groups_of_place(walk, lang),
        rivals=[_rival(row, lang) for row in file.rows("competition", place_id=place_id)],
        shared=_shared(file, held, place_id, lang),
    )


def _bands(rows: Iterable[Row]) -> list[BandRow]:
    return [
        BandRow(
            minutes=row["minutes"],
            people=row["people"],
            low=row["low"],
            high=row["high"],
            homes=row["homes"],
            complete=bool(row["complete"]),
            border=bool(row["border"]),
        )
        for row in sorted(rows, key=lambda row: row["minutes"])
        if row["group"] == ALL
    ]


def _groups_of_place(rows: Iterable[Row], lang: str) -> list[GroupBands]:
    people: dict[str, dict[int, Any]] = {}
    for row in rows:
        people.setdefault(row["group"], {})[row["minutes"]] = row["people"]
    return [
        GroupBands(
            group=group,
            label=group_label(group, lang),
            dimension=dimension_label(group, lang),
            people=tuple(bands[minutes] for minutes in sorted(bands)),
        )
        for group, bands in people.items()
        if group != ALL
    ]


def _rival(row: Row, lang: str) -> RivalRow:
    return RivalRow(
        function=row["function"],
        label=what_label(row["function"], lang),
        rivals=row["rivals"],
        people=row["people"],
        people_divided=row["people_divided"],
    )


def _shared(file: ReachFile, held: Index, place_id: str, lang: str) -> list[SharedRow]:
    """Places that share most of their people with this one, those that share most first."""
    rows = []
    for mine, other in (("a", "b"), ("b", "a")):
        for row in file.rows("overlaps", **{f"place_{mine}": place_id}):
            link = place_link(held, row[f"place_{other}"], lang)
            if link is not None:
                rows.append(
                    SharedRow(
                        place_id=link.id,
                        label=link.label,
                        shared=row["shared"],
                        share_here=row[f"share_{mine}"],
                        share_there=row[f"share_{other}"],
                    )
                )
    return sorted(rows, key=lambda row: (-(row.share_here or 0) - (row.share_there or 0), row.label))


def place_link(held: Index, place_id: str, lang: str) -> PlaceLink | None:
    """A place by its name, or its kind where it has none; None where it is not there any more."""
    found = held.places.get(place_id)
    if found is None:
        return None
    kind = kind_label(found.kind, lang)
    return PlaceLink(id=found.id, label=found.name or kind[:1].upper() + kind[1:])


def isochrones(slug: str, place_id: str) -> dict[str, Any] | None:
    """The ground within reach of a place as GeoJSON, the largest first, empty for a place that was not there; None where nothing was
    reckoned."""
    found = opened(slug)
    if found is None:
        return None
    rows = found[0].rows("isochrones", place_id=place_id)
    ordered = sorted(rows, key=lambda row: (row["mode"], -row["minutes"]))
    features = [
        {"type": "Feature", "geometry": json.loads(row["geometry"]), "properties": {"mode": row["mode"], "minutes": row["minutes"]}}
        for row in ordered
    ]
    return {"type": "FeatureCollection", "features": features}


def homes_layer(slug: str) -> str | None:
    """Squares of homes with the minutes to everything, as JSON text; None where nothing was reckoned."""
    found = opened(slug)
    return found[0].layer("homes") if found else None


def shading(slug: str) -> Shading | None:
    """By what the map can shade areas; None where nothing was reckoned. Areas without residents are not in it."""
    found = opened(slug)
    if found is None:
        return None
    file, told = found
    areas: dict[str, dict[str, Any]] = {}
    for row in file.rows("gaps", group=ALL, mode="walk", minutes=told.near_min):
        known = areas.setdefault(row["area_code"], {"minutes": {}, "without": {}, "complete": bool(row["complete"])})
        if row["share"] is not None:
            known["without"][row["what"]] = row["share"]
    things = {ANY, THIRD, *file.about()["functions"]}
    for row in file.rows("reach_areas", group=ALL, mode="walk"):
        if row["area_code"] in areas and row["what"] in things and row["people"]:
            middle = told.longest + 1 if row["p50"] is None else round(row["p50"], 1)
            areas[row["area_code"]]["minutes"][row["what"]] = middle
    return Shading(near_min=told.near_min, longest=told.longest, areas=areas)


# --- one area ---------------------------------------------------------------------------------------------------------


def area(slug: str, code: str, *, lang: str, what: str = ANY) -> AreaReach | None:
    """What the residents of an area have near; `what` is what the groups are told of. None where nobody could be placed."""
    found = opened(slug)
    if found is None:
        return None
    file, told = found
    residents = file.rows("residents", area_code=code)
    gaps = [row for row in file.rows("gaps", area_code=code) if row["mode"] == "walk"]
    if not residents and not gaps:
        return None
    quantiles = [row for row in file.rows("reach_areas", area_code=code) if row["mode"] == "walk"]
    chosen = what if any(row["what"] == what for row in gaps) else ANY
    nodes = next((row for row in quantiles if row["what"] == "nodes" and row["group"] == ALL), {})
    return AreaReach(
        about=told,
        complete=bool(gaps and gaps[0]["complete"]),
        assumed=any(row["basis"] == "assumed" for row in residents),
        placed=_placed(residents),
        what=_what_rows(gaps, quantiles, file.rows("supply", area_code=code), told, lang),
        groups_differ=code not in set(file.about()["leaves"]),
        groups=_group_rows(gaps, quantiles, chosen, told, lang),
        group_of=Choice(id=chosen, label=what_label(chosen, lang)),
        week=_week(file, code),
        weekdays=sorted({slot["weekday"] for slot in file.about()["slots"]}),
        nodes=(nodes.get("p10"), nodes.get("p50"), nodes.get("p90")),
    )


def _placed(residents: Iterable[Row]) -> Placed | None:
    row = next((row for row in residents if row["group"] == ALL), None)
    if row is None:
        return None
    names = ("people", "placed", "not_covered", "no_home", "no_street", "homes", "basis", "year")
    return Placed(**{name: row[name] for name in names}, source=row["source"] or "")


def _what_rows(gaps: Iterable[Row], quantiles: Iterable[Row], supply: Iterable[Row], told: About, lang: str) -> list[WhatRow]:
    by_what: dict[str, dict[int, Row]] = {}
    for row in gaps:
        if row["group"] == ALL:
            by_what.setdefault(row["what"], {})[row["minutes"]] = row
    middle = {row["what"]: row for row in quantiles if row["group"] == ALL}
    offer = {row["function"]: row["per_1000"] for row in supply if row["group"] == ALL}
    return [
        WhatRow(
            what=what,
            label=what_label(what, lang),
            shares=tuple(_within(bands[minutes]) for minutes in told.minutes),
            median=middle[what]["p50"],
            p90=middle[what]["p90"],
            people=bands[told.near_min]["people"],
            without=bands[told.near_min]["without"],
            share_without=bands[told.near_min]["share"],
            per_1000=offer.get(what),
        )
        for what, bands in by_what.items()
    ]


def _within(row: Row) -> float | None:
    return None if row["share"] is None else round(1 - row["share"], 2)


def _group_rows(gaps: Iterable[Row], quantiles: Iterable[Row], what: str, told: About, lang: str) -> list[GroupRow]:
    middle = {row["group"]: row["p50"] for row in quantiles if row["what"] == what}
    return [
        GroupRow(
            group=row["group"],
            label=group_label(row["group"], lang),
            dimension=dimension_label(row["group"], lang),
            people=row["people"],
            without=row["without"],
            share_without=row["share"],
            median=middle.get(row["group"]),
        )
        for row in gaps
        if row["what"] == what and row["minutes"] == told.near_min
    ]


def _week(file: ReachFile, code: str) -> list[SlotRow]:
    """The dayparts as a table: hours down, days across."""
    slots = {slot["id"]: slot for slot in file.about()["slots"]}
    hours: dict[str, dict[int, SlotCell]] = {}
    for row in file.rows("reach_open", area_code=code):
        slot = slots[row["slot"]]
        if row["what"] == ANY:
            cell = SlotCell(label=slot["id"], share=row["share"], share_most=row["share_most"])
            hours.setdefault(f"{slot['start']}–{slot['end']}", {})[slot["weekday"]] = cell
    days = sorted({slot["weekday"] for slot in slots.values()})
    nothing = SlotCell(label="", share=None, share_most=None)
    return [SlotRow(hours=text, cells=[cells.get(day, nothing) for day in days]) for text, cells in sorted(hours.items())]


# --- the whole study --------------------------------------------------------------------------------------------------


def overview(slug: str, *, what: str, group: str, minutes: int, mode: str, lang: str) -> Overview | None:
    """Who goes without, per wijk (or municipality), and how many people live near each place; unknown choices fall back on the usual."""
    found, held = opened(slug), index(slug)
    if found is None or held is None:
        return None
    file, told = found
    document = file.about()
    whats = [ANY, *document["functions"], THIRD]
    groups = [ALL, *(item["id"] for item in document["groups"])]
    what, group = what if what in whats else ANY, group if group in groups else ALL
    minutes, mode = minutes if minutes in told.minutes else told.near_min, mode if mode in document["modes"] else "walk"
    gaps = [row for row in file.rows("gaps", group=group, mode=mode, minutes=minutes) if row["what"] == what]
    return Overview(
        about=told,
        what=[Choice(id=item, label=what_label(item, lang), chosen=item == what) for item in whats],
        groups=[Choice(id=item, label=group_label(item, lang), chosen=item == group) for item in groups],
        minutes=[Choice(id=str(item), label=str(item), chosen=item == minutes) for item in told.minutes],
        modes=[Choice(id=item, label=item, chosen=item == mode) for item in document["modes"]],
        chosen=what,
        label=what_label(what, lang),
        areas=_area_rows(file, held, gaps, what, group, mode),
        places=_place_rows(file, held, group, minutes, mode, lang),
        clusters=_clusters(file, held, lang),
        pairs=len(file.rows("overlaps")),
        assumed=any(row["basis"] == "assumed" for row in gaps),
    )


def _area_rows(file: ReachFile, held: Index, gaps: Iterable[Row], what: str, group: str, mode: str) -> list[AreaRow]:
    """Municipalities and wijken; those where most go without first."""
    rows = []
    for gap in gaps:
        item = held.areas.get(gap["area_code"])
        if item is None or item.level == "buurt":
            continue
        told = file.rows("reach_areas", area_code=item.code)
        middle = next((row for row in told if (row["what"], row["group"], row["mode"]) == (what, group, mode)), {})
        rows.append(
            AreaRow(
                code=item.code,
                name=item.name,
                level=item.level,
                complete=bool(gap["complete"]),
                people=gap["people"],
                without=gap["without"],
                share=gap["share"],
                median=middle.get("p50"),
                p90=middle.get("p90"),
            )
        )
    return sorted(rows, key=lambda row: (row.level != "municipality", -(row.share or 0), row.name))


def _place_rows(file: ReachFile, held: Index, group: str, minutes: int, mode: str, lang: str) -> list[PlaceRow]:
    rows = []
    for row in file.rows("reach_places", group=group, mode=mode, minutes=minutes):
        link = place_link(held, row["place_id"], lang)
        if link is not None:
            record = held.places[link.id]
            rows.append(
                PlaceRow(
                    place=link,
                    kind_label=kind_label(record.kind, lang),
                    people=row["people"],
                    low=row["low"],
                    high=row["high"],
                    complete=bool(row["complete"]),
                    counts=held.counts(record),
                )
            )
    return sorted(rows, key=lambda row: (-(row.people or 0), row.place.label))


def _clusters(file: ReachFile, held: Index, lang: str) -> list[Cluster]:
    """Clusters of more than two places, the largest first."""
    members: dict[int, dict[str, PlaceLink]] = {}
    for row in file.rows("overlaps"):
        for name in ("place_a", "place_b") if row["cluster"] is not None else ():
            link = place_link(held, row[name], lang)
            if link is not None:
                members.setdefault(row["cluster"], {})[link.id] = link
    found = [Cluster(places=sorted(links.values(), key=lambda link: link.label)) for links in members.values() if len(links) > 2]
    return sorted(found, key=lambda cluster: (-len(cluster.places), cluster.places[0].label))
