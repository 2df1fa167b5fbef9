# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long something is kept: each app names it for its own tables, with the reason, and carries it out."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A table, or one column of it, for how many months it is kept at most (0: less than a month), and why so long."""

    field: str
    months: int
    why: str


def months_before(day: date, months: int) -> date:
    """The same day of the month, some months earlier; the last day of a month that is too short."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
