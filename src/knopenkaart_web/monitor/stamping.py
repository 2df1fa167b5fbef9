# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stamp of what is loaded: another after each write, so that nobody is shown what was kept in memory before it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from knopenkaart_web.monitor.models import Edition

T = TypeVar("T")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


def lock() -> Edition | None:
    """The edition, held until the end of the transaction: a load takes what own tables there are along, and none may come in meanwhile."""
    return Edition.objects.select_for_update().first()


def renew() -> None:
    """Let every worker read the monitor anew; inside the transaction of a write of figures (an own table, a study that goes)."""
    Edition.objects.update(stamp=uuid.uuid4())
    forget()


def stamp() -> str:
    """The stamp as it stands (in a request: as it stood when it was first asked); empty where nothing was ever loaded."""
    return once("stamp", lambda: str(Edition.objects.values_list("stamp", flat=True).first() or ""))


@contextmanager
def held() -> Iterator[None]:
    """Let all of one request see one stamp: a page is not made of two editions, and asks for it once."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(key: Hashable, make: Callable[[], T]) -> T:
    """An answer, in a request made once; outside of one (a command, a test) each time."""
    answers = _answers.get()
    if answers is None:
        return make()
    if key not in answers:
        answers[key] = make()
    found: T = answers[key]
    return found


def forget() -> None:
    """Ask anew what was asked before in this request."""
    answers = _answers.get()
    if answers is not None:
        answers.clear()
