# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which part of residents recognises enough others, in the towns that may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.town import Convention
from knopenkaart.meeting.ground import profiles
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.reached import MOVED, Persons, between, chances, levels, persons, shares
from knopenkaart.meeting.residents import town_of
from knopenkaart.meeting.towns import May, may_be

from .grounds import assumed, town

GROUND = town(cells=10, places=6, people=120.0, kinds=("community_centre", "library"), wijken=2)
OF = assumed(GROUND)
LIKELY = May(OF.parameters, OF.habits, ())
SHAPE = profiles(GROUND)
# So lively that some recognise enough others and some do not.
LIVELY = town(cells=10, places=4, people=150.0, kinds=("library", "community_centre"), wijken=2, slots=3)
UNKNOWN = np.full((2, 2), np.nan)


def test_residents_have_about_the_faces_that_the_exact_engine_gives_each() -> None:
    """Each by cohorts of an own place and a class of coming; those who share no own place are left out in both."""
    of = assumed(LIVELY)
    drawn = town_of(LIVELY, of.parameters, of.habits)
    exact = expected(drawn, Convention(of.habits.times, of.habits.weeks), egos=0).familiarity
    usual = persons(LIVELY, May(of.parameters, of.habits, ()), profiles(LIVELY))
    # Within a class all are alike: that leaves out some.
    assert usual.faces.mean(axis=0) == pytest.approx([exact.faces.mean(), exact.faces_across.mean()], rel=0.2)
    assert np.corrcoef(usual.faces[:, 0], exact.faces)[0, 1] > 0.97
    has = chances(np.column_stack([exact.faces, exact.faces_across]))
    assert has.mean(axis=0) == pytest.approx([exact.reached, exact.reached_across])
    exactly = np.array([has[drawn.residents.group == group].mean(axis=0) for group in range(2)])
    assert (abs(chances(usual.faces).mean(axis=0) - has.mean(axis=0)) > 0.01).all()
    # Faces are multiplied so that the most likely town has its exact parts, by two at most.
    level = levels(usual, exactly)
    assert (level > 1).all()
    assert shares(LIVELY, usual, level)["all", "all", -1] == pytest.approx(has.mean(axis=0), abs=0.005)


def test_a_part_that_is_not_known_leaves_faces_as_they_are_and_one_far_off_moves_them_by_a_factor() -> None:
    usual = persons(GROUND, LIKELY, SHAPE)
    assert (levels(usual, UNKNOWN) == 1.0).all()
    assert levels(usual, np.ones((2, 2))) == pytest.approx(MOVED)
    assert levels(usual, np.zeros((2, 2))) == pytest.approx(1 / MOVED)


def test_parts_are_of_the_residents_of_an_area_and_group() -> None:
    usual = persons(GROUND, LIKELY, SHAPE)
    faces = np.where(GROUND.cell_wijk[usual.who.cell] == "W0", 90.0, 0.0)
    found = shares(GROUND, Persons(usual.who, np.column_stack([faces, faces])), np.ones((2, 2)))
    assert found["wijk", "W0", -1] == pytest.approx([1.0, 1.0])
    assert found["wijk", "W0", 1] == pytest.approx([1.0, 1.0])
    assert found["wijk", "W1", -1].tolist() == [0.0, 0.0]
    assert found["all", "all", -1] == pytest.approx([0.5, 0.5])


def test_more_is_enough_for_fewer_where_recognising_takes_more() -> None:
    easy, hard = (replace(LIKELY, habits=replace(OF.habits, times=times)) for times in (2, 5))
    one, other = (between(GROUND, [town], LIKELY, UNKNOWN)["all", "all", -1] for town in (easy, hard))
    assert one.reached[0] > other.reached[0]
    assert one.reached[0] == one.reached[1]
    both = between(GROUND, [easy, hard], LIKELY, UNKNOWN)["all", "all", -1]
    assert other.reached[0] <= both.reached[0] < both.reached[1] <= one.reached[0]
    assert both.draws == 2
    assert between(GROUND, [], LIKELY, UNKNOWN) == {}


def test_the_table_tells_between_what_the_parts_of_residents_lie_and_of_how_many_towns() -> None:
    areas = meet(GROUND, OF, draws=6)["meeting_areas"]
    for name in ("reached", "reached_across"):
        low, high = (areas[f"{name}_{end}"].astype(float) for end in ("low", "high"))
        assert ((low >= 0) & (low <= high) & (high <= 1)).all()
    assert set(areas["reached_draws"]) == {6}
    assert len(may_be(OF, 6)) == 6
