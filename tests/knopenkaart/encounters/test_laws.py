# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must hold of any town: bounds, symmetry, and towns that are the same but for how they are written down."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import meetingtown
import numba
import numpy as np
import pytest

from knopenkaart import rng
from knopenkaart.encounters import mean_field as fast
from knopenkaart.encounters.expected import Expected, expected
from knopenkaart.encounters.mean_field import cohorts, cohorts_of_town, mean_field, mean_fields
from knopenkaart.encounters.simulate import simulate
from knopenkaart.encounters.town import Convention, Places, Residents, Town

PEOPLE = 600


@functools.cache
def base() -> Town:
    return meetingtown.town(PEOPLE, 6, groups=3, nests=2, cells=10, busy=2.0)


def found(town: Town, convention: Convention | None = None) -> Expected:
    return expected(town, convention or Convention(), egos=10 * PEOPLE)


def same(one: Expected, other: Expected, rel: float = 1e-9) -> None:
    assert one.encounters.per_resident == pytest.approx(other.encounters.per_resident, rel=rel)
    assert one.familiarity.mean == pytest.approx(other.familiarity.mean, rel=rel)
    assert one.familiarity.mean_across == pytest.approx(other.familiarity.mean_across, rel=rel)


def changed(**changes: object) -> Town:
    return replace(base(), residents=replace(base().residents, **changes))  # type: ignore[arg-type]


def test_nobody_recognises_more_people_than_there_are() -> None:
    crowded = meetingtown.town(PEOPLE, 2, busy=50.0, notices=1e6, sessions=1, foyer=1.0)
    faces = found(crowded, Convention(1, 520)).familiarity.faces
    assert faces.min() >= 0
    assert faces.max() <= PEOPLE - 1 + 1e-9
    assert found(base()).familiarity.faces.max() < PEOPLE


def test_what_one_group_meets_of_another_the_other_meets_of_the_one() -> None:
    whole = found(base())
    for matrix in (
        whole.encounters.by_group,
        whole.familiarity.by_group,
        *whole.encounters.by_place_and_group,
        *whole.familiarity.due_by_group,
    ):
        assert matrix == pytest.approx(matrix.T)
        assert matrix.min() >= -1e-12
    assert whole.encounters.by_place_and_group.sum(axis=0) == pytest.approx(whole.encounters.by_group)
    assert whole.encounters.by_place.sum() == pytest.approx(whole.encounters.by_group.sum())


@pytest.mark.parametrize("counting", ["weeks", "encounters"])
def test_more_weeks_are_more_faces_and_more_times_are_fewer(counting: str) -> None:
    weeks = [found(base(), Convention(3, weeks, counting)).familiarity.faces for weeks in (3, 12, 26, 52, 260)]  # type: ignore[arg-type]
    times = [found(base(), Convention(times, 26, counting)).familiarity.faces for times in range(1, 6)]  # type: ignore[arg-type]
    # Pairs that are negligible are left out: a little slack.
    assert all((more >= less - 1e-4).all() for less, more in itertools.pairwise(weeks))
    assert all((less >= more - 1e-4).all() for less, more in itertools.pairwise(times))
    assert weeks[-1].mean() > weeks[0].mean()


def test_an_encounter_counts_at_least_as_often_as_a_week() -> None:
    by_week, by_encounter = (found(base(), Convention(2, 26, counting)).familiarity.mean for counting in ("weeks", "encounters"))  # type: ignore[arg-type]
    assert by_encounter > by_week


def test_people_who_notice_everybody_meet_everybody_who_is_there() -> None:
    town = base().with_places(notices=np.full(6, 1e9), foyer=np.zeros(6))
    there = found(town)
    assert there.crowd.notice[..., 0, 0][there.crowd.visits.sum(axis=2) > 0] == pytest.approx(1)
    blind = found(base().with_places(notices=np.zeros(6)))
    assert blind.encounters.per_resident == 0 == blind.familiarity.mean


