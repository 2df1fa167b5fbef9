# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The spots where people live: addresses, squares of 100 m, or points along streets, each in the smallest area with figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from knopenkaart.geo import metric_crs_of
from knopenkaart.policy import Policy
from knopenkaart.population._along import along_streets
from knopenkaart.population._division import Division
from knopenkaart.population._placement import Ground, grounds
from knopenkaart.population._published import Published
from knopenkaart.population._spots import CODES, located, merged
from knopenkaart.population.assumed import Assumed
from knopenkaart.records import COVERED
from knopenkaart.tables import HOMES

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

    def lacking(self, dwellings: float) -> float | None:
        """The dwellings to look for along its streets beside so many that have an address; None where nobody knows how many there are.

        Addresses are complete from 90 % on, as in docs/method/coverage.md: up to there what is lacking falls evenly from all to none.
        """
        share = self.ground.share("street")
        if self.people == 0 or share == 0 or (dwellings > 0 and not self.ground.covered):
            return 0.0
        if not self.expected:
            return 0.0 if dwellings > 0 else None
        return max(0.0, self.expected * share - dwellings / COVERED)


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

    Per such area: ADDRESSES not known to be something else than a dwelling. Where its ground is covered and they are fewer than
    `policy.addressed_share` of the dwellings to expect, or where there are none, CELLS instead (weight: dwellings, else people). Without
    those, a point every 25 m along its residential STREETS, or along its other streets where it has none: where there are no addresses
    for all dwellings to expect that are covered (1 per 25 m where that is not known), and where its ground is covered for those that
    lack an address. Where nobody lives according to the figures there are no homes. Spots outside AREAS are left out. Rows are in the
    order of area, lon and lat. Method: docs/method/residents.md.
    """
    if len(areas) == 0:
        return HOMES.empty()
    crs = metric_crs_of(areas.geometry)
    leaves = _leaves(areas, figures, coverage, assumed, policy)

    def placed(spots: pd.DataFrame) -> pd.DataFrame:
        return _in_leaves(located(spots, areas, crs=crs), leaves)

    addressed = placed(_address_spots(addresses))
    counts = addressed.groupby("area_code")["dwellings"].sum().to_dict()
    squares = placed(_cell_spots(cells, policy))
    squared = {leaf for leaf in set(squares["area_code"]) if not leaves[leaf].addressed(counts.get(leaf, 0.0), policy)}
    addressed = addressed[~addressed["area_code"].isin(squared)]
    lacking = {leaf: known.lacking(counts.get(leaf, 0.0)) for leaf, known in leaves.items() if leaf not in squared}
    lacking = {leaf: dwellings for leaf, dwellings in lacking.items() if dwellings != 0}
    chosen = [
        addressed.assign(basis="address"),
        squares[squares["area_code"].isin(squared)].assign(basis="cell"),
        along_streets(areas, streets, lacking, addressed, crs=crs, placed=placed).assign(basis="street"),
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
    return merged(lived_in["lon"], lived_in["lat"], pd.Series(1.0, index=lived_in.index))


def _cell_spots(cells: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    dwellings, people = (cells[name].astype("Float64") for name in ("dwellings", "people"))
    weight = dwellings.where(dwellings > 0, people / policy.persons_per_home)
    secret = dwellings.isna() & people.isna()
    weight = weight.where(~secret, SECRET_DWELLINGS).fillna(0.0).astype(float)
    lived_in = weight > 0
    return merged(cells.loc[lived_in, "lon"], cells.loc[lived_in, "lat"], weight[lived_in])


def _table(spots: pd.DataFrame) -> pd.DataFrame:
    ordered = spots.sort_values(["area_code", "lon", "lat"]).reset_index(drop=True)
    empty = {name: None for name in HOMES.columns if name not in ordered.columns and name != "home"}
    return HOMES.check(ordered.assign(home=ordered.index, **empty))
