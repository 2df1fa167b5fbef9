# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Calibration: slopes that are exact, data that tell what they can and nothing else, and intervals that hold the truth."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from knopenkaart.visits._data import Data, data_of
from knopenkaart.visits._likelihood import (
    Totals,
    answers_information,
    answers_value,
    chance_of_answer,
    counts_value,
    origins_value,
)
from knopenkaart.visits._vector import Layout, packed, unpacked
from knopenkaart.visits._weeks import dispersion_of
from knopenkaart.visits.calibrate import Fitted, calibrate, draws
from knopenkaart.visits.choice import Parameters, Setting, choose, reached
from knopenkaart.visits.observed import Counts, Frequencies, Observed, Origins, weeks_counted
from knopenkaart.visits.priors import Prior

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))

import recovery

Town = tuple[Setting, Prior, Parameters, Observed]
NAMES = ("attract", "beta", "theta", "goes", "level", "dispersion", "onsite")


@lru_cache(maxsize=1)
def invented() -> Town:
    """A town of two functions with its truth, and all that can be observed of it."""
    stream = np.random.default_rng(7)
    setting, prior = recovery.town(stream, cells=40, places=8)
    truth = draws(calibrate(setting, Observed(), prior), 1, seed=11)[0]
    return setting, prior, truth, recovery.observe(stream, setting, truth, recovery.Plan())


@lru_cache(maxsize=4)
def fitted(*, counts: bool = True, origins: bool = True, frequencies: bool = True) -> Fitted:
    setting, prior, _, observed = invented()
    kept = Observed(
        observed.counts if counts else Counts(),
        observed.origins if origins else Origins(),
        observed.frequencies if frequencies else Frequencies(),
        observed.area,
    )
    return calibrate(setting, kept, prior)


def small(*, places: int = 2, groups: int = 1, nests: int = 1) -> tuple[Setting, Prior]:
    """Three cells in a row and places of which everything is believed alike."""
    metres = np.abs(np.array([[0.0], [1000.0], [2000.0]]) - np.linspace(0, 2000, places)[None, :])
    nest = (np.arange(places) % nests).astype(np.int32)
    setting = Setting(np.full((3, groups), 200.0), reached(metres), nest, nests, np.ones(places, dtype=bool))
    shape = (nests, groups)
    onsite, frequency = np.tile([0.2, 0.3, 0.5], (nests, 1)), np.array([0.1, 0.5, 2.0])
    mean = Parameters(np.zeros((places, groups)), np.ones(groups), 0.6, np.zeros(shape), np.full(shape, 0.4), onsite, frequency)
    sd = Parameters(np.ones((places, groups)), np.full(groups, 0.4), 1.0, np.ones(shape), np.full(shape, 0.6))
    return setting, Prior(mean, sd, np.zeros(shape))


# --- slopes and information ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def weighed() -> tuple[Data, np.ndarray]:
    """Observations in two periods, and a vector that is not their best."""
    setting, prior, truth, observed = invented()
    layout = Layout.of(setting, prior)
    counts, origins = observed.counts, observed.origins
    periods = np.ones((2, setting.places), dtype=bool)
    periods[1, 0] = False
    both = replace(
        observed,
        counts=replace(counts, period=(counts.place > 0).astype(np.int64), group=np.where(counts.place > 4, -1, counts.group)),
        origins=replace(origins, group=np.where(origins.place == 2, 1, -1)),
        periods=periods,
    )
    data, lost = data_of(setting, layout, both, prior.mean)
    assert lost == 0
    return data, packed(layout, truth, 0.1) + np.random.default_rng(2).normal(0, 0.1, layout.size)


def test_the_slope_is_that_of_the_value() -> None:
    data, x = weighed()
    slope = data.value(x)[1]
    step = 1e-5
    by_steps = np.array([(data.value(x + step * one)[0] - data.value(x - step * one)[0]) / (2 * step) for one in np.eye(len(x))])
    assert np.allclose(slope, by_steps, atol=1e-6 * np.abs(by_steps).max())
    assert (np.abs(slope) > 0).sum() > 0.9 * len(slope)


