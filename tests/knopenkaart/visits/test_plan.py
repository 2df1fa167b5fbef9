# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan of a count: which dayparts, how often, in how many weeks, and what one then knows; a schedule to print."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest

from knopenkaart import rng
from knopenkaart.visits.counts import estimate
from knopenkaart.visits.plan import Plan, even, expect, half_width, people_for_share, plan, schedule

WEEK = ("mo_morning", "tu_afternoon", "we_morning", "we_afternoon", "th_evening", "fr_afternoon", "sa_morning")
DAYS = dict(zip(WEEK, (1, 2, 3, 3, 4, 5, 6), strict=True))


@pytest.mark.parametrize(("mean", "percent"), [(15, [70, 50, 35, 25, 20]), (50, [56, 40, 28, 20, 16]), (150, [52, 36, 26, 18, 15])])
def test_the_half_width_of_one_daypart_is_that_of_the_protocol(mean: float, percent: list[int]) -> None:
    assert [round(100 * half_width(mean, weeks=weeks)) for weeks in (1, 2, 4, 8, 12)] == percent


def test_people_to_tell_apart_for_the_share_of_a_group() -> None:
    asked = [(0.10, 0.10), (0.10, 0.05), (0.50, 0.10), (0.50, 0.05)]
    assert [people_for_share(share, within=within) for share, within in asked] == [35, 139, 97, 385]


def test_a_week_counted_whole_has_the_margin_of_its_formula() -> None:
    means = {"a": 30.0, "b": 10.0}
    found = expect(means, weeks=8, counts=16, week_cv=0.25, daypart_cv=0.0)
    assert found.margin_known == pytest.approx(1.96 * np.sqrt((1 / 40 + 0.25**2) / 8), rel=1e-4)
    # Seven degrees of freedom, as the estimate will have them.
    assert found.margin / found.margin_known == pytest.approx(2.365 / 1.96, rel=1e-3)


def test_the_margin_that_is_asked_for_is_met_with_each_daypart_counted_twice() -> None:
    found = plan(even(WEEK, mean=30), margin=0.25)
    assert found.enough
    assert found.margin <= 0.25
    assert min(daypart.counts for daypart in found.dayparts) >= 2
    assert all(len(set(daypart.weeks)) == daypart.counts for daypart in found.dayparts)


def test_a_smaller_margin_never_takes_fewer_counts_and_more_counts_never_give_a_wider_margin() -> None:
    counts = [plan(even(WEEK, mean=30), margin=margin, max_weeks=30).counts for margin in (0.4, 0.3, 0.2, 0.15, 0.12)]
    assert counts == sorted(counts)
    margins = [expect(even(WEEK, mean=30), weeks=6, counts=number).margin for number in (14, 21, 28, 35, 42)]
    assert margins == sorted(margins, reverse=True)


def test_busy_dayparts_get_more_counts_as_neyman_would_give_them() -> None:
    means = {"quiet": 4.0, "usual": 16.0, "busy": 64.0}
    found = {daypart.slot: daypart.counts for daypart in expect(means, weeks=40, counts=70, week_cv=0.0, daypart_cv=0.0).dayparts}
    assert found == {"quiet": 10, "usual": 20, "busy": 40}


def test_no_other_allocation_of_as_many_counts_has_a_smaller_variance() -> None:
    means = {"a": 3.0, "b": 20.0, "c": 50.0}
    found = {daypart.slot: daypart.counts for daypart in expect(means, weeks=8, counts=14, week_cv=0.0, daypart_cv=0.3).dayparts}

    def variance(numbers: dict[str, int]) -> float:
        return sum((mean + (0.3 * mean) ** 2) / numbers[slot] for slot, mean in means.items())

    others = [{"a": a, "b": b, "c": 14 - a - b} for a in range(2, 9) for b in range(2, 9) if 2 <= 14 - a - b <= 8]
    assert variance(found) == pytest.approx(min(variance(numbers) for numbers in others))


