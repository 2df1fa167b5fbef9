# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The part of residents who recognise enough others, in the towns that may be: from the faces of each resident, by cohorts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knopenkaart.encounters.expected import FACES, FACES_ACROSS, enough
from knopenkaart.encounters.mean_field import Cohorts, mean_field
from knopenkaart.encounters.town import Convention, Residents, Town
from knopenkaart.meeting.areas import ENDS, Key, areas_of, groups_of
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.residents import SEED, town_of, where_of
from knopenkaart.meeting.towns import May
from knopenkaart.progress import Progress, silent

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
# Regulars of a place are told apart in so many classes of how often they come, with as many visits in each.
CLASSES = 8
# Of a large municipality fewer towns are drawn resident by resident: so many residents in all, and so many towns at least.
MOST_PEOPLE, FEWEST = 3_000_000, 20
# What counts as enough, of all and of another group.
ENOUGH = (FACES, FACES_ACROSS)
# Faces by cohorts are multiplied by this at most, or by one over it, to bring them to the level of the exact engine.
MOVED, STEPS = 2.0, 30


@dataclass(frozen=True)
class Between:
    """Of an area and group the middle 90 % of the towns: the part with enough faces, and with enough of another group; of so many towns."""

    reached: tuple[float, float]
    across: tuple[float, float]
    draws: int


@dataclass(frozen=True)
class Persons:
    """Residents with the faces that each recognises by way of own places, of all and of another group (N, 2)."""

    who: Residents
    faces: Floats


def enough_of(people: float, number: int) -> int:
    """How many of so many towns are drawn resident by resident.

    >>> enough_of(25_000, 60), enough_of(100_000, 60), enough_of(360_000, 60), enough_of(360_000, 8)
    (60, 30, 20, 8)
    """
    return min(number, max(FEWEST, int(MOST_PEOPLE / max(people, 1.0))))


def persons(ground: Ground, town: May, shape: Floats, *, seed: int = SEED) -> Persons:
    """The residents of a town, each with the faces that the cohorts of the own places give."""
    where = where_of(ground, town.habits, profile=shape)
    drawn = town_of(ground, town.parameters, town.habits, where=where, seed=seed)
    who, level = drawn.residents, _classes(drawn.residents)
    members = _cohorts(drawn, level)
    # Classes of a group as if they were groups: what each member of a class recognises is then told apart.
    apart = replace(where, profile=np.repeat(where.profile, CLASSES, axis=1))
    found = mean_field(apart, members, Convention(town.habits.times, town.habits.weeks), residents=float(who.count))
    due = found.due_by_group.reshape(where.count, who.groups, CLASSES, who.groups, CLASSES).sum(axis=4)
    own = np.stack([due.sum(axis=3), due.sum(axis=3) - np.einsum("vgrg->vgr", due)], axis=-1)
    number = members.members.reshape(where.count, who.groups, CLASSES, 1)
    each = np.divide(own, number, out=np.zeros_like(own), where=number > 0)
    faces = np.zeros((who.count, 2))
    for nest in range(who.nests):
        at = np.flatnonzero(who.home[:, nest] >= 0)
        faces[at] += each[who.home[at, nest], who.group[at], level[at, nest]]
    return Persons(who, faces)


def _classes(who: Residents) -> Longs:
    """Per resident and function the class of how often somebody comes (N, C)."""
    level = np.zeros(who.regular.shape, dtype=np.int64)
    for nest in range(who.nests):
        order = np.argsort(who.regular[:, nest], kind="stable")
        upto = np.cumsum(who.regular[order, nest])
        if len(upto) and upto[-1] > 0:
            level[order, nest] = np.minimum(CLASSES - 1, (upto / upto[-1] * CLASSES).astype(np.int64))
    return level


