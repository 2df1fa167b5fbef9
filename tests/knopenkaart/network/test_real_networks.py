# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times on real streets: those of an independent shortest path, the same back on foot, never shorter than a straight line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from accesstown import place_rows
from reckoning import dense, times_by_scipy

from knopenkaart.geo import CRS84, metric_crs_of
from knopenkaart.inventory.entrances import entrances
from knopenkaart.network.distances import doors_on, homes_on, travel_times
from knopenkaart.network.doors import doors
from knopenkaart.network.graph import edges, graph
from knopenkaart.network.snap import snap
from knopenkaart.policy import Policy
from knopenkaart.sources.osm import read_extract
from knopenkaart.vocabulary.rules import TagRule

POLICY = Policy()
MPS = {"walk": POLICY.walk_kmh / 3.6, "cycle": POLICY.cycle_kmh / 3.6}
LIMIT_S = 900.0
RULES = [TagRule(((key, ()),)) for key in ("amenity", "leisure", "shop")]


@dataclass(frozen=True)
class Ground:
    """The streets of an extract, its addresses, and everything with a name that one can go to, with its ways in."""

    edges: pd.DataFrame
    addresses: pd.DataFrame
    places: pd.DataFrame
    entrances: pd.DataFrame

    def doors(self, mode: str) -> pd.DataFrame:
        return doors(self.places, self.entrances, self.edges, mode=mode, policy=POLICY)

    def snapped(self, rows: pd.DataFrame, mode: str) -> pd.DataFrame:
        return snap(self.edges, rows["lon"].to_numpy(float), rows["lat"].to_numpy(float), mode=mode, max_m=POLICY.snap_m)

    def times(self, homes: pd.DataFrame, to: pd.DataFrame, places: int, mode: str) -> Any:
        """Seconds from snapped homes (columns) to places (rows), infinite beyond the limit."""
        of = graph(self.edges, mode, policy=POLICY)
        at = homes_on(of, homes.add_prefix(f"{mode}_"), mode=mode, policy=POLICY)
        found = travel_times(of, at, doors_on(of, to, places=places, policy=POLICY), limit_s=LIMIT_S)
        return dense(found, (places, len(homes)))


def _ground(path: Path) -> Ground:
    extract = read_extract(path, rules=RULES, parts={"streets", "points", "features", "addresses"})
    network, _ = edges(extract.streets, extract.points, policy=POLICY)
    named = extract.features[["name" in tags for tags in extract.features["tags"]]]
    middles = shapely.point_on_surface(named.geometry.to_numpy())
    places = place_rows(
        *({"source_id": source_id, "lon": point.x, "lat": point.y} for source_id, point in zip(named["source_id"], middles, strict=True))
    )
    ways_in = entrances(places, extract.features, streets=extract.streets, points=extract.points)
    return Ground(network, extract.addresses, places, ways_in)


@pytest.fixture(scope="module", params=["osm/delft_tudelft.osm.pbf", "osm/liechtenstein_valhalla.osm.pbf"], ids=["delft", "liechtenstein"])
def ground(request: pytest.FixtureRequest, real_data: Callable[[str], Path]) -> Ground:
    return _ground(real_data(request.param))


@pytest.mark.parametrize("mode", ["walk", "cycle"])
def test_every_time_within_15_minutes_is_that_of_an_independent_shortest_path_to_the_centimetre(ground: Ground, mode: str) -> None:
    homes, to = ground.snapped(ground.addresses, mode), ground.doors(mode)
    found = ground.times(homes, to, len(ground.places), mode)
    by_door = times_by_scipy(ground.edges, homes, to, mode=mode, policy=POLICY, limit_s=LIMIT_S + 1.0)
    expected = np.full(found.shape, np.inf)
    np.minimum.at(expected, to["place"].to_numpy(), by_door)
    # Within a centimetre of the limit either may be right.
    sure = np.abs(expected - LIMIT_S) * MPS[mode] > 0.01
    expected[expected > LIMIT_S] = np.inf
    reached = np.isfinite(expected) & sure
    assert np.array_equal(np.isfinite(found) & sure, reached)
    assert reached.sum() > 5_000
    assert np.abs(found[reached] - expected[reached]).max() * MPS[mode] < 0.01


def test_places_with_several_ways_in_are_among_them(ground: Ground) -> None:
    assert (ground.doors("walk").groupby("place").size() > 1).sum() > 5


def _there_and_back(ground: Ground, mode: str) -> tuple[Any, Any]:
    """Seconds between some addresses (rows) and others (columns), and the way back."""
    spots = ground.snapped(ground.addresses.iloc[:: max(1, len(ground.addresses) // 300)], mode)
    spots = spots[spots["edge"].notna()].reset_index(drop=True)
    to = spots.assign(place=range(len(spots)))
    found = ground.times(spots, to, len(spots), mode)
    return found, found.T


def test_walking_back_takes_as_long_as_walking_there(ground: Ground) -> None:
    there, back = _there_and_back(ground, "walk")
    both = np.isfinite(there) & np.isfinite(back)
    assert both.sum() > 5_000
    assert np.abs(there[both] - back[both]).max() < 1e-3
    # Only where the limit lies between two roundings may one be there and the other not.
    assert ((np.isfinite(there) == np.isfinite(back)) | (np.minimum(there, back) > LIMIT_S - 1e-3)).all()


def test_cycling_back_does_not_where_streets_are_one_way(ground: Ground) -> None:
    there, back = _there_and_back(ground, "cycle")
    both = np.isfinite(there) & np.isfinite(back)
    assert np.abs(there[both] - back[both]).max() > 10


def test_no_way_is_shorter_than_a_straight_line_and_half_of_them_are_longer_by_a_fifth_to_a_half(ground: Ground) -> None:
    homes = ground.snapped(ground.addresses, "walk")
    # To the point of each place, not to its doors: both ends of the straight line are known.
    to = ground.snapped(ground.places, "walk").assign(place=range(len(ground.places)))
    walked_m = ground.times(homes, to, len(ground.places), "walk") * MPS["walk"]
    straight_m = _straight_m(ground)
    far = np.isfinite(walked_m) & (straight_m >= 100)
    factor = walked_m[far] / straight_m[far]
    assert factor.min() > 1 - 1e-4
    assert 1.2 < np.median(factor) < 1.5
    assert 1.1 < np.quantile(factor, 0.1) < 1.3


def _straight_m(ground: Ground) -> Any:
    crs = metric_crs_of(ground.edges.geometry)
    a, b = (
        shapely.get_coordinates(
            gpd.GeoSeries.from_xy(rows["lon"].astype(float), rows["lat"].astype(float), crs=CRS84).to_crs(crs).to_numpy()
        )
        for rows in (ground.places, ground.addresses)
    )
    return np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
