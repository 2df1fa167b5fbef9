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
HIST = histograms(FOUND, WHO, WHERE, mode="walk", policy=town.POLICY)
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
    table = reach_areas(HIST, WHO, mode="walk", policy=town.POLICY)
    found = row(table, area_code="town", group="all", what="any")
    # Minutes by people: 100 s 2, 200 s 2, 299 s 6, 800 s 6.
    assert [found[name] * 60 for name in QUANTILES] == pytest.approx([100, 200, 299, 800, 800])
    counts = row(table, area_code="town", group="all", what="nodes")
    # Nodes within 10 minutes: home 0 one, home 1 two, home 2 two, home 3 none.
    assert [counts[name] for name in QUANTILES] == [0, 0, 1, 2, 2]


def test_more_than_the_longest_time_is_empty() -> None:
    found = row(reach_areas(HIST, WHO, mode="walk", policy=town.POLICY), area_code="town", group="all", what="third_living_room")
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


# --- where sources hold only a part -------------------------------------------------------------------------------------

# Metres at 4.8 km/h to seconds: 240 m is 180 s, 360 m 270 s, 700 m 525 s. Found: any 100, 200, 299 and 800 s; eating 850, 200, 299, 800 s.
SURE_M = [240.0, 360.0, None, 700.0]


def completeness(table: pd.DataFrame, what: str, area: str = "east") -> list[bool]:
    chosen = table[(table["area_code"] == area) & (table["what"] == what) & (table["group"] == "all")]
    return [bool(value) for value in chosen.sort_values("minutes")["complete"]]


def test_a_gap_is_complete_where_no_unknown_place_can_be_near_enough() -> None:
    who = town.somebody(sure_m=SURE_M)
    table = gaps(histograms(FOUND, who, WHERE, mode="walk", policy=town.POLICY), who, mode="walk", policy=town.POLICY)
    # Home 3 has nothing within 10 minutes (600 s) and knows the ground no farther than 525 s; within 5 it knows all.
    assert completeness(table, "any") == [True, False, True]
    # Homes 0 and 1 find a node in 100 and 200 s. To eat home 0 has nothing within 10 minutes, and knows 180 s.
    assert completeness(table, "any", "west") == [True, True, True]
    assert completeness(table, "eat", "west") == [False, False, True]
    assert completeness(table, "third_living_room", "west") == [False, False, False]
    assert completeness(table, "any", "wijk") == [True, False, True]
    assert completeness(table, "any", "town") == [False, False, False], "it is not covered itself"


def test_a_bicycle_is_out_of_what_is_known_sooner() -> None:
    who = town.somebody(sure_m=SURE_M)
    hist = histograms(FOUND, who, WHERE, mode="cycle", policy=town.POLICY)
    # At 15 km/h 700 m is 168 s: home 3 has nothing within 5 minutes either.
    assert completeness(gaps(hist, who, mode="cycle", policy=town.POLICY), "any") == [False, False, True]


def test_a_distribution_is_complete_where_no_unknown_place_can_be_nearer_than_the_known_one() -> None:
    who = town.somebody(sure_m=SURE_M)
    table = reach_areas(histograms(FOUND, who, WHERE, mode="walk", policy=town.POLICY), who, mode="walk", policy=town.POLICY)
    told = {(row.area_code, row.what): bool(row.complete) for row in table[table["group"] == "all"].itertuples()}
    assert told["west", "any"], "found in 100 and 200 s, known 180 and 270 s"
    assert not told["west", "eat"], "home 0 found it in 850 s and knows 180 s"
    assert not told["east", "any"], "home 3 found it in 800 s and knows 525 s"
    # How much is near within 10 minutes: any unknown ground nearer than that may add to it.
    assert not told["west", "nodes"]
    assert not told["east", "functions"]
    assert told["east", "third_living_room"] is False, "beyond 900 s nobody looked, and home 3 knows 525 s"


def test_what_is_open_is_complete_where_all_that_is_near_is_covered() -> None:
    who = town.somebody(sure_m=[None, None, 800.0, 799.0])
    table = reach_open(FOUND, who, WHERE, town.never_known(WHERE), policy=town.POLICY).drop_duplicates("area_code").set_index("area_code")
    # 800 m is 600 s, 10 minutes; a metre less is too near.
    assert table["complete"].to_dict() == {"west": True, "east": False, "wijk": False, "town": False}


