# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which OpenStreetMap tags become which layer and class of the basemap, and how important each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely


@dataclass(frozen=True, slots=True)
class Style:
    """Elements with one of `values` (none: any value) at `key` are drawn in `layer` as `cls`; a lower rank is drawn from a lower zoom."""

    layer: str
    cls: str
    rank: int
    key: str
    values: tuple[str, ...] = ()


# The first that fits is taken; a building in a park is a building.
AREA_LAYERS: tuple[Style, ...] = (
    Style("water", "water", 0, "natural", ("water", "bay")),
    Style("water", "water", 0, "waterway", ("riverbank", "dock")),
    Style("water", "water", 0, "landuse", ("reservoir", "basin")),
    Style("building", "building", 5, "building"),
    Style("water", "pool", 6, "leisure", ("swimming_pool",)),
    Style("green", "park", 2, "leisure", ("park", "nature_reserve", "common", "dog_park")),
    Style("green", "garden", 5, "leisure", ("garden",)),
    Style("green", "playground", 5, "leisure", ("playground",)),
    Style("green", "pitch", 4, "leisure", ("pitch", "track", "golf_course", "sports_centre")),
    Style("green", "forest", 0, "landuse", ("forest",)),
    Style("green", "forest", 0, "natural", ("wood",)),
    Style("green", "farmland", 1, "landuse", ("farmland", "farmyard", "orchard", "vineyard", "plant_nursery", "greenhouse_horticulture")),
    Style("green", "meadow", 1, "landuse", ("meadow",)),
    Style("green", "grass", 4, "landuse", ("grass", "village_green", "recreation_ground", "greenfield", "flowerbed")),
    Style("green", "allotments", 3, "landuse", ("allotments",)),
    Style("green", "cemetery", 3, "landuse", ("cemetery",)),
    Style("green", "cemetery", 3, "amenity", ("grave_yard",)),
    Style("green", "scrub", 2, "natural", ("scrub", "heath", "grassland", "fell")),
    Style("green", "wetland", 2, "natural", ("wetland", "marsh")),
    Style("green", "sand", 2, "natural", ("sand", "beach", "bare_rock", "scree", "shingle")),
    Style("road", "square", 5, "highway", ("pedestrian", "footway", "living_street", "service")),
)
LINE_LAYERS: tuple[Style, ...] = (
    Style("road", "motorway", 0, "highway", ("motorway", "motorway_link", "trunk", "trunk_link")),
    Style("road", "primary", 1, "highway", ("primary", "primary_link")),
    Style("road", "secondary", 2, "highway", ("secondary", "secondary_link")),
    Style("road", "tertiary", 3, "highway", ("tertiary", "tertiary_link")),
    Style("road", "residential", 4, "highway", ("residential", "unclassified", "living_street", "road")),
    Style("road", "pedestrian", 5, "highway", ("pedestrian",)),
    Style("road", "service", 5, "highway", ("service",)),
    Style("road", "cycleway", 5, "highway", ("cycleway",)),
    Style("road", "track", 5, "highway", ("track",)),
    Style("road", "path", 6, "highway", ("footway", "path", "steps", "bridleway", "corridor")),
    Style("rail", "rail", 2, "railway", ("rail", "narrow_gauge")),
    Style("rail", "tram", 4, "railway", ("tram", "light_rail", "subway", "monorail", "funicular")),
    Style("water", "river", 0, "waterway", ("river",)),
    Style("water", "canal", 2, "waterway", ("canal",)),
    Style("water", "stream", 4, "waterway", ("stream", "ditch", "drain")),
)
PLACE_RANKS: Mapping[str, int] = {
    "city": 0,
    "town": 1,
    "village": 2,
    "suburb": 3,
    "hamlet": 4,
    "quarter": 4,
    "neighbourhood": 5,
    "isolated_dwelling": 6,
    "locality": 6,
}
# Names of surfaces stand on the map as points: a name at a polygon would be repeated in every tile that the polygon touches.
NAMED_AREAS = {("water", "water"): 4, ("green", "park"): 4, ("green", "forest"): 5, ("green", "cemetery"): 5, ("green", "allotments"): 5}


def area_labels(basemap: pd.DataFrame) -> pd.DataFrame:
    """Points with the names of the parks, woods and waters among basemap rows (layer, cls, name, rank, geometry)."""
    pairs = list(zip(basemap["layer"], basemap["cls"], strict=True))
    chosen = np.array([pair in NAMED_AREAS for pair in pairs], dtype=bool) & basemap["name"].notna().to_numpy(dtype=bool)
    chosen &= shapely.get_dimensions(basemap["geometry"].to_numpy()) == 2
    named = basemap[chosen]
    ranks = [NAMED_AREAS[pair] for pair, use in zip(pairs, chosen, strict=True) if use]
    points = shapely.point_on_surface(named["geometry"].to_numpy())
    return pd.DataFrame(
        {"layer": "label", "cls": named["cls"].to_numpy(), "name": named["name"].to_numpy(), "rank": ranks, "geometry": points}
    )


def boundary_rank(admin_level: int) -> int:
    """The rank of an administrative boundary: countries first, then provinces, municipalities, and what lies inside those."""
    return 0 if admin_level <= 2 else 1 if admin_level <= 4 else 2 if admin_level <= 8 else 4
