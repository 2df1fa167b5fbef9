# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was read of the monitor, kept in the memory of a worker until the stamp of what is loaded changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """The latest `most` of a kind of answers. Answers of another stamp are thrown away."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._stamp = ""
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, stamp: str, key: Hashable) -> Any:
        """The answer to a question, or None where it is not kept."""
        with self._lock:
            if stamp != self._stamp or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def put(self, stamp: str, key: Hashable, answer: Any) -> None:
        """Keep an answer; the one that was asked for longest ago goes where there are too many."""
        with self._lock:
            if stamp != self._stamp:
                self._answers.clear()
                self._stamp = stamp
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)

    def __len__(self) -> int:
        return len(self._answers)


def remembered(kept: Kept, stamp: str, key: Hashable, make: Callable[[], T]) -> T:
    """The answer that is kept, or else a new one. That there is none is not kept: strangers may ask for whatever there is not."""
    found: T | None = kept.get(stamp, key)
    if found is None:
        found = make()
        if found is not None:
            kept.put(stamp, key, found)
    return found
