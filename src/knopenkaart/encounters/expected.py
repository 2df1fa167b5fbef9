# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Expected encounters and public familiarity of a town, exactly for all who share a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters import _noticing as noticing
from knopenkaart.encounters.crowd import Crowd, casual_pairs, casual_with, crowd
from knopenkaart.encounters.town import Convention, Floats, Ints, Town

# Of so many residents the faces among those with whom they share no place are reckoned; these are some two percent of all.
EGOS = 200
AT_ONCE = 64
# More are drawn, up to so many, where the standard error of the mean is above so large a part of it: where few have an own place.
PRECISE, MOST_EGOS = 0.01, 2000
# Pairs are reckoned in so many parts side by side: more than a machine has cores would cost memory.
BLOCKS = 16
# Residents are drawn for that in classes of how much they go out: the few who go out most know most of the strangers.
STRATA = 8
# From how many faces on somebody counts as reached: in all, and of another group.
FACES, FACES_ACROSS = 5, 3


@dataclass(frozen=True)
class Encounters:
    """Noticed encounters per week: per resident, per place and slot (V, T), and per pair of groups, from the side of the first, in all
    (G, G) and per place (V, G, G)."""

    per_resident: float
    by_place: Floats
    by_group: Floats
    by_place_and_group: Floats


