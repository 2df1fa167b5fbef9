# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hand-made town on a grid of metres, for the tests of this room."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from knopenkaart.inventory.classify import Inventory, classify
from knopenkaart.records import Source
from knopenkaart.tables import AREAS, FEATURES, PLACES
from knopenkaart.vocabulary import load_vocabulary

# The corner of the town in RD New; one unit of the grid is a metre.
CORNER_M = (85_000.0, 447_000.0)
TO_DEGREES = Transformer.from_crs(28992, 4326, always_xy=True)
OSM = Source("osm", "OpenStreetMap", date(2025, 1, 1), "ODbL 1.0", "OpenStreetMap contributors")


class Town:
    """Two wijken of 1 by 2 km side by side (west, east), of which the west one has two buurten (south, north)."""

    source = OSM

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def degrees(self, shape: Any) -> Any:
        return shapely.transform(translate(shape, *CORNER_M), TO_DEGREES.transform, interleaved=False)

    def areas(self) -> gpd.GeoDataFrame:
        shapes = {
            "GM0001": ("municipality", box(0, 0, 2000, 2000), None, None),
            "WK000101": ("wijk", box(0, 0, 1000, 2000), "GM0001", None),
            "WK000102": ("wijk", box(1000, 0, 2000, 2000), "GM0001", None),
            "BU00010101": ("buurt", box(0, 0, 1000, 1000), "GM0001", "WK000101"),
            "BU00010102": ("buurt", box(0, 1000, 1000, 2000), "GM0001", "WK000101"),
        }
        rows = [
            {
                "code": code,
                "year": 2022,
                "level": level,
                "name": code,
                "municipality_code": town,
                "wijk_code": wijk,
                "source": "x",
                "geometry": self.degrees(shape),
            }
            for code, (level, shape, town, wijk) in shapes.items()
        ]
        return AREAS.frame(rows)

    def add(self, source_id: str, shape: Any, *, day: date | None = None, **tags: str) -> None:
        plain = {key.replace("__", ":"): value for key, value in tags.items()}
        self.rows.append({"source_id": source_id, "tags": plain, "date": day, "geometry": self.degrees(shape)})

    def node(self, number: int, x: float, y: float, *, day: date | None = None, **tags: str) -> None:
        self.add(f"node/{number}", Point(x, y), day=day, **tags)

    def block(self, number: int, bounds: tuple[float, float, float, float], *, day: date | None = None, **tags: str) -> None:
        self.add(f"way/{number}", Polygon(box(*bounds)), day=day, **tags)

    def multipolygon(self, number: int, *bounds: tuple[float, float, float, float], **tags: str) -> None:
        self.add(f"relation/{number}", MultiPolygon([box(*part) for part in bounds]), **tags)

    def line(self, number: int, *points: tuple[float, float], **tags: str) -> None:
        self.add(f"way/{number}", LineString(points), **tags)

    def features(self) -> gpd.GeoDataFrame:
        return FEATURES.frame(self.rows)

    def inventory(self, *, neighbour_m: float = 500.0) -> Inventory:
        return classify(self.features(), self.areas(), vocabulary=load_vocabulary(), source=OSM, neighbour_m=neighbour_m)

    def outcomes(self) -> dict[str, tuple[str, str]]:
        return outcomes(self.inventory())

    def places(self, *positions: tuple[float, float] | None) -> pd.DataFrame:
        """Places without a source of their own, at these positions (None: digital)."""
        rows = []
        for number, position in enumerate(positions):
            point = self.degrees(Point(position)) if position is not None else None
            rows.append(
                {
                    "id": str(number),
                    "kind": "library",
                    "functions": ["learn"],
                    "archetype": "living_room",
                    "archetype_assumed": True,
                    "status": "open",
                    "small_spot": False,
                    "digital": point is None,
                    "neighbour": False,
                    "lon": point.x if point is not None else None,
                    "lat": point.y if point is not None else None,
                    "source": "list",
                    "source_id": f"row/{number}",
                }
            )
        return PLACES.frame(rows)


def outcomes(inventory: Inventory) -> dict[str, tuple[str, str]]:
    """Element -> what became of it, and why."""
    return {row.source_id: (row.outcome, row.reason) for row in inventory.decisions.itertuples()}


@pytest.fixture
def hand_made() -> Town:
    """An empty town to put elements in."""
    return Town()
