# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether an area of one year is known to be the area that carries the same code in another year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from knopenkaart.geo import CRS84, apart, metric_crs_of
from knopenkaart.sources.area_codes import comparable, level_of, same_name

UNCHANGED = "1"
# Between 2022 and 2024 99 % of Dutch municipalities stayed within 6 %; a fifth is beyond growth without building.
JUMP_SHARE = 0.20
# CBS rounds inhabitants to 5: in a hamlet a fifth is a handful of people.
JUMP_MIN = 25
# Two generalisations of one boundary differ a few percent; another area differs far more.
SAME_IOU = 0.95
# Outlines of two publishers do not touch exactly.
BESIDE_M = 100.0
# Two files of a whole country share nearly all municipalities; a file of one municipality says nothing about the others.
SAME_GROUND = 0.5


@dataclass(frozen=True)
class AreaYear:
    """What one file says about areas in its year: names, change codes against the year before, inhabitants, polygons."""

    year: int
    names: Mapping[str, str]
    changed: Mapping[str, str]
    population: Mapping[str, float]
    shapes: gpd.GeoSeries | None = None

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The codes per municipality and level."""
        return _groups(self.names)


@dataclass(frozen=True)
class Division:
    """The study's areas of one year, with everything that all files together say about their codes through time."""

    year: int
    names: Mapping[str, str]
    shapes: gpd.GeoSeries | None
    population: Mapping[str, float]
    changed: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, areas: pd.DataFrame, *, own: pd.DataFrame | None, files: Sequence[AreaYear]) -> Division:
        """The division of AREAS; inhabitants from the areas' own figures or from files of the same year."""
        year = int(areas["year"].iloc[0])
        population: dict[str, float] = {}
        for file in files:
            population |= file.population if file.year == year else {}
        if own is not None and len(own):
            mine = own[(own["indicator"] == "population") & own["value"].notna()]
            population |= dict(zip(mine["area_code"].astype(str), mine["value"].astype(float), strict=True))
        changed: dict[int, dict[str, str]] = {}
        for file in files:
            changed.setdefault(file.year, {}).update(file.changed)
        codes = [str(code) for code in areas["code"]]
        return cls(
            year=year,
            names=dict(zip(codes, areas["name"].astype(str), strict=True)),
            shapes=gpd.GeoSeries(areas.geometry.to_list(), index=codes, crs=CRS84),
            population=population,
            changed=changed,
        )

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The codes per municipality and level."""
        return _groups(self.names)


def identity(division: Division, code: str, other: AreaYear) -> str | None:
    """None where the area `code` is known to be the same in both years, else the reason why that is not known.

    Polygons of both years decide alone, unless they differ only in ground that one map gives to nobody. Without them all of these
    must hold: the same name (one that says something), no change code other than 1 in the years between, inhabitants within the
    guard; and where a year's change code is missing, inhabitants that could be compared and a division of the municipality that
    kept all its codes.
    """
    if other.year == division.year:
        return None
    overlap = overlaps(division, other, [code]).get(code)
    if overlap is not None and overlap.decides:
        return None if overlap.same else "other_polygon"
    return _by_name(division, code, other) or _by_change(division, code, other)


@dataclass(frozen=True, slots=True)
class Overlap:
    """The surface that an area's polygons of two years share, as a part of what they cover together: of all of it but slivers along the
    boundary, and without the ground that one map gives to no area while it draws areas beside it (water, mostly, that one publisher draws
    and another does not)."""

    whole: float
    drawn: float

    @property
    def same(self) -> bool:
        """Whether the polygons are those of one area."""
        return self.whole >= SAME_IOU

    @property
    def decides(self) -> bool:
        """Whether the polygons tell: not where they differ only in ground that one of both maps leaves out."""
        return self.same or self.drawn < SAME_IOU


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a code means the same area in two years. Doubtful: something speaks against it, or nothing for it. Broken: another area,
    or the code is in one of both years only."""

    verdict: Literal["same", "doubtful", "broken"]
    reason: str = ""


def verdicts(division: Division, other: AreaYear) -> dict[str, Verdict]:
    """The verdict on every code of an earlier year (`other`) and a later one (`division`), in order.

    Codes of a municipality and level of which one of both years says nothing have none; where both years tell of much the same
    municipalities, one that is in a single year was founded or ended. Method: docs/method/areas-through-time.md.
    """
    told = _told(division.groups, other.groups)
    codes = sorted({code for code in (*division.names, *other.names) if group_of(code) in told})
    shared = overlaps(division, other, [code for code in codes if code in division.names and code in other.names])
    return {code: _verdict(division, code, other, shared) for code in codes}