@dataclass(frozen=True)
class Familiarity:
    """Expected faces that residents recognise, by way of the places of the town.

    `faces`, `faces_across` (N): per resident, of all and of another group. `reached`, `reached_across`: the share of residents who are
    expected to recognise at least 5, and at least 3 of another group. `by_group` (G, G): pairs, from the side of the first. `due` (V): the
    faces among those who share an own place, divided over places by the encounters there; `due_by_group` (V, G, G). `present` (V, G): how
    many others whom one recognises are there too during a visit by one of the group; missing where nobody of it comes. `strangers`,
    `strangers_across`: mean faces among those with whom no place is shared, reckoned for some residents, with their standard error; in
    `faces` all others have the mean of those who go out as much as they do.
    """

    mean: float
    mean_across: float
    faces: Floats
    faces_across: Floats
    reached: float
    reached_across: float
    by_group: Floats
    due: Floats
    due_by_group: Floats
    present: Floats
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

    All pairs that share an own place are reckoned, each with the exact tail; of `egos` residents, or more where that is not precise enough,
    also those who share none (a share of some percent, with its standard error; 0 leaves them out). Source: docs/method/encounters.md.
    """
    there = crowd(town)
    return Expected(encounters(town, there), familiarity(town, there, convention, seed=seed, egos=egos), there)


def encounters(town: Town, there: Crowd) -> Encounters:
    """Expected noticed encounters per week; without a loop over pairs, by the sums of chances per place, slot and group."""
    by_slot, by_group = _pairs_present(town, there)
    themselves, of_group = _with_oneself(town, there)
    diagonal = np.arange(town.residents.groups)
    by_group[:, diagonal, diagonal] -= of_group
    noticing.corrected(there.sessions, town.places.follows, there.casual, there.notice, there.pairs, by_slot, by_group)
    by_place = by_slot - themselves
    per_resident = float(by_place.sum() / max(1, town.residents.count))
    return Encounters(per_resident=per_resident, by_place=by_place, by_group=by_group.sum(axis=0), by_place_and_group=by_group)


def _pairs_present(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """Ordered pairs of visits that lead to a noticed encounter: (V, T) and (V, G, G).

    Sums over two residents p q (n0 + (p + q) n1 + (p^2 + p q + q^2) n2); nobody meets oneself.
    """
    powers = (there.visits, there.squares, there.cubes, there.fourths)
    after = town.places.follows
    has = np.flatnonzero(after >= 0)
    now, then = [power[:, has] for power in powers], [power[:, after[has]] for power in powers]
    same = products(powers, powers, there.notice[:, :, 0])
    diagonal = np.arange(town.residents.groups)
    numbers = there.notice[:, :, 0, None]
    same[:, :, diagonal, diagonal] -= powers[1] * numbers[..., 0] + 2 * powers[2] * numbers[..., 1] + 3 * powers[3] * numbers[..., 2]
    following = products(now, then, there.notice[:, has, 1])
    following[:, :, diagonal, diagonal] -= there.twice[:, has] * there.notice[:, has][:, :, 1, :1]
    same[:, has] += following + following.swapaxes(2, 3)
    return same.sum(axis=(2, 3)), same.sum(axis=1)


def products(one: Sequence[Floats], other: Sequence[Floats], notice: Floats) -> Floats:
    """Sums over everybody of p q (n0 + (p + q) n1 + (p^2 + p q + q^2) n2), from the sums of powers of both: (V, slots, G, G)."""
    a, b = [power[..., None] for power in one], [power[..., None, :] for power in other]
    n0, n1, n2 = (notice[..., n, None, None] for n in range(3))
    found: Floats = a[0] * (b[0] * n0 + b[1] * n1 + b[2] * n2) + a[1] * (b[0] * n1 + b[1] * n2) + a[2] * (b[0] * n2)
    return found


def _with_oneself(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """What `_pairs_present` counts of a regular and a casual visit of the same resident: nobody meets oneself. (V, T) and (V, G)."""
    who, where = town.residents, town.places
    by_place, by_group = np.zeros((where.count, where.slots)), np.zeros((where.count, who.groups))
    for nest in range(who.nests):
        at = np.flatnonzero(who.home[:, nest] >= 0)
        place, slot, group = who.home[at, nest], who.slot[at, nest], who.group[at]
        regular, casual, chosen = who.regular[at, nest], who.casual[at, nest], who.choice[who.row[at], place]
        meets = there.meets[place, group, slot]
        goes = casual * chosen
        chance = regular * goes * (meets[:, 0] + regular * (meets[:, 1] + regular * meets[:, 3]) + goes * meets[:, 2])
        np.add.at(by_place, (place, slot), 2 * chance)
        np.add.at(by_group, (place, group), 2 * chance)
    return by_place, by_group


def familiarity(town: Town, there: Crowd, convention: Convention, *, seed: int = 2012, egos: int = EGOS) -> Familiarity:
    """Expected recognised faces; see `expected`."""
    who, where, members = arrays(town, there)
    groups, people = town.residents.groups, max(1, town.residents.count)
    found, due, seen = kernels.cohorts(who, where, members, rule(convention), groups, BLOCKS)
    near, near_across = (np.bincount(members.person, weights=found[:, n], minlength=town.residents.count) for n in (0, 1))
    rest = _strangers(town, there, who, where, convention, seed=seed, egos=egos)
    wanted = _wanted(egos, rest.error, float(near.sum() + rest.faces.sum()) / people)
    if wanted > egos:
        rest = _strangers(town, there, who, where, convention, seed=seed, egos=wanted)
    faces, across = near + rest.faces, near_across + rest.faces_across
    return Familiarity(
        mean=float(faces.sum() / people),
        mean_across=float(across.sum() / people),
        faces=faces,
        faces_across=across,
        reached=float((faces >= FACES).sum() / people),
        reached_across=float((across >= FACES_ACROSS).sum() / people),
        by_group=due.sum(axis=0) + rest.by_group,
        due=due.sum(axis=(1, 2)),
        due_by_group=due,
        present=_present(town, there, seen + rest.seen),
        strangers=(float(rest.faces.sum() / people), rest.error),
        strangers_across=(float(rest.faces_across.sum() / people), rest.error_across),
    )


def _present(town: Town, there: Crowd, seen: Floats) -> Floats:
    """Per place and group the recognised others who are there too per visit, for as long as stays overlap (V, G)."""
    visits = there.visits.sum(axis=1)
    found: Floats = np.divide(seen * town.places.overlap[:, None], visits, out=np.full(visits.shape, np.nan), where=visits > 0)
    return found


def _wanted(egos: int, error: float, mean: float) -> int:
    """How many residents to draw for a standard error that is small enough, after so many gave this one."""
    return egos if error <= PRECISE * mean else min(max(egos, MOST_EGOS), math.ceil(egos * (error / (PRECISE * mean)) ** 2))


@dataclass(frozen=True)
class _Strangers:
    """Faces among those who share no place: per resident, per pair of groups, during visits (V, G; as `see` adds up), and the standard
    errors of the means over residents."""

    faces: Floats
    faces_across: Floats
    by_group: Floats
    seen: Floats
    error: float
    error_across: float


def _strangers(
    town: Town, there: Crowd, who: kernels.Who, where: kernels.Where, convention: Convention, *, seed: int, egos: int
) -> _Strangers:
    """Reckoned for those drawn; others have the mean of those drawn in the same class of going out."""
    people, groups = town.residents.count, town.residents.groups
    result, by_group, seen = np.zeros((people, 2)), np.zeros((groups, groups)), np.zeros((groups, town.places.count))
    if not egos or not people:
        return _Strangers(result[:, 0], result[:, 1], by_group, seen.T, 0.0, 0.0)
    stratum = _strata(town)
    chosen = _chosen(stratum, egos, seed)
    parts = [
        kernels.strangers(who, where, some, casual_with(town, there, some), rule(convention), groups)
        for some in np.array_split(chosen, -(-len(chosen) // AT_ONCE))
    ]
    found, during = (np.concatenate([part[n] for part in parts]) for n in (0, 1))
    group = town.residents.group[chosen]
    faces = np.column_stack([found.sum(axis=1), found.sum(axis=1) - found[np.arange(len(chosen)), group]])
    variance = np.zeros(2)
    for number in np.unique(stratum):
        drawn = stratum[chosen] == number
        size, count = int((stratum == number).sum()), int(drawn.sum())
        result[stratum == number] = faces[drawn].mean(axis=0)
        np.add.at(by_group, group[drawn], found[drawn] * size / count)
        np.add.at(seen, group[drawn], during[drawn] * size / count)
        if 1 < count < size:
            variance += (size / people) ** 2 * faces[drawn].var(axis=0, ddof=1) / count * (1 - count / size)
    result[chosen] = faces
    error, error_across = np.sqrt(variance)
    return _Strangers(result[:, 0], result[:, 1], (by_group + by_group.T) / 2, seen.T, float(error), float(error_across))


def _strata(town: Town) -> Ints:
    """Classes of residents by how much they go out; those who go out most in the smallest classes."""
    going = (town.residents.regular + town.residents.casual).sum(axis=1)
    rank = np.argsort(np.argsort(going, kind="stable"), kind="stable")
    edges = 1 - 0.5 ** np.arange(1, STRATA)
    return np.searchsorted(edges * len(going), rank, side="right").astype(np.int32)


def _chosen(stratum: Ints, egos: int, seed: int) -> npt.NDArray[np.int64]:
    if egos >= len(stratum):
        return np.arange(len(stratum))
    random = rng.stream(seed, "encounters.egos")
    present = np.unique(stratum)
    each = -(-egos // len(present))
    drawn = [random.permutation(np.flatnonzero(stratum == number))[: max(2, each)] for number in present]
    return np.sort(np.concatenate(drawn)).astype(np.int64)


def rule(convention: Convention) -> kernels.Rule:
    """With fewer than `least` encounters expected in a week the chance of `times` of them in the window is negligible."""
    least = (kernels.NEGLIGIBLE * math.factorial(convention.times)) ** (1 / convention.times) / convention.weeks
    terms = np.arange(min(convention.weeks, convention.times + 6) + 1)
    steps = (convention.weeks - terms) / (terms + 1)
    return kernels.Rule(convention.times, convention.weeks, convention.counting == "weeks", least, steps)


def arrays(town: Town, there: Crowd) -> tuple[kernels.Who, kernels.Where, kernels.Members]:
    """The town as the arrays that the kernels take."""
    who = town.residents
    # A place where somebody never comes is not an own place: such pairs are looked at with all others.
    home = np.where(who.regular > 0, who.home, -1)
    zone, casual = casual_pairs(town, there)
    ceiling = np.minimum(1.0, kernels.SPARE * (there.meets[..., 0] + np.abs(there.meets[..., 1:]).sum(axis=3))).max(axis=2)
    own = np.where(home >= 0, who.choice[who.row[:, None], home].astype(float), 0.0)
    comes = who.casual * own * ceiling[home, who.group[:, None]]
    reach = (who.choice.reshape(-1, who.groups, town.places.count).max(axis=0, initial=0.0) * ceiling.T).max(axis=0, initial=0.0)
    where = town.places
    session = np.maximum(0, home).astype(np.int64) * where.slots + who.slot
    seat = np.where(there.seat >= 0, there.seat - there.sessions.first[session], -1)
    noticed, grows = _noticed(town, there)
    numbers = (who.regular, who.casual, home, who.slot, seat, noticed, grows, own, comes, who.choice)
    most = casual[..., 3].max(axis=(1, 2), initial=0.0)
    regulars = there.sessions.regulars.reshape(where.count, where.slots)
    small = (there.pairs.at, there.pairs.at_next, there.pairs.both)
    together = where.profile @ where.profile.swapaxes(1, 2)
    places = kernels.Where(where.follows, there.notice, there.meets, *small, regulars, casual, reach, most, where.profile, together)
    residents = kernels.Who(who.group, who.row, zone, *numbers)
    return residents, places, _members(town.places.count, home, zone)


def _noticed(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """Per resident, nest and group the chance that a casual visitor to the own place is noticed, and what it grows by (N, C, G)."""
    who, where = town.residents, town.places
    before = np.full(where.slots, -1)
    has = np.flatnonzero(where.follows >= 0)
    before[where.follows[has]] = has
    at = there.seat >= 0
    home, slot, alone = who.home[at], who.slot[at], there.pairs.alone[there.seat[at]]
    noticed, grows = np.zeros((*at.shape, who.groups)), np.zeros((*at.shape, who.groups))
    chance = where.profile[home, :, slot] * alone[:, :1]
    for n, slots in ((1, where.follows[slot]), (2, before[slot])):
        chance += np.where(slots[:, None] >= 0, where.profile[home, :, slots], 0.0) * alone[:, n : n + 1]
    noticed[at] = chance
    grows[at] = there.meets[home, :, slot, 2]
    return noticed, grows


def _members(places: int, home: Ints, zone: npt.NDArray[np.int64]) -> kernels.Members:
    """Per place the residents who have it as an own place; neighbours side by side, so that what they share stays at hand."""
    person, nest = np.nonzero(home >= 0)
    place = home[person, nest]
    order = np.lexsort((person, zone[person], place))
    first = np.searchsorted(place[order], np.arange(places + 1)).astype(np.int64)
    return kernels.Members(first, person[order].astype(np.int64), np.argsort(-np.diff(first), kind="stable"))
