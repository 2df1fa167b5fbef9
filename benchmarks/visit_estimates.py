# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often intervals of visits hold: invented towns of which the truth is known, counted: python benchmarks/visit_estimates.py.

Each town is one place. Its truth is a mean per daypart; a week is good or bad as a whole, a daypart by itself, the rest is chance.
A `mix` has towns that differ in all of that. [--towns 1000] [--seed 1] [--only WORD]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from knopenkaart import rng
from knopenkaart.visits.counts import estimate

WANTED = (0.93, 0.97)
START = date(2026, 1, 5)
SLOTS = tuple(f"{day}_{part}" for day in ("mo", "tu", "we", "th", "fr", "sa", "su") for part in ("morning", "afternoon", "evening"))
GROUPS = {"age_0_14": 0.10, "age_15_24": 0.15, "age_25_44": 0.30, "age_45_64": 0.25, "age_65_plus": 0.20}


@dataclass(frozen=True)
class Truth:
    """How a town behaves, and how it is counted. `each`: so many counts of each daypart (0: every week)."""

    weeks: int = 4
    mean: float = 20.0
    dayparts: int = 12
    week_cv: float = 0.25
    daypart_cv: float = 0.0
    unequal: float = 0.0
    each: int = 0
    partial: bool = False
    doors: int = 1
    unknown: float = 0.0
    groups: bool = False


SCENARIOS: Mapping[str, Truth] = {
    **{f"chance only, {w} weeks": Truth(weeks=w, week_cv=0.0) for w in (2, 4, 8)},
    **{f"dayparts vary (CV 0.4), {w} weeks": Truth(weeks=w, week_cv=0.0, daypart_cv=0.4) for w in (2, 4, 8)},
    **{f"weeks vary (CV 0.25), {w} weeks": Truth(weeks=w) for w in (2, 3, 4, 8, 12)},
    **{f"both, {w} weeks": Truth(weeks=w, daypart_cv=0.3) for w in (2, 4, 8)},
    **{f"weeks vary much (CV 0.5), {w} weeks": Truth(weeks=w, week_cv=0.5) for w in (2, 4, 8)},
    **{f"sparse (mean 0.8), {w} weeks": Truth(weeks=w, mean=0.8, unequal=0.5) for w in (2, 4, 8)},
    **{f"unequal dayparts, {w} weeks": Truth(weeks=w, daypart_cv=0.2, unequal=1.0) for w in (2, 4, 8)},
    **{f"parts of dayparts, 2 doors, {w} weeks": Truth(weeks=w, daypart_cv=0.2, unequal=0.7, partial=True, doors=2) for w in (2, 4, 8)},
    "each daypart twice in 6 weeks": Truth(weeks=6, daypart_cv=0.2, unequal=0.7, each=2),
    "each daypart twice in 8 weeks": Truth(weeks=8, daypart_cv=0.2, unequal=0.7, each=2),
    "each daypart once in 4 weeks": Truth(weeks=4, daypart_cv=0.2, unequal=0.7, each=1),
    **{f"groups, a fifth unknown, {w} weeks": Truth(weeks=w, daypart_cv=0.2, unequal=0.7, unknown=0.2, groups=True) for w in (2, 4, 8)},
}


def mix(stream: np.random.Generator, base: Truth) -> Truth:
    """A town as it might be: weeks differ by a CV of 0.10 to 0.40 or so, and it counts 2 to 12 weeks, or parts of them."""
    weeks = int(stream.choice([2, 3, 4, 6, 8, 12]))
    return replace(
        base,
        weeks=weeks,
        mean=float(np.exp(stream.uniform(np.log(2), np.log(80)))),
        dayparts=int(stream.integers(4, 22)),
        week_cv=float(np.exp(stream.normal(np.log(0.2), 0.35))),
        daypart_cv=float(stream.uniform(0.0, 0.4)),
        unequal=float(stream.uniform(0.0, 1.0)),
        each=int(stream.choice([0, 0, min(weeks, 2 + int(stream.integers(0, 3)))])),
        partial=bool(stream.random() < 0.3),
        doors=int(stream.choice([1, 1, 2])),
    )


def _factors(stream: np.random.Generator, cv: float, size: Any) -> Any:
    return stream.gamma(1 / cv**2, cv**2, size) if cv > 0 else np.ones(size)


