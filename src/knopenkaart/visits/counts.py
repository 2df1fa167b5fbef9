# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visits per week of a place, per daypart and group, from counts, with intervals that hold and "not enough" as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart import rng
from knopenkaart.tables import VISIT_ESTIMATES
from knopenkaart.visits._design import (
    PRIOR,
    PRIOR_DAYPART_CV,
    PRIOR_WEEK_CV,
    Design,
    Floats,
    Interval,
    Spread,
    slot_intervals,
    total_interval,
)
from knopenkaart.visits._occasions import Occasions, monday, occasions, strata_of
from knopenkaart.vocabulary import EVERYBODY

ALL_SLOTS = "all"
# One week says nothing of how weeks differ.
LEAST_WEEKS = 2
# A total is told where at least this part of the open dayparts was counted.
LEAST_COUNTED = 0.5
# Groups are told where the group of at least this part of the people is known.
LEAST_KNOWN = 0.5
Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Choices:
    """What the caller decides, for one place."""

    open: frozenset[str] | None
    least_weeks: int
    prior: Spread


def estimate(
    counts: pd.DataFrame,
    *,
    slots: Mapping[str, Collection[str]],
    least_weeks: int = LEAST_WEEKS,
    week_cv: float = PRIOR_WEEK_CV,
) -> pd.DataFrame:
    """Visits per week of each place: of the whole week, of each daypart, of each group, and of each group in each daypart.

    Parameters: COUNTS; per place the dayparts in which it is open (a place that is absent: not known); the least number of different
    weeks; by how much weeks of one place are held to differ (coefficient of variation) where the counts themselves do not tell.

    Returns VISIT_ESTIMATES: visits per week (of a daypart: per daypart) with a 95 % interval for the mean of weeks like those that were
    counted. Head counts of people present give rows `present`, a mean per moment and no sum: without a time of stay they are no visits.
    Where there is not enough, `value`, `low` and `high` are empty and `reason` says why: `one_week`, `few_dayparts`, `few_known`,
    `not_told` (in a daypart nobody told groups apart), `no_bound`. Of rows that are told, `partial` means that open dayparts were never
    counted and are not in it, `hours_unknown` that nobody knows which dayparts are open.

    Raises InputError (`visits.counts`) naming every row that cannot be. Model and measured coverage: docs/method/visits.md.

    >>> day = __import__("datetime").date
    >>> rows = [("s1", day(2026, 3, 2), 40), ("s2", day(2026, 3, 9), 50), ("s3", day(2026, 3, 16), 45), ("s4", day(2026, 3, 23), 41)]
    >>> counts = pd.DataFrame(rows, columns=["session", "date", "people"]).assign(
    ...     place_id="hall", slot="mo_morning", group="all", exposure=1.0, how="entering"
    ... )
    >>> week = estimate(counts, slots={"hall": ["mo_morning", "tu_morning"]}).iloc[0]
    >>> print(week["value"], week["weeks"], week["enough"], week["reason"], week["counted_share"])
    44.0 4 True partial 0.5
    """
    rows: list[dict[str, Any]] = []
    prior = Spread(week_cv**2, PRIOR_DAYPART_CV**2)
    for counted in occasions(counts):
        known = slots.get(counted.place_id)
        choices = _Choices(None if known is None else frozenset(known), least_weeks, prior)
        rows += _whole_week(counted, choices)
        rows += _dayparts(counted, choices)
    return VISIT_ESTIMATES.frame(rows)


