# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every test may ask for: the real data, where they are; how hypothesis draws its examples; and which tests share a process."""

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

# Studies that take long to build and that many tests look at, and the process (of those that share the tests) that builds them.
SHARED = {"delft_study": "real", "liechtenstein_study": "real", "example_study": "example", "hamlet_study": "hamlet"}


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """With the profile `ci`: the same examples every time, whichever tests the process ran before."""
    if settings.get_current_profile_name() == "ci":
        # Hypothesis also tries constants out of every module that is imported by then: another commit would be another draw.
        none = Constants()
        providers._get_local_constants = lambda: none


# First, because xdist reads the groups in the same hook. (3.8 writes them where pytest 9.2 does not look: they wait for a later one.)
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where processes share the tests (`--dist loadgroup`): what several tests look at is made in one of them, and not in each."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None and (name := _shares(item)):
            item.add_marker(pytest.mark.xdist_group(name))


def _shares(item: pytest.Item) -> str | None:
    asked = {*getattr(item, "fixturenames", ())}
    if hasattr(item, "callspec"):
        asked |= {value for value in item.callspec.params.values() if isinstance(value, str)}
    if studies := asked & set(SHARED):
        return SHARED[min(studies)]
    fixtures = item._fixtureinfo.name2fixturedefs.values() if hasattr(item, "_fixtureinfo") else ()
    return item.nodeid.partition("::")[0] if any(found[-1].scope == "module" for found in fixtures) else None


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
