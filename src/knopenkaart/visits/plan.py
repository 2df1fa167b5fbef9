# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which dayparts to count how often, in how many weeks, so that the weekly total of a place is known to a stated margin.

Standard library only: a page asks it while somebody waits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

# Weeks of one place differ by so much (coefficient of variation), the same daypart in one week by so much more.
WEEK_CV = 0.25
DAYPART_CV = 0.20
# Visits in a daypart where nobody knows better.
MEAN = 15.0
# With fewer counts of a daypart nothing tells how much it varies.
EACH = 2
# 97.5 % of a distribution of t, by degrees of freedom from 1 on.
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Daypart:
    """One open daypart: the visits that are expected in it, in how many weeks it is counted, and in which of them (from 0)."""

    slot: str
    mean: float
    weeks: tuple[int, ...]

    @property
    def counts(self) -> int:
        return len(self.weeks)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to count, and what one then knows.

    `margin` is the expected half-width of the 95 % interval of the weekly total as a share of it, as `estimate` will find it;
    `margin_known` the same if one knew beforehand how much weeks and dayparts vary. `enough`: the margin that was asked for is met and
    each daypart is counted twice; if not, `reason` says why: `margin` (not within so many weeks), `once` (some dayparts once only),
    `partial` (some not at all: the total is one over the others), `one_week` (nothing tells how weeks differ).
    """

    dayparts: tuple[Daypart, ...]
    weeks: int
    visits: float
    margin: float
    margin_known: float
    enough: bool
    reason: str | None

    @property
    def counts(self) -> int:
        return sum(daypart.counts for daypart in self.dayparts)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One daypart on one day."""

    date: date
    slot: str
    week: int


def half_width(mean: float, *, weeks: int, week_cv: float = WEEK_CV) -> float:
    """Half-width of the 95 % interval of a mean as a share of it, for counts of one daypart in so many weeks, spread known.

    Parameters: visits expected in the daypart, above 0; the number of weeks; by how much weeks differ. Chance (Poisson) and weeks add up:
    1.96 x square root of ((1 / mean + week_cv^2) / weeks). Raises ValueError for a mean or number of weeks that is not above 0.

    >>> [round(100 * half_width(15, weeks=weeks)) for weeks in (1, 2, 4, 8, 12)]
    [70, 50, 35, 25, 20]
    """
    if not (mean > 0 and weeks > 0):
        raise ValueError("a mean and a number of weeks are above 0")
    return _NORMAL * math.sqrt((1 / mean + week_cv**2) / weeks)


def people_for_share(share: float, *, within: float) -> int:
    """How many people to tell apart, so that the share of a group is known to within so much (both 0 to 1), 95 %.

    Parameters: the share that is expected; the half-width that is wanted. Normal approximation of independent people: visitors that come
    together are worth fewer. Raises ValueError for a share that is not between 0 and 1, or a half-width that is not above 0.

    >>> people_for_share(0.10, within=0.10), people_for_share(0.10, within=0.05), people_for_share(0.5, within=0.05)
    (35, 139, 385)
    """
    if not (0 < share < 1 and within > 0):
        raise ValueError("a share is between 0 and 1, and a half-width above 0")
    return math.ceil(_NORMAL**2 * share * (1 - share) / within**2)


def plan(
    means: Mapping[str, float],
    *,
    margin: float,
    week_cv: float = WEEK_CV,
    daypart_cv: float = DAYPART_CV,
    max_weeks: int = 12,
    seed: int = 1,
) -> Plan:
    """The fewest counts (and then the fewest weeks) by which the weekly total is known to within `margin` (0.2: 20 %).

    Parameters: of each open daypart the visits that are expected (`even` makes them from one overall mean); the margin; by how much
    weeks differ, and by how much more one daypart in one week (coefficients of variation); the most weeks; the seed of the draw.

    Each daypart is counted twice at least. More counts go one by one to where they help most, which is Neyman's allocation in whole
    numbers. Where the margin cannot be had within `max_weeks` the plan is the best there is (`enough` false, reason `margin`).
    Raises ValueError where there is no daypart, a mean is below 0 or none is above it, or margin or weeks are not above 0.

    >>> made = plan(even(["mo_morning", "we_afternoon", "sa_morning"], mean=40), margin=0.25)
    >>> made.weeks, made.counts, made.enough, made.margin <= 0.25
    (11, 12, True, True)
    """
    _check(means, week_cv=week_cv, daypart_cv=daypart_cv)
    if not (margin > 0 and max_weeks > 0):
        raise ValueError("a margin and a number of weeks are above 0")
    best, model = None, _Model(means, week_cv, daypart_cv)
    for weeks in range(EACH, max_weeks + 1):
        best = _least(model, margin, weeks, below=best.counts if best else math.inf, seed=seed) or best
    if best is not None:
        return best
    most = _made(dict.fromkeys(means, max_weeks), model, max_weeks, seed)
    return replace(most, enough=False, reason=most.reason or "margin")


