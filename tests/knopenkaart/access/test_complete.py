# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A catchment is complete where the extract covers all the ground in it; it may cross the border."""

from __future__ import annotations

from typing import Any

import accesstown as town
import pytest
import shapely
import toytown

from knopenkaart.access.complete import within
from knopenkaart.tables import AREAS, ISOCHRONES

WEST, EAST = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)


def areas() -> Any:
    rows = [("town", "municipality", shapely.union(WEST, EAST), None), ("west", "wijk", WEST, "town"), ("east", "wijk", EAST, "town")]
    return AREAS.frame(
        {"code": code, "year": 2024, "level": level, "name": code, "source": "a", "municipality_code": above or code}
        | {"geometry": shapely.MultiPolygon([toytown.degrees([shape])[0]])}
        for code, level, shape, above in rows
    )


def flags(shape: Any, **status: str) -> tuple[bool, bool]:
    ground = shapely.MultiPolygon([toytown.degrees([shape])[0]]) if not shape.is_empty else shapely.MultiPolygon()
    table = ISOCHRONES.frame([{"place_id": "p", "mode": "walk", "minutes": 5, "geometry": ground}])
    row = within(table, areas(), town.coverage(**status)).iloc[0]
    return bool(row["complete"]), bool(row["border"])


COVERED = {"town": "partial", "west": "covered", "east": "partial"}


@pytest.mark.parametrize(
    ("shape", "complete", "border"),
    [
        (shapely.box(100, 100, 900, 900), True, False),
        (shapely.box(1100, 100, 1900, 900), False, False),
        (shapely.box(500, 100, 1500, 900), False, False),
        # A strip of five metres in the next wijk is a seam.
        (shapely.box(100, 100, 1005, 900), True, False),
        (shapely.box(-500, 100, 500, 900), True, True),
        (shapely.MultiPolygon(), False, False),
    ],
)
def test_the_smallest_areas_decide(shape: Any, complete: bool, border: bool) -> None:
    assert flags(shape, **COVERED) == (complete, border)


def test_without_places_there_is_nothing_to_say() -> None:
    assert len(within(ISOCHRONES.empty(), areas(), town.coverage())) == 0
