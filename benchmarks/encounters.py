# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom: the engine beside its simulation, and beside what one would write with numpy or as agents.

    python benchmarks/encounters.py agreement [--study FOLDER] [--runs 40] [--most 400] [--precise 0.4]
    python benchmarks/encounters.py speed [--city] [--country 18000000]
    python benchmarks/encounters.py beside
    python benchmarks/encounters.py ages --matrix meeting_matrix.csv

`agreement` is the full grid of loyalty, times, counting and crowding, of toy towns or of a study: so many runs, and more (at most so many)
until the standard error of the faces is so many per cent; with a joint test of who of which group meets whom. `speed` times the kernels
alone, without compiling, and prints processor seconds beside the clock, because other work on the machine spoils the clock. `beside`
takes the same pairs of residents with plain vectorised numpy and scipy, and lives the same weeks with one object per resident, as with an
agent framework. `ages` puts the ages that meet in a study (the table that `knopenkaart meet` writes) beside those of the contact diaries
of POLYMOD in the folder that KNOPENKAART_TEST_DATA names.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom, spearmanr
from scipy.stats import f as f_distribution

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import meetingtown  # noqa: E402

from knopenkaart.encounters import _kernels as kernels  # noqa: E402
from knopenkaart.encounters import measures  # noqa: E402
from knopenkaart.encounters.crowd import crowd  # noqa: E402
from knopenkaart.encounters.drawn import EGOS, MOST_EGOS  # noqa: E402
from knopenkaart.encounters.expected import arrays, encounters, expected, rule  # noqa: E402
from knopenkaart.encounters.mean_field import cohorts_of_town, mean_field  # noqa: E402
from knopenkaart.encounters.simulate import Lived, simulate, simulate_for  # noqa: E402
from knopenkaart.encounters.town import Convention, Counting, Town  # noqa: E402
from knopenkaart.meeting.assumed import habits  # noqa: E402
from knopenkaart.meeting.ground import ground_of  # noqa: E402
from knopenkaart.meeting.residents import town_of  # noqa: E402
from knopenkaart.meeting.towns import believed  # noqa: E402
from knopenkaart.study import Study  # noqa: E402

MUNICIPALITY = 52_000
DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))
# The ages of the reference groups, and the part of Dutch people of each (Statistics Netherlands, 2024).
AGES, SHARES = [0, 15, 25, 45, 65, 130], np.array([0.152, 0.124, 0.257, 0.264, 0.203])


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do a piece of work twice, and print the seconds of the second turn, and the most memory so far."""
    work()
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:58} {clock:9.3f} s  {processor:9.3f} processor s  {memory:7.0f} MB", flush=True)
    return found


def toy(people: int = 25_000, places: int = 110, *, cells: int = 250, nests: int = 1, loyal: float = 0.65, seed: int = 1) -> Town:
    """The toy town of the design: 42 slots, 6 groups, 15 sessions per place."""
    return meetingtown.town(people, places, slots=42, groups=6, cells=cells, nests=nests, loyal=loyal, sessions=15, seed=seed)


# --- Agreement ----------------------------------------------------------------------------------------------------------


def agreement(towns: Iterable[tuple[str, float, Town]], *, runs: int, most: int, precise: float) -> None:
    """The engine beside its simulation: so many runs, and more until the standard error of the faces at k = 3 is so many per cent."""
    print("town            loyal counting   k |  encounters  lived  differ (se) |  faces  lived  differ (se) | matrices, p", flush=True)
    for name, loyal, town in towns:
        # Without own places people meet at most once in a week: both ways of counting are one.
        ways: list[Counting] = ["weeks", "encounters"] if loyal else ["weeks"]
        conventions = [Convention(times, 26, counting) for counting in ways for times in (3, 2, 4)]
        lived = _lived(town, conventions, runs=runs, most=most, precise=precise)
        for convention, by_run in zip(conventions, lived, strict=True):
            # Without own places all faces are of strangers: more of these are drawn.
            found = expected(town, convention, egos=MOST_EGOS if loyal else 3 * MOST_EGOS)
            print(f"{name:15} {loyal:5} {convention.counting:10} {convention.times} |", end=" ")
            print(_beside(found.encounters.per_resident, [one.encounters for one in by_run]), end=" | ")
            print(_beside(found.familiarity.mean, [one.mean for one in by_run]), end=" | ")
            met = [one.encounters_by_group for one in by_run], [one.by_group for one in by_run]
            print(
                _joint(found.encounters.by_group, met[0]), _joint(found.familiarity.by_group, met[1]), f"({len(by_run)} runs)", flush=True
            )


def _lived(town: Town, conventions: list[Convention], *, runs: int, most: int, precise: float) -> list[list[Lived]]:
    """Per convention what happened in each run."""
    lived: list[list[Lived]] = [[] for _ in conventions]
    for run in range(most):
        if run >= runs and _error([one.mean for one in lived[0]]) <= precise / 100:
            break
        for by_run, one in zip(lived, simulate_for(town, conventions, seed=3, run=run), strict=True):
            by_run.append(one)
    return lived


def _error(numbers: list[float]) -> float:
    """The standard error of a mean, as a part of it."""
    return float(np.std(numbers, ddof=1) / len(numbers) ** 0.5 / max(np.mean(numbers), 1e-300))


def _joint(ours: Any, lived: list[Any]) -> str:
    """Hotelling's test of all pairs of groups at once: how likely so large a difference is where there is none."""
    upper = np.triu_indices(len(ours))
    cells = np.array([one[upper] for one in lived])
    size, number = cells.shape[1], len(cells)
    if number <= size + 1 or np.linalg.matrix_rank(np.cov(cells.T)) < size:
        return "  -  "
    difference = cells.mean(axis=0) - ours[upper]
    statistic = number * difference @ np.linalg.solve(np.cov(cells.T), difference) * (number - size) / (size * (number - 1))
    return f"{f_distribution.sf(statistic, size, number - size):.3f}"


