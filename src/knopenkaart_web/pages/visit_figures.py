# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes, as the pages of use and money reckon with it: released figures only, the same as everybody reads elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from knopenkaart.operation import Estimate, Sourced, exactly
from knopenkaart.privacy import THRESHOLD
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

# What the questions of the card become on the sheet: the answers that count, of all that were given.
_NOBODY = "0"
_NO_ANSWER = "no_answer"
_NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """What was released of the visitors of a place: visits per week, visits per age group, the part that is regular, answers on cards.

    `groups` are shown ones only; `answers` has lines of the social value sheet.
    """

    visits: Estimate | None = None
    groups: Mapping[str, float | None] = field(default_factory=dict)
    regular_share: float | None = None
    answers: Mapping[str, Sourced] = field(default_factory=dict)


NOTHING = VisitFigures()


def visits_per_week(slug: str, place_id: str, *, first_look: bool = False) -> tuple[float, float, float | None] | None:
    """Visits per week of a place with their interval, or None where nothing was released."""
    found = visit_figures(slug, first_look=first_look).get(place_id, NOTHING).visits
    return None if found is None else (found.value, found.low or 0.0, found.high)


def visit_figures(slug: str, *, first_look: bool) -> dict[str, VisitFigures]:
    """Per place what was released last; with `first_look` also what visitors do not see yet."""
    return {place_id: _figures(row) for place_id, row in released.latest_per_place(slug, first_look=first_look).items()}


def _figures(row: ReleaseRow) -> VisitFigures:
    counting: Mapping[str, Any] = row.figures.get("counting") or {}
    counted = counting.get("how") == "visits"
    regulars = row.figures.get("regulars") or {}
    share = regulars.get("of_visitors")
    questions = (row.figures.get("cards") or {}).get("questions", {})
    return VisitFigures(
        visits=_estimate(counting.get("week")) if counted else None,
        groups={str(item["group"]): item["value"] for item in counting.get("groups", []) if item["state"] == "shown"} if counted else {},
        regular_share=_value(share) if regulars.get("enough") else None,
        answers={name: Sourced(exactly(part), "cards") for name, part in _answers(questions)},
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


def _answers(questions: Mapping[str, list[Mapping[str, Any]]]) -> Iterable[tuple[str, float]]:
    """The lines that every shown answer of a question together tell: with one of them hidden none is told."""
    for name, no in (("recognise", _NOBODY), ("greet", _NOBODY)):
        part = _part(questions.get(name, []), no)
        if part is not None:
            yield name, 1 - part
    nowhere = _part(questions.get("elsewhere", []), _NOWHERE)
    if nowhere is not None:
        yield "nowhere_else", nowhere


def _part(rows: list[Mapping[str, Any]], answer: str) -> float | None:
    """Of the cards that answered: the part with this answer. None where a number is hidden, or too few answered."""
    given = [row for row in rows if row["answer"] != _NO_ANSWER]
    if not given or any(row["cards"] is None for row in given):
        return None
    whole = sum(row["cards"] for row in given)
    return sum(row["cards"] for row in given if row["answer"] == answer) / whole if whole >= THRESHOLD else None
