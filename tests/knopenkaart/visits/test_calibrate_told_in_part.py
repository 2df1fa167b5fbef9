# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is told in part: bands of answers, and origins of which the small numbers are hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.visits._data import data_of
from knopenkaart.visits._likelihood import answers_information, answers_value, chance_of_answer
from knopenkaart.visits._vector import Layout, packed
from knopenkaart.visits.calibrate import calibrate
from knopenkaart.visits.observed import Bands, Frequencies, Observed, Origins

from .test_calibrate import invented, small

# The bands of the visitor card.
LEAST, MOST = np.array([1, 2, 4, 8]), np.array([1, 3, 7, 28])
RATES, ONSITE = np.array([0.1, 0.5, 2.0]), np.array([0.2, 0.3, 0.5])


def in_bands(chance: np.ndarray, kept: list[int]) -> np.ndarray:
    return np.array([chance[LEAST[at] - 1 : MOST[at]].sum(axis=0) for at in kept])


def test_bands_of_one_answer_each_are_the_answers_themselves() -> None:
    setting, prior = small()
    times = np.random.default_rng(1).integers(1, 29, 300)
    exact = calibrate(setting, Observed(frequencies=Frequencies(np.zeros(300, dtype=np.int64), times)), prior)
    each = np.arange(1, 29)
    people = np.bincount(times - 1, minlength=28).astype(float)
    told = calibrate(setting, Observed(frequencies=Frequencies(bands=(Bands(0, each, each, people),))), prior)
    assert np.allclose(told.parameters.onsite, exact.parameters.onsite, atol=1e-6)
    assert np.allclose(told.untold["onsite"], exact.untold["onsite"], atol=1e-6)


@pytest.mark.parametrize("kept", [[0, 1, 2, 3], [2, 3], [0, 2, 3]])
def test_many_answers_in_bands_give_the_classes_of_the_town_also_where_some_bands_are_hidden(kept: list[int]) -> None:
    setting, prior = small()
    truth = np.array([0.45, 0.35, 0.2])
    mixed = in_bands(chance_of_answer(RATES), kept) @ truth
    people = np.random.default_rng(2).multinomial(200_000, mixed / mixed.sum()).astype(float)
    bands = Bands(0, LEAST[kept], MOST[kept], people)
    found = calibrate(setting, Observed(frequencies=Frequencies(bands=(bands,))), prior)
    expected = in_bands(chance_of_answer(RATES), kept) @ found.parameters.onsite[0]
    assert expected / expected.sum() == pytest.approx(people / people.sum(), abs=0.01)
    if len(kept) > 2:
        assert found.parameters.onsite[0] == pytest.approx(truth, abs=0.06)


def test_answers_in_bands_tell_what_their_slopes_say() -> None:
    chance = in_bands(chance_of_answer(RATES), [1, 2, 3])
    mixed = chance @ ONSITE
    told = np.zeros((2, 2))
    for answer, part in enumerate(mixed / mixed.sum()):
        slope = answers_value(np.eye(3)[answer], ONSITE, chance)[1]
        told += part * np.outer(slope, slope)
    assert answers_information(10.0, ONSITE, chance) == pytest.approx(10 * told)
    logits, step = np.log(ONSITE), 1e-6
    people = np.array([3.0, 8.0, 2.0])

    def value(at: np.ndarray) -> float:
        return answers_value(people, np.exp(at) / np.exp(at).sum(), chance)[0]

    by_steps = [(value(logits + step * one) - value(logits - step * one)) / (2 * step) for one in np.eye(3)[:2]]
    assert answers_value(people, ONSITE, chance)[1] == pytest.approx(by_steps, rel=1e-5)


def test_one_band_by_itself_tells_nothing() -> None:
    setting, prior = small()
    found = calibrate(setting, Observed(frequencies=Frequencies(bands=(Bands(0, LEAST[:1], MOST[:1], np.array([500.0])),))), prior)
    assert found.untold["onsite"] == pytest.approx(1.0, abs=1e-6)


def test_origins_of_which_some_are_hidden_do_not_say_that_nobody_lives_there() -> None:
    setting, prior = small()
    area, zero = np.array([0, 1, 2]), np.zeros(2, dtype=np.int64)
    # As many from the first and the second cell as the model expects, and nothing told of the third.
    base = data_of(setting, Layout.of(setting, prior), Observed(), prior.mean)[0]
    assert not base.answers
    rows = Origins(zero, zero - 1, np.array([0, 1]), np.array([60.0, 40.0]), zero)
    hidden = calibrate(setting, Observed(origins=replace(rows, complete=False), area=area), prior)
    nobody = calibrate(setting, Observed(origins=rows, area=area), prior)
    # That nobody comes from far says that people do not go far; that it is not told says nothing.
    assert nobody.parameters.beta[0] > hidden.parameters.beta[0] * 1.05


def test_the_slope_of_what_is_told_in_part_is_that_of_the_value() -> None:
    setting, prior, truth, observed = invented()
    layout = Layout.of(setting, prior)
    people = np.where(np.arange(len(observed.origins.people)) % 3 == 0, 0.0, observed.origins.people)
    bands = (Bands(0, LEAST[1:], MOST[1:], np.array([30.0, 20.0, 12.0])), Bands(1, LEAST, MOST, np.array([0.0, 9.0, 20.0, 12.0])))
    told = replace(observed, origins=replace(observed.origins, people=people, complete=False), frequencies=Frequencies(bands=bands))
    data = data_of(setting, layout, told, prior.mean)[0]
    x, step = packed(layout, truth, 0.1), 1e-5
    by_steps = [(data.value(x + step * one)[0] - data.value(x - step * one)[0]) / (2 * step) for one in np.eye(len(x))]
    assert np.allclose(data.value(x)[1], by_steps, atol=1e-6 * np.abs(by_steps).max())


def test_bands_that_contradict_themselves_are_refused() -> None:
    one = np.array([1.0, 1.0])
    for least, most in (([1, 3], [3, 4]), ([0, 2], [1, 3]), ([2, 5], [1, 6]), ([1, 2], [1, 29])):
        with pytest.raises(ValueError, match="band"):
            Bands(0, np.array(least), np.array(most), one)
    with pytest.raises(ValueError, match="at least 0"):
        Bands(0, np.array([1, 2]), np.array([1, 3]), -one)
    setting, prior = small()
    with pytest.raises(ValueError, match="nest of the frequencies"):
        calibrate(setting, Observed(frequencies=Frequencies(bands=(Bands(4, LEAST, MOST, np.ones(4)),))), prior)
