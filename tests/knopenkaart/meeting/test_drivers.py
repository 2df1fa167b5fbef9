# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What each assumption makes of the answer: of how much recognition there is, and of what fewer places would leave."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from knopenkaart.meeting.assumed import data
from knopenkaart.meeting.curve import plans_of
from knopenkaart.meeting.drivers import HALF, Driver, Drivers, drivers
from knopenkaart.visits.priors import WEEKS_PER_YEAR

from .grounds import assumed, town

KNOWN = town(cells=10, places=6, people=120.0, kinds=("community_centre", "library"), wijken=2)
# Nobody knows when the first three are open: in the usual ten dayparts.
GROUND = replace(KNOWN, hours_known=np.arange(6) >= 3)
OF = assumed(GROUND)
PLANS, _ = plans_of(GROUND, OF.parameters, [1, 3, 6])


@cache
def found() -> Drivers:
    return drivers(GROUND, OF, PLANS)


def by_name() -> dict[str, Driver]:
    return {item.name: item for item in found().items}


def test_fewer_times_in_more_weeks_make_more_recognition() -> None:
    assert by_name()["times"].faces[0] > by_name()["times"].faces[1]
    for name in ("weeks", "notices", "loyalty", "rate", "stay"):
        assert by_name()[name].faces[0] < by_name()[name].faces[1], name


def test_conventions_are_told_apart_from_what_can_be_measured() -> None:
    assert {item.name for item in found().items if item.kind == "convention"} == {"times", "weeks"}
    measurable = {"loyalty", "notices", "stay", "foyer", "demand", "dayparts", "beta", "theta", "rate", "activity"}
    assert {item.name for item in found().items if item.kind == "measurable"} == measurable


def test_what_is_taken_lies_between_the_ends_and_so_does_what_comes_of_it() -> None:
    for item in found().items:
        assert item.low <= item.value <= item.high, item.name
        if item.name in {"times", "weeks", "notices", "loyalty", "stay", "foyer", "rate"}:
            assert min(item.faces) < found().faces < max(item.faces), item.name


def test_demand_changes_what_fewer_places_leave_and_not_what_all_give() -> None:
    demand = by_name()["demand"]
    assert demand.faces == (found().faces, found().faces)
    # With fixed demand all visits go to the places that are left.
    assert demand.kept[0] > demand.kept[1] == found().kept


def test_what_is_left_is_of_half_of_the_places() -> None:
    assert found().places == 3
    # In this thin town fewer places give more.
    assert found().kept > 1


def test_how_often_visitors_come_is_as_unsure_as_ten_answers_leave_it() -> None:
    """Ten answers: the sd of the mean is the sd among the classes over the root of ten."""
    shares, often = OF.parameters.onsite[0], OF.parameters.frequency
    mean = shares @ often
    away = HALF * np.sqrt((shares @ often**2 - mean**2) / 10)
    activity = by_name()["activity"]
    assert activity.value == pytest.approx(mean)
    assert (activity.low, activity.high) == pytest.approx((mean - away, mean + away), rel=0.1)
    # The same visits by fewer people who come more often.
    assert activity.faces[0] != activity.faces[1]


def test_dayparts_are_varied_where_they_are_not_known() -> None:
    known, dayparts = data()["dayparts"], by_name()["dayparts"]
    assert (dayparts.low, dayparts.value, dayparts.high) == (known["low"], known["value"], known["high"])
    assert dayparts.faces[0] > dayparts.faces[1]
    assert "dayparts" not in {item.name for item in drivers(KNOWN, OF, PLANS[-1:]).items}


def test_visits_are_told_by_the_year() -> None:
    assert by_name()["rate"].value == pytest.approx(float(OF.parameters.rate.mean()) * WEEKS_PER_YEAR)


def test_that_which_changes_recognition_most_comes_first() -> None:
    swings = [abs(np.log(item.faces[1] / item.faces[0])) for item in found().items]
    assert swings == sorted(swings, reverse=True)
