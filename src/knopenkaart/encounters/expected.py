# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Expected encounters and public familiarity of a town, exactly for all who share a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters.crowd import Crowd, casual_pairs, crowd
from knopenkaart.encounters.town import Convention, Floats, Ints, Town

# Of so many residents the faces among those with whom they share no place are reckoned; these are some two percent of all.
EGOS = 400
# Pairs are reckoned in so many parts side by side: more than a machine has cores would cost memory.
BLOCKS = 4
# Residents are drawn for that in classes of how much they go out: the few who go out most know most of the strangers.
STRATA = 8
# From how many faces on somebody counts as reached: in all, and of another group.
FACES, FACES_ACROSS = 5, 3


@dataclass(frozen=True)
class Encounters:
    """Noticed encounters per week: per resident, per place and slot (V, T), and per pair of groups (G, G; from the side of the first)."""

    per_resident: float
    by_place: Floats
    by_group: Floats


@dataclass(frozen=True)
class Familiarity:
    """Expected faces that residents recognise, by way of the places of the town.

    `faces`, `faces_across` (N): per resident, of all and of another group. `reached`, `reached_across`: the share of residents who are
    expected to recognise at least 5, and at least 3 of another group. `by_group` (G, G): pairs, from the side of the first. `due` (V): the
    faces among those who share an own place, divided over places by the encounters there. `strangers`, `strangers_across`: mean faces
    among those with whom no place is shared, reckoned for some residents, with their standard error; `faces` holds the mean of their class.
    """

    mean: float
    mean_across: float
    faces: Floats
    faces_across: Floats
    reached: float
    reached_across: float
    by_group: Floats
    due: Floats
    strangers: tuple[float, float]
    strangers_across: tuple[float, float]


@dataclass(frozen=True)
class Expected:
    """What the model expects of a town."""

    encounters: Encounters
    familiarity: Familiarity
    crowd: Crowd


def expected(town: Town, convention: Convention, *, seed: int = 2012, egos: int = EGOS) -> Expected:
    """Encounters and familiarity of a town.

    All pairs that share an own place are reckoned, each with the exact tail; of `egos` residents also those who share none (a share of some
    percent, with its standard error; 0 leaves them out). Source: docs/method/encounters.md.
    """
    there = crowd(town)
    return Expected(encounters(town, there), familiarity(town, there, convention, seed=seed, egos=egos), there)


def encounters(town: Town, there: Crowd) -> Encounters:
    """Expected noticed encounters per week; without a loop over pairs, by the sums of chances per place, slot and group."""
    by_slot, by_group = _pairs_present(town, there)
    themselves, of_group = _with_oneself(town, there)
    by_place = by_slot - themselves
    groups = by_group - np.diag(of_group)
    return Encounters(per_resident=float(by_place.sum() / max(1, town.residents.count)), by_place=by_place, by_group=groups)


