# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what was counted stays, and why; forgetting.forget_old carries it out."""

from __future__ import annotations

from knopenkaart_web.places.keeping import Keep

TIMES, REMARKS, LINKS, COUNTS, RELEASES = 6, 12, 12, 60, 120

RETENTION: tuple[Keep, ...] = (
    Keep(field="visits_session.started, ended, seen", months=TIMES, why="Exact times are of use until the round is closed."),
    Keep(field="visits_session.remark", months=REMARKS, why="Somebody may be named in it; within a year it was read."),
    Keep(field="visits_link", months=LINKS, why="After it has expired a link is only of use to see by which phone was counted."),
    Keep(field="visits_session", months=COUNTS, why="Rounds are compared over five years; what was counted and seen goes with it."),
    Keep(field="visits_seriespoint", months=RELEASES, why="A forecast needs years; it holds nothing of anybody."),
    Keep(field="visits_release", months=RELEASES, why="Figures that were shown can be looked up for ten years."),
)