def _cohorts(town: Town, level: Longs) -> Cohorts:
    """Who has which own place, the classes of a group as groups of one class: (V, G * classes, 1)."""
    who, where = town.residents, town.places
    sums, cells = np.zeros((4, where.count, who.groups * CLASSES)), len(who.choice) // who.groups
    visitors = np.zeros((where.count, who.groups))
    for nest in range(who.nests):
        at = np.flatnonzero(who.home[:, nest] >= 0)
        place, group = who.home[at, nest], who.group[at] * CLASSES + level[at, nest]
        chosen = who.choice[who.row[at], place].astype(float)
        for n, values in enumerate((np.ones(len(at)), who.regular[at, nest], who.casual[at, nest], chosen)):
            np.add.at(sums[n], (place, group), values)
        columns = np.flatnonzero(where.nest == nest)
        rows = np.bincount(who.row, who.casual[:, nest], len(who.choice))
        visitors[columns] = (who.choice[:, columns] * rows[:, None]).reshape(cells, who.groups, len(columns)).sum(axis=0).T
    safe = np.where(sums[0] > 0, sums[0], 1.0)
    members, regular, casual, own = (part[:, :, None] for part in (sums[0], sums[1] / safe, sums[2] / safe, sums[3] / safe))
    return Cohorts(members, regular, casual, own, np.repeat(visitors / CLASSES, CLASSES, axis=1))


def chances(faces: Floats) -> Floats:
    """The chance that each resident has enough faces, of all and of another group (N, 2)."""
    return np.column_stack([enough(faces[:, n], least) for n, least in enumerate(ENOUGH)])


def levels(usual: Persons, exactly: Floats) -> Floats:
    """By what to multiply faces by cohorts (G, 2), so that in the most likely town as many residents have enough as exactly (G, 2).

    Cohorts leave out those who share no own place: without it too few would have enough. Between one over MOVED and MOVED.
    """
    found = np.ones((usual.who.groups, 2))
    for group in range(usual.who.groups):
        mine = usual.faces[usual.who.group == group]
        for n in (0, 1):
            if len(mine) and np.isfinite(exactly[group, n]):
                found[group, n] = _level(mine[:, n], ENOUGH[n], float(exactly[group, n]))
    return found


def _level(faces: Floats, least: int, wanted: float) -> float:
    """Found by halving the logarithm of the range: more faces never make fewer have enough."""
    low, high = -math.log(MOVED), math.log(MOVED)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if enough(faces * math.exp(middle), least).mean() < wanted else (low, middle)
    return math.exp((low + high) / 2)


def shares(ground: Ground, town: Persons, level: Floats) -> dict[Key, Floats]:
    """By level, area and group (-1: everybody) the part of residents with enough faces, of all and of another group."""
    has, found = chances(town.faces * level[town.who.group]), {}
    for name, code, cells in areas_of(ground):
        here = cells[town.who.cell]
        for group in groups_of(ground):
            mine = here if group < 0 else here & (town.who.group == group)
            if mine.any():
                found[name, code, group] = has[mine].mean(axis=0)
    return found


def between(
    ground: Ground, towns: Sequence[May], likely: May, exactly: Floats, *, seed: int = SEED, progress: Progress = silent
) -> dict[Key, Between]:
    """Of every level, area and group (-1: everybody) between what the parts of residents lie.

    Parameters: ground (coarse squares will do); the towns, of which the first are taken (`enough_of`); the most likely one; `exactly`
    (G, 2): the parts of each group of the whole, resident by resident (nan: not known); seed; progress. Empty without towns.
    Source: docs/method/curve.md.
    """
    kept = towns[: enough_of(float(ground.setting.people.sum()), len(towns))]
    if not kept:
        return {}
    shape = profiles(ground)
    level, told = levels(persons(ground, likely, shape, seed=seed), exactly), []
    for number, town in enumerate(kept):
        progress("residents", number / len(kept))
        told.append(shares(ground, persons(ground, town, shape, seed=seed), level))
    found = {}
    for key in told[0]:
        low, high = np.quantile(np.array([town[key] for town in told]), ENDS, axis=0)
        found[key] = Between((float(low[0]), float(high[0])), (float(low[1]), float(high[1])), len(told))
    return found
