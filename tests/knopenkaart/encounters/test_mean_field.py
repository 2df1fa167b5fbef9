# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fast evaluator: by hand where people are all alike, and what must hold of any plan."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import meetingtown
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.mean_field import Cohorts, MeanField, cohorts_of_town, mean_field
from knopenkaart.encounters.town import Convention, Places, Residents, Town


def one_place(notices: float, slots: int = 1, foyer: float = 0.0) -> Places:
    """One place that is as busy in each of its slots, one after the other."""
    follows = np.array([*range(1, slots), -1], np.int32)
    profile = np.full((1, 1, slots), 1 / slots)
    return Places(np.zeros(1, np.int32), profile, np.array([notices]), np.ones(1), np.array([foyer]), follows)


def alike(members: float, often: float) -> Cohorts:
    """One cohort of regulars who never come casually."""
    shape = (1, 1, 1)
    return Cohorts(np.full(shape, members), np.full(shape, often), np.zeros(shape), np.zeros(shape), np.zeros((1, 1)))


@functools.cache
def base() -> tuple[Town, Cohorts]:
    town = meetingtown.town(2000, 8, groups=3, nests=2, cells=10)
    return town, cohorts_of_town(town)


def found(places: Places, who: Cohorts, convention: Convention | None = None) -> MeanField:
    return mean_field(places, who, convention or Convention(), residents=2000)


def test_people_who_notice_everybody_and_are_all_alike_meet_by_a_binomial_number() -> None:
    """Forty people who come every other week: each of the 40 x 40 pairs by hand (one of itself is told too: a fortieth)."""
    result = mean_field(one_place(1e9), alike(40, 0.5), Convention(3, 26), residents=40)
    assert result.visits.tolist() == [20]
    assert result.per_resident == pytest.approx(39 * 0.25)
    assert result.mean == pytest.approx(40 * stats.binom.sf(2, 26, 0.25))
    assert result.mean_across == 0


def test_the_exact_engine_of_people_who_are_all_alike_is_a_binomial_number_too() -> None:
    """With 60 regulars beside a pair, of whom 12 are noticed: in a session of so many the crowd without both is of the second order."""
    for people, rel in ((30, 1e-9), (62, 1e-3)):
        nothing = np.zeros(people, np.int32)
        often = np.full((people, 1), 0.4)
        who = Residents(nothing, nothing, often, 0 * often, nothing[:, None], nothing[:, None], np.ones((1, 1), np.float32), 1)
        result = expected(Town(one_place(12.0), who), Convention(3, 26), egos=people)
        others = np.arange(people - 1)
        noticing = float(stats.binom.pmf(others, people - 2, 0.4) @ np.minimum(1, 12 / (1 + others)))
        assert result.encounters.per_resident == pytest.approx((people - 1) * 0.16 * noticing, rel=rel)
        assert result.familiarity.faces == pytest.approx(
            np.full(people, (people - 1) * stats.binom.sf(2, 26, 0.16 * noticing)), rel=3 * rel
        )


@settings(deadline=None, max_examples=30)
@given(st.floats(1, 5000), st.floats(0, 1), st.floats(0, 60), st.integers(1, 5))
def test_nobody_meets_or_recognises_more_people_than_there_are(members: float, often: float, notices: float, times: int) -> None:
    result = mean_field(one_place(notices, 3, 0.5), alike(members, often), Convention(times, 26), residents=members)
    assert -1e-9 <= result.mean <= members * (1 + 1e-9)
    assert result.per_resident <= 3 * often**2 * members + 1e-6
    assert result.visits[0] == pytest.approx(members * often)


@settings(deadline=None, max_examples=30)
@given(st.floats(20, 3000), st.floats(0.01, 1), st.floats(1, 60))
def test_noticing_more_and_coming_more_often_are_never_fewer_faces(members: float, often: float, notices: float) -> None:
    """In a crowd who comes more often crowds others out; whoever notices more people never knows fewer."""
    few, many = (
        mean_field(one_place(number), alike(members, often), Convention(), residents=members) for number in (notices, 1.5 * notices)
    )
    assert many.mean >= few.mean - 1e-5
    assert many.per_resident >= few.per_resident * (1 - 1e-4)
    quiet, busy = (mean_field(one_place(1e9), alike(members, chance), Convention(), residents=members) for chance in (often / 2, often))
    assert busy.mean >= quiet.mean


