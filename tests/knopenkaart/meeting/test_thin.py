# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Towns of which there is little to tell: one place, one group, no wijken, hardly any people. All run through, and claim nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.results import curves

from .grounds import assumed, town

CURVE = ("curve_points", "curve_findings", "curve_grid", "thesis", "meeting_drivers")


def told(ground: Ground) -> dict[str, pd.DataFrame]:
    of = assumed(ground)
    return protected(meet(ground, of) | curves(ground, of, draws=2), grouped=len(ground.groups) > 1)


def _of_many(places: int) -> Ground:
    return town(places=places, people=400.0)


@pytest.mark.parametrize("places", [1, 2])
def test_a_town_of_hardly_any_places_has_all_its_tables_and_no_verdict(places: int) -> None:
    found = told(town(places=places))
    assert all(len(found[name]) for name in CURVE)
    assert set(found["curve_points"]["places"]) == set(range(1, places + 1))
    assert set(found["thesis"]["verdict"]) == {"undecided"}
    assert set(found["meeting_places"]["badge"]) == {"assumed"}


def test_a_place_without_others_of_its_function_is_not_held_against_itself() -> None:
    found, several = (protected(meet(ground, assumed(ground)))["meeting_contribution"] for ground in map(_of_many, (1, 2)))
    assert len(found) == 1
    assert found[["segregation", "null_low", "null_high"]].isna().all(axis=None)
    assert several["segregation"].notna().any()


def test_where_groups_are_not_told_apart_nothing_is_told_of_another_group() -> None:
    found = told(town(groups=("all",), people=400.0))
    assert found["meeting_areas"][["faces_across", "reached_across"]].isna().all(axis=None)
    for name in ("curve_points", "curve_grid", "meeting_places"):
        assert found[name]["faces_across"].isna().all(), name
    assert found["meeting_contribution"][["across_elastic", "across_fixed", "potential_across", "segregation"]].isna().all(axis=None)
    assert found["meeting_areas"]["faces"].notna().any()


def test_without_wijken_there_is_a_curve_of_the_whole_only() -> None:
    ground = town()
    found = told(replace(ground, wijk=np.full(len(ground.ids), ""), cell_wijk=np.full(ground.setting.cells, "")))
    assert set(found["curve_points"]["area_code"]) == {"all"}
    assert set(found["meeting_areas"]["level"]) == {"all"}


def test_a_wijk_of_fewer_than_ten_people_has_no_curve() -> None:
    """The second wijk has its places, and six squares of two groups with .6 residents each: 7.2 in all."""
    ground = town(places=8, wijken=2)
    people = ground.setting.people.copy()
    people[ground.cell_wijk == "W1"] = 0.6
    found = told(replace(ground, setting=replace(ground.setting, people=people)))
    assert set(found["curve_points"]["area_code"]) == {"all", "W0"}
    row = found["meeting_areas"].query("area_code == 'W1' and group == 'all'").iloc[0]
    assert row[["people", "visits", "faces", "reached"]].isna().all()


def test_a_town_of_fewer_than_ten_people_tells_nothing_but_what_places_cost() -> None:
    found = told(town(people=0.3))
    points = found["curve_points"]
    assert points[["people", "visits", "faces", "faces_low", "encounters", "within_500"]].isna().all(axis=None)
    assert points["cost_low"].notna().all()
    assert found["meeting_contribution"].empty
