# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of who meets whom add up, and tell nothing of fewer than ten people."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from knopenkaart.meeting.closing import contributions
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.towns import may_be
from knopenkaart.privacy import shown

from .grounds import assumed, town

GROUND = town(cells=10, places=6, people=120.0, kinds=("community_centre", "library"), wijken=2)
OF = assumed(GROUND)


@cache
def made() -> dict[str, pd.DataFrame]:
    return meet(GROUND, OF)


def rows(name: str, **where: str) -> pd.DataFrame:
    table = made()[name]
    for column, value in where.items():
        table = table[table[column] == value]
    return table


def test_groups_of_a_place_add_up_to_everybody() -> None:
    whole = rows("meeting_places", group="all").set_index("place_id")
    parts = made()["meeting_places"][made()["meeting_places"]["group"] != "all"].groupby("place_id")
    for column in ("visits", "encounters", "faces", "faces_across"):
        assert parts[column].sum().to_numpy(float) == pytest.approx(whole[column].to_numpy(float), rel=1e-6)
    assert set(whole["badge"]) == {"assumed"}


def test_who_is_recognised_during_a_visit_is_a_mean_over_the_visits_of_all_groups() -> None:
    table = made()["meeting_places"]
    for _, own in table.groupby("place_id"):
        whole = own.loc[own["group"] == "all", "present"].item()
        parts = own.loc[own["group"] != "all", "present"]
        assert 0 < parts.min() < whole < parts.max()
        # Not more than all who come in one daypart, and far less than all whom one recognises by way of the place.
        assert whole < own["visits"].max()


def test_dayparts_add_up_to_the_week() -> None:
    by_slot = made()["meeting_slots"].groupby("place_id")["encounters"].sum()
    whole = rows("meeting_places", group="all").set_index("place_id")["encounters"]
    assert by_slot.to_numpy(float) == pytest.approx(whole.to_numpy(float), rel=1e-6)


def test_who_recognises_whom_is_mutual() -> None:
    whole = rows("meeting_matrix", place_id="all").set_index(["group", "other"])["faces"]
    one, other = GROUND.groups
    assert whole[one, other] == pytest.approx(whole[other, one], rel=1e-6)


def test_wijken_add_up_to_the_whole() -> None:
    parts, whole = rows("meeting_areas", level="wijk", group="all"), rows("meeting_areas", level="all", group="all").iloc[0]
    assert parts["people"].sum() == whole["people"] == GROUND.setting.people.sum()
    for column in ("visits", "encounters"):
        assert (parts[column] * parts["people"]).sum() == pytest.approx(whole[column] * whole["people"], rel=0.01)
    assert (parts["faces"] * parts["people"]).sum() / parts["people"].sum() == pytest.approx(whole["faces"], rel=1e-6)


def test_municipalities_are_told_apart_where_there_are_several() -> None:
    assert "municipality" not in set(made()["meeting_areas"]["level"])
    two = replace(GROUND, cell_municipality=np.where(GROUND.cell_wijk == "W0", "GM1", "GM2"))
    areas = meet(two, assumed(two))["meeting_areas"]
    assert set(areas.loc[areas["level"] == "municipality", "area_code"]) == {"GM1", "GM2"}


def test_what_places_are_due_adds_up_to_what_is_recognised_by_way_of_shared_places() -> None:
    due, whole = rows("meeting_contribution")["attributed"].sum(), rows("meeting_areas", level="all", group="all").iloc[0]["faces"]
    assert 0.8 * whole < due <= whole


def test_a_place_that_closes_takes_most_of_what_it_is_due_and_people_choose_again() -> None:
    for item in contributions(GROUND, OF):
        assert item.elastic[0] <= item.fixed[0] + 1e-9
        assert item.potential > 0
        assert item.change in {"foyer", "joined", "seating"}


def test_how_one_sided_a_place_is_is_beside_what_chance_gives() -> None:
    """Places that are alike, among people who are alike everywhere, are no more one-sided than so many visitors are by chance."""
    found = made()["meeting_contribution"][["segregation", "null_low", "null_high"]].astype(float)
    assert (found["segregation"] < found["null_high"]).all()
    assert (found["null_low"] < found["null_high"]).all()
    assert found["null_high"].between(0.1, 0.5).all()


def test_of_fewer_than_ten_nothing_is_told() -> None:
    exact = made()["meeting_places"].assign(visits=[4.0, *[25.0] * (len(made()["meeting_places"]) - 1)])
    told = protected({"meeting_places": exact})["meeting_places"]
    assert told.loc[0, ["visits", "visits_low", "visits_high", "encounters", "faces", "faces_across"]].isna().all()
    assert set(told.loc[1:, "visits"]) == {shown(25.0)}
    assert told.loc[0, "badge"] == "assumed"


def test_a_small_area_has_no_numbers() -> None:
    table = made()["meeting_areas"].head(1).assign(people=7.0)
    told = protected({"meeting_areas": table})["meeting_areas"]
    assert told[["people", "visits", "encounters", "faces", "reached"]].isna().all(axis=None)


def test_towns_that_may_be_differ_and_are_the_same_for_the_same_seed() -> None:
    one, again = may_be(OF, 5, seed=1), may_be(OF, 5, seed=1)
    assert [item.habits for item in one] == [item.habits for item in again]
    assert len({item.habits.loyalty for item in one}) == 5
    assert all(0 < item.habits.loyalty < 1 and item.habits.times in (2, 3, 5) and item.habits.weeks in (12, 26, 52) for item in one)
