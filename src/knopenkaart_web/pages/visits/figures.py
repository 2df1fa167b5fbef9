# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes, as the pages of use and money reckon with it: released figures only, the same as everybody reads elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from knopenkaart.operation import Estimate, Sourced, VisitMonth, exactly
from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.reach import queries as reach
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

# What the questions of the card become on the sheet: the answers that count, of all that were given.
_NOBODY = "0"
_NO_ANSWER = "no_answer"
_NOWHERE = "nowhere"
_IN_REACH_MINUTES = 10


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """What was released of the visitors of a place: visits per week, visits per age group, the part that is regular, answers on cards.

    `groups` are shown ones only; `months` those of the series that are shown; `answers` has lines of the social value sheet.
    """

    visits: Estimate | None = None
    groups: Mapping[str, float | None] = field(default_factory=dict)
    regular_share: float | None = None
    months: tuple[VisitMonth, ...] = ()
    answers: Mapping[str, Sourced] = field(default_factory=dict)


NOTHING = VisitFigures()


def of_one(slug: str, place_id: str, *, first_look: bool) -> VisitFigures:
    """All of one place: its series and who lives near besides."""
    found = visit_figures(slug, first_look=first_look).get(place_id, NOTHING)
    near = _in_reach(slug, place_id)
    answers = dict(found.answers) | ({"in_reach": Sourced(near, "reach")} if near else {})
    return replace(found, months=months_of(slug, place_id, first_look=first_look), answers=answers)


def months_of(slug: str, place_id: str, *, first_look: bool) -> tuple[VisitMonth, ...]:
    """The months of the series of a place as they were released; those that are not shown are not there."""
    series = released.series_of_place(slug, place_id, first_look=first_look)
    rows = (series.figures.get("months") or []) if series else []
    days = [(date.fromisoformat(row["month"]), row["visits"]) for row in rows if row["state"] == "shown"]
    return tuple(VisitMonth(day.year, day.month, float(visits)) for day, visits in days)


def _in_reach(slug: str, place_id: str) -> Estimate | None:
    """Who can come within ten minutes on foot, as the page of the place tells it."""
    found = reach.place(slug, place_id, lang="nl")
    cells = next((row.walk for row in found.bands if row.minutes == _IN_REACH_MINUTES), None) if found else None
    if cells is None or cells.people is None or cells.low is None or cells.high is None:
        return None
    return Estimate(float(cells.people), float(min(cells.low, cells.people)), float(max(cells.high, cells.people)))


def visit_figures(slug: str, *, first_look: bool) -> dict[str, VisitFigures]:
    """Per place what was released last; with `first_look` also what visitors do not see yet."""
    return {place_id: _figures(row) for place_id, row in released.latest_per_place(slug, first_look=first_look).items()}


def _figures(row: ReleaseRow) -> VisitFigures:
    counting: Mapping[str, Any] = row.figures.get("counting") or {}
    counted = counting.get("how") == "visits"
    regulars = row.figures.get("regulars") or {}
    share = regulars.get("of_visitors")
    cards = row.figures.get("cards") or {}
    return VisitFigures(
        visits=_estimate(counting.get("week")) if counted else None,
        groups={str(item["group"]): item["value"] for item in counting.get("groups", []) if item["state"] == "shown"} if counted else {},
        regular_share=_value(share) if regulars.get("enough") else None,
        answers={name: Sourced(exactly(part), "cards") for name, part in _answers(cards.get("questions", {}), cards.get("cards"))},
    )


def _estimate(week: Mapping[str, Any] | None) -> Estimate | None:
    """A bound that is not told lies below ten: for a ratio that is as good as none."""
    if not week or week["state"] != "shown" or week["value"] is None:
        return None
    low = week["low"]
    return Estimate(float(week["value"]), 0.0 if low is None else float(low), None if week["high"] is None else float(week["high"]))


def _value(interval: Any) -> float | None:
    """The value of an interval, which stands as a mapping or as (value, low, high)."""
    if isinstance(interval, Mapping):
        return interval.get("value")
    return float(interval[0]) if interval else None


def _answers(questions: Mapping[str, list[Mapping[str, Any]]], cards: int | None) -> Iterable[tuple[str, float]]:
    """What the shown answers to a question together tell: with one of them hidden nothing. `cards` is how many there were."""
    for name, no in (("recognise", _NOBODY), ("greet", _NOBODY)):
        part = _part(questions.get(name, []), no)
        if part is not None:
            yield name, 1 - part
    # Other places that few named are not among the answers: the whole is all cards but those without an answer.
    elsewhere = {row["answer"]: row["cards"] for row in questions.get("elsewhere", [])}
    nowhere, silent = elsewhere.get(_NOWHERE), elsewhere.get(_NO_ANSWER)
    if cards is not None and nowhere is not None and silent is not None and cards - silent >= THRESHOLD:
        yield "nowhere_else", nowhere / (cards - silent)


def _part(rows: list[Mapping[str, Any]], answer: str) -> float | None:
    """Of the cards that answered: the part with this answer. None where a number is hidden, or too few answered."""
    given = [row for row in rows if row["answer"] != _NO_ANSWER]
    if not given or any(row["cards"] is None for row in given):
        return None
    whole = sum(row["cards"] for row in given)
    return sum(row["cards"] for row in given if row["answer"] == answer) / whole if whole >= THRESHOLD else None
