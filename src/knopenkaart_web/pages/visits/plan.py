# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan of a round: which dayparts on which days, so that the visits per week are known to the margin that somebody wants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from knopenkaart.visits import plan as planning
from knopenkaart_web.pages.language import language
from knopenkaart_web.visits import weeks
from knopenkaart_web.visits.planning import RoundValues

MOST_WEEKS = 12
DAYS = 7


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What to count when. `margin_percent` is what one then knows; `reason` says why it is not what was wanted, or is empty."""

    schedule: tuple[tuple[date, str], ...]
    often: tuple[tuple[str, int], ...]
    weeks: int
    margin_percent: int
    wanted_percent: int
    reason: str

    @property
    def counts(self) -> int:
        """How many dayparts are counted in all."""
        return len(self.schedule)


def plan_round(values: RoundValues) -> RoundPlan | None:
    """The plan of a round, or None where nobody said what to expect and how exact it must be, or no whole week fits in the period."""
    known = [slot for slot in weeks.slots() if slot.id in values.slots]
    room = min(MOST_WEEKS, _whole_weeks(values.starts, values.ends))
    if not values.expected or not values.margin or not known or room < 1:
        return None
    means = planning.even([slot.id for slot in known], mean=values.expected / len(known))
    made = planning.plan(means, margin=values.margin, max_weeks=room)
    days = {slot.id: slot.weekday for slot in known}
    appointments, _missing = planning.schedule(made, weekdays=days, first=values.starts, last=values.ends)
    schedule = tuple((item.date, item.slot) for item in appointments)
    often = Counter(slot for _day, slot in schedule)
    labels = tuple((weeks.slot_label(slot.id, language()), often[slot.id]) for slot in known)
    return RoundPlan(schedule, labels, made.weeks, round(made.margin * 100), round(values.margin * 100), made.reason or "")


def _whole_weeks(first: date, last: date) -> int:
    """The weeks from Monday to Sunday in a period."""
    return max(0, (last - first).days + 1 - (-first.weekday()) % DAYS) // DAYS
