# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who goes where: a nested logit with an outside option per function over network distances, with elastic and with fixed demand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from knopenkaart.visits._pairs import Bools, Floats, Pairs, chances

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Setting:
    """Residents, places and the way between them: H cells, G groups, V places, C nests.

    `people` (H, G): residents. `metres` (H x V): network distance; a pair that is not stored is out of reach, and a distance of 0 has to be
    stored (`reached` makes such a matrix). `nest` (V): the function in which a place competes, below `nests`. `open` (V): the places one
    can choose. `now` (V; by default `open`): the places that are open today, from which fixed demand takes its participation.
    Raises ValueError where shapes or ranges do not fit.
    """

    people: Floats
    metres: sp.csr_array
    nest: Ints
    nests: int
    open: Bools
    now: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        if self.now.shape == (0,):
            object.__setattr__(self, "now", self.open)
        cells, places = self.metres.shape
        if self.people.ndim != 2 or len(self.people) != cells:
            raise ValueError(f"people has shape {self.people.shape}, and there are {cells} cells")
        for name in ("nest", "open", "now"):
            if getattr(self, name).shape != (places,):
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, not ({places},)")
        if self.open.dtype != bool or self.now.dtype != bool:
            raise ValueError("open and now are True or False per place")
        if places and not (self.nest.min() >= 0 and self.nest.max() < self.nests):
            raise ValueError(f"nest is 0 to {self.nests - 1} for every place")
        if not (np.isfinite(self.people).all() and (self.people >= 0).all()):
            raise ValueError("people are finite and at least 0")
        if not self.metres.has_canonical_format or not np.isfinite(self.metres.data).all() or (self.metres.data < 0).any():
            raise ValueError("metres are finite and at least 0, with every pair once and in order")

    @property
    def cells(self) -> int:
        return int(self.people.shape[0])

    @property
    def groups(self) -> int:
        return int(self.people.shape[1])

    @property
    def places(self) -> int:
        return len(self.nest)

    @cached_property
    def pairs(self) -> Pairs:
        """Cells and the places within reach of them, open or not."""
        return Pairs.of(self.metres, self.nest)

    def with_open(self, opened: Bools) -> Setting:
        """The same town with other places open; what is open today stays what it was."""
        made = replace(self, open=np.asarray(opened, dtype=bool))
        # The pairs do not depend on what is open: a curve asks for hundreds of such settings.
        made.__dict__["pairs"] = self.pairs
        return made


def reached(metres: npt.ArrayLike) -> sp.csr_array:
    """A matrix of metres, cells x places, that keeps distances of 0; infinite or missing: out of reach."""
    dense = np.asarray(metres, dtype=np.float64)
    cell, place = np.nonzero(np.isfinite(dense))
    start = np.concatenate([[0], np.cumsum(np.isfinite(dense).sum(axis=1))])
    return sp.csr_array((dense[cell, place], place, start), shape=dense.shape)


@dataclass(frozen=True)
class Parameters:
    """How residents choose.

    `attract` (V, G): ln A, the attractiveness of a place for a group; -inf: not for this group. `beta` (G): how fast it fades, per km.
    `theta` (above 0 to 1): how much participation follows accessibility; `outside` (C, G): ln W0, the pull of not going; -inf: everybody
    goes. `rate` (C, G): visits per resident and week where everybody goes (Rmax). `onsite` (C, R): the part of the visits to a nest that is
    by each activity class, whose visits per week are `frequency` (R); these say who meets whom again, not how many visits there are.
    Adding the same to `attract` of all places of a nest and to its `outside` changes nothing, so ln A is 0 on average per nest and group.
    """

    attract: Floats
    beta: Floats
    theta: float
    outside: Floats
    rate: Floats
    onsite: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    frequency: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Choice:
    """What residents choose in one setting.

    `chance` (G, pairs): the chance of each place within its nest, in the order of `pairs`; `part` (H * G, C): participation; `visits`
    (V, G): expected per week. A row of residents is cell * groups + group.
    """

    pairs: Pairs
    chance: npt.NDArray[np.float32]
    part: Floats
    visits: Floats
    cells: int

    @cached_property
    def probability(self) -> npt.NDArray[np.float32]:
        """(H * G, V): the places of a nest add up to 1 in each row, or to 0 where none that is open can be reached."""
        groups = len(self.chance)
        dense = np.zeros((self.cells, groups, len(self.visits)), dtype=np.float32)
        for group in range(groups):
            dense[self.pairs.cell, group, self.pairs.place] = self.chance[group]
        return dense.reshape(self.cells * groups, len(self.visits))


