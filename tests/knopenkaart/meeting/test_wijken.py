# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Wijken one by one: what there is no time for is left out whole, and the rest is as it would be with all the time there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart import progress
from knopenkaart.meeting.wijken import curves_of_wijken

from .grounds import assumed, town

WIJKEN = town(cells=12, places=12, people=60.0, wijken=3)
# The last wijk has most residents, and the first comes next.
PEOPLE = np.repeat([40.0, 20.0, 80.0], 4)[:, None] * np.ones((1, WIJKEN.setting.groups))
GROUND = replace(WIJKEN, setting=replace(WIJKEN.setting, people=PEOPLE))
OF = assumed(GROUND)
TODAY = {code: [30.0, 2.0, 1.0, 0.5] for code in ("W0", "W1", "W2")}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that goes on by a second every time that somebody looks."""
    now = [0.0]

    def tick() -> float:
        now[0] += 1.0
        return now[0]

    monkeypatch.setattr(progress.time, "monotonic", tick)
    return now


def test_without_a_deadline_every_wijk_has_a_curve_in_order_of_its_code() -> None:
    made = curves_of_wijken(GROUND, OF, TODAY, draws=2)
    assert [found.area for _, found in made] == ["W0", "W1", "W2"]
    assert [len(own.ids) for own, _ in made] == [4, 4, 4]


def test_where_time_is_up_the_wijken_with_most_residents_are_there_whole(clock: list[float]) -> None:
    whole = {found.area: found for _, found in curves_of_wijken(GROUND, OF, TODAY, draws=2)}
    told: list[str] = []
    curves_of_wijken(GROUND, OF, {"W2": TODAY["W2"]}, draws=2, deadline=1e9, progress=lambda step, _: told.append(step))
    # Time for the first wijk and part of the next.
    clock[0] = 0.0
    made = curves_of_wijken(GROUND, OF, TODAY, draws=2, deadline=len(told) + 3.0)
    assert [found.area for _, found in made] == ["W2"]
    band, same = (found.band("elastic", "own") for found in (made[0][1], whole["W2"]))
    assert np.array_equal(band.faces_of, same.faces_of)
    assert np.array_equal(band.encounters, same.encounters)


def test_no_wijk_is_begun_when_it_is_too_late(clock: list[float]) -> None:
    assert curves_of_wijken(GROUND, OF, TODAY, draws=2, deadline=0.5) == []


def test_the_progress_of_all_wijken_together_rises_to_the_end() -> None:
    shares: list[float] = []
    curves_of_wijken(GROUND, OF, TODAY, draws=4, progress=lambda step, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.9 < shares[-1] < 1.0


def test_somebody_who_stops_it_stops_all_of_it() -> None:
    def stop(step: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        curves_of_wijken(GROUND, OF, TODAY, draws=2, progress=stop)