def expect(
    means: Mapping[str, float],
    *,
    weeks: int,
    counts: int,
    week_cv: float = WEEK_CV,
    daypart_cv: float = DAYPART_CV,
    seed: int = 1,
) -> Plan:
    """The best use of so many counts in so many weeks, and the margin that it gives: `plan` the other way round.

    Parameters as of `plan`, with the effort instead of the margin; more counts than dayparts times weeks are not used. With fewer than
    two counts per daypart some are counted once; with fewer than one the busiest are counted, and the total is a partial one: its margin
    is that of the dayparts that are counted. Raises ValueError as `plan`, and for no count at all.

    >>> effort = expect(even(["mo_morning", "sa_morning"], mean=50), weeks=4, counts=8)
    >>> effort.enough, round(effort.margin, 2), round(effort.margin_known, 2)
    (True, 0.48, 0.3)
    """
    _check(means, week_cv=week_cv, daypart_cv=daypart_cv)
    if not (weeks > 0 and counts > 0):
        raise ValueError("weeks and counts are above 0")
    numbers = dict.fromkeys(means, 0)
    for slot in sorted(means, key=lambda name: -means[name])[:counts]:
        numbers[slot] = 1
    for slot in sorted(means, key=lambda name: -means[name])[: max(0, counts - len(means))]:
        numbers[slot] += 1 if weeks > 1 else 0
    model = _Model(means, week_cv, daypart_cv)
    while sum(numbers.values()) < counts and _add(numbers, model, weeks):
        pass
    return _made(numbers, model, weeks, seed)


def even(slots: Collection[str], *, mean: float = MEAN) -> dict[str, float]:
    """The same expected visits for every daypart, where nobody knows which are busy.

    >>> even(["mo_morning", "mo_evening"], mean=20)
    {'mo_morning': 20, 'mo_evening': 20}
    """
    return dict.fromkeys(slots, mean)


def schedule(
    made: Plan,
    *,
    weekdays: Mapping[str, int],
    first: date,
    last: date,
    closed: Collection[date] = (),
    seed: int = 1,
) -> tuple[tuple[Appointment, ...], tuple[tuple[str, int], ...]]:
    """Which daypart on which date, drawn at random and spread over a period, for a coordinator to print.

    Parameters: the plan; of each daypart its day of the week, 1 (Monday) to 7; first and last day of the period; days that are closed or
    holidays. The whole weeks of the period are divided into as many parts as the plan has weeks, and of each part one week is drawn:
    counts are spread over the period, and nobody chooses a quiet week. A daypart that falls on a closed day moves to a week in which it
    is open and not yet counted, a counting week before any other.

    Returns the appointments in order of date, and of each daypart for which no day is left the number of counts that are missing.
    Raises ValueError where the period has fewer whole weeks than the plan, or a daypart has no day of the week.

    >>> made = expect(even(["mo_morning", "sa_morning"]), weeks=2, counts=4)
    >>> days = {"mo_morning": 1, "sa_morning": 6}
    >>> appointments, missing = schedule(made, weekdays=days, first=date(2026, 3, 2), last=date(2026, 3, 29), seed=3)
    >>> len(appointments), missing, {appointment.date.isoweekday() for appointment in appointments}
    (4, (), {1, 6})
    """
    mondays = _whole_weeks(first, last)
    if len(mondays) < made.weeks or not set(weekdays) >= {daypart.slot for daypart in made.dayparts}:
        raise ValueError("the period has too few whole weeks, or a daypart has no day of the week")
    drawn = _drawn_weeks(len(mondays), made.weeks, seed)
    appointments, missing = [], []
    for daypart in made.dayparts:
        wanted = [drawn[week] for week in daypart.weeks]
        others = [week for week in drawn if week not in wanted]
        others += [week for week in range(len(mondays)) if week not in drawn]
        days = {week: mondays[week] + timedelta(days=weekdays[daypart.slot] - 1) for week in (*wanted, *others)}
        usable = [week for week in (*wanted, *others) if days[week] not in closed][: daypart.counts]
        appointments += [Appointment(days[week], daypart.slot, week) for week in usable]
        if len(usable) < daypart.counts:
            missing.append((daypart.slot, daypart.counts - len(usable)))
    order = {daypart.slot: number for number, daypart in enumerate(made.dayparts)}
    return tuple(sorted(appointments, key=lambda item: (item.date, order[item.slot]))), tuple(missing)


