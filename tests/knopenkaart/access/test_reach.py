# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""People in reach of places and places in reach of homes: added up by heart, and by a slow plain twin."""

from __future__ import annotations

from typing import Any

import accesstown as town
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.access.reach import reach_homes, reach_places
from knopenkaart.access.setting import people, places
from knopenkaart.access.tally import Tally, tally
from knopenkaart.policy import Policy

WHO, WHERE = town.somebody(), town.somewhere()


def counted(**more: Any) -> Tally:
    return tally(town.town(), more.get("who", WHO), WHERE, town.never_known(WHERE), policy=town.POLICY)


def within(**flags: bool) -> pd.DataFrame:
    rows = [{"place_id": place, "mode": "walk", "minutes": minutes} for place in WHERE.ids for minutes in town.POLICY.minutes]
    return pd.DataFrame(rows).assign(complete=flags.get("complete", True), border=flags.get("border", False))


def figures(table: pd.DataFrame, place: str, group: str, column: str = "people") -> list[float]:
    return table[(table["place_id"] == place) & (table["group"] == group)].sort_values("minutes")[column].astype(float).tolist()


def test_people_in_reach_are_the_dwellings_times_the_people_per_dwelling() -> None:
    table = reach_places(counted(), WHO, WHERE, mode="walk", policy=town.POLICY, within=within())
    # Hall: home 0 in 5 minutes (2 people), home 1 in 10 (2 more), home 2 in 15 (2 dwellings of 3 people).
    assert figures(table, "hall", "all") == [2, 4, 10]
    assert figures(table, "hall", "young") == [0.5, 1, 4]
    assert figures(table, "hall", "all", "homes") == [1, 2, 4]
    # Cafe: homes 1 and 2 (exactly 300 seconds) in 5 minutes, home 3 in 15.
    assert figures(table, "cafe", "all") == [8, 8, 14]
    assert figures(table, "mosque", "all") == [6, 6, 8]


def test_a_catchment_that_holds_a_leaf_as_a_whole_has_no_margin_from_it() -> None:
    table = reach_places(counted(), WHO, WHERE, mode="walk", policy=town.POLICY, within=within())
    assert figures(table, "hall", "all", "low")[1] == figures(table, "hall", "all", "high")[1] == 4


def test_the_margin_is_that_of_drawing_some_of_the_dwellings_of_a_leaf() -> None:
    table = reach_places(counted(), WHO, WHERE, mode="walk", policy=town.POLICY, within=within())
    # Hall within 5 minutes: 1 of the 2 dwellings of west; the household's variance 1.2^2, twice that because neighbours live alike.
    sd = np.sqrt(1 * (1 - 1 / 2) * 2.0 * 1.2**2)
    assert figures(table, "hall", "all", "high")[0] == pytest.approx(2 + 1.96 * sd)
    assert figures(table, "hall", "all", "low")[0] == pytest.approx(max(0, 2 - 1.96 * sd))
    # Of the young: a quarter of the members, each by chance, and a sixteenth of the household's variance.
    young = np.sqrt(1 * (1 - 1 / 2) * 2.0 * (0.25 * 0.75 * 2 + 0.25**2 * 1.2**2))
    assert figures(table, "hall", "young", "high")[0] == pytest.approx(0.5 + 1.96 * young)


def test_the_rounding_of_the_figures_widens_the_margin() -> None:
    who = town.somebody(width=3.0)
    table = reach_places(counted(who=who), who, WHERE, mode="walk", policy=town.POLICY, within=within())
    # The 4 people of west may be 2.5 to 5.5: evenly spread, with all of its dwellings in reach.
    assert figures(table, "hall", "all", "high")[1] == pytest.approx(4 + 1.96 * 3 / np.sqrt(12))


def test_a_figure_says_whether_it_is_assumed_complete_and_ends_at_the_border() -> None:
    who = town.somebody(basis="assumed")
    table = reach_places(counted(who=who), who, WHERE, mode="walk", policy=town.POLICY, within=within(complete=False, border=True))
    assert set(table["basis"]) == {"assumed"}
    assert not table["complete"].any()
    assert table["border"].all()


