# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Redrawn areas: which share of the dwellings of an earlier area lies in a later one, where outlines of both years are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from knopenkaart.geo import CRS84, apart, metric_crs_of

# Two generalisations of one boundary differ a few percent: the same ground under another code.
SAME_GROUND = 0.95
# Of the dwellings of a later area so many must lie in areas of the earlier year that are known.
COVERED = 0.95
# A zone that lies for so much in one earlier and one later area is taken to have all its dwellings there.
WHOLE = 0.95
# So many of an area's dwellings may come from zones that a boundary cuts, and are then spread over their surface.
MOST_SPREAD = 0.10
# What is less than this comes from boundaries that were drawn in another way.
LEAST_PART = 0.005


@dataclass(frozen=True, slots=True)
class Bridge:
    """What a later area is made of: {earlier code: share of the dwellings of that area that lies in the later one}.

    `way`: recoded (one earlier area on the same ground), points (dwellings counted at their addresses) or zones (counts per buurt).
    """

    parts: Mapping[str, float]
    way: str


@dataclass(frozen=True)
class Dwellings:
    """Dwellings on the map: points, or zones (polygons) with so many dwellings in each. CRS84."""

    shapes: gpd.GeoSeries
    numbers: Sequence[float]

    @property
    def way(self) -> str:
        return "points" if len(self.shapes) and self.shapes.geom_type.eq("Point").all() else "zones"


def bridges(earlier: gpd.GeoSeries, later: gpd.GeoSeries, dwellings: Iterable[Dwellings], *, wanted: Iterable[str]) -> dict[str, Bridge]:
    """The wanted areas of the later year that can be made of areas of the earlier year.

    `earlier` and `later` are outlines by code (CRS84). Every source of dwellings is tried in turn, points first. An area is left out where
    the outlines of the earlier year do not cover its dwellings, or where more than a tenth of them would have to be spread by surface.
    Method: docs/method/areas-through-time.md.
    """
    targets = [code for code in wanted if code in later.index]
    if not targets or earlier.empty:
        return {}
    crs = metric_crs_of(later)
    old, new = _framed(earlier, crs, "before"), _framed(later, crs, "after")
    near = old[old.intersects(new[new["after"].isin(targets)].union_all())]
    found = _recoded(near, new[new["after"].isin(targets)])
    around = new[new.intersects(near.union_all())] if len(near) else new.iloc[:0]
    for source in sorted(dwellings, key=lambda item: item.way != "points"):
        open_ = [code for code in targets if code not in found]
        if open_ and len(source.shapes) and len(near):
            found |= _by_dwellings(_pieces(near, around, source), open_, source.way)
    return {code: found[code] for code in targets if code in found}


def _framed(shapes: gpd.GeoSeries, crs: CRS, name: str) -> gpd.GeoDataFrame:
    framed = gpd.GeoDataFrame({name: list(shapes.index)}, geometry=shapes.to_list(), crs=CRS84)
    return framed.to_crs(crs)


def _recoded(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[str, Bridge]:
    """Later areas on the ground of one earlier area: no dwellings are needed to know that."""
    pairs = gpd.overlay(old, new, how="intersection", keep_geom_type=True)
    before, after = (frame.set_index(name).geometry for frame, name in ((old, "before"), (new, "after")))
    shared = pairs.geometry.area
    union = pairs["before"].map(before.area).astype(float) + pairs["after"].map(after.area).astype(float) - shared
    differs = union - shared
    for number in pairs.index[(shared >= union / 2) & (shared < SAME_GROUND * union)]:
        differs[number] = sum(ground.area for ground in apart(before[pairs["before"][number]], after[pairs["after"][number]]))
    same = pairs[differs <= (1 - SAME_GROUND) * union]
    return {after: Bridge({before: 1.0}, "recoded") for before, after in zip(same["before"], same["after"], strict=True)}


def _pieces(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, dwellings: Dwellings) -> pd.DataFrame:
    """Dwellings per earlier and later area (empty where in none): columns before, after, number, spread (of those, by surface)."""
    zones = gpd.GeoDataFrame({"number": list(dwellings.numbers)}, geometry=dwellings.shapes.to_list(), crs=CRS84).to_crs(old.crs)
    zones = zones[zones["number"].gt(0)].assign(zone=lambda rows: np.arange(len(rows)))
    if dwellings.way == "points":
        placed = zones.sjoin(old, predicate="within", how="left").drop(columns="index_right")
        placed = placed.sjoin(new, predicate="within", how="left").drop_duplicates("zone")
        return pd.DataFrame({"before": placed["before"], "after": placed["after"], "number": placed["number"], "spread": 0.0})
    zones = zones[zones.intersects(old.union_all())].assign(whole=lambda rows: rows.geometry.area)
    cut = zones
    for areas in (old, new):
        cut = gpd.overlay(cut, areas, how="identity", keep_geom_type=True)
    share = cut.geometry.area / cut["whole"]
    settled = share.groupby(cut["zone"]).transform("max") >= WHOLE
    number = cut["number"] * np.where(settled, (share >= WHOLE).astype(float), share)
    spread = number.where(~settled, 0.0)
    return pd.DataFrame({"before": cut["before"], "after": cut["after"], "number": number, "spread": spread})


def _by_dwellings(pieces: pd.DataFrame, targets: Sequence[str], way: str) -> dict[str, Bridge]:
    in_before = pieces.groupby("before")["number"].sum()
    found: dict[str, Bridge] = {}
    for code, rows in pieces[pieces["after"].isin(targets)].groupby("after"):
        number = float(rows["number"].sum())
        placed = rows[rows["before"].notna()]
        if number <= 0 or placed["number"].sum() < COVERED * number or rows["spread"].sum() > MOST_SPREAD * number:
            continue
        shares = placed.groupby("before")["number"].sum() / in_before
        parts = {str(before): float(share) for before, share in shares.dropna().items() if share >= LEAST_PART}
        if parts:
            found[str(code)] = Bridge(parts, way)
    return found
