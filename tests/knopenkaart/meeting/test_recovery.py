# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is believed of places that nobody counted, beside the truth of the invented municipality."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import pytest

from knopenkaart.example import known_truth
from knopenkaart.meeting.ground import Ground, ground_of
from knopenkaart.meeting.observed import observed_of, told
from knopenkaart.meeting.towns import Believed, believed
from knopenkaart.study import Study

WEEKS, PARTS = 4, 3


@pytest.fixture(scope="module")
def ground(example_study: Study) -> Ground:
    return ground_of(example_study, cells=60)


@pytest.fixture(scope="module")
def visits(example_study: Study, ground: Ground) -> dict[int, float]:
    """Of each observed place its number in the ground, and its true visits per week."""
    number = {place: at for at, place in enumerate(ground.ids)}
    names = example_study.table("places").set_index("name")["id"]
    return {number[names[name]]: truth.visits for name, truth in known_truth(seed=2012).items()}


def _counting(ground: Ground, visits: dict[int, float], counted: Collection[int]) -> Believed:
    """What is believed where these places were counted."""
    same = {"what": "visits", "slot": "all", "group": "all", "weeks": WEEKS, "reason": None, "enough": True}
    rows = pd.DataFrame([same | {"place_id": ground.ids[place], "value": visits[place]} for place in counted])
    return believed(ground, observed_of(ground, told(rows)))


def test_intervals_of_places_that_were_not_counted_cover_the_truth_and_counts_elsewhere_bring_it_nearer(
    ground: Ground, visits: dict[int, float]
) -> None:
    places = list(visits)
    assert len(places) == 13
    before = believed(ground).fitted.visits
    covered, error, error_before, width, width_before = [], [], [], [], []
    for part in range(PARTS):
        held = places[part::PARTS]
        found = _counting(ground, visits, set(places) - set(held)).fitted.visits
        for place in held:
            covered.append(found.low[place] <= visits[place] <= found.high[place])
            error.append(abs(np.log(found.value[place] / visits[place])))
            error_before.append(abs(np.log(before.value[place] / visits[place])))
            width.append(np.log(found.high[place] / found.low[place]))
            width_before.append(np.log(before.high[place] / before.low[place]))
    # Of thirteen intervals of 95 % fewer than eleven hold in one of forty such towns.
    assert sum(covered) >= 11
    assert np.median(error) < np.median(error_before)
    assert np.median(width) < np.median(width_before)


def test_places_that_were_counted_have_what_was_counted(ground: Ground, visits: dict[int, float]) -> None:
    found = _counting(ground, visits, list(visits)).fitted.visits
    for place, value in visits.items():
        assert found.value[place] == pytest.approx(value, rel=0.05)
        assert found.badge[place] == "measured"
