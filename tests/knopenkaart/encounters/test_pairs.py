# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Others beside one resident, many at a time: as each of them by itself; and who is looked at, and who is drawn."""

from __future__ import annotations

from dataclasses import replace

import meetingtown
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters import _pairs as pairs
from knopenkaart.encounters import drawn as engine
from knopenkaart.encounters.crowd import _zones, crowd
from knopenkaart.encounters.expected import arrays, expected, expected_of_some, rule
from knopenkaart.encounters.simulate import simulate, simulate_for
from knopenkaart.encounters.town import Convention, Town

seeds = st.integers(0, 2**31)


@settings(deadline=None)
@given(seeds, st.integers(0, 70))
def test_many_at_a_time_are_as_each_by_itself(seed: int, number: int) -> None:
    draw = np.random.default_rng(seed)
    a, b = draw.random(2)
    others, at = draw.random((6, number)), draw.integers(0, 9, number)
    none = np.full(number, 0.5)
    pairs.without_meeting(none, a, b, *others)
    assert none == pytest.approx([0.5 * pairs.no_meeting(a, b, *one) for one in others.T])
    chosen, seen, grows = draw.random(9).astype(np.float32), draw.random(9), -draw.random(9)
    found = np.empty(number)
    pairs.regular_with_casual(found, chosen, at, others[0], at, seen, grows)
    own = chosen.astype(float)[at]
    assert found == pytest.approx(np.clip(own * (seen[at] + others[0] * own * grows[at]), 0, 1))
    pairs.casual_with_regular(found, chosen, at.astype(np.int32), b, others[1], -others[2])
    assert found == pytest.approx(np.clip(own * (others[1] - b * own * others[2]), 0, 1))
    pairs.casual_with_casual(found, seen, at, grows, at, others[3])
    assert found == pytest.approx(np.clip(seen[at] + others[3] * grows[at], 0, 1))


def test_a_town_without_anybody_beside_has_no_chances() -> None:
    found = np.empty(3)
    pairs.casual_with_regular(found, np.ones(2, np.float32), np.full(3, -1, np.int32), 0.5, np.zeros(3), np.zeros(3))
    assert found.tolist() == [0, 0, 0]


@settings(deadline=None)
@given(seeds, st.integers(1, 40), st.integers(0, 3))
def test_those_are_looked_at_who_are_met_and_share_no_earlier_place(seed: int, number: int, nest: int) -> None:
    draw = np.random.default_rng(seed)
    home = draw.integers(-1, 3, (3, number + 1)).astype(np.int32)
    none = draw.random(number)
    found = np.empty(number, np.int64)
    many = kernels.likely(home, 0, 1, nest, none, 0.4, found)
    wanted = [
        n for n in range(number) if 1 - none[n] >= 0.4 and not any(home[c, 0] == home[c, n + 1] and home[c, 0] >= 0 for c in range(nest))
    ]
    assert found[:many].tolist() == wanted


def test_each_pair_of_residents_who_share_places_is_reckoned_once() -> None:
    """Everybody recognises everybody: with one face per other resident whichever of three places they share."""
    town = meetingtown.town(200, 3, nests=3, busy=50.0, notices=1e9, sessions=1, slots=1, foyer=0.0)
    found = expected(town, Convention(1, 520), egos=0).familiarity
    assert found.faces == pytest.approx(np.full(200, 199.0))
    assert found.due.sum() == pytest.approx(200 * 199)


def test_places_are_divided_over_blocks_that_are_alike() -> None:
    town = meetingtown.town(4000, 40)
    _, _, members = arrays(town, crowd(town))
    assert sorted(members.order.tolist()) == list(range(40))
    sizes = np.diff(members.first) ** 2
    loads = [int(sizes[members.order[a:b]].sum()) for a, b in zip(members.starts[:-1], members.starts[1:], strict=True)]
    assert max(loads) <= max(sizes.max(), 1.5 * np.mean(loads))
    slots = town.residents.slot[members.person, 0]
    assert all((np.diff(slots[a:b]) >= 0).all() for a, b in zip(members.first[:-1], members.first[1:], strict=True))


def test_where_casual_visits_go_is_exact_for_those_who_are_drawn() -> None:
    """A town of few cells: each is its own zone, so that both tables say the same."""
    town = meetingtown.town(500, 6, cells=8, groups=3)
    who, where, _ = arrays(town, crowd(town))
    for i in (0, 17, 333):
        exact = kernels.goes_casually(who, where, i)[0]
        by_zone = where.casual[0, 0, who.zone[i]] + who.casual[0, i] * where.casual[0, 1, who.zone[i]]
        assert exact[who.column] == pytest.approx(by_zone[who.zone], rel=1e-6)


def test_who_is_drawn_with_few_is_drawn_with_many() -> None:
    town = meetingtown.town(3000, 12)
    there = crowd(town)
    stratum = engine.strata(engine.guess(town, there, asked(town, 3, strangers=True)))
    few, many = (engine.drawn(stratum, egos, 5) for egos in (60, 400))
    assert set(few) < set(many)
    assert len(np.unique(many)) == len(many)
    assert 60 <= len(few) <= 60 + engine.STRATA
    assert engine.drawn(stratum, 3000, 5).tolist() == list(range(3000))
    # The few who have most are the larger part of those drawn.
    upper = engine.STRATA // 2
    assert (stratum[many] >= upper).sum() / len(many) > 3 * (stratum >= upper).sum() / 3000