def town(stream: np.random.Generator, truth: Truth, place: str) -> tuple[list[dict[str, Any]], dict[tuple[str, str], float]]:
    """The counting sheets of one town, and what it really has per week: per (daypart or all, group or all)."""
    slots = SLOTS[: truth.dayparts]
    means = truth.mean * np.exp(stream.normal(0, truth.unequal, len(slots)) - truth.unequal**2 / 2)
    groups = dict(GROUPS) if truth.groups else {"all": 1.0}
    week = _factors(stream, truth.week_cv, truth.weeks)
    own = _factors(stream, truth.daypart_cv, (truth.weeks, len(slots)))
    rows = []
    for s, slot in enumerate(slots):
        for w in sorted(stream.permutation(truth.weeks)[: truth.each or truth.weeks].tolist()):
            exposure = float(stream.choice([0.25, 0.5, 1.0])) if truth.partial else 1.0
            for door in range(truth.doors):
                rate = means[s] * week[w] * own[w, s] * exposure / truth.doors
                people = {group: int(stream.poisson(rate * share * (1 - truth.unknown))) for group, share in groups.items()}
                if truth.unknown:
                    people["unknown"] = int(stream.poisson(rate * truth.unknown))
                sheet = {"place_id": place, "session": f"{place}.{slot}.{w}.{door}", "slot": slot, "exposure": exposure, "how": "entering"}
                day = START + timedelta(weeks=w, days=s // 3)
                rows += [sheet | {"date": day, "group": group, "people": number} for group, number in people.items()]
    real = {("all", "all"): float(means.sum())} | {(slot, "all"): float(m) for slot, m in zip(slots, means, strict=True)}
    if truth.groups:
        real |= {(slot, group): real[slot, "all"] * share for slot in ("all", *slots) for group, share in groups.items()}
    return rows, real


def measure(name: str, truth: Truth, *, towns: int, seed: int, varied: bool = False) -> pd.DataFrame:
    """One row per interval of many towns: kind (week, daypart, group, group in daypart), held, below, above and the half-width."""
    stream = rng.stream(seed, f"benchmark.visit_estimates.{name}")
    sheets, real = [], {}
    for number in range(towns):
        rows, means = town(stream, mix(stream, truth) if varied else truth, f"t{number}")
        sheets += rows
        real |= {(f"t{number}", *key): value for key, value in means.items()}
    found = estimate(pd.DataFrame(sheets), slots={})
    keys = zip(found["place_id"], found["slot"], found["group"], strict=True)
    value = np.array([real[key] for key in keys])
    told = found["enough"].to_numpy(bool)
    low, high = (found[column].astype(float).to_numpy() for column in ("low", "high"))
    kind = np.select(
        [(found["slot"] == "all") & (found["group"] == "all"), found["group"] == "all", found["slot"] == "all"],
        ["week", "daypart", "group"],
        "group in daypart",
    )
    table = {"kind": kind, "told": told, "held": (low <= value) & (value <= high), "below": high < value, "above": low > value}
    return pd.DataFrame(table | {"half": (high - low) / 2 / value})


def report(name: str, rows: pd.DataFrame) -> list[str]:
    """A line per kind of interval: how often it holds, on which side it fails, and how wide it is."""
    lines = []
    for kind in ("week", "daypart", "group", "group in daypart"):
        of = rows[rows["kind"] == kind]
        if len(of):
            told = of[of["told"]]
            held = told["held"].mean()
            mark = "" if WANTED[0] <= held <= WANTED[1] else "  OUTSIDE"
            lines.append(
                f"| {name} | {kind} | {100 * held:.1f} % | {100 * told['below'].mean():.1f} | {100 * told['above'].mean():.1f} | "
                f"{100 * told['half'].median():.0f} % | {100 * of['told'].mean():.0f} % |{mark}"
            )
    return lines


def main(say: Callable[[str], None] = print) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--towns", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="")
    given = options.parse_args()
    say("| truth | interval | holds | truth above it | truth below it | half-width, median | told |")
    say("|---|---|---|---|---|---|---|")
    for name, truth in {"a mix of towns": Truth(), "a mix of towns, groups": Truth(groups=True, unknown=0.1), **SCENARIOS}.items():
        if given.only in name:
            begin = time.perf_counter()
            for line in report(name, measure(name, truth, towns=given.towns, seed=given.seed, varied=name.startswith("a mix"))):
                say(line)
            say(f"<!-- {time.perf_counter() - begin:.0f} s -->")


if __name__ == "__main__":
    main()
