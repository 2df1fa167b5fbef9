# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places that share most of their people, in pairs and in clusters without chains."""

from __future__ import annotations

from collections.abc import Sequence

import accesstown as town
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.access import overlap
from knopenkaart.access.overlap import overlaps, shared
from knopenkaart.policy import Policy


def found(near: Sequence[set[int]], *, homes: int = 10, policy: Policy = town.POLICY, **columns: list[object]) -> pd.DataFrame:
    """OVERLAPS of places that have these homes (one person each) within 10 minutes."""
    who = town.people(town.homes(["a"] * homes, [1] * homes), town.residents({"a": (homes, {"all": 1.0})}), town.coverage(), policy=policy)
    rows = [{name: values[number] for name, values in columns.items()} for number in range(len(near))]
    where = town.somewhere(town.place_rows(*rows))
    times = {(place, home): 600 for place, own in enumerate(near) for home in own} | {(0, homes - 1): 601}
    return overlaps(shared(town.blocks(town.matrix(times, (len(near), homes))), who, where, policy=policy), where, policy=policy)


def pairs(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.place_a, row.place_b): row.shared for row in table.itertuples()}


def test_two_places_that_share_most_of_their_people_are_a_pair() -> None:
    table = found([{0, 1, 2, 3}, {1, 2, 3, 4, 5}])
    assert pairs(table) == {("p0", "p1"): 3}
    row = table.iloc[0]
    assert (row["people_a"], row["people_b"], row["share_a"], row["share_b"]) == (4, 5, 3 / 4, 3 / 5)
    assert row["functions"] == ["meet"]


def test_a_small_place_inside_a_large_catchment_is_no_pair() -> None:
    assert pairs(found([{0, 1, 2, 3, 4}, {0, 1}])) == {}


def test_half_of_both_is_enough_and_less_is_not() -> None:
    assert pairs(found([{0, 1}, {1, 2}])) == {("p0", "p1"): 1}
    assert pairs(found([{0, 1, 2}, {2, 3}])) == {}


def test_places_that_nobody_reaches_share_nothing() -> None:
    assert pairs(found([set(), set(), {0}])) == {}


def test_a_place_that_is_no_node_has_no_pair() -> None:
    assert pairs(found([{0, 1}, {0, 1}], status=["open", "vacant"])) == {}


def test_all_that_share_with_each_other_are_one_cluster() -> None:
    table = found([{0, 1, 2, 3}, {0, 1, 2}, {0, 1, 2, 4}, {7, 8}, {7, 8}])
    clusters = {(row.place_a, row.place_b): row.cluster for row in table.itertuples()}
    first = {clusters[pair] for pair in [("p0", "p1"), ("p0", "p2"), ("p1", "p2")]}
    assert len(first) == 1
    assert clusters["p3", "p4"] not in first


def test_a_chain_of_neighbours_is_not_one_cluster() -> None:
    chain = [{number, number + 1} for number in range(6)]
    table = found(chain)
    assert len(table) == 5
    sizes = table.dropna(subset="cluster").groupby("cluster").size()
    assert sizes.max() == 1
    assert table["cluster"].isna().sum() > 0


def test_rivals_are_other_places_with_the_function_that_somebody_has_near_as_well() -> None:
    who = town.people(town.homes(["a"] * 3, [1] * 3), town.residents({"a": (3, {"all": 1.0})}), town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows({}, {"functions": ["meet", "eat"]}, {"functions": ["eat"]}))
    times = {(0, 0): 10, (1, 0): 600, (1, 1): 10, (2, 1): 10, (2, 2): 10}
    rivals = shared(town.blocks(town.matrix(times, (3, 3))), who, where, policy=town.POLICY).rivals
    assert rivals.tolist() == [[1, 0], [1, 1], [0, 1]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=2, max_size=7), st.integers(1, 4))
def test_every_pair_and_cluster_holds_what_it_says(near: list[set[int]], block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(overlap, "_BLOCK", block)
        table = found(near)
    number = {f"p{place}": own for place, own in enumerate(near)}
    expected = {
        (f"p{a}", f"p{b}"): len(near[a] & near[b])
        for a in range(len(near))
        for b in range(a + 1, len(near))
        if len(near[a] & near[b]) * 2 >= max(len(near[a]), len(near[b]))
    }
    assert pairs(table) == expected
    for _, rows in table.dropna(subset="cluster").groupby("cluster"):
        members = sorted(set(rows["place_a"]) | set(rows["place_b"]))
        for a in members:
            for b in members:
                assert len(number[a] & number[b]) * 2 >= max(len(number[a]), len(number[b]))
