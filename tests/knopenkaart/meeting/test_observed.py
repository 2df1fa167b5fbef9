# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was counted and answered: from own tables, and from what was released, to what the choice is calibrated on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from knopenkaart.errors import KnopenkaartError
from knopenkaart.meeting.ground import profiles
from knopenkaart.meeting.observed import NOTHING, Told, observed_of, released, told, with_times
from knopenkaart.meeting.towns import believed
from knopenkaart.tables import CARDS
from knopenkaart.visits.observed import ALL_GROUPS

from .grounds import AGES, town

GROUND = town()
DAY = pd.Timestamp("2025-03-10")


def card(number: int, place: str, *, frequency: int | None = None, origin: str | None = None) -> dict[str, Any]:
    return {"place_id": place, "card": str(number), "date": DAY, "frequency": frequency, "origin": origin}


def cell(group: str, value: float, state: str = "shown") -> dict[str, Any]:
    return {"group": group, "state": state, "value": value, "weeks": 4, "reason": None}


def questions(**answers: list[tuple[str, int | None]]) -> dict[str, Any]:
    rows = {name: [{"answer": answer, "cards": cards} for answer, cards in given] for name, given in answers.items()}
    return {"cards": {"cards": 60, "questions": rows}}


def test_what_was_released_of_counts_is_used_and_what_is_hidden_is_not() -> None:
    groups = [cell(AGES[-2], 30.0), cell(AGES[-1], 50.0)]
    counting = {"how": "visits", "week": cell("all", 80.0), "groups": groups}
    hidden = {"how": "visits", "week": cell("all", 90.0), "groups": [groups[0], cell(AGES[-1], 0.0, "hidden")]}
    documents = {"p0": {"counting": counting}, "p1": {"counting": hidden}, "p2": {"counting": {"how": "present", "week": cell("all", 9.0)}}}
    found = observed_of(GROUND, released(documents | {"elsewhere": {"counting": counting}})).counts
    assert found.place.tolist() == [0, 0, 1]
    assert found.group.tolist() == [0, 1, ALL_GROUPS]
    assert found.visits.tolist() == [120.0, 200.0, 360.0]
    assert set(found.weeks.tolist()) == {4.0}
    assert found.sheet.tolist() == [0, 0, 1], "groups of one place were counted together"


