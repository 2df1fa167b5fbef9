# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom at one place: between groups, when, what its closing takes away, and what another programme could add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import Opened
from knopenkaart_web.meeting.views_data import SURE, About, AreaMeeting, Badge, Contribution, PlaceMeeting
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.pages.meeting.measured import Asked, asked
from knopenkaart_web.pages.meeting.overview import Matrix, matrix_told
from knopenkaart_web.pages.meeting.pictures import week_of
from knopenkaart_web.pages.meeting.rivals import Competing
from knopenkaart_web.pages.meeting.rivals import compose as competing
from knopenkaart_web.pages.meeting.words import HOW, change, faces, sure_text, word
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places import words
from knopenkaart_web.visits import released

PEOPLE = 1000
# What holds in all of so many towns may still fail in one of as many others.
FEWEST_DRAWS = 5
# A change that surely is below this part of all recognition is next to none.
HARDLY = 0.01
# Closing is reckoned by cohorts: of a change below this part the sign is not theirs to tell (docs/method/curve.md).
UNTOLD = 0.002


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A daypart: visits and encounters; `width` is that of its bar, in hundredths of the busiest."""

    label: str
    visits: float | None
    encounters: float | None
    width: str


@dataclass(frozen=True, slots=True)
class Adds:
    """What a place adds, in words: `closing` is less, more, hardly or unsure; the others are changes with their sign, per 1,000 residents.

    `chances` are those that recognition falls (elastic and fixed demand; empty where that was not reckoned). `one_sided` is None where too
    few come of a group to tell; `segregation` then neither, nor between what it would lie by chance.
    """

    closing: str
    elastic: str
    fixed: str
    chances: tuple[str, ...]
    across_elastic: str
    across_fixed: str
    encounters_elastic: str
    encounters_fixed: str
    how: str
    potential: str
    potential_across: str
    one_sided: bool | None
    segregation: float | None
    null_low: float | None
    null_high: float | None


@dataclass(frozen=True, slots=True)
class CountedHere:
    """Visits a week as they were counted, between what they lie (in words), in how many weeks of which period, with how many counts."""

    value: float
    between: str
    weeks: int
    counts: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """All that the page tells. `present`: how many of those who are there one recognises in the model, and `said` as visitors say;
    `counted`: visits as they were counted; the badges are of what is told of its groups and of its dayparts."""

    about: About
    place: PlaceMeeting
    everybody: AreaMeeting | None
    function: str
    present: float | None
    said: Asked | None
    counted: CountedHere | None
    groups_badge: Badge
    adds: Adds | None
    competing: Competing | None
    matrix: Matrix | None
    slots: tuple[SlotLine, ...]
    week: str
    week_narrow: str
    hours_known: bool
    slots_counted: bool

    @property
    def slots_badge(self) -> Badge:
        """What the spread over dayparts rests on: on counts only where it was counted."""
        return self.place.badge if self.slots_counted else Badge.ASSUMED

    @property
    def now(self) -> tuple[str, str, str]:
        """Faces, faces of another group and encounters per week, of 1,000 residents now."""
        if self.everybody is None:
            return ("–", "–", "–")
        told = (self.everybody.familiar.value, self.everybody.across.value, self.everybody.encounters)
        one, other, met = (faces(None if value is None else value * PEOPLE) for value in told)
        return one, other, met


def compose(found: Opened, place_id: str, *, lang: str) -> PlaceShown | None:
    """The page of a place; None where it was not reckoned with."""
    place = queries.place(found, place_id)
    if place is None:
        return None
    adds, slots = queries.contribution(found, place_id), queries.slots(found, place_id)
    everybody = queries.area(found)
    visits = {name: slot.visits for name, slot in slots.items() if slot.visits != 0}
    title = _("Expected visits per week and daypart (model)")
    return PlaceShown(
        about=found.about(lang),
        place=place,
        everybody=everybody,
        function=words.function_label(place.function, lang),
        present=queries.recognised(found).get(place_id),
        said=_said(found, place_id),
        counted=_counted(found, place_id),
        groups_badge=queries.groups_badge(found, place_id),
        adds=_adds(adds, everybody) if adds else None,
        competing=competing(found, place_id, function=place.function, lang=lang),
        matrix=matrix_told(found, measure="pairs", lang=lang, place_id=place_id),
        slots=tuple(_slots(found, place_id, lang)),
        week=week_of(visits, title=title, prefix="week"),
        week_narrow=week_of(visits, title=title, width=320, prefix="week-narrow"),
        hours_known=all(slot.hours_known for slot in slots.values()),
        slots_counted=bool(slots) and all(slot.counted for slot in slots.values()),
    )


def _said(found: Opened, place_id: str) -> Asked | None:
    """The newest answers of which a mean is known."""
    rounds = released.of_place(found.held.study.slug, place_id, first_look=False)
    return next((told for row in rounds if (told := asked(row)).mean is not None), None)


def _counted(found: Opened, place_id: str) -> CountedHere | None:
    """The newest count of visits that is shown."""
    for row in released.of_place(found.held.study.slug, place_id, first_look=False):
        counting = row.figures.get("counting") or {}
        week = counting.get("week") or {}
        if counting.get("how") == "visits" and week.get("state") == "shown" and week.get("value") is not None:
            first, last = date.fromisoformat(counting["first"]), date.fromisoformat(counting["last"])
            return CountedHere(float(week["value"]), _between(week), int(week["weeks"]), int(week["counts"]), first, last)
    return None


def _between(week: Mapping[str, Any]) -> str:
    """A bound that is not told lies below ten."""
    low, high = (_("fewer than 10") if week[name] is None else faces(float(week[name])) for name in ("low", "high"))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _adds(found: Contribution, everybody: AreaMeeting | None) -> Adds:
    falls = (found.falls_elastic, found.falls_fixed)
    surest = 1 - 1 / max(found.draws or 0, FEWEST_DRAWS)
    return Adds(
        closing=_closing(found, everybody),
        elastic=_change(found.closed_elastic, found.closed_elastic_low, found.closed_elastic_high),
        fixed=_change(found.closed_fixed, found.closed_fixed_low, found.closed_fixed_high),
        chances=tuple(sure_text(part, surest=surest) for part in falls if part is not None) if None not in falls else (),
        across_elastic=_change(found.across_elastic, found.across_elastic_low, found.across_elastic_high),
        across_fixed=_change(found.across_fixed, found.across_fixed_low, found.across_fixed_high),
        encounters_elastic=_change(found.encounters_elastic, found.encounters_elastic_low, found.encounters_elastic_high),
        encounters_fixed=_change(found.encounters_fixed, found.encounters_fixed_low, found.encounters_fixed_high),
        how=word(HOW, found.change) if found.potential > 0 and _change(found.potential) != _change(0.0) else "",
        potential=_change(found.potential),
        potential_across=_change(found.potential_across),
        one_sided=None if found.segregation is None or found.null_high is None else found.segregation > found.null_high,
        segregation=found.segregation,
        null_low=found.null_low,
        null_high=found.null_high,
    )


def _change(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Per 1,000 residents: of one place among many the change per resident is next to nothing."""
    told = [None if part is None else change(part * PEOPLE) for part in (value, low, high)]
    if told[1] is None or told[2] is None:
        return told[0] or "–"
    return _("%(value)s (%(low)s to %(high)s)") % {"value": told[0], "low": told[1], "high": told[2]}


