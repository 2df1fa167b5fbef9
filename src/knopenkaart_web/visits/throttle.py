# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much one link may send: a bucket of turns per link in the memory of this process. Who sends is not looked at, nor kept."""

from __future__ import annotations

import time
from threading import Lock

# Two hundred phones behind one link may send at once, a few times; who goes on and on waits.
BURST = 1000
PER_SECOND = 20.0
_KEPT = 2000
_lock = Lock()
_buckets: dict[str, tuple[float, float]] = {}


def allows(link: str) -> bool:
    """Whether a link may send once more now; if so, that turn is taken."""
    now = time.monotonic()
    with _lock:
        turns, before = _buckets.get(link, (float(BURST), now))
        turns = min(float(BURST), turns + (now - before) * PER_SECOND)
        if len(_buckets) > _KEPT:
            _buckets.clear()
        _buckets[link] = (turns - 1 if turns >= 1 else turns, now)
        return turns >= 1