def test_the_names_of_groups_do_not_matter() -> None:
    order = np.array([2, 0, 1])
    who, where = base().residents, base().places
    rows = (np.arange(10)[:, None] * 3 + np.argsort(order)).ravel()
    other = Town(
        replace(where, profile=where.profile[:, np.argsort(order)]),
        replace(who, group=order[who.group].astype(np.int32), choice=who.choice[rows]),
    )
    same(found(base()), found(other))
    assert found(other).familiarity.by_group[np.ix_(order, order)] == pytest.approx(found(base()).familiarity.by_group)


def test_the_order_of_places_does_not_matter() -> None:
    order = np.array([3, 5, 0, 2, 4, 1])
    back = np.argsort(order)
    who, where = base().residents, base().places
    fields = {name: getattr(where, name)[back] for name in ("nest", "profile", "notices", "overlap", "foyer")}
    other = Town(Places(**fields, follows=where.follows), replace(who, home=order[who.home].astype(np.int32), choice=who.choice[:, back]))
    same(found(base()), found(other))
    assert found(other).familiarity.due[order] == pytest.approx(found(base()).familiarity.due)


def test_the_order_of_residents_does_not_matter() -> None:
    order = np.random.default_rng(0).permutation(PEOPLE)
    who = base().residents
    other = changed(**{name: getattr(who, name)[order] for name in ("group", "cell", "regular", "casual", "home", "slot")})
    same(found(base()), found(other))
    assert found(other).familiarity.faces == pytest.approx(found(base()).familiarity.faces[order])


def test_a_cell_that_is_split_in_two_changes_nothing() -> None:
    who = base().residents
    cell = np.where((who.cell == 0) & (np.arange(PEOPLE) % 2 == 0), 10, who.cell).astype(np.int32)
    same(found(base()), found(changed(cell=cell, choice=np.concatenate([who.choice, who.choice[:3]]))))


def test_a_place_that_nobody_can_reach_changes_nothing() -> None:
    where = base().places
    fields = {
        name: np.concatenate([getattr(where, name), getattr(where, name)[:1]])
        for name in ("nest", "profile", "notices", "overlap", "foyer")
    }
    choice = np.concatenate([base().residents.choice, np.zeros((30, 1), np.float32)], axis=1)
    other = Town(Places(**fields, follows=where.follows), replace(base().residents, choice=choice))
    same(found(base()), found(other))
    assert found(other).familiarity.due[-1] == 0


def test_a_place_beside_one_just_like_it_takes_half_of_its_visits_and_of_its_encounters() -> None:
    """With as many visits in all; only casual visitors, who notice everybody: each meets half as many others."""
    town = meetingtown.town(PEOPLE, 6, groups=3, cells=10, loyal=0.0, notices=1e9)
    who, where = town.residents, town.places
    fields = {
        name: np.concatenate([getattr(where, name), getattr(where, name)[:1]])
        for name in ("nest", "profile", "notices", "overlap", "foyer")
    }
    choice = np.concatenate([who.choice, who.choice[:, :1] / 2], axis=1)
    choice[:, 0] /= 2
    one, two = found(town), found(Town(Places(**fields, follows=where.follows), replace(who, choice=choice)))
    assert two.crowd.visits.sum() == pytest.approx(one.crowd.visits.sum())
    assert two.crowd.visits[0] == pytest.approx(two.crowd.visits[6])
    met, met_beside = one.encounters.by_place.sum(axis=1), two.encounters.by_place.sum(axis=1)
    assert met_beside[1:6] == pytest.approx(met[1:])
    assert met_beside[[0, 6]] == pytest.approx(met[0] / 4)


