# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What visitors answered on cards, question by question, as it may be shown.

Each question divides the same cards once: for whoever knows the total, what is shown of one question says nothing about another. So every
question is released on its own, and no two are crossed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.privacy import Figures, Release, tree
from knopenkaart.suppress import Past, release, replacement

ALL, NO_ANSWER = "all", "no_answer"
# How often somebody was there in four weeks, this time included: from so many times on.
FREQUENCIES = {1: "first", 2: "2_3", 4: "4_7", 8: "8_or_more"}
_HOW_MANY = ("0", "1_2", "3_5", "6_10", "11_20", "over_20")
# Every answer that can be given, also where nobody did: that somebody gave one must not follow from its being named. Of ages the vocabulary
# has the list; of origins and other places only those are named that are shown.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "frequency": tuple(FREQUENCIES.values()),
    "regular": ("yes", "no", "varies"),
    "age": (),
    "recognise": _HOW_MANY,
    "greet": _HOW_MANY,
    "different": _HOW_MANY,
    "origin": (),
    "elsewhere": (),
}
OPEN = frozenset({"origin", "elsewhere"})


@dataclass(frozen=True)
class Answered:
    """The cards of one place and period: exact figures per question (never to be shown), and what may be shown of them."""

    figures: Mapping[str, Figures]
    releases: Mapping[str, Release]

    def document(self) -> dict[str, Any]:
        """Per question the answers with the number of cards (None: hidden), the most frequent first; `cards` is how many there were."""
        totals = [found.shown.get((ALL,)) for found in self.releases.values()]
        return {
            "cards": next((total for total in totals if total is not None), None),
            "questions": {name: self.answers(name) for name in self.releases},
        }

    def answers(self, name: str) -> list[dict[str, Any]]:
        """The answers to one question, those with most cards first; hidden ones in an order that tells nothing."""
        found = self.releases[name]
        rows = [{"answer": answer, "cards": found.shown.get((answer,))} for (answer,) in self.figures[name].counts]
        told = [row for row in rows if row["cards"] is not None or (name not in OPEN and row["answer"] != NO_ANSWER)]
        return sorted(told, key=lambda row: (row["cards"] is None, -(row["cards"] or 0), row["answer"]))


def answered(cards: pd.DataFrame, *, ages: Sequence[str], secret: str, past: Sequence[Answered] = ()) -> Answered | None:
    """Cards (CARDS of one place and period) as they may be shown; None where a newer release may not take the place of the last one.

    `ages` are the age groups that could be chosen; `secret` decides what is hidden beside a small number; `past` is what was released of
    this period before, oldest first.
    """
    figures = {name: _figures(_values(cards, name), ages if name == "age" else answers) for name, answers in ANSWERS.items()}
    if not past:
        return Answered(figures, {name: release(found, secret=f"{secret} {name}") for name, found in figures.items()})
    newer: dict[str, Release] = {}
    for name, found in figures.items():
        before = [Past(one.figures[name], one.releases[name]) for one in past]
        same = found == before[-1].figures
        replaced = before[-1].release if same else replacement(before, found, secret=f"{secret} {name}")
        if replaced is None:
            return None
        newer[name] = replaced
    return Answered(figures, newer)


def _values(cards: pd.DataFrame, name: str) -> list[str]:
    if name == "frequency":
        return [_often(value) for value in cards[name]]
    return [NO_ANSWER if pd.isna(value) or not value else str(value) for value in cards[name]]


def _often(value: Any) -> str:
    if pd.isna(value) or value < 1:
        return NO_ANSWER
    return next(name for least, name in reversed(FREQUENCIES.items()) if value >= least)


def _figures(values: Sequence[str], answers: Sequence[str]) -> Figures:
    counted = Counter(dict.fromkeys((*answers, NO_ANSWER), 0))
    counted.update(values)
    return Figures((tree("answer", ALL, sorted(counted)),), {(answer,): number for answer, number in counted.items()})
