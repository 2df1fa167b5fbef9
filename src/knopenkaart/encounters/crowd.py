# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people are where and when, and how likely two of them are to notice one another in that crowd."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2
from scipy.sparse import coo_array

from knopenkaart.encounters import _noticing as kernels
from knopenkaart.encounters.town import Floats, Town

# Casual meetings of two residents are the least part of all; where they live is then told by so many zones.
ZONES = 48
# Up to so many residents every casual visitor is told one by one as well, not as part of a Poisson number.
FEW = 200


@dataclass(frozen=True)
class Crowd:
    """Expected visits and the chance of noticing.

    `visits` (V, T, G): expected visits per week, of which `casual`; `squares`, `cubes`, `fourths`: sums of the powers of the chances behind
    them; `twice`: sum of the products of the casual chances of one resident in the slot and the next. `notice` (V, T, 2, 3): two visits
    in the same slot (0), or one in the slot and one in that which follows (1), lead to a noticed encounter with chance
    n0 + (p + q) n1 + (p^2 + p q + q^2) n2, where p and q are the chances of both to be there; it holds overlap and foyer already.
    `meets` (V, G, T, 4): the chance that a casual visitor of a group to that place is noticed by who is there in that slot, and what it
    grows by per unit of the chance of that one to be there, of the visitor to come, and of the square of the first.
    `sessions`: who comes where; `seat` (N, C): where residents stand in it; `pairs`: what regulars of small sessions notice, exactly.
    """

    visits: Floats
    squares: Floats
    cubes: Floats
    fourths: Floats
    casual: Floats
    twice: Floats
    notice: Floats
    meets: Floats
    sessions: kernels.Sessions
    seat: npt.NDArray[np.int64]
    pairs: kernels.Pairs


def crowd(town: Town) -> Crowd:
    """The crowd of a town. Source of the formulas: docs/method/encounters.md (regulars one by one, casual visitors as a Poisson number)."""
    where = town.places
    casual, twice = _casual(town)
    regular = _regular(town)
    sessions, seat = _sessions(town, casual[0].sum(axis=2), casual[1].sum(axis=2))
    notice = kernels.all_noticed(sessions, where.follows, where.notices, where.overlap, where.foyer)
    pairs = kernels.small_sessions(sessions, where.follows, where.notices, where.overlap, where.foyer, notice)
    moments = [one + other for one, other in zip(regular, casual, strict=True)]
    visits, squares, cubes, fourths = moments
    meets = kernels.met_casually(where.profile, where.follows, notice)
    return Crowd(visits, squares, cubes, fourths, casual[0], twice, notice, meets, sessions, seat, pairs)


def _regular(town: Town) -> list[Floats]:
    """Sums of the first four powers of the chances of regular visits, per place, slot and group."""
    who, where = town.residents, town.places
    shape = (where.count, where.slots, who.groups)
    at = who.home >= 0
    group = np.broadcast_to(who.group[:, None], who.home.shape)[at]
    cells = np.ravel_multi_index((who.home[at], who.slot[at], group), shape)
    chance = who.regular[at]
    size = int(np.prod(shape))
    return [np.bincount(cells, chance**power, size).astype(float).reshape(shape) for power in range(1, 5)]


def _casual(town: Town) -> tuple[list[Floats], Floats]:
    """The same sums of casual visits: chance to go out, times the choice of the place, times the profile of the slot.

    And sums of the products of the casual chances of one and the same resident in a slot and in the next: nobody meets oneself.
    """
    who, where = town.residents, town.places
    after = where.follows
    both = where.profile * np.where(after >= 0, where.profile[:, :, after], 0.0)
    sums = [np.zeros((where.count, where.slots, who.groups)) for _ in range(5)]
    # A nest may have no places here: in a wijk by itself, say.
    for nest in np.unique(where.nest):
        places = np.flatnonzero(where.nest == nest)
        choice = who.choice[:, places].astype(float).reshape(-1, who.groups, len(places))
        chosen = np.ones_like(choice)
        for power in range(1, 5):
            chosen *= choice
            rows = np.bincount(who.row, who.casual[:, nest] ** power, len(who.choice)).reshape(-1, who.groups)
            each = np.einsum("hg,hgv->vg", rows, chosen)
            sums[power - 1][places] = (each[:, :, None] * where.profile[places] ** power).swapaxes(1, 2)
            if power == 2:
                sums[4][places] = (each[:, :, None] * both[places]).swapaxes(1, 2)
    *powers, twice = sums
    return powers, twice


