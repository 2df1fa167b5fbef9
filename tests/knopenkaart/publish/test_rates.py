# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A number per inhabitant is shown only where it can be known."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.publish.rates import count_known, rate_per_1000

STATUSES = ("covered", "partial", "marginal", "unknown", "unusable")


def test_112_places_for_25000_inhabitants_are_4_48_per_thousand() -> None:
    assert rate_per_1000(112, 25_000, "covered") == pytest.approx(4.48)


def test_no_place_in_a_covered_area_is_a_rate_of_zero() -> None:
    assert rate_per_1000(0, 500, "covered") == 0.0


@pytest.mark.parametrize("status", STATUSES[1:])
def test_an_area_that_is_not_covered_has_no_rate_and_no_count(status: str) -> None:
    assert rate_per_1000(12, 5_000, status) is None  # type: ignore[arg-type]
    assert count_known(12, status) is None  # type: ignore[arg-type]


def test_a_covered_area_has_its_count() -> None:
    assert count_known(0, "covered") == 0
    assert count_known(12, "covered") == 12


def test_there_is_no_rate_under_a_hundred_inhabitants() -> None:
    assert rate_per_1000(1, 99, "covered") is None
    assert rate_per_1000(1, 100, "covered") == pytest.approx(10.0)


def test_there_is_no_rate_without_a_published_population() -> None:
    assert rate_per_1000(1, None, "covered") is None


@pytest.mark.parametrize(("count", "population"), [(-1, 500), (1, -500)])
def test_negative_numbers_are_refused(count: int, population: float) -> None:
    with pytest.raises(ValueError, match="never negative"):
        rate_per_1000(count, population, "covered")


@given(count=st.integers(0, 10_000), population=st.integers(100, 1_000_000))
def test_a_rate_times_its_population_gives_the_count_back(count: int, population: int) -> None:
    rate = rate_per_1000(count, population, "covered")
    assert rate is not None
    assert rate * population / 1000 == pytest.approx(count)


def test_the_rule_stays_light_enough_for_a_page_view() -> None:
    code = "import sys, knopenkaart.publish.rates; print(sorted({'numpy', 'pandas', 'shapely', 'geopandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