def test_the_nearest_of_each_function_and_the_third_living_room() -> None:
    nearest, counts = reach_homes(counted(), WHO, WHERE, mode="walk", policy=Policy(third=2))
    found = {(row.home, row.what): (row.place_id, round(row.minutes * 60)) for row in nearest.itertuples()}
    assert found[0, "any"] == ("hall", 100)
    assert found[0, "eat"] == ("mosque", 850)
    assert found[1, "any"] == found[1, "meet"] == ("cafe", 200)
    assert found[2, "any"] == found[2, "eat"] == ("mosque", 299)
    assert found[2, "meet"] == ("cafe", 300)
    assert (3, "any") in found
    table = counts.set_index(["home", "minutes"])
    assert table.loc[(2, 5), ["nodes", "functions"]].tolist() == [2, 2]
    assert table.loc[(2, 15), ["nodes", "functions"]].tolist() == [3, 2]
    assert table.loc[(3, 10), ["nodes", "functions"]].tolist() == [0, 0]


def test_the_second_living_room_is_a_choice() -> None:
    found = tally(town.town(), WHO, WHERE, town.never_known(WHERE), policy=Policy(third=2))
    nearest, _ = reach_homes(found, WHO, WHERE, mode="walk", policy=Policy(third=2))
    rows = nearest[nearest["what"] == "third_living_room"].set_index("home")
    assert rows["place_id"].to_dict() == {1: "hall", 2: "hall"}
    assert (rows["minutes"] * 60).round().to_dict() == {1: 400, 2: 700}


def test_places_that_do_not_count_have_people_in_reach_but_are_near_nobody() -> None:
    table = town.TABLE.assign(status=["open", "planned", "open"])
    where = town.somewhere(table)
    found = tally(town.town(), WHO, where, town.never_known(where), policy=town.POLICY)
    assert found.people[1, 2, 0] == 14
    assert found.near.place[1, 0] == 0
    assert found.near.nodes[3].tolist() == [0, 0, 0]


def test_closed_digital_and_small_places_are_not_looked_at() -> None:
    table = town.place_rows({"status": "closed"}, {"digital": True, "lon": None, "lat": None}, {"small_spot": True}, {"id": "open"})
    assert places(table, functions=("meet",), counting={"community_centre"}).ids.tolist() == ["open"]


def test_a_group_is_not_complete_where_a_home_in_reach_has_no_figures_of_it() -> None:
    known = {"west": (2.0, {"all": 2.0, "young": 0.5}), "east": (4.0, {"all": 3.0})}
    table = town.homes(["west", "west", "east", "east"], [1, 1, 2, 2])
    who = people(table, town.residents(known), town.coverage(), policy=town.POLICY)
    told = reach_places(counted(who=who), who, WHERE, mode="walk", policy=town.POLICY, within=within())
    # Home 2, in the east, is 700 s from the hall, 300 from the cafe.
    assert figures(told, "hall", "young", "complete") == [True, True, False]
    assert figures(told, "cafe", "young", "complete") == [False, False, False]
    assert told[told["group"] == "all"]["complete"].all()


def test_no_figure_is_complete_where_a_home_in_reach_lies_in_no_area_with_figures() -> None:
    table = town.homes(["west", "west", "nowhere", "nowhere"], [1, 1, 2, 2], snapped=[True, True, True, False])
    who = people(table, town.residents({"west": (2.0, {"all": 2.0, "young": 0.5})}), town.coverage(), policy=town.POLICY)
    told = reach_places(counted(who=who), who, WHERE, mode="walk", policy=town.POLICY, within=within())
    for group in ("all", "young"):
        assert figures(told, "hall", group, "complete") == [True, True, False]


