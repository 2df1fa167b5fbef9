# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The spots where people live: addresses, squares of 100 m, or points along streets, each in the smallest area with figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.policy import Policy
from knopenkaart.population._division import Division
from knopenkaart.population._placement import Ground, grounds
from knopenkaart.population._published import Published
from knopenkaart.population._spots import CODES, located
from knopenkaart.population.assumed import Assumed
from knopenkaart.tables import HOMES

# Addresses whose coordinates are the same to so many decimals (1 cm) are one spot with more dwellings.
DECIMALS = 7
STREET_STEP_M = 25.0
# Along these people live; only where an area has none of them, along the others.
LIVED_IN = ("residential", "living_street")
OTHERWISE = ("unclassified", "tertiary", "secondary", "primary", "pedestrian", "service")
_NO_SERVICE_TO_HOMES = ("parking_aisle", "drive-through", "emergency_access")
# A square whose people and dwellings are both kept secret has fewer than five of each, and at least one of either: it stands in the file.
SECRET_DWELLINGS = 1.0


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What is known beforehand of a smallest area: people, the dwellings to expect, and its coverage."""

    people: float | None
    expected: float | None
    ground: Ground

    def addressed(self, dwellings: float, policy: Policy) -> bool:
        """Whether so many addresses tell where people live: on ground that is there, far too few of them tell where volunteers were."""
        few = self.ground.covered and self.expected is not None and dwellings < policy.addressed_share * self.expected
        return dwellings > 0 and not few


def homes(
    areas: gpd.GeoDataFrame,
    figures: pd.DataFrame,
    *,
    coverage: pd.DataFrame,
    addresses: pd.DataFrame,
    streets: pd.DataFrame,
    cells: pd.DataFrame,
    assumed: Mapping[str, Assumed],
    policy: Policy,
) -> pd.DataFrame:
    """HOMES in AREAS, not yet snapped to streets; `area_code` is the smallest area with a joined number of inhabitants in FIGURES.

    Per such area: ADDRESSES not known to be something else than a dwelling; where its ground is covered and they are fewer than
    `policy.addressed_share` of the dwellings to expect, or where there are none, CELLS (weight: dwellings, else people); else a point every
    25 m along its residential STREETS, or along its other streets where it has none (weights sum to the expected dwellings that are
    covered, where that is known, else 1 per 25 m). Where nobody lives according to the figures there are no homes. Spots outside AREAS are
    left out. Rows are in the order of area, lon and lat.
    """
    if len(areas) == 0:
        return HOMES.empty()
    crs = metric_crs_of(areas.geometry)
    leaves = _leaves(areas, figures, coverage, assumed, policy)

    def placed(spots: pd.DataFrame) -> pd.DataFrame:
        return _in_leaves(located(spots, areas, crs=crs), leaves)

    addressed = placed(_address_spots(addresses))
    counts = addressed.groupby("area_code")["dwellings"].sum().to_dict()
    sure = {leaf for leaf, known in leaves.items() if known.addressed(counts.get(leaf, 0.0), policy)}
    squares = placed(_cell_spots(cells, policy))
    squared = set(squares["area_code"]) - sure
    along = _along_streets(areas, streets, {leaf: known for leaf, known in leaves.items() if leaf not in sure | squared}, crs, placed)
    # Far too few addresses are better than nothing.
    last = set(counts) - sure - squared - set(along["area_code"])
    chosen = [
        addressed[addressed["area_code"].isin(sure | last)].assign(basis="address"),
        squares[squares["area_code"].isin(squared)].assign(basis="cell"),
        along.assign(basis="street"),
    ]
    return _table(pd.concat(chosen, ignore_index=True))


def _leaves(
    areas: pd.DataFrame, figures: pd.DataFrame, coverage: pd.DataFrame, assumed: Mapping[str, Assumed], policy: Policy
) -> dict[str, _Leaf]:
    division = Division.of(areas)
    published = Published(figures, levels=division.levels, indicators=())
    cover = grounds(coverage)
    found: dict[str, _Leaf] = {}
    for leaf in division.leaves([code for code in division.codes if published.people(code) is not None]):
        own = published.people(leaf)
        people = own.value if own is not None else assumed[leaf].people if leaf in assumed else None
        dwellings = published.dwellings(leaf)
        expected = dwellings if dwellings is not None or people is None else people / policy.persons_per_home
        found[leaf] = _Leaf(people, expected, cover.get(leaf, Ground("unknown", None, None, None)))
    return found


def _in_leaves(spots: pd.DataFrame, leaves: Mapping[str, _Leaf]) -> pd.DataFrame:
    """The spots with the leaf they lie in; those in none, and those where nobody lives, are left out."""
    inhabited = [code for code, leaf in leaves.items() if leaf.people != 0]
    area: pd.Series[Any] = pd.Series(None, index=spots.index, dtype=object)
    for name in CODES:
        area = area.mask(spots[name].isin(inhabited), spots[name])
    return spots.assign(area_code=area)[area.notna()]


def _address_spots(addresses: pd.DataFrame) -> pd.DataFrame:
    lived_in = addresses[addresses["residential"].fillna(True).astype(bool)]
    return _merged(lived_in["lon"], lived_in["lat"], pd.Series(1.0, index=lived_in.index))


def _cell_spots(cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    dwellings, people = (cells[name].astype("Float64") for name in ("dwellings", "people"))
    weight = dwellings.where(dwellings > 0, people / policy.persons_per_home)
    secret = dwellings.isna() & people.isna()
    weight = weight.where(~secret, SECRET_DWELLINGS).fillna(0.0).astype(float)
    lived_in = weight > 0
    return _merged(cells.loc[lived_in, "lon"], cells.loc[lived_in, "lat"], weight[lived_in])


def _merged(lon: pd.Series[Any], lat: pd.Series[Any], weights: pd.Series[Any]) -> pd.DataFrame:
    """One row per spot: lon, lat and the sum of its weights."""
    rows = pd.DataFrame({"lon": lon.astype(float).round(DECIMALS), "lat": lat.astype(float).round(DECIMALS), "dwellings": weights})
    return rows.groupby(["lon", "lat"], as_index=False).agg({"dwellings": "sum"})


def _along_streets(
    areas: gpd.GeoDataFrame, streets: pd.DataFrame, leaves: Mapping[str, _Leaf], crs: Any, placed: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Points along the streets of the leaves that have no other homes, and of whose people some are covered."""
    wanted = {code: leaf for code, leaf in leaves.items() if leaf.people != 0 and leaf.ground.share("street") > 0}
    shapes = areas.loc[areas["code"].isin(list(wanted)), "geometry"].to_crs(crs).to_numpy()
    found: list[pd.DataFrame] = []
    done: set[str] = set()
    for kinds in (LIVED_IN, OTHERWISE):
        points = placed(_points(_walked(streets, kinds), shapes, crs))
        points = points[points["area_code"].isin(set(wanted) - done)]
        done |= set(points["area_code"])
        found.append(points)
    together = pd.concat(found, ignore_index=True)
    total = together.groupby("area_code")["dwellings"].transform("sum")
    known = {code: leaf.expected * leaf.ground.share("street") for code, leaf in wanted.items() if leaf.expected}
    factor = (together["area_code"].map(known) / total).astype(float).fillna(1.0)
    return together.assign(dwellings=together["dwellings"] * factor)


