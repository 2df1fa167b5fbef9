# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hand-made town of two wijken and three buurten, small enough to reckon with a pencil."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Point, box

from knopenkaart.tables import ADDRESSES, AREAS, CELLS, COVERAGE, FIGURES, HOMES, POINTS, STREETS
from knopenkaart.vocabulary import Group

# The corner of the town in RD New; one unit is a metre.
CORNER = np.array([85_000.0, 447_000.0])
TO_DEGREES = Transformer.from_crs(28992, 4326, always_xy=True)
GM, WEST, EAST = "GM0001", "WK000101", "WK000102"
SOUTH, NORTH, SINGLE = "BU00010101", "BU00010102", "BU00010201"
# West 1 x 2 km, cut in a south and a north buurt; east 1 x 2 km, one buurt.
SHAPES: Mapping[str, tuple[str, Any, str | None]] = {
    GM: ("municipality", box(0, 0, 2000, 2000), None),
    WEST: ("wijk", box(0, 0, 1000, 2000), None),
    EAST: ("wijk", box(1000, 0, 2000, 2000), None),
    SOUTH: ("buurt", box(0, 0, 1000, 1000), WEST),
    NORTH: ("buurt", box(0, 1000, 1000, 2000), WEST),
    SINGLE: ("buurt", box(1000, 0, 2000, 2000), EAST),
}
AGES = {
    "young": Group("young", "jong", "young", "age", "pop_0_14"),
    "old": Group("old", "oud", "old", "age", "pop_65plus"),
}
HOUSEHOLDS = {
    "living_alone": Group("living_alone", "alleen", "alone", "household", "households_single"),
    "living_together": Group("living_together", "samen", "together", "household"),
}


class Town:
    """The tables of the town, each from the few numbers that a test is about."""

    gm, west, east, south, north, single = GM, WEST, EAST, SOUTH, NORTH, SINGLE
    ages, households = AGES, HOUSEHOLDS

    def degrees(self, shape: Any) -> Any:
        moved = shapely.transform(shape, lambda xy: xy + CORNER)
        return shapely.transform(moved, TO_DEGREES.transform, interleaved=False)

    def areas(self, *codes: str, shapes: Mapping[str, Any] | None = None) -> Any:
        rows = []
        for code in codes or SHAPES:
            level, shape, wijk = SHAPES[code]
            shape = self.degrees((shapes or {}).get(code, shape))
            rows.append(
                {"code": code, "year": 2024, "level": level, "name": f"Name {code}", "municipality_code": GM}
                | {"wijk_code": code if level == "wijk" else wijk, "source": "cbs", "geometry": MultiPolygon([shape])}
            )
        return AREAS.frame(rows)

    def figures(self, **indicators: Mapping[str, float | None]) -> pd.DataFrame:
        """indicator = {area: value}; `indicator__percent` for a percent; `indicator__2020` for a figure of another year."""
        rows = []
        for name, values in indicators.items():
            indicator, _, other = name.partition("__")
            year = int(other) if other.isdecimal() else 2024
            for code, value in values.items():
                rows.append(
                    {"area_code": code, "area_year": 2024, "indicator": indicator, "value": value, "year": year}
                    | {"unit": "percent" if other == "percent" else "count", "source": f"cbs_{year}", "joined": True}
                )
        return FIGURES.frame(rows)

    def coverage(self, status: str = "covered", **of: Mapping[str, Any]) -> pd.DataFrame:
        """All areas of one status, and what some areas have otherwise."""
        share = {"covered": 1.0, "unknown": None, "partial": 0.5}[status]
        rows = []
        for code, (level, _, _) in SHAPES.items():
            row = {"area_code": code, "level": level, "area_share": share or 0.0, "addresses": 0, "believed_share": share}
            rows.append(row | {"status": status, "reason": "area"} | dict(of.get(code, {})))
        return COVERAGE.frame(rows)

    def addresses(self, *spots: tuple[float, float], residential: bool | None = None) -> pd.DataFrame:
        points = [self.degrees(Point(*spot)) for spot in spots]
        return ADDRESSES.frame({"lon": point.x, "lat": point.y, "residential": residential, "source": "osm"} for point in points)

    def streets(self, *lines: Iterable[tuple[float, float]], highway: str = "residential", walk: bool = True, **tags: str) -> pd.DataFrame:
        return STREETS.frame(
            {
                "source_id": f"way/{highway}{number}",
                "highway": highway,
                "walk": walk,
                "cycle": "both",
                "tags": dict(tags),
                "geometry": self.degrees(LineString(list(line))),
            }
            for number, line in enumerate(lines)
        )

    def cells(self, spots: Mapping[tuple[float, float], tuple[float | None, float | None]]) -> pd.DataFrame:
        """(x, y) of the middle -> (people, dwellings)."""
        rows = []
        for number, ((x, y), (people, dwellings)) in enumerate(spots.items()):
            point = self.degrees(Point(x, y))
            rows.append(
                {"code": f"E{number:04}N0000", "lon": point.x, "lat": point.y, "people": people, "dwellings": dwellings, "source": "c"}
            )
        return CELLS.frame(rows)

    def homes(self, *rows: tuple[str, float], basis: str = "address", unreached: int = 0) -> pd.DataFrame:
        """(area, dwellings) per home, on a street except the first `unreached`."""
        return HOMES.frame(
            {
                "home": number,
                "lon": 4.0 + number / 1000,
                "lat": 52.0,
                "basis": basis,
                "dwellings": dwellings,
                "area_code": code,
                "municipality_code": GM,
                "walk_edge": None if number < unreached else 0,
            }
            for number, (code, dwellings) in enumerate(rows)
        )

    def settlements(self, *rows: Mapping[str, str], at: tuple[float, float] = (500, 500)) -> pd.DataFrame:
        point = self.degrees(Point(*at))
        return POINTS.frame(
            {"source_id": f"node/{number}", "role": "settlement", "tags": dict(tags), "geometry": point} for number, tags in enumerate(rows)
        )


@pytest.fixture(scope="session")
def town() -> Town:
    return Town()