def test_cards_of_ones_own_are_counted_answer_by_answer() -> None:
    rows = [
        card(1, "p0", frequency=8, origin="1000"),
        card(2, "p0", frequency=8, origin="1000"),
        card(3, "p0", frequency=28, origin="1002"),
        card(4, "p1", frequency=0, origin="9999"),
        card(5, "elsewhere", frequency=3, origin="1000"),
        card(6, "p1"),
    ]
    found = observed_of(GROUND, told(cards=CARDS.frame(rows)))
    assert sorted(found.frequencies.times.tolist()) == [8, 8, 28], "who says 0 times was not there"
    assert not found.frequencies.bands
    assert (found.origins.place.tolist(), found.origins.area.tolist(), found.origins.people.tolist()) == ([0, 0], [0, 2], [2.0, 1.0])
    assert found.origins.complete
    assert found.area.tolist() == [at * 3 // 12 for at in range(12)]


def test_released_answers_are_bands_and_postcodes_of_which_small_numbers_are_hidden() -> None:
    document = questions(frequency=[("8_or_more", 22), ("4_7", 18), ("2_3", None), ("first", None)], origin=[("1001", 12), ("1000", 30)])
    found = observed_of(GROUND, released({"p3": document}))
    assert not found.origins.complete
    assert found.origins.people.tolist() == [12.0, 30.0]
    (bands,) = found.frequencies.bands
    assert dict(zip(zip(bands.least.tolist(), bands.most.tolist(), strict=True), bands.people.tolist(), strict=True)) == {
        (8, 28): 22.0,
        (4, 7): 18.0,
    }


def test_where_visitors_named_buurten_these_are_used() -> None:
    ground = replace(GROUND, cell_buurt=np.array(["BU1"] * 6 + ["BU2"] * 6))
    document = questions(origin=[("BU1", 40), ("BU2", 20), ("1000", 12)])
    found = observed_of(ground, released({"p0": document}))
    assert found.origins.people.tolist() == [40.0, 20.0]
    assert found.area.tolist() == [0] * 6 + [1] * 6


def test_a_square_without_a_postcode_is_in_none() -> None:
    ground = replace(GROUND, cell_postcode=np.array(["", *GROUND.cell_postcode[1:]]))
    assert observed_of(ground, released({"p0": questions(origin=[("1000", 12)])})).area[0] == -1


def test_nothing_told_is_nothing_observed() -> None:
    found = observed_of(GROUND, NOTHING)
    assert not len(found.counts.place)
    assert not len(found.origins.place)
    assert not len(found.frequencies.nest)
    assert set(believed(GROUND, found).fitted.visits.badge) == {"assumed"}


def test_answers_alone_tell_of_distance_and_of_how_often_and_count_no_place() -> None:
    # Nearly all visitors of a place at an end live in the third around it; of the farthest it is hidden how many.
    near = [("1000", 900), ("1001", 12)], [("1001", 12), ("1002", 900)]
    often = [("8_or_more", 400), ("4_7", 20), ("2_3", 12), ("first", 12)]
    documents = {place: questions(origin=near[int(place in {"p4", "p5"})], frequency=often) for place in ("p0", "p1", "p4", "p5")}
    ground = town(groups=AGES[-1:])
    before, after = believed(ground), believed(ground, observed_of(ground, released(documents)))
    assert (after.parameters.beta > before.parameters.beta).all()
    assert after.parameters.onsite[0, -1] > before.parameters.onsite[0, -1]
    assert not after.counted.any()


def test_a_table_of_cards_that_is_none_is_refused() -> None:
    with pytest.raises(KnopenkaartError, match="cards"):
        told(cards=pd.DataFrame({"place_id": ["p0"]}))
    assert isinstance(told(), Told)


def daypart(slot: str, value: float | None, *, group: str = "all", state: str = "shown") -> dict[str, Any]:
    return cell(group, value, state) | {"slot": slot}  # type: ignore[arg-type]


def counted_by_daypart(*slots: dict[str, Any], week: float = 100.0, groups: tuple[dict[str, Any], ...] = ()) -> Told:
    cells = [one for one in slots if one["group"] != "all"]
    own = [one for one in slots if one["group"] == "all"]
    return released({"p1": {"counting": {"how": "visits", "week": cell("all", week), "slots": own, "groups": groups, "cells": cells}}})


def times(known: Told) -> Any:
    """Per daypart the part of all visits to the second place, of everybody, and the ground."""
    ground = with_times(GROUND, known)
    return ground, {slot.id: float(value) for slot, value in zip(ground.slots, profiles(ground)[1].mean(axis=0), strict=True) if value > 0}


def test_people_come_when_they_were_counted() -> None:
    ground, found = times(counted_by_daypart(daypart("sa_morning", 70.0), daypart("we_afternoon", 30.0)))
    assert found == pytest.approx({"sa_morning": 0.7, "we_afternoon": 0.3}, abs=0.02)
    assert ground.when_counted.tolist() == [False, True, *[False] * (len(ground.ids) - 2)]
    assert ground.open_in[1].sum() == 2
    before = profiles(GROUND)
    assert (np.delete(profiles(ground), 1, axis=0) == np.delete(before, 1, axis=0)).all()


def test_what_is_hidden_of_some_dayparts_is_spread_evenly_over_these() -> None:
    slots = [daypart("sa_morning", 60.0), *(daypart(slot, None, state="hidden") for slot in ("we_afternoon", "th_afternoon"))]
    assert times(counted_by_daypart(*slots))[1] == pytest.approx({"sa_morning": 0.6, "we_afternoon": 0.2, "th_afternoon": 0.2}, abs=0.03)


def test_a_group_comes_in_the_dayparts_in_which_it_was_counted() -> None:
    slots = [daypart("sa_morning", 50.0), daypart("we_afternoon", 50.0)]
    slots += [daypart("sa_morning", 20.0, group=AGES[-1]), daypart("we_afternoon", 0.0, group=AGES[-1])]
    ground = with_times(GROUND, counted_by_daypart(*slots, groups=(cell(AGES[-1], 20.0),)))
    found = profiles(ground)[1, ground.groups.index(AGES[-1])]
    assert {slot.id: value for slot, value in zip(ground.slots, found, strict=True) if value} == {"sa_morning": 1.0}


@pytest.mark.parametrize(
    "known",
    [
        counted_by_daypart(daypart("sa_morning", 70.0), daypart("we_afternoon", None, state="not_enough")),
        counted_by_daypart(week=100.0),
        counted_by_daypart(daypart("sa_morning", 0.0), week=0.0),
        NOTHING,
    ],
)
def test_where_not_every_daypart_was_counted_the_times_stay_assumed(known: Told) -> None:
    ground = with_times(GROUND, known)
    assert not ground.when_counted.any()
    assert (profiles(ground) == profiles(GROUND)).all()


def test_sessions_that_are_added_are_as_busy_as_those_that_were_counted() -> None:
    ground, _ = times(counted_by_daypart(daypart("sa_morning", 70.0), daypart("we_afternoon", 30.0)))
    found = profiles(ground, spread=2.0)[1].mean(axis=0)
    assert (found > 0).sum() == 4
    assert np.sort(found[found > 0]) == pytest.approx([0.15, 0.25, 0.25, 0.35], abs=0.02)
