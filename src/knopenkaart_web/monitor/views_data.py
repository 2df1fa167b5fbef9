# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the monitor tells pages beside areas with their figures (knopenkaart.monitor.records): frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from knopenkaart.monitor.records import AreaValues, Value


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where figures come from; `own` is the slug of the study whose own table it is."""

    id: str
    title: str
    date: date | None
    licence: str
    attribution: str
    url: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area by its code and name, as it is linked to."""

    code: str
    year: int
    level: str
    name: str
    municipality_code: str = ""
    wijk_code: str = ""

    def with_values(self, values: tuple[Value, ...] = ()) -> AreaValues:
        """The same area with figures about it."""
        return AreaValues(self.code, self.year, self.level, self.name, self.municipality_code, self.wijk_code, values)


@dataclass(frozen=True, slots=True)
class LinkView:
    """What an area of `to_year` was in `from_year`: same, bridged, doubtful or broken, and why."""

    code: str
    from_year: int
    to_year: int
    verdict: str
    reason: str
    parts: dict[str, float]
    name_from: str
    people_from: float | None
    people_to: float | None


@dataclass(frozen=True, slots=True)
class EditionView:
    """What is loaded: the years of divisions (oldest first), how many areas per level of the latest, and when."""

    stamp: str
    loaded_at: datetime | None
    invented: bool
    years: tuple[int, ...]
    areas: dict[str, int]
    sources: tuple[SourceView, ...]

    @property
    def latest(self) -> int:
        return self.years[-1]
