# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is loaded: a built monitor as plain rows, made by the door from a folder, or by hand in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from knopenkaart.records import Source


class AreaRow(NamedTuple):
    """An area of one year."""

    code: str
    year: int
    level: str
    name: str
    municipality_code: str = ""
    wijk_code: str = ""
    changed: str = ""


class FigureRow(NamedTuple):
    """A figure about an area; without a value where there is none, and then with the reason."""

    area_code: str
    area_year: int
    indicator: str
    group: str
    year: int
    value: float | None
    unit: str
    n: float | None
    low: float | None
    high: float | None
    nature: str
    reason: str
    source: str


class LinkRow(NamedTuple):
    """What the area of a code in `to_year` was in `from_year`."""

    code: str
    from_year: int
    to_year: int
    verdict: str
    reason: str = ""
    parts: Mapping[str, float] = {}
    name_from: str = ""
    people_from: float | None = None
    people_to: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorBundle:
    """A whole monitor. `outlines` are GeoJSON geometries (CRS84, simplified for a screen) by code and year."""

    areas: Sequence[AreaRow]
    figures: Sequence[FigureRow]
    sources: Sequence[Source]
    links: Sequence[LinkRow] = ()
    outlines: Mapping[tuple[str, int], str] = field(default_factory=dict)
    built_at: datetime | None = None
    engine_version: str = ""
    folder_sha256: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorReport:
    """What a load did. `own_figures` of municipalities' own tables were kept, `own_lost` had an area that is no more."""

    areas: int
    figures: int
    links: int
    outlines: int
    years: tuple[int, ...]
    own_figures: int
    own_lost: int
