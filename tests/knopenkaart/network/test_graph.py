# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Streets become edges between junctions: who may go along them, how long it takes, and what hangs together."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import shapely
import toytown

from knopenkaart.network.graph import edges, graph
from knopenkaart.policy import Policy
from knopenkaart.tables import EDGES, STREETS

POLICY = Policy()


def built(streets: pd.DataFrame, points: pd.DataFrame | None = None, policy: Policy = POLICY) -> pd.DataFrame:
    return edges(streets, toytown.points() if points is None else points, policy=policy)[0]


def test_toytown_has_twelve_edges_of_five_minutes_between_nine_junctions() -> None:
    table = built(toytown.streets())
    assert len(table) == 12
    assert set(table["start"]) | set(table["end"]) == set(range(9))
    assert np.allclose(table["length_m"].astype(float), 400.0, atol=0.01)
    assert graph(table, "walk", policy=POLICY).edges.cost == pytest.approx([300.0] * 12, abs=0.01)


def test_a_street_is_cut_where_others_meet_it_and_only_there() -> None:
    long = toytown.street([(0, 0), (200, 0), (400, 0), (500, 30), (800, 0)])
    side = toytown.street([(400, 0), (400, 300)])
    table = built(STREETS.frame([long, {**side, "source_id": "way/2"}]))
    assert len(table) == 3
    assert sorted(len(line.coords) for line in table["geometry"]) == [2, 3, 3]


def test_a_bridge_does_not_meet_the_street_below_it() -> None:
    below, bridge = toytown.street([(0, 0), (400, 0)]), toytown.street([(200, -100), (200, 100)])
    assert len(built(STREETS.frame([below, {**bridge, "source_id": "way/2"}]))) == 2


def test_a_loop_and_two_streets_between_the_same_crossings_stay_apart() -> None:
    loop = toytown.street([(0, 0), (0, 100), (100, 100), (0, 0)])
    straight, round_about = toytown.street([(0, 0), (200, 0)]), toytown.street([(0, 0), (100, 80), (200, 0)])
    table = built(STREETS.frame({**row, "source_id": f"way/{n}"} for n, row in enumerate([loop, straight, round_about])))
    assert len(table) == 3
    assert (table["start"] == table["end"]).sum() == 1


@pytest.mark.parametrize(
    ("use", "walk", "cycle", "back"),
    [
        ({}, 300.0, 96.0, 96.0),
        ({"cycle": "forward"}, 300.0, 96.0, None),
        ({"cycle": "backward"}, 300.0, None, 96.0),
        ({"cycle": "no"}, 300.0, None, None),
        ({"walk": False}, None, 96.0, 96.0),
        ({"highway": "steps", "cycle": "no"}, 600.0, None, None),
        # One pushes the bicycle.
        ({"highway": "steps"}, 600.0, 600.0, 600.0),
        # Five minutes of waiting, and 400 m at 8 km/h.
        ({"highway": "ferry"}, 480.0, 480.0, 480.0),
    ],
)
def test_seconds_follow_from_the_speeds_and_from_who_may_go(
    use: dict[str, object], walk: float | None, cycle: float | None, back: float | None
) -> None:
    table = built(STREETS.frame([toytown.street([(0, 0), (400, 0)], **use)]))
    on_foot, by_bicycle = (graph(table, mode, policy=POLICY).edges for mode in ("walk", "cycle"))
    found = [on_foot.cost[0], on_foot.back[0], by_bicycle.cost[0], by_bicycle.back[0]]
    expected = [np.inf if seconds is None else seconds for seconds in (walk, walk, cycle, back)]
    assert found == pytest.approx(expected, abs=0.01)


def test_another_speed_is_another_time_on_the_same_streets() -> None:
    table = built(toytown.streets())
    assert graph(table, "walk", policy=Policy(walk_kmh=2.4)).edges.cost == pytest.approx([600.0] * 12, abs=0.02)


def test_the_line_of_an_edge_runs_from_its_start_to_its_end() -> None:
    table = built(toytown.streets())
    where: dict[int, tuple[float, float]] = {}
    for row in table.itertuples():
        for junction, position in ((row.start, 0), (row.end, -1)):
            spot = row.geometry.coords[position]
            assert where.setdefault(junction, spot) == spot


def test_streets_that_are_cut_off_are_an_island_and_are_reported() -> None:
    far = toytown.street([(3000, 0), (3300, 0)])
    table, notices = edges(toytown.streets(far), toytown.points(), policy=POLICY)
    lonely = table[table["walk_island"]]
    assert len(lonely) == 1
    assert lonely.iloc[0]["length_m"] == pytest.approx(300, abs=0.01)
    assert notices.iloc[0]["code"] == "network.islands"
    assert notices.iloc[0]["details"] == {"edges": 1, "km": 0.3, "total_km": 5.1}


def test_two_towns_that_are_both_large_are_no_islands() -> None:
    other = [toytown.street([(5000 + x, y), (5000 + u, v)]) for (x, y), (u, v) in _pairs()]
    assert not built(toytown.streets(*other))["walk_island"].any()


def _pairs() -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(toytown.crossing(a), toytown.crossing(b)) for a, b in toytown.BLOCKS]


