# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every test may ask for: the real data, where they are; how hypothesis draws its examples; and how processes share the tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

ROOT = Path(__file__).resolve().parent.parent

# Processes share the processors: a thread of the engine that has nothing to do must not keep one busy while it waits.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# By itself hypothesis looks for examples nobody thought of; `start.py test` asks for the profile `ci`: it judges the change, not the draw.
# A slow machine is no counterexample to a law, in neither.
settings.register_profile("default", settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)

# Where processes share the tests (`--dist loadfile`), files that take longest: they go first, so that no process is left alone with one.
LONG = (
    "tests/knopenkaart/meeting/test_results.py",
    "tests/knopenkaart/encounters/test_agreement.py",
    "tests/knopenkaart/visits/test_counts.py",
    "tests/knopenkaart/test_study.py",
    "tests/knopenkaart_web/test_commands.py",
    "tests/knopenkaart/paper/test_poster.py",
    "tests/browser/test_editor.py",
    "tests/browser/test_cards.py",
    "tests/knopenkaart/cli/test_cli.py",
    "tests/browser/test_map_page.py",
    "tests/browser/test_map_component.py",
    "tests/knopenkaart_web/pages/test_doors.py",
    "tests/knopenkaart/encounters/test_laws.py",
    "tests/knopenkaart/population/test_homes.py",
    "tests/knopenkaart/access/test_areas.py",
    "tests/knopenkaart/meeting/test_grid.py",
    "tests/knopenkaart_web/test_meeting_made.py",
    "tests/knopenkaart_web/test_monitor_country.py",
    "tests/knopenkaart/visits/test_recognised.py",
    "tests/knopenkaart/test_export.py",
    "tests/knopenkaart/test_reach_real.py",
    "tests/knopenkaart/monitor/test_correlate.py",
    "tests/knopenkaart/visits/test_calibrate.py",
)
# Files of many tests that know nothing of one another: they go last, test by test, to whichever process has nothing left to do.
APART = ("tests/browser/test_every_page.py",)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """With the profile `ci`: the same examples every time, whichever tests the process ran before."""
    if settings.get_current_profile_name() == "ci":
        # Hypothesis also tries constants out of every module that is imported by then: another commit would be another draw.
        none = Constants()
        providers._get_local_constants = lambda: none


# pytest 9.2 reads no `_nodeid`, where xdist 3.8 writes the groups of `--dist loadgroup`: tests are shared out by their file instead.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """With `--dist loadfile`: what the tests of a file look at together is made in one process, and not in each."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file in APART else file

    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where processes share the tests: long files first, and last what can fill any gap. Within a file the order stays as it is."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _turn(item.nodeid.partition("::")[0]))


def _turn(file: str) -> int:
    if file in LONG:
        return LONG.index(file)
    return len(LONG) + (file in APART)


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
