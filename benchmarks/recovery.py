# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do the intervals of a calibration hold? In invented towns of which the truth is known: python benchmarks/recovery.py.

Each town has its own truth, drawn from what is believed beforehand; visitors are counted, asked where they live and how often they come.
[--towns 100] [--seed 1] [--dispersion 0.0625] (of the weeks of one place: the square of their coefficient of variation)
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from knopenkaart import rng
from knopenkaart.visits.calibrate import calibrate, draws
from knopenkaart.visits.choice import Choice, Parameters, Setting, choose, reached
from knopenkaart.visits.observed import Counts, Frequencies, Observed, Origins
from knopenkaart.visits.priors import Prior, prior_of

WANTED = 0.85
LEVEL = 0.90
GROUPS = ("age_0_14", "age_25_44", "age_65_plus")
KINDS = {"meet": ("community_centre", "village_hall", "park"), "sport": ("sports_club", "swimming_pool")}
WIDTH_M = 6000.0
DETOUR = 1.25
DRAWN = 400


@dataclass(frozen=True)
class Plan:
    """How a town is observed: weeks of counts, the part of the visitors of four weeks who tell where they live, answers per function."""

    weeks: int = 4
    asked: float = 0.10
    answers: int = 100
    dispersion: float = 0.0625


def town(stream: np.random.Generator, *, cells: int = 80, places: int = 12) -> tuple[Setting, Prior]:
    """An invented town, and what is believed of it."""
    homes, doors = stream.uniform(0, WIDTH_M, (cells, 2)), stream.uniform(0, WIDTH_M, (places, 2))
    metres = DETOUR * np.hypot(*(homes[:, None] - doors[None]).transpose(2, 0, 1))
    people = stream.poisson(stream.gamma(2.0, 60.0, (cells, 1)), (cells, len(GROUPS))).astype(float)
    nest = (np.arange(places) % len(KINDS)).astype(np.int32)
    kinds = [str(stream.choice(list(KINDS.values())[of])) for of in nest]
    setting = Setting(people, reached(metres), nest, len(KINDS), np.ones(places, dtype=bool))
    return setting, prior_of(setting, kinds=kinds, groups=GROUPS, nests=list(KINDS))


def observe(stream: np.random.Generator, setting: Setting, truth: Parameters, plan: Plan) -> Observed:
    """What is seen of a town with these habits: counts of weeks per place and group, areas of those asked, answers on frequency."""
    choice = choose(setting, truth)
    place, group = (axis.ravel() for axis in np.indices(choice.visits.shape))
    good = stream.gamma(1 / plan.dispersion, plan.dispersion, (plan.weeks, setting.places))
    seen = stream.poisson(good[:, place] * choice.visits[place, group]).astype(float).ravel()
    sheet = (np.arange(plan.weeks)[:, None] * setting.places + place).ravel()
    one = np.ones(len(seen))
    counts = Counts(np.tile(place, plan.weeks), np.tile(group, plan.weeks), seen, one, np.zeros(len(seen), dtype=np.int64), sheet)
    area = np.arange(setting.cells) * 10 // setting.cells
    return Observed(counts, _origins(stream, setting, truth, choice, area, plan), _answers(stream, truth, plan), area)


def _origins(stream: np.random.Generator, setting: Setting, truth: Parameters, choice: Choice, area: np.ndarray, plan: Plan) -> Origins:
    part = choice.part.reshape(setting.cells, setting.groups, setting.nests)[:, :, setting.nest]
    chance = choice.probability.reshape(setting.cells, setting.groups, setting.places)
    visits = (setting.people[:, :, None] * truth.rate.T[None][:, :, setting.nest] * part * chance).sum(axis=1)
    rows = []
    for place in range(setting.places):
        from_areas = np.bincount(area, weights=visits[:, place])
        asked = stream.poisson(4 * plan.asked * from_areas)
        rows += [(place, -1, number, people) for number, people in enumerate(asked) if people]
    found = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Origins(found[0], found[1], found[2], found[3].astype(float), np.zeros(len(rows), dtype=np.int64))


