# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visits expected per place and per origin, with how they change with every parameter: forwards, backwards and as a matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from knopenkaart.visits._pairs import Bools, Floats, Longs, Pairs, chances
from knopenkaart.visits._vector import Layout
from knopenkaart.visits.choice import Parameters, Setting


@dataclass(frozen=True)
class Flow:
    """Of one group in one period. Per pair: chance within its nest and visits per week; per run: ln W - ln W0, and participation."""

    place: Floats
    visits: Floats
    above: Floats
    part: Floats


def flow(setting: Setting, habits: Parameters, group: int, opened: Bools) -> Flow:
    """Visits of one group, elastic, with these places open."""
    pairs, outside = setting.pairs, habits.outside[:, group]
    found = chances(pairs, habits.attract[:, group], float(habits.beta[group]), habits.theta, outside, opened=opened)
    goers = setting.people[pairs.cell_of, group] * habits.rate[pairs.nest_of, group] * found.part
    above = np.where(found.part > 0, found.access - outside[pairs.nest_of], 0.0)
    # Who goes whatever there is (W0 = 0) is far above what keeps others at home, and no change of it matters.
    above[~np.isfinite(above)] = 0.0
    return Flow(found.place, goers[pairs.run] * found.place, above, found.part)


def summed(flows: Floats, line: Longs, lines: int) -> Floats:
    """Per line the visits of its pairs; a pair with line -1 is in none."""
    inside = line >= 0
    return np.asarray(np.bincount(line[inside], weights=flows[inside], minlength=lines), dtype=np.float64)


def backwards(setting: Setting, layout: Layout, habits: Parameters, group: int, of: Flow, pull: Floats) -> Floats:
    """The slope of a sum over ln A, ln beta, logit theta, ln W0 and ln Rmax; `pull` is its slope over the visits of each pair."""
    pairs, at, slope = setting.pairs, layout.slices, np.zeros(layout.size)
    weighted = of.visits * pull
    per_run = pairs.sums(weighted)
    stay = 1 - of.part
    # More attractive here draws from elsewhere in the nest, less so where it also brings out people who stayed at home.
    over_pull = weighted - of.place * ((1 - habits.theta * stay) * per_run)[pairs.run]
    slope[at["attract"]][group :: layout.groups] = np.bincount(pairs.place, weights=over_pull, minlength=layout.places)
    slope[at["beta"]][group] = -habits.beta[group] * (over_pull @ pairs.km)
    slope[at["theta"]] = habits.theta * (1 - habits.theta) * (per_run @ (stay * of.above))
    per_nest = {"goes": -habits.theta * stay * per_run, "level": per_run}
    for name, values in per_nest.items():
        slope[at[name]][group :: layout.groups] = np.bincount(pairs.nest_of, weights=values, minlength=layout.nests)
    return slope


def jacobian(setting: Setting, layout: Layout, habits: Parameters, group: int, of: Flow, *, line: Longs, lines: int) -> sp.csr_array:
    """The slopes of the visits of each line (rows) over the same; a line holds pairs of one place only. `turning` leads to the vector."""
    pairs, inside = setting.pairs, np.flatnonzero(line >= 0)
    own, run = line[inside], pairs.run[inside]
    visits, stay = of.visits[inside], (1 - of.part)[run]
    held = 1 - habits.theta * stay
    runs = len(pairs.start)
    leaving = sp.csr_array((visits * held, (own, run)), shape=(lines, runs))
    chance = sp.csr_array((of.place, (pairs.run, pairs.place)), shape=(runs, layout.places))
    direct = sp.csr_array((visits, (own, pairs.place[inside])), shape=(lines, layout.places))
    on_attract = sp.csr_array(direct - leaving @ chance)
    far = pairs.sums(of.place * pairs.km)
    on_beta = -float(habits.beta[group]) * np.bincount(own, weights=visits * (pairs.km[inside] - held * far[run]), minlength=lines)
    on_theta = habits.theta * (1 - habits.theta) * np.bincount(own, weights=visits * stay * of.above[run], minlength=lines)
    nest = pairs.nest_of[run]
    on_outside = sp.csr_array((-habits.theta * stay * visits, (own, nest)), shape=(lines, layout.nests))
    on_rate = sp.csr_array((visits, (own, nest)), shape=(lines, layout.nests))
    parts = [
        _spread(on_attract, layout.slices["attract"], group, layout),
        _column(np.asarray(on_beta, dtype=np.float64), layout.slices["beta"].start + group, layout),
        _column(np.asarray(on_theta, dtype=np.float64), layout.slices["theta"].start, layout),
        _spread(on_outside, layout.slices["goes"], group, layout),
        _spread(on_rate, layout.slices["level"], group, layout),
    ]
    return sp.csr_array(sum(parts[1:], start=parts[0]))


def _spread(block: sp.csr_array, at: slice, group: int, layout: Layout) -> sp.csr_array:
    """A matrix with a column per place or nest, as columns of the vector."""
    found = block.tocoo()
    column = at.start + found.coords[1].astype(np.int64) * layout.groups + group
    return sp.csr_array((found.data, (found.coords[0], column)), shape=(block.shape[0], layout.size))


def _column(values: Floats, column: int, layout: Layout) -> sp.csr_array:
    rows = np.arange(len(values))
    return sp.csr_array((values, (rows, np.full(len(values), column))), shape=(len(values), layout.size))


def lines_of(pairs: Pairs, wanted: Longs, area: Longs, areas: int, places: int) -> Longs:
    """Per pair the line of its place (in the order of `wanted`) and area; -1 where the place or the area is not asked for."""
    order = np.full(places, -1)
    order[wanted] = np.arange(len(wanted))
    where = area[pairs.cell]
    return np.where((order[pairs.place] >= 0) & (where >= 0), order[pairs.place] * areas + where, -1)