def test_slots_whose_people_all_meet_are_as_one_slot() -> None:
    """With a foyer that everybody shares, two sessions of people who notice everyone are as one."""
    town = meetingtown.town(PEOPLE, 6, slots=2, sessions=2, notices=1e9, foyer=1.0)
    who, where = town.residents, town.places
    merged = Places(
        where.nest, where.profile.sum(axis=2, keepdims=True), where.notices, where.overlap, where.foyer, np.full(1, -1, np.int32)
    )
    same(found(town), found(Town(merged, replace(who, slot=0 * who.slot))))


def test_threads_do_not_matter() -> None:
    many = found(base())
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        one = found(base())
    finally:
        numba.set_num_threads(before)
    assert (one.familiarity.faces == many.familiarity.faces).all()
    assert (one.familiarity.due_by_group == many.familiarity.due_by_group).all()
    assert (one.encounters.by_place == many.encounters.by_place).all()


def test_how_arrays_lie_in_memory_does_not_matter() -> None:
    who, where = base().residents, base().places
    fortran = {name: np.asfortranarray(getattr(who, name)) for name in ("regular", "casual", "home", "slot", "choice")}
    strided = {name: np.repeat(getattr(where, name), 2)[::2] for name in ("nest", "notices", "overlap", "foyer")}
    other = Town(replace(where, profile=np.asfortranarray(where.profile), **strided), replace(who, **fortran))
    assert (found(other).familiarity.faces == found(base()).familiarity.faces).all()
    assert (simulate(other, Convention(), seed=1).faces == simulate(base(), Convention(), seed=1).faces).all()


def test_a_choice_of_single_precision_is_precise_enough() -> None:
    town = meetingtown.town(PEOPLE, 6, groups=3, cells=10)
    rough = town.residents.choice.astype(np.float16).astype(np.float32)
    assert found(replace(town, residents=replace(town.residents, choice=rough))).familiarity.mean == pytest.approx(
        found(town).familiarity.mean, rel=1e-3
    )
    double = replace(town.residents, choice=town.residents.choice.astype(np.float64))  # type: ignore[arg-type]
    same(found(town), found(replace(town, residents=double)), rel=1e-6)


def test_runs_of_the_simulation_do_not_share_their_draws() -> None:
    one, again, other = (simulate(base(), Convention(), seed=1, run=run) for run in (0, 0, 1))
    assert (one.faces == again.faces).all()
    assert (one.faces != other.faces).any()
    before = rng.stream(1, "encounters.simulation.0").random()
    simulate(base(), Convention(), seed=1)
    assert rng.stream(1, "encounters.simulation.0").random() == before


def test_lived_visits_are_those_expected() -> None:
    lived = np.mean([simulate(base(), Convention(), seed=2, run=run).visits.sum() for run in range(10)])
    visits = found(base()).crowd.visits.sum()
    assert lived == pytest.approx(visits, abs=4 * (visits / 260) ** 0.5)


@pytest.mark.parametrize("places", [12, 48])
@pytest.mark.parametrize("nests", [1, 3])
def test_expected_numbers_alone_come_near_the_exact_engine(places: int, nests: int) -> None:
    town = meetingtown.town(6000, places, nests=nests)
    exact = expected(town, Convention(), egos=1000)
    fast = mean_field(town.places, cohorts_of_town(town), Convention(), residents=6000)
    assert fast.per_resident == pytest.approx(exact.encounters.per_resident, rel=0.02)
    assert fast.mean == pytest.approx(exact.familiarity.mean, rel=0.07)
    assert fast.mean_across / fast.mean == pytest.approx(exact.familiarity.mean_across / exact.familiarity.mean, rel=0.05)
    assert fast.visits.sum() == pytest.approx(exact.crowd.visits.sum())
    assert fast.due.sum() == pytest.approx(fast.mean * 6000)