def _whole_weeks(first: date, last: date) -> list[date]:
    monday = first + timedelta(days=-first.weekday() % 7)
    return [monday + timedelta(weeks=week) for week in range(max(0, ((last - monday).days + 1) // 7))]


def _drawn_weeks(available: int, weeks: int, seed: int) -> list[int]:
    """One week at random of each of as many equal parts of the period."""
    draw = random.Random(f"{seed}:visits.plan.weeks")  # noqa: S311
    edges = [available * part // weeks for part in range(weeks + 1)]
    return [draw.randrange(low, high) for low, high in pairwise(edges)]


def _check(means: Mapping[str, float], *, week_cv: float, daypart_cv: float) -> None:
    if not means or any(not mean >= 0 or math.isinf(mean) for mean in means.values()) or not any(means.values()):
        raise ValueError("there must be a daypart, and visits in one of them; none has fewer than 0")
    if not (week_cv >= 0 and daypart_cv >= 0):
        raise ValueError("a coefficient of variation is 0 or more")


@dataclass(frozen=True, slots=True)
class _Model:
    """What is expected of the dayparts, and how much they vary."""

    means: Mapping[str, float]
    week_cv: float
    daypart_cv: float

    def own(self, slot: str) -> float:
        """Variance of one count of a daypart, without what a whole week shares."""
        return self.means[slot] + (self.daypart_cv * self.means[slot]) ** 2

    def gain(self, slot: str, number: int) -> float:
        """By how much one more count lowers the variance of the total."""
        return self.own(slot) / (number * (number + 1))


def _least(model: _Model, margin: float, weeks: int, *, below: float, seed: int) -> Plan | None:
    """The fewest counts in so many weeks that keep to the margin; none where not even all of them do, or it takes as many as `below`."""
    numbers = dict.fromkeys(model.means, EACH)
    everything = _made(dict.fromkeys(model.means, weeks), model, weeks, seed)
    if everything.margin > margin:
        return None
    while sum(numbers.values()) < below:
        found = _made(numbers, model, weeks, seed)
        if found.margin <= margin:
            return found
        if not _add(numbers, model, weeks):
            return None
    return None


def _add(numbers: dict[str, int], model: _Model, weeks: int) -> bool:
    """Give one count to the daypart whose variance it lowers most; none is counted twice in a week. False where all are full."""
    able = [slot for slot, number in numbers.items() if 0 < number < weeks]
    if able:
        numbers[max(able, key=lambda slot: (model.gain(slot, numbers[slot]), -numbers[slot]))] += 1
    return bool(able)


def _made(numbers: Mapping[str, int], model: _Model, weeks: int, seed: int) -> Plan:
    means, laid = model.means, _laid_out(numbers, model.means, weeks, seed)
    counted = {slot: means[slot] for slot, number in numbers.items() if number}
    loads = [0.0] * weeks
    for slot, mean in counted.items():
        for week in laid[slot]:
            loads[week] += mean / numbers[slot]
    visits = sum(counted.values())
    variance = sum(model.own(slot) / numbers[slot] for slot in counted) + model.week_cv**2 * sum(load**2 for load in loads)
    share = math.sqrt(variance) / visits if visits else math.inf
    used = len({week for slot in counted for week in laid[slot]})
    fewest = min(numbers.values())
    reason = "partial" if fewest == 0 else "one_week" if used < EACH else "once" if fewest < EACH else None
    dayparts = tuple(Daypart(slot, means[slot], laid[slot]) for slot in means)
    return Plan(dayparts, weeks, visits, _quantile(used, counted, numbers) * share, _NORMAL * share, reason is None, reason)


def _laid_out(numbers: Mapping[str, int], means: Mapping[str, float], weeks: int, seed: int) -> dict[str, tuple[int, ...]]:
    """In which weeks each daypart is counted: the heaviest first, always in the weeks that carry least, ties by lot."""
    draw = random.Random(f"{seed}:visits.plan.layout")  # noqa: S311
    loads, laid = [0.0] * weeks, {}
    for slot in sorted(numbers, key=lambda name: -means[name] / max(1, numbers[name])):
        ranked = sorted(range(weeks), key=lambda week: (loads[week], draw.random()))
        laid[slot] = tuple(sorted(ranked[: numbers[slot]]))
        for week in laid[slot]:
            loads[week] += means[slot] / numbers[slot]
    return laid


def _quantile(weeks: int, counted: Mapping[str, float], numbers: Mapping[str, int]) -> float:
    """The quantile of t that `estimate` may be expected to use: fewer counts per daypart than weeks cost degrees of freedom."""
    visits = sum(counted.values())
    # Of each daypart so many of its counts tell something of the spread; by weight in the total.
    own = sum(mean * (numbers[slot] - 1) / numbers[slot] for slot, mean in counted.items()) / visits if visits else 0.0
    freedom = (weeks - 1) * min(1.0, own * weeks / max(1, weeks - 1))
    # With few degrees of freedom a prior joins in; it is worth two where there are none, and nothing from three on.
    freedom = freedom if freedom >= 3 else 2 + freedom / 3
    below = max(1, math.floor(freedom))
    if below >= len(_T):
        return _NORMAL + 2.5 / freedom
    above = _T[below] if below < len(_T) else _NORMAL
    return _T[below - 1] + (freedom - below) * (above - _T[below - 1])
