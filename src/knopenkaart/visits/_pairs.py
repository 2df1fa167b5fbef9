# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cells and the places within reach of them as flat arrays, in runs of one cell and one nest: what the choice is reckoned over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import expit

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
METRES_PER_KM = 1000.0


@dataclass(frozen=True)
class Pairs:
    """Every cell with every place that it can reach. A run is a cell with the places of one nest; pairs stand run after run.

    Per pair: `cell`, `place`, `km`, `run`. Per run: `start` (the first of its pairs), `cell_of`, `nest_of`.
    """

    cell: Longs
    place: Longs
    km: Floats
    run: Longs
    start: Longs
    cell_of: Longs
    nest_of: Longs

    @classmethod
    def of(cls, metres: sp.csr_array, nest: npt.NDArray[np.int32]) -> Pairs:
        """The pairs of a matrix of metres, cells x places."""
        cell = np.repeat(np.arange(metres.shape[0]), np.diff(metres.indptr))
        place = np.asarray(metres.indices, dtype=np.int64)
        order = np.lexsort((place, nest[place], cell))
        cell, place = cell[order], place[order]
        of = nest[place].astype(np.int64)
        new = np.ones(len(cell), dtype=bool)
        new[1:] = (np.diff(cell) != 0) | (np.diff(of) != 0)
        start = np.flatnonzero(new)
        km = np.asarray(metres.data, dtype=np.float64)[order] / METRES_PER_KM
        return cls(cell, place, km, np.cumsum(new) - 1, start, cell[start], of[start])

    def sums(self, values: Floats) -> Floats:
        """Per run the sum of its pairs."""
        return np.asarray(np.add.reduceat(values, self.start)) if len(values) else np.zeros(0)

    def most(self, values: Floats) -> Floats:
        """Per run the largest of its pairs."""
        return np.asarray(np.maximum.reduceat(values, self.start)) if len(values) else np.zeros(0)


@dataclass(frozen=True)
class Chances:
    """Of one group: per pair the chance of the place within its nest; per run the logarithm of accessibility and the participation."""

    place: Floats
    access: Floats
    part: Floats


def chances(pairs: Pairs, attract: Floats, beta: float, theta: float, outside: Floats, *, opened: Bools) -> Chances:
    """The choice of one group. `attract` (V), `outside` (nests): logarithms; `opened` (V): which places one can choose."""
    pull = np.where(opened[pairs.place], attract[pairs.place], -np.inf) - beta * pairs.km
    peak = pairs.most(pull)
    peak[~np.isfinite(peak)] = 0.0
    # Relative to the best of its run, or far cells underflow to a division of nothing by nothing.
    weight = np.exp(pull - peak[pairs.run])
    total = pairs.sums(weight)
    some = total > 0
    access = np.where(some, peak + np.log(np.where(some, total, 1.0)), -np.inf)
    place = weight / np.where(some, total, 1.0)[pairs.run]
    part = np.zeros(len(access))
    part[some] = expit(theta * (access[some] - outside[pairs.nest_of[some]]))
    return Chances(place, access, part)