def choose(setting: Setting, parameters: Parameters, *, elastic: bool = True, today: Choice | None = None) -> Choice:
    """Where residents go, with the places that are open.

    Parameters: setting; parameters; `elastic`: participation follows accessibility, so that with fewer places people come less, else it
    stays what it is with the places that are open `now` and only who can reach no open place stops; `today`: the choice with those places,
    where it was reckoned before. With the places of today both give the same. The truth lies between the two.

    Returns the choice; visits per week. Raises ValueError where shapes do not fit. Source: docs/method/choice.md.

    >>> both = np.array([True, True])
    >>> town = Setting(np.array([[300.0]]), reached([[500.0, 500.0]]), np.array([0, 0], dtype=np.int32), 1, both)
    >>> one = np.zeros((1, 1))
    >>> habits = Parameters(np.zeros((2, 1)), np.array([2.0]), 0.5, one, one + 1.0)
    >>> choose(town, habits).visits.sum().round(1), choose(town.with_open(np.array([True, False])), habits).visits.sum().round(1)
    (np.float64(138.5), np.float64(113.3))
    >>> choose(town.with_open(np.array([True, False])), habits, elastic=False).visits.sum().round(1)
    np.float64(138.5)
    """
    _fitting(setting, parameters)
    pairs, groups = setting.pairs, setting.groups
    chance = np.zeros((groups, len(pairs.km)), dtype=np.float32)
    part = np.zeros((setting.cells, groups, setting.nests))
    visits = np.zeros((setting.places, groups))
    for group in range(groups):
        habits = parameters.attract[:, group], float(parameters.beta[group]), parameters.theta, parameters.outside[:, group]
        found = chances(pairs, *habits, opened=setting.open)
        held = found.part
        if not elastic and today is not None:
            held = today.part[pairs.cell_of * groups + group, pairs.nest_of]
        elif not elastic and (setting.now != setting.open).any():
            held = chances(pairs, *habits, opened=setting.now).part
        goers = setting.people[pairs.cell_of, group] * parameters.rate[pairs.nest_of, group] * held
        chance[group] = found.place
        part[pairs.cell_of, group, pairs.nest_of] = np.where(np.isfinite(found.access), held, 0.0)
        visits[:, group] = np.bincount(pairs.place, weights=goers[pairs.run] * found.place, minlength=setting.places)
    return Choice(pairs, chance, part.reshape(setting.cells * groups, setting.nests), visits, setting.cells)


def elasticity(setting: Setting, parameters: Parameters) -> Floats:
    """(C, G): by how many percent visits to a nest grow where accessibility grows by one percent for everybody; nan where nobody comes.

    With places that are alike for everybody this is the elasticity of visits to the number of places: theta times those who do not go yet.
    """
    choice, pairs, groups = choose(setting, parameters), setting.pairs, setting.groups
    found = np.full((setting.nests, groups), np.nan)
    for group in range(groups):
        part = choice.part[pairs.cell_of * groups + group, pairs.nest_of]
        goers = setting.people[pairs.cell_of, group] * parameters.rate[pairs.nest_of, group] * part
        total = np.bincount(pairs.nest_of, weights=goers, minlength=setting.nests)
        more = np.bincount(pairs.nest_of, weights=goers * parameters.theta * (1 - part), minlength=setting.nests)
        np.divide(more, total, out=found[:, group], where=total > 0)
    return found


def _fitting(setting: Setting, parameters: Parameters) -> None:
    shapes = {
        "attract": (setting.places, setting.groups),
        "beta": (setting.groups,),
        "outside": (setting.nests, setting.groups),
        "rate": (setting.nests, setting.groups),
    }
    for name, shape in shapes.items():
        values = getattr(parameters, name)
        if values.shape != shape or np.isnan(values).any():
            raise ValueError(f"{name} has shape {values.shape}, not {shape}, or numbers that are absent")
    if not 0 < parameters.theta <= 1 or (parameters.beta < 0).any() or (parameters.rate < 0).any():
        raise ValueError("theta is above 0 and at most 1; beta and rate are at least 0")
    if np.isposinf(parameters.attract).any():
        raise ValueError("attract is finite, or -inf where a place is not for a group")