def test_more_weeks_are_more_faces_and_more_times_are_fewer() -> None:
    town, who = base()
    weeks = [found(town.places, who, Convention(3, number)).mean for number in (3, 12, 26, 52, 260)]
    times = [found(town.places, who, Convention(number, 26)).mean for number in range(1, 7)]
    assert all(more > less for less, more in itertools.pairwise(weeks))
    assert all(more > less for more, less in itertools.pairwise(times))


def test_what_one_group_meets_of_another_the_other_meets_of_the_one() -> None:
    result = found(base()[0].places, base()[1])
    for matrix in (result.encounters_by_group, result.by_group):
        assert matrix == pytest.approx(matrix.T)
        assert matrix.min() >= 0
    assert result.due.sum() == pytest.approx(result.by_group.sum())
    assert result.encounters.sum() == pytest.approx(result.encounters_by_group.sum())
    assert result.mean_across == pytest.approx((result.by_group.sum() - np.trace(result.by_group)) / 2000)


def test_the_order_of_groups_and_of_places_does_not_matter() -> None:
    (town, who), result = base(), found(base()[0].places, base()[1])
    groups, order = [2, 0, 1], [5, 2, 7, 0, 1, 3, 6, 4]
    places = replace(town.places, profile=town.places.profile[:, groups])
    others = Cohorts(*(getattr(who, name)[:, groups] for name in ("members", "regular", "casual", "own", "visitors")))
    assert found(places, others).by_group == pytest.approx(result.by_group[np.ix_(groups, groups)])
    moved = {name: getattr(town.places, name)[order] for name in ("nest", "profile", "notices", "overlap", "foyer")}
    others = Cohorts(*(getattr(who, name)[order] for name in ("members", "regular", "casual", "own", "visitors")))
    assert found(Places(**moved, follows=town.places.follows), others).due == pytest.approx(result.due[order])


@settings(deadline=None, max_examples=20)
@given(st.floats(0.05, 0.95))
def test_a_class_that_is_split_in_two_alike_changes_nothing(part: float) -> None:
    town, who = base()
    halves = {name: np.concatenate([getattr(who, name)] * 2, axis=2) for name in ("regular", "casual", "own")}
    members = np.concatenate([part * who.members, (1 - part) * who.members], axis=2)
    one, other = found(town.places, who), found(town.places, Cohorts(members, visitors=who.visitors, **halves))
    assert other.mean == pytest.approx(one.mean)
    assert other.encounters == pytest.approx(one.encounters)


def test_a_place_where_nobody_comes_adds_nothing() -> None:
    town, who = base()
    nobody = replace(who, members=np.where(np.arange(8)[:, None, None] == 3, 0.0, who.members), visitors=who.visitors.copy())
    nobody.visitors[3] = 0
    one, other = found(town.places, who), found(town.places, nobody)
    assert (other.visits[3], other.encounters[3], other.due[3]) == (0, 0, 0)
    kept = np.arange(8) != 3
    assert other.due[kept] == pytest.approx(one.due[kept])
    assert other.mean == pytest.approx(one.mean - one.due[3] / 2000)


def test_a_town_of_twice_as_many_people_and_places_is_the_same_per_resident() -> None:
    """Expected numbers only: two towns beside one another."""
    town, who = base()
    double = {name: np.concatenate([getattr(town.places, name)] * 2) for name in ("nest", "profile", "notices", "overlap", "foyer")}
    people = Cohorts(*(np.concatenate([getattr(who, name)] * 2) for name in ("members", "regular", "casual", "own", "visitors")))
    one = found(town.places, who)
    other = mean_field(Places(**double, follows=town.places.follows), people, Convention(), residents=4000)
    assert (other.mean, other.mean_across, other.per_resident) == pytest.approx((one.mean, one.mean_across, one.per_resident))


def test_two_places_for_the_people_of_one_have_as_many_visits_and_fewer_faces_while_everybody_is_noticed() -> None:
    who = alike(200, 0.3)
    one = mean_field(one_place(1e9), who, Convention(), residents=200)
    halves = Cohorts(*(np.concatenate([getattr(who, name)] * 2) for name in ("members", "regular", "casual", "own", "visitors")))
    halves = replace(halves, members=halves.members / 2)
    profile = np.ones((2, 1, 1))
    where = Places(np.zeros(2, np.int32), profile, np.full(2, 1e9), np.ones(2), np.zeros(2), np.array([-1], np.int32))
    two = mean_field(where, halves, Convention(), residents=200)
    assert two.visits.sum() == one.visits.sum()
    assert two.mean == pytest.approx(one.mean / 2)
