# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What share of each area the extract really covers: by surface, by streets and by addresses; the lowest usable one is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.inventory.footprint import Local, footprint
from knopenkaart.records import COVERED, CoverageStatus
from knopenkaart.tables import COVERAGE

MARGINAL = 0.10
# Without a single address, below a hundredth of the surface there is nothing but ways that stick out; where dwellings are
# known to stand, below the marginal share too.
NOTHING = 0.01
# From a thousand dwellings per km2 on a Dutch wijk is built up throughout: every cell of 250 m should have a street.
BUILT_UP_PER_KM2 = 1000.0
_STREET_CELL_M = 250.0


def coverage(areas: pd.DataFrame, figures: pd.DataFrame, *, streets: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    """COVERAGE of every area in AREAS by an extract's STREETS and ADDRESSES; FIGURES give the dwellings (joined ones only).

    area_share: part of the surface inside the extract's footprint (inventory.footprint), or in areas whose dwellings are all in
    it. street_share: part of the cells of 250 m with a local street, only where the area is built up throughout (from 1,000
    dwellings per km2). address_share: addresses not known to be something else than a dwelling / dwellings; empty for an
    extract without addresses. What cannot be known is empty. A ratio over 1 is not usable. Formula, thresholds and limits:
    docs/method/coverage.md.
    """
    if len(areas) == 0:
        return COVERAGE.empty()
    crs = metric_crs_of(areas.geometry)
    shapes = areas.geometry.to_crs(crs).reset_index(drop=True)
    local = Local.of(streets, crs=crs, around=shapes)
    counts = _addresses_in(shapes, addresses, crs)
    addressed = len(addresses) > 0
    dwellings = _dwellings(figures)
    extent = shapely.union_all([footprint(local), *_complete(areas, shapes, counts, dwellings)])
    rows = []
    for index, (code, level) in enumerate(zip(areas["code"], areas["level"], strict=True)):
        shape = shapes.iloc[index]
        homes = dwellings.get(str(code))
        rows.append(
            {"area_code": code, "level": level, "addresses": counts[index], "dwellings": homes}
            | judge(
                area_share=min(1.0, float(shape.intersection(extent).area / shape.area)),
                street_share=_street_share(shape, homes, local, extent),
                addresses=counts[index],
                dwellings=homes if addressed else None,
            )
        )
    return COVERAGE.frame(rows)


def judge(*, area_share: float, street_share: float | None, addresses: int, dwellings: int | None) -> dict[str, Any]:
    """The shares, the believed one, status and reason of one area; addresses against dwellings above 1 is not usable.

    Example: 5,001 addresses for 7,262 dwellings on 80 % of the surface -> 0.69 is believed, partial, "addresses".
    """
    address_share = addresses / dwellings if dwellings else None
    over = address_share is not None and address_share > 1.0
    usable = {"area": area_share, "streets": street_share, "addresses": None if over else address_share}
    known = {name: share for name, share in usable.items() if share is not None}
    lowest = min(known, key=lambda name: known[name])
    nothing = addresses == 0 and area_share < (MARGINAL if dwellings else NOTHING)
    status, reason = ("unknown", "outside_extract") if nothing else _status(known[lowest], lowest, over=over)
    return {
        "area_share": round(area_share, 4),
        "street_share": None if street_share is None else round(street_share, 4),
        "address_share": None if address_share is None else round(address_share, 4),
        "believed_share": None if status == "unknown" else round(known[lowest], 4),
        "status": status,
        "reason": reason,
    }


def _status(lowest: float, name: str, *, over: bool) -> tuple[CoverageStatus, str]:
    if lowest >= COVERED:
        return "covered", "address_ratio_over_one" if over else name
    if over:
        return "unusable", "address_ratio_over_one"
    if lowest < MARGINAL:
        return "marginal", name
    return "partial", name


def _complete(areas: pd.DataFrame, shapes: gpd.GeoSeries, counts: list[int], dwellings: Mapping[str, int]) -> list[Any]:
    """The smallest areas whose dwellings are all in the extract: their ground is in it too, also where it is empty land."""
    codes = [str(code) for code in areas["code"]]
    divided = {
        str(parent)
        for column in ("municipality_code", "wijk_code")
        for code, parent in zip(codes, areas[column], strict=True)
        if code in dwellings and not pd.isna(parent) and parent != code
    }
    return [
        shape
        for code, shape, count in zip(codes, shapes, counts, strict=True)
        if code not in divided and dwellings.get(code) and COVERED <= count / dwellings[code] <= 1.0
    ]


def _street_share(shape: Any, dwellings: int | None, local: Local, extent: Any) -> float | None:
    if dwellings is None or dwellings / (shape.area / 1e6) < BUILT_UP_PER_KM2:
        return None
    cells = _cells_inside(shape)
    if len(cells) == 0:
        return None
    near = shapely.intersection(shape, extent)
    if near.is_empty:
        return 0.0
    tree = shapely.STRtree(cells[shapely.intersects(cells, near)])
    return len(set(tree.query(local.streets, predicate="intersects")[1].tolist())) / len(cells)


def _cells_inside(shape: Any) -> Any:
    """Squares of 250 m that lie for at least half inside a shape."""
    west, south, east, north = (int(edge // _STREET_CELL_M) for edge in shape.bounds)
    x, y = (axis.ravel() * _STREET_CELL_M for axis in np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1)))
    cells = shapely.box(x, y, x + _STREET_CELL_M, y + _STREET_CELL_M)
    return cells[shapely.area(shapely.intersection(cells, shape)) >= _STREET_CELL_M**2 / 2]


def _addresses_in(shapes: gpd.GeoSeries, addresses: pd.DataFrame, crs: Any) -> list[int]:
    """Addresses per area, those left out that are known not to be dwellings."""
    west, south, east, north = shapes.to_crs(CRS84).total_bounds
    near = addresses["lon"].between(west, east) & addresses["lat"].between(south, north)
    homes = addresses[near & addresses["residential"].fillna(True).astype(bool)]
    points = gpd.GeoSeries(gpd.points_from_xy(homes["lon"].astype(float), homes["lat"].astype(float)), crs=CRS84).to_crs(crs)
    found = shapely.STRtree(points.to_numpy()).query(shapes.to_numpy(), predicate="contains")[0]
    counts = pd.Series(found).value_counts()
    return [int(counts.get(index, 0)) for index in range(len(shapes))]


def _dwellings(figures: pd.DataFrame) -> Mapping[str, int]:
    """Dwellings per area from the most recent figure that is joined and published."""
    usable = figures[(figures["indicator"] == "dwellings") & figures["value"].notna() & figures["joined"].fillna(False).astype(bool)]
    latest = usable.sort_values("year").drop_duplicates("area_code", keep="last")
    return {str(code): round(float(value)) for code, value in zip(latest["area_code"], latest["value"], strict=True)}
