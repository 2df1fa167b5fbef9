# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""One round of one place: what was counted and answered, turned into the one document that is released."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from knopenkaart import __version__
from knopenkaart.privacy import Figures, Release
from knopenkaart.suppress import Past
from knopenkaart.visitors.answered import Answered, answered
from knopenkaart.visitors.counted import Counted, counted
from knopenkaart.visitors.derived import derived

FORMAT = 1
Population = Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Asked:
    """What is known of one place in one round.

    `counts` is COUNTS, counted in one way; `cards` is CARDS of the same period; `slots` are the dayparts in which it is open; `ages` the
    age groups of the vocabulary; `population` the residents in reach per group (people, least, most), empty where it was not reckoned;
    `origins` the people in reach per origin (study_origins). `secret` decides what is hidden beside small figures: it differs per place
    and round.
    """

    place_id: str
    counts: pd.DataFrame
    cards: pd.DataFrame
    slots: Collection[str]
    ages: Sequence[str]
    population: Population
    origins: Mapping[str, float]
    secret: str


@dataclass(frozen=True)
class Made:
    """A release: the exact figures that the next one is compared with (never to be shown), and the document that is shown."""

    counted: Past | None
    answered: Answered
    document: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The exact figures as plain values."""
        names = self.answered.figures
        return {
            "counted": _plain(self.counted) if self.counted else None,
            "answered": {name: _plain(Past(self.answered.figures[name], self.answered.releases[name])) for name in names},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Made:
        """The exact figures from plain values; the document is not among them."""
        pasts = {name: _past(found) for name, found in data["answered"].items()}
        figures, releases = ({name: getattr(past, part) for name, past in pasts.items()} for part in ("figures", "release"))
        return cls(_past(data["counted"]) if data["counted"] else None, Answered(figures, releases), {})


def reckon(asked: Asked, *, past: Sequence[Made] = ()) -> Made | None:
    """The release of a round; None where a newer one may not take the place of the last of `past` (oldest first).

    Counts and cards stand or fall together: where only one of both may be renewed, everything stays as it is.
    """
    earlier = [one.counted for one in past if one.counted is not None]
    counts = counted(asked.counts, slots=asked.slots, secret=f"{asked.secret} counted", past=earlier)
    cards = answered(asked.cards, ages=asked.ages, secret=f"{asked.secret} answered", past=[one.answered for one in past])
    if counts is None or cards is None or (past and _unchanged(past[-1], counts, cards)):
        return None
    document = {
        "format": FORMAT,
        "engine_version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "counting": counts.document(),
        "cards": cards.document(),
        **derived(asked.counts, asked.cards, counting=counts, answers=cards, population=asked.population, origins=asked.origins),
    }
    exact = Past(counts.figures, counts.release) if counts.figures is not None and counts.release is not None else None
    return Made(exact, cards, document)


def _unchanged(last: Made, counts: Counted, cards: Answered) -> bool:
    before = last.counted.figures if last.counted else None
    return counts.figures == before and cards.figures == last.answered.figures


def _plain(past: Past) -> dict[str, Any]:
    return {"figures": past.figures.to_dict(), "release": past.release.to_dict()}


def _past(data: Mapping[str, Any]) -> Past:
    return Past(Figures.from_dict(data["figures"]), Release.from_dict(data["release"]))


__all__ = ["Asked", "Counted", "Made", "reckon"]
