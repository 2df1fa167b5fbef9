# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""More places, fewer encounters: towns in which it is so, in which it is not, and in which nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest

from knopenkaart.meeting.verdict import decided, settling, verdict

from .grounds import assumed, sure_of, town

# Few people in a session, of whom one notices nearly all.
THIN = town(cells=20, places=20, people=6.0, groups=("age_65_plus",))
# Hundreds in a session, of whom one notices twelve.
CROWDED = town(cells=20, places=3, people=2000.0, groups=("age_65_plus",), slots=6)


def test_thin_places_to_which_everybody_goes_already_support_it() -> None:
    found = verdict(THIN, sure_of(THIN, part=0.97, rate=1.5, theta=0.6, counted=6), draws=60)
    # s is near 1: the threshold is near a half, and hardly anybody is left to be drawn out.
    assert found.threshold[0] > 0.2
    assert found.elasticity[0] < 0.05
    assert found.verdict == "supported"
    assert found.probability >= 0.9


def test_crowded_places_to_which_few_go_contradict_it() -> None:
    found = verdict(CROWDED, sure_of(CROWDED, part=0.15, rate=3.0, theta=0.85, counted=3), draws=60)
    assert found.threshold[0] < 0.05
    assert found.elasticity[0] > 0.2
    assert found.verdict == "contradicted"
    assert found.probability <= 0.1


def test_between_them_it_is_undecided() -> None:
    middle = town(cells=20, places=5, people=400.0, groups=("age_65_plus",))
    found = verdict(middle, sure_of(middle, part=0.4, rate=1.0, theta=0.6, counted=3), draws=60)
    assert found.verdict == "undecided"
    assert 0.1 < found.probability < 0.9
    assert found.measure[0][0] in {"openings", "recognise"}


def test_without_own_counts_it_is_undecided_however_sure_the_model_is() -> None:
    found = verdict(THIN, sure_of(THIN, part=0.97, rate=1.5, theta=0.6, counted=0), draws=40)
    assert found.probability >= 0.9
    assert found.counted == 0
    assert found.verdict == "undecided"
    assert verdict(THIN, assumed(THIN), draws=20).verdict == "undecided"


@pytest.mark.parametrize(
    ("probability", "said"), [(1.0, "supported"), (0.9, "supported"), (0.89, "undecided"), (0.11, "undecided"), (0.1, "contradicted")]
)
def test_it_takes_nine_in_ten_to_decide(probability: float, said: str) -> None:
    assert decided(probability, counted=1) == said


def test_the_measurement_of_what_makes_the_gap_settles_most() -> None:
    random = np.random.default_rng(1)
    cause, other = random.normal(size=2000), random.normal(size=2000)
    gap = cause + 0.1 * random.normal(size=2000)
    found = dict(settling(gap, {"other": other, "cause": cause, "known": np.zeros(2000)}))
    assert list(found) == ["cause", "other"]
    assert found["cause"] > 0.95
    assert found["other"] == pytest.approx(0.5, abs=0.03)
