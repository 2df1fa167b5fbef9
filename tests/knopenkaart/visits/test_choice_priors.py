# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is assumed of how residents choose: the data file, and the town that follows from it before anything was counted."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from knopenkaart.visits.choice import Parameters, Setting, choose, reached
from knopenkaart.visits.priors import WEEKS_PER_YEAR, WIDTH, Prior, activity, assumptions, prior_of
from knopenkaart.vocabulary import load_vocabulary

DATA = tomllib.loads(files("knopenkaart.vocabulary").joinpath("choice.toml").read_text(encoding="utf-8"))
GROUPS = ("age_0_14", "age_25_44", "age_65_plus")


def town(*, places: int = 4, cells: int = 30) -> Setting:
    stream = np.random.default_rng(3)
    metres = stream.uniform(100, 3000, (cells, places))
    nest = (np.arange(places) % 2).astype(np.int32)
    return Setting(stream.poisson(40, (cells, 3)).astype(float), reached(metres), nest, 2, np.ones(places, dtype=bool))


def prior(setting: Setting, kinds: tuple[str, ...] = ("community_centre", "cafe", "village_hall", "restaurant")) -> Prior:
    return prior_of(setting, kinds=kinds, groups=GROUPS, nests=["meet", "eat"])


# --- the data ---------------------------------------------------------------------------------------------------------------


def test_every_function_of_the_vocabulary_has_its_rate() -> None:
    assert set(DATA["nests"]) == set(load_vocabulary().functions)
    assert set(DATA["attract"]["archetypes"]) == set(load_vocabulary().archetypes)
    assert set(DATA["attract"]["kinds"]) <= set(load_vocabulary().kinds)


def test_every_value_lies_in_its_range_and_says_where_it_comes_from() -> None:
    found = assumptions(list(DATA["nests"]))
    assert len(found) == 3 + 2 * len(DATA["nests"])
    for one in found:
        assert one.low < one.value < one.high, one.name
        assert one.tag in ("S", "D", "A"), one.name
        assert one.source.strip(), one.name
        assert one.source_en.strip(), one.name
    shares = [one for one in found if one.name.startswith("goes.") or one.name == "theta"]
    assert all(one.low > 0 and one.high < 1 for one in shares)


def test_groups_that_differ_are_those_of_the_vocabulary() -> None:
    named = {group for entry in [DATA["beta"], *DATA["nests"].values()] for group in entry["groups"]}
    assert named <= set(load_vocabulary().groups)


def test_the_shares_of_the_classes_add_up_and_are_those_of_the_mix_of_people() -> None:
    people, rates = np.array([0.45, 0.30, 0.18, 0.07]), np.array(DATA["frequency"]["rates"])
    assert sum(DATA["frequency"]["onsite"]) == pytest.approx(1.0)
    assert DATA["frequency"]["onsite"] == pytest.approx(people * rates / (people * rates).sum(), abs=0.01)


# --- the town that follows ----------------------------------------------------------------------------------------------------


def test_visits_are_about_the_rate_of_the_data() -> None:
    setting = town()
    found = choose(setting, prior(setting).mean).visits
    per_year = [found[setting.nest == nest].sum(axis=0) * WEEKS_PER_YEAR / setting.people.sum(axis=0) for nest in (0, 1)]
    assert per_year[0] == pytest.approx([2.0, 2.0 * 0.8, 2.0 * 1.5], rel=0.15)
    assert per_year[1] == pytest.approx([8.0 * 0.5, 8.0, 8.0], rel=0.15)


def test_somebody_at_the_average_accessibility_takes_part_as_the_data_hold() -> None:
    one = Setting(np.full((1, 3), 10.0), reached([[500.0, 800.0]]), np.array([0, 1], dtype=np.int32), 2, np.ones(2, dtype=bool))
    found = choose(one, prior(one, ("community_centre", "cafe")).mean)
    assert found.part == pytest.approx(np.tile([DATA["nests"]["meet"]["goes"], DATA["nests"]["eat"]["goes"]], (3, 1)))


