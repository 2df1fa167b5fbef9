# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work that takes longer than a page may: started by a button, waited for a moment, and looked at again without waiting."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Any

from knopenkaart_web.runs import actions, queries

PATIENCE_SECONDS = 1.5
PAUSE_SECONDS = 0.25
# Whoever waits holds a thread of the server, of which a worker has four: the others see a moment later how far it is.
WAITING_AT_ONCE = 1
_waiting = BoundedSemaphore(WAITING_AT_ONCE)


def start(actor: Any, slug: str, kind: str, params: Mapping[str, Any]) -> str:
    """Start work, or find the same work, and wait a moment for what is soon done. Raises InputError where it is refused."""
    run_id = actions.start(actor, slug, kind, params)
    if _waiting.acquire(blocking=False):
        try:
            _wait(slug, run_id)
        finally:
            _waiting.release()
    return run_id


def _wait(slug: str, run_id: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = queries.run(slug, run_id)
        if found is None or not found.busy:
            return
        time.sleep(PAUSE_SECONDS)
