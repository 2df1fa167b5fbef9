# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many places: what the curve says, and what it may not say."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.mean_field import cohorts_of_town
from knopenkaart.encounters.town import Convention
from knopenkaart.meeting.curve import (
    Band,
    Curve,
    Plan,
    _enough_plans,
    beside_now,
    cost,
    curve,
    grid,
    nearly,
    nearness,
    plans_of,
    plateau,
    sentence,
)
from knopenkaart.meeting.residents import town_of
from knopenkaart.meeting.towns import may_be

from .grounds import assumed, town

GROUND = town(cells=16, places=5, people=80.0)
PLANS = tuple(Plan(number, np.ones(3, dtype=bool)) for number in (1, 2, 3))


@cache
def found() -> Curve:
    return curve(GROUND, assumed(GROUND), draws=6, exact=2)


def band(*towns: list[float]) -> Band:
    faces = np.array(towns, dtype=float)
    middle = np.median(faces, axis=0)
    return Band("elastic", "own", middle, middle, middle, middle, faces, faces, faces, faces, np.zeros(len(middle), dtype=bool))


def test_every_number_is_looked_at_where_places_are_few_and_fourteen_where_they_are_many() -> None:
    assert grid(5) == [1, 2, 3, 4, 5]
    many = grid(112)
    assert len(many) == 14
    assert many[-1] == 112
    assert many == sorted(set(many))


def test_a_number_of_places_is_that_of_those_that_are_nearest_to_everybody() -> None:
    plans, order = plans_of(GROUND, assumed(GROUND).parameters)
    assert [plan.opened.sum() for plan in plans] == [1, 2, 3, 4, 5]
    assert np.flatnonzero(plans[0].opened).tolist() == [2]
    assert order[0] == 2
    assert sorted(order.tolist()) == [0, 1, 2, 3, 4]


def test_with_all_places_both_demands_and_both_programmes_are_today() -> None:
    last = {(one.demand, one.programme): (one.visits[-1], one.encounters[-1], one.faces[-1]) for one in found().bands}
    assert len(last) == 4
    for numbers in last.values():
        assert numbers == pytest.approx(last["elastic", "own"], rel=0.02)


def test_fixed_demand_keeps_all_visits_and_elastic_demand_loses_some() -> None:
    numbers = np.array([plan.places for plan in found().plans])
    fixed, elastic = (found().band(demand, "own").visits * numbers for demand in ("fixed", "elastic"))
    assert fixed == pytest.approx(fixed[-1], rel=1e-3)
    assert (np.diff(elastic) > 0).all()
    assert elastic[0] < 0.9 * fixed[0]


def test_more_people_live_near_a_place_where_there_are_more_places() -> None:
    assert (np.diff(found().within[500]) >= 0).all()
    assert (found().within[800] >= found().within[500]).all()
    # The middle of sixteen squares, 300 m apart: 1 or 2 of them within 500 m to each side.
    assert found().within[500][0] == pytest.approx(4 / 16, abs=1 / 16)


def test_the_level_is_that_of_residents_where_that_was_reckoned() -> None:
    of = assumed(GROUND)
    for demand in ("elastic", "fixed"):
        for programme in ("own", "fixed"):
            one = found().band(demand, programme)
            assert one.exact.tolist() == [True, False, False, False, True]
            assert one.faces_of.shape == (6, 5)
            assert (one.share_of.max(axis=1) == 1.0).all()
    lived = town_of(GROUND, of.parameters, of.habits)
    exact = expected(lived, Convention(of.habits.times, of.habits.weeks))
    now = found().band("fixed", "own")
    assert now.encounters[-1] == pytest.approx(exact.encounters.per_resident)
    assert now.faces[-1] == pytest.approx(exact.familiarity.mean, rel=0.03)


def test_of_a_small_town_every_plan_is_brought_to_the_level_of_residents_and_of_a_large_one_four_are() -> None:
    assert [_enough_plans(town(cells=16, places=5, people=each), 14) for each in (80.0, 8_000.0, 80_000.0)] == [14, 5, 4]
    assert _enough_plans(GROUND, 3) == 3


def test_what_there_is_now_has_one_band_in_both_programmes_and_demands() -> None:
    """Demand is that of today, and nothing is spread, where all places are open."""
    bands = [found().band(demand, programme) for demand in ("elastic", "fixed") for programme in ("own", "fixed")]
    for one in bands[1:]:
        assert one.faces_of[:, -1] == pytest.approx(bands[0].faces_of[:, -1], rel=0.02)
        assert one.encounters_of[:, -1] == pytest.approx(bands[0].encounters_of[:, -1], rel=0.02)


def test_a_part_is_brought_to_what_there_is_of_it_now() -> None:
    """Two wijken of four places each: by itself each has other numbers, as its residents go elsewhere too; its shape stays."""
    whole = town(cells=20, places=8, people=60.0, wijken=2)
    of = assumed(whole)
    own, alone = whole.of_wijk("W1"), of.of_places(whole.places_of("W1"))
    assert alone.parameters.attract.tolist() == of.parameters.attract[4:].tolist()
    assert may_be(alone, 2)[1].parameters.attract.shape[0] == 4
    now = [77.0, 5.0, 4.0, 1.5]
    usual, told = (curve(own, alone, draws=2, exact=2, now=value) for value in (None, now))
    for one in told.bands:
        assert [one.visits[-1], one.encounters[-1], one.faces[-1], one.faces_across[-1]] == pytest.approx(now)
        assert one.share_of == pytest.approx(usual.band(one.demand, one.programme).share_of)


