# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A catchment is complete where the extract covers all the ground in it; it may cross the border."""

from __future__ import annotations

from typing import Any

import accesstown as town
import numpy as np
import pandas as pd
import pytest
import shapely
import toytown

from knopenkaart.access.complete import border_m, on_foot, sure_m, within
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
    row = within(isochrone(ground), areas(), town.coverage(**status)).iloc[0]
    return bool(row["complete"]), bool(row["border"])


def isochrone(ground: Any) -> Any:
    return ISOCHRONES.frame([{"place_id": "p", "mode": "walk", "minutes": 5, "complete": False, "border": False, "geometry": ground}])


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


@pytest.mark.parametrize(
    ("shape", "inside"),
    [
        (shapely.box(100, 100, 900, 900), 1.0),
        # A strip of five metres across the border is a seam.
        (shapely.box(-5, 100, 795, 900), 1.0),
        (shapely.box(-500, 100, 500, 900), 0.5),
        (shapely.box(-900, 100, 100, 900), 0.1),
        (shapely.box(-900, 100, -100, 900), 0.0),
        (shapely.MultiPolygon(), 1.0),
    ],
)
def test_of_ground_that_crosses_the_border_a_share_lies_inside(shape: Any, inside: float) -> None:
    ground = shapely.MultiPolygon([toytown.degrees([shape])[0]]) if not shape.is_empty else shapely.MultiPolygon()
    told = within(isochrone(ground), areas(), town.coverage(**COVERED))
    of = on_foot(told, np.array(["p", "other"], dtype=object)[:1], minutes=5)
    assert of.inside.tolist() == pytest.approx([inside], abs=0.001)
    assert of.border.tolist() == [inside < 1]


def homes(*spots: tuple[float, float]) -> Any:
    lon, lat = toytown.lonlat(list(spots))
    return pd.DataFrame({"lon": lon, "lat": lat})


def test_a_home_is_sure_of_the_ground_as_far_as_what_is_not_covered() -> None:
    spots = homes((400, 500), (1000, 500), (1500, 500), (0, 1300))
    # East begins at x=1000; the town as a whole is not covered, but the smallest areas decide.
    assert sure_m(spots, areas(), town.coverage(**COVERED)).tolist() == pytest.approx([600, 0, 0, (1000**2 + 300**2) ** 0.5], abs=1)
    everything = sure_m(spots, areas(), town.coverage(town="partial", west="covered", east="covered"))
    assert np.isnan(everything).all()
    assert len(sure_m(homes(), areas(), town.coverage(**COVERED))) == 0


def test_the_border_is_that_of_the_municipality() -> None:
    assert border_m(homes((400, 500), (1000, 300), (2000, 500)), areas()).tolist() == pytest.approx([400, 300, 0], abs=1)