def test_a_place_where_nothing_changes_is_not_reckoned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    town, numbers = meetingtown.town(2000, 12), list[int]()
    really = fast._reckoned
    monkeypatch.setattr(fast, "_reckoned", lambda places, *rest: numbers.append(places.count) or really(places, *rest))
    people, notices = cohorts_of_town(town), town.places.notices.copy()
    notices[3] = 30.0
    other = town.with_places(notices=notices).places
    before, after = mean_fields([(town.places, people), (other, people)], Convention(), residents=2000)
    assert numbers == [13]
    again = mean_field(other, people, Convention(), residents=2000)
    assert (after.mean, after.mean_across, after.per_resident) == (again.mean, again.mean_across, again.per_resident)
    assert (np.flatnonzero(after.due != before.due) == [3]).all()
    monkeypatch.setattr(fast, "AT_ONCE", 5)
    for one, part in zip((before, after), mean_fields([(town.places, people), (other, people)], Convention(), residents=2000), strict=True):
        assert np.array_equal(one.due_by_group, part.due_by_group)


def test_cohorts_of_a_choice_are_the_people_who_choose() -> None:
    """Two cells of 100 and 300 people of one group, two places; by hand."""
    people, probability = np.array([[100.0], [300.0]]), np.array([[1.0, 0.0], [0.5, 0.5]], np.float32)
    who = cohorts(
        people,
        probability,
        np.zeros(2, np.int32),
        np.array([[0.4], [0.8]]),
        shares=np.array([0.75, 0.25]),
        rates=np.array([0.5, 2.5]),
        loyal=0.5,
    )
    assert who.members[:, 0].tolist() == [[187.5, 62.5], [112.5, 37.5]]
    # Place 0: 100 people with .4 * .5 * .5 and 150 with .8 * .5 * .5; place 1: 150 of the latter.
    assert who.regular[:, 0, 0] == pytest.approx([(10 + 30) / 250, 0.2])
    assert who.own[:, 0, 0] == pytest.approx([(100 + 75) / 250, 0.5])
    # Casual: class 0 .1 and .2 per head, class 1 .5 and 1.
    assert who.visitors[:, 0] == pytest.approx([0.75 * (10 + 30) + 0.25 * (50 + 150), 0.75 * 30 + 0.25 * 150])


def test_a_town_says_what_is_wrong_with_it() -> None:
    for changes in (
        {"regular": np.full((PEOPLE, 2), 1.5)},
        {"home": np.full((PEOPLE, 2), 9)},
        {"cell": np.full(PEOPLE, 10)},
        {"slot": np.zeros(3)},
    ):
        with pytest.raises(ValueError, match=r"is a chance|are places|lead to a row|has shape|of that nest"):
            changed(**changes)
    with pytest.raises(ValueError, match="of that nest"):
        changed(home=base().residents.home[:, ::-1])
    with pytest.raises(ValueError, match="notices"):
        base().with_places(foyer=np.full(6, 1.5))
    with pytest.raises(ValueError, match="adds up to 1"):
        base().with_places(profile=base().places.profile * 0.5)
    for times, weeks in ((0, 26), (9, 26), (3, 2)):
        with pytest.raises(ValueError, match="times is 1 to 8"):
            Convention(times, weeks)


def test_a_town_without_people_has_no_encounters() -> None:
    who = base().residents
    nobody = {name: getattr(who, name)[:0] for name in ("group", "cell", "regular", "casual", "home", "slot")}
    empty = found(changed(**nobody))
    assert empty.encounters.per_resident == 0 == empty.familiarity.mean
    assert Residents(**nobody, choice=who.choice, groups=3).count == 0


def test_somebody_without_an_own_place_is_a_casual_visitor_only() -> None:
    town = meetingtown.town(PEOPLE, 6, loyal=0.0)
    without = replace(town, residents=replace(town.residents, home=np.full((PEOPLE, 1), -1, np.int32)))
    assert found(without).encounters.per_resident == pytest.approx(found(town).encounters.per_resident)
    assert found(without).familiarity.mean == pytest.approx(found(town).familiarity.mean, rel=0.001)
    assert found(without).familiarity.due.sum() == 0