def _closing(found: Contribution, everybody: AreaMeeting | None) -> str:
    """A loss or a gain is called so only where both answers are, in four of five towns that may be: the truth lies between them.

    And only where neither is so small that the fast reckoning may have its sign wrong.
    """
    both = (found.closed_elastic, found.closed_fixed)
    bounds = (found.closed_elastic_low, found.closed_elastic_high, found.closed_fixed_low, found.closed_fixed_high)
    whole = everybody.familiar.value if everybody else None
    if whole and all(abs(part or 0.0) < HARDLY * whole for part in (*both, *bounds)):
        return "hardly"
    if whole and any(abs(part) < UNTOLD * whole for part in both):
        return "unsure"
    if found.falls_elastic is not None and found.falls_fixed is not None:
        falls = (found.falls_elastic, found.falls_fixed)
        return "less" if min(falls) >= SURE else "more" if max(falls) <= 1 - SURE else "unsure"
    if max(both) < 0:
        return "less"
    return "more" if min(both) > 0 else "unsure"


def _slots(found: Opened, place_id: str, lang: str) -> list[SlotLine]:
    rows = queries.slots(found, place_id)
    most = max((row.visits or 0 for row in rows.values()), default=0)
    return [
        SlotLine(capital(slot["en" if lang == "en" else "nl"]), row.visits, row.encounters, bar_width(row.visits, most))
        for slot in found.slots
        if (row := rows.get(slot["id"])) is not None and row.visits != 0
    ]