def _sessions(town: Town, mean: Floats, second: Floats) -> tuple[kernels.Sessions, npt.NDArray[np.int64]]:
    """Who comes to which session: regulars one by one; casual visitors as sums, or one by one in a town of few people.

    Gives also per resident and nest which of `chance` is theirs (-1: none).
    """
    who, where = town.residents, town.places
    at = (who.home >= 0) & (who.regular > 0)
    session = who.home[at].astype(np.int64) * where.slots + who.slot[at]
    chance, group = who.regular[at], np.broadcast_to(who.group[:, None], at.shape)[at]
    number = where.count * where.slots
    regulars = np.bincount(session, minlength=number)
    if who.count <= FEW:
        extra = _casual_one_by_one(town)
        session, chance = np.concatenate([session, extra[0]]), np.concatenate([chance, extra[1]])
        group = np.concatenate([group, extra[2]])
        mean, second = np.zeros_like(mean), np.zeros_like(second)
    # Stable: in each session the regulars stay before the casual visitors.
    order = np.argsort(session, kind="stable")
    first = np.searchsorted(session[order], np.arange(number + 1)).astype(np.int64)
    turn = np.empty(len(order), np.int64)
    turn[order] = np.arange(len(order))
    seat = np.full(at.shape, -1, np.int64)
    seat[at] = turn[: int(at.sum())]
    return kernels.Sessions(first, chance[order], regulars, group[order].astype(np.int64), mean, second), seat


def _casual_one_by_one(town: Town) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int32]]:
    who, where = town.residents, town.places
    chance = who.casual[:, where.nest, None] * who.choice[who.row][:, :, None] * where.profile[:, who.group].swapaxes(0, 1)
    session = np.broadcast_to(np.arange(where.count * where.slots), (who.count, where.count * where.slots))
    comes = chance.reshape(session.shape) > 0
    return session[comes], chance.reshape(session.shape)[comes], np.broadcast_to(who.group[:, None], session.shape)[comes]


def casual_pairs(town: Town, there: Crowd) -> tuple[npt.NDArray[np.int64], Floats]:
    """What two casual visits lead to, wherever they go.

    Gives of each resident the zone and group as one number (N); and per nest and pair of such numbers the chance that casual visits of two
    such residents lead to a noticed encounter, and what it grows by per unit of the chance that the first, and the second, goes out
    (nests, 3, zones * G, zones * G).
    """
    who, where = town.residents, town.places
    cells = len(who.choice) // who.groups
    choice = who.choice.reshape(cells, who.groups, where.count)
    zone = _zones(choice)
    number = int(zone.max(initial=-1)) + 1
    parts = coo_array((1 / np.bincount(zone, minlength=number)[zone], (zone, np.arange(cells))), shape=(number, cells)).tocsr()
    mean = (parts @ choice.reshape(cells, -1)).reshape(number, who.groups, where.count)
    noticed, grown = met(town, there)
    size = number * who.groups
    result = np.zeros((who.nests, 3, size, size))
    for nest in range(who.nests):
        at = np.flatnonzero(where.nest == nest)
        chosen = mean[:, :, at]
        result[nest, 0] = _joined(chosen, noticed[at], chosen).reshape(size, size)
        result[nest, 1] = _joined(chosen**2, grown[at], chosen).reshape(size, size)
        result[nest, 2] = result[nest, 1].T
    return zone[who.cell].astype(np.int64) * who.groups + who.group, result


def met(town: Town, there: Crowd) -> tuple[Floats, Floats]:
    """Per place and pair of groups the chance that casual visitors notice one another, and what it grows by per unit of the chance of the
    first (V, G, G)."""
    profile = town.places.profile.swapaxes(1, 2)
    return np.matmul(there.meets[..., 0], profile), np.matmul(there.meets[..., 2], profile)


def _joined(one: Floats, met: Floats, other: Floats) -> Floats:
    """Sum over places v of one[z, g, v] met[v, g, h] other[y, h, v] as (z, g, y, h)."""
    zones, groups, _ = one.shape
    result = np.empty((zones, groups, zones, groups))
    for g in range(groups):
        for h in range(groups):
            result[:, g, :, h] = (one[:, g] * met[:, g, h]) @ other[:, h].T
    return result


def _zones(choice: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Cells that choose alike, as one zone; a few cells are each their own."""
    if len(choice) <= ZONES:
        return np.arange(len(choice))
    random = np.random.default_rng(0)
    # Distances between rows are kept by a random projection, and are much sooner reckoned.
    rows = choice.mean(axis=1, dtype=float) @ random.normal(size=(choice.shape[2], min(24, choice.shape[2])))
    different, alike = np.unique(rows, axis=0, return_inverse=True)
    if len(different) <= ZONES:
        return alike.astype(np.int64)
    with warnings.catch_warnings():
        # A zone may stay empty: it is left out below.
        warnings.simplefilter("ignore", UserWarning)
        _, zone = kmeans2(rows, ZONES, minit="++", rng=random, iter=8, missing="warn")
    _, compact = np.unique(zone, return_inverse=True)
    return compact.astype(np.int64)
