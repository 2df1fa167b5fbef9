# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether an area of one year is known to be the area that carries the same code in another year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.sources.area_codes import comparable, level_of, same_name

UNCHANGED = "1"
# Between 2022 and 2024 99 % of Dutch municipalities stayed within 6 %; a fifth is beyond growth without building.
JUMP_SHARE = 0.20
# CBS rounds inhabitants to 5: in a hamlet a fifth is a handful of people.
JUMP_MIN = 25
# Two generalisations of one boundary differ a few percent; another area differs far more.
SAME_IOU = 0.95


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
    shapes: gpd.GeoSeries
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

    Polygons of both years decide alone. Without them all of these must hold: the same name (one that says something), no
    change code other than 1 in the years between, inhabitants within the guard; and where a year's change code is missing,
    inhabitants that could be compared and a division of the municipality that kept all its codes.
    """
    if other.year == division.year:
        return None
    if other.shapes is not None and code in other.shapes.index:
        return None if _overlap(division.shapes[code], other.shapes[code]) >= SAME_IOU else "other_polygon"
    return _by_name(division, code, other) or _by_change(division, code, other)


def _by_name(division: Division, code: str, other: AreaYear) -> str | None:
    mine, theirs = division.names[code], other.names.get(code)
    if theirs is None:
        return "not_verifiable"
    if same_name(mine, theirs):
        return None
    silent = not comparable(mine) and comparable(mine) == comparable(theirs)
    return "name_says_nothing" if silent else "other_name"


def _by_change(division: Division, code: str, other: AreaYear) -> str | None:
    first, last = sorted((division.year, other.year))
    said = [division.changed.get(year, {}).get(code) for year in range(first + 1, last + 1)]
    if any(value is not None and value != UNCHANGED for value in said):
        return "changed"
    mine, theirs = division.population.get(code), other.population.get(code)
    if mine is not None and theirs is not None and jumped(mine, theirs):
        return "population_jump"
    if None not in said:
        return None
    if mine is None or theirs is None or all(value is None for value in said):
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


def _overlap(first: object, second: object) -> float:
    pair = gpd.GeoSeries([first, second], crs=CRS84)
    one, two = pair.to_crs(metric_crs_of(pair))
    union = one.union(two).area
    return float(one.intersection(two).area / union) if union else 0.0
