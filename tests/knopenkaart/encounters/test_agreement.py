# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is expected is what happens: every possible week of a tiny town, and lived towns, beside the engine."""

from __future__ import annotations

import meetingtown
import numpy as np
import pytest

from knopenkaart.encounters.expected import expected
from knopenkaart.encounters.simulate import simulate
from knopenkaart.encounters.town import Convention


@pytest.mark.parametrize("counting", ["weeks", "encounters"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_tiny_town_is_as_its_possible_weeks_say(counting: str, times: int) -> None:
    small = meetingtown.tiny(4, notices=9.0, casual=0.0)
    convention = Convention(times, 2, counting)  # type: ignore[arg-type]
    mean, known = meetingtown.enumerated(small, convention)
    found = expected(small, convention, egos=99)
    assert found.encounters.per_resident == pytest.approx(mean, rel=1e-5)
    assert found.familiarity.mean == pytest.approx(known.sum() / 4, rel=1e-5)


@pytest.mark.parametrize("counting", ["weeks", "encounters"])
def test_a_lived_town_has_the_encounters_and_faces_that_are_expected(counting: str) -> None:
    town, convention = meetingtown.town(), Convention(3, 26, counting)  # type: ignore[arg-type]
    found = expected(town, convention, egos=3000)
    lived = [simulate(town, convention, seed=3, run=run) for run in range(8)]
    assert found.encounters.per_resident == pytest.approx(np.mean([one.encounters for one in lived]), rel=0.004)
    assert found.familiarity.mean == pytest.approx(np.mean([one.mean for one in lived]), rel=0.015)
    assert found.familiarity.mean_across == pytest.approx(np.mean([one.mean_across for one in lived]), rel=0.015)
