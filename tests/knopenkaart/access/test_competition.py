# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Floating catchments equal those of PySAL's `access`, conserve the supply, and divide every person once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import access as pysal
import accesstown as town
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.access.competition import Catchments, competition, floating_catchments, supply
from knopenkaart.access.complete import Grounds
from knopenkaart.access.setting import People, Places
from knopenkaart.access.tally import tally

WHO, WHERE = town.somebody(), town.somewhere()


def made(times: Any, who: People, where: Places, grounds: Grounds | None = None) -> Catchments:
    when = town.never_known(where)
    found = tally(times(), who, where, when, policy=town.POLICY)
    return floating_catchments(times, found, who, where, when, grounds=grounds or town.whole(where), policy=town.POLICY)


def test_the_persons_of_a_place_are_those_in_its_catchment() -> None:
    found = made(town.town, WHO, WHERE)
    assert found.offer.demand.tolist() == [10, 14, 8]
    # Hall: 2 people in the first ring, 2 in the second, 6 in the third.
    assert found.offer.weighted[0] == pytest.approx(2 * 1.0 + 2 * 0.68 + 6 * 0.22)


def test_every_home_adds_up_what_its_places_offer_per_person() -> None:
    found = made(town.town, WHO, WHERE)
    meet, eat = 0, 1
    assert found.supply.plain[0, meet] == pytest.approx(1 / 10)
    assert found.supply.plain[2, meet] == pytest.approx(1 / 10 + 1 / 14)
    assert found.supply.plain[2, eat] == pytest.approx(1 / 14 + 1 / 8)
    assert found.supply.weighted[2, meet] == pytest.approx(0.22 / found.offer.weighted[0] + 1.0 / found.offer.weighted[1])
    assert found.supply.choices.tolist() == [[1, 1], [2, 1], [2, 2], [1, 1]]


def test_people_are_divided_over_the_places_that_they_can_choose_from() -> None:
    found = made(town.town, WHO, WHERE)
    # Meeting: home 0 has the hall alone, homes 1 and 2 have both, home 3 the cafe alone.
    assert found.divided[:, 0].tolist() == [2 + 1 + 3, 1 + 3 + 6, 0]
    assert found.divided[:, 1].tolist() == [0, 2 + 3 + 6, 2 + 3]


def test_the_tables_say_it_per_place_and_per_area() -> None:
    found = made(town.town, WHO, WHERE)
    table = competition(found, WHERE, basis="estimated").set_index(["place_id", "function"])
    assert list(table.index) == [("hall", "meet"), ("cafe", "meet"), ("cafe", "eat"), ("mosque", "eat")]
    assert table.loc[("hall", "meet"), ["rivals", "people", "people_divided"]].tolist() == [1, 10, 6]
    per_area = supply(found, WHO, WHERE, policy=town.POLICY).set_index(["area_code", "group", "function"])
    mean = (2 * 1 / 10 + 2 * (1 / 10 + 1 / 14) + 6 * (1 / 10 + 1 / 14) + 6 / 14) / 16
    assert per_area.loc[("town", "all", "meet"), "per_1000"] == pytest.approx(1000 * mean)
    assert per_area.loc[("town", "all", "meet"), "people"] == 16


def test_all_residents_together_have_as_many_places_as_there_are() -> None:
    found = made(town.town, WHO, WHERE)
    assert (WHO.per_home @ found.supply.plain).tolist() == pytest.approx([2, 2])


# --- across the border, and where sources hold only a part --------------------------------------------------------------


def grounds(inside: Sequence[float], complete: Sequence[bool] = (True, True, True)) -> Grounds:
    return Grounds(complete=np.array(complete), border=np.array(inside) < 1, inside=np.array(inside))


def supplied(of: Catchments, who: People = WHO, where: Places = WHERE) -> pd.DataFrame:
    return supply(of, who, where, policy=town.POLICY).set_index(["area_code", "group", "function"])