def _whole_week(of: Occasions, choices: _Choices) -> Iterator[dict[str, Any]]:
    """The week, of everybody and of each group."""
    every = np.ones(len(of.visits), dtype=bool)
    share = _counted_share(of, choices)
    unclear = "hours_unknown" if share is None else "partial" if share < 1 else None
    refusal = _weeks_refusal(of, every, choices) or ("few_dayparts" if share is not None and share < LEAST_COUNTED else None)
    found = None if refusal else _week(of, of.visits, choices)
    yield _row(of, every, choices, found, refusal or unclear)
    known_share = _ratio(float(of.known[of.told].sum()), float(of.visits[of.told].sum()))
    few = refusal or (None if of.by_group and known_share is not None and known_share >= LEAST_KNOWN else "few_known")
    told = of.told
    for group in of.by_group:
        refused = few or _weeks_refusal(of, told, choices)
        estimated = None if refused else _week(of, _spread_over(of, group), choices)
        row = _row(of, told, choices, estimated, refused or unclear)
        yield row | {"group": group, "people": int(of.people_by_group[group].sum()), "known_share": known_share}


def _week(of: Occasions, visits: Floats, choices: _Choices) -> Interval:
    found = total_interval(of.design, visits, prior=choices.prior)
    if of.what == "visits":
        return found
    # People present are a mean over the dayparts: a sum of moments is nothing.
    return replace(found, value=found.value / len(of.slots), low=found.low / len(of.slots), high=found.high / len(of.slots))


def _spread_over(of: Occasions, group: str) -> Floats:
    """Visits of a group, those of whom nobody knows the group divided in proportion; made linear, so that the uncertainty of it is kept.

    With T visits, K of known group and G of this group, per week: T G / K. What each count adds to it is what it adds to T, K and G, by
    the slopes of that ratio. K and G are known of the counts that tell groups apart only; each stratum has its own mean of these.
    """
    design = of.design
    told_weight = np.where(of.told, design.exposure, 0.0)
    in_slot = np.bincount(design.slot, weights=told_weight, minlength=design.slots)[design.slot]
    told_weight = np.divide(told_weight, in_slot, out=np.zeros_like(told_weight), where=in_slot > 0)

    def made(visits: Floats) -> Floats:
        mean = np.bincount(design.slot, weights=told_weight * visits, minlength=design.slots)[design.slot]
        return np.asarray(mean + told_weight / design.weight * (visits - mean))

    total, known, own = of.visits, made(of.known), made(of.by_group[group])
    sums = [float(design.means(values).sum()) for values in (total, known, own)]
    share, factor = _ratio(sums[2], sums[1]) or 0.0, _ratio(sums[0], sums[1]) or 0.0
    return np.asarray(factor * own + share * (total - factor * known))


def _dayparts(of: Occasions, choices: _Choices) -> Iterator[dict[str, Any]]:
    """Each daypart, of everybody and of each group."""
    every = np.ones(len(of.visits), dtype=bool)
    for chosen, found in _per_slot(of, of.visits, every, choices):
        yield _daypart_row(of, chosen, choices, found)
    means = of.design.means(of.visits)
    for group, visits in of.by_group.items():
        for chosen, found in _per_slot(of, visits, of.told, choices):
            slot = int(of.design.slot[chosen][0])
            known = float(np.average(of.known[chosen], weights=of.design.exposure[chosen]))
            # Unknown people of this daypart are divided as its known ones.
            factor = _ratio(float(means[slot]), known) or 1.0
            known_share = _ratio(float(of.known[chosen].sum()), float(of.visits[chosen].sum()))
            scaled = found and replace(found, value=found.value * factor, low=found.low * factor, high=found.high * factor)
            row = _daypart_row(of, chosen, choices, scaled)
            if known_share is not None and known_share < LEAST_KNOWN:
                row |= _nothing("few_known")
            yield row | {"group": group, "people": int(of.people_by_group[group][chosen].sum()), "known_share": known_share}


def _per_slot(of: Occasions, visits: Floats, within: Chosen, choices: _Choices) -> Iterator[tuple[Chosen, Interval | None]]:
    """Of each stratum among some of the counts which counts are its own, and its interval; none where there are too few weeks."""
    if not within.any():
        return
    refused = _weeks_refusal(of, within, choices)
    design: Design = of.of(within)
    found = [None] * design.slots if refused else slot_intervals(design, visits[within], prior=choices.prior)
    for slot, interval in zip(strata_of(within, of.design.slot), found, strict=True):
        yield within & (of.design.slot == slot), interval


