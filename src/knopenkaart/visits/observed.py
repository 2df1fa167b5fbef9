# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was observed of visits, as arrays: counts of weeks, where visitors live, and how often they come."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
ALL_GROUPS = -1
# Whoever was asked was there at least once in the last four weeks, and at most every day.
DAYS = 28


def _ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True)
class Counts:
    """Rows: `visits` counted at `place`, of `group` (-1: everybody), in so many `weeks`, while the places of `period` were open.

    A row is best one week: several weeks in one row tell nothing of how weeks differ. Visits need not be whole (an estimate of a week).
    `sheet` (empty: none): rows with the same number are groups of one place in the same weeks, which are good or bad for all.
    """

    place: Ints = field(default_factory=_ints)
    group: Ints = field(default_factory=_ints)
    visits: Floats = field(default_factory=lambda: np.zeros(0))
    weeks: Floats = field(default_factory=lambda: np.zeros(0))
    period: Ints = field(default_factory=_ints)
    sheet: Ints = field(default_factory=_ints)

    def __post_init__(self) -> None:
        if len({len(self.place), len(self.group), len(self.visits), len(self.weeks), len(self.period)}) != 1:
            raise ValueError("counts have a place, group, visits, weeks and period in every row")
        if (self.visits < 0).any() or (self.weeks <= 0).any() or not np.isfinite(self.visits).all():
            raise ValueError("visits are at least 0 and weeks above 0")
        if len(self.sheet) not in (0, len(self.place)):
            raise ValueError("every row has a sheet, or none has")
        together = np.column_stack([self.sheet, self.place, self.period]) if len(self.sheet) else np.zeros((0, 3))
        if len(np.unique(together, axis=0)) != len(np.unique(self.sheet)):
            raise ValueError("a sheet is of one place, in one period")


@dataclass(frozen=True)
class Origins:
    """Rows: so many `people` among the visitors of `place` (of `group`; -1: everybody) who were asked live in `area`.

    `complete`: nobody lives in an area without a row; if not, how many do is not known (small numbers were hidden, say).
    """

    place: Ints = field(default_factory=_ints)
    group: Ints = field(default_factory=_ints)
    area: Ints = field(default_factory=_ints)
    people: Floats = field(default_factory=lambda: np.zeros(0))
    period: Ints = field(default_factory=_ints)
    complete: bool = True

    def __post_init__(self) -> None:
        if len({len(self.place), len(self.group), len(self.area), len(self.people), len(self.period)}) != 1:
            raise ValueError("origins have a place, group, area, people and period in every row")
        if (self.people < 0).any() or not np.isfinite(self.people).all():
            raise ValueError("people are at least 0")


@dataclass(frozen=True)
class Frequencies:
    """Answers given on the spot, in places of `nest`: here so many `times` in the last four weeks, this time included (1 to 28).

    `bands` (empty: none): answers of which only a band was told, many at once.
    """

    nest: Ints = field(default_factory=_ints)
    times: Ints = field(default_factory=_ints)
    bands: tuple[Bands, ...] = ()

    def __post_init__(self) -> None:
        if len(self.nest) != len(self.times) or (self.times < 1).any() or (self.times > DAYS).any():
            raise ValueError("frequencies have a nest and 1 to 28 times in every row")


@dataclass(frozen=True)
class Bands:
    """Answers told together, in a place of `nest`: `people` who were there from `least` to `most` times in the last four weeks.

    How many gave an answer in none of these bands is not known.
    """

    nest: int
    least: Ints
    most: Ints
    people: Floats

    def __post_init__(self) -> None:
        order = np.argsort(self.least, kind="stable")
        if (self.least < 1).any() or (self.most > DAYS).any() or (self.most < self.least).any():
            raise ValueError("a band lies within 1 to 28 times")
        if (self.least[order][1:] <= self.most[order][:-1]).any() or (self.people < 0).any():
            raise ValueError("bands do not overlap, and people are at least 0")


@dataclass(frozen=True)
class Observed:
    """All that was observed. `area` (H): the area of each cell, -1 where it is in none of those asked for. `periods` (P, V): open then."""

    counts: Counts = field(default_factory=Counts)
    origins: Origins = field(default_factory=Origins)
    frequencies: Frequencies = field(default_factory=Frequencies)
    area: Ints = field(default_factory=_ints)
    periods: npt.NDArray[np.bool_] | None = None


def weeks_counted(place: npt.ArrayLike, group: npt.ArrayLike, visits: npt.ArrayLike) -> Counts:
    """Counts of one week each, with the places of today open."""
    where = np.asarray(place, dtype=np.int64)
    of = np.broadcast_to(np.asarray(group, dtype=np.int64), where.shape)
    return Counts(where, of, np.asarray(visits, dtype=np.float64), np.ones(len(where)), np.zeros(len(where), dtype=np.int64))