def test_a_place_that_serves_both_sides_of_the_border_is_divided_over_both() -> None:
    # 1,000 dwellings of two people with a node of their own; ten people reach the node of the neighbours, of whose ground a 200th is here.
    who = town.people(
        town.homes(["a", "a"], [995, 5]), town.residents({"a": (1000.0, {"all": 2.0})}), town.coverage(a="covered"), policy=town.POLICY
    )
    where = town.somewhere(town.place_rows({}, {"neighbour": True}))
    whole = town.matrix({(0, 0): 10, (0, 1): 10, (1, 1): 900}, (2, 2))
    found = made(lambda: town.blocks(whole), who, where, grounds([1.0, 0.005], [True, True]))
    row = supplied(found, who, where).loc[("a", "all", "meet")]
    assert row["per_1000"] == pytest.approx(1000 * (2000 * 1 / 2000 + 10 * 0.005 / 10) / 2000)
    assert row["per_1000"] == pytest.approx(0.5025)
    # Within the last band of the enhanced form the weight is the same for the place and its people, and falls out.
    assert row["per_1000_weighted"] == pytest.approx(0.5025)
    assert row["border"]


def test_supply_tells_the_part_of_each_place_that_is_here() -> None:
    found = made(town.town, WHO, WHERE, grounds([1.0, 0.25, 0.5]))
    assert (WHO.per_home @ found.supply.plain).tolist() == pytest.approx([1 + 0.25, 0.25 + 0.5])
    assert found.supply.plain[2].tolist() == pytest.approx([1 / 10 + 0.25 / 14, 0.25 / 14 + 0.5 / 8])
    # Who divides themselves does so over whole places.
    assert found.divided.tolist() == made(town.town, WHO, WHERE).divided.tolist()


def test_the_border_is_told_of_places_and_of_areas_from_which_such_a_place_is_reached() -> None:
    found = made(town.town, WHO, WHERE, grounds([0.5, 1.0, 1.0]))
    table = competition(found, WHERE, basis="estimated").set_index(["place_id", "function"])
    assert table["border"].to_dict() == {("hall", "meet"): True, ("cafe", "meet"): False, ("cafe", "eat"): False, ("mosque", "eat"): False}
    told = supplied(found)["border"]
    # The hall, where one meets, is reached from homes 0 to 2: from west and from east.
    assert told.xs("all", level="group").to_dict() == {
        (area, function): function == "meet" for area in ("west", "east", "wijk", "town") for function in ("meet", "eat")
    }


def test_supply_is_complete_where_all_who_can_be_at_its_places_are_known() -> None:
    found = made(town.town, WHO, WHERE, grounds([1.0, 1.0, 1.0], [False, True, True]))
    told = supplied(found)["complete"]
    # Not all of the hall's people are known: for whom has it in reach, the supply of places to meet is too high.
    assert [bool(told[area, "all", "meet"]) for area in ("west", "east", "wijk", "town")] == [False, False, False, False]
    assert [bool(told[area, "all", "eat"]) for area in ("west", "east", "wijk", "town")] == [True, True, True, False]
    assert competition(found, WHERE, basis="estimated").set_index(["place_id", "function"])["complete"].to_dict() == {
        ("hall", "meet"): False,
        ("cafe", "meet"): True,
        ("cafe", "eat"): True,
        ("mosque", "eat"): True,
    }


def test_supply_is_complete_where_all_ground_within_the_longest_time_is_known() -> None:
    # 1,200 m is 900 s, the longest of the minutes; a metre less is too near.
    who = town.somebody(sure_m=[None, 1200.0, 1199.0, None])
    told = supplied(made(town.town, who, WHERE), who)["complete"]
    assert [bool(told[area, "all", "eat"]) for area in ("west", "east", "wijk")] == [True, False, False]


def test_supply_tells_how_many_have_any_place_in_reach() -> None:
    table = supplied(made(town.town, WHO, WHERE))
    assert table["reached"].xs("all", level="group").to_dict() == {
        **{("west", function): 4 for function in ("meet", "eat")},
        **{("east", function): 12 for function in ("meet", "eat")},
        **{(area, function): 16 for area in ("wijk", "town") for function in ("meet", "eat")},
    }
    near = {pair: seconds for pair, seconds in town.TIMES.items() if pair[1] != 3}
    table = supplied(made(lambda: town.blocks(town.matrix(near, (3, 4))), WHO, WHERE))
    # Home 3, two dwellings of three people of whom 1.5 young, has nothing.
    assert table.loc[("town", "all", "meet"), ["people", "reached"]].tolist() == [16, 10]
    assert table.loc[("east", "young", "eat"), ["people", "reached"]].tolist() == [6, 3]