def toy_towns() -> Iterator[tuple[str, float, Town]]:
    """At three levels of crowding, and with three functions; by loyalty."""
    for loyal in (0.65, 1.0, 0.0):
        for places, nests in ((12, 1), (48, 1), (110, 1), (110, 3)):
            yield f"{places} places, {nests}", loyal, toy(places=places, nests=nests, loyal=loyal)


def study_towns(folder: Path) -> Iterator[tuple[str, float, Town]]:
    """The municipality of a study as it is assumed to be; people who notice three times as many others, and a third of them."""
    ground = ground_of(Study.open(folder))
    parameters = believed(ground).parameters
    for loyal in (0.65, 1.0, 0.0):
        town = town_of(ground, parameters, replace(habits(), loyalty=loyal))
        for name, factor in (("1 x", 1.0), ("3 x", 3.0), ("1/3 x", 1 / 3)):
            yield f"study, m {name}", loyal, town.with_places(notices=town.places.notices * factor)


def _beside(value: float, lived: list[float]) -> str:
    mean = float(np.mean(lived))
    return f"{value:8.4f} {mean:8.4f} {100 * (value / mean - 1):+6.2f} % ({100 * _error(lived):.2f})" if mean else f"{value:8.4f} none"


# --- Speed --------------------------------------------------------------------------------------------------------------


def speed(*, city: bool, country: int) -> None:
    """The kernels alone."""
    town = timed("generate 25,000 / 110 / 42 / 6", toy)
    _kernels(town, "25,000")
    _kernels(toy(nests=3), "25,000, three nests")
    if city:
        _kernels(toy(360_000, 1_584, cells=2_000), "360,000")
    if country:
        _country(country)


def _kernels(town: Town, name: str) -> None:
    convention = Convention()
    there = timed(f"{name}: crowd", lambda: crowd(town))
    timed(f"{name}: encounters", lambda: encounters(town, there))
    who, where, members = timed(f"{name}: tables", lambda: arrays(town, there))
    groups = town.residents.groups
    timed(f"{name}: pairs of {_pairs(members):,}", lambda: kernels.cohorts(who, where, members, rule(convention), groups))
    found = timed(f"{name}: everything", lambda: expected(town, convention))
    people = cohorts_of_town(town)
    fast = timed(f"{name}: mean field", lambda: mean_field(town.places, people, convention, residents=town.residents.count))
    print(
        f"  faces {found.familiarity.mean:.4f}, strangers {found.familiarity.strangers[0]:.4f} (se {found.familiarity.strangers[1]:.4f})",
        end="",
    )
    print(f", mean field {100 * (fast.mean / found.familiarity.mean - 1):+.2f} %")


