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
from knopenkaart.suppress import Past, release

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
# Sums of answers that are shown as well, where they may be.
GIVEN, REGULAR = "answered", "4_or_more"
_REGULAR = ("4_7", "8_or_more")


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
    """Cards (CARDS of one place and period) as they may be shown; None where they are others than those of the last release.

    `ages` are the age groups that could be chosen; `secret` decides what is hidden beside a small number; `past` is what was released of
    this period before, oldest first: a card that comes in late is not told, for the difference would tell what stands on it.
    """
    figures = {name: question_figures(name, _values(cards, name), ages if name == "age" else answers) for name, answers in ANSWERS.items()}
    if past:
        return past[-1] if past[-1].figures == figures else None
    return Answered(figures, {name: question_release(found, secret=f"{secret} {name}") for name, found in figures.items()})


def question_release(figures: Figures, *, secret: str) -> Release:
    """What may be shown of one question. Every question has the same total: it is out before any of them is released."""
    top = (ALL,)
    if figures.small(top):
        return Release(figures.dimensions, {})
    total = Release(figures.dimensions, {top: figures.value(top)})
    found = release(figures, secret=secret, before=[Past(figures, total)])
    return Release(figures.dimensions, {**found.shown, **total.shown})


def _values(cards: pd.DataFrame, name: str) -> list[str]:
    if name == "frequency":
        return [_often(value) for value in cards[name]]
    return [NO_ANSWER if pd.isna(value) or not value else str(value) for value in cards[name]]


def _often(value: Any) -> str:
    if pd.isna(value) or value < 1:
        return NO_ANSWER
    return next(name for least, name in reversed(FREQUENCIES.items()) if value >= least)


def question_figures(name: str, values: Sequence[str], answers: Sequence[str]) -> Figures:
    """The answers to one question as a tree: of all, those who answered and those who did not; with every answer that could be given."""
    counted = Counter(dict.fromkeys((*answers, NO_ANSWER), 0))
    counted.update(values)
    given = sorted(counted.keys() - {NO_ANSWER})
    regular = {REGULAR: list(_REGULAR)} if name == "frequency" else {}
    below: dict[str, list[str]] = {answer: [] for answer in given if answer not in _REGULAR or not regular} | regular
    nodes = {GIVEN: below, NO_ANSWER: []} if given else [NO_ANSWER]
    return Figures((tree("answer", ALL, nodes),), {(answer,): number for answer, number in counted.items()})
