# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the residents of areas have near: of one area, of all of them, and one figure of each for the map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from knopenkaart.privacy import QUANTILES, THRESHOLD
from knopenkaart_web.places.words import kind_label
from knopenkaart_web.reach.opening import Opened, Row, groups_of, opened
from knopenkaart_web.reach.views_data import (
    EVERYBODY,
    HIDDEN,
    NOBODY,
    About,
    AreaReach,
    AreaRow,
    Cells,
    Choice,
    Cluster,
    GroupRow,
    Measure,
    Overview,
    Placed,
    PlaceLink,
    PlaceRow,
    Share,
    SlotCell,
    SlotRow,
    WhatRow,
)
from knopenkaart_web.reach.words import ALL, ANY, THIRD, group_label, mode_label, what_label

_LEVELS = ("municipality", "wijk")


# --- one area ---------------------------------------------------------------------------------------------------------


def area(slug: str, code: str, *, lang: str, what: str = ANY) -> AreaReach | None:
    """What the residents of an area have near; `what` is what the groups are told of. None where nobody could be placed."""
    found = opened(slug)
    if found is None:
        return None
    file, told = found.file, found.about
    residents = file.rows("residents", area_code=code)
    gaps = [row for row in file.rows("gaps", area_code=code) if row["mode"] == "walk"]
    if not residents and not gaps:
        return None
    quantiles = [row for row in file.rows("reach_areas", area_code=code) if row["mode"] == "walk"]
    chosen = what if any(row["what"] == what for row in gaps) else ANY
    nodes = next((row for row in quantiles if row["what"] == "nodes" and row["group"] == ALL), {})
    return AreaReach(
        about=told,
        complete=all(row["complete"] for row in gaps) and bool(gaps),
        assumed=any(row["basis"] == "assumed" for row in residents),
        placed=_placed(residents),
        what=_what_rows(gaps, quantiles, file.rows("supply", area_code=code), told, chosen, lang),
        groups_differ=code not in set(found.document["leaves"]),
        groups=_group_rows(gaps, quantiles, chosen, told, lang),
        group_of=what_label(chosen, lang),
        week=_week(found, code),
        weekdays=sorted({slot["weekday"] for slot in found.document["slots"]}),
        nodes=(nodes.get("p10"), nodes.get("p50"), nodes.get("p90")),
    )


def _placed(residents: Iterable[Row]) -> Placed | None:
    row = next((row for row in residents if row["group"] == ALL), None)
    if row is None:
        return None
    names = ("people", "placed", "not_covered", "no_home", "no_street", "homes", "basis", "year", "source")
    return Placed(**{name: row[name] for name in names})


def _what_rows(gaps: Iterable[Row], quantiles: Iterable[Row], supply: Iterable[Row], told: About, chosen: str, lang: str) -> list[WhatRow]:
    by_what: dict[str, dict[int, Row]] = {}
    for row in gaps:
        if row["group"] == ALL:
            by_what.setdefault(row["what"], {})[row["minutes"]] = row
    middle = {row["what"]: _minutes_of(row, "p50") for row in quantiles if row["group"] == ALL}
    offer = {row["function"]: row["per_1000"] for row in supply if row["group"] == ALL}
    return [
        WhatRow(
            what=what,
            label=what_label(what, lang),
            chosen=what == chosen,
            shares=tuple(_within(bands[minutes]) for minutes in told.minutes),
            median=middle[what],
            without=bands[told.near_min]["without"],
            per_1000=offer.get(what),
            complete=all(row["complete"] for row in bands.values()),
        )
        for what, bands in by_what.items()
    ]


def _share(row: Row, part: str, share: str = "share") -> Share:
    """A share as it may be told; of a few people, and of all but a few, in words: twenty people are not 0 %, nor the others 100 %."""
    value: float | None = row[share]
    some, whole = row[part], row["people"]
    if not whole or (value is not None and 0 < value < 1) or (value == 0 and some == 0) or (value == 1 and some == whole):
        return value
    return NOBODY if some is None or value == 0 else EVERYBODY


def _within(row: Row) -> Share:
    """The share that has one, from the row about those who have none."""
    without = _share(row, "without")
    if isinstance(without, float):
        return round(1 - without, 2)
    return without and (EVERYBODY if without == NOBODY else NOBODY)


def _group_rows(gaps: Iterable[Row], quantiles: Iterable[Row], what: str, told: About, lang: str) -> list[GroupRow]:
    middle = {row["group"]: _minutes_of(row, "p50") for row in quantiles if row["what"] == what}
    return [
        GroupRow(
            label=group_label(row["group"], lang),
            people=row["people"],
            without=row["without"],
            share_without=_share(row, "without"),
            median=middle[row["group"]],
        )
        for row in gaps
        if row["what"] == what and row["minutes"] == told.near_min
    ]


def _minutes_of(row: Row, name: str) -> float | None:
    """A quantile of minutes; None where it is more than the longest time, HIDDEN where too few people are left to tell it."""
    value: float | None = row[name]
    return HIDDEN if (row["people"] or 0) < QUANTILES[name] else value


