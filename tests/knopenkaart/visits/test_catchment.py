# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The real catchment beside the modelled one: shares by heart, and the band of a place whose visitors are those in reach."""

from __future__ import annotations

import numpy as np
import pytest

from knopenkaart.visits.catchment import LEAST_CARDS, Catchment, catchment

MODEL = {"2611": 500.0, "2612": 300.0, "2613": 200.0}


def test_shares_and_overlap_by_heart() -> None:
    found = catchment({"2611": 20, "2612": 20, "9999": 10}, MODEL, seed=1)
    assert found.outside is not None
    assert found.outside[0] == pytest.approx(0.2)
    assert {row.origin: row.share for row in found.origins} == pytest.approx({"2611": 0.4, "2612": 0.4, "9999": 0.2})
    assert {row.origin: row.modelled for row in found.origins} == pytest.approx({"2611": 0.5, "2612": 0.3, "9999": 0.0})
    # Of those within reach half and half, against 5 : 3 : 2.
    assert found.overlap == pytest.approx(0.5 + 0.3)


def test_visitors_drawn_from_those_in_reach_stay_within_the_band() -> None:
    stream, inside = np.random.default_rng(5), 0
    for number in range(200):
        seen = stream.multinomial(60, [0.5, 0.3, 0.2])
        found = catchment(dict(zip(MODEL, seen.tolist(), strict=True)), MODEL, seed=number)
        assert found.overlap is not None
        assert found.null_low is not None
        inside += found.overlap >= found.null_low - 1e-9
    assert inside >= 180


def test_few_cards_or_no_model_tell_nothing() -> None:
    assert catchment({"2611": LEAST_CARDS - 1}, MODEL, seed=1) == Catchment(n=LEAST_CARDS - 1, enough=False, reason="few_cards")
    assert catchment({"2611": 40}, {}, seed=1).reason == "no_model"


def test_with_few_visitors_from_within_reach_nothing_is_said_of_overlap() -> None:
    found = catchment({"2611": 5, "9999": 60}, MODEL, seed=1)
    assert (found.enough, found.overlap) == (True, None)
    assert found.outside is not None
    assert found.outside[0] > 0.9
