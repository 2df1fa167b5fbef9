# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the towns that may be say of areas, and of a place that closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from knopenkaart.meeting.areas import MEASURES, Key, Spread, in_towns, parts_between, per_area, reckoned, spreads
from knopenkaart.meeting.closing import contributions
from knopenkaart.meeting.cohorts import by_cohorts
from knopenkaart.meeting.ground import Ground, profiles
from knopenkaart.meeting.meet import meet
from knopenkaart.meeting.residents import where_of
from knopenkaart.meeting.towns import May, may_be
from knopenkaart.visits.choice import Setting, choose, reached

from .grounds import assumed, town

GROUND = town(cells=10, places=6, people=120.0, kinds=("community_centre", "library"), wijken=2)
OF = assumed(GROUND)
LIKELY = May(OF.parameters, OF.habits, ())
TOWNS = may_be(OF, 8)


def _farther(ground: Ground, metres: float) -> Ground:
    """The residents of one wijk live so much farther from every place."""
    ways = reached(ground.setting.metres.toarray() + np.where(ground.cell_wijk == "W1", metres, 0.0)[:, None])
    setting = ground.setting
    return replace(ground, setting=Setting(setting.people, ways, setting.nest, setting.nests, setting.open))


def _spreads(ground: Ground, towns: Sequence[May], exactly: Mapping[int, Sequence[float]]) -> dict[Key, Spread]:
    return spreads(ground, *in_towns(ground, towns, LIKELY), exactly)


def test_faces_of_squares_add_up_to_those_of_the_town() -> None:
    where, choice = where_of(GROUND, OF.habits), choose(GROUND.setting, OF.parameters)
    whole = by_cohorts(GROUND.setting, OF.parameters, choice, where, OF.habits)
    faces, across, visits, met = reckoned(GROUND, LIKELY, profiles(GROUND)).squares
    people = GROUND.setting.people.sum()
    assert faces.sum() == pytest.approx(whole.mean * people)
    assert faces.sum(axis=0) == pytest.approx(whole.by_group.sum(axis=1))
    assert across.sum() == pytest.approx(whole.mean_across * people)
    assert visits.sum(axis=0) == pytest.approx(choice.visits.sum(axis=0))
    assert met.sum() == pytest.approx(whole.per_resident * people)
    found = per_area(GROUND, faces[None])
    assert (found["wijk", "W0", -1] + found["wijk", "W1", -1]) / 2 == pytest.approx(found["all", "all", -1])
    assert found["all", "all", -1][0] == pytest.approx(whole.mean)


def test_areas_beside_the_whole_are_as_resident_by_resident() -> None:
    """Levels differ by what cohorts leave out; how an area lies to the whole does not."""
    ground = _farther(town(cells=10, places=4, people=900.0, wijken=2, slots=6), 1000.0)
    of = assumed(ground)
    exact = meet(ground, of, draws=0)["meeting_areas"].set_index(["level", "area_code", "group"])["faces"].astype(float)
    found = per_area(ground, reckoned(ground, May(of.parameters, of.habits, ()), profiles(ground)).squares[:1])
    assert abs(exact["wijk", "W1", "all"] / exact["all", "all", "all"] - 1) > 0.1
    for code in ("W0", "W1"):
        usual = exact["wijk", code, "all"] / exact["all", "all", "all"]
        assert found["wijk", code, -1][0] / found["all", "all", -1][0] == pytest.approx(usual, rel=0.05)


def test_an_area_with_places_near_is_above_the_whole_in_every_town_and_one_far_away_in_none() -> None:
    ground = _farther(GROUND, 3000.0)
    found = _spreads(ground, TOWNS, {})
    assert found["wijk", "W0", -1].above == 1.0
    assert found["wijk", "W1", -1].above == 0.0
    assert found["all", "all", -1].above is None
    assert all(low <= high for item in found.values() for low, high in item.ends.values())


def test_two_halves_that_are_alike_are_above_the_whole_in_some_towns_only() -> None:
    found = _spreads(GROUND, may_be(OF, 20), {})
    above = [found["wijk", code, -1].above or 0.0 for code in ("W0", "W1")]
    assert sum(above) == pytest.approx(1.0)
    assert max(above) < 1.0
    assert _spreads(GROUND, [], {}) == {}


def test_bands_are_brought_to_the_level_of_the_exact_engine() -> None:
    one, twice = (_spreads(GROUND, TOWNS, {-1: [level] * len(MEASURES)}) for level in (1.0, 2.0))
    for key in (("wijk", "W0", -1), ("all", "all", -1)):
        for name in MEASURES:
            assert twice[key].ends[name] == pytest.approx([2 * end for end in one[key].ends[name]])
        assert twice[key].above == one[key].above


def test_parts_of_places_add_up_and_a_town_like_the_most_likely_gives_those_of_the_exact_engine() -> None:
    usual, told = in_towns(GROUND, [LIKELY, *TOWNS], LIKELY)
    assert all(town.parts[:, 0].sum() == pytest.approx(1.0) for town in told)
    exactly = usual.parts * 1.01
    only = parts_between(usual, told[:1], exactly)
    assert only is not None
    assert only[:, :, 0] == pytest.approx(exactly)
    found = parts_between(usual, told, exactly)
    assert found is not None
    assert (found[:, :, 0] < found[:, :, 1]).all()
    assert found.max() <= 1.0
    assert parts_between(usual, [], exactly) is None


def test_a_town_alike_to_the_most_likely_has_its_changes_when_a_place_closes() -> None:
    for item in contributions(GROUND, OF, towns=[LIKELY, TOWNS[0]]):
        assert item.elastic_of[0] == pytest.approx(item.elastic)
        assert item.fixed_of[0] == pytest.approx(item.fixed)
        assert item.elastic_of[1] != pytest.approx(item.elastic)


def test_the_table_tells_in_how_many_towns_recognition_falls_when_a_place_closes() -> None:
    table = meet(GROUND, OF, draws=4)["meeting_contribution"]
    assert set(table["draws"]) == {4}
    assert table["falls_elastic"].isin([0.0, 0.25, 0.5, 0.75, 1.0]).all()
    for name in ("closed", "across", "encounters"):
        assert (table[f"{name}_elastic_low"] <= table[f"{name}_elastic"]).all()
        assert (table[f"{name}_elastic"] <= table[f"{name}_elastic_high"]).all()
    # Where it falls in every town, and in the most likely one, the whole band is below nothing.
    sure = table[(table["falls_elastic"] == 1.0) & (table["closed_elastic"] < 0)]
    assert (sure["closed_elastic_high"] < 0).all()
    none = meet(GROUND, OF, draws=0)
    assert none["meeting_contribution"]["falls_elastic"].isna().all()
    assert none["meeting_areas"]["above"].isna().all()