def test_the_nearest_is_complete_where_no_unknown_place_can_be_nearer() -> None:
    # Metres at 4.8 km/h: 240 m is 180 s, 360 m 270 s, 398 m 298.5 s, 1,067 m 800.25 s.
    who = town.somebody(sure_m=[240.0, None, 398.0, 1067.0])
    nearest, _ = reach_homes(counted(who=who), who, WHERE, mode="walk", policy=Policy(third=2))
    told = {(row.home, row.what): bool(row.complete) for row in nearest.itertuples()}
    assert (told[0, "any"], told[0, "eat"]) == (True, False), "100 and 850 s"
    assert (told[1, "any"], told[1, "eat"]) == (True, True), "all is covered"
    assert (told[2, "any"], told[2, "meet"]) == (False, False), "299 and 300 s"
    assert told[3, "any"], "800 s"


def test_people_without_a_street_are_in_nobodys_reach() -> None:
    table = town.homes(["west", "west", "east", "east"], [1, 1, 2, 2], snapped=[False, True, True, True])
    who = people(table, town.residents(town.WEST_EAST), town.coverage(), policy=town.POLICY)
    found = tally(town.town(), who, WHERE, town.never_known(WHERE), policy=town.POLICY)
    assert found.people[0, :, 0].tolist() == [0, 2, 8]


# --- laws -------------------------------------------------------------------------------------------------------------


@st.composite
def towns(draw: st.DrawFn) -> tuple[dict[tuple[int, int], int], list[int], list[int], list[list[str]]]:
    places_, homes_ = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    pairs = st.tuples(st.integers(0, places_ - 1), st.integers(0, homes_ - 1))
    times = draw(st.dictionaries(pairs, st.integers(0, 900), min_size=1, max_size=30))
    leaves = draw(st.lists(st.integers(0, 2), min_size=homes_, max_size=homes_))
    dwellings = draw(st.lists(st.integers(1, 9), min_size=homes_, max_size=homes_))
    own = st.lists(st.sampled_from(town.FUNCTIONS), unique=True)
    return times, leaves, dwellings, draw(st.lists(own, min_size=places_, max_size=places_))


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(1, 3))
def test_the_counts_are_those_of_a_slow_plain_twin(of: Any, size: int) -> None:
    times, leaves, dwellings, functions = of
    rates = {"0": 1.5, "1": 2.0, "2": 2.75}
    per_leaf = {leaf: sum(many for own, many in zip(leaves, dwellings, strict=True) if str(own) == leaf) for leaf in rates}
    held = {leaf: (float(many), {"all": rates[leaf]}) for leaf, many in per_leaf.items() if many}
    who = people(town.homes([str(leaf) for leaf in leaves], dwellings), town.residents(held), town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows(*({"functions": own} for own in functions)))
    whole = town.matrix(times, (len(functions), len(leaves)))
    found = tally(town.blocks(whole, size), who, where, town.never_known(where), policy=town.POLICY)
    for band, minutes in enumerate(town.POLICY.minutes):
        for place in range(len(functions)):
            near = [home for (own, home), seconds in times.items() if own == place and seconds <= minutes * 60]
            assert found.people[place, band, 0] == pytest.approx(sum(dwellings[home] * rates[str(leaves[home])] for home in near))
            assert found.dwellings[place, band] == sum(dwellings[home] for home in near)
        for home in range(len(leaves)):
            near = [place for (place, own), seconds in times.items() if own == home and seconds <= minutes * 60]
            assert found.near.nodes[home, band] == len(near)
            mask = {name for place in near for name in functions[place]}
            assert bin(found.near.functions[home, band]).count("1") == len(mask)
    for home in range(len(leaves)):
        for thing, what in enumerate(where.what):
            reached = [s for (place, own), s in times.items() if own == home and (what == "any" or what in functions[place])]
            assert found.near.best[home, thing] == min(reached, default=np.inf)
    # A catchment never holds more people than were placed.
    assert (found.people[:, :, 0] <= who.per_home.sum() + 1e-9).all()
    assert (np.diff(found.people, axis=1) >= -1e-12).all()
