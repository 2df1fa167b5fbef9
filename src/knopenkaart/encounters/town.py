# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A town as arrays: its places, its residents with their habits, and the conventions of what counts as recognising."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Counting = Literal["weeks", "encounters"]


@dataclass(frozen=True, slots=True)
class Convention:
    """What is called recognising: at least `times` noticed encounters in a window of `weeks`.

    `counting` weeks: in at least so many different weeks (a second encounter in one week adds nothing); encounters: every one counts.
    Nobody measured these; they are conventions, and results are shown for several (docs/method/encounters.md).
    """

    times: int = 3
    weeks: int = 26
    counting: Counting = "weeks"

    def __post_init__(self) -> None:
        if not 1 <= self.times <= 8 or not self.times <= self.weeks <= 520:
            raise ValueError(f"times is 1 to 8 and weeks is times to 520, not {self.times} and {self.weeks}")
        if self.counting not in ("weeks", "encounters"):
            raise ValueError(f"counting is weeks or encounters, not {self.counting}")


def _in_order(of: Any, kinds: dict[str, str]) -> None:
    """Arrays of one kind, row by row in memory, whatever they were: the kernels are compiled for these, and once."""
    for names, kind in kinds.items():
        for name in names.split():
            object.__setattr__(of, name, np.ascontiguousarray(getattr(of, name), kind))


@dataclass(frozen=True)
class Places:
    """What happens at V places in T slots of a week, for G groups.

    `nest` (V): the function that it competes in. `profile` (V, G, T): when casual visitors of a group come; each row adds up to 1 (or is 0:
    nobody of the group comes). `notices` (V): how many people one takes in per visit. `overlap` (V): the part of two stays in one slot that
    is at the same time. `foyer` (V): the part of the people of a session who meet those of the next one, in the same building.
    `follows` (T): the slot right after it on the same day, -1 where there is none.
    """

    nest: Ints
    profile: Floats
    notices: Floats
    overlap: Floats
    foyer: Floats
    follows: Ints

    def __post_init__(self) -> None:
        _in_order(self, {"nest follows": "int32", "profile notices overlap foyer": "float64"})
        places, _, slots = self.profile.shape
        lengths = {"nest": places, "notices": places, "overlap": places, "foyer": places, "follows": slots}
        for name, length in lengths.items():
            if getattr(self, name).shape != (length,):
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, not ({length},)")
        if (self.notices < 0).any() or ((self.overlap < 0) | (self.overlap > 1)).any() or ((self.foyer < 0) | (self.foyer > 1)).any():
            raise ValueError("notices is at least 0, overlap and foyer are 0 to 1")
        sums = self.profile.sum(axis=2)
        if not (np.isclose(sums, 1) | (sums == 0)).all():
            raise ValueError("the profile of every place and group adds up to 1, or is 0")

    @property
    def count(self) -> int:
        return len(self.nest)

    @property
    def slots(self) -> int:
        return len(self.follows)


@dataclass(frozen=True)
class Residents:
    """N residents with their habits, per nest (C of them): frozen arrays.

    `group` (N), `cell` (N): the row of `choice` is cell * groups + group. `regular` (N, C): the chance that somebody comes in a week to the
    own place `home` (N, C; -1: none) in the own slot `slot` (N, C); `casual` (N, C): the chance of one more visit in a week, to a place of
    the nest by `choice` (cells * G, V; the places of a nest add up to 1 in each row, or to 0).
    """

    group: Ints
    cell: Ints
    regular: Floats
    casual: Floats
    home: Ints
    slot: Ints
    choice: npt.NDArray[np.float32]
    groups: int

    def __post_init__(self) -> None:
        _in_order(self, {"group cell home slot": "int32", "regular casual": "float64", "choice": "float32"})

    @property
    def count(self) -> int:
        return len(self.group)

    @property
    def nests(self) -> int:
        return int(self.regular.shape[1])

    @property
    def row(self) -> npt.NDArray[np.int64]:
        """Of each resident the row of `choice`."""
        return self.cell.astype(np.int64) * self.groups + self.group


@dataclass(frozen=True)
class Town:
    """Places and residents that belong together. Raises ValueError where their shapes or ranges do not."""

    places: Places
    residents: Residents

    def __post_init__(self) -> None:
        who, where = self.residents, self.places
        shape = (who.count, who.nests)
        for name in ("regular", "casual", "home", "slot"):
            if getattr(who, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(who, name).shape}, not {shape}")
        if who.choice.shape[1:] != (where.count,) or where.profile.shape[1] != who.groups:
            raise ValueError("choice has a column per place, and profile a row per group")
        for name in ("regular", "casual"):
            values = getattr(who, name)
            if values.size and (not np.isfinite(values).all() or values.min() < 0 or values.max() > 1):
                raise ValueError(f"{name} is a chance of 0 to 1")
        if who.count and (who.home.max(initial=-1) >= where.count or who.slot.max(initial=-1) >= where.slots):
            raise ValueError("home and slot are places and slots of the town")
        if not np.where(who.home >= 0, where.nest[who.home] == np.arange(who.nests), True).all():
            raise ValueError("the own place in a nest is a place of that nest")
        if who.count and ((who.group < 0) | (who.group >= who.groups) | (who.row >= len(who.choice))).any():
            raise ValueError("group and cell lead to a row of choice")

    def with_places(self, **changes: Any) -> Town:
        """The same town with other properties of its places."""
        return replace(self, places=replace(self.places, **changes))