def _week(found: Opened, code: str) -> list[SlotRow]:
    """The dayparts as a table: hours down, days across."""
    slots = {slot["id"]: slot for slot in found.document["slots"]}
    hours: dict[str, dict[int, SlotCell]] = {}
    for row in found.file.rows("reach_open", area_code=code, what=ANY):
        slot = slots[row["slot"]]
        hours.setdefault(f"{slot['start']}–{slot['end']}", {})[slot["weekday"]] = SlotCell(
            share=_share(row, "reached"), share_most=_share(row, "reached_most", "share_most")
        )
    days = sorted({slot["weekday"] for slot in slots.values()})
    nothing = SlotCell(share=None, share_most=None)
    return [SlotRow(hours=text, cells=[cells.get(day, nothing) for day in days]) for text, cells in sorted(hours.items())]


# --- the whole study --------------------------------------------------------------------------------------------------


def overview(slug: str, *, what: str, group: str, minutes: int, mode: str, lang: str) -> Overview | None:
    """Who goes without, per wijk (or municipality), and how many people live near each place; unknown choices fall back on the usual."""
    found = opened(slug)
    if found is None:
        return None
    what, group, minutes, mode = _usual(found, what, group, minutes, mode)
    rows = found.file.rows("gaps", what=what, group=group, mode=mode, minutes=minutes)
    areas = _area_rows(found, rows, found.file.rows("reach_areas", what=what, group=group, mode=mode))
    overlaps = [row for row in found.file.rows("overlaps") if row["place_a"] in found.held.places and row["place_b"] in found.held.places]
    return Overview(
        about=found.about,
        what=[Choice(id=item, label=what_label(item, lang), chosen=item == what) for item in found.looked_for],
        groups=[Choice(id=item, label=group_label(item, lang), chosen=item == group) for item in groups_of(found.document)],
        minutes=[Choice(id=str(item), label=str(item), chosen=item == minutes) for item in found.about.minutes],
        modes=[Choice(id=item, label=mode_label(item), chosen=item == mode) for item in found.document["modes"]],
        title=_title(what, group, minutes, mode, lang),
        near=_near(group, minutes, mode, lang),
        query=urlencode({"vlak": f"zonder:{what}", "groep": group, "minuten": minutes, "hoe": mode}),
        areas=areas,
        places=_place_rows(found, group, minutes, mode, lang),
        clusters=_clusters(found, overlaps, lang),
        pairs=len(overlaps),
        complete=all(row.complete for row in areas),
        assumed=any(row["basis"] == "assumed" for row in rows),
    )


def _usual(found: Opened, what: str, group: str, minutes: int, mode: str) -> tuple[str, str, int, str]:
    """What was asked, with the usual in the place of what there is not."""
    return (
        what if what in found.looked_for else ANY,
        group if group in groups_of(found.document) else ALL,
        minutes if minutes in found.about.minutes else found.about.near_min,
        mode if mode in found.document["modes"] else "walk",
    )


def _title(what: str, group: str, minutes: int, mode: str, lang: str) -> str:
    told = {"what": what_label(what, lang), "group": group_label(group, lang), "minutes": minutes, "how": mode_label(mode)}
    return _("Who does not have this within %(minutes)s minutes %(how)s: %(what)s (%(group)s)") % told


def _near(group: str, minutes: int, mode: str, lang: str) -> str:
    told = {"group": group_label(group, lang), "minutes": minutes, "how": mode_label(mode)}
    return _("Residents within %(minutes)s minutes %(how)s of each place (%(group)s)") % told


def _area_rows(found: Opened, gaps: Iterable[Row], quantiles: Iterable[Row]) -> list[AreaRow]:
    """Municipalities and wijken; those where most go without first."""
    middle = {row["area_code"]: row for row in quantiles}
    rows = []
    for gap in gaps:
        item = found.held.areas.get(gap["area_code"])
        if item is None or item.level not in _LEVELS:
            continue
        quantile = middle[item.code]
        rows.append(
            AreaRow(
                code=item.code,
                name=item.name,
                level=item.level,
                complete=bool(gap["complete"]),
                people=gap["people"],
                without=gap["without"],
                share=_share(gap, "without"),
                median=_minutes_of(quantile, "p50"),
                p90=_minutes_of(quantile, "p90"),
            )
        )
    return sorted(rows, key=lambda row: (row.level != "municipality", -_roughly(row), row.name))


def _roughly(row: AreaRow) -> float:
    """The share without one, from what is shown; a hidden number is about half of the fewest that are shown."""
    without = THRESHOLD / 2 if row.without is None else row.without
    return without / row.people if row.people else 0.0