def _walked(streets: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    chosen = streets[streets["highway"].isin(kinds) & streets["walk"].astype(bool)]
    aside = [tags.get("service") in _NO_SERVICE_TO_HOMES for tags in chosen["tags"]]
    return chosen[~np.array(aside, dtype=bool)]


def _points(streets: pd.DataFrame, shapes: Any, crs: Any) -> pd.DataFrame:
    """Evenly along every street that meets one of the shapes, a point for each 25 m, weighing the metres it stands for / 25."""
    lines = streets.geometry.to_crs(crs).to_numpy() if len(streets) else np.array([], dtype=object)
    meeting = np.unique(shapely.STRtree(shapes).query(lines, predicate="intersects")[0])
    lines = lines[meeting]
    lengths = shapely.length(lines)
    counts = np.maximum(1, np.round(lengths / STREET_STEP_M)).astype(int)
    line = np.repeat(np.arange(len(lines)), counts)
    number = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    apart = (lengths / counts)[line]
    points = gpd.GeoSeries(shapely.line_interpolate_point(lines[line], (number + 0.5) * apart), crs=crs).to_crs(CRS84)
    return _merged(pd.Series(points.x), pd.Series(points.y), pd.Series(apart / STREET_STEP_M))


def _table(spots: pd.DataFrame) -> pd.DataFrame:
    ordered = spots.sort_values(["area_code", "lon", "lat"]).reset_index(drop=True)
    empty = {name: None for name in HOMES.columns if name not in ordered.columns and name != "home"}
    return HOMES.check(ordered.assign(home=ordered.index, **empty))
