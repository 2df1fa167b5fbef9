# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Floating catchments equal those of PySAL's `access`, conserve the supply, and divide every person once."""

from __future__ import annotations

from typing import Any

import access as pysal
import accesstown as town
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.access.competition import Catchments, competition, floating_catchments, supply
from knopenkaart.access.overlap import shared
from knopenkaart.access.setting import People, Places
from knopenkaart.access.tally import tally

WHO, WHERE = town.somebody(), town.somewhere()


def made(times: Any, who: People, where: Places) -> Catchments:
    when = town.never_known(where)
    found = tally(times(), who, where, when, policy=town.POLICY)
    return floating_catchments(times, found, who, where, when, policy=town.POLICY)


def test_the_persons_of_a_place_are_those_in_its_catchment() -> None:
    found = made(town.town, WHO, WHERE)
    assert found.demand.tolist() == [10, 14, 8]
    # Hall: 2 people in the first ring, 2 in the second, 6 in the third.
    assert found.weighted[0] == pytest.approx(2 * 1.0 + 2 * 0.68 + 6 * 0.22)


def test_every_home_adds_up_what_its_places_offer_per_person() -> None:
    found = made(town.town, WHO, WHERE)
    meet, eat = 0, 1
    assert found.supply[0, meet] == pytest.approx(1 / 10)
    assert found.supply[2, meet] == pytest.approx(1 / 10 + 1 / 14)
    assert found.supply[2, eat] == pytest.approx(1 / 14 + 1 / 8)
    assert found.supply_weighted[2, meet] == pytest.approx(0.22 / found.weighted[0] + 1.0 / found.weighted[1])
    assert found.choices.tolist() == [[1, 1], [2, 1], [2, 2], [1, 1]]


def test_people_are_divided_over_the_places_that_they_can_choose_from() -> None:
    found = made(town.town, WHO, WHERE)
    # Meeting: home 0 has the hall alone, homes 1 and 2 have both, home 3 the cafe alone.
    assert found.divided[:, 0].tolist() == [2 + 1 + 3, 1 + 3 + 6, 0]
    assert found.divided[:, 1].tolist() == [0, 2 + 3 + 6, 2 + 3]


def test_the_tables_say_it_per_place_and_per_area() -> None:
    found = made(town.town, WHO, WHERE)
    rivals = shared(town.town(), WHO, WHERE, policy=town.POLICY).rivals
    within = pd.DataFrame([{"place_id": place, "mode": "walk", "minutes": 15, "complete": True} for place in WHERE.ids])
    table = competition(found, rivals, WHERE, within=within, basis="estimated", policy=town.POLICY).set_index(["place_id", "function"])
    assert list(table.index) == [("hall", "meet"), ("cafe", "meet"), ("cafe", "eat"), ("mosque", "eat")]
    assert table.loc[("hall", "meet"), ["rivals", "people", "people_divided"]].tolist() == [1, 10, 6]
    per_area = supply(found, WHO, WHERE).set_index(["area_code", "group", "function"])
    mean = (2 * 1 / 10 + 2 * (1 / 10 + 1 / 14) + 6 * (1 / 10 + 1 / 14) + 6 / 14) / 16
    assert per_area.loc[("town", "all", "meet"), "per_1000"] == pytest.approx(1000 * mean)
    assert per_area.loc[("town", "all", "meet"), "people"] == 16


def test_all_residents_together_have_as_many_places_as_there_are() -> None:
    found = made(town.town, WHO, WHERE)
    assert (WHO.per_home @ found.supply).tolist() == pytest.approx([2, 2])


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
    assert found.supply[:, 0] == pytest.approx(plain, nan_ok=True)
    assert found.supply_weighted[:, 0] == pytest.approx(enhanced, nan_ok=True)
    reached = [place for place in range(count) if found.demand[place] > 0]
    assert who.per_home @ found.supply[:, 0] == pytest.approx(len(reached))
    assert found.divided[:, 0].sum() == pytest.approx(who.per_home[found.choices[:, 0] > 0].sum())


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