def _place_rows(found: Opened, group: str, minutes: int, mode: str, lang: str) -> list[PlaceRow]:
    """The nodes, those with most people near first."""
    rows = []
    for row in found.file.rows("reach_places", group=group, mode=mode, minutes=minutes):
        link = found.link(row["place_id"], lang)
        record = found.held.places[link.id] if link else None
        if link is not None and record is not None and record.status == "open" and found.held.kind_counts(record.kind):
            reached = Cells(people=row["people"], low=row["low"], high=row["high"], complete=bool(row["complete"]))
            rows.append(PlaceRow(place=link, kind_label=kind_label(record.kind, lang), reached=reached, border=bool(row["border"])))
    return sorted(rows, key=lambda row: (-(row.reached.people or 0), row.place.label))


def _clusters(found: Opened, overlaps: Iterable[Row], lang: str) -> list[Cluster]:
    """Clusters of more than two places, the largest first."""
    members: dict[int, dict[str, PlaceLink]] = {}
    for row in overlaps:
        for name in ("place_a", "place_b") if row["cluster"] is not None else ():
            link = found.link(row[name], lang)
            if link is not None:
                members.setdefault(row["cluster"], {})[link.id] = link
    clusters = [Cluster(places=sorted(links.values(), key=lambda link: link.label)) for links in members.values() if len(links) > 2]
    return sorted(clusters, key=lambda cluster: (-len(cluster.places), cluster.places[0].label))


# --- one figure of every area, for the map -----------------------------------------------------------------------------


def measure(slug: str, *, measure: str, what: str, group: str, minutes: int, mode: str, slot: str) -> Measure | None:
    """What the map shades areas by: `minuten`, `zonder`, `keuze`, `perplek` or `open`; anything else is `minuten`. None where nothing was
    reckoned."""
    found = opened(slug)
    if found is None:
        return None
    what, group, minutes, mode = _usual(found, what, group, minutes, mode)
    slots = [item["id"] for item in found.document["slots"]]
    slot = slot if slot in slots else slots[0]
    kind = measure if measure in _MEASURES else "minuten"
    if kind == "perplek" and what in (ANY, THIRD):
        what = found.document["functions"][0]
    # Some things are known of everybody, within the minutes that count as near, or on foot only.
    if kind == "open":
        what, group = (ANY if what == THIRD else what), ALL
    if kind in ("keuze", "open"):
        minutes = found.about.near_min
    if kind in ("perplek", "open"):
        mode = "walk"
    asked = {"what": what, "group": group, "minutes": minutes, "mode": mode, "slot": slot}
    rows = _MEASURES[kind](found, asked)
    return Measure(
        measure=kind,
        what=what,
        group=group,
        minutes=minutes,
        mode=mode,
        slot=slot if kind == "open" else None,
        about=found.about,
        areas={code: {**told, "complete": complete} for code, told, complete in rows if code in found.held.areas},
    )


Figures = Iterable[tuple[str, dict[str, Any], bool]]


def _minutes(found: Opened, asked: Mapping[str, Any]) -> Figures:
    for row in found.file.rows("reach_areas", what=asked["what"], group=asked["group"], mode=asked["mode"]):
        why = "few" if _minutes_of(row, "p50") == HIDDEN else "far"
        yield row["area_code"], _or_why(row, row["p50"], why), bool(row["complete"])


def _choice(found: Opened, asked: Mapping[str, Any]) -> Figures:
    for row in found.file.rows("reach_areas", what="nodes", group=asked["group"], mode=asked["mode"]):
        yield row["area_code"], _or_why(row, row["p50"], "few"), bool(row["complete"])


def _without(found: Opened, asked: Mapping[str, Any]) -> Figures:
    wanted = {name: asked[name] for name in ("what", "group", "mode", "minutes")}
    for row in found.file.rows("gaps", **wanted):
        why = "most" if row["without"] else "some"
        yield row["area_code"], _or_why(row, None if row["share"] is None else 100 * row["share"], why), bool(row["complete"])


def _per_place(found: Opened, asked: Mapping[str, Any]) -> Figures:
    for row in found.file.rows("supply", function=asked["what"], group=asked["group"]):
        rate = row["per_1000"]
        yield row["area_code"], _or_why(row, 1000 / rate if rate else None, "few" if rate is None else "far"), bool(row["complete"])


def _open(found: Opened, asked: Mapping[str, Any]) -> Figures:
    for row in found.file.rows("reach_open", what=asked["what"], slot=asked["slot"]):
        why = "most" if row["reached"] else "some"
        yield row["area_code"], _or_why(row, None if row["share"] is None else 100 * row["share"], why), bool(row["complete"])


def _or_why(row: Row, value: float | None, why: str) -> dict[str, Any]:
    """A whole figure (minutes rounded up), or why there is none: nobody lives there, too few do, or what the figure itself tells."""
    if not row["people"]:
        return {"value": None, "why": "nobody" if row["people"] == 0 else "few"}
    return {"value": None, "why": why} if value is None else {"value": -int(-(value - 1e-6) // 1)}


_MEASURES: Mapping[str, Callable[[Opened, Mapping[str, Any]], Figures]] = {
    "minuten": _minutes,
    "zonder": _without,
    "keuze": _choice,
    "perplek": _per_place,
    "open": _open,
}
