# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Visitors against residents: quotients by heart, the null band against known numbers, intervals against repeated sampling."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.tables import COUNTS
from knopenkaart.visits.representation import LEAST_VISITORS, effective_people, representation

SIX = {f"g{i}": (100.0, 100.0, 100.0) for i in range(6)}


def test_a_quotient_is_the_share_among_visitors_over_the_share_among_residents() -> None:
    population = {"young": (250.0, 250.0, 250.0), "old": (750.0, 750.0, 750.0)}
    found = representation({"young": 60, "old": 60}, population, n=120, seed=1)
    young, old = found.groups
    assert (young.share, young.residents, young.quotient) == pytest.approx((0.5, 0.25, 2.0))
    assert old.quotient == pytest.approx(2 / 3)
    assert young.low < 2.0 < young.high
    assert found.dissimilarity == pytest.approx(0.25)


@pytest.mark.parametrize(("n", "mean", "most"), [(100, 0.085, 0.14), (30, 0.158, 0.25)])
def test_a_place_that_is_like_its_surroundings_shows_a_known_dissimilarity(n: int, mean: float, most: float) -> None:
    # The numbers of the method for six groups of unequal size.
    sizes = {"a": 30.0, "b": 25.0, "c": 20.0, "d": 12.0, "e": 8.0, "f": 5.0}
    found = representation(sizes, {group: (size, size, size) for group, size in sizes.items()}, n=n, seed=3)
    assert found.null_mean == pytest.approx(mean, abs=0.01)
    assert found.null_high == pytest.approx(most, abs=0.02)
    assert found.dissimilarity == pytest.approx(0)


def test_divergence_of_a_representative_place_is_about_half_the_groups_less_one_over_n() -> None:
    stream = np.random.default_rng(1)
    drawn = stream.multinomial(300, [1 / 6] * 6, 2000) / 300
    each = (drawn * np.log(np.where(drawn > 0, drawn, 1) * 6)).sum(axis=1)
    assert float(each.mean()) == pytest.approx(5 / 600, rel=0.1)
    found = representation(dict.fromkeys(SIX, 50), SIX, n=300, seed=1)
    assert found.divergence == pytest.approx(0)
    assert found.divergence_null_high == pytest.approx(float(np.quantile(each, 0.95)), rel=0.1)


def test_intervals_of_a_quotient_hold_in_nineteen_of_twenty_places() -> None:
    truth, stream, held = np.array([0.1, 0.3, 0.6]), np.random.default_rng(11), 0
    population = {"a": (200.0, 200.0, 200.0), "b": (300.0, 300.0, 300.0), "c": (500.0, 500.0, 500.0)}
    for number in range(300):
        seen = stream.multinomial(150, truth)
        found = representation(dict(zip("abc", seen.tolist(), strict=True)), population, n=150, seed=number)
        held += sum(row.low <= true / row.residents <= row.high for row, true in zip(found.groups, truth, strict=True))
    assert 0.93 <= held / 900 <= 0.97


def test_an_uncertain_population_widens_the_interval() -> None:
    sharp = representation({"a": 50, "b": 50}, {"a": (100, 100, 100), "b": (100, 100, 100)}, n=1000, seed=1)
    vague = representation({"a": 50, "b": 50}, {"a": (100, 40, 160), "b": (100, 40, 160)}, n=1000, seed=1)
    assert vague.groups[0].high - vague.groups[0].low > 2 * (sharp.groups[0].high - sharp.groups[0].low)


@pytest.mark.parametrize(
    ("visitors", "population", "n", "known", "reason"),
    [
        ({"a": 10, "b": 10}, SIX, LEAST_VISITORS - 1, 1.0, "few_visitors"),
        ({"g0": 50, "g1": 50}, SIX, 100, 0.4, "few_known"),
        ({"g0": 50, "x": 50}, SIX, 100, 1.0, "few_groups"),
        ({"g0": 0, "g1": 0}, SIX, 100, 1.0, "few_groups"),
        ({"g0": 50, "g1": 50}, {}, 100, 1.0, "few_groups"),
    ],
)
def test_not_enough_is_an_answer(
    visitors: dict[str, float], population: dict[str, tuple[float, float, float]], n: float, known: float, reason: str
) -> None:
    found = representation(visitors, population, n=n, seed=1, known_share=known)
    assert (found.enough, found.reason, found.groups, found.dissimilarity) == (False, reason, (), None)


@given(st.dictionaries(st.sampled_from(list(SIX)), st.integers(1, 500), min_size=2), st.integers(30, 1000))
def test_quotients_weighted_by_residents_add_up_to_one(visitors: dict[str, int], n: int) -> None:
    found = representation({group: float(value) for group, value in visitors.items()}, SIX, n=n, seed=5)
    assert sum(row.quotient * row.residents for row in found.groups) == pytest.approx(1)
    assert all(row.low <= row.high for row in found.groups)
    assert 0 <= (found.dissimilarity or 0) <= 1


def counts(table: list[list[int]]) -> pd.DataFrame:
    first = date(2026, 3, 2)
    return COUNTS.frame(
        {"place_id": "p", "session": f"s{week}", "date": first + timedelta(days=7 * week), "slot": "mo_morning", "group": group}
        | {"people": people, "exposure": 1.0, "how": "entering"}
        for week, row in enumerate(table)
        for group, people in zip(("age_0_14", "age_65_plus", "unknown"), (*row, 9), strict=True)
    )


def test_people_who_come_by_chance_are_worth_their_number() -> None:
    assert effective_people(counts([[30, 30], [30, 30], [30, 30]])) == 180


def test_a_group_that_comes_all_together_one_week_is_worth_less() -> None:
    # Weeks of (60, 0) and (0, 60): every cell is 30 off an expected 30, chi-square 120 on 1 degree of freedom; 120 people are worth 1.
    assert effective_people(counts([[60, 0], [0, 60]])) == pytest.approx(1)
