# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same town lived week by week: an independent engine that converges to what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.encounters import _draws
from knopenkaart.encounters.town import Convention, Floats, Town


@dataclass(frozen=True)
class Lived:
    """What happened in one run.

    Noticed encounters per resident per week; mean faces recognised, of all and of another group; per pair of groups, from the side of the
    first, encounters per week and faces; faces per resident, of all and of another group; visits per place, slot and group per week."""

    encounters: float
    mean: float
    mean_across: float
    encounters_by_group: Floats
    by_group: Floats
    faces: npt.NDArray[np.int64]
    faces_across: npt.NDArray[np.int64]
    visits: Floats


def simulate(town: Town, convention: Convention, *, seed: int, run: int = 0) -> Lived:
    """Live so many weeks once. Draws are those of the stream `encounters.simulation.<run>` of the seed."""
    return simulate_for(town, [convention], seed=seed, run=run)[0]


def simulate_for(town: Town, conventions: Sequence[Convention], *, seed: int, run: int = 0) -> list[Lived]:
    """The same weeks, lived once, by several conventions of as many weeks. Raises ValueError where these differ."""
    if len({convention.weeks for convention in conventions}) != 1:
        raise ValueError("conventions of one run have one number of weeks")
    who, where, weeks = town.residents, town.places, conventions[0].weeks
    random = rng.stream(seed, f"encounters.simulation.{run}")
    met: list[npt.NDArray[np.int64]] = []
    visits = np.zeros((where.count, where.slots, who.groups))
    for _ in range(weeks):
        person, place, slot = _visits(town, random)
        np.add.at(visits, (place, slot, who.group[person]), 1.0)
        met.append(_week(town, person, place, slot, int(random.integers(2**31))))
    pairs = {"encounters": np.concatenate(met), "weeks": np.concatenate([np.unique(week) for week in met])}
    return [_lived(town, pairs["encounters"], _often(pairs[one.counting], one.times), visits, weeks) for one in conventions]


def _lived(town: Town, met: npt.NDArray[np.int64], known: npt.NDArray[np.int64], visits: Floats, weeks: int) -> Lived:
    groups, people = town.residents.groups, max(1, town.residents.count)
    met_by_group, known_by_group = np.zeros((groups, groups)), np.zeros((groups, groups))
    _count_groups(met_by_group, town, met)
    _count_groups(known_by_group, town, known)
    faces, across = _faces(town, known)
    return Lived(
        encounters=2.0 * len(met) / weeks / people,
        mean=float(faces.sum() / people),
        mean_across=float(across.sum() / people),
        encounters_by_group=met_by_group / weeks,
        by_group=known_by_group,
        faces=faces,
        faces_across=across,
        visits=visits / weeks,
    )


def _visits(town: Town, random: np.random.Generator) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Who comes where and when in one week: regular visits, and casual ones by choice and profile."""
    who, where = town.residents, town.places
    found: list[tuple[npt.NDArray[np.int64], ...]] = []
    for nest in range(who.nests):
        regular = np.flatnonzero((random.random(who.count) < who.regular[:, nest]) & (who.home[:, nest] >= 0))
        found.append((regular, who.home[regular, nest].astype(np.int64), who.slot[regular, nest].astype(np.int64)))
        casual = np.flatnonzero(random.random(who.count) < who.casual[:, nest])
        columns = np.flatnonzero(where.nest == nest)
        if len(columns) and len(casual):
            place = _draws.choose(np.ascontiguousarray(who.choice[:, columns]), who.row[casual], random.random(len(casual)))
            went = place >= 0
            casual, place = casual[went], columns[place[went]]
            slot = _draws.slot_of(where.profile, place, who.group[casual], random.random(len(casual)))
            came = slot >= 0
            found.append((casual[came], place[came], slot[came]))
    person, place, slot = (np.concatenate(parts).astype(np.int64) for parts in zip(*found, strict=True))
    return person, place, slot


def _week(
    town: Town, person: npt.NDArray[np.int64], place: npt.NDArray[np.int64], slot: npt.NDArray[np.int64], seed: int
) -> npt.NDArray[np.int64]:
    """The pairs who noticed one another, as smaller number x residents + larger number, as often as they did."""
    where = town.places
    session = place * where.slots + slot
    order = np.argsort(session, kind="stable")
    first = np.searchsorted(session[order], np.arange(where.count * where.slots + 1))
    found: npt.NDArray[np.int64] = _draws.meet(
        person[order], first, where.follows, where.notices, where.overlap, where.foyer, town.residents.count, seed
    )
    return found


def _often(pairs: npt.NDArray[np.int64], times: int) -> npt.NDArray[np.int64]:
    values, counts = np.unique(pairs, return_counts=True)
    return values[counts >= times]


def _count_groups(matrix: Floats, town: Town, pairs: npt.NDArray[np.int64]) -> None:
    one, other = np.divmod(pairs, max(1, town.residents.count))
    group = town.residents.group
    np.add.at(matrix, (group[one], group[other]), 1.0)
    np.add.at(matrix, (group[other], group[one]), 1.0)


def _faces(town: Town, pairs: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    one, other = np.divmod(pairs, max(1, town.residents.count))
    across = town.residents.group[one] != town.residents.group[other]
    both, both_across = np.concatenate([one, other]), np.concatenate([one[across], other[across]])
    people = town.residents.count
    return np.bincount(both, minlength=people), np.bincount(both_across, minlength=people)
