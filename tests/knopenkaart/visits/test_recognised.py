# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mean behind answers in classes, also where some are hidden; and slopes of a model beside answers that were made with one."""

from __future__ import annotations

import math
from collections import Counter
from statistics import fmean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.visits import recognised
from knopenkaart.visits.recognised import CLASSES, NO_ANSWER, Reported, agreement, reported

STARTS = np.array(list(CLASSES.values()))
EVERY = tuple(CLASSES)


def answers(rng: np.random.Generator, mean: float, cards: int, *, shape: float = 2.0, hide: bool = True) -> dict[str, int | None]:
    """Cards of visitors around a mean, one in twelve without an answer, as they are released: none of fewer than ten, nor one alone."""
    faces = rng.negative_binomial(shape, shape / (shape + mean), size=cards)
    names = [EVERY[at] for at in np.searchsorted(STARTS, faces, side="right") - 1]
    silent = rng.random(cards) < 1 / 12
    counted = Counter(NO_ANSWER if none else name for name, none in zip(names, silent, strict=True))
    found: dict[str, int | None] = {name: counted[name] for name in (*EVERY, NO_ANSWER)}
    if not hide:
        return found
    small = [name for name in found if counted[name] < 10]
    if len(small) == 1:
        small.append(min((name for name in found if name not in small), key=lambda name: counted[name]))
    return {name: None if name in small else number for name, number in found.items()}


# --- answers ----------------------------------------------------------------------------------------------------------


def test_the_chances_of_classes_are_those_of_a_distribution_that_can_be_done_by_hand() -> None:
    """Mean 1 and shape 1: each further face has half the chance."""
    found = recognised._of_classes(1.0, 1.0)
    assert found == pytest.approx((1 / 2, 3 / 8, 7 / 64, 31 / 2048, (1 - 2**-10) / 2048, 2**-21), rel=1e-6)
    assert all(math.isclose(sum(chances), 1.0, rel_tol=1e-9) for row in recognised._chances() for chances in row)


def test_without_hidden_answers_the_mean_is_that_of_the_answers() -> None:
    """Geometric with mean 3: 1/4 none, 21/64 one or two, and so on, in 4,096 cards."""
    at = [(3 / 4) ** start for start in CLASSES.values()] + [0.0]
    found = reported({name: round(4096 * (at[i] - at[i + 1])) for i, name in enumerate(EVERY)} | {NO_ANSWER: 0}, 4096)
    assert found is not None
    assert found.value == pytest.approx(3.0, abs=0.1)
    assert 0.2 < found.high - found.low < 0.4


def test_the_same_shares_of_more_cards_are_surer() -> None:
    few = reported({"0": 10, "1_2": 20, "3_5": 20, "6_10": 10, "11_20": 0, "over_20": 0, NO_ANSWER: 0}, 60)
    many = reported({"0": 90, "1_2": 180, "3_5": 180, "6_10": 90, "11_20": 0, "over_20": 0, NO_ANSWER: 0}, 540)
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 2
    assert few.low < many.value < few.high


def test_hidden_answers_widen_and_never_count_as_none() -> None:
    every = reported({"0": 9, "1_2": 20, "3_5": 20, "6_10": 9, "11_20": 2, "over_20": 0, NO_ANSWER: 0}, 60)
    some = reported({"0": None, "1_2": 20, "3_5": 20, "6_10": None, "11_20": None, "over_20": None, NO_ANSWER: None}, 60)
    assert every is not None
    assert some is not None
    assert some.high - some.low > every.high - every.low
    assert some.low < every.value < some.high


@pytest.mark.parametrize("told", [{}, {"3_5": 30}, {"3_5": 30, NO_ANSWER: 20}, dict.fromkeys(EVERY, 0)])
def test_of_fewer_than_two_classes_nothing_is_told(told: dict[str, int | None]) -> None:
    assert reported(told, 60) is None


@given(st.lists(st.integers(10, 200), min_size=2, max_size=6), st.integers(0, 60))
def test_a_mean_lies_in_its_interval_and_within_what_may_be(numbers: list[int], unseen: int) -> None:
    found = reported(dict(zip(EVERY, numbers, strict=False)), sum(numbers) + unseen)
    assert found is not None
    assert 0 < found.low <= found.value <= found.high < 65


