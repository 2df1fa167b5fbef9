# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening what was reckoned for a study, and what there is to choose from in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knopenkaart.publish.reach_file import ReachFile
from knopenkaart_web.places.queries.index import Index, index
from knopenkaart_web.places.words import kind_label
from knopenkaart_web.reach.views_data import About, Choices, PlaceLink, SourceText
from knopenkaart_web.reach.words import ALL, ANY, THIRD, group_label, lookups
from knopenkaart_web.runs.queries import ReachState, reach_state

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """The newest reckoning of a study: its file, the document about it, and the study as it stands now."""

    file: ReachFile
    document: Mapping[str, Any]
    about: About
    held: Index

    @property
    def looked_for(self) -> list[str]:
        """Everything that one may look for, in reading order."""
        return [ANY, *self.document["functions"], THIRD]

    @property
    def only_public(self) -> bool:
        """Whether every place that was reckoned with is public still."""
        return {row["place_id"] for row in self.file.rows("places")} <= self.held.places.keys()

    def link(self, place_id: str, lang: str) -> PlaceLink | None:
        """A place by its name, or its kind where it has none; None where it is not there, or not public, any more."""
        found = self.held.places.get(place_id)
        if found is None:
            return None
        kind = kind_label(found.kind, lang)
        return PlaceLink(id=found.id, label=found.name or kind[:1].upper() + kind[1:])


def opened(slug: str) -> Opened | None:
    """The newest reckoning of a study, or None where there is none (yet)."""
    state, held = reach_state(slug), index(slug)
    if state is None or held is None:
        return None
    file = ReachFile(state.path)
    document = file.about()
    return Opened(file, document, _about(document, state), held)


def about(slug: str) -> About | None:
    """When and how the newest reckoning of a study was made."""
    found = opened(slug)
    return found.about if found else None


def may_be_handed_out(slug: str) -> bool:
    """Whether every place in the newest reckoning is public still. If not, its tables would name one that is hidden since, and minutes from
    every home would tell where it is."""
    found = opened(slug)
    return found is not None and found.only_public


def choices(slug: str, *, lang: str) -> Choices | None:
    """What a map or form offers to choose from, each with its label; None where nothing was reckoned."""
    found = opened(slug)
    if found is None:
        return None
    document = found.document
    what = [(item, label) for item, label in lookups(lang) if item in found.looked_for]
    return Choices(
        what=what,
        functions=[(item, label) for item, label in what if item not in (ANY, THIRD)],
        groups=[(item, group_label(item, lang)) for item in groups_of(document)],
        minutes=list(found.about.minutes),
        modes=list(document["modes"]),
        slots=[(slot["id"], slot["en" if lang == "en" else "nl"]) for slot in document["slots"]],
        near_min=found.about.near_min,
    )


def groups_of(document: Mapping[str, Any]) -> Sequence[str]:
    """Everybody, and the groups that are known."""
    return [ALL, *(item["id"] for item in document["groups"])]


def _about(document: Mapping[str, Any], state: ReachState) -> About:
    return About(
        made_at=datetime.fromisoformat(document["made_at"]),
        day=date.fromisoformat(document["day"]),
        minutes=tuple(document["minutes"]),
        near_min=document["near_min"],
        walk_kmh=document["policy"]["walk_kmh"],
        cycle_kmh=document["policy"]["cycle_kmh"],
        sources=tuple(SourceText(title=item["title"], day=_day(item["date"])) for item in document["sources"]),
        assumed="assumed" in document["basis"],
        stale=state.stale,
        busy=state.busy,
        error=state.error,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
