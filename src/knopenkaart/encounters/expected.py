# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Expected encounters and public familiarity of a town, exactly for all who share a place."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import pdtrc

from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters import _noticing as noticing
from knopenkaart.encounters.crowd import Crowd, casual_pairs, crowd, met
from knopenkaart.encounters.drawn import EGOS, Asked, Drawn, faces_of_drawn
from knopenkaart.encounters.town import Convention, Floats, Ints, Town

# Pairs are reckoned in so many parts side by side: more than a machine has cores would cost memory.
BLOCKS = 16
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

    `faces`, `faces_across` (N): per resident, of all and of another group. `reached`, `reached_across`: the share of residents who
    recognise at least 5, and at least 3 of another group (`enough`). `by_group` (G, G): pairs, from the side of the first. `due` (V): the
    faces among those who share an own place, divided over places by the encounters there; `due_by_group` (V, G, G). `present` (V, G): how
    many others whom one recognises are there too during a visit by one of the group; missing where nobody of it comes. `strangers`: mean
    faces among those with whom no place is shared, reckoned for some residents, with their standard error; in `faces` all
    others have as many as those drawn of their class, in proportion to a guess (`knopenkaart.encounters.drawn`).
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


def expected_of_some(town: Town, convention: Convention, *, seed: int = 2012, egos: int = EGOS) -> tuple[Encounters, Drawn]:
    """Encounters, exactly, and faces of `egos` residents among all others, with the standard error of their mean.

    What is asked of a town with many plans: its cost goes by residents times `egos`, however crowded places are.
    """
    there = crowd(town)
    who, where, _ = arrays(town, there)
    asked = Asked(who, where, rule(convention, kernels.RARE), strangers=False)
    return encounters(town, there), faces_of_drawn(town, there, asked, seed=seed, egos=egos, most=egos)


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
    found, due, seen = kernels.cohorts(who, where, members, rule(convention), groups)
    near, near_across = (np.bincount(members.person, weights=found[:, n], minlength=town.residents.count) for n in (0, 1))
    # A resident has thousands of strangers: together their small chances count for more than those of the few of a place.
    asked = Asked(who, where, rule(convention, kernels.RARE), strangers=True, near=float(near.sum()) / people)
    rest = faces_of_drawn(town, there, asked, seed=seed, egos=egos)
    faces, across = near + rest.faces, near_across + rest.faces_across
    return Familiarity(
        mean=float(faces.sum() / people),
        mean_across=float(across.sum() / people),
        faces=faces,
        faces_across=across,
        reached=float(enough(faces, FACES).sum() / people),
        reached_across=float(enough(across, FACES_ACROSS).sum() / people),
        by_group=due.sum(axis=0) + rest.by_group,
        due=due.sum(axis=(1, 2)),
        due_by_group=due,
        present=_present(town, there, seen + rest.seen),
        strangers=(float(rest.faces.sum() / people), rest.error),
    )


def enough(faces: Floats, least: int) -> Floats:
    """The chance to recognise at least so many, for residents who are expected to recognise so many: by Poisson, as of many small chances.

    >>> enough(np.array([0.0, 3.0, 50.0]), 5).round(3).tolist()
    [0.0, 0.185, 1.0]
    """
    return np.asarray(pdtrc(least - 1, faces), float)


def _present(town: Town, there: Crowd, seen: Floats) -> Floats:
    """Per place and group the recognised others who are there too per visit, for as long as stays overlap (V, G)."""
    visits = there.visits.sum(axis=1)
    found: Floats = np.divide(seen * town.places.overlap[:, None], visits, out=np.full(visits.shape, np.nan), where=visits > 0)
    return found


def rule(convention: Convention, negligible: float = kernels.NEGLIGIBLE) -> kernels.Rule:
    """With fewer than `least` encounters expected in a week the chance of `times` of them in the window is negligible."""
    least = (negligible * math.factorial(convention.times)) ** (1 / convention.times) / convention.weeks
    terms = np.arange(min(convention.weeks, convention.times + 6) + 1)
    steps = (convention.weeks - terms) / (terms + 1)
    return kernels.Rule(convention.times, convention.weeks, convention.counting == "weeks", least, steps)