def test_nineteen_in_twenty_intervals_hold_the_mean_that_the_answers_were_made_with() -> None:
    rng = np.random.default_rng(6)
    held = []
    for _ in range(200):
        mean, cards = float(np.exp(rng.normal(np.log(5), 0.6))), int(rng.integers(30, 120))
        found = reported(answers(rng, mean, cards, shape=float(rng.choice([0.6, 2.0, 20.0]))), cards)
        held += [] if found is None else [found.low <= mean <= found.high]
    assert len(held) > 150
    assert fmean(held) >= 0.9


# --- a model beside them ----------------------------------------------------------------------------------------------


def exact(value: float) -> Reported:
    return Reported(value, value * 0.9, value * 1.1)


def test_a_line_without_errors_is_found_exactly() -> None:
    found = agreement([(float(number), exact(2.0 * number + 1)) for number in range(10)])
    assert found is not None
    assert (found.places, found.rank.value, found.slope.value) == (10, pytest.approx(1.0), pytest.approx(2.0))
    assert found.rank.low < 1
    assert found.slope.low < 2 < found.slope.high


def test_the_level_is_how_many_times_the_model_the_answers_are() -> None:
    found = agreement([(float(number), exact(0.7 * number)) for number in range(3, 15)])
    assert found is not None
    assert found.level.value == pytest.approx(0.7)


def test_nine_places_say_nothing_nor_does_a_model_that_gives_the_same_everywhere() -> None:
    assert agreement([(float(number), exact(number + 1.0)) for number in range(9)]) is None
    assert agreement([(1.0, exact(number + 1.0)) for number in range(12)]) is None


def test_equal_values_share_a_rank() -> None:
    assert recognised._ranks([5.0, 1.0, 5.0]) == [2.5, 1.0, 2.5]


@pytest.mark.parametrize(("freedom", "wanted"), [(8, 2.306), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_points_of_students_distribution_are_those_of_the_printed_tables(freedom: int, wanted: float) -> None:
    assert recognised._student(freedom) == pytest.approx(wanted, abs=6e-4)


def towns(rng: np.random.Generator, slope: float, *, number: int, places: int) -> tuple[list[float], list[bool]]:
    """Slopes found, and whether their interval holds the true one: places differ from the line by a quarter, and people answer on cards."""
    slopes, held = [], []
    for _ in range(number):
        pairs = []
        for _ in range(places):
            model = float(np.exp(rng.normal(np.log(5), 0.5)))
            cards, truth = int(rng.integers(40, 120)), (1 + slope * model) * float(np.exp(rng.normal(-0.03, 0.25)))
            found = reported(answers(rng, truth, cards), cards)
            pairs += [(model, found)] if found else []
        beside = agreement(pairs)
        if beside:
            slopes.append(beside.slope.value)
            held.append(beside.slope.low <= slope <= beside.slope.high)
    return slopes, held


def test_the_slope_that_answers_were_made_with_is_found_and_its_interval_holds_it() -> None:
    rng, every = np.random.default_rng(5), []
    for slope in (0.5, 1.0, 2.0):
        slopes, held = towns(rng, slope, number=18, places=16)
        assert median(slopes) == pytest.approx(slope, rel=0.15)
        every += held
    assert len(every) >= 50
    assert fmean(every) >= 0.88


def test_a_cautious_model_is_not_blamed_for_what_it_cannot_know_and_one_that_exaggerates_is() -> None:
    """Cautious: it gives what it expects, and the truth lies around that. Exaggerating: it adds noise of its own to the truth."""
    rng = np.random.default_rng(3)
    spread = [float(value) for value in np.exp(rng.normal(np.log(6), 0.4, 400))]
    cautious = agreement([(value, exact(value * float(np.exp(rng.normal(-0.08, 0.4))))) for value in spread])
    loud = agreement([(value * float(np.exp(rng.normal(0, 0.4))), exact(value)) for value in spread])
    assert cautious is not None
    assert loud is not None
    assert cautious.slope.low < 1 < cautious.slope.high
    assert loud.slope.high < 0.8