def test_less_than_a_hundredth_of_the_dwellings_in_doubt_is_a_seam() -> None:
    for doubtful, complete in ((1, True), (2, False)):
        dwellings = [200 - doubtful, doubtful]
        table = town.homes(["a", "a"], dwellings, sure_m=[None, 0.0])
        who = town.people(table, town.residents({"a": (200.0, {"all": 1.0})}), town.coverage(a="covered"), policy=town.POLICY)
        where = town.somewhere(town.place_rows({}))
        found = tally(town.blocks(town.matrix({(0, 0): 10}, (1, 2))), who, where, town.never_known(where), policy=town.POLICY)
        hist = histograms(found, who, where, mode="walk", policy=town.POLICY)
        assert completeness(gaps(hist, who, mode="walk", policy=town.POLICY), "any", "a") == 3 * [complete]


def test_a_group_without_figures_in_a_part_of_an_area_is_not_told_of_it() -> None:
    known = {"west": (2.0, {"all": 2.0, "young": 0.5}), "east": (4.0, {"all": 3.0})}
    who = town.people(
        town.homes(["west", "west", "east", "east"], [1, 1, 2, 2]), town.residents(known), town.coverage(), policy=town.POLICY
    )
    hist = histograms(FOUND, who, WHERE, mode="walk", policy=town.POLICY)
    for table in (gaps(hist, who, mode="walk", policy=town.POLICY), reach_areas(hist, who, mode="walk", policy=town.POLICY)):
        told = set(table[["area_code", "group"]].itertuples(index=False, name=None))
        assert told == {("west", "all"), ("west", "young"), ("east", "all"), ("wijk", "all"), ("town", "all")}


@st.composite
def covered_towns(draw: st.DrawFn) -> Any:
    many = draw(st.integers(1, 8))
    each = lambda of: draw(st.lists(of, min_size=many, max_size=many))  # noqa: E731
    found = each(st.one_of(st.none(), st.integers(0, 900)))
    return found, each(st.one_of(st.none(), st.integers(0, 1300))), each(st.integers(1, 99)), each(st.sampled_from("ab"))


@settings(max_examples=80, deadline=None)
@given(covered_towns())
def test_what_is_complete_is_what_a_slow_plain_twin_says(of: Any) -> None:
    found, metres, dwellings, leaves = of
    held = {leaf: [i for i, own in enumerate(leaves) if own == leaf] for leaf in sorted(set(leaves))}
    rates = {leaf: (float(sum(dwellings[i] for i in own)), {"all": 2.0}) for leaf, own in held.items()}
    table = town.homes(leaves, dwellings, sure_m=[None if m is None else float(m) for m in metres])
    who = town.people(table, town.residents(rates), town.coverage(a="covered", b="covered"), policy=town.POLICY)
    where = town.somewhere(town.place_rows({}))
    times = {(0, home): seconds for home, seconds in enumerate(found) if seconds is not None} or {(0, 0): 901}
    got = tally(town.blocks(town.matrix(times, (1, len(found)))), who, where, town.never_known(where), policy=town.POLICY)
    hist = histograms(got, who, where, mode="walk", policy=town.POLICY)
    without, spread = gaps(hist, who, mode="walk", policy=town.POLICY), reach_areas(hist, who, mode="walk", policy=town.POLICY)
    seconds = [float("inf") if value is None else float(value) for value in found]
    sure = [float("inf") if value is None else value * 3.6 / 4.8 for value in metres]
    for leaf, own in held.items():
        total = sum(dwellings[i] for i in own)
        expected = []
        for band in (300, 600, 900):
            doubt = sum(dwellings[i] for i in own if seconds[i] > band and sure[i] < band)
            expected.append(doubt == 0 or doubt < 0.01 * total)
        assert completeness(without, "any", leaf) == expected
        doubt = sum(dwellings[i] for i in own if min(seconds[i], 900) > sure[i])
        assert bool(row(spread, area_code=leaf, what="any", group="all")["complete"]) == (doubt == 0 or doubt < 0.01 * total)


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
    table = reach_open(found, WHO, WHERE, when, policy=town.POLICY)
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
    hist = histograms(found, who, where, mode="walk", policy=town.POLICY)
    got = row(reach_areas(hist, who, mode="walk", policy=town.POLICY), area_code="a", group="all", what="any")[name]
    persons = np.sort(np.repeat([seconds for seconds, _ in homes], dwellings))
    expected = persons[int(np.ceil(share * len(persons))) - 1]
    assert pd.isna(got) if expected > 900 else got * 60 == pytest.approx(expected)