def _told(mine: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The municipalities and levels that can be compared."""
    told: set[tuple[str, str]] = set()
    for level in {level for _, level in (*mine, *theirs)}:
        one, two = ({group for group in groups if group[1] == level} for groups in (mine, theirs))
        covered = len(one & two) >= SAME_GROUND * max(len(one), len(two))
        told |= one | two if covered else one & two
    return told


def _verdict(division: Division, code: str, other: AreaYear, shared: Mapping[str, Overlap]) -> Verdict:
    if code not in other.names:
        return Verdict("broken", "new_code")
    if code not in division.names:
        return Verdict("broken", "vanished")
    if code in shared and shared[code].decides:
        return Verdict("same") if shared[code].same else Verdict("broken", "other_polygon")
    if level_of(code) is None:
        # A country is not redrawn by its municipalities.
        return Verdict("same") if same_name(division.names[code], other.names[code]) else Verdict("doubtful", "other_name")
    named, moved = _by_name(division, code, other), _by_change(division, code, other)
    if named == "other_name" and _jumps(division, code, other):
        return Verdict("broken", "other_name_and_size")
    if moved == "changed":
        return Verdict("broken", "changed")
    reason = named or moved
    return Verdict("doubtful", reason) if reason else Verdict("same")


def _jumps(division: Division, code: str, other: AreaYear) -> bool:
    mine, theirs = division.population.get(code), other.population.get(code)
    return mine is not None and theirs is not None and jumped(mine, theirs)


def overlaps(division: Division, other: AreaYear, codes: Iterable[str]) -> dict[str, Overlap]:
    """How far the polygons of both years agree, of each code that has one in both."""
    if division.shapes is None or other.shapes is None:
        return {}
    known = division.shapes.index.intersection(other.shapes.index)
    both = [code for code in codes if code in known]
    if not both:
        return {}
    crs = metric_crs_of(_projected(division.shapes[both]))
    one, two = (_projected(shapes[both], crs) for shapes in (division.shapes, other.shapes))
    union = one.union(two).area
    shared = one.intersection(two).area
    whole = (shared / union.where(union > 0)).fillna(0.0)
    found = {code: Overlap(float(value), float(value)) for code, value in whole.items()}
    differ = whole.index[(whole < SAME_IOU) & (whole > 0)]
    maps = [_projected(shapes, crs) for shapes in (division.shapes, other.shapes)] if len(differ) else []
    for code in differ:
        grounds, together = apart(one[code], two[code]), float(union[code])
        differs = sum(float(ground.area) for ground in grounds)
        # One map is the fuller one: two that each leave out what the other draws are two outlines.
        left_out = max(_left_out(ground, code, map_) for ground, map_ in zip(grounds, reversed(maps), strict=True))
        found[code] = Overlap(1 - differs / together, 1 - (differs - left_out) / (together - left_out))
    return found


def _projected(shapes: gpd.GeoSeries, crs: CRS | None = None) -> gpd.GeoSeries:
    found = gpd.GeoSeries(shapes.to_list(), index=shapes.index, crs=CRS84)
    return found if crs is None else found.to_crs(crs)


def _left_out(ground: BaseGeometry, code: str, map_: gpd.GeoSeries) -> float:
    """The surface of ground of an area (m2) that the map of the other year gives to no area.

    None of it where that map draws no other area beside the ground: then it tells of this area alone, and not what lies around it.
    """
    level = level_of(code)
    near = map_.iloc[map_.sindex.query(ground.buffer(BESIDE_M), predicate="intersects")]
    beside = near[[level_of(str(name)) == level and name != code for name in near.index]]
    return float(ground.difference(beside.union_all()).area) if len(beside) else 0.0


def _by_name(division: Division, code: str, other: AreaYear) -> str | None:
    mine, theirs = division.names[code], other.names.get(code)
    if theirs is None:
        return "not_verifiable"
    if not mine or not theirs:
        return "no_name"
    if same_name(mine, theirs):
        return None
    silent = not comparable(mine) and comparable(mine) == comparable(theirs)
    return "name_says_nothing" if silent else "other_name"


def _by_change(division: Division, code: str, other: AreaYear) -> str | None:
    first, last = sorted((division.year, other.year))
    said = [division.changed.get(year, {}).get(code) for year in range(first + 1, last + 1)]
    if any(value is not None and value != UNCHANGED for value in said):
        return "changed"
    if _jumps(division, code, other):
        return "population_jump"
    if None not in said:
        return None
    uncounted = code not in division.population or code not in other.population
    if uncounted or all(value is None for value in said):
        return "not_verifiable"
    return "division_redrawn" if _redrawn(division, code, other) else None


def jumped(first: float, second: float) -> bool:
    """Whether two numbers of inhabitants differ more than the guard allows: over a fifth of the smaller and over 25 people."""
    smaller, larger = sorted((first, second))
    return larger - smaller > JUMP_MIN and larger - smaller > JUMP_SHARE * smaller


def _redrawn(division: Division, code: str, other: AreaYear) -> bool:
    key = group_of(code)
    return division.groups.get(key, frozenset()) != other.groups.get(key, frozenset())


def _groups(names: Mapping[str, str]) -> dict[tuple[str, str], frozenset[str]]:
    groups: dict[tuple[str, str], set[str]] = {}
    for code in names:
        groups.setdefault(group_of(code), set()).add(code)
    return {key: frozenset(codes) for key, codes in groups.items()}


def group_of(code: str) -> tuple[str, str]:
    """The municipality and level of a code: what a file that is silent about an area may still speak of."""
    return code[2:6], level_of(code) or ""
