# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is near the residents of an area: the distribution, who goes without, and what is open when."""

from __future__ import annotations

from datetime import date
from typing import Any

import accesstown as town
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.access.areas import QUANTILES, gaps, histograms, reach_areas, reach_open
from knopenkaart.access.slots import place_slots, week
from knopenkaart.access.tally import tally
from knopenkaart.policy import Policy
from knopenkaart.vocabulary import load_vocabulary

WHO, WHERE = town.somebody(), town.somewhere()
FOUND = tally(town.town(), WHO, WHERE, town.never_known(WHERE), policy=town.POLICY)
HIST = histograms(FOUND, WHO, WHERE, policy=town.POLICY)
MONDAY = date(2026, 1, 5)


def row(table: pd.DataFrame, **where: Any) -> pd.Series[Any]:
    chosen = table
    for column, value in where.items():
        chosen = chosen[chosen[column] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_who_has_none_in_reach() -> None:
    table = gaps(HIST, WHO, mode="walk", policy=town.POLICY)
    # Of the 4 + 12 people: home 3 (2 dwellings of 3 people) has nothing within 10 minutes.
    found = row(table, area_code="town", group="all", what="any", minutes=10)
    assert (found["people"], found["without"], found["share"]) == (16, 6, 6 / 16)
    assert row(table, area_code="town", group="all", what="any", minutes=15)["without"] == 0
    # Eating: home 0 takes 850 seconds, homes 1 and 2 less than 300, home 3 800.
    assert row(table, area_code="town", group="all", what="eat", minutes=10)["without"] == 2 + 6
    assert row(table, area_code="west", group="all", what="eat", minutes=10)["share"] == 0.5
    assert row(table, area_code="town", group="young", what="any", minutes=10)["without"] == 2 * 1.5


def test_what_nobody_has_in_reach_everybody_lacks() -> None:
    table = gaps(HIST, WHO, mode="walk", policy=town.POLICY)
    found = row(table, area_code="town", group="all", what="third_living_room", minutes=15)
    assert found["share"] == 1.0


def test_the_distribution_is_over_people_not_over_homes() -> None:
    table = reach_areas(HIST, WHO, mode="walk")
    found = row(table, area_code="town", group="all", what="any")
    # Minutes by people: 100 s 2, 200 s 2, 299 s 6, 800 s 6.
    assert [found[name] * 60 for name in QUANTILES] == pytest.approx([100, 200, 299, 800, 800])
    counts = row(table, area_code="town", group="all", what="nodes")
    # Nodes within 10 minutes: home 0 one, home 1 two, home 2 two, home 3 none.
    assert [counts[name] for name in QUANTILES] == [0, 0, 1, 2, 2]


def test_more_than_the_longest_time_is_empty() -> None:
    found = row(reach_areas(HIST, WHO, mode="walk"), area_code="town", group="all", what="third_living_room")
    assert found[list(QUANTILES)].isna().all()


def test_an_area_says_whether_it_is_covered_and_its_people_assumed() -> None:
    table = gaps(HIST, WHO, mode="walk", policy=town.POLICY).drop_duplicates("area_code").set_index("area_code")
    assert table["complete"].to_dict() == {"west": True, "east": True, "wijk": True, "town": False}
    assert set(table["basis"]) == {"estimated"}


def test_groups_of_areas_add_up_to_the_area_above() -> None:
    table = gaps(HIST, WHO, mode="walk", policy=town.POLICY)
    for group in ("all", "young"):
        for what in ("any", "meet", "eat"):
            parts = [row(table, area_code=code, group=group, what=what, minutes=5)["without"] for code in ("west", "east")]
            assert sum(parts) == pytest.approx(row(table, area_code="town", group=group, what=what, minutes=5)["without"])


def test_an_area_without_homes_has_no_rows() -> None:
    codes = set(gaps(HIST, WHO, mode="walk", policy=town.POLICY)["area_code"])
    assert codes == {"west", "east", "wijk", "town"}


# --- the week ---------------------------------------------------------------------------------------------------------


def open_in(hours: str | None, *, open_min: int = 60) -> dict[str, bool | None]:
    table = town.place_rows({"id": "hall", "opening_hours": hours})
    where = town.somewhere(table)
    found = place_slots(where, week(where, table, slots=load_vocabulary().week(), day=MONDAY, policy=Policy(open_min=open_min)))
    return {slot: None if pd.isna(state) else bool(state) for slot, state in zip(found["slot"], found["open"], strict=True)}


def test_a_place_is_open_in_the_dayparts_of_which_its_hours_hold_an_hour() -> None:
    found = open_in("Mo 09:00-12:30; We 17:30-20:00")
    assert [slot for slot, state in found.items() if state] == ["mo_morning", "we_evening"]
    assert found["mo_afternoon"] is False
    assert open_in("Mo 09:00-12:30", open_min=30)["mo_afternoon"] is True


def test_two_short_stretches_count_together() -> None:
    assert open_in("Mo 09:00-09:30,11:00-11:30")["mo_morning"] is True


def test_a_night_that_runs_into_the_morning_is_counted_where_it_falls() -> None:
    found = open_in("Su 22:00-10:00")
    assert found["su_evening"] is True
    assert found["mo_morning"] is True


@pytest.mark.parametrize("hours", [None, "dagelijks, zie website", ""])
def test_without_hours_that_can_be_read_nobody_knows(hours: str | None) -> None:
    assert set(open_in(hours).values()) == {None}


def test_a_place_that_is_always_open_is_open_in_every_daypart() -> None:
    assert set(open_in("24/7").values()) == {True}


def test_residents_with_something_open_near_them() -> None:
    when = week(WHERE, town.TABLE, slots=load_vocabulary().week(), day=MONDAY, policy=town.POLICY)
    found = tally(town.town(), WHO, WHERE, when, policy=town.POLICY)
    table = reach_open(found, WHO, WHERE, when)
    # On Monday morning the hall is open (homes 0 and 1), and nobody knows of the mosque (home 2).
    morning = row(table, area_code="town", what="any", slot="mo_morning")
    assert (morning["reached"], morning["reached_most"], morning["people"]) == (4, 10, 16)
    # In the evening the cafe is open, which homes 1 and 2 have within 10 minutes.
    evening = row(table, area_code="town", what="meet", slot="mo_evening")
    assert (evening["reached"], evening["reached_most"], evening["share"]) == (8, 8, 0.5)
    sunday = row(table, area_code="town", what="meet", slot="su_evening")
    assert (sunday["reached"], sunday["reached_most"]) == (0, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 901), st.integers(1, 5)), min_size=1, max_size=12), st.sampled_from(list(QUANTILES.values())))
def test_the_quantiles_are_those_of_the_people_in_a_row(homes: list[tuple[int, int]], share: float) -> None:
    times = {(0, number): seconds for number, (seconds, _) in enumerate(homes) if seconds <= 900}
    dwellings = [many for _, many in homes]
    table = town.homes(["a"] * len(homes), dwellings)
    who = town.people(table, town.residents({"a": (float(sum(dwellings)), {"all": 1.0})}), town.coverage(), policy=town.POLICY)
    where = town.somewhere(town.place_rows({}))
    whole = town.matrix(times or {(0, 0): 901}, (1, len(homes)))
    found = tally(town.blocks(whole), who, where, town.never_known(where), policy=town.POLICY)
    name = next(name for name, value in QUANTILES.items() if value == share)
    got = row(reach_areas(histograms(found, who, where, policy=town.POLICY), who, mode="walk"), area_code="a", group="all", what="any")[
        name
    ]
    persons = np.sort(np.repeat([seconds for seconds, _ in homes], dwellings))
    expected = persons[int(np.ceil(share * len(persons))) - 1]
    assert pd.isna(got) if expected > 900 else got * 60 == pytest.approx(expected)
