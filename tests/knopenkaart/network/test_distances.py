# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times: reckoned by heart in Toytown, held to laws in random towns, and the same for any number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import toytown
from hypothesis import given, settings
from hypothesis import strategies as st
from reckoning import dense, times_by_scipy

from knopenkaart.network import distances
from knopenkaart.network._kernels import Edges
from knopenkaart.network.distances import doors_on, homes_on, junction_times, travel_times
from knopenkaart.network.graph import edges, graph, of_arrays
from knopenkaart.network.snap import snap
from knopenkaart.policy import Policy
from knopenkaart.tables import STREETS

POLICY = Policy()
MPS = POLICY.walk_kmh / 3.6


def times(
    table: pd.DataFrame,
    homes: Sequence[toytown.Spot],
    places: Sequence[Sequence[toytown.Spot]],
    *,
    mode: str = "walk",
    limit_s: float = 900.0,
    threads: int = 1,
) -> Any:
    """Seconds from each home (column) to each place (row), which has doors at some spots."""
    snapped, doors = _snapped(table, homes, mode), _doors(table, places, mode)
    of = graph(table, mode, policy=POLICY)
    at = homes_on(of, snapped.add_prefix(f"{mode}_"), mode=mode, policy=POLICY)
    found = travel_times(of, at, doors_on(of, doors, places=len(places), policy=POLICY), limit_s=limit_s, threads=threads)
    return dense(found, (len(places), len(homes)))


def _snapped(table: pd.DataFrame, spots: Sequence[toytown.Spot], mode: str) -> pd.DataFrame:
    return snap(table, *toytown.lonlat(spots), mode=mode, max_m=POLICY.snap_m)


def _doors(table: pd.DataFrame, places: Sequence[Sequence[toytown.Spot]], mode: str) -> pd.DataFrame:
    doors = _snapped(table, [spot for spots in places for spot in spots], mode)
    return doors.assign(place=[row for row, spots in enumerate(places) for _ in spots])


@pytest.fixture(scope="module")
def town() -> pd.DataFrame:
    return edges(toytown.streets(), toytown.points(), policy=POLICY)[0]


@pytest.mark.parametrize(
    ("home", "place", "metres"),
    [
        # Along one street; across a corner; from block to block.
        ((100, 0), (300, 0), 200),
        ((100, 0), (0, 100), 200),
        ((200, 0), (200, 400), 800),
        ((200, 0), (600, 0), 400),
        ((0, 0), (800, 0), 800),
        # Twelve metres from the street to the home, eight from the street to the door.
        ((100, 12), (300, 8), 220),
        ((100, 12), (100, -8), 20),
        # Round the block both ways are as long.
        ((200, 400), (400, 200), 400),
    ],
)
def test_the_way_in_toytown_is_what_one_reckons_by_heart(
    town: pd.DataFrame, home: toytown.Spot, place: toytown.Spot, metres: float
) -> None:
    assert times(town, [home], [[place]])[0, 0] * MPS == pytest.approx(metres, abs=0.01)


def test_beyond_the_limit_there_is_nothing(town: pd.DataFrame) -> None:
    found = times(town, [(0, 0), (800, 0), (799, 0)], [[(0, 399)]], limit_s=900.0)
    # 399 m, 1,199 m and 1,198 m; 15 minutes are 1,200 m.
    assert np.isfinite(found).tolist() == [[True, True, True]]
    assert np.isfinite(times(town, [(0, 0), (800, 0)], [[(0, 399)]], limit_s=898.0)).tolist() == [[True, False]]


def test_a_home_on_a_long_street_reaches_the_place_beside_it_also_where_both_crossings_are_too_far(town: pd.DataFrame) -> None:
    assert times(town, [(190, 0), (210, 0), (300, 0)], [[(200, 0)]], limit_s=60.0).round(1).tolist() == [[7.5, 7.5, np.inf]]


def test_a_place_has_the_time_of_its_quickest_door(town: pd.DataFrame) -> None:
    doors = [(0, 0), (800, 0), (390, 0)]
    assert times(town, [(400, 0), (790, 0)], [doors])[0] * MPS == pytest.approx([10, 10], abs=0.01)


def test_two_doors_on_one_street_give_a_home_between_them_one_time(town: pd.DataFrame) -> None:
    assert times(town, [(200, 0)], [[(100, 0), (290, 0)]], limit_s=100.0)[0] * MPS == pytest.approx([90], abs=0.01)


def test_one_way_streets_bind_who_cycles_and_not_who_walks() -> None:
    ring = STREETS.frame(
        {**toytown.street([a, b], cycle="forward"), "source_id": f"way/{n}"}
        for n, (a, b) in enumerate([((0, 0), (400, 0)), ((400, 0), (400, 400)), ((400, 400), (0, 400)), ((0, 400), (0, 0))])
    )
    table = edges(ring, toytown.points(), policy=POLICY)[0]
    home, place = (100, 0), (300, 0)
    cycle_mps = POLICY.cycle_kmh / 3.6
    assert times(table, [home], [[place]], mode="cycle")[0, 0] * cycle_mps == pytest.approx(200, abs=0.05)
    assert times(table, [place], [[home]], mode="cycle")[0, 0] * cycle_mps == pytest.approx(1400, abs=0.05)
    assert times(table, [place], [[home]])[0, 0] * MPS == pytest.approx(200, abs=0.01)