def _daypart_row(of: Occasions, chosen: Chosen, choices: _Choices, found: Interval | None) -> dict[str, Any]:
    slot = of.slots[int(of.design.slot[chosen][0])]
    reason = "one_week" if found is None else None if np.isfinite(found.high) else "no_bound"
    row = _row(of, chosen, choices, None if reason else found, reason)
    return row | {"slot": slot, "counted_share": None}


def _row(of: Occasions, chosen: Chosen, choices: _Choices, found: Interval | None, reason: str | None) -> dict[str, Any]:
    days = [day for day, used in zip(of.days, chosen, strict=True) if used] or list(of.days)
    numbers = (
        {"value": found.value, "low": found.low, "high": found.high, "method": found.method, "enough": True, "reason": reason}
        if found
        else _nothing(reason)
    )
    return {
        "place_id": of.place_id,
        "what": of.what,
        "slot": ALL_SLOTS,
        "group": EVERYBODY,
        "people": int(of.people[chosen].sum()),
        "counts": int(chosen.sum()),
        "weeks": len({monday(day) for day in days}) if chosen.any() else 0,
        "first": min(days),
        "last": max(days),
        "counted_share": _counted_share(of, choices),
        "known_share": None,
        **numbers,
    }


def _nothing(reason: str | None) -> dict[str, Any]:
    return {"value": None, "low": None, "high": None, "method": "none", "enough": False, "reason": reason}


def _counted_share(of: Occasions, choices: _Choices) -> float | None:
    if choices.open is None:
        return None
    # Somebody who counted found it open.
    return len(set(of.slots)) / len(choices.open | set(of.slots))


def _weeks_refusal(of: Occasions, chosen: Chosen, choices: _Choices) -> str | None:
    return "one_week" if len(np.unique(of.design.week[chosen])) < choices.least_weeks else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def bootstrap(counts: pd.DataFrame, *, seed: int, draws: int = 999) -> pd.DataFrame:
    """The weekly total of each place once more, by drawing whole weeks with replacement: a check that shares no formula with `estimate`.

    Parameters: COUNTS of people who come in; the seed; how many draws. Returns place_id, value, low, high (2.5 and 97.5 % of the draws),
    se (their standard deviation, times the square root of W / (W - 1)), weeks, draws. A daypart that no drawn week has keeps its mean. With
    few weeks the quantiles are too narrow, as is known of the bootstrap: compare `se`.
    """
    rows = []
    for of in occasions(counts[counts["how"] == "entering"]):
        stream = rng.stream(seed, f"visits.bootstrap.{of.place_id}")
        design, weeks = of.design, of.design.weeks
        times = np.stack([np.bincount(stream.integers(0, weeks, weeks), minlength=weeks) for _ in range(draws)])
        drawn = times[:, design.week] * design.exposure[None, :]
        in_slot = (design.slot[:, None] == np.arange(design.slots)[None, :]).astype(float)
        exposure, seen = drawn @ in_slot, (drawn * of.visits[None, :]) @ in_slot
        means = np.where(exposure > 0, np.divide(seen, exposure, out=np.zeros_like(seen), where=exposure > 0), design.means(of.visits))
        totals = means.sum(axis=1)
        low, high = np.quantile(totals, [0.025, 0.975])
        se = float(totals.std(ddof=1)) * (weeks / (weeks - 1)) ** 0.5 if weeks > 1 else float("nan")
        rows.append((of.place_id, float(design.means(of.visits).sum()), float(low), float(high), se, weeks, draws))
    return pd.DataFrame(rows, columns=["place_id", "value", "low", "high", "se", "weeks", "draws"])


__all__ = ["LEAST_COUNTED", "LEAST_KNOWN", "LEAST_WEEKS", "PRIOR", "bootstrap", "estimate"]
