# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening what was reckoned of who meets whom in a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knopenkaart.publish.meeting_file import MeetingFile
from knopenkaart_web.meeting.views_data import About, Assumption, Badge, LeftOut, Used
from knopenkaart_web.places.queries.index import Index, index
from knopenkaart_web.runs.queries import ReachState, meeting_state
from knopenkaart_web.visits import released
from knopenkaart_web.visits.released import ReleaseRow

Row = Mapping[str, Any]
# Stands for the whole study, and for everybody.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Opened:
    """The newest reckoning of a study: its file, the document about it, and the study as it stands now."""

    file: MeetingFile
    document: Mapping[str, Any]
    held: Index
    state: ReachState

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that were told apart."""
        return tuple(self.document["groups"])

    @property
    def slots(self) -> tuple[Mapping[str, str], ...]:
        """The dayparts: id, nl and en."""
        return tuple(self.document["slots"])

    @property
    def level(self) -> Badge:
        """What a level of recognition or encounters rests on."""
        return level_badge(self.file.rows("meeting_drivers", area_code=ALL))

    def about(self, lang: str) -> About:
        """When and how it was reckoned, in the language of the page."""
        document = self.document
        return About(
            made_at=datetime.fromisoformat(document["made_at"]),
            day=_day(document.get("day")),
            engine_version=str(document["engine_version"]),
            seed=int(document["seed"]),
            draws=int(document["draws"]),
            times=int(document["times"]),
            weeks=int(document["weeks"]),
            badge=self.level,
            assumed=bool(document["assumed"]),
            towns=_towns(self.file, int(document["draws"])),
            sources=tuple((item["title"], _day(item["date"])) for item in document["sources"]),
            used=_used(self),
            assumptions=tuple(_assumption(item, lang) for item in document["assumptions"]),
            stale=self.state.stale,
            busy=self.state.busy,
            error=self.state.error,
            left_out=self._left_out(),
        )

    def _left_out(self) -> LeftOut:
        told = self.document["left_out"]
        return LeftOut(wijken=len(told["wijken"]), closings=told["closings"])


def level_badge(drivers: Sequence[Row]) -> Badge:
    """What a level rests on: estimated where assumptions that the data made surer carry at least half of the variance, else assumed."""
    swings = [(Badge(row["badge"]), (row["faces_high"] - row["faces_low"]) ** 2) for row in drivers]
    whole, known = sum(swing for _, swing in swings), sum(swing for badge, swing in swings if badge != Badge.ASSUMED)
    return Badge.ESTIMATED if whole > 0 and known >= whole / 2 else Badge.ASSUMED


def _used(found: Opened) -> Used | None:
    """The counts and cards that it was made with, as far as they may be seen still; None where there were none."""
    rows = released.of_ids(found.held.study.slug, found.state.used.values())
    weeks = {row.place_id: _weeks(row) for row in rows if row.place_id in found.document["counted"]}
    cards = [many for row in rows if (many := (row.figures.get("cards") or {}).get("cards"))]
    if not weeks and not cards:
        return None
    starts, ends = [row.starts for row in rows if row.starts], [row.ends for row in rows if row.ends]
    return Used(
        counted=len(weeks),
        weeks=sum(weeks.values()),
        cards=sum(cards),
        carded=len(cards),
        first=min(starts, default=None),
        last=max(ends, default=None),
    )


def _weeks(row: ReleaseRow) -> int:
    week = (row.figures.get("counting") or {}).get("week") or {}
    return int(week.get("weeks") or 0)


def opened(slug: str) -> Opened | None:
    """The newest reckoning of a study, or None where there is none (yet)."""
    state, held = meeting_state(slug), index(slug)
    if state is None or held is None:
        return None
    file = MeetingFile(state.path)
    return Opened(file, file.about(), held, state)


def _assumption(item: Row, lang: str) -> Assumption:
    source = item["source_en" if lang == "en" else "source"]
    return Assumption(name=item["name"], value=item["value"], low=item["low"], high=item["high"], tag=item["tag"], source=source)


def _towns(file: MeetingFile, draws: int) -> tuple[tuple[str, int], ...]:
    """How many towns that may be were tried for what; what was not reckoned in any is left out."""
    areas = next(iter(file.rows("meeting_areas", area_code=ALL, group=ALL)), {})
    closed = next(iter(file.rows("meeting_contribution")), {})
    spread = [row["draws"] for row in file.rows("curve_findings", area_code=ALL) if row["programme"] == "fixed"]
    thesis = next(iter(file.rows("thesis", area_code=ALL)), {})
    told = {
        "curve": draws,
        "spread": spread[0] if spread and spread[0] != draws else None,
        "areas": areas.get("draws"),
        "reached": areas.get("reached_draws"),
        "closing": closed.get("draws"),
        "verdict": thesis.get("draws"),
    }
    return tuple((name, int(number)) for name, number in told.items() if number)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