def arrays(town: Town, there: Crowd) -> tuple[kernels.Who, kernels.Where, kernels.Members]:
    """The town as the arrays that the kernels take."""
    who, where = town.residents, town.places
    # A place where somebody never comes is not an own place: such pairs are looked at with all others.
    home = np.ascontiguousarray(np.where(who.regular > 0, who.home, -1).T)
    slot = np.ascontiguousarray(who.slot.T)
    zone, casual = casual_pairs(town, there)
    own = np.where(home >= 0, who.choice[who.row, home].astype(float), 0.0)
    session = np.maximum(0, home).astype(np.int64) * where.slots + slot
    seat = np.where(there.seat.T >= 0, there.seat.T - there.sessions.first[session], -1)
    cells = len(who.choice) // max(1, who.groups)
    by_place = np.ascontiguousarray(who.choice.reshape(cells, who.groups, where.count).transpose(2, 1, 0)).reshape(where.count, -1)
    numbers = (np.ascontiguousarray(who.regular.T), np.ascontiguousarray(who.casual.T), home, slot, seat, own)
    residents = kernels.Who(
        who.group, who.row, who.group.astype(np.int64) * cells + who.cell, zone, *numbers, *_noticed(town, there), who.choice, by_place
    )
    regulars = there.sessions.regulars.reshape(where.count, where.slots)
    small = (there.pairs.at, there.pairs.at_next, there.pairs.both)
    together = where.profile @ where.profile.swapaxes(1, 2)
    places = kernels.Where(where.follows, there.notice, *small, regulars, casual, *met(town, there), where.nest, where.profile, together)
    return residents, places, _members(where.count, home, slot, zone)


def _noticed(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """Per nest, group and resident the chance that a casual visitor to the own place is noticed, and what it grows by (C, G, N)."""
    who, where = town.residents, town.places
    before = np.full(where.slots, -1)
    has = np.flatnonzero(where.follows >= 0)
    before[where.follows[has]] = has
    noticed, grows = (np.zeros((who.nests, who.groups, who.count)) for _ in range(2))
    for nest in range(who.nests):
        at = np.flatnonzero(there.seat[:, nest] >= 0)
        home, slot, alone = who.home[at, nest], who.slot[at, nest], there.pairs.alone[there.seat[at, nest]]
        chance = where.profile[home, :, slot] * alone[:, :1]
        for n, slots in ((1, where.follows[slot]), (2, before[slot])):
            chance += np.where(slots[:, None] >= 0, where.profile[home, :, slots], 0.0) * alone[:, n : n + 1]
        noticed[nest][:, at] = chance.T
        grows[nest][:, at] = there.meets[home, :, slot, 2].T
    return noticed, grows


def _members(places: int, home: Ints, slot: Ints, zone: npt.NDArray[np.int64]) -> kernels.Members:
    """Per place the residents who have it as an own place, those of one slot side by side; and places in blocks with as many pairs each."""
    nest, person = np.nonzero(home >= 0)
    place = home[nest, person]
    order = np.lexsort((person, zone[person], slot[nest, person], place))
    first = np.searchsorted(place[order], np.arange(places + 1)).astype(np.int64)
    blocks: list[list[int]] = [[] for _ in range(BLOCKS)]
    loads = [(0, block) for block in range(BLOCKS)]
    sizes = np.diff(first)
    for v in np.argsort(-sizes, kind="stable"):
        load, block = loads[0]
        blocks[block].append(int(v))
        heapq.heapreplace(loads, (load + int(sizes[v]) ** 2, block))
    starts = np.cumsum([0, *(len(block) for block in blocks)])
    return kernels.Members(first, person[order].astype(np.int64), np.array([v for block in blocks for v in block], np.int64), starts)
