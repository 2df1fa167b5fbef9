# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places stay open: against all choices there are, and against published optima."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from knopenkaart.siting import _kernels as kernels
from knopenkaart.siting.order import Demand, choose_places, greedy, interchange


def line(*spots: float, people: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0), at: tuple[float, ...] = (0.0, 1.0, 2.0, 10.0)) -> Demand:
    """People at points of a line, and places at others; having none costs 100."""
    homes = np.array(at)
    return Demand(np.array(people), np.abs(homes[:, None] - np.array(spots)[None]), np.full(len(homes), 100.0))


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    rows, places = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    numbers = np.random.default_rng(draw(st.integers(0, 10_000)))
    distance = numbers.integers(0, 20, (rows, places)).astype(float)
    distance[numbers.random((rows, places)) < 0.2] = np.inf
    return Demand(numbers.integers(0, 5, rows).astype(float), distance, np.full(rows, 30.0))


def test_one_place_stands_in_the_middle_and_two_where_the_people_are() -> None:
    demand = line(0.0, 1.0, 10.0)
    # 1 from the middle of the three, 9 from the far one: 1 + 0 + 1 + 9.
    assert choose_places(demand, 1).tolist() == [1]
    assert demand.total([1]) == 11.0
    assert choose_places(demand, 2).tolist() == [1, 2]
    assert demand.total([1, 2]) == 2.0


def test_greedy_tells_by_how_much_each_next_place_brings_everybody_nearer() -> None:
    demand = line(0.0, 1.0, 10.0)
    order, gains = greedy(demand)
    assert order.tolist() == [1, 2, 0]
    assert gains.tolist() == [400.0 - 11.0, 9.0, 1.0]


def test_an_exchange_mends_what_greedy_adding_spoils() -> None:
    # Two towns and a place between them: alone the middle is best, of two it is not.
    demand = line(0.0, 5.0, 10.0, at=(0.0, 0.0, 10.0, 10.0), people=(1.0, 1.0, 1.0, 1.05))
    order, _ = greedy(demand)
    assert interchange(demand, [1, 2]).tolist() == [0, 2]
    assert demand.total(choose_places(demand, 2, order=order)) == 0.0


def test_whoever_can_reach_no_place_costs_what_none_costs() -> None:
    demand = Demand(np.array([2.0]), np.array([[np.inf, 3.0]]), np.array([7.0]))
    assert demand.total([0]) == demand.total([]) == 14.0
    assert choose_places(demand, 1).tolist() == [1]


@given(demands())
@settings(max_examples=60, deadline=None)
def test_what_is_chosen_is_the_best_of_all_choices_when_begun_often_enough(demand: Demand) -> None:
    for number in range(1, demand.places + 1):
        best = min(demand.total(choice) for choice in combinations(range(demand.places), number))
        found = choose_places(demand, number, starts=20, random=np.random.default_rng(1))
        assert len(set(found.tolist())) == number
        assert demand.total(found) == pytest.approx(best)


@given(demands())
@settings(max_examples=60, deadline=None)
def test_an_exchange_never_makes_it_worse_and_gains_fall(demand: Demand) -> None:
    order, gains = greedy(demand)
    assert sorted(order.tolist()) == list(range(demand.places))
    assert (np.diff(gains) <= 1e-9).all()
    for number in range(1, demand.places + 1):
        assert demand.total(interchange(demand, order[:number])) <= demand.total(order[:number]) + 1e-9


@pytest.mark.parametrize("number", [0, 4])
def test_a_number_that_cannot_be_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="of 3 places"):
        choose_places(line(0.0, 1.0, 10.0), number)


@pytest.mark.parametrize("instance", [1, 2, 3, 4, 5, 7])
def test_published_optima_are_found(real_data: Callable[[str], Path], instance: int) -> None:
    optima = real_data("pmedian/pmedopt.txt").read_text(encoding="utf-8").split()
    best = float(optima[optima.index(f"pmed{instance}") + 1])
    lines = real_data(f"pmedian/pmed{instance}.txt").read_text(encoding="utf-8").splitlines()
    count, _, number = (int(part) for part in lines[0].split())
    edges = np.full((count, count), np.inf)
    for row in lines[1:]:
        if row.strip():
            a, b, length = (int(part) for part in row.split())
            edges[a - 1, b - 1] = edges[b - 1, a - 1] = length
    metres = floyd_warshall(edges)
    np.fill_diagonal(metres, 0.0)
    demand = Demand(np.ones(count), metres, np.full(count, 1e4))
    alone, often = choose_places(demand, number), choose_places(demand, number, starts=20)
    assert demand.total(often) == best
    assert demand.total(alone) <= 1.01 * best


@given(demands())
@settings(max_examples=60, deadline=None)
def test_what_an_exchange_gains_is_what_the_total_falls_by(demand: Demand) -> None:
    near = demand.near()
    for number in range(1, demand.places):
        kept = np.arange(number)
        open_as = np.where(np.arange(demand.places) < number, np.arange(demand.places), -1)
        found = kernels.profits(demand.weight, near.indptr, near.indices, near.data, demand.none, open_as, number)
        for gone, arrived in product(range(number), range(number, demand.places)):
            changed = [*(place for place in kept if place != gone), arrived]
            assert found[gone, arrived] == pytest.approx(demand.total(kept) - demand.total(changed), abs=1e-9)
        assert np.isneginf(found[:, :number]).all()
