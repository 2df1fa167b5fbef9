# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What `start.py test` judges is the change: laws are tried on the same examples every time, and a slow machine breaks none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAW = """
import importlib, os, time
from hypothesis import given, settings, strategies as st

if name := os.environ.get("MODULE"):
    importlib.import_module(name)

@given(st.integers(), st.floats(0, 1), st.text())
def test_all_that_is_drawn_is_written_down(number, share, text):
    with open(os.environ["DRAWN"], "a", encoding="utf-8") as file:
        file.write(ascii((number, share, text)) + chr(10))

@settings(max_examples=2)
@given(st.booleans())
def test_a_slow_law_holds(drawn):
    time.sleep(0.25)
"""
NOTED = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(4))
def test_that_notes_its_process(number):
    with open(pathlib.Path(__file__).parent / "noted.txt", "a") as file:
        file.write(f"{pathlib.Path(__file__).stem} {os.environ['PYTEST_XDIST_WORKER']}" + chr(10))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our conftest, one law, and a module of constants that one may import."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_law.py").write_text(LAW)
    lines = (f"A{number}, B{number} = {number * 1_000_003}, {number / 977}" for number in range(1, 400))
    (tmp_path / "constants.py").write_text("\n".join(lines))
    return tmp_path


def examples(project: Path, *options: str, module: str = "") -> str:
    target = project / "drawn.txt"
    target.unlink(missing_ok=True)
    environment = os.environ | {"DRAWN": str(target), "MODULE": module, "PYTHONPATH": str(project)}
    bare = ["-q", "-c", os.devnull, "--rootdir", str(project), "-p", "no:django", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *bare, *options], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return target.read_text(encoding="utf-8")


def test_with_the_profile_of_ci_examples_are_the_same_whatever_is_imported(project: Path) -> None:
    first = examples(project, "--hypothesis-profile", "ci")
    assert len(first.splitlines()) >= 100
    assert examples(project, "--hypothesis-profile", "ci", module="constants") == first


def test_by_itself_every_run_looks_elsewhere(project: Path) -> None:
    assert examples(project, "--hypothesis-profile", "default") != examples(project, "--hypothesis-profile", "default")


def test_every_check_that_runs_tests_asks_for_that_profile() -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    checks = source[source.index("checks:") : source.index("failed = []")]
    assert '"pytest"' not in checks
    assert checks.count("*pytest") == 3
    assert '"--hypothesis-profile", "ci"]' in source


def test_processes_that_share_the_tests_keep_those_of_a_file_together(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text(NOTED)
    bare = ["-q", "-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:django", "-p", "no:cacheprovider"]
    shared = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert "*UNSORTED" in (ROOT / "start.py").read_text(encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", *bare, *shared], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    noted = [line.split() for line in (tmp_path / "noted.txt").read_text(encoding="utf-8").splitlines()]
    assert len(noted) == 12
    assert len({(file, process) for file, process in noted}) == 3
    assert len({process for _, process in noted}) == 2


def test_files_that_go_first_or_last_are_there() -> None:
    source = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    named = re.findall(r'"(tests/.+\.py)"', source)
    assert len(named) == len(set(named)) > 10
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_test_that_compiles_the_kernels_is_there() -> None:
    named = re.search(r'^KERNELS = "(.+)::(.+)"$', (ROOT / "start.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert named is not None
    assert f"def {named[2]}(" in (ROOT / named[1]).read_text(encoding="utf-8")
