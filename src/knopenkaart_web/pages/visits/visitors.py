# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Released figures as a page tells them: a week as a table, groups as bars, in the language of the page. Nothing is reckoned here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart.publish.columns import Column
from knopenkaart.publish.csvw import csv_text
from knopenkaart.records import Place
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.places import queries, words
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.reach.words import group_label
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

SHOWN, HIDDEN, NOT_ENOUGH, NOT_COUNTED = "shown", "hidden", "not_enough", "not_counted"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its interval; `low` is None for a bound below ten. What is not shown has a state that says why."""

    state: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    counts: int = 0
    weeks: int = 0
    reason: str = ""
    width: str = "0"


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The dayparts of the same hours, one figure for each day."""

    hours: str
    cells: list[Told]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group among the visitors, and beside those who live in reach: `quotient` times as many as one would expect."""

    label: str
    told: Told
    share: float | None = None
    residents: float | None = None
    quotient: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Visitors:
    """What a page tells of who comes in one round."""

    release: ReleaseRow
    how: str
    week: Told | None
    weekdays: list[int]
    hours: list[HoursRow]
    groups: list[GroupRow]
    partial: bool
    counted_share: float | None
    too_short: int
    representation: Mapping[str, Any] | None
    alike: bool
    regulars: Mapping[str, Any] | None
    catchment: Mapping[str, Any] | None
    why_no_representation: str
    why_no_regulars: str


def visitors(release: ReleaseRow, lang: str) -> Visitors:
    """A release as its page shows it."""
    counting: Mapping[str, Any] = release.figures.get("counting") or {}
    slots = {str(row["slot"]): row for row in counting.get("slots", [])}
    week = words.vocabulary().week()
    largest = max((row["value"] or 0 for row in slots.values()), default=0)
    days = sorted({slot.weekday for slot in week})
    hours = sorted({(slot.start, slot.end) for slot in week})
    at = {(slot.start, slot.end, slot.weekday): slot.id for slot in week}
    rows = [HoursRow(f"{start}–{end}", [_told(slots.get(at.get((start, end, day), "")), largest) for day in days]) for start, end in hours]
    share = counting.get("counted_share")
    found = {name: release.figures.get(name) or {} for name in ("representation", "regulars", "catchment")}
    told = {name: document if document.get("enough") else None for name, document in found.items()}
    representation = told["representation"]
    return Visitors(
        release=release,
        how=str(counting.get("how") or ""),
        week=_told(counting.get("week"), 0) if counting.get("week") else None,
        weekdays=days,
        hours=[row for row in rows if any(cell.state != NOT_COUNTED for cell in row.cells)],
        groups=_groups(counting.get("groups", []), representation or {}, lang),
        partial=share is not None and share < 1,
        counted_share=share,
        too_short=int(counting.get("too_short") or 0),
        representation=representation,
        alike=representation is not None and representation["dissimilarity"] <= representation["null_high"],
        regulars=told["regulars"],
        catchment=told["catchment"],
        why_no_representation=reason_text(found["representation"].get("reason")),
        why_no_regulars=reason_text(found["regulars"].get("reason")),
    )


@dataclass(frozen=True, slots=True)
class CountedPlace:
    """A place that was counted, in the list of all of them."""

    id: str
    label: str
    kind_label: str
    wijk: str
    archetype_label: str
    week: Told | None
    starts: date | None
    ends: date | None
    public: bool


def overview(slug: str, releases: Mapping[str, ReleaseRow], lang: str) -> list[CountedPlace]:
    """The places that were counted, those with most visits per week first."""
    places = {place.id: place for place in queries.export_places(slug, PlaceFilter())}
    rows = [_counted(places[key], row, lang) for key, row in releases.items() if key in places]
    return sorted(rows, key=lambda row: (-((row.week.value if row.week else None) or 0), row.label))


def _counted(place: Place, release: ReleaseRow, lang: str) -> CountedPlace:
    counting = release.figures.get("counting") or {}
    kind = words.kind_label(place.kind, lang)
    return CountedPlace(
        id=place.id,
        label=place.name or kind,
        kind_label=kind,
        wijk=place.wijk_code or "",
        archetype_label=words.archetype_label(place.archetype, lang),
        week=_told(counting["week"], 0) if counting.get("week") else None,
        starts=release.starts,
        ends=release.ends,
        public=release.public,
    )


@dataclass(frozen=True, slots=True)
class VisitsLine:
    """A line of the table of visits that anybody may have: shown figures only."""

    place_id: str
    place: str
    round: str
    starts: date | None
    ends: date | None
    what: str
    slot: str
    group: str
    value: int | None
    low: int | None
    high: int | None
    state: str
    counts: int
    weeks: int
    method: str
    reason: str | None
    made: date


_LINE_COLUMNS = tuple(Column(item.name, item.name, "", "") for item in fields(VisitsLine))


def visits_table(slug: str, releases: Mapping[str, ReleaseRow]) -> str:
    """The released visits of all places as CSV: the week, its dayparts, the groups, and the groups per daypart."""
    places = {place.id: place for place in queries.export_places(slug, PlaceFilter())}
    lines = [line for key, row in releases.items() if key in places for line in _lines(places[key], row)]
    return csv_text(lines, columns=_LINE_COLUMNS)


def _lines(place: Place, release: ReleaseRow) -> Iterable[VisitsLine]:
    counting = release.figures.get("counting") or {}
    week = [counting["week"]] if counting.get("week") else []
    names = ("value", "low", "high", "state", "counts", "weeks", "method", "reason")
    for row in (*week, *counting.get("slots", []), *counting.get("groups", []), *counting.get("cells", [])):
        yield VisitsLine(
            place_id=place.id,
            place=place.name or "",
            round=release.round_name,
            starts=release.starts,
            ends=release.ends,
            what=str(counting["how"]),
            slot=row.get("slot", "all"),
            group=row.get("group", "all"),
            made=release.made.date(),
            **{name: row[name] for name in names},
        )


def who_comes(slug: str, place_id: str, lang: str) -> Visitors | None:
    """Who comes at a place as everybody may see it: the last round that was released."""
    rows = released.of_place(slug, place_id, first_look=False)
    return visitors(rows[0], lang) if rows else None


def _told(row: Mapping[str, Any] | None, largest: float) -> Told:
    if not row:
        return Told(NOT_COUNTED)
    return Told(
        state=row["state"],
        value=row["value"],
        low=row["low"],
        high=row["high"],
        counts=row["counts"],
        weeks=row["weeks"],
        reason=reason_text(row.get("reason")),
        width=bar_width(row["value"], largest),
    )


def _groups(rows: Iterable[Mapping[str, Any]], representation: Mapping[str, Any], lang: str) -> list[GroupRow]:
    found = list(rows)
    beside = {str(row["group"]): row for row in representation.get("groups", [])}
    largest = max((row["value"] or 0 for row in found), default=0)
    order = list(words.vocabulary().groups)
    found.sort(key=lambda row: order.index(row["group"]) if row["group"] in order else len(order))
    return [
        GroupRow(
            label=group_label(str(row["group"]), lang),
            told=_told(row, largest),
            **{name: beside.get(str(row["group"]), {}).get(name) for name in ("share", "residents", "quotient", "low", "high")},
        )
        for row in found
    ]


def reason_text(reason: str | None) -> str:
    """Why a figure is not told, or what to know of it."""
    return {
        "one_week": _("counted in one week only: nobody knows how weeks differ"),
        "few_dayparts": _("too few of the open dayparts were counted"),
        "few_known": _("of too few people the group is known"),
        "not_told": _("nobody told groups apart then"),
        "no_bound": _("too few counts to say between which numbers it lies"),
        "partial": _("only the dayparts that were counted"),
        "few_visitors": _("too few visitors were counted"),
        "few_groups": _("too few groups can be shown"),
        "few_cards": _("fewer than 30 cards"),
        "hidden": _("too few people gave one of the answers"),
        "hours_unknown": _("nobody knows when it is open: only the dayparts that were counted"),
    }.get(reason or "", "")