def _answers(stream: np.random.Generator, truth: Parameters, plan: Plan) -> Frequencies:
    """Who is asked is there; the other times in four weeks are by chance."""
    nest = np.repeat(np.arange(len(truth.onsite)), plan.answers)
    of = np.concatenate([stream.choice(len(truth.frequency), plan.answers, p=shares) for shares in truth.onsite])
    return Frequencies(nest, np.minimum(1 + stream.poisson(4 * truth.frequency[of]), 28))


def measure(*, towns: int, seed: int, plan: Plan) -> pd.DataFrame:
    """A row per parameter, number of visits and effect of a closure of every town: whether its 90 % interval holds the truth."""
    rows = []
    for number in range(towns):
        stream = rng.stream(seed, f"benchmark.recovery.{number}")
        setting, prior = town(stream)
        nothing = calibrate(setting, Observed(), prior)
        truth = draws(nothing, 1, seed=int(stream.integers(2**31)))[0]
        begin = time.perf_counter()
        fitted = calibrate(setting, observe(stream, setting, truth, plan), prior)
        took = time.perf_counter() - begin
        after = draws(fitted, DRAWN, seed=number)
        for name, real, found in _compared(setting, truth, after):
            low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
            rows += [(number, name, *values, fitted.found, took) for values in zip(real, low, high, strict=True)]
    table = pd.DataFrame(rows, columns=["town", "what", "truth", "low", "high", "found", "seconds"])
    return table.assign(holds=(table["low"] <= table["truth"]) & (table["truth"] <= table["high"]))


def _compared(setting: Setting, truth: Parameters, after: list[Parameters]) -> list[tuple[str, np.ndarray, np.ndarray]]:
    of: dict[str, Callable[[Parameters], np.ndarray]] = {
        "ln A": lambda one: one.attract.ravel(),
        "beta": lambda one: one.beta,
        "theta": lambda one: np.array([one.theta]),
        "ln W0": lambda one: one.outside.ravel(),
        "rate": lambda one: one.rate.ravel(),
        "classes": lambda one: one.onsite.ravel(),
        "visits": lambda one: choose(setting, one).visits.ravel(),
        "closure": lambda one: closure(setting, one),
    }
    return [(name, take(truth), np.stack([take(one) for one in after])) for name, take in of.items()]


def closure(setting: Setting, habits: Parameters) -> np.ndarray:
    """By what part visits to each function fall where its first place closes."""
    opened = setting.open.copy()
    opened[: setting.nests] = False
    total = [
        np.bincount(setting.nest, weights=choose(one, habits).visits.sum(axis=1), minlength=setting.nests)
        for one in (setting, setting.with_open(opened))
    ]
    return total[1] / total[0] - 1


def report(rows: pd.DataFrame) -> list[str]:
    """A line per kind of number, and one of the parameters together."""
    parameters = rows[~rows["what"].isin(["visits", "closure"])]
    lines = [f"| {what} | {len(of)} | {100 * of['holds'].mean():.1f} % |" for what, of in rows.groupby("what", sort=False)]
    pooled = parameters["holds"].mean()
    lines.append(f"| **parameters together** | {len(parameters)} | {100 * pooled:.1f} %{'' if pooled >= WANTED else '  MISSED'} |")
    towns = rows.groupby("town")[["found", "seconds"]].first()
    lines.append(f"<!-- {len(towns)} towns, search ended in {int(towns['found'].sum())}, {towns['seconds'].median():.2f} s each -->")
    return lines


def main(say: Callable[[str], None] = print) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--towns", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--dispersion", type=float, default=Plan.dispersion)
    given = options.parse_args()
    say("| what | numbers | 90 % interval holds |")
    say("|---|---|---|")
    for line in report(measure(towns=given.towns, seed=given.seed, plan=Plan(dispersion=given.dispersion))):
        say(line)


if __name__ == "__main__":
    main()