@pytest.mark.parametrize(("counts", "weeks", "reason"), [(5, 4, "partial"), (9, 4, "once"), (7, 1, "one_week"), (14, 4, None)])
def test_what_an_effort_falls_short_of_is_said(counts: int, weeks: int, reason: str | None) -> None:
    found = expect(even(WEEK), weeks=weeks, counts=counts)
    assert (found.reason, found.enough, found.counts) == (reason, reason is None, counts)


def test_a_margin_that_cannot_be_had_is_refused_with_the_best_there_is() -> None:
    found = plan(even(WEEK), margin=0.05, max_weeks=6)
    assert (found.enough, found.reason, found.counts) == (False, "margin", 6 * len(WEEK))
    assert found.margin > 0.05


@pytest.mark.parametrize("means", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"a": float("inf")}])
def test_means_that_cannot_be_are_refused(means: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="daypart"):
        plan(means, margin=0.2)


def made() -> Plan:
    return expect(even(WEEK, mean=30), weeks=4, counts=20)


def test_a_schedule_has_every_count_once_on_its_own_day_spread_over_the_period() -> None:
    found, missing = schedule(made(), weekdays=DAYS, first=date(2026, 3, 1), last=date(2026, 5, 30), seed=3)
    assert missing == ()
    assert Counter(item.slot for item in found) == {daypart.slot: daypart.counts for daypart in made().dayparts}
    assert all(item.date.isoweekday() == DAYS[item.slot] for item in found)
    assert len(set(found)) == len(found) == 20
    # Twelve whole weeks in four parts: one week is drawn of each.
    weeks = sorted({item.week for item in found})
    assert [week // 3 for week in weeks] == [0, 1, 2, 3]


def test_the_same_seed_gives_the_same_schedule_and_another_seed_another() -> None:
    def drawn(seed: int) -> object:
        return schedule(made(), weekdays=DAYS, first=date(2026, 3, 1), last=date(2026, 5, 31), seed=seed)

    assert drawn(3) == drawn(3)
    assert len({str(drawn(seed)) for seed in range(5)}) > 1


def test_a_closed_day_moves_its_count_to_a_week_that_is_open_and_what_is_left_is_told() -> None:
    every = {date(2026, 3, 2 + 7 * week) for week in range(4)}
    of = expect({"mo_morning": 20.0}, weeks=2, counts=2)
    first, last = date(2026, 3, 2), date(2026, 3, 29)
    found, missing = schedule(of, weekdays={"mo_morning": 1}, first=first, last=last, closed=sorted(every)[:2])
    assert [item.date for item in found] == sorted(every)[2:]
    assert missing == ()
    found, missing = schedule(of, weekdays={"mo_morning": 1}, first=first, last=last, closed=sorted(every)[:3])
    assert (len(found), missing) == (1, (("mo_morning", 1),))


def test_a_period_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="whole weeks"):
        schedule(made(), weekdays=DAYS, first=date(2026, 3, 3), last=date(2026, 3, 29))


def test_the_margin_of_a_plan_is_what_the_estimate_finds() -> None:
    of = expect(dict(zip(WEEK, (5.0, 10.0, 20.0, 30.0, 40.0, 15.0, 60.0), strict=True)), weeks=8, counts=40)
    stream = rng.stream(1, "test.plan")
    appointments, _ = schedule(of, weekdays=DAYS, first=date(2026, 3, 2), last=date(2026, 5, 3), seed=1)
    means = {daypart.slot: daypart.mean for daypart in of.dayparts}
    rows = []
    for town in range(150):
        week = stream.gamma(16, 1 / 16, 9)
        for item in appointments:
            people = stream.poisson(means[item.slot] * week[item.week] * stream.gamma(25, 1 / 25))
            rows.append((f"t{town}", f"{town}.{item.date}.{item.slot}", item.date, item.slot, int(people)))
    counts = pd.DataFrame(rows, columns=["place_id", "session", "date", "slot", "people"]).assign(group="all", exposure=1.0, how="entering")
    found = estimate(counts, slots={})
    found = found[found["slot"] == "all"]
    width = ((found["high"] - found["low"]) / 2 / found["value"]).astype(float).median()
    assert width == pytest.approx(of.margin, rel=0.2)


def test_the_calculator_needs_nothing_but_the_standard_library() -> None:
    code = "import sys, knopenkaart.visits.plan; print(sorted({'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
