# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where one enters a place: its mapped doors, and where streets meet the outline of its grounds."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.tables import ENTRANCES

# An outline of this size or more that is no building is ground that one walks onto, not a house with a door: 50 x 50 metres.
GROUNDS_M2 = 2500.0
# A door belongs to the outline on which it is drawn.
_ON_OUTLINE_M = 1.0
# Two ways in that are nearer to each other than this are one.
_APART_M = 15.0
# Without a street that meets the outline one walks on from the street that comes nearest to it.
_NEAREST_M = 250.0


def entrances(places: pd.DataFrame, features: pd.DataFrame, *, streets: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """ENTRANCES of PLACES with an outline among FEATURES: grounds where walkable STREETS cross it, buildings by their mapped doors.

    Of the doors (POINTS with the role of entrance) on a building's outline the main ones count, or all where none is called main. A place
    without an entry here is entered from the street nearest to its point.
    """
    outlined = places[~places["small_spot"] & places["lon"].notna()].merge(
        features[["source_id", "tags", "geometry"]], on="source_id", suffixes=("", "_feature")
    )
    outlined = outlined[(outlined["source"] == "osm") & np.isin(shapely.get_dimensions(outlined["geometry"].to_numpy()), 2)]
    if outlined.empty:
        return ENTRANCES.empty()
    crs = metric_crs_of(gpd.GeoSeries(outlined["geometry"], crs=CRS84))
    shapes = gpd.GeoSeries(outlined["geometry"], crs=CRS84).to_crs(crs).to_numpy()
    ways = streets.geometry[streets["walk"]].to_crs(crs).to_numpy()
    doors = points[points["role"] == "entrance"]
    found = [*_doors(shapes, doors, crs), *_crossings(shapes, _is_grounds(outlined, shapes), ways)]
    if not found:
        return ENTRANCES.empty()
    rows = pd.DataFrame(found, columns=["place", "via", "point"])
    degrees = gpd.GeoSeries(rows["point"].to_list(), crs=crs).to_crs(CRS84)
    own = outlined.iloc[rows["place"]]
    return ENTRANCES.check(
        pd.DataFrame(
            {
                "source": own["source"].to_numpy(),
                "source_id": own["source_id"].to_numpy(),
                "lon": degrees.x,
                "lat": degrees.y,
                "via": rows["via"],
                "place_lon": own["lon"].to_numpy(),
                "place_lat": own["lat"].to_numpy(),
            }
        )
    )


def _is_grounds(outlined: pd.DataFrame, shapes: Any) -> Any:
    house = np.array(["building" in tags for tags in outlined["tags"]], dtype=bool)
    return ~house & (shapely.area(shapes) >= GROUNDS_M2)


def _doors(shapes: Any, doors: pd.DataFrame, crs: Any) -> list[tuple[int, str, Any]]:
    if doors.empty:
        return []
    spots = doors.geometry.to_crs(crs).to_numpy()
    place, door = shapely.STRtree(spots).query(shapely.boundary(shapes), predicate="dwithin", distance=_ON_OUTLINE_M)
    main = np.array([tags["entrance"] == "main" for tags in doors["tags"]], dtype=bool)
    has_main = np.zeros(len(shapes), dtype=bool)
    has_main[place[main[door]]] = True
    kept = main[door] | ~has_main[place]
    return [(int(p), "entrance", spots[d]) for p, d in zip(place[kept], door[kept], strict=True)]


def _crossings(shapes: Any, grounds: Any, ways: Any) -> list[tuple[int, str, Any]]:
    """Where streets meet the outlines of grounds; without one, the point of the outline nearest to a street."""
    rows = np.flatnonzero(grounds)
    if len(rows) == 0 or len(ways) == 0:
        return []
    tree, outlines = shapely.STRtree(ways), shapely.boundary(shapes[rows])
    which, street = tree.query(outlines, predicate="intersects")
    meeting = shapely.intersection(outlines[which], ways[street])
    found = [(int(rows[own]), "grounds", spot) for own in range(len(rows)) for spot in _apart(meeting[which == own])]
    met = {place for place, *_ in found}
    for row, outline in zip(rows.tolist(), outlines, strict=True):
        if row not in met:
            near = tree.query_nearest(outline, max_distance=_NEAREST_M, all_matches=False)
            found += [(row, "grounds", shapely.get_point(shapely.shortest_line(outline, ways[way]), 0)) for way in near.tolist()]
    return found


def _apart(meetings: Any) -> list[Any]:
    """Points of meeting, of those close together only the first; a street along the outline meets it with both its ends."""
    kept: list[Any] = []
    for x, y in shapely.get_coordinates(meetings).tolist():
        point = shapely.Point(x, y)
        if all(shapely.distance(point, other) > _APART_M for other in kept):
            kept.append(point)
    return kept