def test_attractiveness_is_that_of_kind_and_archetype_and_0_on_average_in_a_nest() -> None:
    mean = prior(town()).mean.attract
    assert mean[[0, 2]].mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    assert mean[2, 0] - mean[0, 0] == pytest.approx(math.log(2.5))
    assert mean[3, 0] - mean[1, 0] == pytest.approx(math.log(5.0))


def test_ranges_become_deviations_of_logarithms_of_which_they_hold_nine_in_ten() -> None:
    sd = prior(town()).sd
    assert sd.beta == pytest.approx(np.full(3, math.log(2.5 / 0.6) / WIDTH))
    assert sd.rate[0] == pytest.approx(np.full(3, math.log(12 / 0.5) / WIDTH))
    drawn = np.random.default_rng(1).normal(0, sd.attract[0, 0], 100_000)
    assert np.mean(np.abs(drawn) < math.log(DATA["attract"]["spread"])) == pytest.approx(0.9, abs=0.005)


def test_places_that_nobody_reaches_leave_a_prior_that_can_be_used() -> None:
    alone = Setting(np.ones((1, 3)), reached([[math.inf, math.inf]]), np.array([0, 1], dtype=np.int32), 2, np.ones(2, dtype=bool))
    mean = prior(alone, ("community_centre", "cafe")).mean
    assert np.isfinite(mean.outside).all()
    assert choose(alone, mean).visits.sum() == 0.0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="a kind per place"):
        prior(town(), ("cafe",))
    with pytest.raises(KeyError):
        prior(town(), ("cafe", "cafe", "cafe", "castle"))
    good = prior(town())
    with pytest.raises(ValueError, match="sd of beta"):
        replace(good, sd=replace(good.sd, beta=-good.sd.beta))
    with pytest.raises(ValueError, match="not finite has sd 0"):
        replace(good, mean=replace(good.mean, attract=np.full_like(good.mean.attract, -math.inf)))
    with pytest.raises(ValueError, match="alike"):
        replace(good, alike=1.0)


# --- how often ---------------------------------------------------------------------------------------------------------------


def classes(onsite: list[float], frequency: list[float]) -> Parameters:
    one = np.ones((1, 1))
    return Parameters(one, np.ones(1), 0.5, one, one, np.array([onsite]), np.array(frequency))


def test_a_core_that_makes_half_of_the_visits_is_a_small_part_of_the_residents() -> None:
    share, often = activity(classes([0.5, 0.5], [0.1, 2.0]), 0, mean=0.04)
    assert share == pytest.approx([0.2, 0.01, 0.79])
    assert often.tolist() == [0.1, 2.0, 0.0]
    assert share @ often == pytest.approx(0.04)


def test_where_there_are_not_enough_residents_everybody_comes_more_often() -> None:
    share, often = activity(classes([0.5, 0.5], [0.1, 2.0]), 0, mean=1.0)
    assert share.sum() == pytest.approx(1.0)
    assert share[-1] == 0.0
    assert share @ often == pytest.approx(1.0)
    assert often[1] / often[0] == pytest.approx(20.0)


def test_a_community_centre_draws_a_few_in_a_hundred_as_was_found() -> None:
    # The range of the data is 0.5 to 4 visits per resident and year with 3 to 15 % who take part.
    mean = prior(town()).mean
    assert 0.03 < 1 - activity(mean, 0, mean=2.0 / WEEKS_PER_YEAR)[0][-1] < 0.15


def test_less_than_nobody_cannot_come() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        activity(classes([1.0], [1.0]), 0, mean=-0.1)
    one = np.ones((1, 1))
    with pytest.raises(ValueError, match="classes"):
        activity(Parameters(one, np.ones(1), 0.5, one, one), 0, mean=0.1)