def test_the_largest_part_is_never_an_island_however_small() -> None:
    assert not built(STREETS.frame([toytown.street([(0, 0), (100, 0)])]))["walk_island"].any()


def test_a_street_from_which_one_cannot_cycle_back_is_an_island_for_bicycles_only() -> None:
    dead_end = toytown.street([(0, 0), (-300, 0)], cycle="forward")
    table = built(toytown.streets(dead_end))
    row = table[table["length_m"] < 350].iloc[0]
    assert row["cycle_island"]
    assert not row["walk_island"]


def test_nobody_passes_a_locked_gate() -> None:
    line = STREETS.frame([toytown.street([(0, 0), (200, 0), (400, 0)])])
    gate = toytown.points(("barrier", (200, 0), {"walk": False, "cycle": False}))
    table = built(line, gate)
    assert len(table) == 2
    assert len(set(table["start"]) | set(table["end"])) == 4


def test_walkers_pass_a_gate_that_stops_bicycles() -> None:
    cross = STREETS.frame(
        [
            toytown.street([(0, 0), (200, 0), (400, 0)]),
            {**toytown.street([(200, -100), (200, 0), (200, 100)]), "source_id": "way/2"},
        ]
    )
    table = built(cross, toytown.points(("barrier", (200, 0), {"walk": True, "cycle": False})))
    connectors = table[table["highway"] == "barrier"]
    assert len(table) == 4 + 3
    assert (connectors["length_m"] == 0).all()
    assert connectors["walk"].all()
    assert set(connectors["cycle"]) == {"no"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_past_a_gate_every_street_that_one_may_walk_on_meets_every_other_whatever_the_order(order: tuple[int, ...]) -> None:
    arms = [[(0, 0), (200, 0)], [(200, 0), (200, 300)], [(200, 0), (400, 0)]]
    uses = [{}, {"walk": False}, {}]
    rows = [{**toytown.street(arms[arm], **uses[arm]), "source_id": f"way/{arm}"} for arm in order]
    table, notices = edges(STREETS.frame(rows), toytown.points(("barrier", (200, 0), {"walk": True, "cycle": False})), policy=POLICY)
    streets = table[table["highway"] != "barrier"]
    assert not streets.loc[streets["walk"], "walk_island"].any()
    assert len(notices) == 0
    # By bicycle all three end at the gate: the longest stands, the others are islands.
    assert not streets.loc[~streets["walk"], "cycle_island"].any()
    assert streets.loc[streets["walk"], "cycle_island"].all()


def test_a_gate_on_tracks_for_bicycles_alone_cuts_nobody_off() -> None:
    track = STREETS.frame([toytown.street([(0, 0), (200, 0), (400, 0)], walk=False)])
    table, notices = edges(track, toytown.points(("barrier", (200, 0), {"walk": True, "cycle": False})), policy=POLICY)
    assert len(table) == 3
    assert len(notices) == 0


def test_what_stops_walkers_alone_is_passed_by_bicycle() -> None:
    line = STREETS.frame([toytown.street([(0, 0), (200, 0), (400, 0)])])
    table = built(line, toytown.points(("barrier", (200, 0), {"walk": False, "cycle": True})))
    connector = table[table["highway"] == "barrier"].iloc[0]
    assert (bool(connector["walk"]), connector["cycle"]) == (False, "both")
    assert not table.loc[table["length_m"] > 0, "cycle_island"].any()


def test_of_two_barriers_at_one_spot_each_must_let_through() -> None:
    line = STREETS.frame([toytown.street([(0, 0), (200, 0), (400, 0)])])
    both = [("barrier", (200, 0), {"walk": True, "cycle": False}), ("barrier", (200, 0), {"walk": False, "cycle": False})]
    assert len(built(line, toytown.points(*both))) == 2
    assert len(built(line, toytown.points(*reversed(both)))) == 2


def test_points_of_another_role_and_barriers_beside_the_street_stop_nobody() -> None:
    line = STREETS.frame([toytown.street([(0, 0), (200, 0), (400, 0)])])
    beside = toytown.points(("entrance", (200, 0), {}), ("barrier", (200, 5), {"walk": False, "cycle": False}))
    assert len(built(line, beside)) == 1


def test_a_repeated_coordinate_makes_no_edge_without_length() -> None:
    corner, middle, end = (shapely.Point(spot) for spot in ((0, 0), (100, 0), (200, 0)))
    doubled = toytown.degrees([shapely.LineString([corner, corner, middle, middle, end])])[0]
    table = built(STREETS.frame([{**toytown.street([(0, 0), (1, 0)]), "geometry": doubled}]))
    assert len(table) == 1
    assert table.iloc[0]["length_m"] == pytest.approx(200, abs=0.01)


def test_without_streets_there_are_no_edges() -> None:
    table, notices = edges(STREETS.empty(), toytown.points(), policy=POLICY)
    assert list(table.columns) == list(EDGES.columns)
    assert len(table) == len(notices) == 0


def test_the_order_of_the_streets_does_not_matter() -> None:
    rows = toytown.streets()
    turned = STREETS.check(rows.iloc[::-1].reset_index(drop=True))
    one, other = built(rows), built(turned)
    assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