def _pairs_present(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """Ordered pairs of visits that lead to a noticed encounter: (V, T) and (G, G). Sums over p q (base + (p + q) own), less p = q."""
    first, second, third = there.visits, there.squares, there.cubes
    base, own = there.base[:, :, 0, None, None], there.own[:, :, 0, None, None]
    pairs = first[:, :, :, None] * first[:, :, None, :]
    weighted = second[:, :, :, None] * first[:, :, None, :] + first[:, :, :, None] * second[:, :, None, :]
    same = pairs * base + weighted * own
    diagonal = np.arange(first.shape[2])
    same[:, :, diagonal, diagonal] -= second * base[..., 0] + 2 * third * own[..., 0]
    after = town.places.follows
    has = np.flatnonzero(after >= 0)
    base, own = there.base[:, has, 1, None, None], there.own[:, has, 1, None, None]
    now, then = first[:, has, :, None], first[:, after[has], None, :]
    next_one = now * then * base + (second[:, has, :, None] * then + now * second[:, after[has], None, :]) * own
    both = same.copy()
    both[:, has] += next_one + next_one.swapaxes(2, 3)
    return both.sum(axis=(2, 3)), both.sum(axis=(0, 1))


def _with_oneself(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """What `_pairs_present` counts of a resident's own two visits: nobody meets oneself. (V, T) and (G)."""
    who, where = town.residents, town.places
    by_place, by_group = np.zeros((where.count, where.slots)), np.zeros(who.groups)
    for nest in range(who.nests):
        at = np.flatnonzero(who.home[:, nest] >= 0)
        place, slot, group = who.home[at, nest], who.slot[at, nest], who.group[at]
        regular, casual, chosen = who.regular[at, nest], who.casual[at, nest], who.choice[who.row[at], place]
        meets = there.meets[place, group, slot]
        chance = regular * casual * chosen * (meets[:, 0] + regular * meets[:, 1] + casual * chosen * meets[:, 2])
        np.add.at(by_place, (place, slot), 2 * chance)
        by_group += np.bincount(group, weights=2 * chance, minlength=who.groups)
    return by_place, by_group


def familiarity(town: Town, there: Crowd, convention: Convention, *, seed: int = 2012, egos: int = EGOS) -> Familiarity:
    """Expected recognised faces; see `expected`."""
    who, where, members = _arrays(town, there)
    by_weeks = convention.counting == "weeks"
    groups = town.residents.groups
    found, by_group, due = kernels.cohorts(who, where, members, convention.times, convention.weeks, by_weeks, groups, BLOCKS)
    people = max(1, town.residents.count)
    rest, errors = _strangers(town, who, where, convention, seed=seed, egos=egos)
    faces, across = (found + rest).T
    return Familiarity(
        mean=float(faces.sum() / people),
        mean_across=float(across.sum() / people),
        faces=faces,
        faces_across=across,
        reached=float((faces >= FACES).sum() / people),
        reached_across=float((across >= FACES_ACROSS).sum() / people),
        by_group=by_group,
        due=due,
        strangers=(float(rest[:, 0].sum() / people), errors[0]),
        strangers_across=(float(rest[:, 1].sum() / people), errors[1]),
    )


def _strangers(
    town: Town, who: kernels.Who, where: kernels.Where, convention: Convention, *, seed: int, egos: int
) -> tuple[Floats, tuple[float, float]]:
    """Per resident the mean of those drawn in the same class of going out (N, 2), and the standard errors of the mean over residents."""
    people, groups = town.residents.count, town.residents.groups
    result = np.zeros((people, 2))
    if not egos or not people:
        return result, (0.0, 0.0)
    stratum = _strata(town)
    chosen = _chosen(stratum, egos, seed)
    by_weeks = convention.counting == "weeks"
    found, _ = kernels.strangers(who, where, chosen, convention.times, convention.weeks, by_weeks, groups)
    variance = np.zeros(2)
    for number in np.unique(stratum):
        inside, drawn = stratum == number, found[stratum[chosen] == number]
        result[inside] = drawn.mean(axis=0)
        size = int(inside.sum())
        if 1 < len(drawn) < size:
            variance += (size / people) ** 2 * drawn.var(axis=0, ddof=1) / len(drawn) * (1 - len(drawn) / size)
    return result, (float(np.sqrt(variance[0])), float(np.sqrt(variance[1])))


def _strata(town: Town) -> Ints:
    """Classes of residents by how much they go out; those who go out most in the smallest classes."""
    going = (town.residents.regular + town.residents.casual).sum(axis=1)
    rank = np.argsort(np.argsort(going, kind="stable"), kind="stable")
    edges = 1 - 0.5 ** np.arange(1, STRATA)
    return np.searchsorted(edges * len(going), rank, side="right").astype(np.int32)


def _chosen(stratum: Ints, egos: int, seed: int) -> npt.NDArray[np.int64]:
    random = rng.stream(seed, "encounters.egos")
    present = np.unique(stratum)
    each = -(-egos // len(present))
    drawn = [random.permutation(np.flatnonzero(stratum == number))[: max(2, each)] for number in present]
    return np.sort(np.concatenate(drawn)).astype(np.int64)


def _arrays(town: Town, there: Crowd) -> tuple[kernels.Who, kernels.Where, kernels.Members]:
    who = town.residents
    zone, casual, grows = casual_pairs(town, there)
    residents = kernels.Who(who.group, who.row, zone, who.regular, who.casual, who.home, who.slot, who.choice)
    places = kernels.Where(town.places.follows, there.base, there.own, there.meets, casual, grows)
    return residents, places, _members(town)


def _members(town: Town) -> kernels.Members:
    """Per place the residents who have it as an own place, in rising order."""
    person, nest = np.nonzero(town.residents.home >= 0)
    place = town.residents.home[person, nest]
    order = np.argsort(place, kind="stable")
    first = np.searchsorted(place[order], np.arange(town.places.count + 1))
    return kernels.Members(first.astype(np.int64), person[order].astype(np.int64))
