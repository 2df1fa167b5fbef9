# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a measurement would tell: the slopes of answers, and that what is promised is what a calibration with it gives."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from knopenkaart.visits.calibrate import Fitted, calibrate
from knopenkaart.visits.choice import Parameters, Setting, choose
from knopenkaart.visits.observed import Observed
from knopenkaart.visits.priors import Prior
from knopenkaart.visits.worth import Measurement, Worth, _imagined, _observed, slope_of, visits_slope, worth

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))

import recovery

ALL = tuple(range(8))


@lru_cache(maxsize=1)
def invented() -> tuple[Setting, Prior, Fitted]:
    """A town in which a little was counted, of one function."""
    stream = np.random.default_rng(9)
    setting, prior = recovery.town(stream, cells=40, places=8)
    seen = recovery.observe(stream, setting, prior.mean, recovery.Plan(weeks=1))
    meet = seen.counts.place % 2 == 0
    counts = type(seen.counts)(*(getattr(seen.counts, name)[meet] for name in ("place", "group", "visits", "weeks", "period", "sheet")))
    return setting, prior, calibrate(setting, Observed(counts, area=seen.area), prior)


def closing(setting: Setting) -> np.ndarray:
    opened = setting.open.copy()
    opened[:2] = False
    return opened


def effect(fitted: Fitted) -> np.ndarray:
    """The slope of what visits change by where the first place of each function closes."""
    every = np.ones((fitted.layout.places, fitted.layout.groups))
    return visits_slope(fitted, every, opened=closing(fitted.setting)) - visits_slope(fitted, every)


def test_the_slope_of_visits_is_that_of_the_choice() -> None:
    setting, _, fitted = invented()
    shut = setting.with_open(closing(setting))
    by_steps = slope_of(fitted, lambda one: float(choose(shut, one).visits.sum() - choose(setting, one).visits.sum()))
    exact = effect(fitted)
    assert np.allclose(exact, by_steps, atol=1e-3 * np.abs(exact).max())


def test_what_is_promised_is_what_a_calibration_with_it_gives() -> None:
    # Data exactly as expected leave the most likely parameters where they are, and take from the doubt what was promised.
    setting, prior, _ = invented()
    fitted = calibrate(setting, Observed(area=invented()[2].area), prior)
    asked = Measurement("origins", ALL, asked=0.1)
    promised = worth(fitted, effect(fitted), [asked])[0]
    after = calibrate(setting, _observed(fitted, asked, np.arange(8)), prior)
    assert np.allclose(after.mode, fitted.mode, atol=1e-2)
    slope = effect(fitted)
    left = slope[after.at] @ after.covariance @ slope[after.at]
    rest = slope[after.rest] @ after.belief.covariance(after.rest) @ slope[after.rest]
    assert np.sqrt(left + rest) == pytest.approx(promised.after, rel=0.02)
    assert promised.after < 0.9 * promised.before


def test_more_tells_more_and_nothing_makes_less_sure() -> None:
    fitted = invented()[2]
    sizes = [Measurement("counts", ALL, weeks=weeks) for weeks in (1, 4, 26)] + [Measurement("counts", ALL, weeks=26, by_group=True)]
    left = {one.measurement: one.after for one in worth(fitted, effect(fitted), sizes)}
    assert [left[one] for one in sizes] == sorted(left.values(), reverse=True)
    few, all_asked = (worth(fitted, effect(fitted), [Measurement("origins", ALL, asked=part)])[0].shrinks for part in (0.02, 0.5))
    assert 0 < few < all_asked < 1


def test_the_best_comes_first() -> None:
    fitted = invented()[2]
    found = worth(fitted, effect(fitted), [Measurement("counts", (0,)), Measurement("origins", ALL), Measurement("frequency", ALL)])
    assert [one.after for one in found] == sorted(one.after for one in found)
    assert np.allclose([one.before for one in found], found[0].before)


def test_how_often_people_come_tells_of_who_meets_again_and_not_of_visits() -> None:
    _, prior, fitted = invented()

    def met(one: Parameters) -> float:
        return float(one.onsite[0] @ one.frequency)

    asked = Measurement("frequency", (0, 2), answers=100)
    again = worth(fitted, slope_of(fitted, met), [asked, Measurement("counts", ALL)])
    assert again[0].measurement == asked
    assert again[0].shrinks > 0.5
    assert again[1].shrinks == pytest.approx(0, abs=1e-9)
    assert worth(fitted, effect(fitted), [asked])[0].shrinks == pytest.approx(0, abs=1e-9)
    # Ten answers are what the prior is worth: as many again make it surer by the square root of two, at most.
    ten = worth(fitted, slope_of(fitted, met), [Measurement("frequency", (0,), answers=int(prior.answers))])[0]
    assert 0.1 < ten.shrinks < 1 - 1 / np.sqrt(2) + 1e-6


def test_a_function_of_which_nothing_is_known_can_be_measured_too() -> None:
    fitted = invented()[2]
    sport = np.zeros((8, 3))
    sport[1::2] = 1.0
    slope = visits_slope(fitted, sport)
    found = worth(fitted, slope, [Measurement("counts", (1, 3, 5, 7)), Measurement("counts", (0, 2, 4, 6))])
    assert found[0].measurement.places == (1, 3, 5, 7)
    assert found[0].shrinks > 0.5
    assert found[1].shrinks < 0.05
    _, at = _imagined(fitted, Measurement("counts", (1,)))
    assert len(at) > len(fitted.at)


def test_an_answer_that_is_sure_cannot_become_surer() -> None:
    assert Worth(Measurement("counts", (0,)), 0.0, 0.0).shrinks == 0.0


def test_what_cannot_be_measured_is_refused() -> None:
    for wrong in ({"places": ()}, {"weeks": 0}, {"asked": 0.0}, {"answers": 0}):
        with pytest.raises(ValueError, match="a measurement has"):
            Measurement(**({"kind": "counts", "places": (0,)} | wrong))  # type: ignore[arg-type]
    setting, prior, _ = invented()
    nowhere = calibrate(setting, Observed(), prior)
    with pytest.raises(ValueError, match="every cell has an area"):
        worth(nowhere, effect(nowhere), [Measurement("origins", ALL)])
