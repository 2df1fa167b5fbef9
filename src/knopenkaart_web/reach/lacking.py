# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who of each group has no place in reach on foot, in every area at once: for who joins it with other figures of the same groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knopenkaart_web.reach.opening import opened
from knopenkaart_web.reach.views_data import About
from knopenkaart_web.reach.words import ANY


@dataclass(frozen=True, slots=True)
class Without:
    """People of a group in an area and those without a place within the minutes that count as near; None: fewer than ten.

    `own`: the figure is of the group itself. In an area without smaller parts everybody was spread over the same homes: there it is the
    figure of everybody.
    """

    people: int | None
    without: int | None
    share: float | None
    complete: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """By area and group, and how it was reckoned."""

    about: About
    rows: Mapping[tuple[str, str], Without]


def lacking(slug: str, *, what: str = ANY) -> Lacking | None:
    """What the newest reckoning tells of who goes without; None where there is none."""
    found = opened(slug)
    if found is None:
        return None
    leaves = set(found.document["leaves"])
    rows = found.file.rows("gaps", what=what, mode="walk", minutes=found.about.near_min)
    told = {
        (row["area_code"], row["group"]): Without(
            people=row["people"],
            without=row["without"],
            share=row["share"],
            complete=bool(row["complete"]),
            own=row["area_code"] not in leaves,
        )
        for row in rows
    }
    return Lacking(found.about, told)
