# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every test may ask for: the real data, where they are; and how hypothesis draws its examples."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

ROOT = Path(__file__).resolve().parent.parent

# By itself hypothesis looks for examples nobody thought of; `start.py test` asks for the profile `ci`: it judges the change, not the draw.
# A slow machine is no counterexample to a law, in neither.
settings.register_profile("default", settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """With the profile `ci`: the same examples every time, whichever tests the process ran before."""
    if settings.get_current_profile_name() == "ci":
        # Hypothesis also tries constants out of every module that is imported by then: another commit would be another draw.
        none = Constants()
        providers._get_local_constants = lambda: none


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """A file of the shared real data; the test is skipped, with the reason, where it is absent."""
    folder = Path(os.environ.get("KNOPENKAART_TEST_DATA", ROOT.parent / "shared" / "data"))

    def find(relative: str) -> Path:
        path = folder / relative
        if not path.exists():
            pytest.skip(f"real data absent: {relative} is not in the folder that KNOPENKAART_TEST_DATA names")
        return path

    return find
