# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places that share most of their people, in pairs and in clusters without chains."""

from __future__ import annotations

from collections.abc import Sequence

import accesstown as town
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from knopenkaart.access import overlap
from knopenkaart.access.complete import Grounds
from knopenkaart.access.overlap import overlaps, shared
from knopenkaart.policy import Policy


def found(near: Sequence[set[int]], *, homes: int = 10, policy: Policy = town.POLICY, **columns: list[object]) -> pd.DataFrame:
    """OVERLAPS of places that have these homes (one person each) within 10 minutes."""
    who = town.people(town.homes(["a"] * homes, [1] * homes), town.residents({"a": (homes, {"all": 1.0})}), town.coverage(), policy=policy)
    rows = [{name: values[number] for name, values in columns.items()} for number in range(len(near))]
    where = town.somewhere(town.place_rows(*rows))
    times = {(place, home): 600 for place, own in enumerate(near) for home in own} | {(0, homes - 1): 601}
    both = shared(town.blocks(town.matrix(times, (len(near), homes))), who, where, policy=policy)
    return overlaps(both, where, grounds=town.whole(where), policy=policy)


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


def test_who_shares_all_shares_all_however_it_is_added_up() -> None:
    # Thirds and sevenths of people: added up along another road a sum differs in its last digits.
    rates = {leaf: 1 + number / 7 for number, leaf in enumerate("abcdefg")}
    leaves = [leaf for leaf in rates for _ in range(9)]
    dwellings = [1 / 3 + number % 5 for number in range(len(leaves))]
    sizes = {leaf: sum(many for own, many in zip(leaves, dwellings, strict=True) if own == leaf) for leaf in rates}
    homes, people = town.homes(leaves, dwellings), town.residents({leaf: (sizes[leaf], {"all": rate}) for leaf, rate in rates.items()})
    who = town.people(homes, people, town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows(*({} for _ in range(6))))
    everybody = list(range(len(leaves)))
    rows = [everybody, everybody[::-1], everybody[30:] + everybody[:30], everybody[1:], everybody[::-1][:-1], everybody[:-1]]
    first = np.cumsum([0, *(len(row) for row in rows)])
    times = csr_array((np.full(first[-1], 600, dtype=np.float32), np.concatenate(rows), first), shape=(len(rows), len(leaves)))
    table = overlaps(shared(town.blocks(times), who, where, policy=town.POLICY), where, grounds=town.whole(where), policy=town.POLICY)
    own = [set(row) for row in rows]
    assert len(table) == 15
    for pair in table.itertuples():
        a, b = own[int(pair.place_a[1])], own[int(pair.place_b[1])]
        assert (pair.shared == pair.people_a) == (pair.share_a == 1) == (a <= b)
        assert (pair.shared == pair.people_b) == (pair.share_b == 1) == (b <= a)


def test_a_pair_says_whether_the_reach_of_either_is_complete_or_crosses_the_border() -> None:
    who = town.people(town.homes(["a"], [1]), town.residents({"a": (1, {"all": 1.0})}), town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows({}, {}, {}))
    both = shared(town.blocks(town.matrix({(0, 0): 1, (1, 0): 1, (2, 0): 1}, (3, 1))), who, where, policy=town.POLICY)
    grounds = Grounds(complete=np.array([True, True, False]), border=np.array([False, True, False]), inside=np.array([1.0, 0.5, 1.0]))
    table = overlaps(both, where, grounds=grounds, policy=town.POLICY).set_index(["place_a", "place_b"])
    assert table["complete"].to_dict() == {("p0", "p1"): True, ("p0", "p2"): False, ("p1", "p2"): False}
    assert table["border"].to_dict() == {("p0", "p1"): True, ("p0", "p2"): False, ("p1", "p2"): True}


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
