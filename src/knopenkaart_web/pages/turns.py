# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drawing for who asks, a few at a time: a sheet takes half a second of a processor, and everybody may ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from knopenkaart.errors import InputError

AT_ONCE = 1
PATIENCE_SECONDS = 5.0
_turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """A turn in this process. Raises InputError `run.busy` where none comes free in time: pages must go on being served."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise InputError("Too much is being drawn.", code="run.busy", remedy="Try again in a minute.")
    try:
        yield
    finally:
        _turns.release()
