# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The benchmark of encounters compares like with like. Nothing is timed here."""

from __future__ import annotations

import sys
from pathlib import Path

import meetingtown
import numpy as np
import pytest

from knopenkaart.encounters import _kernels as kernels
from knopenkaart.encounters import measures
from knopenkaart.encounters.crowd import crowd
from knopenkaart.encounters.expected import arrays, expected, rule
from knopenkaart.encounters.town import Convention

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import encounters as benchmark


def test_numpy_and_scipy_find_the_faces_that_the_kernel_finds() -> None:
    town, convention = meetingtown.town(2000, 8), Convention()
    who, where, members = arrays(town, crowd(town))
    found, *_ = kernels.cohorts(who, where, members, rule(convention), 4)
    assert benchmark.vectorised(who, where, members, convention) == pytest.approx(found[:, 0].sum(), rel=1e-5)


def test_agents_live_the_same_weeks() -> None:
    town, convention = meetingtown.town(1500, 6), Convention()
    lived = [benchmark.agents(town, convention, seed=seed) for seed in range(4)]
    assert np.mean(lived) == pytest.approx(expected(town, convention, egos=1500).familiarity.mean, rel=0.04)


@pytest.mark.skipif(
    not (benchmark.DATA / "contact" / "polymod_nl_contacten.csv.gz").is_file(), reason="no contact diaries in KNOPENKAART_TEST_DATA"
)
def test_ages_of_contact_diaries_mix_less_in_leisure_than_in_other_places() -> None:
    leisure, other = (benchmark.diaries(benchmark.DATA / "contact", [name]) for name in ("cnt_leisure", "cnt_otherplace"))
    assert leisure == pytest.approx(leisure.T)
    # 5.9 contacts a participant and day in 1,523 of both kinds: some 3.8 and 2.2.
    assert leisure.sum() == pytest.approx(3.7, abs=0.5)
    assert other.sum() == pytest.approx(2.3, abs=0.4)
    assert measures.assortativity(leisure) > measures.assortativity(other) > 0.1
