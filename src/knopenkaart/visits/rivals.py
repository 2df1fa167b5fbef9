# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the visits of a place go if it closes, of every place at once; and from how far its visits come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from knopenkaart.visits._pairs import Chances, Floats, Longs, Pairs, chances
from knopenkaart.visits.choice import Parameters, Setting

# Below this chance of any other place there is none to go to: the rest of a sum of rounded chances.
NOWHERE = 1e-12
# Sums of rounded numbers end a little above or below a part that is asked for.
ROUNDED = 1e-9


@dataclass(frozen=True)
class Without:
    """The places of one function, each closed by itself (n places).

    `places` (n): their numbers; `visits` (n): expected per week now; `elastic`, `fixed` (n, n): how many visits per week the place of a
    column gets more where that of the row closes; 0 on the diagonal.
    """

    places: Longs
    visits: Floats
    elastic: Floats
    fixed: Floats


def without_each(setting: Setting, parameters: Parameters) -> list[Without]:
    """What becomes of visits when each open place closes and people choose again, under both demands.

    The same numbers as `choose` gives without that place, without choosing anew for each of them: in a logit the rest keep their
    proportions. What a row leaves of the visits of its place stays at home. The other way round a row tells what a place draws from others
    by being there. Returns one per function in which a place is open. Source: docs/method/choice.md.

    >>> from knopenkaart.visits.choice import reached
    >>> twins = Setting(np.array([[100.0]]), reached([[0.0, 0.0]]), np.zeros(2, dtype=np.int32), 1, np.array([True, True]))
    >>> habits = Parameters(np.zeros((2, 1)), np.ones(1), 0.5, np.zeros((1, 1)), np.ones((1, 1)))
    >>> found = without_each(twins, habits)[0]
    >>> found.visits.round(1).tolist(), found.elastic[0].round(1).tolist(), found.fixed[0].round(1).tolist()
    ([29.3, 29.3], [0.0, 20.7], [0.0, 29.3])
    """
    pairs, held = setting.pairs, []
    for group in range(setting.groups):
        habits = parameters.attract[:, group], float(parameters.beta[group]), parameters.theta, parameters.outside[:, group]
        held.append(chances(pairs, *habits, opened=setting.open))
    return [_of_nest(setting, parameters, held, nest) for nest in np.unique(setting.nest[setting.open])]


def _of_nest(setting: Setting, parameters: Parameters, held: list[Chances], nest: int) -> Without:
    pairs, own = setting.pairs, np.flatnonzero((setting.nest == nest) & setting.open)
    runs = np.flatnonzero(pairs.nest_of == nest)
    visits, elastic, fixed = np.zeros(len(own)), np.zeros((len(own), len(own))), np.zeros((len(own), len(own)))
    for group, found in enumerate(held):
        chance, part = _dense(pairs, found.place, runs, own, setting.places), found.part[runs]
        most = (setting.people[pairs.cell_of[runs], group] * parameters.rate[nest, group])[:, None]
        again = _part_again(chance, found.access[runs], parameters.theta, float(parameters.outside[nest, group]))
        rest = 1 - chance
        others = np.where(rest > NOWHERE, 1 / np.maximum(rest, NOWHERE), 0.0)
        visits += (most * part[:, None] * chance).sum(axis=0)
        fixed += (most * part[:, None] * chance * others).T @ chance
        elastic += (most * np.where(rest > NOWHERE, again * others - part[:, None], 0.0)).T @ chance
    for moved in (elastic, fixed):
        np.fill_diagonal(moved, 0.0)
    return Without(own, visits, elastic, fixed)


def _dense(pairs: Pairs, chance: Floats, runs: Longs, own: Longs, places: int) -> Floats:
    """Chances as a table of runs by places of one nest."""
    row, column = np.full(len(pairs.start), -1), np.full(places, -1)
    row[runs], column[own] = np.arange(len(runs)), np.arange(len(own))
    at = np.flatnonzero((row[pairs.run] >= 0) & (column[pairs.place] >= 0))
    table = np.zeros((len(runs), len(own)))
    table[row[pairs.run[at]], column[pairs.place[at]]] = chance[at]
    return table


def _part_again(chance: Floats, access: Floats, theta: float, outside: float) -> Floats:
    """Who still goes out, per run and place that closes: accessibility without it is the rest of what it was."""
    some, rest = np.isfinite(access), np.maximum(1 - chance, NOWHERE)
    left = np.where(some, access, 0.0)[:, None] + np.log(rest)
    return np.where(some[:, None] & (1 - chance > NOWHERE), expit(theta * (left - outside)), 0.0)


def within(pairs: Pairs, visits: Floats, part: float, *, places: int) -> Floats:
    """Per place the km along the streets within which this part of its visits is made (nan: nobody comes); `visits` per pair.

    >>> from scipy import sparse
    >>> four = Pairs.of(sparse.csr_array(np.array([[100.0], [200.0], [300.0], [400.0]])), np.zeros(1, dtype=np.int32))
    >>> within(four, np.array([5.0, 3.0, 1.0, 1.0]), 0.5, places=1), within(four, np.array([5.0, 3.0, 1.0, 1.0]), 0.8, places=1)
    (array([0.1]), array([0.2]))
    """
    order = np.lexsort((pairs.km, pairs.place))
    place, until = pairs.place[order], np.cumsum(visits[order])
    total = np.bincount(pairs.place, weights=visits, minlength=places)
    before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
    enough = until - before[place] >= part * total[place] * (1 - ROUNDED)
    found = np.full(places, np.nan)
    first, at = np.unique(place[enough], return_index=True)
    found[first] = pairs.km[order][enough][at]
    found[total <= 0] = np.nan
    return found
