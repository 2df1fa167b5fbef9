# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The part of visitors who would go nowhere lies where chance and what is hidden allow it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.visits.nowhere import nowhere


def test_with_every_answer_known_it_is_the_interval_of_a_share() -> None:
    """10 of 40: Wilson gives 14.2 to 40.2 %."""
    found = nowhere({"nowhere": 10, "other": 30, "no_answer": 20}, 60)
    assert found is not None
    assert (found.nowhere, found.elsewhere, found.cards) == (10, 30, 60)
    assert (found.low, found.high) == pytest.approx((0.1419, 0.4019), abs=1e-4)


def test_cards_in_no_answer_that_is_shown_may_name_a_place_or_nothing() -> None:
    """Of 60 cards 20 are hidden: 10 of 60 at least, 10 of 40 at most."""
    found, least = nowhere({"nowhere": 10, "other": 30}, 60), nowhere({"nowhere": 10, "other": 50, "no_answer": 0}, 60)
    assert found is not None
    assert least is not None
    assert found.low == least.low
    assert found.high == pytest.approx(0.4019, abs=1e-4)


def test_a_hidden_place_counts_for_nothing_and_hidden_nowhere_tells_nothing() -> None:
    assert nowhere({"nowhere": 10, "a place": None, "other": 30, "no_answer": 0}, 45) == nowhere(
        {"nowhere": 10, "other": 30, "no_answer": 0}, 45
    )
    assert nowhere({"nowhere": None, "other": 30}, 40) is None
    assert nowhere({"other": 30}, 40) is None
    assert nowhere({"nowhere": 10}, None) is None


def test_where_all_say_nowhere_the_rest_may_still_be_silent() -> None:
    found = nowhere({"nowhere": 36}, 52)
    assert found is not None
    assert found.low < 36 / 52 < found.high == 1.0


@given(st.integers(10, 200), st.integers(0, 200), st.integers(0, 100), st.integers(0, 100))
def test_what_is_hidden_only_widens(no: int, other: int, hidden: int, silent: int) -> None:
    cards = no + other + hidden + silent
    known = nowhere({"nowhere": no, "other": other + hidden, "no_answer": silent}, cards)
    told = nowhere({"nowhere": no, "other": other}, cards)
    assert known is not None
    assert told is not None
    assert 0 <= told.low <= known.low <= known.high <= told.high <= 1
