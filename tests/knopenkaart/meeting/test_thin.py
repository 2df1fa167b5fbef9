# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Towns of which there is little to tell: one place, one group, no wijken, hardly any people. All run through, and claim nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd
import pytest

from knopenkaart.meeting import results
from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.curve import curve
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.residents import where_of
from knopenkaart.visits.choice import choose

from .grounds import assumed, town

CURVE = ("curve_points", "curve_findings", "curve_grid", "thesis", "meeting_drivers")


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few towns and settings, where the product takes hundreds."""
    monkeypatch.setattr(results, "verdict", partial(results.verdict, draws=4))
    every = results.settings
    monkeypatch.setattr(results, "settings", lambda *args, **kwargs: islice(every(*args, **kwargs), 2))


def told(ground: Ground) -> dict[str, pd.DataFrame]:
    of = assumed(ground)
    found = meet(ground, of, draws=2)
    return protected(found | results.curves(ground, of, parts=found["meeting_areas"], draws=2), grouped=len(ground.groups) > 1)


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
    found, several = (protected(meet(ground, assumed(ground), draws=2))["meeting_contribution"] for ground in map(_of_many, (1, 2)))
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


@pytest.mark.parametrize("people", [0.3, 3.0, 40.0])
def test_hardly_visited_places_have_no_fewer_encounters_than_none(people: float) -> None:
    """Cohorts have less than one member there, of whom one's own visits are taken out; resident by resident it is never below 0."""
    ground = town(places=8, people=people)
    of = assumed(ground)
    found = by_cohorts(ground.setting, of.parameters, choose(ground.setting, of.parameters), where_of(ground, of.habits), of.habits)
    assert (found.encounters >= 0).all()
    assert (found.encounters_by_group >= 0).all()


def test_the_curve_of_a_hardly_visited_town_is_at_the_level_of_resident_by_resident() -> None:
    """Three visits a week per place: by cohorts and exactly it is the same to a third, and nothing is blown up between the two."""
    ground = town(places=8, people=20.0)
    points = curve(ground, assumed(ground), draws=2).band("elastic", "own")
    assert (points.encounters > 0).all()
    assert points.encounters.max() < 10 * points.encounters.min()
