# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""No test judges by the clock: it would fail on a busy machine for no fault in the code. Speed is measured in benchmarks/."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time"}


def clocks(text: str) -> list[int]:
    """The lines that measure how long something took: any look at a clock, except to bound the waiting of a loop (`deadline`)."""
    tree = ast.parse(text)
    waiting = {
        id(node)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Assign | ast.Compare) and "deadline" in ast.unparse(parent)
        for node in ast.walk(parent)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in CLOCKS and id(node) not in waiting
    ]


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_is_timed(path: Path) -> None:
    assert clocks(path.read_text(encoding="utf-8")) == []


def test_a_timed_test_is_found() -> None:
    assert clocks("started = time.monotonic()\nwork()\nassert time.monotonic() - started < 5") == [1, 3]
    assert clocks("deadline = time.monotonic() + 30\nwhile time.monotonic() < deadline:\n    pass") == []
