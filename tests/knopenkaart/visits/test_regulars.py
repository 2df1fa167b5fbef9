# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Regulars from answers on the spot: against a population of which it is known how often each comes."""

from __future__ import annotations

import numpy as np
import pytest

from knopenkaart.visits.regulars import LEAST_CARDS, Regulars, regulars

# Different visitors in four weeks, by how often they come: many come once, most visits are by a few.
PERSONS = {1: 500, 2: 200, 4: 100, 12: 50}
VISITS = sum(often * people for often, people in PERSONS.items())


def met(stream: np.random.Generator, cards: int) -> list[int]:
    """Cards handed out at visits drawn at random: who comes twelve times is twelve times as likely to get one."""
    often = np.array(list(PERSONS))
    chance = often * np.array(list(PERSONS.values())) / VISITS
    return [int(value) for value in stream.choice(often, cards, p=chance)]


TRUTH = {
    "of_visits": (4 * 100 + 12 * 50) / VISITS,
    "of_visitors": 150 / 850,
    "first_of_visits": 500 / VISITS,
    "first_of_visitors": 500 / 850,
    "visitors_per_visit": 850 / VISITS,
    "met_per_week": sum(often**2 * people for often, people in PERSONS.items()) / VISITS / 4,
}


def test_many_cards_give_the_truth_of_the_population() -> None:
    found = regulars(met(np.random.default_rng(1), 20_000), seed=1)
    for name, truth in TRUTH.items():
        assert getattr(found, name)[0] == pytest.approx(truth, rel=0.03), name


def test_the_plain_share_of_cards_would_hold_four_times_as_many_visitors_for_regulars() -> None:
    found = regulars(met(np.random.default_rng(1), 5000), seed=1)
    assert found.of_visits is not None
    assert found.of_visitors is not None
    assert found.of_visits[0] > 2.5 * found.of_visitors[0]


def test_intervals_hold_in_nineteen_of_twenty_samples() -> None:
    held = dict.fromkeys(TRUTH, 0)
    stream = np.random.default_rng(7)
    for number in range(200):
        found = regulars(met(stream, 100), seed=number)
        for name, truth in TRUTH.items():
            _, low, high = getattr(found, name)
            held[name] += low <= truth <= high
    assert all(number >= 0.9 * 200 for number in held.values()), held


def test_few_cards_tell_nothing() -> None:
    assert regulars([1] * (LEAST_CARDS - 1), seed=1) == Regulars(n=LEAST_CARDS - 1, enough=False, reason="few_cards")


def test_nobody_can_have_been_there_less_than_now() -> None:
    with pytest.raises(ValueError, match="at least once"):
        regulars([0] * 40, seed=1)
