# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who goes where: towns that can be worked out by hand, a plain twin, and laws that hold whatever the town."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.visits.choice import Parameters, Setting, choose, elasticity, reached

INF = math.inf


def setting(metres: list[list[float]], *, people: list[list[float]] | None = None, nest: list[int] | None = None) -> Setting:
    cells, places = len(metres), len(metres[0])
    of = nest if nest is not None else [0] * places
    who = people if people is not None else [[100.0]] * cells
    return Setting(np.array(who), reached(metres), np.array(of, dtype=np.int32), max(of, default=0) + 1, np.ones(places, dtype=bool))


def habits(town: Setting, *, attract: list[float] | None = None, beta: float = 1.0, theta: float = 1.0, outside: float = 0.0) -> Parameters:
    """Every group alike, one visit a week for who always goes."""
    own = np.zeros(town.places) if attract is None else np.array(attract)
    shape = (town.nests, town.groups)
    return Parameters(
        np.repeat(own[:, None], town.groups, axis=1), np.full(town.groups, beta), theta, np.full(shape, outside), np.ones(shape)
    )


def plain(town: Setting, parameters: Parameters, opened: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same model as it stands on paper, one resident type and place at a time: (chance, participation, visits)."""
    metres = np.full((town.cells, town.places), INF)
    entries = town.metres.tocoo()
    metres[entries.coords[0], entries.coords[1]] = entries.data
    chance, part = np.zeros((town.cells, town.groups, town.places)), np.zeros((town.cells, town.groups, town.nests))
    visits = np.zeros((town.places, town.groups))
    for h in range(town.cells):
        for g in range(town.groups):
            for c in range(town.nests):
                here = [v for v in range(town.places) if town.nest[v] == c and opened[v] and np.isfinite(metres[h, v])]
                pull = {v: math.exp(parameters.attract[v, g] - parameters.beta[g] * metres[h, v] / 1000) for v in here}
                access = sum(pull.values())
                if access == 0:
                    continue
                goes = access**parameters.theta
                part[h, g, c] = goes / (goes + math.exp(parameters.outside[c, g]) ** parameters.theta)
                for v in here:
                    chance[h, g, v] = pull[v] / access
                    visits[v, g] += town.people[h, g] * parameters.rate[c, g] * part[h, g, c] * chance[h, g, v]
    rows = town.cells * town.groups
    return chance.reshape(rows, town.places), part.reshape(rows, town.nests), visits


@st.composite
def towns(draw: st.DrawFn) -> tuple[Setting, Parameters]:
    cells, groups, places, nests = (draw(st.integers(1, most)) for most in (5, 3, 6, 3))
    stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    metres = np.where(stream.random((cells, places)) < 0.2, INF, stream.uniform(0, 5000, (cells, places)))
    opened = stream.random(places) < 0.8
    nest = stream.integers(0, nests, places).astype(np.int32)
    town = Setting(stream.integers(0, 50, (cells, groups)).astype(float), reached(metres), nest, nests, opened, stream.random(places) < 0.8)
    shape = (nests, groups)
    behave = Parameters(
        stream.normal(0, 1.5, (places, groups)),
        stream.uniform(0, 4, groups),
        float(stream.uniform(0.05, 1)),
        stream.normal(0, 2, shape),
        stream.uniform(0, 3, shape),
    )
    return town, behave


# --- by hand --------------------------------------------------------------------------------------------------------------


def test_two_places_share_visits_by_attractiveness_and_distance() -> None:
    # W = 1 x e^-1 + 2 x e^-2; half as many stay at home as W0 = W would hold.
    town = setting([[1000.0, 2000.0]])
    found = choose(town, habits(town, attract=[0.0, math.log(2)]))
    weights = np.array([math.exp(-1), 2 * math.exp(-2)])
    access = weights.sum()
    assert found.probability[0] == pytest.approx(weights / access)
    assert found.part[0, 0] == pytest.approx(access / (access + 1))
    assert found.visits[:, 0] == pytest.approx(100 * weights / (access + 1))


def test_a_place_next_door_is_kept_though_its_distance_is_nothing() -> None:
    town = setting([[0.0, INF]])
    assert town.metres.nnz == 1
    assert choose(town, habits(town)).visits[:, 0].tolist() == pytest.approx([50.0, 0.0])


def test_functions_do_not_compete() -> None:
    one = setting([[0.0, 0.0]], nest=[0, 1])
    assert choose(one, habits(one)).visits[:, 0] == pytest.approx([50.0, 50.0])
    shut = one.with_open(np.array([True, False]))
    assert choose(shut, habits(one)).visits[:, 0] == pytest.approx([50.0, 0.0])


def test_a_place_that_is_not_for_a_group_has_none_of_it() -> None:
    town = setting([[0.0, 0.0]], people=[[100.0, 100.0]])
    behave = habits(town)
    behave.attract[0, 1] = -INF
    found = choose(town, behave)
    assert found.visits[0].tolist() == pytest.approx([100 / 3, 0.0])
    assert found.visits[1].tolist() == pytest.approx([100 / 3, 50.0])


def test_where_nobody_stays_at_home_it_is_the_model_of_huff() -> None:
    town = setting([[500.0, 1500.0], [2000.0, 0.0]], people=[[30.0], [70.0]])
    found = choose(town, habits(town, outside=-INF, theta=0.4))
    assert found.part.ravel().tolist() == [1.0, 1.0]
    assert found.visits.sum() == pytest.approx(100.0)


def test_a_far_cell_still_chooses() -> None:
    # e^-2000 is nothing in a computer; the shares are still those of the difference.
    town = setting([[2_000_000.0, 2_001_000.0]])
    found = choose(town, habits(town))
    assert found.probability[0] == pytest.approx([1 / (1 + math.exp(-1)), 1 / (1 + math.e)])
    assert found.visits.sum() == 0.0


# --- red bus, blue bus -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theta", "goes"), [(1.0, 2 / 3), (0.5, math.sqrt(2) / (1 + math.sqrt(2))), (0.001, 0.50017)])
def test_a_twin_next_door_draws_people_out_by_theta_only(theta: float, goes: float) -> None:
    # One place against staying at home: half go. Its twin adds nothing that is new; a plain logit (theta 1) would send two thirds.
    one, two = setting([[0.0]]), setting([[0.0, 0.0]])
    assert choose(one, habits(one, theta=theta)).visits.sum() == pytest.approx(50.0)
    assert choose(two, habits(two, theta=theta)).visits.sum() == pytest.approx(100 * goes, rel=1e-4)


def test_within_a_function_a_new_place_takes_from_all_in_proportion() -> None:
    town = setting([[0.0, 1000.0, 300.0]])
    before = choose(town.with_open(np.array([True, True, False])), habits(town)).visits[:, 0]
    after = choose(town, habits(town)).visits[:, 0]
    assert after[0] / before[0] == pytest.approx(after[1] / before[1])


# --- laws ------------------------------------------------------------------------------------------------------------------


@given(towns())
@settings(max_examples=80, deadline=None)
def test_it_is_the_model_as_it_stands_on_paper(made: tuple[Setting, Parameters]) -> None:
    town, behave = made
    chance, part, visits = plain(town, behave, town.open)
    found = choose(town, behave)
    assert np.allclose(found.probability, chance, atol=1e-6)
    assert np.allclose(found.part, part)
    assert np.allclose(found.visits, visits)


@given(towns())
@settings(max_examples=50, deadline=None)
def test_chances_add_up_and_fixed_demand_is_that_of_today(made: tuple[Setting, Parameters]) -> None:
    town, behave = made
    found, today = choose(town, behave, elastic=False), choose(town.with_open(town.now), behave)
    for nest in range(town.nests):
        sums = found.probability[:, town.nest == nest].sum(axis=1)
        assert (np.isclose(sums, 1, atol=1e-5) | (sums == 0)).all()
        assert np.allclose(found.part[:, nest], np.where(sums > 0, today.part[:, nest], 0.0))
    assert np.allclose(found.visits, choose(town, behave, elastic=False, today=today).visits)
    assert ((found.part >= 0) & (found.part <= 1)).all()


@given(towns())
@settings(max_examples=50, deadline=None)
def test_with_the_places_of_today_both_kinds_of_demand_agree(made: tuple[Setting, Parameters]) -> None:
    town, behave = made
    today = town.with_open(town.now)
    assert np.allclose(choose(today, behave).visits, choose(today, behave, elastic=False).visits)


@given(towns(), st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_a_twin_conserves_visits_under_fixed_demand_and_never_lowers_elastic_ones(made: tuple[Setting, Parameters], which: int) -> None:
    town, behave = made
    copied = which % town.places
    more = Setting(
        town.people,
        sp.csr_array(sp.hstack([town.metres, town.metres[:, [copied]]]).tocsr()),
        np.append(town.nest, town.nest[copied]),
        town.nests,
        np.append(town.open, town.open[copied]),
        np.append(town.now, False),
    )
    twin = replace(behave, attract=np.vstack([behave.attract, behave.attract[copied]]))
    before, after = choose(town, behave, elastic=False).visits, choose(more, twin, elastic=False).visits
    assert np.allclose(before.sum(axis=0), after.sum(axis=0))
    assert np.allclose(after[copied], after[-1])
    assert (choose(more, twin).visits.sum(axis=0) >= choose(town, behave).visits.sum(axis=0) - 1e-9).all()


@given(towns())
@settings(max_examples=50, deadline=None)
def test_a_place_out_of_reach_changes_nothing(made: tuple[Setting, Parameters]) -> None:
    town, behave = made
    more = Setting(
        town.people,
        sp.csr_array(sp.hstack([town.metres, sp.csr_array((town.cells, 1))]).tocsr()),
        np.append(town.nest, np.int32(0)),
        town.nests,
        np.append(town.open, True),
        np.append(town.now, True),
    )
    found = choose(more, replace(behave, attract=np.vstack([behave.attract, np.full(town.groups, 9.0)])))
    assert np.array_equal(found.visits[:-1], choose(town, behave).visits)
    assert (found.visits[-1] == 0).all()


@given(towns(), st.floats(0.0, 1.0))
@settings(max_examples=50, deadline=None)
def test_a_cell_in_two_parts_sends_as_many(made: tuple[Setting, Parameters], part: float) -> None:
    town, behave = made
    people = np.vstack([town.people, town.people[:1] * part])
    people[0] *= 1 - part
    more = replace(town, people=people, metres=sp.csr_array(sp.vstack([town.metres, town.metres[[0]]]).tocsr()))
    assert np.allclose(choose(more, behave).visits, choose(town, behave).visits)


@given(towns(), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_other_numbers_for_places_groups_and_cells_change_nothing_else(made: tuple[Setting, Parameters], seed: int) -> None:
    town, behave = made
    stream = np.random.default_rng(seed)
    place, group, cell = (stream.permutation(size) for size in (town.places, town.groups, town.cells))
    metres = sp.csr_array(town.metres[cell][:, place])
    metres.sort_indices()
    other = Setting(town.people[cell][:, group], metres, town.nest[place], town.nests, town.open[place], town.now[place])
    behaves = Parameters(behave.attract[place][:, group], behave.beta[group], behave.theta, behave.outside[:, group], behave.rate[:, group])
    assert np.allclose(choose(other, behaves).visits, choose(town, behave).visits[place][:, group])


@given(towns(), st.floats(-3.0, 3.0))
@settings(max_examples=50, deadline=None)
def test_only_attractiveness_beside_that_of_staying_home_matters(made: tuple[Setting, Parameters], by: float) -> None:
    town, behave = made
    moved = replace(behave, attract=behave.attract + by, outside=behave.outside + by)
    assert np.allclose(choose(town, moved).visits, choose(town, behave).visits)


@given(towns())
@settings(max_examples=50, deadline=None)
def test_elasticity_is_the_slope_of_visits_over_accessibility(made: tuple[Setting, Parameters]) -> None:
    town, behave = made
    step, found = 1e-5, elasticity(town, behave)
    up, down = (choose(town, replace(behave, attract=behave.attract + by)).visits for by in (step, -step))
    for nest in range(town.nests):
        for group in range(town.groups):
            one, other = (visits[town.nest == nest, group].sum() for visits in (up, down))
            if other == 0:
                assert math.isnan(found[nest, group])
            else:
                assert found[nest, group] == pytest.approx(math.log(one / other) / (2 * step), abs=1e-4)


def test_with_places_alike_the_elasticity_is_that_of_their_number() -> None:
    # From 40 to 41 places at the same distance: theta x (1 - participation).
    metres = [[700.0] * 41]
    town = setting(metres)
    opened = np.arange(41) < 40
    behave = habits(town, theta=0.6, outside=3.0)
    few, many = (choose(town.with_open(which), behave).visits.sum() for which in (opened, np.ones(41, dtype=bool)))
    assert math.log(many / few) / math.log(41 / 40) == pytest.approx(elasticity(town, behave)[0, 0], abs=0.005)
    assert elasticity(town, behave)[0, 0] == pytest.approx(0.6 * (1 - many / 100))


def test_closing_keeps_what_people_do_under_fixed_demand_unless_nothing_is_left_to_reach() -> None:
    town = setting([[0.0, 1000.0], [0.0, INF]], people=[[100.0], [100.0]])
    shut = town.with_open(np.array([False, True]))
    behave = habits(town)
    today = choose(town, behave)
    kept = choose(shut, behave, elastic=False)
    assert kept.visits[1, 0] == pytest.approx(100 * today.part[0, 0])
    assert choose(shut, behave).visits[1, 0] == pytest.approx(100 / (1 + math.e))
    assert kept.part[1, 0] == 0.0


# --- what cannot be ---------------------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_refused() -> None:
    good = setting([[0.0, 1.0]])
    wrong: list[tuple[str, dict[str, object]]] = [
        ("people has shape", {"people": np.ones((2, 1))}),
        ("nest has shape", {"nest": np.zeros(3, dtype=np.int32)}),
        ("nest is 0 to 0", {"nest": np.array([0, 1], dtype=np.int32)}),
        ("True or False", {"open": np.array([1, 0])}),
        ("people are finite", {"people": np.array([[-1.0]])}),
        ("metres are finite", {"metres": reached([[0.0, -1.0]])}),
    ]
    for message, change in wrong:
        with pytest.raises(ValueError, match=message):
            replace(good, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("attract has shape", {"attract": np.zeros((3, 1))}),
        ("beta has shape", {"beta": np.array([np.nan])}),
        ("theta is above 0", {"theta": 0.0}),
        ("theta is above 0", {"beta": np.array([-1.0])}),
        ("attract is finite", {"attract": np.full((2, 1), INF)}),
    ],
)
def test_habits_that_do_not_fit_are_refused(message: str, change: dict[str, object]) -> None:
    town = setting([[0.0, 1.0]])
    with pytest.raises(ValueError, match=message):
        choose(town, replace(habits(town), **change))  # type: ignore[arg-type]