def test_supply_of_a_group_is_told_where_its_people_are_known() -> None:
    known = {"west": (2.0, {"all": 2.0, "young": 0.5}), "east": (4.0, {"all": 3.0})}
    homes = town.homes(["west", "west", "east", "east"], [1, 1, 2, 2])
    who = town.people(homes, town.residents(known), town.coverage(), policy=town.POLICY)
    table = supplied(made(town.town, who, WHERE), who)
    assert {area for area, group, _ in table.index if group == "young"} == {"west"}


# --- laws ---------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 7)), st.integers(0, 900), min_size=1, max_size=30),
    st.lists(st.lists(st.sampled_from(town.FUNCTIONS), unique=True), min_size=5, max_size=5),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.integers(1, 5),
)
def test_rivals_are_the_other_places_with_the_function_that_anybody_in_the_catchment_can_reach(
    times: dict[tuple[int, int], int], functions: list[list[str]], inhabited: list[bool], size: int
) -> None:
    leaves = ["a" if lived_in else "empty" for lived_in in inhabited]
    rates = {"a": (8.0, {"all": 1.0}), "empty": (8.0, {"all": 0.0})}
    who = town.people(town.homes(leaves, [1] * 8), town.residents(rates), town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows(*({"functions": own} for own in functions)))
    whole = town.matrix(times, (5, 8))
    found = made(lambda: town.blocks(whole, size), who, where)
    reach = {place: {home for (own, home) in times if own == place and inhabited[home]} for place in range(5)}
    for place in range(5):
        for number, name in enumerate(town.FUNCTIONS):
            others = [other for other in range(5) if other != place and name in functions[other] and reach[place] & reach[other]]
            assert found.rivals[place, number] == (len(others) if name in functions[place] else 0)


@st.composite
def towns(draw: st.DrawFn) -> tuple[dict[tuple[int, int], int], list[int], int]:
    places_, homes_ = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    pairs = st.tuples(st.integers(0, places_ - 1), st.integers(0, homes_ - 1))
    times = draw(st.dictionaries(pairs, st.integers(0, 900), min_size=1, max_size=30))
    return times, draw(st.lists(st.integers(1, 9), min_size=homes_, max_size=homes_)), places_


@settings(max_examples=40, deadline=None)
@given(towns())
def test_it_equals_the_floating_catchments_of_pysal(of: tuple[dict[tuple[int, int], int], list[int], int]) -> None:
    times, dwellings, count = of
    who = town.people(
        town.homes(["a"] * len(dwellings), dwellings),
        town.residents({"a": (float(sum(dwellings)), {"all": 2.5})}),
        town.coverage(),
        policy=town.POLICY,
    )
    where = town.somewhere(town.place_rows(*({"functions": ["meet"]} for _ in range(count))))
    whole = town.matrix(times, (count, len(dwellings)))
    found = made(lambda: town.blocks(whole), who, where)
    plain, enhanced = _by_pysal(times, 2.5 * np.array(dwellings), count)
    assert found.supply.plain[:, 0] == pytest.approx(plain, nan_ok=True)
    assert found.supply.weighted[:, 0] == pytest.approx(enhanced, nan_ok=True)
    reached = [place for place in range(count) if found.offer.demand[place] > 0]
    assert who.per_home @ found.supply.plain[:, 0] == pytest.approx(len(reached))
    assert found.divided[:, 0].sum() == pytest.approx(who.per_home[found.supply.choices[:, 0] > 0].sum())


def _by_pysal(times: dict[tuple[int, int], int], persons: Any, count: int) -> tuple[Any, Any]:
    demand = pd.DataFrame({"home": range(len(persons)), "persons": persons})
    offer = pd.DataFrame({"place": range(count), "capacity": 1.0})
    costs = pd.DataFrame([{"home": home, "place": place, "seconds": float(cost)} for (place, home), cost in times.items()])
    found = pysal.Access(
        demand_df=demand,
        demand_index="home",
        demand_value="persons",
        supply_df=offer,
        supply_index="place",
        supply_value="capacity",
        cost_df=costs,
        cost_origin="home",
        cost_dest="place",
        cost_name="seconds",
    )
    plain = found.two_stage_fca(name="plain", cost="seconds", max_cost=900)
    zones = pysal.weights.step_fn({300: 1.0, 600: 0.68, 900: 0.22})
    enhanced = found.enhanced_two_stage_fca(name="enhanced", cost="seconds", max_cost=900, weight_fn=zones)
    return (series.iloc[:, 0].reindex(range(len(persons))).fillna(0.0).to_numpy() for series in (plain, enhanced))  # type: ignore[return-value]
