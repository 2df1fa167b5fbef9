# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work that takes longer than a page may: started once, waited for a moment, and otherwise looked at again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from knopenkaart_web.places.views_data import RunView
from knopenkaart_web.runs import actions, queries

# A page that waits holds a thread of the server, of which there are few.
PATIENCE_SECONDS = 1.5
PAUSE_SECONDS = 0.25


def start(actor: Any, slug: str, kind: str, params: Mapping[str, Any]) -> RunView | None:
    """Start work, or find the same work, and wait a moment for it. Raises InputError where it is refused."""
    return wait(slug, actions.start(actor, slug, kind, params))


def wait(slug: str, run_id: str) -> RunView | None:
    """How far a run is when it has ended, or when patience has; None where there is no such run."""
    until = time.monotonic() + PATIENCE_SECONDS
    found = queries.run(slug, run_id)
    while found is not None and found.state in ("waiting", "running") and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        found = queries.run(slug, run_id)
    return found
