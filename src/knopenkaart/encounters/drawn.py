# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Faces reckoned for residents who are drawn, and for the rest by what they may be expected to have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from knopenkaart import rng
from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters.crowd import Crowd
from knopenkaart.encounters.town import Floats, Town

# So many residents are drawn, and more, up to so many, where the standard error is above so large a part of all faces.
EGOS, PRECISE, MOST_EGOS = 120, 0.003, 2000
# They are drawn from so many classes, of each as many, and at least so many. The classes have as much each of a guess to this power: by
# the guess itself the lowest would hold nearly everybody, and five of these miss the few who are unlike the others.
STRATA, LEAST_EGOS, EVENLY = 24, 2, 0.75


@dataclass(frozen=True)
class Drawn:
    """Faces among all others, or among those with whom no own place is shared.

    Per resident, of all and of another group (N); per pair of groups, from the side of the first (G, G); of strangers their visits times
    the number of these who are there too, per place and group (V, G); and the standard errors of both means over residents.
    """

    faces: Floats
    faces_across: Floats
    by_group: Floats
    seen: Floats
    error: float
    error_across: float


@dataclass(frozen=True)
class Asked:
    """What is reckoned for those drawn: faces by a rule, only among `strangers` or among all. `near`: the mean faces beside these."""

    who: kernels.Who
    where: kernels.Where
    rule: kernels.Rule
    strangers: bool
    near: float = 0.0


def faces_of_drawn(town: Town, there: Crowd, asked: Asked, *, seed: int, egos: int, most: int = MOST_EGOS) -> Drawn:
    """Faces of `egos` residents, or of up to `most` where that is not precise enough, exactly; of all others by their guess.

    Source: docs/method/encounters.md.
    """
    people, groups = town.residents.count, town.residents.groups
    if not egos or not people:
        nobody = np.zeros(people)
        return Drawn(nobody, nobody, np.zeros((groups, groups)), np.zeros((town.places.count, groups)), 0.0, 0.0)
    size = guess(town, there, asked)
    stratum = strata(size)
    chosen = drawn(stratum, egos, seed)
    found = kernels.faces_of(asked.who, asked.where, chosen, asked.rule, groups, asked.strangers)
    rest = _spread(town, size, stratum, chosen, *found)
    wanted = _wanted(egos, most, rest.error, asked.near + float(rest.faces.mean()))
    if wanted > egos:
        more = np.setdiff1d(drawn(stratum, wanted, seed), chosen)
        both = zip(found, kernels.faces_of(asked.who, asked.where, more, asked.rule, groups, asked.strangers), strict=True)
        rest = _spread(town, size, stratum, np.concatenate([chosen, more]), *(np.concatenate(parts) for parts in both))
    return rest


def guess(town: Town, there: Crowd, asked: Asked) -> Floats:
    """What the faces of each resident go by, roughly (N): as if others were met in one way, and seldom.

    Who is met seldom, with chance p in a week, is recognised with a chance that goes by p to the power of the times that it takes. Summed
    over all regulars of the places where one drops in, over all who drop in where one is a regular, over all who drop in elsewhere, and,
    unless it is of strangers, over the regulars of one's own session and the one before and after.
    """
    total, times = np.zeros(town.residents.count), asked.rule.times
    # A nest may have no places here: in a wijk by itself, say.
    for nest in np.unique(town.places.nest):
        goes = town.residents.casual[:, nest] ** times
        others = np.bincount(asked.who.zone, goes, asked.where.casual.shape[2])
        elsewhere = goes * (asked.where.casual[nest, 0] ** times @ others)[asked.who.zone]
        total += math.comb(asked.rule.weeks, times) * (elsewhere + _with_regulars(town, there, nest, asked))
        if not asked.strangers:
            total += _regulars(town, there, nest, asked.rule)
    return total


def _with_regulars(town: Town, there: Crowd, nest: int, asked: Asked) -> Floats:
    """The part of `guess` where one of both is a regular."""
    who, groups, times = town.residents, town.residents.groups, asked.rule.times
    columns = np.flatnonzero(town.places.nest == nest)
    at = _at_home(town, nest)
    place, slot, group = np.searchsorted(columns, who.home[at, nest]), who.slot[at, nest], who.group[at]
    goes, comes = who.casual[:, nest] ** times, who.regular[at, nest] ** times
    chosen = who.choice[:, columns].astype(float) ** times
    noticed = there.meets[columns, :, :, 0] ** times
    regulars = np.zeros((len(columns), town.places.slots))
    np.add.at(regulars, (place, slot), comes)
    # What a visit leads to, per place and group; and who drops in there.
    regulars_met = np.einsum("vgt,vt->vg", noticed, regulars)
    by_cell = chosen.reshape(-1, groups, len(columns))
    visitors = np.einsum("hg,hgv->vg", np.bincount(who.row, goes, len(chosen)).reshape(-1, groups), by_cell)
    result: Floats = goes * np.einsum("hgv,vg->hg", by_cell, regulars_met).reshape(-1)[who.row]
    if asked.strangers:
        own = goes[at] * chosen[who.row[at], place]
        result[at] -= own * regulars_met[place, group]
        np.subtract.at(visitors, (place, group), own)
    result[at] += comes * np.einsum("ng,ng->n", noticed[place, :, slot], np.maximum(visitors, 0.0)[place])
    return np.maximum(result, 0.0)


