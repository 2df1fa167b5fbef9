# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The things of the field as frozen records of the standard library; what web, publish and privacy speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID, uuid5

AreaLevel = Literal["municipality", "wijk", "buurt"]
PlaceStatus = Literal["planned", "open", "vacant", "closed"]
CoverageStatus = Literal["covered", "partial", "marginal", "unknown", "unusable"]
# From this believed share of an area on it counts as covered: docs/method/coverage.md.
COVERED = 0.90

# Never change this: every identifier ever published follows from it.
PLACE_NAMESPACE = UUID("6f0d3c9a-5f1e-5b0c-9d0e-2f6f1d1c7a42")


def place_id(source: str, source_id: str) -> str:
    """The identifier of the place that a source calls `source_id`: the same on every machine and in every build."""
    return str(uuid5(PLACE_NAMESPACE, f"{source}:{source_id}"))


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures or places come from. `date` is the date of the content, not of the download."""

    id: str
    title: str
    date: date | None
    licence: str
    attribution: str
    url: str | None = None
    file: str | None = None
    sha256: str | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value of one property of a place, with its provenance. The current value is chosen by rank: human over list over harvest."""

    place_id: str
    name: str
    value: str
    source: str
    source_id: str
    date: date | None
    origin: Literal["harvest", "list", "human", "assumed"]
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Any spot with a social function. `lon`/`lat` in CRS84 degrees; both None for a digital place."""

    id: str
    name: str | None
    kind: str
    status: PlaceStatus
    lon: float | None
    lat: float | None
    source: str
    source_id: str
    archetype: str
    archetype_assumed: bool = True
    functions: tuple[str, ...] = ()
    small_spot: bool = False
    digital: bool = False
    neighbour: bool = False
    street: str | None = None
    housenumber: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    opening_hours: str | None = None
    wheelchair: str | None = None
    operator: str | None = None
    description: str | None = None
    part_of: str | None = None
    municipality_code: str | None = None
    wijk_code: str | None = None
    buurt_code: str | None = None
    area_year: int | None = None
    last_verified: date | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality, wijk or buurt of one year. Codes are reused for other areas: a code means nothing without its year."""

    code: str
    year: int
    level: AreaLevel
    name: str
    municipality_code: str | None = None
    wijk_code: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A published statistic of an area. `joined` is False where the area of `year` may be another area than the study's."""

    area_code: str
    area_year: int
    indicator: str
    value: float
    year: int
    source: str
    joined: bool = True
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What share of an area the sources really cover; shares may be None (cannot be known). The lowest is believed."""

    area_code: str
    area_share: float | None
    street_share: float | None
    address_share: float | None
    believed_share: float | None
    status: CoverageStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two places that may be one, with a score 0-1 and the reasons that make it up."""

    place_a: str
    place_b: str
    score: float
    reasons: tuple[str, ...]
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user of a study should know: a stable code, the subject, and the details that fill its text."""

    code: str
    subject: str
    message: str
    details: dict[str, str | int | float | None] = field(default_factory=dict)
