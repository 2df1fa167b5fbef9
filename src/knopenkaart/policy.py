# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The choices and conventions behind every result, in one place; a study prints them with what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Mode = Literal["walk", "cycle"]
# On foot first: what nothing else says is about walking.
MODES: tuple[Mode, ...] = ("walk", "cycle")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a municipality may choose otherwise. Sources and reasons: docs/method/network.md, residents.md and reach.md.

    Places: `neighbour_m`, how far outside the border (m) a place still belongs to the study; it is never less than one can go in the
    longest of the minutes (`around_m`).
    Going there: speeds in km/h; a ferry costs its `ferry_wait_min` too. Streets that hang together with fewer than `island_m` metres of
    others are an island, and nothing is snapped to it; nor to a street farther away than `snap_m` metres.
    Reach: the `minutes` that are counted; `near_min` of them is "near" where one number must do; `third` is which nearest living room
    gives a choice. Two places serve the same people from a shared part of `overlap_share` of both catchments.
    Competition: `zone_weights` per band of minutes, for the enhanced two-step floating catchment (Luo and Qi 2009).
    Open: a place is open in a daypart from `open_min` minutes on.
    Residents: `persons_per_home` where nobody published it; `household_sd` (people) and `alike` (how many times the variance grows because
    neighbours live alike) give the margins of a spread; from `addressed_share` of the addresses that one expects on, addresses come
    before squares of 100 m.
    """

    neighbour_m: float = 2000.0
    walk_kmh: float = 4.8
    steps_kmh: float = 2.4
    cycle_kmh: float = 15.0
    ferry_kmh: float = 8.0
    ferry_wait_min: float = 5.0
    island_m: float = 2000.0
    snap_m: float = 250.0
    minutes: tuple[int, ...] = (5, 10, 15)
    near_min: int = 10
    third: int = 3
    overlap_share: float = 0.5
    zone_weights: tuple[float, ...] = (1.0, 0.68, 0.22)
    open_min: int = 60
    persons_per_home: float = 2.1
    household_sd: float = 1.2
    alike: float = 2.0
    addressed_share: float = 0.5

    def __post_init__(self) -> None:
        for name in ("walk_kmh", "steps_kmh", "cycle_kmh", "ferry_kmh"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be a number above zero, not {getattr(self, name)}")
        if not self.minutes or list(self.minutes) != sorted(set(self.minutes)) or self.minutes[0] <= 0:
            raise ValueError(f"minutes must rise from above zero, not {self.minutes}")
        if self.near_min not in self.minutes:
            raise ValueError(f"near_min must be one of the minutes {self.minutes}, not {self.near_min}")
        if len(self.zone_weights) != len(self.minutes) or min(self.zone_weights) <= 0:
            raise ValueError(f"one zone weight above zero for each of the minutes {self.minutes}, not {self.zone_weights}")

    @property
    def limit_s(self) -> float:
        """The longest time that is looked at, in seconds."""
        return self.minutes[-1] * 60.0

    @property
    def around_m(self) -> float:
        """How far outside the border (m) places are gathered: `neighbour_m`, or as far as anybody can go in the longest time."""
        return max(self.neighbour_m, *(self.farthest_m(mode) for mode in MODES))

    def kmh(self, mode: Mode) -> float:
        """The speed along a street in km/h: without a ferry nobody gets farther away in a straight line."""
        on_foot = max(self.walk_kmh, self.steps_kmh)
        return max(self.cycle_kmh, on_foot) if mode == "cycle" else on_foot

    def farthest_m(self, mode: Mode) -> float:
        """How far one can get in the longest time, in metres in a straight line."""
        return self.kmh(mode) * 1000 * self.minutes[-1] / 60