def _pairs(members: kernels.Members) -> int:
    sizes = np.diff(members.first)
    return int((sizes * (sizes - 1) // 2).sum())


def _country(people: int) -> None:
    """Municipalities after one another; generating them is not timed."""
    clock = processor = 0.0
    number = max(1, people // MUNICIPALITY)
    expected(toy(MUNICIPALITY, 229, cells=500), Convention(), egos=EGOS // 4)
    for n in range(number):
        town = toy(MUNICIPALITY, 229, cells=500, seed=n)
        begin, used = time.perf_counter(), time.process_time()
        expected(town, Convention(), egos=EGOS // 4)
        clock, processor = clock + time.perf_counter() - begin, processor + time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"country of {number * MUNICIPALITY:,}: {clock:.1f} s, {processor:.1f} processor s, {memory:.0f} MB")


# --- Beside -------------------------------------------------------------------------------------------------------------


def beside() -> None:
    """The same pairs with numpy and scipy; the same weeks with one object per resident."""
    town, convention = toy(), Convention()
    there = crowd(town)
    who, where, members = arrays(town, there)
    ours, *_ = timed("the kernel, all who share a place", lambda: kernels.cohorts(who, where, members, rule(convention), 6))
    theirs = timed("the same pairs with numpy and scipy", lambda: vectorised(who, where, members, convention))
    print(f"  faces {ours[:, 0].sum() / 25_000:.5f} and {theirs / 25_000:.5f}")
    timed("26 weeks simulated by the engine", lambda: simulate(town, convention, seed=1))
    clock, processor = time.perf_counter(), time.process_time()
    mean = agents(town, convention, seed=1)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"{'26 weeks of agents in Python':58} {clock:9.3f} s  {processor:9.3f} processor s  faces {mean:.4f}")


def vectorised(who: kernels.Who, where: kernels.Where, members: kernels.Members, convention: Convention) -> float:
    """Faces among those who share a place in a town of one nest, with a matrix of pairs per place."""
    total = 0.0
    for v in range(len(members.first) - 1):
        people = members.person[members.first[v] : members.first[v + 1]]
        one, other = np.triu_indices(len(people), 1)
        i, j = people[one], people[other]
        week = _no_meeting(who, where, v, i, j)
        total += 2 * float(binom.sf(convention.times - 1, convention.weeks, 1 - week).sum())
    return total


def _no_meeting(who: kernels.Who, where: kernels.Where, v: int, i: Any, j: Any) -> Any:
    a, b, d, e = who.regular[0, i], who.casual[0, i], who.regular[0, j], who.casual[0, j]
    rc, cr = _comes(who, j, i), _comes(who, i, j)
    numbers = where.casual[0][:, who.zone[i], who.zone[j]]
    cc = np.clip(numbers[0] + b * numbers[1] + e * numbers[2], 0, 1)
    rr = _together(who, where, v, i, j)
    total = 0.0
    for regular_i, regular_j, casual_i, casual_j in np.ndindex(2, 2, 2, 2):
        weight = (a if regular_i else 1 - a) * (d if regular_j else 1 - d) * (b if casual_i else 1 - b) * (e if casual_j else 1 - e)
        weight = weight * (1 - regular_i * regular_j * rr) * (1 - regular_i * casual_j * rc)
        total = total + weight * (1 - casual_i * regular_j * cr) * (1 - casual_i * casual_j * cc)
    return total


def _together(who: kernels.Who, where: kernels.Where, v: int, i: Any, j: Any) -> Any:
    slots = len(where.follows)
    one, other = who.slot[0, i], who.slot[0, j]
    p, q = who.regular[0, i], who.regular[0, j]
    result = np.zeros(len(i))
    for first, second, table, values, number in (
        (one, other, where.at, where.both, 0),
        (one, other, where.at_next, where.both, 1),
        (other, one, where.at_next, where.both, 1),
    ):
        mine, yours = (who.seat[0, i], who.seat[0, j]) if first is one else (who.seat[0, j], who.seat[0, i])
        fits = first == second if number == 0 else where.follows[first] == second
        n0, n1, n2 = (where.notice[v, first, number, n] for n in range(3))
        chance = np.clip(n0 + (p + q) * n1 + (p * p + p * q + q * q) * n2, 0, 1)
        at = table[v * slots + first]
        exact = (at >= 0) & fits
        chance[exact] = values[(at + mine * where.regulars[v, second] + yours)[exact]]
        result[fits] = chance[fits]
    return result


def _comes(who: kernels.Who, visitor: Any, regular: Any) -> Any:
    g, chosen = who.group[visitor], who.own[0, visitor]
    return np.clip(chosen * (who.noticed[0, g, regular] + who.casual[0, visitor] * chosen * who.grows[0, g, regular]), 0, 1)


class Resident:
    """Somebody who decides every week where to go."""

    def __init__(self, town: Town, number: int, choice: list[float]) -> None:
        who = town.residents
        self.number, self.group = number, int(who.group[number])
        self.regular, self.casual = float(who.regular[number, 0]), float(who.casual[number, 0])
        self.own = (int(who.home[number, 0]), int(who.slot[number, 0]))
        self.choice = choice

    def step(self, draw: random.Random, profile: list[list[list[float]]], present: dict[tuple[int, int], list[Resident]]) -> None:
        """One week."""
        if draw.random() < self.regular:
            present[self.own].append(self)
        if draw.random() < self.casual:
            place = draw.choices(range(len(self.choice)), self.choice)[0]
            slots = profile[place][self.group]
            present[place, draw.choices(range(len(slots)), slots)[0]].append(self)


def agents(town: Town, convention: Convention, *, seed: int) -> float:
    """Faces per resident after living all weeks with one object per resident, counting weeks."""
    draw = random.Random(seed)
    rows = town.residents.choice[town.residents.row]
    people = [Resident(town, number, rows[number].tolist()) for number in range(town.residents.count)]
    profile, notices = town.places.profile.tolist(), town.places.notices.tolist()
    overlap, foyer, follows = town.places.overlap.tolist(), town.places.foyer.tolist(), town.places.follows.tolist()
    known: Counter[tuple[int, int]] = Counter()
    for _ in range(convention.weeks):
        present: dict[tuple[int, int], list[Resident]] = defaultdict(list)
        for one in people:
            one.step(draw, profile, present)
        met: set[tuple[int, int]] = set()
        for (v, t), here in list(present.items()):
            chance = overlap[v] * min(1.0, notices[v] / max(1, len(here) - 1))
            meetings = [pair for pair in combinations(here, 2) if draw.random() < chance]
            after = present.get((v, follows[t]), []) if follows[t] >= 0 else []
            if after:
                chance = foyer[v] * min(1.0, notices[v] / (len(here) + len(after) - 1))
                meetings += [(one, other) for one in here for other in after if draw.random() < chance]
            met.update((min(a.number, b.number), max(a.number, b.number)) for a, b in meetings if a is not b)
        known.update(met)
    return 2 * sum(count >= convention.times for count in known.values()) / len(people)


# --- Ages ---------------------------------------------------------------------------------------------------------------


def diaries(folder: Path, where: list[str]) -> Any:
    """Contacts per participant and day in places of some kinds, by age of both, made the same from both sides (G, G): from POLYMOD.

    Contacts are talk or touch, not seeing one another. Ages of contacts are exact or the middle of a range. Weekdays are not weighted.
    """
    people = pd.read_csv(folder / "polymod_nl_deelnemers.csv.gz")
    contacts = pd.read_csv(folder / "polymod_nl_contacten.csv.gz")
    contacts["age"] = contacts["cnt_age_exact"].fillna((contacts["cnt_age_est_min"] + contacts["cnt_age_est_max"]) / 2)
    contacts = contacts[contacts[where].eq(1).any(axis=1)].merge(people[["part_id", "part_age_exact"]], on="part_id")
    mine = pd.cut(contacts["part_age_exact"], AGES, right=False, labels=False)
    yours = pd.cut(contacts["age"], AGES, right=False, labels=False)
    groups = range(len(SHARES))
    counts = pd.crosstab(mine, yours).reindex(index=groups, columns=groups, fill_value=0).to_numpy(float)
    asked = pd.cut(people["part_age_exact"], AGES, right=False, labels=False).value_counts().reindex(groups).to_numpy(float)
    rates = counts / asked[:, None] * SHARES[:, None]
    return (rates + rates.T) / 2


def ages(matrix: Path) -> None:
    """The model's encounters by age beside the diaries."""
    table = pd.read_csv(matrix)
    table = table[table["place_id"] == "all"].pivot(index="group", columns="other", values="encounters")
    found = {"model": table.to_numpy(float)}
    found |= {name: diaries(DATA / "contact", [name]) for name in ("cnt_leisure", "cnt_otherplace")}
    for name, met in found.items():
        isolation = " ".join(f"{share:.2f}" for share in np.diag(measures.exposure(met)))
        print(f"{name:15} assortativity {measures.assortativity(met):.2f}; own age among those met: {isolation}")
    upper = np.triu_indices(len(SHARES))
    for name in ("cnt_leisure", "cnt_otherplace"):
        ratio = [met / np.outer(met.sum(axis=1), met.sum(axis=0)) for met in (found["model"], found[name])]
        print(f"rank correlation of mixing with {name}: {spearmanr(ratio[0][upper], ratio[1][upper]).statistic:.2f}")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["agreement", "speed", "beside", "ages"])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--precise", type=float, default=0.4)
    parser.add_argument("--study", type=Path)
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--country", type=int, default=0)
    parser.add_argument("--matrix", type=Path, default=Path("meeting_matrix.csv"))
    wanted = parser.parse_args()
    if wanted.part == "agreement":
        towns = study_towns(wanted.study) if wanted.study else toy_towns()
        agreement(towns, runs=wanted.runs, most=wanted.most, precise=wanted.precise)
    elif wanted.part == "speed":
        speed(city=wanted.city, country=wanted.country)
    elif wanted.part == "ages":
        ages(wanted.matrix)
    else:
        beside()


if __name__ == "__main__":
    main()