def _regulars(town: Town, there: Crowd, nest: int, rule: kernels.Rule) -> Floats:
    """The part of `guess` where both are regulars: who come often are recognised for certain, and not by a power."""
    who, where = town.residents, town.places
    at = _at_home(town, nest)
    shape = (where.count, where.slots)
    session = np.ravel_multi_index((who.home[at, nest], who.slot[at, nest]), shape)
    comes = who.regular[at, nest]
    many = np.bincount(session, minlength=shape[0] * shape[1])
    usual = (np.bincount(session, comes**rule.times, len(many)) / np.maximum(1, many)) ** (1 / rule.times)
    has = np.flatnonzero(where.follows >= 0)
    before = np.full(where.slots, -1)
    before[where.follows[has]] = has
    result = np.zeros(who.count)
    place, slot = np.unravel_index(session, shape)
    for other, noticed in (
        (slot, there.notice[place, slot, 0, 0]),
        (where.follows[slot], there.notice[place, slot, 1, 0]),
        (before[slot], there.notice[place, before[slot], 1, 0]),
    ):
        beside = np.where(other >= 0, place * where.slots + other, 0)
        number = np.where(other >= 0, many[beside] - (other == slot), 0)
        chance = np.clip(comes * usual[beside] * noticed, 0.0, 1.0)
        result[at] += number * stats.binom.sf(rule.times - 1, rule.weeks, chance)
    return result


def _at_home(town: Town, nest: int) -> npt.NDArray[np.int64]:
    """Who are regulars of an own place."""
    return np.flatnonzero((town.residents.home[:, nest] >= 0) & (town.residents.regular[:, nest] > 0))


def strata(size: Floats) -> npt.NDArray[np.int64]:
    """Classes of residents of like size; those with most in the smallest classes. (N)"""
    order = np.argsort(size, kind="stable")
    upto = np.cumsum(size[order] ** EVENLY)
    result = np.empty(len(size), np.int64)
    result[order] = np.minimum(STRATA - 1, (upto / max(float(upto[-1]), 1e-300) * STRATA).astype(np.int64))
    return result


def drawn(stratum: npt.NDArray[np.int64], egos: int, seed: int) -> npt.NDArray[np.int64]:
    """Residents drawn without putting back, as many of each class; who is drawn with few is drawn with more."""
    if egos >= len(stratum):
        return np.arange(len(stratum))
    random = rng.stream(seed, "encounters.egos")
    each = max(LEAST_EGOS, math.ceil(egos / STRATA))
    return np.sort(np.concatenate([random.permutation(np.flatnonzero(stratum == number))[:each] for number in np.unique(stratum)]))


def _wanted(egos: int, most: int, error: float, mean: float) -> int:
    """How many residents to draw for a standard error that is small enough, after so many gave this one."""
    return egos if error <= PRECISE * mean else min(max(egos, most), math.ceil(egos * (error / (PRECISE * mean)) ** 2))


def _spread(
    town: Town, size: Floats, stratum: npt.NDArray[np.int64], chosen: npt.NDArray[np.int64], found: Floats, during: Floats
) -> Drawn:
    """From those drawn to everybody: all others have as many faces for their guess as those drawn of the same class together."""
    people, groups = town.residents.count, town.residents.groups
    result, by_group, seen = np.zeros((people, 2)), np.zeros((groups, groups)), np.zeros((groups, town.places.count))
    group = town.residents.group[chosen]
    faces = np.column_stack([found.sum(axis=1), found.sum(axis=1) - found[np.arange(len(chosen)), group]])
    variance = np.zeros(2)
    for number in np.unique(stratum):
        of_it, mine = stratum == number, stratum[chosen] == number
        count, of_all, guessed = int(mine.sum()), int(of_it.sum()), float(size[chosen[mine]].sum())
        weight = float(size[of_it].sum()) / guessed if guessed > 0 else 1.0
        per_guess = faces[mine].sum(axis=0) / guessed if guessed > 0 else np.zeros(2)
        result[of_it] = size[of_it, None] * per_guess
        np.add.at(by_group, group[mine], found[mine] * weight)
        np.add.at(seen, group[mine], during[mine] * weight)
        if 1 < count < of_all:
            off = faces[mine] - size[chosen[mine], None] * per_guess
            variance += (weight / people) ** 2 * (off**2).sum(axis=0) * count / (count - 1) * (1 - count / of_all)
    result[chosen] = faces
    error, error_across = np.sqrt(variance)
    return Drawn(result[:, 0], result[:, 1], (by_group + by_group.T) / 2, seen.T, float(error), float(error_across))
