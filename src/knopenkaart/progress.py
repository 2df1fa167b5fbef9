# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long work tells that it is alive: a callable that the command line or the web hands in."""

from __future__ import annotations

from collections.abc import Callable

# Called with the step's name and the share (0-1) of that step that is done.
Progress = Callable[[str, float], None]


def silent(step: str, share: float) -> None:
    """The progress of whoever does not look."""