def test_the_slopes_of_each_count_and_origin_are_those_of_what_is_expected() -> None:
    data, x = weighed()
    period, step = data.periods[1], 1e-5

    def expected(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flows = data.flows(unpacked(data.layout, at, data.frequency), period)
        return period.counts(data.setting, flows), period.origins(flows).ravel()

    habits = unpacked(data.layout, x, data.frequency)
    flows = data.flows(habits, period)
    turning = data.layout.turning(x)
    of_counts = (data.slopes(habits, flows, data.setting.pairs.place, data.layout.places, period.counted) @ turning).toarray()
    of_origins = (data.slopes(habits, flows, period.line, period.lines, period.asked) @ turning).toarray()
    for column, one in enumerate(np.eye(len(x))):
        up, down = expected(x + step * one), expected(x - step * one)
        assert np.allclose(of_counts[:, column], (up[0] - down[0]) / (2 * step), rtol=1e-5, atol=1e-4)
        assert np.allclose(of_origins[:, column], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-4)


def test_the_information_is_the_spread_of_slopes_over_towns_that_might_have_been_seen() -> None:
    setting, prior, truth, _ = invented()
    layout = Layout.of(setting, prior)
    x, plan = packed(layout, truth, recovery.Plan.dispersion), recovery.Plan(weeks=2)
    slopes, told = [], []
    at = np.arange(layout.slices["dispersion"].start)
    for number in range(150):
        observed = recovery.observe(np.random.default_rng(number), setting, truth, plan)
        data, _ = data_of(setting, layout, observed, prior.mean)
        slopes.append(data.value(x)[1][at])
        told.append(data.information(x, at))
    expected = np.mean(told, axis=0)
    # Turned so that the expected information is 1 in every direction: the spread is too, within what 150 towns can tell.
    values, vectors = np.linalg.eigh(expected)
    some = values > 1e-6 * values.max()
    turned = np.array(slopes) @ vectors[:, some] / np.sqrt(values[some])
    assert np.abs(turned.mean(axis=0)).max() < 4 / np.sqrt(150)
    assert turned.var(axis=0).mean() == pytest.approx(1.0, abs=0.08)


def alone(weeks: list[float]) -> Totals:
    return Totals(np.arange(len(weeks)), np.array(weeks))


def test_counts_vary_as_a_negative_binomial() -> None:
    # Mean 2, size 2: half fails and half succeeds, so of 1 visit the chance is 2 x 1/4 x 1/2.
    value, slope, _ = counts_value(np.array([1.0]), np.array([2.0]), alone([1.0]), 0.5)
    assert np.exp(value) == pytest.approx(0.25)
    assert slope[0] == pytest.approx((1 - 2) * 2 / (2 * 4))


def test_groups_of_one_sheet_share_a_good_week() -> None:
    # The total of 1 has a chance of 1/4 as above; that it was of the group with 0.5 of 2 is a quarter of that.
    sheet, visits, mean = Totals(np.array([0, 0]), np.array([1.0])), np.array([1.0, 0.0]), np.array([0.5, 1.5])
    value, slope, on_dispersion = counts_value(visits, mean, sheet, 0.5)
    assert np.exp(value) == pytest.approx(0.25 / 4)
    assert slope == pytest.approx([1 / 0.5 - 3 / 4, -3 / 4])
    assert on_dispersion == pytest.approx(counts_value(np.array([1.0]), np.array([2.0]), alone([1.0]), 0.5)[2])


def test_a_total_counted_by_group_is_no_surer_than_the_week_allows() -> None:
    # Six groups of one place: in sheets of their own each has its own good or bad week, and these would average out.
    setting, prior = small(groups=6)
    prior = replace(prior, dispersion=(0.06, 0.05))
    group, week = (axis.ravel() for axis in np.indices((6, 4)))
    counts = weeks_counted(np.zeros(24), group, np.full(24, 200.0))
    apart = calibrate(setting, Observed(counts), prior).visits
    together = calibrate(setting, Observed(replace(counts, sheet=week)), prior).visits
    whole = calibrate(setting, Observed(weeks_counted(np.zeros(4), -1, np.full(4, 1200.0))), prior).visits
    width = [np.log(one.high[0] / one.low[0]) for one in (apart, together, whole)]
    assert width[0] < 0.6 * width[1]
    assert width[1] == pytest.approx(width[2], rel=0.1)


def test_the_dispersion_is_that_of_weeks_of_one_place() -> None:
    stream = np.random.default_rng(8)
    place, week = (axis.ravel() for axis in np.indices((40, 6)))
    # Places differ a thousandfold, weeks by a fifth.
    mean = np.exp(stream.uniform(np.log(5), np.log(5000), 40))[place]
    seen = stream.poisson(mean * stream.gamma(25.0, 1 / 25, len(place)))
    found, left = dispersion_of(weeks_counted(place, 0, seen), (0.25, 2.0))
    assert found == pytest.approx(0.04, rel=0.25)
    assert left < 0.15
    # Groups of one sheet share their week: what they tell is what their total does.
    halves = weeks_counted(np.repeat(place, 2), np.tile([0, 1], len(place)), np.stack([seen // 2, seen - seen // 2], axis=1).ravel())
    sheets = replace(halves, sheet=np.repeat(np.arange(len(place)), 2))
    assert dispersion_of(sheets, (0.25, 2.0))[0] == pytest.approx(found, rel=1e-3)
    assert week.max() == 5


def test_one_week_of_each_place_tells_nothing_of_how_weeks_differ() -> None:
    assert dispersion_of(weeks_counted([0, 1, 2], 0, [3.0, 500.0, 0.0]), (0.06, 0.5)) == (0.06, 1.0)
    assert dispersion_of(weeks_counted([0, 0], 0, [3.0, 500.0]), (0.06, 0.0)) == (0.06, 1.0)


@pytest.mark.parametrize("factor", [0.02, 50.0])
def test_a_place_that_is_nothing_like_what_was_believed_is_reproduced_all_the_same(factor: float) -> None:
    setting, prior = small()
    many = np.rint(choose(setting, prior.mean).visits[0, 0] * factor * np.array([0.8, 1.0, 1.2, 0.9]))
    found = calibrate(setting, Observed(weeks_counted(np.zeros(4), 0, many)), prior)
    assert found.visits.low[0] < many.mean() < found.visits.high[0]
    assert found.found


def test_origins_are_told_by_their_shares() -> None:
    value, slope = origins_value(np.array([[3.0, 1.0, 0.0]]), np.array([[20.0, 20.0, 0.0]]))
    assert value == pytest.approx(4 * np.log(0.5))
    assert slope[0] == pytest.approx([3 / 20 - 4 / 40, 1 / 20 - 4 / 40, -4 / 40])


def test_who_is_asked_was_there_at_least_once() -> None:
    chance = chance_of_answer(np.array([0.0001, 1.0, 30.0]))
    assert chance.sum(axis=0) == pytest.approx(np.ones(3))
    assert chance[0, 0] == pytest.approx(1.0, abs=1e-3)
    assert np.arange(1, 29) @ chance[:, 1] == pytest.approx(5.0)
    assert chance[-1, 2] == pytest.approx(1.0, abs=1e-3)


def test_answers_tell_of_the_classes_what_their_slopes_say() -> None:
    chance, onsite = chance_of_answer(np.array([0.1, 1.0, 3.0])), np.array([0.5, 0.3, 0.2])
    mixed = chance @ onsite
    told = np.zeros((2, 2))
    for answer, part in enumerate(mixed):
        one = np.zeros(28)
        one[answer] = 1.0
        slope = answers_value(one, onsite, chance)[1]
        told += part * np.outer(slope, slope)
    assert answers_information(10.0, onsite, chance) == pytest.approx(10 * told)


# --- nothing observed ------------------------------------------------------------------------------------------------------------


def test_without_data_everything_is_assumed_and_as_it_was_believed() -> None:
    setting, prior, _, _ = invented()
    found = calibrate(setting, Observed(), prior)
    assert found.found
    assert set(found.visits.badge) == {"assumed"}
    assert set(found.by_group.badge.ravel()) == {"assumed"}
    assert np.allclose(found.visits.value, choose(setting, prior.mean).visits.sum(axis=1))
    assert np.allclose(found.parameters.attract, prior.mean.attract)
    for name in NAMES:
        assert np.allclose(found.untold[name], 1.0), name


def test_without_data_the_draws_have_the_spread_that_was_believed() -> None:
    setting, prior = small(places=5, groups=3)
    drawn = draws(calibrate(setting, Observed(), prior), 4000, seed=3)
    ln_beta = np.log([one.beta for one in drawn])
    assert ln_beta.std(axis=0) == pytest.approx(np.full(3, 0.4), rel=0.05)
    assert np.corrcoef(ln_beta.T)[0, 1] == pytest.approx(prior.alike, abs=0.05)
    level = np.log([one.rate / (1 + np.exp(one.theta * one.outside)) for one in drawn])[:, 0]
    assert level.std(axis=0) == pytest.approx(np.full(3, 0.6), rel=0.05)
    attract = np.array([one.attract for one in drawn])
    assert np.abs(attract.mean(axis=1)).max() < 1e-9
    # With 0 on average five places leave four fifths of the variance.
    assert attract[:, 0, 0].std() == pytest.approx(np.sqrt(0.8), rel=0.05)


# --- what data tell ----------------------------------------------------------------------------------------------------------------


def test_a_counted_place_is_reproduced() -> None:
    setting, prior = small()
    many = np.array([90.0, 100.0, 110.0, 95.0, 105.0, 100.0])
    found = calibrate(setting, Observed(weeks_counted(np.zeros(6), 0, many)), prior)
    assert found.visits.low[0] < 100 < found.visits.high[0]
    assert found.visits.value[0] == pytest.approx(100, rel=0.05)
    assert found.visits.badge.tolist() == ["measured", "assumed"]
    before = choose(setting, prior.mean).visits.sum(axis=1)
    assert before[0] < 70
    # The level of the function is in the count too, so the other place is expected to have more as well, far less surely.
    assert found.visits.value[1] > before[1]
    assert found.visits.high[1] / found.visits.low[1] > 5 * found.visits.high[0] / found.visits.low[0]


@pytest.mark.parametrize("elastic", [True, False])
def test_counts_of_the_town_are_reproduced_under_both_kinds_of_demand(elastic: bool) -> None:
    setting, _, _, observed = invented()
    found = fitted()
    visits = choose(setting, found.parameters, elastic=elastic).visits
    assert np.allclose(visits, found.by_group.value)
    seen = np.zeros_like(visits)
    np.add.at(seen, (observed.counts.place, observed.counts.group), observed.counts.visits / recovery.Plan.weeks)
    assert (found.visits.low < seen.sum(axis=1)).all()
    assert (seen.sum(axis=1) < found.visits.high).all()
    assert set(found.by_group.badge.ravel()) == {"measured"}


def test_a_total_tells_of_the_groups_without_calling_them_measured() -> None:
    setting, prior = small(groups=2)
    found = calibrate(setting, Observed(weeks_counted(np.zeros(8), -1, np.full(8, 400.0))), prior)
    assert found.visits.badge[0] == "measured"
    assert set(found.by_group.badge[0]) <= {"estimated", "assumed"}
    assert found.visits.value[0] == pytest.approx(400, rel=0.1)


def test_a_function_without_data_stays_as_it_was_believed() -> None:
    setting, prior = small(places=4, nests=2)
    found = calibrate(setting, Observed(weeks_counted(np.zeros(4), 0, np.full(4, 60.0))), prior)
    assert np.isclose(found.untold["level"][1], 1.0).all()
    assert (found.untold["level"][0] < 0.9).all()
    assert found.visits.badge[[1, 3]].tolist() == ["assumed", "assumed"]
    assert len(found.rest) > 0
    again = draws(found, 2000, seed=5)
    level = np.log([one.rate[1, 0] / (1 + np.exp(one.theta * one.outside[1, 0])) for one in again])
    assert level.std() == pytest.approx(0.6, rel=0.08)


def test_counts_alone_say_little_of_how_far_people_come_and_origins_say_much() -> None:
    counts, both = fitted(origins=False), fitted()
    assert both.untold["beta"].mean() < 0.8 * counts.untold["beta"].mean()


def test_answers_on_frequency_tell_of_the_classes_and_nothing_of_visits() -> None:
    with_them, without = fitted(), fitted(frequencies=False)
    assert np.allclose(without.untold["onsite"], 1.0)
    assert (with_them.untold["onsite"] < 0.8).all()
    assert np.allclose(with_them.visits.value, without.visits.value, rtol=1e-2)
    assert np.allclose(with_them.untold["beta"], without.untold["beta"], rtol=1e-2)


def test_many_answers_give_the_classes_of_the_town() -> None:
    setting, prior = small()
    chance, truth = chance_of_answer(prior.mean.frequency), np.array([0.6, 0.3, 0.1])
    times = np.random.default_rng(4).choice(np.arange(1, 29), 4000, p=chance @ truth)
    found = calibrate(setting, Observed(frequencies=Frequencies(np.zeros(4000, dtype=np.int64), times)), prior)
    assert found.parameters.onsite[0] == pytest.approx(truth, abs=0.06)


def test_a_closure_that_was_seen_tells_whether_people_stay_at_home() -> None:
    # The same weeks of counting, with all open or with one of two shut in half of them: what the other then draws tells of theta and W0.
    setting, prior = small()
    truth = replace(prior.mean, theta=0.9)
    shut = np.array([[True, True], [False, True]])
    visits = [choose(setting.with_open(mask), truth).visits[:, 0] for mask in shut]

    def counted(periods: list[int]) -> Fitted:
        rows = [(place, number, visits[number][place]) for number in periods for place in (0, 1) if shut[number][place]]
        place, period, seen = (np.array(column) for column in zip(*rows, strict=True))
        counts = Counts(place, np.zeros(len(rows), dtype=np.int64), np.rint(seen), np.ones(len(rows)), period)
        return calibrate(setting, Observed(counts, periods=shut), replace(prior, dispersion=(0.005, 0.1)))

    always, closed = counted([0] * 20), counted([0] * 10 + [1] * 10)
    assert closed.untold["theta"][0] * closed.untold["goes"][0, 0] < 0.9 * always.untold["theta"][0] * always.untold["goes"][0, 0]


# --- what no data can tell ------------------------------------------------------------------------------------------------------------


def test_the_scale_of_attractiveness_is_no_property_of_the_town() -> None:
    data, x = weighed()
    at = data.layout.slices
    raised = x.copy()
    raised[at["attract"]] += 0.7
    assert data.value(raised)[0] == pytest.approx(data.value(x)[0])
    # One such direction per nest and group.
    free = np.arange(at["level"].stop)
    rank = np.linalg.matrix_rank(data.information(x, free), tol=1e-7)
    assert rank <= len(free) - data.layout.nests * data.layout.groups


def test_attractiveness_is_0_on_average_per_function_and_group() -> None:
    setting, _, _, _ = invented()
    for one in [fitted().parameters, *draws(fitted(), 5, seed=1)]:
        for nest in range(setting.nests):
            assert np.allclose(one.attract[setting.nest == nest].mean(axis=0), 0, atol=1e-9)


def test_what_nobody_could_have_done_is_left_out_and_told() -> None:
    setting, prior = small()
    alone = replace(setting, metres=reached([[0.0, np.inf], [0.0, np.inf], [0.0, np.inf]]))
    counts = weeks_counted([0, 1, 1], 0, [50.0, 20.0, 0.0])
    origins = Origins(*(np.array(column) for column in ([0, 0], [-1, -1], [0, 1])), np.array([5.0, 5.0]), np.array([0, 0]))
    area = np.array([0, 0, 0])
    found = calibrate(alone, Observed(counts, origins, area=area), prior)
    assert found.left_out == 2
    assert found.visits.value[1] == 0.0
    assert found.found


def test_what_is_held_stays() -> None:
    setting, prior = small()
    held = replace(prior, sd=replace(prior.sd, theta=0.0, beta=np.zeros(1)), answers=0.0)
    found = calibrate(setting, Observed(weeks_counted(np.zeros(4), 0, np.full(4, 80.0))), held)
    assert found.parameters.theta == pytest.approx(0.6)
    assert found.parameters.beta == pytest.approx([1.0])
    assert np.isnan(found.untold["theta"]).all()
    assert {one.theta for one in draws(found, 3, seed=1)} == {found.parameters.theta}


# --- draws and numbering -----------------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_draws_and_they_spread_as_the_interval() -> None:
    setting, found = invented()[0], fitted()
    one, again, other = (draws(found, 300, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one[17].attract, again[17].attract)
    assert not np.array_equal(one[17].attract, other[17].attract)
    visits = np.array([choose(setting, each).visits.sum(axis=1) for each in one])
    low, high = np.quantile(visits, [0.025, 0.975], axis=0)
    assert np.log(high / low) == pytest.approx(np.log(found.visits.high / found.visits.low), rel=0.2)
    with pytest.raises(ValueError, match="at least one"):
        draws(found, 0, seed=1)


def test_other_numbers_for_places_change_nothing_else() -> None:
    setting, prior, _, observed = invented()
    order = np.random.default_rng(1).permutation(setting.places)
    place = np.argsort(order)
    metres = setting.metres[:, order]
    metres.sort_indices()
    other = replace(setting, metres=metres, nest=setting.nest[order])
    believed = replace(
        prior, mean=replace(prior.mean, attract=prior.mean.attract[order]), sd=replace(prior.sd, attract=prior.sd.attract[order])
    )
    counts, origins = observed.counts, observed.origins
    seen = replace(observed, counts=replace(counts, place=place[counts.place]), origins=replace(origins, place=place[origins.place]))
    found = calibrate(other, seen, believed)
    assert np.allclose(found.visits.value, fitted().visits.value[order], rtol=1e-2)
    assert np.allclose(found.visits.high, fitted().visits.high[order], rtol=2e-2)


def test_data_that_do_not_fit_are_refused() -> None:
    setting, prior = small()
    one, zero = np.array([1]), np.array([0])
    wrong = {
        "place of the counts": Observed(weeks_counted([2], 0, [1.0])),
        "group of the counts": Observed(weeks_counted([0], 1, [1.0])),
        "period of the counts": Observed(replace(weeks_counted([0], 0, [1.0]), period=one)),
        "nest of the frequencies": Observed(frequencies=Frequencies(one, one)),
        "every cell has an area": Observed(origins=Origins(zero, zero, zero, np.array([1.0]), zero)),
        "a column per place": Observed(periods=np.ones((1, 3), dtype=bool)),
    }
    for message, observed in wrong.items():
        with pytest.raises(ValueError, match=message):
            calibrate(setting, observed, prior)
    with pytest.raises(ValueError, match="1 to 28"):
        Frequencies(zero, zero)
    with pytest.raises(ValueError, match="weeks above 0"):
        Counts(zero, zero, np.array([1.0]), np.array([0.0]), zero)
    with pytest.raises(ValueError, match="in every row"):
        Counts(zero)
    two = weeks_counted([0, 1], 0, [1.0, 1.0])
    with pytest.raises(ValueError, match="a sheet is of one place"):
        replace(two, sheet=np.array([3, 3]))
    with pytest.raises(ValueError, match="every row has a sheet"):
        replace(two, sheet=one)


# --- recovery ----------------------------------------------------------------------------------------------------------------------------


def test_a_miss_of_the_benchmark_is_told() -> None:
    rows = pd.DataFrame({"town": 0, "what": ["beta"] * 10 + ["visits"] * 10, "holds": [True] * 8 + [False] * 2 + [True] * 10})
    lines = recovery.report(rows.assign(found=True, seconds=0.5))
    assert lines[0] == "| beta | 10 | 80.0 % |"
    assert lines[2] == "| **parameters together** | 10 | 80.0 %  MISSED |"


def test_the_closure_of_the_benchmark_is_that_of_the_first_place_of_each_function() -> None:
    setting, prior = small(places=4, nests=2)
    shut = setting.with_open(np.array([False, False, True, True]))
    before, after = (choose(one, prior.mean).visits[:, 0] for one in (setting, shut))
    wanted = [after[2] / (before[0] + before[2]) - 1, after[3] / (before[1] + before[3]) - 1]
    assert recovery.closure(setting, prior.mean) == pytest.approx(wanted)


def test_the_intervals_of_invented_towns_hold_the_truth() -> None:
    rows = recovery.measure(towns=8, seed=5, plan=recovery.Plan())
    parameters = rows[~rows["what"].isin(["visits", "closure"])]
    assert rows["found"].all()
    assert 0.80 <= parameters["holds"].mean() <= 0.97
    assert rows.loc[rows["what"] == "visits", "holds"].mean() >= 0.80
    assert any("parameters together" in line for line in recovery.report(rows))
