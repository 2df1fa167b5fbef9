# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long work tells that it is alive: a callable that the command line or the web hands in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

# Called with the step's name and the share (0-1) of that step that is done.
Progress = Callable[[str, float], None]


def silent(step: str, share: float) -> None:
    """The progress of whoever does not look."""


class TimeIsUp(Exception):  # noqa: N818  (it is no error: what was done is kept)
    """Raised out of a piece of work that is left out where there is no time for it."""


def until(progress: Progress, deadline: float | None) -> Progress:
    """The same progress; once it is later than `deadline` (time.monotonic; None: never) telling it raises TimeIsUp."""

    def tell(step: str, share: float) -> None:
        if deadline is not None and time.monotonic() >= deadline:
            raise TimeIsUp
        progress(step, share)

    return tell


def altogether(progress: Progress, weights: Mapping[str, float]) -> Progress:
    """A progress that is told steps, by the first word of their name, and tells the share of all of them together that is done.

    `weights`: what each step takes, in the order in which they come. The share never falls, whatever is told twice.

    >>> told = []
    >>> tell = altogether(lambda step, share: told.append((step, share)), {"one": 1.0, "two": 3.0})
    >>> tell("one", 0.5), tell("two of it", 0.5), tell("one", 0.0)
    (None, None, None)
    >>> told
    [('one', 0.125), ('two of it', 0.625), ('one', 0.625)]
    """
    whole, begins, before = sum(weights.values()), dict[str, float](), 0.0
    for step, weight in weights.items():
        begins[step], before = before, before + weight
    most = 0.0

    def tell(step: str, share: float) -> None:
        nonlocal most
        name = step.split(" ", maxsplit=1)[0]
        if name in weights:
            most = max(most, (begins[name] + weights[name] * min(1.0, max(0.0, share))) / whole)
        progress(step, most)

    return tell