def asked(town: Town, times: int, *, strangers: bool) -> engine.Asked:
    who, where, _ = arrays(town, crowd(town))
    return engine.Asked(who, where, rule(Convention(times, 26), kernels.RARE), strangers=strangers)


@pytest.mark.parametrize("strangers", [True, False])
@pytest.mark.parametrize(("times", "loyal"), [(1, 0.3), (2, 0.65), (3, 0.65), (3, 0.0)])
def test_what_is_guessed_of_residents_goes_by_the_faces_they_have(times: int, loyal: float, *, strangers: bool) -> None:
    """The guess is no number of faces; it orders residents as they do, and is nothing for those who have none."""
    town = meetingtown.town(3000, 24, loyal=loyal, nests=2)
    of = asked(town, times, strangers=strangers)
    found, _ = kernels.faces_of(of.who, of.where, np.arange(3000), of.rule, 4, strangers)
    guess = engine.guess(town, crowd(town), of)
    assert stats.spearmanr(guess, found.sum(axis=1)).statistic > 0.95
    assert found.sum(axis=1)[guess == 0].tolist() == pytest.approx([0.0] * int((guess == 0).sum()))


@pytest.mark.parametrize("times", [1, 2])
def test_drawing_by_the_guess_is_right_on_average_and_says_how_far_it_is_off(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty draws of strangers: their mean is that of everybody, and their spread the standard error they tell."""
    town, convention = meetingtown.town(2000, 12, loyal=0.3), Convention(times, 26)
    monkeypatch.setattr(engine, "PRECISE", 1.0)
    exact = expected(town, convention, egos=2000).familiarity.strangers[0]
    drawn = [expected(town, convention, egos=150, seed=seed).familiarity.strangers for seed in range(40)]
    means, errors = np.array(drawn).T
    assert abs(means.mean() - exact) < 3.5 * means.std(ddof=1) / 40**0.5
    assert means.std(ddof=1) == pytest.approx(errors.mean(), rel=0.35)


def test_rare_pairs_of_strangers_are_not_left_out() -> None:
    """Nobody has an own place: all faces are many small chances, which with the bound of those who share a place would be lost."""
    town, convention = meetingtown.town(3000, 24, loyal=0.0, busy=0.5), Convention(5, 26)
    who, where, _ = arrays(town, crowd(town))
    egos = np.arange(0, 3000, 10)
    every, rare, loose = (
        kernels.faces_of(who, where, egos, rule(convention, least), 4, True)[0].sum() for least in (1e-15, kernels.RARE, kernels.NEGLIGIBLE)
    )
    assert rare == pytest.approx(every, rel=0.001)
    assert loose < 0.99 * every


def test_the_same_weeks_are_lived_for_several_conventions() -> None:
    town = meetingtown.town(800, 6)
    conventions = [Convention(2, 10), Convention(3, 10, "encounters"), Convention(1, 10)]
    together = simulate_for(town, conventions, seed=4, run=2)
    for convention, one in zip(conventions, together, strict=True):
        alone = simulate(town, convention, seed=4, run=2)
        assert (one.faces == alone.faces).all()
        assert (one.by_group == alone.by_group).all()
        assert (one.encounters, one.mean_across) == (alone.encounters, alone.mean_across)
    assert (together[2].faces >= together[0].faces).all()
    with pytest.raises(ValueError, match="one number of weeks"):
        simulate_for(town, [Convention(2, 10), Convention(2, 12)], seed=1)


def test_many_cells_that_choose_alike_are_zones_by_what_they_choose() -> None:
    """Two ways to choose in sixty cells: fewer than there may be zones."""
    ways = np.array([[[0.5, 0.5, 0.0]], [[0.0, 0.2, 0.8]]], np.float32)
    which = np.arange(60) % 2
    zones = _zones(ways[which])
    assert len(set(zones.tolist())) == 2
    assert (zones == zones[which]).all()


@pytest.mark.parametrize(("places", "convention"), [(12, Convention(2, 26)), (3, Convention(3, 26)), (48, Convention(3, 12, "encounters"))])
def test_faces_of_some_residents_tell_those_of_all(places: int, convention: Convention) -> None:
    """Of everybody they are what all pairs together give; of three hundred they are within what their standard error says."""
    town = meetingtown.town(2500, places, nests=2, groups=3)
    exact = expected(town, convention, egos=2500)
    met, every = expected_of_some(town, convention, egos=2500)
    assert met.per_resident == exact.encounters.per_resident
    assert every.faces == pytest.approx(exact.familiarity.faces, rel=0.002, abs=5e-4)
    assert every.by_group == pytest.approx(exact.familiarity.by_group, rel=0.002)
    assert (every.error, every.error_across) == (0.0, 0.0)
    some = expected_of_some(town, convention, egos=300)[1]
    for ours, mean, error in (
        (some.faces, exact.familiarity.mean, some.error),
        (some.faces_across, exact.familiarity.mean_across, some.error_across),
    ):
        assert 0 < error < 0.05 * mean
        assert abs(ours.mean() - mean) < 4 * error + 0.002 * mean


def test_a_function_without_places_adds_no_faces() -> None:
    town = meetingtown.town(400, 6, nests=2, groups=3)
    one = replace(
        town,
        places=replace(town.places, nest=np.zeros(6, np.int32)),
        residents=replace(town.residents, home=np.where(np.arange(2) == 1, -1, town.residents.home % 6).astype(np.int32)),
    )
    found = expected_of_some(one, Convention(2, 26), egos=400)[1]
    assert found.faces == pytest.approx(expected(one, Convention(2, 26), egos=400).familiarity.faces, rel=0.002, abs=5e-4)