def test_nearness_is_that_of_the_smaller_squares() -> None:
    near = town(cells=48, places=5, people=20.0)
    assert curve(GROUND, assumed(GROUND), draws=1, exact=0, near=near).within[500] == pytest.approx(nearness(near, found().plans)[500])


def test_every_measure_has_its_towns_at_the_level_of_the_most_likely_one() -> None:
    one = found().band("elastic", "own")
    assert one.visits_of.shape == one.encounters_of.shape == one.faces_of.shape == one.across_of.shape == (6, 5)
    # Some of all faces are of another group, in every town.
    assert (one.across_of < one.faces_of).all()
    assert (one.across_of > 0).all()
    # Visits differ between towns because choices do, and not by what is called recognising.
    assert one.visits_of.std(axis=0).min() > 0


def test_the_same_seed_gives_the_same_curve() -> None:
    again = curve(GROUND, assumed(GROUND), draws=6, exact=2)
    for one in found().bands:
        assert np.array_equal(again.band(one.demand, one.programme).faces_of, one.faces_of)
    other = curve(GROUND, assumed(GROUND), draws=6, exact=2, seed=5).band("fixed", "own")
    assert not np.array_equal(other.faces_of, found().band("fixed", "own").faces_of)


def test_it_can_be_stopped() -> None:
    def stop(step: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        curve(GROUND, assumed(GROUND), draws=3, progress=stop)


def test_a_plateau_is_what_is_near_the_most_in_four_of_five_towns() -> None:
    # Two places reach 9 of 10 in four towns of five, one place in none.
    towns = band([1, 9, 10], [1, 9, 10], [1, 9.5, 10], [1, 9.5, 10], [1, 5, 10])
    assert towns.within.tolist() == [0.0, 0.8, 1.0]
    assert plateau(towns, PLANS) == (2, 3)
    # Where towns disagree about everything there is none.
    assert plateau(band([10, 1, 1], [1, 10, 1], [1, 1, 10]), PLANS) is None


def test_a_plateau_has_no_number_in_it_with_which_much_is_lost() -> None:
    """Two and five places come near the most, three does not: only four and five are a stretch."""
    plans = [Plan(number, np.ones(5, dtype=bool)) for number in range(1, 6)]
    assert plateau(band([1, 9.5, 5, 9.5, 10]), plans) == (4, 5)
    assert plateau(band([10, 5, 9.5, 5, 5]), plans) == (1, 1)


def test_the_chance_of_more_than_now_is_counted_in_the_towns() -> None:
    """Two places give more than three in one of four towns, one place in none; what is equal is not more."""
    towns = band([5, 9, 10], [5, 11, 10], [10, 8, 10], [4, 7, 10])
    told = beside_now(towns, PLANS, candidates=3)
    assert told is not None
    times, more = told
    # Of .9, 1.1, .8 and .7 the middle is .85.
    assert times.tolist() == pytest.approx([0.5, 0.85, 1.0])
    assert more.tolist() == [0.0, 0.25, 0.0]
    assert beside_now(towns, PLANS, candidates=4) is None
    assert beside_now(band([1, 2, 0]), PLANS, candidates=3) is None


def test_only_places_that_a_municipality_pays_for_cost_it_something() -> None:
    """Of six places three are cafes; a centre costs 60,000 a year, at least 10,000 and at most 180,000."""
    ground = town(places=6, kinds=("community_centre", "cafe"))
    all_open = cost(ground, Plan(6, np.ones(6, dtype=bool)))
    assert (all_open.paid, all_open.value, all_open.low, all_open.high) == (3, 180_000, 30_000, 540_000)
    assert cost(ground, Plan(2, np.arange(6) < 2)).value == 60_000
    assert cost(ground, Plan(1, np.arange(6) == 1)).value == 0


def test_the_sentence_says_how_much_is_expected_and_how_sure_that_is() -> None:
    towns = band([5, 9.6, 10], [5, 9.6, 10], [4, 7, 10])
    assert towns.share.tolist() == pytest.approx([0.5, 0.96, 1.0])
    # Five of a hundred between the two lowest of three: 0.7 + 0.1 x 0.26.
    assert towns.share_sure[1] == pytest.approx(0.726)
    assert nearly(towns) == 1
    assert sentence(towns, PLANS, candidates=3, language="en") == (
        "With 2 of the 3 places the model expects 96 % of the achievable recognition (95 % sure of at least 73 %)."
    )
    assert sentence(towns, PLANS, candidates=3, language="nl") == (
        "Met 2 van de 3 plekken verwacht het model 96 % van de haalbare herkenning (met 95 % zekerheid ten minste 73 %)."
    )


def test_a_wijk_without_any_place_of_a_function_has_a_curve_of_those_it_has() -> None:
    ground = town(places=8, people=60.0, kinds=("community_centre",) * 4 + ("library",) * 4, wijken=2).of_wijk("W0")
    assert set(ground.setting.nest.tolist()) == {0}
    assert ground.nests == ("meet", "learn")
    of = assumed(ground)
    lone = curve(ground, of, draws=2, exact=2)
    band = lone.band("elastic", "own")
    assert band.exact.any()
    assert np.isfinite(band.faces).all()
    assert band.faces[-1] > 0
    lived = town_of(ground, of.parameters, of.habits)
    assert cohorts_of_town(lived).members.shape[0] == 4
