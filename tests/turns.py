# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What takes long to make and many tests look at is made once in a run, by whichever process asks first."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

TURN_S = 900


def of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that all its processes share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, made by the first that asks; the others wait. Where making it failed, the next tries again."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.parent / f"{folder.name}.made"
    # A transaction is a lock that every system has, and that goes when its process does.
    with closing(sqlite3.connect(folder.parent / f"{folder.name}.turn", timeout=TURN_S, isolation_level=None)) as turn:
        turn.execute("BEGIN EXCLUSIVE")
        if not made.exists():
            make(folder)
            made.touch()
    return folder
