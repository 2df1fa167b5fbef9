# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people are where and when, and how likely two of them are to notice one another in that crowd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2

from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters.town import Floats, Town

# Beyond this mean a crowd is so large that the sum over its size is cut off at ten standard deviations.
_TAIL = 10.0
# Casual meetings of two residents are the least part of all; where they live is then told by so many zones.
ZONES = 64


@dataclass(frozen=True)
class Crowd:
    """Expected visits and the chance of noticing.

    `visits` (V, T, G): expected visits per week; `squares`, `cubes` (V, T, G): sums of the second and third powers of the chances behind
    them. `base`, `own` (V, T, 2): two visits in the same slot (0), or one in the slot and one in that which follows (1), lead to a noticed
    encounter with chance base + (sum of both chances to be there) * own. It holds overlap and foyer already.
    `meets` (V, G, T, 3): the chance that a casual visitor of a group to that place is noticed by who is there in that slot, and what it
    grows by per unit of the chance of that one to be there, and of the visitor to come.
    """

    visits: Floats
    squares: Floats
    cubes: Floats
    base: Floats
    own: Floats
    meets: Floats


def crowd(town: Town) -> Crowd:
    """The crowd of a town. Source of the formulas: docs/method/encounters.md (a Poisson crowd with its second-order correction)."""
    where = town.places
    visits, squares, cubes = _moments(town)
    base, own = _noticing(town, visits.sum(axis=2), squares.sum(axis=2))
    return Crowd(visits, squares, cubes, base, own, kernels.met_casually(where.profile, where.follows, base, own))


def _moments(town: Town) -> tuple[Floats, Floats, Floats]:
    """Sums of the first three powers of the chances of visits, per place, slot and group."""
    who, where = town.residents, town.places
    regular = [np.zeros((where.count, where.slots, who.groups)) for _ in range(3)]
    for nest in range(who.nests):
        at = who.home[:, nest] >= 0
        cells = (who.home[at, nest], who.slot[at, nest], who.group[at])
        for power, sums in enumerate(regular, start=1):
            np.add.at(sums, cells, who.regular[at, nest] ** power)
    return tuple(sums + _casual(town, power) for power, sums in enumerate(regular, start=1))  # type: ignore[return-value]


def _casual(town: Town, power: int) -> Floats:
    """The same sums of casual visits: chance to go out, times the choice of the place, times the profile of the slot."""
    who, where = town.residents, town.places
    result = np.zeros((where.count, where.slots, who.groups))
    for nest in range(who.nests):
        places = np.flatnonzero(where.nest == nest)
        if not len(places):
            continue
        rows = np.bincount(who.row, weights=who.casual[:, nest] ** power, minlength=len(who.choice))
        chosen = who.choice[:, places].astype(float) ** power * rows[:, None]
        per_group = chosen.reshape(-1, who.groups, len(places)).sum(axis=0)
        result[places] = np.einsum("gv,vgt->vtg", per_group, where.profile[places] ** power)
    return result


def _noticing(town: Town, visits: Floats, squares: Floats) -> tuple[Floats, Floats]:
    where = town.places
    after = where.follows
    both = np.where(after >= 0, visits[:, after], 0.0) + visits, np.where(after >= 0, squares[:, after], 0.0) + squares
    base = np.zeros((where.count, where.slots, 2))
    own = np.zeros_like(base)
    for place, (mean, second) in enumerate(((visits, squares), both)):
        most = int(mean.max(initial=0.0) + _TAIL * np.sqrt(mean.max(initial=0.0) + 1.0) + 30)
        found = kernels.noticed(np.ascontiguousarray(mean), np.ascontiguousarray(second), where.notices, most)
        factor = where.overlap if place == 0 else where.foyer
        base[:, :, place], own[:, :, place] = (values * factor[:, None] for values in found)
    base[:, after < 0, 1] = own[:, after < 0, 1] = 0.0
    return base, own


def casual_pairs(town: Town, there: Crowd) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """What two casual visits lead to, wherever they go.

    Gives of each resident the zone and group as one number (N); per nest the chance that casual visits of two such residents lead to a
    noticed encounter, and what it grows by per unit of the chance that the first goes out (both nests, zones * G, zones * G).
    """
    who, where = town.residents, town.places
    cells = len(who.choice) // who.groups
    zone = _zones(who.choice.reshape(cells, -1))
    number = int(zone.max(initial=-1)) + 1
    mean = np.zeros((number, who.groups, where.count))
    np.add.at(mean, zone, who.choice.reshape(cells, who.groups, where.count).astype(float))
    mean /= np.maximum(1, np.bincount(zone, minlength=number))[:, None, None]
    # Chance that a visitor of group g (squared for `own`) and one of group h notice one another at a place: V, G, G.
    met = np.einsum("vgt,vht->vgh", there.meets[..., 0], where.profile)
    met_own = np.einsum("vgt,vht->vgh", there.meets[..., 2], where.profile)
    size = number * who.groups
    result, grows = np.zeros((who.nests, size, size)), np.zeros((who.nests, size, size))
    for nest in range(who.nests):
        at = np.flatnonzero(where.nest == nest)
        chosen = mean[:, :, at]
        result[nest] = np.einsum("zgv,vgh,yhv->zgyh", chosen, met[at], chosen, optimize=True).reshape(size, size)
        grows[nest] = np.einsum("zgv,vgh,yhv->zgyh", chosen**2, met_own[at], chosen, optimize=True).reshape(size, size)
    return zone[who.cell].astype(np.int64) * who.groups + who.group, result, grows


def _zones(choice: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Cells that choose alike, as one zone; a few cells are each their own."""
    if len(choice) <= ZONES:
        return np.arange(len(choice))
    _, zone = kmeans2(choice.astype(float), ZONES, minit="++", rng=np.random.default_rng(0), iter=8, missing="warn")
    _, compact = np.unique(zone, return_inverse=True)
    return compact.astype(np.int64)