def test_the_same_numbers_for_any_number_of_threads_and_any_room(town: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [(x, y) for x in range(0, 801, 50) for y in (0, 400, 800)]
    places = [[(x, 400)] for x in range(0, 801, 10)]
    once = times(town, homes, places, threads=1)
    monkeypatch.setattr(distances, "_BLOCK", 7)
    monkeypatch.setattr(distances, "_FIRST_ROWS", 3)
    for threads in (1, 2, 5):
        assert np.array_equal(times(town, homes, places, threads=threads), once)


def test_a_home_without_a_street_and_a_place_without_a_door_are_in_nobodys_reach(town: pd.DataFrame) -> None:
    found = times(town, [(100, 0), (5000, 0)], [[(0, 0)], [(9000, 0)]])
    assert np.isfinite(found).tolist() == [[True, False], [False, False]]


# --- laws --------------------------------------------------------------------------------------------------------------


@st.composite
def towns(draw: st.DrawFn) -> tuple[pd.DataFrame, list[toytown.Spot]]:
    """Toytown without some of its streets, with one-way streets and short cuts, and some spots in it."""
    gone = draw(st.sets(st.sampled_from(toytown.BLOCKS), max_size=5))
    cuts = draw(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=3))
    one_way = draw(st.sampled_from(["both", "forward", "backward"]))
    more = [toytown.street([toytown.crossing(a), (draw(st.integers(1, 799)), 99.0), toytown.crossing(b)], cycle=one_way) for a, b in cuts]
    table = edges(toytown.streets(*more, without=sorted(gone)), toytown.points(), policy=Policy(island_m=0.0))[0]
    spot = st.tuples(st.integers(-20, 820), st.integers(-20, 820))
    return table, draw(st.lists(spot, min_size=3, max_size=6))


@settings(max_examples=60, deadline=None)
@given(towns())
def test_walking_back_takes_as_long_as_walking_there(town: tuple[pd.DataFrame, list[toytown.Spot]]) -> None:
    table, spots = town
    found = times(table, spots, [[spot] for spot in spots])
    assert np.allclose(found, found.T, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_no_way_is_longer_than_the_way_over_a_third_spot(town: tuple[pd.DataFrame, list[toytown.Spot]]) -> None:
    table, spots = town
    onto_streets = [toytown.metres([_on_street(table, spot)])[0] for spot in spots if _snapped(table, [spot], "walk")["edge"].notna().all()]
    on_street = [(point.x, point.y) for point in onto_streets]
    found = times(table, on_street, [[spot] for spot in on_street], limit_s=100_000.0)
    for middle in range(len(on_street)):
        assert (found <= found[:, [middle]] + found[[middle], :] + 0.02).all()


def _on_street(table: pd.DataFrame, spot: toytown.Spot) -> Any:
    row = _snapped(table, [spot], "walk").iloc[0]
    edge = table.iloc[int(row["edge"])]
    return edge["geometry"].interpolate(float(row["at_m"]) / float(edge["length_m"]), normalized=True)


@settings(max_examples=60, deadline=None)
@given(towns(), st.sampled_from(["walk", "cycle"]), st.integers(50, 2000))
def test_every_time_is_that_of_an_independent_reckoning(town: tuple[pd.DataFrame, list[toytown.Spot]], mode: str, limit: int) -> None:
    table, spots = town
    places = [[spot, spots[0]] for spot in spots[1:]]
    found = times(table, spots, places, mode=mode, limit_s=float(limit))
    doors = _doors(table, places, mode)
    expected = times_by_scipy(table, _snapped(table, spots, mode), doors, mode=mode, policy=POLICY, limit_s=1e6)
    quickest = np.array([expected[doors["place"] == place].min(axis=0) for place in range(len(places))])
    near_limit = np.abs(quickest - limit) < 0.01
    quickest[quickest > limit] = np.inf
    assert np.allclose(found[~near_limit], quickest[~near_limit], atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29), st.integers(0, 50)), max_size=80), st.integers(1, 120)
)
def test_junction_to_junction_equals_a_slow_plain_search(count: int, rows: list[tuple[int, int, int]], limit: int) -> None:
    start, end, cost = (np.array([row[i] % (count if i < 2 else 10**9) for row in [*rows, (0, count - 1, 50)]]) for i in range(3))
    own = Edges(start.astype(np.int32), end.astype(np.int32), cost.astype(float), cost.astype(float))
    of = of_arrays(own, cost.astype(float))
    sources = np.arange(of.junctions, dtype=np.int32)
    found = dense(junction_times(of, sources, limit=float(limit)), (of.junctions, of.junctions))
    assert np.array_equal(found, _plain(of.junctions, start, end, cost, limit))


def _plain(count: int, start: Any, end: Any, cost: Any, limit: float) -> Any:
    """Bellman-Ford, as one writes it on a blackboard."""
    best = np.full((count, count), np.inf)
    np.fill_diagonal(best, 0.0)
    for _ in range(count):
        for a, b, c in zip(start, end, cost, strict=True):
            best[:, b] = np.minimum(best[:, b], best[:, a] + c)
            best[:, a] = np.minimum(best[:, a], best[:, b] + c)
    best[best > limit] = np.inf
    return best
