# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Random streams: independent, named, the same in every run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.rng import stream


@given(st.integers(min_value=0, max_value=2**63), st.text())
def test_a_stream_gives_the_same_numbers_again(seed: int, name: str) -> None:
    assert stream(seed, name).random(3).tolist() == stream(seed, name).random(3).tolist()


@given(st.integers(min_value=0, max_value=2**32), st.text(), st.text())
def test_streams_of_other_names_differ(seed: int, one: str, other: str) -> None:
    same = stream(seed, one).random() == stream(seed, other).random()
    assert same == (one == other)


def test_the_first_number_of_a_stream_never_changes_between_versions() -> None:
    assert round(float(stream(2012, "places").random()), 12) == 0.116435818388
